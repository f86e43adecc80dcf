"""A paper or picture on the screen: pages, zoom, print, open in Word, save a copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QKeyEvent, QKeySequence, QPixmap, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desk.errors import Refused, Unavailable
from desk.rules.printing import COPY
from desk.ui import message
from desk.ui.paper_files import (
    ID_CARD,
    Opened,
    PictureShop,
    Stored,
    open_file,
    page_image,
    read_stored,
    stored_bytes,
    write_read_only,
)

if TYPE_CHECKING:
    from desk.services.case_file import DocumentEntry
    from desk.services.prints import Noted
    from desk.ui.background import Task
    from desk.ui.printing import PageShop, PrintOrder
    from desk.ui.workstation import Workstation


_ZOOMS = (50, 67, 80, 100, 125, 150, 200, 300, 400)
_SCREEN_DPI = 96
_MOST_DPI = 400
_KEPT_PAGES = 6


class PaperPreview(QWidget):
    """One file at a time. Page keys turn pages, Ctrl + and Ctrl - zoom, Ctrl 0 fits the width."""

    def __init__(self, workstation: Workstation, *, with_actions: bool = True) -> None:
        super().__init__()
        self._workstation = workstation
        self._opened: Opened | None = None
        self._entry: DocumentEntry | None = None
        self._office_id = 0
        self._stored: Stored | None = None
        self._page = 0
        self._zoom: int | None = None
        """Percent of the paper's true size; None fits the width."""
        self._drawn: dict[tuple[int, int], QImage] = {}
        self._asked: tuple[int, int] | None = None
        self._turn = 0
        self.setObjectName("paper_preview")
        self.setAccessibleName("Pratinjau berkas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._draw_later = QTimer(self, singleShot=True, interval=60)
        self._draw_later.timeout.connect(self._draw)
        self._with_actions = with_actions
        self._build()
        self._show_tools()

    # What is shown

    def show_document(self, office_id: int, entry: DocumentEntry, *, reason: str = "") -> None:
        """Show a stored file; of an issued paper always the pages. An identity card asks for a reason first."""
        self._start(entry.name)
        self._entry, self._office_id = entry, office_id
        if entry.kind == ID_CARD and not reason:
            self._say("Kartu identitas dilindungi (UU 27/2022). Setiap kali dilihat, nama Anda dan alasannya dicatat.")
            self.asking.show()
            return
        turn = self._turn

        def read(stored: Stored) -> None:
            if turn == self._turn:
                self._stored = stored
                self._open(stored.name, stored.data, turn, (stored.ended,) if stored.ended else ())

        def failed(trouble: Refused | Unavailable) -> None:
            if turn == self._turn:
                self._say(str(trouble))

        self._workstation.read(self, lambda session: read_stored(session, office_id, entry, reason), read, failed)

    def show_file(self, name: str, content_type: str, data: bytes) -> None:  # noqa: ARG002 - told by content
        """Show a file that is not stored yet, or whose bytes are at hand."""
        self._start(name)
        self._open(name, data, self._turn)

    def clear(self) -> None:
        """Show nothing."""
        self._start("")
        self._say("")

    @property
    def page(self) -> int:
        """The page on the screen, from 1; 0 when there is none."""
        return self._page + 1 if self._opened is not None else 0

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return 0 if self._opened is None else self._opened.pages

    def go_to(self, page: int) -> None:
        """Turn to a page, from 1; beyond the ends nothing happens."""
        if self._opened is not None and 1 <= page <= self._opened.pages and page - 1 != self._page:
            self._page = page - 1
            self.area.verticalScrollBar().setValue(0)
            self._draw()
            self._show_tools()

    def zoom_in(self) -> None:
        """One step larger."""
        now = self._percent()
        self._zoom_to(next((step for step in _ZOOMS if step > now), _ZOOMS[-1]))

    def zoom_out(self) -> None:
        """One step smaller."""
        now = self._percent()
        self._zoom_to(next((step for step in reversed(_ZOOMS) if step < now), _ZOOMS[0]))

    def fit_width(self) -> None:
        """As wide as the pane."""
        self._zoom_to(None)

    # What can be done with it

    def print_it(self) -> None:
        """Ask for the printer, then print; an issued paper is written down and marked."""
        if self._opened is None:
            return
        from desk.ui.printing import PrintDialog

        paper = self._entry.paper if self._entry is not None else None
        title = self._entry.title if self._entry is not None else self._opened.name
        kept = self._workstation.printers
        kind = "other" if paper is None else str(paper.value)

        def ordered(order: PrintOrder) -> None:
            kept.remember(kind, order)
            self._print(order)

        stamp = self._stored.stamp if self._stored is not None and not self._stored.ended else None
        PrintDialog(
            self,
            title,
            self._opened.pages,
            ordered,
            issued=paper is not None,
            remembered=kept.of(kind),
            note=stamp.note(self._entry.number) if stamp is not None and self._entry is not None else "",
            must_confirm="Materai tersedia" if stamp is not None and stamp.required else "",
        ).show()

    def open_in_word(self) -> None:
        """Write the Word file, read-only, into a folder of its own and open it; the stored paper stays as it is."""
        stored, office_id = self._stored, self._office_id
        if stored is None or stored.word_id is None:
            return
        word_id, name = stored.word_id, stored.word_name

        def write(data: bytes) -> None:
            self._workstation.background.run_slow(
                self, lambda _task: write_read_only(name, data), _open_with_its_program
            )

        self._workstation.read(self, lambda session: stored_bytes(session, office_id, word_id, ""), write)

    def save_as(self) -> None:
        """Save a copy of the file."""
        if self._opened is None:
            return
        from desk.ui.forms.file_field import file_dialog

        opened = self._opened
        dialog = file_dialog(self, "Simpan sebagai", many=False, save_as=opened.name)
        dialog.fileSelected.connect(lambda name: self._save(Path(name), opened.data))
        dialog.open()

    # Inside

    def _start(self, name: str) -> None:
        self._turn += 1
        self._opened = None
        self._entry = self._stored = None
        self.asking.hide()
        self._page = 0
        self._drawn.clear()
        self._asked = None
        self.sheet.clear()
        self.setAccessibleDescription(name)
        self._say(f"Membuka {name} …" if name else "")
        self._show_tools()

    def _open(self, name: str, data: bytes, turn: int, marks: tuple[str, ...] = ()) -> None:
        def opened(found: Opened) -> None:
            if turn != self._turn:
                return
            self._opened = found
            self._say("")
            self._show_tools()
            self._draw()

        def refused(trouble: Refused | Unavailable) -> None:
            if turn == self._turn:
                self._say(str(trouble))

        shop = self._workstation.paper_shop
        self._workstation.background.run_slow(self, lambda _task: open_file(shop, name, data, marks), opened, refused)

    def _draw(self) -> None:
        """Show the page; ask the paper process for it when it has not been drawn in this size."""
        opened = self._opened
        if opened is None:
            return
        if opened.picture is not None:
            self._show_picture(opened.picture)
            return
        wanted = (self._page, self._dpi())
        drawn = self._drawn.get(wanted)
        if drawn is not None:
            self._show_page(drawn, wanted[1])
            return
        if self._asked == wanted:
            return
        self._asked = wanted
        turn = self._turn

        def done(image: QImage) -> None:
            if turn != self._turn:
                return
            self._asked = None
            while len(self._drawn) >= _KEPT_PAGES:
                self._drawn.pop(next(iter(self._drawn)))
            self._drawn[wanted] = image
            if wanted[0] == self._page:
                self._show_page(image, wanted[1])
                if self._dpi() != wanted[1]:
                    self._draw()

        def refused(trouble: Refused | Unavailable) -> None:
            if turn == self._turn:
                self._asked = None
                self._say(str(trouble))

        self._workstation.background.run_slow(
            self, lambda _task: page_image(self._workstation.paper_shop(), opened, *wanted), done, refused
        )

    def _show_page(self, image: QImage, dpi: int) -> None:
        ratio = self.devicePixelRatioF()
        image.setDevicePixelRatio(ratio)
        self._paper_width = image.width() / dpi * _SCREEN_DPI
        self.sheet.setPixmap(QPixmap.fromImage(image))
        self._show_tools()

    def _show_picture(self, picture: QImage) -> None:
        self._paper_width = float(picture.width())
        width = max(1, round(picture.width() * self._percent() / 100 * self.devicePixelRatioF()))
        scaled = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(self.devicePixelRatioF())
        self.sheet.setPixmap(QPixmap.fromImage(scaled))
        self._show_tools()

    def _percent(self) -> int:
        if self._zoom is not None:
            return self._zoom
        bar = self.area.verticalScrollBar().sizeHint().width()  # always left out, or its coming would move the page
        room = max(120, self.area.width() - bar - 8)
        return max(10, min(_ZOOMS[-1], int(room * 100 / self._paper_width)))

    def _dpi(self) -> int:
        return min(_MOST_DPI, max(20, round(_SCREEN_DPI * self._percent() / 100 * self.devicePixelRatioF())))

    def _zoom_to(self, zoom: int | None) -> None:
        self._zoom = zoom
        self._draw()
        self._show_tools()

    def _print(self, order: PrintOrder) -> None:
        entry, stored, office_id = self._entry, self._stored, self._office_id
        if entry is None or stored is None or entry.paper is None:
            self._carry_out(order, "")
            return
        if order.file is not None:
            self._carry_out(order, stored.ended or COPY)
            return
        workstation = self._workstation

        def note() -> Noted:
            from desk.services import prints

            with workstation.link.transaction() as session:
                return prints.note_print(
                    session,
                    office_id,
                    stored.case_id,
                    stored.id,
                    printer=order.printer,
                    pages=order.pages,
                    copies=order.copies,
                )

        def not_printed(noted: Noted, trouble: Refused | Unavailable) -> None:
            """Give the mark back, then say why."""

            def give_back() -> None:
                from desk.services import prints

                with workstation.link.transaction() as session:
                    prints.note_failure(session, office_id, stored.case_id, noted.id, str(trouble))

            workstation.background.run_work(self, give_back, lambda _none: self._on_not_printed(trouble))

        workstation.background.run_work(
            self, note, lambda noted: self._carry_out(order, noted.mark, lambda trouble: not_printed(noted, trouble))
        )

    def _carry_out(
        self, order: PrintOrder, mark: str, failed: Callable[[Refused | Unavailable], object] | None = None
    ) -> None:
        opened = self._opened
        if opened is None:
            return
        from desk.ui.printing import carry_out

        def work(task: Task) -> None:
            shop: PageShop = PictureShop(opened.picture) if opened.picture else self._workstation.paper_shop()
            carry_out(order, shop, opened.data, mark, task)

        where = order.file.name if order.file is not None else order.printer
        self._say(f"Mencetak ke {where} …")
        self._workstation.background.run_slow(
            self, work, lambda _none: self._say(f"Sudah dikirim ke {where}."), failed or self._on_not_printed
        )

    def _on_not_printed(self, trouble: Refused | Unavailable) -> None:
        self._say("")
        message.show_trouble(self, trouble)

    def _save(self, path: Path, data: bytes) -> None:
        from desk.adapters.files import write_atomically

        self._workstation.background.run_slow(
            self, lambda _task: write_atomically(path, data), lambda _none: self._say(f"Tersimpan: {path.name}.")
        )

    def _show_card(self) -> None:
        reason = " ".join(self.reason.text().split())
        if self._entry is not None and reason:
            self.reason.clear()
            self.show_document(self._office_id, self._entry, reason=reason)
        self.reason.setFocus()

    def _say(self, sentence: str) -> None:
        self.told.setText(sentence)
        self.told.setVisible(bool(sentence))

    def _show_tools(self) -> None:
        shown, pages = self._opened is not None, self.pages
        self.back.setEnabled(shown and self._page > 0)
        self.forth.setEnabled(shown and self._page < pages - 1)
        for button in (self.back, self.forth, self.where):
            button.setVisible(pages > 1)
        self.where.setText(f"Halaman {self.page} dari {pages}")
        self.size_text.setText(f"{self._percent()} %" if shown else "")
        for button in (self.smaller, self.larger, self.fit, self.printing, self.saving):
            button.setEnabled(shown)
        has_word = self._stored is not None and self._stored.word_id is not None
        self.word.setVisible(shown and has_word and self._with_actions)

    def _build(self) -> None:
        self._paper_width = 8.27 * _SCREEN_DPI
        self.back = _tool("‹", "Halaman sebelumnya", "Page Up", lambda: self.go_to(self.page - 1))
        self.where = QLabel()
        self.forth = _tool("›", "Halaman berikutnya", "Page Down", lambda: self.go_to(self.page + 1))
        self.smaller = _tool("−", "Perkecil", "Ctrl+-", self.zoom_out)
        self.size_text = QLabel()
        self.size_text.setProperty("role", "muted")
        self.size_text.setMinimumWidth(44)
        self.size_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.larger = _tool("+", "Perbesar", "Ctrl++", self.zoom_in)
        self.fit = _tool("Pas lebar", "Pas lebar", "Ctrl+0", self.fit_width)
        self.printing = _tool("Cetak", "Cetak", "Ctrl+P", self.print_it)
        self.word = _tool("Buka di Word", "Buka di Word", "", self.open_in_word)
        self.saving = _tool("Simpan sebagai …", "Simpan sebagai", "", self.save_as)
        tools = QHBoxLayout()
        tools.setSpacing(4)
        for widget in (self.back, self.where, self.forth, self.smaller, self.size_text, self.larger, self.fit):
            tools.addWidget(widget)
        tools.addStretch(1)
        deeds = QHBoxLayout()  # a line of its own: beside the list of files both do not fit
        deeds.setSpacing(4)
        for button in (self.printing, self.word, self.saving):
            button.setVisible(self._with_actions)
            deeds.addWidget(button)
        deeds.addStretch(1)
        self.told = QLabel()
        self.told.setProperty("role", "muted")
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Alasan melihat kartu identitas")
        self.reason.setAccessibleName("Alasan melihat kartu identitas")
        self.reason.returnPressed.connect(self._show_card)
        show = _tool("Tampilkan", "Tampilkan kartu identitas", "Enter", self._show_card)
        self.asking = QWidget()
        ask = QHBoxLayout(self.asking)
        ask.setContentsMargins(0, 0, 0, 0)
        ask.addWidget(self.reason, 1)
        ask.addWidget(show)
        self.asking.hide()
        self.sheet = QLabel()
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.sheet.setAccessibleName("Halaman")
        self.area = QScrollArea()
        self.area.setWidget(self.sheet)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(deeds)
        rows.addLayout(tools)
        rows.addWidget(self.told)
        rows.addWidget(self.asking)
        rows.addWidget(self.area, 1)
        for keys, call in (
            (QKeySequence("Ctrl++"), self.zoom_in),
            (QKeySequence("Ctrl+="), self.zoom_in),
            (QKeySequence("Ctrl+-"), self.zoom_out),
            (QKeySequence("Ctrl+0"), self.fit_width),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(call)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(520, 680)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._zoom is None:
            self._draw_later.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys: dict[int, Callable[[], Any]] = {
            Qt.Key.Key_PageDown: lambda: self.go_to(self.page + 1),
            Qt.Key.Key_PageUp: lambda: self.go_to(self.page - 1),
            Qt.Key.Key_Home: lambda: self.go_to(1),
            Qt.Key.Key_End: lambda: self.go_to(self.pages),
        }
        call = keys.get(event.key())
        if call is None:
            super().keyPressEvent(event)
        else:
            call()


def _open_with_its_program(path: Path) -> None:
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        message.show(
            None, "Word tidak terbuka", f"Tidak ada program yang membuka {path.name}. Berkasnya ada di {path.parent}."
        )


def _tool(text: str, name: str, keys: str, clicked: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "quiet")
    button.setAutoDefault(False)
    button.setAccessibleName(name)
    button.setToolTip(f"{name} ({keys})" if keys else name)
    button.clicked.connect(lambda: clicked())
    return button
