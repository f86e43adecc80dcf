"""Sending the data through the form: four lights, the files compared, the locked package and what is kept of it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel
from pyzipper import AESZipFile
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from desk.postman import send_waiting
from desk.rules.case import Data, Money, Original
from desk.rules.inputs import PreparedFileInput, PreparedFiles
from desk.ui.forms.package_field import GateCard, PackageField
from desk.ui.forms.sending import TEXT_NAME, SendingPanel
from tests.mail.post_office import Letterbox, mail_server, set_up
from tests.office import Office, Ref
from tests.ui.test_forms_database import Clerk, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.forms import FormDialog
    from desk.ui.workstation import Workstation

__all__ = ["sit_down"]


@pytest.fixture
def rina(qtbot: QtBot, office: Office, sit_down: Callable[[str], Workstation]) -> Clerk:
    return Clerk(qtbot, sit_down("rina"), office)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "susenas 2025.csv"
    path.write_bytes(b"wilayah;nilai\r\n1671;12\r\n" * 400)
    return path


def ready_to_send(office: Office, file: Path, *, original: Original = Original.FILED) -> Ref:
    """A case whose data, made from this file, passed the check of the second officer."""
    case = office.case_at(money=Money.RECEIPTED, original=original, data=Data.PREPARING)
    data = file.read_bytes()
    made = PreparedFileInput(file.name, str(file), len(data), hashlib.sha256(data).hexdigest(), 400, 2)
    office.as_("rina").do("finish_preparation", case, PreparedFiles(files=(made,)))
    office.as_("fajar").do("check_data", case)
    facts = office.facts(case)
    if not facts.payment.receipt_scanned:
        office.as_("budi").do("attach_receipt_scan", case)
    if not facts.address_confirmed:
        office.as_("rina").do("confirm_address", case)
    return case


def package_of(form: FormDialog) -> PackageField:
    field = form.fields["package"]
    assert isinstance(field, PackageField)
    return field


def test_the_data_leave_in_a_locked_package_and_the_record_keeps_what_went_where(
    qtbot: QtBot, office: Office, rina: Clerk, table: Path, tmp_path: Path
) -> None:
    case = ready_to_send(office, table)
    form = rina.open("deliver", case)
    field = package_of(form)
    qtbot.waitUntil(field.make.isEnabled)
    assert "sama seperti saat diperiksa" in field.about.text()
    out = tmp_path / "kirim"
    out.mkdir()
    with qtbot.waitSignal(field.packed):
        field.pack_into(out)
    field.copy.click()
    password = QGuiApplication.clipboard().text()
    [package] = out.iterdir()
    with AESZipFile(package) as opened:
        opened.setpassword(password.encode())
        assert opened.read(table.name) == table.read_bytes()
        assert len(opened.namelist()) == 4, "data, list, words, scanned kuitansi"
    done = rina.send(form)
    assert done.sentence.endswith("Paket terkunci; kata sandi lewat telepon.")
    [row] = office.rows("SELECT package, password_by FROM desk.delivery WHERE case_id = :case", case=case.id)
    assert row["password_by"] == "phone"
    [part] = row["package"]
    assert (part["name"], part["sha256"]) == (package.name, hashlib.sha256(package.read_bytes()).hexdigest())
    assert password not in json.dumps(office.rows("SELECT to_jsonb(d) AS row FROM desk.delivery d"), default=str)


def test_the_package_leaves_by_the_offices_mail_from_the_form_and_the_folder_is_ready_to_be_handed_over(
    qtbot: QtBot, office: Office, rina: Clerk, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(box := Letterbox()) as port:
        set_up(office, port)
        case = ready_to_send(office, table)
        form = rina.open("deliver", case)
        field, panel = package_of(form), form.findChild(SendingPanel)
        assert panel is not None
        assert panel.by_program is not None
        assert panel.by_program.isChecked()
        qtbot.waitUntil(field.make.isEnabled)
        form.submit()
        qtbot.waitUntil(lambda: "Buat paketnya dahulu" in form.message.text())
        form.say("")
        with qtbot.waitSignal(field.packed, timeout=20_000):
            field.pack_into(tmp_path)
        field.copy_message.click()
        assert office.facts(case).number in QGuiApplication.clipboard().text()
        field.copy.click()
        password = QGuiApplication.clipboard().text()
        handed = tmp_path / "serah"
        handed.mkdir()
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(handed))
        panel.save_files()
        qtbot.waitUntil(lambda: (handed / TEXT_NAME).exists())
        assert {path.suffix for path in handed.iterdir()} == {".zip", ".txt", ".pdf"}
        assert password not in (handed / TEXT_NAME).read_text("utf-8-sig")
        done = rina.send(form)
        assert "masuk surel keluar" in done.sentence
        assert office.facts(case).data is Data.SENDING
        sender = office.as_("rina")
        assert send_waiting(sender.engine, sender.actor, case.office_id, lambda _account: None).sent == 1
    assert office.facts(case).data is Data.DELIVERED
    names = {str(part.get_filename()) for part in box.mails[0].iter_attachments()}
    assert {part.name for part in field.parts} < names


def test_a_file_that_changed_after_the_check_does_not_leave(
    qtbot: QtBot, office: Office, rina: Clerk, table: Path
) -> None:
    case = ready_to_send(office, table)
    table.write_bytes(table.read_bytes().replace(b"12", b"13"))
    form = rina.open("deliver", case)
    field = package_of(form)
    qtbot.waitUntil(lambda: field.problem() is not None and "berubah" in (field.problem() or ""))
    assert not field.make.isEnabled()
    form.submit()
    assert "perlu diperbaiki: Paket data" in form.message.text()
    assert office.facts(case).data is Data.CHECKED


def test_the_four_lights_say_what_is_there_and_what_a_supervisor_allowed(
    qtbot: QtBot, office: Office, rina: Clerk, table: Path
) -> None:
    case = ready_to_send(office, table, original=Original.AWAITED)
    office.as_("hendra").do("override_gate", case)
    form = rina.open("deliver", case)
    card = form.findChild(GateCard)
    assert card is not None
    said = [label.text() for label in card.findChildren(QLabel)]
    assert [said[at] for at in (0, 3, 6, 9)] == ["✓", "✗", "✓", "✓"]
    assert said[4:6] == ["Naskah asli", "menunggu naskah asli"]
    assert said[-1].startswith("Penyelia mengizinkan")
    qtbot.waitUntil(package_of(form).make.isEnabled)


def test_the_database_keeps_the_password_away_from_the_package(office: Office, table: Path) -> None:
    case = ready_to_send(office, table)
    stated = (
        "INSERT INTO desk.delivery (office_id, id, case_id, preparation_id, sequence, version, delivered_on, channel, "
        "address, manifest, package, password_by) SELECT p.office_id, gen_random_uuid(), p.case_id, p.id, 1, 1, "
        "current_date, 'email', 'x', '[]', CAST(:package AS jsonb), :way FROM desk.preparation p "
        "WHERE p.case_id = :case"
    )
    for package, way in (('[{"name": "data.zip"}]', "email"), ("[]", "phone"), ('[{"name": "data.zip"}]', None)):
        with pytest.raises(IntegrityError, match=r"delivery_.*check"), office.as_("rina").session() as session:
            session.execute(text(stated), {"case": case.id, "package": package, "way": way})
