"""What a person needs to describe a new layout: the first rows of the file and a first draft of a profile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.adapters.bank_files.cells import Cell, fold, text_of
from desk.adapters.bank_files.detect import Family, find_text_table, head_rows, likely_delimiter, nature_of, text_head
from desk.adapters.bank_files.profiles import Profile, shipped_profiles, why_not_profile
from desk.adapters.bank_files.workbook import Workbook
from desk.errors import Refused


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table as they stand in the file, and the profile that reads them or a draft for one.

    `is_known` tells a profile that exists from a draft; `profile` is None when the columns give no hint.
    """

    rows: tuple[tuple[str, ...], ...]
    profile: Profile | None
    is_known: bool


def preview(path: Path, profiles: Sequence[Profile] = (), limit: int = 30) -> Preview:
    """Give what describing a layout needs: rows, and a profile or a draft. Refused as for opening."""
    nature = nature_of(path)
    known = [*profiles, *shipped_profiles()]
    if nature.family is Family.CSV:
        head = text_head(path, nature.encoding)
        found = find_text_table(head, known, path.name)
        delimiter = found.delimiter if found else likely_delimiter(head)
        rows: list[list[object]] = [list(row) for row in head_rows(head, delimiter, path.name)]
        match = found.match if found else None
    elif nature.family is Family.WORKBOOK:
        with Workbook(path) as workbook:
            sheet = workbook.find(known)
            heads = workbook.head()
            match = sheet[1] if sheet else None
            chosen = sheet[0] if sheet else max(heads, key=lambda entry: len(entry[1]))[0]
            rows = dict(heads)[chosen]
    else:
        raise Refused(f"Berkas {path.name} adalah {nature.family.label}; berkas itu dibaca tanpa profil.")
    shown = tuple(tuple(text_of(cell) for cell in row) for row in rows[:limit])
    return Preview(shown, match.profile if match else draft_profile(rows), match is not None)


_LIKELY_NAMES: Mapping[str, tuple[str, ...]] = {
    "date": (
        "tanggal transaksi", "tgl transaksi", "posting date", "post date", "transaction date", "trans date", "trx date",
        "tanggal mutasi", "tgl mutasi", "booking date", "entry date", "tanggal", "tgl", "date",
    ),
    "time": ("jam", "waktu", "time"),
    "debit": ("debet", "debit", "mutasi debet", "mutasi debit", "debit amount", "keluar", "pengeluaran",
              "withdrawal", "dr"),
    "credit": ("kredit", "credit", "mutasi kredit", "credit amount", "masuk", "penerimaan", "deposit", "cr"),
    "amount": ("jumlah", "nominal", "mutasi", "amount", "nilai", "jumlah transaksi", "nilai transaksi"),
    "sign": (
        "d/k", "k/d", "db/cr", "cr/db", "dr/cr", "dk", "d/c", "c/d", "debet/kredit", "kredit/debet", "debit/credit",
        "credit/debit", "debit/kredit", "jenis", "jenis mutasi", "tipe", "type",
    ),
    "balance": ("saldo", "saldo akhir", "balance", "running balance", "ending balance", "saldo berjalan"),
    "reference": ("no referensi", "referensi", "reference no", "reference", "no bukti", "no jurnal", "trx id"),
    "account": ("no rekening", "nomor rekening", "account no", "account number"),
    "currency": ("mata uang", "currency", "ccy", "valuta"),
    "counterparty": ("nama pengirim", "pengirim", "sender", "nama"),
}  # fmt: skip
_LIKELY_TEXTS = (
    "keterangan", "uraian", "uraian transaksi", "deskripsi", "description", "rincian transaksi", "remark", "remarks",
    "berita", "narasi", "narrative", "narration", "particulars", "transaction description", "keterangan transaksi",
    "uraian mutasi", "detail", "details", "memo", "transaksi",
)  # fmt: skip


_CURRENCY = re.compile(r"[\s(\[]*\b(?:rp|idr|rupiah)\b[.)\]\s]*$", re.IGNORECASE)
"""The currency behind the name of a column: `Amount (IDR)`."""


def draft_profile(rows: Sequence[Sequence[Cell]]) -> Profile | None:
    """Give a first draft for a table no profile knows, made of the usual column names; None when no row looks right.

    A draft is shown with a preview and saved by a person, never used by itself.
    """
    best: tuple[int, Profile] | None = None
    for row in rows:
        names = {fold(_CURRENCY.sub("", cell)): cell for cell in row if isinstance(cell, str) and fold(cell)}

        def pick(likely: Iterable[str], names: Mapping[str, str] = names) -> str | None:
            return next((names[fold(name)] for name in likely if fold(name) in names), None)

        found = {role: name for role, likely in _LIKELY_NAMES.items() if (name := pick(likely))}
        text = pick(_LIKELY_TEXTS)
        if text is None or "date" not in found:
            continue
        pair = {"debit", "credit"} <= found.keys()
        needed = ("date", "debit", "credit") if pair else ("date", "amount")
        must = {role: found[role] for role in needed if role in found}
        left_out = {"amount", "sign"} if pair else {"debit", "credit"}
        may = {role: name for role, name in found.items() if role not in must and role not in left_out}
        draft = Profile("profil-baru", "Bank", "Profil baru", must, may, (text,))
        if why_not_profile(draft) is None and (best is None or len(found) > best[0]):
            best = len(found), draft
    return best[1] if best else None
