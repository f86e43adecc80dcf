"""The register of letter numbers in words: where a number came from, how it ended, and the format of a series."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from desk.errors import Refused
from desk.rules.case import State
from desk.rules.numbering import check_template, format_number
from desk.rules.papers.kinds import PaperKind

COUNTED_ONLY = frozenset({"case", "invoice", "receipt"})
"""Series whose numbers the program always counts: the way of the money, and the requests themselves."""
_SHORT = {"case": "Permohonan", "sppd": "SPPD", "destruction": "Berita acara pemusnahan"}
_LONGEST_PART = 20
_PART = re.compile(r"[A-Za-z0-9.]*")


class NumberOrigin(State):
    """Where a number of the register came from."""

    ISSUED = "issued", "diberikan saat naskah terbit"
    RESERVED = "reserved", "dipesan"
    INSERTED = "inserted", "sisipan"
    BOOK = "book", "dari buku kantor"


class NumberEnd(State):
    """How a number ended that no paper of the program carries."""

    OUTSIDE = "outside", "dipakai di luar program"
    VOID = "void", "batal"


class NumberSource(State):
    """Who gives the numbers of a series."""

    COUNTED = "counted", "dihitung program"
    BOOK = "book", "dari buku surat kantor"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How the numbers of a series are written; `unit` and `classification` stand for the tokens of that name."""

    template: str
    unit: str = ""
    classification: str = ""
    source: NumberSource = NumberSource.COUNTED

    def example(self, sequence: int, on: date, insertion: int | None = None) -> str:
        """The number that this format gives; raises Refused with what is wrong with the format."""
        if complaints := why_not_format(self):
            raise Refused(complaints[0])
        return format_number(self.template, sequence, on.year, on.month, self.unit, self.classification, insertion)

    def value(self) -> dict[str, str]:
        """What the rule book keeps."""
        kept = {"template": self.template, "unit": self.unit, "classification": self.classification}
        return kept | ({"source": self.source.value} if self.source is NumberSource.BOOK else {})


def format_of(value: dict[str, str]) -> NumberFormat:
    """The format as the rule book keeps it."""
    return NumberFormat(
        value["template"],
        value.get("unit", ""),
        value.get("classification", ""),
        NumberSource.of(value.get("source", NumberSource.COUNTED.value)),
    )


def why_not_format(wanted: NumberFormat) -> list[str]:
    """Everything that is wrong with a format, one sentence each; empty when it may be used."""
    complaints = check_template(wanted.template)
    for token, part, name in (
        ("{unit}", wanted.unit, "Kode unit"),
        ("{klasifikasi}", wanted.classification, "Klasifikasi arsip"),
    ):
        if token in wanted.template and not part:
            complaints.append(f"Format memuat {token}, padahal {name.lower()} belum diisi. Isi, atau hapus bagian itu.")
        if not _PART.fullmatch(part) or len(part) > _LONGEST_PART:
            complaints.append(f"{name} hanya memuat huruf, angka, dan titik, paling panjang {_LONGEST_PART}.")
    return complaints


def series_label(series: str) -> str:
    """What a series is called: the paper that carries its numbers."""
    if series in _SHORT:
        return _SHORT[series]
    try:
        label = PaperKind.of(series).label
    except ValueError:
        label = series.replace("_", " ")
    return label[:1].upper() + label[1:]
