"""What a case is: one course and three parallel tracks, the frozen facts a screen holds, and where it waits.

The two service standards describe one request as a straight line. In the office it is not one: after invoice and
SPPD have gone out, money, the signed paper and the data move independently and meet again at delivery. So a case has
a `Stage` and the tracks `Money`, `Original` and `Data`; every state is reached by a row of `desk/actions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Self
from uuid import UUID

from desk.rules.office_hours import Warned


class State(Enum):
    """A stored code with its words; compare with `is`, never by text."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        state = object.__new__(cls)
        state._value_ = code
        state.label = label
        return state

    @classmethod
    def of(cls, code: str) -> Self:
        """The state with this stored code; ValueError for an unknown one."""
        return cls(code)  # type: ignore[call-arg]  # Enum's look-up by value, not the call of __new__


class Stage(State):
    """The course of the whole request."""

    NEW = "new", "diperiksa"
    CLEAR = "clear", "clear, siap dibuatkan invoice"
    ACTIVE = "active", "berjalan"
    CLOSED = "closed", "selesai"
    REDIRECTED = "redirected", "dialihkan ke konsultasi"
    CANCELLED = "cancelled", "dibatalkan"
    MERGED = "merged", "digabung ke permohonan lain"


class Money(State):
    """Uang: from the invoice to the printed receipt."""

    NONE = "none", "belum ada invoice"
    INVOICED = "invoiced", "menunggu pembayaran"
    EXPIRED = "expired", "invoice kedaluwarsa"
    PROOF = "proof", "bukti bayar diterima, menunggu bendahara"
    CONFIRMED = "confirmed", "uang diterima, kuitansi belum terbit"
    RECEIPTED = "receipted", "kuitansi terbit"
    FREE = "free", "nol rupiah disetujui"


class Original(State):
    """Naskah: the signed, stamped paper original of the SPPD."""

    NONE = "none", "belum ada SPPD"
    ISSUED = "issued", "SPPD terbit, belum dikirim"
    AWAITED = "awaited", "menunggu naskah asli"
    RECEIVED = "received", "naskah tiba, belum diperiksa"
    REFUSED = "refused", "naskah ditolak, menunggu pengganti"
    ACCEPTED = "accepted", "naskah asli diterima"
    FILED = "filed", "naskah asli diarsipkan"


class Data(State):
    """Data: from the preparation to the customer's confirmation."""

    NONE = "none", "belum disiapkan"
    PREPARING = "preparing", "sedang disiapkan"
    PREPARED = "prepared", "menunggu pemeriksaan petugas kedua"
    CHECKED = "checked", "sudah diperiksa, siap dikirim"
    SENDING = "sending", "sedang dikirim lewat surel kantor"
    DELIVERED = "delivered", "sudah dikirim"
    CORRECTING = "correcting", "sedang diperbaiki"
    CONFIRMED = "confirmed", "diterima pengguna data"


TRACKS: dict[type[State], str] = {Stage: "stage", Money: "money", Original: "original", Data: "data"}
"""The column of `desk.cases` that holds each track; moved by `perform()` and by nothing else."""


class Fit(State):
    """The decision about one data line against the abstraksi."""

    UNDECIDED = "undecided", "belum diputuskan"
    FITS = "fits", "sesuai"
    DOES_NOT = "does_not", "tidak sesuai"
    ASK = "ask", "tanyakan"


class Channel(State):
    """Where the request came in and where the answers go (the standards of both offices)."""

    EMAIL = "email", "surel"
    LIVE_CHAT = "live_chat", "live chat"
    WHATSAPP = "whatsapp", "WhatsApp"
    FORUM = "forum", "Forum Silastik"
    DESK = "desk", "datang langsung atau telepon"


class MessageKind(State):
    """What a line of the conversation is."""

    INCOMING = "incoming", "dari pengguna data"
    OUTGOING = "outgoing", "kepada pengguna data"
    INTERNAL = "internal", "catatan intern (tidak pernah dikirim)"


