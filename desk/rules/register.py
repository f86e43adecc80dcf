"""The register of money received: columns like the cash book's, a running balance, and what the month adds up to.

Not the official books: those are kept in SAKTI (`domain.md` 6). All amounts in whole rupiah.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from desk.rules.dates import date_text, month_text, short_text
from desk.rules.deadlines import Due
from desk.rules.rupiah import rupiah_paper

NOT_THE_BOOKS = "Bukan pembukuan resmi. Pembukuan bendahara penerimaan dilakukan di SAKTI."


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line: money in (debit), money out to the state treasury or withdrawn (credit), and the balance after it."""

    no: int
    on: date
    voucher: str
    text: str
    debit: int
    credit: int
    balance: int
    deposit: UUID | None = None
    """The deposit this line is, where it was not withdrawn: it still can be."""

    @property
    def id(self) -> int:
        """Its number in the month."""
        return self.no


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The material of a month as it was handed in: by whom, when, and which file."""

    by: str
    at: datetime
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Register:
    """One month of one office; `opening` is what the months before it left undeposited, years included."""

    month: date
    opening: int
    rows: tuple[RegisterRow, ...]
    receipts: int
    receipts_amount: int
    voids: int
    voids_amount: int
    deposits: int
    deposits_amount: int
    moved_days: int
    closed_days: int
    due: Due
    handed_in: HandedIn | None = None

    @property
    def debit(self) -> int:
        """All money in of the month."""
        return sum(row.debit for row in self.rows)

    @property
    def credit(self) -> int:
        """All money out of the month."""
        return sum(row.credit for row in self.rows)

    @property
    def closing(self) -> int:
        """What is left at the end of the month: with a kuitansi, not yet in the state treasury."""
        return self.opening + self.debit - self.credit

    @property
    def title(self) -> str:
        """What screen, file and paper call it."""
        return f"Register penerimaan {month_text(self.month)}"

    def recap(self) -> tuple[tuple[str, str, str], ...]:
        """The month in lines of name, count and amount."""
        return (
            ("Saldo awal, belum disetor", "", rupiah_paper(self.opening)),
            ("Kuitansi terbit", str(self.receipts), rupiah_paper(self.receipts_amount)),
            ("Kuitansi dibatalkan", str(self.voids), rupiah_paper(self.voids_amount)),
            ("Setoran ke kas negara", str(self.deposits), rupiah_paper(self.deposits_amount)),
            ("Saldo akhir, belum disetor", "", rupiah_paper(self.closing)),
            ("Hari yang ada geraknya sudah ditutup", f"{self.closed_days} dari {self.moved_days}", ""),
        )


Move = tuple[date, str, str, int, int, UUID | None]
"""Day, voucher, text, debit, credit, and the deposit in force that the line is."""


def register_rows(opening: int, moves: Sequence[Move]) -> tuple[RegisterRow, ...]:
    """The moves, in order, with their number and running balance."""
    rows: list[RegisterRow] = []
    balance = opening
    for no, (on, voucher, words, debit, credit, deposit) in enumerate(moves, 1):
        balance += debit - credit
        rows.append(RegisterRow(no, on, voucher, words, debit, credit, balance, deposit))
    return tuple(rows)


def register_context(
    office: Mapping[str, str], city: str, register: Register, treasurer: str, nip: str, made_on: date
) -> dict[str, object]:
    """The fields of the Word template `register.docx`; `office` are the fields of its letterhead."""
    lines = [
        {
            "no": row.no,
            "tanggal": short_text(row.on),
            "bukti": row.voucher,
            "uraian": row.text,
            "debet": rupiah_paper(row.debit) if row.debit else "–",
            "kredit": rupiah_paper(row.credit) if row.credit else "–",
            "saldo": rupiah_paper(row.balance),
        }
        for row in register.rows
    ]
    return {
        **office,
        "tempat": city,
        "bulan": month_text(register.month),
        "tanggal": date_text(made_on),
        "peringatan": NOT_THE_BOOKS,
        "saldo_awal": rupiah_paper(register.opening),
        "jumlah_debet": rupiah_paper(register.debit),
        "jumlah_kredit": rupiah_paper(register.credit),
        "saldo_akhir": rupiah_paper(register.closing),
        "baris": lines,
        "kosong": not lines,
        "rekap": [{"nama": name, "banyak": count, "jumlah": amount} for name, count, amount in register.recap()],
        "bendahara_nama": treasurer,
        "bendahara_nip": nip,
    }


OPTIONAL = ("kop_alamat", "kop_kontak", "banyak", "jumlah", "bendahara_nip", "bukti")
"""Fields of the template that may stay empty."""
