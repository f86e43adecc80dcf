"""What the list of people says: who, which duties in which office until when, and what is not as usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk.rules.dates import short_text
from desk.rules.people import Duty
from desk.ui.table import Column, Look
from desk.ui.theme import Tone

if TYPE_CHECKING:
    from datetime import date

    from desk.rules.staffing import HeldDuty
    from desk.services.people import PersonEntry
    from desk.ui.entering import Office
    from desk.ui.workstation import Workstation

WITHOUT_DUTY = "Belum bertugas"
WAITS = "Menunggu penyelia"
LEFT = "Berhenti"
_TONES = {LEFT: Tone.LATE, WAITS: Tone.SOON, WITHOUT_DUTY: Tone.SOON}


class PeopleWords:
    """The words about a person as one administrator or supervisor sees them today."""

    def __init__(self, workstation: Workstation) -> None:
        self._workstation = workstation

    def offices(self, *duties: Duty) -> tuple[Office, ...]:
        """The offices on the screen in which the person at this window has one of these duties."""
        station = self._workstation
        return tuple(
            office
            for office in station.offices
            if office.id in station.office_ids and station.actor.duties_in(office.id) & set(duties)
        )

    def today(self, office_id: int) -> date:
        """The day in that office."""
        return self._workstation.today(office_id)

    def ahead(self, row: PersonEntry) -> list[HeldDuty]:
        """The duties that run or still begin."""
        return [held for held in row.duties if held.lies_ahead(self.today(held.office_id))] if row.active else []

    def columns(self) -> tuple[Column[Any], ...]:
        """The columns of the list."""
        return (
            Column("Nama", lambda row: row.name, lambda row: row.name.casefold(), lambda row: row.login,
                   Look.STRONG, width=190, share=3),
            Column("Tugas", self._duties, self._duties, self._days, wrap=True, width=190, share=4),
            Column("Jabatan", lambda row: row.position, lambda row: row.position.casefold(), look=Look.MUTED,
                   wrap=True, width=120, share=2, spare=1),
            Column("Keadaan", self._state, self._state, look=Look.PILL, tone=self._tone, width=160),
        )  # fmt: skip

    def _duties(self, row: PersonEntry) -> str:
        ahead = self.ahead(row)
        several = len(self.offices(Duty.ADMINISTRATOR, Duty.SUPERVISOR)) > 1
        parts = []
        for office_id in dict.fromkeys(held.office_id for held in ahead):
            names = ", ".join(dict.fromkeys(held.duty.label for held in ahead if held.office_id == office_id))
            parts.append(f"{self._workstation.office(office_id).code} {names}" if several else names)
        return " · ".join(parts)

    def _days(self, row: PersonEntry) -> str:
        dated = (held for held in self.ahead(row) if held.ends_on or held.starts_on > self.today(held.office_id))
        return ", ".join(self._period(held) for held in dated)

    def _period(self, held: HeldDuty) -> str:
        words = [held.duty.label]
        if held.starts_on > self.today(held.office_id):
            words.append(f"mulai {short_text(held.starts_on)}")
        if held.ends_on is not None:
            words.append(f"sampai {short_text(held.ends_on)}")
        return " ".join(words)

    def _state(self, row: PersonEntry) -> str:
        if not row.active:
            return LEFT
        if row.asked:
            return WAITS
        return "Aktif" if self.ahead(row) else WITHOUT_DUTY

    def _tone(self, row: PersonEntry) -> Tone:
        return _TONES.get(self._state(row), Tone.PLAIN)
