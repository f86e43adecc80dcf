"""After the data are out: acceptance, correction in time and late, closing, and the results owed to BPS.

Standards, prosedur 8–10. Silence needs no deed: it follows from the last day to check (`desk/rules/acceptance.py`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Correction, LateCorrection, LateCorrectionDecision, ResultsNote
from desk.rules.acceptance import silent_since
from desk.rules.case import CaseFacts, LateCorrectionFacts, ResultsFacts, ResultsWord
from desk.rules.dates import date_text
from desk.rules.deadlines import correction_due
from desk.rules.deed import Deed, Outcome
from desk.rules.delivery import why_not_correct
from desk.rules.inputs import CorrectionRequest, Reason, Remark, ResultsReceived, SentBy
from desk.rules.papers import PaperKind
from desk.services import documents
from desk.services.conversation import keep_sent_text
from desk.services.intake import write_letter
from desk.services.rule_book import calendar_of, rules_of

_LAST_DELIVERY = text(
    "SELECT id FROM desk.delivery WHERE office_id = :office_id AND case_id = :case_id ORDER BY sequence DESC LIMIT 1"
)
_ASKED_SINCE = text("""
SELECT EXISTS (
  SELECT FROM desk.letter l JOIN desk.cases c ON c.office_id = l.office_id AND c.id = l.case_id
  JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
  WHERE l.office_id = :office_id AND l.kind = 'closing' AND l.issued_on > :since
    AND coalesce(l.details->>'survey', '') <> ''
    AND ((:email <> '' AND lower(k.email) = lower(:email)) OR (:email = '' AND c.id = :case_id)))
