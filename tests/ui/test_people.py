"""The administrator's window, the own password, and what the login says about the line, on the real database."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import NullPool, create_engine, make_url, text

from desk import installation
from desk.adapters import roles
from desk.adapters.line import look_at
from desk.commands.windows import door_of
from desk.errors import Unavailable
from desk.rules.people import Duty
from desk.services import people
from desk.ui import message
from desk.ui.background import Background
from desk.ui.entering import enter
from desk.ui.login import Door, LoginWindow
from desk.ui.main_window import MainWindow
from desk.ui.password import ChangePassword, PasswordOnce
from desk.ui.people_forms import DutiesForm, NewPersonForm, StandInForm
from desk.ui.workstation import Workstation
from tests.office import PALEMBANG, Office
from tests.people.servers import FalseServer, address, make_certificates, office_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication, QWidget
    from pytestqt.qtbot import QtBot

    from desk.ui.people import PeoplePage


pytestmark = pytest.mark.usefixtures("themed")


@pytest.fixture
def sit_down(themed: QApplication, office: Office, qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Lets somebody sit down at a workstation, by short name or with a login of his or her own."""
    stations: list[Workstation] = []

    def open_for(name: str, password: str | None = None) -> MainWindow:
        login, word = (name, password) if password else (office.as_(name).login, office.as_(name).password)
        entered = enter(make_url(office.database_url(login, word)))
        station = Workstation(entered.link, entered.actor, entered.offices, now=entered.now, clock=entered.clock)
        stations.append(station)
        window = MainWindow(station)
        qtbot.addWidget(window)
        window.show()
        with qtbot.waitSignal(station.live.changed):
            station.start()
        return window

    yield open_for
    for station in stations:
        station.close()


@pytest.fixture
def logins(office: Office) -> Iterator[list[str]]:
    """Logins made in this test, taken away after it: roles belong to the server."""
    made: list[str] = []
    yield made
    with office.owner() as owner:
        for login in made:
            owner.execute(text(f"DROP ROLE IF EXISTS {roles.quoted(owner, login)}"))


def people_of(qtbot: QtBot, window: MainWindow) -> PeoplePage:
    place = window.findChild(QPushButton, "place.people")
    assert place is not None
    place.click()
    page = window.people
    assert page is not None
    qtbot.waitUntil(lambda: bool(page.list.table.rows))
    return page


def choose(qtbot: QtBot, page: PeoplePage, login: str) -> None:
    qtbot.waitUntil(lambda: page.list.select_key(login))


def press(window: QWidget, name: str) -> None:
    found = window.findChild(QPushButton, name)
    assert found is not None, name
    assert found.isEnabled(), name
    found.click()


def opened(qtbot: QtBot, window: MainWindow, kind: type[QWidget]) -> Any:
    found: list[QWidget] = []

    def there() -> bool:
        found[:] = [each for each in window.findChildren(kind) if each.isVisible()]
        return bool(found)

    qtbot.waitUntil(there)
    return found[0]


def said(window: MainWindow) -> str:
    label = window.findChild(QLabel, "said")
    assert label is not None
    return label.text()


def add_nina(qtbot: QtBot, window: MainWindow, logins: list[str]) -> tuple[str, str]:
    """Login and temporary password of Nina, added by clicks."""
    login = f"nina.{secrets.token_hex(3)}"
    logins.append(login)
    page = people_of(qtbot, window)
    page.add.click()
    form: NewPersonForm = opened(qtbot, window, NewPersonForm)
    office: Any = form.fields["office"]
    office.set_value(PALEMBANG)
    name: Any = form.fields["name"]
    QTest.keyClicks(name.edit, "Nina Contoh, S.Si.")
    name.edit.editingFinished.emit()
    assert form.fields["login"].read() == "nina.contoh"
    form.fields["login"].set_value(login)
    form.fields["duties"].set_value({Duty.OFFICER})
    form.submit()
    once: PasswordOnce = opened(qtbot, window, PasswordOnce)
    password = once.password
    once.accept()
    qtbot.waitUntil(lambda: page.list.select_key(login))
    return login, password


