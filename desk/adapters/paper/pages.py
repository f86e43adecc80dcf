"""Builds pages from slices: where a page ends, which header and footer it has, and the marks printed over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.adapters.paper.flow import Layout
from desk.adapters.paper.ink import Group, Image, Sheet, Sheets, Words
from desk.adapters.paper.lines import PAGE_MARK, PAGES_MARK
from desk.adapters.paper.numbering import written_number

if TYPE_CHECKING:
    from desk.adapters.paper.blocks import Block, Document, Floating, Section
    from desk.adapters.paper.fonts import Metrics
    from desk.adapters.paper.slices import Flow, Slice

_TIGHT = 1.0  # twips that rounding may take at the foot of a page
MAX_PAGES = 500


class TooManyPages(Exception):
    """The paper is longer than any paper of the desk; its template has gone wrong."""


@dataclass(slots=True)
class _Page:
    section: Section
    number: int
    top: float
    bottom: float
    kind: str
    placed: list[tuple[float, Slice]]
    repeated: list[tuple[float, Slice]]


class PageBuilder:
    """Pages of one document."""

    def __init__(self, document: Document, metrics: Metrics) -> None:
        self._document = document
        self._metrics = metrics
        self._layout = Layout(document, metrics)
        self._pages: list[_Page] = []
        self._edges: dict[tuple[int, str], tuple[float, float]] = {}
        self._still: dict[tuple[int, str, str], Flow] = {}

    def build(self) -> Sheets:
        """The finished sheets. Raises TooManyPages above 500 pages."""
        for number, section in enumerate(self._document.sections):
            flow = self._layout.flow(section.blocks, section.width - section.left - section.right)
            if number == 0 or not section.continuous or self._other_shape(section):
                self._new_page(section, first=True)
            self._fill(section, flow.slices)
        total = len(self._pages)
        sheets = [self._sheet(page, total) for page in self._pages]
        document = self._document
        return Sheets(sheets, document.images, tuple(document.warnings), document.stamp, document.identity)

    def _other_shape(self, section: Section) -> bool:
        now = self._pages[-1].section
        return (now.width, now.height) != (section.width, section.height)

    # --- filling pages -----------------------------------------------------------------------------------------

    def _new_page(self, section: Section, *, first: bool = False) -> _Page:
        if len(self._pages) >= MAX_PAGES:
            raise TooManyPages
        if first and section.first_number is not None:
            number = section.first_number
        else:
            number = self._pages[-1].number + 1 if self._pages else 1
        kind = "first" if first and section.title_page else "default"
        if kind == "default" and self._document.even_pages and number % 2 == 0:
            kind = "even"
        top, bottom = self._body_edges(section, kind)
        page = _Page(section, number, top, bottom, kind, [], [])
        self._pages.append(page)
        return page

    def _fill(self, section: Section, slices: list[Slice]) -> None:
        page = self._pages[-1]
        queue = list(slices)
        y = self._foot(page)
        place = 0
        started = place  # first slice of the current page
        while place < len(queue):
            item = queue[place]
            empty = not page.placed
            if item.new_page and not empty:
                page, y, started = self._new_page(section), 0.0, place
                y, empty = page.top, True
            gap = item.gap if not empty or item.new_page or len(self._pages) == 1 else 0.0
            if empty and item.repeat and place and len(self._pages) > 1 and place > started - 1:
                y = self._repeat(page, item, y)
            if y + gap + item.height + item.foot <= page.bottom + _TIGHT:
                page.placed.append((y + gap, item))
                y += gap + item.height
                place += 1
                continue
            halves = item.split(page.bottom - y - gap - item.foot) if item.split is not None else None
            if halves is not None:
                queue[place : place + 1] = [_inherit(halves[0], item, first=True), _inherit(halves[1], item)]
                continue
            if empty:
                page.placed.append((y + gap, item))  # higher than a page: nothing better can be done
                y += gap + item.height
                place += 1
                continue
            back = self._break_before(queue, started, place)
            del page.placed[len(page.placed) - (place - back) :]
            page = self._new_page(section)
            y, place, started = page.top, back, back

    @staticmethod
    def _break_before(queue: list[Slice], started: int, place: int) -> int:
        """The slice that goes first on the next page: the last allowed place, or here when there is none."""
        for candidate in range(place, started, -1):
            if queue[candidate].may_break:
                return candidate
        return place

    @staticmethod
    def _foot(page: _Page) -> float:
        if not page.placed:
            return page.top
        y, item = page.placed[-1]
        return y + item.height

    @staticmethod
    def _repeat(page: _Page, item: Slice, y: float) -> float:
        for header in item.repeat:
            page.repeated.append((y, header))
            y += header.height
        return y

    # --- headers and footers -----------------------------------------------------------------------------------

    @staticmethod
    def _story(section: Section, part: str, kind: str) -> list[Block]:
        stories = section.headers if part == "header" else section.footers
        return stories.get(kind, [] if kind == "first" else stories.get("default", []))

    def _story_flow(self, section: Section, part: str, kind: str, numbers: tuple[str, str] | None) -> Flow:
        blocks = self._story(section, part, kind)
        width = section.width - section.left - section.right
        key = (id(section), part, kind)
        if key not in self._still:
            self._still[key] = Layout(self._document, self._metrics, ("1", "1")).flow(blocks, width)
        if numbers is None or not _has_fields(blocks):
            return self._still[key]
        return Layout(self._document, self._metrics, numbers).flow(blocks, width)

    def _body_edges(self, section: Section, kind: str) -> tuple[float, float]:
        """Where the text of a page begins and ends: the margins, or what header and footer leave."""
        found = self._edges.get((id(section), kind))
        if found is None:
            top, bottom = abs(section.top), section.height - abs(section.bottom)
            if section.top >= 0 and self._story(section, "header", kind):
                top = max(top, section.header + self._story_flow(section, "header", kind, None).height)
            if section.bottom >= 0 and self._story(section, "footer", kind):
                height = self._story_flow(section, "footer", kind, None).height
                bottom = min(bottom, section.height - section.footer - height)
            found = self._edges[id(section), kind] = (top, max(bottom, top + 400.0))
        return found

    # --- finished sheets ---------------------------------------------------------------------------------------

    def _sheet(self, page: _Page, total: int) -> Sheet:
        section = page.section
        sheet = Sheet(section.width, section.height)
        number = written_number(page.number, section.number_kind)
        numbers = (number, str(total))
        header = self._story_flow(section, "header", page.kind, numbers)
        footer = self._story_flow(section, "footer", page.kind, numbers)
        self._stack(sheet, section, header, section.header, numbers)
        self._stack(sheet, section, footer, section.height - section.footer - footer.height, numbers)
        for y, item in (*page.repeated, *page.placed):
            self._put(sheet, section, item, y, numbers)
        return sheet

    def _stack(self, sheet: Sheet, section: Section, flow: Flow, y: float, numbers: tuple[str, str]) -> None:
        for item in flow.slices:
            y += item.gap
            self._put(sheet, section, item, y, numbers)
            y += item.height

    @staticmethod
    def _put(sheet: Sheet, section: Section, item: Slice, y: float, numbers: tuple[str, str]) -> None:
        for picture in item.floating:
            sheet.groups.append(Group(0.0, 0.0, [_floating(picture, section, y)]))
        for group in item.groups:
            ink = group.ink
            if any(type(one) is Words and (PAGE_MARK in one.text or PAGES_MARK in one.text) for one in ink):
                ink = [
                    one._replace(text=one.text.replace(PAGE_MARK, numbers[0]).replace(PAGES_MARK, numbers[1]))
                    if isinstance(one, Words)
                    else one
                    for one in ink
                ]
            sheet.groups.append(Group(section.left + group.x, y + group.y, ink))


def _inherit(half: Slice, whole: Slice, *, first: bool = False) -> Slice:
    half.repeat = whole.repeat
    half.may_break = whole.may_break if first else True
    if first:
        half.gap, half.floating, half.new_page = whole.gap, whole.floating, whole.new_page
        half.foot = whole.foot
    else:
        half.floating = []
    return half


def _has_fields(blocks: list[Block]) -> bool:
    from desk.adapters.paper.blocks import Field, Paragraph

    for block in blocks:
        if isinstance(block, Paragraph):
            if any(isinstance(inline, Field) for inline in block.inlines):
                return True
        elif any(_has_fields(cell.blocks) for row in block.rows for cell in row.cells):
            return True
    return False


def _floating(picture: Floating, section: Section, y: float) -> Image:
    """A picture at its fixed place on the page."""
    base, offset = picture.horizontal
    start, room = (
        (0.0, section.width) if base == "page" else (section.left, section.width - section.left - section.right)
    )
    if base == "rightMargin":
        start, room = section.width - section.right, section.right
    elif base == "leftMargin":
        start, room = 0.0, section.left
    x = start + _aligned(offset, room, picture.width)
    base, offset = picture.vertical
    if base == "page":
        start, room = 0.0, section.height
    elif base == "margin":
        start, room = section.top, section.height - section.top - section.bottom
    else:
        start, room = y, 0.0
    return Image(
        x, start + _aligned(offset, room, picture.height), picture.width, picture.height, picture.key, picture.crop
    )


def _aligned(offset: float | str, room: float, size: float) -> float:
    if isinstance(offset, float):
        return offset
    return {"center": (room - size) / 2, "right": room - size, "bottom": room - size}.get(offset, 0.0)
