"""After delivery: the customer says yes or says nothing, asks for a repair in time or late, and owes BPS the results.

Silence is recomputed from the story each time: the promise of a delivery names its last day to check (`check_until`),
and the day after it nobody has to press anything for the silence to count. It never becomes a word of the customer: the
case closes from `Data.DELIVERED`, and its story says that it was silence.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from desk.rules.case import CaseFacts, Data, Money, Original, Stage
from desk.rules.dates import short_text

if TYPE_CHECKING:
    from desk.rules.people import Actor


def silent_since(case: CaseFacts) -> date | None:
    """The last day on which the customer could have said something about the data, when nothing was said until then."""
    until = case.files.check_until
    return until if case.data is Data.DELIVERED and until is not None and case.today > until else None


def acceptance_sentence(case: CaseFacts) -> str:
    """How the data were taken: by word, by silence, or still to be checked; empty before the first delivery."""
    until = case.files.check_until
    if case.data is Data.CONFIRMED:
        said = [move.on for move in case.moves if move.data is Data.CONFIRMED]
        return "Dinyatakan sesuai oleh pengguna data" + (f", {short_text(said[-1])}" if said else "")
    if case.data is not Data.DELIVERED or until is None:
        return ""
    if silent_since(case) is not None or case.stage is Stage.CLOSED:
        return f"Tidak ada kabar sampai {short_text(until)}: dianggap diterima (diam)"
    return f"Pengguna data memeriksa sampai {short_text(until)}"


def is_late(case: CaseFacts) -> bool:
    """Whether a correction asked for today comes after the days to check."""
    return case.files.check_until is not None and case.today > case.files.check_until


def why_not_open_correction(case: CaseFacts, _actor: Actor) -> str | None:
    """A repair begins within the days to check, or when the supervisor has allowed a late one."""
    if not is_late(case) or (case.late is not None and case.late.allowed):
        return None
    assert case.files.check_until is not None
    over = f"Masa pemeriksaan berakhir {short_text(case.files.check_until)}"
    if case.late is None:
        return f"{over}; ajukan perbaikan terlambat kepada penyelia."
    if case.late.allowed is None:
        return f"{over}; permintaan perbaikannya menunggu putusan penyelia."
    return f"{over}, dan penyelia menolak permintaan perbaikannya."


def why_not_ask_late(case: CaseFacts, _actor: Actor) -> str | None:
    """A late request goes to the supervisor, not to the bin; one at a time."""
    if not is_late(case):
        return "Masa pemeriksaan belum lewat; minta perbaikan biasa."
    if case.late is not None and case.late.allowed is None:
        return "Permintaan perbaikan terlambat sudah menunggu putusan penyelia."
    if case.late is not None and case.late.allowed:
        return "Penyelia sudah mengizinkan perbaikan; mulailah perbaikannya."
    return None


def why_not_decide_late(case: CaseFacts, _actor: Actor) -> str | None:
    """The supervisor decides about a request that waits."""
    if case.late is None or case.late.allowed is not None:
        return "Tidak ada permintaan perbaikan terlambat yang menunggu putusan."
    return None


def why_not_results(case: CaseFacts, _actor: Actor) -> str | None:
    """Results are owed after a delivery, until they are here or the supervisor has waived them."""
    if case.results is None:
        return "Permohonan ini tidak punya kewajiban menyerahkan hasil."
    if not case.results.open:
        assert case.results.word is not None
        return f"Kewajiban menyerahkan hasil sudah selesai: {case.results.word.label}."
    return None


def results_sentence(case: CaseFacts) -> str:
    """What is owed to BPS and how it stands; empty where nothing is owed."""
    owed = case.results
    if owed is None:
        return ""
    if not owed.open and owed.word is not None and owed.on is not None:
        return f"{owed.word.label[:1].upper()}{owed.word.label[1:]}, {short_text(owed.on)}"
    late = " (lewat)" if case.today > owed.due_on else ""
    reminded = f", diingatkan {short_text(owed.on)}" if owed.on else ""
    return f"Paling lambat {short_text(owed.due_on)}{late}{reminded}"


def why_not_close(case: CaseFacts, _actor: Actor) -> str | None:
    """A case closes when all three tracks and its open questions are done; otherwise it names what is open."""
    still_open = []
    if case.money not in (Money.RECEIPTED, Money.FREE):
        still_open.append(f"uang ({case.money.label})")
    if case.original is not Original.FILED:
        still_open.append(f"naskah ({case.original.label})")
    if case.data is not Data.CONFIRMED and silent_since(case) is None:
        until = case.files.check_until
        waits = f", menunggu pengguna sampai {short_text(until)}" if case.data is Data.DELIVERED and until else ""
        still_open.append(f"data ({case.data.label}{waits})")
    if case.mail_trouble is not None:
        still_open.append("surel bermasalah yang belum diputus")
    if case.new_mail:
        still_open.append("surel baru yang belum dibaca")
    if case.late is not None and case.late.allowed is None:
        still_open.append("permintaan perbaikan terlambat yang belum diputus")
    if case.late is not None and case.late.allowed:
        still_open.append("perbaikan terlambat yang sudah diizinkan penyelia")
    return f"Belum selesai: {'; '.join(still_open)}." if still_open else None
