"""Nol rupiah page by page: one key answers, what does not qualify is told at once, the last page is the summary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desk.actions import ACTIONS
from desk.rules.inputs import PurposeClass, RecipientClass, ReliefRequest
from desk.rules.rule_book import relief_in_force, rules_from_toml
from desk.ui.background import Background
from desk.ui.forms.relief_wizard import ReliefWizard
from tests import inputs
from tests.ui.form_desk import TODAY, around, case, no_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

Key = Qt.Key


@pytest.fixture
def background(themed: QApplication) -> Iterator[Background]:
    lanes = Background(no_database, lambda _owner, trouble: pytest.fail(str(trouble)))
    yield lanes
    lanes.close()


@pytest.fixture
def desk(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def wizard(desk: QWidget, tmp_path: Path, background: Background) -> ReliefWizard:
    from desk import resources

    rules = rules_from_toml(resources.resource("rule_book", "national.toml").read_text("utf-8"))
    made = ReliefWizard(desk, ACTIONS["request_relief"], case(), lambda sent, _form: got.append(sent))
    made.show()
    made.ask(replace(around(tmp_path, background), relief=relief_in_force(rules, TODAY, 1)), subject="1/x")
    got.clear()
    return made


got: list[Any] = []


def shown(wizard: ReliefWizard) -> set[str]:
    return {name for name, field in wizard.fields.items() if field.isVisibleTo(wizard)}


def test_one_key_a_page_leads_to_the_summary_with_its_basis(wizard: ReliefWizard) -> None:
    assert shown(wizard) == {"recipient"}
    assert wizard.step.text() == "Langkah 1 dari 4 · Siapa penerimanya?"
    QTest.keyClick(wizard, Key.Key_3)
    assert shown(wizard) == {"purpose"}
    QTest.keyClick(wizard, Key.Key_2)
    assert shown(wizard) == {"letter", "letter_number", "letter_date"}
    QTest.keyClick(wizard, Key.Key_Return)
    assert shown(wizard) == {"letter", "letter_number", "letter_date"}, "the letter is not there yet"
    assert "belum" in wizard.fields["letter"].under.text()
    wizard.fill({"letter_number": "12/UCM/2026", "letter_date": date(2026, 11, 20), "letter": inputs.pdf("surat.pdf")})
    QTest.keyClick(wizard, Key.Key_Return)
    assert shown(wizard) == {"percent"}
    told = wizard.summary.text()
    for words in ("institusi pendidikan dalam negeri", "12/UCM/2026", "surat.pdf", "PP 13/2024 pasal 4"):
        assert words in told
    QTest.keyClick(wizard, Key.Key_Return)
    [asked] = got
    assert isinstance(asked, ReliefRequest)
    assert (asked.recipient, asked.purpose, asked.percent) == (RecipientClass.EDUCATION, PurposeClass.EDUCATION, 100)


def test_who_does_not_qualify_is_told_at_once_and_offered_the_ordinary_tariff(
    qtbot: QtBot, wizard: ReliefWizard
) -> None:
    QTest.keyClick(wizard, Key.Key_6)
    assert shown(wizard) == {"recipient"}, "the wizard stays"
    assert "tidak berhak atas nol rupiah (PP 13/2024 pasal 4)" in wizard.fields["recipient"].under.text()
    assert wizard.paid.isVisibleTo(wizard)
    QTest.keyClick(wizard, Key.Key_1)
    assert not wizard.paid.isVisibleTo(wizard)
    assert shown(wizard) == {"purpose"}
    QTest.keyClick(wizard, Key.Key_4)
    assert "Tujuan “komersial” tidak berhak" in wizard.fields["purpose"].under.text()
    with qtbot.waitSignal(wizard.finished, timeout=20_000):
        QTest.mouseClick(wizard.paid, Qt.MouseButton.LeftButton)
    assert not got


def test_going_back_loses_nothing_and_sending_early_goes_to_what_is_missing(qtbot: QtBot, wizard: ReliefWizard) -> None:
    QTest.keyClick(wizard, Key.Key_3)
    QTest.keyClick(wizard, Key.Key_2)
    wizard.fill({"letter_number": "12/UCM/2026"})
    QTest.keyClick(wizard, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shown(wizard) == {"purpose"}
    wizard.submit()
    assert wizard.page == 2, "the page with what is missing"
    assert "perlu diperbaiki" in wizard.message.text()
    assert wizard.fields["letter_number"].answer() == "12/UCM/2026"
    assert not got
