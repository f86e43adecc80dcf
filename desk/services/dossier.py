"""The case file: what its front part says, and which stored files follow. Making one is written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.attempts import told
from desk.rules.audit_words import moment_text
from desk.rules.case import CaseFacts
from desk.rules.custody import Custody
from desk.rules.dates import date_text, local_date
from desk.rules.papers import CaseFilePaper, CustomerDetails, FiledPaper, OfficeDetails, PaperKind, Told
from desk.rules.papers.contexts import Context, case_file_context
from desk.rules.rupiah import rupiah
from desk.services import case_file
from desk.services.sheets import background

DECISIONS = frozenset(
    {
        "decide_fit", "declare_clear", "redirect_case", "return_from_consultation", "approve_relief", "reject_relief",
        "ask_override", "override_gate", "refuse_override", "void_invoice", "void_receipt", "reject_proof",
        "refuse_original", "return_data",
        "open_correction", "cancel_case", "close_case",
    }
)  # fmt: skip
"""Deeds that let something pass, refuse it, or take it back."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PDF = "application/pdf"
_KINDS = {
    "incoming": "berkas masuk", "id_card": "kartu identitas", "proof": "bukti bayar", "scan": "pindaian",
    "letter": "surat", "stamp_proof": "bukti materai", "sample": "contoh data",
}  # fmt: skip
NOT_SHOWN = "disimpan, tidak ditampilkan (data pribadi)"

_FILES = text("""
SELECT d.id, d.kind, d.paper, d.title, d.name, d.content_type, d.size, d.sha256, d.subject_id, d.copy,
  EXISTS (SELECT FROM desk.document k WHERE k.office_id = d.office_id AND k.sha256 = d.sha256 AND k.kind = 'id_card')
    OR x.document_id IS NOT NULL AS held, t.number AS destroyed_by, t.erased_on
FROM desk.document d
LEFT JOIN desk.destroyed_file x ON x.office_id = d.office_id AND x.document_id = d.id
LEFT JOIN desk.destruction t ON t.office_id = x.office_id AND t.id = x.destruction_id
WHERE d.office_id = :office_id AND d.case_id = :case_id ORDER BY d.at, d.name, d.id
""")
_TEMPLATE = text("""
SELECT content FROM desk.template
WHERE office_id IN (0, :office_id) AND id = desk.template_on(:office_id, 'case_file', desk.today(:office_id))
""")
_OFFICE = text("SELECT o.zone, i.training FROM desk.office o, desk.installation i WHERE o.id = :office_id")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the case; `held` ones are listed and never opened."""

    id: UUID
    title: str
    name: str
    what: str
    size: int
    sha256: str
    held: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that a case file is made of; `context` gives the values of the front part."""

    office_id: int
    number: str
    files: tuple[StoredFile, ...]
    training: bool
    template: bytes = field(repr=False)
    office: OfficeDetails = field(repr=False)
    customer: CustomerDetails = field(repr=False)
    paper: CaseFilePaper = field(repr=False)

    def context(self, pages: Sequence[str]) -> Context:
        """The values of the front part; `pages` says of each file where it stands."""
        listed = tuple(
            FiledPaper(each.title, f"{each.what} · {each.name}", each.size, each.sha256, where)
            for each, where in zip(self.files, pages, strict=True)
        )
        return case_file_context(self.office, self.customer, replace(self.paper, papers=listed))


def gather(session: Session, office_id: int, case_id: UUID, *, made_by: str) -> Dossier:
    """Reads what a case file says and writes down that it was made; Refused for who may not make one.

    Officer, supervisor and auditor of the office may: the database asks, and keeps who and when in `desk.view_entry`.
    """
    where = {"office_id": office_id, "case_id": case_id}
    session.execute(text("SELECT desk.note_case_file(:office_id, :case_id)"), where)
    template = session.execute(_TEMPLATE, {"office_id": office_id}).scalar_one_or_none()
    if template is None:
        raise Refused("Templat berkas kasus belum ada. Minta administrator memperbarui basis data.")
    of = background(session, office_id, case_id)
    view = case_file.case_view(session, office_id, case_id)
    around = session.execute(_OFFICE, {"office_id": office_id}).one()
    story = tuple(
        (entry.action, Told(moment_text(entry.at, around.zone), entry.actor, entry.sentence, entry.reason))
        for entry in view.story
    )
    return Dossier(
        office_id=office_id,
        number=view.facts.number,
        files=tuple(_files(session, where)),
        training=around.training,
        template=bytes(template),
        office=of.office,
        customer=of.customer(),
        paper=CaseFilePaper(
            case_number=view.facts.number,
            made_on=view.facts.today,
            made_by=made_by,
            state=view.facts.stage.label,
            summary=tuple(_summary(view.facts, around.zone)),
            decisions=tuple(told for action, told in story if action in DECISIONS),
            story=tuple(told for _, told in story),
            papers=(),
            deliveries=told(view.attempts),
            code=of.code(PaperKind.CASE_FILE, of.case["year"], of.case["sequence"]),
        ),
    )


def _files(session: Session, where: dict[str, object]) -> Iterator[StoredFile]:
    """The files, of a paper its pages only: the Word file says the same."""
    rows = session.execute(_FILES, where).all()
    paged = {(row.subject_id, row.paper, row.copy) for row in rows if row.paper and row.content_type == _PDF}
    for row in rows:
        if row.paper and row.content_type == _WORD and (row.subject_id, row.paper, row.copy) in paged:
            continue
        what = PaperKind.of(row.paper).label if row.paper else _KINDS.get(row.kind, row.kind)
        if row.destroyed_by:
            what += f", dimusnahkan {date_text(row.erased_on)} ({row.destroyed_by})"
        yield StoredFile(row.id, row.title or row.name, row.name, what, row.size, row.sha256, held=row.held)


def _summary(case: CaseFacts, zone: str) -> Iterator[tuple[str, str]]:
    yield "Diajukan", f"{date_text(local_date(case.registered_at, zone))} lewat {case.channel.label}"
    yield "Golongan", case.customer_class.label
    if case.abstract.title:
        yield "Abstraksi", case.abstract.title
    for line in case.lines:
        yield f"Data {line.position}", f"{line.title} ({line.fit.label})"
    if case.clear_on:
        yield "Clear", date_text(case.clear_on)
    if case.service_due:
        yield "Janji layanan", date_text(case.service_due)
    if case.invoice:
        until = date_text(case.invoice.valid_until)
        yield "Invoice", f"{case.invoice.number}, {rupiah(case.invoice.total)}, berlaku sampai {until}"
    if case.relief:
        decided = {None: "belum diputus", True: "disetujui", False: "ditolak"}[case.relief.approved]
        yield "Nol rupiah", f"{case.relief.percent}%, {decided}"
    paid = case.payment
    if paid.payment_amount is not None and paid.payment_on is not None:
        yield "Uang diterima", f"{rupiah(paid.payment_amount)}, {date_text(paid.payment_on)}"
    if paid.receipt_number:
        yield "Kuitansi", paid.receipt_number
    if case.agreement:
        held = ", ".join(Custody.of(step).label for step in case.agreement.copy_states)
        yield "SPPD", ", ".join(part for part in (case.agreement.number, held) if part)
    if case.files.delivered_on:
        yield "Data dikirim", f"{date_text(case.files.delivered_on)}, {case.files.deliveries} kali"
    if case.address_confirmed:
        yield "Alamat tujuan", case.address_confirmed
