"""The rule book as its page shows it, and how a value changes: one person proposes, a second one agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import NATIONAL, RuleDecision, RuleProposal
from desk.rules.dates import date_text
from desk.rules.rule_book import RULE_NAMES, Rule, in_force, why_not_rule
from desk.rules.rule_values import changed, read, words

_ROWS = text("""
SELECT r.office_id, r.key, r.valid_from, r.value, r.basis, r.confirmed, coalesce(p.name, '') AS name,
  coalesce(w.name, '') AS proposer
FROM desk.rule r LEFT JOIN desk.person p ON p.login = r."by"
LEFT JOIN LATERAL (
  SELECT q."by" FROM desk.rule_proposal q
  JOIN desk.rule_decision d ON d.office_id = q.office_id AND d.proposal_id = q.id
  WHERE q.office_id = r.office_id AND q.key = r.key AND q.valid_from = r.valid_from AND d.accepted LIMIT 1) q ON true
LEFT JOIN desk.person w ON w.login = q."by"
WHERE r.office_id IN (:national, :office_id) ORDER BY r.office_id, r.key, r.valid_from
""")
_WAITING = text("""
SELECT q.id, q.key, q.valid_from, q.value, q.basis, q."by", coalesce(p.name, q."by") AS name
FROM desk.rule_proposal q LEFT JOIN desk.person p ON p.login = q."by"
WHERE q.office_id = :office_id AND NOT EXISTS (
  SELECT FROM desk.rule_decision d WHERE d.office_id = q.office_id AND d.proposal_id = q.id)
""")
_SEEN = text("SELECT FROM desk.rule_proposal WHERE office_id = :office_id AND id = :id")
_DECIDED = text("SELECT FROM desk.rule_decision WHERE office_id = :office_id AND id = :id")
_TODAY = text("SELECT desk.today(:office_id)")


@dataclass(frozen=True, slots=True)
class PastValue:
    """A value that held or holds from a day on: in words, by which basis, and who let it hold (empty: shipped)."""

    since: date
    words: str
    basis: str
    own: bool
    who: str


@dataclass(frozen=True, slots=True)
class WaitingValue:
    """A proposal that nobody has decided about: what it changes, in words."""

    id: UUID
    since: date
    words: str
    change: str
    basis: str
    by: str
    name: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of an office: the value in force today, values that start later, and a proposal that waits.

    `confirmed` is False for a shipped value that comes from practice or from one source only.
    """

    office_id: int
    key: str
    name: str
    value: Any
    now: PastValue
    confirmed: bool
    history: tuple[PastValue, ...]  # the newest first, values to come among them
    coming: PastValue | None
    waiting: WaitingValue | None

    @property
    def id(self) -> str:
        """Names the row on the screen."""
        return f"{self.office_id}/{self.key}"


def rule_lines(session: Session, office_id: int) -> list[RuleLine]:
    """Every rule that this office works by, in the order of the book."""
    today: date = session.execute(_TODAY, {"office_id": office_id}).scalar_one()
    rows = session.execute(_ROWS, {"national": NATIONAL, "office_id": office_id}).all()
    known = [Rule(row.key, row.valid_from, row.value, row.basis, row.office_id, row.confirmed) for row in rows]
    who = {(row.office_id, row.key, row.valid_from): _who(row.proposer, row.name) for row in rows}
    waiting = {row.key: row for row in session.execute(_WAITING, {"office_id": office_id})}
    lines = []
    for key, name in RULE_NAMES.items():
        of_key = [rule for rule in known if rule.key == key]
        if not any(rule.valid_from <= today for rule in of_key):
            continue
        now = in_force(of_key, key, today, office_id)
        history = tuple(
            _past(rule, office_id, who[rule.office_id, key, rule.valid_from])
            for rule in sorted(of_key, key=lambda rule: (rule.valid_from, rule.office_id), reverse=True)
        )
        later = [rule for rule in of_key if rule.valid_from > today and rule.office_id == office_id]
        lines.append(
            RuleLine(
                office_id,
                key,
                name,
                now.value,
                _past(now, office_id, who[now.office_id, key, now.valid_from]),
                now.confirmed,
                history,
                _past(min(later, key=lambda rule: rule.valid_from), office_id, "") if later else None,
                _waiting(waiting[key], now.value) if key in waiting else None,
            )
        )
    return lines


def propose(
    session: Session, office_id: int, key: str, answers: Mapping[str, Any], since: date, basis: str, *, request_id: UUID
) -> str:
    """Proposes a value from a day on and says so; the same request is the same proposal. Raises Refused."""
    lines = {line.key: line for line in rule_lines(session, office_id)}
    line = lines[key]
    value = read(key, answers, line.value)
    said = f"Usulan {line.name}: {changed(key, line.value, value)}, mulai {date_text(since)}; menunggu orang kedua."
    asked = {"office_id": office_id, "id": request_id}
    if session.execute(_SEEN, asked).one_or_none() is not None:
        return said
    if value == line.value and line.coming is None:
        raise Refused("Nilai itu sama dengan yang berlaku sekarang.")
    _judge(session, office_id, Rule(key, since, value, basis, office_id))
    session.execute(insert(RuleProposal).values(**asked, key=key, valid_from=since, value=value, basis=basis.strip()))
    return said


def decide(session: Session, line: RuleLine, *, accepted: bool, note: str = "", request_id: UUID) -> str:
    """Lets the proposed value hold from its day, or not; a second person agrees, anybody may take it back."""
    waiting = line.waiting
    assert waiting is not None, "the page offers it for a proposal only"
    asked = {"office_id": line.office_id, "id": request_id}
    if session.execute(_DECIDED, asked).one_or_none() is None:
        session.execute(
            insert(RuleDecision).values(**asked, proposal_id=waiting.id, accepted=accepted, note=note.strip())
        )
    if accepted:
        return f"{line.name}: {waiting.words}, berlaku mulai {date_text(waiting.since)}."
    return f"Usulan {line.name} tidak dipakai."


def _judge(session: Session, office_id: int, rule: Rule) -> None:
    rows = session.execute(_ROWS, {"national": NATIONAL, "office_id": office_id})
    others = [Rule(row.key, row.valid_from, row.value, row.basis, row.office_id, row.confirmed) for row in rows]
    if reason := why_not_rule(rule, others):
        raise Refused(reason)


def _past(rule: Rule, office_id: int, who: str) -> PastValue:
    return PastValue(rule.valid_from, words(rule.key, rule.value), rule.basis, rule.office_id == office_id, who)


def _waiting(row: Any, now: Any) -> WaitingValue:
    return WaitingValue(
        row.id, row.valid_from, words(row.key, row.value), changed(row.key, now, row.value), row.basis, row.by, row.name
    )


def _who(proposer: str, agreed: str) -> str:
    return f"diusulkan {proposer}, disetujui {agreed}" if proposer and agreed else agreed
