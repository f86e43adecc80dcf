"""The manual says what the table of actions says, and its pictures show moves that can happen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from desk import manual
from desk.actions import ACTIONS
from desk.rules.case import TRACKS, Data, Money, Original, Stage, State

if TYPE_CHECKING:
    from pathlib import Path


def test_the_pages_in_the_repository_are_up_to_date() -> None:
    assert manual.outdated() == []


def test_a_page_that_differs_or_is_missing_is_named(tmp_path: Path) -> None:
    manual.write(tmp_path)
    assert manual.outdated(tmp_path) == []
    (tmp_path / "actions.md").write_text("lama", "utf-8")
    (tmp_path / "states.md").unlink()
    assert manual.outdated(tmp_path) == ["actions.md", "states.md"]


def test_every_action_has_its_section() -> None:
    page = manual.pages()["actions.md"]
    for action in ACTIONS.values():
        section = page.split(f'<a id="{action.id}"></a>')[1].partition("<a id=")[0]
        assert f"## {action.label}\n" in section
        for text in (action.help, action.confirm.format(signer="…"), *(kind.label for kind in action.prints)):
            assert text in section


@pytest.mark.parametrize("track", TRACKS)
def test_every_state_of_a_track_is_reached_and_every_move_is_one_of_the_table(track: type[State]) -> None:
    moves = manual.edges(track)
    reached = {next(iter(track))} | {end for _, end in moves}
    assert reached == set(track)
    for (start, end), by_ids in moves.items():
        for by in by_ids:
            action = ACTIONS[by]
            wanted = [state for state in track if state in action.before]
            assert not wanted or start in wanted
            assert end in action.after


def test_what_the_rules_forbid_is_not_drawn() -> None:
    assert (Money.INVOICED, Money.RECEIPTED) not in manual.edges(Money)
    assert (Stage.NEW, Stage.ACTIVE) not in manual.edges(Stage)
    assert (Data.PREPARED, Data.DELIVERED) not in manual.edges(Data)
    assert (Original.AWAITED, Original.ACCEPTED) not in manual.edges(Original)


def test_the_refusals_of_a_rule_and_of_its_deed_are_listed() -> None:
    assert "Pembayaran belum dikonfirmasi." in manual.sentences(ACTIONS["issue_receipt"])
    asked = manual.sentences(ACTIONS["receive_original"])
    assert "Semua rangkap naskah asli sudah tiba." in asked  # the rule of the button
    assert "Kode itu milik rangkap …, bukan rangkap …." in asked  # the rule of the form


def test_every_listed_refusal_is_one_whole_sentence() -> None:
    for action in ACTIONS.values():
        for sentence in manual.sentences(action):
            assert re.match(r"[A-Z“…]", sentence), sentence
            assert sentence.endswith(".")
            assert "{" not in sentence
