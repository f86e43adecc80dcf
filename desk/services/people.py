"""The people of the offices: who they are, what they do from when to when, and the administrator's deeds about them.

The functions of the database judge every call again by the login at the connection; nothing here is a right of its own.
A password leaves this computer only as its SCRAM verifier.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.adapters.roles import verifier
from desk.rules.people import Duty
from desk.rules.staffing import HeldDuty

_PEOPLE = text("""
SELECT p.login, p.name, p.nip, p.position, p.active, d.office_id, d.duty, d.starts_on, d.ends_on, d.stands_in_for
FROM desk.person p
LEFT JOIN desk.duty d ON d.login = p.login AND d.office_id = ANY (:offices)
WHERE d.login IS NOT NULL
   OR EXISTS (SELECT FROM desk.people_event e WHERE e.login = p.login AND e.office_id = ANY (:offices))
ORDER BY NOT p.active, lower(p.name), p.login, d.office_id, d.starts_on, d.duty
""")
_ASKED = text("""
SELECT e.office_id, e.id, e.login, p.name, e.starts_on, e.ends_on, e.stands_in_for, e.by
FROM desk.people_event e JOIN desk.person p ON p.login = e.login
WHERE e.office_id = ANY (:offices) AND e.kind = 'stand_in_asked' AND e.ends_on >= desk.today(e.office_id)
  AND NOT EXISTS (SELECT FROM desk.people_event a WHERE a.office_id = e.office_id AND a.answers = e.id)
ORDER BY e.at
""")
_UNTIL = text("""
SELECT r.rolvaliduntil FROM pg_catalog.pg_roles r WHERE r.rolname = session_user AND isfinite(r.rolvaliduntil)
""")
# Without letters and digits that look alike: it is read from a screen and typed.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


_COLLEAGUES = text("""
SELECT p.login, p.name, coalesce(max(s.name), '') AS stands_in_for,
  (SELECT count(*) FROM desk.cases c WHERE c.office_id = :office_id AND c.claimed_by = p.login
   AND c.claimed_until > desk.now()) AS held
FROM desk.person p JOIN desk.duty d ON d.login = p.login
LEFT JOIN desk.person s ON s.login = d.stands_in_for
WHERE d.office_id = :office_id AND d.duty = 'officer' AND p.active
  AND desk.today(d.office_id) BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity')
GROUP BY p.login, p.name ORDER BY lower(p.name), p.login
""")


@dataclass(frozen=True, slots=True)
class OfficerEntry:
    """An officer who works in an office today: whom he or she stands in for, and how many open cases are held."""

    login: str
    name: str
    stands_in_for: str
    held: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A stand-in for the treasurer that waits for the supervisor; `asked_by` is a login."""

    office_id: int
    id: UUID
    login: str
    name: str
    starts_on: date
    ends_on: date
    stands_in_for: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person with the duties in the offices that were asked for, past ones included, and what waits for approval."""

    login: str
    name: str
    nip: str
    position: str
    active: bool
    duties: tuple[HeldDuty, ...]
    asked: tuple[Asked, ...] = ()

    @property
    def id(self) -> str:
        """The login, which never changes."""
        return self.login


def colleagues(session: Session, office_id: int, *, with_me: bool = False) -> list[OfficerEntry]:
    """The officers who work in the office today, stand-ins included; the person at the connection only if asked for."""
    me = session.execute(text("SELECT session_user")).scalar_one()
    rows = session.execute(_COLLEAGUES, {"office_id": office_id})
    return [OfficerEntry(*row) for row in rows if with_me or row.login != me]


def people(session: Session, offices: Collection[int]) -> list[PersonEntry]:
    """Everybody who works, worked or will work in these offices, the active ones first; two queries."""
    waiting: dict[str, list[Asked]] = {}
    for row in session.execute(_ASKED, {"offices": list(offices)}):
        waiting.setdefault(row.login, []).append(Asked(*row))
    found: dict[str, PersonEntry] = {}
    duties: dict[str, list[HeldDuty]] = {}
    for row in session.execute(_PEOPLE, {"offices": list(offices)}):
        found[row.login] = PersonEntry(row.login, row.name, row.nip, row.position, row.active, ())
        if row.duty is not None:
            held = HeldDuty(row.office_id, Duty.of(row.duty), row.starts_on, row.ends_on, row.stands_in_for or "")
            duties.setdefault(row.login, []).append(held)
    return [
        PersonEntry(
            login=each.login,
            name=each.name,
            nip=each.nip,
            position=each.position,
            active=each.active,
            duties=tuple(duties.get(each.login, ())),
            asked=tuple(waiting.get(each.login, ())),
        )
        for each in found.values()
    ]


def temporary_password() -> str:
    """A password to be read out once: four groups of four letters and digits, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def add_person(session: Session, office_id: int, *, login: str, name: str, nip: str, position: str) -> str:
    """Adds somebody without duties and gives the temporary password, to be shown once."""
    password = temporary_password()
    session.execute(
        text("SELECT desk.add_person(:office, :login, :name, :nip, :position, :verifier)"),
        {
            "office": office_id,
            "login": login,
            "name": name,
            "nip": nip,
            "position": position,
            "verifier": _verifier(session, login, password),
        },
    )
    return password


