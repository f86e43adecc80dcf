"""What PostgreSQL lets every login do by default, taken away; and how long one person may keep others waiting.

Every clerk has a login of the database and may use it without this program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from desk.adapters import roles

if TYPE_CHECKING:
    from sqlalchemy import Connection

TIME_LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
}
"""Of a person's login, where the program sets nothing stricter. Who switches them off still meets the watchdog."""

# Locks without a table, objects without a policy, messages that look like the program's own, and settings from inside
# a query: a cursor that is filled at COMMIT would switch `synchronous_commit` off after the database has seen to it.
_FOR_NOBODY = "^(pg_(try_)?advisory_|lo_|loread$|lowrite$|pg_notify$|set_config$)"
_OPEN_FUNCTIONS = (
    "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace "  # noqa: S608
    f"AND p.proname ~ '{_FOR_NOBODY}' AND has_function_privilege('public', p.oid, 'EXECUTE') ORDER BY 1"
)


def revoke(connection: Connection) -> None:
    """Takes temporary tables, the schema public, advisory locks, large objects, `pg_notify`, `set_config` and code
    blocks (DO) from everybody.

    What the functions of the database and the backup need stays with them, the connection itself with people. Safe to
    repeat. The functions of PostgreSQL belong to the superuser: for any other owner they stay as they are, which
    `still_open` tells.
    """
    name = roles.quoted(connection, connection.execute(text("SELECT current_database()")).scalar_one())
    if _open_to_everybody(connection):
        connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        connection.exec_driver_sql("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {name} TO {roles.PERSON}, {roles.BACKUP}")
    if not is_superuser(connection):
        return
    connection.exec_driver_sql(f"GRANT EXECUTE ON FUNCTION pg_notify(text, text) TO {roles.DEFINER}")
    connection.exec_driver_sql(
        f"GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO {roles.RECORDER}, {roles.BACKUP}"
    )
    connection.exec_driver_sql("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
    for function in connection.exec_driver_sql(_OPEN_FUNCTIONS).scalars().all():
        connection.exec_driver_sql(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")


def still_open(connection: Connection) -> list[str]:
    """Gives what everybody may still do by default; empty on a server that was prepared by its superuser."""
    return [*_open_to_everybody(connection), *connection.exec_driver_sql(_OPEN_FUNCTIONS).scalars()]


def limit(connection: Connection, login: str) -> None:
    """Gives a person's login the `TIME_LIMITS`, also outside the program."""
    for name, value in TIME_LIMITS.items():
        connection.exec_driver_sql(f"ALTER ROLE {roles.quoted(connection, login)} SET {name} = '{value}'")


def limit_people(connection: Connection) -> None:
    """Gives the login of every person who has none yet the `TIME_LIMITS`."""
    without = connection.exec_driver_sql(
        "SELECT p.login FROM desk.person p JOIN pg_roles r ON r.rolname = p.login WHERE r.rolconfig IS NULL ORDER BY 1"
    )
    for login in without.scalars().all():
        limit(connection, login)


def is_superuser(connection: Connection) -> bool:
    """Tells whether this connection may do everything on the server."""
    return bool(connection.exec_driver_sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").scalar_one())


def _open_to_everybody(connection: Connection) -> list[str]:
    return list(
        connection.exec_driver_sql(
            "SELECT lower(a.privilege_type) || ' ' || o.kind FROM ("
            "  SELECT 'database' AS kind, coalesce(d.datacl, acldefault('d', d.datdba)) AS acl FROM pg_database d"
            "  WHERE d.datname = current_database()"
            "  UNION ALL SELECT 'schema public', coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM pg_namespace n"
            "  WHERE n.nspname = 'public'"
            "  UNION ALL SELECT 'language ' || l.lanname, coalesce(l.lanacl, acldefault('l', l.lanowner))"
            "  FROM pg_language l WHERE l.lanname = 'plpgsql') o, aclexplode(o.acl) a WHERE a.grantee = 0 ORDER BY 1"
        ).scalars()
    )
