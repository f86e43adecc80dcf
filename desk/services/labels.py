"""Address labels, envelopes and binder labels: what is printed around the papers, ready for the paper process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.codes import BinderCode, PaperCode, encode, encode_binder
from desk.rules.labels import (
    BINDER_LABEL,
    ENVELOPES,
    LABEL_FORMATS,
    BinderLabelText,
    Recipient,
    binder_label_rows,
    envelope_rows,
    label_rows,
)
from desk.rules.papers import PaperKind
from desk.services.binders import BinderRow, papers_of
from desk.services.register import office_template

BY_POST = (
    PaperKind.INVOICE,
    PaperKind.SPPD,
    PaperKind.ORIGINAL_REFUSAL,
    PaperKind.REDIRECT,
    PaperKind.DELIVERY_NOTE,
    PaperKind.CORRECTION_NOTE,
    PaperKind.CLOSING,
)
"""Papers that go to a customer on paper; a kuitansi is printed by the treasurer."""

_DUE = text("""
SELECT d.office_id, d.case_id, d.id AS document_id, d.paper, d.number, d.copy, d.title, c.number AS case_number,
  k.name, k.institution, k.address, o.code AS office_code, n.year, n.sequence, n.copies
FROM desk.document d
JOIN desk.cases c ON c.office_id = d.office_id AND c.id = d.case_id
JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
JOIN desk.office o ON o.id = d.office_id
JOIN LATERAL (
  SELECT i.year, i.sequence, 1 AS copies FROM desk.invoice i WHERE i.office_id = d.office_id AND i.id = d.subject_id
  UNION ALL
  SELECT a.year, a.sequence, a.copies FROM desk.agreement a WHERE a.office_id = d.office_id AND a.id = d.subject_id
  UNION ALL
  SELECT l.year, l.sequence, 1 FROM desk.letter l WHERE l.office_id = d.office_id AND l.id = d.subject_id
) n ON true
WHERE d.office_id = ANY (:office_ids) AND d.kind = 'paper' AND d.content_type = 'application/pdf'
  AND d.paper = ANY (:kinds) AND d.at > desk.now() - make_interval(days => :days)
  AND (CAST(:case_id AS uuid) IS NULL OR d.case_id = :case_id)
  AND (NOT :unprinted OR NOT EXISTS (SELECT FROM desk.print_entry e WHERE e.office_id = d.office_id
    AND e.document_id = d.id AND e.mark = 'ASLI' AND NOT EXISTS (SELECT FROM desk.print_failure f
      WHERE f.office_id = e.office_id AND f.print_id = e.id)))
  AND desk.ended_mark(d.office_id, d.paper, d.subject_id) = ''
ORDER BY d.paper, d.at, d.copy LIMIT 500
""")


@dataclass(frozen=True, slots=True)
class PaperDue:
    """An issued paper whose original has not been printed yet, and whom it goes to."""

    office_id: int
    case_id: UUID
    document_id: UUID
    kind: PaperKind
    title: str
    case_number: str
    recipient: Recipient


def papers_due(session: Session, office_ids: Sequence[int], days: int = 60) -> list[PaperDue]:
    """The papers of these days that hold and were never printed, kind by kind."""
    return _papers(session, office_ids, days=days, unprinted=True)


def letters_of(session: Session, office_id: int, case_id: UUID) -> list[PaperDue]:
    """Every paper of a case that goes to its customer, printed or not."""
    return _papers(session, [office_id], days=36_500, case_id=case_id)


def _papers(
    session: Session, office_ids: Sequence[int], *, days: int, case_id: UUID | None = None, unprinted: bool = False
) -> list[PaperDue]:
    kinds = [kind.value for kind in BY_POST]
    where = {
        "office_ids": list(office_ids), "kinds": kinds, "days": days, "case_id": case_id, "unprinted": unprinted
    }  # fmt: skip
    return [_due(row) for row in session.execute(_DUE, where).mappings()]


def _due(row: Any) -> PaperDue:
    kind = PaperKind.of(row["paper"])
    code = PaperCode(kind, row["office_code"], row["year"], row["sequence"], row["copy"], row["copies"])
    recipient = Recipient(row["name"], row["institution"], row["address"], row["number"], encode(code))
    return PaperDue(
        row["office_id"], row["case_id"], row["document_id"], kind, row["title"], row["case_number"], recipient
    )


@dataclass(frozen=True, slots=True)
class Made:
    """What the paper process makes a sheet of: template and values."""

    template: bytes
    context: dict[str, object]


def label_sheet(
    session: Session, office_id: int, name: str, recipients: Sequence[Recipient], today: date, first: int = 1
) -> Made:
    """Labels or envelopes (`name` of the template) for these recipients. Refused for one without an address."""
    nowhere = [one.name for one in recipients if not one.address.strip()]
    if nowhere:
        raise Refused(
            f"Alamat pos {', '.join(nowhere[:3])} belum diisi. Lengkapi kartu pengguna data, lalu cetak lagi."
        )
    template, office, _fields = office_template(session, office_id, name, today)
    grid = next((one for one in LABEL_FORMATS if one.template == name), None)
    if grid is None and name not in ENVELOPES:
        raise ValueError(f"no label format {name}")
    sent = [replace(one, address=" ".join(one.address.split())) for one in recipients]
    rows = envelope_rows(sent) if grid is None else label_rows(sent, grid, first)
    context: dict[str, object] = {"baris": _drawn(rows)}
    if grid is None:
        context |= {"kantor_nama": office.name, "kantor_alamat": office.address}
    return Made(template, context)


def binder_labels(session: Session, office_id: int, rows: Sequence[BinderRow], today: date) -> Made:
    """The labels for the backs of these binders."""
    template, office, _fields = office_template(session, office_id, BINDER_LABEL, today)
    texts = []
    for row in rows:
        papers = papers_of(session, row.office_id, row.id)
        since = [paper.since for paper in papers]
        texts.append(
            BinderLabelText(
                row.name,
                len(papers),
                papers[0].named if papers else "",
                papers[-1].named if papers else "",
                min(since, default=None),
                max(since, default=None),
                encode_binder(BinderCode(row.office_code, row.year, row.sequence)),
            )
        )
    return Made(template, {"baris": _drawn(binder_label_rows(texts)), "kantor_nama": office.name})


def _drawn(rows: Sequence[dict[str, str]]) -> list[dict[str, object]]:
    """The rows with their codes as pictures."""
    from desk.adapters.word_pictures import Picture
    from desk.services.papers import qr_png

    return [
        {
            name: Picture(qr_png(value), 19.0) if name.startswith("qr") and value else value
            for name, value in row.items()
        }
        for row in rows
    ]
