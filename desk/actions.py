"""Everything a person can do to a case. Read this file first.

One row per action drives its button, menu entry, shortcut, form, permission, change of state, story, papers, test and
manual page; the database holds the same table (`desk.action_rule`) and refuses what it does not allow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from desk.models import ActionRule
from desk.rules import acceptance as acceptance_rules
from desk.rules import billing as billing_rules
from desk.rules import claims as claim_rules
from desk.rules import delivery as delivery_rules
from desk.rules import intake as intake_rules
from desk.rules import mail as mail_rules
from desk.rules import money as money_rules
from desk.rules import originals as original_rules
from desk.rules import preparation as preparation_rules
from desk.rules import reminders as reminder_rules
from desk.rules import sample as sample_rules
from desk.rules.case import TRACKS, CaseFacts, Data, Money, Original, Stage, State
from desk.rules.deed import Deed, Outcome
from desk.rules.desks import recommended
from desk.rules.inputs import (
    AddressConfirmation,
    BillingInput,
    CopyHandedOut,
    CorrectionRequest,
    Countersignature,
    CourierInput,
    CustomerChange,
    DataCheck,
    DataSent,
    DeliveryReport,
    FilingPlace,
    FitDecisions,
    HandOver,
    JoinedCase,
    Loan,
    LoanReturn,
    MailReport,
    MailSettlement,
    MergeInput,
    MessageNote,
    MoneyNote,
    MoneyNoteEnd,
    NewPlace,
    OriginalCheck,
    OriginalRefusal,
    OriginalScan,
    PaymentInput,
    PreparedFiles,
    ProofInput,
    Reason,
    ReceivedInput,
    Redirection,
    Registration,
    ReliefRequest,
    Remark,
    RequestChange,
    RequirementsCheck,
    ResultsReceived,
    SampleInput,
    ScanInput,
    SectionAnswerInput,
    SectionAsk,
    SentBy,
    SplitInput,
    StatePaymentInput,
    TakenMessages,
    TaskTicks,
)
from desk.rules.outcomes import LETTERS
from desk.rules.papers import PaperKind
from desk.rules.people import Actor, Duty, duty_names
from desk.services import (
    after_delivery,
    agreement,
    billing,
    claims,
    conversation,
    delivery,
    intake,
    invoicing,
    joining,
    money,
    money_notes,
    outbox,
    preparation,
    reminders,
    returning,
    sample,
    sections,
)

Handler = Callable[[Session, Deed, Any], Outcome]
WhyNot = Callable[[CaseFacts, Actor], str | None]


def _why_not_confirm_state(case: CaseFacts, actor: Actor) -> str | None:
    return billing_rules.why_not_confirm_state(case, actor) or money_rules.why_not_confirm_payment(case, actor)


def _always(_case: CaseFacts, _actor: Actor) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do.

    `before` names the allowed states of the tracks it looks at; `after` the states it leaves. Where `after` names
    several states of one track, the handler chooses by `Outcome.moves`.
    """

    id: str  # verb_noun; it is in the story of every case: never renamed
    label: str
    who: frozenset[Duty]
    before: frozenset[State]
    after: frozenset[State]
    handler: Handler | None  # None: the case does not exist yet (register_case)
    why_not: WhyNot = _always
    asks: type | None = None
    prints: tuple[PaperKind, ...] = ()
    shortcut: str = ""
    confirm: str = ""
    help: str = ""
    sends: bool = False  # something goes out to the customer: ready text and files are offered
    next_step: bool = True  # stands among the next steps; False: an exception, found in the menu
    automatic: bool = False  # has no button: the program does it, or the intake when somebody brings a message
    hint: bool = True  # a refusal tells what to do first; False: it only says that there is nothing to do
    many: bool = False  # may be done for several cases at once: asks nothing about one case, or has a ready text for it


_OFFICER = frozenset({Duty.OFFICER})
_TREASURER = frozenset({Duty.TREASURER})
_SUPERVISOR = frozenset({Duty.SUPERVISOR})
_EVERYDAY = _OFFICER | _TREASURER | _SUPERVISOR
_OPEN = frozenset({Stage.NEW, Stage.CLEAR, Stage.ACTIVE})
_ALL_ORIGINALS_OUT = frozenset(
    {Original.AWAITED, Original.REFUSED, Original.RECEIVED, Original.ACCEPTED, Original.FILED}
)
_KEPT = frozenset({Stage.ACTIVE, Stage.CLOSED}) | _ALL_ORIGINALS_OUT
"""A paper in a binder is lent and looked for long after its case was closed."""


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


