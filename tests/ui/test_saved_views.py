"""Views of lists: filter, order and columns under a name, at the left and in Ctrl+K, in the database and one's own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QMenu

from desk.errors import Refused
from desk.rules.case import Channel, Money
from desk.rules.desks import Desk, Queue
from desk.rules.views import CaseFilter, DueIs, HeldBy, ViewSettings, read_settings
from desk.services.views import drop_view, keep_view, saved_views
from desk.ui.row_button import RowButton
from tests.inputs import registration
from tests.office import JAMBI, PALEMBANG, Office
from tests.ui.office import ROWS, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

LONG = 20_000
SETTINGS = ViewSettings(
    Desk.OFFICER,
    Queue.REVIEW,
    CaseFilter(words="contoh", due=DueIs.WEEK, channel=Channel.WHATSAPP, money=Money.NONE, holder=HeldBy.NOBODY),
    ("Pengguna data", True),
    ("Jatuh tempo", "Pengguna data", "Nomor"),
)


def test_a_view_is_read_as_it_was_kept_and_what_is_unknown_is_left_out() -> None:
    assert read_settings(SETTINGS.as_json()) == SETTINGS
    newer = SETTINGS.as_json() | {"channel": "hologram", "colour": "biru"}
    found = read_settings(newer)
    assert found is not None
    assert found.filter.channel is None
    assert found.filter.words == "contoh"
    assert read_settings({"desk": "officer", "queue": "confirm"}) is None, "a queue of another desk"
    assert read_settings({"desk": "moon"}) is None


def test_a_filter_asks_for_the_day_the_holder_and_every_word() -> None:
    def names(**wanted: object) -> list[str]:
        return [row.customer_name for row in ROWS if CaseFilter(**wanted).admits(row, TODAY, "rina")]  # type: ignore[arg-type]

    assert names(due=DueIs.LATE) == ["Hasan Fiktif"]
    assert names(due=DueIs.TODAY) == ["Siti Contoh"]
    assert names(due=DueIs.NONE) == ["Andi Rekaan"]
    assert names(due=DueIs.WEEK, channel=Channel.EMAIL) == ["Siti Contoh", "Ratna Fiktif", "Yayasan Umpama"]
    assert names(words="contoh cv") == ["CV Contoh Data"]
    assert names(holder=HeldBy.ME) == []
    assert names(holder=HeldBy.NOBODY) == [row.customer_name for row in ROWS]
    assert date(2026, 11, 20) == TODAY


def test_a_person_sees_the_own_views_and_the_shared_ones_and_changes_only_the_own(office: Office) -> None:
    rina, fajar, hendra = office.as_("rina"), office.as_("fajar"), office.as_("hendra")
    own, shared = uuid4(), uuid4()
    for _ in range(2):  # asked again it is kept once
        with rina.session() as session:
            keep_view(session, PALEMBANG, own, "  WA   bebas ", SETTINGS)
    with hendra.session() as session:
        keep_view(session, PALEMBANG, shared, "Minggu ini", SETTINGS, shared=True)

    def seen(name: str) -> dict[str, bool]:
        with office.as_(name).session() as session:
            return {view.name: view.own for view in saved_views(session, [PALEMBANG])}

    assert seen("rina") == {"WA bebas": True, "Minggu ini": False}
    assert seen("fajar") == {"Minggu ini": False}
    assert seen("doni") == {}, "another office"
    for person, view_id, name, words in (
        (fajar, own, "Direbut", "milik rekan"),
        (rina, shared, "Direbut", "milik rekan"),
        (rina, uuid4(), "wa BEBAS", "sudah punya tampilan dengan nama itu"),
        (rina, uuid4(), " ", "Nama tampilan masih kosong"),
    ):
        with pytest.raises(Refused, match=words), person.session() as session:
            keep_view(session, PALEMBANG, view_id, name, SETTINGS)
    with pytest.raises(Refused, match="Hanya penyelia"), rina.session() as session:
        keep_view(session, PALEMBANG, own, "WA bebas", SETTINGS, shared=True)
    with pytest.raises(Refused, match="bukan kantor Anda"), rina.session() as session:
        keep_view(session, JAMBI, uuid4(), "Jambi", SETTINGS)
    with fajar.session() as session:
        drop_view(session, PALEMBANG, own)
    assert seen("rina") == {"WA bebas": True, "Minggu ini": False}, "nobody drops what a colleague keeps"


def test_nobody_writes_into_the_table_of_views_without_its_functions(office: Office) -> None:
    with office.as_("hendra").session() as session:
        keep_view(session, PALEMBANG, uuid4(), "Minggu ini", SETTINGS, shared=True)
    for statement in (
        "UPDATE desk.saved_view SET login = session_user",
        "DELETE FROM desk.saved_view",
        "INSERT INTO desk.saved_view VALUES (1600, gen_random_uuid(), 'x', 'x', '{}')",
    ):
        with office.as_("rina").psql() as line, pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute(statement)


def test_a_list_is_filtered_kept_under_a_name_and_there_again_on_another_workstation(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at, channel in enumerate((Channel.EMAIL, Channel.WHATSAPP, Channel.WHATSAPP)):
        office.new_case(asked=registration(name=f"Pemohon {at}", channel=channel))
    window = sit_down("rina")
    queue = window.queue
    qtbot.waitUntil(lambda: len(queue.list.table.rows) == 3, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert queue.filter.words.isVisible()
    drop, options = queue.filter._drops["channel"]
    drop.setCurrentIndex(options.index(Channel.WHATSAPP))
    drop.activated.emit(drop.currentIndex())
    queue.list.sort_by(("Pengguna data", True))
    queue.filter.show_column("Nomor", on=True)
    queue.filter.show_column("Kanal", on=False)

    def names() -> list[str]:
        return [row.customer_name for row in window.queue.list.table.rows]

    assert names() == ["Pemohon 2", "Pemohon 1"]
    assert not queue.list.isColumnHidden(5)
    office.new_case(asked=registration(name="Pemohon 4"))
    window.queue.reload()
    qtbot.waitUntil(lambda: "dari 4" in window.queue._sub.text(), timeout=LONG)
    assert names() == ["Pemohon 2", "Pemohon 1"], "a new mail is no chat"
    queue.filter.keep.click()
    form = window.views.form
    assert form is not None
    assert not form.findChildren(QCheckBox)[0].isVisible(), "only a supervisor shares"
    form.fields["name"].set_value("WA dulu")
    form.submit()
    qtbot.waitUntil(lambda: len(window.views.views) == 1, timeout=LONG)

    other = sit_down("rina")
    other.views.read()
    qtbot.waitUntil(lambda: len(other.views.views) == 1, timeout=LONG)
    button = other.findChild(RowButton, f"view.{other.views.views[0].id}")
    assert button is not None
    assert button.text() == "WA dulu"
    other.search.begin("wa dulu")
    qtbot.waitUntil(lambda: any("tampilan WA dulu" in line.title for line in other.search._model.rows), timeout=LONG)
    other.search.leave()
    button.click()
    qtbot.waitUntil(
        lambda: [row.customer_name for row in other.queue.list.table.rows] == ["Pemohon 2", "Pemohon 1"], timeout=LONG
    )
    assert other.queue.list.columns_on_show() == window.queue.list.columns_on_show()

    menu = QMenu()
    other.views.offer(menu)
    assert [entry.text() for entry in menu.actions()][1:] == [
        "Perbarui “WA dulu”",
        "Ganti nama “WA dulu” …",
        "Hapus “WA dulu”",
    ]
    other.queue.filter.clear.click()
    assert len(other.queue.list.table.rows) == 4
    other.views.update_current()
    view_id: UUID = other.views.views[0].id
    qtbot.waitUntil(lambda: other.views.views[0].settings.filter.empty, timeout=LONG)
    assert other.views.views[0].id == view_id
    monkeypatch.setattr("desk.ui.message.confirm", lambda *_: True)
    other.views.drop_current()
    qtbot.waitUntil(lambda: not other.views.views, timeout=LONG)
    assert other.findChild(RowButton, f"view.{view_id}") is None