""")


def record_acceptance(_session: Session, _deed: Deed, asked: Remark) -> Outcome:
    """The customer has checked kuitansi, data and maps and finds them right (standards, prosedur 8)."""
    return Outcome("Pengguna data menyatakan berkas yang diterima sudah sesuai.", asked.note)


def open_correction(session: Session, deed: Deed, asked: CorrectionRequest) -> Outcome:
    """Takes a complaint about the data; the repair is due in five working days (standard 1600).

    A closed case runs again with it. A late one needs the supervisor's word, which the rule has seen.
    """
    case = deed.case
    _judge(case, asked)
    due = correction_due(case.today, rules_of(session, case).correction_days, calendar_of(session, case))
    correction_id = uuid4()
    session.execute(
        insert(Correction).values(
            office_id=deed.office_id,
            id=correction_id,
            case_id=deed.case_id,
            delivery_id=_last_delivery(session, deed),
            asked_on=case.today,
            due_on=due.on,
            due_why=due.sentence,
            receipt_number=asked.receipt_number.strip(),
            wrong=asked.wrong.strip(),
            origin=asked.origin,
            line_id=asked.line_id,
        )
    )
    number = write_letter(session, deed, PaperKind.CORRECTION_NOTE, {"correction_id": str(correction_id)})
    return Outcome(
        f"Perbaikan diminta (nota {number}); selesai paling lambat {date_text(due.on)}.",
        asked.wrong.strip(),
        changes={"files": replace(case.files, correction_due=due.on)},
        subject_id=correction_id,
    )


def ask_late_correction(session: Session, deed: Deed, asked: CorrectionRequest) -> Outcome:
    """Takes a complaint that comes after the days to check to the supervisor."""
    case = deed.case
    _judge(case, asked)
    late = LateCorrectionFacts(
        uuid4(), case.today, asked.wrong.strip(), asked.origin.value, asked.receipt_number.strip(), asked.line_id
    )
    session.execute(
        insert(LateCorrection).values(
            office_id=deed.office_id,
            id=late.id,
            case_id=deed.case_id,
            delivery_id=_last_delivery(session, deed),
            asked_on=late.asked_on,
            receipt_number=late.receipt_number,
            wrong=late.wrong,
            origin=asked.origin,
            line_id=late.line_id,
        )
    )
    assert case.files.check_until is not None
    until = date_text(case.files.check_until)
    return Outcome(
        f"Perbaikan diminta setelah masa pemeriksaan berakhir {until}; diajukan kepada penyelia.",
        late.wrong,
        changes={"late": late},
        subject_id=late.id,
    )


def allow_late_correction(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """The supervisor lets the data be repaired although the days to check are over."""
    return _decide_late(session, deed, asked, allowed=True)


def refuse_late_correction(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """The supervisor refuses a late correction; the reason is what the customer is told."""
    return _decide_late(session, deed, asked, allowed=False)


def close_case(session: Session, deed: Deed, asked: SentBy) -> Outcome:
    """Closes the conversation (standards, prosedur 10); the story says whether the customer spoke or was silent."""
    case = deed.case
    keep_sent_text(session, deed, asked)
    details: dict[str, object] = {"note": asked.note, "survey": survey_link(session, case)}
    silent = silent_since(case)
    if silent is not None:
        details["silent_since"] = silent.isoformat()
    write_letter(session, deed, PaperKind.CLOSING, details)
    how = f" Data dianggap diterima: tidak ada kabar sampai {date_text(silent)} (diam)." if silent else ""
    return Outcome(f"Permohonan {case.number} selesai dan ditutup.{how}", asked.note)


def survey_link(session: Session, case: CaseFacts) -> str:
    """The link to the survey for the closing message; empty where the office has none or asked this customer lately."""
    rules = rules_of(session, case)
    if not rules.survey_link:
        return ""
    since = case.today - timedelta(days=rules.survey_rest_calendar_days)
    asked = session.execute(
        _ASKED_SINCE, {"office_id": case.office_id, "case_id": case.id, "since": since, "email": case.email}
    ).scalar_one()
    return "" if asked else rules.survey_link


def remind_results(session: Session, deed: Deed, asked: SentBy) -> Outcome:
    """Reminds the customer of the results that the SPPD promises to BPS; what was sent is in the conversation."""
    keep_sent_text(session, deed, asked)
    return _note_results(
        session, deed, ResultsWord.REMINDED, deed.case.today, asked.note,
        "Pengguna data diingatkan untuk menyerahkan hasil penggunaan data.",
    )  # fmt: skip


def record_results(session: Session, deed: Deed, asked: ResultsReceived) -> Outcome:
    """The results are here; a file of them stays with the case."""
    title = asked.title.strip()
    if not title:
        raise Refused("Judul atau bentuk hasil belum diisi.")
    if asked.received_on > deed.case.today:
        raise Refused("Tanggal diterima belum tiba. Periksa tanggalnya.")
    if asked.file is not None:
        documents.store(session, deed.office_id, deed.case_id, asked.file, kind="incoming", title=f"Hasil: {title}")
    said = f"Hasil penggunaan data diterima {date_text(asked.received_on)}: {title}."
    return _note_results(session, deed, ResultsWord.RECEIVED, asked.received_on, title, said)


def waive_results(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """The supervisor frees the customer from handing over results."""
    return _note_results(
        session, deed, ResultsWord.WAIVED, deed.case.today, asked.reason.strip(),
        "Pengguna data dibebaskan dari penyerahan hasil penggunaan data.",
    )  # fmt: skip


def _note_results(session: Session, deed: Deed, word: ResultsWord, on: date, note: str, sentence: str) -> Outcome:
    owed = deed.case.results
    assert owed is not None, "the rule has seen that results are owed"
    note_id = uuid4()
    session.execute(
        insert(ResultsNote).values(
            office_id=deed.office_id, id=note_id, case_id=deed.case_id, kind=word, on_day=on, note=note
        )
    )
    return Outcome(sentence, note, changes={"results": ResultsFacts(owed.due_on, word, on)}, subject_id=note_id)


def _decide_late(session: Session, deed: Deed, asked: Reason, *, allowed: bool) -> Outcome:
    late = deed.case.late
    assert late is not None, "the rule has seen a request that waits"
    session.execute(
        insert(LateCorrectionDecision).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            late_correction_id=late.id,
            allowed=allowed,
            reason=asked.reason.strip(),
        )
    )
    said = "diizinkan penyelia." if allowed else "ditolak penyelia; beri tahu pengguna data."
    return Outcome(
        f"Perbaikan terlambat {said}",
        asked.reason,
        changes={"late": replace(late, allowed=allowed)},
        subject_id=late.id,
    )


def _judge(case: CaseFacts, asked: CorrectionRequest) -> None:
    if reason := why_not_correct(case, asked):
        raise Refused(reason)
    if not asked.wrong.strip():
        raise Refused("Tulis apa yang salah pada data, supaya dapat diperbaiki.")


def _last_delivery(session: Session, deed: Deed) -> UUID:
    found = session.execute(_LAST_DELIVERY, {"office_id": deed.office_id, "case_id": deed.case_id}).scalar_one()
    return UUID(str(found))
