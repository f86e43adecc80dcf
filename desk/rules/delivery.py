"""Why delivery, correction and closing are refused (standard prosedur 7–10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.rules.case import CaseFacts, Data, Money, Original

if TYPE_CHECKING:  # the first list needs this file, not the forms' questions
    from desk.rules.inputs import CorrectionRequest
    from desk.rules.people import Actor


def missing_for_delivery(case: CaseFacts) -> tuple[str, ...]:
    """What is still missing at the delivery gate, in words; empty when the lights are green."""
    missing = []
    if case.money not in (Money.RECEIPTED, Money.FREE):
        missing.append("kuitansi")
    elif case.money is Money.RECEIPTED and not case.payment.receipt_scanned:
        missing.append("hasil pindai kuitansi")
    if case.original not in (Original.ACCEPTED, Original.FILED):
        missing.append("naskah asli SPPD")
    if not case.address_confirmed:
        missing.append("konfirmasi alamat tujuan")
    return tuple(missing)


@dataclass(frozen=True, slots=True)
class GateLight:
    """One of the four things that must be there before data leave, and how it stands."""

    name: str
    green: bool
    said: str


def gate_lights(case: CaseFacts) -> tuple[GateLight, ...]:
    """The four lights of the delivery gate, in the order of the standards."""
    free = case.money is Money.FREE
    receipt = case.money is Money.RECEIPTED and case.payment.receipt_scanned
    if free:
        paid = "nol rupiah disetujui"
    elif case.money is not Money.RECEIPTED:
        paid = case.money.label
    else:
        paid = f"{case.payment.receipt_number}, " + ("sudah dipindai" if receipt else "belum dipindai")
    checked = case.data is Data.CHECKED
    return (
        GateLight("Kuitansi", free or receipt, paid),
        GateLight("Naskah asli", case.original in (Original.ACCEPTED, Original.FILED), case.original.label),
        GateLight("Data", checked, f"{case.files.files} berkas, {case.data.label}"),
        GateLight("Alamat tujuan", bool(case.address_confirmed), case.address_confirmed or "belum dikonfirmasi"),
    )


def why_not_deliver(case: CaseFacts, _actor: Actor) -> str | None:
    """The gate: kuitansi or nol rupiah, accepted original, checked data, confirmed address, or an override."""
    missing = missing_for_delivery(case)
    if missing and case.override_by is None:
        return f"Belum ada {', '.join(missing)}; lengkapi dahulu, atau minta izin penyelia."
    return None


def why_not_mail_to(case: CaseFacts, recipients: Sequence[str]) -> str | None:
    """Data go to the address that the customer has confirmed, where there is one."""
    confirmed = case.address_confirmed.casefold()
    other = [address for address in recipients if confirmed and address.strip().casefold() != confirmed]
    if other:
        return (
            f"Alamat {other[0]} bukan alamat tujuan yang dikonfirmasi, {case.address_confirmed}. "
            "Konfirmasi dahulu alamat tujuannya."
        )
    return None


def override_waits(case: CaseFacts) -> bool:
    """Whether the supervisor has a request to open the gate in front of him or her."""
    asked = case.override_asked
    waits = asked is not None and not asked.refused and case.override_by is None
    return waits and case.data is Data.CHECKED and bool(missing_for_delivery(case))


def why_not_ask_override(case: CaseFacts, actor: Actor) -> str | None:
    """An officer asks for what is not there yet, once until the answer."""
    if override_waits(case):
        return "Permohonan izin pengiriman sudah menunggu putusan penyelia."
    return why_not_override(case, actor)


def why_not_refuse_override(case: CaseFacts, _actor: Actor) -> str | None:
    """The supervisor answers a request that waits."""
    return None if override_waits(case) else "Tidak ada permohonan izin pengiriman yang menunggu putusan."


def why_not_override(case: CaseFacts, _actor: Actor) -> str | None:
    """An override is for a gate that is not complete."""
    if case.override_by is not None:
        return "Izin penyelia sudah ada."
    if not missing_for_delivery(case):
        return "Syarat pengiriman sudah lengkap; izin tidak diperlukan."
    return None


def why_not_correct(case: CaseFacts, request: CorrectionRequest) -> str | None:
    """A correction is asked for by showing the kuitansi (standard 1600)."""
    shown = "".join(request.receipt_number.split()).casefold()
    expected = "".join((case.payment.receipt_number or "").split()).casefold()
    if expected and shown != expected:
        return (
            f"Nomor kuitansi yang ditunjukkan berbeda dengan kuitansi permohonan ini, {case.payment.receipt_number}; "
            "minta pengguna data menunjukkan kuitansi yang benar."
        )
    if request.line_id is not None and request.line_id not in {line.id for line in case.lines}:
        return "Baris data itu bukan bagian dari permohonan ini."
    return None
