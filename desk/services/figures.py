"""The figures of an office, month by month, read from the story and the issued rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.case import Channel, Data, Money, Moved, Original, Stage
from desk.rules.dates import add_months
from desk.rules.figures import (
    CaseStory,
    CorrectionStory,
    MoneyOfMonth,
    MonthFigures,
    RedirectCause,
    month_figures,
)
from desk.rules.inputs import Fault, FaultOrigin
from desk.rules.papers.kinds import SERVICE_REPORT
from desk.rules.rule_book import office_rules
from desk.rules.service_report import report_context
from desk.services.register import office_template
from desk.services.rule_book import calendar, rules

_CASES = text("""
WITH o AS (SELECT k.id, k.zone FROM desk.office k WHERE k.id = :office_id)
SELECT c.channel, (c.registered_at AT TIME ZONE o.zone)::date AS registered_on, c.clear_on, c.service_due,
  (SELECT min(d.delivered_on) FROM desk.delivery d WHERE d.office_id = c.office_id AND d.case_id = c.id)
    AS delivered_on, s.moves
FROM o JOIN desk.cases c ON c.office_id = o.id
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('on', (v.at AT TIME ZONE o.zone)::date, 'after', v.after) ORDER BY v.position)
    AS moves FROM desk.event v WHERE v.office_id = c.office_id AND v.case_id = c.id AND v.after <> v.before) s ON true
WHERE c.registered_at < (CAST(:until AS date)::timestamp AT TIME ZONE o.zone)
  AND c.changed_at >= (CAST(:first AS date)::timestamp AT TIME ZONE o.zone)
""")
_CORRECTIONS = text("""
SELECT r.asked_on, r.due_on, r.origin,
  (SELECT min(d.delivered_on) FROM desk.delivery d
   JOIN desk.delivery w ON w.office_id = r.office_id AND w.id = r.delivery_id
   WHERE d.office_id = r.office_id AND d.case_id = r.case_id AND d.sequence > w.sequence) AS delivered_on
FROM desk.correction r WHERE r.office_id = :office_id AND r.asked_on < :until
""")
_REDIRECTS = text("""
SELECT (v.at AT TIME ZONE o.zone)::date AS on_day,
  CASE WHEN l.lines IS NULL THEN 'early' WHEN l.asked > 0 THEN 'asked' WHEN l.fits = 0 THEN 'none_fits'
  ELSE 'some_do_not' END AS cause
FROM desk.office o JOIN desk.event v ON v.office_id = o.id
LEFT JOIN LATERAL (SELECT count(*) AS lines, count(*) FILTER (WHERE b.fit = 'ask') AS asked,
    count(*) FILTER (WHERE b.fit = 'fits') AS fits
  FROM (SELECT DISTINCT ON (f.line_id) f.fit FROM desk.fit_decision f
        WHERE f.office_id = v.office_id AND f.case_id = v.case_id AND f.at = (
          SELECT max(g.at) FROM desk.fit_decision g
          WHERE g.office_id = v.office_id AND g.case_id = v.case_id AND g.at <= v.at)
        ORDER BY f.line_id) b
  HAVING count(*) > 0) l ON true
WHERE o.id = :office_id AND v.action = 'redirect_case'
  AND v.at >= (CAST(:first AS date)::timestamp AT TIME ZONE o.zone)
  AND v.at < (CAST(:until AS date)::timestamp AT TIME ZONE o.zone)
""")
_REFUSALS = text("""
SELECT u.on_day, jsonb_array_elements_text(coalesce(u.details->'faults', '[]'::jsonb)) AS fault FROM desk.custody u
WHERE u.office_id = :office_id AND u.step = 'refused' AND u.on_day >= :first AND u.on_day < :until
""")
_MONEY = text("""
SELECT r.issued_on AS on_day, 'receipts' AS kind, r.amount FROM desk.receipt r
WHERE r.office_id = :office_id AND r.issued_on >= :first AND r.issued_on < :until AND NOT EXISTS (
  SELECT FROM desk.receipt_void x WHERE x.office_id = r.office_id AND x.receipt_id = r.id)
