"""The text that asks a section, ready to be sent by the office's own mail or chat."""

from __future__ import annotations

from datetime import date, timedelta

from desk.rules.case import CaseFacts, LineFacts, Section
from desk.rules.dates import date_text

_DAYS = 3
_SATURDAY = 5


def section_text(
    case: CaseFacts, section: Section | None, line: LineFacts | None, question: str, due_on: date | None, officer: str
) -> str:
    """The question with what the section must know to answer it: abstraksi and data, no name or address of anybody."""
    about = [line] if line is not None else list(case.lines)
    data = "\n".join(f"- {each.title}{f' ({each.detail})' if each.detail else ''}" for each in about)
    abstract = case.abstract
    parts = [
        f"Yth. rekan {f'seksi {section.label}' if section else 'seksi'},",
        f"Mohon pertimbangan untuk permohonan data {case.number}.",
        f"Pertanyaan: {question.strip() or '…'}",
        f"Data yang diminta:\n{data or '- belum ada'}",
        "\n".join(
            f"{name}: {said.strip() or 'belum ada'}"
            for name, said in (("Judul", abstract.title), ("Tujuan", abstract.purpose), ("Metode", abstract.method))
        ),
        f"Mohon dijawab paling lambat {date_text(due_on) if due_on else '…'}.",
        f"Salam,\n{officer}",
    ]
    return "\n\n".join(parts)


def usual_due(today: date) -> date:
    """Three days from today, moved off the weekend; the person may change it."""
    day = today + timedelta(days=_DAYS)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day
