"""Numbers that name people, taxpayers, telephones and payments: read leniently, kept in one form, doubts in words.

None of these checks proves that a number exists, and most are soft: a result carries `valid`, the form to store and
a sentence for the screen; the desk decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

_PROVINCES = frozenset(
    {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)}
)
"""First two digits of a NIK: the provinces as the population registry numbers them."""

_SEPARATORS = re.compile(r"[\s.\-‐‑‒–—−/']+")
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?P<domain>[A-Za-z0-9.-]{1,253})")
_DOMAIN_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_USUAL_DOMAINS = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gmail.co": "gmail.com", "gmail.con": "gmail.com",
    "gamil.com": "gmail.com", "gmail.co.id": "gmail.com", "yaho.com": "yahoo.com", "yahoo.con": "yahoo.com",
    "hotmial.com": "hotmail.com", "outlok.com": "outlook.com",
}  # fmt: skip
_PHONE_SIGNS = str.maketrans({**dict.fromkeys("‐‑‒–—−", "-"), "\u200b": None, "\u202a": None, "\u202c": None})
# Words in front (“WA”, “Telp.”, Excel's apostrophe) and, after a blank or bracket, words behind (“(Rina)”).
_PHONE = re.compile(r"[^0-9+(]*(?P<number>\(?\+?[0-9][0-9 ().\-/]*)(?:(?<=[ (])[^\W\d_][^0-9]*)?")
# A bare x needs a blank in front: in “01x3” it is a slip inside the number.
_EXTENSION = re.compile(r"(?:\s*(?:ext|ekst|pes|pesawat)|\s+x)[.:]*\s*(?P<digits>[0-9]{1,5})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Nik:
    """A population number as read. `reason` is for records, `warning` the sentence for the screen."""

    valid: bool
    normalized: str | None
    sex: str | None = None
    birth_date: date | None = None
    region_warning: bool = False
    reason: str | None = None
    warning: str | None = None


class NpwpKind(Enum):
    """The forms a taxpayer number comes in (PMK 112/2022 moved from 15 to 16 digits)."""

    FIFTEEN = "npwp15"
    SIXTEEN = "npwp16"
    NIK = "nik16"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Npwp:
    """A taxpayer number as read: sixteen digits to store, the form it is printed in, and its check digit's verdict."""

    kind: NpwpKind
    sixteen: str | None = None
    display: str | None = None
    check_digit_ok: bool | None = None
    warning: str | None = None

    @property
    def valid(self) -> bool:
        """Whether this can be a taxpayer number at all."""
        return self.kind is not NpwpKind.INVALID


@dataclass(frozen=True, slots=True)
class Nip:
    """A civil servant's number as read; `kind` is `PNS` or `PPPK`."""

    valid: bool
    normalized: str | None
    kind: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    display: str | None = None
    reason: str | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number as read: `+62…` or another country's, with its extension kept apart; None when unreadable."""

    normalized: str | None
    extension: str = ""
    warning: str | None = None

    @property
    def valid(self) -> bool:
        """Whether a number was read."""
        return self.normalized is not None


@dataclass(frozen=True, slots=True)
class Reading:
    """Any other identifier as read: the form to store when valid, and a sentence where something is doubtful."""

    valid: bool
    normalized: str | None
    warning: str | None = None


def read_nik(text: str, today: date) -> Nik:
    """Give what a NIK says: 6 digits region, DDMMYY of birth (day + 40 for women), 4 digits serial.

    Of the two possible centuries the later one counts that is not after `today`. Soft: foreigners show passports.
    """
    digits = _digits_only(text)
    if digits is None or len(digits) != 16:
        return Nik(
            False,
            None,
            reason="not 16 digits",
            warning="NIK terdiri dari 16 angka. Untuk warga negara asing, catat nomor paspor.",
        )
    day = int(digits[6:8])
    born = _birth_in_two_digit_year(day - 40 if day > 40 else day, int(digits[8:10]), int(digits[10:12]), today)
    if born is None:
        return Nik(
            False,
            digits,
            reason="no such date of birth",
            warning="Tanggal lahir di dalam NIK tidak ada. Cocokkan dengan kartu identitas.",
        )
    if digits[12:] == "0000":
        return Nik(
            False,
            digits,
            reason="serial 0000",
            warning="Nomor urut NIK tidak boleh 0000. Cocokkan dengan kartu identitas.",
        )
    unknown_region = int(digits[:2]) not in _PROVINCES or digits[2:4] == "00" or digits[4:6] == "00"
    return Nik(
        True,
        digits,
        sex="F" if day > 40 else "M",
        birth_date=born,
        region_warning=unknown_region,
        warning="Kode wilayah NIK tidak dikenal. Cocokkan dengan kartu identitas." if unknown_region else None,
    )


