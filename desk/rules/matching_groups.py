"""Lines that belong together before any of them is matched: a credit and its reversal, the parts of one payment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from desk.rules.matching_names import skeleton, words_of
from desk.rules.statement import StatementLine

_BANK_WORDS = frozenset({
    "reversal", "koreksi", "pembatalan", "retur", "batal", "kliring", "skn", "rtgs", "llg", "transfer", "trf", "masuk",
    "dana", "dari", "fast",
})  # fmt: skip


def reversed_credits(lines: Sequence[StatementLine]) -> dict[int, StatementLine]:
    """Give the credits that the bank took back later, by their `no`, each with the booking that took it back.

    A reversal takes back an earlier credit of the same amount: the one whose words are most like its own, of equals the
    latest. A debit that does not call itself a reversal takes nothing back. `lines` are in booking order.
    """
    waiting: dict[int, list[tuple[StatementLine, frozenset[str]]]] = defaultdict(list)
    taken_back: dict[int, StatementLine] = {}
    for line in lines:
        if line.amount_sen > 0:
            if not line.reversal:
                waiting[line.amount_sen].append((line, _words(line)))
        elif line.reversal:
            earlier = waiting.get(-line.amount_sen)
            if not earlier:
                continue
            words = _words(line)
            best = max(range(len(earlier)), key=lambda place: (len(words & earlier[place][1]), place))
            if words and earlier[best][1] and not words & earlier[best][1] and len(earlier) > 1:
                continue  # nothing tells which one; all stay, and the debit is there for the treasurer to see
            taken_back[earlier.pop(best)[0].no] = line
    return taken_back


def part_payments(code_lines: Mapping[int, Sequence[StatementLine]], amounts_sen: Mapping[int, int]) -> dict[int, int]:
    """Give the lines that together pay one invoice, by their `no`, each with the invoice's place.

    `code_lines` are the credits that carry the code of an invoice and of no other, in booking order; the first of them
    whose sum is exactly its amount are its parts. A line that pays it alone leaves no parts.
    """
    parts: dict[int, int] = {}
    for place, lines in code_lines.items():
        wanted = amounts_sen[place]
        if any(line.amount_sen == wanted for line in lines):
            continue
        total = 0
        for count, line in enumerate(lines, 1):
            total += line.amount_sen
            if total == wanted and count > 1:
                parts.update((part.no, place) for part in lines[:count])
            if total >= wanted:
                break
    return parts


def _words(line: StatementLine) -> frozenset[str]:
    words = (*words_of(line.description), *words_of(line.counterparty))
    return frozenset(skeleton(word) for word in words if word not in _BANK_WORDS and len(word) > 2)
