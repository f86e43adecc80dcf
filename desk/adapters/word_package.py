"""Opens a Word file (.docx) without trusting it: sizes are judged before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache
from typing import TYPE_CHECKING

from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

_MAX_FILE = 32 << 20
_MAX_MEMBERS = 2_000
_MAX_UNPACKED = 96 << 20
_MAX_XML = 24 << 20
_MAX_RATIO = 200
_RATIO_COUNTS_FROM = 1 << 20
_PACKED_AT = (2026, 1, 1, 0, 0, 0)
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class BadWordFile(Refused):
    """The file is no Word file that may be opened; `reason` is the short code that `desk check` prints."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class WordPackage:
    """The parts of one Word file by name, read and bounded; nothing in it points outside."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = dict(parts)
        self.document_name = self._find_document()

    def xml(self, name: str) -> _Element | None:
        """The root element of a part, or None when the file has no such part."""
        data = self.parts.get(name)
        return None if data is None else parse_xml(data, name)

    def relations(self, part_name: str) -> dict[str, tuple[str, str, bool]]:
        """What a part points to: id -> (last word of the type, target, whether it lies outside the file)."""
        folder, _, base = part_name.rpartition("/")
        root = self.xml(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
        found: dict[str, tuple[str, str, bool]] = {}
        for rel in root.findall(f"{RELS}Relationship") if root is not None else ():
            outside = rel.get("TargetMode") == "External"
            target = rel.get("Target", "")
            kind = rel.get("Type", "").rpartition("/")[2]
            found[rel.get("Id", "")] = (kind, target if outside else joined(folder, target), outside)
        return found

    def _find_document(self) -> str:
        for kind, target, outside in self.relations("").values():
            if kind == "officeDocument" and not outside and target in self.parts:
                return target
        raise BadWordFile(
            "not_word", "Berkas ini bukan dokumen Word. Simpan sebagai Dokumen Word (.docx) lalu coba lagi."
        )


def joined(folder: str, target: str) -> str:
    """The part name that a relative target means, seen from a folder inside the file."""
    if target.startswith("/"):
        return target.lstrip("/")
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


@lru_cache(maxsize=64)
def parse_kept(data: bytes, name: str) -> _Element:
    """The root element of a part that many papers share (styles, theme, lists); not to be changed by the caller."""
    return parse_xml(data, name)


def parse_xml(data: bytes, name: str) -> _Element:
    """The root element, with no document type, no entities and no network.

    Raises BadWordFile (`damaged`, `entities`).
    """
    from lxml import etree

    # Office never writes a document type; refusing it closes every kind of entity bomb and outside entity.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise BadWordFile("entities", _entities(name))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as trouble:
        raise BadWordFile(
            "damaged", f"Berkas Word rusak pada bagian {name}. Buka dan simpan ulang di Word lalu coba lagi."
        ) from trouble
    if root.getroottree().docinfo.internalDTD is not None:  # written in another encoding
        raise BadWordFile("entities", _entities(name))
    return root


def open_package(data: bytes) -> WordPackage:
    """The parts of a Word file.

    Size, number of members and ratio are judged from the directory before anything is unpacked, and a member that is
    larger than it says is not read on. Raises BadWordFile (`zip_bomb`, `encrypted`, `not_word`, `damaged`, `entities`).
    """
    if data.startswith(_OLD_WORD):
        raise BadWordFile(
            "encrypted",
            "Berkas ini berkata sandi atau berformat Word lama (.doc). "
            "Simpan sebagai Dokumen Word (.docx) tanpa kata sandi lalu coba lagi.",
        )
    if len(data) > _MAX_FILE:
        raise _bomb()
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError) as trouble:
        raise BadWordFile(
            "not_word", "Berkas ini bukan dokumen Word. Simpan sebagai Dokumen Word (.docx) lalu coba lagi."
        ) from trouble
    with archive:
        return WordPackage(_unpack(archive))


def pack(parts: Mapping[str, bytes], onto: bytes = b"") -> bytes:
    """A Word file of these parts, added to a file packed before; the same parts give the same bytes."""
    out = io.BytesIO()
    out.write(onto)
    with zipfile.ZipFile(out, "a" if onto else "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            member = zipfile.ZipInfo(name, _PACKED_AT)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return out.getvalue()


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise _bomb()
    parts: dict[str, bytes] = {}
    for member in members:
        if member.flag_bits & 0x1:
            raise BadWordFile("encrypted", "Berkas ini berkata sandi. Simpan tanpa kata sandi di Word lalu coba lagi.")
        is_xml = member.filename.lower().endswith((".xml", ".rels"))
        inflated = member.file_size > max(_RATIO_COUNTS_FROM, _MAX_RATIO * member.compress_size)
        if inflated or (is_xml and member.file_size > _MAX_XML):
            raise _bomb()
        if not member.is_dir():
            parts.setdefault(member.filename.lstrip("/"), _read(archive, member))
    return parts


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    import zlib

    try:
        with archive.open(member) as stream:
            return stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as trouble:
        raise BadWordFile(
            "damaged", "Berkas Word rusak dan tidak dapat dibaca. Ambil lagi salinan yang utuh lalu coba lagi."
        ) from trouble


def _bomb() -> BadWordFile:
    return BadWordFile(
        "zip_bomb",
        "Berkas ini mengembang terlalu besar saat dibuka dan ditolak. Gunakan templat buatan kantor sendiri.",
    )


def _entities(name: str) -> str:
    return f"Bagian {name} memuat definisi entitas yang tidak pernah ditulis Word. Simpan ulang di Word lalu coba lagi."
