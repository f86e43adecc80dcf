"""Puts pictures (QR codes) into a filled Word file: the text that shows them, their files and their relations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.adapters.word_package import TYPES

if TYPE_CHECKING:
    from markupsafe import Markup

    from desk.adapters.word_package import WordPackage

_IMAGE_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_NO_RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
_INLINE = (
    '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="1" name="Gambar {number}"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData '
    'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="0" '
    'name="Gambar {number}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="{relation}"/><a:stretch>'
    '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/>'
    '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing>"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that a field of a template becomes, so many millimetres wide (a QR code, a scanned signature)."""

    png: bytes
    width_mm: float


def picture_markup(picture: Picture, number: int) -> Markup:
    """The picture as the text of a run takes it in; `number` counts the pictures of the part."""
    from markupsafe import Markup

    width, height = _png_size(picture.png)
    cx = round(picture.width_mm * 36_000)
    cy = round(cx * height / width)
    inline = _INLINE.format(cx=cx, cy=cy, number=number, relation=f"rIdGambar{number}")
    return Markup(f'</w:t>{inline}<w:t xml:space="preserve">')  # noqa: S704 - made of numbers only


def _png_size(png: bytes) -> tuple[int, int]:
    if png[:8] != b"\x89PNG\r\n\x1a\n" or len(png) < 24:
        raise TypeError("a picture of a paper is a PNG")
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    return max(width, 1), max(height, 1)


def add_pictures(package: WordPackage, part_name: str, pictures: list[Picture], added: dict[str, bytes]) -> None:
    """Adds the relations of a part, and for every picture in it a file and a relation."""
    own_rels = rels_name(part_name)
    rels = package.parts.get(own_rels)
    if rels is None and not pictures:
        return
    folder, _, base = part_name.rpartition("/")
    lines = ""
    for number, picture in enumerate(pictures, 1):
        name = f"media/gambar_{base.removesuffix('.xml')}_{number}.png"
        added[f"{folder}/{name}"] = picture.png
        lines += f'<Relationship Id="rIdGambar{number}" Type="{_IMAGE_TYPE}" Target="{name}"/>'
    rels = rels if rels is not None and b"</" in rels else _NO_RELS
    at = rels.rindex(b"</")
    added[own_rels] = rels[:at] + lines.encode() + rels[at:]


def rels_name(part_name: str) -> str:
    """The name of the part that holds the relations of a part."""
    folder, _, base = part_name.rpartition("/")
    return f"{folder}/_rels/{base}.rels"


def with_png(package: WordPackage) -> bytes:
    """The content types of the file, PNG among them."""
    types = package.parts.get("[Content_Types].xml", b"")
    root = package.xml("[Content_Types].xml")
    if root is None or any((item.get("Extension") or "").lower() == "png" for item in root.iter(f"{TYPES}Default")):
        return types
    at = types.rindex(b"</")
    return types[:at] + b'<Default Extension="png" ContentType="image/png"/>' + types[at:]
