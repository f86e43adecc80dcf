"""CAMT.053 statements (ISO 20022), any version, read entry by entry: no entities, no network, little memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desk.adapters.bank_files.banks import bank_of_text
from desk.adapters.bank_files.cells import read_amount
from desk.adapters.bank_files.reading import Facts, Watch, cut, unreadable
from desk.errors import Refused
from desk.rules.dates import ZONES, zone_of
from desk.rules.statement import StatementLine, is_reversal, sen_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMESPACE = re.compile(r"camt\.(?P<kind>\d{3})\.001\.(?P<version>\d{2})")
_BOOKED = frozenset({"BOOK", ""})
_PENDING = frozenset({"PDNG", "FUTR", "INFO"})
_OPENING = ("OPBD", "PRCD", "OPAV")
_CLOSING = ("CLBD",)


def layout_of(head: str) -> str | None:
    """Give the layout of an XML text by its namespace, `camt053-08`; None when it is no bank's message."""
    found = _NAMESPACE.search(head)
    return f"camt{found['kind']}-{found['version']}" if found else None


@dataclass(slots=True)
class CamtReader:
    """Reads one CAMT.053 file; every statement in it must close with the balance that its entries lead to."""

    facts: Facts
    _count: int = 0
    _opening_sen: int | None = None
    _closing_sen: int | None = None
    _movements_sen: int = 0
    _last_closing_sen: int | None = None

    def lines(self, path: Path, watch: Watch) -> Iterator[StatementLine]:
        """Give the booked movements in file order. Refused for a file that is cut or does not add up."""
        from lxml import etree

        ended = False
        try:
            with path.open("rb") as stream:
                watch.total = path.stat().st_size
                parser = etree.iterparse(
                    stream,
                    events=("end",),
                    tag=("{*}Ntry", "{*}Bal", "{*}Acct", "{*}Stmt", "{*}BkToCstmrStmt"),
                    resolve_entities=False,
                    no_network=True,
                    load_dtd=False,
                    huge_tree=False,
                )
                for _, element in parser:
                    watch.at(stream.tell)
                    ended, line = self._take(element, ended)
                    if line is not None:
                        yield line
        except etree.XMLSyntaxError:
            raise cut(self.facts.file, "XML-nya tidak lengkap.") from None
        if not ended:
            raise cut(self.facts.file, "isinya bukan pernyataan rekening yang lengkap.")

    def _take(self, element: _Element, ended: bool) -> tuple[bool, StatementLine | None]:
        name = _name(element)
        line = None
        if name == "Ntry":
            line = self._entry(element)
        elif name == "Bal":
            self._take_balance(element)
        elif name == "Acct" and _name(element.getparent()) == "Stmt":
            self._take_account(element)
            return ended, None
        elif name == "Stmt":
            self._close_statement()
        elif name == "BkToCstmrStmt":
            ended = True
        else:
            return ended, None  # an account inside an entry belongs to the entry
        _forget(element)
        return ended, line

    def _take_account(self, account: _Element) -> None:
        facts = self.facts
        facts.take_account(
            re.sub(r"[^0-9A-Z]", "", (_text(account, "Id/IBAN") or _text(account, "Id/Othr/Id")).upper())
        )
        facts.take_currency(_text(account, "Ccy"))
        bic = _text(account, "Svcr/FinInstnId/BIC") or _text(account, "Svcr/FinInstnId/BICFI")
        facts.bank = facts.bank or bank_of_text(bic) or bank_of_text(_text(account, "Svcr/FinInstnId/Nm"))

    def _take_balance(self, balance: _Element) -> None:
        kind = _text(balance, "Tp/CdOrPrtry/Cd")
        sen = self._signed_sen(balance)
        if kind in _OPENING and (kind != "OPAV" or self._opening_sen is None):
            self._opening_sen = sen
        elif kind in _CLOSING:
            self._closing_sen = sen

    def _close_statement(self) -> None:
        facts, opening, closing = self.facts, self._opening_sen, self._closing_sen
        if opening is not None and closing is not None and opening + self._movements_sen != closing:
            raise cut(
                facts.file,
                f"saldo awal {sen_text(opening)} ditambah mutasi menjadi {sen_text(opening + self._movements_sen)}, "
                f"sedangkan saldo akhir {sen_text(closing)}.",
            )
        if opening is not None and self._last_closing_sen not in (None, opening):
            raise cut(facts.file, f"saldo awal {sen_text(opening)} tidak melanjutkan saldo sebelumnya.")
        facts.opening_sen = opening if facts.opening_sen is None else facts.opening_sen
        facts.closing_sen = closing
        self._last_closing_sen = closing
        self._opening_sen = self._closing_sen = None
        self._movements_sen = 0

    def _entry(self, entry: _Element) -> StatementLine | None:
        facts = self.facts
        sen = self._signed_sen(entry)
        status = _text(entry, "Sts/Cd") or _text(entry, "Sts/Prtry") or _text(entry, "Sts")
        texts = [_text(entry, "AddtlNtryInf")]
        for detail in _all(entry, "NtryDtls/TxDtls"):
            texts += [_own_text(found) for found in _all(detail, "RmtInf/Ustrd")]
            texts += [_own_text(found) for found in _all(detail, "RmtInf/Strd/CdtrRefInf/Ref")]
            texts.append(_text(detail, "AddtlTxInf"))
        description = " | ".join(text for text in texts if text)
        if status not in _BOOKED:
            facts.skip("pending" if status in _PENDING else status.lower(), sen, description)
            return None
        moment = _moment(entry, "BookgDt") or _moment(entry, "ValDt")
        if moment is None:
            raise unreadable(facts.file, _row(entry), "tanggal pembukuannya kosong.")
        value = _moment(entry, "ValDt")
        self._movements_sen += sen
        if sen == 0:
            facts.skip("zero", 0, description)
            return None
        self._count += 1
        reversal = _text(entry, "RvslInd").lower() in ("true", "1") or is_reversal(description)
        reference = _text(entry, "AcctSvcrRef") or _text(entry, "NtryDtls/TxDtls/Refs/AcctSvcrRef")
        return StatementLine(
            no=self._count,
            booked_on=moment[0],
            amount_sen=sen,
            description=description,
            booked_at=moment[1],
            value_date=value[0] if value else None,
            reference=reference or None,
            counterparty=_counterparty(entry, is_credit=sen > 0, is_reversal=reversal),
            reversal=reversal,
            raw=_raw(entry),
        )

    def _signed_sen(self, element: _Element) -> int:
        amounts = _all(element, "Amt")
        try:
            amount = read_amount(_own_text(amounts[0]) if amounts else "", "point")
        except ValueError:
            amount = None
        if amount is None:
            raise unreadable(self.facts.file, _row(element), "nominalnya tidak dikenal.")
        self.facts.take_currency(str(amounts[0].get("Ccy") or ""))
        direction = _text(element, "CdtDbtInd")
        if direction not in ("CRDT", "DBIT"):
            raise unreadable(self.facts.file, _row(element), "arah mutasi (CdtDbtInd) tidak dikenal.")
        return amount.sen if direction == "CRDT" else -amount.sen


