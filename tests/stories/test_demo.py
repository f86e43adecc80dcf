"""The training office as somebody opens it: made ready behind a small window, joined by a second one, ended quietly."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import text

from desk.adapters import roles
from desk.demo import scripts
from desk.demo.office import DATABASE, PRINTER, staff
from desk.demo.opening import Opening, login_of
from desk.errors import Refused, Unavailable
from desk.ui import message
from desk.ui.printing import pdf_printers
from desk.ui.row_button import RowButton

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot
    from sqlalchemy import URL

    from desk.ui.app import Desk
    from desk.ui.main_window import MainWindow
    from tests.conftest import Cluster

FEW: Final = (9, 0, 31)
"""Lives of the sample cases that are played here: clear, just come in, and in the other office money confirmed."""


@pytest.fixture(scope="module")
def server(cluster: Cluster) -> Iterator[URL]:
    """A server for the training; its database and its people are taken away afterwards."""
    yield cluster.url
    with cluster._engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))
        for entry in staff():
            connection.execute(text(f"DROP ROLE IF EXISTS {roles.quoted(connection, 'latihan_' + entry['login'])}"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The training folder with a space in its name."""
    return tmp_path_factory.mktemp("Meja PST") / "latihan"


@pytest.fixture(autouse=True)
def few_cases(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> None:
    monkeypatch.setattr(scripts, "LIVES", [scripts.LIVES[at] for at in FEW])
    monkeypatch.setattr(qapp, "quit", lambda: None)
    qapp.setQuitOnLastWindowClosed(False)


def opened(qtbot: QtBot, folder: Path, server: URL, person: str | None = None, *, fresh: bool = False) -> Opening:
    """An opening whose login is there."""
    made = Opening(folder, server, person=None if person is None else login_of(person), fresh=fresh)
    with qtbot.waitSignal(made.opened, timeout=120_000):
        made.start()
    assert made.desk is not None
    return made


def window_of(qtbot: QtBot, desk: Desk | None) -> MainWindow:
    """The window that opens behind the login, its list read."""
    assert desk is not None
    qtbot.waitUntil(lambda: desk.window is not None, timeout=20_000)
    window = desk.window
    assert window is not None
    qtbot.waitUntil(lambda: bool(window.queue.list.table.rows), timeout=20_000)
    return window


def button(window: MainWindow, name: str) -> RowButton:
    found = window.findChild(RowButton, name)
    assert found is not None, name
    return found


def shows(window: MainWindow, case_id: UUID) -> bool:
    return window.case.facts is not None and window.case.facts.id == case_id


def end(made: Opening) -> None:
    """What the program does when its window is closed."""
    if made.desk is not None and made.desk.window is not None:
        made.desk.window.close()
        made.desk.window.deleteLater()
    elif made.desk is not None:
        made.desk.login.close()
    made.close()


def test_the_first_start_fills_the_office_and_shows_who_one_can_be(
    qtbot: QtBot, folder: Path, server: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    made = Opening(folder, server)
    monkeypatch.setattr(made._preparing, "show_told", told.append)
    with qtbot.waitSignal(made.opened, timeout=120_000):
        made.start()
    assert made.desk is not None
    login = made.desk.login
    assert told[0] == "Menyalakan server latihan …"
    assert told[-1] == f"Kantor latihan siap dengan {len(FEW)} contoh permohonan."
    assert login.windowTitle() == "Meja PST · LATIHAN"
    cards = {card.objectName(): card.accessibleName() for card in login.findChildren(QPushButton)}
    assert cards["person.latihan_lina_misal_contoh"] == (
        "Lina Misal Contoh, S.Tr.Stat., Petugas, penyelia, BPS Kota Jambi"
    )
    assert len(cards) == len(staff())
    assert not (folder / "belum-lengkap").exists()
    end(made)


def test_two_workstations_see_each_others_deeds(
    qtbot: QtBot, folder: Path, server: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = opened(qtbot, folder, server, "rina"), opened(qtbot, folder, server, "fajar")
    rina, fajar = window_of(qtbot, first.desk), window_of(qtbot, second.desk)
    assert rina.windowTitle().endswith("LATIHAN")
    row = next(row for row in rina.queue.list.table.rows if row.stage.value == "clear")
    for window in (rina, fajar):
        window.case.open_case(row.office_id, row.id)
        qtbot.waitUntil(partial(shows, window, row.id))
    monkeypatch.setattr(message, "confirm", lambda *_words: True)
    button(rina, "action.issue_invoice").click()
    qtbot.waitUntil(lambda: fajar.case.facts is not None and fajar.case.facts.stage.value == "active", timeout=10_000)
    said = rina.findChild(QLabel, "said")
    assert said is not None
    assert said.text().startswith("✓ Invoice INV-")
    end(first)
    qtbot.waitUntil(lambda: fajar.case.facts is not None and fajar.case.facts.invoice is not None)
    end(second)


def test_an_office_that_was_left_half_filled_is_made_anew(
    qtbot: QtBot, folder: Path, server: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "belum-lengkap").touch()
    told: list[str] = []
    made = Opening(folder, server)
    monkeypatch.setattr(made._preparing, "show_told", told.append)
    with qtbot.waitSignal(made.opened, timeout=120_000):
        made.start()
    assert told[-1] == f"Kantor latihan siap dengan {len(FEW)} contoh permohonan."
    assert not (folder / "belum-lengkap").exists()
    end(made)


def test_who_closes_the_small_window_gives_up(qtbot: QtBot, tmp_path: Path, server: URL) -> None:
    made = Opening(tmp_path, server, fresh=True)
    with qtbot.waitSignal(made.finished, timeout=60_000):
        made.start()
        made._preparing.show()
        made._preparing.close()
    assert made.desk is None
    assert made.trouble is None
    end(made)


def test_a_server_that_is_not_there_is_said_in_a_sentence(qtbot: QtBot, tmp_path: Path, server: URL) -> None:
    made = Opening(tmp_path, server.set(port=1))
    with qtbot.waitSignal(made.finished, timeout=60_000):
        made.start()
    assert isinstance(made.trouble, Unavailable)
    assert "DESK_DATABASE_URL" in str(made.trouble)
    end(made)


@pytest.mark.parametrize(("named", "login"), [("rina", "latihan_rina_umpama"), ("Budi Contoh", "latihan_budi_contoh")])
def test_a_person_is_found_by_login_or_name(named: str, login: str) -> None:
    assert login_of(named) == login


@pytest.mark.parametrize("named", ["", "siapa", "contoh"])
def test_an_unknown_or_doubtful_person_is_answered_with_the_names(named: str) -> None:
    with pytest.raises(Refused, match="rina_umpama"):
        login_of(named)


def test_the_program_ends_with_the_desk_and_not_with_the_login(qtbot: QtBot, folder: Path, server: URL) -> None:
    made = opened(qtbot, folder, server)
    assert made.desk is not None
    made.on_last_window_closed()
    with qtbot.assertNotEmitted(made.finished, wait=0):
        made.on_last_window_closed()
    made.desk.login.close()
    with qtbot.waitSignal(made.finished):
        made.on_last_window_closed()
    end(made)
    assert PRINTER in pdf_printers, "who trains without a printer prints into files"
