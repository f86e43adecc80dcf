"""What the commands with windows say where no window can be opened."""

from __future__ import annotations

import os
import sys

import pytest
from sqlalchemy import make_url

from desk import settings
from desk.commands import screen
from desk.commands.windows import door_of
from desk.errors import Unavailable
from tests.commands.desk_command import Command


def test_without_a_screen_the_desk_says_so(desk: Command) -> None:
    result = desk()
    assert result.code == 3
    assert "tidak punya layar" in result.said


def test_without_a_database_the_desk_says_where_its_address_goes(desk: Command) -> None:
    result = desk(QT_QPA_PLATFORM="offscreen")
    assert result.code == 3
    assert "settings.toml" in result.said
    assert "DESK_DATABASE_URL" in result.said


def test_an_unknown_person_of_the_training_office_is_refused_with_the_names_there_are(desk: Command) -> None:
    result = desk("demo", "--person", "Nyi Roro", QT_QPA_PLATFORM="offscreen")
    assert result.code == 1
    assert "Rina Umpama" in result.said


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_any_way_to_a_screen_counts(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.name", "posix")
    assert not screen.is_there()
    monkeypatch.setenv(variable, "x")
    assert screen.is_there()


@pytest.mark.parametrize("chosen", [None, ""])
def test_a_platform_that_is_set_but_empty_is_no_choice(chosen: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    screen.draw_nowhere()
    assert os.environ["QT_QPA_PLATFORM"] == "xcb", "what the user chose stays"
    if chosen is None:
        monkeypatch.delenv("QT_QPA_PLATFORM")
    else:
        monkeypatch.setenv("QT_QPA_PLATFORM", chosen)
    screen.draw_nowhere()
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_a_missing_system_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    with pytest.raises(Unavailable, match="apt install"):
        screen.need_qt()


def test_the_password_of_the_address_is_remembered_for_its_own_login_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "remembered_password", lambda url: f"keyring of {url.username}")
    door = door_of(make_url("postgresql://rina:rahasia@server/meja_pst"))
    assert door.remembered is not None
    assert door.remembered("rina") == "rahasia"
    assert door.remembered("budi") == "keyring of budi"
    assert (door.login, door.training, door.people) == ("rina", False, ())
    assert "rahasia" not in door.server


def test_a_folder_that_cannot_be_made_is_refused_before_the_tour_begins(desk: Command) -> None:
    (desk.home / "berkas").write_text("bukan folder")
    result = desk("tour", "--out", desk.home / "berkas" / "tur", QT_QPA_PLATFORM="offscreen")
    assert result.code == 3
    assert "berkas" in result.said


def test_an_unknown_group_of_figures_is_answered_with_those_there_are(desk: Command) -> None:
    result = desk("bench", "--only", "kopi")
    assert result.code == 2
    assert "lists" in result.out
