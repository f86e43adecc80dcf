"""A paper's code opens the right sheet, and a wrong one never opens another."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Refused
from desk.rules import codes
from desk.rules.codes import (
    LONGEST_CODE,
    ForeignCode,
    MistypedCode,
    PaperCode,
    UnknownKind,
    decode,
    encode,
    looks_like_ours,
)
from desk.rules.papers.kinds import PaperKind

QR_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SHEET = PaperCode(PaperKind.SPPD, "1600", 2026, 123, 1, 2)
SHEETS = [
    SHEET,
    PaperCode(PaperKind.INVOICE, "1571", 2027, 999_999, 12, 34),
    PaperCode(PaperKind.RECEIPT, "1600", 2026, 1),
]

sheets = st.builds(
    lambda kind, office, year, number, copies: PaperCode(kind, f"{office:04d}", year, number, min(copies), max(copies)),
    st.sampled_from(PaperKind),
    st.integers(0, 9999),
    st.integers(2020, 2099),
    st.integers(1, 999_999),
    st.tuples(st.integers(1, 99), st.integers(1, 99)),
)


def test_papers_printed_long_ago_keep_their_code() -> None:
    assert encode(SHEET) == "BPS1.SPPD.1600.2026.000123.1.2.0X"


@given(sheets)
def test_every_code_opens_its_own_sheet_and_a_keyboard_can_type_it(sheet: PaperCode) -> None:
    code = encode(sheet)
    assert decode(code) == sheet
    assert decode(f" {code.lower()}\r\n") == sheet
    assert set(code) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-")
    assert len(code) <= LONGEST_CODE
    assert looks_like_ours(code.lower())


@pytest.mark.parametrize("sheet", SHEETS, ids=encode)
def test_no_single_wrong_character_goes_unnoticed(sheet: PaperCode) -> None:
    code = encode(sheet)
    for place, wrong in product(range(len(code)), QR_ALPHANUMERIC):
        if wrong != code[place]:
            with pytest.raises(Refused):
                decode(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("sheet", SHEETS, ids=encode)
def test_no_two_swapped_characters_go_unnoticed(sheet: PaperCode) -> None:
    code = encode(sheet)
    for first, second in combinations(range(len(code)), 2):
        swapped = list(code)
        swapped[first], swapped[second] = code[second], code[first]
        if code[first] != code[second]:
            with pytest.raises(Refused):
                decode("".join(swapped))


@given(sheets, st.data())
def test_two_wrong_characters_are_noticed_too(sheet: PaperCode, data: st.DataObject) -> None:
    code = encode(sheet)
    places = data.draw(st.lists(st.integers(0, len(code) - 1), min_size=1, max_size=2, unique=True))
    wrong = list(code)
    for place in places:
        wrong[place] = data.draw(st.sampled_from([sign for sign in QR_ALPHANUMERIC if sign != code[place]]))
    with pytest.raises(Refused):
        decode("".join(wrong))


@given(sheets, st.data())
def test_neighbours_typed_in_the_wrong_order_are_noticed(sheet: PaperCode, data: st.DataObject) -> None:
    code = encode(sheet)
    places = [place for place, (left, right) in enumerate(pairwise(code)) if left != right]
    place = data.draw(st.sampled_from(places))
    with pytest.raises(Refused):
        decode(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


def test_a_lost_or_doubled_character_is_noticed() -> None:
    code = encode(SHEET)
    for place in range(len(code)):
        for wrong in (code[:place] + code[place + 1 :], code[:place] + code[place] + code[place:]):
            with pytest.raises(Refused):
                decode(wrong)


@pytest.mark.parametrize(
    "text",
    ["", "8991234567890", "JNE0123456789", "https://example.org/x", "SPPD|1600|2026|000123|1/2", "BPS2.SPPD", "ﬁ"],
)
def test_a_foreign_code_is_called_foreign(text: str) -> None:
    with pytest.raises(ForeignCode, match="bukan kode surat dari Meja PST"):
        decode(text)
    assert not looks_like_ours(text)


def test_a_mistyped_code_is_called_mistyped() -> None:
    with pytest.raises(MistypedCode, match="salah ketik atau rusak"):
        decode(encode(SHEET).replace("000123", "000132"))
    with pytest.raises(MistypedCode):
        decode("BPS1.SPPD.1600")


def test_a_whole_code_of_an_unknown_kind_asks_for_a_newer_program() -> None:
    body = "BPS1.ZZZZ.1600.2026.000123.1.1."
    with pytest.raises(UnknownKind, match="“ZZZZ” belum dikenal"):
        decode(body + codes._check_of(body))


@pytest.mark.parametrize(
    "sheet",
    [
        PaperCode(PaperKind.INVOICE, "1600", 2026, 0),
        PaperCode(PaperKind.INVOICE, "1600", 2026, 1_000_000),
        PaperCode(PaperKind.INVOICE, "160", 2026, 1),
        PaperCode(PaperKind.INVOICE, "1600", 1926, 1),
        PaperCode(PaperKind.INVOICE, "1600", 2026, 1, 3, 2),
        PaperCode(PaperKind.INVOICE, "1600", 2026, 1, 1, 100),
    ],
)
def test_a_sheet_that_cannot_be_has_no_code(sheet: PaperCode) -> None:
    with pytest.raises(ValueError, match="no such sheet"):
        encode(sheet)


def test_every_kind_of_paper_has_a_code_of_its_own() -> None:
    written = {encode(PaperCode(kind, "1600", 2026, 1)).split(".")[1] for kind in PaperKind}
    assert len(written) == len(PaperKind)
