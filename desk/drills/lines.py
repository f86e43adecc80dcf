"""A line to the server that breaks exactly where a drill wants it to, or goes silent."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from sqlalchemy import URL

_COMMIT = (b"COMMIT", b"commit")


class CuttingProxy:
    """Passes bytes between workstations and the server at ``url``.

    ``cuts`` says what happens to the next COMMITs: ``"before"`` breaks the line before the server sees it, ``"after"``
    when the server has answered but the workstation has not heard it, ``"pass"`` lets it through. ``silent`` swallows
    everything from then on, as an unplugged cable does; while ``held`` is set everything waits, as on a line that is
    too slow; while ``away`` is set nobody is let in.
    """

    def __init__(self, url: URL) -> None:
        assert url.host is not None
        assert url.port is not None
        self._server = (url.host, url.port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = url.set(host="127.0.0.1", port=self._door.getsockname()[1])
        self.cuts: list[str] = []
        self.done: list[str] = []
        self.silent = threading.Event()
        self.held = threading.Event()
        self.away = threading.Event()
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._closing = False

    def __enter__(self) -> Self:
        self._start(self._welcome)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self._door.close()
        self.cut_all()
        for thread in self._threads:
            thread.join(10)

    def cut_all(self) -> None:
        """Breaks every line that is open now."""
        lines, self._lines = self._lines, []
        for line in lines:
            _cut(line)

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _welcome(self) -> None:
        self._door.settimeout(0.1)
        while not self._closing:
            with contextlib.suppress(TimeoutError, OSError):
                workstation, _ = self._door.accept()
                if self.away.is_set():
                    workstation.close()
                    continue
                workstation.settimeout(None)
                server = socket.create_connection(self._server)
                self._lines += [workstation, server]
                waits_for_commit = threading.Event()
                self._start(self._to_server, workstation, server, waits_for_commit)
                self._start(self._to_workstation, workstation, server, waits_for_commit)

    def _to_server(self, workstation: socket.socket, server: socket.socket, waits_for_commit: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := workstation.recv(65536):
                if any(word in data for word in _COMMIT) and self.cuts:
                    cut = self.cuts.pop(0)
                    self.done.append(cut)
                    if cut == "before":
                        break
                    if cut == "after":
                        waits_for_commit.set()
                self._wait_while_held()
                if not self.silent.is_set():
                    server.sendall(data)
        _cut(workstation)
        _cut(server)

    def _to_workstation(
        self, workstation: socket.socket, server: socket.socket, waits_for_commit: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if waits_for_commit.is_set():
                    break
                self._wait_while_held()
                if not self.silent.is_set():
                    workstation.sendall(data)
        _cut(workstation)
        _cut(server)

    def _wait_while_held(self) -> None:
        while self.held.is_set() and not self._closing:
            time.sleep(0.005)


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
