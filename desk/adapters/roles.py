"""Who may log in: the group roles of the duties and one login for each person.

Roles belong to the whole server, not to one database, so they are made here and not by a migration. What a group may
do is granted by the migrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from psycopg import Connection as DriverConnection
    from sqlalchemy import Connection

OWNER = "desk_owner"  # owns the tables
DEFINER = "desk_definer"  # owns the functions that run with more rights than their caller; owns no table
RECORDER = "desk_recorder"  # writes and seals the audit log, which nobody else may
PERSON = "desk_person"  # every person of an office
OFFICER = "desk_officer"
TREASURER = "desk_treasurer"
SUPERVISOR = "desk_supervisor"
ADMINISTRATOR = "desk_administrator"
AUDITOR = "desk_auditor"
BACKUP = "desk_backup"

DUTIES = (OFFICER, TREASURER, SUPERVISOR, ADMINISTRATOR, AUDITOR)
GROUPS = (OWNER, DEFINER, RECORDER, PERSON, *DUTIES, BACKUP)

# A workstation uses two connections for work and one to listen; one more for a second window.
_CONNECTIONS = 4


def create_groups(connection: Connection) -> None:
    """Makes the group roles that are missing; none of them can log in. Needs the right to create roles."""
    for group in GROUPS:
        # Two databases of one server may be set up at the same moment: the second one finds the role made.
        connection.exec_driver_sql(
            f"DO $$ BEGIN IF to_regrole('{group}') IS NULL THEN CREATE ROLE {group} NOLOGIN; END IF; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )


def create_login(connection: Connection, name: str, password: str, duties: Iterable[str]) -> None:
    """Makes the login of one person with the group roles in ``duties``. Needs the right to create roles.

    The server and its log only ever see the password's SCRAM verifier.
    """
    groups = ", ".join(quoted(connection, group) for group in (PERSON, *duties))
    connection.exec_driver_sql(
        f"CREATE ROLE {quoted(connection, name)} LOGIN INHERIT NOCREATEDB NOCREATEROLE NOSUPERUSER NOBYPASSRLS "
        f"CONNECTION LIMIT {_CONNECTIONS} PASSWORD '{_verifier(connection, name, password)}' IN ROLE {groups}"
    )


def set_password(connection: Connection, name: str, password: str) -> None:
    """Gives a person a new password, as the administrator or as that person."""
    connection.exec_driver_sql(
        f"ALTER ROLE {quoted(connection, name)} PASSWORD '{_verifier(connection, name, password)}'"
    )


def set_duties(connection: Connection, name: str, duties: Collection[str]) -> None:
    """Makes ``duties`` the only duties of a person's login."""
    for group in DUTIES:
        verb, towards = ("GRANT", "TO") if group in duties else ("REVOKE", "FROM")
        connection.exec_driver_sql(f"{verb} {group} {towards} {quoted(connection, name)}")


def close_login(connection: Connection, name: str) -> None:
    """Ends a person's access now: no new login, and the connections that are open are cut."""
    connection.exec_driver_sql(f"ALTER ROLE {quoted(connection, name)} NOLOGIN")
    connection.execute(
        text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = :name"), {"name": name}
    )


def quoted(connection: Connection, name: str) -> str:
    """Gives ``name`` as an SQL identifier, quoted where it must be."""
    return connection.dialect.identifier_preparer.quote(name)


def _verifier(connection: Connection, name: str, password: str) -> str:
    driver: DriverConnection[object] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
