"""Money: whole rupiah in, Indonesian text out, and what people type into an amount field."""

from __future__ import annotations

import re

from desk.errors import Refused

LARGEST_AMOUNT = 999_999_999_999_999
"""The largest amount that can be typed or written in words: just under one thousand triliun rupiah."""

_SMALL = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"))

_AMOUNT = re.compile(
    r"""
    (?:(?:rp\.?|idr)\s*)?           # a currency sign may stand in front
    (?P<whole>
        [0-9]+                      # 70000
      | [0-9]{1,3}(?:\.[0-9]{3})+   # 70.000      Indonesian
      | [0-9]{1,3}(?:,[0-9]{3})+    # 70,000      English
      | [0-9]{1,3}(?:\ [0-9]{3})+   # 70 000
    )
    (?P<cents>[.,][0-9]{1,2})?      # ,00 or .00
    (?:[.,]?\s*(?:-{1,2}|=))?       # ,- closes an amount by hand
    (?:\s*rupiah)?
    """,
    re.VERBOSE | re.IGNORECASE,
)


def grouped(number: int) -> str:
    """Give a number of things with thousands dots: `1.234`."""
    return f"{number:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """Give the amount (whole rupiah) as screens show it: `Rp1.234.567`, `-Rp1.234.567` below zero."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")


def rupiah_paper(amount: int) -> str:
    """Give the amount (whole rupiah) as papers print it, with sen: `Rp1.234.567,00`."""
    return f"{rupiah(amount)},00"


def in_words(number: int) -> str:
    """Give the number in Indonesian words (terbilang): 101.000 is `seratus satu ribu`, 1.001.000 `satu juta seribu`.

    A thousands group of exactly one is *seribu* wherever it stands; *satu juta*, *satu miliar*, *satu triliun* keep
    their *satu*. Below zero the text starts with `minus`. Raises ValueError beyond `LARGEST_AMOUNT`.
    """
    if abs(number) > LARGEST_AMOUNT:
        raise ValueError(f"{number} has no words here: the limit is {LARGEST_AMOUNT}")
    if number < 0:
        return f"minus {in_words(-number)}"
    if number == 0:
        return _SMALL[0]
    words: list[str] = []
    rest = number
    for size, name in _SCALES:
        count, rest = divmod(rest, size)
        if count:
            words += [*_below_thousand(count), name]
    thousands, rest = divmod(rest, 1000)
    if thousands == 1:
        words.append("seribu")
    elif thousands:
        words += [*_below_thousand(thousands), "ribu"]
    return " ".join(words + _below_thousand(rest))


def in_words_rupiah(amount: int) -> str:
    """Give the amount in words with its currency, as the *uang sejumlah* line of a receipt: `tujuh puluh ribu rupiah`.

    Raises ValueError beyond `LARGEST_AMOUNT`.
    """
    return f"{in_words(amount)} rupiah"


def parse_amount(text: str) -> int:
    """Give the whole rupiah that a person typed or pasted: `Rp 70.000,00`, `70,000.00`, `70000`, `70.000,-`.

    Indonesian style is read first, so `70.00` is refused as a slip (a zero is missing) while `70,00` is seventy rupiah.
    Sen other than zero, mixed separators, wrong groups, minus signs and leading zeros raise Refused with a sentence.
    """
    typed = " ".join(text.split())
    if not typed:
        raise Refused("Nominal belum diisi. Tulis angka rupiah, misalnya 70.000.")
    if re.match(r"(?:(?:rp\.?|idr)\s*)?[-−(]\s*(?:rp\.?\s*)?[0-9]", typed, re.IGNORECASE):
        raise Refused(f"Nominal “{typed}” bernilai minus. Tulis nominal tanpa tanda minus.")
    found = _AMOUNT.fullmatch(typed)
    if found is None:
        raise _not_an_amount(typed)
    whole, cents = found["whole"], found["cents"] or ""
    grouped_by = next((sign for sign in "., " if sign in whole), "")
    # A dot before sen is English style: believable after comma groups, or after a plain number too long for one group.
    english_sen_is_plausible = grouped_by == "," or (not grouped_by and len(whole) > 3)
    if (cents and cents[0] == grouped_by) or (cents.startswith(".") and not english_sen_is_plausible):
        raise _not_an_amount(typed)
    digits = re.sub(r"[^0-9]", "", whole)
    if digits.startswith("0") and (digits != "0" or grouped_by):
        raise _not_an_amount(typed)
    if cents.strip(".,0"):
        raise Refused(f"Nominal “{typed}” memuat sen. Tarif selalu rupiah utuh; tulis tanpa sen.")
    amount = int(digits) if len(digits) <= len(str(LARGEST_AMOUNT)) else LARGEST_AMOUNT + 1
    if amount > LARGEST_AMOUNT:
        raise Refused(
            f"Nominal “{typed[:40]}” terlalu besar. Batasnya {rupiah(LARGEST_AMOUNT)}; periksa jumlah nolnya."
        )
    return amount


def _below_thousand(number: int) -> list[str]:
    words: list[str] = []
    hundreds, rest = divmod(number, 100)
    if hundreds == 1:
        words.append("seratus")
    elif hundreds:
        words += [_SMALL[hundreds], "ratus"]
    if rest >= 20:
        tens, rest = divmod(rest, 10)
        words += [_SMALL[tens], "puluh"]
    elif rest >= 12:
        return [*words, _SMALL[rest - 10], "belas"]
    if rest:
        words.append(_SMALL[rest])
    return words


def _not_an_amount(typed: str) -> Refused:
    return Refused(f"Nominal “{typed[:40]}” tidak dapat dibaca. Tulis angka rupiah, misalnya 70.000 atau Rp70.000,00.")
