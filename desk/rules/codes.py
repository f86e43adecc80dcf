"""What the QR code on every paper says, so that a scan opens the right case and a wrong scan opens none.

A code reads `BPS1.SPPD.1600.2026.000123.1.2.K7`: program mark with layout version, kind of paper, office, year,
running number, copy, copies, two check characters. It holds upper-case letters, digits, dots and at most a hyphen in
the check: QR "alphanumeric" mode, and keys that lie at the same place on Indonesian and US keyboards without Shift,
because a hand scanner only types.

The check treats the text as digits of GF(37) (0–9, A–Z, dot; 37 is prime) and appends the two symbols that make the
whole a multiple of (x - 2)(x - 4), a Reed-Solomon code. As 2 generates all 36 non-zero values, any one or two wrong
characters in a text of at most 36 are always noticed, and so is every swap of two characters, neighbours or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.errors import Refused
from desk.rules.papers.kinds import PaperKind

MARK = "BPS1"
LONGEST_CODE = 36
"""Characters; within this length two wrong characters are always noticed."""

_PRIME = 37
_BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ."
_CHECK_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"  # a dot at the end would look like a full stop
_SHAPE = re.compile(
    r"(?P<body>[A-Z0-9]{4}\.(?P<kind>[A-Z]{3,4})\.(?P<office>[0-9]{4})\.(?P<year>20[0-9]{2})\.(?P<number>[0-9]{6})"
    r"\.(?P<copy>[1-9][0-9]?)\.(?P<copies>[1-9][0-9]?)\.)(?P<check>[0-9A-Z-]{2})"
)


_KIND_CODES = {
    PaperKind.INVOICE: "INV",
    PaperKind.SPPD: "SPPD",
    PaperKind.RECEIPT: "KWT",
    PaperKind.DELIVERY_NOTE: "KRM",
    PaperKind.ORIGINAL_REFUSAL: "TLK",
    PaperKind.REDIRECT: "ALH",
    PaperKind.CORRECTION_NOTE: "PBK",
    PaperKind.CLOSING: "TTP",
    PaperKind.CASE_FILE: "BKS",
    PaperKind.BILLING: "BIL",
    PaperKind.MONEY_SHORT: "UKR",
    PaperKind.MONEY_OVER: "ULB",
    PaperKind.MONEY_DOUBLE: "UGD",
    PaperKind.MONEY_LATE: "UTL",
    PaperKind.MONEY_UNKNOWN: "UTB",
}
"""What stands for the kind in the code; on paper for years, so it never changes."""
_BINDER = "MAP"
"""What stands for a binder where a paper has its kind."""
_KINDS = {code: kind for kind, code in _KIND_CODES.items()}


@dataclass(frozen=True, slots=True)
class PaperCode:
    """One sheet the desk has issued: the copy `copy` of `copies` of a numbered paper of an office."""

    kind: PaperKind
    office: str
    year: int
    number: int
    copy: int = 1
    copies: int = 1


class ForeignCode(Refused):
    """The code is not from this program: a parcel label, another office's system, a web address."""


class MistypedCode(Refused):
    """The code is from this program, but damaged or typed wrongly."""


class UnknownKind(Refused):
    """The code is whole, but its kind of paper is newer than this program."""


class BinderScanned(Refused):
    """The code is whole, but stands on a binder."""


def encode(code: PaperCode) -> str:
    """Give the text of the QR code for the sheet. Raises ValueError for a sheet that cannot be."""
    body = f"{MARK}.{_KIND_CODES[code.kind]}.{code.office}.{code.year:04d}.{code.number:06d}.{code.copy}.{code.copies}."
    text = body + _check_of(body)
    if code.number < 1 or code.copy > code.copies or not _SHAPE.fullmatch(text):
        raise ValueError(f"no such sheet: {code}")
    return text


def decode(text: str) -> PaperCode:
    """Give the sheet that a scanned or typed code names; small letters and blanks around or inside are forgiven.

    Raises Refused in one of three forms with its own sentence: `ForeignCode`, `MistypedCode`, `UnknownKind`.
    """
    typed = "".join(text.upper().split())
    if not typed.startswith(f"{MARK}."):
        raise ForeignCode(
            f"Kode “{text.strip()[:40]}” bukan kode surat dari Meja PST. Pindai QR pada surat, atau ketik nomornya."
        )
    found = _SHAPE.fullmatch(typed)
    if found is None or _check_of(found["body"]) != found["check"] or int(found["copy"]) > int(found["copies"]):
        raise MistypedCode(
            f"Kode “{typed[:40]}” salah ketik atau rusak. Pindai ulang QR-nya, atau ketik nomor surat di kotak cari."
        )
    if found["kind"] == _BINDER:
        raise BinderScanned("Itu label map, bukan naskah. Pindai QR pada naskahnya.")
    kind = _KINDS.get(found["kind"])
    if kind is None:
        raise UnknownKind(
            f"Jenis surat “{found['kind']}” belum dikenal versi program ini. Perbarui Meja PST, lalu pindai lagi."
        )
    return PaperCode(
        kind,
        found["office"],
        int(found["year"]),
        int(found["number"]),
        int(found["copy"]),
        int(found["copies"]),
    )


@dataclass(frozen=True, slots=True)
class BinderCode:
    """The label of a binder: the year it was opened in and its number in that year."""

    office: str
    year: int
    number: int


def encode_binder(code: BinderCode) -> str:
    """Give the text of the QR code of a binder label."""
    body = f"{MARK}.{_BINDER}.{code.office}.{code.year:04d}.{code.number:06d}.1.1."
    return body + _check_of(body)


def binder_code(text: str) -> BinderCode | None:
    """Give the binder that a scanned text names, None when it is no whole code of a binder label."""
    found = _SHAPE.fullmatch("".join(text.upper().split()))
    if found is None or found["kind"] != _BINDER or _check_of(found["body"]) != found["check"]:
        return None
    return BinderCode(found["office"], int(found["year"]), int(found["number"]))


def looks_like_ours(text: str) -> bool:
    """Say whether a scanned or typed text claims to be a code of this program, so that the search box decodes it."""
    return text.strip().upper().startswith(f"{MARK}.")


def _check_of(body: str) -> str:
    """Divide body·x² by x² - 6x + 8 = (x - 2)(x - 4) over GF(37); the two check symbols are minus the rest."""
    high = low = 0
    for symbol in [*map(_BODY_ALPHABET.index, body), 0, 0]:
        high, low = (low + 6 * high) % _PRIME, (symbol - 8 * high) % _PRIME
    return _CHECK_ALPHABET[-high % _PRIME] + _CHECK_ALPHABET[-low % _PRIME]
