"""A bank file comes into the office: each line once, whoever imports what again, and nothing of a refused file."""

from __future__ import annotations

import json
from concurrent.futures import CancelledError
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from desk.adapters.bank_files import Profile
from desk.errors import Refused
from desk.services import statements
from desk.services.audit import FACTS
from tests.office import JAMBI, PALEMBANG, Office, Person
from tests.statements.samples import STATEMENTS

BRI_A, BRI_B = (STATEMENTS / "overlap" / f"bri_cms_{part}.csv" for part in ("a_01-20", "b_15-31"))
MANDIRI_A, MANDIRI_B = (STATEMENTS / "overlap" / f"mandiri_mcm_{part}.csv" for part in ("a_01-20", "b_15-31"))
BRI = "009901000123304"


class Desk:
    """The treasurer with a bank file in hand."""

    def __init__(self, office: Office, name: str = "budi", office_id: int = PALEMBANG) -> None:
        self.office, self.person, self.office_id = office, office.as_(name), office_id

    def account(self, number: str = BRI) -> UUID:
        with self.person.session() as session:
            return statements.add_account(session, self.office_id, number=number, bank="BRI")

    def bring(self, path: Path, account: UUID | None = None, *, key: UUID | None = None) -> statements.Imported:
        account = account or self.account()
        read = statements.read_file(path)
        with self.person.session() as session:
            return statements.import_file(session, self.office_id, account, read, key=key or uuid4())

    def lines(self) -> list[tuple[object, ...]]:
        rows = self.office.rows(
            "SELECT booked_on, amount_sen, description, twin FROM desk.statement_line ORDER BY booked_on, digest, twin"
        )
        return [tuple(row.values()) for row in rows]

    def files(self) -> list[dict[str, object]]:
        return self.office.rows("SELECT * FROM desk.statement_file ORDER BY at, name")


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def _union(name: str) -> int:
    return int(json.loads((STATEMENTS / "overlap" / f"group_{name}.expected.json").read_text("utf-8"))["union_count"])


@pytest.mark.parametrize(
    ("first", "second", "union"),
    [
        (BRI_A, BRI_B, "bri_cms"),
        (BRI_B, BRI_A, "bri_cms"),
        (MANDIRI_A, MANDIRI_B, "mandiri_mcm"),
        (MANDIRI_B, MANDIRI_A, "mandiri_mcm"),
    ],
    ids=["bri", "bri, the later first", "mandiri", "mandiri, the later first"],
)
def test_overlapping_files_keep_each_line_once_and_true_twins_twice(
    desk: Desk, first: Path, second: Path, union: str
) -> None:
    desk.bring(first)
    later = statements.read_file(second)
    with desk.person.session() as session:
        compared = statements.compare(session, PALEMBANG, desk.account(), later)
    told = desk.bring(second)
    assert (told.added, told.known) == (compared.new, compared.known)
    assert told.known > 0
    assert len(desk.lines()) == _union(union)


def test_the_same_file_again_changes_nothing_and_says_so(desk: Desk) -> None:
    desk.bring(BRI_A)
    before = desk.lines()
    with pytest.raises(Refused, match="sudah diimpor"):
        desk.bring(BRI_A)
    assert desk.lines() == before
    assert len(desk.files()) == 1


def test_an_import_asked_twice_with_one_key_is_done_once(desk: Desk) -> None:
    key = uuid4()
    assert desk.bring(BRI_A, key=key) == desk.bring(BRI_A, key=key)
    assert len(desk.files()) == 1


def test_a_cut_file_imports_nothing(desk: Desk, tmp_path: Path) -> None:
    whole = BRI_A.read_bytes()
    read = statements.read_file(BRI_A)
    cut = tmp_path / BRI_A.name
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(Refused, match=r"terpotong|tidak cocok"):
        statements.read_file(cut)
    changed = statements.FileRead(**{name: getattr(read, name) for name in read.__slots__} | {"path": cut})
    with desk.person.session() as session, pytest.raises(Refused, match="berubah sejak dibaca"):
        statements.import_file(session, PALEMBANG, desk.account(), changed, key=uuid4())
    assert desk.lines() == []


def test_a_cancelled_import_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "BATCH", 5)
    account, read, seen = desk.account(), statements.read_file(BRI_A), []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done > 10:
            raise CancelledError

    with pytest.raises(CancelledError), desk.person.session() as session:
        statements.import_file(session, PALEMBANG, account, read, key=uuid4(), progress=progress)
    assert seen[-1] == (15, read.count)
    assert desk.lines() == []


def test_days_that_came_in_one_layout_do_not_come_in_another(desk: Desk) -> None:
    desk.bring(STATEMENTS / "bri_cms_2026-10.csv")
    other = STATEMENTS / "bri_journal_2026-10.csv"
    with desk.person.session() as session:
        compared = statements.compare(session, PALEMBANG, desk.account(), statements.read_file(other))
    assert "bentuk lain" in compared.refusal
    before = desk.lines()
    with pytest.raises(Refused, match="sudah diimpor dari bentuk lain"):
        desk.bring(other)
    assert desk.lines() == before


