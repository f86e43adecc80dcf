"""Nol rupiah: whom and what it is for, and what an application must bring. A decision, not a price of zero.

Who qualifies is a dated rule of the rule book (`relief`); PostgreSQL holds the same (`desk.guard_relief`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.rules.case import State
from desk.rules.dates import date_text
from desk.rules.inputs import PurposeClass, RecipientClass, ReliefRequest


@dataclass(frozen=True, slots=True)
class ReliefRule:
    """Who may be served at nol rupiah and for what; both must qualify. `basis` is the regulation that says so."""

    recipients: frozenset[RecipientClass]
    purposes: frozenset[PurposeClass]
    basis: str

    def why_not(self, chosen: State) -> str | None:
        """None for a recipient or a purpose that qualifies, else the sentence with what to do instead."""
        if chosen in self.recipients or chosen in self.purposes:
            return None
        what = "Golongan" if isinstance(chosen, RecipientClass) else "Tujuan"
        known: frozenset[Any] = self.recipients if isinstance(chosen, RecipientClass) else self.purposes
        allowed = ", ".join(state.label for state in type(chosen) if state in known)
        return (
            f"{what} “{chosen.label}” tidak berhak atas nol rupiah ({self.basis}); hanya {allowed}. "
            "Layani dengan tarif biasa."
        )


def relief_rule(value: Mapping[str, Any], basis: str) -> ReliefRule:
    """The rule as the rule book has it: `{recipients: [codes], purposes: [codes]}`. Raises KeyError or ValueError."""
    return ReliefRule(
        frozenset(RecipientClass.of(code) for code in value["recipients"]),
        frozenset(PurposeClass.of(code) for code in value["purposes"]),
        basis,
    )


def why_not_accept_relief(relief: ReliefRequest, rule: ReliefRule, today: date) -> str | None:
    """Both recipient and purpose must qualify, and there must be a letter."""
    for chosen in (relief.recipient, relief.purpose):
        if reason := rule.why_not(chosen):
            return reason
    if relief.letter is None:
        return "Surat permohonan belum dilampirkan; penyelia memutuskan berdasarkan surat itu."
    if not 1 <= relief.percent <= 100:
        return "Keringanan harus antara 1 dan 100 persen."
    if not relief.letter_number.strip():
        return "Nomor surat permohonan belum diisi."
    if relief.letter_date > today:
        return f"Tanggal surat {date_text(relief.letter_date)} belum tiba."
    return None
