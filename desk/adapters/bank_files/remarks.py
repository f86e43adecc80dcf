"""What the rows around a bank's table say: account, period, currency, balances and totals, in the words banks use."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from desk.adapters.bank_files.cells import Amount, Cell, read_amount, text_of
from desk.adapters.bank_files.reading import Facts, Row
from desk.errors import Refused
from desk.rules.dates import parse_date

_LABELS = {
    role: re.compile(rf"(?:{words})(?=\s*(?:$|[:=;,]|\s))", re.IGNORECASE)
    for role, words in {
        "opening": r"saldo\s+awal|(?:opening|beginning|previous)\s+balance|saldo\s+sebelumnya",
        "closing": r"saldo\s+akhir|(?:closing|ending)\s+balance",
        "total_debit": r"(?:total|jumlah|mutasi)\s+(?:transaksi\s+|mutasi\s+)?(?:debit|debet|db)",
        "total_credit": r"(?:total|jumlah|mutasi)\s+(?:transaksi\s+|mutasi\s+)?(?:kredit|credit|cr)",
        "total": r"(?:grand\s+|sub\s*)?total|jumlah|saldo\s+(?:pindahan|dipindahkan)|pindahan|hal(?:aman|\.)?|page",
        "account": r"(?:no(?:mor)?\b\.?\s*)?(?:rekening|rek\b\.?)|account(?:\s*(?:no|number|nomor)\b\.?)?",
        "currency": r"(?:kode\s+)?mata\s+uang|valuta|currency|ccy",
        "period": r"period[e]?(?:\s+(?:transaksi|mutasi|laporan))?",
    }.items()
}
_SUMS = ("opening", "closing", "total_debit", "total_credit")
_ACCOUNT_NUMBER = re.compile(r"\d(?:[-. ]?\d){6,}")
_DAY = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\s*[-/. ]\s*(?:\d{1,2}|[A-Za-z]{3,9})\s*[-/. ]\s*(?:\d{4}|\d{2})(?!\d)"
)
_MONTH = re.compile(r"[A-Za-z]{3,9}\s+\d{4}")


def take_remark(row: Row, facts: Facts, decimals: str) -> bool:
    """Note what a row around the table says; False when it says nothing that is known."""
    label, cell_text = _label_of(row.cells)
    if label is None:
        return False
    rest = _after_label(row.raw, label)
    if label == "account":
        if found := _ACCOUNT_NUMBER.search(rest):
            facts.take_account(re.sub(r"\D", "", found[0]))
    elif label == "currency":
        if found := re.search(r"[A-Za-z]{2,6}", rest):
            facts.take_currency(found[0])
    elif label == "period":
        facts.period = _period(rest) or facts.period
    elif label in _SUMS:
        amount = _amount_after(rest, cell_text, row.cells, decimals)
        if amount is not None:
            _take_sum(facts, label, amount)
    return True


def sum_columns(row: Row) -> dict[int, str]:
    """Give which cell of the NEXT row holds which sum, when this row is a header of sums; else nothing."""
    found: dict[int, str] = {}
    for index, cell in enumerate(row.cells):
        text = text_of(cell)
        for role in _SUMS:
            if _LABELS[role].fullmatch(text):
                found[index] = role
    return found if len(found) > 1 else {}


def take_sums(row: Row, roles: dict[int, str], facts: Facts, decimals: str) -> bool:
    """Note the sums of the row under a header of sums; False when it holds none."""
    taken = False
    for index, role in roles.items():
        if index < len(row.cells):
            amount = _amount_or_none(row.cells[index], decimals)
            if amount is not None:
                _take_sum(facts, role, amount)
                taken = True
    return taken


def _take_sum(facts: Facts, role: str, amount: Amount) -> None:
    if role == "opening" and facts.opening_sen is not None:
        return  # pages repeat it; the first one opens the statement
    setattr(facts, f"{role}_sen", amount.signed_sen if role in ("opening", "closing") else amount.sen)


def _label_of(cells: Sequence[Cell]) -> tuple[str | None, str]:
    for cell in cells:
        text = text_of(cell)
        if text:
            return next((role for role, words in _LABELS.items() if words.match(text)), None), text
    return None, ""


def _after_label(raw: str, label: str) -> str:
    found = _LABELS[label].search(raw)
    return raw[found.end() :].strip(" \t:=;,|\"'\r\n") if found else ""


def _amount_after(rest: str, cell_text: str, cells: Sequence[Cell], decimals: str) -> Amount | None:
    """Read the sum behind its label: in the same text, or in the last cell that holds an amount."""
    amount = _amount_or_none(rest, decimals)
    if amount is not None:
        return amount
    for cell in reversed(cells):
        if text_of(cell) != cell_text and (amount := _amount_or_none(cell, decimals)) is not None:
            return amount
    return None


def _amount_or_none(cell: Cell, decimals: str) -> Amount | None:
    try:
        return read_amount(cell, decimals)
    except ValueError:
        return None


def _period(text: str) -> tuple[date, date] | None:
    days: list[date] = []
    for found in _DAY.findall(text):
        try:
            days.append(parse_date(found))
        except Refused:
            continue
    if days:
        return min(days), max(days)
    for found in _MONTH.findall(text):
        try:
            first = parse_date(f"1 {found}")
        except Refused:
            continue
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return None