class ResultsWord(State):
    """What became of the results that the customer owes to BPS under the SPPD."""

    REMINDED = "reminded", "diingatkan"
    RECEIVED = "received", "hasil diterima"
    WAIVED = "waived", "dibebaskan penyelia"


class Product(State):
    """What is prepared: each kind has a task list of its own (rule book: `preparation_tasks`)."""

    FULL = "full", "data mikro lengkap"
    VARIABLES = "variables", "peubah pilihan"
    MAP = "map", "peta digital"
    PUBLICATION = "publication", "publikasi"


class CustomerClass(State):
    """Who the customer is; decides who must sign the SPPD (rule book: `signatory`)."""

    CENTRAL_GOVERNMENT = "central_government", "instansi pemerintah pusat"
    OTHER_GOVERNMENT = "other_government", "instansi pemerintah lainnya"
    COMPANY = "company", "perusahaan swasta"
    UNIVERSITY = "university", "perguruan tinggi"
    PERSON = "person", "perorangan"


class Requirement(State):
    """The four requirements that both standards publish; an office may write a list of its own (`Need`)."""

    EMAIL = "email", "alamat surel yang masih aktif"
    IDENTITY = "identity", "kartu identitas yang masih berlaku"
    CHANNEL = "channel", "permintaan diajukan melalui kanal layanan kantor"
    TERMS = "terms", "menyetujui syarat pembelian (abstraksi, SPPD, format, biaya, dan media)"


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement of the office's list, by the code that is stored when it is met."""

    code: str
    label: str


STANDARD_NEEDS = tuple(Need(str(requirement.value), requirement.label) for requirement in Requirement)
"""What holds where the rule book has no list of the office's own."""


class Section(State):
    """The subject-matter sections of a BPS office that know whether data fit a purpose."""

    SOCIAL = "social", "Statistik Sosial"
    PRODUCTION = "production", "Statistik Produksi"
    DISTRIBUTION = "distribution", "Statistik Distribusi"
    ACCOUNTS = "accounts", "Neraca Wilayah dan Analisis Statistik"
    PROCESSING = "processing", "Pengolahan dan Diseminasi"


@dataclass(frozen=True, slots=True)
class Abstract:
    """The abstraksi in its four parts; an empty part is missing."""

    title: str = ""
    background: str = ""
    purpose: str = ""
    method: str = ""
    planned_output: str = ""

    def missing(self) -> tuple[str, ...]:
        """The names of the parts that the customer still has to give."""
        parts = {
            "judul": self.title,
            "latar belakang": self.background,
            "tujuan": self.purpose,
            "metode": self.method,
            "rancangan hasil": self.planned_output,
        }
        return tuple(name for name, text in parts.items() if not text.strip())


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One requested item: what, how much (bytes, tables, maps or pages, by its tariff row) and whether it fits."""

    id: UUID
    position: int
    title: str
    tariff: str
    quantity: int
    fit: Fit
    fit_reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """The invoice in force (the last one that is neither void nor replaced); amounts in whole rupiah."""

    id: UUID
    number: str
    total: int
    issued_on: date
    valid_until: date
    issued_by: str
    payment_code: str


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """The SPPD in force and where its copies are: one custody word per copy, in order of the copies."""

    id: UUID
    number: str
    year: int
    sequence: int
    issued_on: date
    copies: int
    copy_states: tuple[str, ...] = ()
    posted_on: date | None = None  # the last day on which the customer was noted to have posted a copy


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """Proof (a claim), payment (money) and receipt of the invoice in force; amounts in whole rupiah."""

    proof_amount: int | None = None
    proof_paid_on: date | None = None
    proof_by: str | None = None
    proof_reference: str = ""
    payment_id: UUID | None = None
    payment_amount: int | None = None
    payment_on: date | None = None
    confirmed_by: str | None = None
    receipt_id: UUID | None = None
    receipt_number: str | None = None
    receipt_scanned: bool = False
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class BillingFacts:
    """A SIMPONI billing code that was given out: 15 digits, whole rupiah, and the last day on which it can be paid."""

    id: UUID
    code: str
    amount: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class DataFacts:
    """Preparation and delivery: `version` counts the preparations, 1 for the first, 2 for the first correction.

    `correction_due` stays until the next correction; `failed` is why the last delivery did not arrive.
    """

    version: int = 0
    files: int = 0
    made_by: str | None = None
    checked_by: str | None = None
    deliveries: int = 0
    delivered_on: date | None = None
    correction_due: date | None = None
    failed: str = ""
    check_until: date | None = None  # the last day of the customer's check of the last delivery


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One task of the preparation, from the office's list for the product; `by` is empty until it was ticked."""

    product: Product
    code: str
    label: str
    by: str = ""
    on: date | None = None

    @property
    def key(self) -> str:
        """Names the task within the case."""
        return f"{self.product.value}.{self.code}"


