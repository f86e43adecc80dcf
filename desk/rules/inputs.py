"""What an action asks: one frozen dataclass per form, its fields described once for the form, the tests and the manual.

A screen builds the form from `questions(cls)`; a deed receives the finished object. Values are already typed (dates,
whole rupiah); whether they are *right* is judged by the `why_not` of the deed's rule, under the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any, Literal
from uuid import UUID

from desk.rules.case import Abstract, Channel, CustomerClass, Fit, MessageKind, Section, State
from desk.rules.package import DataPackage

Kind = Literal[
    "text",  # one line
    "paragraph",  # several lines
    "date",
    "rupiah",  # whole rupiah, int
    "number",  # whole number, int
    "percent",  # 0-100, int
    "choice",  # one State of `choices`
    "relief",  # one State of `choices`, judged by the rule of nol rupiah
    "ticks",  # frozenset of States of `choices`
    "file",  # one IncomingFile or None
    "files",  # tuple of IncomingFile
    "abstract",  # Abstract, four parts with a title
    "lines",  # tuple of LineInput
    "fit",  # tuple of FitInput, one per line of the case
    "prepared",  # tuple of PreparedFileInput
    "counted",  # tuple of FileCheck
    "package",  # DataPackage or None
    "copy",  # number of the SPPD copy, chosen among those that are expected or here
    "colleague",  # login of somebody who works here today
    "line",  # UUID of a line of the case or None
    "billing",  # UUID of a billing code of the case
    "some_lines",  # frozenset of UUIDs of lines of the case
    "needs",  # frozenset of codes of the office's requirements
    "section_question",  # UUID of a question to a section that waits for its answer
    "tasks",  # frozenset of keys of tasks of the preparation
    "case_number",  # number of another case of the office
]


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a form."""

    name: str
    label: str
    kind: Kind
    help: str
    required: bool
    choices: tuple[State, ...]


def ask(
    label: str,
    kind: Kind = "text",
    *,
    help: str = "",  # noqa: A002 - the word of the field
    required: bool = True,
    choices: type[State] | None = None,
    default: Any = MISSING,
    factory: Callable[[], Any] | None = None,
) -> Any:
    """A dataclass field that carries its question; `required=False` fields need a default."""
    metadata = {"label": label, "kind": kind, "help": help, "required": required, "choices": choices}
    if factory is not None:
        return field(default_factory=factory, metadata=metadata)
    return field(default=default, metadata=metadata)


def questions(form: type) -> tuple[Question, ...]:
    """The questions of an input class, in the order of the form."""
    return tuple(
        Question(
            name=entry.name,
            label=entry.metadata["label"],
            kind=entry.metadata["kind"],
            help=entry.metadata["help"],
            required=entry.metadata["required"],
            choices=tuple(entry.metadata["choices"] or ()),
        )
        for entry in fields(form)
        if entry.metadata  # a field without a question is filled by the intake, not by the person
    )


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that comes into a case: display name (already safe), content type by content, bytes.

    `protected` marks an identity card: it is kept apart and every view is logged (UU 27/2022).
    """

    name: str
    content_type: str
    data: bytes = field(repr=False)
    protected: bool = False


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message of the conversation as it came in; `at` is an ISO 8601 moment with zone, or empty."""

    sender: str
    text: str
    at: str = ""
    subject: str = ""
    message_id: str = ""
    from_office: bool = False
    files: tuple[IncomingFile, ...] = ()


@dataclass(frozen=True, slots=True)
class LineInput:
    """One requested item; `quantity` is bytes for microdata, tables, maps or pages by the tariff row."""

    title: str
    tariff: str
    quantity: int
    detail: str = ""
    catalogue_code: str = ""