def mask_nik(nik: str) -> str:
    """Give the identity number as screens show it: `3171********0001`; a shorter one keeps only its last characters."""
    kept = "".join(nik.split())
    if len(kept) >= 12:
        return f"{kept[:4]}{'*' * (len(kept) - 8)}{kept[-4:]}"
    shown = len(kept) // 4
    return "*" * (len(kept) - shown) + kept[len(kept) - shown :]


def read_npwp(text: str) -> Npwp:
    """Give what an NPWP says: 15 digits, 16 digits with a zero in front, or a person's NIK used as NPWP.

    A wrong check digit (Luhn over the first eight, common knowledge and no official text) is a warning only.
    """
    digits = _digits_only(text)
    invalid = Npwp(
        NpwpKind.INVALID, warning="NPWP terdiri dari 15 atau 16 angka. Cocokkan dengan kartu NPWP pengguna data."
    )
    if digits is None or not digits.strip("0"):
        return invalid
    if len(digits) == 15:
        grouped = f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}.{digits[8]}-{digits[9:12]}.{digits[12:]}"
        return _checked_npwp(NpwpKind.FIFTEEN, f"0{digits}", grouped)
    if len(digits) != 16:
        return invalid
    if digits[0] == "0":
        return _checked_npwp(NpwpKind.SIXTEEN, digits, digits)
    if _could_be_nik(digits):
        return Npwp(NpwpKind.NIK, digits, digits)
    return invalid


def read_nip(text: str) -> Nip:
    """Give what a civil servant's number says: birth date, appointment, sex, serial (18 digits).

    Digits 13 and 14 are no check: 01–12 reads as a month (PNS), anything else as contract digits (PPPK).
    """
    digits = _digits_only(text)
    if digits is None or len(digits) != 18:
        return Nip(False, None, reason="not 18 digits", warning="NIP terdiri dari 18 angka. Periksa kembali.")
    born = _date_or_none(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    if born is None or born.year < 1900:
        return Nip(
            False,
            digits,
            reason="no such date of birth",
            warning="Tanggal lahir di dalam NIP tidak ada. Periksa kembali.",
        )
    if digits[14] not in "12":
        return Nip(
            False, digits, reason="digit 15 is not 1 or 2", warning="Angka ke-15 NIP harus 1 atau 2. Periksa kembali."
        )
    return Nip(
        True,
        digits,
        kind="PNS" if 1 <= int(digits[12:14]) <= 12 else "PPPK",
        birth_date=born,
        sex="M" if digits[14] == "1" else "F",
        display=f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}",
    )


def read_phone(text: str) -> Phone:
    """Give the telephone number in the form it is stored and dialled: `+6281200000123`, country +62 when none is given.

    Words before and behind the number are let go, an extension is kept apart, foreign numbers stay as they are.
    """
    unreadable = Phone(None, warning="Nomor telepon tidak dapat dibaca. Tulis misalnya 0812 0000 0123.")
    plain, extension = _cut_extension(" ".join(text.translate(_PHONE_SIGNS).split()))
    found = _PHONE.fullmatch(plain)
    if found is None:
        return unreadable
    plain = found["number"].lstrip("(")
    international = plain.startswith(("+", "00"))
    digits = re.sub(r"[^0-9]", "", plain)
    digits = digits[2:] if plain.startswith("00") else digits
    if international and not digits.startswith("62"):
        whole = 8 <= len(digits) <= 15 and digits[0] != "0"
        return Phone(f"+{digits}", extension) if whole else unreadable
    if international or (digits.startswith("62") and len(digits) >= 10):
        digits = digits[2:]
    elif not digits.startswith(("0", "8")):
        return unreadable
    national = digits.removeprefix("0")
    # A mobile number has 9 to 12 digits behind the zero, a land line 7 to 11 with its area code.
    shortest, longest = (9, 12) if national.startswith("8") else (7, 11)
    if national.startswith(("0", "1")) or not shortest <= len(national) <= longest:
        return unreadable
    return Phone(f"+62{national}", extension)


