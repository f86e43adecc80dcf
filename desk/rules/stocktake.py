"""The yearly stock-take of a binder: what each paper turned out to be, in words (`domain.md` 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from desk.rules.case import State
from desk.rules.dates import date_text


class Finding(State):
    """What was found about one paper; all but the first two are differences."""

    PRESENT = "present", "ada di tempatnya"
    LENT = "lent", "sedang dipinjam, sesuai catatan"
    MISSING = "missing", "tidak ada di map"
    WRONG_BINDER = "wrong_binder", "tercatat di map lain"
    NOT_LENT = "not_lent", "tercatat dipinjam, ternyata ada di map"
    EXTRA = "extra", "ada di map, tetapi tidak tercatat diarsipkan"
    UNKNOWN = "unknown", "kode yang tidak dikenal"


AS_RECORDED = frozenset({Finding.PRESENT, Finding.LENT})
"""Findings that agree with the records."""

_NEXT = {
    Finding.MISSING: "Cari di map lain dan di meja; bila ditemukan, pindai di meja surat.",
    Finding.WRONG_BINDER: "Pindai di meja surat lalu pilih “Pindahkan ke map lain”, atau kembalikan ke mapnya.",
    Finding.NOT_LENT: "Pindai di meja surat agar pinjamannya selesai.",
    Finding.EXTRA: "Pindai di meja surat; langkah berikutnya ditawarkan di sana.",
    Finding.UNKNOWN: "Periksa lembarnya; bukan naskah asli SPPD kantor ini.",
}


def next_step(finding: Finding) -> str:
    """What to do about a difference; empty for what is as it should be."""
    return _NEXT.get(finding, "")


def outcome_sentence(binder: str, expected: int, found: int, differences: int) -> str:
    """What a stock-take came to."""
    told = f"Stok opname map {binder}: {found} dari {expected} naskah ada di tempatnya"
    return f"{told}, tanpa selisih." if not differences else f"{told}, {differences} selisih."


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding of a stock-take: the paper or the strange code, its sheet, and the binder or person that has it."""

    position: int
    finding: Finding
    named: str
    sheet: int | None
    place: str
    customer_name: str

    @property
    def told(self) -> str:
        """The finding with where the paper is recorded."""
        return f"{self.finding.label}: {self.place}" if self.place else self.finding.label


@dataclass(frozen=True, slots=True)
class StocktakeResult:
    """A stock-take that was written down."""

    office_id: int
    id: UUID
    binder: str
    on_day: date
    by: str
    expected: int
    found: int
    differences: int
    lines: tuple[FindingLine, ...]

    @property
    def sentence(self) -> str:
        """What it came to."""
        return outcome_sentence(self.binder, self.expected, self.found, self.differences)

    @property
    def strange(self) -> tuple[FindingLine, ...]:
        """The differences."""
        return tuple(line for line in self.lines if line.finding not in AS_RECORDED)


def stocktake_context(office: Mapping[str, str], city: str, taken: StocktakeResult) -> dict[str, object]:
    """The fields of the Word template `stocktake.docx`; `office` are the fields of its letterhead."""
    lines = [
        {
            "no": no,
            "naskah": line.named,
            "pengguna": line.customer_name,
            "lembar": line.sheet or "–",
            "temuan": line.finding.label,
            "tempat": line.place,
            "tindakan": next_step(line.finding),
        }
        for no, line in enumerate(taken.strange, 1)
    ]
    return {
        **office,
        "tempat": city,
        "map": taken.binder,
        "tanggal": date_text(taken.on_day),
        "petugas_nama": taken.by,
        "seharusnya": taken.expected,
        "dipinjam": sum(1 for line in taken.lines if line.finding is Finding.LENT),
        "ditemukan": taken.found,
        "selisih": f"{taken.differences} naskah" if taken.differences else "tidak ada",
        "baris": lines,
        "kosong": not lines,
    }


OPTIONAL = ("kop_alamat", "kop_kontak", "pengguna", "tempat")
"""Fields of the template that may stay empty."""
