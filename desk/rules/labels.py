"""What stands on address labels, envelopes and binder labels, and the sheets they are printed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desk.rules.dates import short_text


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet of labels on A4; lengths in centimetres."""

    template: str
    label: str
    columns: int
    rows: int
    width: float
    height: float
    top: float
    left: float
    gap: float

    @property
    def places(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows


LABEL_FORMATS = (
    Grid("labels_3x8", "Label A4 3 × 8 (70 × 37 mm)", 3, 8, 7.0, 3.7, 0.03, 0.0, 0.0),
    Grid("labels_3x7", "Label A4 3 × 7 (63,5 × 38,1 mm)", 3, 7, 6.35, 3.81, 1.51, 0.72, 0.25),
    Grid("labels_2x7", "Label A4 2 × 7 (99,1 × 38,1 mm)", 2, 7, 9.91, 3.81, 1.51, 0.465, 0.25),
)
ENVELOPES: Mapping[str, str] = {"envelope_dl": "Amplop DL (220 × 110 mm)", "envelope_c6": "Amplop C6 (162 × 114 mm)"}
BINDER_LABELS = Grid("binder_label", "Label map", 3, 1, 6.1, 19.2, 1.5, 0.85, 0.3)
BINDER_LABEL, STOCKTAKE = "binder_label", "stocktake"
TEMPLATES = (*(grid.template for grid in LABEL_FORMATS), *ENVELOPES, BINDER_LABEL, STOCKTAKE)
"""Templates that are no paper of a case."""

_PLACED = ("qr", "nomor", "nama", "instansi", "alamat", "isi", "masa", "kode")
OPTIONAL = (
    *(f"{name}{at}" for name in _PLACED for at in range(1, 4)),
    "instansi", "nomor", "qr", "alamat", "kantor_alamat",
)  # fmt: skip
"""Fields that may stay empty: the places of a sheet that are not filled."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to, with the number and the code of what is inside."""

    name: str
    institution: str
    address: str
    number: str
    code: str


def label_rows(recipients: Sequence[Recipient], grid: Grid, first: int = 1) -> list[dict[str, str]]:
    """The rows of a label sheet; `first` is the first free place of a sheet that was begun before."""
    placed: list[Recipient | None] = [*([None] * (first - 1)), *recipients]
    rows = []
    for start in range(0, len(placed), grid.columns):
        filled: dict[str, str] = {}
        line = placed[start : start + grid.columns]
        for at in range(1, grid.columns + 1):
            one = line[at - 1] if at <= len(line) else None
            filled |= {
                f"qr{at}": one.code if one else "",
                f"nomor{at}": one.number if one else "",
                f"nama{at}": one.name if one else "",
                f"instansi{at}": one.institution if one else "",
                f"alamat{at}": one.address if one else "",
            }
        rows.append(filled)
    return rows


def envelope_rows(recipients: Sequence[Recipient]) -> list[dict[str, str]]:
    """One envelope per recipient."""
    return [
        {"qr": one.code, "nomor": one.number, "nama": one.name, "instansi": one.institution, "alamat": one.address}
        for one in recipients
    ]


@dataclass(frozen=True, slots=True)
class BinderLabelText:
    """What stands on the back of a binder."""

    name: str
    papers: int
    first: str
    last: str
    since: date | None
    until: date | None
    code: str


def binder_label_rows(labels: Sequence[BinderLabelText]) -> list[dict[str, str]]:
    """The rows of a sheet of binder labels, three in a row."""
    rows = []
    columns = BINDER_LABELS.columns
    for start in range(0, len(labels), columns):
        filled: dict[str, str] = {}
        line = labels[start : start + columns]
        for at in range(1, columns + 1):
            one = line[at - 1] if at <= len(line) else None
            filled |= {
                f"nama{at}": one.name if one else "",
                f"isi{at}": _contents(one) if one else "",
                f"masa{at}": _time(one) if one else "",
                f"qr{at}": one.code if one else "",
                f"kode{at}": one.code if one else "",
            }
        rows.append(filled)
    return rows


def _contents(label: BinderLabelText) -> str:
    lines = [f"{label.papers} naskah", label.first]
    if label.last != label.first:
        lines += ["s.d.", label.last]
    return "\n".join(filter(None, lines))


def _time(label: BinderLabelText) -> str:
    if label.since is None or label.until is None:
        return ""
    since, until = short_text(label.since), short_text(label.until)
    return since if since == until else f"{since} – {until}"
