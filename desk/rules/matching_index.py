"""Open invoices looked up by code, by amount and by the words of a payer's name, so that no line meets all of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from desk.rules.matching_codes import CodeBook, CodesFound, compact
from desk.rules.matching_names import (
    ABSENT,
    CUT,
    NOT_FOUND,
    WHOLE,
    Found,
    Name,
    Words,
    best_found,
    names_of,
    words_in,
    words_of,
)
from desk.rules.statement import SEN, StatementLine

MOST_SHOWN = 40
"""Candidates that are looked at one by one and shown for a line; where more fit, only another sign helps anyway."""

_MOST_SHARED = 200
"""Payers that may share a word of their name; a more common word tells nothing and is not looked up."""

_MOST_WORDS = 8
"""Words of the longest name that is looked up whole."""

_MOST_OF_ONE_PAYER = 40
"""Open invoices of one payer among which pairs are sought."""

_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{8,18}(?![0-9])")


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice that waits for money. `codes` are its payment code and its number, `amount` is whole rupiah.

    `names` are whoever may pay: the customer, the institution, the payer on a proof; the first one groups the invoices
    of one payer. `accounts` are sender accounts that paid for this customer before, `references` the bank references on
    its proofs. It counts from `issued` to `expires`, both days included.
    """

    key: str
    codes: tuple[str, ...]
    amount: int
    names: tuple[str, ...]
    issued: date
    expires: date
    accounts: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Remark:
    """What a line says in words: its text, the words a name may stand in, the accounts and references it carries."""

    text: str
    words: Words
    accounts: frozenset[str]
    references: frozenset[str]

    @classmethod
    def of(cls, line: StatementLine) -> Remark:
        """Give what a line says."""
        text = f"{line.description} | {line.counterparty}" if line.counterparty else line.description
        references = {compact(word) for word in line.description.split()}
        if line.reference:
            references.add(compact(line.reference))
        return cls(
            text,
            words_in(line.description, line.counterparty),
            frozenset(_ACCOUNT.findall(text)),
            frozenset(reference for reference in references if len(reference) >= 6),
        )


@dataclass(frozen=True, slots=True)
class PayerSign:
    """How a line points at the payer of an invoice: how well the name stands there, and where.

    `other` tells of a sender account seen before (`account`) or a reference on a proof (`proof`).
    """

    level: int
    found: Found = NOT_FOUND
    other: str = ""


