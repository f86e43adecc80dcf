"""Checks that answer on the command line: what the product makes of one value, or of a file of them."""
