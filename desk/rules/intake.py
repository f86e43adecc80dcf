"""Why a step of intake and review is refused (both standards: persyaratan, prosedur 1–2)."""

from __future__ import annotations

from desk.rules.case import CaseFacts, CustomerClass, Fit, LineFacts, Stage
from desk.rules.people import Actor

TAKES_UP = ("change_request", "decide_fit", "take_mail", "take_messages", "return_from_consultation")
"""What ends the waiting after a request was sent back to the customer: an answer came, or somebody went on with it."""


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
    if unmet := case.unmet():
        return f"Persyaratan belum terpenuhi: {'; '.join(unmet)}."
    if not case.lines:
        return "Daftar data belum ada; isi dahulu lewat “Ubah permohonan”."
    if case.questions:
        asked = "; ".join(question.section.label for question in case.questions)
        return f"Jawaban seksi belum ada: {asked}. Catat jawabannya, atau tarik pertanyaannya, dahulu."
    undecided = [line.title for line in case.lines if line.fit in (Fit.UNDECIDED, Fit.ASK)]
    if undecided:
        return f"Kesesuaian belum diputuskan untuk: {'; '.join(undecided)}."
    if not case.accepted_lines():
        return "Tidak ada baris data yang sesuai; alihkan ke konsultasi statistik."
    return None


def why_not_note_answer(case: CaseFacts, _actor: Actor) -> str | None:
    """An answer needs a question."""
    return None if case.questions else "Tidak ada pertanyaan kepada seksi yang menunggu jawaban."


def why_not_return(case: CaseFacts, _actor: Actor) -> str | None:
    """A request goes back once; what comes of it is awaited."""
    if case.returned_on:
        return "Permohonan ini sudah dikembalikan; tunggu jawaban pengguna data, atau kirim pesan lagi."
    return None


def why_not_merge(case: CaseFacts, _actor: Actor) -> str | None:
    """What has numbers, or waits for a decision, is a case of its own."""
    if case.numbered:
        return "Permohonan ini sudah punya nomor invoice, SPPD, atau surat, jadi tidak dapat digabungkan ke yang lain."
    if case.relief and case.relief.approved is not False:
        return "Nol rupiah sudah dimohonkan untuk permohonan ini, jadi tidak dapat digabungkan ke yang lain."
    if case.questions:
        return "Masih ada pertanyaan kepada seksi. Catat jawabannya atau tarik pertanyaannya dahulu."
    if case.mail_trouble:
        return "Masih ada surel yang tidak sampai. Putuskan dahulu, lalu gabungkan."
    return None


def why_not_merge_into(case: CaseFacts, other: CaseFacts) -> str | None:
    """The other one must be open, of the same office, and its list must still be free to grow where it has to."""
    if other.id == case.id:
        return "Permohonan tidak dapat digabungkan ke dirinya sendiri. Tulis nomor yang lain."
    if not other.open():
        return f"Permohonan {other.number} sudah {other.stage.label}. Gabungkan ke permohonan yang masih terbuka."
    if other.stage is not Stage.NEW and (more := lines_to_add(case, other)):
        titles = "; ".join(line.title for line in more)
        return (
            f"Daftar data {other.number} tidak dapat ditambah lagi ({other.stage.label}), padahal belum memuat: "
            f"{titles}. Layani keduanya sendiri-sendiri, atau hapus baris itu dahulu."
        )
    return None


def lines_to_add(case: CaseFacts, other: CaseFacts) -> tuple[LineFacts, ...]:
    """The lines of a case that the other one lacks; the same name and detail is the same line."""
    there = {(line.title.casefold(), line.detail.casefold()) for line in other.lines}
    return tuple(line for line in case.lines if (line.title.casefold(), line.detail.casefold()) not in there)


def why_not_split(case: CaseFacts, _actor: Actor) -> str | None:
    """Something must stay and something must go."""
    if len(case.lines) < 2:
        return "Hanya permohonan dengan dua baris data atau lebih yang dapat dipisah."
    if case.relief and case.relief.approved is None:
        return "Permohonan nol rupiah menunggu putusan penyelia; pisahkan setelah diputus."
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