class InvoiceIndex:
    """The open invoices of an office, ready for many lines. Invoices are named by their place in the list."""

    def __init__(self, invoices: Iterable[OpenInvoice]) -> None:
        self.invoices = tuple(invoices)
        self.codes = CodeBook((code, place) for place, invoice in enumerate(self.invoices) for code in invoice.codes)
        self._names: list[tuple[Name, ...]] = [
            tuple(dict.fromkeys(name for text in invoice.names for name in names_of(text))) for invoice in self.invoices
        ]
        self._of_amount: dict[int, list[int]] = defaultdict(list)
        self._of_name: dict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(list)
        self._of_reference: dict[str, list[int]] = defaultdict(list)
        self._of_amount_and_word: dict[int, dict[str, list[int]]] = {}
        self._of_payer: dict[str, list[int]] = defaultdict(list)
        for place, invoice in enumerate(self.invoices):
            self._of_amount[invoice.amount * SEN].append(place)
            for name in self._names[place]:
                self._of_name[invoice.amount * SEN, name.words].append(place)
            for reference in invoice.references:
                self._of_reference[compact(reference)].append(place)
            self._of_payer[" ".join(words_of(invoice.names[0])) if invoice.names else ""].append(place)
        self._payers_of_word = self._index_payers()

    def counts_on(self, place: int, day: date) -> bool:
        """Whether an invoice counts on a day."""
        invoice = self.invoices[place]
        return invoice.issued <= day <= invoice.expires

    def with_amount(self, amount_sen: int) -> Sequence[int]:
        """Give all invoices of exactly this amount."""
        return self._of_amount.get(amount_sen, ())

    def with_amount_and_name(self, amount_sen: int, remark: Remark) -> Sequence[int]:
        """Give the invoices of exactly this amount among which those of the named payer are."""
        places = self._of_amount.get(amount_sen, ())
        if len(places) <= MOST_SHOWN:
            return places
        of_word = self._of_amount_and_word.get(amount_sen)
        if of_word is None:
            of_word = self._of_amount_and_word[amount_sen] = defaultdict(list)
            for place in places:
                for word in {word for name in self._names[place] for word in name.skeletons}:
                    of_word[word].append(place)
        if whole := self._named_whole(amount_sen, remark):
            return whole
        lists = sorted((of_word[word] for word in remark.words.known if word in of_word), key=len)
        near = [found for index, found in enumerate(lists) if index == 0 or len(found) <= _MOST_SHARED]
        return sorted({place for found in near for place in found})

    def _named_whole(self, amount_sen: int, remark: Remark) -> list[int]:
        """Give the invoices of an amount whose payer's name stands whole in the line, or whose proof names the line."""
        found = {place for reference in remark.references for place in self._of_reference.get(reference, ())}
        words = remark.words.words
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
                found.update(self._of_name.get((amount_sen, words[start:end]), ()))
        return sorted(place for place in found if self.invoices[place].amount * SEN == amount_sen)

    def with_amount_and_code(self, amount_sen: int, codes: CodesFound, remark: Remark) -> list[int]:
        """Give the invoices of exactly this amount whose code can be the cut or damaged one of a remark."""
        places = self.with_amount(amount_sen)
        if len(places) > MOST_SHOWN:
            near = [*codes.bare, *self.codes.beginning_with(codes.fragments, _MOST_SHARED)]
            same_amount = [place for place in near if self.invoices[place].amount * SEN == amount_sen]
            places = sorted({*same_amount, *self.with_amount_and_name(amount_sen, remark)})
        return [place for place in places if place in codes.bare or self.codes.fits(place, codes.fragments)]

    def payer_sign(self, place: int, remark: Remark, *, similar: bool = True) -> PayerSign:
        """Give how a line points at the payer of an invoice; `similar` names may be left out of account."""
        invoice = self.invoices[place]
        if invoice.references and any(compact(reference) in remark.references for reference in invoice.references):
            return PayerSign(WHOLE, other="proof")
        found = best_found(self._names[place], remark.words, similar=similar)
        if found.level < CUT and invoice.accounts and not invoice.accounts.isdisjoint(remark.accounts):
            return PayerSign(CUT, other="account")
        return PayerSign(found.level, found)

    def best_payers(self, places: Iterable[int], remark: Remark) -> list[tuple[int, PayerSign]]:
        """Give the invoices whose payer the line names best: those named whole, else all that are cut or similar.

        A whole name that is only part of a longer one that stands there too is left out: Budi Santoso in Budi Santoso
        Wijaya.
        """
        candidates = list(places)
        quick = [(place, self.payer_sign(place, remark, similar=False)) for place in candidates]
        whole = [entry for entry in quick if entry[1].level == WHOLE]
        if not whole:
            return [(place, sign) for place in candidates if (sign := self.payer_sign(place, remark)).level > ABSENT]
        return [entry for entry in whole if not any(_is_inside(entry[1].found, other.found) for _, other in whole)]

    def sums_of_payer(self, amount_sen: int, remark: Remark, is_open: Callable[[int], bool]) -> list[tuple[int, ...]]:
        """Give the ways in which a payer named in the line pays several of the open invoices with exactly this sum:
        two of them, or all. `is_open` tells whether an invoice still waits for money on that day.
        """
        ways: list[tuple[int, ...]] = []
        for payer in self._payers_named(remark):
            places = [place for place in self._of_payer[payer] if is_open(place)][: _MOST_OF_ONE_PAYER + 1]
            if not 2 <= len(places) <= _MOST_OF_ONE_PAYER:
                continue
            amounts = {place: self.invoices[place].amount * SEN for place in places}
            ways += [
                (first, second)
                for index, first in enumerate(places)
                for second in places[index + 1 :]
                if amounts[first] + amounts[second] == amount_sen
            ]
            if len(places) > 2 and sum(amounts.values()) == amount_sen:
                ways.append(tuple(places))
        return ways

    def _payers_named(self, remark: Remark) -> Iterator[str]:
        """Give the payers with several invoices whose name stands in the line, whole or cut."""
        shared = Counter(payer for word in remark.words.known for payer in self._payers_of_word.get(word, ()))
        for payer in shared:
            names = self._names[self._of_payer[payer][0]]
            if best_found(names, remark.words, similar=False).level >= CUT:
                yield payer

    def _index_payers(self) -> dict[str, list[str]]:
        """Index payers with several invoices by the words of their name, common words left out."""
        of_word: dict[str, list[str]] = defaultdict(list)
        for payer, places in self._of_payer.items():
            if payer and len(places) > 1:
                for word in {word for name in self._names[places[0]] for word in name.skeletons}:
                    of_word[word].append(payer)
        return {word: payers for word, payers in of_word.items() if len(payers) <= _MOST_SHARED}


def shown(places: Iterable[int]) -> list[int]:
    """Give as many candidates as are worth showing."""
    return list(islice(places, MOST_SHOWN))


def _is_inside(inner: Found, outer: Found) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end
