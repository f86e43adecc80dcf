"""The paper originals of the SPPD: on the way, received, checked, refused, filed (standards, prosedur 5)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import CustodyEntry
from desk.rules.case import AgreementFacts
from desk.rules.codes import decode
from desk.rules.custody import EXPECTED, NOT_ACCEPTED, Custody
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import (
    CourierInput,
    Fault,
    FilingPlace,
    IncomingFile,
    OriginalCheck,
    OriginalRefusal,
    OriginalScan,
    ReceivedInput,
)
from desk.rules.numbering import with_kind
from desk.rules.originals import (
    after_step,
    why_not_accept,
    why_not_copy,
    why_not_received_on,
    why_not_refuse,
)
from desk.rules.papers import PaperKind
from desk.rules.rule_book import stamp_in_force
from desk.rules.stamp_duty import why_not_accept_stamp
from desk.services import documents
from desk.services.intake import write_letter
from desk.services.rule_book import rules_for


def note_courier(session: Session, deed: Deed, asked: CourierInput) -> Outcome:
    """Notes that a copy is on its way with a courier."""
    _refuse(why_not_copy(deed.case, asked.copy, *EXPECTED))
    note = " ".join(part for part in (asked.courier.strip(), asked.tracking.strip()) if part)
    return _step(session, deed, asked.copy, Custody.POSTED, deed.case.today, f"dikirim dengan {note}", note=note)


def receive_original(session: Session, deed: Deed, asked: ReceivedInput) -> Outcome:
    """Notes that a copy lies on the mail table; a scanned code must be the code of exactly this copy."""
    case = deed.case
    _refuse(why_not_received_on(case, asked.received_on))
    _refuse(why_not_copy(case, asked.copy, *EXPECTED))
    if asked.code.strip():
        _refuse(_why_not_this_code(deed, asked))
    return _step(session, deed, asked.copy, Custody.RECEIVED, asked.received_on, "tiba di meja surat")


def accept_original(session: Session, deed: Deed, check: OriginalCheck) -> Outcome:
    """Accepts a copy on all five ticks, with the materai in force on the day it was signed (UU 10/2020)."""
    case = deed.case
    _refuse(why_not_copy(case, check.copy, Custody.RECEIVED))
    _refuse(why_not_accept(case, check))
    stamp = stamp_in_force(rules_for(session, case), check.signed_on, deed.office_id)
    _refuse(
        why_not_accept_stamp(
            check.stamp_kind, check.stamp_value, check.signed_on, stamp, reference=check.stamp_reference
        )
    )
    outcome = _step(
        session,
        deed,
        check.copy,
        Custody.ACCEPTED,
        case.today,
        "diterima: lima hal sesuai",
        signed_on=check.signed_on,
        stamp_kind=check.stamp_kind,
        stamp_value=check.stamp_value,
        stamp_reference=check.stamp_reference.strip(),
        details={"ticks": sorted(tick.value for tick in check.ticks)},
    )
    if check.scan is not None:
        _keep_scan(session, deed, check.copy, check.scan)
    return outcome


def attach_original_scan(session: Session, deed: Deed, asked: OriginalScan) -> Outcome:
    """Keeps the scan of a copy that was accepted; the database refuses any other (UU 10/2020 pasal 21)."""
    _refuse(why_not_copy(deed.case, asked.copy, *(step for step in Custody if step not in NOT_ACCEPTED)))
    _keep_scan(session, deed, asked.copy, asked.scan)
    agreement = deed.case.agreement
    assert agreement is not None, "the rule has seen an SPPD"
    named = with_kind("SPPD", agreement.number) + (f" rangkap {asked.copy}" if agreement.copies > 1 else "")
    return Outcome(f"Pindaian naskah asli {named} disimpan.", subject_id=agreement.id)


def _keep_scan(session: Session, deed: Deed, copy: int, scan: IncomingFile) -> None:
    assert deed.case.agreement is not None, "the rule has seen an SPPD"
    documents.store(
        session,
        deed.office_id,
        deed.case_id,
        scan,
        kind="scan",
        title=f"Pindaian SPPD rangkap {copy}",
        subject_id=deed.case.agreement.id,
        copy=copy,
    )


def refuse_original(session: Session, deed: Deed, refusal: OriginalRefusal) -> Outcome:
    """Refuses a copy with reasons: it goes back to the sender with a letter, and nothing of it is kept (pasal 21)."""
    _refuse(why_not_copy(deed.case, refusal.copy, Custody.RECEIVED))
    _refuse(why_not_refuse(refusal))
    faults = [fault for fault in Fault if fault in refusal.faults]
    number = write_letter(
        session,
        deed,
        PaperKind.ORIGINAL_REFUSAL,
        {"copy": refusal.copy, "faults": [fault.value for fault in faults], "note": refusal.note},
    )
    words = "; ".join(fault.label for fault in faults)
    return _step(
        session,
        deed,
        refusal.copy,
        Custody.REFUSED,
        deed.case.today,
        f"ditolak dan dikembalikan dengan surat {number}",
        reason=f"{words}. {refusal.note}".strip(),
        details={"faults": [fault.value for fault in faults], "letter": number},
    )


def file_original(session: Session, deed: Deed, place: FilingPlace) -> Outcome:
    """Notes in which binder, on which sheet an accepted copy stands."""
    _refuse(why_not_copy(deed.case, place.copy, Custody.ACCEPTED))
    if not place.binder.strip() or not place.sheet.strip():
        raise Refused("Map dan nomor lembar harus diisi, supaya naskah dapat ditemukan.")
    where = f"map {place.binder.strip()}, lembar {place.sheet.strip()}"
    return _step(
        session,
        deed,
        place.copy,
        Custody.FILED,
        deed.case.today,
        f"disimpan di {where}",
        note=where,
        details={"binder": place.binder.strip(), "sheet": place.sheet.strip()},
    )


def _step(
    session: Session,
    deed: Deed,
    copy: int,
    step: Custody,
    on_day: date,
    words: str,
    *,
    reason: str = "",
    note: str = "",
    **values: object,
) -> Outcome:
    agreement = deed.case.agreement
    assert agreement is not None, "the rule has seen an SPPD"
    next_position = (
        "(SELECT coalesce(max(u.position), 0) + 1 FROM desk.custody u WHERE u.office_id = :custody_office "
        "AND u.case_id = :custody_case AND u.agreement_id = :custody_agreement AND u.copy = :custody_copy)"
    )
    session.execute(
        insert(CustodyEntry).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            agreement_id=agreement.id,
            copy=copy,
            position=text(next_position).bindparams(
                custody_office=deed.office_id,
                custody_case=deed.case_id,
                custody_agreement=agreement.id,
                custody_copy=copy,
            ),
            step=step,
            on_day=on_day,
            note=note,
            **values,
        )
    )
    states, track = after_step(deed.case, copy, step)
    named = with_kind("SPPD", agreement.number) + (f" rangkap {copy}" if agreement.copies > 1 else "")
    changed = AgreementFacts(
        agreement.id,
        agreement.number,
        agreement.year,
        agreement.sequence,
        agreement.issued_on,
        agreement.copies,
        states,
    )
    return Outcome(
        f"Naskah asli {named} {words}.", reason, moves=(track,), changes={"agreement": changed}, subject_id=agreement.id
    )


def _why_not_this_code(deed: Deed, asked: ReceivedInput) -> str | None:
    code = decode(asked.code)
    case, agreement = deed.case, deed.case.agreement
    assert agreement is not None
    if code.kind is not PaperKind.SPPD:
        return f"Kode itu milik {code.kind.label}, bukan SPPD. Pindai kode pada halaman SPPD."
    if code.office != case.office_code:
        return f"Naskah itu milik kantor {code.office}. Teruskan kepada kantor tersebut."
    if (code.year, code.number) != (agreement.year, agreement.sequence):
        return f"Kode itu milik SPPD lain, bukan {agreement.number}. Buka permohonan yang sesuai."
    if code.copy != asked.copy:
        return f"Kode itu milik rangkap {code.copy}, bukan rangkap {asked.copy}."
    return None


def _refuse(reason: str | None) -> None:
    if reason:
        raise Refused(reason)