ACTIONS: dict[str, Action] = {
    action.id: action
    for action in (
        # intake and review
        Action(
            id="register_case",
            label="Permohonan baru",
            who=_OFFICER,
            before=_states(),
            after=_states(),
            handler=None,
            asks=Registration,
            shortcut="Ctrl+N",
            help="Mencatat permohonan dari surel, live chat, WhatsApp, Forum Silastik, atau telepon.",
        ),
        Action(
            id="change_request",
            label="Ubah permohonan",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(),
            handler=intake.change_request,
            asks=RequestChange,
            shortcut="Ctrl+E",
            help="Melengkapi data pengguna, abstraksi, dan daftar data yang diminta.",
        ),
        Action(
            id="change_customer",
            label="Ubah data pengguna",
            who=_OFFICER,
            before=_states(Stage.CLEAR, Stage.ACTIVE),
            after=_states(),
            handler=intake.change_customer,
            asks=CustomerChange,
            shortcut="Ctrl+Shift+E",
            help="Memperbaiki kartu pengguna data setelah permintaan clear; naskah yang sudah terbit tidak berubah.",
            next_step=False,
        ),
        Action(
            id="decide_fit",
            label="Periksa kesesuaian",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(),
            handler=intake.decide_fit,
            why_not=intake_rules.why_not_decide_fit,
            asks=FitDecisions,
            shortcut="Ctrl+S",
            help="Memutuskan per baris data: sesuai, tidak sesuai, atau tanyakan, dengan kalimat abstraksinya.",
        ),
        Action(
            id="check_requirements",
            label="Periksa persyaratan",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(),
            handler=intake.check_requirements,
            asks=RequirementsCheck,
            shortcut="Ctrl+R",
            help="Menandai empat persyaratan standar pelayanan.",
        ),
        Action(
            id="ask_section",
            label="Tanya seksi",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(),
            handler=sections.ask_section,
            asks=SectionAsk,
            help="Menanyakan kesesuaian data kepada seksi yang menguasainya, dengan batas waktu jawaban.",
            next_step=False,
        ),
        Action(
            id="note_section_answer",
            label="Catat jawaban seksi",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(),
            handler=sections.note_section_answer,
            why_not=intake_rules.why_not_note_answer,
            asks=SectionAnswerInput,
            help="Mencatat jawaban seksi atas pertanyaan, atau menarik pertanyaannya.",
            hint=False,
        ),
        Action(
            id="return_request",
            label="Kembalikan untuk dilengkapi",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(),
            handler=returning.return_request,
            why_not=intake_rules.why_not_return,
            asks=SentBy,
            help="Meminta kelengkapan kepada pengguna data; setelah dijawab, perubahannya terlihat berdampingan.",
            sends=True,
            next_step=False,
        ),
        Action(
            id="declare_clear",
            label="Nyatakan clear",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(Stage.CLEAR),
            handler=intake.declare_clear,
            why_not=intake_rules.why_not_declare_clear,
            shortcut="Ctrl+L",
            confirm="Waktu layanan 10 hari kerja dihitung mulai hari ini.",
            help="Menyatakan permintaan jelas dan lengkap; sejak itu waktu layanan berjalan.",
        ),
        Action(
            id="redirect_case",
            label="Alihkan ke konsultasi",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(Stage.REDIRECTED),
            handler=intake.redirect_case,
            why_not=intake_rules.why_not_redirect,
            asks=Redirection,
            prints=(PaperKind.REDIRECT,),
            shortcut="Ctrl+Shift+A",
            help="Mengalihkan pengguna data ke konsultasi statistik online dengan surat.",
            sends=True,
        ),
        Action(
            id="return_from_consultation",
            label="Kembali dari konsultasi",
            who=_OFFICER,
            before=_states(Stage.REDIRECTED),
            after=_states(Stage.NEW),
            handler=intake.return_from_consultation,
            asks=Reason,
            shortcut="Ctrl+Shift+K",
            help="Membuka kembali permohonan setelah konsultasi.",
        ),
        # nol rupiah
        Action(
            id="request_relief",
            label="Mohon nol rupiah",
            who=_OFFICER,
            before=_states(Stage.NEW, Stage.CLEAR),
            after=_states(),
            handler=intake.request_relief,
            why_not=intake_rules.why_not_request_relief,
            asks=ReliefRequest,
            shortcut="Ctrl+Shift+N",
            help="Memohon keringanan sampai nol rupiah kepada penyelia, dengan surat permohonan pengguna.",
            next_step=False,
        ),
        Action(
            id="approve_relief",
            label="Setujui nol rupiah",
            who=_SUPERVISOR,
            before=_states(Stage.NEW, Stage.CLEAR),
            after=_states(),
            handler=intake.approve_relief,
            why_not=intake_rules.why_not_decide_relief,
            asks=Reason,
            shortcut="Ctrl+Shift+Y",
            help="Menyetujui keringanan dengan dasar dan alasannya.",
        ),
        Action(
            id="reject_relief",
            label="Tolak nol rupiah",
            who=_SUPERVISOR,
            before=_states(Stage.NEW, Stage.CLEAR),
            after=_states(),
            handler=intake.reject_relief,
            why_not=intake_rules.why_not_decide_relief,
            asks=Reason,
            shortcut="Ctrl+Shift+T",
            help="Menolak keringanan; permohonan dilayani dengan tarif biasa.",
        ),
        # invoice and SPPD
        Action(
            id="issue_invoice",
            label="Terbitkan invoice dan SPPD",
            who=_OFFICER,
            before=_states(Stage.CLEAR),
            after=_states(Stage.ACTIVE, Money.INVOICED, Money.FREE, Original.ISSUED),
            handler=invoicing.issue_invoice,
            why_not=money_rules.why_not_issue_invoice,
            prints=(PaperKind.INVOICE, PaperKind.SPPD),
            shortcut="Ctrl+I",
            confirm="SPPD ditandatangani {signer}. Invoice dan SPPD yang terbit tidak dapat diubah, hanya dibatalkan.",
            help="Memberi nomor berikutnya dan membuat kedua naskah dari baris data yang sesuai.",
        ),
        Action(
            id="send_offer",
            label="Kirim invoice dan SPPD",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Original.ISSUED),
            after=_states(Original.AWAITED),
            handler=invoicing.send_offer,
            why_not=money_rules.why_not_send_offer,
            asks=SentBy,
            shortcut="Ctrl+Shift+I",
            help="Mencatat bahwa invoice dan SPPD dikirim bersama lewat kanal permohonan.",
            sends=True,
            many=True,
        ),
        Action(
            id="expire_invoice",
            label="Nyatakan invoice kedaluwarsa",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Money.INVOICED),
            after=_states(Money.EXPIRED),
            handler=invoicing.expire_invoice,
            why_not=money_rules.why_not_expire_invoice,
            shortcut="Ctrl+Shift+X",
            help="Mengakhiri invoice yang masa berlakunya lewat.",
            hint=False,
            many=True,
        ),
        Action(
            id="renew_invoice",
            label="Perpanjang invoice",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Money.INVOICED, Money.EXPIRED, Money.PROOF),
            after=_states(Money.INVOICED, Money.PROOF),
            handler=invoicing.renew_invoice,
            why_not=money_rules.why_not_renew_invoice,
            prints=(PaperKind.INVOICE,),
            shortcut="Ctrl+Shift+P",
            help="Mengganti invoice yang lewat dengan invoice baru menurut tarif hari ini.",
            sends=True,
            hint=False,
        ),
        Action(
            id="void_invoice",
            label="Batalkan invoice",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Money.INVOICED, Money.EXPIRED, Money.FREE),
            after=_states(Stage.CLEAR, Money.NONE, Original.NONE),
            handler=invoicing.void_invoice,
            why_not=money_rules.why_not_void_invoice,
            asks=Reason,
            shortcut="Ctrl+Shift+V",
            help="Menarik invoice dan SPPD dengan alasan; nomornya tetap tercatat.",
            next_step=False,
        ),
        # money
        Action(
            id="record_billing_code",
            label="Catat kode billing",
            who=_OFFICER | _TREASURER,
            before=_states(Stage.CLEAR, Stage.ACTIVE, Money.NONE, Money.INVOICED, Money.PROOF),
            after=_states(),
            handler=billing.record_billing_code,
            why_not=billing_rules.why_not_record_billing,
            asks=BillingInput,
            prints=(PaperKind.BILLING,),
            help="Mencatat kode billing SIMPONI yang diberikan kepada pengguna data: jumlah dan masa berlakunya.",
            next_step=False,
        ),
        Action(
            id="record_proof",
            label="Catat bukti bayar",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Money.INVOICED, Money.EXPIRED),
            after=_states(Money.PROOF),
            handler=money.record_proof,
            asks=ProofInput,
            shortcut="Ctrl+B",
            help="Mencatat bukti bayar dari pengguna data; belum berarti uang diterima.",
        ),
        Action(
            id="confirm_payment",
            label="Pastikan uang diterima",
            who=_TREASURER,
            before=_states(Stage.ACTIVE, Money.PROOF, Money.INVOICED),
            after=_states(Money.CONFIRMED),
            handler=money.confirm_payment,
            why_not=money_rules.why_not_confirm_payment,
            asks=PaymentInput,
            shortcut="Ctrl+U",
            help="Menyatakan uang terlihat pada rekening penerimaan, tepat sejumlah invoice.",
        ),
        Action(
            id="confirm_state_payment",
            label="Pastikan lewat NTPN",
            who=_TREASURER,
            before=_states(Stage.ACTIVE, Money.PROOF, Money.INVOICED),
            after=_states(Money.CONFIRMED),
            handler=money.confirm_state_payment,
            why_not=_why_not_confirm_state,
            asks=StatePaymentInput,
            help="Menyatakan kode billing SIMPONI sudah dibayar, menurut NTPN pada bukti penerimaan negara.",
            hint=False,
        ),
        Action(
            id="note_money",
            label="Catat uang yang tidak pas",
            who=_TREASURER,
            before=_states(Stage.ACTIVE, Stage.CLOSED),
            after=_states(),
            handler=money_notes.note_money,
            asks=MoneyNote,
            prints=tuple(LETTERS.values()),
            help="Dari daftar mutasi: kurang, lebih, ganda, atau terlambat dibayar, masing-masing dengan suratnya.",
            automatic=True,
        ),
        Action(
            id="withdraw_money_note",
            label="Tarik catatan uang",
            who=_TREASURER,
            before=_states(Stage.ACTIVE, Stage.CLOSED),
            after=_states(),
            handler=money_notes.withdraw_money_note,
            asks=MoneyNoteEnd,
            help="Dari daftar mutasi: menarik catatan yang keliru dengan alasan; uangnya kembali belum bertuan.",
            automatic=True,
        ),
        Action(
            id="reject_proof",
            label="Tolak bukti bayar",
            who=_TREASURER,
            before=_states(Stage.ACTIVE, Money.PROOF),
            after=_states(Money.INVOICED),
            handler=money.reject_proof,
            asks=Reason,
            shortcut="Ctrl+Shift+U",
            help="Menyatakan uang pada bukti tidak ditemukan di rekening penerimaan.",
        ),
        Action(
            id="reverse_payment",
            label="Batalkan kepastian uang",
            who=_TREASURER,
            before=_states(Stage.ACTIVE, Money.CONFIRMED),
            after=_states(Money.PROOF, Money.INVOICED),
            handler=money.reverse_payment,
            asks=Reason,
            shortcut="Ctrl+Shift+Q",
            help="Menarik kepastian yang keliru dengan catatan lawan dan alasan; uangnya kembali belum bertuan.",
            next_step=False,
        ),
        Action(
            id="approve_payment",
            label="Setujui pembayaran besar",
            who=frozenset({Duty.TREASURER, Duty.SUPERVISOR}),
            before=_states(Stage.ACTIVE, Money.CONFIRMED),
            after=_states(),
            handler=money.approve_payment,
            why_not=money_rules.why_not_approve_payment,
            shortcut="Ctrl+Shift+W",
            help="Orang kedua menyatakan uang di atas batas buku aturan memang diterima.",
            hint=False,
        ),
        Action(
            id="issue_receipt",
            label="Terbitkan kuitansi",
            who=_TREASURER,
            before=_states(Stage.ACTIVE, Money.CONFIRMED),
            after=_states(Money.RECEIPTED),
            handler=money.issue_receipt,
            why_not=money_rules.why_not_issue_receipt,
            prints=(PaperKind.RECEIPT,),
            shortcut="Ctrl+T",
            confirm="Kuitansi yang sudah terbit tidak dapat dihapus, hanya dibatalkan.",
            help="Memberi nomor kuitansi berikutnya dan menyiapkan lembar cetaknya.",
        ),
        Action(
            id="attach_receipt_scan",
            label="Simpan pindaian kuitansi",
            who=frozenset({Duty.TREASURER, Duty.OFFICER}),
            before=_states(Stage.ACTIVE, Money.RECEIPTED),
            after=_states(),
            handler=money.attach_receipt_scan,
            asks=ScanInput,
            shortcut="Ctrl+Shift+S",
            help="Menyimpan pindaian kuitansi yang sudah ditandatangani; itulah yang dikirim kepada pengguna data.",
        ),
        Action(
            id="void_receipt",
            label="Batalkan kuitansi",
            who=_TREASURER,
            before=_states(Stage.ACTIVE, Money.RECEIPTED),
            after=_states(Money.CONFIRMED),
            handler=money.void_receipt,
            why_not=money_rules.why_not_void_receipt,
            asks=Reason,
            shortcut="Ctrl+Shift+B",
            help="Menarik kuitansi dengan alasan; nomornya tetap tercatat.",
            next_step=False,
        ),
        # the paper original
        Action(
            id="note_courier",
            label="Catat kurir naskah",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Original.AWAITED, Original.REFUSED, Original.RECEIVED),
            after=_ALL_ORIGINALS_OUT,
            handler=agreement.note_courier,
            why_not=original_rules.why_not_receive,
            asks=CourierInput,
            shortcut="Ctrl+Shift+C",
            help="Mencatat kurir dan nomor resi naskah asli yang sedang dikirim pengguna.",
            next_step=False,
        ),
        Action(
            id="receive_original",
            label="Terima naskah asli",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Original.AWAITED, Original.REFUSED, Original.RECEIVED),
            after=_ALL_ORIGINALS_OUT,
            handler=agreement.receive_original,
            why_not=original_rules.why_not_receive,
            asks=ReceivedInput,
            shortcut="Ctrl+M",
            help="Mencatat naskah asli SPPD yang tiba di meja surat.",
            hint=False,
        ),
        Action(
            id="accept_original",
            label="Periksa naskah asli",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Original.RECEIVED),
            after=_ALL_ORIGINALS_OUT,
            handler=agreement.accept_original,
            why_not=original_rules.why_not_check,
            asks=OriginalCheck,
            shortcut="Ctrl+O",
            help="Memeriksa lima hal pada naskah asli dan menerimanya.",
        ),
        Action(
            id="refuse_original",
            label="Tolak naskah asli",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Original.RECEIVED),
            after=_ALL_ORIGINALS_OUT,
            handler=agreement.refuse_original,
            why_not=original_rules.why_not_check,
            asks=OriginalRefusal,
            prints=(PaperKind.ORIGINAL_REFUSAL,),
            shortcut="Ctrl+Shift+O",
            help="Mengembalikan naskah yang kurang dengan surat yang menyebut kekurangannya.",
            sends=True,
        ),
        Action(
            id="countersign_original",
            label="Catat tanda tangan pejabat",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Original.ACCEPTED, Original.AWAITED, Original.REFUSED, Original.RECEIVED),
            after=_ALL_ORIGINALS_OUT,
            handler=agreement.countersign_original,
            why_not=original_rules.why_not_countersign,
            asks=Countersignature,
            help="Mencatat bahwa pejabat kantor sudah menandatangani naskah yang diterima.",
            hint=False,
        ),
        Action(
            id="file_original",
            label="Arsipkan naskah asli",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Original.ACCEPTED, Original.AWAITED, Original.REFUSED, Original.RECEIVED),
            after=_ALL_ORIGINALS_OUT,
            handler=agreement.file_original,
            why_not=original_rules.why_not_file,
            asks=FilingPlace,
            shortcut="Ctrl+G",
            help="Mencatat map dan lembar tempat naskah asli disimpan.",
            hint=False,
        ),
        Action(
            id="move_original",
            label="Pindahkan ke map lain",
            who=_OFFICER,
            before=_KEPT,
            after=_states(),
            handler=agreement.move_original,
            why_not=original_rules.why_not_move,
            asks=NewPlace,
            help="Mencatat map dan lembar baru dari naskah yang sudah diarsipkan.",
            next_step=False,
        ),
        Action(
            id="lend_original",
            label="Pinjamkan naskah asli",
            who=_OFFICER,
            before=_KEPT,
            after=_states(),
            handler=agreement.lend_original,
            why_not=original_rules.why_not_lend,
            asks=Loan,
            help="Mencatat siapa yang membawa naskah asli dan kapan harus kembali.",
            next_step=False,
        ),
        Action(
            id="return_original",
            label="Terima kembali pinjaman",
            who=_OFFICER,
            before=_KEPT,
            after=_states(),
            handler=agreement.return_original,
            why_not=original_rules.why_not_return,
            asks=LoanReturn,
            help="Mencatat bahwa naskah yang dipinjam kembali ke tempatnya.",
            hint=False,
        ),
        Action(
            id="hand_out_original",
            label="Serahkan rangkap pengguna",
            who=_OFFICER,
            before=_states(Stage.ACTIVE) | _ALL_ORIGINALS_OUT,
            after=_ALL_ORIGINALS_OUT,
            handler=agreement.hand_out_original,
            why_not=original_rules.why_not_hand_out,
            asks=CopyHandedOut,
            help="Mencatat bahwa rangkap milik pengguna data, sudah ditandatangani kedua pihak, kembali kepadanya.",
            next_step=False,
        ),
        Action(
            id="attach_original_scan",
            label="Simpan pindaian naskah asli",
            who=_OFFICER,
            before=_states(Stage.ACTIVE) | _ALL_ORIGINALS_OUT,
            after=_states(),
            handler=agreement.attach_original_scan,
            why_not=original_rules.why_not_scan,
            asks=OriginalScan,
            shortcut="Ctrl+Shift+F8",
            help="Menyimpan pindaian naskah asli yang sudah diterima pada lima hal.",
            next_step=False,
        ),
        # data
        Action(
            id="start_preparation",
            label="Mulai siapkan data",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.NONE),
            after=_states(Data.PREPARING),
            handler=preparation.start_preparation,
            shortcut="Ctrl+D",
            help="Mencatat siapa yang mulai menyiapkan data mikro dan peta.",
            many=True,
        ),
        Action(
            id="tick_tasks",
            label="Centang tugas penyiapan",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.PREPARING, Data.CORRECTING),
            after=_states(),
            handler=preparation.tick_tasks,
            why_not=preparation_rules.why_not_tick,
            asks=TaskTicks,
            help="Mencatat tugas dari daftar produk yang sudah dikerjakan; semuanya sebelum data diserahkan diperiksa.",
            hint=False,
        ),
        Action(
            id="finish_preparation",
            label="Data selesai disiapkan",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.PREPARING, Data.CORRECTING),
            after=_states(Data.PREPARED),
            handler=preparation.finish_preparation,
            why_not=preparation_rules.why_not_hand_over,
            asks=PreparedFiles,
            shortcut="Ctrl+F",
            help="Mencatat berkas data beserta ukuran dan sidik jarinya untuk diperiksa petugas kedua.",
        ),
        Action(
            id="check_data",
            label="Data sudah diperiksa",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.PREPARED),
            after=_states(Data.CHECKED),
            handler=preparation.check_data,
            why_not=preparation_rules.why_not_check_data,
            asks=DataCheck,
            shortcut="Ctrl+J",
            help="Petugas kedua menghitung sendiri dan membandingkan isi, peubah, dan wilayah dengan pesanan.",
        ),
        Action(
            id="return_data",
            label="Kembalikan data",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.PREPARED, Data.CHECKED),
            after=_states(Data.PREPARING, Data.CORRECTING),
            handler=preparation.return_data,
            asks=Reason,
            shortcut="Ctrl+Shift+J",
            help="Mengembalikan berkas kepada penyiapnya dengan alasan.",
        ),
        Action(
            id="make_sample",
            label="Siapkan contoh data",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.NONE, Data.PREPARING, Data.PREPARED, Data.CHECKED),
            after=_states(),
            handler=sample.make_sample,
            why_not=sample_rules.why_not_make,
            asks=SampleInput,
            help="Menyimpan beberapa baris sebagai contoh bertanda, bila buku aturan mengizinkannya.",
            next_step=False,
            hint=False,
        ),
        Action(
            id="send_sample",
            label="Kirim contoh data",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.NONE, Data.PREPARING, Data.PREPARED, Data.CHECKED),
            after=_states(),
            handler=sample.send_sample,
            why_not=sample_rules.why_not_send,
            asks=SentBy,
            help="Mengirim contoh data sebelum pembayaran; datanya sendiri tetap menunggu syarat pengiriman.",
            sends=True,
            next_step=False,
            hint=False,
        ),
        # delivery and after
        Action(
            id="confirm_address",
            label="Konfirmasi alamat tujuan",
            who=_OFFICER,
            before=_states(Stage.ACTIVE),
            after=_states(),
            handler=delivery.confirm_address,
            asks=AddressConfirmation,
            shortcut="Ctrl+Shift+D",
            help="Mencatat alamat yang dikonfirmasi pengguna untuk pengiriman data.",
        ),
        Action(
            id="ask_override",
            label="Mohon izin pengiriman",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.CHECKED),
            after=_states(),
            handler=delivery.ask_override,
            why_not=delivery_rules.why_not_ask_override,
            asks=Reason,
            help="Meminta penyelia mengizinkan pengiriman sebelum syaratnya lengkap, dengan alasan tertulis.",
            next_step=False,
            hint=False,
        ),
        Action(
            id="refuse_override",
            label="Tolak izin pengiriman",
            who=_SUPERVISOR,
            before=_states(Stage.ACTIVE, Data.CHECKED),
            after=_states(),
            handler=delivery.refuse_override,
            why_not=delivery_rules.why_not_refuse_override,
            asks=Reason,
            help="Penyelia menolak permohonan izin; data menunggu sampai syarat pengiriman lengkap.",
            hint=False,
        ),
        Action(
            id="override_gate",
            label="Izinkan pengiriman",
            who=_SUPERVISOR,
            before=_states(Stage.ACTIVE, Data.CHECKED),
            after=_states(),
            handler=delivery.override_gate,
            why_not=delivery_rules.why_not_override,
            asks=Reason,
            shortcut="Ctrl+Shift+G",
            confirm="Data akan boleh dikirim walau syarat belum lengkap. Alasan Anda tercetak di berkas permohonan.",
            help="Penyelia mengizinkan pengiriman sebelum syarat lengkap, dengan alasan tertulis.",
            next_step=False,
        ),
        Action(
            id="deliver",
            label="Kirim data",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.CHECKED),
            after=_states(Data.SENDING, Data.DELIVERED),
            handler=delivery.deliver,
            why_not=delivery_rules.why_not_deliver,
            asks=DataSent,
            prints=(PaperKind.DELIVERY_NOTE,),
            shortcut="Ctrl+Return",
            help="Mencatat pengiriman pindaian kuitansi, data mikro, dan peta lewat kanal permohonan.",
            sends=True,
        ),
        Action(
            id="confirm_sent",
            label="Paket data terkirim",
            who=_EVERYDAY,
            before=_states(Stage.ACTIVE, Data.SENDING),
            after=_states(Data.DELIVERED),
            handler=delivery.confirm_sent,
            help="Program mencatat bahwa server surel sudah menerima semua bagian paket.",
            automatic=True,
        ),
        Action(
            id="fail_delivery",
            label="Kiriman data tidak sampai",
            who=_EVERYDAY,
            before=_states(Stage.ACTIVE, Data.SENDING, Data.DELIVERED),
            after=_states(Data.CHECKED),
            handler=delivery.reopen_delivery,
            asks=DeliveryReport,
            help="Program membuka kembali langkah kirim karena surel pembawa paket ditolak, kembali, atau dihentikan.",
            automatic=True,
        ),
        Action(
            id="reopen_delivery",
            label="Kiriman tidak sampai",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.SENDING, Data.DELIVERED),
            after=_states(Data.CHECKED),
            handler=delivery.reopen_delivery,
            asks=Reason,
            help="Pengguna data tidak menerima kiriman: langkah kirim terbuka lagi dengan alasannya.",
            next_step=False,
        ),
        Action(
            id="record_acceptance",
            label="Pengguna menyatakan sesuai",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.DELIVERED),
            after=_states(Data.CONFIRMED),
            handler=after_delivery.record_acceptance,
            asks=Remark,
            shortcut="Ctrl+Shift+R",
            help="Mencatat bahwa pengguna sudah memeriksa berkas dan menyatakannya sesuai.",
        ),
        Action(
            id="open_correction",
            label="Minta perbaikan data",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Stage.CLOSED, Data.DELIVERED, Data.CONFIRMED),
            after=_states(Stage.ACTIVE, Data.CORRECTING),
            handler=after_delivery.open_correction,
            why_not=acceptance_rules.why_not_open_correction,
            asks=CorrectionRequest,
            prints=(PaperKind.CORRECTION_NOTE,),
            shortcut="Ctrl+Shift+F",
            help="Mencatat permintaan perbaikan dengan menunjukkan kuitansi; selesai dalam 5 hari kerja.",
        ),
        Action(
            id="ask_late_correction",
            label="Ajukan perbaikan terlambat",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Stage.CLOSED, Data.DELIVERED, Data.CONFIRMED),
            after=_states(),
            handler=after_delivery.ask_late_correction,
            why_not=acceptance_rules.why_not_ask_late,
            asks=CorrectionRequest,
            help="Permintaan perbaikan setelah masa pemeriksaan lewat diputus penyelia.",
            hint=False,
            next_step=False,
        ),
        Action(
            id="allow_late_correction",
            label="Izinkan perbaikan terlambat",
            who=_SUPERVISOR,
            before=_states(Stage.ACTIVE, Stage.CLOSED, Data.DELIVERED, Data.CONFIRMED),
            after=_states(),
            handler=after_delivery.allow_late_correction,
            why_not=acceptance_rules.why_not_decide_late,
            asks=Reason,
            help="Petugas memperbaiki data walau masa pemeriksaan sudah lewat.",
            hint=False,
        ),
        Action(
            id="refuse_late_correction",
            label="Tolak perbaikan terlambat",
            who=_SUPERVISOR,
            before=_states(Stage.ACTIVE, Stage.CLOSED, Data.DELIVERED, Data.CONFIRMED),
            after=_states(),
            handler=after_delivery.refuse_late_correction,
            why_not=acceptance_rules.why_not_decide_late,
            asks=Reason,
            help="Permintaan perbaikan yang terlambat ditolak dengan alasan; pengguna data diberi tahu.",
            hint=False,
        ),
        Action(
            id="close_case",
            label="Tutup permohonan",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Data.DELIVERED, Data.CONFIRMED),
            after=_states(Stage.CLOSED),
            handler=after_delivery.close_case,
            why_not=acceptance_rules.why_not_close,
            asks=SentBy,
            prints=(PaperKind.CLOSING,),
            shortcut="Ctrl+W",
            help="Menutup percakapan dengan ucapan terima kasih dan alamat pengaduan.",
            sends=True,
            many=True,
        ),
        # what the customer owes afterwards
        Action(
            id="remind_results",
            label="Ingatkan hasil penelitian",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Stage.CLOSED),
            after=_states(),
            handler=after_delivery.remind_results,
            why_not=acceptance_rules.why_not_results,
            asks=SentBy,
            help="Mengingatkan pengguna data untuk menyerahkan hasil penggunaan data kepada BPS.",
            sends=True,
            next_step=False,
            hint=False,
            many=True,
        ),
        Action(
            id="record_results",
            label="Terima hasil penelitian",
            who=_OFFICER,
            before=_states(Stage.ACTIVE, Stage.CLOSED),
            after=_states(),
            handler=after_delivery.record_results,
            why_not=acceptance_rules.why_not_results,
            asks=ResultsReceived,
            help="Mencatat hasil penggunaan data yang diserahkan pengguna data kepada BPS.",
            next_step=False,
            hint=False,
        ),
        Action(
            id="waive_results",
            label="Bebaskan kewajiban hasil",
            who=_SUPERVISOR,
            before=_states(Stage.ACTIVE, Stage.CLOSED),
            after=_states(),
            handler=after_delivery.waive_results,
            why_not=acceptance_rules.why_not_results,
            asks=Reason,
            help="Penyelia membebaskan pengguna data dari penyerahan hasil, dengan alasan.",
            next_step=False,
            hint=False,
        ),
        # at any time
        Action(
            id="add_message",
            label="Catat percakapan",
            who=frozenset({Duty.OFFICER, Duty.TREASURER, Duty.SUPERVISOR}),
            before=_OPEN | {Stage.REDIRECTED},
            after=_states(),
            handler=conversation.add_message,
            asks=MessageNote,
            shortcut="Ctrl+Shift+M",
            help="Menambahkan pesan pengguna, jawaban, atau catatan intern.",
            next_step=False,
        ),
        Action(
            id="send_message",
            label="Balas pengguna data",
            who=_OFFICER,
            before=_OPEN | {Stage.REDIRECTED},
            after=_states(),
            handler=conversation.send_message,
            asks=SentBy,
            shortcut="Ctrl+Shift+F6",
            help="Menjawab pengguna data lewat kanal permohonan, dengan teks siap pakai atau tulisan sendiri.",
            sends=True,
            next_step=False,
        ),
        Action(
            id="remind_customer",
            label="Ingatkan pengguna data",
            who=_OFFICER,
            before=_states(Stage.ACTIVE),
            after=_states(),
            handler=reminders.remind_customer,
            why_not=reminder_rules.why_not_remind,
            asks=SentBy,
            shortcut="Ctrl+H",
            help="Mengingatkan bukti bayar atau naskah asli yang sudah saatnya, sekali untuk setiap pengingat.",
            sends=True,
            hint=False,
            many=True,
        ),
        Action(
            id="settle_mail",
            label="Putuskan surel bermasalah",
            who=_EVERYDAY,
            before=_states(),
            after=_states(),
            handler=outbox.settle_mail,
            why_not=mail_rules.why_not_settle,
            asks=MailSettlement,
            shortcut="Ctrl+Shift+L",
            help="Surel yang ditolak, kembali, atau belum pasti: dikirim lagi, sudah sampai, atau tidak dikirim.",
            hint=False,
        ),
        Action(
            id="report_mail",
            label="Laporan surel tidak terkirim",
            who=_EVERYDAY,
            before=_states(),
            after=_states(),
            handler=outbox.report_mail,
            asks=MailReport,
            help="Program mencatat surel yang tidak terkirim; permohonannya kembali ke antrean Pesan.",
            automatic=True,
        ),
        Action(
            id="take_mail",
            label="Surel masuk percakapan",
            who=_EVERYDAY,
            before=_states(),
            after=_states(),
            handler=conversation.take_messages,
            asks=TakenMessages,
            help="Program memasukkan surel dari kotak kantor ke percakapan permohonan yang dibalasnya.",
            automatic=True,
        ),
        Action(
            id="take_messages",
            label="Masukkan pesan ke percakapan",
            who=_EVERYDAY,
            before=_states(),
            after=_states(),
            handler=conversation.take_messages,
            asks=TakenMessages,
            help="Memasukkan surel, ekspor WhatsApp, atau utas forum yang dipilih orang ke percakapan permohonan.",
            automatic=True,
        ),
        Action(
            id="read_messages",
            label="Tandai surel sudah dibaca",
            who=frozenset({Duty.OFFICER, Duty.SUPERVISOR}),
            before=_states(),
            after=_states(),
            handler=conversation.read_messages,
            why_not=mail_rules.why_not_read,
            shortcut="Ctrl+Shift+F7",
            help="Surel baru sudah dibaca dan tidak memerlukan tindakan lain; permohonan kembali ke antreannya.",
            hint=False,
            many=True,
        ),
        Action(
            id="claim_case",
            label="Ambil permohonan",
            who=_OFFICER,
            before=_OPEN,
            after=_states(),
            handler=claims.claim,
            why_not=claim_rules.why_not_claim,
            help="Memegang permohonan selama 30 menit, diperpanjang selama dikerjakan; rekan melihat pemegangnya.",
            next_step=False,
            many=True,
        ),
        Action(
            id="release_case",
            label="Lepaskan permohonan",
            who=frozenset({Duty.OFFICER, Duty.SUPERVISOR}),
            before=_OPEN,
            after=_states(),
            handler=claims.release,
            why_not=claim_rules.why_not_release,
            help="Mengembalikan permohonan ke antrean bersama sebelum waktunya habis.",
            next_step=False,
            many=True,
        ),
        Action(
            id="hand_over",
            label="Serahkan ke rekan",
            who=frozenset({Duty.OFFICER, Duty.SUPERVISOR}),
            before=_OPEN,
            after=_states(),
            handler=claims.hand_over,
            why_not=claim_rules.why_not_hand_over,
            asks=HandOver,
            shortcut="Ctrl+Shift+H",
            help="Menyerahkan permohonan kepada petugas lain dengan pesan serah terima.",
            next_step=False,
            many=True,
        ),
        Action(
            id="merge_case",
            label="Gabungkan ke permohonan lain",
            who=_OFFICER,
            before=_states(Stage.NEW, Stage.CLEAR),
            after=_states(Stage.MERGED),
            handler=joining.merge_case,
            why_not=intake_rules.why_not_merge,
            asks=MergeInput,
            help="Menyatukan permohonan yang sama; percakapan dan berkasnya terlihat di permohonan tujuan.",
            next_step=False,
        ),
        Action(
            id="take_in_case",
            label="Permohonan lain digabungkan ke sini",
            who=_OFFICER,
            before=_OPEN,
            after=_states(),
            handler=joining.only_with_another,
            asks=JoinedCase,
            help="Program mencatat di permohonan tujuan apa yang digabungkan ke sana.",
            automatic=True,
        ),
        Action(
            id="split_case",
            label="Pisahkan sebagian baris",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(),
            handler=joining.split_case,
            why_not=intake_rules.why_not_split,
            asks=SplitInput,
            help="Menjadikan sebagian baris permohonan tersendiri, misalnya yang dimohonkan nol rupiah.",
            next_step=False,
        ),
        Action(
            id="split_off_case",
            label="Permohonan dari pemisahan",
            who=_OFFICER,
            before=_states(Stage.NEW),
            after=_states(),
            handler=joining.only_with_another,
            asks=JoinedCase,
            help="Program mencatat di permohonan baru dari mana ia dipisah.",
            automatic=True,
        ),
        Action(
            id="cancel_case",
            label="Batalkan permohonan",
            who=_OFFICER,
            before=_OPEN,
            after=_states(Stage.CANCELLED),
            handler=invoicing.cancel_case,
            why_not=money_rules.why_not_cancel,
            asks=Reason,
            shortcut="Ctrl+Shift+Delete",
            confirm="Permohonan berakhir tanpa layanan dan tidak dapat dibuka lagi.",
            help="Mengakhiri permohonan yang tidak jadi, dengan alasan.",
            next_step=False,
        ),
    )
}


