"""A line with a delay: forwards to the server on this computer and lets each direction wait half the round trip."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time
from collections.abc import Iterator


class _Direction:
    """Carries bytes from one socket to another, each piece `delay` seconds after it came."""

    def __init__(self, source: socket.socket, target: socket.socket, delay: float) -> None:
        self._source, self._target, self._delay = source, target, delay
        self._pieces: list[tuple[float, int, bytes]] = []
        self._order = itertools.count()
        self._news = threading.Condition()
        for work in (self._take, self._give):
            threading.Thread(target=work, daemon=True).start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._source.recv(65536):
                self._put(data)
        self._put(b"")

    def _put(self, data: bytes) -> None:
        with self._news:
            heapq.heappush(self._pieces, (time.perf_counter() + self._delay, next(self._order), data))
            self._news.notify()

    def _give(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                with self._news:
                    self._news.wait_for(lambda: self._pieces)
                    due, _, data = heapq.heappop(self._pieces)
                if (wait := due - time.perf_counter()) > 0:
                    threading.Event().wait(wait)
                if not data:
                    break
                self._target.sendall(data)
        with contextlib.suppress(OSError):
            self._target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def slow_line(port: int, round_trip_ms: float) -> Iterator[int]:
    """The port of a line to the server at `port` on this computer that needs `round_trip_ms` there and back."""
    if not round_trip_ms:
        yield port
        return
    listener = socket.create_server(("127.0.0.1", 0))
    delay = round_trip_ms / 2000
    opened: list[socket.socket] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", port))
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                opened.extend((near, far))
                _Direction(near, far, delay)
                _Direction(far, near, delay)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.close()
        for end in opened:
            end.close()
