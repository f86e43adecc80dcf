"""A reminder with its key, and a case handed over to a colleague: through the forms on the real database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from desk.rules.case import Data
from desk.ui.case_pages import summary_html
from desk.ui.forms.plain_fields import PickField
from desk.ui.theme import LIGHT
from tests.office import MORNING, Office
from tests.ui.test_forms_database import Clerk, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.workstation import Workstation

__all__ = ["sit_down"]


@pytest.fixture
def clerk(qtbot: QtBot, office: Office, sit_down: Callable[[str], Workstation]) -> Clerk:
    return Clerk(qtbot, sit_down("rina"), office)


def test_a_reminder_opens_with_its_ready_text_and_one_key_sends_it(clerk: Clerk, office: Office) -> None:
    case = office.case_at(data=Data.CHECKED)
    office.set_clock(MORNING + timedelta(days=7))
    steps = clerk.station.next_steps(office.facts(case))
    assert steps[0][0].id == "remind_customer"
    form = clerk.open("remind_customer", case)
    facts = office.facts(case)
    assert facts.invoice is not None
    written = str(form.fields["text"].answer())
    assert f"- bukti bayar invoice {facts.invoice.number}" in written
    assert "- naskah asli SPPD" in written
    assert clerk.send(form).sentence.startswith("Pengguna data diingatkan lewat surel")


def test_a_case_is_handed_to_an_officer_of_this_office_with_a_note(clerk: Clerk, office: Office) -> None:
    case = office.new_case()
    form = clerk.open("hand_over", case)
    choice = cast("PickField", form.fields["login"])
    offered = [choice.combo.itemText(at) for at in range(choice.combo.count())]
    assert offered == ["Fajar Rekaan · memegang 0 permohonan", "Maya Khayal · memegang 0 permohonan"]
    choice.combo.setCurrentIndex(0)
    form.submit()
    assert "Pesan serah terima" in form.message.text()
    form.say("")
    form.fields["note"].set_value("Pengguna menelepon lagi besok pagi.")
    assert clerk.send(form).sentence == "Diserahkan kepada Fajar Rekaan."
    holder = office.facts(case).holder
    assert holder is not None
    assert holder.login == office.as_("fajar").login


def test_the_case_names_each_of_its_clocks_with_its_day_and_reason(clerk: Clerk, office: Office) -> None:
    from desk.services.case_file import case_view

    case = office.case_at()
    with office.as_("rina").session() as session:
        view = case_view(session, case.office_id, case.id)
    page = summary_html(view.facts, view.customer, LIGHT)
    for words in ("Layanan", "10 hari kerja sejak permintaan clear", "Invoice", "belum dibayar", "Bukti bayar",
                  "pengingat ke-1 Sen 30 Nov 2026", "Naskah asli"):  # fmt: skip
        assert words in page, words
