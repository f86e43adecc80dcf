"""The mail table: from the code on an arriving paper to its case, its copy and the step that comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.case import CaseFacts
from desk.rules.codes import PaperCode, decode
from desk.rules.custody import Custody
from desk.rules.dates import date_text, local_date
from desk.rules.mail_table import NextStep, Standing, next_step
from desk.rules.numbering import with_kind
from desk.rules.papers import PaperKind
from desk.services.case_file import facts

_OFFICE = text("SELECT o.id, o.name, o.zone FROM desk.office o WHERE o.code = :code")
_AGREEMENT = text("""
SELECT a.id, a.case_id, a.number, a.copies,
  (SELECT x.reason FROM desk.invoice_end x WHERE x.office_id = a.office_id AND x.invoice_id = a.invoice_id
   AND x.kind = 'void') AS void_because,
  (SELECT n.number FROM desk.invoice n WHERE n.office_id = a.office_id AND n.case_id = a.case_id
   AND n.replaces IS NOT NULL ORDER BY n.year DESC, n.sequence DESC LIMIT 1) AS renewed_as,
  u.step, u.on_day, u.at, u.note, coalesce(p.name, u.by) AS by
FROM desk.agreement a
LEFT JOIN LATERAL (SELECT * FROM desk.custody c WHERE c.office_id = a.office_id AND c.agreement_id = a.id
  AND c.copy = :copy ORDER BY c.position DESC LIMIT 1) u ON true
LEFT JOIN desk.person p ON p.login = u.by
WHERE a.office_id = :office_id AND a.year = :year AND a.sequence = :number
""")
_INVOICE = text("""
SELECT n.case_id, n.number,
  (SELECT x.kind FROM desk.invoice_end x WHERE x.office_id = n.office_id AND x.invoice_id = n.id
   ORDER BY x.kind = 'expired' LIMIT 1) AS ended,
  (SELECT s.number FROM desk.invoice s WHERE s.office_id = n.office_id AND s.replaces = n.id) AS replaced_by
FROM desk.invoice n WHERE n.office_id = :office_id AND n.year = :year AND n.sequence = :number
""")
_OTHER = {
    PaperKind.RECEIPT: text(
        "SELECT n.case_id, n.number FROM desk.receipt n "
        "WHERE n.office_id = :office_id AND n.year = :year AND n.sequence = :number"
    ),
    None: text(
        "SELECT n.case_id, n.number FROM desk.letter n "
        "WHERE n.office_id = :office_id AND n.kind = :kind AND n.year = :year AND n.sequence = :number"
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What was scanned: the case, the copy of its SPPD (0 for another paper), what to do and what to say."""

    code: str
    case: CaseFacts
    copy: int
    step: NextStep


def letter_of(session: Session, office_ids: Sequence[int], typed: str) -> Letter:
    """What a scanned or typed code leads to. Refused with the sentence for a code that leads nowhere here."""
    code = decode(typed)
    office_id, zone = _office_of(session, office_ids, code)
    where: dict[str, Any] = {
        "office_id": office_id, "year": code.year, "number": code.number, "copy": code.copy, "kind": code.kind.value,
    }  # fmt: skip
    if code.kind is PaperKind.SPPD:
        row = session.execute(_AGREEMENT, where).one_or_none()
        if row is None:
            raise _unknown(code)
        case = facts(session, office_id, row.case_id)
        withdrawn = row.void_because
        if withdrawn is None and (case.agreement is None or case.agreement.id != row.id):
            withdrawn = "diganti SPPD yang lebih baru"
        standing = Standing(row.number, row.copies, withdrawn, row.renewed_as or "")
        last = _told(row.step, row.at, row.by, row.note, zone) if row.step else ""
        return Letter(typed, case, code.copy, next_step(case, standing, code.copy, last))
    if code.kind is PaperKind.INVOICE:
        row = session.execute(_INVOICE, where).one_or_none()
        if row is None:
            raise _unknown(code)
        return Letter(
            typed, facts(session, office_id, row.case_id), 0,
            NextStep(None, _about_invoice(row.number, row.ended, row.replaced_by)),
        )  # fmt: skip
    row = session.execute(_OTHER.get(code.kind, _OTHER[None]), where).one_or_none()
    if row is None:
        raise _unknown(code)
    if row.case_id is None:
        raise Refused(f"{code.kind.label.capitalize()} {row.number} milik bendahara, bukan naskah permohonan.")
    named = with_kind(code.kind.label[:1].upper() + code.kind.label[1:], row.number)
    sentence = f"{named}: ini bukan naskah asli SPPD. Permohonannya ditampilkan di kanan."
    return Letter(typed, facts(session, office_id, row.case_id), 0, NextStep(None, sentence))


def _office_of(session: Session, office_ids: Sequence[int], code: PaperCode) -> tuple[int, str]:
    row = session.execute(_OFFICE, {"code": code.office}).one_or_none()
    if row is None:
        raise Refused(f"Naskah itu milik kantor {code.office}, yang tidak dikenal. Tanyakan kepada pengirimnya.")
    if row.id not in office_ids:
        raise Refused(f"Naskah itu milik {row.name} ({code.office}). Teruskan kepada kantor tersebut.")
    return row.id, row.zone


def _unknown(code: PaperCode) -> Refused:
    return Refused(
        f"Tidak ada {code.kind.label} nomor urut {code.number} tahun {code.year} di kantor {code.office}. "
        "Cocokkan dengan nomor yang tercetak."
    )


def _about_invoice(number: str, ended: str | None, replaced_by: str | None) -> str:
    named = with_kind("Invoice", number)
    if replaced_by:
        return f"{named} sudah diganti {with_kind('invoice', replaced_by)}. Yang ditunggu di sini naskah asli SPPD."
    if ended == "void":
        return f"{named} sudah dibatalkan. Surat ini tidak berlaku lagi; lihat permohonannya di kanan."
    if ended == "expired":
        return f"{named} sudah kedaluwarsa. Yang ditunggu di sini naskah asli SPPD."
    return f"{named} adalah invoice, bukan naskah asli SPPD. Pindai kode pada halaman SPPD."


def _told(step: str, at: datetime, by: str, note: str, zone: str) -> str:
    words = f"Dicatat {date_text(local_date(at, zone))} oleh {by}"
    return f"{words}, {note}." if note and Custody.of(step) is Custody.FILED else f"{words}."
