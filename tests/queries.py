"""Counting what a piece of code asks the database, and catching questions asked on the window's thread.

Figures in tests are counts, never seconds.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class QueryLog:
    """What went over the line: the statements, and how often the workstation waited for an answer."""

    statements: list[str] = field(default_factory=list)
    round_trips: int = 0

    def __str__(self) -> str:
        return "\n".join([f"{len(self.statements)} statements, {self.round_trips} round trips", *self.statements])


@contextlib.contextmanager
def query_log(engine: Engine) -> Iterator[QueryLog]:
    """Counts the statements and round trips of ``engine`` inside the block; connecting itself is not counted.

    Round trips are counted from libpq's own trace (Linux only; elsewhere the number stays 0): one each time the
    workstation sends after it received.
    """
    log = QueryLog()
    with tempfile.TemporaryDirectory() as folder:
        traces: dict[Any, tuple[Path, int]] = {}

        def note(
            _connection: object, _cursor: object, statement: str, _parameters: object, _context: object, _many: bool
        ) -> None:
            log.statements.append(statement)

        def begin_trace(connection: Any, _record: object, _proxy: object) -> None:
            if sys.platform == "linux":
                path = Path(folder, f"{len(traces)}")
                handle = os.open(path, os.O_RDWR | os.O_CREAT)
                traces[connection] = (path, handle)
                connection.pgconn.trace(handle)

        def end_trace(connection: Any, _record: object) -> None:
            if connection not in traces:
                return
            path, handle = traces.pop(connection)
            if not connection.closed:
                connection.pgconn.untrace()
            os.close(handle)
            log.round_trips += _turns(path)

        event.listen(engine, "before_cursor_execute", note)
        event.listen(engine, "checkout", begin_trace)
        event.listen(engine, "checkin", end_trace, insert=True)
        try:
            yield log
        finally:
            event.remove(engine, "before_cursor_execute", note)
            event.remove(engine, "checkout", begin_trace)
            event.remove(engine, "checkin", end_trace)


@contextlib.contextmanager
def no_queries_on_gui_thread(engine: Engine) -> Iterator[None]:
    """Fails the code that asks the database from the main thread, where the window lives."""
    asked: list[str] = []

    def catch(
        _connection: object, _cursor: object, statement: str, _parameters: object, _context: object, _many: bool
    ) -> None:
        if threading.current_thread() is threading.main_thread():
            asked.append(statement)
            raise AssertionError(f"asked on the window's thread: {statement}")

    event.listen(engine, "before_cursor_execute", catch)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", catch)
    # A slot's exception may be swallowed on its way; the list is not.
    assert not asked


def _turns(trace: Path) -> int:
    """Counts how often the side that sends changes from the server (B) to the workstation (F)."""
    turns, before = 0, ""
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        side = next((part for part in line.split("\t")[:2] if part in ("F", "B")), before)
        turns += side == "F" and before != "F"
        before = side
    return turns
