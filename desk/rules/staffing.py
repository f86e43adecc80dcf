"""Who works where and when: duties from a day to a day, stand-ins, logins and passwords.

Source: the office's division of work (domain: officer, treasurer, supervisor, administrator, auditor) and the decision
that a stand-in for the treasurer needs the supervisor. The database judges again (migration 0004).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from desk.rules.people import Duty

SHORTEST_PASSWORD = 12
"""Characters. PostgreSQL does not lock out after wrong passwords, so length is what protects."""
TEMPORARY_DAYS = 3
"""So long a temporary password opens the door; the same figure stands in the functions of the database."""

_LOGIN = re.compile(r"[a-z][a-z0-9_.-]{1,39}")
_RESERVED = ("pg_", "desk_", "postgres")


@dataclass(frozen=True, slots=True)
class HeldDuty:
    """A duty in one office; `ends_on` is the last day, None without an end; `stands_in_for` is a login or empty."""

    office_id: int
    duty: Duty
    starts_on: date
    ends_on: date | None = None
    stands_in_for: str = ""

    def runs(self, today: date) -> bool:
        """Whether the person has this duty on that day."""
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)

    def lies_ahead(self, today: date) -> bool:
        """Whether the duty runs or still begins."""
        return self.ends_on is None or today <= self.ends_on


def why_not_login(login: str) -> str | None:
    """The sentence that says why this cannot be the name of a new login, or None."""
    if not _LOGIN.fullmatch(login):
        return "Nama pengguna berisi 2–40 huruf kecil, angka, titik, atau garis bawah, dan diawali huruf."
    if login.startswith(_RESERVED):
        return "Nama pengguna dengan awalan desk_, pg_, atau postgres dipakai sistem. Pilih nama lain."
    return None


def why_not_password(login: str, old: str, new: str, again: str) -> str | None:
    """The sentence that says why a person cannot take this password, or None."""
    if len(new) < SHORTEST_PASSWORD:
        return f"Kata sandi baru harus sedikitnya {SHORTEST_PASSWORD} karakter. Kalimat pendek mudah diingat."
    if login and login.lower() in new.lower():
        return "Kata sandi baru tidak boleh memuat nama pengguna."
    if len(set(new)) < SHORTEST_PASSWORD // 2:
        return "Kata sandi baru terlalu seragam. Pakai huruf dan kata yang berbeda-beda."
    if new == old:
        return "Kata sandi baru sama dengan yang lama. Pilih yang lain."
    if new != again:
        return "Ulangan kata sandi tidak sama. Ketik lagi."
    return None


def why_not_period(starts_on: date, ends_on: date | None, today: date) -> str | None:
    """The sentence that says why a duty cannot run from that day to that one, or None."""
    if starts_on < today:
        return "Tugas tidak dapat dimulai pada hari yang sudah lewat."
    if ends_on is not None and ends_on < starts_on:
        return "Hari terakhir tugas lebih awal daripada hari pertamanya."
    return None


def why_not_change(actor_login: str, login: str) -> str | None:
    """The sentence that says why an administrator leaves this person's duties and access alone, or None."""
    if actor_login == login:
        return "Tugas dan akses sendiri diubah oleh administrator lain."
    return None


def needs_approval(duty: Duty, stands_in_for: str) -> bool:
    """Whether the supervisor must agree before the duty begins."""
    return duty is Duty.TREASURER and bool(stands_in_for)


def changed_duties(held: frozenset[Duty], wanted: frozenset[Duty]) -> tuple[frozenset[Duty], frozenset[Duty]]:
    """Which duties begin and which end when somebody who holds some is to have exactly the wanted ones."""
    return wanted - held, held - wanted


def suggested_login(name: str) -> str:
    """A login made of the first two words of a name: `siti.contoh`; empty where nothing is left of it."""
    plain = name.split(",", maxsplit=1)[0].lower()
    words = ["".join(letter for letter in word if letter.isascii() and letter.isalpha()) for word in plain.split()]
    suggested = ".".join(word for word in words[:2] if word)[:40].rstrip(".")
    return suggested if why_not_login(suggested) is None else ""
