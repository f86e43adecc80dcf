"""Reminders to the customer: one deed for everything whose day has come, each rung once."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Reminder
from desk.rules.case import Reminded
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import SentBy
from desk.rules.reminders import due_now, rungs_text
from desk.services.conversation import keep_sent_text


def remind_customer(session: Session, deed: Deed, asked: SentBy) -> Outcome:
    """Reminds the customer of everything whose day has come; the text stays in the conversation."""
    if not asked.text.strip() and not asked.note.strip():
        raise Refused("Teks pengingat masih kosong. Tulis teksnya, atau sebutkan cara mengingatkannya.")
    case, due = deed.case, due_now(deed.case)
    sent = tuple(Reminded(ladder.about, ladder.rung, ladder.since, case.today) for ladder in due)
    session.execute(
        insert(Reminder),
        [
            {
                "office_id": deed.office_id,
                "id": uuid4(),
                "case_id": deed.case_id,
                "about": one.about,
                "rung": one.rung,
                "since": one.since,
                "on_day": one.on,  # the server's word
            }
            for one in sent
        ],
    )
    keep_sent_text(session, deed, asked)
    way = "lewat surel kantor" if asked.mail is not None else f"lewat {case.channel.label}"
    return Outcome(
        f"Pengguna data diingatkan {way}: {rungs_text(due)}.",
        asked.note,
        changes={"reminders": (*case.reminders, *sent)},
    )
