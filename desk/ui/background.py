"""Work away from the window: the only file with threads.

Two lanes. *database* has one worker, so an older answer never overtakes a newer one. *slow* is for papers, mail and
scans, with progress and cancel. One long-lived QObject owns the only signal that crosses threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SLOW_ENDS_SECONDS = 5.0
"""How long the end of the program waits for slow work that was told to stop."""
SLOW_AFTER_SECONDS = 5.0
"""A person is told when the server has not answered for this long; it is given up after 15 s (`adapters.database`)."""
_LOOK_EVERY_MS = 250

T = TypeVar("T")
Trouble = Refused | Unavailable


StopSign = threading.Event
"""Set when the program ends; long work looks at it."""


class Once(Generic[T]):
    """Something that is made at its first use, once, whichever thread asks first."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self.made: T | None = None

    def get(self) -> T:
        """The thing; what `make` raises is raised again at every try."""
        with self._lock:
            if self.made is None:
                self.made = self._make()
            return self.made


@dataclass(eq=False)
class Task:
    """A piece of slow work: it reports how far it is and stops when asked."""

    _report: Callable[[int, int], None]
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the work to stop; its `done` is not called any more."""
        self._cancelled.set()

    def progress(self, at: int, of: int) -> None:
        """Say how far the work is; called by the work. Raises CancelledError when nobody wants it any more."""
        if self._cancelled.is_set():
            raise CancelledError
        self._report(at, of)


class Background(QObject):
    """Runs work on the lanes and brings the answers back to the window's thread."""

    _ready = Signal(object)
    waiting = Signal(bool)
    """The database lane has, or no longer has, been without an answer for `SLOW_AFTER_SECONDS`."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Session]],
        show_trouble: Callable[[QObject, Trouble], None],
    ) -> None:
        super().__init__()
        self._reading = reading
        self._show_trouble = show_trouble
        self._database = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._slow = ThreadPoolExecutor(2, thread_name_prefix="slow")
        self.stop = StopSign()
        self._kept: list[threading.Thread] = []
        self._tasks: set[Task] = set()
        self._unfinished: set[Future[Any]] = set()
        self._ready.connect(self._on_ready, Qt.ConnectionType.QueuedConnection)
        self._asked_at: float | None = None  # written by the worker of the database lane, read by the clock below
        self._is_slow = False
        self._clock = QTimer(self, interval=_LOOK_EVERY_MS)
        self._clock.timeout.connect(self._look_at_lane)
        self._clock.start()

    def run(
        self,
        owner: QObject,
        work: Callable[[Session], T],
        done: Callable[[T], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        """Call `work(session)` with a reading session on the database lane, then `done(result)` here.

        When `owner` is deleted meanwhile, the answer is dropped. Refused and Unavailable go to `failed`, without it to
        the person. Anything else is a bug and reaches `sys.excepthook`.
        """

        def read() -> T:
            with self._reading() as session:
                return work(session)

        self.run_work(owner, read, done, failed)

    def run_work(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        """Like `run`, for a deed: it opens its own transaction and may be repeated. What was written stays written."""

        def timed() -> T:
            self._asked_at = time.monotonic()
            try:
                return work()
            finally:
                self._asked_at = None

        self._submit(self._database, owner, timed, done, failed)

    def run_slow(
        self,
        owner: QObject,
        work: Callable[[Task], T],
        done: Callable[[T], object],
        failed: Callable[[Trouble], object] | None = None,
        progressed: Callable[[int, int], object] | None = None,
    ) -> Task:
        """Call `work(task)` on the slow lane, then `done(result)` here; the task can be cancelled."""

        def report(at: int, of: int) -> None:
            if progressed is not None:
                self.post(owner, progressed, at, of)

        task = Task(report)
        self._tasks.add(task)

        def finished(result: T) -> None:
            if not task._cancelled.is_set():  # noqa: SLF001 - one mechanism, two classes
                done(result)

        def forget(ended: Future[T]) -> None:
            self._tasks.discard(task)
            self._unfinished.discard(ended)

        future = self._submit(self._slow, owner, lambda: work(task), finished, failed)
        self._unfinished.add(future)
        future.add_done_callback(forget)
        return task

    def keep(self, name: str, work: Callable[[StopSign], None]) -> None:
        """Keep `work(stop)` running in a thread of its own until the program ends; it returns soon after `stop`."""
        thread = threading.Thread(target=work, args=(self.stop,), name=name, daemon=True)
        self._kept.append(thread)
        thread.start()

    def post(self, owner: QObject, call: Callable[..., object], *args: object) -> None:
        """Call `call(*args)` on the window's thread, unless `owner` is gone by then; may be used from any thread."""

        def deliver() -> None:
            if isValid(owner):
                call(*args)

        self._emit(deliver)

    def close(self, patience: float = 15.0) -> None:
        """Finish what the database lane was given, stop the rest, and end the threads; `patience` in seconds each."""
        self.stop.set()
        self._clock.stop()
        for task in tuple(self._tasks):
            task.cancel()
        self._slow.shutdown(wait=False, cancel_futures=True)
        self._database.shutdown(wait=True)
        wait(tuple(self._unfinished), timeout=SLOW_ENDS_SECONDS)  # it may hold a line to the server
        for thread in self._kept:
            thread.join(patience)

    def _submit(
        self,
        lane: ThreadPoolExecutor,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Trouble], object] | None,
    ) -> Future[T]:
        if self.stop.is_set():  # the window is going; whoever still asks gets no answer
            nothing: Future[T] = Future()
            nothing.cancel()
            return nothing
        future = lane.submit(work)
        future.add_done_callback(lambda ready: self._emit(lambda: self._finish(owner, ready, done, failed)))
        return future

    def _emit(self, deliver: Callable[[], None]) -> None:
        if isValid(self):  # the window may have been taken down while a worker was on its way back
            self._ready.emit(deliver)

    def _finish(
        self,
        owner: QObject,
        future: Future[T],
        done: Callable[[T], object],
        failed: Callable[[Trouble], object] | None,
    ) -> None:
        try:
            result = future.result()  # a bug leaves the slot here, whoever is still there, and reaches the excepthook
        except CancelledError:
            return
        except (Refused, Unavailable) as trouble:
            if not isValid(owner):
                return
            if failed is not None:
                failed(trouble)
            else:
                self._show_trouble(owner, trouble)
        else:
            if isValid(owner):
                done(result)

    def _look_at_lane(self) -> None:
        asked_at = self._asked_at
        slow = asked_at is not None and time.monotonic() - asked_at > SLOW_AFTER_SECONDS
        if slow is not self._is_slow:
            self._is_slow = slow
            self.waiting.emit(slow)

    @Slot(object)
    def _on_ready(self, deliver: Callable[[], None]) -> None:
        deliver()
