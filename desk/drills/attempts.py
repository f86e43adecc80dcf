"""What somebody with a password and `psql` may try on a case, and must be refused.

Each attempt is one statement of a real login, undone afterwards. When it makes sense is told by the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from desk.drills.model import CaseModel
from desk.drills.seats import OFFICE, login_of

_PAID = frozenset({"confirmed", "receipted"})
_INVOICE = (
    "(SELECT i.* FROM desk.invoice i WHERE i.office_id = %(office)s AND i.case_id = %(case)s "
    "ORDER BY i.sequence DESC LIMIT 1) i"
)
_RECEIPT = (
    "(SELECT r.* FROM desk.receipt r WHERE r.office_id = %(office)s AND r.case_id = %(case)s "
    "ORDER BY r.sequence DESC LIMIT 1) r"
)
_PREPARATION = (
    "(SELECT p.* FROM desk.preparation p WHERE p.office_id = %(office)s AND p.case_id = %(case)s "
    "ORDER BY p.attempt DESC LIMIT 1) p"
)
_PAYMENT = (
    "INSERT INTO desk.payment (office_id, id, case_id, invoice_id, issued_by, amount, received_on, channel) "  # noqa: S608
    f"SELECT i.office_id, gen_random_uuid(), i.case_id, i.id, i.by, i.total{{less}}, i.issued_on, 'transfer' "
    f"FROM {_INVOICE}"
)
_QUEUES = (
    "jsonb_build_object('officer_queue', coalesce(c.officer_queue, 'review'), 'mail_queue', {mail}, "
    "'treasurer_queue', c.treasurer_queue)"
)


def _deed(action_id: str, after: str, mail: str = "c.mail_queue") -> str:
    return (
        f"SELECT desk.record_deed(c.office_id, c.id, gen_random_uuid(), '{action_id}', 'Diam-diam', 'Diam-diam', "  # noqa: S608
        f"'{after}'::jsonb, {_QUEUES.format(mail=mail)}, '{{}}'::jsonb) FROM desk.cases c "
        "WHERE c.office_id = %(office)s AND c.id = %(case)s"
    )


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is tried, by whom and when (from the case), and the statement; `forged`: only this answer is a breach."""

    name: str
    who: Callable[[CaseModel], str | None]
    statement: str
    forged: str | None = None


def _when(holds: Callable[[CaseModel], bool], person: str) -> Callable[[CaseModel], str | None]:
    return lambda case: person if holds(case) else None


def _two_hats(case: CaseModel) -> str | None:
    mine = "gita" in (case.by.get("record_proof"), case.by.get("issue_invoice"))
    return "gita" if mine and case.tracks["money"] == "proof" else None


def _a_pure_officer(case: CaseModel) -> str | None:
    involved = {case.by.get("record_proof"), case.by.get("issue_invoice")}
    return next((p for p in ("rina", "fajar", "maya") if p not in involved), None) if _proof(case) else None


def _proof(case: CaseModel) -> bool:
    return case.tracks["money"] == "proof"


