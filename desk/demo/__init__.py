"""The training office: a private database with both published offices, invented people and cases in every state.

Reading order: `office` (server, offices, people), `scripts` (the life of each case), `filling` (plays them in order of
time with the training clock), and `opening` (the windows of `desk demo`).
"""
