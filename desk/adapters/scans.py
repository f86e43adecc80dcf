"""Scans of a stack of sheets: PDF files and pictures, page by page, in a child process of their own.

A hostile or damaged file can at most end that child: the page counts as unreadable and the next one is read by a new
child. One page at a time is in memory, whatever the length of the stack.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from desk.adapters.paper import PaperShop
from desk.errors import Refused
from desk.rules.scans import PageReading

SCAN_LIMIT = 512 * 1024 * 1024
"""Bytes of one scanned file."""
_SECONDS = 30.0
_MEGABYTES = 768


class ScanFile:
    """One scanned file, open for reading; made by `ScanReader.open`."""

    def __init__(self, shop: PaperShop, path: Path, pages: int) -> None:
        self._shop = shop
        self._path = str(path)
        self.pages = pages

    def read(self, stopped: Callable[[], bool] = lambda: False) -> Iterator[PageReading]:
        """What stands on each page, in order, as soon as it is known; ends early when `stopped()` says so."""
        for number in range(1, self.pages + 1):
            if stopped():
                return
            yield self.page(number)

    def page(self, number: int) -> PageReading:
        """What stands on one page; a page that cannot be read says so and never keeps the others from being read."""
        try:
            return cast("PageReading", self._ask("page", self._path, number))
        except Refused as trouble:
            return PageReading(number, trouble=str(trouble))
        except RuntimeError:  # a page whose objects PDFium chokes on; the file is at fault, not the program
            return PageReading(number, trouble=f"Halaman {number} rusak dan tidak dapat dibaca.")

    def piece(self, numbers: Sequence[int], turned: Mapping[int, int] | None = None) -> bytes:
        """Some pages as a PDF of its own; `turned` tells by how many degrees a page lies wrong. Raises Refused."""
        return cast("bytes", self._ask("piece", self._path, tuple(numbers), dict(turned or {})))

    def close(self) -> None:
        """Lets go of the file, so that it can be moved or removed (Windows)."""
        self._ask("close")

    def _ask(self, deed: str, *arguments: object) -> Any:
        return self._shop.ask("scan", deed, *arguments)


class ScanReader:
    """Opens scanned files one after another; a context manager, for it holds the child process."""

    def __init__(self) -> None:
        self._shop = PaperShop(seconds=_SECONDS, megabytes=_MEGABYTES)
        self._kept = ExitStack()

    def open(self, path: Path) -> ScanFile:
        """A PDF or a picture (several in a TIFF), told by its content. Raises Refused with the name of the file."""
        try:
            size = path.stat().st_size
        except OSError:
            raise Refused(f"Berkas {path.name} tidak dapat dibaca. Periksa letak dan izinnya.") from None
        if size > SCAN_LIMIT:
            raise Refused(f"Berkas {path.name} melebihi {SCAN_LIMIT >> 20} MB. Bagi tumpukannya, lalu pindai lagi.")
        readable = path
        if self._shop.ask("scan", "kind", str(path)) == "picture":
            folder = self._kept.enter_context(tempfile.TemporaryDirectory(prefix="meja-pst-"))
            readable = Path(folder) / f"{path.stem}.pdf"
            self._shop.ask("scan", "as_pdf", str(path), str(readable))
        return ScanFile(self._shop, readable, cast("int", self._shop.ask("scan", "open", str(readable))))

    @property
    def process_id(self) -> int | None:
        """The child process; None before the first file and after a file that ended it."""
        return self._shop.process_id

    def page_count(self, pdf: bytes) -> int:
        """How many pages a PDF at hand has. Raises Refused when it is damaged."""
        return self._shop.page_count(pdf)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._shop.close()
        self._kept.close()
