"""Bank files read into statement lines: CSV, workbooks, MT940 and CAMT.053, by profiles that are data.

    statement = read_statement(path)                      # everything at once
    with open_bank_file(path) as bank_file:               # 200,000 lines, one by one
        for line in bank_file.lines(): ...
        statement = bank_file.summary()

A cut, empty, wrongly named or foreign file raises `Refused` with its sentence, at the latest when its last line has
been read: whoever stores lines as they come does so in one transaction.
"""

from __future__ import annotations

from desk.adapters.bank_files.bank_file import BankFile, open_bank_file, read_statement
from desk.adapters.bank_files.detect import Family
from desk.adapters.bank_files.preview import Preview, preview
from desk.adapters.bank_files.profiles import (
    Profile,
    profile_from_file,
    profile_from_toml,
    profile_to_toml,
    shipped_profiles,
    why_not_profile,
)

__all__ = [
    "BankFile",
    "Family",
    "Preview",
    "Profile",
    "open_bank_file",
    "preview",
    "profile_from_file",
    "profile_from_toml",
    "profile_to_toml",
    "read_statement",
    "shipped_profiles",
    "why_not_profile",
]
