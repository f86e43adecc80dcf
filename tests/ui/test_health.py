"""The administrator's page about the database, and the card of a person, on the real database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import text

from desk.rules.case import Money
from desk.ui.health import HealthPage
from desk.ui.people_forms import ChangePersonForm
from tests.ui.test_audit import own_computer, sit_down  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow
    from tests.office import Office

pytestmark = pytest.mark.usefixtures("themed")
PATIENCE = 20_000


def health_page(window: MainWindow) -> HealthPage:
    place = window.findChild(QPushButton, "place.health")
    assert place is not None
    place.click()
    return next(page for page in window.places.values() if isinstance(page, HealthPage))


def test_an_administrator_sees_late_backups_and_examines_the_database(
    office: Office,
    sit_down: Callable[[str], MainWindow],  # noqa: F811
    qtbot: QtBot,
) -> None:
    office.case_at(money=Money.RECEIPTED)
    page = health_page(sit_down("tono"))
    qtbot.waitUntil(lambda: "Belum pernah ada cadangan" in page.backup.text(), timeout=PATIENCE)
    assert page.backup.property("tone") == "late"
    page.start.click()
    qtbot.waitUntil(page.result.isVisible, timeout=PATIENCE)
    assert page.result.text() == "Basis data sehat: tidak ada temuan."
    with office.owner() as owner:
        owner.execute(text("UPDATE desk.counter SET last = last + 5 WHERE kind = 'receipt'"))
        owner.execute(
            text(
                "INSERT INTO desk.backup_entry (kind, made_at, file, content_hash, size) "
                "VALUES ('backup', clock_timestamp() - interval '3 hours', 'a', 'b', 1)"
            )
        )
    page.read()
    qtbot.waitUntil(lambda: "3 jam lalu" in page.backup.text(), timeout=PATIENCE)
    assert page.backup.property("tone") == "done"
    page.start.click()
    qtbot.waitUntil(lambda: page.list.isVisible(), timeout=PATIENCE)
    (row,) = page.list.table.rows
    assert row.office == "1600"
    assert "Samakan pencacah" in row.finding.sentence


@pytest.mark.parametrize("name", ["rina", "hendra", "wati"])
def test_the_place_is_there_for_administrators_only(
    sit_down: Callable[[str], MainWindow],  # noqa: F811
    name: str,
) -> None:
    assert sit_down(name).findChild(QPushButton, "place.health") is None


def test_name_nip_and_position_are_put_right_in_the_window(
    office: Office,
    sit_down: Callable[[str], MainWindow],  # noqa: F811
    qtbot: QtBot,
) -> None:
    window = sit_down("tono")
    place = window.findChild(QPushButton, "place.people")
    assert place is not None
    place.click()
    page = window.people
    assert page is not None
    rina = office.as_("rina").login
    qtbot.waitUntil(lambda: bool(page.list.table.rows) and page.list.select_key(rina), timeout=PATIENCE)
    button = window.findChild(QPushButton, "people.change")
    assert button is not None
    button.click()
    form: Any = window.findChild(ChangePersonForm)
    assert form.fields["name"].read() == "Rina Umpama"
    form.fields["nip"].set_value("123")
    form.submit()
    qtbot.waitUntil(lambda: "18 angka" in form.message.text(), timeout=PATIENCE)
    form.fields["nip"].set_value("19960214 201903 2 998")
    form.fields["position"].set_value("Statistisi Ahli Muda")
    form.submit()
    qtbot.waitUntil(
        lambda: (
            office.rows("SELECT position FROM desk.person WHERE login = :l", l=rina)
            == [{"position": "Statistisi Ahli Muda"}]
        ),
        timeout=PATIENCE,
    )