def test_an_administrator_adds_a_person_who_takes_an_own_password(
    office: Office, sit_down: Callable[..., MainWindow], qtbot: QtBot, logins: list[str]
) -> None:
    window = sit_down("tono")
    login, temporary = add_nina(qtbot, window, logins)
    assert said(window) == "✓ Nina Contoh, S.Si. ditambahkan."
    hers = sit_down(login, temporary)
    assert hers._workstation.actor.duties == {PALEMBANG: frozenset({Duty.OFFICER})}
    hers.password.remind()
    dialog: ChangePassword = opened(qtbot, hers, ChangePassword)
    QTest.keyClicks(dialog.old, "salah")
    QTest.keyClicks(dialog.new, "empat-kuda-hijau")
    QTest.keyClicks(dialog.again, "empat-kuda-hijau")
    trouble = dialog.findChild(QLabel, "trouble")
    assert trouble is not None
    dialog.send.click()
    qtbot.waitUntil(lambda: "lama tidak cocok" in trouble.text())
    dialog.old.setText(temporary)
    with qtbot.waitSignal(dialog.accepted):
        dialog.send.click()
    with office.owner() as owner:  # a cut line is made again, with the new password
        owner.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :login"), {"login": login}
        )
    rows: list[object] = []

    def read() -> None:
        hers._workstation.read(hers, people.password_until, rows.append, lambda _away: read())

    read()
    qtbot.waitUntil(lambda: bool(rows))
    assert rows == [None]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(office.database_url(login, temporary))


def test_no_password_reaches_the_servers_log(
    office: Office, sit_down: Callable[..., MainWindow], qtbot: QtBot, logins: list[str]
) -> None:
    with office.owner() as owner:
        name = owner.execute(text("SELECT current_database()")).scalar_one()
        owner.execute(text(f"ALTER DATABASE {name} SET log_statement = 'all'"))
        log_file = owner.execute(text("SHOW data_directory")).scalar_one()
    window = sit_down("tono")
    login, temporary = add_nina(qtbot, window, logins)
    hers = sit_down(login, temporary)
    change = hers._workstation.link.change_password
    assert change is not None
    change(temporary, "tujuh-kursi-biru")
    log = Path(log_file).parent / "server.log"
    if not log.is_file():
        pytest.skip("the log of a shared server is out of reach")
    written = log.read_text("utf-8", errors="replace")
    assert login in written
    assert "desk.change_password" in written
    assert temporary not in written
    assert "tujuh-kursi-biru" not in written


def test_duties_are_changed_by_ticks(
    office: Office, sit_down: Callable[..., MainWindow], qtbot: QtBot, logins: list[str]
) -> None:
    window = sit_down("tono")
    login, _ = add_nina(qtbot, window, logins)
    press(window, "people.duties")
    form: DutiesForm = opened(qtbot, window, DutiesForm)
    form.fields["office"].set_value(PALEMBANG)
    ticks: Any = form.fields["duties"]
    assert ticks.read() == {Duty.OFFICER}
    form.submit()
    assert form.message.text() == "Tidak ada tugas yang berubah. Centang atau lepas satu tugas."
    ticks.set_value({Duty.TREASURER})
    form.submit()
    qtbot.waitUntil(lambda: said(window) == "✓ Tugas Nina Contoh, S.Si. diubah.")
    held = office.rows("SELECT duty FROM desk.duty WHERE login = :login AND ends_on IS NULL", login=login)
    assert held == [{"duty": "treasurer"}]


def test_the_treasurers_stand_in_waits_for_the_supervisor(
    office: Office, sit_down: Callable[..., MainWindow], qtbot: QtBot, logins: list[str]
) -> None:
    window = sit_down("tono")
    login, _ = add_nina(qtbot, window, logins)
    page = people_of(qtbot, window)
    choose(qtbot, page, office.as_("budi").login)
    press(window, "people.stand_in")
    form: StandInForm = opened(qtbot, window, StandInForm)
    form.fields["login"].set_value(login)
    form.fields["ends_on"].restore("30/11/2026")
    form.submit()
    qtbot.waitUntil(lambda: "Bekerja setelah penyelia menyetujui" in said(window))
    assert window.findChild(QPushButton, "people.agree") is None
    supervisor = sit_down("hendra")
    hers = people_of(qtbot, supervisor)
    assert not hers.add.isVisible()
    choose(qtbot, hers, login)
    press(supervisor, "people.agree")
    qtbot.waitUntil(lambda: said(supervisor) == "✓ Nina Contoh, S.Si. sebagai pengganti bendahara disetujui.")
    duty = office.rows("SELECT stands_in_for FROM desk.duty WHERE login = :login AND duty = 'treasurer'", login=login)
    assert duty == [{"stands_in_for": office.as_("budi").login}]


