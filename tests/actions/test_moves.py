"""The office's rules about who moves a case from where to where, written down a second time.

`desk/actions.py` may say the same in other words; whoever changes one of the two has to mean it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import text

from desk.actions import ACTIONS
from desk.rules.case import TRACKS, State
from tests.office import Office

_PAPER: Final = "original=awaited|received|refused|accepted|filed"  # of several copies, the least advanced counts
_OPEN: Final = "stage=new|clear|active"

MOVES: Final[dict[str, tuple[str, str, str]]] = {
    # action: (who, from, to)
    "register_case": ("officer", "", ""),
    "change_request": ("officer", "stage=new", ""),
    "change_customer": ("officer", "stage=clear|active", ""),
    "decide_fit": ("officer", "stage=new", ""),
    "check_requirements": ("officer", "stage=new", ""),
    "ask_section": ("officer", "stage=new", ""),
    "note_section_answer": ("officer", "stage=new", ""),
    "return_request": ("officer", "stage=new", ""),
    "declare_clear": ("officer", "stage=new", "stage=clear"),
    "redirect_case": ("officer", "stage=new", "stage=redirected"),
    "return_from_consultation": ("officer", "stage=redirected", "stage=new"),
    "request_relief": ("officer", "stage=new|clear", ""),
    "approve_relief": ("supervisor", "stage=new|clear", ""),
    "reject_relief": ("supervisor", "stage=new|clear", ""),
    "issue_invoice": ("officer", "stage=clear", "stage=active money=invoiced|free original=issued"),
    "send_offer": ("officer", "stage=active original=issued", "original=awaited"),
    "expire_invoice": ("officer", "stage=active money=invoiced", "money=expired"),
    "renew_invoice": ("officer", "stage=active money=invoiced|expired|proof", "money=invoiced|proof"),
    "void_invoice": ("officer", "stage=active money=invoiced|expired|free", "stage=clear money=none original=none"),
    "record_proof": ("officer", "stage=active money=invoiced|expired", "money=proof"),
    "confirm_payment": ("treasurer", "stage=active money=invoiced|proof", "money=confirmed"),
    "confirm_state_payment": ("treasurer", "stage=active money=invoiced|proof", "money=confirmed"),
    "record_billing_code": ("officer+treasurer", "stage=clear|active money=none|invoiced|proof", ""),
    "note_money": ("treasurer", "stage=active|closed", ""),
    "withdraw_money_note": ("treasurer", "stage=active|closed", ""),
    "reverse_payment": ("treasurer", "stage=active money=confirmed", "money=invoiced|proof"),
    "approve_payment": ("supervisor+treasurer", "stage=active money=confirmed", ""),
    "reject_proof": ("treasurer", "stage=active money=proof", "money=invoiced"),
    "issue_receipt": ("treasurer", "stage=active money=confirmed", "money=receipted"),
    "attach_receipt_scan": ("officer+treasurer", "stage=active money=receipted", ""),
    "void_receipt": ("treasurer", "stage=active money=receipted", "money=confirmed"),
    "note_courier": ("officer", "stage=active original=awaited|received|refused", _PAPER),
    "receive_original": ("officer", "stage=active original=awaited|received|refused", _PAPER),
    "accept_original": ("officer", "stage=active original=received", _PAPER),
    "refuse_original": ("officer", "stage=active original=received", _PAPER),
    "file_original": ("officer", "stage=active original=awaited|received|refused|accepted", _PAPER),
    "countersign_original": ("officer", "stage=active original=awaited|received|refused|accepted", _PAPER),
    "hand_out_original": ("officer", f"stage=active {_PAPER}", _PAPER),
    **dict.fromkeys(
        ("move_original", "lend_original", "return_original"), ("officer", f"stage=active|closed {_PAPER}", "")
    ),
    "attach_original_scan": ("officer", "stage=active original=awaited|received|refused|accepted|filed", ""),
    "start_preparation": ("officer", "stage=active data=none", "data=preparing"),
    "tick_tasks": ("officer", "stage=active data=preparing|correcting", ""),
    "finish_preparation": ("officer", "stage=active data=preparing|correcting", "data=prepared"),
    **dict.fromkeys(
        ("make_sample", "send_sample"), ("officer", "stage=active data=none|preparing|prepared|checked", "")
    ),
    "check_data": ("officer", "stage=active data=prepared", "data=checked"),
    "return_data": ("officer", "stage=active data=prepared|checked", "data=preparing|correcting"),
    "confirm_address": ("officer", "stage=active", ""),
    "override_gate": ("supervisor", "stage=active data=checked", ""),
    "deliver": ("officer", "stage=active data=checked", "data=sending|delivered"),
    "confirm_sent": ("officer+supervisor+treasurer", "stage=active data=sending", "data=delivered"),
    "fail_delivery": ("officer+supervisor+treasurer", "stage=active data=sending|delivered", "data=checked"),
    "reopen_delivery": ("officer", "stage=active data=sending|delivered", "data=checked"),
    "record_acceptance": ("officer", "stage=active data=delivered", "data=confirmed"),
    "open_correction": ("officer", "stage=active|closed data=delivered|confirmed", "stage=active data=correcting"),
    "ask_late_correction": ("officer", "stage=active|closed data=delivered|confirmed", ""),
    "ask_override": ("officer", "stage=active data=checked", ""),
    "refuse_override": ("supervisor", "stage=active data=checked", ""),
    "allow_late_correction": ("supervisor", "stage=active|closed data=delivered|confirmed", ""),
    "refuse_late_correction": ("supervisor", "stage=active|closed data=delivered|confirmed", ""),
    "close_case": ("officer", "stage=active data=delivered|confirmed", "stage=closed"),
    "remind_results": ("officer", "stage=active|closed", ""),
    "record_results": ("officer", "stage=active|closed", ""),
    "waive_results": ("supervisor", "stage=active|closed", ""),
    "add_message": ("officer+supervisor+treasurer", "stage=new|clear|active|redirected", ""),
    "send_message": ("officer", "stage=new|clear|active|redirected", ""),
    "remind_customer": ("officer", "stage=active", ""),
    "settle_mail": ("officer+supervisor+treasurer", "", ""),
    "report_mail": ("officer+supervisor+treasurer", "", ""),
    "take_mail": ("officer+supervisor+treasurer", "", ""),
    "take_messages": ("officer+supervisor+treasurer", "", ""),
    "read_messages": ("officer+supervisor", "", ""),
    "claim_case": ("officer", _OPEN, ""),
    "release_case": ("officer+supervisor", _OPEN, ""),
    "hand_over": ("officer+supervisor", _OPEN, ""),
    "merge_case": ("officer", "stage=new|clear", "stage=merged"),
    "take_in_case": ("officer", _OPEN, ""),
    "split_case": ("officer", "stage=new", ""),
    "split_off_case": ("officer", "stage=new", ""),
    "cancel_case": ("officer", _OPEN, "stage=cancelled"),
}


def side(states: Collection[State]) -> str:
    """The states of each track that is named: `stage=active money=proof`."""
    named = {column: [state.value for state in track if state in states] for track, column in TRACKS.items()}
    return " ".join(f"{column}={'|'.join(codes)}" for column, codes in named.items() if codes)


def test_a_case_moves_by_these_rules_and_no_others() -> None:
    table = {
        action.id: ("+".join(sorted(duty.value for duty in action.who)), side(action.before), side(action.after))
        for action in ACTIONS.values()
    }
    assert table == MOVES


def test_the_database_holds_the_same_table(busy_office: Office) -> None:
    def words(tracks: dict[str, list[str]]) -> str:
        return " ".join(f"{column}={'|'.join(tracks[column])}" for column in TRACKS.values() if column in tracks)

    with busy_office.owner() as connection:
        rows = connection.execute(text("SELECT action, duties, before, after FROM desk.action_rule")).all()
    assert {row.action: ("+".join(row.duties), words(row.before), words(row.after)) for row in rows} == MOVES