def change_person(session: Session, office_id: int, *, login: str, name: str, nip: str, position: str) -> None:
    """Puts name, NIP and position right; papers that are issued keep what they were issued with."""
    session.execute(
        text("SELECT desk.change_person(:office, :login, :name, :nip, :position)"),
        {"office": office_id, "login": login, "name": name, "nip": nip, "position": position},
    )


def set_duty(
    session: Session, office_id: int, *, login: str, duty: Duty, starts_on: date, ends_on: date | None,
    stands_in_for: str = "",
) -> UUID | None:  # fmt: skip
    """Gives a duty; the id of the request where the supervisor must agree first, otherwise None."""
    answer: UUID | None = session.execute(
        text("SELECT desk.set_duty(:office, :login, :duty, :starts, :ends, :stands_in_for)"),
        {
            "office": office_id,
            "login": login,
            "duty": duty.value,
            "starts": starts_on,
            "ends": ends_on,
            "stands_in_for": stands_in_for,
        },
    ).scalar_one()
    return answer


def end_duty(session: Session, office_id: int, *, login: str, duty: Duty, last_day: date) -> None:
    """Ends a duty with this last day; yesterday ends it at once."""
    session.execute(
        text("SELECT desk.end_duty(:office, :login, :duty, :last_day)"),
        {"office": office_id, "login": login, "duty": duty.value, "last_day": last_day},
    )


def approve_stand_in(session: Session, asked: Asked, *, agreed: bool) -> None:
    """Lets a stand-in for the treasurer begin, or not; only a supervisor who neither asked nor stands in."""
    session.execute(
        text("SELECT desk.approve_stand_in(:office, :asked, :agreed)"),
        {"office": asked.office_id, "asked": asked.id, "agreed": agreed},
    )


def let_go(session: Session, office_id: int, *, login: str) -> None:
    """Ends every access of a person who leaves: at the next statement, and the open connections are cut."""
    session.execute(text("SELECT desk.let_go(:office, :login)"), {"office": office_id, "login": login})


def take_back(session: Session, office_id: int, *, login: str) -> str:
    """Lets a person who left in again, without duties, and gives the temporary password, to be shown once."""
    password = temporary_password()
    session.execute(
        text("SELECT desk.take_back(:office, :login, :verifier)"),
        {"office": office_id, "login": login, "verifier": _verifier(session, login, password)},
    )
    return password


def give_password(session: Session, office_id: int, *, login: str) -> str:
    """Gives a person who forgot the own password a temporary one, to be shown once."""
    password = temporary_password()
    session.execute(
        text("SELECT desk.give_password(:office, :login, :verifier)"),
        {"office": office_id, "login": login, "verifier": _verifier(session, login, password)},
    )
    return password


def change_password(session: Session, new: str) -> None:
    """Takes a new password for the person at this connection; a temporary one stops to expire with it."""
    login: str = session.execute(text("SELECT session_user")).scalar_one()
    session.execute(text("SELECT desk.change_password(:verifier)"), {"verifier": _verifier(session, login, new)})


def password_until(session: Session) -> datetime | None:
    """When the temporary password of the person at this connection stops to work; None for an own one."""
    until: datetime | None = session.execute(_UNTIL).scalar_one_or_none()
    return until


def _verifier(session: Session, login: str, password: str) -> str:
    return verifier(session.connection(), login, password)
