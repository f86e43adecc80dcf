"""An invented bank file, laid out as BRI CMS downloads look: for the training, for measurements and for tests."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

Movement = tuple[date, int, str]
"""Day, rupiah (below zero: out), what the bank writes about it."""

_HEADER = (
    "ID", "NOREK", "TGL_TRAN", "TGL_EFEKTIF", "JAM_TRAN", "SEQ", "DESK_TRAN", "SALDO_AWAL_MUTASI", "MUTASI_DEBET",
    "MUTASI_KREDIT", "SALDO_AKHIR_MUTASI", "GLSIGN", "TRUSER", "KODE_TRAN", "KODE_TRAN_TELLER", "TRREMK", "TLBDS1",
    "TLBDS2", "REMARK_CUSTOM",
)  # fmt: skip


def bank_file(
    path: Path, movements: Iterable[Movement], opening: int = 1_000_000, *, account: str, first: int = 1
) -> Path:
    """Writes the movements, oldest first, with balances that fit, and gives the path.

    `first` is the place of the first movement in the life of the account: the same movement is the same in every file.
    """
    balance = opening
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(_HEADER)
        for at, (day, amount, words) in enumerate(movements, first):
            clock = f"{8 + at // 3600 % 9:02}:{at // 60 % 60:02}:{at % 60:02}"
            moment, after = f"{day} {clock}", balance + amount
            writer.writerow(
                (
                    at - first + 1, account, moment, moment, clock.replace(":", ""), f"{day:%d%m}{at:04}", words,
                    f"{balance}.00", f"{max(-amount, 0)}.00", f"{max(amount, 0)}.00", f"{after}.00",
                    "Cr" if amount > 0 else "Db", "8888001", "2", "8508", words.split(" ", 1)[0], "", "", "",
                )
            )  # fmt: skip
            balance = after
    return path
