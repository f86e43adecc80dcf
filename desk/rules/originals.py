"""Why a step of the paper original is refused, and the track that follows from its copies (`domain.md` 5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desk.rules.case import CaseFacts, Original
from desk.rules.custody import EXPECTED, NOT_ACCEPTED, Custody
from desk.rules.dates import date_text
from desk.rules.inputs import OriginalCheck, OriginalRefusal, Tick
from desk.rules.people import Actor


def copies(case: CaseFacts) -> tuple[Custody, ...]:
    """Where each copy is, in order of the copies."""
    assert case.agreement is not None, "a case with an original has an SPPD"
    return tuple(Custody.of(code) for code in case.agreement.copy_states)


def copies_at(case: CaseFacts, *steps: Custody) -> tuple[int, ...]:
    """The numbers of the copies that stand at one of these steps."""
    if case.agreement is None:
        return ()
    return tuple(number for number, step in enumerate(copies(case), start=1) if step in steps)


def track_of(states: Sequence[Custody]) -> Original:
    """The state of the track: what lies on the table first, then what is still missing, then what is done."""
    if Custody.RECEIVED in states:
        return Original.RECEIVED
    if Custody.REFUSED in states:
        return Original.REFUSED
    if any(step in EXPECTED for step in states):
        return Original.AWAITED
    return Original.FILED if all(step is Custody.FILED for step in states) else Original.ACCEPTED


def after_step(case: CaseFacts, copy: int, step: Custody) -> tuple[tuple[str, ...], Original]:
    """The copies' words and the track after one copy has taken a step."""
    states = list(copies(case))
    states[copy - 1] = step
    return tuple(state.value for state in states), track_of(states)


def why_not_receive(case: CaseFacts, _actor: Actor) -> str | None:
    """Only an expected copy can arrive."""
    return None if copies_at(case, *EXPECTED) else "Semua rangkap naskah asli sudah tiba."


def why_not_check(case: CaseFacts, _actor: Actor) -> str | None:
    """Only a copy on the table can be judged."""
    return None if copies_at(case, Custody.RECEIVED) else "Tidak ada naskah yang menunggu diperiksa."


def why_not_file(case: CaseFacts, _actor: Actor) -> str | None:
    """Only an accepted copy goes into a binder."""
    return None if copies_at(case, Custody.ACCEPTED) else "Tidak ada naskah diterima yang belum diarsipkan."


def why_not_scan(case: CaseFacts, _actor: Actor) -> str | None:
    """Only a copy that passed the five ticks may be copied (UU 10/2020 pasal 21)."""
    if copies_at(case, *(step for step in Custody if step not in NOT_ACCEPTED)):
        return None
    return "Belum ada naskah asli yang diterima pada lima hal; yang belum diterima tidak boleh dipindai."


def why_not_copy(case: CaseFacts, copy: int, *steps: Custody) -> str | None:
    """Judges the copy that was chosen."""
    if case.agreement is None or not 1 <= copy <= case.agreement.copies:
        return f"SPPD ini tidak mempunyai rangkap {copy}."
    state = copies(case)[copy - 1]
    return None if state in steps else f"Rangkap {copy} sedang {state.label}; pilih rangkap lain."


def why_not_accept(case: CaseFacts, check: OriginalCheck) -> str | None:
    """All five ticks or no acceptance; the materai is judged by `stamp_duty`."""
    if missing := [tick.label for tick in Tick if tick not in check.ticks]:
        return f"Naskah belum dapat diterima: {'; '.join(missing)}. Tolak naskah agar surat pengembaliannya dibuat."
    assert case.agreement is not None
    if check.signed_on < case.agreement.issued_on:
        return f"Tanggal tanda tangan lebih awal daripada tanggal SPPD, {date_text(case.agreement.issued_on)}."
    if check.signed_on > case.today:
        return f"Tanggal tanda tangan {date_text(check.signed_on)} belum tiba; periksa naskah."
    return None


def why_not_refuse(refusal: OriginalRefusal) -> str | None:
    """A refusal names at least one fault, for it is printed on the letter."""
    return None if refusal.faults else "Pilih sedikitnya satu kekurangan; alasan itu tercetak pada surat pengembalian."


def why_not_received_on(case: CaseFacts, received_on: date) -> str | None:
    """Paper cannot arrive tomorrow, nor before the SPPD that it is was issued."""
    if received_on > case.today:
        return f"Tanggal diterima {date_text(received_on)} belum tiba."
    if case.agreement is not None and received_on < case.agreement.issued_on:
        return (
            f"Tanggal diterima {date_text(received_on)} lebih awal daripada tanggal SPPD, "
            f"{date_text(case.agreement.issued_on)}; periksa tanggalnya."
        )
    return None
