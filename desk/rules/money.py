"""Why a step of the money is refused (both standards: prosedur 2, 4 and 6; `domain.md` 6)."""

from __future__ import annotations

from datetime import date

from desk.rules.case import CaseFacts, CustomerClass, Data, Money, Original
from desk.rules.dates import date_text
from desk.rules.inputs import PaymentInput, ProofInput
from desk.rules.people import Actor
from desk.rules.rupiah import rupiah
from desk.rules.statement import SEN


def why_not_issue_invoice(case: CaseFacts, _actor: Actor) -> str | None:
    """The price must be decided, and nothing that the papers print may be missing, before a number is given."""
    if case.relief and case.relief.approved is None:
        return "Permohonan nol rupiah belum diputus; tunggu putusan penyelia dahulu."
    if not case.accepted_lines():
        return "Tidak ada baris data yang sesuai."
    if case.customer_class is not CustomerClass.PERSON and not case.institution.strip():
        return (
            f"Instansi pengguna data belum diisi; untuk {case.customer_class.label}, SPPD ditandatangani "
            f"{case.signer or 'pejabatnya'}. Isi lewat “Ubah data pengguna”."
        )
    if not case.address.strip():
        return "Alamat pos pengguna data belum diisi; alamat itu tercetak pada SPPD. Isi lewat “Ubah data pengguna”."
    if not case.identified:
        return (
            "Nomor identitas pengguna data belum diisi; nomor itu tercetak pada SPPD. Isi lewat “Ubah data pengguna”."
        )
    if not case.office_signs:
        return "Pejabat penanda tangan SPPD belum diisi. Minta administrator melengkapi data kantor."
    if not case.office_account:
        return "Rekening penerimaan kantor belum diisi. Minta administrator melengkapi data kantor."
    return None


def why_not_send_offer(case: CaseFacts, _actor: Actor) -> str | None:
    """Invoice and SPPD go out together, so both papers must exist."""
    return None if case.papers_ready else "Lembar invoice atau SPPD belum jadi; buat dahulu di tab Berkas."


def why_not_renew_invoice(case: CaseFacts, _actor: Actor) -> str | None:
    """An invoice that still holds is not replaced by time."""
    if case.invoice and case.today <= case.invoice.valid_until:
        return f"Invoice {case.invoice.number} masih berlaku sampai {date_text(case.invoice.valid_until)}."
    return None


def why_not_expire_invoice(case: CaseFacts, _actor: Actor) -> str | None:
    """An invoice ends after its last day, not on it (standard 1600: 1 bulan setelah dibuat)."""
    return why_not_renew_invoice(case, _actor)


def why_not_void_invoice(case: CaseFacts, _actor: Actor) -> str | None:
    """Once paper or data are on their way, the case is cancelled or corrected, not silently re-priced."""
    if case.data is not Data.NONE:
        return "Data sudah mulai disiapkan; batalkan permohonan bila memang tidak jadi."
    if case.original not in (Original.ISSUED, Original.AWAITED):
        return "Naskah asli SPPD sudah tiba; invoice tidak dapat dibatalkan lagi."
    return None


def why_not_confirm_payment(case: CaseFacts, actor: Actor) -> str | None:
    """The one who issued the invoice or recorded the proof cannot say that the money is there (`domain.md` 1)."""
    if case.invoice and case.invoice.issued_by == actor.login:
        return "Anda yang menerbitkan invoice ini; pembayarannya harus diperiksa bendahara lain."
    if case.payment.proof_by == actor.login:
        return "Anda yang mencatat bukti bayar ini; pembayarannya harus diperiksa bendahara lain."
    return None


def why_not_approve_payment(case: CaseFacts, actor: Actor) -> str | None:
    """Money above the limit of the rule book needs a second person who had no part in it before."""
    if not case.needs_second_person():
        return "Pembayaran ini tidak menunggu persetujuan orang kedua."
    if case.payment.confirmed_by == actor.login:
        return "Anda yang memastikan pembayaran ini; persetujuannya harus dari orang kedua."
    return why_not_confirm_payment(case, actor)


