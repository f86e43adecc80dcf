"""Papers of a case: which sheets are still missing, what they are made of, and how a finished sheet is kept.

Number first, paper second: the number was given in the deed's transaction; the sheet is made afterwards in another,
as often as needed until it exists, and then never again. A broken template never holds a counter.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.inputs import IncomingFile
from desk.rules.numbering import with_kind
from desk.rules.papers import PaperKind, optional_fields
from desk.rules.papers.kinds import RECEIPT_PAGES
from desk.services import documents
from desk.services.sheets import SHEETS, Sheet, background

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
TRAINING_MARK = "LATIHAN"
QR_MM = 22.0
_MASK = 2

_MISSING = text("""
SELECT s.kind, s.id, s.day FROM (
  SELECT 'invoice' AS kind, id, issued_on AS day, at, 1 AS copies FROM desk.invoice
  WHERE office_id = :office_id AND case_id = :case_id
  UNION ALL
  SELECT 'sppd', id, issued_on, at, copies FROM desk.agreement WHERE office_id = :office_id AND case_id = :case_id
  UNION ALL
  SELECT 'receipt', id, issued_on, at, 1 FROM desk.receipt WHERE office_id = :office_id AND case_id = :case_id
  UNION ALL
  SELECT kind, id, issued_on, at, 1 FROM desk.letter WHERE office_id = :office_id AND case_id = :case_id
) s
WHERE s.copies > (SELECT count(*) FROM desk.document d WHERE d.office_id = :office_id AND d.case_id = :case_id
  AND d.subject_id = s.id AND d.kind = 'paper' AND d.paper = s.kind AND d.content_type = :pdf)
ORDER BY s.at
""")
_TEMPLATE = text("""
SELECT id, sha256, content FROM desk.template
WHERE office_id IN (0, :office_id) AND id = desk.template_on(:office_id, :kind, :day)
""")


@dataclass(frozen=True, slots=True)
class PaperJob:
    """One sheet to make: template, values, marks; `subject_id` is the issued row that it shows.

    `case_id` is None for the letter about money that belongs to nobody.
    """

    office_id: int
    case_id: UUID | None
    kind: PaperKind
    subject_id: UUID
    number: str
    copy: int
    copies: int
    template_id: UUID
    template_sha256: str
    template: bytes = field(repr=False)
    context: Mapping[str, object] = field(repr=False)
    marks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the list of files calls it."""
        words = self.kind.label[:1].upper() + self.kind.label[1:]
        which = f" rangkap {self.copy} dari {self.copies}" if self.copies > 1 else ""
        return f"{words} {self.number}{which}"

    @property
    def file_stem(self) -> str:
        """A file name without its ending that every system allows: `Invoice INV-001-16000-2026`."""
        which = f" rangkap {self.copy}" if self.copies > 1 else ""
        return f"{with_kind(self.kind.file_words, self.number)}{which}".replace("/", "-")

    @property
    def optional(self) -> tuple[str, ...]:
        """The fields of this kind that may stay empty."""
        return tuple(sorted(optional_fields(self.kind)))


def missing_papers(session: Session, office_id: int, case_id: UUID) -> list[PaperJob]:
    """The sheets of a case that were issued but not made yet, oldest first; empty when all papers exist."""
    rows = session.execute(_MISSING, {"office_id": office_id, "case_id": case_id, "pdf": PDF}).all()
    if not rows:
        return []
    of = background(session, office_id, case_id)
    jobs = []
    for row in rows:
        kind = PaperKind.of(row.kind)
        named = RECEIPT_PAGES[of.rules_on(row.day).receipt_page] if kind is PaperKind.RECEIPT else kind.value
        jobs += paper_jobs(session, office_id, case_id, kind, named, row.id, row.day, SHEETS[kind](of, row.id))
    return jobs


def paper_jobs(
    session: Session,
    office_id: int,
    case_id: UUID | None,
    kind: PaperKind,
    named: str,
    subject_id: UUID,
    day: date,
    sheets: Sequence[Sheet],
) -> list[PaperJob]:
    """The sheets of an issued row with the template (`named`) that held on its day. Refused where there is none."""
    from desk.adapters.word import Picture  # only where papers are made: the engine is heavy

    training = session.execute(text("SELECT training FROM desk.installation")).scalar_one()
    template = session.execute(_TEMPLATE, {"office_id": office_id, "kind": named, "day": day}).one_or_none()
    if template is None:
        raise Refused(f"Templat {kind.label} belum ada. Minta administrator memasangnya.")
    return [
        PaperJob(
            office_id=office_id,
            case_id=case_id,
            kind=kind,
            subject_id=subject_id,
            number=sheet.number,
            copy=sheet.copy,
            copies=sheet.copies,
            template_id=template.id,
            template_sha256=template.sha256,
            template=bytes(template.content),
            context={**sheet.context, "qr": Picture(qr_png(str(sheet.context["qr"])), QR_MM)},
            marks=(TRAINING_MARK,) if training else (),
        )
        for sheet in sheets
    ]


def keep_paper(session: Session, job: PaperJob, docx: bytes, pdf: bytes) -> UUID:
    """Stores a finished sheet byte for byte, Word and PDF, and gives the id of the PDF.

    When a colleague's workstation was faster, its sheet stays and is given back: a paper is made once.
    """
    if job.case_id is not None:
        session.execute(
            text("SELECT FROM desk.cases WHERE office_id = :office_id AND id = :case_id FOR NO KEY UPDATE"),
            {"office_id": job.office_id, "case_id": job.case_id},
        )
    known = session.execute(
        text(
            "SELECT id FROM desk.document WHERE office_id = :office_id AND subject_id = :subject_id AND kind = 'paper' "
            "AND paper = :paper AND copy = :copy AND content_type = :pdf"
        ),
        {
            "office_id": job.office_id,
            "subject_id": job.subject_id,
            "paper": job.kind.value,
            "copy": job.copy,
            "pdf": PDF,
        },
    ).scalar_one_or_none()
    if known is not None:
        return UUID(str(known))
    ids = [
        documents.store(
            session,
            job.office_id,
            job.case_id,
            IncomingFile(f"{job.file_stem}.{ending}", content_type, data),
            kind="paper",
            title=job.title,
            subject_id=job.subject_id,
            paper=job.kind.value,
            copy=job.copy,
            number=job.number,
            template_id=job.template_id,
            template_sha256=job.template_sha256,
        )
        for ending, content_type, data in (("docx", DOCX, docx), ("pdf", PDF, pdf))
    ]
    session.execute(
        text("SELECT desk.announce(:office_id, :about)"),
        {"office_id": job.office_id, "about": job.case_id or job.subject_id},
    )
    return ids[-1]


def qr_png(code: str) -> bytes:
    """The QR code of a paper as a PNG, large enough to stay sharp in print.

    Its mask is given: to weigh all eight takes longer than the rest of the sheet's values, and readers take any.
    """
    import segno

    target = io.BytesIO()
    segno.make(code, error="q", mask=_MASK, boost_error=False).save(target, kind="png", scale=8, border=2)
    return target.getvalue()
