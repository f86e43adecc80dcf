"""A sample of the data goes out before payment: kept with the case, told in the story, and never a delivery."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import IncomingFile, SampleInput, SentBy
from desk.rules.sample import MARK, rows_of, why_not_this_file
from desk.services import documents
from desk.services.conversation import keep_sent_text
from desk.services.rule_book import rules_of


def make_sample(session: Session, deed: Deed, asked: SampleInput) -> Outcome:
    """Keeps a few rows as the sample of this case, marked in its name; PostgreSQL counts them again."""
    file = asked.sample
    limits = rules_of(session, deed.case).sample_limits
    if reason := why_not_this_file(file.name, file.data, limits):
        raise Refused(reason)
    marked = IncomingFile(f"{MARK}{file.name.removeprefix(MARK)}", file.content_type, file.data)
    title = f"Contoh data ({rows_of(file.data)} baris)"
    document_id = documents.store(session, deed.office_id, deed.case_id, marked, kind="sample", title=title)
    return Outcome(f"{title} disiapkan: {marked.name}.", changes={"sample": title}, subject_id=document_id)


def send_sample(session: Session, deed: Deed, asked: SentBy) -> Outcome:
    """Notes that the sample has gone out; the data themselves still wait for the gate."""
    keep_sent_text(session, deed, asked)
    return Outcome(
        f"{deed.case.sample} dikirim lewat {deed.case.channel.label}; datanya sendiri belum dikirim.", asked.note
    )
