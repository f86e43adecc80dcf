"""What goes out with a step, beside its text: where to, which files, and the ways to send it.

Where the office has set its mail up, the program sends it with the deed. Otherwise the office's own mail program opens
a draft with everything in it, and for WhatsApp, live chat and forum the text is copied and the files are put into a
folder; the person sends and then confirms.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.errors import Unavailable
from desk.ui.forms.package_field import PackageField

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.adapters.attachments import Attachment
    from desk.services.replies import Outgoing
    from desk.ui.forms.form import FormDialog
    from desk.ui.workstation import Workstation

Files = list[tuple[str, str, bytes]]


class SendingPanel(QWidget):
    """The files of a step, and the buttons that bring them and the text to the customer."""

    def __init__(self, workstation: Workstation, form: FormDialog, outgoing: Outgoing, office_id: int) -> None:
        super().__init__(form)
        self._workstation, self._form = workstation, form
        self._outgoing, self._office_id = outgoing, office_id
        self.setObjectName("sending")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 14, 0)
        column.setSpacing(8)
        column.addWidget(_text("DIKIRIM LEWAT", "section"))
        column.addWidget(_text(f"{outgoing.channel.label} ke {outgoing.address}"))
        column.addWidget(_text("BERKAS", "section"))
        for entry in outgoing.files:
            column.addWidget(_text(entry.name))
        if not outgoing.files:
            column.addWidget(_text("Tidak ada berkas untuk langkah ini.", "muted"))
        self._subject = outgoing.subject
        form.carry(ready=outgoing.ready)
        if outgoing.choices:
            self._offer_texts(column)
        column.addSpacing(6)
        self.by_program: QCheckBox | None = None
        if outgoing.by_program:
            self._offer_to_send(column)
        if "@" in outgoing.address:
            self._add(column, "mail", "Buka sebagai draf surel", self.open_mail)
        self._add(column, "copy", "Salin teks", self.copy_text)
        if outgoing.files or outgoing.data:
            what = "Siapkan folder untuk diserahkan…" if outgoing.data else "Simpan berkas ke folder…"
            self._add(column, "save", what, self.save_files)
        self.said = _text("", "muted")
        column.addWidget(self.said)
        column.addStretch(1)
        self._last = _text("", "muted")
        column.addWidget(self._last)
        self._say_last()

    def _offer_texts(self, column: QVBoxLayout) -> None:
        """Ready texts to choose from; one with an empty field is not taken and says which."""
        column.addWidget(_text("TEKS SIAP PAKAI", "section"))
        self.texts = QComboBox()
        self.texts.setObjectName("sending.texts")
        self.texts.setAccessibleName("Teks siap pakai")
        self.texts.addItems(["Tulis sendiri", *(choice.label for choice in self._outgoing.choices)])
        self.texts.activated.connect(self._take_text)
        column.addWidget(self.texts)
        self.subject = _text(f"Perihal: {self._subject}", "muted")
        column.addWidget(self.subject)

    def _take_text(self, place: int) -> None:
        if place == 0:
            return
        choice = self._outgoing.choices[place - 1]
        if choice.refusal:
            self.texts.setCurrentIndex(0)
            self.said.setText(choice.refusal)
            return
        self.said.setText("")
        self._subject = choice.subject or self._subject
        self.subject.setText(f"Perihal: {self._subject}")
        self._form.fill({"text": choice.body})
        self._form.carry(ready=choice.ready)
        if self.by_program is not None:
            self._choose()

    def _offer_to_send(self, column: QVBoxLayout) -> None:
        """The mail leaves with the deed unless the person unticks it; its Message-ID is fixed now."""
        self.by_program = QCheckBox("Kirim dari sini lewat surel kantor")
        self.by_program.setObjectName("sending.by_program")
        self.by_program.setChecked(True)
        self.by_program.toggled.connect(lambda _on: self._choose())
        column.addWidget(self.by_program)
        self._fixed_id = self._new_message_id()
        self._choose()

    def _choose(self) -> None:
        assert self.by_program is not None
        from desk.rules.inputs import MailOut

        out, on = self._outgoing, self.by_program.isChecked()
        mail = MailOut((out.address,), tuple(entry.id for entry in out.files), out.answers) if on else None
        self._form.carry(mail=mail, subject=self._subject if on else "", message_id=self._fixed_id if on else "")
        if hasattr(self, "_last"):
            self._say_last()

    def _say_last(self) -> None:
        sends = self.by_program is not None and self.by_program.isChecked()
        self._last.setText(
            ("Surel dengan paket data" if self._outgoing.data else "Surel")
            + " dikirim program setelah tombol di bawah ditekan."
            if sends
            else "Setelah terkirim, tekan tombol di bawah untuk mencatatnya."
        )

    def _new_message_id(self) -> str:
        from desk.services.replies import new_message_id

        return new_message_id(self._outgoing)

    def copy_text(self) -> None:
        """The text as it stands now, ready to paste into the chat or the forum."""
        QGuiApplication.clipboard().setText(self._written())
        self.said.setText("Teks disalin.")

    def open_mail(self) -> None:
        """A draft with text, files and thread, opened in the office's own mail program."""
        if self.by_program is not None:
            self.by_program.setChecked(False)  # it is sent by hand now, and must not leave twice
        out, body = self._outgoing, self._written()
        domain = out.office_email.partition("@")[2] or "pst.bps.go.id"
        message_id = self._new_message_id()
        subject = self._subject
        self._form.carry(subject=subject, message_id=message_id)

        package = self._package()

        def write(files: Files) -> Path:
            from desk.adapters.mail_headers import Address
            from desk.adapters.mail_out import draft_eml

            files = files + [(path.name, "application/zip", path.read_bytes()) for path in package[:1]]

            draft = draft_eml(
                sender=Address(out.office_name, out.office_email or f"pst@{domain}"),
                to=[Address("", out.address)],
                subject=subject,
                body=body,
                message_id=message_id,
                attachments=_attachments(files),
                in_reply_to=out.answers[-1] if out.answers else None,
                references=out.answers,
            )
            path = Path(tempfile.mkdtemp(prefix="meja-pst-")) / "draf.eml"
            path.write_bytes(draft)
            return path

        self._with_files(write, self._on_draft)

    def save_files(self) -> None:
        """The files, under their own names, in a folder that the person chooses; data with package and text."""
        package = self._package()
        if self._outgoing.data and not package:
            self.said.setText("Paket data belum ada. Buat paket terkunci dahulu; foldernya menyusul.")
            return
        beside = str(package[0].parent) if package else ""
        chosen = QFileDialog.getExistingDirectory(self, "Simpan berkas ke folder", beside)
        if not chosen:
            return
        folder, words = Path(chosen), self._written()

        def write(files: Files) -> Path:
            try:
                for name, _, data in files:
                    (folder / name).write_bytes(data)
                if package:
                    put_beside(package, words, folder)
            except OSError as error:
                raise Unavailable(
                    f"Folder {folder} tidak dapat ditulis ({error.strerror or error}). Periksa sambungan dan sisa "
                    "ruangnya, lalu siapkan lagi."
                ) from error
            return folder

        self._with_files(write, lambda path: self.said.setText(f"Berkas disimpan di {path}."))

    def _on_draft(self, path: Path) -> None:
        opened = QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        more = len(self._package()) - 1
        rest = f" Lampirkan {more} bagian paket lainnya pada surel berikutnya." if more > 0 else ""
        self.said.setText(("Draf dibuka di program surel." if opened else f"Draf disimpan: {path}.") + rest)

    def _with_files(self, write: Callable[[Files], Path], done: Callable[[Path], object]) -> None:
        """Read the files on the database lane, write them on the slow lane, then say so here."""
        self.said.setText("Menyiapkan berkas…")
        office_id, entries = self._office_id, self._outgoing.files

        def read(session: Session) -> Files:
            from desk.services import documents

            return [
                (entry.name, entry.content_type, documents.content(session, office_id, entry.id)) for entry in entries
            ]

        def written(files: Files) -> None:
            self._workstation.background.run_slow(
                self, lambda _task: write(files), done, lambda trouble: self.said.setText(str(trouble))
            )

        self._workstation.read(self, read, written, lambda trouble: self.said.setText(str(trouble)))

    def _package(self) -> tuple[Path, ...]:
        """The parts of the package that was made in this form; one mail carries one part."""
        field = self._form.fields.get("package")
        return field.paths() if isinstance(field, PackageField) else ()

    def _written(self) -> str:
        field = self._form.fields.get("text")
        return str(field.answer() or "") if field is not None else self._outgoing.body

    def _add(self, column: QVBoxLayout, name: str, label: str, clicked: Callable[[], None]) -> None:
        button = QPushButton(label, self)
        button.setObjectName(f"sending.{name}")
        button.setAccessibleName(label)
        button.setAutoDefault(False)
        button.clicked.connect(clicked)
        column.addWidget(button)


TEXT_NAME = "PESAN-UNTUK-PENGGUNA-DATA.txt"


def put_beside(package: Sequence[Path], words: str, folder: Path) -> None:
    """Copies the parts of a package and the text into a folder that is handed over; OSError where it cannot."""
    for part in package:
        if part.parent != folder:
            shutil.copyfile(part, folder / part.name)
    (folder / TEXT_NAME).write_text(words.replace("\n", "\r\n"), "utf-8-sig", newline="")


def _attachments(files: Files) -> list[Attachment]:
    from desk.adapters.attachments import attachment

    return [attachment(name, data, declared_type=content_type) for name, content_type, data in files]


def _text(words: str, role: str = "") -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    return label
