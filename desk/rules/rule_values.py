"""The values of the rule book as people read and type them: what a rule consists of, in words, and back again.

A plain value is one part without a name; a value of several (`{"rows": 20, "bytes": 200000}`) has one part each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from desk.errors import Refused
from desk.rules.case import Channel, CustomerClass, Product
from desk.rules.clocks import Awaited
from desk.rules.quantities import count_text
from desk.rules.rule_book import RULE_NAMES
from desk.rules.rupiah import rupiah

ELSEWHERE = {
    "requirements": "Daftar persyaratan diubah di halaman Persyaratan.",
    "tariff": "Tarif datang bersama peraturannya dan dipasang administrator server dari berkas aturan.",
    "office_hours": "Jam kantor belum dapat diubah di halaman ini; minta administrator server memasangnya.",
    "relief": "Ketentuan nol rupiah belum dapat diubah di halaman ini; minta administrator server memasangnya.",
}
"""Rules that this page shows and another place changes."""


class PartKind(Enum):
    """How a part is typed."""

    COUNT = "count"
    RUPIAH = "rupiah"
    AMOUNTS = "amounts"  # several rupiah
    YES = "yes"
    TEXT = "text"
    PARAGRAPH = "paragraph"
    LINES = "lines"
    CHOICE = "choice"
    PICKS = "picks"
    TASKS = "tasks"  # lines with a code of their own


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to type: its name within the value (empty for a plain value), its label, and its choices."""

    name: str
    label: str
    kind: PartKind
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True


def _plain(kind: PartKind, label: str = "Nilai", **more: Any) -> tuple[Part, ...]:
    return (Part("", label, kind, **more),)


def _each(kind: PartKind, named: Mapping[str, str], **more: Any) -> tuple[Part, ...]:
    return tuple(Part(name, label, kind, **more) for name, label in named.items())


_COUNTED = (
    "invoice_months", "service_days", "correction_days", "acceptance_days", "results_months",
    "survey_rest_calendar_days", "material_day", "original_reminder_calendar_days", "proof_reminder_calendar_days",
    "identity_scan_calendar_days", "sppd_copies", "binder_sheets", "loan_calendar_days", "deposit_days",
)  # fmt: skip
_PARTS: dict[str, tuple[Part, ...]] = {
    **{key: _plain(PartKind.COUNT, "Banyaknya") for key in _COUNTED},
    **{
        key: _plain(PartKind.YES, "Berlaku")
        for key in ("sppd_countersigned", "data_before_original", "sample_with_invoice")
    },
    "survey_link": _plain(PartKind.TEXT, "Tautan (https://…)", required=False),
    "charges_note": _plain(PartKind.PARAGRAPH, "Catatan"),
    "agreement_clauses": _plain(PartKind.LINES, "Satu pasal satu baris"),
    "service_clock_stops": _plain(
        PartKind.PICKS,
        "Jam berhenti selama",
        choices=tuple((each.value, str(each.label)) for each in Awaited),
        required=False,
    ),
    "second_confirmation_above": _plain(PartKind.RUPIAH, "Di atas"),
    "receipt_page": _plain(PartKind.CHOICE, "Kertas", choices=(("a4", "A4"), ("a5", "A5, setengah A4"))),
    "retention_calendar_days": _each(
        PartKind.COUNT, {"proof": "Bukti bayar", "incoming": "Berkas masuk", "letter": "Surat pengguna data"}
    ),
    "sample_limits": _each(PartKind.COUNT, {"rows": "Baris paling banyak", "bytes": "Byte paling banyak"}),
    "package_limits": _each(
        PartKind.COUNT,
        {str(channel.value): channel.label for channel in Channel if channel is not Channel.DESK},
        required=False,
    ),
    "stamp": (
        Part("duty", "Bea meterai", PartKind.RUPIAH),
        Part("minimum", "Jumlah terendah yang diterima", PartKind.RUPIAH),
        Part("stamps", "Materai yang berlaku, dipisah titik koma", PartKind.AMOUNTS),
    ),
    "receipt_stamp": (
        Part(
            "mode",
            "Materai pada kuitansi",
            PartKind.CHOICE,
            (("none", "tidak ada"), ("remind", "diingatkan"), ("require", "wajib")),
        ),
        Part("above", "Di atas", PartKind.RUPIAH),
    ),
    "signatory": _each(PartKind.TEXT, {str(each.value): each.label for each in CustomerClass}),
    "preparation_tasks": _each(PartKind.TASKS, {str(each.value): each.label for each in Product}, required=False),
}


def parts_of(key: str) -> tuple[Part, ...]:
    """What is typed for a rule; empty for the rules that another place changes."""
    return _PARTS.get(key, ())


def typed(key: str, value: Any) -> dict[str, Any]:
    """The parts of a stored value as the fields of a form show them, by name."""
    return {part.name: _SHOW[part.kind](value if not part.name else value.get(part.name)) for part in parts_of(key)}