def test_who_leaves_loses_the_window_at_the_next_read(
    office: Office,
    sit_down: Callable[..., MainWindow],
    qtbot: QtBot,
    logins: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = sit_down("tono")
    login, temporary = add_nina(qtbot, window, logins)
    hers = sit_down(login, temporary)
    monkeypatch.setattr(message, "confirm", lambda *_: True)
    press(window, "people.let_go")
    qtbot.waitUntil(lambda: said(window) == "✓ Nina Contoh, S.Si. berhenti; aksesnya sudah berakhir.")
    qtbot.waitUntil(lambda: hers._workstation.live.lost_at is not None)
    with pytest.raises(Unavailable, match="Akun Anda sudah ditutup"):
        enter(make_url(office.database_url(login, temporary)))
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "people.take_back") is not None)
    press(window, "people.take_back")
    once: PasswordOnce = opened(qtbot, window, PasswordOnce)
    assert once.password != temporary
    once.accept()


def test_nobody_changes_the_own_duties_in_the_window(
    office: Office, sit_down: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = sit_down("tono")
    page = people_of(qtbot, window)
    choose(qtbot, page, office.as_("tono").login)
    for name in ("people.duties", "people.password", "people.let_go"):
        button = window.findChild(QPushButton, name)
        assert button is not None
        assert not button.isEnabled()


@pytest.mark.parametrize(("name", "there"), [("rina", False), ("budi", False), ("wati", False), ("tono", True)])
def test_the_place_is_there_for_those_who_decide_about_people(
    sit_down: Callable[..., MainWindow], name: str, there: bool
) -> None:
    assert (sit_down(name).findChild(QPushButton, "place.people") is not None) is there


# the login window


@pytest.fixture
def background(themed: QApplication) -> Iterator[Background]:
    made = Background(lambda: pytest.fail("nobody reads before coming in"), lambda _owner, _trouble: None)
    yield made
    made.close()


def test_the_login_says_that_a_false_server_is_refused_and_gives_it_nothing(
    background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    certificates = make_certificates(tmp_path / "kantor")
    with FalseServer(certificates).running() as false:
        url = address(false.port, certificates.authority)
        door = Door(
            enter=lambda login, password: enter(url.set(username=login, password=password)),
            server="db.kantor.test / meja",
            login="rina",
            line=lambda _login: look_at(url),
        )
        window = LoginWindow(door, background)
        qtbot.addWidget(window)
        window.show()
        line = window.findChild(QLabel, "line")
        assert line is not None
        qtbot.waitUntil(lambda: line.text().startswith("Ditolak. "))
        QTest.keyClicks(window.password, "kalimat-sandi-rina")
        QTest.keyClick(window.password, Qt.Key.Key_Return)
        trouble = window.findChild(QLabel, "trouble")
        assert trouble is not None
        qtbot.waitUntil(trouble.isVisible)
        assert trouble.text() == (
            "Server ini tidak meminta masuk seperti server kantor; mungkin palsu. Hubungi administrator. "
            "Kata sandi tidak dikirim."
        )
    assert bytes(false.received) == b""


@pytest.mark.component("postgresql-15")
def test_the_login_says_that_the_offices_server_has_proved_its_name_and_opens_the_desk(
    background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    """The office's own authority, PostgreSQL 15 with TLS 1.3, and the program's own way in."""
    certificates = make_certificates(tmp_path / "kantor")
    with office_server(certificates) as server:
        engine = create_engine(server.url(), poolclass=NullPool)
        installation.prepare(engine)
        with engine.begin() as connection:
            office = installation.add_office(connection, installation.shipped_offices()[0])
            person = installation.NewPerson("rina", "Rina Contoh", "", "", {office: [Duty.OFFICER]}, "kalimat-rina")
            installation.add_person(connection, person)
        window = LoginWindow(door_of(address(server.url().port or 0, certificates.authority)), background)
        qtbot.addWidget(window)
        window.show()
        line = window.findChild(QLabel, "line")
        assert line is not None
        qtbot.waitUntil(lambda: line.text().startswith("✓ "))
        assert line.text() == "✓ Sambungan terenkripsi, dan sertifikat server cocok dengan namanya."
        window.password.setText("kalimat-rina")
        with qtbot.waitSignal(window.entered, timeout=10_000) as entered:
            QTest.keyClick(window.password, Qt.Key.Key_Return)
        inside = entered.args[0]
        with inside.link.reading() as session:
            seen = session.execute(text("SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).one()
        inside.link.close()
    assert (inside.actor.name, seen.version) == ("Rina Contoh", "TLSv1.3")
