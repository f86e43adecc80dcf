"""The register of an office, month by month: kuitansi, withdrawals and deposits in order, from the facts themselves."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import MonthHandover
from desk.rules.dates import add_months, month_text
from desk.rules.deadlines import Due, monthly_material_due
from desk.rules.papers import OfficeDetails
from desk.rules.papers.contexts import letterhead_fields
from desk.rules.register import HandedIn, Register, register_context, register_rows
from desk.rules.rule_book import office_rules
from desk.services.rule_book import calendar, rules
from desk.services.sheets import office_details

# Money that came in by SIMPONI is in the state treasury already: it stands in both columns of one line. A withdrawn
# deposit gives its money back on the day of the withdrawal.
# Rows are looked up by their keys (LATERAL), whatever the planner believes about the rows of an office.
_ROWS = text("""
WITH zone AS (SELECT o.zone AS name FROM desk.office o WHERE o.id = :office_id),
moves AS MATERIALIZED (
  SELECT r.issued_on AS on_day, r.at, 2 * r.sequence AS place, r.number AS voucher, 'in' AS kind,
    r.payer AS who, r.case_id, p.reference, p.channel, r.amount AS debit,
    CASE p.channel WHEN 'simponi' THEN r.amount ELSE 0 END AS credit, NULL::uuid AS deposit
  FROM desk.receipt r CROSS JOIN LATERAL (SELECT t.reference, t.channel FROM desk.payment t
    WHERE t.office_id = r.office_id AND t.id = r.payment_id LIMIT 1) p
  WHERE r.office_id = :office_id AND r.issued_on < :until
  UNION ALL
  SELECT (x.at AT TIME ZONE z.name)::date, x.at, 2 * r.sequence + 1, r.number, 'void', x.reason, r.case_id, '',
    p.channel, 0, CASE p.channel WHEN 'simponi' THEN 0 ELSE r.amount END, NULL
  FROM desk.receipt_void x CROSS JOIN zone z
  CROSS JOIN LATERAL (SELECT t.* FROM desk.receipt t
    WHERE t.office_id = x.office_id AND t.id = x.receipt_id LIMIT 1) r
  CROSS JOIN LATERAL (SELECT t.channel FROM desk.payment t
    WHERE t.office_id = r.office_id AND t.id = r.payment_id LIMIT 1) p
  WHERE x.office_id = :office_id AND x.at < (CAST(:until AS date)::timestamp AT TIME ZONE z.name)
  UNION ALL
  SELECT d.deposited_on, d.at, 9e15, d.ntpn, 'deposit', d.billing_code, NULL, d.ntb, '', 0, d.amount, d.id
  FROM desk.deposit d WHERE d.office_id = :office_id AND d.deposited_on < :until
  UNION ALL
  SELECT (x.at AT TIME ZONE z.name)::date, x.at, 9e15, d.ntpn, 'deposit_void', x.reason, NULL, '', '', d.amount, 0,
    NULL
  FROM desk.deposit_void x CROSS JOIN zone z
  CROSS JOIN LATERAL (SELECT t.* FROM desk.deposit t
    WHERE t.office_id = x.office_id AND t.id = x.deposit_id LIMIT 1) d
  WHERE x.office_id = :office_id AND x.at < (CAST(:until AS date)::timestamp AT TIME ZONE z.name)
)
SELECT m.on_day, m.at, m.place, m.voucher, m.kind, m.who, coalesce(c.number, '') AS case_number, m.reference, m.channel,
  m.debit, m.credit, CASE WHEN v.id IS NULL THEN m.deposit END AS deposit
FROM moves m
LEFT JOIN LATERAL (SELECT t.number FROM desk.cases t
  WHERE t.office_id = :office_id AND t.id = m.case_id LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT t.id FROM desk.deposit_void t
  WHERE t.office_id = :office_id AND t.deposit_id = m.deposit LIMIT 1) v ON true
