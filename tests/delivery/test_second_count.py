"""The second officer counts for himself: what differs from the maker's words or from the order is named."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from desk.rules.case import Data
from desk.rules.inputs import CheckTick, DataCheck, FileCheck
from desk.rules.preparation import MadeFile, differences, ordered_variables, why_not_pass
from desk.ui.forms.counted_field import CountedField
from tests import inputs
from tests.actions.cases import START, case_at
from tests.office import Office, Ref
from tests.ui.test_forms_database import Clerk, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.workstation import Workstation

__all__ = ["sit_down"]
CASE = case_at(START)
[LINE] = CASE.lines
_OTHER = UUID(int=7)
KOR = MadeFile(1, "kor.csv", "D:\\data\\kor.csv", 100, "0" * 64, 2_410, 48, LINE.id)


def check(*files: FileCheck, ticks: frozenset[CheckTick] = frozenset(CheckTick)) -> DataCheck:
    return DataCheck(files=files, ticks=ticks)


def test_each_difference_is_named_with_both_numbers() -> None:
    assert differences(CASE, [KOR], check(FileCheck(1, 2_410, 48))) == ()
    assert differences(CASE, [KOR], check(FileCheck(1, 2_412, 47))) == (
        "kor.csv: 2.410 baris menurut penyiap, 2.412 menurut pemeriksa",
        "kor.csv: 48 peubah menurut penyiap, 47 menurut pemeriksa",
    )
    assert differences(CASE, [KOR], check()) == (
        "kor.csv: jumlah baris belum dihitung pemeriksa",
        "kor.csv: jumlah peubah belum dihitung pemeriksa",
    )
    untold = replace(KOR, rows=None, variables=None)
    assert differences(CASE, [untold], check(FileCheck(1))) == (), "a map may have neither"


def test_an_ordered_line_without_a_file_and_a_missing_variable_are_named() -> None:
    second = replace(LINE, id=_OTHER, position=2, title="Peta desa")
    chosen = replace(CASE, lines=(replace(LINE, detail="R101, R102; B5R1"), second))
    found = differences(chosen, [KOR], check(FileCheck(1, 2_410, 48, ("r101", "B5R1", "NILAI"))))
    assert found == (
        "baris 1 (Sakernas 2025): peubah R102 tidak ada dalam berkasnya",
        "baris 2 (Peta desa): belum ada berkasnya",
    )


def test_words_are_not_taken_for_variables() -> None:
    assert ordered_variables("R101, R102\nB5R1") == ("R101", "R102", "B5R1")
    for words in ("Semua variabel", "semua", "", "Provinsi Jambi, tahun 2025", "Bangko; Kota Jambi"):
        assert ordered_variables(words) == ()


def test_a_check_without_all_three_ticks_does_not_pass() -> None:
    ticks = frozenset({CheckTick.RECORDS})
    reason = why_not_pass(CASE, [KOR], check(FileCheck(1, 2_410, 48), ticks=ticks))
    assert reason == "Belum dibandingkan dengan pesanan: peubah sesuai pesanan, wilayah dan tahun sesuai pesanan."


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "susenas 2025.csv"
    path.write_text("wilayah;nilai\n" + "1671;12\n" * 400, "utf-8", newline="")
    return path


def prepared(office: Office, file: Path, rows: int) -> Ref:
    case = office.case_at(data=Data.PREPARING)
    data = file.read_bytes()
    made = inputs.prepared_file(
        file.name, path=str(file), size=len(data), sha256=hashlib.sha256(data).hexdigest(), rows=rows, variables=2
    )
    office.as_("rina").do("finish_preparation", case, inputs.prepared_of(office.facts(case), made))
    return case


def test_the_form_counts_the_file_names_the_difference_and_keeps_what_was_counted(
    qtbot: QtBot, office: Office, sit_down: Callable[[str], Workstation], table: Path
) -> None:
    fajar = Clerk(qtbot, sit_down("fajar"), office)
    wrong, right = prepared(office, table, 410), prepared(office, table, 400)
    form = fajar.open("check_data", wrong)
    field = form.fields["files"]
    assert isinstance(field, CountedField)
    qtbot.waitUntil(field.all_read, timeout=20_000)
    form.fill({"ticks": frozenset(CheckTick)})
    form.submit()
    qtbot.waitUntil(lambda: "410 baris menurut penyiap, 400 menurut pemeriksa" in form.message.text(), timeout=20_000)
    assert "Kembalikan data" in form.message.text()
    assert office.facts(wrong).data is Data.PREPARED
    form.close()

    form = fajar.open("check_data", right)
    field = form.fields["files"]
    assert isinstance(field, CountedField)
    qtbot.waitUntil(field.all_read, timeout=20_000)
    assert "wilayah, nilai" in field.rows[0].about.text()
    form.fill({"ticks": frozenset(CheckTick)})
    fajar.send(form)
    [kept] = office.rows("SELECT compared FROM desk.preparation_check WHERE case_id = :c", c=right.id)
    assert kept["compared"] == {
        "files": [{"name": table.name, "rows": 400, "variables": 2}],
        "ticks": ["area", "records", "variables"],
    }


def test_a_file_that_changed_since_it_was_prepared_is_seen_at_the_check(
    qtbot: QtBot, office: Office, sit_down: Callable[[str], Workstation], table: Path
) -> None:
    case = prepared(office, table, 400)
    table.write_text("wilayah;nilai\n" + "1671;13\n" * 400, "utf-8", newline="")
    form = Clerk(qtbot, sit_down("fajar"), office).open("check_data", case)
    field = form.fields["files"]
    assert isinstance(field, CountedField)
    qtbot.waitUntil(field.all_read, timeout=20_000)
    form.fill({"ticks": frozenset(CheckTick)})
    form.submit()
    assert "sudah berubah sejak disiapkan" in field.under.text()
