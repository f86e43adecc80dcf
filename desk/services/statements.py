"""Bank statements: what a file says, what of it is new, its import, the profiles of the office, and the lists of lines.

A file is read twice, both times line by line: once to see what it is (bounded memory: 36 bytes per line are kept), once
to import it. The import is one transaction; a file that turns out to be cut, or a person who cancels, leaves nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.adapters.bank_files import Profile, open_bank_file, profile_from_toml, profile_to_toml
from desk.adapters.bank_files.reading import Cancelled, Progress
from desk.errors import Refused
from desk.models import BankAccountRow, BankProfileRow, StatementFile
from desk.rules.statement import StatementLine, keyed, sen_text

BATCH = 2_000
"""Lines that travel together; about half a megabyte."""

SAMPLE = 8
_KEY = 36
"""Bytes that are kept of a line between the two readings: 32 of its digest, 4 of its twin number."""


@dataclass(frozen=True, slots=True)
class Account:
    """A receiving account; `id` is None for the account of the office's profile that no file was imported for yet."""

    office_id: int
    id: UUID | None
    number: str
    bank: str
    holder: str


@dataclass(frozen=True, slots=True)
class FileRead:
    """A bank file read once: what it states, its sums (sen), its first lines, and the keys of all its lines."""

    path: Path
    sha256: str
    layout: str
    title: str
    bank: str
    account: str
    opening_sen: int | None
    closing_sen: int | None
    credit_sen: int
    debit_sen: int
    credit_count: int
    first_on: date
    last_on: date
    count: int
    newest_first: bool
    notices: tuple[str, ...]
    pending: int
    sample: tuple[StatementLine, ...]
    keys: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """What the database knows of a file: how many lines are new, and what the treasurer should know before."""

    new: int
    known: int
    notices: tuple[str, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    file_id: UUID
    added: int
    known: int


# Reading


def read_file(
    path: Path,
    profiles: Sequence[Profile] = (),
    *,
    profile: Profile | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> FileRead:
    """Give what a bank file says, read to its end; Refused with its sentence for one that is none, cut or foreign."""
    sha256 = file_hash(path)
    first: list[StatementLine] = []
    keys = bytearray()
    count = credit_sen = debit_sen = credit_count = 0
    first_on, last_on = date.max, date.min
    with open_bank_file(path, profiles=profiles, profile=profile, progress=progress, cancelled=cancelled) as bank_file:
        for key, line in keyed(bank_file.lines(), ""):
            if len(first) < SAMPLE:
                first.append(line)
            count += 1
            keys += bytes.fromhex(key.digest) + key.twin.to_bytes(4, "big")
            first_on, last_on = min(first_on, line.booked_on), max(last_on, line.booked_on)
            if line.amount_sen > 0:
                credit_sen, credit_count = credit_sen + line.amount_sen, credit_count + 1
            else:
                debit_sen += line.amount_sen
        stated = bank_file.summary()
        title = bank_file.title
    return FileRead(
        path=path,
        sha256=sha256,
        layout=stated.layout,
        title=title,
        bank=stated.bank,
        account=account_number(stated.account or ""),
        opening_sen=stated.opening_sen,
        closing_sen=stated.closing_sen,
        credit_sen=credit_sen,
        debit_sen=debit_sen,
        credit_count=credit_count,
        first_on=first_on,
        last_on=last_on,
        count=count,
        newest_first=stated.newest_first,
        notices=stated.notices,
        pending=sum(1 for row in stated.skipped if row.reason == "pending"),
        sample=tuple(first),
        keys=bytes(keys),
    )


def file_hash(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def account_number(text_: str) -> str:
    """Give an account number as it is compared: digits and capital letters alone."""
    return re.sub(r"[^0-9A-Z]", "", text_.upper())


# One look into the unique index per line, whatever the planner believes of a table that has just grown.
_KNOWN = text("""
SELECT count(*) FROM unnest(CAST(:digests AS text[]), CAST(:twins AS bigint[])) AS k (digest, twin)
WHERE (SELECT true FROM desk.statement_line l WHERE l.office_id = :office_id AND l.account_id = :account_id
       AND l.digest = k.digest AND l.twin = k.twin LIMIT 1)
""")
_OTHER_LAYOUT = text("""
SELECT f.name, f.layout, x.since, x.until FROM desk.statement_file f, LATERAL (
  SELECT min(l.booked_on) AS since, max(l.booked_on) AS until FROM desk.statement_line l
  WHERE l.office_id = f.office_id AND l.file_id = f.id AND l.booked_on BETWEEN :first_on AND :last_on) x
WHERE f.office_id = :office_id AND f.account_id = :account_id AND f.layout <> :layout AND x.since IS NOT NULL
ORDER BY x.since LIMIT 1
""")
_BEFORE = text("""
SELECT f.name, f.last_on, f.closing_sen FROM desk.statement_file f
WHERE f.office_id = :office_id AND f.account_id = :account_id AND f.last_on < :first_on
ORDER BY f.last_on DESC, f.at DESC LIMIT 1
""")


def compare(session: Session, office_id: int, account_id: UUID | None, read: FileRead) -> Compared:
    """Give how many lines of a file are new on an account, whether it follows on what is there, and what forbids it."""
    if account_id is None:
        return Compared(read.count, 0)
    where = {"office_id": office_id, "account_id": account_id}
    known = 0
    for start in range(0, len(read.keys), 10_000 * _KEY):
        piece = [read.keys[at : at + _KEY] for at in range(start, min(start + 10_000 * _KEY, len(read.keys)), _KEY)]
        digests = [key[:32].hex() for key in piece]
        twins = [int.from_bytes(key[32:], "big") for key in piece]
        known += session.execute(_KNOWN, {**where, "digests": digests, "twins": twins}).scalar_one()
    days = {"first_on": read.first_on, "last_on": read.last_on}
    other = session.execute(_OTHER_LAYOUT, {**where, **days, "layout": read.layout}).one_or_none()
    if other is not None:
        return Compared(read.count - known, known, refusal=_mixed(other))
    notices = []
    before = session.execute(_BEFORE, {**where, "first_on": read.first_on}).one_or_none()
    if (
        before is not None
        and before.closing_sen is not None
        and read.opening_sen is not None
        and before.closing_sen != read.opening_sen
    ):
        notices.append(
            f"Saldo awal {sen_text(read.opening_sen)} tidak melanjutkan saldo akhir {sen_text(before.closing_sen)} "
            f"pada {before.last_on:%d/%m/%Y} ({before.name}): mungkin ada hari yang belum diimpor."
        )
    return Compared(read.count - known, known, tuple(notices))


def _mixed(other: Any) -> str:
    return (
        f"Hari {other.since:%d/%m/%Y} sampai {other.until:%d/%m/%Y} sudah diimpor dari bentuk lain "
        f"({other.layout}, {other.name}). Mutasi yang sama akan tercatat dua kali; unduh hari yang belum ada, "
        "atau pakai bentuk yang sama."
    )


# Importing

_ADD = text("SELECT desk.add_statement_lines(:office_id, :account_id, :file_id, CAST(:lines AS jsonb))")
_ANNOUNCE = text("SELECT desk.announce(:office_id, :file_id)")
_IMPORTED = text("SELECT added, line_count FROM desk.statement_file WHERE office_id = :office_id AND id = :file_id")


def import_file(
    session: Session,
    office_id: int,
    account_id: UUID,
    read: FileRead,
    profiles: Sequence[Profile] = (),
    *,
    key: UUID,
    profile: Profile | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Imported:
    """Keep the lines of a file that are new; asked again with the same `key`, answers what was done.

    `progress(done, total)` counts lines. Refused when the file changed since it was read, or holds nothing new.
    """
    where = {"office_id": office_id, "account_id": account_id, "file_id": key}
    done = session.execute(_IMPORTED, where).one_or_none()
    if done is not None:
        return Imported(key, done.added, done.line_count - done.added)
    if file_hash(read.path) != read.sha256:
        raise Refused(f"Berkas {read.path.name} berubah sejak dibaca. Pilih lagi berkasnya. Tidak ada yang diimpor.")
    added = at = 0
    with open_bank_file(read.path, profiles=profiles, profile=profile, cancelled=cancelled) as bank_file:
        entries = _entries(bank_file.lines(), read)
        while batch := list(islice(entries, BATCH)):
            added += session.execute(_ADD, {**where, "lines": json.dumps(batch)}).scalar_one()
            at += len(batch)
            if progress is not None:
                progress(at, read.count)
    if not added:
        raise Refused(f"Semua {read.count} mutasi pada {read.path.name} sudah diimpor. Tidak ada yang diubah.")
    session.execute(
        insert(StatementFile).values(
            office_id=office_id,
            id=key,
            account_id=account_id,
            name=read.path.name,
            sha256=read.sha256,
            layout=read.layout,
            bank=read.bank,
            first_on=read.first_on,
            last_on=read.last_on,
            opening_sen=read.opening_sen,
            closing_sen=read.closing_sen,
            credit_sen=read.credit_sen,
            debit_sen=read.debit_sen,
            line_count=read.count,
            added=added,
            lines_sha256="",
            notices="\n".join(read.notices),
        )
    )
    session.execute(_ANNOUNCE, where)
    return Imported(key, added, read.count - added)


def _entries(lines: Iterable[StatementLine], read: FileRead) -> Iterator[dict[str, Any]]:
    """The lines as the database takes them; `no` counts from the oldest one."""
    for place, (key, line) in enumerate(keyed(lines, ""), 1):
        yield {
            "no": read.count + 1 - place if read.newest_first else place,
            "digest": key.digest,
            "twin": key.twin,
            "booked_on": line.booked_on.isoformat(),
            "booked_at": line.booked_at.isoformat() if line.booked_at else None,
            "value_date": line.value_date.isoformat() if line.value_date else None,
            "amount_sen": line.amount_sen,
            "description": _storable(line.description),
            "counterparty": _storable(line.counterparty),
            "reference": _storable(line.reference or ""),
            "balance_sen": line.balance_sen,
            "reversal": line.reversal,
            "raw": _storable(line.raw),
        }


def _storable(words: str) -> str:
    """PostgreSQL keeps no NUL and no half of a surrogate pair."""
    return words.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


# Accounts and profiles

_ACCOUNTS = text("""
SELECT a.office_id, a.id, a.number, a.bank, a.holder FROM desk.bank_account a
WHERE a.office_id = ANY (:offices) ORDER BY a.office_id, a.at
""")
_OWN = text("SELECT o.id, o.profile->'account' AS account FROM desk.office o WHERE o.id = ANY (:offices)")


def accounts(session: Session, offices: Sequence[int]) -> list[Account]:
    """Give the accounts of the offices: those that files were imported for, and the one printed on invoices."""
    found = [Account(*row) for row in session.execute(_ACCOUNTS, {"offices": list(offices)})]
    known = {(account.office_id, account.number) for account in found}
    for row in session.execute(_OWN, {"offices": list(offices)}):
        own = row.account or {}
        number = account_number(str(own.get("number", "")))
        if number and (row.id, number) not in known:
            found.insert(0, Account(row.id, None, number, str(own.get("bank", "")), str(own.get("holder", ""))))
    return found


def add_account(session: Session, office_id: int, *, number: str, bank: str = "", holder: str = "") -> UUID:
    """Write a receiving account down and give its id; nothing new happens when it is there already."""
    seen = session.execute(
        text("SELECT id FROM desk.bank_account WHERE office_id = :office_id AND number = :number"),
        {"office_id": office_id, "number": account_number(number)},
    ).scalar_one_or_none()
    if seen is not None:
        return UUID(str(seen))
    account_id = uuid4()
    session.execute(
        insert(BankAccountRow).values(
            office_id=office_id, id=account_id, number=account_number(number), bank=bank, holder=holder
        )
    )
    return account_id


_PROFILES = text("""
SELECT DISTINCT ON (p.slug) p.slug, p.content FROM desk.bank_profile p
WHERE p.office_id = :office_id ORDER BY p.slug, p.at DESC, p.id
""")


def profiles(session: Session, office_id: int) -> list[Profile]:
    """Give the layouts that this office described itself."""
    rows = session.execute(_PROFILES, {"office_id": office_id})
    return [profile_from_toml(row.content, row.slug) for row in rows if row.content]


def keep_profile(session: Session, office_id: int, profile: Profile) -> None:
    """Keep a described layout; a profile of the same id is replaced by it from now on."""
    session.execute(
        insert(BankProfileRow).values(
            office_id=office_id, id=uuid4(), slug=profile.id, content=profile_to_toml(profile)
        )
    )


def withdraw_profile(session: Session, office_id: int, slug: str) -> None:
    """Use a described layout no longer."""
    session.execute(insert(BankProfileRow).values(office_id=office_id, id=uuid4(), slug=slug, content=""))
