"""Who may do what in the database, as a page: `poe rights` writes `docs/rights.md`, `poe check` compares it.

The page is read from a database that was migrated just now, so grants and page cannot drift. What the catalogue cannot
say stands here: why a table has no row policy, and why a key does not begin with the office. An object without such a
reason, or a role that nobody knows, is an error and not a line of the page.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desk.adapters import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

PAGE: Final = Path(__file__).parent.parent / "docs" / "rights.md"
SCHEMAS: Final = ("audit", "desk")

OPEN_TABLES: Final[Mapping[str, str]] = {
    "audit.chain": "one row, the name of the log",
    "desk.action_rule": "the published table of actions, the same in every office",
    "desk.alembic_version": "one row, the version of the tables",
    "desk.backup_entry": "backups of the whole database, shown in every window",
    "desk.doctor_check": "the published questions of the doctor, the same in every office",
    "desk.duty": "who works where; the row policies themselves ask it",
    "desk.installation": "one row, the clock and the oldest program that is let in",
    "desk.office": "names of offices; the row policies themselves ask it",
    "desk.person": "names of colleagues; nothing private",
}
"""Tables that everybody reads whole, with the reason. All others have a forced row policy."""

KEYS_OF_ALL_OFFICES: Final[Mapping[str, str]] = {
    "audit.chain": "one row",
    "desk.action_rule": "the name of the action",
    "desk.alembic_version": "one row",
    "desk.backup_entry": "a backup holds all offices",
    "desk.doctor_check": "the name of the question",
    "desk.duty": "a person's duty names its office in the key",
    "desk.installation": "one row",
    "desk.office": "the office itself",
    "desk.person": "a login belongs to the server",
}
"""Tables whose keys do not begin with `office_id`, with the reason."""

UNPINNED: Final[Mapping[str, str]] = {
    "audit.entry_hash(p_entry audit.log, p_format bigint)": "inlined into what seals; every name is written out",
    "audit.office_of(p_table text, p_row jsonb)": "inlined into what records; names no table",
    "desk.step_state(p_kind text, p_until timestamp with time zone, p_now timestamp with time zone)": (
        "inlined into the outbox; its names were looked up when it was made"
    ),
}
"""Functions without a search path of their own, with the reason. None of them runs with more rights than its caller."""

_COLUMNS: Final[Mapping[str, str]] = {
    roles.PERSON: "everybody",
    roles.OFFICER: "officer",
    roles.TREASURER: "treasurer",
    roles.SUPERVISOR: "supervisor",
    roles.ADMINISTRATOR: "administrator",
    roles.AUDITOR: "auditor",
    roles.BACKUP: "backup",
    roles.DEFINER: "functions",
    roles.RECORDER: "recorder",
    roles.REGISTRAR: "registrar",
}
_LETTERS: Final = {
    "SELECT": "S",
    "INSERT": "I",
    "UPDATE": "U",
    "DELETE": "D",
    "TRUNCATE": "T",
    "REFERENCES": "R",
    "TRIGGER": "G",
    "MAINTAIN": "M",
}
_LEAD = """\
<!-- Written by `uv run poe rights` from a database that was migrated just now. Change a migration, not this page. -->

# Rights in the database

Every person has a login of the server and may use it with `psql`; this is what it can do there. Rights of `everybody`
are those of each person, the next five columns add what a duty may do, the last four belong to logins and roles nobody
works as: the backup, and the owners of the functions of the database (`functions` states what no person may, `recorder`
writes the audit log, `registrar` makes logins). S select · I insert · U update · D delete; a small letter: some columns
only, named below. Nobody has TRUNCATE. Which rows: see the row policies. How deeds move a case: `desk.record_deed` asks
the table of actions ([actions](manual/actions.md)).
"""

_TABLES_ASKED = """
SELECT n.nspname || '.' || c.relname AS name, c.relkind AS kind, c.relrowsecurity AND c.relforcerowsecurity AS forced,
  c.relowner::regrole::text AS owner, c.oid AS oid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('audit', 'desk') AND c.relkind NOT IN ('i', 'I', 't', 'c') ORDER BY 1
"""
_RIGHTS_ASKED = """
SELECT n.nspname || '.' || c.relname AS name, r.column, a.grantee::regrole::text AS role, a.grantee = 0 AS open,
  a.privilege_type AS verb
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT NULL::text AS column, c.relacl AS acl
  UNION ALL SELECT t.attname, t.attacl FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attacl IS NOT NULL) r
CROSS JOIN LATERAL aclexplode(r.acl) a
WHERE n.nspname IN ('audit', 'desk') AND a.grantee <> c.relowner ORDER BY 1, 2, 3, 5
"""
_POLICIES_ASKED = """
SELECT schemaname || '.' || tablename AS name, policyname AS policy, permissive = 'RESTRICTIVE' AS narrows,
  array_to_string(roles, ', ') AS roles, cmd AS verb, coalesce(qual, '') AS seen, coalesce(with_check, '') AS written
