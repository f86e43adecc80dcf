"""Reads what stands inside a paragraph: text, tabs, breaks, fields and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.adapters.paper.blocks import Break, Field, Floating, Inline, Picture, RunLook, Tab, Text
from desk.adapters.paper.markup import Props, attribute, integer, relation, run_props
from desk.adapters.paper.numbering import SYMBOLS
from desk.adapters.word_package import W

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from desk.adapters.paper.reading import Reader

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VML = "{urn:schemas-microsoft-com:vml}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_EMU = 635.0  # per twip
_PAGE_FIELDS = {"PAGE": "PAGE", "NUMPAGES": "NUMPAGES", "SECTIONPAGES": "NUMPAGES"}
_WRAPPERS = {
    W + name for name in ("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "dir", "bdo")
}
_PICTURE_ENDINGS = (".png", ".jpg", ".jpeg")

TEXT_BOX = "Kotak teks tidak didukung dan tidak digambar; pindahkan isinya ke paragraf atau tabel."
SHAPE = "Bentuk gambar (garis, kotak, diagram) tidak didukung dan tidak digambar."
OUTSIDE_PICTURE = "Gambar dari alamat luar tidak diambil; sisipkan gambarnya ke dalam dokumen."
WRAPPED = "Gambar mengambang dengan teks di sekelilingnya tidak didukung; gambar diletakkan tanpa menggeser teks."
KIND = "Hanya gambar PNG dan JPEG yang digambar; simpan ulang gambar lain sebagai PNG."
FORMULA = "Rumus matematika tidak didukung dan tidak digambar."
NOTE = "Catatan kaki dan catatan akhir tidak didukung dan tidak digambar."
OBJECT = "Objek tertanam (OLE) tidak didukung dan tidak digambar."


class InlineReader:
    """Reads the paragraphs of one part in order; a field may begin in one paragraph and end in another."""

    def __init__(self, reader: Reader, part_name: str) -> None:
        self._reader = reader
        self._relations = reader.package.relations(part_name)
        self._fields: list[list[str]] = []  # [state, instruction] of each open field, the outermost first

    def inlines(self, paragraph: _Element, base: Props) -> list[Inline]:
        """What stands in the paragraph, in order."""
        found: list[Inline] = []
        self._walk(paragraph, base, found)
        return found

    def _walk(self, parent: _Element, base: Props, found: list[Inline]) -> None:
        for element in parent:
            tag = element.tag
            if tag == W + "r":
                self._run(element, base, found)
            elif tag == W + "fldSimple":
                name = _field_name(attribute(element, "instr") or "")
                if name in _PAGE_FIELDS:
                    first = element.find(f"{W}r/{W}rPr")
                    found.append(Field(_PAGE_FIELDS[name], self._reader.look_over(base, run_props(first))))
                else:
                    self._walk(element, base, found)
            elif tag in _WRAPPERS:
                self._walk(element, base, found)
            elif tag == _MC + "AlternateContent":
                self._alternate(element, base, found)
            elif isinstance(tag, str) and tag.startswith(_MATH):
                self._reader.warn(FORMULA)

    def _run(self, run: _Element, base: Props, found: list[Inline]) -> None:
        own = run_props(run.find(W + "rPr"))
        if own.get("hidden", self._reader.styles.character(own.get("style")).get("hidden", base.get("hidden"))):
            for item in run.findall(W + "fldChar"):
                self._field_char(item, base, own, found)
            return
        look = self._reader.look_over(base, own)
        for item in run:
            tag = item.tag
            if tag == W + "fldChar":
                self._field_char(item, base, own, found)
            elif tag == W + "instrText":
                if self._fields:
                    self._fields[-1][1] += item.text or ""
            elif not self._in_code():
                self._thing(item, look, base, found)

    def _thing(self, item: _Element, look: RunLook, base: Props, found: list[Inline]) -> None:
        tag = str(item.tag)
        simple = _SIMPLE.get(tag.removeprefix(W))
        if simple is not None:
            if (inline := simple(item, look)) is not None:
                found.append(inline)
        elif tag == W + "drawing":
            self._drawing(item, look, found)
        elif tag == W + "pict":
            self._reader.warn(TEXT_BOX if item.find(f".//{_VML}textbox") is not None else SHAPE)
        elif tag == W + "object":
            self._reader.warn(OBJECT)
        elif tag in {W + "footnoteReference", W + "endnoteReference"}:
            self._reader.warn(NOTE)
        elif tag == _MC + "AlternateContent":
            self._alternate(item, base, found, look)

    def _alternate(self, element: _Element, base: Props, found: list[Inline], look: RunLook | None = None) -> None:
        """Reads the pictures of the newer choice; text boxes and shapes are named instead."""
        for drawing in element.findall(f"{_MC}Choice/{W}drawing"):
            self._drawing(drawing, look or self._reader.look_over(base, {}), found)
        for run in element.findall(f"{_MC}Choice/{W}r"):
            self._run(run, base, found)

    def _in_code(self) -> bool:
        """Whether text here is a field's instruction, or the stored result of a page number."""
        return any(state == "code" or _field_name(text) in _PAGE_FIELDS for state, text in self._fields)

    def _field_char(self, item: _Element, base: Props, own: Props, found: list[Inline]) -> None:
        kind = attribute(item, "fldCharType")
        if kind == "begin":
            self._fields.append(["code", ""])
        elif self._fields and kind == "separate":
            self._fields[-1][0] = "result"
        elif self._fields and kind == "end":
            _, instruction = self._fields.pop()
            name = _PAGE_FIELDS.get(_field_name(instruction))
            if name is not None and not self._in_code():
                found.append(Field(name, self._reader.look_over(base, own)))

    def _drawing(self, drawing: _Element, look: RunLook, found: list[Inline]) -> None:
        for frame in drawing:
            picture = frame.find(f".//{_PIC}pic")
            if picture is None:
                has_text = next(frame.iter(W + "txbxContent"), None) is not None
                self._reader.warn(TEXT_BOX if has_text else SHAPE)
                continue
            key = self._image_key(picture)
            extent = frame.find(_WP + "extent")
            if key is None or extent is None:
                continue
            width, height = integer(extent.get("cx")) / _EMU, integer(extent.get("cy")) / _EMU
            crop = _crop(picture)
            if frame.tag == _WP + "anchor":
                if frame.find(_WP + "wrapNone") is None:
                    self._reader.warn(WRAPPED)
                across, down = (_position(frame.find(_WP + name)) for name in ("positionH", "positionV"))
                found.append(Floating(key, width, height, across, down, crop))
            else:
                found.append(Picture(key, width, height, look, crop))

    def _image_key(self, picture: _Element) -> str | None:
        blip = picture.find(f".//{_A}blip")
        if blip is None:
            return None
        if relation(blip, "link"):
            self._reader.warn(OUTSIDE_PICTURE)
        target = self._relations.get(relation(blip, "embed") or "")
        if target is None or target[2]:
            if target is not None:
                self._reader.warn(OUTSIDE_PICTURE)
            return None
        name = target[1]
        if not name.lower().endswith(_PICTURE_ENDINGS):
            self._reader.warn(KIND)
            return None
        data = self._reader.package.parts.get(name)
        if data is None:
            return None
        self._reader.images[name] = data
        return name