@dataclass(frozen=True, slots=True)
class LateCorrectionFacts:
    """A correction of the last delivery asked for after the days to check; `allowed` is None before the decision."""

    id: UUID
    asked_on: date
    wrong: str
    origin: str
    receipt_number: str = ""
    line_id: UUID | None = None
    allowed: bool | None = None


@dataclass(frozen=True, slots=True)
class OverrideFacts:
    """The last request to open the delivery gate: why, by whom, and the supervisor's refusal; empty while it waits."""

    id: UUID
    reason: str
    asked_by: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class ResultsFacts:
    """The results owed to BPS: due on a day, and what became of it (`word` is None while nothing was said)."""

    due_on: date
    word: ResultsWord | None = None
    on: date | None = None

    @property
    def open(self) -> bool:
        """Whether the results are still owed."""
        return self.word in (None, ResultsWord.REMINDED)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the tracks stood after a deed of that day (of the office)."""

    on: date
    stage: Stage
    money: Money
    original: Original
    data: Data


@dataclass(frozen=True, slots=True)
class ServiceClock:
    """The service promise as it stands: the day it now ends, None while the clock stands still, and why."""

    on: date | None
    sentence: str


class About(State):
    """What the customer is reminded of."""

    PAYMENT = "payment", "bukti bayar"
    ORIGINAL = "original", "naskah asli"


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that went out, of a ladder that began on `since`."""

    about: About
    rung: int
    since: date
    on: date


@dataclass(frozen=True, slots=True)
class Ladder:
    """What is awaited from the customer since a day; `on` is the next reminder, None when the invoice ends before."""

    about: About
    since: date
    rung: int
    on: date | None
    sentence: str


@dataclass(frozen=True, slots=True)
class ReliefFacts:
    """The Rp0 application: asked for, and decided when `approved` is not None; `percent` of the tariff is waived."""

    id: UUID
    percent: int
    requested_by: str
    approved: bool | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a case now, and the end of it on the office's clock (a moment without zone)."""

    login: str
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SectionQuestion:
    """What a section was asked and has not answered yet; `line_title` is empty for the whole request."""

    id: UUID
    section: Section
    line_title: str
    question: str
    due_on: date
    asked_on: date
    asked_by: str