UNION ALL
SELECT (x.at AT TIME ZONE o.zone)::date, 'voids', r.amount FROM desk.receipt_void x
JOIN desk.office o ON o.id = x.office_id JOIN desk.receipt r ON r.office_id = x.office_id AND r.id = x.receipt_id
WHERE x.office_id = :office_id AND x.at >= (CAST(:first AS date)::timestamp AT TIME ZONE o.zone)
  AND x.at < (CAST(:until AS date)::timestamp AT TIME ZONE o.zone)
UNION ALL
SELECT i.issued_on, CASE WHEN i.total = 0 THEN 'free' ELSE 'invoices' END,
  CASE WHEN i.total = 0 THEN i.full_price ELSE i.total END
FROM desk.invoice i WHERE i.office_id = :office_id AND i.issued_on >= :first AND i.issued_on < :until AND NOT EXISTS (
  SELECT FROM desk.invoice_end x
  WHERE x.office_id = i.office_id AND x.invoice_id = i.id AND x.kind IN ('void', 'replaced'))
""")


@dataclass(frozen=True, slots=True)
class Trend:
    """Months of an office, the oldest first, and all of them together."""

    months: tuple[MonthFigures, ...]
    whole: MonthFigures


def figures(session: Session, office_id: int, month: date) -> MonthFigures:
    """One month of an office, any day of it; five questions."""
    return trend(session, office_id, month, 1).whole


def trend(session: Session, office_id: int, last: date, months: int) -> Trend:
    """So many months of an office up to the month of `last`; five questions in all."""
    first = add_months(last.replace(day=1), 1 - months)
    until = add_months(first, months)
    span = {"office_id": office_id, "first": first, "until": until}
    cases = [_case_of(row) for row in session.execute(_CASES, span)]
    corrections = [
        CorrectionStory(row.asked_on, row.due_on, FaultOrigin.of(row.origin), row.delivered_on)
        for row in session.execute(_CORRECTIONS, span)
    ]
    redirects = [(row.on_day, RedirectCause.of(row.cause)) for row in session.execute(_REDIRECTS, span)]
    refusals = [(row.on_day, Fault.of(row.fault)) for row in session.execute(_REFUSALS, span)]
    money = session.execute(_MONEY, span).all()
    days_off, book = calendar(session, office_id), rules(session, office_id)

    def counted(begin: date, end: date) -> MonthFigures:
        return month_figures(
            begin,
            end,
            cases,
            corrections,
            Counter(cause for on, cause in redirects if begin <= on < end),
            Counter(fault for on, fault in refusals if begin <= on < end),
            _money([row for row in money if begin <= row.on_day < end]),
            office_rules(book, begin, office_id).service_clock_stops,
            days_off,
        )

    starts = [add_months(first, at) for at in range(months)]
    return Trend(tuple(counted(start, add_months(start, 1)) for start in starts), counted(first, until))


def report_paper(session: Session, office_id: int, month: date, today: date) -> tuple[bytes, dict[str, object]]:
    """The office's Word template of the service report and the values for a month. Refused without a template."""
    template, office, letterhead = office_template(session, office_id, SERVICE_REPORT, today)
    head = (office.head.name or "(nama pejabat)", office.head.nip, office.head.position)
    return template, report_context(letterhead, office.city, head, figures(session, office_id, month), today)


def _money(rows: list[Any]) -> MoneyOfMonth:
    counts = Counter(row.kind for row in rows)
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.kind] += row.amount
    return MoneyOfMonth(
        counts["receipts"], sums["receipts"], counts["voids"], sums["voids"], counts["invoices"], sums["invoices"],
        counts["free"], sums["free"],
    )  # fmt: skip


def _case_of(row: Any) -> CaseStory:
    return CaseStory(
        Channel.of(row.channel),
        row.registered_on,
        tuple(
            Moved(
                date.fromisoformat(move["on"]),
                Stage.of(move["after"]["stage"]),
                Money.of(move["after"]["money"]),
                Original.of(move["after"]["original"]),
                Data.of(move["after"]["data"]),
            )
            for move in row.moves or ()
        ),
        row.clear_on,
        row.service_due,
        row.delivered_on,
    )