def why_not(action: Action, actor: Actor, case: CaseFacts) -> str | None:
    """None when the actor may do it now, otherwise the sentence to show."""
    if not action.who & actor.duties_in(case.office_id):
        return f"Hanya {duty_names(action.who)} yang dapat melakukan ini."
    for track in TRACKS:
        allowed = [state for state in track if state in action.before]
        if allowed and case.state_of(track) not in allowed:
            wanted = " atau ".join(f"“{state.label}”" for state in allowed)
            return f"Keadaan permohonan “{case.state_of(track).label}”; tindakan ini untuk {wanted}."
    return action.why_not(case, actor)


def next_steps(actor: Actor, case: CaseFacts) -> list[tuple[Action, str | None]]:
    """The steps of this person for this case: what takes it further on top, then what is possible, then the refused.

    Left out: what belongs to another duty, and steps whose track is elsewhere, for those are no news to anybody.
    """
    possible, refused = [], []
    for action in ACTIONS.values():
        if action.handler is None or action.automatic or not action.who & actor.duties_in(case.office_id):
            continue
        reason = why_not(action, actor, case)
        if reason is None:
            possible.append((action, None))
        elif action.next_step and action.hint and _in_reach(action, case):
            refused.append((action, reason))
    order = {action_id: place for place, action_id in enumerate(recommended(case))}
    possible.sort(key=lambda step: (order.get(step[0].id, len(order)), not step[0].next_step))
    return [*possible, *refused]


