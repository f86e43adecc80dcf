"""A sample of the data before payment: where the office allows it, a few rows of text, marked (`domain.md` 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.rules.case import CaseFacts
from desk.rules.quantities import bytes_text, count_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.rules.people import Actor

MARK = "CONTOH "
"""What the name of every sample begins with; PostgreSQL asks for it too."""


def why_not_make(case: CaseFacts, _actor: Actor) -> str | None:
    """The rule book of the office decides."""
    if not case.sample_allowed:
        return "Buku aturan kantor ini tidak mengizinkan contoh data sebelum pembayaran."
    return None


def why_not_send(case: CaseFacts, actor: Actor) -> str | None:
    """There is a sample, and the rule book still allows it."""
    if reason := why_not_make(case, actor):
        return reason
    if not case.sample:
        return "Contoh datanya belum disiapkan."
    return None


def rows_of(data: bytes) -> int:
    """The rows below the heading of a table of text, one per line; a row over several lines counts as several."""
    return data.count(b"\n") + (not data.endswith(b"\n")) - 1


def why_not_this_file(name: str, data: bytes, limits: Mapping[str, int]) -> str | None:
    """A table of text with a heading and rows, within the office's limits (rows and bytes)."""
    if b"\0" in data or not data.strip() or rows_of(data) < 1:
        return f"{name} bukan tabel teks. Simpan beberapa baris data sebagai CSV, dengan satu baris judul di atasnya."
    if rows_of(data) > limits["rows"]:
        return (
            f"{name} memuat {count_text(rows_of(data))} baris; contoh data paling banyak {count_text(limits['rows'])} "
            "baris. Hapus baris selebihnya."
        )
    if len(data) > limits["bytes"]:
        return f"{name} berukuran {bytes_text(len(data))}; contoh data paling besar {bytes_text(limits['bytes'])}."
    return None
