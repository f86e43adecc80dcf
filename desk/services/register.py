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
_MOVES = """
WITH zone AS (SELECT o.zone AS name FROM desk.office o WHERE o.id = :office_id),
moves AS (
  SELECT r.issued_on AS on_day, r.at, 2 * r.sequence AS place, r.number AS voucher, 'in' AS kind,
    r.payer AS who, c.number AS case_number, p.reference, p.channel, r.amount AS debit,
    CASE p.channel WHEN 'simponi' THEN r.amount ELSE 0 END AS credit, NULL::uuid AS deposit
  FROM desk.receipt r JOIN desk.payment p ON p.office_id = r.office_id AND p.id = r.payment_id
  JOIN desk.cases c ON c.office_id = r.office_id AND c.id = r.case_id
  WHERE r.office_id = :office_id AND r.issued_on < :until
  UNION ALL
  SELECT (x.at AT TIME ZONE z.name)::date, x.at, 2 * r.sequence + 1, r.number, 'void', x.reason, c.number, '',
    p.channel, 0, CASE p.channel WHEN 'simponi' THEN 0 ELSE r.amount END, NULL
  FROM desk.receipt_void x CROSS JOIN zone z JOIN desk.receipt r ON r.office_id = x.office_id AND r.id = x.receipt_id
  JOIN desk.payment p ON p.office_id = r.office_id AND p.id = r.payment_id
  JOIN desk.cases c ON c.office_id = r.office_id AND c.id = r.case_id
  WHERE x.office_id = :office_id AND x.at < (CAST(:until AS date)::timestamp AT TIME ZONE z.name)
  UNION ALL
  SELECT d.deposited_on, d.at, 9e15, d.ntpn, 'deposit', d.billing_code, '', d.ntb, '', 0, d.amount,
    CASE WHEN v.id IS NULL THEN d.id END
  FROM desk.deposit d LEFT JOIN desk.deposit_void v ON v.office_id = d.office_id AND v.deposit_id = d.id
  WHERE d.office_id = :office_id AND d.deposited_on < :until
  UNION ALL
  SELECT (x.at AT TIME ZONE z.name)::date, x.at, 9e15, d.ntpn, 'deposit_void', x.reason, '', '', '', d.amount, 0,
    NULL
  FROM desk.deposit_void x CROSS JOIN zone z JOIN desk.deposit d ON d.office_id = x.office_id AND d.id = x.deposit_id
  WHERE x.office_id = :office_id AND x.at < (CAST(:until AS date)::timestamp AT TIME ZONE z.name)
)
"""
_ROWS = text(_MOVES + "SELECT * FROM moves WHERE on_day >= :first ORDER BY on_day, at, place, voucher, kind")  # noqa: S608
_OPENING = text(
    _MOVES + "SELECT coalesce(sum(debit - credit), 0)::bigint FROM moves WHERE on_day < :first"  # noqa: S608
)
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
    """The month in which a day lies, with what the time before it left: three questions about the facts."""
    first = month.replace(day=1)
    until = add_months(first, 1)
    span: dict[str, Any] = {"office_id": office_id, "first": first, "until": until}
    opening = session.execute(_OPENING, span).scalar_one()
    found = session.execute(_ROWS, span).mappings().all()
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
