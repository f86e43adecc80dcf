"""The turn of the year: numbers begin anew on each office's own first of January."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.rules.case import Money
from tests.office import JAMBI, PALEMBANG, PAPUA, Office, Ref

# Papua has 1 January at 15.00 UTC, Palembang and Jambi at 17.00 UTC.
LAST_MINUTE_WIT = datetime(2026, 12, 31, 14, 59, tzinfo=UTC)
FIRST_MINUTE_WIT = datetime(2026, 12, 31, 15, 1, tzinfo=UTC)
LAST_MINUTE_WIB = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
FIRST_MINUTE_WIB = datetime(2026, 12, 31, 17, 1, tzinfo=UTC)


def numbers(office: Office, office_id: int) -> list[tuple[int, int]]:
    rows = office.rows(
        "SELECT year, sequence FROM desk.invoice WHERE office_id = :o ORDER BY year, sequence", o=office_id
    )
    return [(row["year"], row["sequence"]) for row in rows]


def issue(office: Office, office_id: int) -> Ref:
    case = office.clear_case(office_id)
    office.team(office_id)[0].do("issue_invoice", case)
    return case


@pytest.mark.parametrize(
    ("office_id", "last", "first"),
    [
        (PALEMBANG, LAST_MINUTE_WIB, FIRST_MINUTE_WIB),
        (JAMBI, LAST_MINUTE_WIB, FIRST_MINUTE_WIB),
        (PAPUA, LAST_MINUTE_WIT, FIRST_MINUTE_WIT),
    ],
)
def test_numbers_begin_anew_with_the_offices_own_year(
    office: Office, office_id: int, last: datetime, first: datetime
) -> None:
    office.set_clock(last)
    issue(office, office_id)
    office.set_clock(first)
    issue(office, office_id)
    issue(office, office_id)
    assert numbers(office, office_id) == [(2026, 1), (2027, 1), (2027, 2)]
    assert {row["number"] for row in office.rows("SELECT number FROM desk.cases")} == {
        f"PST-{office_id}-2026-000001",
        f"PST-{office_id}-2027-000001",
        f"PST-{office_id}-2027-000002",
    }


def test_at_the_same_moment_papua_is_in_the_new_year_and_palembang_in_the_old(office: Office) -> None:
    office.set_clock(FIRST_MINUTE_WIT)
    papua, palembang = issue(office, PAPUA), issue(office, PALEMBANG)
    assert numbers(office, PAPUA) == [(2027, 1)]
    assert numbers(office, PALEMBANG) == [(2026, 1)]
    assert office.facts(papua).today.isoformat() == "2027-01-01"
    assert office.facts(palembang).today.isoformat() == "2026-12-31"


def test_a_case_of_the_old_year_gets_its_kuitansi_from_the_new_years_series(office: Office) -> None:
    office.set_clock(LAST_MINUTE_WIB)
    budi = office.as_("budi")
    case = office.case_at(money=Money.PROOF)
    office.set_clock(FIRST_MINUTE_WIB)
    budi.do("confirm_payment", case)
    assert "KW-001/16000/KU.130/01/2027" in budi.do("issue_receipt", case).sentence
    number = office.facts(case).number
    assert number == "PST-1600-2026-000001"


def test_each_series_counts_for_itself_and_each_office_for_itself(office: Office) -> None:
    for office_id in (PALEMBANG, PALEMBANG, JAMBI):
        office.case_at(office_id=office_id, money=Money.RECEIPTED)
    counters = office.rows("SELECT office_id, kind, last FROM desk.counter ORDER BY 1, 2")
    expected = {(JAMBI, kind): 1 for kind in ("case", "invoice", "receipt", "sppd")}
    expected |= {(PALEMBANG, kind): 2 for kind in ("case", "invoice", "receipt", "sppd")}
    papers = [row for row in counters if row["kind"] != "day"]  # that row only makes closing a day wait for its money
    assert {(row["office_id"], row["kind"]): row["last"] for row in papers} == expected