ATTEMPTS: tuple[Attempt, ...] = (
    Attempt(
        "a second payment of one invoice",
        _when(lambda case: case.tracks["money"] in _PAID, "sri"),
        _PAYMENT.format(less=""),
    ),
    Attempt("money confirmed by who noted the proof or made the invoice", _two_hats, _PAYMENT.format(less="")),
    Attempt("money confirmed by an officer", _a_pure_officer, _PAYMENT.format(less="")),
    Attempt("less money than the invoice", _when(_proof, "sri"), _PAYMENT.format(less=" - 1")),
    Attempt(
        "a kuitansi edited",
        _when(lambda case: case.tracks["money"] == "receipted", "budi"),
        "UPDATE desk.receipt SET payer = 'Orang lain' WHERE office_id = %(office)s AND case_id = %(case)s",
    ),
    Attempt(
        "a kuitansi deleted",
        _when(lambda case: case.tracks["money"] == "receipted", "budi"),
        "DELETE FROM desk.receipt WHERE office_id = %(office)s AND case_id = %(case)s",
    ),
    Attempt(
        "a second kuitansi for one payment",
        _when(lambda case: case.tracks["money"] == "receipted", "budi"),
        "INSERT INTO desk.receipt (office_id, id, case_id, payment_id, replaces, amount, payer, purpose) "  # noqa: S608
        f"SELECT r.office_id, gen_random_uuid(), r.case_id, r.payment_id, r.id, r.amount, r.payer, r.purpose "
        f"FROM {_RECEIPT}",
    ),
    Attempt(
        "money taken back while its kuitansi is in force",
        _when(lambda case: case.tracks["money"] == "receipted", "sri"),
        "INSERT INTO desk.payment_reversal (office_id, id, case_id, payment_id, reason) "  # noqa: S608
        f"SELECT r.office_id, gen_random_uuid(), r.case_id, r.payment_id, 'Diam-diam' FROM {_RECEIPT}",
    ),
    Attempt(
        "a kuitansi for money that was taken back",
        _when(lambda case: case.tracks["money"] == "proof" and "reverse_payment" in case.done, "budi"),
        "INSERT INTO desk.receipt (office_id, id, case_id, payment_id, amount, payer, purpose) "
        "SELECT p.office_id, gen_random_uuid(), p.case_id, p.id, p.amount, 'x', 'x' FROM desk.payment p "
        "WHERE p.office_id = %(office)s AND p.case_id = %(case)s ORDER BY p.at DESC LIMIT 1",
    ),
    Attempt(
        "a kuitansi withdrawn after the data left with it",
        _when(lambda case: "deliver" in case.done, "budi"),
        "INSERT INTO desk.receipt_void (office_id, id, case_id, receipt_id, reason) "  # noqa: S608
        f"SELECT r.office_id, gen_random_uuid(), r.case_id, r.id, 'Diam-diam' FROM {_RECEIPT}",
    ),
    Attempt(
        "a deed out of its state",
        _when(lambda case: case.tracks["stage"] in ("clear", "active"), "rina"),
        _deed("redirect_case", '{"stage": "redirected"}'),
    ),
    Attempt(
        "an accepted original that nobody checked",
        _when(lambda case: case.tracks["original"] == "received", "rina"),
        _deed("accept_original", '{"original": "accepted"}', "coalesce(c.mail_queue, 'file')"),
    ),
    Attempt(
        "an original accepted with too little materai",
        _when(lambda case: case.tracks["original"] == "received", "rina"),
        "INSERT INTO desk.custody (office_id, id, case_id, agreement_id, copy, position, step, on_day, signed_on, "
        "stamp_kind, stamp_value) SELECT u.office_id, gen_random_uuid(), u.case_id, u.agreement_id, u.copy, "
        "u.position + 1, 'accepted', u.on_day, u.on_day, 'adhesive', 6000 FROM desk.custody u "
        "WHERE u.office_id = %(office)s AND u.case_id = %(case)s ORDER BY u.position DESC LIMIT 1",
    ),
    Attempt(
        "data sent although the gate is closed",
        _when(lambda case: case.tracks["data"] == "checked" and not case.gate_is_open(), "rina"),
        "INSERT INTO desk.delivery (office_id, id, case_id, preparation_id, sequence, version, delivered_on, channel, "  # noqa: S608
        "address, manifest) SELECT p.office_id, gen_random_uuid(), p.case_id, p.id, 1, 1, current_date, 'email', "
        f"'siapa@example.org', '[]'::jsonb FROM {_PREPARATION}",
    ),
    Attempt(
        "data checked by who made them",
        lambda case: case.by["finish_preparation"] if case.tracks["data"] == "prepared" else None,
        "INSERT INTO desk.preparation_check (office_id, id, case_id, preparation_id, made_by, passed) "  # noqa: S608
        f"SELECT p.office_id, gen_random_uuid(), p.case_id, p.id, p.by, true FROM {_PREPARATION}",
    ),
    Attempt(
        "a fact in somebody else's name",
        _when(lambda case: case.tracks["stage"] == "active", "rina"),
        "INSERT INTO desk.payment_proof (office_id, id, case_id, invoice_id, amount, paid_on, payer, by) "  # noqa: S608
        f"SELECT i.office_id, gen_random_uuid(), i.case_id, i.id, 1, i.issued_on, 'x', '{login_of('hendra')}' "
        f"FROM {_INVOICE} RETURNING by",
        forged=login_of("hendra"),
    ),
    Attempt(
        "a request of another office",
        lambda _: "doni",
        "UPDATE desk.cases SET claimed_by = 'uji_doni' WHERE office_id = %(office)s AND id = %(case)s",
    ),
    Attempt(
        "a state written straight into the case",
        lambda _: "rina",
        "UPDATE desk.cases SET money = 'receipted' WHERE office_id = %(office)s AND id = %(case)s",
    ),
)


def breaches(connection: psycopg.Connection[Any], attempt: Attempt, case: CaseModel) -> bool:
    """Tries it and undoes it; tells whether the database let it happen."""
    try:
        cursor = connection.execute(attempt.statement.encode(), {"office": OFFICE, "case": case.id})
        happened = cursor.rowcount > 0
        if happened and attempt.forged is not None:
            happened = cursor.fetchone() == (attempt.forged,)
        connection.execute("SET CONSTRAINTS desk.sum, desk.parts IMMEDIATE")  # what is asked at COMMIT
    except psycopg.Error:
        return False
    else:
        return happened
    finally:
        connection.rollback()
