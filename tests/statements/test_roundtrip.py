"""Whatever happened on an account is read back from every bank's file, in every style that banks and users write."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desk.adapters.bank_files import read_statement
from desk.rules.statement import Statement
from tests.statements.layouts import (
    OPENING,
    TABLES,
    WITHOUT_REFERENCE,
    WITHOUT_TIME,
    Movement,
    Style,
    as_camt,
    as_csv,
    as_mt940,
    as_xlsx,
)

WORDS = st.sampled_from(
    ["TRSF", "E-BANKING", "DARI", "SITI", "CONTOHWATI", "INV-1600-26-0094", "peta", "KLIRING", "José", "250.000", "A/B"]
)
MOVEMENTS = st.lists(
    st.builds(
        Movement,
        day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        clock=st.times(time(0, 0, 1), time(23, 59, 59)).map(lambda moment: moment.replace(microsecond=0)),
        sen=st.integers(-300_000_000, 2_500_000_000).filter(bool),
        text=st.lists(WORDS, min_size=1, max_size=6).map(" ".join),
        reference=st.from_regex(r"[A-Z][0-9]{5,9}", fullmatch=True),
    ),
    min_size=1,
    max_size=12,
).map(lambda found: sorted(found, key=lambda movement: (movement.day, movement.clock)))
STYLES = st.builds(
    Style,
    number=st.sampled_from(["english", "indonesian", "spaces", "currency", "plain", "bare"]),
    dates=st.sampled_from(["slash", "short_year", "dash", "iso", "words", "short_words", "apostrophe"]),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    newline=st.sampled_from(["\r\n", "\n"]),
    shuffle=st.none() | st.integers(0, 1000),
    extra_columns=st.integers(0, 2),
    trailing_empty=st.integers(0, 2),
    repeat_header_every=st.none() | st.integers(1, 5),
    newest_first=st.booleans(),
)
FEW = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


def read(data: bytes, name: str) -> Statement:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read_statement(path)


def happened(movements: Sequence[Movement], layout: str) -> list[tuple[object, ...]]:
    return [
        (
            movement.day,
            None if layout in WITHOUT_TIME else movement.clock,
            movement.sen,
            movement.text,
            None if layout in WITHOUT_REFERENCE else movement.reference,
        )
        for movement in movements
    ]


def understood(statement: Statement) -> list[tuple[object, ...]]:
    return [
        (line.booked_on, line.booked_at, line.amount_sen, line.description, line.reference) for line in statement.lines
    ]


@pytest.mark.parametrize("layout", TABLES)
@FEW
@given(movements=MOVEMENTS, style=STYLES)
def test_a_csv_of_every_bank_says_what_happened(layout: str, movements: list[Movement], style: Style) -> None:
    statement = read(as_csv(layout, movements, style), "mutasi bulan ini.csv")
    found = understood(statement)
    assert statement.layout == layout
    assert (found[::-1] if style.newest_first else found) == happened(movements, layout)


@pytest.mark.parametrize("layout", ["bri-cms", "bni-excel", "mandiri-semicolon"])
@FEW
@given(movements=MOVEMENTS, style=STYLES)
def test_a_workbook_of_every_bank_says_what_happened(layout: str, movements: list[Movement], style: Style) -> None:
    statement = read(as_xlsx(layout, movements, style), "mutasi.xlsx")
    found = understood(statement)
    assert (found[::-1] if style.newest_first else found) == happened(movements, layout)


@FEW
@given(movements=MOVEMENTS, style=STYLES)
def test_an_mt940_says_what_happened(movements: list[Movement], style: Style) -> None:
    statement = read(as_mt940(movements, style), "mutasi.sta")
    wanted = [(day, None, sen, text, reference) for day, _, sen, text, reference in happened(movements, "mt940")]
    assert understood(statement) == wanted
    assert (statement.opening_sen, statement.account) == (OPENING, "9990001112223")


@FEW
@given(movements=MOVEMENTS, style=STYLES)
def test_a_camt053_says_what_happened(movements: list[Movement], style: Style) -> None:
    statement = read(as_camt(movements, style), "mutasi.xml")
    assert understood(statement) == happened(movements, "camt053-08")
    assert statement.closing_sen == OPENING + sum(movement.sen for movement in movements)