FROM pg_policies WHERE schemaname IN ('audit', 'desk') ORDER BY 1, 2
"""
_FUNCTIONS_ASKED = """
SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
  p.prosecdef AS definer, p.proowner::regrole::text AS owner, coalesce(p.proconfig, '{}') AS settings,
  p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0) AS open,
  ARRAY(SELECT DISTINCT a.grantee::regrole::text FROM aclexplode(p.proacl) a
        WHERE a.grantee NOT IN (0, p.proowner) ORDER BY 1) AS callers,
  p.prorettype = 'trigger'::regtype AS trigger
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN ('audit', 'desk') ORDER BY 1
"""
_TRIGGERS_ASKED = """
SELECT n.nspname || '.' || c.relname AS name, g.tgname::text AS trigger, p.proname::text AS function,
  concat_ws(' or ', CASE WHEN g.tgtype & 4 > 0 THEN 'insert' END, CASE WHEN g.tgtype & 16 > 0 THEN 'update' END,
    CASE WHEN g.tgtype & 8 > 0 THEN 'delete' END, CASE WHEN g.tgtype & 32 > 0 THEN 'truncate' END) AS on
FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = g.tgfoid
WHERE n.nspname IN ('audit', 'desk') AND NOT g.tgisinternal AND p.proname NOT IN ('record') ORDER BY 1, 2
"""


class Unexplained(Exception):
    """The database holds something that nobody has written a reason for; the text names it."""


def page(connection: Connection) -> str:
    """Gives the page for the database at `connection`, which is at this program's version.

    Raises `Unexplained` for a table, role or function that breaks a rule and stands in no list here.
    """
    connection.exec_driver_sql("SET LOCAL search_path = pg_catalog")  # conditions are shown with their whole names
    ask = _Asking(connection)
    tables, rights, functions = ask.rows(_TABLES_ASKED), ask.rows(_RIGHTS_ASKED), ask.rows(_FUNCTIONS_ASKED)
    _explained(tables, rights, functions, ask)
    parts = [_LEAD, "## Tables", _tables(tables, rights), "### Some columns only", _some_columns(rights)]
    parts += ["### Without a row policy", _reasons(OPEN_TABLES)]
    parts += ["### Keys that do not begin with the office", _reasons(KEYS_OF_ALL_OFFICES)]
    parts += ["## Row policies", _policies(ask.rows(_POLICIES_ASKED))]
    parts += ["## What happens by itself", _triggers(ask.rows(_TRIGGERS_ASKED)), "## Functions", _functions(functions)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def of_this_program() -> str:
    """Gives the page for a database of this program, made on a private server that is gone afterwards."""
    from sqlalchemy import NullPool, create_engine

    from desk.adapters import schema
    from desk.adapters.embedded import EmbeddedServer

    with (
        tempfile.TemporaryDirectory(prefix="meja-pst-hak-", ignore_cleanup_errors=True) as folder,
        EmbeddedServer(Path(folder) / "server", durable=False) as server,
    ):
        engine = create_engine(server.url(), poolclass=NullPool)
        schema.upgrade(engine)
        with engine.connect() as connection:
            return page(connection)


class _Asking:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, question: str) -> list[dict[str, Any]]:
        return [dict(row) for row in self._connection.exec_driver_sql(question).mappings()]

    def names(self, question: str) -> set[str]:
        return {str(name) for name in self._connection.exec_driver_sql(question).scalars()}


def _explained(
    tables: list[dict[str, Any]], rights: list[dict[str, Any]], functions: list[dict[str, Any]], ask: _Asking
) -> None:
    """Raises `Unexplained` where the database and the reasons above do not say the same."""
    plain = [table for table in tables if table["kind"] in ("r", "p")]
    found = {
        "kind of object": {table["name"] for table in tables if table["kind"] not in ("r", "p", "S")},
        "table without a forced policy": {t["name"] for t in plain if not t["forced"]} ^ set(OPEN_TABLES),
        "table whose keys do not begin with office_id": ask.names(_FOREIGN_KEYS_ASKED) ^ set(KEYS_OF_ALL_OFFICES),
        "role": {right["role"] for right in rights if not right["open"]} - set(_COLUMNS) - {roles.OWNER},
        "right of everybody on the server": {right["name"] for right in rights if right["open"]},
        "right that nobody should have": {
            f"{right['verb']} on {right['name']} for {right['role']}"
            for right in rights
            if right["verb"] not in ("SELECT", "INSERT", "UPDATE", "DELETE")
        },
        "function without a pinned path": {f["name"] for f in functions if not _pinned(f["settings"])} ^ set(UNPINNED),
        "function with more rights than its caller, without a pinned path": {
            f["name"] for f in functions if f["definer"] and not _pinned(f["settings"])
        },
        "function open to everybody on the server": {f["name"] for f in functions if f["open"]},
        "schema": ask.names(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$|public$)'"
        ) ^ set(SCHEMAS),
    }  # fmt: skip
    for what, names in found.items():
        if names:
            raise Unexplained(f"{what} without a written reason: {', '.join(sorted(names))}")


_FOREIGN_KEYS_ASKED = """
SELECT DISTINCT n.nspname || '.' || t.relname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname IN ('audit', 'desk') AND i.indisunique AND 'office_id' IS DISTINCT FROM
  (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = i.indkey[0])
