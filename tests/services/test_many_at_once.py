"""Several people at once, also on workstations that are real processes; those that die stand in `tests/drills`."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest

from desk.drills.seats import Seat
from desk.errors import Refused
from desk.rules.case import Data, Money
from tests import inputs
from tests.office import PALEMBANG, Office, Ref
from tests.services.workers import issue_receipts, reserve_numbers

SPAWN = multiprocessing.get_context("spawn")
SERIES = {"cases": "case", "invoice": "invoice", "agreement": "sppd", "receipt": "receipt"}

_T = TypeVar("_T")


def at_once(*works: Callable[[], _T]) -> list[_T | Refused]:
    """What each got when all began at the same moment: the answer, or the sentence of the refusal."""
    together = Barrier(len(works))

    def run(work: Callable[[], _T]) -> _T | Refused:
        together.wait(30)
        try:
            return work()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def lines_of(path: Path) -> list[str]:
    """The complete lines of a file that somebody may still be writing."""
    return path.read_text("utf-8").split("\n")[:-1] if path.exists() else []


def assert_gapless(office: Office) -> None:
    for table, kind in SERIES.items():
        given = [row["sequence"] for row in office.rows(f"SELECT sequence FROM desk.{table} ORDER BY sequence")]
        assert given == list(range(1, len(given) + 1)), table
        last = office.rows("SELECT last FROM desk.counter WHERE kind = :kind", kind=kind)
        assert [row["last"] for row in last] == ([len(given)] if given else []), kind
    clock = [row["version"] for row in office.rows("SELECT version FROM desk.change ORDER BY version")]
    assert clock == list(range(1, len(clock) + 1))
    chain = office.rows("SELECT previous_hash, hash FROM desk.receipt ORDER BY sequence")
    assert [link["previous_hash"] for link in chain] == ["", *(link["hash"] for link in chain[:-1])][: len(chain)]


def seat_of(office: Office, name: str) -> Seat:
    person = office.as_(name)
    return Seat(office.database_url(person.login, person.password), person.actor)


def test_two_workstations_racing_through_the_same_cases_give_each_one_kuitansi(office: Office, tmp_path: Path) -> None:
    cases = [office.case_at(money=Money.CONFIRMED) for _ in range(6)]
    go = SPAWN.Event()
    processes = [
        SPAWN.Process(
            target=issue_receipts,
            args=(PALEMBANG, seat_of(office, who), [case.id for case in cases], go, tmp_path / who),
        )
        for who in ("budi", "sri")
    ]
    for process in processes:
        process.start()
    go.set()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    said = lines_of(tmp_path / "budi") + lines_of(tmp_path / "sri")
    assert len([line for line in said if line.startswith("Kuitansi KW-")]) == len(cases)
    assert len([line for line in said if "tindakan ini untuk" in line]) == len(cases)
    assert_gapless(office)


def test_a_double_click_is_one_deed_with_the_same_answer(office: Office) -> None:
    budi = office.as_("budi")
    for _ in range(5):
        case, key = office.case_at(money=Money.CONFIRMED), uuid4()
        first, second = at_once(*[lambda c=case, k=key: budi.do("issue_receipt", c, None, key=k)] * 2)
        assert first == second
        assert not isinstance(first, Refused)
    assert len(office.rows("SELECT FROM desk.receipt")) == 5
    assert_gapless(office)


def test_a_double_click_on_a_new_request_is_one_request(office: Office) -> None:
    rina = office.as_("rina")
    for _ in range(5):
        key = uuid4()
        asked = inputs.registration()
        first, second = at_once(*[lambda k=key, a=asked: rina.register(PALEMBANG, a, key=k)] * 2)
        assert first == second == Ref(PALEMBANG, key)
    assert len(office.rows("SELECT FROM desk.cases")) == 5
    assert len(office.rows("SELECT FROM desk.customer")) == 5
    assert_gapless(office)


def test_an_answer_that_was_lost_is_given_again_later(busy_office: Office) -> None:
    rina, fajar = busy_office.as_("rina"), busy_office.as_("fajar")
    key = uuid4()
    case = rina.register(PALEMBANG, key=key)
    assert rina.register(PALEMBANG, key=key) == case
    key = uuid4()
    first = rina.do("decide_fit", case, key=key)
    rina.do("check_requirements", case)
    rina.do("declare_clear", case)
    again = rina.do("decide_fit", case, inputs.fit(busy_office.facts(case)), key=key)
    assert again == first, "although it would be refused as a new deed now"
    events = busy_office.rows("SELECT FROM desk.event WHERE id = :key", key=key)
    assert len(events) == 1
    with pytest.raises(ValueError, match="request key"):
        fajar.do("decide_fit", case, inputs.fit(busy_office.facts(case)), key=key)


def test_two_treasurers_confirm_the_same_payment_and_one_reads_why_not(office: Office) -> None:
    budi, sri = office.as_("budi"), office.as_("sri")
    for _ in range(5):
        case = office.case_at(money=Money.PROOF)
        seen = inputs.payment(office.facts(case))
        answers = at_once(
            lambda c=case, s=seen: budi.do("confirm_payment", c, s),  # type: ignore[misc]
            lambda c=case, s=seen: sri.do("confirm_payment", c, s),  # type: ignore[misc]
        )
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert len(refused) == 1
        assert Money.CONFIRMED.label in str(refused[0])
    assert len(office.rows("SELECT FROM desk.payment")) == 5


def test_people_on_the_three_tracks_of_one_case_do_not_stand_in_each_others_way(office: Office) -> None:
    rina, fajar, budi = office.as_("rina"), office.as_("fajar"), office.as_("budi")
    case = office.case_at(money=Money.PROOF, data=Data.PREPARED)
    now = office.facts(case)
    answers = at_once(
        lambda: budi.do("confirm_payment", case, inputs.payment(now)),
        lambda: rina.do("receive_original", case, inputs.answer("receive_original", now, colleague="")),
        lambda: fajar.do("check_data", case),
    )
    assert not [answer for answer in answers if isinstance(answer, Refused)]
    after = office.facts(case)
    assert (after.money.value, after.original.value, after.data.value) == ("confirmed", "received", "checked")


def test_two_officers_who_edit_one_request_cannot_lose_each_others_work(office: Office) -> None:
    rina, fajar = office.as_("rina"), office.as_("fajar")
    case = office.new_case()
    opened = office.facts(case)
    answers = at_once(
        lambda: rina.do("change_request", case, inputs.change(opened, institution="Universitas Contoh")),
        lambda: fajar.do("change_request", case, inputs.change(opened, institution="Politeknik Fiktif")),
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 1
    assert "sudah diubah rekan lain" in str(refused[0])
    winner = "Universitas Contoh" if isinstance(answers[1], Refused) else "Politeknik Fiktif"
    assert office.facts(case).institution == winner


def test_a_screen_that_is_out_of_date_is_told_what_the_case_is_now(office: Office) -> None:
    rina, fajar = office.as_("rina"), office.as_("fajar")
    case = office.new_case()
    stale = inputs.fit(office.facts(case))
    rina.do("change_request", case, inputs.change(office.facts(case), lines=inputs.LINES[:1]))
    assert "sudah berubah" in fajar.refusal("decide_fit", case, stale)


def test_workstations_that_reserve_numbers_while_letters_go_out_leave_no_gap(office: Office) -> None:
    cases = [office.new_case() for _ in range(4)]
    go = SPAWN.Event()
    processes = [
        SPAWN.Process(target=reserve_numbers, args=(PALEMBANG, seat_of(office, who), 10, go))
        for who in ("fajar", "hendra")
    ]
    for process in processes:
        process.start()
    go.set()
    for case in cases:
        office.as_("rina").do("redirect_case", case)
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    rows = office.rows("SELECT sequence, subject_id FROM desk.letter_number WHERE series = 'redirect' ORDER BY 1")
    assert [row["sequence"] for row in rows] == list(range(1, 45))
    assert sum(row["subject_id"] is not None for row in rows) == len(cases)
