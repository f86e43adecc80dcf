"""The gate and the delivery itself (standards, prosedur 7); what follows stands in `after_delivery`."""

from __future__ import annotations

from dataclasses import asdict, replace
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Delivery, DeliveryFailure, GateOverride, OverrideRefusal, OverrideRequest
from desk.rules.case import Channel, Data, OverrideFacts, ResultsFacts
from desk.rules.deed import Deed, Outcome
from desk.rules.delivery import missing_for_delivery, why_not_mail_to
from desk.rules.inputs import (
    AddressConfirmation,
    DataSent,
    DeliveryReport,
    IncomingMessage,
    MailOut,
    Reason,
)
from desk.rules.package import why_not_password_way
from desk.rules.papers import PaperKind
from desk.services import outbox
from desk.services.case_file import facts
from desk.services.conversation import keep_message, keep_sent_text
from desk.services.intake import write_letter

_CHECKED = text("""
SELECT p.id, p.version,
  (SELECT jsonb_agg(jsonb_build_object('name', f.name, 'size', f.size, 'sha256', f.sha256, 'rows', f.rows,
     'variables', f.variables) ORDER BY f.position)
   FROM desk.prepared_file f WHERE f.office_id = p.office_id AND f.preparation_id = p.id) AS manifest,
  (SELECT g.id FROM desk.gate_override g WHERE g.office_id = p.office_id AND g.case_id = p.case_id
   ORDER BY g.at DESC LIMIT 1) AS override_id
FROM desk.preparation p WHERE p.office_id = :office_id AND p.case_id = :case_id ORDER BY p.attempt DESC LIMIT 1
""")

_LAST = text("""
SELECT d.id FROM desk.delivery d WHERE d.office_id = :office_id AND d.case_id = :case_id
ORDER BY d.sequence DESC LIMIT 1
""")


def confirm_address(_session: Session, deed: Deed, asked: AddressConfirmation) -> Outcome:
    """Keeps the address that the customer has confirmed for the data."""
    address = asked.address.strip()
    if not address:
        raise Refused("Alamat tujuan masih kosong.")
    return Outcome(
        f"Alamat tujuan dikonfirmasi: {address} ({deed.case.channel.label}).", changes={"address_confirmed": address}
    )


