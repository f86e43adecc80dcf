"""The watchdog of the server: it ends who blocks others for too long.

The time limits of a login can be switched off by its owner, with `psql` and one line. The watchdog cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import psycopg

from desk.adapters import roles
from desk.adapters.postgres_programs import parameters_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from sqlalchemy import URL

APPLICATION_NAME = "Meja PST (penjaga)"
PATIENCE_SECONDS = 3.0

_EVERY_SECONDS = 1.0
_AGAIN_AFTER_SECONDS = 5.0
_END = f"""
WITH blocking AS (
  SELECT DISTINCT b.pid, b.usename::text AS login
  FROM pg_stat_activity w CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) k JOIN pg_stat_activity b ON b.pid = k
  JOIN pg_roles r ON r.oid = b.usesysid AND NOT r.rolsuper AND pg_has_role(r.oid, '{roles.PERSON}', 'MEMBER')
  WHERE w.wait_event_type = 'Lock' AND clock_timestamp() - b.xact_start > make_interval(secs => %s)
    AND clock_timestamp() - w.query_start > make_interval(secs => %s) AND b.datname = current_database()
)
SELECT login, pid FROM blocking WHERE pg_terminate_backend(pid, 2000)
"""  # noqa: S608 - the name of the group is our own


class Ended(NamedTuple):
    """A connection that was ended."""

    login: str
    pid: int


def end_blockers(connection: psycopg.Connection[tuple[str, int]], patience: float = PATIENCE_SECONDS) -> list[Ended]:
    """Ends the connections of people for whose lock somebody has waited `patience` seconds, and gives them.

    Needs the right to end other people's connections (superuser). The deed that was cut is undone as a whole.
    """
    return [Ended(*row) for row in connection.execute(_END.encode(), [patience, patience])]


def keep_watch(url: URL, stop: threading.Event, tell: Callable[[str], None]) -> None:
    """Looks once a second until `stop` is set; waits for a server that is away. The first connection must succeed."""
    connection = _connected(url)
    tell("Penjaga berjalan.")
    while not stop.wait(_EVERY_SECONDS):
        try:
            if connection.closed:
                connection = _connected(url)
            for ended in end_blockers(connection):
                tell(f"Sambungan {ended.login} ({ended.pid}) diputus karena menahan pekerjaan orang lain.")
        except psycopg.OperationalError:
            connection.close()
            stop.wait(_AGAIN_AFTER_SECONDS)
    connection.close()


def _connected(url: URL) -> psycopg.Connection[tuple[str, int]]:
    parameters = parameters_of(url) | {"application_name": APPLICATION_NAME, "connect_timeout": 10}
    return psycopg.connect(**parameters, autocommit=True)
