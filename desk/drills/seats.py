"""Who works in the drills, and where they sit down: small, for every workstation's process imports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.rules.people import Actor, Duty

OFFICE = 1600
PEOPLE: Mapping[str, tuple[Duty, ...]] = {
    "rina": (Duty.OFFICER,),
    "fajar": (Duty.OFFICER,),
    "maya": (Duty.OFFICER,),
    "budi": (Duty.TREASURER,),
    "sri": (Duty.TREASURER,),
    "hendra": (Duty.SUPERVISOR,),
    "wati": (Duty.AUDITOR,),
    "gita": (Duty.OFFICER, Duty.TREASURER),
    "doni": (Duty.OFFICER,),
}
ELSEWHERE: Mapping[str, int] = {"doni": 1571}
"""Who works in another office, and may see nothing of this one."""

OFFICERS, TREASURERS = ("rina", "fajar", "maya"), ("budi", "sri")


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits down: address with password, and who it is; it travels to another process."""

    url: str = field(repr=False)
    actor: Actor


def login_of(name: str) -> str:
    """The database login of somebody of the drills."""
    return f"uji_{name}"


def actor_of(name: str) -> Actor:
    """The person who acts."""
    return Actor(login_of(name), name.title(), "", {ELSEWHERE.get(name, OFFICE): frozenset(PEOPLE[name])})
