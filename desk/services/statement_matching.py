"""Free money on the accounts beside the invoices it may pay: what the treasurer's screen shows, read and matched."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.case import Money
from desk.rules.matching import OpenInvoice, match
from desk.rules.matching_groups import reversed_credits
from desk.rules.settling import Candidate, FreeMoney
from desk.rules.statement import StatementLine
from desk.services.case_file import DocumentEntry
from desk.services.statement_lists import LineRow
from desk.services.unknown_money import Asked, last_letters

MOST_LINES = 10_000
"""Of the newest movements; a page with more free money than that is not worked through by hand."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A credit with money that has no owner yet."""

    row: LineRow
    money: FreeMoney
    asked: Asked | None = None
    """The last letter that asked whose it is."""

    @property
    def id(self) -> UUID:
        """The movement."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class Matched:
    """All free credits of the offices, the oldest first, and the invoices by their payment code."""

    waiting: tuple[Waiting, ...]
    candidates: Mapping[str, Candidate]


_USED = """
coalesce((SELECT sum(u.amount_sen) FROM desk.line_use u
  WHERE u.office_id = l.office_id AND u.line_id = l.id AND u.kind {is_part} 'part'
  AND NOT EXISTS (SELECT FROM desk.line_use_end x WHERE x.office_id = u.office_id AND x.use_id = u.id)
  AND NOT EXISTS (SELECT FROM desk.payment_reversal r WHERE r.office_id = u.office_id AND r.payment_id = u.payment_id)
), 0)::bigint
"""
_LINES = text(
    """
SELECT l.office_id, l.id, a.number AS account, a.bank, l.booked_on, l.booked_at, l.amount_sen, l.description,
  l.counterparty, l.reference, l.reversal, l.raw, f.name AS file, l.amount_sen - {used} AS free_sen, {part} AS part_sen
FROM desk.statement_line l
JOIN desk.bank_account a ON a.office_id = l.office_id AND a.id = l.account_id
JOIN desk.statement_file f ON f.office_id = l.office_id AND f.id = l.file_id
WHERE l.office_id = :office_id AND (l.amount_sen > 0 OR l.reversal)
ORDER BY l.booked_on DESC, l.booked_at DESC NULLS LAST, f.at DESC, l.no DESC LIMIT :limit
""".replace("{used}", _USED.replace("{is_part}", "<>")).replace("{part}", _USED.replace("{is_part}", "="))
)
_INVOICES = text("""
SELECT i.payment_code, i.number, i.total, i.valid_until, i.by AS issued_by, c.id AS case_id, c.number AS case_number,
  c.customer_id, c.customer_name, c.institution, c.money, y.id AS payment_id, y.received_on, y.by_line,
  p.payer, p.reference, p.by AS proof_by, p.amount AS proof_amount, p.document_id,
  (SELECT min(n.issued_on) FROM desk.invoice n WHERE n.office_id = c.office_id AND n.case_id = c.id) AS issued_on,
  ARRAY(SELECT n.payment_code FROM desk.invoice n WHERE n.office_id = c.office_id AND n.case_id = c.id) AS codes,
  ARRAY(SELECT n.number FROM desk.invoice n WHERE n.office_id = c.office_id AND n.case_id = c.id) AS numbers,
  ARRAY(SELECT n.code FROM desk.billing_code n WHERE n.office_id = c.office_id AND n.case_id = c.id) AS billing
FROM desk.cases c
JOIN desk.invoice i ON i.office_id = c.office_id AND i.case_id = c.id AND i.total > 0
  AND NOT EXISTS (SELECT FROM desk.invoice_end x WHERE x.office_id = i.office_id AND x.invoice_id = i.id
                  AND x.kind IN ('void', 'replaced'))
LEFT JOIN LATERAL (
  SELECT n.id, n.received_on, n.channel, EXISTS (SELECT FROM desk.line_use u WHERE u.office_id = n.office_id
    AND u.payment_id = n.id) AS by_line FROM desk.payment n WHERE n.office_id = i.office_id AND n.invoice_id = i.id
  AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = n.office_id AND x.payment_id = n.id)
) y ON true
LEFT JOIN LATERAL (
  SELECT * FROM desk.payment_proof n WHERE n.office_id = c.office_id AND n.case_id = c.id
  AND NOT EXISTS (SELECT FROM desk.proof_rejection x WHERE x.office_id = n.office_id AND x.proof_id = n.id)
  ORDER BY n.at DESC LIMIT 1) p ON true
WHERE c.office_id = :office_id AND (c.stage = 'active' AND c.money IN ('invoiced', 'expired', 'proof')
  OR y.channel = 'transfer' AND y.received_on > desk.today(c.office_id) - 400)
