"""`desk check scan`: the papers of a scanned stack and the codes on its pages, as plain data for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desk.adapters.scans import ScanReader
from desk.rules.scans import PageReading, ScannedPaper, split


def check_scan(path: Path, reader: ScanReader) -> dict[str, Any]:
    """The result for one scanned file. Refused when it is no scan."""
    stack = reader.open(path)
    pages = list(stack.read())
    return {"file": path.name, **scan_result(pages)}


def scan_result(pages: Sequence[PageReading]) -> dict[str, Any]:
    """A stack as plain data; `result` is `warn` when a page could not be read at all."""
    unread = {page.number: page.trouble for page in pages if page.trouble}
    return {
        "result": "warn" if unread else "ok",
        "pages": len(pages),
        "documents": [_paper(paper, pages) for paper in split(pages)],
        "decodable": {str(page.number): list(page.codes) for page in pages if page.codes},
        "upside_down": [page.number for page in pages if page.turned == 180],
        "sideways": [page.number for page in pages if page.turned in (90, 270)],
        "blank": [page.number for page in pages if page.blank],
        "damaged_codes": [page.number for page in pages if page.damaged_code],
        "unreadable": {str(number): sentence for number, sentence in unread.items()},
        "dpi": {str(page.number): page.dpi for page in pages if page.dpi},
    }


def _paper(paper: ScannedPaper, pages: Sequence[PageReading]) -> dict[str, Any]:
    result: dict[str, Any] = {"pages": list(paper.pages), "payload": paper.payload or "unknown"}
    if paper.payload is not None:
        result["qr_page"] = paper.pages[0]
    if paper.codes:
        result["codes" if paper.doubt is not None and paper.doubt.value == "several" else "foreign"] = list(paper.codes)
    if paper.doubt is not None:
        result |= {"look": True, "reason": paper.doubt.value, "note": paper.doubt.label}
    if any(page.turned for page in pages if page.number in paper.pages):
        result["turned"] = {
            str(page.number): page.turned for page in pages if page.number in paper.pages if page.turned
        }
    return result