WHERE m.on_day >= :first
UNION ALL
SELECT NULL, NULL, NULL, '', 'opening', '', '', '', '', coalesce(sum(m.debit - m.credit), 0)::bigint, 0, NULL
FROM moves m WHERE m.on_day < :first
ORDER BY on_day, at, place, voucher, kind
""")
_CLOSED = text(
    "SELECT count(*) FROM desk.day_close WHERE office_id = :office_id AND day >= :first AND day < :until "
    "AND day = ANY (:days)"
)


_HANDED_IN = text("""
SELECT coalesce(p.name, m.by) AS by, m.at, m.file_name, m.sha256 FROM desk.month_handover m
LEFT JOIN desk.person p ON p.login = m.by
WHERE m.office_id = :office_id AND m.month = :month ORDER BY m.at DESC, m.id LIMIT 1
""")


def handed_in(session: Session, office_id: int, month: date) -> HandedIn | None:
    """What was handed in about a month, the last time; None while nothing was."""
    row = session.execute(_HANDED_IN, {"office_id": office_id, "month": month.replace(day=1)}).one_or_none()
    return None if row is None else HandedIn(row.by, row.at, row.file_name, row.sha256)


def hand_in(session: Session, office_id: int, month: date, file_name: str, data: bytes, note: str, key: UUID) -> str:
    """Writes down that the material of a month was handed in, with the hash of its file; the same key does it once."""
    first = month.replace(day=1)
    session.execute(
        insert_once(MonthHandover)
        .values(
            office_id=office_id,
            id=key,
            month=first,
            file_name=file_name,
            sha256=hashlib.sha256(data).hexdigest(),
            note=" ".join(note.split()),
        )
        .on_conflict_do_nothing(constraint="month_handover_pkey")
    )
    session.execute(text("SELECT desk.announce(:office_id, :none)"), {"office_id": office_id, "none": UUID(int=0)})
    return f"Penyerahan bahan {month_text(first)} dicatat: {file_name}."


def material_due(session: Session, office_id: int, today: date) -> tuple[date, Due] | None:
    """The month before this one and when its material is due; None once it was handed in, or when nothing moved."""
    month = add_months(today.replace(day=1), -1)
    span = {"office_id": office_id, "first": month, "until": add_months(month, 1)}
    moved = session.execute(
        text(
            "SELECT EXISTS (SELECT FROM desk.receipt WHERE office_id = :office_id AND issued_on >= :first "
            "AND issued_on < :until) OR EXISTS (SELECT FROM desk.deposit WHERE office_id = :office_id "
            "AND deposited_on >= :first AND deposited_on < :until)"
        ),
        span,
    ).scalar_one()
    if not moved or handed_in(session, office_id, month) is not None:
        return None
    day = office_rules(rules(session, office_id), month, office_id).material_day
    return month, monthly_material_due(month, day, calendar(session, office_id))


def register(session: Session, office_id: int, month: date) -> Register:
    """The month in which a day lies, with what the time before it left: two questions about the facts."""
    first = month.replace(day=1)
    until = add_months(first, 1)
    span: dict[str, Any] = {"office_id": office_id, "first": first, "until": until}
    *found, before = session.execute(_ROWS, span).mappings().all()  # its day is NULL, which stands last
    opening = before["debit"]
    moves = [(row["on_day"], row["voucher"], _words(row), row["debit"], row["credit"], row["deposit"]) for row in found]
    # Deposits are no part of a close: what counts are days on which a kuitansi was given or withdrawn.
    days = sorted({row["on_day"] for row in found if row["kind"] in ("in", "void")})
    closed = session.execute(_CLOSED, {**span, "days": days}).scalar_one() if days else 0

    def of(kind: str, column: str) -> tuple[int, int]:
        amounts = [row[column] for row in found if row["kind"] == kind]
        return len(amounts), sum(amounts)

    day = office_rules(rules(session, office_id), first, office_id).material_day
    return Register(
        first,
        opening,
        register_rows(opening, moves),
        *of("in", "debit"),
        *of("void", "credit"),
        *of("deposit", "credit"),
        len(days),
        closed,
        monthly_material_due(first, day, calendar(session, office_id)),
        handed_in(session, office_id, first),
    )


def office_template(
    session: Session, office_id: int, name: str, day: date
) -> tuple[bytes, OfficeDetails, dict[str, str]]:
    """A template that is no paper of a case, as it holds on a day, with the office and its letterhead's fields.

    Refused where there is no such template.
    """
    template = session.execute(
        text(
            "SELECT content FROM desk.template WHERE office_id IN (0, :office_id) "
            "AND id = desk.template_on(:office_id, :name, :day)"
        ),
        {"office_id": office_id, "name": name, "day": day},
    ).scalar_one_or_none()
    if template is None:
        raise Refused(f"Templat “{name}” belum ada. Minta administrator memasangnya.")
    office = session.execute(
        text("SELECT code, name, profile FROM desk.office WHERE id = :id"), {"id": office_id}
    ).one()
    details = office_details(office.code, office.name, office.profile)
    return bytes(template), details, dict(letterhead_fields(details))


def register_paper(session: Session, office_id: int, month: date, today: date) -> tuple[bytes, dict[str, object]]:
    """The office's Word template of the register and the values for it. Refused where there is no template."""
    template, details, fields = office_template(session, office_id, "register", today)
    person = session.execute(text("SELECT name, nip FROM desk.person WHERE login = session_user")).one()
    return template, register_context(
        fields, details.city, register(session, office_id, month), person.name, person.nip, today
    )


def _words(row: Any) -> str:
    match row["kind"]:
        case "in":
            how = f"SIMPONI, NTPN {row['reference']}" if row["channel"] == "simponi" else f"ref. {row['reference']}"
            return f"Diterima dari {row['who']}, permohonan {row['case_number']}" + (
                f" ({how})" if row["reference"] else ""
            )
        case "void":
            return f"Kuitansi dibatalkan, permohonan {row['case_number']}: {row['who']}"
        case "deposit":
            ntb = f", NTB {row['reference']}" if row["reference"] else ""
            return f"Disetor ke kas negara, kode billing {row['who']}{ntb}"
        case _:
            return f"Catatan setoran dibatalkan: {row['who']}"
