"""The table of actions tests itself: every row answers for every person in every state a case can come to."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from functools import cache
from itertools import combinations
from typing import get_args

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence

from desk.actions import ACTIONS, Action, next_steps, why_not
from desk.deeds import derived
from desk.rules.case import TRACKS, Data, Money, Original, Stage, State
from desk.rules.desks import DESK_OF, Desk, whereabouts
from desk.rules.inputs import Kind, questions
from desk.rules.people import Duty
from desk.ui.main_window import NEW_CASE_KEYS
from tests.actions.cases import Spot, case_at, person, variants, ways

EVERY = pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
ENDS = (Stage.CLOSED, Stage.CANCELLED, Stage.MERGED)


@cache
def reachable() -> dict[Spot, set[Spot]]:
    return ways()


def is_a_sentence(text: str) -> bool:
    return len(text) > 15 and text.endswith(".") and (text[0].isupper() or text[0] in "“1234567890")


@EVERY
def test_an_action_runs_or_says_why_not_in_every_state(action: Action) -> None:
    runs = int(action.handler is None)  # registering needs no case
    for spot in reachable():
        for case in variants(spot):
            reason = why_not(action, person(*action.who), case)
            assert reason is None or is_a_sentence(reason), (spot, reason)
            runs += reason is None
    assert runs, "nobody can ever do this"


@EVERY
def test_who_lacks_the_duty_is_told_in_every_state_whose_task_it_is(action: Action) -> None:
    for spot in reachable():
        case = case_at(spot)
        for duty in set(Duty) - action.who:
            reason = why_not(action, person(duty), case)
            assert reason is not None
            assert all(holder.label in reason for holder in action.who)
            assert is_a_sentence(reason)


def test_every_state_can_be_reached() -> None:
    for track, column in TRACKS.items():
        assert {getattr(spot, column) for spot in reachable()} == set(track)


def test_from_everywhere_a_case_can_still_come_to_an_end() -> None:
    backwards: dict[Spot, set[Spot]] = {}
    for spot, nexts in reachable().items():
        for after in nexts:
            backwards.setdefault(after, set()).add(spot)
    ending = {spot for spot in reachable() if spot.stage in ENDS}
    waiting = list(ending)
    while waiting:
        for before in backwards.get(waiting.pop(), ()):
            if before not in ending:
                ending.add(before)
                waiting.append(before)
    assert set(reachable()) - ending == set()


def test_an_ended_case_stays_ended() -> None:
    for spot, nexts in reachable().items():
        if spot.stage in ENDS:  # but for a fault in the data that is found after closing
            repaired = {after for after in nexts if after.data is Data.CORRECTING and spot.stage is Stage.CLOSED}
            assert nexts - repaired <= {spot}, spot


def test_a_closed_case_has_money_or_nol_rupiah_a_filed_original_and_data_that_were_taken() -> None:
    closed = [spot for spot in reachable() if spot.stage is Stage.CLOSED]
    assert closed
    for spot in closed:
        assert spot.money in (Money.RECEIPTED, Money.FREE)
        assert spot.original is Original.FILED
        assert spot.data in (Data.CONFIRMED, Data.DELIVERED), "by word, or by silence"


def test_every_open_case_is_on_the_officers_desk_and_no_ended_case_on_any() -> None:
    for spot in reachable():
        for case in variants(spot):
            where = whereabouts(case)
            comes_back = case.stage is Stage.CLOSED and case.late is not None and case.late.allowed is not False
            if not comes_back and case.mail_trouble is None:
                assert (Desk.OFFICER in where.places) == case.open(), spot
            for desk, place in where.places.items():
                assert DESK_OF[place.queue] is desk
                assert len(place.why) > 10


def test_a_case_is_on_exactly_the_desks_that_have_to_act() -> None:
    for spot in reachable():
        for case in variants(spot):
            expected = {Desk.OFFICER} if case.open() else set()
            if case.open() and case.money in (Money.PROOF, Money.CONFIRMED):
                expected.add(Desk.TREASURER)
            if case.open() and case.original in (Original.RECEIVED, Original.ACCEPTED):
                expected.add(Desk.MAIL)
            much = case.money is Money.CONFIRMED and case.needs_second_person()
            asked = case.override_asked is not None and not case.override_asked.refused
            late_waits = case.late is not None and case.late.allowed is None
            if case.open() and asked and case.data is Data.CHECKED and not case.address_confirmed:
                expected.add(Desk.SUPERVISOR)
            if late_waits or (case.open() and (much or (case.relief and case.relief.approved is None))):
                expected.add(Desk.SUPERVISOR)
            if case.mail_trouble is not None or (case.late is not None and case.late.allowed):
                expected.add(Desk.OFFICER)
            assert set(whereabouts(case).places) == expected, spot


def test_whoever_has_a_case_on_the_desk_finds_the_possible_steps_above_the_refused_ones() -> None:
    duty_of = {Desk.MAIL: Duty.OFFICER, Desk.TREASURER: Duty.TREASURER, Desk.SUPERVISOR: Duty.SUPERVISOR}
    for spot in reachable():
        for case in variants(spot):
            for desk in whereabouts(case).places:
                steps = next_steps(person(duty_of.get(desk, Duty.OFFICER)), case)
                refused = [reason is not None for _, reason in steps]
                assert False in refused, (spot, desk)
                assert refused == sorted(refused)


def test_what_a_case_derives_fits_the_columns_it_is_stored_in() -> None:
    names = {field for spot in reachable() for field in derived(case_at(spot))}
    assert {f"{desk.value}_queue" for desk in Desk} <= names
    assert {f"{desk.value}_why" for desk in Desk} <= names


# names, words, forms


@EVERY
def test_an_action_is_named_verb_noun_and_said_in_indonesian(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", action.id) or action.id == "deliver"  # the noun is the case itself
    assert action.label[0].isupper()
    assert not action.label.endswith(".")
    assert is_a_sentence(action.help), action.help
    assert not action.confirm or is_a_sentence(action.confirm)
    assert action.who, "somebody must be able to do it"
    if action.sends:
        assert action.who == {Duty.OFFICER}, "only the officer talks to the customer"


def test_no_two_actions_have_the_same_label() -> None:
    labels = [action.label for action in ACTIONS.values()]
    assert len(labels) == len(set(labels))


def test_nobody_but_readers_may_do_nothing() -> None:
    doing = frozenset().union(*(action.who for action in ACTIONS.values()))
    assert doing == {Duty.OFFICER, Duty.TREASURER, Duty.SUPERVISOR}


def test_money_is_the_treasurers_and_only_the_scan_is_shared() -> None:
    treasurers = {action.id for action in ACTIONS.values() if action.who == {Duty.TREASURER}}
    assert treasurers == {
        "confirm_payment", "confirm_state_payment", "note_money", "withdraw_money_note", "reject_proof",
        "reverse_payment", "issue_receipt", "void_receipt",
    }  # fmt: skip


@EVERY
def test_every_form_has_a_question_for_every_field(action: Action) -> None:
    if action.asks is None:
        return
    asked = questions(action.asks)
    assert bool(asked) is not action.automatic  # what the program does for a person asks nothing
    if action.automatic:
        return
    known = {field.name: field for field in fields(action.asks)}
    for question in asked:
        assert question.name in known
        assert question.kind in get_args(Kind)
        assert question.label[0].isupper()
        assert not question.help or question.help.endswith(".")
        assert bool(question.choices) == (question.kind in ("choice", "relief", "ticks")), question.name
        assert all(isinstance(choice, State) for choice in question.choices)
    for name in known.keys() - {question.name for question in asked}:  # filled in by the program, not by the person
        assert known[name].default is not MISSING


# keys

WINDOW_KEYS = (
    *("Ctrl+K", "F1", "F5", "F6", "Return", "Enter", "Esc", "Tab", "Up", "Down", "Space", "Alt+F4"),
    *(f"Alt+{number}" for number in range(1, 10)),
    *(f"Ctrl+{number}" for number in range(10)),
    *("Ctrl++", "Ctrl+-", "Ctrl+=", "Ctrl+P"),  # the paper on show
)


def keys_of(text: str) -> str:
    return QKeySequence(text).toString(QKeySequence.SequenceFormat.PortableText)


@EVERY
def test_a_shortcut_is_a_key_that_exists(action: Action) -> None:
    assert not (action.automatic and action.shortcut)
    if not action.shortcut:  # a rarer deed is reached by Ctrl+K and the action bar
        return
    if not action.shortcut:
        assert not action.next_step, "a step of every day has a key"
        return
    assert QKeySequence(action.shortcut).count() == 1
    assert keys_of(action.shortcut).startswith("Ctrl+"), "a bare letter would take the place of typing"
    assert "Alt+" not in action.shortcut, "AltGr is Ctrl+Alt on Windows"


def test_no_two_actions_share_a_shortcut() -> None:
    for one, other in combinations([action for action in ACTIONS.values() if action.shortcut], 2):
        assert keys_of(one.shortcut) != keys_of(other.shortcut), (one.id, other.id)


def test_no_action_takes_a_key_of_the_window() -> None:
    taken = {keys_of(key) for key in WINDOW_KEYS}
    assert not [action.id for action in ACTIONS.values() if action.shortcut and keys_of(action.shortcut) in taken]


def test_no_action_takes_a_key_that_people_edit_text_with(qapp: QGuiApplication) -> None:
    standard = QKeySequence.StandardKey
    editing = (
        *(standard.Copy, standard.Cut, standard.Paste, standard.Undo, standard.Redo, standard.SelectAll),
        *(standard.DeleteStartOfWord, standard.DeleteEndOfWord, standard.InsertLineSeparator),
        *(standard.MoveToNextWord, standard.MoveToPreviousWord, standard.SelectNextWord, standard.SelectPreviousWord),
        *(standard.MoveToStartOfDocument, standard.MoveToEndOfDocument),
    )
    taken = {keys.toString() for key in editing for keys in QKeySequence.keyBindings(key)}
    assert "Ctrl+C" in taken
    assert not [action.id for action in ACTIONS.values() if action.shortcut and keys_of(action.shortcut) in taken]


def test_the_window_opens_a_new_request_with_the_key_of_the_table() -> None:
    # The window does not load the table before its first list is shown, so it knows this one key itself.
    assert ACTIONS["register_case"].shortcut == NEW_CASE_KEYS
    assert ACTIONS["register_case"].who == {Duty.OFFICER}
