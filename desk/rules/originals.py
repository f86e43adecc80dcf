"""Why a step of the paper original is refused, and the track that follows from its copies (`domain.md` 5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desk.rules.case import CaseFacts, Original
from desk.rules.custody import EXPECTED, HELD, NOT_ACCEPTED, SETTLED, TO_FILE, Custody
from desk.rules.dates import date_text
from desk.rules.inputs import Loan, OriginalCheck, OriginalRefusal, StampKind, Tick
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
    return Original.FILED if all(step in SETTLED for step in states) else Original.ACCEPTED


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


def why_not_countersign(case: CaseFacts, _actor: Actor) -> str | None:
    """Only an accepted copy is signed by the office."""
    return None if copies_at(case, Custody.ACCEPTED) else "Tidak ada naskah yang menunggu tanda tangan pejabat."


def why_not_file(case: CaseFacts, _actor: Actor) -> str | None:
    """Only an accepted copy goes into a binder, signed by the office where its rule book says so."""
    if not copies_at(case, *TO_FILE):
        return "Tidak ada naskah diterima yang belum diarsipkan."
    return None if copies_at(case, *ready_to_file(case)) else _NOT_COUNTERSIGNED


def ready_to_file(case: CaseFacts) -> frozenset[Custody]:
    """The steps from which a copy goes into a binder or back to the customer."""
    return frozenset({Custody.COUNTERSIGNED}) if case.office_countersigns else TO_FILE


def why_not_ready(case: CaseFacts, copy: int) -> str | None:
    """Judges the copy that was chosen: what the office signs is signed before it leaves the table."""
    waits = case.office_countersigns and copy in copies_at(case, Custody.ACCEPTED)
    return _NOT_COUNTERSIGNED if waits else None


_NOT_COUNTERSIGNED = "Naskah belum ditandatangani pejabat kantor. Catat tanda tangannya dahulu."


def why_not_move(case: CaseFacts, _actor: Actor) -> str | None:
    """Only a copy in a binder goes into another one."""
    return None if copies_at(case, Custody.FILED) else "Tidak ada naskah yang berdiri di map."


def why_not_lend(case: CaseFacts, _actor: Actor) -> str | None:
    """Only a copy in a binder is lent."""
    if copies_at(case, Custody.FILED):
        return None
    lent = copies_at(case, Custody.LENT)
    return "Naskah sudah dipinjam; terima kembali dahulu." if lent else "Hanya naskah di map arsip yang dipinjamkan."


def why_not_return(case: CaseFacts, _actor: Actor) -> str | None:
    """Only a lent copy comes back."""
    return None if copies_at(case, Custody.LENT) else "Tidak ada naskah yang sedang dipinjam."


def why_not_hand_out(case: CaseFacts, _actor: Actor) -> str | None:
    """A copy goes back to the customer only where another accepted one stays with the office."""
    if case.agreement is None or case.agreement.copies < 2:
        return "SPPD ini hanya satu rangkap; naskah aslinya tetap di kantor."
    if not copies_at(case, *ready_to_file(case), Custody.FILED):
        return "Belum ada rangkap yang siap diserahkan kepada pengguna data."
    return None if len(copies_at(case, *HELD)) > 1 else _LAST_COPY


_LAST_COPY = "Satu rangkap asli harus tetap di kantor; rangkap ini yang terakhir."


def why_not_loan(case: CaseFacts, loan: Loan) -> str | None:
    """A loan names who, and comes back on a day that is not over."""
    if not loan.borrower.strip():
        return "Tulis siapa yang meminjam; dialah jawaban atas “siapa yang memegang”."
    if loan.due_on < case.today:
        return f"Tanggal kembali {date_text(loan.due_on)} sudah lewat."
    if (loan.due_on - case.today).days > _LONGEST_LOAN:
        return "Pinjaman paling lama satu tahun; catat lagi bila diperpanjang."
    return None


_LONGEST_LOAN = 366


def why_not_without_proof(check: OriginalCheck) -> str | None:
    """What is not seen on the paper itself is proved by a file (UU 10/2020)."""
    if check.stamp_kind is StampKind.ADHESIVE or check.stamp_proof is not None:
        return None
    return (
        f"Lampirkan bukti {check.stamp_kind.label}: hasil cek nomor seri atau bukti setornya. "
        "Tanpa bukti, naskah dikembalikan kepada pengguna data."
    )


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