def _text(item: _Element, look: RunLook) -> Text | None:
    text = item.text or ""
    if "\n" in text or "\t" in text or "\u00ad" in text:
        text = text.replace("\n", " ").replace("\t", " ").replace("\u00ad", "")
    return Text(text, look) if text else None


def _break(item: _Element, _: RunLook) -> Break:
    return Break.PAGE if attribute(item, "type") in {"page", "column"} else Break.LINE


def _symbol(item: _Element, look: RunLook) -> Text:
    try:
        letter = chr(int(attribute(item, "char") or "", 16))
    except ValueError:
        letter = "\uf0b7"
    return Text(SYMBOLS.get(letter, "•" if "\uf000" <= letter <= "\uf0ff" else letter), look)


_SIMPLE: dict[str, Callable[[_Element, RunLook], Inline | None]] = {
    "t": _text,
    "tab": lambda _, look: Tab(look),
    "ptab": lambda item, look: Tab(look, attribute(item, "alignment") or "left"),
    "br": _break,
    "cr": lambda _, __: Break.LINE,
    "noBreakHyphen": lambda _, look: Text("\u2011", look),
    "softHyphen": lambda _, __: None,
    "sym": _symbol,
}


def _field_name(instruction: str) -> str:
    words = instruction.split()
    return words[0].upper() if words else ""


def _crop(picture: _Element) -> tuple[float, float, float, float]:
    source = picture.find(f".//{_A}srcRect")
    if source is None:
        return (0.0, 0.0, 0.0, 0.0)
    left, top, right, bottom = (integer(source.get(side)) / 100_000 for side in ("l", "t", "r", "b"))
    return (left, top, right, bottom)


def _position(element: _Element | None) -> tuple[str, float | str]:
    if element is None:
        return ("column", 0.0)
    base = element.get("relativeFrom") or "column"
    align = element.find(_WP + "align")
    if align is not None:
        return (base, align.text or "left")
    offset = element.find(_WP + "posOffset")
    return (base, integer(offset.text) / _EMU if offset is not None else 0.0)
