"""What is wrong with a ready text that an office has written, in words; nothing is stored before it is right."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from desk.rules.papers.replies import REPLY_FIELDS, ReadyText, ReplyStep

LONGEST_SUBJECT = 120
"""Mail programs cut what is longer."""
_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NUMBER = "nomor_permohonan"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a text; `stops` keeps it from being activated."""

    stops: bool
    sentence: str


def findings(text: ReadyText, shipped: ReadyText) -> tuple[Finding, ...]:
    """Everything about a text beside the one it replaces, what stops first."""
    found: list[Finding] = []
    if not text.body.strip():
        return (Finding(True, "Teksnya masih kosong. Untuk memakai teks program, pilih “Kembali ke teks bawaan”."),)
    if shipped.subject and not text.subject.strip():
        found.append(Finding(True, "Perihal masih kosong; surel tanpa perihal mudah dianggap sampah."))
    if len(text.subject) > LONGEST_SUBJECT:
        found.append(Finding(False, f"Perihal {len(text.subject)} huruf; yang lebih dari {LONGEST_SUBJECT} terpotong."))
    for where, words in (("Perihal", text.subject), *_lines(text.body)):
        found += [Finding(True, sentence) for sentence in _wrong_fields(where, words, text.step)]
    if shipped.subject and _NUMBER in _FIELD.findall(shipped.subject) and _NUMBER not in _FIELD.findall(text.subject):
        found.append(
            Finding(
                False, "Perihal tidak lagi memuat {{ nomor_permohonan }}; balasannya lebih sulit menemukan kasusnya."
            )
        )
    left_out = [name for name in shipped.fields() if name not in text.fields()]
    if "sandi" in left_out:
        found.append(Finding(True, "Pesan sandi harus memuat {{ sandi }}."))
        left_out.remove("sandi")
    for name in left_out:
        if name != _NUMBER or not shipped.subject:
            found.append(Finding(False, f"Tanpa {{{{ {name} }}}} ({REPLY_FIELDS[name]}), yang ada di teks bawaan."))
    return tuple(sorted(found, key=lambda one: not one.stops))


def _lines(body: str) -> list[tuple[str, str]]:
    return [(f"Baris {at}", line) for at, line in enumerate(body.splitlines(), 1)]


def _wrong_fields(where: str, words: str, step: ReplyStep) -> list[str]:
    wrong = []
    for name in _FIELD.findall(words):
        if name == "sandi" and step is not ReplyStep.PASSWORD:
            wrong.append(f"{where}: kata sandi hanya boleh ada di teks “{ReplyStep.PASSWORD.label}”.")
        elif name not in REPLY_FIELDS:
            near = difflib.get_close_matches(name, REPLY_FIELDS, 1, 0.5)
            meant = f" Maksudnya {{{{ {near[0]} }}}}?" if near else " Pilih dari daftar kolom."
            wrong.append(f"{where}: kolom {{{{ {name} }}}} tidak dikenal.{meant}")
    rest = _FIELD.sub("", words)
    if "{" in rest or "}" in rest:
        wrong.append(f"{where}: kurung kurawal tidak berpasangan. Kolom ditulis {{{{ nama_kolom }}}}.")
    return wrong
