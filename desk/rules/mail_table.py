"""What the mail table does with a scanned code: the next step of exactly that copy, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from desk.rules.case import CaseFacts, Original, Stage
from desk.rules.custody import EXPECTED, HELD, TO_FILE, Custody
from desk.rules.numbering import with_kind
from desk.rules.originals import copies, copies_at


@dataclass(frozen=True, slots=True)
class Standing:
    """How an SPPD that was scanned stands: its number, whether it was withdrawn and why, what became of its invoice."""

    number: str
    copies: int
    withdrawn_because: str | None = None
    renewed_as: str = ""
    """The number of the invoice that took the place of the one sent with it; empty when it was never renewed."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The action that takes the copy further (None: nothing to do here) and what to say to the person.

    `offers` are the rarer deeds that this copy allows: lending, another binder, the customer's own copy.
    """

    action_id: str | None
    sentence: str
    offers: tuple[str, ...] = ()


_JUDGED = ("refuse_original",)


def next_step(case: CaseFacts, standing: Standing, copy: int, last: str = "") -> NextStep:
    """Decides for one copy of an SPPD; `last` tells what happened to the copy last (who, when, where)."""
    named = with_kind("SPPD", standing.number) + (f" rangkap {copy}" if standing.copies > 1 else "")
    if standing.withdrawn_because is not None:
        why = f" ({standing.withdrawn_because.strip().rstrip('.')})" if standing.withdrawn_because.strip() else ""
        return NextStep(
            None, f"{named} sudah ditarik bersama invoice-nya{why}. Jangan diterima; kembalikan naskah itu."
        )
    filed = case.stage is Stage.CLOSED and case.original is Original.FILED
    if case.stage is not Stage.ACTIVE and not filed:
        return NextStep(None, f"Permohonan {case.number} sudah {case.stage.label}; {named} tidak lagi ditunggu.")
    if not 1 <= copy <= standing.copies:
        return NextStep(None, f"{with_kind('SPPD', standing.number)} tidak mempunyai rangkap {copy}.")
    if case.original is Original.ISSUED:
        return NextStep(None, f"{named} belum dicatat dikirim kepada pengguna data. Catat pengirimannya dahulu.")
    state = copies(case)[copy - 1]
    renewed = ""
    if standing.renewed_as:
        renewed = f" Invoice-nya diperpanjang menjadi {standing.renewed_as}; SPPD ini tetap berlaku."
    before = f" {last}" if last else ""
    if state in EXPECTED:
        return NextStep("receive_original", f"{named} diterima di meja surat.{renewed} Periksa lima hal.", _JUDGED)
    if state is Custody.RECEIVED:
        return NextStep("accept_original", f"{named} sudah diterima, belum diperiksa.{before}{renewed}", _JUDGED)
    spare = ("hand_out_original",) if standing.copies > 1 and len(copies_at(case, *HELD)) > 1 else ()
    if state is Custody.ACCEPTED and case.office_countersigns:
        return NextStep(
            "countersign_original", f"{named} sudah diperiksa dan diterima.{before} Catat tanda tangan pejabat."
        )
    if state in TO_FILE:
        words = "sudah diperiksa dan diterima" if state is Custody.ACCEPTED else "sudah ditandatangani pejabat"
        return NextStep("file_original", f"{named} {words}.{before} Simpan ke map.", spare)
    if state is Custody.LENT:
        return NextStep("return_original", f"{named} kembali dari pinjaman.")
    offers = ("lend_original", "move_original", *spare) if state is Custody.FILED else ()
    return NextStep(None, f"{named}: {state.label}.{before}", offers)