def read_email(text: str) -> Reading:
    """Give the e-mail address without decoration, its domain in small letters; a likely slip there is a warning.

    Plausible only: whether anybody reads it, the first answer shows.
    """
    address = text.strip().removeprefix("mailto:").strip("<>;, ")
    found = _EMAIL.fullmatch(address)
    local = address.partition("@")[0]
    parts = found["domain"].split(".") if found else []
    if (
        len(parts) < 2
        or not all(_DOMAIN_PART.fullmatch(part) for part in parts)
        or parts[-1].isdigit()
        or local.startswith(".")
        or local.endswith(".")
        or ".." in local
    ):
        return Reading(False, None, "Alamat surel tidak lengkap. Tulis misalnya nama@example.org.")
    domain = ".".join(parts).lower()
    meant = _USUAL_DOMAINS.get(domain)
    warning = (
        f"Alamat surel memakai {domain}. Mungkin maksudnya {meant}; tanyakan kepada pengguna data." if meant else None
    )
    return Reading(True, f"{local}@{domain}", warning)


def read_ntpn(text: str) -> Reading:
    """Give the NTPN of a state receipt: 16 letters or digits, upper case. Blanks and dashes are let go."""
    code = _SEPARATORS.sub("", text).upper()
    if not re.fullmatch(r"[0-9A-Z]{16}", code):
        return Reading(False, None, "NTPN terdiri dari 16 huruf atau angka. Salin dari bukti penerimaan negara.")
    return Reading(True, code)


def read_billing_code(text: str) -> Reading:
    """Give a SIMPONI billing code: 15 digits. Blanks and dashes are let go; no check digit is known."""
    digits = _digits_only(text)
    if digits is None or len(digits) != 15 or not digits.strip("0"):
        return Reading(False, None, "Kode billing terdiri dari 15 angka. Salin dari halaman SIMPONI.")
    return Reading(True, digits)


def _cut_extension(text: str) -> tuple[str, str]:
    found = _EXTENSION.search(text)
    return (text[: found.start()], found["digits"]) if found else (text, "")


def _digits_only(text: str) -> str | None:
    plain = _SEPARATORS.sub("", text)
    return plain if re.fullmatch(r"[0-9]+", plain) else None


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _birth_in_two_digit_year(day: int, month: int, year: int, today: date) -> date | None:
    """Give the latest such date that is not after today; 29 February exists in one century and not in another."""
    for century in range(today.year // 100 * 100, today.year // 100 * 100 - 101, -100):
        born = _date_or_none(century + year, month, day)
        if born is not None and born <= today:
            return born
    return None


def _could_be_nik(digits: str) -> bool:
    day = int(digits[6:8])
    day -= 40 if day > 40 else 0
    # Any century will do here: only the shape of the date counts, so a leap year stands for all of them.
    return _date_or_none(2000 + int(digits[10:12]), int(digits[8:10]), day) is not None and digits[12:] != "0000"


def _checked_npwp(kind: NpwpKind, sixteen: str, display: str) -> Npwp:
    good = _luhn_digit(sixteen[1:9]) == int(sixteen[9])
    warning = None if good else "Angka periksa NPWP tidak cocok. Cocokkan dengan kartu NPWP pengguna data."
    return Npwp(kind, sixteen, display, good, warning)


def _luhn_digit(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10
