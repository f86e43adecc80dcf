"""Text files of banks: which encoding they are in, and their lines one by one, each within a limit."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.adapters.bank_files.reading import Row, Watch, cut
from desk.errors import Refused, Unavailable

LONGEST_LINE = 200_000
"""Characters of one line; a bank's row has some hundred, an endless one is no statement."""

_PIECE = 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path) -> str | None:
    """Give the encoding of a text file: UTF-8, UTF-16 (with or without mark) or Windows-1252; None for no text.

    The whole file is looked at, in pieces: an accent may come late. Unavailable when it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
            for mark, name in _BOMS:
                if head.startswith(mark):
                    return name
            if b"\0" in head:
                return _utf16_without_mark(head)
            decoder = codecs.getincrementaldecoder("utf-8")()
            is_utf8, piece = True, head
            while piece:
                if b"\0" in piece:
                    return None
                if is_utf8:
                    try:
                        decoder.decode(piece)
                    except UnicodeDecodeError:
                        is_utf8 = False
                piece = stream.read(_PIECE)
    except OSError as trouble:
        raise Unavailable(f"Berkas {path.name} tidak dapat dibaca. Periksa letak dan izinnya.") from trouble
    return "utf-8" if is_utf8 else "cp1252"


def _utf16_without_mark(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most = len(head) * 0.4
    if odd > most > even * 10:
        return "utf-16-le"
    return "utf-16-be" if even > most > odd * 10 else None


@contextmanager
def open_lines(path: Path, encoding: str, watch: Watch | None = None) -> Iterator[Iterator[str]]:
    """Open a text file and give its lines with their line ends, one by one."""
    try:
        raw = path.open("rb")
    except OSError as trouble:
        raise Unavailable(f"Berkas {path.name} tidak dapat dibaca. Periksa letak dan izinnya.") from trouble
    with raw, io.TextIOWrapper(raw, encoding, errors="replace", newline="") as stream:
        if watch is not None:
            watch.total = path.stat().st_size

        def lines() -> Iterator[str]:
            while line := stream.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise Refused(
                        f"Berkas {path.name} memuat baris yang terlalu panjang; itu bukan mutasi rekening. "
                        "Tidak ada yang diimpor."
                    )
                if watch is not None:
                    watch.at(raw.tell)
                yield line

        yield lines()


def csv_rows(lines: Iterable[str], delimiter: str, file: str) -> Iterator[Row]:
    """Give the rows of a CSV text, each with its own text as `raw`. Refused for quotes that never close."""
    taken: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    number = 1
    try:
        for cells in csv.reader(feed(), delimiter=delimiter):
            raw = "".join(taken)
            size = len(taken)
            taken.clear()
            is_whole = raw.endswith(("\n", "\r"))
            if size > 1 and raw.count('"') % 2:
                raise cut(file, f"tanda kutip di baris {number} tidak ditutup.")
            if not is_whole and raw.count('"') % 2:
                raise cut(file, "baris terakhirnya berhenti di tengah isian.")
            yield Row(number, cells, raw.rstrip("\r\n"), is_whole)
            number += size
    except csv.Error:
        raise cut(file, f"baris {number} tidak dapat dipisah menjadi kolom.") from None
