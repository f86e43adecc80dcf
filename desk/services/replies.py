"""Ready texts for the customer: by step and channel, filled from the case, with the files that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.adapters import mail_out
from desk.errors import Refused
from desk.rules.billing import open_code
from desk.rules.case import About, Channel, Data, Ladder, MessageKind, Money
from desk.rules.dates import date_text
from desk.rules.inputs import MailOut, ReadyUse, SentBy
from desk.rules.outcomes import LETTERS
from desk.rules.package import PASSWORD_FIELD
from desk.rules.papers.kinds import PaperKind
from desk.rules.papers.replies import ReadyText, ReplyStep
from desk.rules.reminders import URGENT_FROM, due_now
from desk.rules.rupiah import in_words, rupiah
from desk.services import outbox
from desk.services.after_delivery import survey_link
from desk.services.case_file import CaseView, DocumentEntry
from desk.services.ready_texts import text_for
from desk.services.rule_book import rules_of
from desk.services.sheets import background

STEP_OF_ACTION: Mapping[str, ReplyStep] = {
    "return_request": ReplyStep.MISSING_ABSTRACT,
    "send_offer": ReplyStep.OFFER,
    "renew_invoice": ReplyStep.OFFER,
    "send_sample": ReplyStep.SAMPLE,
    "redirect_case": ReplyStep.REDIRECT,
    "refuse_original": ReplyStep.ORIGINAL_REFUSED,
    "deliver": ReplyStep.DATA_SENT,
    "close_case": ReplyStep.CLOSING,
    "remind_customer": ReplyStep.REMINDER,
    "remind_results": ReplyStep.RESULTS_DUE,
}
_FREE = {ReplyStep.OFFER: ReplyStep.OFFER_FREE, ReplyStep.DATA_SENT: ReplyStep.DATA_SENT_FREE}
_PAPERS_OF = {
    ReplyStep.OFFER: (PaperKind.INVOICE, PaperKind.SPPD),
    ReplyStep.OFFER_FREE: (PaperKind.INVOICE, PaperKind.SPPD),
    ReplyStep.ORIGINAL_REFUSED: (PaperKind.ORIGINAL_REFUSAL,),
    ReplyStep.CLOSING: (PaperKind.CLOSING,),
    ReplyStep.REDIRECT: (PaperKind.REDIRECT,),
}
_DATA = frozenset({ReplyStep.DATA_SENT, ReplyStep.DATA_SENT_FREE, ReplyStep.DATA_CORRECTED})
_AT_ANY_TIME = (ReplyStep.MISSING_ABSTRACT, ReplyStep.MISSING_REQUIREMENTS, ReplyStep.PROOF_RECEIVED)
_AT_ITS_TIME = (
    ReplyStep.REGISTERED,
    ReplyStep.CLEAR,
    ReplyStep.PROOF_UNSEEN,
    ReplyStep.ORIGINAL_ACCEPTED,
    ReplyStep.CORRECTION,
    ReplyStep.LATE_REFUSED,
)
"""Said when the case stands there: a text whose field is still empty is not taken."""
_ABOUT_MONEY = frozenset({PaperKind.BILLING, *LETTERS.values()})
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class ReadyChoice:
    """A ready text that a person may take for an answer; `refusal` names the field that is still empty."""

    label: str
    subject: str = ""
    body: str = ""
    refusal: str = ""
    ready: ReadyUse | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes to the customer: where to, over which channel, the text, and the files that belong to it.

    `answers` are the Message-IDs of the thread, the last one is answered.
    """

    step: ReplyStep | None
    channel: Channel
    address: str
    subject: str
    body: str
    files: tuple[DocumentEntry, ...]
    office_code: str = ""
    office_name: str = ""
    office_email: str = ""
    answers: tuple[str, ...] = ()
    by_program: bool = False
    """Whether the program itself can send it: the office has set its mail up. Data go along as a package."""
    data: bool = False
    """Whether the package of the form goes along."""
    choices: tuple[ReadyChoice, ...] = ()
    """Ready texts for an answer that belongs to no step of its own."""
    ready: ReadyUse | None = None
    """Which version of which ready text it is."""


def answer(session: Session, view: CaseView, officer: str) -> Outgoing:
    """An answer at any time: empty, with the ready texts that belong to no deed beside it."""
    case = view.facts
    values = _values(session, view, officer)
    choices = []
    for step in (*_AT_ANY_TIME, *_AT_ITS_TIME):
        try:
            ready, use = text_for(session, case.office_id, step, case.channel)
            choices.append(ReadyChoice(_sentence_case(step.label), *ready.filled(values), ready=use))
        except Refused as refused:
            choices.append(ReadyChoice(_sentence_case(step.label), refusal=str(refused)))
    last = next((said.subject for said in reversed(view.messages) if said.subject), "")
    subject = f"[{case.number}] {last.removeprefix(f'[{case.number}] ')}".strip() if last else f"[{case.number}]"
    return _addressed(session, view, None, subject, "", tuple(choices))


