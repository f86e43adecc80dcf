"""People do whatever they may, in any order, for a long time; after every deed the stored copy equals the facts."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from desk import deeds
from desk.actions import ACTIONS, Action, why_not
from desk.deeds import derived
from desk.errors import Refused
from desk.rules.case import TRACKS, CaseFacts, Data, Fit, Money, Stage, State
from desk.rules.reminders import next_reminder
from desk.rules.rule_book import NATIONAL
from tests import inputs
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Person, Ref

WALKS = 4
DEEDS = 140
AFTERWARDS = frozenset(
    {
        "open_correction", "ask_late_correction", "allow_late_correction", "refuse_late_correction",
        "remind_results", "record_results", "waive_results",
    }
)  # fmt: skip
"""What a closed case may still see."""
ELSEWHERE = AFTERWARDS - {"open_correction"}
"""Played by tests/stories/test_after_delivery.py: most of it comes late, and the walks are short."""
# Ends of a story are left for later, or most walks would be short.
RARE = frozenset(
    {"cancel_case", "redirect_case", "void_invoice", "void_receipt", "return_data", "reject_proof", "reverse_payment"}
)
# tests/stories/test_joining.py plays what needs a second case, a section or the customer's answer.
JOINING = frozenset({
    "merge_case", "take_in_case", "split_case", "split_off_case", "ask_section", "note_section_answer",
    "return_request",
})  # fmt: skip


class Walk:
    """The whole office at work on one case after the other, now of Palembang, now of Jambi."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch, seed: int, done: Counter[str]) -> None:
        self.office = office
        self.chance = random.Random(seed)
        self.looks_for_free = seed % 2 == 0
        self.now = MORNING
        self.done = done
        self.seen: set[State] = set()
        self.refused: Counter[str] = Counter()
        self.believed: list[CaseFacts] = []
        record = deeds._record

        def listen(session: Any, action: Any, case: CaseFacts, *rest: Any) -> None:
            self.believed.append(case)
            record(session, action, case, *rest)

        monkeypatch.setattr(deeds, "_record", listen)

    def run(self, deeds: int) -> None:
        case = self.office.new_case(PALEMBANG)
        for _ in range(deeds):
            self._pass_time()
            if not self.step(case):
                case = self.office.new_case(JAMBI if case.office_id == PALEMBANG else PALEMBANG)

    def step(self, case: Ref) -> bool:
        """One deed that somebody may do now, chosen by chance; False when the case has ended."""
        before = self.office.facts(case)
        due = next_reminder(before)
        if due is not None and not self.done["remind_customer"]:
            self.now = self.office.set_clock(self.now + max(due - before.today, timedelta(0)))
            before = self.office.facts(case)
        possible = [
            (person, action)
            for person in self.office.people()
            for action in ACTIONS.values()
            if action.handler is not None
            and not action.automatic
            and action.id not in JOINING
            and why_not(action, person.actor, before) is None
        ]
        if before.stage in (Stage.CLOSED, Stage.CANCELLED):
            custody = {"move_original", "lend_original", "return_original"}
            closed = before.stage is Stage.CLOSED
            assert {action.id for _, action in possible} <= custody | (AFTERWARDS if closed else set())
            return False
        possible = [(person, action) for person, action in possible if action.id not in ELSEWHERE]
        if before.invoice and before.agreement and not before.papers_ready:
            self.office.make_papers(case)
            before = self.office.facts(case)
        person, action = self.chance.choices(possible, [self._weight(action) for _, action in possible])[0]
        try:
            person.do(action.id, case, self._answer(action.id, before, person))
        except Refused:  # what was typed is refused under the lock, e.g. money after the last day
            self.refused[action.id] += 1
            self.check(case)
        else:
            self.done[action.id] += 1
            self.check(case, believed=self.believed[-1])
        return True

    def check(self, case: Ref, *, believed: CaseFacts | None = None) -> None:
        """The row is what its facts say, and the facts are what the deed believed it had changed."""
        now, row = self.office.facts(case), self.office.row(case)
        assert {name: _plain(row[name]) for name in derived(now)} == derived(now)
        self.seen |= {now.stage, now.money, now.original, now.data}
        if believed is not None and now.open():
            assert _foreseen(believed) == _foreseen(now)

    def _weight(self, action: Action) -> float:
        """What was never done is done at once, then what moves a case rather than what can be repeated."""
        if not self.done[action.id] or (action.id in ("request_relief", "approve_relief") and self._not_yet_free()):
            return 50.0 / (1 + self.refused[action.id]) ** 2
        rare = 0.04 if action.id in RARE else 1.0
        return rare / self.done[action.id] * (3.0 if action.after and action.next_step else 0.5)

    def _not_yet_free(self) -> bool:
        return self.looks_for_free and Money.FREE not in self.seen

    def _answer(self, action_id: str, case: CaseFacts, person: Person) -> object:
        colleague = next(p for p in self.office.people() if "officer" in _duties(p, case.office_id) and p is not person)
        if action_id == "decide_fit" and self.chance.random() < 0.2:
            return inputs.fit(case, self.chance.choice((Fit.ASK, Fit.DOES_NOT)))
        if action_id == "request_relief":
            return inputs.relief(case.today, 100 if self._not_yet_free() else self.chance.choice((30, 100)))
        if action_id == "change_request" and self.chance.random() < 0.5:
            return inputs.change(case, lines=inputs.LINES[: self.chance.randint(1, 2)], name="Sari Contohwati, S.Stat.")
        if action_id == "confirm_payment" and self.chance.random() < 0.2:
            return inputs.payment(case, amount=1)
        return inputs.answer(action_id, case, colleague=colleague.login)

    def _pass_time(self) -> None:
        """A minute, now and then a day, seldom longer than an invoice lives; often until invoices have run out."""
        long = 3 if self.done["expire_invoice"] and self.done["renew_invoice"] else 30
        step = self.chance.choices((timedelta(minutes=1), timedelta(days=1), timedelta(days=33)), (85, 12, long))[0]
        self.now = self.office.set_clock(self.now + step)


