"""Who works at the desk: duties, and the person who acts.

Source: the two service standards (petugas layanan, bendahara) and the office's division of work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self


class Duty(Enum):
    """What a person may be asked to do in one office; `value` is stored, `label` is shown."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        duty = object.__new__(cls)
        duty._value_ = code
        duty.label = label
        return duty

    @classmethod
    def of(cls, code: str) -> Self:
        """The duty with this stored code; ValueError for an unknown one."""
        return cls(code)  # type: ignore[call-arg]  # Enum's look-up by value

    OFFICER = "officer", "petugas"
    TREASURER = "treasurer", "bendahara"
    SUPERVISOR = "supervisor", "penyelia"
    ADMINISTRATOR = "administrator", "administrator"
    AUDITOR = "auditor", "pemeriksa"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts: the database login, the name on papers, and the duties in each office (by office id)."""

    login: str
    name: str
    nip: str
    duties: Mapping[int, frozenset[Duty]]

    def duties_in(self, office_id: int) -> frozenset[Duty]:
        """The duties this person has in one office; empty when the office is not theirs."""
        return self.duties.get(office_id, frozenset())

    def may_keep_password(self) -> bool:
        """A computer keeps the password of officers only; money, permissions and the log stay behind a typed one."""
        return frozenset().union(*self.duties.values()) == {Duty.OFFICER}


def duty_names(duties: frozenset[Duty]) -> str:
    """Duties as they stand in a sentence: `petugas atau penyelia`."""
    names = [duty.label for duty in Duty if duty in duties]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} atau {names[-1]}"
