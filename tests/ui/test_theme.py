from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFontDatabase, QPalette

from desk.ui import theme
from desk.ui.theme import DARK, LIGHT, READABLE, Choice, Tokens, contrast, stylesheet

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

UI = Path(__file__).resolve().parents[2] / "desk" / "ui"


@pytest.mark.parametrize(("ink", "ground"), READABLE)
@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_its_background(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


def test_contrast_is_the_ratio_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_no_other_screen_names_a_colour() -> None:
    named = [
        f"{path.name}: {match}"
        for path in UI.rglob("*.py")
        if path.name != "theme.py"
        for match in re.findall(r"[\"'](#[0-9A-Fa-f]{6})[\"']", path.read_text("utf-8"))
    ]
    assert named == []


def test_the_stylesheet_follows_the_chosen_look(themed: QApplication) -> None:
    theme.theme.choose(Choice.DARK)
    assert themed.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.background
    assert DARK.panel in themed.styleSheet()
    theme.theme.choose(Choice.LIGHT)
    assert themed.styleSheet() == stylesheet(LIGHT)


def test_the_font_comes_with_the_program(themed: QApplication) -> None:
    assert "Inter" in QFontDatabase.families()
    assert themed.font().family() == "Inter"
