"""What the story of a case says about prints."""

from __future__ import annotations

ORIGINAL, COPY = "ASLI", "SALINAN"


def print_sentence(title: str, mark: str, *, printer: str, pages: int, copies: int = 1) -> str:
    """Give the sentence of one order: `Kuitansi 0017 dicetak di Loket: ASLI dan 1 SALINAN, 1 halaman.`"""
    marks = mark if copies == 1 else f"{copies} {mark}"
    if mark == ORIGINAL and copies > 1:  # further copies of one order are not the original
        marks = f"{ORIGINAL} dan {copies - 1} {COPY}"
    where = f" di {printer}" if printer else ""
    return f"{title} dicetak{where}: {marks}, {pages} halaman."


def failure_sentence(title: str, mark: str, *, printer: str) -> str:
    """Give the sentence about a print that did not come out; its reason stands beside it."""
    where = f" di {printer}" if printer else ""
    return f"Cetakan {title}{where} ({mark}) tidak keluar."