@dataclass(frozen=True, slots=True)
class FitInput:
    """The decision about one line, with the sentence of the abstraksi (or the reason) that supports it."""

    line_id: UUID
    fit: Fit
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PreparedFileInput:
    """A file made for the customer: it stays on the office's disk, the record keeps path, size, hash and counts."""

    name: str
    path: str
    size: int
    sha256: str
    rows: int | None = None
    variables: int | None = None
    line_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A new request: under one minute on the phone; what is not known yet is asked for later."""

    channel: Channel = ask("Kanal", "choice", choices=Channel)
    name: str = ask("Nama pengguna data")
    customer_class: CustomerClass = ask("Golongan", "choice", choices=CustomerClass, default=CustomerClass.PERSON)
    institution: str = ask("Instansi", required=False, default="")
    position: str = ask("Jabatan", required=False, default="")
    email: str = ask("Surel", required=False, default="")
    phone: str = ask("Telepon / WhatsApp", required=False, default="")
    address: str = ask("Alamat pos", "paragraph", required=False, default="")
    id_number: str = ask("Nomor identitas (NIK / paspor)", required=False, default="")
    npwp: str = ask("NPWP", required=False, default="")
    abstract: Abstract = ask("Abstraksi", "abstract", required=False, factory=Abstract)
    lines: tuple[LineInput, ...] = ask("Data yang diminta", "lines", required=False, default=())
    messages: tuple[IncomingMessage, ...] = ()
    mail_id: UUID | None = None  # of the tray: the mail that the request came with


@dataclass(frozen=True, slots=True)
class TakenMessages:
    """What came in for a case that exists: messages over one channel, `mail_id` when a mail of the tray is meant."""

    messages: tuple[IncomingMessage, ...] = ()
    channel: Channel = Channel.EMAIL
    mail_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """The corrected card; `version` is the one the form was opened on, so that no colleague's change is lost."""

    version: int = ask("Versi", "number")
    name: str = ask("Nama pengguna data")
    customer_class: CustomerClass = ask("Golongan", "choice", choices=CustomerClass)
    institution: str = ask("Instansi", required=False, default="")
    position: str = ask("Jabatan", required=False, default="")
    email: str = ask("Surel", required=False, default="")
    phone: str = ask("Telepon / WhatsApp", required=False, default="")
    address: str = ask("Alamat pos", "paragraph", required=False, default="")
    id_number: str = ask("Nomor identitas (NIK / paspor)", required=False, default="")
    npwp: str = ask("NPWP", required=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestChange(CustomerChange):
    """The corrected request with its customer; here `version` is the request's own."""

    abstract: Abstract = ask("Abstraksi", "abstract", required=False, factory=Abstract)
    lines: tuple[LineInput, ...] = ask("Data yang diminta", "lines", required=False, default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsCheck:
    """Which of the published requirements are met."""

    met: frozenset[str] = ask("Persyaratan terpenuhi", "needs", required=False, factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class FitDecisions:
    """The fit of every line with the abstraksi."""

    decisions: tuple[FitInput, ...] = ask("Kesesuaian per baris", "fit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A deed that must say why; the reason stays in the case file."""

    reason: str = ask("Alasan", "paragraph", help="Tertulis di riwayat dan berkas permohonan.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirection(Reason):
    """Why the customer is sent to consultation, and where that consultation goes on."""

    link: str = ask(
        "Tautan atau nomor konsultasi",
        required=False,
        default="",
        help="Misalnya alamat utas konsultasi; tampil di permohonan sampai kembali.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeInput:
    """Into which case this one goes."""

    number: str = ask("Digabungkan ke", "case_number", help="Percakapan dan berkas ini ikut terlihat di sana.")
    reason: str = ask("Alasan", "paragraph", help="Tertulis di riwayat kedua permohonan.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitInput:
    """Which lines become a case of their own."""

    lines: frozenset[UUID] = ask("Baris yang dipisah", "some_lines", help="Baris lain tetap di permohonan ini.")
    reason: str = ask("Alasan", "paragraph", help="Tertulis di riwayat kedua permohonan.")


@dataclass(frozen=True, slots=True)
class JoinedCase:
    """The other case of a merge or a split; it is written by the deed of that case and by nothing else."""

    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionAsk:
    """A question to the section that knows the data, with the day by which its answer is wanted."""

    section: Section = ask("Seksi", "choice", choices=Section)
    line_id: UUID | None = ask("Tentang", "line", required=False, default=None)
    question: str = ask("Pertanyaan", "paragraph")
    due_on: date = ask("Dijawab paling lambat", "date")


class AnswerKind(State):
    """What came of a question to a section."""

    ANSWERED = "answered", "dijawab"
    WITHDRAWN = "withdrawn", "ditarik, tidak perlu dijawab lagi"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionAnswerInput:
    """What the section answered, or why its answer is not needed any more."""

    question_id: UUID = ask("Pertanyaan", "section_question")
    kind: AnswerKind = ask("Keadaan", "choice", choices=AnswerKind, default=AnswerKind.ANSWERED)
    answer: str = ask("Jawaban", "paragraph", help="Tulis juga siapa yang menjawab.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageNote:
    """Something said in the conversation, or an internal note, with files."""

    kind: MessageKind = ask("Jenis", "choice", choices=MessageKind)
    text: str = ask("Isi", "paragraph")
    files: tuple[IncomingFile, ...] = ask("Lampiran", "files", required=False, default=())


class RecipientClass(State):
    """Who may be served at nol rupiah; purpose and recipient must both qualify."""

    CENTRAL_GOVERNMENT = "central_government", "instansi pemerintah pusat atau lembaga negara"
    REGIONAL_GOVERNMENT = "regional_government", "instansi pemerintah daerah"
    EDUCATION = "education", "institusi pendidikan dalam negeri"
    FOREIGN_MISSION = "foreign_mission", "perwakilan negara asing"
    INTERNATIONAL = "international", "lembaga internasional"
    OTHER = "other", "lainnya"


class PurposeClass(State):
    """What the data is for; only a purpose without gain qualifies for nol rupiah."""

    GOVERNMENT = "government", "perencanaan atau evaluasi pemerintah"
    EDUCATION = "education", "pendidikan atau penelitian nonkomersial"
    DISASTER = "disaster", "penanggulangan bencana"
    COMMERCIAL = "commercial", "komersial"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefRequest:
    """The application for nol rupiah: who, for what, which letter, how much of the tariff."""

    recipient: RecipientClass = ask(
        "Golongan penerima", "relief", choices=RecipientClass, help="Siapa yang memakai datanya."
    )
    purpose: PurposeClass = ask(
        "Tujuan penggunaan", "relief", choices=PurposeClass, help="Menurut abstraksi dan surat."
    )
    letter: IncomingFile | None = ask(
        "Berkas surat permohonan", "file", default=None, help="Surat pimpinan instansi; penyelia membacanya."
    )
    letter_number: str = ask("Nomor surat permohonan")
    letter_date: date = ask("Tanggal surat", "date")
    percent: int = ask(
        "Keringanan (%)", "percent", default=100, help="100 berarti nol rupiah; penyelia lain yang memutuskan."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBy:
    """What was sent over the case's channel: the text as it went out becomes part of the conversation."""

    text: str = ask("Teks kepada pengguna data", "paragraph", required=False, default="")
    note: str = ask("Dikirim ke", required=False, default="", help="Alamat surel, nomor, atau nama penerima.")
    subject: str = ""  # of the mail draft, when one was made
    message_id: str = ""  # of the mail draft: an answer to it finds its case again
    mail: MailOut | None = None  # the program itself sends it; None: the person has sent it
    ready: ReadyUse | None = None  # the ready text it was made from


@dataclass(frozen=True, slots=True)
class ReadyUse:
    """Which ready text a message was made from: its step, and the version of the office (None: the shipped one)."""

    step: str
    text_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MailOut:
    """A text goes out as a mail of the office: to whom, with which stored documents, in answer to which thread."""

    recipients: tuple[str, ...]
    documents: tuple[UUID, ...] = ()
    answers: tuple[str, ...] = ()


class MailChoice(State):
    """What a person decides about a mail that did not arrive, or of which nobody knows."""

    AGAIN = "again", "kirim lagi"
    ARRIVED = "arrived", "sudah sampai, tidak dikirim lagi"
    DROPPED = "dropped", "tidak dikirim lewat surel lagi"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettlement:
    """How it goes on with a mail in trouble."""

    choice: MailChoice = ask("Putusan", "choice", choices=MailChoice)
    note: str = ask("Keterangan", required=False, default="", help="Misalnya dikonfirmasi pengguna lewat telepon.")


@dataclass(frozen=True, slots=True)
class MailReport:
    """What the program found out about a mail: refused, unsure or bounced; `claim` is that of the sender."""

    outgoing_id: UUID
    kind: str
    reason: str
    claim: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What the program found out about the mails that carry the data: why they did not arrive."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSent:
    """The data on their way: the package that was made of them, and the text that went with it."""

    package: DataPackage | None = ask("Paket data", "package", required=False, default=None)
    text: str = ask("Teks kepada pengguna data", "paragraph", required=False, default="")
    note: str = ask("Dikirim ke", required=False, default="", help="Alamat surel, nomor, atau nama penerima.")
    subject: str = ""  # of the mail draft, when one was made
    message_id: str = ""  # of the mail draft: an answer to it finds its case again
    mail: MailOut | None = None  # the program itself sends the package; None: the person has sent it
    ready: ReadyUse | None = None  # the ready text it was made from


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A word about how it came about."""

    note: str = ask("Keterangan", required=False, default="", help="Misalnya lewat balasan surel.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofInput:
    """The customer's proof of payment: a claim, not money."""

    amount: int = ask("Jumlah pada bukti", "rupiah")
    paid_on: date = ask("Tanggal bayar", "date")
    payer: str = ask("Nama pembayar")
    bank: str = ask("Bank pengirim", required=False, default="")
    reference: str = ask("Nomor referensi / NTPN", required=False, default="")
    proof: IncomingFile | None = ask("Berkas bukti", "file", required=False, default=None)


class PaymentChannel(State):
    """How the money came."""

    TRANSFER = "transfer", "transfer ke rekening penerimaan"
    SIMPONI = "simponi", "kode billing SIMPONI (NTPN)"


@dataclass(frozen=True, slots=True)
class LinePart:
    """A part of a movement on the receiving account, in sen."""

    line_id: UUID
    amount_sen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInput:
    """What the treasurer saw on the receiving account."""

    amount: int = ask("Jumlah diterima", "rupiah")
    received_on: date = ask("Tanggal diterima", "date")
    reference: str = ask("Referensi bank", help="Nomor referensi pada mutasi rekening.")
    parts: tuple[LinePart, ...] = ()  # of the imported statement: together exactly the amount


class MoneyOutcome(State):
    """What became of the money; the code is that of `line_use.kind`."""

    PART = "part", "kurang bayar"
    OVER = "over", "kelebihan bayar"
    DOUBLE = "double", "pembayaran ganda"
    LATE = "late", "masuk setelah invoice berakhir"


@dataclass(frozen=True, slots=True)
class MoneyNote:
    """What a part of a credit is that does not pay its invoice as it should, in sen."""

    line_id: UUID
    outcome: MoneyOutcome
    amount_sen: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class MoneyNoteEnd:
    """A note about money of this case that is withdrawn, with the reason."""

    use_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingInput:
    """A billing code that was made in SIMPONI for the customer."""

    billing_code: str = ask("Kode billing", help="15 angka dari SIMPONI.")
    amount: int = ask("Jumlah", "rupiah", help="Sama dengan invoice; kode billing dibayar utuh atau tidak sama sekali.")
    expires_on: date = ask("Berlaku sampai", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePaymentInput:
    """The state's receipt for a billing code (bukti penerimaan negara), as the treasurer checked it."""

    billing: UUID = ask("Kode billing yang dibayar", "billing")
    ntpn: str = ask("NTPN", help="16 huruf dan angka pada bukti penerimaan negara.")
    ntb: str = ask("NTB / NTP", required=False, default="", help="Nomor transaksi bank atau pos, bila tercantum.")
    paid_on: date = ask("Tanggal bayar", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanInput:
    """A scanned paper."""

    scan: IncomingFile = ask("Hasil pindai", "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierInput:
    """The customer has posted the original."""

    copy: int = ask("Rangkap", "copy", default=1)
    courier: str = ask("Kurir")
    tracking: str = ask("Nomor resi", required=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedInput:
    """The original is on the mail table."""

    copy: int = ask("Rangkap", "copy", default=1)
    received_on: date = ask("Tanggal diterima", "date")
    code: str = ask("Kode pada naskah", required=False, default="", help="Pindai kode QR, atau kosongkan bila rusak.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalScan:
    """The scan of an accepted copy."""

    copy: int = ask("Rangkap", "copy", default=1)
    scan: IncomingFile = ask("Hasil pindai", "file")


class Tick(State):
    """The five ticks of the check of an original."""

    SIGNED = "signed", "ditandatangani"
    SIGNER = "signer", "penanda tangan sesuai golongan pengguna"
    STAMP = "stamp", "materai sah, terkena tanda tangan"
    PAGES = "pages", "halaman lengkap"
    SAME_LINES = "same_lines", "daftar data sama dengan yang terbit"


class StampKind(State):
    """The three kinds of materai (UU 10/2020)."""

    ADHESIVE = "adhesive", "materai tempel"
    ELECTRONIC = "electronic", "materai elektronik"
    SUBSEQUENT = "subsequent", "pemeteraian kemudian"


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalCheck:
    """The check of one copy on the five ticks, with the materai as it is on the paper."""

    copy: int = ask("Rangkap", "copy", default=1)
    signed_on: date = ask(
        "Tanggal tanda tangan", "date", help="Nilai materai yang berlaku pada tanggal inilah yang dihitung."
    )
    stamp_kind: StampKind = ask("Jenis materai", "choice", choices=StampKind, default=StampKind.ADHESIVE)
    stamp_value: int = ask("Jumlah nilai materai", "rupiah", default=10_000)
    stamp_reference: str = ask("Nomor seri / bukti", required=False, default="")
    stamp_proof: IncomingFile | None = ask(
        "Berkas bukti materai",
        "file",
        required=False,
        default=None,
        help="Wajib untuk materai elektronik (hasil cek nomor seri) dan pemeteraian kemudian (bukti setor).",
    )
    ticks: frozenset[Tick] = ask("Pemeriksaan", "ticks", choices=Tick, factory=frozenset)
    scan: IncomingFile | None = ask("Hasil pindai", "file", required=False, default=None)


class Fault(State):
    """Why an original is refused; printed on the refusal letter."""

    NOT_SIGNED = "not_signed", "belum ditandatangani"
    WRONG_SIGNER = "wrong_signer", "penanda tangan tidak sesuai golongan pengguna data"
    NO_STAMP = "no_stamp", "tidak bermaterai"
    SHORT_STAMP = "short_stamp", "nilai materai kurang dari yang berlaku pada tanggal penandatanganan"
    STAMP_NOT_CANCELLED = "stamp_not_cancelled", "tanda tangan tidak mengenai materai"
    PAGE_MISSING = "page_missing", "halaman tidak lengkap"
    LINES_DIFFER = "lines_differ", "daftar data berbeda dengan SPPD yang terbit"


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalRefusal:
    """The faults of one copy; the copy goes back to the sender (UU 10/2020 pasal 21)."""

    copy: int = ask("Rangkap", "copy", default=1)
    faults: frozenset[Fault] = ask("Kekurangan", "ticks", choices=Fault)
    note: str = ask("Keterangan", "paragraph", required=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersignature:
    """The office has signed the copy."""

    copy: int = ask("Rangkap", "copy", default=1)
    signer: str = ask("Pejabat yang menandatangani")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingPlace:
    """Where the accepted original stands."""

    copy: int = ask("Rangkap", "copy", default=1)
    binder: str = ask("Map / ordner", help="Nama baru membuka map baru.")
    sheet: str = ask("Nomor lembar", required=False, default="", help="Kosong: lembar kosong berikutnya.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace(FilingPlace):
    """The binder that a filed original goes into from another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """Who takes an original along, and until when."""

    copy: int = ask("Rangkap", "copy", default=1)
    borrower: str = ask("Peminjam", help="Nama orang dan bagiannya.")
    due_on: date = ask("Kembali paling lambat", "date")
    purpose: str = ask("Keperluan", required=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanReturn:
    """A lent original is back; it goes to its own sheet unless another place is named."""

    copy: int = ask("Rangkap", "copy", default=1)
    binder: str = ask("Map / ordner", required=False, default="", help="Kosong: kembali ke tempatnya semula.")
    sheet: str = ask("Nomor lembar", required=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyHandedOut:
    """The customer's own copy goes back signed by both."""

    copy: int = ask("Rangkap", "copy", default=1)
    courier: str = ask("Diserahkan lewat", help="Kurir, atau nama yang mengambil sendiri.")
    tracking: str = ask("Nomor resi", required=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedFiles:
    """The files that are ready for the check by a second officer."""

    files: tuple[PreparedFileInput, ...] = ask("Berkas data", "prepared")
    note: str = ask("Catatan penyiapan", "paragraph", required=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleInput:
    """A few rows of the data, for the customer to see their layout."""

    sample: IncomingFile = ask(
        "Berkas contoh", "file", help="Beberapa baris data sebagai CSV; namanya ditandai CONTOH."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTicks:
    """What the maker has done of the preparation."""

    tasks: frozenset[str] = ask("Tugas penyiapan", "tasks", help="Yang dicentang tercatat atas nama Anda.")


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What the second officer counted in one file; `names` are its variables where the program could read them."""

    position: int
    rows: int | None = None
    variables: int | None = None
    names: tuple[str, ...] = ()


class CheckTick(State):
    """What the second officer holds against the lines of the order."""

    RECORDS = "records", "jumlah baris sesuai pesanan"
    VARIABLES = "variables", "peubah sesuai pesanan"
    AREA = "area", "wilayah dan tahun sesuai pesanan"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCheck:
    """The check by the second officer: own counts of every file, and three ticks against the order."""

    files: tuple[FileCheck, ...] = ask("Hitungan pemeriksa", "counted", required=False, default=())
    ticks: frozenset[CheckTick] = ask("Dibandingkan dengan pesanan", "ticks", choices=CheckTick, factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressConfirmation:
    """Where the data goes; confirmed with the customer."""

    address: str = ask("Alamat tujuan", help="Surel, nomor WhatsApp, atau utas forum tempat data dikirim.")


class FaultOrigin(State):
    """Whose mistake a correction repairs; counted without names."""

    PREPARATION = "preparation", "kesalahan penyiapan"
    CATALOGUE = "catalogue", "kesalahan pada data sumber"
    REQUEST = "request", "permintaan pengguna kurang tepat"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequest:
    """What the customer found wrong; asked for by showing the kuitansi (standard 1600)."""

    wrong: str = ask("Apa yang salah", "paragraph")
    origin: FaultOrigin = ask("Sebab", "choice", choices=FaultOrigin)
    receipt_number: str = ask(
        "Nomor kuitansi yang ditunjukkan", required=False, default="", help="Kosong hanya untuk nol rupiah."
    )
    line_id: UUID | None = ask("Baris data", "line", required=False, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsReceived:
    """The results of the research, as the SPPD asks for them."""

    received_on: date = ask("Tanggal diterima", "date")
    title: str = ask("Judul atau bentuk hasil", help="Misalnya judul skripsi, artikel, atau laporan.")
    file: IncomingFile | None = ask("Berkas hasil", "file", required=False, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """To whom a case goes, with a note for the colleague."""

    login: str = ask("Petugas penerima", "colleague")
    note: str = ask("Pesan serah terima", "paragraph")
