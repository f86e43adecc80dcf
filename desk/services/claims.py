"""Taking, renewing, letting go and handing over cases, and which one comes next; see `desk/rules/claims.py`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.case import Holder
from desk.rules.claims import until_text
from desk.rules.deed import Deed, Outcome
from desk.rules.desks import Desk, Queue
from desk.rules.inputs import HandOver
from desk.services.queues import LIMIT, ORDER, standing_on

_GIVE = text("""
UPDATE desk.cases c SET claimed_by = :login WHERE c.office_id = :office_id AND c.id = :case_id
RETURNING c.claimed_until AT TIME ZONE (SELECT o.zone FROM desk.office o WHERE o.id = c.office_id) AS until
""")
_LET_GO = text("UPDATE desk.cases SET claimed_by = NULL WHERE office_id = :office_id AND id = :case_id")
_RENEW = text("""
UPDATE desk.cases SET claimed_by = session_user WHERE office_id = :office_id AND id = :case_id
AND claimed_by = session_user AND claimed_until > desk.now() RETURNING id
""")
_FIRST_FEW = 10
"""So many people may be taking the next case at the same moment before the whole list is asked for."""
_OFFICER = text("""
SELECT p.name FROM desk.person p JOIN desk.duty d ON d.login = p.login
WHERE p.login = :login AND p.active AND d.office_id = :office_id AND d.duty = 'officer'
  AND desk.today(d.office_id) BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity') LIMIT 1
""")
_ANNOUNCE = text("SELECT desk.announce(:office_id, :case_id)")


def claim(session: Session, deed: Deed, _asked: None) -> Outcome:
    """The person takes the case for the next half hour."""
    holder = _give(session, deed, deed.actor.login, deed.actor.name)
    return Outcome(f"Diambil, dipegang sampai {until_text(holder, deed.case.today)}.", changes={"holder": holder})


def release(session: Session, deed: Deed, _asked: None) -> Outcome:
    """Whoever holds the case lets it go, or the supervisor does."""
    holder = deed.case.holder
    assert holder is not None, "the rule has looked"
    session.execute(_LET_GO, {"office_id": deed.office_id, "case_id": deed.case_id})
    whose = "" if holder.login == deed.actor.login else f" dari {holder.name}"
    return Outcome(f"Dilepas{whose}; permohonan bebas diambil petugas lain.", changes={"holder": None})


def hand_over(session: Session, deed: Deed, asked: HandOver) -> Outcome:
    """Gives the case to a colleague of the office with a note."""
    login = asked.login.strip()
    name = session.execute(_OFFICER, {"login": login, "office_id": deed.office_id}).scalar_one_or_none()
    if name is None:
        raise Refused(f"“{login}” bukan petugas layanan di kantor ini hari ini. Pilih petugas lain.")
    if not asked.note.strip():
        raise Refused("Pesan serah terima belum ditulis; rekan membacanya pertama kali.")
    return Outcome(f"Diserahkan kepada {name}.", asked.note, changes={"holder": _give(session, deed, login, name)})


def renew(session: Session, office_id: int, case_id: UUID) -> bool:
    """Keeps the case for another half hour; False when this person does not hold it any more."""
    named = {"office_id": office_id, "case_id": case_id}
    kept = session.execute(_RENEW, named).one_or_none() is not None
    if kept:
        session.execute(_ANNOUNCE, named)
    return kept


def next_free(session: Session, office_ids: Sequence[int], queue: Queue | None) -> tuple[int, UUID] | None:
    """Locks and gives the first open case of the officer's list that nobody holds: office and id; None without any.

    An ended case that came back to the list (a mail that did not arrive, a late correction) is held by nobody.
    Cases that somebody else is taking at this moment are passed over, so that two people never get the same one.
    """
    standing = standing_on(Desk.OFFICER, queue)
    free = (
        "c.stage IN ('new', 'clear', 'active') AND (c.claimed_until IS NULL OR c.claimed_until <= (SELECT desk.now()))"
    )
    asked = {"office_ids": list(office_ids), **({"queue": queue.value} if queue else {})}
    for limit in (_FIRST_FEW, LIMIT):
        found = session.execute(
            text(
                # What stands on top is looked up first: a lock asks for the right to update, which costs per row.
                "WITH o AS MATERIALIZED (SELECT k.id, desk.warning_day(k.id) AS warned FROM desk.office k "  # noqa: S608
                "WHERE k.id = ANY (:office_ids)), top AS MATERIALIZED (SELECT c.office_id, c.id, o.warned, "
                f"row_number() OVER (ORDER BY {ORDER}) AS place FROM desk.cases c JOIN o ON o.id = c.office_id "
                f"WHERE c.office_id = ANY (:office_ids) AND {standing} AND {free} ORDER BY {ORDER} LIMIT :limit) "
                "SELECT c.office_id, c.id FROM top o JOIN desk.cases c ON c.office_id = o.office_id AND c.id = o.id "
                f"WHERE {standing} AND {free} ORDER BY o.place LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED"
            ),
            {**asked, "limit": limit},
        ).one_or_none()
        if found is not None:
            return found.office_id, found.id
    return None


def _give(session: Session, deed: Deed, login: str, name: str) -> Holder:
    named = {"login": login, "office_id": deed.office_id, "case_id": deed.case_id}
    return Holder(login, name, session.execute(_GIVE, named).scalar_one())
