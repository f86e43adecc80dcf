"""The few words that Qt itself puts on the screen, in Indonesian: Qt brings no Indonesian catalogue."""

from __future__ import annotations

from PySide6.QtCore import QTranslator

WORDS = {
    "&Undo": "&Urungkan",
    "&Redo": "&Ulangi",
    "Cu&t": "&Potong",
    "&Copy": "&Salin",
    "&Paste": "&Tempel",
    "Delete": "Hapus",
    "Select All": "Pilih semua",
    "Copy &Link Location": "Salin alamat &tautan",
    "Clear": "Kosongkan",
    "&Step up": "&Naikkan",
    "Step &down": "&Turunkan",
    "OK": "Baik",
    "Cancel": "Batal",
    "&Yes": "&Ya",
    "&No": "&Tidak",
    "Close": "Tutup",
    "Show Details...": "Tampilkan rincian …",
    "Hide Details...": "Sembunyikan rincian …",
}


class QtWords(QTranslator):
    """Translates the words above whatever their context; everything else stays as it is."""

    # Qt overrides

    def translate(
        self, _context: str, source_text: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        return WORDS.get(source_text)

    def isEmpty(self) -> bool:
        return False