def _counterparty(entry: _Element, *, is_credit: bool, is_reversal: bool) -> str:
    """Give the name of the other side: who paid, or who was paid; of a reversed credit, who had paid."""
    roles = ("Dbtr", "UltmtDbtr", "Cdtr") if is_credit or is_reversal else ("Cdtr", "UltmtCdtr", "Dbtr")
    parties = "NtryDtls/TxDtls/RltdPties"
    for role in roles:
        names = [_own_text(found) for inner in ("Nm", "Pty/Nm") for found in _all(entry, f"{parties}/{role}/{inner}")]
        if names := [name for name in names if name]:
            return " | ".join(dict.fromkeys(names))
    return ""


def _moment(entry: _Element, role: str) -> tuple[date, time | None] | None:
    """Give day and time of a date or date-time; a moment in another part of the world is told in western time."""
    text = _text(entry, f"{role}/DtTm") or _text(entry, f"{role}/Dt")
    if not text:
        return None
    try:
        if len(text) <= 10 or "T" not in text:
            return date.fromisoformat(text[:10]), None
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = moment.utcoffset()
    if offset is not None and not timedelta(hours=7) <= offset <= timedelta(hours=9):
        moment = moment.astimezone(zone_of(ZONES["WIB"]))
    return moment.date(), moment.time().replace(microsecond=0)


def _row(element: _Element) -> int:
    row: object = element.sourceline
    return row if isinstance(row, int) else 0


def _raw(entry: _Element) -> str:
    from lxml import etree

    text: str = etree.tostring(entry, encoding="unicode", with_tail=False)
    return re.sub(r">\s+<", "><", text)


def _name(element: _Element | None) -> str:
    return "" if element is None else str(element.tag).rpartition("}")[2]


def _all(element: _Element, path: str) -> list[_Element]:
    """Give all elements at a path of plain names, in any namespace."""
    found = [element]
    for step in path.split("/"):
        found = [child for parent in found for child in parent if _name(child) == step]
    return found


def _text(element: _Element, path: str) -> str:
    found = _all(element, path)
    return _own_text(found[0]) if found else ""


def _own_text(element: _Element) -> str:
    return " ".join((element.text or "").split())


def _forget(element: _Element) -> None:
    """Free an element that was read and all that stands before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def refuse_other_message(file: str, layout: str) -> Refused:
    """The refusal for a bank's message that is no statement of account (CAMT.052, CAMT.054, pain …)."""
    return Refused(
        f"Berkas {file} adalah pesan {layout[:7].upper()}, bukan rekening koran CAMT.053. "
        "Unduh rekening korannya. Tidak ada yang diimpor."
    )
