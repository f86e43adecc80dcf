"""The paper engine: turns a filled Word file into pages by itself, one layout for PDF, preview and printer.

Reading order: `work` (what can be asked for), `reading` (DOCX to blocks), `flow`, `lines` and `tables` (blocks to
slices), `pages` (slices to sheets), `ink` and `pdf` (sheets to paper), `process` (all of it in a child process).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk.adapters.paper.process import PaperShop
from desk.adapters.paper.work import Paper

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Paper", "PaperShop", "check_paper_file"]


def check_paper_file(path: Path, pdf_path: Path) -> dict[str, Any]:
    """The result of `desk check paper`: the pages of a Word file written as a PDF, ready for JSON.

    Raises Refused when the file is no paper, Unavailable when a file cannot be read or written.
    """
    from desk.errors import Unavailable

    try:
        data = path.read_bytes()
    except OSError as trouble:
        raise Unavailable(f"Berkas {path.name} tidak dapat dibaca. Periksa letaknya lalu coba lagi.") from trouble
    shop = PaperShop()
    try:
        paper = shop.pages_of(data)
    finally:
        shop.close()
    try:
        pdf_path.write_bytes(paper.pdf)
    except OSError as trouble:
        raise Unavailable(f"Berkas {pdf_path.name} tidak dapat ditulis. Periksa foldernya lalu coba lagi.") from trouble
    return {"file": path.name, "pages": paper.pages, "pdf": str(pdf_path), "warnings": list(paper.warnings)}
