"""The numbers of papers, cases and payments: how they are written, and how they are found again in a text.

A paper's number follows a template that each office sets per kind, with these tokens:

    {nomor} or {nomor:3}   the running number, filled up with zeros to the width
    {unit}                 the unit code of the office's letters, as 16000
    {klasifikasi}          the archive classification, as KP.630
    {bulan}                the month as 01 … 12
    {bulan_romawi}         the month as I … XII
    {tahun}                the year in four digits

`B-{nomor:3}/{unit}/{klasifikasi}/{bulan}/{tahun}` gives `B-001/16000/KP.630/01/2026`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.errors import Refused

ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
LONGEST_NUMBER = 60
"""Characters; a longer number does not fit the papers' number line."""

_TOKEN = re.compile(r"\{([^{}]*)\}")
_TOKENS = ("nomor", "unit", "klasifikasi", "bulan", "bulan_romawi", "tahun")
_NUMBER_TOKEN = re.compile(r"nomor(?::([1-9]))?")
_PLAIN_TEXT = re.compile(r"[A-Za-z0-9 ./_-]*")
_TOKEN_SHAPES = {
    "unit": r"(?P<unit>[A-Za-z0-9.]+)",
    "klasifikasi": r"(?P<classification>[A-Za-z]{1,3}\.?[0-9.]*)",
    "bulan": r"(?P<month>0[1-9]|1[0-2])",
    "bulan_romawi": rf"(?P<roman>{'|'.join(sorted(ROMAN_MONTHS, key=len, reverse=True))})",
    "tahun": r"(?P<year>20[0-9]{2})",
}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))

_OFFICE = re.compile(r"[0-9]{4}")
_BETWEEN = r"[\s\-_./#:]{0,4}"
_CASE_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9])PST{_BETWEEN}([0-9]{{4}}){_BETWEEN}(20[0-9]{{2}})"
    rf"(?:{_BETWEEN}([0-9]{{6}})|[\s\-_./#:]{{1,4}}([0-9]{{1,5}}))(?![0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NumberParts:
    """What a written number says; `month` is 0 and the texts are empty where the template has no such token."""

    sequence: int
    year: int
    month: int = 0
    unit: str = ""
    classification: str = ""
    insertion: int | None = None


def format_number(
    template: str,
    sequence: int,
    year: int,
    month: int,
    unit: str,
    classification: str,
    insertion: int | None = None,
) -> str:
    """Give the paper number that the template makes of these parts: `B-003.01/16000/KP.630/01/2026`.

    An insertion is a number put in late between two others, as letter registers do: `003.01` stands after `003`.
    A template that `check_template` would complain about raises Refused with the first of its sentences.
    """
    if complaints := check_template(template):
        raise Refused(complaints[0])
    if sequence < 1 or not 1 <= month <= 12 or (insertion is not None and not 1 <= insertion <= 99):
        raise ValueError(f"no such number: {sequence=} {month=} {insertion=}")
    values = {
        "unit": unit,
        "klasifikasi": classification,
        "bulan": f"{month:02d}",
        "bulan_romawi": ROMAN_MONTHS[month - 1],
        "tahun": f"{year:04d}",
    }

    def value_of(token: re.Match[str]) -> str:
        if number := _NUMBER_TOKEN.fullmatch(token[1]):
            return f"{sequence:0{number[1] or 1}d}" + (f".{insertion:02d}" if insertion else "")
        return values[token[1]]

    return _TOKEN.sub(value_of, template)


def check_template(template: str) -> list[str]:
    """Give everything that is wrong with a number template, one sentence each; an empty list when it may be used.

    Number and year are a must: numbers start again at one every year, so without the year two papers would share one.
    """
    complaints: list[str] = []
    tokens = _TOKEN.findall(template)
    for token in tokens:
        if token not in _TOKENS and not _NUMBER_TOKEN.fullmatch(token):
            known = ", ".join(f"{{{name}}}" for name in _TOKENS)
            complaints.append(f"Bagian {{{token}}} tidak dikenal. Pakai {known}; lebar nomor ditulis {{nomor:3}}.")
    numbers = [token for token in tokens if _NUMBER_TOKEN.fullmatch(token)]
    if len(numbers) != 1:
        complaints.append("Format nomor harus memuat {nomor} tepat satu kali. Contoh: B-{nomor:3}/{unit}/{tahun}.")
    if "tahun" not in tokens:
        complaints.append("Format nomor harus memuat {tahun}, sebab nomor mulai dari 1 setiap tahun.")
    complaints += [
        f"Bagian {{{token}}} tertulis lebih dari sekali. Sisakan satu saja."
        for token in _TOKEN_SHAPES
        if tokens.count(token) > 1
    ]
    rest = _TOKEN.sub("", template)
    if "{" in rest or "}" in rest:
        complaints.append("Kurung kurawal tidak berpasangan. Setiap bagian ditulis lengkap, misalnya {nomor:3}.")
    elif not _PLAIN_TEXT.fullmatch(rest):
        complaints.append(
            "Format nomor hanya boleh memuat huruf, angka, spasi, dan tanda . / _ - di luar kurung kurawal."
        )
    if "}{" in template:
        complaints.append("Dua bagian tidak boleh menempel. Beri pemisah di antaranya, misalnya garis miring.")
    if template != template.strip() or len(template) > LONGEST_NUMBER:
        complaints.append(f"Format nomor tanpa spasi di awal dan akhir, dan paling panjang {LONGEST_NUMBER} karakter.")
    return complaints


