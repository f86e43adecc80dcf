"""What the line spacing of a paragraph makes of the height of its lines, and where the white of it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.adapters.paper.blocks import Paragraph
    from desk.adapters.paper.fonts import Metrics
    from desk.adapters.paper.markup import Props

_SINGLE = 240.0


def spaced(ascent: float, descent: float, picture: float, text: float, props: Props) -> tuple[float, float, float]:
    """(ascent, height, white) of a line under the paragraph's line spacing; `text` is the height that is multiplied.

    Pictures are not multiplied. A multiple of less than one cuts above the text; the white of one of more than one lies
    between two lines or below the last one, so that a page starts where its text starts and ends where it ends.
    """
    rule: str = props.get("line_rule", "auto")
    value: float = props.get("line", _SINGLE)
    if rule == "exact":
        return value * 0.8, value, 0.0
    full = max(ascent, picture) + descent
    if rule == "atLeast":
        more = max(value - full, 0.0)
        return max(ascent, picture) + more, full + more, 0.0
    percent = round(value * 100 / _SINGLE) - 100
    if percent >= 0:
        return max(ascent, picture), full, float(text * percent // 100)
    more = text * percent / 100
    height = full if picture > ascent else full + more
    return max(ascent, picture) + height - full, height, 0.0


def white_at_end(paragraph: Paragraph, metrics: Metrics) -> float:
    """The white that the line spacing adds below the last paragraph of a cell, header or footer.

    LibreOffice measures it with the font of the paragraph's style, whatever size its words have: a cell of small words
    in a style of larger ones is that much higher. Only an empty paragraph is measured with its own font.
    """
    font = paragraph.font if paragraph.inlines else paragraph.mark.font
    ascent, descent = metrics.line(font)
    return spaced(ascent, descent, 0.0, ascent + descent, paragraph.props)[2]
