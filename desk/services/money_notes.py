"""Money of a case that does not pay its invoice as it should: noted, told in the story, and answered by a letter."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import LineUse, LineUseEnd
from desk.rules.dates import date_text
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import MoneyNote, MoneyNoteEnd, MoneyOutcome
from desk.rules.outcomes import LETTERS
from desk.rules.statement import SEN, sen_text
from desk.services.intake import write_letter

_LINE = text("SELECT booked_on, amount_sen FROM desk.statement_line WHERE office_id = :office_id AND id = :id")
_USE = text("""
SELECT u.kind, u.amount_sen, l.booked_on FROM desk.line_use u
JOIN desk.statement_line l ON l.office_id = u.office_id AND l.id = u.line_id
WHERE u.office_id = :office_id AND u.case_id = :case_id AND u.id = :id AND u.kind <> 'payment'
""")


def note_money(session: Session, deed: Deed, asked: MoneyNote) -> Outcome:
    """Notes what the money is and issues the letter about it; the sheet is made afterwards."""
    invoice, outcome = deed.case.invoice, asked.outcome
    if invoice is None:
        raise Refused("Permohonan ini belum mempunyai invoice; uangnya tidak dapat dicatat padanya.")
    line = session.execute(_LINE, {"office_id": deed.office_id, "id": asked.line_id}).one_or_none()
    if line is None:
        raise Refused("Mutasi itu tidak ditemukan di kantor Anda; baca ulang daftarnya.")
    use_id, note = uuid4(), " ".join(asked.note.split())
    session.execute(
        insert(LineUse).values(
            office_id=deed.office_id,
            id=use_id,
            line_id=asked.line_id,
            kind=outcome.value,
            amount_sen=asked.amount_sen,
            note=note,
            case_id=deed.case_id,
        )
    )
    missing = invoice.total * SEN - asked.amount_sen
    details = {
        "use_id": str(use_id),
        "invoice_id": str(invoice.id),
        "received_sen": line.amount_sen if outcome is MoneyOutcome.OVER else asked.amount_sen,
        "received_on": line.booked_on.isoformat(),
        "apart_sen": missing if outcome is MoneyOutcome.PART else asked.amount_sen,
        "paid_on": deed.case.payment.payment_on.isoformat() if deed.case.payment.payment_on else "",
        "note": note,
    }
    number = write_letter(session, deed, LETTERS[outcome], details)
    return Outcome(
        f"Uang {sen_text(asked.amount_sen)} tanggal {date_text(line.booked_on)} dicatat sebagai {outcome.label} untuk "
        f"invoice {invoice.number}; surat {number} terbit.",
        note,
        subject_id=use_id,
    )


def withdraw_money_note(session: Session, deed: Deed, asked: MoneyNoteEnd) -> Outcome:
    """Takes a note about money of this case back; the money has no owner again, and its letter holds no longer."""
    values = {"office_id": deed.office_id, "case_id": deed.case_id, "id": asked.use_id}
    use = session.execute(_USE, values).one_or_none()
    if use is None:
        raise Refused("Catatan itu bukan milik permohonan ini; baca ulang daftarnya.")
    if not asked.reason.strip():
        raise Refused("Alasan belum ditulis; alasan itu tersimpan di riwayat permohonan.")
    session.execute(
        insert(LineUseEnd).values(
            office_id=deed.office_id, id=uuid4(), use_id=asked.use_id, reason=" ".join(asked.reason.split())
        )
    )
    return Outcome(
        f"Catatan {MoneyOutcome.of(use.kind).label} {sen_text(use.amount_sen)} tanggal {date_text(use.booked_on)} "
        "ditarik; uangnya kembali belum bertuan.",
        asked.reason,
        subject_id=asked.use_id,
    )
