"""F1: the keys of the window, and of the case on show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

WINDOW_KEYS: tuple[tuple[str, str], ...] = (
    ("Ctrl+K", "Cari apa saja, atau jalankan tindakan"),
    ("Alt+1 … Alt+9", "Pindah antrean"),
    ("↑ ↓", "Pilih permohonan"),
    ("Spasi, Ctrl+A", "Pilih beberapa baris; Shift dan Ctrl dengan klik juga bisa"),
    ("Shift+Enter", "Satu tindakan untuk semua baris yang dipilih"),
    ("Enter", "Buka permohonan lebar"),
    ("Esc", "Kembali ke daftar"),
    ("Ctrl+1 … Ctrl+4", "Ringkasan, Percakapan, Berkas, Riwayat"),
    ("Ctrl+V", "Tempel surel, percakapan, atau berkas; menyeretnya ke jendela juga bisa"),
    ("F8", "Seluruh permohonan sebagai satu PDF (berkas kasus)"),
    ("F3", "Saring daftar, pilih kolom, simpan tampilan"),
    ("F4", "Ambil permohonan berikutnya yang belum dipegang"),
    ("F5", "Baca ulang daftar"),
    ("F9", "Simpan daftar yang tampil ke Excel"),
    ("F6", "Pindah antara daftar, permohonan, dan antrean"),
    ("F1", "Daftar tombol ini"),
)


class KeySheet(QDialog):
    """The keys on one sheet."""

    def __init__(self, parent: QWidget | None, steps: Iterable[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setObjectName("keys")
        self.setWindowTitle("Tombol papan ketik")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        title = QLabel("Tombol papan ketik")
        title.setProperty("role", "title")
        layout.addWidget(title)
        layout.addLayout(_sheet("JENDELA", WINDOW_KEYS))
        own = tuple(steps)
        if own:
            layout.addLayout(_sheet("PERMOHONAN INI", own))
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton("Tutup")
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        layout.addLayout(row)


def _sheet(title: str, keys: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    heading = QLabel(title)
    heading.setProperty("role", "section")
    grid.addWidget(heading, 0, 0, 1, 2)
    for at, (key, meaning) in enumerate(keys, 1):
        name = QLabel(key)
        name.setProperty("role", "strong")
        words = QLabel(meaning)
        words.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(name, at, 0)
        grid.addWidget(words, at, 1)
    grid.setColumnMinimumWidth(0, 120)
    grid.setColumnStretch(1, 1)
    return grid
