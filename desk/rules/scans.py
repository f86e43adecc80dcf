"""A stack of scanned sheets becomes papers: a readable code of a paper begins one, everything doubtful is a question.

The order of the pages decides. A page without any code continues the paper before it; a page with a foreign code, with
a code that cannot be read or with codes of two papers never does: it begins a range that a person looks at. So a
parcel label never becomes part of an agreement, and a damaged code never hides behind the paper before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from desk.errors import Refused
from desk.rules.case import CaseFacts, State
from desk.rules.codes import decode, looks_like_ours
from desk.rules.custody import EXPECTED, Custody
from desk.rules.numbering import with_kind

_PLAIN_CODE = re.compile(r"[A-Z]{3,4}\|[0-9]{4}\|20[0-9]{2}\|[0-9]{6}\|[1-9][0-9]?/[1-9][0-9]?")


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read on one page (1 is the first); `codes` in reading order, from the top left.

    `turned` is by how many degrees a readable paper code stands turned clockwise (0, 90, 180, 270); `trouble` is the
    sentence why the page could not be read at all.
    """

    number: int
    codes: tuple[str, ...] = ()
    blank: bool = False
    damaged_code: bool = False
    turned: int = 0
    dpi: int | None = None
    trouble: str = ""


class Doubt(State):
    """Why a range of pages needs a person."""

    NO_CODE = "no_code", "Lembar ini mendahului naskah mana pun dan tidak memuat kode."
    FOREIGN = "foreign", "Lembar ini memuat kode yang bukan dari Meja PST, misalnya label kurir."
    DAMAGED = "damaged", "Kode QR pada lembar ini tidak terbaca; cocokkan dengan nomor yang tercetak."
    SEVERAL = "several", "Satu lembar memuat kode dari beberapa naskah."
    BY_HAND = "by_hand", "Dipisahkan dengan tangan; pilih permohonannya."
    UNREADABLE = "unreadable", "Lembar ini tidak dapat dibaca; lihat kertasnya atau pindai ulang."


class Outcome(State):
    """What became of a part of a stack."""

    FILED = "filed", "disimpan di permohonan"
    SPLIT = "split", "dipisahkan"
    PUT_ASIDE = "put_aside", "disisihkan"


@dataclass(frozen=True, slots=True)
class ScannedPaper:
    """A range of pages of one stack: a paper with its code (`payload`), or a question (`doubt`)."""

    pages: tuple[int, ...]
    payload: str | None = None
    doubt: Doubt | None = None
    codes: tuple[str, ...] = ()
    """Codes on the first page that are not the paper's own: foreign ones, or those of several papers."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a scan may become in a case: the action that files it, and the reason why not now."""

    action_id: str
    label: str
    copy: int = 1
    subject_id: UUID | None = None
    reason: str | None = None


def targets_of(case: CaseFacts, scanned: frozenset[tuple[UUID | None, int]]) -> tuple[Target, ...]:
    """The targets of a case, those that are possible first; `scanned` are the papers (and copies) already there."""
    found: list[Target] = []
    agreement = case.agreement
    if agreement is not None:
        for copy, code in enumerate(agreement.copy_states, start=1):
            state = Custody.of(code)
            named = with_kind("SPPD", agreement.number) + (f" rangkap {copy}" if agreement.copies > 1 else "")
            reason = None
            if state in EXPECTED or state is Custody.RECEIVED:
                reason = f"{named} belum diterima pada lima hal; periksa naskahnya di meja surat dahulu."
            elif (agreement.id, copy) in scanned:
                reason = f"Pindaian {named} sudah tersimpan."
            label = "Naskah asli SPPD" + (f" rangkap {copy}" if agreement.copies > 1 else "")
            found.append(Target("attach_original_scan", label, copy, agreement.id, reason))
    if case.payment.receipt_id is not None:
        named = with_kind("kuitansi", case.payment.receipt_number or "")
        reason = f"Pindaian {named} sudah tersimpan." if case.payment.receipt_scanned else None
        found.append(
            Target("attach_receipt_scan", f"Kuitansi {case.payment.receipt_number}", 1, case.payment.receipt_id, reason)
        )
    found.append(Target("add_message", "Lampiran percakapan (catatan intern)"))
    return tuple(sorted(found, key=lambda target: target.reason is not None))


def is_issued_code(text: str) -> bool:
    """Whether a text is a whole code of this program, of any office."""
    try:
        decode(text)
    except Refused:
        return False
    return True


def is_paper_code(text: str) -> bool:
    """Whether a text names a paper: a code of this program or the plain form `SPPD|1600|2026|000123|1/2`.

    The plain form has no check characters; it is told apart in a stack, but nothing is ever filed by it.
    """
    return bool(_PLAIN_CODE.fullmatch(text.strip())) or is_issued_code(text)


def split(pages: Sequence[PageReading], is_code: Callable[[str], bool] = is_paper_code) -> tuple[ScannedPaper, ...]:
    """The papers of a stack in its order; every page is in exactly one of them."""
    papers: list[ScannedPaper] = []
    for page in pages:
        begun = _begins(page, is_code)
        if begun is None and papers:
            begun = papers.pop()
        elif begun is None:
            begun = ScannedPaper((), doubt=Doubt.NO_CODE)
        elif papers and begun.payload is not None and begun.payload == papers[-1].payload:
            begun = papers.pop()  # a code on every sheet of one paper
        papers.append(replace(begun, pages=(*begun.pages, page.number)))
    return tuple(papers)


def _begins(page: PageReading, is_code: Callable[[str], bool]) -> ScannedPaper | None:
    """The paper or the question that begins with this page; None when the page continues what came before."""
    own = tuple(dict.fromkeys(code.strip() for code in page.codes if is_code(code)))
    others = tuple(code for code in page.codes if not is_code(code))
    if page.trouble:
        return ScannedPaper((), doubt=Doubt.UNREADABLE)
    if len(own) == 1:
        return ScannedPaper((), payload=own[0], codes=others)
    if own:
        return ScannedPaper((), doubt=Doubt.SEVERAL, codes=page.codes)
    if page.damaged_code or any(looks_like_ours(code) for code in others):
        return ScannedPaper((), doubt=Doubt.DAMAGED, codes=others)
    return ScannedPaper((), doubt=Doubt.FOREIGN, codes=others) if others else None
