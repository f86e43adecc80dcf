"""Why a step of intake and review is refused (both standards: persyaratan, prosedur 1–2)."""

from __future__ import annotations

from desk.rules.case import CaseFacts, CustomerClass, Fit, Requirement
from desk.rules.people import Actor


def why_not_decide_fit(case: CaseFacts, _actor: Actor) -> str | None:
    """A decision needs lines to decide about and an abstraksi to decide by."""
    if not case.lines:
        return "Daftar data belum ada; isi dahulu lewat “Ubah permohonan”."
    if not case.abstract.purpose.strip():
        return "Tujuan pada abstraksi belum ada; minta kepada pengguna data dahulu."
    return None


def why_not_declare_clear(case: CaseFacts, _actor: Actor) -> str | None:
    """Clear means: abstraksi complete, requirements met, every line decided, at least one fits."""
    if missing := case.abstract.missing():
        return f"Abstraksi belum lengkap: {', '.join(missing)}."
    unmet = [need.label for need in Requirement if need not in case.requirements_met]
    if unmet:
        return f"Persyaratan belum terpenuhi: {'; '.join(unmet)}."
    if not case.lines:
        return "Daftar data belum ada; isi dahulu lewat “Ubah permohonan”."
    undecided = [line.title for line in case.lines if line.fit in (Fit.UNDECIDED, Fit.ASK)]
    if undecided:
        return f"Kesesuaian belum diputuskan untuk: {'; '.join(undecided)}."
    if not case.accepted_lines():
        return "Tidak ada baris data yang sesuai; alihkan ke konsultasi statistik."
    return None


def why_not_redirect(case: CaseFacts, _actor: Actor) -> str | None:
    """A request whose lines all fit has no reason to be sent to consultation."""
    if case.lines and all(line.fit is Fit.FITS for line in case.lines):
        return "Semua baris data sudah sesuai; nyatakan clear, atau ubah putusan kesesuaian dahulu."
    return None


def why_not_request_relief(case: CaseFacts, _actor: Actor) -> str | None:
    """One application at a time, and never for a company (PP 13/2024 pasal 4; the class stands on its card)."""
    if case.customer_class is CustomerClass.COMPANY:
        return "Perusahaan swasta tidak berhak atas nol rupiah; layani dengan tarif biasa."
    if case.relief and case.relief.approved is None:
        return "Permohonan nol rupiah sudah diajukan; tunggu putusan penyelia."
    if case.relief and case.relief.approved:
        return "Nol rupiah sudah disetujui untuk permohonan ini."
    return None


def why_not_decide_relief(case: CaseFacts, actor: Actor) -> str | None:
    """Somebody else than the one who asked decides."""
    if case.relief is None or case.relief.approved is not None:
        return "Tidak ada permohonan nol rupiah yang menunggu putusan."
    if case.relief.requested_by == actor.login:
        return "Anda yang mengajukan permohonan nol rupiah ini; putusannya harus oleh penyelia lain."
    return None
