"""What the administrator of the server can do to the audit log: everything, with triggers out of the way.

Each attack works on the log and the facts of one office; the connection must be a superuser's.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, text

from desk.drills.seats import OFFICE
from desk.services.audit import FACTS

CONTENT = "UPDATE audit.log SET new = jsonb_set(new, '{total}', '1') WHERE id = :row"
ROW = "SELECT min(id) FROM audit.log WHERE table_name = 'invoice' AND office_id = :office AND op = 'I'"


def _row(connection: Connection) -> int:
    return int(connection.execute(text(ROW), {"office": OFFICE}).scalar_one())


def change_content(connection: Connection) -> None:
    """T1: the content of an old entry."""
    connection.execute(text(CONTENT), {"row": _row(connection)})


def delete_entry(connection: Connection) -> None:
    """T2: an old entry is gone."""
    connection.execute(text("DELETE FROM audit.log WHERE id = :row"), {"row": _row(connection)})


def insert_entry(connection: Connection) -> None:
    """T3: an entry that nobody wrote, in an old block."""
    connection.execute(
        text(
            "INSERT INTO audit.log (office_id, actor, table_name, op, key, new, block) "
            "SELECT office_id, 'budi', table_name, 'I', gen_random_uuid()::text, new, block FROM audit.log "
            "WHERE id = :row"
        ),
        {"row": _row(connection)},
    )


KEYS = {"invoice_line": "invoice_id || '/' || position", "deposit_line": "deposit_id || '/' || payment_id"}
"""How the log names the rows of the tables that have no id of their own."""


def cut_the_end(connection: Connection) -> None:
    """T4: the last block with all its entries, and with the facts that they tell of."""
    last = "(SELECT max(no) FROM audit.block WHERE office_id = 1600)"
    for table in FACTS:
        key = KEYS.get(table, "id::text")
        connection.execute(
            text(
                f"DELETE FROM desk.{table} WHERE office_id = 1600 AND {key} IN (SELECT key FROM audit.log "  # noqa: S608
                f"WHERE office_id = 1600 AND table_name = '{table}' AND block = {last})"
            )
        )
    for table, column in (("head", "no"), ("log", "block"), ("block", "no")):
        connection.execute(text(f"DELETE FROM audit.{table} WHERE office_id = 1600 AND {column} = {last}"))  # noqa: S608


def compute_anew(connection: Connection) -> None:
    """T5: an old entry and its fact changed, and every block computed as the sealer would."""
    change_content(connection)
    connection.execute(text("UPDATE desk.invoice SET total = 1 WHERE office_id = 1600 AND sequence = 1"))
    connection.execute(text("DELETE FROM audit.head"))
    numbers = "SELECT no FROM audit.block WHERE office_id = :office ORDER BY no"
    for no in connection.execute(text(numbers), {"office": OFFICE}).scalars().all():
        where = {"office": OFFICE, "no": no}
        connection.execute(
            text(
                "UPDATE audit.block b SET root = (SELECT encode(sha256(string_agg(audit.entry_hash(l, 1), ''::bytea "
                "ORDER BY l.id)), 'hex') FROM audit.log l WHERE l.office_id = b.office_id AND l.block = b.no), "
                "previous = coalesce((SELECT p.hash FROM audit.block p WHERE p.office_id = b.office_id "
                "AND p.no = b.no - 1), '') WHERE office_id = :office AND no = :no"
            ),
            where,
        )
        connection.execute(
            text("UPDATE audit.block b SET hash = audit.block_hash(b) WHERE office_id = :office AND no = :no"), where
        )


def change_the_fact(connection: Connection) -> None:
    """T6: an issued invoice changed while the log looked away."""
    connection.execute(
        text("UPDATE desk.invoice SET total = 1, full_price = 1 WHERE office_id = 1600 AND sequence = 1")
    )


ATTACKS: dict[str, tuple[Callable[[Connection], None], set[str]]] = {
    # the attack, and which of the three proofs see it
    "T1": (change_content, {"audit_block", "audit_fact"}),
    "T2": (delete_entry, {"audit_block", "audit_fact"}),
    "T3": (insert_entry, {"audit_block", "audit_fact"}),
    "T4": (cut_the_end, {"audit_head"}),
    "T5": (compute_anew, {"audit_head"}),
    "T6": (change_the_fact, {"audit_fact"}),
}
