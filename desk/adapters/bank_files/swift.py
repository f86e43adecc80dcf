"""MT940 statements, with or without the SWIFT envelope, one or many in a file.

The fields of a line are read by the package mt-940, one line at a time so that long files need little memory. That
package counts a reversed credit (RC) as money in; here the mark itself decides: C and RD come in, D and RC go out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desk.adapters.bank_files.banks import bank_of_text
from desk.adapters.bank_files.reading import Facts, Watch, cut, unreadable
from desk.rules.statement import StatementLine, is_reversal, sen_text

_TAG = re.compile(r"^:(?P<tag>\d{2}[A-Z]?|NS):(?P<rest>.*)$", re.DOTALL)
_ENVELOPE = re.compile(r"^\{[1-5]:")
_SUBFIELD = re.compile(r"\?\d{2}")


@dataclass(slots=True)
class _Field:
    number: int
    tag: str
    text: str


def is_mt940(head: str) -> bool:
    """Whether a text begins like an MT940 statement."""
    lines = "\n".join(head.splitlines())
    return re.search(r"^(?:\{[^\n]*)?:20:", lines, re.MULTILINE) is not None and (
        re.search(r"^:(?:25P?|60[FM]|28C?):", lines, re.MULTILINE) is not None
    )


@dataclass(slots=True)
class SwiftReader:
    """Reads one MT940 file; every statement in it must close with the balance that its movements lead to."""

    facts: Facts
    _count: int = 0
    _balance_sen: int | None = None
    _is_open: bool = False

    def lines(self, texts: Iterable[str], watch: Watch) -> Iterator[StatementLine]:
        """Give the movements in file order. Refused for a file that is cut or does not add up."""
        pending: tuple[dict[str, Any], _Field] | None = None
        details: list[str] = []
        for entry in _fields(texts, self.facts):
            if entry.tag == "86" and pending is not None:
                details.append(entry.text)
                continue
            if pending is not None:
                yield self._line(*pending, details)
                pending, details = None, []
            if entry.tag == "61":
                pending = _movement(entry, self.facts.file), entry
            else:
                self._take(entry)
        if pending is not None:
            yield self._line(*pending, details)
        if self._is_open:
            raise cut(self.facts.file, "saldo akhir (:62F:) tidak ada.")
        if watch.total:
            watch.tell(watch.total)

    def _take(self, entry: _Field) -> None:
        facts = self.facts
        if entry.tag in ("25", "25P"):
            facts.take_account(_account(entry.text))
            facts.bank = facts.bank or bank_of_text(entry.text)
        elif entry.tag == "20":
            if self._is_open:
                raise cut(facts.file, f"saldo akhir sebelum baris {entry.number} tidak ada.")
            self._is_open = True
            facts.bank = facts.bank or bank_of_text(entry.text)
        elif entry.tag in ("60F", "60M"):
            balance = self._balance(entry)
            if self._balance_sen is not None and self._balance_sen != balance:
                raise cut(
                    facts.file,
                    f"saldo awal di baris {entry.number} ({sen_text(balance)}) tidak melanjutkan saldo sebelumnya "
                    f"({sen_text(self._balance_sen)}); mungkin ada hari yang hilang.",
                )
            if facts.opening_sen is None:
                facts.opening_sen = balance
            self._balance_sen = balance
        elif entry.tag in ("62F", "62M"):
            balance = self._balance(entry)
            if self._balance_sen is not None and self._balance_sen != balance:
                raise cut(
                    facts.file,
                    f"mutasi sampai baris {entry.number} menjadi {sen_text(self._balance_sen)}, "
                    f"sedangkan saldo akhirnya {sen_text(balance)}.",
                )
            self._balance_sen = facts.closing_sen = balance
            self._is_open = False

    def _balance(self, entry: _Field) -> int:
        found = re.match(r"(?P<mark>[CD])\d{6}(?P<currency>[A-Z]{3})(?P<amount>[\d.,]+)", entry.text.strip())
        if found is None:
            raise unreadable(self.facts.file, entry.number, "saldonya tidak dikenal.")
        self.facts.take_currency(found["currency"])
        sen = _sen(Decimal(found["amount"].replace(",", ".")))
        return -sen if found["mark"] == "D" else sen

    def _line(self, movement: dict[str, Any], entry: _Field, details: list[str]) -> StatementLine:
        mark = str(movement["status"]).upper()
        sen = abs(_sen(movement["amount"].amount))
        if mark in ("D", "RC"):
            sen = -sen
        if self._balance_sen is not None:
            self._balance_sen += sen
        value_date = _plain(movement["date"])
        customer, bank = (str(movement.get(key) or "").strip() for key in ("customer_reference", "bank_reference"))
        description = " | ".join(text for text in map(_details, details) if text) or _details(
            str(movement.get("extra_details") or "")
        )
        self._count += 1
        return StatementLine(
            no=self._count,
            booked_on=_plain(movement.get("entry_date") or movement["date"]),
            amount_sen=sen,
            description=description,
            value_date=value_date,
            reference=bank or (customer if customer.upper() != "NONREF" else "") or None,
            reversal=mark in ("RC", "RD") or is_reversal(description),
            raw="\n".join([f":61:{entry.text}", *(f":86:{text}" for text in details)]),
        )


def _fields(texts: Iterable[str], facts: Facts) -> Iterator[_Field]:
    """Give the tagged fields of the text, their following lines joined to them; the envelope is looked at and left."""
    current: _Field | None = None
    for number, raw in enumerate(texts, 1):
        text = raw.rstrip("\r\n").rstrip()
        if _ENVELOPE.match(text):
            facts.bank = facts.bank or bank_of_text(text)
            text = text[text.find("{4:") + 3 :].strip() if "{4:" in text else ""
        if text in ("", "-", "-}", "--") or text.startswith("-}"):
            if current is not None:
                yield current
                current = None
            continue
        found = _TAG.match(text)
        if found:
            if current is not None:
                yield current
            current = _Field(number, found["tag"], found["rest"])
        elif current is not None:
            current.text += f"\n{text}"
        elif text.startswith(":"):
            raise cut(facts.file, f"baris {number} tidak lengkap.")
    if current is not None:
        yield current


def _movement(entry: _Field, file: str) -> dict[str, Any]:
    from mt940.models import Transactions
    from mt940.tags import Statement

    tag = Statement()
    transactions = Transactions(processors={})
    if tag.re.match(entry.text) is None:  # asked first: the package writes its whole pattern into the log otherwise
        raise unreadable(file, entry.number, "baris :61: tidak dikenal.")
    try:
        return dict(tag(transactions, tag.parse(transactions, entry.text)))
    except (RuntimeError, ValueError, ArithmeticError):
        raise unreadable(file, entry.number, "baris :61: tidak dikenal.") from None


def _details(text: str) -> str:
    """Give the remark of a movement as one text; subfield marks such as `?20` part its pieces."""
    if len(_SUBFIELD.findall(text)) > 1:
        pieces = _SUBFIELD.split(text.replace("\n", ""))
        return " | ".join(" ".join(piece.split()) for piece in pieces if piece.strip())
    return " ".join(text.split())


def _account(text: str) -> str:
    """Give the account of `:25:`, without the bank in front and the currency behind: `BMRIIDJA/9990001112223IDR`."""
    last = text.split("\n")[0].split("/")[-1].strip()
    return re.sub(r"[^0-9A-Z]", "", last.removesuffix("IDR").strip().upper())


def _sen(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value())


def _plain(day: date) -> date:
    return date(day.year, day.month, day.day)
