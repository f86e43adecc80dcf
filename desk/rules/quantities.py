"""Quantities as people type and read them: file sizes with their unit, and plain counts."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from desk.errors import Refused

_UNITS = {
    "": 1, "b": 1, "byte": 1, "bytes": 1,
    "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip
_SHOWN = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))
_LARGEST = 10**15

_SIZE = re.compile(
    r"""
    (?P<number>
        [0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?   # 1.202.590.843   12.345,5
      | [0-9]+(?:[.,][0-9]+)?                   # 1202590843      1,12     1.12
    )
    \s*(?P<unit>[a-z]*)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def parse_bytes(text: str) -> int:
    """Bytes of a size as typed: `1,12 GiB`, `1.2GB`, `350 KB`, `1.202.590.843`; a part of a byte is rounded half up.

    KB, MB and GB count in thousands, KiB, MiB and GiB in 1.024. `1.234 MB` reads as thousands, never as a fraction:
    ambiguous forms are echoed in bytes under the field. Raises Refused with a sentence.
    """
    typed = " ".join(text.split())
    found = _SIZE.fullmatch(typed)
    if found is None:
        raise Refused(f"Ukuran “{typed[:40]}” tidak dapat dibaca. Tulis misalnya 1,12 GiB, 350 KB, atau 1.202.590.843.")
    factor = _UNITS.get(found["unit"].lower())
    if factor is None:
        raise Refused(f"Satuan “{found['unit']}” tidak dikenal. Pakai byte, KB, MB, GB, KiB, MiB, atau GiB.")
    number = found["number"]
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?", number):
        number = number.replace(".", "")
    size = Decimal(number.replace(",", ".")) * factor
    if factor == 1 and size != size.to_integral_value():
        raise Refused(f"Ukuran “{typed}” memuat pecahan byte. Tulis satuannya, misalnya 1,12 GiB.")
    whole = int(size.to_integral_value(ROUND_HALF_UP))
    if not 0 < whole <= _LARGEST:
        raise Refused(f"Ukuran “{typed}” di luar batas. Ukuran berkas lebih dari nol dan paling besar 1.000 TB.")
    return whole


def bytes_text(size: int) -> str:
    """A size for the screen, with the exact bytes: `1,12 GiB (1.202.590.843 byte)`."""
    exact = f"{count_text(size)} byte"
    for name, factor in _SHOWN:
        if size >= factor:
            short = f"{Decimal(size) / factor:.2f}".rstrip("0").rstrip(".").replace(".", ",")
            return f"{short} {name} ({exact})"
    return exact


def count_text(number: int) -> str:
    """A whole number with thousands dots: `1.234`."""
    return f"{number:,}".replace(",", ".")
