"""The treasurer's day: its figures, its close, and the deposits to the state treasury."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.dates import day_text
from desk.rules.day import Closed, DayFigures, DepositInput, Undeposited, figures_of, why_not_close, why_not_deposit
from desk.rules.deadlines import Due, deposit_due
from desk.rules.rule_book import office_rules
from desk.rules.rupiah import rupiah
from desk.services.register import material_due
from desk.services.rule_book import calendar, rules

_CLOSED = text("""
SELECT d.*, coalesce(p.name, d.by) AS person FROM desk.day_close d LEFT JOIN desk.person p ON p.login = d.by
WHERE d.office_id = :office_id AND d.day = :day
""")
# Sets are subtracted and rows looked up by their keys, whatever the planner believes about the rows of an office.
_UNDEPOSITED = text("""
WITH waiting AS MATERIALIZED (
  SELECT p.id FROM desk.payment p WHERE p.office_id = :office_id AND p.channel <> 'simponi'
  EXCEPT
  SELECT l.payment_id FROM desk.deposit_line l WHERE l.office_id = :office_id AND NOT EXISTS (
    SELECT FROM desk.deposit_void x WHERE x.office_id = l.office_id AND x.deposit_id = l.deposit_id)
)
SELECT p.id, c.number AS case_number, r.number, p.amount, p.received_on
FROM waiting w
CROSS JOIN LATERAL (SELECT t.* FROM desk.payment t WHERE t.office_id = :office_id AND t.id = w.id LIMIT 1) p
CROSS JOIN LATERAL (SELECT t.number, t.year, t.sequence FROM desk.receipt t
  WHERE t.office_id = p.office_id AND t.payment_id = p.id AND NOT EXISTS (
    SELECT FROM desk.receipt_void x WHERE x.office_id = t.office_id AND x.receipt_id = t.id) LIMIT 1) r
CROSS JOIN LATERAL (SELECT t.number FROM desk.cases t WHERE t.office_id = p.office_id AND t.id = p.case_id LIMIT 1) c
ORDER BY p.received_on, r.year, r.sequence
""")


@dataclass(frozen=True, slots=True)
class DayView:
    """One day as the treasurer's screen shows it."""

    office_id: int
    figures: DayFigures
    closed: Closed | None
    earlier: date | None
    undeposited: tuple[Undeposited, ...]
    material: tuple[date, Due] | None = None
    """The month whose material is not handed in yet, and when it is due."""

    def why_not_close(self, today: date) -> str | None:
        """Why this day cannot be closed now, or None."""
        if self.closed is not None:
            return f"{day_text(self.figures.day)} sudah ditutup."
        return why_not_close(self.figures, today, self.earlier)


def day_view(session: Session, office_id: int, today: date) -> DayView:
    """The day that is closed next: today, or an earlier one with movements that was left open."""
    earlier = session.execute(
        text("SELECT desk.earlier_open_day(:office_id, :day)"), {"office_id": office_id, "day": today}
    ).scalar_one()
    day = earlier or today
    closed = session.execute(_CLOSED, {"office_id": office_id, "day": day}).mappings().one_or_none()
    return DayView(
        office_id,
        figures(session, office_id, day) if closed is None else figures_of(day, dict(closed)),
        None if closed is None else Closed(closed["person"], closed["at"]),
        None,
        undeposited(session, office_id, today),
        material_due(session, office_id, today),
    )


def figures(session: Session, office_id: int, day: date) -> DayFigures:
    """What one day holds, closed or not."""
    row = session.execute(
        text("SELECT * FROM desk.day_figures(:office_id, :day)"), {"office_id": office_id, "day": day}
    ).mappings()
    return figures_of(day, dict(row.one()))


def close_day(session: Session, office_id: int, day: date, key: UUID) -> str:
    """Closes the day with the figures that the database takes, and gives the sentence; the same key closes it once."""
    known = session.execute(
        text("SELECT FROM desk.day_close WHERE office_id = :office_id AND id = :key"),
        {"office_id": office_id, "key": key},
    ).first()
    if known is None:
        # Only office, key and day are given; everything else is written by the database.
        session.execute(
            text("INSERT INTO desk.day_close (office_id, id, day) VALUES (:office_id, :key, :day)"),
            {"office_id": office_id, "key": key, "day": day},
        )
        _announce(session, office_id)
    row = session.execute(_CLOSED, {"office_id": office_id, "day": day}).mappings().one()
    return f"{day_text(day)} ditutup: {row['receipts']} kuitansi, {rupiah(row['receipts_amount'])}" + (
        f", terakhir {row['last_number']}." if row["last_number"] else "."
    )


def undeposited(session: Session, office_id: int, today: date) -> tuple[Undeposited, ...]:
    """Money on the office's account that has its kuitansi and is not deposited yet, the oldest first."""
    rows = session.execute(_UNDEPOSITED, {"office_id": office_id}).all()
    if not rows:
        return ()
    days = office_rules(rules(session, office_id), today, office_id).deposit_days
    working = calendar(session, office_id)
    return tuple(
        Undeposited(
            row.id,
            row.case_number,
            row.number,
            row.amount,
            row.received_on,
            deposit_due(row.received_on, days, working),
        )
        for row in rows
    )


def record_deposit(session: Session, office_id: int, deposit: DepositInput, today: date, key: UUID) -> str:
    """Writes a deposit down and gives the sentence; the same key is the same deposit."""
    known = {money.payment_id: money for money in undeposited(session, office_id, today)}
    if reason := why_not_deposit(deposit, today, known):
        raise Refused(reason)
    total = session.execute(
        text("SELECT desk.record_deposit(:office_id, :key, :billing, :ntpn, :ntb, :day, CAST(:payments AS uuid[]))"),
        {
            "office_id": office_id,
            "key": key,
            "billing": deposit.billing_code,
            "ntpn": deposit.ntpn,
            "ntb": deposit.ntb,
            "day": deposit.deposited_on,
            "payments": [str(payment) for payment in deposit.payments],
        },
    ).scalar_one()
    _announce(session, office_id)
    return f"Setoran {rupiah(total)} dengan NTPN {deposit.ntpn} dicatat."


def void_deposit(session: Session, office_id: int, deposit_id: UUID, reason: str) -> str:
    """Withdraws a deposit that was written down wrongly; its money waits for its deposit again."""
    if not reason.strip():
        raise Refused("Alasan belum ditulis.")
    session.execute(
        text(
            "INSERT INTO desk.deposit_void (office_id, id, deposit_id, reason) "
            "VALUES (:office_id, :id, :deposit, :reason)"
        ),
        {"office_id": office_id, "id": uuid4(), "deposit": deposit_id, "reason": reason.strip()},
    )
    _announce(session, office_id)
    return "Catatan setoran dibatalkan; kuitansinya menunggu setoran lagi."


def _announce(session: Session, office_id: int) -> None:
    """Wakes every workstation of the office: no case changed, but a list did."""
    session.execute(text("SELECT desk.announce(:office_id, :none)"), {"office_id": office_id, "none": UUID(int=0)})