def outgoing(session: Session, view: CaseView, step: ReplyStep, officer: str) -> Outgoing:
    """The ready text of a step for the channel of the case; an empty field raises Refused and names it."""
    case = view.facts
    if step is ReplyStep.MISSING_ABSTRACT and not case.abstract.missing():
        step = ReplyStep.MISSING_REQUIREMENTS
    if step is ReplyStep.DATA_SENT and case.files.version > 1:
        step = ReplyStep.DATA_CORRECTED
    if case.money is Money.FREE:
        step = _FREE.get(step, step)
    if step is ReplyStep.REMINDER and any(ladder.rung >= URGENT_FROM for ladder in due_now(case)):
        step = ReplyStep.REMINDER_LAST
    ready, use = text_for(session, case.office_id, step, case.channel)
    subject, body = ready.filled(_values(session, view, officer))
    if step is ReplyStep.CLOSING and (link := survey_link(session, case)):
        body += f"\n\nBantu kami dengan mengisi Survei Kebutuhan Data: {link}"
    return replace(_addressed(session, view, step, subject, body), ready=use)


def new_message_id(out: Outgoing) -> str:
    """A Message-ID for a mail of this office that nobody has used yet."""
    domain = out.office_email.partition("@")[2] or "pst.bps.go.id"
    return mail_out.new_message_id(out.office_code, domain=domain)


def sent_by_program(out: Outgoing) -> SentBy | None:
    """The ready text as the program itself would send it, unchanged; None where a person has to send it."""
    if not out.by_program or out.data:
        return None
    mail = MailOut((out.address,), tuple(entry.id for entry in out.files), out.answers)
    return SentBy(
        text=out.body, note=out.address, subject=out.subject, message_id=new_message_id(out), mail=mail, ready=out.ready
    )


def password_message(session: Session, view: CaseView, officer: str) -> str:
    """The words that bring the password of a package; `PASSWORD_FIELD` stands where the password comes."""
    ready, _ = text_for(session, view.facts.office_id, ReplyStep.PASSWORD, Channel.WHATSAPP)
    return ready.filled({**_values(session, view, officer), "sandi": PASSWORD_FIELD})[1]


def _addressed(
    session: Session,
    view: CaseView,
    step: ReplyStep | None,
    subject: str,
    body: str,
    choices: tuple[ReadyChoice, ...] = (),
) -> Outgoing:
    """The text with the way of the case's channel."""
    case = view.facts
    office = background(session, case.office_id, case.id).office
    reachable = {Channel.EMAIL: case.email, Channel.WHATSAPP: case.phone, Channel.LIVE_CHAT: case.email or case.phone}
    address = reachable.get(case.channel) or case.email or case.phone or case.customer_name
    if step in _DATA:
        address = case.address_confirmed or address
    return Outgoing(
        step=step,
        channel=case.channel,
        address=address,
        subject=subject,
        body=body,
        files=_files(view, step) if step else _money_letters(session, view),
        choices=choices,
        data=step in _DATA,
        office_code=office.code,
        office_name=office.name,
        office_email=office.email,
        answers=tuple(message.message_id for message in view.messages if message.message_id),
        by_program=(
            case.channel is Channel.EMAIL
            and "@" in address
            and bool((account := outbox.account(session, case.office_id)) and account.active)
        ),
    )


def tried(session: Session, view: CaseView, wanted: ReadyText, officer: str) -> tuple[str, str]:
    """Subject and body of a text as they would read in this case; Refused with the fields that are empty in it."""
    return wanted.filled({**_values(session, view, officer), "sandi": PASSWORD_FIELD})


def _files(view: CaseView, step: ReplyStep) -> tuple[DocumentEntry, ...]:
    """The newest papers of the step as PDF; with the offer a sample that is ready, with data the kuitansi."""
    files = []
    for kind in _PAPERS_OF.get(step, ()):
        sheets = [entry for entry in view.documents if entry.paper is kind and entry.content_type == _PDF]
        files += [entry for entry in sheets if entry.subject_id == sheets[-1].subject_id]
    if view.facts.sample_allowed and step in (ReplyStep.SAMPLE, ReplyStep.OFFER, ReplyStep.OFFER_FREE):
        files += [entry for entry in view.documents if entry.kind == "sample"][-1:]
    if step in (ReplyStep.DATA_SENT, ReplyStep.DATA_CORRECTED):
        receipt = view.facts.payment.receipt_id
        files += [entry for entry in view.documents if entry.kind == "scan" and entry.subject_id == receipt]
    return tuple(files)


