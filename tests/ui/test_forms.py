"""Every action that asks has a form: filled in by keyboard, it says under each field what is wrong with it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from desk.actions import ACTIONS, Action
from desk.errors import Refused, Unavailable
from desk.rules import inputs
from desk.rules.case import Abstract, Channel, CustomerClass, Fit, MessageKind
from desk.rules.inputs import (
    CorrectionRequest,
    FitDecisions,
    FitInput,
    IncomingFile,
    LineInput,
    MessageNote,
    OriginalCheck,
    PaymentInput,
    PreparedFiles,
    ProofInput,
    Reason,
    Registration,
    RequestChange,
    ScanInput,
    Tick,
    questions,
)
from desk.rules.quantities import bytes_text, parse_bytes
from desk.ui.background import Background
from desk.ui.forms import FormDialog
from desk.ui.forms.build import HIDDEN
from desk.ui.forms.field import Note
from desk.ui.forms.fit_field import sentence_at
from tests.ui.form_desk import LINE_1, LINE_2, TODAY, Asking, around, case, keys_of, no_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

SAMPLES = Path(__file__).parents[1] / "samples"
ASKING = [action for action in ACTIONS.values() if action.asks is not None]
Sent = list[tuple[Any, FormDialog]]


@pytest.fixture
def background(qapp: object) -> Iterator[Background]:
    lanes = Background(no_database, lambda _owner, trouble: pytest.fail(str(trouble)))
    yield lanes
    lanes.close()


@pytest.fixture
def open_form(qtbot: QtBot, tmp_path: Path, background: Background) -> Callable[..., tuple[FormDialog, Sent]]:
    def opened(asks: type, of_case: Any = None, *, shown: bool = True, **known: Any) -> tuple[FormDialog, Sent]:
        sent: Sent = []
        action = cast("Action", Asking("try_it", "Coba", asks))
        form = FormDialog(None, action, of_case, lambda given, dialog: sent.append((given, dialog)))
        qtbot.addWidget(form)
        if shown:
            form.show()
        form.ask(around(tmp_path / "drafts", background), known=known)
        return form, sent

    return opened


@pytest.mark.parametrize("action", ASKING, ids=lambda action: action.id)
def test_every_action_that_asks_has_a_form_with_all_its_questions(
    qtbot: QtBot, tmp_path: Path, background: Background, action: Action
) -> None:
    of_case = None if action.handler is None else case()
    form = FormDialog(None, action, of_case, lambda _given, _form: None)
    qtbot.addWidget(form)
    form.ask(around(tmp_path, background))
    assert action.asks is not None
    assert set(form.fields) == {question.name for question in questions(action.asks)} - HIDDEN
    for control in form.findChildren(QWidget):
        if isinstance(control, (QLineEdit, QPlainTextEdit, QComboBox, QSpinBox)):
            inside_a_spin_box = control.objectName() == "qt_spinbox_lineedit"
            named = inside_a_spin_box or control.accessibleName()
            assert named, f"{action.id}: {control!r} has no name for a screen reader"
        if isinstance(control, QAbstractButton) and type(control).__module__.startswith("PySide6"):
            assert control.accessibleName() or control.text(), f"{action.id}: a button without words"


@pytest.mark.parametrize("action", ASKING, ids=lambda action: action.id)
def test_a_form_fits_a_small_screen(qtbot: QtBot, tmp_path: Path, background: Background, action: Action) -> None:
    form = FormDialog(None, action, None if action.handler is None else case(), lambda _given, _form: None)
    qtbot.addWidget(form)
    form.ask(around(tmp_path, background))
    least = form.minimumSizeHint()
    assert least.width() <= 683, "half of 1366: the screen at 200 %"
    assert least.height() <= 384


def test_room_below_the_fields_does_not_pull_them_apart(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, _ = open_form(PaymentInput, case())
    form.resize(900, 700)
    form.resize(420, 700)
    QApplication.processEvents()
    heights = {name: field.height() - field.sizeHint().height() for name, field in form.fields.items()}
    assert all(extra <= 0 for extra in heights.values()), heights


def test_every_input_class_is_asked_by_some_action() -> None:
    asked = {action.asks for action in ASKING}
    forms = {
        found
        for found in vars(inputs).values()
        if isinstance(found, type) and hasattr(found, "__dataclass_fields__") and any(f.metadata for f in fields(found))
    }
    assert forms == asked - {action.asks for action in ASKING if action.automatic}


def test_a_request_is_registered_by_keyboard_alone(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, sent = open_form(Registration)
    form.fields["channel"].setFocus()
    keys = keys_of(form, "channel")
    QTest.keyClicks(keys, "what")
    QTest.keyClick(keys, Qt.Key.Key_Tab)
    QTest.keyClicks(keys_of(form, "name"), "Siti Contoh")
    QTest.keyClicks(keys_of(form, "phone"), "0812 0000 0123")
    QTest.keyClick(keys_of(form, "phone"), Qt.Key.Key_Return)
    [(given, _)] = sent
    assert given == Registration(channel=Channel.WHATSAPP, name="Siti Contoh", phone="0812 0000 0123")
    assert given.customer_class is CustomerClass.PERSON


def test_nothing_is_sent_while_a_required_answer_is_missing(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, sent = open_form(Registration)
    form.submit()
    assert not sent
    assert form.fields["name"].under.text() == "Nama pengguna data belum diisi."
    assert form.fields["channel"].under.text() == "Kanal belum dipilih."
    assert form.message.text() == "2 isian perlu diperbaiki: Kanal, Nama pengguna data."
    assert form.fields["email"].note is Note.HINT, "an answer that may be missing is not complained about"


def test_enter_in_a_paragraph_is_a_new_line_and_control_enter_sends(
    open_form: Callable[..., tuple[FormDialog, Sent]],
) -> None:
    form, sent = open_form(Reason, case())
    edit = keys_of(form, "reason")
    QTest.keyClicks(edit, "Satu")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, "Dua")
    assert not sent
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [given for given, _ in sent] == [Reason(reason="Satu\nDua")]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("31/02/2026", "Tanggal 31 Februari 2026 tidak ada."),
        ("kemarin", "Tanggal “kemarin” tidak dapat dibaca."),
        ("", "Tanggal bayar belum diisi."),
    ],
)
def test_a_wrong_date_is_said_under_its_field(
    open_form: Callable[..., tuple[FormDialog, Sent]], typed: str, problem: str
) -> None:
    form, sent = open_form(ProofInput, case())
    cast("QLineEdit", keys_of(form, "paid_on")).setText(typed)
    form.submit()
    assert not sent
    assert form.fields["paid_on"].under.text().startswith(problem)
    assert form.fields["paid_on"].note is Note.PROBLEM


def test_a_date_moves_by_days_with_the_arrow_keys(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, _ = open_form(ProofInput, case())
    field = form.fields["paid_on"]
    assert field.answer() == TODAY
    QTest.keyClick(keys_of(form, "paid_on"), Qt.Key.Key_Down)
    assert field.answer() == date(2026, 11, 20)
    assert field.under.text() == "Jum 20 Nov 2026"


def test_an_amount_is_repeated_in_words_and_letters_are_refused(
    open_form: Callable[..., tuple[FormDialog, Sent]],
) -> None:
    form, _ = open_form(ProofInput, case())
    field = form.fields["amount"]
    edit = cast("QLineEdit", keys_of(form, "amount"))
    edit.setText("1234567")
    assert field.under.text() == (
        "Rp1.234.567 · satu juta dua ratus tiga puluh empat ribu lima ratus enam puluh tujuh rupiah"
    )
    edit.setText("tujuh puluh ribu")
    assert not field.judge()
    assert "tidak dapat dibaca" in field.under.text()


def test_an_odd_identifier_warns_and_does_not_stop(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, sent = open_form(Registration, channel=Channel.DESK, name="Siti Contoh")
    form.fields["id_number"].set_value("1234")
    form.fields["email"].set_value("siti@gmial.com")
    for name in ("id_number", "email"):
        form.fields[name].judge()
        assert form.fields[name].note is Note.WARNING
    form.submit()
    assert sent


def test_the_form_of_a_proof_knows_invoice_day_and_payer(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, sent = open_form(ProofInput, case())
    form.submit()
    assert sent[0][0] == ProofInput(amount=24_077_601, paid_on=TODAY, payer="Siti Contoh")


def test_the_treasurers_form_starts_from_the_proof(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, _ = open_form(PaymentInput, case())
    assert form.fields["amount"].answer() == 24_000_000
    assert form.fields["received_on"].answer() == date(2026, 11, 18)


def test_a_changed_request_keeps_its_version_lines_and_abstract(
    open_form: Callable[..., tuple[FormDialog, Sent]],
) -> None:
    form, sent = open_form(RequestChange, case(), position="Dosen", id_number="9901014508900001")
    form.submit()
    given = sent[0][0]
    assert given.version == 3
    assert given.abstract == case().abstract
    assert given.lines == (
        LineInput("Susenas Maret 2025 KOR", "microdata", 1_202_590_843, "Sumsel", "susenas-2025-03-kor"),
        LineInput("Peta desa Kota Contoh", "map_kabkota_desa", 2),
    )
    assert (given.position, given.id_number) == ("Dosen", "9901014508900001")


def test_a_line_is_priced_while_it_is_typed(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, sent = open_form(Registration, channel=Channel.DESK, name="Siti Contoh")
    field = cast("Any", form.fields["lines"])
    row = field.rows[0]
    row.title.setText("Susenas Maret 2025 KOR")
    row.tariff.setCurrentText("Data mikro tanpa pengolahan")
    row._choose_tariff("microdata")
    row.quantity.setText("1.203.880.050")
    assert field.total.text() == "Perkiraan biaya: Rp24.077.601 menurut tarif hari ini"
    assert len(field.rows) == 2, "an empty row waits for the next item"
    row.quantity.setText("1,12 GiB")
    assert "1,12 GiB (1.202.590.843 byte)" in row.price.text()
    form.submit()
    assert sent[0][0].lines == (
        LineInput("Susenas Maret 2025 KOR", "microdata", 1_202_590_843, "", "susenas-2025-03-kor"),
    )


def test_an_incomplete_line_is_refused_with_its_number(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, sent = open_form(Registration, channel=Channel.DESK, name="Siti Contoh")
    cast("Any", form.fields["lines"]).rows[0].title.setText("Podes")
    form.submit()
    assert not sent
    assert form.fields["lines"].under.text() == "Tarif baris 1 belum dipilih."


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("1,12 GiB", 1_202_590_843),
        ("1.12GiB", 1_202_590_843),
        ("1,2 GB", 1_200_000_000),
        ("350 KB", 350_000),
        ("1.203.880.050", 1_203_880_050),
        ("1.203.880.050 byte", 1_203_880_050),
        ("84000000", 84_000_000),
        ("2 mib", 2_097_152),
    ],
)
def test_sizes_are_typed_the_way_people_say_them(typed: str, size: int) -> None:
    assert parse_bytes(typed) == size


@pytest.mark.parametrize("typed", ["", "besar", "12 kilo", "1,5", "0", "-3 MB", "1,2,3 MB", "99999999999 TB"])
def test_a_size_that_is_none_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        parse_bytes(typed)


def test_a_size_shows_its_exact_bytes() -> None:
    assert bytes_text(1_202_590_843) == "1,12 GiB (1.202.590.843 byte)"
    assert bytes_text(999) == "999 byte"


def test_the_fit_of_every_line_needs_an_answer_and_a_reason(
    open_form: Callable[..., tuple[FormDialog, Sent]],
) -> None:
    form, sent = open_form(FitDecisions, case())
    field = cast("Any", form.fields["decisions"])
    field.lines[0].buttons[Fit.FITS].setChecked(True)
    field.lines[0].reason.setPlainText("Mengukur perubahan pengeluaran pangan.")
    form.submit()
    assert not sent
    assert field.under.text().startswith("Baris 2 belum diputuskan.")
    field.lines[1].buttons[Fit.ASK].setChecked(True)
    form.submit()
    assert field.under.text().startswith("Alasan baris 2 belum ada.")
    field.lines[1].reason.setPlainText("Untuk apa petanya?")
    form.submit()
    assert sent[0][0].decisions == (
        FitInput(LINE_1, Fit.FITS, "Mengukur perubahan pengeluaran pangan."),
        FitInput(LINE_2, Fit.ASK, "Untuk apa petanya?"),
    )


def test_a_sentence_of_the_abstract_is_taken_over_as_the_reason(
    open_form: Callable[..., tuple[FormDialog, Sent]],
) -> None:
    form, _ = open_form(FitDecisions, case())
    field = cast("Any", form.fields["decisions"])
    field.lines[1].buttons[Fit.FITS].setChecked(True)
    cursor = field.abstract.textCursor()
    cursor.setPosition(field.abstract.toPlainText().index("bahan tesis"))
    field.abstract.setTextCursor(cursor)
    [key] = field.findChildren(QShortcut)
    assert key.key() == QKeySequence("Ctrl+I")
    key.activated.emit()
    assert field.lines[1].reason.text() == "Hasilnya menjadi bahan tesis."


@pytest.mark.parametrize(
    ("at", "sentence"), [(0, "Satu dua."), (10, "Tiga 1.5 empat!"), (27, "Lima"), (34, "Baris lain.")]
)
def test_the_sentence_at_the_cursor_never_leaves_its_line(at: int, sentence: str) -> None:
    assert sentence_at("Satu dua. Tiga 1.5 empat! Lima\nBaris lain.", at) == sentence


def test_the_five_ticks_of_an_original(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, sent = open_form(OriginalCheck, case())
    assert form.fields["copy"].answer() == 2, "the copy on the table is chosen"
    form.fields["signed_on"].set_value(date(2026, 11, 12))
    for tick in cast("Any", form.fields["ticks"]).boxes.values():
        QTest.keyClick(tick, Qt.Key.Key_Space)
    form.submit()
    given = sent[0][0]
    assert given.ticks == frozenset(Tick)
    assert (given.copy, given.stamp_value) == (2, 10_000)


def test_a_program_is_not_taken_as_a_file(
    qtbot: QtBot, tmp_path: Path, open_form: Callable[..., tuple[FormDialog, Sent]]
) -> None:
    program = tmp_path / "bukti.pdf.exe"
    program.write_bytes(b"MZ" + b"\0" * 100)
    form, sent = open_form(ScanInput, case())
    field = cast("Any", form.fields["scan"])
    field.take_paths([program])
    qtbot.waitUntil(lambda: field.note is Note.PROBLEM)
    assert "tidak boleh dibuka" in field.under.text()
    form.submit()
    assert not sent


def test_a_file_is_known_by_its_content_and_its_wrong_ending_is_told(
    qtbot: QtBot, open_form: Callable[..., tuple[FormDialog, Sent]]
) -> None:
    form, sent = open_form(ScanInput, case())
    field = cast("Any", form.fields["scan"])
    field.take_paths([SAMPLES / "hostile" / "docx_renamed.pdf"])
    qtbot.waitUntil(lambda: field.note is Note.WARNING)
    form.submit()
    scan = sent[0][0].scan
    assert scan.name == "docx_renamed.pdf"
    assert "wordprocessingml" in scan.content_type


def test_a_pasted_picture_becomes_a_file(qtbot: QtBot, open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    from PySide6.QtGui import QGuiApplication, QImage

    picture = QImage(20, 10, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(picture)
    form, sent = open_form(ProofInput, case())
    field = cast("Any", form.fields["proof"])
    field.box.paste()
    qtbot.waitUntil(lambda: not field.is_empty() and field.problem() is None)
    form.submit()
    assert sent[0][0].proof.content_type == "image/png"


def test_prepared_files_are_read_once_with_size_and_hash(
    qtbot: QtBot, tmp_path: Path, open_form: Callable[..., tuple[FormDialog, Sent]]
) -> None:
    import hashlib

    data = b"a;b\n1;2\n" * 100_000
    path = tmp_path / "susenas kor.csv"
    path.write_bytes(data)
    form, sent = open_form(PreparedFiles, case())
    field = cast("Any", form.fields["files"])
    field.take_paths([path, path])
    assert len(field.rows) == 1
    qtbot.waitUntil(lambda: bool(field.rows[0].sha256))
    field.rows[0].rows.setText("100.000")
    field.rows[0].variables.setText("2")
    field.rows[0].line.setCurrentIndex(2)
    form.submit()
    [made] = sent[0][0].files
    assert (made.name, made.size, made.sha256) == (path.name, len(data), hashlib.sha256(data).hexdigest())
    assert (made.rows, made.variables, made.line_id) == (100_000, 2, LINE_2)


def test_a_prepared_file_that_cannot_be_read_is_said(
    qtbot: QtBot, tmp_path: Path, open_form: Callable[..., tuple[FormDialog, Sent]]
) -> None:
    form, sent = open_form(PreparedFiles, case())
    field = cast("Any", form.fields["files"])
    field.take_paths([tmp_path / "tidak ada.csv"])
    qtbot.waitUntil(lambda: bool(field.rows[0].trouble))
    form.submit()
    assert not sent
    assert "tidak dapat dibaca" in field.under.text()


def test_a_correction_shows_the_receipt_and_may_concern_the_whole_request(
    open_form: Callable[..., tuple[FormDialog, Sent]],
) -> None:
    form, _ = open_form(CorrectionRequest, case())
    assert form.fields["receipt_number"].answer() == "1600/KW/0007"
    assert form.fields["line_id"].answer() is None


def test_a_message_takes_several_files(qtbot: QtBot, open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    given = (IncomingFile("KTP.jpg", "image/jpeg", b"\xff\xd8\xff", protected=True),)
    form, sent = open_form(MessageNote, case(), text="Terlampir", files=given)
    field = cast("Any", form.fields["files"])
    field.take_paths([SAMPLES / "scans" / "tumpukan_11_halaman.pdf"])
    qtbot.waitUntil(lambda: field.problem() is None and len(field.read()) == 2)
    form.submit()
    assert [file.name for file in sent[0][0].files] == ["KTP.jpg", "tumpukan_11_halaman.pdf"]
    assert sent[0][0].kind is MessageKind.INCOMING


def test_the_abstract_meter_names_what_is_missing_and_writes_the_request(
    open_form: Callable[..., tuple[FormDialog, Sent]],
) -> None:
    form, _ = open_form(Registration)
    field = cast("Any", form.fields["abstract"])
    field.set_value(Abstract(title="Judul", background="Latar", purpose="Tujuan"))
    assert field.meter.value() == 3
    assert field.told.text() == "3 dari 5 bagian ada · belum ada: metode, rancangan hasil"
    assert field.request() == (
        "Mohon lengkapi abstraksi dengan metode dan rancangan hasil agar permintaan data dapat kami proses."
    )


def test_a_refusal_stays_in_the_form_with_everything_typed(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    form, sent = open_form(Reason, case(), reason="Salah alamat")
    key = form.request_id
    form.submit()
    form.submit()
    assert len(sent) == 1, "a second Enter does not send twice"
    form.refused(Refused("Permohonan ini sudah ditutup."))
    assert form.isVisible()
    assert form.message.text() == "Permohonan ini sudah ditutup."
    form.submit()
    assert [given.reason for given, _ in sent] == ["Salah alamat"] * 2
    assert form.request_id == key


def test_what_could_not_be_read_for_the_form_is_said_in_it(qtbot: QtBot) -> None:
    form = FormDialog(None, cast("Action", Asking("try_it", "Coba", Reason)), case(), lambda _given, _form: None)
    qtbot.addWidget(form)
    form.cannot_ask(Unavailable("Server tidak dapat dijangkau."))
    assert form.message.text() == "Server tidak dapat dijangkau."
    form.submit()
    assert not form.send.isEnabled()


def test_a_repeated_wheel_over_a_choice_changes_nothing(open_form: Callable[..., tuple[FormDialog, Sent]]) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    form, _ = open_form(Registration, channel=Channel.EMAIL)
    form.fields["name"].setFocus()
    combo = keys_of(form, "channel")
    turn = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, turn)
    assert form.fields["channel"].answer() is Channel.EMAIL
