"""Money on the account meets the invoices it pays: with reasons, never certain when wrong, no choice between equals."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.adapters.bank_files import read_statement
from desk.checks.statements import read_invoices
from desk.rules.matching import InvoiceIndex, MatchClass, OpenInvoice, Proposal, match
from desk.rules.matching_codes import CodeBook, is_one_slip
from desk.rules.matching_names import ABSENT, CUT, SIMILAR, WHOLE, best_found, names_of, words_in
from desk.rules.statement import StatementLine, is_reversal

CERTAIN, LIKELY, AMBIGUOUS, NONE = MatchClass.CERTAIN, MatchClass.LIKELY, MatchClass.AMBIGUOUS, MatchClass.NONE

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
ANSWERS: list[dict[str, Any]] = json.loads((SAMPLES / "matching" / "invoices.json.expected.json").read_text("utf-8"))[
    "statements"
]
INVOICES = read_invoices(SAMPLES / "matching" / "invoices.json")


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer["statement"]).rpartition("/")[2])
def test_every_credit_of_a_sample_statement_is_matched_as_its_answer_says(answer: dict[str, Any]) -> None:
    statement = read_statement(SAMPLES / answer["statement"])
    proposals = {found.line.no: found for found in match(statement.lines, INVOICES)}
    assert proposals.keys() == {wanted["line"] for wanted in answer["proposals"]}
    for wanted in answer["proposals"]:
        found = proposals[wanted["line"]]
        assert found.match.key in wanted["accept"], found
        assert (found.match.key, list(found.invoices)) == (wanted["class"], wanted["invoices"]), found
        assert list(found.flags) == wanted["flags"], found
        assert set(wanted["related"]) <= set(found.related), found
        assert found.reasons
        assert all(reason.endswith(".") for reason in found.reasons)


# A small office of our own

SITI = OpenInvoice(
    "INV-1600-26-0094", ("INV-1600-26-0094", "INV-0094/16000/KU.130/09/2026"), 642_118, ("Siti Contohwati",),
    date(2026, 10, 1), date(2026, 11, 1),
)  # fmt: skip
BUDI = replace(
    SITI, key="INV-1600-26-0095", codes=("INV-1600-26-0095",), amount=140_000, names=("Budi Rekaan Santosa",)
)
JAYA = replace(SITI, key="INV-1600-26-0096", codes=("INV-1600-26-0096",), amount=2_100_000, names=("PT Peta Misalnya",))
OFFICE = (SITI, BUDI, JAYA)


def credit(amount: int, text: str, day: int = 12, no: int = 1, month: int = 10, **more: Any) -> StatementLine:
    return StatementLine(no, date(2026, month, day), amount * 100, text, reversal=is_reversal(text), **more)


def matched(*lines: StatementLine, invoices: Iterable[OpenInvoice] = OFFICE) -> list[Proposal]:
    return match([replace(line, no=number) for number, line in enumerate(lines, 1)], invoices)


def one(line: StatementLine, invoices: Iterable[OpenInvoice] = OFFICE) -> Proposal:
    [found] = matched(line, invoices=invoices)
    return found


@pytest.mark.parametrize(
    "spelling",
    [
        "INV-1600-26-0094", "inv-1600-26-0094", "INV 1600 26 0094", "INV1600260094", "INV/1600/26/0094",
        "inv.1600.26.0094", "INV1600-260094", "bayarinv1600260094datamikro", "INV_1600_26_0094",
        "INV – 1600 – 26 – 0094",
        "ＩＮＶ-1600-26-0094", "INV-1600-26-0094 99102", "642118.00INV-1600-26-0094 SITI", "INV-1600-26-00\n94",
        "INV-0094/16000/KU.130/09/2026", "inv 0094 16000 ku 130 09 2026", "INV-1600-26-0094 INV-1600-26-0094",
    ],
)  # fmt: skip
def test_a_whole_code_and_the_exact_amount_are_certain_however_it_is_spelt(spelling: str) -> None:
    found = one(credit(642_118, f"TRSF {spelling} peta"))
    assert (found.match, found.invoices, found.flags) == (CERTAIN, (SITI.key,), ())


@pytest.mark.parametrize(
    "remark",
    [
        "INV-1600-26-00941", "INV-1600-26-009", "INV-1600-26-0094-2", "INV-1600-26-0094/0095", "INV-1600-26-1094",
        "INV-1600-27-0094", "INV-1571-26-0094", "1600260094", "INV-16OO-26-0094", "IVN-1600-26-0094",
        "INV-1600-26-0049", "INV-1600-26-010 94", "INV-1600-26-0094 INV-1600-26-0095",
        "INV-1600-26-0094 INV-1600-26-0777",
    ],
)  # fmt: skip
def test_a_code_that_is_not_exactly_the_invoices_own_is_never_certain(remark: str) -> None:
    assert one(credit(642_118, f"TRSF {remark} peta")).match is not CERTAIN


@pytest.mark.parametrize(
    "remark",
    [
        "INV-1600-26-00", "INV-160", "PEMBAYARAN INV-1600-26-009", "INV-16OO-26-0094", "INV-1600-26-00944",
        "INVOICE 0094", "1600-26-0094", "INV-1600-6-0094",
    ],
)  # fmt: skip
def test_a_cut_or_damaged_code_with_the_exact_amount_is_likely(remark: str) -> None:
    found = one(credit(642_118, f"TRSF {remark} peta"))
    assert (found.match, found.invoices) == (LIKELY, (SITI.key,))


def test_a_damaged_code_that_fits_two_invoices_is_told_by_the_name_or_not_at_all() -> None:
    twins = (SITI, replace(BUDI, amount=SITI.amount))
    assert one(credit(642_118, "INV-1600-26-00 peta"), twins).match is AMBIGUOUS
    found = one(credit(642_118, "DARI BUDI REKAAN SANTOSA INV-1600-26-00 peta"), twins)
    assert (found.match, found.invoices) == (LIKELY, (BUDI.key,))


def test_a_damaged_code_of_another_invoice_does_not_let_the_amount_choose() -> None:
    found = one(credit(642_118, "DARI SITI CONTOHWATI INV-1571-26-00 peta"))
    assert (found.match, found.related) == (AMBIGUOUS, (SITI.key,))


def test_a_well_formed_code_that_nobody_has_never_takes_the_invoice_of_the_same_amount() -> None:
    found = one(credit(642_118, "DARI SITI CONTOHWATI INV-1600-26-0044"))
    assert (found.match, found.related, found.flags) == (AMBIGUOUS, (SITI.key,), ("unknown_code",))
    assert one(credit(1, "INV-1600-26-0044")).match is NONE


def test_several_codes_and_their_exact_sum_are_certain_for_all() -> None:
    found = one(credit(782_118, "INV-1600-26-0094 dan INV-1600-26-0095"))
    assert (found.match, found.invoices) == (CERTAIN, (SITI.key, BUDI.key))
    assert one(credit(782_117, "INV-1600-26-0094 dan INV-1600-26-0095")).match is AMBIGUOUS


def test_the_code_of_one_invoice_with_the_amount_of_another_is_a_conflict() -> None:
    found = one(credit(140_000, "INV-1600-26-0094"))
    assert (found.match, found.related, found.flags) == (AMBIGUOUS, (SITI.key, BUDI.key), ("conflict",))


@pytest.mark.parametrize(
    ("amount", "kind", "flags"),
    [
        (642_118 - 6_500, LIKELY, ("amount_differs", "short_by:6500")),
        (642_118 + 882, LIKELY, ("amount_differs", "over_by:882")),
        (642_118 - 90_000, LIKELY, ("amount_differs", "short_by:90000")),
        (642_118 + 90_000, AMBIGUOUS, ("amount_differs", "over_by:90000")),
        (642_118 - 300_000, AMBIGUOUS, ("amount_differs", "short_by:300000")),
    ],
)
def test_a_small_difference_is_a_bank_charge_and_a_large_one_is_shown(
    amount: int, kind: MatchClass, flags: tuple[str, ...]
) -> None:
    found = one(credit(amount, "INV-1600-26-0094"))
    assert (found.match, found.flags) == (kind, flags)


def test_one_sen_more_is_not_the_exact_amount() -> None:
    line = replace(credit(642_118, "INV-1600-26-0094"), amount_sen=642_118_01)
    assert one(line).match is not CERTAIN


def test_parts_that_add_up_to_the_invoice_are_likely_each() -> None:
    first, second, late = matched(
        credit(600_000, "INV-1600-26-0094 pertama"), credit(42_118, "INV-1600-26-0094 kedua", 13),
        credit(42_118, "INV-1600-26-0094 ketiga", 14),
    )  # fmt: skip
    assert [found.match for found in (first, second)] == [LIKELY, LIKELY]
    assert first.flags == ("part_payment", "short_by:42118")
    assert late.match is AMBIGUOUS


def test_a_line_that_pays_the_invoice_alone_leaves_no_parts() -> None:
    found = matched(
        credit(300_000, "INV-1600-26-0094"), credit(342_118, "INV-1600-26-0094", 13),
        credit(642_118, "INV-1600-26-0094", 14),
    )  # fmt: skip
    assert [entry.match for entry in found] == [AMBIGUOUS, AMBIGUOUS, CERTAIN]


def test_parts_that_do_not_add_up_are_shown() -> None:
    found = matched(credit(300_000, "INV-1600-26-0094"), credit(300_000, "INV-1600-26-0094", 13))
    assert [entry.match for entry in found] == [AMBIGUOUS, AMBIGUOUS]


def test_money_for_an_invoice_that_is_paid_already_is_a_double_payment() -> None:
    first, second, third = matched(
        credit(642_118, "INV-1600-26-0094"), credit(642_118, "INV-1600-26-0094", 13),
        credit(642_118, "DARI SITI CONTOHWATI", 14),
    )  # fmt: skip
    assert first.match is CERTAIN
    for later in (second, third):
        assert (later.match, later.related, later.flags) == (NONE, (SITI.key,), ("double_payment",))


def test_a_code_after_a_payment_that_only_the_name_told_is_not_certain() -> None:
    first, second = matched(credit(642_118, "DARI SITI CONTOHWATI"), credit(642_118, "INV-1600-26-0094", 13))
    assert (first.match, first.invoices) == (LIKELY, (SITI.key,))
    assert (second.match, second.flags) == (AMBIGUOUS, ("double_payment",))


def test_a_credit_that_the_bank_takes_back_is_no_payment_and_the_next_one_is() -> None:
    first, back, again = (
        credit(642_118, "KLIRING SITI CONTOHWATI INV-1600-26-0094"),
        credit(-642_118, "REVERSAL KLIRING SITI CONTOHWATI INV-1600-26-0094", 13),
        credit(642_118, "KLIRING SITI CONTOHWATI INV-1600-26-0094", 14),
    )
    taken, paid = matched(first, back, again)
    assert (taken.match, taken.related, taken.flags) == (NONE, (SITI.key,), ("reversed",))
    assert paid.match is CERTAIN


def test_the_file_may_begin_with_its_newest_line() -> None:
    lines = [
        credit(642_118, "INV-1600-26-0094 lagi", 12, 1),
        credit(-642_118, "REVERSAL INV-1600-26-0094", 12, 2),
        credit(642_118, "INV-1600-26-0094", 12, 3),
    ]
    found = match(lines, OFFICE, newest_first=True)
    assert [entry.match for entry in found] == [CERTAIN, NONE]


def test_a_reversal_takes_back_the_credit_it_names() -> None:
    one_name, other_name, back = (
        credit(70_000, "KLIRING ANDI UMPAMA"), credit(70_000, "KLIRING WAHYU CONTOH", 12),
        credit(-70_000, "KOREKSI KLIRING ANDI UMPAMA", 13),
    )  # fmt: skip
    flags = [found.flags for found in matched(one_name, other_name, back)]
    assert "reversed" in flags[0]
    assert "reversed" not in flags[1]


def test_an_ordinary_debit_of_the_same_amount_takes_nothing_back() -> None:
    [paid] = matched(credit(642_118, "INV-1600-26-0094"), credit(-642_118, "MPN G3 820261008782716", 13))
    assert paid.match is CERTAIN


def test_money_that_the_bank_returns_to_the_office_is_no_payment() -> None:
    found = one(credit(642_118, "RETUR KLIRING KELUAR INV-1600-26-0094"))
    assert (found.match, found.flags, found.related) == (AMBIGUOUS, ("reversal",), (SITI.key,))


@pytest.mark.parametrize(
    ("day", "month", "kind", "flags"),
    [
        (1, 10, CERTAIN, ()), (1, 11, CERTAIN, ()), (2, 11, LIKELY, ("expired",)),
        (30, 9, AMBIGUOUS, ("before_issue",)),
    ],
)  # fmt: skip
def test_an_invoice_counts_from_its_issue_to_its_last_day(
    day: int, month: int, kind: MatchClass, flags: tuple[str, ...]
) -> None:
    found = one(credit(642_118, "INV-1600-26-0094", day, month=month))
    assert (found.match, found.flags) == (kind, flags)


def test_name_and_amount_of_an_invoice_that_no_longer_counts_choose_nothing() -> None:
    found = one(credit(642_118, "DARI SITI CONTOHWATI", 2, month=11))
    assert (found.match, found.related, found.flags) == (NONE, (SITI.key,), ("expired",))


# Names


@pytest.mark.parametrize(
    ("name", "text", "level"),
    [
        ("Siti Contohwati", "TRF DARI SITI CONTOHWATI peta", WHOLE),
        ("Nur Ma'rifat Fiktif", "KLIRING NUR MARIFAT FIKTIF", WHOLE),
        ("José Ñandú Contoh", "JOSE NANDU CONTOH", WHOLE),
        ("Hendra Khayal, S.Si., M.Si.", "DARI HENDRA KHAYAL", WHOLE),
        ("Dr. Lestari Contohningrum", "Ibu LESTARI CONTOHNINGRUM", WHOLE),
        ("PT Riset Umpama Sriwijaya", "RISET UMPAMA SRIWIJAYA PT", WHOLE),
        ("Riset Umpama Sriwijaya, PT", "PT RISET UMPAMA SRIWIJAYA", WHOLE),
        ("PT Riset Umpama Sriwijaya", "DARI PT RISET UMPAMA SRIW INV", CUT),
        ("Universitas Contoh Musi", "UNIVERSITAS CONTOH M", CUT),
        ("Lembaga Survei Khayal Indonesia", "LEMBAGA SURVEI KHAYA", CUT),
        ("Exampletonian Society", "EXAMPLETONI", CUT),
        ("Muhammad Rizki Khayal", "MUH RIZKY KHAYAL", SIMILAR),
        ("M. Rizky Khayali", "MUH RIZKY KHAYAL", SIMILAR),
        ("Soeharto Umpama", "SUHARTO UMPAMA", SIMILAR),
        ("Ayu Sri Rahayu Khayalan Umpama", "AYU SRI", ABSENT),
        ("Siti Contohwati", "BUDI SANTOSA", ABSENT),
        ("Siti Contohwati", "SITI REKAAN", ABSENT),
        ("Wahyu Contoh Pratama", "CONTOH", ABSENT),
        ("Universitas Contoh Musi", "UNIVERSITAS REKAAN", ABSENT),
        ("Sumsel Prov", "DARI SITI TO RPL 014 BPS PROV SUMSEL CONTOH", ABSENT),
        ("Data", "PEMBELIAN DATA", ABSENT),
    ],
)
def test_how_well_a_name_stands_in_a_remark(name: str, text: str, level: int) -> None:
    assert best_found(names_of(name), words_in(text)).level == level


def test_the_name_of_the_other_side_counts_as_the_remark_does() -> None:
    found = one(credit(642_118, "TRANSFER MASUK", counterparty="SITI CONTOHWATI"))
    assert (found.match, found.invoices) == (LIKELY, (SITI.key,))


def test_similar_names_with_one_amount_are_equals_and_a_whole_name_is_not() -> None:
    rizki = replace(SITI, names=("Muhammad Rizki Khayal",))
    rizky = replace(BUDI, amount=SITI.amount, names=("M. Rizky Khayali",))
    both = (rizki, rizky)
    assert one(credit(642_118, "MUH RIZKY KHAYAL"), both).flags == ("same_amount", "similar_names")
    assert one(credit(642_118, "MUHAMMAD RIZKI KHAYAL"), both).invoices == (rizki.key,)
    assert one(credit(642_118, "M RIZKY KHAYALI"), both).invoices == (rizky.key,)


def test_a_name_inside_a_longer_name_that_stands_there_is_not_the_payer() -> None:
    short, long = (
        replace(SITI, names=("Budi Santosa",)),
        replace(BUDI, amount=SITI.amount, names=("Budi Santosa Wijaya",)),
    )
    assert one(credit(642_118, "BUDI SANTOSA WIJAYA"), (short, long)).invoices == (long.key,)


def test_two_equal_invoices_of_one_payer_are_never_chosen_between() -> None:
    twins = (SITI, replace(SITI, key="B", codes=("INV-1600-26-0199",)))
    found = one(credit(642_118, "DARI SITI CONTOHWATI"), twins)
    assert (found.match, found.related) == (AMBIGUOUS, (SITI.key, "B"))


@pytest.mark.parametrize(
    ("text", "flag"),
    [("SETOR TUNAI UNIT CONTOH", "no_name"), ("DARI ATM CONTOH", "no_name"), ("DARI TUTI FIKTIF", "other_payer")],
)
def test_the_amount_alone_is_at_best_ambiguous(text: str, flag: str) -> None:
    found = one(credit(642_118, text))
    assert (found.match, found.related, found.flags) == (AMBIGUOUS, (SITI.key,), (flag,))


def test_a_sender_account_that_paid_before_and_a_reference_on_a_proof_tell_the_payer() -> None:
    known = replace(SITI, accounts=frozenset({"9990001112"}))
    proof = replace(SITI, references=frozenset({"TRX 408040251"}))
    by_account = one(credit(642_118, "DARI 9990001112 TOKO"), (known,))
    by_proof = one(credit(642_118, "DARI TOKO", reference="TRX408040251"), (proof,))
    assert (by_account.match, by_proof.match) == (LIKELY, LIKELY)
    assert "Rekening pengirim" in by_account.reasons[1]
    assert "bukti bayar" in by_proof.reasons[1]


def test_the_institution_and_the_payer_of_a_proof_may_pay_too() -> None:
    invoice = replace(SITI, names=("Siti Contohwati", "Universitas Contoh Musi", "Tuti Fiktif"))
    for name in ("UNIVERSITAS CONTOH MUSI", "TUTI FIKTIF"):
        assert one(credit(642_118, f"DARI {name}"), (invoice,)).match is LIKELY


def test_one_transfer_for_two_or_all_invoices_of_a_payer_is_likely() -> None:
    mine = [
        replace(SITI, key=f"K{n}", codes=(f"INV-1600-26-01{n:02d}",), amount=amount)
        for n, amount in enumerate((100, 250, 700))
    ]
    pair, all_three = one(credit(350, "SITI CONTOHWATI"), mine), one(credit(1050, "SITI CONTOHWATI"), mine)
    assert (pair.match, pair.invoices) == (LIKELY, ("K0", "K1"))
    assert (all_three.match, all_three.invoices) == (LIKELY, ("K0", "K1", "K2"))


def test_a_sum_that_can_be_made_in_two_ways_is_ambiguous() -> None:
    mine = [
        replace(SITI, key=f"K{n}", codes=(f"INV-1600-26-01{n:02d}",), amount=amount)
        for n, amount in enumerate((100, 250, 150, 200))
    ]
    found = one(credit(350, "SITI CONTOHWATI"), mine)
    assert (found.match, found.related) == (AMBIGUOUS, ("K0", "K1", "K2", "K3"))


def test_money_that_fits_nothing_is_left_over() -> None:
    assert one(credit(18_437, "BUNGA REKENING")).match is NONE
    assert one(credit(642_118, "INV-1600-26-0094"), ()).match is NONE


def test_debits_get_no_proposal() -> None:
    assert matched(credit(-6_500, "BIAYA ADM")) == []


def test_two_invoices_with_one_code_are_never_chosen_between() -> None:
    found = one(credit(642_118, "INV-1600-26-0094"), (SITI, replace(SITI, key="B")))
    assert found.match is AMBIGUOUS


# Promises


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_certain_always_means_a_whole_code_the_exact_sum_and_an_open_invoice(data: st.DataObject) -> None:
    invoices = [
        replace(SITI, key=f"INV-1600-26-{n:04d}", codes=(f"INV-1600-26-{n:04d}",), names=(name,), amount=amount)
        for n, (amount, name) in enumerate(
            data.draw(
                st.lists(
                    st.tuples(st.sampled_from([100, 200, 300]), st.sampled_from(["Siti Khayal", "Budi Rekaan"])),
                    max_size=6,
                )
            )
        )
    ]
    pieces = st.sampled_from(
        ["INV-1600-26-0001", "inv1600260002", "INV-1600-26-00", "SITI KHAYAL", "REVERSAL", "0003", "/", "5"]
    )
    lines = [
        credit(data.draw(st.sampled_from([100, 200, 300, 400, -100])), text, day)
        for day, text in enumerate(data.draw(st.lists(st.lists(pieces, max_size=4).map(" ".join), max_size=6)), 5)
    ]
    used: set[str] = set()
    by_key = {invoice.key: invoice for invoice in invoices}
    for found in matched(*lines, invoices=invoices):
        if found.match is CERTAIN:
            assert sum(by_key[key].amount for key in found.invoices) == found.line.amount
            assert all("".join(key.split("-")).lower() in squeezed(found.line.description) for key in found.invoices)
            assert used.isdisjoint(found.invoices)
            used.update(found.invoices)
        assert bool(found.invoices) == (found.match in (CERTAIN, LIKELY))


def squeezed(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


@given(st.text("0123456789", min_size=1, max_size=8), st.integers(0, 7), st.sampled_from("0123456789"))
def test_one_slip_is_one_sign_wrong_missing_or_too_many(code: str, place: int, sign: str) -> None:
    place %= len(code)
    assert is_one_slip(code, code[:place] + sign + code[place + 1 :])
    assert is_one_slip(code, code[:place] + sign + code[place:])
    assert is_one_slip(code, code[:place] + code[place + 1 :])
    assert not is_one_slip(code, code + "99")


def test_swapped_neighbours_are_one_slip() -> None:
    assert is_one_slip("1600260094", "1600260049")
    assert not is_one_slip("1600260094", "1600264900")


def test_a_code_without_digits_is_never_looked_for() -> None:
    assert CodeBook([("INVOICE", 0)]).find("INVOICE peta").whole == ()


@pytest.mark.parametrize("amounts", [None, (70_000,)])
def test_the_cost_grows_with_lines_and_invoices_and_not_with_their_product(amounts: tuple[int, ...] | None) -> None:
    def cost(size: int) -> float:
        invoices = [
            replace(
                SITI, key=f"INV-1600-26-{n:04d}", codes=(f"INV-1600-26-{n:04d}",),
                names=(f"Siti {word(n)} {word(n + 7)}",),
                amount=amounts[0] if amounts else 20_000 + n,
            )
            for n in range(size)
        ]  # fmt: skip
        lines = [
            StatementLine(
                n + 1, SITI.issued + timedelta(n % 28), invoices[n].amount * 100,
                f"DARI {invoices[n].names[0].upper()} {invoices[n].codes[0] if n % 2 else ''}",
            )
            for n in range(size)
        ]  # fmt: skip
        start = time.process_time()
        match(lines, InvoiceIndex(invoices))
        return time.process_time() - start

    cost(50)
    assert cost(2_000) < cost(250) * 8 * 4


def word(number: int) -> str:
    return "contoh" + "".join(chr(97 + int(digit)) for digit in str(number * 7919 % 9973))
