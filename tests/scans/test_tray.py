"""A stack on the real database: filed by its codes, the rest in the tray, nothing twice, nothing by halves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from desk import scanning
from desk.adapters.scans import ScanReader
from desk.errors import Refused
from desk.rules.case import CaseFacts, Money, Original
from desk.rules.codes import PaperCode, encode
from desk.rules.papers import PaperKind
from desk.rules.scans import Target
from desk.services import scans
from tests.office import JAMBI, PALEMBANG, Office, Person, Ref
from tests.scans.stacks import Sheet, stack


@pytest.fixture(scope="module")
def reader() -> Iterator[ScanReader]:
    with ScanReader() as reading:
        yield reading


@pytest.fixture(scope="module")
def two_sheets() -> bytes:
    return stack([Sheet(), Sheet()])


def accepted(office: Office, sheets: bytes, *, office_id: int = PALEMBANG, accept: bool = True) -> Ref:
    """A case whose SPPD of two sheets came back and, usually, passed the five ticks."""
    case = office.case_at(original=Original.ISSUED, office_id=office_id)
    agreement = office.facts(case).agreement
    assert agreement is not None
    officer = office.team(office_id)[0]
    officer.keep_paper(case, "sppd", agreement.id, sheets)
    office.make_papers(case)
    for action in ("send_offer", "receive_original", *(["accept_original"] if accept else [])):
        officer.do(action, case)
    return case


def code(office: Office, case: Ref) -> str:
    now = office.facts(case)
    assert now.agreement is not None
    return encode(PaperCode(PaperKind.SPPD, now.office_code, now.agreement.year, now.agreement.sequence))


def receipt_code(office: Office, case: Ref) -> str:
    (row,) = office.rows("SELECT year, sequence FROM desk.receipt WHERE case_id = :c", c=case.id)
    return encode(PaperCode(PaperKind.RECEIPT, "1600", row["year"], row["sequence"]))


def take(person: Person, reader: ScanReader, path: Path) -> scanning.TakenIn:
    return scanning.take_in(person.session, reader, person.actor, PALEMBANG, path, lambda _at, _of: None)


def in_tray(person: Person) -> list[scans.TrayEntry]:
    with person.session() as session:
        return scans.tray(session, (PALEMBANG,))


def why(person: Person, entry: scans.TrayEntry) -> str:
    with person.session() as session:
        return scanning.why_in_tray(session, entry)


def target(person: Person, case: CaseFacts, action: str) -> Target:
    with person.session() as session:
        return next(one for one in scans.targets(session, case) if one.action_id == action)


def scanned(office: Office) -> list[dict[str, object]]:
    return office.rows("SELECT case_id, title, copy FROM desk.document WHERE kind = 'scan' AND name LIKE 'Pindaian%'")


def chunks_of(office: Office, sha256: str) -> int:
    return len(office.rows("SELECT FROM desk.file_chunk WHERE sha256 = :s", s=sha256))


def test_a_stack_is_filed_by_its_codes_and_the_rest_waits(
    office: Office, reader: ScanReader, two_sheets: bytes, tmp_path: Path
) -> None:
    rina = office.as_("rina")
    good, unchecked = accepted(office, two_sheets), accepted(office, two_sheets, accept=False)
    paid = office.case_at(money=Money.RECEIPTED)
    elsewhere = accepted(office, two_sheets, office_id=JAMBI)
    path = tmp_path / "pagi.pdf"
    path.write_bytes(
        stack([
            Sheet((code(office, good),), turned=180), Sheet(stamped=True),
            Sheet((code(office, unchecked),)), Sheet(),
            Sheet(("https://lacak.example.invalid/9",)),
            Sheet((code(office, elsewhere),)),
            Sheet((code(office, good),), damaged=True),
        ])
    )  # fmt: skip
    taken = take(rina, reader, path)
    assert (taken.pages, len(taken.filed), taken.waiting) == (7, 1, 4)
    assert [(row["case_id"], row["copy"]) for row in scanned(office)] == [(good.id, 1)]
    said = [why(rina, entry) for entry in in_tray(rina)]
    for words, sentence in zip(["lima hal", "bukan dari Meja PST", "kantor 1571", "tidak terbaca"], said, strict=True):
        assert words in sentence
    assert any("Pindaian naskah asli" in sentence for sentence in office.story(good))
    rina.do("accept_original", unchecked)
    assert len(scanning.file_waiting(rina.session, reader, rina.actor, PALEMBANG)) == 1
    assert len(in_tray(rina)) == 3
    assert office.facts(paid).money is Money.RECEIPTED


def test_the_same_file_comes_in_once_and_a_stopped_one_not_at_all(
    office: Office, reader: ScanReader, two_sheets: bytes, tmp_path: Path
) -> None:
    rina = office.as_("rina")
    path = tmp_path / "sekali.pdf"
    path.write_bytes(stack([Sheet((code(office, accepted(office, two_sheets)),)), Sheet()]))

    def stop(at: int, of: int) -> None:
        raise KeyboardInterrupt(f"{at}/{of}")

    with pytest.raises(KeyboardInterrupt):
        scanning.take_in(rina.session, reader, rina.actor, PALEMBANG, path, stop)
    assert not office.rows("SELECT FROM desk.scan_stack")
    assert len(take(rina, reader, path).filed) == 1
    again = take(office.as_("fajar"), reader, path.rename(tmp_path / "lagi.pdf"))
    assert again.known
    assert "tidak disimpan dua kali" in again.sentence
    assert len(scanned(office)) == 1


def test_a_second_scan_of_the_same_copy_asks(
    office: Office, reader: ScanReader, two_sheets: bytes, tmp_path: Path
) -> None:
    rina = office.as_("rina")
    case = accepted(office, two_sheets)
    for name, tilt in (("satu.pdf", 1.0), ("dua.pdf", 2.0)):
        (tmp_path / name).write_bytes(stack([Sheet((code(office, case),), tilt=tilt), Sheet()]))
        take(rina, reader, tmp_path / name)
    assert len(scanned(office)) == 1
    (left,) = in_tray(rina)
    assert "sudah tersimpan" in why(rina, left)


def test_a_scan_with_a_page_too_many_is_looked_at_and_split_by_hand(
    office: Office, reader: ScanReader, two_sheets: bytes, tmp_path: Path
) -> None:
    rina = office.as_("rina")
    case = accepted(office, two_sheets)
    path = tmp_path / "tiga.pdf"
    path.write_bytes(stack([Sheet((code(office, case),)), Sheet(), Sheet()]))
    assert take(rina, reader, path).filed == ()
    (whole,) = in_tray(rina)
    assert "jumlah halaman berbeda" in why(rina, whole)
    scanning.split_by_hand(rina.session, reader, whole, tmp_path, 2)
    first, rest = in_tray(rina)
    assert (first.pages, rest.pages) == ((1, 2), (3,))
    assert len(scanning.file_waiting(rina.session, reader, rina.actor, PALEMBANG)) == 1
    (row,) = office.rows("SELECT sha256 FROM desk.scan_stack")
    assert chunks_of(office, row["sha256"]) > 0, "the stack is kept until every page has its place"
    with rina.session() as session:
        scans.put_aside(session, rest, "Lembar kosong.")
    assert in_tray(rina) == []
    assert chunks_of(office, row["sha256"]) == 0
    kept = office.rows("SELECT p.sha256 FROM desk.scan_part p JOIN desk.document d ON d.sha256 = p.sha256")
    assert chunks_of(office, kept[0]["sha256"]) > 0


def test_the_empty_backs_of_a_scan_of_both_sides_do_not_count(
    office: Office, reader: ScanReader, two_sheets: bytes, tmp_path: Path
) -> None:
    case = accepted(office, two_sheets)
    path = tmp_path / "bolak-balik.pdf"
    path.write_bytes(stack([Sheet((code(office, case),)), Sheet(blank=True), Sheet(), Sheet(blank=True)]))
    assert len(take(office.as_("rina"), reader, path).filed) == 1


def test_an_unknown_page_is_filed_by_hand_once(
    office: Office, reader: ScanReader, two_sheets: bytes, tmp_path: Path
) -> None:
    rina, fajar = office.as_("rina"), office.as_("fajar")
    case = accepted(office, two_sheets)
    path = tmp_path / "rusak.pdf"
    path.write_bytes(stack([Sheet((code(office, case),), damaged=True), Sheet()]))
    take(rina, reader, path)
    (entry,) = in_tray(rina)
    now = office.facts(case)
    chosen = target(rina, now, "attach_original_scan")
    done = scanning.file_by_hand(rina.session, rina.actor, entry, now, chosen)
    assert "disimpan" in done.sentence
    with pytest.raises((Refused, ValueError)):
        scanning.file_by_hand(fajar.session, fajar.actor, entry, now, chosen)
    assert len(scanned(office)) == 1


def test_a_paper_that_was_not_accepted_is_not_scanned_into_the_case_not_even_with_sql(
    office: Office, two_sheets: bytes
) -> None:
    rina = office.as_("rina")
    case = accepted(office, two_sheets, accept=False)
    agreement = office.facts(case).agreement
    assert agreement is not None
    statement = (
        "INSERT INTO desk.document (office_id, id, case_id, kind, title, name, content_type, size, sha256, subject_id) "
        "SELECT office_id, %s, case_id, 'scan', 'Pindaian', 'a.pdf', 'application/pdf', size, sha256, %s "
        "FROM desk.document WHERE case_id = %s AND paper = 'sppd'"
    )
    for subject in (agreement.id, None):
        with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(statement, (uuid4(), subject, case.id))
    rina.do("accept_original", case)
    with rina.psql() as connection:
        connection.execute(statement, (uuid4(), agreement.id, case.id))


def test_under_stamped_papers_are_not_accepted_with_sql(office: Office, two_sheets: bytes) -> None:
    rina = office.as_("rina")
    case = accepted(office, two_sheets, accept=False)
    agreement = office.facts(case).agreement
    assert agreement is not None
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "INSERT INTO desk.custody (office_id, id, case_id, agreement_id, copy, position, step, on_day, signed_on, "
            "stamp_kind, stamp_value) VALUES (%s, %s, %s, %s, 1, 9, 'accepted', %s, %s, 'adhesive', 6000)",
            (case.office_id, uuid4(), case.id, agreement.id, date(2026, 11, 23), date(2026, 11, 23)),
        )


@pytest.mark.parametrize("table", ["scan_stack", "scan_part", "scan_placement"])
def test_what_came_from_the_scanner_is_not_changed_afterwards_and_not_seen_elsewhere(
    office: Office, reader: ScanReader, tmp_path: Path, table: str
) -> None:
    rina = office.as_("rina")
    path = tmp_path / "label.pdf"
    path.write_bytes(stack([Sheet(("https://lacak.example.invalid/9",))]))
    take(rina, reader, path)
    with rina.session() as session:
        scans.put_aside(session, in_tray(rina)[0], "Label kurir.")
    for statement in (f"UPDATE desk.{table} SET at = now()", f"DELETE FROM desk.{table}"):
        with rina.psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
    with office.as_("doni").psql() as connection:
        assert connection.execute(f"SELECT count(*) AS n FROM desk.{table}").fetchone() == {"n": 0}


def test_a_scan_is_filed_as_nothing_but_its_own_bytes(office: Office, reader: ScanReader, tmp_path: Path) -> None:
    rina = office.as_("rina")
    path = tmp_path / "kuitansi.pdf"
    path.write_bytes(stack([Sheet(("https://lacak.example.invalid/9",))]))
    take(rina, reader, path)
    other = rina.keep_paper(office.case_at(), "invoice", uuid4(), b"%PDF-1.7 naskah lain")
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="bukan bagian pindaian ini"):
        connection.execute(
            "INSERT INTO desk.scan_placement (office_id, id, part_id, outcome, document_id) "
            "VALUES (%s, %s, %s, 'filed', %s)",
            (PALEMBANG, uuid4(), in_tray(rina)[0].id, other),
        )
