"""The short forms of the letter register: reserve, copy from the office's book, insert, end, format of a series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desk.errors import Refused
from desk.rules.inputs import Question
from desk.rules.letter_numbers import (
    COUNTED_ONLY,
    NumberEnd,
    NumberFormat,
    NumberSource,
    series_label,
    why_not_format,
)
from desk.rules.numbering import clean_register_number, find_case_number
from desk.ui.forms.date_field import DateField
from desk.ui.forms.plain_fields import NumberField, ParagraphField, PickField, TextField, sentence_case
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.statement_facts import label
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.numbers import NumberRow, SeriesFormat

_PARTS = ("template", "unit", "classification")
_CASE_HELP = "Nomor permohonan; naskah berikut dari jenis itu memakai nomor ini. Kosong bila untuk surat lain."
_NOTE_HELP = "Misalnya surat pengantar ke Dinas Pendidikan; wajib bila tanpa permohonan."


class ReserveForm(PeopleForm):
    """The next numbers of a series, taken before their papers exist."""

    def __init__(self, parent: QWidget | None, series: Sequence[SeriesFormat]) -> None:
        super().__init__(
            parent,
            "reserve_number",
            "Pesan nomor",
            "Nomor berikutnya diambil sekarang dan menunggu naskahnya; nomor sesudahnya jalan terus.",
            "Pesan",
        )
        counted = [each for each in series if each.format.source is NumberSource.COUNTED]
        self.add(_series_field([each for each in counted if each.series not in COUNTED_ONLY]))
        count = NumberField(Question("count", "Banyaknya", "number", "", True, ()))
        count.set_value(1)
        self.add(count)
        _add_purpose(self)

    def judge_together(self, answers: Answers) -> None:
        _judge_purpose(answers)


class BookForm(PeopleForm):
    """A number that the office's own letter book gave."""

    def __init__(self, parent: QWidget | None, series: Sequence[SeriesFormat], today: date) -> None:
        super().__init__(
            parent,
            "book_number",
            "Catat nomor dari buku kantor",
            "Untuk naskah yang nomornya diberikan buku agenda kantor; disalin persis seperti di buku.",
            "Catat",
        )
        self.add(_series_field([each for each in series if each.series not in COUNTED_ONLY]))
        self.add(_NumberTextField(Question("number", "Nomor pada buku", "text", "", True, ())))
        dated = DateField(Question("dated", "Tanggal pada buku", "date", "", True, ()), today)
        dated.set_value(today)
        self.add(dated)
        _add_purpose(self)

    def judge_together(self, answers: Answers) -> None:
        _judge_purpose(answers)


class InsertForm(PeopleForm):
    """A number between two others."""

    def __init__(self, parent: QWidget | None, row: NumberRow) -> None:
        super().__init__(
            parent,
            "insert_number",
            "Sisipkan nomor",
            f"Setelah {row.number}, untuk naskah yang terlambat dicatat. Bulannya mengikuti nomor itu.",
            "Sisipkan",
        )
        _add_purpose(self)

    def judge_together(self, answers: Answers) -> None:
        _judge_purpose(answers)


class EndForm(PeopleForm):
    """An open number stands for a letter outside the program, or is void."""

    def __init__(self, parent: QWidget | None, row: NumberRow, kind: NumberEnd, today: date) -> None:
        outside = kind is NumberEnd.OUTSIDE
        super().__init__(
            parent,
            "end_number",
            "Dipakai di luar program" if outside else "Batalkan nomor",
            f"{row.number} · {row.stands_for}",
            "Catat" if outside else "Batalkan nomor",
        )
        on = DateField(Question("on", "Tanggal surat" if outside else "Tanggal", "date", "", True, ()), today)
        on.set_value(today)
        self.add(on)
        words = "Surat apa, kepada siapa" if outside else "Alasan"
        hint = "Tampil di register surat." if outside else "Nomornya tetap ada di register, ditandai batal."
        self.add(ParagraphField(Question("reason", words, "paragraph", hint, True, ())))