def _duties(person: Person, office_id: int) -> set[str]:
    return {duty.value for duty in person.actor.duties_in(office_id)}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _foreseen(case: CaseFacts) -> CaseFacts:
    """The facts that a deed must foresee; not the row's version, the customer, the holder, and the list of tasks."""
    case = replace(case, version=0, holder=None, tasks=())
    return replace(case, customer_name="", institution="", email="", phone="", address="")


@pytest.fixture(scope="module")
def done() -> Counter[str]:
    """How often each action was done, over all walks: what was done least is done first."""
    return Counter()


@pytest.fixture(scope="module")
def seen() -> set[State]:
    """The states that the cases of all walks came to."""
    return set()


@pytest.mark.parametrize("seed", range(WALKS))
def test_the_stored_desks_and_promises_never_drift_from_the_facts(
    office: Office, monkeypatch: pytest.MonkeyPatch, seed: int, done: Counter[str], seen: set[State]
) -> None:
    if seed % 2:
        office.set_rule(NATIONAL, "sppd_copies", "2")
    if seed:
        office.set_rule(NATIONAL, "second_confirmation_above", "1000", date(2016, 1, 1))
    walk = Walk(office, monkeypatch, seed, done)
    walk.run(DEEDS)
    seen |= walk.seen
    assert office.findings() <= {"paper_without_sheet"}, "whatever happened, the doctor has nothing to say about it"


def test_the_walks_together_did_everything_and_came_everywhere(done: Counter[str], seen: set[State]) -> None:
    # tests/mail plays what mail servers say
    elsewhere = {
        *("register_case", "settle_mail", "report_mail", "take_mail", "take_messages", "read_messages"),
        *("confirm_sent", "fail_delivery"),
        *("make_sample", "send_sample"),  # tests/delivery/test_sample.py: an office has to allow it
        *JOINING,
    }
    # of two signed copies: tests/stories/test_custody.py; of money that does not fit: the stories about money
    # of a gate that the supervisor is asked to open: tests/stories/test_override.py
    seldom = {"hand_out_original", "note_money", "withdraw_money_note", "ask_override", "refuse_override"}
    undone = ACTIONS.keys() - done.keys() - seldom
    assert undone == (elsewhere | ELSEWHERE) - seldom
    assert [state for track in TRACKS for state in track if state not in seen] == [Stage.MERGED, Data.SENDING]