def as_stored() -> dict[str, dict[str, Any]]:
    """This table as a database of this version holds it: duties, before and after of each action."""
    return {
        action.id: {
            "duties": sorted(duty.value for duty in action.who),
            "before": dict(_codes(action.before)),
            "after": dict(_codes(action.after)),
        }
        for action in ACTIONS.values()
    }


def publish(connection: Connection) -> None:
    """Writes this table into the database, which refuses whatever is not in it. Run as the owner of the database."""
    connection.execute(text("DELETE FROM desk.action_rule"))
    connection.execute(
        insert(ActionRule),
        [
            {
                "action": action.id,
                "duties": sorted(duty.value for duty in action.who),
                "before": _codes(action.before),
                "after": _codes(action.after),
            }
            for action in ACTIONS.values()
        ],
    )


def _codes(states: frozenset[State]) -> Mapping[str, list[str]]:
    by_track = {column: [state.value for state in track if state in states] for track, column in TRACKS.items()}
    return {column: codes for column, codes in by_track.items() if codes}


def _in_reach(action: Action, case: CaseFacts) -> bool:
    """Whether the case stands where this action belongs, so that its refusal is worth a sentence."""
    for track in TRACKS:
        allowed = [state for state in track if state in action.before]
        if allowed and case.state_of(track) not in allowed:
            return False
    return True
