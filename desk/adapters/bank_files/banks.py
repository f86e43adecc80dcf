"""Indonesian banks by the code that SWIFT and CAMT files carry."""

from __future__ import annotations

import re

_BANKS = {
    "BRIN": "BRI", "BMRI": "Mandiri", "BNIN": "BNI", "CENA": "BCA", "BSMD": "BSI", "BTAN": "BTN", "BBBA": "Permata",
    "BNIA": "CIMB Niaga", "BDIN": "Danamon", "PDJB": "Bank BJB", "BSSP": "Bank Sumsel Babel", "PDJM": "Bank Jambi",
}  # fmt: skip
_BIC = re.compile(rf"(?<![A-Z0-9])(?:F\d\d|[IO]\d{{3}})?(?P<code>{'|'.join(_BANKS)})IDJ[A-Z0-9]")
_NAME = re.compile(r"(?<![A-Z])(BRI|MANDIRI|BNI|BCA|BSI|BTN)(?![A-Z])", re.IGNORECASE)


def bank_of_text(text: str) -> str:
    """Give the bank that a BIC or a name in the text tells, empty when it tells none."""
    if found := _BIC.search(text.upper()):
        return _BANKS[found["code"]]
    if found := _NAME.search(text):
        return "Mandiri" if found[1].upper() == "MANDIRI" else found[1].upper()
    return ""