def _money_letters(session: Session, view: CaseView) -> tuple[DocumentEntry, ...]:
    """The letters about money that have not gone out yet: newer than the last message, and still holding."""
    case = view.facts
    sent = [said.at for said in view.messages if said.kind is MessageKind.OUTGOING]
    letters = [
        entry
        for entry in view.documents
        if entry.paper in _ABOUT_MONEY and entry.content_type == _PDF and (not sent or entry.at > max(sent))
    ]
    if not letters:
        return ()
    ended = session.scalars(
        text(
            "SELECT l.id FROM desk.letter l WHERE l.office_id = :office_id AND l.case_id = :case_id "
            "AND desk.ended_mark(l.office_id, l.kind, l.id) <> ''"
        ),
        {"office_id": case.office_id, "case_id": case.id},
    ).all()
    return tuple(entry for entry in letters if entry.subject_id not in ended)


def _values(session: Session, view: CaseView, officer: str) -> dict[str, str]:
    case, invoice, agreement = view.facts, view.facts.invoice, view.facts.agreement
    of = background(session, case.office_id, case.id)
    in_force = rules_of(session, case)
    account = of.one(
        "SELECT coalesce(o.profile->'account', '{}'::jsonb) AS account FROM desk.office o WHERE o.id = :office_id"
    )["account"]
    values = {
        "pengguna_nama": case.customer_name,
        "nomor_permohonan": case.number,
        "kantor_nama": of.office.name,
        "petugas_nama": officer,
        "kekurangan": _points(case.abstract.missing() or case.unmet()),
        "saluran_bukti": of.office.proof_channel,
        "jumlah_rangkap": f"{in_force.sppd_copies} ({in_words(in_force.sppd_copies)})",
        "materai_nilai": rupiah(in_force.stamp.duty),
        "penanda_tangan": in_force.signer_for(case.customer_class),
        "alamat_naskah": ", ".join(of.office.original_address),
        "nomor_kuitansi": case.payment.receipt_number or "",
        "daftar_data": _points(line.title for line in case.accepted_lines()),
        "hari_perbaikan": f"{in_force.correction_days} ({in_words(in_force.correction_days)})",
        "saluran_konsultasi": of.office.consultation,
        "alasan": _points(f"{line.title}: {line.fit_reason}" for line in case.lines if line.fit_reason),
        "pengaduan": _points(f"{contact.label}: {contact.value}" for contact in of.office.complaints),
    }
    if invoice is not None:
        values |= {
            "nomor_invoice": invoice.number,
            "total_rupiah": rupiah(invoice.total),
            "berlaku_sampai": date_text(invoice.valid_until),
        }
        ways = []
        if account:
            ways.append(
                f"{account['bank']} {account['number']} a.n. {account['holder']}, "
                f"dengan berita transfer {invoice.payment_code}"
            )
        if (code := open_code(case)) is not None:
            ways.append(f"kode billing SIMPONI {code.code}, berlaku sampai {date_text(code.expires_on)}")
        values["cara_bayar"] = "; atau ".join(ways)
    values["contoh"] = case.sample[:1].lower() + case.sample[1:]
    if agreement is not None:
        values["nomor_sppd"] = agreement.number
    if case.service is not None and case.service.on is not None:
        values["batas_layanan"] = date_text(case.service.on)
    if case.files.correction_due is not None and case.data is Data.CORRECTING:
        values["batas_perbaikan"] = date_text(case.files.correction_due)
    points = [_awaited(ladder, values) for ladder in due_now(case)]
    values["yang_ditunggu"] = _points(points) if all(points) else ""
    if case.files.version > 1:
        values["versi_data"] = f"versi {case.files.version}"
        values["versi_lama"] = f"data versi {case.files.version - 1} yang kami kirim sebelumnya"
    if case.files.check_until is not None:
        values["periksa_sampai"] = date_text(case.files.check_until)
    if case.results is not None:
        values["hasil_paling_lambat"] = date_text(case.results.due_on)
    return values


_SAID_OF = {
    About.PAYMENT: ("nomor_invoice", "total_rupiah", "berlaku_sampai", "saluran_bukti"),
    About.ORIGINAL: ("nomor_sppd", "penanda_tangan", "materai_nilai", "alamat_naskah"),
}


def _awaited(ladder: Ladder, values: Mapping[str, str]) -> str:
    """What is awaited, as a line of a reminder; empty when a part of it is not known."""
    if not all(values.get(name, "").strip() for name in _SAID_OF[ladder.about]):
        return ""
    if ladder.about is About.PAYMENT:
        return (
            f"bukti bayar invoice {values['nomor_invoice']} sebesar {values['total_rupiah']}, berlaku sampai "
            f"{values['berlaku_sampai']}, dikirim melalui {values['saluran_bukti']}"
        )
    return (
        f"naskah asli SPPD {values['nomor_sppd']}, ditandatangani {values['penanda_tangan']} di atas materai "
        f"{values['materai_nilai']}, dikirim ke {values['alamat_naskah']}"
    )


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _points(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