def ask_override(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """An officer asks the supervisor to let the data leave before the gate is complete."""
    missing = ", ".join(missing_for_delivery(deed.case))
    request = OverrideFacts(uuid4(), asked.reason.strip(), deed.actor.login)
    session.execute(
        insert(OverrideRequest).values(
            office_id=deed.office_id, id=request.id, case_id=deed.case_id, reason=request.reason, missing=missing
        )
    )
    return Outcome(
        f"Izin pengiriman tanpa {missing} dimohon kepada penyelia.",
        request.reason,
        changes={"override_asked": request},
        subject_id=request.id,
    )


def refuse_override(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """The supervisor keeps the gate closed; the officer reads why."""
    request = deed.case.override_asked
    assert request is not None, "the rule has looked"
    reason = asked.reason.strip()
    session.execute(
        insert(OverrideRefusal).values(
            office_id=deed.office_id, id=uuid4(), case_id=deed.case_id, request_id=request.id, reason=reason
        )
    )
    return Outcome(
        "Permohonan izin pengiriman ditolak penyelia.",
        reason,
        changes={"override_asked": replace(request, refused=reason)},
        subject_id=request.id,
    )


def override_gate(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """The supervisor lets the data leave before the gate is complete; the reason stays in the case file."""
    missing = ", ".join(missing_for_delivery(deed.case))
    session.execute(
        insert(GateOverride).values(
            office_id=deed.office_id, id=uuid4(), case_id=deed.case_id, reason=asked.reason, missing=missing
        )
    )
    return Outcome(
        f"Pengiriman diizinkan penyelia tanpa {missing}.", asked.reason, changes={"override_by": deed.actor.login}
    )


def deliver(session: Session, deed: Deed, asked: DataSent) -> Outcome:
    """Records what goes out: the checked files as they were checked, where to, and over which channel."""
    case = deed.case
    package = asked.package
    if package is not None and (reason := why_not_password_way(case.channel, package.password_by)):
        raise Refused(reason)
    if asked.mail is not None and package is None:
        raise Refused("Surel dari sini membawa paket data. Buat paketnya dahulu, atau matikan “kirim dari sini”.")
    if asked.mail is not None and (reason := why_not_mail_to(case, asked.mail.recipients)):
        raise Refused(reason)
    kept = keep_sent_text(session, deed, asked)
    checked = session.execute(_CHECKED, {"office_id": deed.office_id, "case_id": deed.case_id}).one()
    number = write_letter(session, deed, PaperKind.DELIVERY_NOTE, {"version": checked.version, "note": asked.note})
    delivery_id = uuid4()
    address = case.address_confirmed or case.email or case.phone or case.customer_name
    promised = session.execute(
        insert(Delivery)
        .values(
            office_id=deed.office_id,
            id=delivery_id,
            case_id=deed.case_id,
            preparation_id=checked.id,
            override_id=checked.override_id,
            receipt_id=case.payment.receipt_id,
            sequence=case.files.deliveries + 1,
            version=checked.version,
            delivered_on=case.today,
            channel=case.channel,
            address=address,
            manifest=checked.manifest,
            note=asked.note,
            package=[asdict(part) for part in package.parts] if package else [],
            password_by=package.password_by if package else None,
        )
        .returning(Delivery.check_until, Delivery.results_due)
    ).one()
    owed = ResultsFacts(promised.results_due) if promised.results_due else None
    repaired = "perbaikan " if case.files.correction_due else ""
    what = "Data" if checked.version == 1 else f"Data {repaired}versi {checked.version}"
    sentence = f"{what} ({len(checked.manifest)} berkas) dikirim ke {address} dengan tanda terima {number}."
    if asked.mail is not None and package is not None:
        assert kept is not None, "a mail has a text"
        mails = _put_into_mails(session, deed, asked, delivery_id, kept)
        sentence = (
            f"{what} ({len(checked.manifest)} berkas) masuk surel keluar untuk {', '.join(asked.mail.recipients)} "
            f"dalam {mails} surel, dengan tanda terima {number}."
        )
    return Outcome(
        sentence + (f" Paket terkunci; kata sandi lewat {package.password_by.label}." if package else ""),
        asked.note,
        moves=(Data.SENDING if asked.mail is not None else Data.DELIVERED,),
        changes={
            "files": replace(
                case.files,
                deliveries=case.files.deliveries + 1,
                delivered_on=case.today,
                failed="",
                check_until=promised.check_until,
            ),
            "late": None,
            "results": case.results or owed,
        },
        subject_id=delivery_id,
    )


def _put_into_mails(session: Session, deed: Deed, asked: DataSent, delivery_id: UUID, first: UUID) -> int:
    """One mail per part of the package: the first with text and papers, the others with one line. Gives how many."""
    package, mail = asked.package, asked.mail
    assert package is not None
    assert mail is not None
    if len(package.paths) != len(package.parts):
        raise Refused("Letak paket di komputer ini tidak diketahui. Buat paketnya sekali lagi.")
    of, number = len(package.parts), deed.case.number
    for at, (part, path) in enumerate(zip(package.parts, package.paths, strict=True), start=1):
        outgoing_id = first
        if at > 1:
            message = IncomingMessage(
                sender=deed.actor.name,
                subject=f"{asked.subject} (bagian {at} dari {of})",
                text=f"Terlampir {part.name}, bagian {at} dari {of} paket data permohonan {number}. "
                "Pengantar dan kuitansinya ada pada surel bagian 1.",
                message_id=asked.message_id.replace("@", f".{at}@", 1),
                from_office=True,
            )
            kept = keep_message(session, deed.office_id, deed.case_id, Channel.EMAIL, message)
            further = MailOut(mail.recipients, (), (*mail.answers, asked.message_id))
            outgoing_id = outbox.put(session, deed.office_id, deed.case_id, kept, further)
        carried = outbox.CarriedPart(delivery_id, part.name, path, part.size, part.sha256)
        outbox.carry(session, deed.office_id, outgoing_id, at, carried)
    return of


def confirm_sent(_session: Session, deed: Deed, _asked: None) -> Outcome:
    """The mail server has taken every part of the package."""
    version = deed.case.files.version
    return Outcome(f"Data{'' if version == 1 else f' versi {version}'} terkirim: server surel menerima seluruh paket.")


def reopen_delivery(session: Session, deed: Deed, asked: Reason | DeliveryReport) -> Outcome:
    """The last delivery did not arrive: parts that have not left stay here, and the data can be sent again."""
    delivery_id = session.execute(_LAST, {"office_id": deed.office_id, "case_id": deed.case_id}).scalar_one()
    reason = asked.reason.strip()
    session.execute(
        insert(DeliveryFailure).values(
            office_id=deed.office_id, id=uuid4(), case_id=deed.case_id, delivery_id=delivery_id, reason=reason
        )
    )
    held = outbox.hold_back(session, deed.office_id, delivery_id, f"Pengiriman dibuka lagi: {reason}")
    rest = f" {held} surel tidak dikirim lagi." if held else ""
    trouble = facts(session, deed.office_id, deed.case_id).mail_trouble
    return Outcome(
        f"Kiriman data tidak sampai; langkah kirim terbuka lagi.{rest}",
        reason,
        changes={"files": replace(deed.case.files, failed=reason), "mail_trouble": trouble},
        subject_id=delivery_id,
    )
