"""The files behind the preview: which bytes belong to an entry, what of them can be shown, one page as a picture."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter

from desk.errors import Refused
from desk.rules.papers import PaperKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.adapters.paper import PaperShop
    from desk.services.case_file import DocumentEntry
    from desk.services.prints import StampDue
    from desk.ui.printing import PageShop

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ID_CARD = "id_card"


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored file with its bytes; of an issued paper also which Word file its pages were made from."""

    id: UUID
    case_id: UUID | None
    name: str
    data: bytes
    word_id: UUID | None = None
    word_name: str = ""
    ended: str = ""
    """BATAL or DIGANTI across a paper that no longer holds."""
    stamp: StampDue | None = None
    """The materai that a kuitansi needs by the treasurer's rule."""


def read_stored(session: Session, office_id: int, entry: DocumentEntry, reason: str) -> Stored:
    """The file to show for an entry: for a paper its pages, whichever of its two files was chosen."""
    from sqlalchemy import func, select

    from desk.models import Document
    from desk.services.prints import stamp_due_on

    here = Document.office_id == office_id
    chosen = session.execute(select(Document.case_id).where(here, Document.id == entry.id)).scalar_one()
    if entry.paper is None or entry.subject_id is None:
        return Stored(entry.id, chosen, entry.name, stored_bytes(session, office_id, entry.id, reason))
    forms = session.execute(
        select(Document.id, Document.name, Document.content_type).where(
            here,
            Document.subject_id == entry.subject_id,
            Document.paper == entry.paper.value,
            Document.copy == entry.copy,
        )
    ).all()
    pages = next((form for form in forms if form.content_type == PDF), None)
    word = next((form for form in forms if form.content_type == WORD), None)
    shown_id, name = (entry.id, entry.name) if pages is None else (pages.id, pages.name)
    return Stored(
        shown_id,
        chosen,
        name,
        stored_bytes(session, office_id, shown_id, reason),
        None if word is None else word.id,
        "" if word is None else word.name,
        session.execute(select(func.desk.ended_mark(office_id, entry.paper.value, entry.subject_id))).scalar_one(),
        stamp_due_on(session, office_id, entry.subject_id) if entry.paper is PaperKind.RECEIPT else None,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be shown: a PDF with its number of pages, or a picture."""

    name: str
    data: bytes
    pages: int
    picture: QImage | None = None
    marks: tuple[str, ...] = ()


def open_file(shop: Callable[[], PaperShop], name: str, data: bytes, marks: tuple[str, ...] = ()) -> Opened:
    """Look into a file by content; runs on the slow lane. Refused with the sentence why it cannot be shown."""
    from desk.adapters.files import FileType, sniff

    kind = sniff(data)
    if kind in (FileType.PDF, FileType.DOCX):
        return Opened(name, data, shop().page_count(data), marks=marks)
    if kind.media_type.startswith("image/"):
        picture = QImage.fromData(data)
        if not picture.isNull():
            return Opened(name, data, 1, picture)
    raise Refused(
        f"Berkas {name} ({kind.label}) tidak dapat ditampilkan di sini. Simpan, lalu buka dengan program yang sesuai."
    )


class PictureShop:
    """A picture is printed as one page, as wide as A4 within margins."""

    def __init__(self, picture: QImage) -> None:
        self._picture = picture

    def preview(self, _file: bytes, _page: int, dpi: int, *, marks: Sequence[str] = ()) -> bytes:  # noqa: ARG002
        """The one page; pictures carry no mark."""
        from desk.ui.forms.file_field import png

        sheet = QImage(round(8.27 * dpi), round(11.69 * dpi), QImage.Format.Format_RGB32)
        sheet.fill(Qt.GlobalColor.white)
        room = QSize(round(7.27 * dpi), round(10.69 * dpi))
        scaled = self._picture.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        with QPainter(sheet) as painter:
            painter.drawImage((sheet.width() - scaled.width()) // 2, round(0.5 * dpi), scaled)
        return png(sheet)


def page_image(shop: PageShop, opened: Opened, page: int, dpi: int) -> QImage:
    """One page as a picture; runs on the slow lane. Refused when the page cannot be drawn."""
    image = QImage.fromData(shop.preview(opened.data, page + 1, dpi, marks=opened.marks))
    if image.isNull():
        raise Refused(f"Halaman {page + 1} dari {opened.name} tidak dapat ditampilkan. Minta pengirim mengirim ulang.")
    return image


def write_read_only(name: str, data: bytes) -> Path:
    """Write the file, read-only, into a new folder of the user's temporary files; gives its path."""
    from desk.adapters.files import safe_name, write_atomically

    path = Path(tempfile.mkdtemp(prefix="meja-pst-")) / safe_name(name)
    write_atomically(path, data)
    path.chmod(stat.S_IREAD)
    return path


def stored_bytes(session: Session, office_id: int, document_id: UUID, reason: str) -> bytes:
    """The bytes of a stored file; an identity card needs a reason and leaves a trace."""
    from desk.services import documents

    return documents.content(session, office_id, document_id, reason=reason)
