"""The morning sheet of a person: one question about the open cases of the offices on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.desks import DueOf
from desk.rules.morning import MorningPart, MorningRow, MorningSheet, morning_context, part_of
from desk.rules.office_hours import is_open
from desk.rules.papers.kinds import MORNING_SHEET
from desk.rules.rule_book import office_rules
from desk.rules.working_days import add_working_days
from desk.services.binders import loans
from desk.services.queues import INVOICE_OVER
from desk.services.register import office_template
from desk.services.rule_book import calendar, rules

_ROWS = text("""
WITH o AS MATERIALIZED (SELECT k.id, desk.today(k.id) AS today FROM desk.office k WHERE k.id = ANY (:offices))
SELECT c.office_id, c.id, c.number, c.customer_name, c.due_on, c.due_of, coalesce(p.name, '') AS holder,
  c.claimed_by = session_user AND p.login IS NOT NULL AS mine, c.remind_on <= o.today AS reminds,
  c.wake_on <= o.today AS woken,
  c.officer_queue <> 'waiting' OR c.mail_queue IS NOT NULL OR c.treasurer_queue IS NOT NULL
    OR c.supervisor_queue IS NOT NULL OR c.wake_on <= o.today AS needs_somebody,
  c.supervisor_queue IS NOT NULL AS decides, c.officer_queue, c.officer_why, c.mail_why, c.treasurer_why,
  c.supervisor_why, c.remind_why
FROM o JOIN desk.cases c ON c.office_id = o.id LEFT JOIN desk.person p
  ON p.login = c.claimed_by AND c.claimed_until > (SELECT desk.now())
WHERE c.office_id = ANY (:offices) AND c.officer_queue IS NOT NULL
  AND (c.due_on <= :next_day OR c.remind_on <= o.today OR c.wake_on <= o.today OR c.supervisor_queue IS NOT NULL
       OR c.claimed_by = session_user)
ORDER BY c.due_on NULLS LAST, c.registered_at, c.id LIMIT 1000
""")


def morning_sheet(
    session: Session, offices: Sequence[int], today: date, *, decides: bool, keeps: bool = False
) -> MorningSheet:
    """The sheet of the person at this connection; `decides`: what waits for a supervisor is asked of this person.

    `keeps`: this person looks after the paper originals, also those of closed cases, and asks for what is lent.
    """
    next_day = add_working_days(today, 1, calendar(session, offices[0]))
    rows = _lent(session, offices, next_day) if keeps else []
    for row in session.execute(_ROWS, {"offices": list(offices), "next_day": next_day}):
        part = part_of(
            row.due_on,
            today,
            next_day,
            needs_somebody=bool(row.needs_somebody),
            reminds=bool(row.reminds) and not row.woken,
            decides=decides and row.decides,
            mine=bool(row.mine),
        )
        if part is None and row.woken:
            part = MorningPart.LATE
        if part is None:
            continue
        why = [INVOICE_OVER] if row.woken else [row.officer_why] if row.officer_queue != "waiting" else []
        why += [each for each in (row.supervisor_why, row.treasurer_why, row.mail_why) if each]
        if row.reminds and not row.woken:
            why.append(row.remind_why)
        rows.append(
            MorningRow(
                row.office_id,
                row.id,
                row.number,
                row.customer_name,
                row.due_on,
                DueOf.of(row.due_of) if row.due_of else None,
                " · ".join(why) or row.officer_why,
                row.holder,
                part,
            )
        )
    order = list(MorningPart)
    rows.sort(key=lambda each: order.index(each.part))  # the due day stays within a part
    return MorningSheet(today, next_day, tuple(rows))


def _lent(session: Session, offices: Sequence[int], until: date) -> list[MorningRow]:
    """The loans that end until a day, the longest overdue first."""
    return [
        MorningRow(
            paper.office_id,
            paper.case_id,
            paper.case_number,
            paper.customer_name,
            paper.due_on,
            None,
            f"{paper.named} harus kembali ke map {paper.binder}, lembar {paper.sheet}",
            paper.borrower,
            MorningPart.LOAN,
            paper.named,
        )
        for paper in loans(session, offices)
        if paper.due_on is not None and paper.due_on <= until
    ]


def morning_notice(
    session: Session, offices: Sequence[int], moment: datetime, *, decides: bool, keeps: bool
) -> MorningSheet | None:
    """The sheet when it is time to look at it: None while the first office is closed (`moment`: its wall clock)."""
    hours = office_rules(rules(session, offices[0]), moment.date(), offices[0]).office_hours
    if not is_open(moment, hours, calendar(session, offices[0])):
        return None
    return morning_sheet(session, offices, moment.date(), decides=decides, keeps=keeps)


def morning_paper(
    session: Session, offices: Sequence[int], today: date, *, decides: bool, keeps: bool = False
) -> tuple[bytes, dict[str, object]]:
    """The office's Word template of the sheet and the values for it. Refused where there is no template."""
    template, _details, office = office_template(session, offices[0], MORNING_SHEET, today)
    name = session.execute(text("SELECT name FROM desk.person WHERE login = session_user")).scalar_one()
    return template, morning_context(office, morning_sheet(session, offices, today, decides=decides, keeps=keeps), name)
