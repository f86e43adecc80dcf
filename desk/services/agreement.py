"""The paper originals of the SPPD: on the way, received, checked, refused, filed (standards, prosedur 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import CustodyEntry
from desk.rules.case import AgreementFacts
from desk.rules.codes import decode
from desk.rules.custody import EXPECTED, NOT_ACCEPTED, TO_FILE, Custody
from desk.rules.dates import date_text
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import (
    CopyHandedOut,
    Countersignature,
    CourierInput,
    Fault,
    FilingPlace,
    IncomingFile,
    Loan,
    LoanReturn,
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
    why_not_hand_out,
    why_not_loan,
    why_not_ready,
    why_not_received_on,
    why_not_refuse,
    why_not_without_proof,
)
from desk.rules.papers import PaperKind
from desk.rules.rule_book import stamp_in_force
from desk.rules.stamp_duty import why_not_accept_stamp
from desk.services import binders, documents
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
    _refuse(why_not_without_proof(check))
    if check.stamp_proof is not None:
        _keep_proof(session, deed, check.copy, check.stamp_proof)
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


def _keep_proof(session: Session, deed: Deed, copy: int, proof: IncomingFile) -> None:
    assert deed.case.agreement is not None, "the rule has seen an SPPD"
    documents.store(
        session,
        deed.office_id,
        deed.case_id,
        proof,
        kind="stamp_proof",
        title=f"Bukti materai SPPD rangkap {copy}",
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


def countersign_original(session: Session, deed: Deed, asked: Countersignature) -> Outcome:
    """Notes that the office has signed an accepted copy."""
    _refuse(why_not_copy(deed.case, asked.copy, Custody.ACCEPTED))
    if not asked.signer.strip():
        raise Refused("Tulis pejabat yang menandatangani naskah.")
    return _step(
        session,
        deed,
        asked.copy,
        Custody.COUNTERSIGNED,
        deed.case.today,
        f"ditandatangani {asked.signer.strip()}",
        note=asked.signer.strip(),
    )


def file_original(session: Session, deed: Deed, place: FilingPlace) -> Outcome:
    """Notes in which binder, on which sheet an accepted copy stands."""
    _refuse(why_not_copy(deed.case, place.copy, *TO_FILE))
    _refuse(why_not_ready(deed.case, place.copy))
    return _into_binder(session, deed, place.copy, place.binder, place.sheet, "disimpan di")


def move_original(session: Session, deed: Deed, place: FilingPlace) -> Outcome:
    """Notes that a filed copy stands in another place from now on."""
    _refuse(why_not_copy(deed.case, place.copy, Custody.FILED))
    return _in_place(_into_binder(session, deed, place.copy, place.binder, place.sheet, "dipindahkan ke"))


def lend_original(session: Session, deed: Deed, loan: Loan) -> Outcome:
    """Notes who takes a filed copy along, and until when."""
    _refuse(why_not_copy(deed.case, loan.copy, Custody.FILED))
    _refuse(why_not_loan(deed.case, loan))
    borrower = " ".join(loan.borrower.split())
    return _in_place(
        _step(
            session,
            deed,
            loan.copy,
            Custody.LENT,
            deed.case.today,
            f"dipinjam {borrower}, kembali paling lambat {date_text(loan.due_on)}",
            reason=loan.purpose.strip(),
            note=loan.purpose.strip(),
            borrower=borrower,
            due_on=loan.due_on,
        )
    )


def return_original(session: Session, deed: Deed, asked: LoanReturn) -> Outcome:
    """Notes that a lent copy is back on its sheet, or in another place."""
    _refuse(why_not_copy(deed.case, asked.copy, Custody.LENT))
    agreement = deed.case.agreement
    assert agreement is not None, "the rule has seen an SPPD"
    binder, sheet = asked.binder, asked.sheet
    if not binder.strip():
        before = session.execute(
            text(
                "SELECT b.name, u.sheet FROM desk.custody u "
                "JOIN desk.binder b ON b.office_id = u.office_id AND b.id = u.binder_id "
                "WHERE u.office_id = :office_id AND u.agreement_id = :id AND u.copy = :copy "
                "ORDER BY u.position DESC LIMIT 1"
            ),
            {"office_id": deed.office_id, "id": agreement.id, "copy": asked.copy},
        ).one()
        binder, sheet = before.name, str(before.sheet)
    return _in_place(_into_binder(session, deed, asked.copy, binder, sheet, "kembali dari pinjaman ke"))


def hand_out_original(session: Session, deed: Deed, asked: CopyHandedOut) -> Outcome:
    """Notes that the customer's own copy went back to the customer; another one stays with the office."""
    case = deed.case
    _refuse(why_not_copy(case, asked.copy, *TO_FILE, Custody.FILED))
    _refuse(why_not_ready(case, asked.copy))
    _refuse(why_not_hand_out(case, deed.actor))
    note = " ".join(part for part in (asked.courier.strip(), asked.tracking.strip()) if part)
    if not asked.courier.strip():
        raise Refused("Tulis lewat siapa rangkap itu diserahkan: kurir, atau nama yang mengambil.")
    words = f"diserahkan kepada pengguna data lewat {note}"
    return _step(session, deed, asked.copy, Custody.HANDED_OUT, case.today, words, note=note)


def _in_place(outcome: Outcome) -> Outcome:
    """What happens to a filed paper moves no track: its case may long be closed."""
    return replace(outcome, moves=())


def _into_binder(session: Session, deed: Deed, copy: int, binder: str, sheet: str, verb: str) -> Outcome:
    place = binders.place_for(session, deed.office_id, binder, sheet)
    return _step(
        session,
        deed,
        copy,
        Custody.FILED,
        deed.case.today,
        f"{verb} {place}" + (" (map baru)" if place.opened else ""),
        note=str(place),
        binder_id=place.binder_id,
        sheet=place.number,
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
    session.execute(
        insert(CustodyEntry).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            agreement_id=agreement.id,
            copy=copy,
            position=0,  # the server counts
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
        on_day if step is Custody.POSTED else agreement.posted_on,
    )
    return Outcome(
        f"Naskah asli {named} {words.rstrip('.')}.",
        reason,
        moves=(track,),
        changes={"agreement": changed},
        subject_id=agreement.id,
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