def test_a_gap_between_two_files_is_said(desk: Desk, tmp_path: Path) -> None:
    rows = BRI_A.read_text("utf-8-sig").splitlines(keepends=True)
    early, late = tmp_path / "awal.csv", tmp_path / "akhir.csv"
    early.write_text("".join(rows[:4]), "utf-8-sig", newline="")
    late.write_text("".join([rows[0], *rows[8:]]), "utf-8-sig", newline="")
    desk.bring(early)
    with desk.person.session() as session:
        compared = statements.compare(session, PALEMBANG, desk.account(), statements.read_file(late))
    assert "mungkin ada hari yang belum diimpor" in compared.notices[0]


def test_the_log_keeps_the_file_and_its_hash_not_each_line(desk: Desk) -> None:
    told = desk.bring(BRI_A)
    logged = desk.office.rows("SELECT table_name, new FROM audit.log WHERE table_name LIKE 'statement%'")
    assert [(row["table_name"], row["new"]["added"]) for row in logged] == [("statement_file", told.added)]
    assert len(logged[0]["new"]["lines_sha256"]) == 64
    assert "statement_file" in FACTS


def test_a_described_layout_is_kept_replaced_and_withdrawn(desk: Desk) -> None:
    profile = Profile("bank-baru", "Bank Baru", "Bank Baru CSV", {"date": "Tgl", "amount": "Nilai"}, {}, ("Ket",))
    with desk.person.session() as session:
        statements.keep_profile(session, PALEMBANG, profile)
    with desk.person.session() as session:
        assert statements.profiles(session, PALEMBANG) == [profile]
        statements.withdraw_profile(session, PALEMBANG, profile.id)
    desk.office.set_clock(desk.office.rows("SELECT desk.now() + interval '1 minute' AS t")[0]["t"])
    with desk.person.session() as session:
        statements.withdraw_profile(session, PALEMBANG, profile.id)
        assert statements.profiles(session, PALEMBANG) == []


# what the database refuses by itself


def _refused(person: Person, statement: str, *values: object) -> str:
    def now() -> None:
        with person.psql() as connection:
            connection.execute(statement, values)
            connection.commit()

    with pytest.raises(psycopg.Error) as refused:
        now()
    return str(refused.value)


def test_only_a_treasurer_of_the_office_imports(desk: Desk) -> None:
    account = desk.account()
    words = dict.fromkeys(("description", "counterparty", "reference", "raw"), "")
    entry = {"no": 1, "digest": "a" * 64, "twin": 1, "booked_on": "2026-10-01", "amount_sen": 100, "reversal": False}
    line = json.dumps([entry | words])
    add = "SELECT desk.add_statement_lines(%s, %s, %s, %s::jsonb)"
    for name in ("rina", "hendra", "tono", "wati", "yuni"):
        assert "bendahara kantor itu" in _refused(desk.office.as_(name), add, PALEMBANG, account, uuid4(), line)
    alone = _refused(desk.person, add, PALEMBANG, account, uuid4(), line)
    assert "statement_line_office_id_file_id_fkey" in alone, "lines without the row of their file"
    assert desk.lines() == []


def test_nobody_adds_to_a_file_that_is_in_nor_changes_a_line(desk: Desk) -> None:
    told, account = desk.bring(BRI_A), desk.account()
    again = _refused(
        desk.person, "SELECT desk.add_statement_lines(%s, %s, %s, '[]'::jsonb)", PALEMBANG, account, told.file_id
    )
    assert "sudah selesai diimpor" in again
    for name in ("budi", "rina", "tono"):
        person = desk.office.as_(name)
        assert "permission denied" in _refused(person, "UPDATE desk.statement_line SET amount_sen = 1")
        assert "permission denied" in _refused(person, "DELETE FROM desk.statement_line")
        assert "permission denied" in _refused(person, "UPDATE desk.statement_file SET name = ''")
        assert "permission denied" in _refused(
            person, "INSERT INTO desk.statement_line (office_id, id, account_id, file_id, no, digest, twin, booked_on, "
            "amount_sen) VALUES (1600, gen_random_uuid(), %s, %s, 99, 'x', 1, '2026-10-01', 5)", account, told.file_id
        )  # fmt: skip
    with desk.office.owner() as connection, pytest.raises(Exception, match="tidak dapat diubah atau dihapus"):
        connection.exec_driver_sql("UPDATE desk.statement_line SET amount_sen = amount_sen + 1")


def test_another_office_sees_nothing_of_the_statement(desk: Desk) -> None:
    desk.bring(BRI_A)
    elsewhere = Desk(desk.office, "yuni", JAMBI)
    with elsewhere.person.psql() as connection:
        for table in ("bank_account", "statement_file", "statement_line"):
            assert connection.execute(f"SELECT count(*) AS n FROM desk.{table}").fetchone() == {"n": 0}
    assert elsewhere.bring(BRI_A).added == desk.files()[0]["added"], "the same account number in another office"
