"""Counting what a file holds, and offering again what was prepared before for the same data."""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from desk.adapters.data_counts import Counted, count
from desk.rules.case import Data
from desk.rules.preparation import tells_of_customer
from desk.services.preparation import earlier_files
from desk.ui.forms.prepared_field import PreparedField
from tests import inputs
from tests.office import JAMBI, Office, Ref
from tests.ui.test_forms_database import Clerk, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.forms import FormDialog
    from desk.ui.workstation import Workstation

__all__ = ["sit_down"]


def quiet(_at: int) -> None:
    return


def test_records_and_variables_are_counted_where_the_program_can_read_the_file(tmp_path: Path) -> None:
    table = tmp_path / "susenas.csv"
    table.write_text('\ufeffR101;R102;"R 103"\r\n1;"dua\r\nbaris";3\r\n4;5;6\r\n\r\n', "utf-8", newline="")
    assert count(table, quiet) == Counted(2, 3, ("R101", "R102", "R 103"))

    sheet = tmp_path / "tabel.XLSX"
    with xlsxwriter.Workbook(sheet) as book:
        page = book.add_worksheet()
        for at, row in enumerate((("prov", "nilai"), (16, 1.5), (17, 2.5))):
            page.write_row(at, 0, row)
    assert count(sheet, quiet) == Counted(2, 2, ("prov", "nilai"))

    dbf = tmp_path / "desa.dbf"
    fields = b"".join(name.ljust(11, b"\0") + b"C" + bytes(20) for name in (b"KDDESA", b"NMDESA"))
    dbf.write_bytes(struct.pack("<4sIHH20x", b"\x03\x7a\x0b\x15", 3_289, 32 + len(fields) + 1, 41) + fields + b"\r")
    assert count(dbf, quiet) == Counted(3_289, 2, ("KDDESA", "NMDESA"))

    maps = tmp_path / "peta.gpkg"
    with sqlite3.connect(maps) as base:
        base.executescript(
            "CREATE TABLE gpkg_contents (table_name, data_type); CREATE TABLE gpkg_geometry_columns (column_name);"
            "INSERT INTO gpkg_contents VALUES ('desa', 'features'); INSERT INTO gpkg_geometry_columns VALUES ('geom');"
            "CREATE TABLE desa (fid INTEGER PRIMARY KEY, geom BLOB, kddesa TEXT); "
            "INSERT INTO desa VALUES (1, x'', 'a');"
        )
    base.close()
    assert count(maps, quiet) == Counted(1, 1, ("kddesa",))


@pytest.mark.parametrize("name", ["data.sav", "rusak.xlsx", "rusak.dbf", "rusak.gpkg", "kosong.csv", "biner.csv"])
def test_what_cannot_be_read_is_left_to_whoever_made_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"" if name == "kosong.csv" else b"\x00\x01rusak\x00" * 3)
    assert count(path, quiet) is None


def made(office: Office, path: Path, officer: str = "rina") -> Ref:
    """A case whose first line was answered by this file; it passed the check."""
    case = office.case_at(data=Data.PREPARING)
    data = path.read_bytes()
    line, second = office.facts(case).accepted_lines()
    file = inputs.prepared_file(
        path.name, path=str(path), size=len(data), sha256=hashlib.sha256(data).hexdigest(), rows=2, variables=2,
        line_id=line.id,
    )  # fmt: skip
    map_file = inputs.prepared_file("peta contohwati.zip", line_id=second.id)
    office.as_(officer).do("finish_preparation", case, inputs.prepared_of(office.facts(case), file, map_file))
    office.as_("fajar").do("check_data", case)
    return case


def offered(office: Office, case: Ref, name: str = "rina") -> list[str]:
    with office.as_(name).session() as session:
        return [file.name for file in earlier_files(session, *case)]


def test_the_same_data_are_offered_again_and_nothing_tells_who_got_them(office: Office, tmp_path: Path) -> None:
    path, named = tmp_path / "sakernas 2025.csv", tmp_path / "untuk Contohwati.csv"
    for file in (path, named):
        file.write_text(f"{file.name};b\n1;2\n3;4\n", "utf-8")
        made(office, file)
    again = office.case_at(data=Data.PREPARING)
    assert offered(office, again) == ["sakernas 2025.csv"], "a name that tells of the other customer is not shown"
    with office.as_("rina").session() as session:
        [earlier] = earlier_files(session, *again)
    assert earlier.said == "28 byte, disiapkan Rina Umpama pada 23 November 2026"
    other = inputs.registration(lines=(inputs.LINES[1],))
    different = office.clear_case(asked=other)
    assert offered(office, different) == []
    assert offered(office, office.case_at(office_id=JAMBI, data=Data.PREPARING), "doni") == [], "another office"


def test_names_and_folders_that_give_a_customer_away() -> None:
    who = ("PST-1600-2026-000001", "Dr. Siti Contoh, S.E.", "Universitas Contoh Musi")
    assert tells_of_customer(r"D:\data\siti\kor.csv", "kor.csv", *who)
    assert tells_of_customer(r"D:\data\universitas_contoh_musi\kor.csv", "kor.csv", *who)
    assert tells_of_customer(r"D:\data\pst-1600-2026-000001\kor.csv", "kor.csv", *who)
    assert not tells_of_customer(r"D:\ekstrak\susenas 2025\kor.csv", "kor.csv", *who)


def test_the_form_takes_an_earlier_file_only_when_it_is_still_the_same(
    qtbot: QtBot, office: Office, sit_down: Callable[[str], Workstation], tmp_path: Path
) -> None:
    path = tmp_path / "sakernas 2025.csv"
    path.write_text("a;b\n1;2\n3;4\n", "utf-8")
    made(office, path)
    case = office.case_at(data=Data.PREPARING)
    rina = Clerk(qtbot, sit_down("rina"), office)

    def field_of(form: FormDialog) -> PreparedField:
        field = form.fields["files"]
        assert isinstance(field, PreparedField)
        return field

    def reused() -> FormDialog:
        form = rina.open("finish_preparation", case)
        with office.as_("rina").session() as session:
            [earlier] = earlier_files(session, *case)
        field_of(form).reuse(earlier)
        [row] = field_of(form).rows
        qtbot.waitUntil(lambda: bool(row.sha256 or row.trouble), timeout=20_000)
        return form

    form = reused()
    assert "sama seperti saat disiapkan dulu" in field_of(form).rows[0].about.text()
    rina.send(form)
    [kept] = office.rows(
        "SELECT f.rows, f.variables, f.line_id FROM desk.prepared_file f JOIN desk.preparation p "
        "ON p.office_id = f.office_id AND p.id = f.preparation_id WHERE p.case_id = :c",
        c=case.id,
    )
    assert (kept["rows"], kept["variables"]) == (2, 2)
    assert kept["line_id"] == office.facts(case).accepted_lines()[0].id

    office.as_("fajar").do("return_data", case)
    path.write_text("a;b\n1;2\n3;5\n", "utf-8")
    form = reused()
    form.submit()
    assert "sudah berubah sejak disiapkan dulu" in field_of(form).under.text()
