"""What a database holds, as numbers that a restored copy can be held against.

The content hash covers every row of every table of the schemas `desk` and `audit`. It does not depend on where the rows
lie, in which order they were written, on the version of PostgreSQL, or on the collation of the server.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_SCHEMAS = "('desk', 'audit')"

# Two steps, by the first byte of the hash: one value of PostgreSQL ends at 1 GB, which is 33 million hashes.
_ROWS = """
SELECT coalesce(sum(p.rows), 0)::bigint AS rows,
  encode(sha256(coalesce(string_agg(p.hash, ''::bytea ORDER BY p.part), ''::bytea)), 'hex') AS hash
FROM (
  SELECT get_byte(h.hash, 0) AS part, count(*) AS rows, sha256(string_agg(h.hash, ''::bytea ORDER BY h.hash)) AS hash
  FROM (SELECT sha256(convert_to(whole_row::text, 'UTF8')) AS hash FROM {table} whole_row) h GROUP BY 1
) p
"""

_COUNTS = f"""
WITH ours AS (
  SELECT c.oid, c.relkind, c.relowner, c.relacl, c.relrowsecurity AND c.relforcerowsecurity AS forced
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN {_SCHEMAS}
)
SELECT
  (SELECT count(*) FROM ours WHERE relkind IN ('r', 'p')) AS tables,
  (SELECT count(*) FROM ours WHERE relkind IN ('i', 'I')) AS indexes,
  (SELECT count(*) FROM ours WHERE forced) AS forced,
  (SELECT count(*) FROM pg_policy WHERE polrelid IN (SELECT oid FROM ours)) AS policies,
  (SELECT count(*) FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM ours) AND NOT tgisinternal) AS triggers,
  (SELECT count(*) FROM pg_constraint WHERE conrelid IN (SELECT oid FROM ours) AND contype <> 'n') AS constraints,
  (SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN {_SCHEMAS})
    AS functions,
  (SELECT count(*) FROM ours, aclexplode(relacl) a WHERE a.grantee <> relowner) AS grants
"""  # noqa: S608 - the schemas are our own words


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Rows and hash of each table, and how many tables, indexes, policies, triggers, functions and grants there are."""

    tables: Mapping[str, tuple[int, str]]
    counts: Mapping[str, int]

    @property
    def content(self) -> str:
        """One hash over all tables, 64 hex digits."""
        lines = (f"{name} {rows} {hashed}\n" for name, (rows, hashed) in sorted(self.tables.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(rows for rows, _ in self.tables.values())

    def to_json(self) -> dict[str, Any]:
        """The fingerprint as it stands in a backup."""
        return asdict(self)

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Fingerprint:
        """The fingerprint a backup carries."""
        tables = {name: (int(rows), str(hashed)) for name, (rows, hashed) in written["tables"].items()}
        return cls(tables, {name: int(count) for name, count in written["counts"].items()})


def take(connection: Connection) -> Fingerprint:
    """Reads the whole database once. Needs a superuser: nobody else sees every row."""
    # The text of a row depends on these; a row that a policy hides would be an error instead of a smaller hash.
    for setting in ("timezone = 'UTC'", "datestyle = 'ISO'", "bytea_output = 'hex'", "row_security = off"):
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    names = connection.exec_driver_sql(
        "SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_class c "  # noqa: S608
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE n.nspname IN {_SCHEMAS} AND c.relkind IN ('r', 'p') ORDER BY 1",
    ).scalars()
    tables = {}
    for name in names.all():
        found = connection.exec_driver_sql(_ROWS.format(table=name)).one()
        tables[name] = (found.rows, found.hash)
    connection.exec_driver_sql("SET LOCAL row_security = on")  # the functions of the database need their policies
    counts = connection.exec_driver_sql(_COUNTS).mappings().one()
    return Fingerprint(tables, {name: int(count) for name, count in counts.items()})


def differences(expected: Fingerprint, found: Fingerprint) -> list[str]:
    """Gives what is not the same, as short sentences; empty when the copy is complete."""
    told = []
    for name in sorted({*expected.tables, *found.tables}):
        was, became = expected.tables.get(name), found.tables.get(name)
        if was is None or became is None:
            told.append(f"Tabel {name} {'tidak ada pada cadangan' if was is None else 'tidak ikut pulih'}.")
        elif was[0] != became[0]:
            told.append(f"Tabel {name} berisi {became[0]} baris, seharusnya {was[0]}.")
        elif was[1] != became[1]:
            told.append(f"Isi tabel {name} berbeda dari saat dicadangkan.")
    for kind, count in expected.counts.items():
        if found.counts.get(kind) != count:
            told.append(f"Jumlah {_KINDS.get(kind, kind)} {found.counts.get(kind)}, seharusnya {count}.")
    return told


_KINDS = {
    "tables": "tabel", "indexes": "indeks", "forced": "tabel dengan kebijakan wajib", "policies": "kebijakan baris",
    "triggers": "pemicu", "constraints": "batasan", "functions": "fungsi", "grants": "hak akses",
}  # fmt: skip