""")
_PAID_BEFORE = text("""
SELECT c.customer_id, l.description, l.counterparty FROM desk.line_use u
JOIN desk.statement_line l ON l.office_id = u.office_id AND l.id = u.line_id
JOIN desk.cases c ON c.office_id = u.office_id AND c.id = u.case_id
WHERE u.office_id = :office_id AND u.kind = 'payment' ORDER BY u.at DESC LIMIT 5000
""")
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{8,18}(?![0-9])")


def free_money(session: Session, offices: Sequence[int]) -> Matched:
    """Give the credits with money that has no owner, with proposals; reads and computes, belongs on the slow lane."""
    waiting: list[Waiting] = []
    candidates: dict[str, Candidate] = {}
    for office_id in offices:
        lines = session.execute(_LINES, {"office_id": office_id, "limit": MOST_LINES}).all()[::-1]
        invoices = session.execute(_INVOICES, {"office_id": office_id}).mappings().all() if lines else []
        rows = [LineRow(*line[:13]) for line in lines]
        letters = last_letters(session, office_id) if lines else {}
        found = {row["payment_code"]: _candidate(office_id, row) for row in invoices}
        candidates |= found
        seen = [row.line(no) for no, row in enumerate(rows)]
        free = [line for line, entry in zip(seen, lines, strict=True) if entry.free_sen > 0]
        proposals = match(
            free,
            _open_invoices(session, office_id, invoices, {row.account for row in rows}),
            paid={row["payment_code"]: _paid_by(row) for row in invoices if row["by_line"]},
            taken_back=reversed_credits(seen),
        )
        for proposal in proposals:
            row = rows[proposal.line.no]
            if lines[proposal.line.no].part_sen and "part_payment" not in proposal.flags:
                continue  # its letter is out; it comes back when what was missing has come
            money = FreeMoney(row.id, row.booked_on, lines[proposal.line.no].free_sen, row.reference, proposal)
            waiting.append(Waiting(row, money, letters.get(row.id)))
    return Matched(tuple(waiting), candidates)


def _candidate(office_id: int, row: Any) -> Candidate:
    return Candidate(
        key=row["payment_code"],
        office_id=office_id,
        case_id=row["case_id"],
        case_number=row["case_number"],
        invoice_number=row["number"],
        total=row["total"],
        valid_until=row["valid_until"],
        customer=row["customer_name"],
        institution=row["institution"],
        money=Money.of(row["money"]),
        issued_by=row["issued_by"],
        proof_by=row["proof_by"],
        proof_amount=row["proof_amount"],
        proof_document=row["document_id"],
        paid_on=row["received_on"],
        payment_id=None if row["by_line"] else row["payment_id"],
    )


def _paid_by(row: Any) -> StatementLine:
    """The movement that paid an invoice, as far as matching asks: its day."""
    return StatementLine(no=-1, booked_on=row["received_on"], amount_sen=row["total"] * 100, description="")


def _open_invoices(session: Session, office_id: int, invoices: Sequence[Any], own: set[str]) -> list[OpenInvoice]:
    """The invoices as matching sees them: a renewed one goes by the codes and the day of the ones before as well."""
    accounts: dict[UUID, set[str]] = defaultdict(set)
    for line in session.execute(_PAID_BEFORE, {"office_id": office_id}):
        accounts[line.customer_id].update(_ACCOUNT.findall(f"{line.description} {line.counterparty}"))
    return [
        OpenInvoice(
            key=row["payment_code"],
            codes=tuple(
                dict.fromkeys((row["payment_code"], row["number"], *row["codes"], *row["numbers"], *row["billing"]))
            ),
            amount=row["total"],
            names=tuple(name for name in (row["customer_name"], row["institution"], row["payer"]) if name),
            issued=row["issued_on"],
            expires=row["valid_until"],
            accounts=frozenset(accounts[row["customer_id"]] - own),
            references=frozenset([row["reference"]] if row["reference"] else []),
        )
        for row in invoices
    ]


_PROOF = text("""
SELECT d.id, d.kind, d.title, d.name, d.content_type, d.size, d.at, d.number, d.subject_id, d.copy
FROM desk.document d WHERE d.office_id = :office_id AND d.id = :id
""")


def proof_entry(session: Session, office_id: int, document_id: UUID) -> DocumentEntry | None:
    """Give the file of a proof, without its bytes."""
    row = session.execute(_PROOF, {"office_id": office_id, "id": document_id}).one_or_none()
    if row is None:
        return None
    return DocumentEntry(
        row.id, row.kind, row.title, row.name, row.content_type, row.size, row.at, None, row.number, row.subject_id,
        row.copy,
    )  # fmt: skip
