"""A table that no profile knows, recognised by the words of its header; or what about it is not certain.

Words alone decide nothing: whoever reads a recognised table believes it only when the balances in the file prove the
columns (`docs/decisions/statements.md`). What is not certain is said in words, and a person describes the layout.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desk.adapters.bank_files.cells import Cell, fold, mark_of, read_moment, text_of
from desk.adapters.bank_files.profiles import Columns, HeaderMatch, Profile

_SIDES = ("", "mutasi ", "jumlah ", "nominal ", "nilai ", "total ")
NAMES: Mapping[str, tuple[str, ...]] = {
    "date": (
        "tanggal transaksi", "tgl transaksi", "tgl trans", "tgl trx", "tanggal trx", "posting date", "post date",
        "transaction date", "trans date", "trx date", "txn date", "tanggal mutasi", "tgl mutasi", "tanggal posting",
        "tgl posting", "tanggal pembukuan", "tgl pembukuan", "tgl buku", "booking date", "entry date", "tanggal", "tgl",
        "date", "tanggal jam", "tanggal waktu", "tanggal dan waktu", "tgl jam", "tgl waktu", "waktu transaksi",
        "date time", "transaction date time", "transaction time",
    ),
    "value_date": ("tanggal valuta", "tgl valuta", "tgl val", "value date", "val date", "tanggal efektif",
                   "tgl efektif", "effective date"),
    "time": ("jam", "waktu", "time", "jam transaksi"),
    "debit": (*(f"{side}{name}" for side in _SIDES for name in ("debet", "debit")), "debit amount", "debits", "db",
              "dr", "keluar", "uang keluar", "dana keluar", "pengeluaran", "penarikan", "withdrawal", "withdrawals",
              "money out", "paid out"),
    "credit": (*(f"{side}{name}" for side in _SIDES for name in ("kredit", "credit")), "credit amount", "credits",
               "cr", "kr", "masuk", "uang masuk", "dana masuk", "penerimaan", "setoran", "deposit", "deposits",
               "money in", "paid in"),
    "amount": ("jumlah", "nominal", "mutasi", "amount", "nilai", "jumlah transaksi", "nilai transaksi",
               "nominal transaksi", "transaction amount"),
    "sign": (
        "d/k", "k/d", "db/cr", "cr/db", "db/kr", "dr/cr", "cr/dr", "dk", "d/c", "c/d", "debet/kredit", "kredit/debet",
        "debit/credit", "credit/debit", "debit/kredit", "kredit/debit", "posisi", "jenis", "jenis mutasi",
        "jenis transaksi", "tipe", "tipe transaksi", "type", "transaction type",
    ),
    "balance": ("saldo", "saldo akhir", "sisa saldo", "balance", "running balance", "ending balance",
                "closing balance", "available balance", "saldo berjalan"),
    "opening_balance": ("saldo awal", "opening balance", "beginning balance"),
    "reference": ("no referensi", "nomor referensi", "no ref", "referensi", "reference no", "reference number",
                  "reference", "ref no", "ref", "no bukti", "no jurnal", "trx id", "id transaksi", "transaction id",
                  "no transaksi"),
    "account": ("no rekening", "nomor rekening", "norek", "account no", "account number"),
    "currency": ("mata uang", "currency", "ccy", "valuta"),
    "counterparty": ("nama pengirim", "pengirim", "sender", "nama", "nama lawan transaksi"),
}  # fmt: skip
"""What one column can say, by the words banks head it with, the likeliest first."""
TEXTS = (
    "keterangan", "uraian", "uraian transaksi", "deskripsi", "description", "rincian transaksi", "remark", "remarks",
    "berita", "narasi", "narrative", "narration", "particulars", "transaction description", "keterangan transaksi",
    "deskripsi transaksi", "uraian mutasi", "detail", "details", "detail transaksi", "transaction details", "memo",
    "transaksi", "berita transaksi", "keterangan 1", "keterangan 2",
)  # fmt: skip
"""Columns of words; all of them together describe a movement."""

LABELS = {
    "date": "tanggal", "debit": "debet", "credit": "kredit", "amount": "nominal", "sign": "debet/kredit",
    "balance": "saldo", "opening_balance": "saldo awal",
}  # fmt: skip
_CURRENCY = re.compile(r"[\s(\[]*\b(?:rp|idr|rupiah)\b[.)\]\s]*$", re.IGNORECASE)
"""The currency behind the name of a column: `Amount (IDR)`."""
_ROLE_OF = {fold(name): role for role, names in NAMES.items() for name in names}
_TEXTS = frozenset(fold(name) for name in TEXTS)
_MONTH_OR_DAY = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*\d{2,4}(?!\d)")


def plain_name(cell: Cell) -> str:
    """The name of a column, folded and without its currency; empty for what is no text."""
    return fold(_CURRENCY.sub("", cell)) if isinstance(cell, str) else ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A header that was understood, or `problem`: what of it is not certain. `weight` tells the better of two."""

    weight: int
    match: HeaderMatch | None = None
    problem: str = ""