class FormatForm(PeopleForm):
    """How the numbers of a series are written from a day on; the next number stands below while one types."""

    def __init__(self, parent: QWidget | None, row: SeriesFormat) -> None:
        super().__init__(
            parent,
            "number_format",
            f"Format nomor: {series_label(row.series)}",
            "Bagian: {nomor:3} {unit} {klasifikasi} {bulan} {bulan_romawi} {tahun}. "
            "Naskah yang sudah terbit tetap memakai nomornya; hitungan jalan terus.",
            "Simpan format",
        )
        self._row = row
        for name, words, value, hint, required in (
            ("template", "Format", row.format.template, "", True),
            ("unit", "Kode unit", row.format.unit, "Pengganti {unit}, misalnya 16000.", False),
            ("classification", "Klasifikasi arsip", row.format.classification, "Pengganti {klasifikasi}.", False),
        ):
            field = TextField(Question(name, words, "text", hint, required, ()))
            field.set_value(value)
            field.changed.connect(self._show_next)
            self.add(field)
        if row.series not in COUNTED_ONLY:
            source = PickField(
                Question("source", "Nomor diberikan oleh", "choice", "", True, ()),
                [(each, sentence_case(each.label)) for each in NumberSource],
            )
            source.set_value(row.format.source)
            source.changed.connect(self._show_next)
            self.add(source)
        on = DateField(Question("starts_on", "Berlaku mulai", "date", "", True, ()), row.today)
        on.set_value(row.today)
        self.add(on)
        basis = "Keputusan atau pedoman tata naskah dinas kantor."
        self.add(TextField(Question("basis", "Dasar", "text", basis, True, ())))
        self.preview = label("")
        self.preview.setObjectName("next_number")
        self._column.insertWidget(self._column.count() - 2, self.preview)
        self._show_next()

    def wanted(self) -> NumberFormat:
        """The format as it is typed now."""
        source = self.fields.get("source")
        template, unit, part = (str(self.fields[name].answer() or "") for name in _PARTS)
        counted = NumberSource.COUNTED
        return NumberFormat(template, unit, part, counted if source is None else cast("NumberSource", source.answer()))

    def judge_together(self, answers: Answers) -> None:
        if complaints := why_not_format(self.wanted()):
            raise Refused(complaints[0])
        if answers["starts_on"] < self._row.today:
            raise Refused("Tanggal mulai sudah lewat. Pilih hari ini atau sesudahnya.")

    def _show_next(self) -> None:
        try:
            wanted = self.wanted()
        except Refused:
            return
        if complaints := why_not_format(wanted):
            self.preview.setText("\n".join(complaints))
            set_look(self.preview, tone="late")
            return
        if wanted.source is NumberSource.BOOK:
            words = "Nomor berikutnya: dari buku surat kantor, dicatat per permohonan."
        else:
            words = f"Nomor berikutnya: {wanted.example(self._row.last + 1, self._row.today)}"
        self.preview.setText(words)
        set_look(self.preview, tone="done")


def case_of(session: Session, office_id: int, typed: str | None) -> UUID | None:
    """The case that a person named in a form of the register; Refused when the office has no such case."""
    if not typed:
        return None
    from desk.services.case_file import case_id_of_number

    number = find_case_number(typed) or typed.strip()
    found = case_id_of_number(session, number)
    if found is None or found[0] != office_id:
        raise Refused(f"Permohonan {number[:40]} tidak ada di kantor ini. Salin nomornya dari daftar permohonan.")
    return found[1]


class _NumberTextField(TextField):
    def read(self) -> str:
        return clean_register_number(self.edit.text())


def _series_field(series: Sequence[SeriesFormat]) -> PickField:
    return PickField(
        Question("series", "Jenis naskah", "choice", "", True, ()),
        [(each, series_label(each.series) + (f" · {each.next_number}" if each.next_number else "")) for each in series],
    )


def _add_purpose(form: PeopleForm) -> None:
    form.add(TextField(Question("case", "Untuk permohonan", "text", _CASE_HELP, False, ())))
    form.add(TextField(Question("note", "Keterangan", "text", _NOTE_HELP, False, ())))


def _judge_purpose(answers: Answers) -> None:
    if not answers["case"] and not answers["note"]:
        raise Refused("Tulis permohonannya, atau keterangan untuk surat apa nomor ini.")
