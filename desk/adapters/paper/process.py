"""The paper shop: papers are filled and laid out in one kept-warm child process, so that nothing in a template, a value
or a customer's file can block the window or end it.

The child has limits. Time is kept by the waiting caller. Memory is watched by it too: it reads the child's resident
size ten times a second, which works the same on Windows and Linux. A child that breaks a limit is ended and a new one
starts with the next paper.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any, cast

from desk.adapters.paper.work import OPERATIONS, Paper
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from desk.adapters.paper.ink import Sheets
    from desk.adapters.word import Finding

_START_LIMIT = 60.0
_LOOK_EVERY = 0.1

_TOO_SLOW = (
    "Dokumen ini memerlukan waktu lebih dari {seconds:.0f} detik dan dihentikan. "
    "Periksa berkas atau templatnya lalu coba lagi."
)
_TOO_LARGE = (
    "Dokumen ini memerlukan memori terlalu besar dan dihentikan. Periksa berkas atau templatnya lalu coba lagi."
)
_ENDED = "Pembuat dokumen berhenti sendiri saat membaca berkas ini. Periksa berkas atau templatnya lalu coba lagi."
_CLOSED = "Pembuat dokumen sudah ditutup. Buka ulang program lalu coba lagi."
_NO_START = "Pembuat dokumen tidak dapat dijalankan. Tutup program lain lalu coba lagi."


class _Ended(Exception):
    """The child is no longer there."""


class PaperShop:
    """Makes papers in a child process; may be used from several threads, which wait for one another.

    Every method raises Refused with the sentence to show when the file or template is at fault or breaks a limit, and
    Unavailable when no child can be started. `seconds` and `megabytes` are the limits of one piece of work; `engine` is
    `own` or `libreoffice`.
    """

    def __init__(self, *, seconds: float = 20.0, megabytes: int = 512, engine: str = "own") -> None:
        self._seconds = seconds
        self._bytes = megabytes << 20
        self._engine = engine
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._closed = False

    @property
    def process_id(self) -> int | None:
        """The child that is there now."""
        return self._process.pid if self._process is not None else None

    def warm(self) -> None:
        """Starts the child before the first paper is asked for; returns when it is ready."""
        with self._lock:
            self._ready_connection()

    def make(
        self, template: bytes, context: Mapping[str, object], *, marks: Sequence[str] = (), optional: Sequence[str] = ()
    ) -> Paper:
        """A finished paper from a template and plain values; `optional` are the fields that may stay empty."""
        if self._engine == "libreoffice":
            return self.pages_of(self.ask("fill", template, dict(context), tuple(optional)), marks=marks)
        return cast("Paper", self.ask("make", template, dict(context), tuple(marks), tuple(optional)))

    def pages_of(self, docx: bytes, *, marks: Sequence[str] = ()) -> Paper:
        """The pages of a Word file that is filled already."""
        if self._engine == "libreoffice":
            from desk.adapters.paper.libreoffice import pdf_by_libreoffice

            pdf = self.mark(pdf_by_libreoffice(docx), marks)
            return Paper(docx, pdf, self.page_count(pdf))
        return cast("Paper", self.ask("pages", docx, tuple(marks)))

    def sheets_of(self, docx: bytes, *, marks: Sequence[str] = ()) -> Sheets:
        """The laid-out pages as plain data, for `ink.paint_pages` on a printer: the same layout as the PDF."""
        return cast("Sheets", self.ask("sheets", docx, tuple(marks)))

    def check(self, template: bytes, fields: Mapping[str, object] | None = None) -> list[Finding]:
        """What is wrong with a template, the gravest first."""
        return cast("list[Finding]", self.ask("check", template, None if fields is None else dict(fields)))

    def text_of(self, docx: bytes) -> str:
        """The text of a Word file, tags included, a line per paragraph."""
        return cast("str", self.ask("text", docx))

    def page_count(self, docx_or_pdf: bytes, *, password: str | None = None) -> int:
        """How many pages a Word file or a PDF has; the kind is told by the content, not by the name."""
        return cast("int", self.ask("count", docx_or_pdf, password))

    def preview(
        self, docx_or_pdf: bytes, page: int, dpi: int, *, marks: Sequence[str] = (), password: str | None = None
    ) -> bytes:
        """One page (1 is the first) as a PNG; very large pages come with fewer dots per inch than asked for."""
        return cast("bytes", self.ask("picture", docx_or_pdf, page, dpi, tuple(marks), password))

    def mark(self, pdf: bytes, marks: Sequence[str]) -> bytes:
        """A stored PDF with marks on every page, as for a reprint (SALINAN); unchanged without marks."""
        return cast("bytes", self.ask("stamp", pdf, tuple(marks))) if marks else pdf

    def close(self) -> None:
        """Ends the child at once, even in the middle of work; later work is refused."""
        self._closed = True
        process = self._process
        if process is not None and process.pid is not None:  # it may be just starting; then the lock waits for it
            process.kill()
        with self._lock:
            self._end_child()

    # --- the child ---------------------------------------------------------------------------------------------

    def ask(self, operation: str, *arguments: object) -> Any:
        """The answer of one of the child's `OPERATIONS`, within the limits."""
        with self._lock:
            connection = self._ready_connection()
            try:
                connection.send((operation, arguments))
                answer = self._wait(connection, self._seconds, watch=True)
            except (_Ended, OSError, EOFError):
                self._end_child()
                raise Refused(_ENDED) from None
            except BaseException:  # an answer that nobody waited for would be taken for the next one's
                self._end_child()
                raise
        kind, value = answer
        if kind == "ok":
            return value
        if kind == "refused":
            raise Refused(value)
        if kind == "unavailable":
            raise Unavailable(value)
        raise RuntimeError(f"the paper process failed:\n{value}")

    def _wait(self, connection: Connection, seconds: float, *, watch: bool) -> tuple[str, Any]:
        """The child's answer; ends the child and refuses when a limit is broken."""
        import psutil

        assert self._process is not None
        until = time.monotonic() + seconds
        child: psutil.Process | None = None
        while not connection.poll(_LOOK_EVERY):
            try:
                child = child or psutil.Process(self._process.pid)
                used = child.memory_info().rss
            except psutil.Error:
                if not connection.poll(0):
                    raise _Ended from None
                continue
            if watch and used > self._bytes:
                self._end_child()
                raise Refused(_TOO_LARGE)
            if time.monotonic() > until:
                self._end_child()
                raise Refused(_TOO_SLOW.format(seconds=seconds))
            if not self._process.is_alive() and not connection.poll(0):
                raise _Ended
        return cast("tuple[str, Any]", connection.recv())

    def _ready_connection(self) -> Connection:
        if self._closed:
            raise Unavailable(_CLOSED)
        if self._connection is not None and self._process is not None and self._process.is_alive():
            return self._connection
        self._end_child()
        context = multiprocessing.get_context("spawn")
        ends: tuple[Any, Any] = context.Pipe()  # of another class on Windows
        mine: Connection = ends[0]
        self._process = context.Process(target=_serve, args=(ends[1],), name="meja-pst-papers", daemon=True)
        try:
            self._process.start()
            ends[1].close()
            self._connection = mine
            self._wait(mine, _START_LIMIT, watch=False)
        except (_Ended, OSError, EOFError, Refused) as trouble:
            self._end_child()
            raise Unavailable(_NO_START) from trouble
        return mine

    def _end_child(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is not None and process.pid is not None:
            process.kill()
            process.join()


def _serve(connection: Connection) -> None:
    """The child: answers one piece of work after another until its parent closes the line or dies."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _warm_up()
    connection.send(("ok", None))
    while True:
        try:
            operation, arguments = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[str, object] = ("ok", OPERATIONS[operation](*arguments))
        except Refused as trouble:
            answer = ("refused", str(trouble))
        except Unavailable as trouble:
            answer = ("unavailable", str(trouble))
        except (MemoryError, RecursionError):
            answer = ("refused", _TOO_LARGE)
        except Exception:  # noqa: BLE001 - carried over to the parent, where it is raised as the bug that it is
            answer = ("bug", traceback.format_exc())
        connection.send(answer)


def _warm_up() -> None:
    """Imports and opens what the first paper would otherwise wait for."""
    import gc

    import docxtpl  # noqa: F401
    import pypdfium2  # noqa: F401

    from desk.adapters.paper.fonts import metrics
    from desk.adapters.paper.work import start_qt
    from desk.adapters.word_rules import environment

    start_qt()
    metrics()
    environment()
    gc.freeze()  # what is loaded now stays: the collector need not walk through it for every paper


def _end_with_parent() -> None:
    """Ends the child at once when the parent is gone, even in the middle of work."""
    import os
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
