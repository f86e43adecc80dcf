"""The log as a story: whose entries they are, in words, page by page, and for auditors of the office only."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from desk.adapters.workbook import SheetColumn, write_workbook
from desk.errors import Refused
from desk.rules.audit_names import COLUMNS, THINGS, Kind
from desk.rules.audit_words import sentence, tables_of, value_text
from desk.rules.case import Money, Stage
from desk.rules.people import Duty
from desk.services import audit_story, documents, people
from desk.services.audit_story import AuditEntry, Wanted
from tests import inputs as answers
from tests.office import JAMBI, PALEMBANG, PAPUA, Office, Ref

WIB = "Asia/Jakarta"


def read(office: Office, wanted: Wanted, *, as_: str = "wati", limit: int = 1_000) -> list[AuditEntry]:
    with office.as_(as_).session() as session:
        return audit_story.page(session, wanted, limit=limit)


def words(entry: AuditEntry) -> str:
    return sentence(entry.table, entry.op, entry.key, entry.old, entry.new, WIB)


def test_the_story_of_a_case_tells_every_change_of_it_and_of_nothing_else(office: Office) -> None:
    case = office.case_at(money=Money.RECEIPTED)
    office.case_at(money=Money.RECEIPTED)
    told = read(office, Wanted(PALEMBANG, WIB, subject=str(case.id)))
    assert {entry.table for entry in told} >= {
        "cases", "customer", "case_line", "fit_decision", "event", "invoice", "invoice_line", "agreement",
        "payment_proof", "payment", "receipt", "custody",
    }  # fmt: skip
    assert "counter" not in {entry.table for entry in told}
    number = office.facts(case).number
    assert {entry.case_number for entry in told if entry.table not in ("customer", "case_line")} == {number}
    sentences = [words(entry) for entry in told]
    assert any("uang “menunggu pembayaran” → “bukti bayar diterima, menunggu bendahara”" in told for told in sentences)
    assert any(said.startswith("Kuitansi ") for said in sentences)
    assert [entry.at for entry in told] == sorted((entry.at for entry in told), reverse=True)
    other = {entry.id for entry in read(office, Wanted(PALEMBANG, WIB, subject=str(office.new_case().id)))}
    assert not other & {entry.id for entry in told}


def test_lines_that_were_taken_out_of_the_request_stay_in_its_story(office: Office) -> None:
    case = office.new_case()
    now = office.facts(case)
    fewer = answers.change(now, lines=answers.change(now).lines[:1])
    office.as_("rina").do("change_request", case, fewer)
    told = read(office, Wanted(PALEMBANG, WIB, subject=str(case.id), tables=("case_line",)))
    assert {"I", "D"} <= {entry.op for entry in told}
    assert any(words(entry).endswith("dihapus.") for entry in told)


def test_the_story_of_a_person_is_what_she_did_and_what_was_decided_about_her(office: Office) -> None:
    case = office.clear_case()
    rina, tono = office.as_("rina"), office.as_("tono")
    did = read(office, Wanted(PALEMBANG, WIB, actor=rina.login, national=True))
    assert {entry.actor for entry in did} == {rina.login}
    assert {entry.name for entry in did} == {"Rina Umpama"}
    assert str(case.id) in {entry.key for entry in did if entry.table == "cases"}
    today = office.facts(case).today
    with tono.session() as session:
        people.set_duty(session, PALEMBANG, login=rina.login, duty=Duty.AUDITOR, starts_on=today, ends_on=None)
    with tono.session() as session:
        people.end_duty(session, PALEMBANG, login=rina.login, duty=Duty.AUDITOR, last_day=today - timedelta(days=1))
    about = read(office, Wanted(PALEMBANG, WIB, subject=rina.login, national=True))
    assert {entry.table for entry in about} == {"person", "duty", "people_event"}
    sentences = [words(entry) for entry in about]
    assert any("tugas diberikan" in said and rina.login in said for said in sentences)
    assert f"Tugas pemeriksa · {rina.login} dihapus." in sentences


def test_settings_have_a_story_with_old_and_new(office: Office) -> None:
    office.set_rule(PALEMBANG, "correction_days", "7")
    told = read(office, Wanted(PALEMBANG, WIB, tables=tables_of(Kind.SETTINGS), national=True))
    assert words(told[0]) == "Buku aturan correction_days · 1 Jun 2015 dicatat."
    assert {entry.office_id for entry in told} == {0, PALEMBANG}


def test_pages_follow_each_other_without_a_gap_or_a_double(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    wanted = Wanted(PALEMBANG, WIB, national=True)
    whole = read(office, wanted, limit=100_000)
    with office.as_("wati").session() as session:
        paged = [entry.id for page in audit_story.pages(session, wanted, limit=37) for entry in page]
    assert paged == [entry.id for entry in whole]
    assert len(set(paged)) == len(paged) > 100


def test_days_are_those_of_the_office(office: Office) -> None:
    office.new_case()
    newest = read(office, Wanted(PALEMBANG, WIB))[0].at.astimezone(ZoneInfo(WIB)).date()
    assert read(office, Wanted(PALEMBANG, WIB, since=newest, until=newest))
    assert not read(office, Wanted(PALEMBANG, WIB, until=newest - timedelta(days=2)))
    assert not read(office, Wanted(PALEMBANG, WIB, since=newest + timedelta(days=1)))


def test_a_number_or_its_end_finds_the_case(office: Office) -> None:
    case = office.new_case()
    number = office.facts(case).number
    with office.as_("wati").session() as session:
        assert audit_story.case_named(session, PALEMBANG, number.lower()) == case.id
        assert audit_story.case_named(session, PALEMBANG, " 1 ") == case.id
        assert audit_story.case_named(session, PALEMBANG, "tidak ada") is None


CALL = "SELECT count(*) FROM audit.story({office}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10)"


@pytest.mark.parametrize("name", ["rina", "budi", "hendra", "tono"])
def test_nobody_but_an_auditor_may_read_a_story(busy_office: Office, name: str) -> None:
    with busy_office.as_(name).psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(CALL.format(office=PALEMBANG))


def test_an_auditor_reads_no_office_of_others_and_nothing_once_the_duty_is_over(office: Office) -> None:
    office.new_case(PAPUA)
    wati = office.as_("wati")
    with wati.psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match="pemeriksanya"):
        connection.execute(CALL.format(office=PAPUA))
    with office.owner() as owner:
        owner.execute(
            text("UPDATE desk.duty SET ends_on = '2026-11-22' WHERE login = :login AND duty = 'auditor'"),
            {"login": wati.login},
        )
    for ours in (PALEMBANG, 0):
        with wati.psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match="pemeriksanya"):
            connection.execute(CALL.format(office=ours))


def test_a_story_is_read_by_its_indexes(office: Office) -> None:
    """Looking into JSON under a row policy would read the whole log; here it must not."""
    case = office.case_at(money=Money.RECEIPTED)
    with office.owner() as owner:
        owner.execute(
            text(
                "INSERT INTO audit.log (office_id, table_name, op, key, new, actor) SELECT :office, 'event', 'I', "
                "'k' || g, jsonb_build_object('case_id', 'c' || g / 20), 'x' || g % 50 FROM generate_series(1, 30000) g"
            ),
            {"office": PALEMBANG},
        )
        owner.execute(text("ANALYZE audit.log"))
        owner.execute(text("SET LOCAL ROLE desk_recorder"))
        plan = plan_of(owner, office, subject=str(case.id))
        assert "log_parent_idx" in plan
        assert "Seq Scan" not in plan


def plan_of(owner: Any, office: Office, *, subject: str) -> str:
    """The plan of the first step of the function, as its owner runs it."""
    source = office.rows("SELECT prosrc FROM pg_proc WHERE proname = 'story'")[0]["prosrc"]
    step = source[source.index("SELECT l.table_name, l.key FROM audit.log l") : source.index("), own AS")]
    step = step.replace("p_office", str(PALEMBANG)).replace("p_subject", f"'{subject}'")
    return "\n".join(row[0] for row in owner.exec_driver_sql(f"EXPLAIN {step}"))


# who looked at an identity card


def test_who_looked_at_an_identity_card_and_why(office: Office) -> None:
    case = office.new_case()
    rina, wati = office.as_("rina"), office.as_("wati")
    card = id_card(office, case)
    with rina.session() as session:
        documents.content(session, PALEMBANG, card, reason="Mencocokkan nama pada SPPD")
    with wati.session() as session:
        (seen,) = audit_story.card_views(session, Wanted(PALEMBANG, WIB))
        assert (seen.name, seen.reason) == ("Rina Umpama", "Mencocokkan nama pada SPPD")
        assert seen.case_number == office.facts(case).number
        assert audit_story.card_views(session, Wanted(PALEMBANG, WIB), seen) == []
        assert audit_story.card_views(session, Wanted(PALEMBANG, WIB, actor=wati.login)) == []
        assert audit_story.card_views(session, Wanted(PALEMBANG, WIB, subject=str(case.id))) == [seen]


def id_card(office: Office, case: Ref) -> UUID:
    from desk.rules.inputs import IncomingFile

    with office.as_("rina").session() as session:
        card = IncomingFile("ktp.png", "image/png", b"\x89PNG contoh", protected=True)
        return documents.store(session, case.office_id, case.id, card, kind="incoming", title="KTP")


# words


def test_every_table_and_column_that_is_logged_has_words(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT c.relname AS name, a.attname AS part FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE f.pronamespace = 'audit'::regnamespace AND c.relnamespace = 'desk'::regnamespace "
        "AND a.attnum > 0 AND NOT a.attisdropped"
    )
    assert {row["name"] for row in rows} - set(THINGS) == set()
    assert {row["part"] for row in rows} - set(COLUMNS) == set()


def test_values_are_said_as_people_say_them() -> None:
    def said(table: str, old: dict[str, Any] | None, new: dict[str, Any] | None, op: str = "U") -> str:
        return sentence(table, op, "kunci", old, new, WIB)

    assert said("cases", {"stage": "new"}, {"stage": "clear"}) == (
        "Permohonan diubah: perjalanan “diperiksa” → “clear, siap dibuatkan invoice”."
    )
    assert said("person", {"active": True}, {"active": False}) == "Orang diubah: aktif “ya” → “tidak”."
    assert said("payment", None, {"amount": 5_000_000}, "I") == "Pembayaran Rp5.000.000 dicatat."
    assert said("duty", None, {"duty": "treasurer", "login": "budi"}, "I") == "Tugas bendahara · budi dicatat."
    assert said("invoice_end", None, {"kind": "void"}, "I") == "Akhir invoice dibatalkan dicatat."
    assert said("holiday", None, None, "T") == "Seluruh isi “Hari libur” dikosongkan."
    assert (
        said("rule", {"value": {"days": 5}}, {"value": {"days": 7}})
        == "Buku aturan diubah: nilai “days: 5” → “days: 7”."
    )
    assert said("something_new", None, {"name": "A"}, "I") == "Something new A dicatat."


# Excel


def test_texts_in_excel_are_texts_and_days_are_days(tmp_path: Path) -> None:
    path = tmp_path / "catatan.xlsx"
    dangerous = ['=HYPERLINK("http://x")', "+1", "-1", "@x", "http://contoh.test", "x" * 40_000]
    rows = [(date(2026, 11, 23), text_of, 7) for text_of in dangerous]
    columns = (SheetColumn("Hari", 12, "dd/mm/yyyy"), SheetColumn("Isi", 30), SheetColumn("Banyak", 9, "0"))
    assert write_workbook(path, "Catatan", columns, rows) == len(rows)
    read_back = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert read_back[0] == ["Hari", "Isi", "Banyak"]
    assert [row[1] for row in read_back[1:]] == [*dangerous[:-1], "x" * 32_767]
    assert {row[0] for row in read_back[1:]} == {date(2026, 11, 23)}
    assert b"<f>" not in unzipped(path)
    assert list(tmp_path.iterdir()) == [path]


def unzipped(path: Path) -> bytes:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_more_rows_than_excel_opens_are_refused_and_leave_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.adapters.workbook.MOST_ROWS", 3)
    with pytest.raises(Refused, match="rentang tanggal"):
        write_workbook(tmp_path / "a.xlsx", "A", (SheetColumn("A", 5),), [("x",)] * 4)
    assert list(tmp_path.iterdir()) == []


def test_the_order_of_a_closed_case_is_told_whole(office: Office) -> None:
    case = office.case_at(stage=Stage.CLOSED)
    told = read(office, Wanted(PALEMBANG, WIB, subject=str(case.id)))
    for entry in told:
        said = words(entry)
        assert said
        assert "None" not in said
        assert json.dumps({"x": said})
    assert read(office, Wanted(JAMBI, WIB, subject=str(case.id))) == []


def test_every_code_that_a_table_allows_is_told_in_words(office: Office) -> None:
    rows = office.rows(
        "SELECT c.relname AS name, pg_get_constraintdef(k.oid) AS rule FROM pg_constraint k "
        "JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'c' AND k.connamespace = 'desk'::regnamespace"
    )
    listed = re.compile(r"\(?(\w+)\)?(?:::[\w ]+)?\)* = ANY \(+ARRAY\[(.*?)\]")
    found = [
        (row["name"], column, code)
        for row in rows
        for column, codes in listed.findall(row["rule"])
        for code in re.findall(r"'([^']*)'", codes)
        if (row["name"], column) not in {("mail_account", "host"), ("print_entry", "mark")}  # words already
    ]
    assert ("line_use", "kind", "over") in found
    assert [each for each in found if value_text(*each, WIB) == each[2] != "administrator"] == []
