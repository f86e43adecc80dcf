"""What a case should be after each deed, in plain Python and nothing of the program: the machine's second opinion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One deed: whose duty, from which states, to which."""

    duties: frozenset[str]
    before: Mapping[str, frozenset[str]]
    after: Mapping[str, str] = field(default_factory=dict)


def _step(duties: str, before: Mapping[str, str], after: Mapping[str, str] | None = None) -> Step:
    states = {track: frozenset(codes.split()) for track, codes in before.items()}
    return Step(frozenset(duties.split()), states, after or {})


STEPS: Mapping[str, Step] = {
    "decide_fit": _step("officer", {"stage": "new"}),
    "check_requirements": _step("officer", {"stage": "new"}),
    "declare_clear": _step("officer", {"stage": "new"}, {"stage": "clear"}),
    "issue_invoice": _step(
        "officer", {"stage": "clear"}, {"stage": "active", "money": "invoiced", "original": "issued"}
    ),
    "send_offer": _step("officer", {"stage": "active", "original": "issued"}, {"original": "awaited"}),
    "record_proof": _step("officer", {"stage": "active", "money": "invoiced"}, {"money": "proof"}),
    "reject_proof": _step("treasurer", {"stage": "active", "money": "proof"}, {"money": "invoiced"}),
    "confirm_payment": _step("treasurer", {"stage": "active", "money": "proof"}, {"money": "confirmed"}),
    "reverse_payment": _step("treasurer", {"stage": "active", "money": "confirmed"}, {"money": "proof"}),
    "issue_receipt": _step("treasurer", {"stage": "active", "money": "confirmed"}, {"money": "receipted"}),
    "void_receipt": _step("treasurer", {"stage": "active", "money": "receipted"}, {"money": "confirmed"}),
    "attach_receipt_scan": _step("treasurer officer", {"stage": "active", "money": "receipted"}),
    "receive_original": _step("officer", {"stage": "active", "original": "awaited"}, {"original": "received"}),
    "accept_original": _step("officer", {"stage": "active", "original": "received"}, {"original": "accepted"}),
    "countersign_original": _step("officer", {"stage": "active", "original": "accepted"}),
    "file_original": _step("officer", {"stage": "active", "original": "accepted"}, {"original": "filed"}),
    "start_preparation": _step("officer", {"stage": "active", "data": "none"}, {"data": "preparing"}),
    "tick_tasks": _step("officer", {"stage": "active", "data": "preparing"}),
    "finish_preparation": _step("officer", {"stage": "active", "data": "preparing"}, {"data": "prepared"}),
    "check_data": _step("officer", {"stage": "active", "data": "prepared"}, {"data": "checked"}),
    "confirm_address": _step("officer", {"stage": "active"}),
    "deliver": _step("officer", {"stage": "active", "data": "checked"}, {"data": "delivered"}),
    "record_acceptance": _step("officer", {"stage": "active", "data": "delivered"}, {"data": "confirmed"}),
    "close_case": _step("officer", {"stage": "active", "data": "delivered confirmed"}, {"stage": "closed"}),
}
NUMBERS: Mapping[str, tuple[str, ...]] = {"issue_invoice": ("invoice", "sppd"), "issue_receipt": ("receipt",)}


@dataclass
class CaseModel:
    """One case: where its tracks stand, who did what, and what has been noted."""

    id: UUID
    tracks: dict[str, str] = field(
        default_factory=lambda: {"stage": "new", "money": "none", "original": "none", "data": "none"}
    )
    by: dict[str, str] = field(default_factory=dict)  # the last who did a deed, by action
    done: set[str] = field(default_factory=set)
    scanned: bool = False
    countersigned: bool = False

    def left_out(self, action_id: str) -> bool:
        """Whether the office allows what this model does not play: money that the bank shows before any proof came."""
        return action_id == "confirm_payment" and self.tracks["money"] == "invoiced"

    def allows(self, person: str, duties: frozenset[str], action_id: str) -> bool:
        """Whether this person may do it now."""
        step = STEPS[action_id]
        if not step.duties & duties:
            return False
        if any(self.tracks[track] not in codes for track, codes in step.before.items()):
            return False
        match action_id:
            case "declare_clear":
                return {"decide_fit", "check_requirements"} <= self.done
            case "confirm_payment":
                return person not in (self.by["issue_invoice"], self.by["record_proof"])
            case "tick_tasks" | "finish_preparation":
                return (action_id == "tick_tasks") != ("tick_tasks" in self.done)
            case "check_data":
                return person != self.by["finish_preparation"]
            case "countersign_original":
                return not self.countersigned
            case "file_original":
                return self.countersigned
            case "deliver":
                return self.gate_is_open()
            case "close_case":
                return self.tracks | {"stage": "active"} == {
                    "stage": "active", "money": "receipted", "original": "filed", "data": "confirmed"
                }  # fmt: skip
            case "void_receipt":
                return "deliver" not in self.done
        return True

    def gate_is_open(self) -> bool:
        """Kuitansi with its scan, an accepted original, a confirmed address."""
        return (
            self.tracks["money"] == "receipted"
            and self.scanned
            and self.tracks["original"] in ("accepted", "filed")
            and "confirm_address" in self.done
        )

    def do(self, person: str, action_id: str) -> None:
        """Moves as the deed should."""
        self.tracks |= STEPS[action_id].after
        self.by[action_id] = person
        self.done.add(action_id)
        self.countersigned |= action_id == "countersign_original"
        if action_id in ("attach_receipt_scan", "void_receipt"):
            self.scanned = action_id == "attach_receipt_scan"
