"""The way out: the four lights of the gate, the files compared with what was checked, and the locked package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Refused, Unavailable
from desk.rules.case import CaseFacts
from desk.rules.delivery import gate_lights
from desk.rules.inputs import Question
from desk.rules.package import (
    PASSWORD_FIELD,
    DataPackage,
    PackageOrder,
    PackagePart,
    PasswordWay,
    split,
    why_not_password_way,
)
from desk.rules.quantities import bytes_text
from desk.ui.background import Background, Task
from desk.ui.forms.field import Field, Json
from desk.ui.forms.plain_fields import Drop
from desk.ui.theme import set_look


class GateCard(QFrame):
    """What must be there before data leave, each with a sign and words; what the supervisor allowed is said below."""

    def __init__(self, case: CaseFacts) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName("Syarat pengiriman")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(2, 1)
        for row, light in enumerate(gate_lights(case)):
            sign = _words("✓" if light.green else "✗")
            set_look(sign, tone="done" if light.green else "late")
            name = _words(light.name, "strong")
            said = _words(light.said, "muted")
            said.setAccessibleName(f"{light.name}: {'ada' if light.green else 'belum'}, {light.said}")
            name.setWordWrap(False)
            for column, label in enumerate((sign, name, said)):
                grid.addWidget(label, row, column)
        if case.override_by is not None:
            allowed = _words("Penyelia mengizinkan pengiriman sebelum syarat lengkap; alasannya ada di riwayat.")
            set_look(allowed, tone="soon")
            grid.addWidget(allowed, grid.rowCount(), 0, 1, 3)


class PackageField(Field):
    """Compares the files as soon as the form opens; packs them on the slow lane into a folder that the person chooses.

    Without a package the data go another way, on a disk for example; changed or missing files go no way at all.
    """

    wide = True
    packed = Signal()

    def __init__(
        self, question: Question, case: CaseFacts | None, order: PackageOrder | None, background: Background
    ) -> None:
        super().__init__(question)
        assert case is not None, "only a case is delivered"
        assert order is not None, "the form has read what the package is made of"
        self._order, self._background, self._case = order, background, case
        self._task: Task | None = None
        self._compared = False
        self._trouble = ""
        self._folder: Path | None = None
        self._password = ""
        self.parts: tuple[PackagePart, ...] = ()
        editor = QWidget()
        whole = QVBoxLayout(editor)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(GateCard(case))
        self.about = _words("")
        self.bar = QProgressBar(minimum=0, maximum=1000, textVisible=False)
        self.bar.setAccessibleName("Kemajuan membaca berkas data")
        self.make = _button("Buat paket terkunci …", "Buat paket terkunci dari berkas data")
        self.make.clicked.connect(self.choose_folder)
        self.cancel = _button("Hentikan", "Hentikan pembuatan paket")
        self.cancel.clicked.connect(self.stop_packing)
        making = QHBoxLayout()
        making.setSpacing(8)
        making.addWidget(self.make)
        making.addWidget(self.cancel)
        making.addWidget(self.bar, 1)
        whole.addWidget(self.about)
        whole.addLayout(making)
        whole.addWidget(self._build_result())
        self.add_editor(editor, focus=self.make)
        self.make.setEnabled(False)
        self.cancel.hide()
        self._compare()

    def _build_result(self) -> QWidget:
        self.result = QFrame()
        self.result.setProperty("role", "panel")
        column = QVBoxLayout(self.result)
        column.setContentsMargins(12, 10, 12, 10)
        self.made = _words("")
        self.copy = _button("Salin kata sandi", "Salin kata sandi paket")
        self.copy.clicked.connect(self._copy_password)
        self.copy_message = _button("Salin pesan kata sandi", "Salin pesan yang membawa kata sandi paket")
        self.copy_message.clicked.connect(self._copy_message)
        self.copy_message.setVisible(bool(self._order.password_message))
        self.open = _button("Buka folder", "Buka folder paket")
        self.open.clicked.connect(self._open_folder)
        self.way = Drop()
        self.way.setAccessibleName("Jalan kata sandi")
        self.ways = [way for way in PasswordWay if why_not_password_way(self._order.channel, way) is None]
        self.way.addItems([f"Kata sandi lewat {way.label}" for way in self.ways])
        grid = QGridLayout()
        grid.setSpacing(8)
        grid.addWidget(self.copy, 0, 0)
        grid.addWidget(self.copy_message, 0, 1)
        grid.addWidget(self.way, 1, 0, 1, 2)
        grid.addWidget(self.open, 2, 0, 1, 2)
        column.addWidget(self.made)
        column.addLayout(grid)
        self.result.hide()
        return self.result

    # comparing

    def _compare(self) -> None:
        order = self._order
        self.about.setText(f"Membandingkan {len(order.files)} berkas dengan yang diperiksa petugas kedua …")

        def work(task: Task) -> None:
            from desk.adapters.package import why_changed

            whole, read = sum(file.size for file in order.files) or 1, 0

            def tell(size: int) -> None:
                nonlocal read
                read += size
                task.progress(read * 1000 // whole, 1000)

            for file in order.files:
                if reason := why_changed(file, tell):
                    raise Refused(reason)

        self._background.run_slow(self, work, self._on_same, self._on_changed, self._on_progress)

    def _on_same(self, _none: None) -> None:
        self._compared = True
        order = self._order
        size = bytes_text(sum(file.size for file in order.files))
        self.about.setText(f"✓ {len(order.files)} berkas, {size}, sama seperti saat diperiksa.")
        parts = split(order)
        self.bar.hide()
        self.make.setEnabled(not isinstance(parts, str))
        if isinstance(parts, str):
            self.about.setText(parts)
        self.announce()

    def _on_changed(self, trouble: Refused | Unavailable) -> None:
        self._trouble = str(trouble)
        self.about.setText(self._trouble)
        set_look(self.about, role="error")
        self.bar.hide()
        self.announce()

    # packing

    def choose_folder(self) -> None:
        """Ask where the package is written, then write it."""
        chosen = QFileDialog.getExistingDirectory(self, "Folder untuk paket data")
        if chosen:
            self.pack_into(Path(chosen))

    def pack_into(self, folder: Path) -> None:
        """Write the package into a folder, under a new password."""
        from desk.adapters.package import new_password

        order, password = self._order, new_password()

        def work(task: Task) -> tuple[PackagePart, ...]:
            from desk.adapters.package import pack

            return pack(order, folder, password, lambda at, of: task.progress(at * 1000 // max(of, 1), 1000))

        self.make.setEnabled(False)
        self.cancel.show()
        self.bar.setValue(0)
        self.bar.show()
        self._task = self._background.run_slow(
            self,
            work,
            lambda parts: self._on_packed(parts, folder, password),
            self._on_not_packed,
            self._on_progress,
        )

    def paths(self) -> tuple[Path, ...]:
        """Where the parts of the package lie; empty as long as there is none."""
        return () if self._folder is None else tuple(self._folder / part.name for part in self.parts)

    def stop_packing(self) -> None:
        """Give the package up; what was written so far is thrown away by the work itself."""
        if self._task is not None:
            self._task.cancel()
        self._idle("Pembuatan paket dihentikan.")

    def _on_packed(self, parts: tuple[PackagePart, ...], folder: Path, password: str) -> None:
        self.parts, self._folder, self._password = parts, folder, password
        self._idle("✓ Paket selesai dan ikut terlampir pada surel. Kirim kata sandinya lewat jalan lain.")
        self.made.setText("\n".join(f"{part.name} · {bytes_text(part.size)}" for part in parts))
        self.result.show()
        self.make.setText("Buat ulang …")
        self.packed.emit()
        self.announce()

    def _on_not_packed(self, trouble: Refused | Unavailable) -> None:
        self._idle(str(trouble))
        if isinstance(trouble, Refused):
            self._on_changed(trouble)

    def _on_progress(self, at: int, _of: int) -> None:
        self.bar.setValue(at)

    def _idle(self, words: str) -> None:
        self._task = None
        self.about.setText(words)
        self.cancel.hide()
        self.bar.hide()
        self.make.setEnabled(True)

    def _copy_password(self) -> None:
        QGuiApplication.clipboard().setText(self._password)
        self.about.setText("Kata sandi disalin; tidak disimpan di mana pun.")

    def _copy_message(self) -> None:
        QGuiApplication.clipboard().setText(self._order.password_message.replace(PASSWORD_FIELD, self._password))
        self.about.setText("Pesan dengan kata sandi disalin; kirim lewat jalan yang dipilih.")

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    # the answer

    def is_empty(self) -> bool:
        return not self.parts

    def read(self) -> DataPackage:
        return DataPackage(self.parts, self.ways[self.way.currentIndex()], tuple(map(str, self.paths())))

    def answer(self) -> object:
        if self._trouble:
            raise Refused(self._trouble)
        if self._task is not None:
            raise Refused("Paket masih dibuat. Tunggu sampai selesai atau hentikan dahulu.")
        if not self._compared:
            raise Refused("Berkas data masih dibandingkan. Tunggu sampai selesai.")
        return super().answer()

    def set_value(self, value: Any) -> None:
        assert value is None, "a package is made here and nowhere else"

    def state(self) -> Json:
        return None  # the password is not kept, so a package is made anew

    def restore(self, state: Json) -> None:
        assert state is None, "a package is made anew"


def _words(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def _button(words: str, spoken: str) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.setAccessibleName(spoken)
    return button