@dataclass(frozen=True, slots=True)
class MailTrouble:
    """The last mail of the case that was refused, came back, or of which nobody knows whether it arrived."""

    id: UUID
    kind: str  # refused, bounced or unsure
    reason: str
    to: str
    subject: str

    @property
    def sentence(self) -> str:
        """What is the matter, for a queue."""
        words = {
            "refused": "tidak terkirim",
            "bounced": "tidak sampai",
            "unsure": "perlu diperiksa, mungkin sudah sampai",
        }
        return f"Surel “{self.subject}” ke {self.to} {words[self.kind]}"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A frozen snapshot of one case: the only case object that a screen or a rule ever holds.

    `today` is the office's local day on which the snapshot was read; rules that depend on the day use it.
    """

    office_id: int
    office_code: str
    id: UUID
    number: str
    today: date
    stage: Stage
    money: Money
    original: Original
    data: Data
    customer_name: str
    institution: str
    customer_class: CustomerClass
    channel: Channel
    address: str
    email: str
    phone: str
    registered_at: datetime
    version: int
    customer_version: int = 1
    abstract: Abstract = Abstract()
    needs: tuple[Need, ...] = STANDARD_NEEDS  # the office's list of requirements
    requirements_met: frozenset[str] = frozenset()  # codes of `needs`
    lines: tuple[LineFacts, ...] = ()
    clear_on: date | None = None
    service_due: date | None = None
    service_due_why: str = ""
    moves: tuple[Moved, ...] = ()  # oldest first, from the story
    service: ServiceClock | None = None  # None before the request is clear
    invoice: InvoiceFacts | None = None
    agreement: AgreementFacts | None = None
    payment: MoneyFacts = MoneyFacts()
    billing: tuple[BillingFacts, ...] = ()  # the newest first; a code that was written down again stands once
    files: DataFacts = DataFacts()
    sample_allowed: bool = False  # the office lets a sample go out before payment (rule book)
    sample: str = ""  # the last sample that was made ready, in words
    tasks: tuple[TaskFacts, ...] = ()  # of the preparation that goes on, or of the last one
    relief: ReliefFacts | None = None
    late: LateCorrectionFacts | None = None
    results: ResultsFacts | None = None
    address_confirmed: str = ""
    override_by: str | None = None
    override_asked: OverrideFacts | None = None
    papers_ready: bool = False
    identified: bool = True  # the customer's identity number is known; it is printed on the SPPD
    signer: str = ""  # who signs the SPPD for this class of customer (rule book), once the request is clear
    office_signs: bool = True  # the office has named who signs its SPPD
    office_account: bool = True  # the office has named its receiving account
    office_countersigns: bool = False  # the office signs an accepted original before it is filed
    second_above: int | None = None  # money above this (rupiah) is confirmed by two persons
    rule_book: str = ""  # the version of the rule book these facts were read with
    calendar: str = ""  # and of the days off
    holder: Holder | None = None  # None also when a claim has run out
    mail_trouble: MailTrouble | None = None
    reminders: tuple[Reminded, ...] = ()  # oldest first
    ladders: tuple[Ladder, ...] = ()  # what is awaited from the customer now (rules/reminders.py)
    new_mail: bool = False  # the last thing that happened is a mail that joined the case by itself
    numbered: bool = False  # an invoice, SPPD or letter of this case has a number, perhaps a void one
    questions: tuple[SectionQuestion, ...] = ()  # to sections, not answered yet, the first due first
    returned_on: date | None = None  # sent back to the customer, nothing changed since
    consultation: str = ""  # where the consultation goes on: a link or the number of a thread
    warned: Warned | None = None  # how far the office has been warned; None where nobody asked: always

    def state_of(self, track: type[State]) -> State:
        """The state of one track."""
        state = getattr(self, TRACKS[track])
        assert isinstance(state, State)
        return state

    def unmet(self) -> tuple[str, ...]:
        """The requirements of the office's list that are not met yet, in words."""
        return tuple(need.label for need in self.needs if need.code not in self.requirements_met)

    def accepted_lines(self) -> tuple[LineFacts, ...]:
        """The lines that fit; invoice and SPPD are made from exactly these."""
        return tuple(line for line in self.lines if line.fit is Fit.FITS)

    def open_tasks(self) -> tuple[TaskFacts, ...]:
        """The tasks of the preparation that nobody has ticked yet."""
        return tuple(task for task in self.tasks if not task.by)

    def needs_second_person(self) -> bool:
        """Whether confirmed money still waits for the word of a second person."""
        amount, limit = self.payment.payment_amount, self.second_above
        return limit is not None and amount is not None and amount > limit and self.payment.approved_by is None

    def open(self) -> bool:
        """Whether somebody still has to do something about this case."""
        return self.stage in (Stage.NEW, Stage.CLEAR, Stage.ACTIVE)
