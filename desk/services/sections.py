"""Asking a second person before deciding: the section that knows the data, with the day its answer is wanted."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import SectionAnswer, SectionQuestionRow
from desk.rules.case import SectionQuestion
from desk.rules.dates import date_text
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import AnswerKind, SectionAnswerInput, SectionAsk


def ask_section(session: Session, deed: Deed, asked: SectionAsk) -> Outcome:
    """Keeps a question to a section; the case waits for the answer and comes back when its day has passed."""
    if asked.due_on < deed.case.today:
        raise Refused("Batas jawaban sudah lewat; pilih hari ini atau sesudahnya.")
    if not asked.question.strip():
        raise Refused("Pertanyaan kepada seksi belum ditulis.")
    lines = {line.id: line for line in deed.case.lines}
    if asked.line_id is not None and asked.line_id not in lines:
        raise Refused("Baris data itu tidak ada lagi di permohonan ini. Baca ulang, lalu pilih lagi.")
    title = lines[asked.line_id].title if asked.line_id is not None else ""
    question_id = uuid4()
    session.execute(
        insert(SectionQuestionRow).values(
            office_id=deed.office_id,
            id=question_id,
            case_id=deed.case_id,
            section=asked.section,
            line_id=asked.line_id,
            question=asked.question.strip(),
            due_on=asked.due_on,
        )
    )
    new = SectionQuestion(
        question_id, asked.section, title, asked.question.strip(), asked.due_on, deed.case.today, deed.actor.login
    )
    about = f" tentang “{title}”" if title else ""
    return Outcome(
        f"Seksi {asked.section.label} ditanya{about}; jawaban paling lambat {date_text(asked.due_on)}.",
        asked.question.strip(),
        changes={"questions": in_order((*deed.case.questions, new))},
        subject_id=question_id,
    )


def note_section_answer(session: Session, deed: Deed, asked: SectionAnswerInput) -> Outcome:
    """Keeps what the section answered, or that its answer is not needed any more."""
    question = next((one for one in deed.case.questions if one.id == asked.question_id), None)
    if question is None:
        raise Refused("Pertanyaan ini sudah dijawab atau ditarik. Baca ulang permohonannya.")
    if not asked.answer.strip():
        raise Refused("Jawaban seksi belum ditulis.")
    session.execute(
        insert(SectionAnswer).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            question_id=question.id,
            kind=asked.kind,
            answer=asked.answer.strip(),
        )
    )
    late = " (terlambat)" if deed.case.today > question.due_on else ""
    words = {
        AnswerKind.ANSWERED: f"Seksi {question.section.label} menjawab{late}.",
        AnswerKind.WITHDRAWN: f"Pertanyaan kepada seksi {question.section.label} ditarik.",
    }
    return Outcome(
        words[asked.kind],
        asked.answer.strip(),
        changes={"questions": tuple(one for one in deed.case.questions if one.id != question.id)},
        subject_id=question.id,
    )


def in_order(questions: tuple[SectionQuestion, ...]) -> tuple[SectionQuestion, ...]:
    """The questions as the facts hold them: the first due first."""
    return tuple(sorted(questions, key=lambda one: (one.due_on, str(one.id))))
