"""Breaks one paragraph into lines: words, spaces, tabs and pictures get their places, in twips from the column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desk.adapters.paper.blocks import Field, Floating, Paragraph, Picture, RunLook, Tab, Text
from desk.adapters.paper.ink import Fill, Image, Ink, Words
from desk.adapters.paper.spacing import spaced

if TYPE_CHECKING:
    from desk.adapters.paper.fonts import FontKey, Metrics

_CHUNKS = re.compile(r" +|[^ ]+")
# A line may also end behind a hyphen or dash that stands between a letter and something that is no digit.
_HYPHENS = re.compile(r"(?<=[^\W\d_])[-‐](?=[^\W\d_])|[–—](?=[^\W_])")
_CASES = re.compile(r"[^a-zà-öø-ÿ]+|[a-zà-öø-ÿ]+")
_LEADERS = {"dot": ".", "middleDot": "·", "hyphen": "-", "underscore": "_", "heavy": "_"}
_TIGHT = 0.5  # twips that rounding may take

PAGE_MARK, PAGES_MARK = "\ue000", "\ue001"
_MARKS = {"PAGE": PAGE_MARK, "NUMPAGES": PAGES_MARK}


class Item:
    """Something with a width on a line."""

    __slots__ = ("kind", "look", "payload", "text", "width", "x")

    def __init__(self, kind: str, text: str, look: RunLook, width: float, payload: object = None) -> None:
        self.kind, self.text, self.look, self.width, self.payload = kind, text, look, width, payload
        self.x = 0.0


class Line:
    """One finished line: its items with their places, and how it ended (`wrap`, `line`, `page` or `end`).

    `white` is what a line spacing of more than one adds to its height.
    """

    __slots__ = ("ascent", "end", "ended", "height", "items", "limit", "start", "white")

    def __init__(self, start: float, limit: float) -> None:
        self.items: list[Item] = []
        self.start = self.end = start
        self.limit = limit
        self.ended = "end"
        self.ascent = self.height = self.white = 0.0


class ParagraphLines:
    """Lays out the lines of one paragraph in a column of a given width."""

    def __init__(
        self, paragraph: Paragraph, width: float, metrics: Metrics, tab_width: float, numbers: tuple[str, str] | None
    ) -> None:
        props = paragraph.props
        self._paragraph = paragraph
        self._metrics = metrics
        self._tab_width = max(tab_width, 20.0)
        self._numbers = numbers
        self.left: float = props.get("left", 0.0)
        self.first: float = props.get("first", 0.0)
        self.limit: float = max(width - props.get("right", 0.0), self.left + 100.0)
        self.width = width
        self._stops = sorted((pos, *stop) for pos, stop in (props.get("tabs") or {}).items() if stop is not None)
        self.floating: list[Floating] = []
        self.lines: list[Line] = []
        self._tokens = self._tokenise()
        self._fill_lines()
        for line in self.lines:
            self._set_height(line)
            self._align(line)

    # --- words -------------------------------------------------------------------------------------------------

    def _tokenise(self) -> list[list[Item]]:
        """Unbreakable pieces: a list of one space, tab or break, or the items of a word (possibly in several looks)."""
        tokens: list[list[Item]] = []
        word: list[Item] = []
        label = self._paragraph.label
        if label is not None:
            self._add_label(tokens)
        for inline in self._paragraph.inlines:
            if isinstance(inline, Text):
                word = self._add_text(inline.text, inline.look, word, tokens)
            elif isinstance(inline, Field):
                text = self._field_text(inline.name)
                measured = text if self._numbers else "1"
                word.append(Item("text", text, inline.look, self._metrics.width(inline.look.font, measured)))
            elif isinstance(inline, Floating):
                self.floating.append(inline)
            else:
                if word:
                    tokens.append(word)
                    word = []
                if isinstance(inline, Tab):
                    tokens.append([Item("tab", inline.to, inline.look, 0.0)])
                elif isinstance(inline, Picture):
                    tokens.append([Item("picture", "", inline.look, inline.width, inline)])
                else:
                    tokens.append([Item("break", inline.value, self._paragraph.mark, 0.0)])
        if word:
            tokens.append(word)
        return tokens

    def _add_label(self, tokens: list[list[Item]]) -> None:
        label = self._paragraph.label
        assert label is not None
        if label.text:
            width = self._metrics.width(label.look.font, label.text)
            tokens.append([Item("label", label.text, label.look, width, label.align)])
        if label.follow == "tab" and label.text:
            tokens.append([Item("tab", "", label.look, 0.0)])
        elif label.follow == "space" and label.text:
            tokens.append([Item("space", " ", label.look, self._metrics.width(label.look.font, " "))])

    def _field_text(self, name: str) -> str:
        if self._numbers is None:
            return _MARKS[name]
        return self._numbers[0] if name == "PAGE" else self._numbers[1]

    def _add_text(self, text: str, look: RunLook, word: list[Item], tokens: list[list[Item]]) -> list[Item]:
        if look.capitals == "caps":
            text = text.upper()
        width = self._metrics.width
        for chunk in _CHUNKS.findall(text):
            if chunk[0] == " ":
                if word:
                    tokens.append(word)
                    word = []
                tokens.append([Item("space", chunk, look, width(look.font, " ") * len(chunk))])
                continue
            start = 0
            for hyphen in _HYPHENS.finditer(chunk):
                word.extend(self._word_items(chunk[start : hyphen.end()], look))
                tokens.append(word)
                word, start = [], hyphen.end()
            word.extend(self._word_items(chunk[start:] if start else chunk, look))
        return word

    def _word_items(self, text: str, look: RunLook) -> list[Item]:
        text = text.replace("\u2011", "-")
        if look.capitals != "small_caps":
            return [Item("text", text, look, self._metrics.width(look.font, text))]
        small = look._replace(font=look.font._replace(size=round(look.font.size * 0.8)))
        pieces = [(piece.upper(), small if piece[0].islower() else look) for piece in _CASES.findall(text)]
        return [Item("text", piece, one, self._metrics.width(one.font, piece)) for piece, one in pieces]

    # --- lines -------------------------------------------------------------------------------------------------

    def _new_line(self, ended: str = "") -> Line:
        if ended:
            self.lines[-1].ended = ended
        line = Line(self.left if self.lines else self.left + self.first, self.limit)
        self.lines.append(line)
        return line

    def _fill_lines(self) -> None:
        line = self._new_line()
        for number, token in enumerate(self._tokens):
            kind = token[0].kind
            if kind == "space":
                _put(line, token[0])
            elif kind == "break":
                line = self._new_line(token[0].text)
            elif kind == "tab":
                line = self._put_tab(line, token[0], number)
            elif kind == "label":
                self._put_label(line, token[0])
            else:
                line = self._put_word(line, token)

    def _put_label(self, line: Line, item: Item) -> None:
        if item.payload == "right":
            line.end -= item.width
        elif item.payload == "center":
            line.end -= item.width / 2
        _put(line, item)

    def _put_word(self, line: Line, token: list[Item]) -> Line:
        width = token[0].width if len(token) == 1 else sum(item.width for item in token)
        if line.end + width > line.limit + _TIGHT and any(item.kind not in {"space", "label"} for item in line.items):
            line = self._new_line("wrap")
        if line.end + width > line.limit + _TIGHT and token[0].kind == "text":
            return self._put_long_word(line, token)
        for item in token:
            _put(line, item)
        return line

    def _put_long_word(self, line: Line, token: list[Item]) -> Line:
        """A word wider than the column is cut where the column ends."""
        for item in token:
            rest = item.text
            while rest:
                fitting = self._fitting(rest, item.look.font, line.limit - line.end)
                if fitting == 0 and line.items:
                    line = self._new_line("wrap")
                    continue
                piece = rest[: max(fitting, 1)]
                _put(line, Item("text", piece, item.look, self._metrics.width(item.look.font, piece)))
                rest = rest[len(piece) :]
                if rest:
                    line = self._new_line("wrap")
        return line

    def _fitting(self, text: str, font: FontKey, room: float) -> int:
        used = 0.0
        for count, letter in enumerate(text):
            used += self._metrics.width(font, letter)
            if used > room + _TIGHT:
                slash = text.rfind("/", 0, count)
                return slash + 1 if slash > 0 else count
        return len(text)

    # --- tab stops ---------------------------------------------------------------------------------------------

    def _put_tab(self, line: Line, item: Item, number: int) -> Line:
        position, kind, leader = self._next_stop(line.end, item.text)
        if kind == "left" and position > line.limit + _TIGHT and line.items and position > self.width + _TIGHT:
            line = self._new_line("wrap")
            position, kind, leader = self._next_stop(line.end, item.text)
        following = 0.0 if kind == "left" else self._following(number, decimal=kind == "decimal")
        if kind == "center":
            following /= 2
        item.width = max(position - following - line.end, 0.0)
        item.payload = leader
        line.limit = max(line.limit, min(position, self.width) if kind != "center" else line.limit)
        _put(line, item)
        return line

    def _next_stop(self, x: float, to: str) -> tuple[float, str, str]:
        if to:
            places = {"left": self.left, "center": (self.left + self.limit) / 2, "right": self.limit}
            return places.get(to, self.left), to, "none"
        found: tuple[float, str, str] | None = None
        for position, kind, leader in self._stops:
            if position > x + _TIGHT and kind != "bar":
                found = (position, kind, leader)
                break
        if found is None:
            start = max(x, self._stops[-1][0] if self._stops else 0.0)
            found = ((start + _TIGHT) // self._tab_width * self._tab_width + self._tab_width, "left", "none")
        if self.first < 0 and x + _TIGHT < self.left < found[0]:
            return self.left, "left", "none"
        return found

    def _following(self, number: int, *, decimal: bool) -> float:
        """How wide the text behind a tab is, up to the next tab, the end of the line, or the decimal sign."""
        width = spaces = 0.0
        for token in self._tokens[number + 1 :]:
            kind = token[0].kind
            if kind in {"tab", "break"}:
                break
            if kind == "space":
                spaces += token[0].width
                continue
            width += spaces
            spaces = 0.0
            for item in token:
                comma = item.text.find(",") if decimal and item.kind == "text" else -1
                if comma >= 0:
                    return width + self._metrics.width(item.look.font, item.text[:comma])
                width += item.width
        return width

    # --- places ------------------------------------------------------------------------------------------------

    def _set_height(self, line: Line) -> None:
        ascent = descent = 0.0
        looks = {id(item.look): item.look for item in line.items if item.kind != "picture"}
        for look in looks.values() or ([] if line.items else [self._paragraph.mark]):
            up, down = self._metrics.line(look.font)
            ascent, descent = max(ascent, up + look.rise), max(descent, down - look.rise)
        picture = max((one.payload.height for one in line.items if isinstance(one.payload, Picture)), default=0.0)
        text = ascent + descent or sum(self._metrics.line(self._paragraph.mark.font))
        line.ascent, line.height, line.white = spaced(ascent, descent, picture, text, self._paragraph.props)

    def _align(self, line: Line) -> None:
        align = self._paragraph.props.get("align", "left")
        if align == "left" or not line.items:
            return
        items = line.items
        last = len(items)
        while last and items[last - 1].kind == "space":
            last -= 1
        if not last:
            return
        end = items[last - 1].x + items[last - 1].width
        free = line.limit - end
        if align == "both":
            if line.ended in {"wrap", "line"} and free > 0:
                _justify(items, last, free)
        elif free > 0 and not any(item.kind == "tab" for item in items):
            shift = free if align == "right" else free / 2
            for item in items:
                item.x += shift

    # --- ink ---------------------------------------------------------------------------------------------------

    def ink(self, line: Line) -> list[Ink]:
        """What a line draws, from its own upper left corner."""
        under: list[Ink] = []
        over: list[Ink] = []
        base = line.ascent
        run: list[Item] = []
        for item in line.items:
            if item.kind in {"text", "space", "label"}:
                if run and (item.look is not run[-1].look or item.payload != run[-1].payload):
                    over.append(_words(run, base))
                    run = []
                run.append(item)
            else:
                if run:
                    over.append(_words(run, base))
                    run = []
                if isinstance(item.payload, Picture):
                    picture = item.payload
                    place = (item.x, base - picture.height, picture.width, picture.height)
                    over.append(Image(*place, picture.key, picture.crop))
                elif item.payload in _LEADERS:
                    self._leader(item, base, over)
            if item.look.background or item.look.underline or item.look.strike:
                self._decorate(item, base, under, over)
        if run:
            over.append(_words(run, base))
        return under + over

    def _leader(self, item: Item, base: float, over: list[Ink]) -> None:
        sign = _LEADERS[str(item.payload)]
        width = self._metrics.width(item.look.font, sign)
        count = int(item.width // width) if width else 0
        if count:
            text = sign * count
            over.append(Words(item.x + item.width - count * width, base, text, item.look.font, item.look.colour))

    def _decorate(self, item: Item, base: float, under: list[Ink], over: list[Ink]) -> None:
        look = item.look
        size = look.font.size
        width = item.width + (_extra(item) if item.kind == "space" else 0.0)
        if look.background:
            up, down = self._metrics.line(look.font)
            under.append(Fill(item.x, base - look.rise - up, width, up + down, look.background))
        thick = size * (0.07 if look.font.bold else 0.05)
        if look.underline:
            over.append(Fill(item.x, base - look.rise + size * 0.1, width, thick, look.colour))
            if look.underline == "double":
                over.append(Fill(item.x, base - look.rise + size * 0.1 + 2 * thick, width, thick, look.colour))
        if look.strike:
            over.append(Fill(item.x, base - look.rise - size * 0.26, width, thick, look.colour))


def _put(line: Line, item: Item) -> None:
    item.x = line.end
    line.end += item.width
    line.items.append(item)


def _justify(items: list[Item], last: int, free: float) -> None:
    """Spreads the free width over the spaces behind the last tab."""
    first = 0
    for place in range(last - 1, -1, -1):
        if items[place].kind in {"tab", "label"}:
            first = place + 1
            break
    count = sum(len(item.text) for item in items[first:last] if item.kind == "space")
    if not count:
        return
    extra = free / count
    shift = 0.0
    for item in items[first:]:
        item.x += shift
        if item.kind == "space":
            shift += extra * len(item.text)
        if item.kind in {"space", "text"}:
            item.payload = extra


def _extra(item: Item) -> float:
    return item.payload * len(item.text) if isinstance(item.payload, float) else 0.0


def _words(run: list[Item], base: float) -> Words:
    first = run[0]
    spacing = first.payload if isinstance(first.payload, float) else 0.0
    text = first.text if len(run) == 1 else "".join(item.text for item in run)
    return Words(first.x, base - first.look.rise, text, first.look.font, first.look.colour, spacing)
