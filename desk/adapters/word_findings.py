"""What the check of a template reports, and what it finds around the text: macros, objects, outside links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.adapters.word_package import TYPES, W

if TYPE_CHECKING:
    from desk.adapters.word_package import WordPackage

_INSIDE_LINKS = {"hyperlink"}
_OBJECT_KINDS = {"oleObject", "package", "control", "activeXControlBinary", "aFChunk", "subDocument"}
_DDE = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
_FETCHING = re.compile(r"\b(INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|RD|DATABASE)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a template, with the sentence for the person who mends it.

    `severity` is `refuse` (papers are not made from it) or `warn`; `reason` is the short code of `desk check`; `place`
    and `field` say where and which field, where that makes sense; `suggestion` is the nearest known field.
    """

    severity: str
    reason: str
    message: str
    place: str = ""
    field: str = ""
    suggestion: str = ""


def scan(package: WordPackage) -> list[Finding]:
    """Macros, embedded objects, fields that run or fetch something, and links to outside addresses."""
    found: list[Finding] = []
    if _has_macros(package):
        found.append(
            Finding("refuse", "macro", "Templat memuat makro. Simpan sebagai Dokumen Word (.docx) tanpa makro.")
        )
    links: list[str] = []
    objects = any("/embeddings/" in name or "/activex/" in name.lower() for name in package.parts)
    for name in package.parts:
        if not name.endswith(".rels"):
            continue
        folder, _, base = name.rpartition("/")
        owner = folder.removesuffix("_rels") + base.removesuffix(".rels")
        for kind, target, outside in package.relations(owner).values():
            if outside and kind not in _INSIDE_LINKS:
                links.append(target)
            objects = objects or kind in _OBJECT_KINDS
    if objects:
        found.append(
            Finding(
                "refuse",
                "embedded_object",
                "Templat memuat objek tertanam (OLE atau ActiveX). Hapus objek itu di Word lalu simpan ulang.",
            )
        )
    found.extend(_field_findings(package))
    found.extend(
        Finding(
            "warn",
            "external_relationship",
            f"Templat menunjuk ke alamat luar {link} yang tidak akan diambil. Sisipkan isinya ke dalam dokumen.",
            place=link,
        )
        for link in dict.fromkeys(links)
    )
    return found


def _has_macros(package: WordPackage) -> bool:
    if any(name.lower().rpartition("/")[2].startswith("vba") for name in package.parts):
        return True
    types = package.xml("[Content_Types].xml")
    return types is not None and any(
        "macroEnabled" in (item.get("ContentType") or "") or "vbaProject" in (item.get("ContentType") or "")
        for item in types.iter(f"{TYPES}Override", f"{TYPES}Default")
    )


def _field_findings(package: WordPackage) -> list[Finding]:
    code = ""
    for name in package.parts:
        if name.endswith(".xml") and name.startswith("word/"):
            root = package.xml(name)
            if root is not None:
                code += "".join(item.text or "" for item in root.iter(W + "instrText"))
                code += " ".join(item.get(W + "instr") or "" for item in root.iter(W + "fldSimple")) + " "
    found: list[Finding] = []
    if _DDE.search(code):
        found.append(
            Finding("refuse", "dde", "Templat memuat bidang DDE yang menjalankan program lain. Hapus bidang itu.")
        )
    if _FETCHING.search(code):
        sentence = "Templat memuat bidang yang mengambil isi dari berkas luar. Sisipkan isinya ke dalam dokumen."
        found.append(Finding("warn", "external_relationship", sentence))
    return found
