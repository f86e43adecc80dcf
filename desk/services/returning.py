"""A request that goes back to the customer; `services/joined.py` gives what it was then."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import RequestCopy
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import SentBy
from desk.services.conversation import keep_sent_text


def return_request(session: Session, deed: Deed, asked: SentBy) -> Outcome:
    """Sends the request back with what is missing, and keeps it as it was, so that the changes can be seen."""
    if not asked.text.strip():
        raise Refused("Tulis dahulu apa yang harus dilengkapi atau diubah pengguna data.")
    keep_sent_text(session, deed, asked)
    session.execute(
        insert(RequestCopy).values(office_id=deed.office_id, id=uuid4(), case_id=deed.case_id, asked=asked.text.strip())
    )
    return Outcome(
        "Permohonan dikembalikan kepada pengguna data untuk dilengkapi.",
        asked.note,
        changes={"returned_on": deed.case.today},
    )