def read_number(template: str, text: str) -> NumberParts:
    """Give the parts of a number typed by hand that should follow the template; case and dash kind do not matter.

    Raises Refused with a sentence that shows the expected form.
    """
    shape = ""
    for piece in re.split(r"(\{[^{}]*\})", template):
        token = piece[1:-1] if piece.startswith("{") else None
        if token is None:
            shape += re.escape(piece)
        elif number := _NUMBER_TOKEN.fullmatch(token):
            shape += rf"(?P<sequence>[0-9]{{{number[1] or 1},9}})(?:\.(?P<insertion>[0-9]{{2}}))?"
        else:
            shape += _TOKEN_SHAPES[token]
    found = re.fullmatch(shape, clean_register_number(text), re.IGNORECASE)
    if found is None or int(found["sequence"]) == 0 or found["insertion"] == "00":
        example = format_number(template, 1, 2026, 1, "16000", "KP.630")
        raise Refused(f"Nomor “{text.strip()[:40]}” tidak sesuai format kantor. Contoh bentuknya: {example}.")
    parts = found.groupdict()
    roman = parts.get("roman")
    return NumberParts(
        sequence=int(found["sequence"]),
        year=int(parts["year"]),
        month=ROMAN_MONTHS.index(roman.upper()) + 1 if roman else int(parts.get("month") or 0),
        unit=parts.get("unit") or "",
        classification=parts.get("classification") or "",
        insertion=int(found["insertion"]) if found["insertion"] else None,
    )


def clean_register_number(text: str) -> str:
    """Give a number copied from the office's letter register in the form it is stored: one line, plain dashes.

    Registers mix forms (with and without month), so only what no number can be raises Refused.
    """
    number = " ".join(text.translate(_DASHES).split())
    if not number:
        raise Refused("Nomor surat belum diisi. Salin nomor dari buku agenda kantor.")
    if len(number) > LONGEST_NUMBER:
        raise Refused(f"Nomor surat terlalu panjang: {len(number)} karakter, batasnya {LONGEST_NUMBER}.")
    if not _PLAIN_TEXT.fullmatch(number):
        raise Refused(
            f"Nomor “{number}” memuat tanda yang tidak lazim. Pakai huruf, angka, spasi, dan tanda . / _ - saja."
        )
    if not re.search(r"[0-9]", number):
        raise Refused(f"Nomor “{number}” tidak memuat angka. Salin nomor lengkap dari buku agenda kantor.")
    return number


def with_kind(word: str, number: str) -> str:
    """Give the number as a sentence names it: `SPPD 001/2026`, but `SPPD-001/2026` where it says so itself."""
    return number if number.upper().startswith(word.upper()) else f"{word} {number}"


def case_number(office: str, year: int, number: int) -> str:
    """Give the case number that customers see and quote: `PST-1600-2026-000123`. The office is its four digits."""
    _check_parts(office, year, number, 999_999)
    return f"PST-{office}-{year}-{number:06d}"


def find_case_number(text: str) -> str | None:
    """Give the first case number in a mail subject or message, in its proper form, or None.

    Small letters, other signs or blanks between the parts, lost zeros and parts run together are all forgiven.
    """
    for found in _CASE_NUMBER.finditer(text.translate(_DASHES)):
        office, year, full, short = found.groups()
        if number := int(full or short):
            return case_number(office, int(year), number)
    return None


def payment_code(office: str, year: int, number: int) -> str:
    """Give the short code a payer writes into the transfer remark: `INV-1600-26-0094` for invoice 94 of 2026.

    Short, because banks cut remarks at 18 to 20 characters; the amount itself never carries a mark (PNBP is a tariff).
    """
    _check_parts(office, year, number, 99_999)
    return f"INV-{office}-{year % 100:02d}-{number:04d}"


def _check_parts(office: str, year: int, number: int, largest: int) -> None:
    if not _OFFICE.fullmatch(office) or not 2000 <= year <= 2099 or not 1 <= number <= largest:
        raise ValueError(f"no such number: {office=} {year=} {number=}")
