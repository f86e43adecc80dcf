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
REGISTRAR = "desk_registrar"  # makes logins and gives groups for the administrators, through functions only
PERSON = "desk_person"  # every person of an office
OFFICER = "desk_officer"
TREASURER = "desk_treasurer"
SUPERVISOR = "desk_supervisor"
ADMINISTRATOR = "desk_administrator"
AUDITOR = "desk_auditor"
BACKUP = "desk_backup"

DUTIES = (OFFICER, TREASURER, SUPERVISOR, ADMINISTRATOR, AUDITOR)
GROUPS = (OWNER, DEFINER, RECORDER, REGISTRAR, PERSON, *DUTIES, BACKUP)

_GIVEN_BY_REGISTRAR = (PERSON, *DUTIES)
_OWNED_MEMBERSHIPS = (16, 0)  # since PostgreSQL 16 CREATEROLE alone reaches no role that it was not given

# A workstation uses two for lists and deeds, one to listen, one for long work and one to look at all of the database;
# what hangs on the server still counts while new ones are opened.
_CONNECTIONS = 8


def create_groups(connection: Connection) -> None:
    """Makes the group roles that are missing; none of them can log in. Needs the right to create roles."""
    for group in GROUPS:
        # Two databases of one server may be set up at the same moment: the second one finds the role made.
        connection.exec_driver_sql(
            f"DO $$ BEGIN IF to_regrole('{group}') IS NULL THEN CREATE ROLE {group} NOLOGIN; END IF; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    _empower_registrar(connection)


def _empower_registrar(connection: Connection) -> None:
    """Lets the registrar make logins, give the groups of people and cut connections, and be nobody's group itself.

    Up to PostgreSQL 15 CREATEROLE reaches every role that is no superuser. Since 16 each group must be given with ADMIN
    OPTION; without INHERIT and SET, so that the functions never act with the rights of a duty.
    """
    connection.exec_driver_sql(f"ALTER ROLE {REGISTRAR} CREATEROLE")
    grants = [("pg_signal_backend", "")]
    if _memberships_are_owned(connection):
        grants += [(group, "WITH ADMIN TRUE, INHERIT FALSE, SET FALSE") for group in _GIVEN_BY_REGISTRAR]
    for group, how in grants:
        connection.exec_driver_sql(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_auth_members "
            f"WHERE roleid = '{group}'::regrole AND member = '{REGISTRAR}'::regrole) "
            f"THEN GRANT {group} TO {REGISTRAR} {how}; END IF; "
            "EXCEPTION WHEN unique_violation OR internal_error THEN NULL; END $$"  # given elsewhere at this moment
        )


def create_login(connection: Connection, name: str, password: str, duties: Iterable[str]) -> None:
    """Makes the login of one person with the group roles in ``duties``. Needs a superuser since PostgreSQL 16.

    The server and its log only ever see the password's SCRAM verifier. The login belongs to the registrar like those
    that administrators make: they can change its duties and end its access.
    """
    person = quoted(connection, name)
    connection.exec_driver_sql(
        f"CREATE ROLE {person} LOGIN INHERIT NOCREATEDB NOCREATEROLE NOSUPERUSER NOBYPASSRLS "
        f"CONNECTION LIMIT {_CONNECTIONS} PASSWORD '{verifier(connection, name, password)}'"
    )
    for group in (PERSON, *duties):
        connection.exec_driver_sql(f"GRANT {group} TO {person}{_giver(connection, group)}")
    if _memberships_are_owned(connection):
        connection.exec_driver_sql(f"GRANT {person} TO {REGISTRAR} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")


def take_over_login(
    connection: Connection,
    name: str,
    *,
    verifier: str | None,
    can_log_in: bool,
    connections: int,
    valid_until: str | None,
    groups: Iterable[str],
) -> None:
    """Makes a login that another server had: the same password, which nobody needs to know, and the same groups.

    Needs a superuser. A login that was closed stays closed, a temporary password ends when it would have ended.
    """
    person = quoted(connection, name)
    words = ["LOGIN" if can_log_in else "NOLOGIN", f"CONNECTION LIMIT {connections}"]
    words += [f"PASSWORD '{_plain(verifier)}'"] if verifier else []
    words += [f"VALID UNTIL '{_plain(valid_until)}'"] if valid_until else []
    connection.exec_driver_sql(
        f"CREATE ROLE {person} INHERIT NOCREATEDB NOCREATEROLE NOSUPERUSER NOBYPASSRLS {' '.join(words)}"
    )
    for group in groups:
        connection.exec_driver_sql(f"GRANT {group} TO {person}{_giver(connection, group)}")
    if _memberships_are_owned(connection):
        connection.exec_driver_sql(f"GRANT {person} TO {REGISTRAR} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")


def _plain(word: str) -> str:
    """A word of the server's own catalogue, which holds no quotation mark; anything else is a bug."""
    assert "'" not in word
    assert "%" not in word
    return word


def set_password(connection: Connection, name: str, password: str) -> None:
    """Gives a person a new password, as the administrator or as that person."""
    connection.exec_driver_sql(
        f"ALTER ROLE {quoted(connection, name)} PASSWORD '{verifier(connection, name, password)}'"
    )


def set_duties(connection: Connection, name: str, duties: Collection[str]) -> None:
    """Makes ``duties`` the only duties of a person's login."""
    for group in DUTIES:
        verb, towards = ("GRANT", "TO") if group in duties else ("REVOKE", "FROM")
        person = quoted(connection, name)
        connection.exec_driver_sql(f"{verb} {group} {towards} {person}{_giver(connection, group)}")


def close_login(connection: Connection, name: str) -> None:
    """Ends a person's access now: no new login, and the connections that are open are cut."""
    connection.exec_driver_sql(f"ALTER ROLE {quoted(connection, name)} NOLOGIN")
    connection.execute(
        text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = :name"), {"name": name}
    )


def quoted(connection: Connection, name: str) -> str:
    """Gives ``name`` as an SQL identifier, quoted where it must be."""
    return connection.dialect.identifier_preparer.quote(name)


def verifier(connection: Connection, name: str, password: str) -> str:
    """Gives the SCRAM-SHA-256 verifier of a password, made on this computer: what may be sent in its place."""
    driver: DriverConnection[object] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()


def _memberships_are_owned(connection: Connection) -> bool:
    return (connection.dialect.server_version_info or (0,)) >= _OWNED_MEMBERSHIPS


def _giver(connection: Connection, group: str) -> str:
    """In whose name a group is given or taken: what the registrar did not give it could not take back."""
    owned = group in _GIVEN_BY_REGISTRAR and _memberships_are_owned(connection)
    return f" GRANTED BY {REGISTRAR}" if owned else ""