UNION SELECT n.nspname || '.' || t.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname IN ('audit', 'desk') AND c.contype = 'f' AND 'office_id' IS DISTINCT FROM
  (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = c.conkey[1])
"""


def _pinned(settings: Iterable[str]) -> bool:
    return "search_path=pg_catalog, pg_temp" in settings


def _tables(tables: list[dict[str, Any]], rights: list[dict[str, Any]]) -> str:
    held: dict[tuple[str, str], str] = defaultdict(str)
    for right in sorted(rights, key=lambda r: list(_LETTERS).index(r["verb"])):
        letter = _LETTERS[right["verb"]]
        letter = letter.lower() if right["column"] else letter
        if letter not in held[right["name"], right["role"]]:
            held[right["name"], right["role"]] += letter
    head = ("table", "rows", *_COLUMNS.values())
    lines = [
        (f"`{t['name']}`", "by office" if t["forced"] else "all", *(held[t["name"], role] for role in _COLUMNS))
        for t in tables
        if t["kind"] in ("r", "p")
    ]
    return _table(head, lines)


def _some_columns(rights: list[dict[str, Any]]) -> str:
    columns: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for right in rights:
        if right["column"]:
            columns[right["name"], right["verb"], right["role"]].append(right["column"])
    lines = [
        (f"`{name}`", verb.lower(), _COLUMNS.get(role, role), ", ".join(sorted(names)))
        for (name, verb, role), names in columns.items()
    ]
    return _table(("table", "verb", "who", "columns"), sorted(lines))


def _reasons(reasons: Mapping[str, str]) -> str:
    return _table(("table", "why"), [(f"`{name}`", why) for name, why in reasons.items()])


def _policies(policies: list[dict[str, Any]]) -> str:
    """Most tables have the same few policies, so each is shown once with its tables."""
    tables: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for policy in policies:
        who = ", ".join(_COLUMNS.get(role, role) for role in policy["roles"].split(", "))
        kind = "only where" if policy["narrows"] else "may"
        shown = " · ".join(dict.fromkeys(part for part in (policy["seen"], policy["written"]) if part))
        tables[who, kind, policy["verb"].lower(), shown].append(policy["name"])
    lines = [
        (who, kind, verb, f"`{shown}`", ", ".join(name.removeprefix("desk.") for name in names))
        for (who, kind, verb, shown), names in sorted(tables.items(), key=lambda item: (item[0][1], item[1]))
    ]
    return _table(("who", "", "verb", "condition", "tables"), lines)


def _triggers(triggers: list[dict[str, Any]]) -> str:
    of_function: dict[tuple[str, str], list[str]] = defaultdict(list)
    for trigger in triggers:
        of_function[trigger["function"], trigger["on"]].append(trigger["name"].removeprefix("desk."))
    lines = [(f"`{function}`", on, ", ".join(sorted(set(names)))) for (function, on), names in of_function.items()]
    lead = (
        "Every table but the screens' change numbers, the word book of the search, who looks at what, and file "
        "contents also writes the audit log (`audit.record`)."
    )
    return f"{lead}\n\n{_table(('function', 'before or after', 'tables'), sorted(lines))}"


def _functions(functions: list[dict[str, Any]]) -> str:
    """Trigger functions are called by nobody, so only those that somebody calls have a line."""
    lines = []
    for function in functions:
        callers = ", ".join(_COLUMNS.get(role, role) for role in function["callers"] if role != roles.OWNER)
        if callers:
            runs_as = function["owner"] if function["definer"] else "caller"
            # `desk.now` belongs to whoever migrates; its name differs from server to server
            runs_as = runs_as if runs_as in ("caller", *roles.GROUPS) else "owner of the database"
            lines.append((f"`{function['name']}`", _COLUMNS.get(runs_as, runs_as), callers))
    return _table(("function", "runs as", "called by"), lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def main() -> int:
    """Writes the page; with `--check` only says whether it is outdated, exit code 1 when it is."""
    parser = argparse.ArgumentParser(prog="python -m desk.rights", description="Write docs/rights.md.")
    parser.add_argument("--check", action="store_true", help="compare only")
    try:
        text = of_this_program()
    except Unexplained as error:
        print(f"{error}; see desk/rights.py", file=sys.stderr)
        return 1
    if not parser.parse_args().check:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == text:
        return 0
    print("docs/rights.md is not what the migrations grant; run: uv run poe rights", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