NOTHING = Recognised(0, problem="baris judul kolom dengan tanggal, keterangan, dan nominal tidak ditemukan")


def recognise(rows: Sequence[Sequence[Cell]]) -> Recognised:
    """Give the best header among the first rows of a table, with its columns, or why none is certain."""
    best = NOTHING
    for index, header in _headers(rows):
        found = _judge(rows, index, header)
        if (found.weight, found.match is not None) > (best.weight, best.match is not None):
            best = found
    return best


def _headers(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, list[Cell]]]:
    """Every row, and every two rows that may be one header under merged cells; with the place of the last row."""
    for index, row in enumerate(rows):
        yield index, list(row)
        below = rows[index + 1] if index + 1 < len(rows) else ()
        if below and all(cell is None or isinstance(cell, str) for cell in below):
            width = max(len(row), len(below))
            upper, lower = ([*each, *[""] * (width - len(each))] for each in (row, below))
            yield index + 1, [low if text_of(low) else up for up, low in zip(upper, lower, strict=True)]


def _judge(rows: Sequence[Sequence[Cell]], index: int, header: Sequence[Cell]) -> Recognised:
    places: dict[str, list[int]] = {}
    texts: list[int] = []
    for place, cell in enumerate(header):
        name = plain_name(cell)
        if name in _TEXTS:
            texts.append(place)
        elif name in _ROLE_OF:
            places.setdefault(_ROLE_OF[name], []).append(place)
    weight = len(places) + bool(texts)
    has_pair = "debit" in places and "credit" in places
    if "date" not in places or not texts or not (has_pair or "amount" in places):
        return _what_is_missing(header, places, texts) if weight > 1 else NOTHING
    below = [row for row in rows[index + 1 :] if _is_movement(row, places["date"])]
    if has_pair:
        places = {role: found for role, found in places.items() if role not in ("amount", "sign")}
    else:
        places = {role: found for role, found in places.items() if role not in ("debit", "credit")}
        if "sign" in places:
            places["sign"] = [place for place in places["sign"] if _are_marks(below, place)]
    if len(places["date"]) > 1 and _all_the_same(below, places["date"]):
        places["date"] = places["date"][:1]
    for role, label in LABELS.items():
        if len(found := places.get(role, ())) > 1:
            named = " dan ".join(f"“{text_of(header[place])}”" for place in found[:2])
            return Recognised(weight, problem=f"dua kolom dapat berarti {label}: {named}")
    single = {role: found[0] for role, found in places.items() if found}
    order = _date_order([row[single["date"]] for row in below])
    if order is None:
        return Recognised(weight, problem="urutan hari dan bulan pada tanggalnya tidak pasti")
    columns = _columns(header, single, texts)
    return Recognised(weight, HeaderMatch(_profile(header, single, texts, order), columns, index))


def _what_is_missing(header: Sequence[Cell], places: Mapping[str, list[int]], texts: Sequence[int]) -> Recognised:
    missing = [
        words
        for words, there in (
            ("tanggal", "date" in places),
            ("keterangan", bool(texts)),
            ("nominal (debet dan kredit, atau jumlah)", {"debit", "credit"} <= places.keys() or "amount" in places),
        )
        if not there
    ]
    seen = ", ".join(f"“{text_of(cell)}”" for cell in header if text_of(cell))[:160]
    return Recognised(
        len(places) + bool(texts), problem=f"kolom {' dan '.join(missing)} tidak ditemukan di antara {seen}"
    )


def _is_movement(row: Sequence[Cell], dates: Sequence[int]) -> bool:
    for place in dates:
        for order in ("dmy", "mdy"):
            try:
                if place < len(row) and read_moment(row[place], order, lambda _day, _month: 2000) is not None:
                    return True
            except ValueError:
                continue
    return False


