"""Earlier decisions about the same survey stand beside the line that is judged now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from desk.rules.inputs import LineInput
from tests.inputs import registration
from tests.office import JAMBI, PALEMBANG, Office
from tests.ui.test_forms_database import Clerk, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.workstation import Workstation

__all__ = ["sit_down"]
MARCH = LineInput(
    "Survei Sosial Ekonomi Nasional 2018 Maret (KOR)", "microdata", 1000, catalogue_code="susenas-2018-03-kor"
)
YEAR_AFTER = replace(
    MARCH, title="Survei Sosial Ekonomi Nasional 2019 Maret (KOR)", catalogue_code="susenas-2019-03-kor"
)


@pytest.fixture
def rina(qtbot: QtBot, office: Office, sit_down: Callable[[str], Workstation]) -> Clerk:
    return Clerk(qtbot, sit_down("rina"), office)


def test_what_was_decided_about_the_same_survey_is_seen_and_other_offices_are_not(office: Office, rina: Clerk) -> None:
    earlier = office.as_("rina").register(PALEMBANG, registration(lines=(MARCH,)))
    office.as_("rina").do("decide_fit", earlier)
    elsewhere = office.as_("doni").register(JAMBI, registration(lines=(MARCH,)))
    office.as_("doni").do("decide_fit", elsewhere)
    undecided = office.as_("rina").register(PALEMBANG, registration(lines=(MARCH,)))
    now = office.as_("rina").register(PALEMBANG, registration(lines=(YEAR_AFTER,)))
    form = rina.open("decide_fit", now)
    told = [label.text() for label in form.findChildren(QLabel) if "Keputusan terdahulu" in label.accessibleName()]
    facts = office.facts(earlier)
    assert told == [f"✓ sesuai · {facts.number} · 23 Nov 2026 · {facts.lines[0].fit_reason}"]
    assert office.facts(undecided).number not in told[0]
