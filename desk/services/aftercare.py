"""What is left after delivery, over all cases: results owed to BPS, and the corrections with their causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.case import ResultsWord
from desk.rules.inputs import FaultOrigin

LIMIT = 1000

_OWED = text("""
WITH o AS MATERIALIZED (SELECT k.id, desk.today(k.id) AS today FROM desk.office k WHERE k.id = ANY (:offices))
SELECT c.office_id, c.id, c.number, c.customer_name, c.institution, d.due_on, d.delivered_on, o.today, w.kind, w.on_day,
  w.note, (SELECT count(*) FROM desk.results_note n WHERE n.office_id = c.office_id AND n.case_id = c.id
           AND n.kind = 'reminded') AS reminders
FROM o
JOIN (SELECT office_id, case_id, min(results_due) AS due_on, min(delivered_on) AS delivered_on FROM desk.delivery
      WHERE office_id = ANY (:offices) AND results_due IS NOT NULL GROUP BY office_id, case_id) d ON d.office_id = o.id
JOIN desk.cases c ON c.office_id = d.office_id AND c.id = d.case_id
LEFT JOIN LATERAL (
  SELECT n.kind, n.on_day, n.note FROM desk.results_note n WHERE n.office_id = c.office_id AND n.case_id = c.id
  ORDER BY n.kind = 'reminded', n.at DESC LIMIT 1) w ON true
WHERE c.stage IN ('active', 'closed') AND (:all OR coalesce(w.kind, 'reminded') = 'reminded')
ORDER BY coalesce(w.kind, 'reminded') <> 'reminded', d.due_on, c.number LIMIT :limit
""")
_CORRECTIONS = text("""
SELECT x.office_id, x.id, x.case_id, c.number, c.customer_name, x.asked_on, x.due_on, x.wrong, x.origin,
  coalesce(i.tariff_name, 'seluruh permohonan') AS product, p.repaired_on, x.late, x.allowed
FROM (
  SELECT n.office_id, n.id, n.case_id, n.asked_on, n.due_on, n.wrong, n.origin, n.line_id, n.at,
    EXISTS (SELECT FROM desk.late_correction l WHERE l.office_id = n.office_id AND l.delivery_id = n.delivery_id)
    AS late, true AS allowed
  FROM desk.correction n WHERE n.office_id = ANY (:offices) AND n.asked_on >= :first AND n.asked_on < :until
  UNION ALL
  SELECT l.office_id, l.id, l.case_id, l.asked_on, NULL, l.wrong, l.origin, l.line_id, l.at, true, d.allowed
  FROM desk.late_correction l LEFT JOIN desk.late_correction_decision d
    ON d.office_id = l.office_id AND d.late_correction_id = l.id
  WHERE l.office_id = ANY (:offices) AND l.asked_on >= :first AND l.asked_on < :until AND d.allowed IS NOT TRUE
) x
JOIN desk.cases c ON c.office_id = x.office_id AND c.id = x.case_id
LEFT JOIN LATERAL (
  SELECT il.tariff_name FROM desk.case_line cl
  JOIN desk.invoice v ON v.office_id = cl.office_id AND v.case_id = cl.case_id
  JOIN desk.invoice_line il ON il.office_id = v.office_id AND il.invoice_id = v.id AND il.title = cl.title
  WHERE cl.office_id = x.office_id AND cl.id = x.line_id LIMIT 1) i ON true
LEFT JOIN LATERAL (
  SELECT min(d.delivered_on) AS repaired_on FROM desk.delivery d
  WHERE d.office_id = x.office_id AND d.case_id = x.case_id AND d.at > x.at) p ON x.allowed
ORDER BY x.at DESC, x.id LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class OwedResults:
    """The results of one case that BPS still awaits, or what became of them."""

    office_id: int
    id: UUID
    number: str
    customer: str
    due_on: date
    delivered_on: date
    today: date
    word: ResultsWord | None
    on: date | None
    note: str
    reminders: int

    @property
    def open(self) -> bool:
        """Whether the results are still owed."""
        return self.word in (None, ResultsWord.REMINDED)


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction that was asked for; `allowed` is None while the supervisor has not decided about a late one."""

    office_id: int
    id: UUID
    case_id: UUID
    number: str
    customer: str
    asked_on: date
    due_on: date | None
    repaired_on: date | None
    wrong: str
    origin: FaultOrigin
    product: str
    late: bool
    allowed: bool | None


def owed_results(session: Session, offices: Sequence[int], *, all_of_them: bool = False) -> list[OwedResults]:
    """What customers owe to BPS, the next due first; with `all_of_them` also what was received or waived."""
    rows = session.execute(_OWED, {"offices": list(offices), "all": all_of_them, "limit": LIMIT})
    return [
        OwedResults(
            row.office_id,
            row.id,
            row.number,
            " · ".join(part for part in (row.customer_name, row.institution) if part),
            row.due_on,
            row.delivered_on,
            row.today,
            ResultsWord.of(row.kind) if row.kind else None,
            row.on_day,
            row.note or "",
            row.reminders,
        )
        for row in rows
    ]


def corrections(session: Session, offices: Sequence[int], year: int) -> list[CorrectionRow]:
    """The corrections asked for in a year, the newest first, the refused late ones included."""
    span = {"first": date(year, 1, 1), "until": date(year + 1, 1, 1)}
    rows = session.execute(_CORRECTIONS, {"offices": list(offices), "limit": LIMIT, **span})
    return [
        CorrectionRow(
            row.office_id,
            row.id,
            row.case_id,
            row.number,
            row.customer_name,
            row.asked_on,
            row.due_on,
            row.repaired_on,
            row.wrong,
            FaultOrigin.of(row.origin),
            row.product,
            row.late,
            row.allowed,
        )
        for row in rows
    ]


def causes(rows: Sequence[CorrectionRow]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """How often each cause and each product, the most frequent first; no names."""
    by_origin = Counter(row.origin.label for row in rows)
    by_product = Counter(row.product for row in rows)
    return by_origin.most_common(), by_product.most_common()
