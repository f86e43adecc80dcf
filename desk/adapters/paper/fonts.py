"""The fonts of the papers: which carried font stands for a font of Word, and how wide its words are.

Papers use the Liberation fonts that come with the program, whatever is installed: Liberation Serif, Sans and Mono have
the widths of Times New Roman, Arial and Courier New, so a line breaks where it breaks in Word.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from desk.resources import folder

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

SERIF, SANS, MONO = "Liberation Serif", "Liberation Sans", "Liberation Mono"

_STANDS_FOR = {
    "times new roman": SERIF, "times": SERIF, "liberation serif": SERIF, "tinos": SERIF,
    "arial": SANS, "helvetica": SANS, "liberation sans": SANS, "arimo": SANS, "calibri": SANS,
    "courier new": MONO, "courier": MONO, "liberation mono": MONO, "cousine": MONO,
    "symbol": SERIF, "wingdings": SERIF, "segoe ui symbol": SANS, "ms gothic": SANS,
}  # fmt: skip
_LOOKS_SERIF = ("bookman", "cambria", "garamond", "georgia", "palatino", "roman", "century", "serif", "book antiqua")
_LOOKS_MONO = ("consol", "mono", "lucida console", "typewriter", "courier")

# Of the font's height: above the base line, below it, and the gap that Word and LibreOffice add above each line.
_LINE = {SERIF: (0.8911, 0.2163, 0.0424), SANS: (0.9053, 0.2119, 0.0327), MONO: (0.8325, 0.3003, 0.0)}
_MAX_KEPT_WORDS = 20_000


class FontKey(NamedTuple):
    """One font as the layout asks for it; size in twips, letter spacing in twips, stretch in percent."""

    family: str
    size: int
    bold: bool = False
    italic: bool = False
    letter_spacing: float = 0.0
    stretch: int = 100


def family_for(name: str) -> tuple[str, bool]:
    """(carried family, whether it has the same widths) for a font that a paper names."""
    lowered = name.strip().lower()
    family = _STANDS_FOR.get(lowered)
    if family is not None:
        return family, lowered != "calibri"
    if any(part in lowered for part in _LOOKS_MONO):
        return MONO, False
    sans = "sans" in lowered
    return (SERIF if not sans and any(part in lowered for part in _LOOKS_SERIF) else SANS), False


@cache
def load_fonts() -> None:
    """Makes the carried fonts known to Qt; needs a QGuiApplication."""
    from PySide6.QtGui import QFontDatabase

    for file in sorted((folder("resources") / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


class Metrics:
    """Widths and heights in twips. One per process: what was measured once is looked up afterwards."""

    def __init__(self) -> None:
        load_fonts()
        self._widths: dict[FontKey, dict[str, float]] = {}

    def width(self, key: FontKey, text: str) -> float:
        """How wide a piece of text is in twips."""
        known = self._widths.get(key)
        if known is None:
            known = self._widths[key] = {}
        width = known.get(text)
        if width is None:
            if len(known) > _MAX_KEPT_WORDS:
                known.clear()
            width = known[text] = _font_metrics(key).horizontalAdvance(text)
        return width

    def line(self, key: FontKey) -> tuple[float, float]:
        """(ascent with the line gap, descent) of a line in this font, in twips.

        A line is a whole number of twips high, as in LibreOffice: over a page of table rows fractions would add up.
        """
        above, below, gap = _LINE[key.family]
        descent = below * key.size
        return round((above + below) * key.size) + round(gap * key.size) - descent, descent


@cache
def metrics() -> Metrics:
    """The metrics of this process; needs a QGuiApplication."""
    return Metrics()


@cache
def qt_font(key: FontKey) -> QFont:
    """The Qt font for drawing on a surface of 1440 dots per inch, where a twip is a dot."""
    from PySide6.QtGui import QFont

    font = QFont(key.family)
    font.setPixelSize(max(key.size, 1))
    font.setBold(key.bold)
    font.setItalic(key.italic)
    font.setKerning(False)  # Word switches kerning on only where a style asks for it
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if key.letter_spacing:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, key.letter_spacing)
    if key.stretch != 100:
        font.setStretch(key.stretch)
    return font


@cache
def _font_metrics(key: FontKey) -> _Measure:
    from PySide6.QtGui import QFontMetricsF

    return QFontMetricsF(qt_font(key))


if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetricsF as _Measure
