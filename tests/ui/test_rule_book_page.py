"""A value of the rule book is proposed by one person and holds from its day once a second one agreed, never earlier."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

import psycopg
import pytest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import text

from desk import resources
from desk.rules.case import Data, Money, Original
from desk.rules.rule_book import RULE_NAMES, rules_from_toml
from desk.rules.rule_values import ELSEWHERE, changed, parts_of, read, typed, words
from desk.ui import message
from desk.ui.desk_list import RULE_BOOK
from desk.ui.row_button import RowButton
from desk.ui.rule_book_page import RuleBookPage, RuleForm
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

LONG = 20_000
TOMORROW = date(2026, 11, 24)
SHIPPED = rules_from_toml(resources.resource("rule_book", "national.toml").read_text("utf-8"))
PROPOSE = (
    "INSERT INTO desk.rule_proposal (office_id, id, key, valid_from, value, basis) "
    "VALUES (%s, gen_random_uuid(), %s, %s, %s, 'Keputusan') RETURNING id"
)
DECIDE = (
    "INSERT INTO desk.rule_decision (office_id, id, proposal_id, proposed_by, accepted) "
    "VALUES (%s, gen_random_uuid(), %s, '', %s)"
)


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: f"{rule.key}-{rule.valid_from.year}")
def test_every_shipped_value_is_said_in_words_and_typed_back_as_it_was(rule: Any) -> None:
    assert words(rule.key, rule.value)
    if rule.key not in ELSEWHERE:
        assert parts_of(rule.key)
        assert read(rule.key, typed(rule.key, rule.value), rule.value) == rule.value
    assert {rule.key for rule in SHIPPED} == set(RULE_NAMES)


def test_what_changes_is_said_part_by_part() -> None:
    assert changed("correction_days", 5, 7) == "5 → 7"
    assert changed("sample_with_invoice", False, True) == "tidak → ya"
    old, new = {"rows": 20, "bytes": 1_000}, {"rows": 5, "bytes": 1_000}
    assert changed("sample_limits", old, new) == "Baris paling banyak: 20 → 5"
    tasks = {"full": [{"code": "opened", "label": "Berkas dibuka kembali"}]}
    asked = {"full": "berkas  dibuka kembali\nSandi dicatat\nSandi dicatat", "map": None}
    made = read("preparation_tasks", {"variables": None, "publication": None, **asked}, tasks)
    assert [task["code"] for task in made["full"]] == ["opened", "sandi_dicatat", "sandi_dicatat_2"]


def page_of(window: MainWindow, qtbot: QtBot) -> RuleBookPage:
    place = window.findChild(QPushButton, "place.rules")
    assert place is not None
    place.click()
    page = cast("RuleBookPage", window.places[RULE_BOOK])
    qtbot.waitUntil(lambda: len(page.list.table.rows) > 20, timeout=LONG)
    return page


def press(page: RuleBookPage, name: str) -> None:
    buttons = [each for each in page.panel.findChildren(RowButton) if each.objectName() == name]
    assert buttons, name
    buttons[-1].click()


def waiting(page: RuleBookPage, key: str) -> bool:
    return any(row.waiting is not None for row in page.list.table.rows if row.key == key)


def test_a_value_goes_from_one_person_to_a_second_one_and_holds_from_its_day(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "confirm", lambda *_: True)
    today = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    later = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    page = page_of(sit_down("tono"), qtbot)
    at = next(place for place in range(page.offices.count()) if "Sumatera" in page.offices.itemText(place))
    page.offices.setCurrentIndex(at)
    page.offices.activated.emit(at)
    qtbot.waitUntil(lambda: {row.office_id for row in page.list.table.rows} == {PALEMBANG}, timeout=LONG)
    assert page.list.select_key(f"{PALEMBANG}/correction_days")
    press(page, "rules.propose")
    form = page.window().findChildren(RuleForm)[0]
    fields = cast("Any", form.fields)
    fields["basis"].set_value("Keputusan Kepala No. 9")
    fields["part."].set_value(9_999)
    form.submit()
    qtbot.waitUntil(lambda: "di luar batas" in form.message.text(), timeout=LONG)
    fields["part."].set_value(2)
    fields["since"].set_value(TOMORROW)
    form.submit()
    qtbot.waitUntil(lambda: waiting(page, "correction_days"), timeout=LONG)
    assert page.list.table.rows[0].key == "correction_days", "what waits stands on top"
    assert not [each for each in page.panel.findChildren(RowButton) if each.objectName() == "rules.accept"]

    second = page_of(sit_down("hendra"), qtbot)
    assert second.list.select_key(f"{PALEMBANG}/correction_days")
    press(second, "rules.accept")
    qtbot.waitUntil(lambda: not waiting(second, "correction_days"), timeout=LONG)
    [line] = [row for row in second.list.table.rows if row.key == "correction_days"]
    assert (line.now.words, line.coming is not None) == ("5", True)
    assert line.history[0].who == "diusulkan Tono Rekaan, disetujui Hendra Umpama"

    rina = office.as_("rina")
    rina.do("open_correction", today)
    office.set_clock(datetime(2026, 11, 24, 2, 0, tzinfo=UTC))
    rina.do("open_correction", later)
    assert office.facts(today).files.correction_due == date(2026, 11, 30), "five working days, asked for on Monday"
    assert office.facts(later).files.correction_due == date(2026, 11, 26), "two, asked for on Tuesday"


def proposed(person: Person, key: str, value: str, *, since: date = TOMORROW, office_id: int = PALEMBANG) -> Any:
    with person.psql() as connection:
        row = connection.execute(PROPOSE, (office_id, key, since, value)).fetchone()
        assert row is not None
        connection.commit()
    return row["id"]


def refused(person: Person, statement: str, *values: Any) -> str:
    with person.psql() as connection, pytest.raises(psycopg.Error) as told:
        connection.execute(statement, values)
    return str(told.value)


def test_nobody_changes_a_value_alone_or_in_the_past(office: Office) -> None:
    tono, hendra, rina = office.as_("tono"), office.as_("hendra"), office.as_("rina")
    alone = "INSERT INTO desk.rule (office_id, key, valid_from, value, basis) VALUES (%s, %s, %s, '7', 'x')"
    assert "orang kedua" in refused(tono, alone, PALEMBANG, "correction_days", TOMORROW)
    with tono.psql() as connection:
        connection.execute("SET ROLE desk_administrator")
        with pytest.raises(psycopg.Error, match="permission denied"):
            connection.execute(alone, (PALEMBANG, "correction_days", TOMORROW))
    for person in (hendra, rina):
        assert "permission denied" in refused(person, PROPOSE, PALEMBANG, "correction_days", TOMORROW, "7")
    assert "row-level security" in refused(tono, PROPOSE, 0, "correction_days", TOMORROW, "7")
    assert "sudah lewat" in refused(tono, PROPOSE, PALEMBANG, "correction_days", date(2026, 11, 22), "7")
    for key, value in (("correction_days", '"lima"'), ("tariff", "{}"), ("requirements", "[]"), ("apa_saja", "1")):
        assert "tidak diubah di sini" in refused(tono, PROPOSE, PALEMBANG, key, TOMORROW, value)

    proposal = proposed(tono, "correction_days", "7")
    assert "masih ada usulan yang menunggu" in refused(tono, PROPOSE, PALEMBANG, "correction_days", TOMORROW, "8")
    assert "second_person" in refused(tono, DECIDE, PALEMBANG, proposal, True)
    assert "permission denied" in refused(rina, DECIDE, PALEMBANG, proposal, True)
    assert office.rows("SELECT FROM desk.rule WHERE office_id = :o AND key = 'correction_days'", o=PALEMBANG) == []
    for change in ("UPDATE desk.rule_proposal SET value = '9'", "DELETE FROM desk.rule_proposal"):
        assert "permission denied" in refused(tono, change)
    with office.as_("doni").psql() as connection:
        assert connection.execute("SELECT FROM desk.rule_proposal").fetchall() == [], "another office"

    with hendra.psql() as connection:
        connection.execute(DECIDE, (PALEMBANG, proposal, True))
        connection.commit()
    [row] = office.rows(
        "SELECT value, basis, by FROM desk.rule WHERE office_id = :o AND key = 'correction_days'", o=PALEMBANG
    )
    assert row == {"value": 7, "basis": "Keputusan", "by": hendra.login}
    assert "sudah diputus" in refused(hendra, DECIDE, PALEMBANG, proposal, True)
    assert "Sudah ada nilai" in refused(tono, PROPOSE, PALEMBANG, "correction_days", TOMORROW, "8")


def test_a_proposal_whose_day_has_passed_is_made_again_and_may_be_taken_back(office: Office) -> None:
    tono, lina = office.as_("tono"), office.as_("lina")
    proposal = proposed(tono, "survey_link", '"https://contoh.example.org"', office_id=JAMBI)
    office.set_clock(datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    assert "sudah lewat" in refused(lina, DECIDE, JAMBI, proposal, True)
    with tono.psql() as connection:
        connection.execute(DECIDE, (JAMBI, proposal, False))
        connection.commit()
    proposed(tono, "survey_link", '"https://contoh.example.org"', office_id=JAMBI, since=date(2026, 11, 26))


def test_the_audit_knows_who_proposed_and_who_agreed(office: Office) -> None:
    office.set_clock(MORNING)
    proposal = proposed(office.as_("tono"), "sppd_copies", "2")
    with office.as_("hendra").psql() as connection:
        connection.execute(DECIDE, (PALEMBANG, proposal, True))
        connection.commit()
    with office.owner() as connection:
        logged = connection.execute(
            text("SELECT table_name FROM audit.log WHERE table_name LIKE 'rule%' ORDER BY 1")
        ).scalars()
        assert set(logged) >= {"rule", "rule_decision", "rule_proposal"}