def _are_marks(rows: Sequence[Sequence[Cell]], place: int) -> bool:
    try:
        return all(mark_of(text_of(row[place]).split()[0]) for row in rows if place < len(row) and text_of(row[place]))
    except ValueError:
        return False


def _all_the_same(rows: Sequence[Sequence[Cell]], places: Sequence[int]) -> bool:
    return all(len({text_of(row[place]) for place in places if place < len(row)}) == 1 for row in rows)


def _date_order(cells: Sequence[Cell]) -> str | None:
    """Give `dmy` or `mdy`, whichever reads every day in order; None for a doubt.

    Where both do, days come first as everywhere in Indonesia, unless months first tell of a shorter time: so looks a
    file that somebody kept in an American Excel.
    """
    numeric = [found for cell in cells if isinstance(cell, str) and (found := _MONTH_OR_DAY.match(cell.strip(" '’")))]
    if all(found[1].zfill(2) == found[2].zfill(2) for found in numeric):
        return "dmy"
    spans = {order: span for order in ("dmy", "mdy") if (span := _span(cells, order)) is not None}
    if len(spans) == 2:
        return "dmy" if spans["dmy"] <= spans["mdy"] else None
    return next(iter(spans), None)


def _span(cells: Sequence[Cell], order: str) -> int | None:
    """How many days lie between the first and the last cell; None when one is no day or they are out of order."""
    days: list[date] = []
    for cell in cells:
        try:
            moment = read_moment(cell, order, lambda _day, _month: 2000)
        except ValueError:
            return None
        if moment is not None:
            days.append(moment.day)
    if days != sorted(days) and days != sorted(days, reverse=True):
        return None
    return abs((days[-1] - days[0]).days) if days else 0


def _profile(header: Sequence[Cell], single: Mapping[str, int], texts: Sequence[int], order: str) -> Profile:
    """The layout as a profile of its own; its id is told by the header, so two downloads are one layout."""
    names = {role: text_of(header[place]) for role, place in single.items()}
    needed = ("date", "debit", "credit") if "debit" in single else ("date", "amount")
    told = hashlib.sha256("\n".join(plain_name(cell) for cell in header).strip().encode()).hexdigest()
    labelled = [(LABELS.get(role, ""), names[role]) for role in (*needed, "sign", "balance") if role in names]
    labelled.insert(1, ("keterangan", text_of(header[texts[0]])))
    title = "susunan dikenali dari judulnya: " + ", ".join(f"{label} “{name}”" for label, name in labelled)
    return Profile(
        id=f"judul-{told[:12]}",
        bank="",
        title=title,
        must={role: names[role] for role in needed},
        may={role: name for role, name in names.items() if role not in needed},
        description=(text_of(header[texts[0]]),),
        more_description=tuple(text_of(header[place]) for place in texts[1:]),
        date_order=order,
    )


def _columns(header: Sequence[Cell], single: Mapping[str, int], texts: Sequence[int]) -> Columns:
    width = max((place for place, cell in enumerate(header) if text_of(cell)), default=-1) + 1
    return Columns(dict(single), tuple(texts), width, tuple(fold(text_of(cell)) for cell in header))


def draft_profile(rows: Sequence[Sequence[Cell]]) -> Profile | None:
    """Give a first draft for a table no profile knows, made of the usual column names; None when no row looks right.

    A draft is shown with a preview and saved by a person, never used by itself.
    """
    from desk.adapters.bank_files.profiles import why_not_profile

    best: tuple[int, Profile] | None = None
    for _index, row in _headers(rows):
        names = {plain_name(cell): str(cell) for cell in row if plain_name(cell)}

        def pick(likely: Sequence[str], names: Mapping[str, str] = names) -> str | None:
            return next((names[fold(name)] for name in likely if fold(name) in names), None)

        found = {role: name for role, likely in NAMES.items() if (name := pick(likely))}
        words = pick(TEXTS)
        if words is None or "date" not in found:
            continue
        pair = {"debit", "credit"} <= found.keys()
        needed = ("date", "debit", "credit") if pair else ("date", "amount")
        must = {role: found[role] for role in needed if role in found}
        left_out = {"amount", "sign"} if pair else {"debit", "credit"}
        may = {role: name for role, name in found.items() if role not in must and role not in left_out}
        draft = Profile("profil-baru", "Bank", "Profil baru", must, may, (words,))
        if why_not_profile(draft) is None and (best is None or len(found) > best[0]):
            best = len(found), draft
    return best[1] if best else None