def read(key: str, answers: Mapping[str, Any], before: Any) -> Any:
    """The value to store, from the answers of the form; `before` is the value in force, whose codes live on."""
    parts = parts_of(key)
    if len(parts) == 1 and not parts[0].name:
        return _READ[parts[0].kind](answers[""], before)
    made: dict[str, Any] = {}
    for part in parts:
        answer = answers[part.name]
        if answer is None and not part.required:
            continue
        made[part.name] = _READ[part.kind](answer, (before or {}).get(part.name))
    return made


def words(key: str, value: Any) -> str:
    """A stored value in words, for a list or a sentence."""
    parts = parts_of(key)
    if key == "tariff":
        return f"{len(value.get('rows', ()))} baris tarif"
    if key == "requirements":
        return f"{len(value)} persyaratan"
    if not parts:
        return str(value)
    said = [
        (part.label, _said(part, value if not part.name else value.get(part.name)))
        for part in parts
        if not part.name or part.name in value
    ]
    return said[0][1] if not parts[0].name else "; ".join(f"{name}: {each}" for name, each in said)


def changed(key: str, old: Any, new: Any) -> str:
    """What a new value changes: `5 → 7`, and of a value with several parts only those that differ."""
    parts = parts_of(key)
    if not parts or not parts[0].name:
        return f"{words(key, old)} → {words(key, new)}"
    said = []
    for part in parts:
        before, after = (each.get(part.name) if isinstance(each, Mapping) else None for each in (old, new))
        if before != after:
            said.append(f"{part.label}: {_said(part, before)} → {_said(part, after)}")
    return "; ".join(said) or "tidak ada yang berubah"


def _said(part: Part, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "kosong" if part.kind in (PartKind.TEXT, PartKind.PARAGRAPH) else "tidak ada"
    match part.kind:
        case PartKind.COUNT:
            return count_text(value)
        case PartKind.RUPIAH:
            return rupiah(value)
        case PartKind.AMOUNTS:
            return ", ".join(map(rupiah, value))
        case PartKind.YES:
            return "ya" if value else "tidak"
        case PartKind.CHOICE:
            return dict(part.choices).get(value, str(value))
        case PartKind.PICKS:
            return ", ".join(dict(part.choices).get(each, str(each)) for each in value)
        case PartKind.LINES:
            return f"{len(value)} pasal"
        case PartKind.TASKS:
            return f"{len(value)} tugas"
        case _:
            return str(value)


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _tasks(text: str, before: Any) -> list[dict[str, str]]:
    """One task per line; words that stood there before keep their code, so what is ticked keeps its place."""
    known = {task["label"].casefold(): task["code"] for task in before or ()}
    made: list[dict[str, str]] = []
    for line in _lines(text):
        code = known.get(line.casefold()) or _code(line)
        while any(task["code"] == code for task in made):
            code = f"{code[:27]}_{len(made)}"
        made.append({"code": code, "label": line})
    return made


def _code(line: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", line.casefold()))[:30].strip("_") or "tugas"


def _amounts(text: str) -> list[int]:
    found = [re.sub(r"[.\s]|rp", "", each.casefold()) for each in re.split(r"[;,]", text) if each.strip()]
    if not found or not all(each.isdigit() for each in found):
        raise Refused("Tulis nilai materai dalam rupiah, dipisah titik koma, misalnya 3.000; 10.000.")
    return [int(each) for each in found]


def _same(value: Any) -> Any:
    return value


_SHOW: dict[PartKind, Callable[[Any], Any]] = {
    **dict.fromkeys(PartKind, _same),
    PartKind.YES: lambda value: "yes" if value else "no",
    PartKind.AMOUNTS: lambda value: "; ".join(map(count_text, value or ())),
    PartKind.LINES: lambda value: "\n".join(value or ()),
    PartKind.PICKS: lambda value: frozenset(value or ()),
    PartKind.TASKS: lambda value: "\n".join(task["label"] for task in value or ()),
}
_READ: dict[PartKind, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(PartKind, lambda answer, _before: answer),
    PartKind.YES: lambda answer, _before: answer == "yes",
    PartKind.TEXT: lambda answer, _before: answer or "",
    PartKind.PARAGRAPH: lambda answer, _before: " ".join(answer.split()),
    PartKind.AMOUNTS: lambda answer, _before: _amounts(answer),
    PartKind.LINES: lambda answer, _before: _lines(answer),
    PartKind.PICKS: lambda answer, before: sorted(
        answer or (), key=(before or []).index if set(answer or ()) <= set(before or []) else str
    ),
    PartKind.TASKS: lambda answer, before: _tasks(answer or "", before),
}

assert set(_PARTS) | set(ELSEWHERE) == set(RULE_NAMES), "every rule can be read and typed, or says where"
