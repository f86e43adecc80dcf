"""The `desk` command: one file per group of subcommands. What is heavy is imported by the subcommand that needs it."""
