"""The check of a Word file before it becomes a template of the office: everything in words, nothing stored.

Runs on the slow lane; the file is opened, filled and laid out in the child process of the papers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desk.errors import Refused, Unavailable
from desk.rules.papers import FIELDS, PaperKind, optional_fields
from desk.rules.papers.differences import used_fields
from desk.services.templates import example_values

if TYPE_CHECKING:
    from desk.adapters.paper import Paper, PaperShop

EXAMPLE_MARK = "CONTOH"
LARGEST = 8 << 20
"""Bytes; the database refuses more."""
_NOT_FILLED = frozenset({"unknown_fields", "syntax"})
"""Findings that are only a warning for `desk check`, but leave a hole or a bracket on every paper."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding for the person who mends the file; `stops` keeps the file out; the other parts may be empty."""

    stops: bool
    sentence: str
    place: str = ""
    field: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a file: the gravest remarks first, and a sheet of the example values when it could be filled."""

    name: str
    data: bytes = field(repr=False)
    remarks: tuple[Remark, ...]
    sheet: Paper | None = field(default=None, repr=False)

    @property
    def usable(self) -> bool:
        """Whether it may be stored."""
        return self.sheet is not None and not any(remark.stops for remark in self.remarks)


def read_file(path: Path) -> bytes:
    """The bytes of a chosen file. Refused when it is too large, Unavailable when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{path.name} lebih besar dari 8 MB. Perkecil gambar di dalamnya lalu pilih lagi.")
        return path.read_bytes()
    except OSError as trouble:
        raise Unavailable(f"{path.name} tidak dapat dibaca. Tutup dahulu di Word lalu pilih lagi.") from trouble


def examine(shop: PaperShop, kind: PaperKind, name: str, data: bytes, in_force: bytes | None) -> Examined:
    """Check a file as a template of this kind, and fill it once with the example values when nothing forbids it.

    `in_force` is the present template: its fields that the file no longer has are named.
    """
    values = example_values(kind)
    remarks = [
        Remark(one.severity == "refuse" or one.reason in _NOT_FILLED, one.message, one.place, one.field, one.suggestion)
        for one in shop.check(data, values)
    ]
    sheet = None
    if not any(remark.stops for remark in remarks):
        try:
            sheet = print_trial(shop, kind, data, values)
        except Refused as trouble:
            remarks.append(Remark(True, str(trouble)))
        else:
            remarks += [Remark(False, warning) for warning in sheet.warnings]
            remarks += _left_out(shop, kind, data, in_force)
    return Examined(name, data, tuple(sorted(remarks, key=lambda remark: not remark.stops)), sheet)


def print_trial(shop: PaperShop, kind: PaperKind, template: bytes, values: Mapping[str, object]) -> Paper:
    """A sheet that is marked CONTOH and stored nowhere. Refused with the fault of the template."""
    return shop.make(template, values, marks=(EXAMPLE_MARK,), optional=sorted(optional_fields(kind)))


def _left_out(shop: PaperShop, kind: PaperKind, data: bytes, in_force: bytes | None) -> list[Remark]:
    used = used_fields(kind, shop.text_of(data))
    before = used_fields(kind, shop.text_of(in_force)) if in_force is not None else FIELDS[kind]
    return [
        Remark(
            False,
            f"Kolom {field.name} ({field.label}) ada di templat yang berlaku, tetapi tidak ada di berkas ini.",
            field=field.name,
        )
        for field in before
        if field not in used
    ]