def why_not_issue_receipt(case: CaseFacts, _actor: Actor) -> str | None:
    """A kuitansi needs confirmed money, and above the limit the word of a second person."""
    if not case.payment.payment_id:
        return "Pembayaran belum dikonfirmasi."
    if case.needs_second_person():
        return f"Pembayaran di atas {rupiah(case.second_above or 0)} harus disetujui orang kedua dahulu."
    return None


def why_not_void_receipt(case: CaseFacts, _actor: Actor) -> str | None:
    """Void before the data leaves; afterwards the customer already holds it."""
    if case.files.deliveries:
        return "Data sudah dikirim bersama kuitansi ini; kuitansi tidak dapat dibatalkan lagi."
    return None


def why_not_cancel(case: CaseFacts, _actor: Actor) -> str | None:
    """Money that came in is not lost in a cancelled case."""
    if case.money in (Money.CONFIRMED, Money.RECEIPTED):
        return "Uang sudah diterima; permohonan tidak dapat dibatalkan. Layani sampai selesai atau proses pengembalian."
    if case.money is Money.PROOF:
        return "Bukti bayar sedang diperiksa bendahara; tunggu hasilnya dahulu."
    if case.files.deliveries:
        return "Data sudah dikirim; permohonan diselesaikan, bukan dibatalkan."
    return None


def why_not_accept_proof(case: CaseFacts, proof: ProofInput) -> str | None:
    """Judges what was typed about a proof; the claim itself is judged by the treasurer."""
    if proof.amount <= 0:
        return "Jumlah pada bukti harus lebih dari nol."
    if proof.paid_on > case.today:
        return f"Tanggal bayar {date_text(proof.paid_on)} belum tiba; periksa tanggal pada bukti."
    if _before_any_invoice(case, proof.paid_on):
        return (
            f"Tanggal bayar {date_text(proof.paid_on)} lebih awal daripada permintaan ini; periksa tanggal pada bukti, "
            "mungkin bukti itu untuk permintaan lain."
        )
    return None


def _before_any_invoice(case: CaseFacts, day: date) -> bool:
    """Money cannot be older than the clear request; after a renewal, what came for the earlier invoice counts."""
    return case.clear_on is not None and day < case.clear_on


def why_not_accept_payment(case: CaseFacts, payment: PaymentInput) -> str | None:
    """Judges amount, day and reference of the money that was seen; nothing is netted silently (`domain.md` 6)."""
    invoice = case.invoice
    assert invoice is not None, "a case with money to confirm has an invoice"
    if payment.received_on > case.today:
        return f"Tanggal diterima {date_text(payment.received_on)} belum tiba; periksa mutasi rekening."
    if _before_any_invoice(case, payment.received_on):
        return (
            f"Uang diterima {date_text(payment.received_on)}, lebih awal daripada permintaan ini; periksa mutasi "
            "rekening, mungkin uang itu untuk permintaan lain."
        )
    if payment.amount < invoice.total:
        return (
            f"Uang kurang {rupiah(invoice.total - payment.amount)} dari invoice {invoice.number}; "
            "minta kekurangannya, atau tolak bukti bayar dengan alasan."
        )
    if payment.amount > invoice.total:
        return (
            f"Uang lebih {rupiah(payment.amount - invoice.total)} dari invoice {invoice.number}; kelebihan tidak boleh "
            "dikuitansikan. Catat sejumlah invoice dan proses pengembalian kelebihannya secara resmi."
        )
    if payment.received_on > invoice.valid_until:
        return (
            f"Uang diterima setelah invoice {invoice.number} berakhir pada {date_text(invoice.valid_until)}; "
            "minta petugas memperpanjang invoice dahulu."
        )
    if payment.parts and sum(part.amount_sen for part in payment.parts) != payment.amount * SEN:
        return "Bagian-bagian mutasi tidak sama dengan jumlah yang diterima; baca ulang daftar mutasi."
    if not payment.reference.strip():
        return "Nomor referensi mutasi belum diisi."
    return None
