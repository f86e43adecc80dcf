"""Programs for the people who build Meja PST; not part of the program itself."""
