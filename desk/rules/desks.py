"""Which desks a case waits on, in which queue, and the sentence that says why.

Derived from the facts of the case in one function; `perform()` stores the answer so that queues can be read by
index, and `desk doctor` compares the stored copy with this function. Nobody else decides where a case is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desk.rules.acceptance import silent_since
from desk.rules.case import CaseFacts, Data, Fit, Money, Original, Stage, State
from desk.rules.custody import Custody
from desk.rules.dates import short_text
from desk.rules.delivery import missing_for_delivery, override_waits
from desk.rules.originals import copies_at
from desk.rules.reminders import due_now, next_reminder, reminder_why


class Desk(State):
    """The four desks of `screens.md`."""

    OFFICER = "officer", "Petugas"
    MAIL = "mail", "Meja surat"
    TREASURER = "treasurer", "Bendahara"
    SUPERVISOR = "supervisor", "Penyelia"


class Queue(State):
    """The queues; each belongs to one desk."""

    NEW = "new", "Baru"
    REVIEW = "review", "Diperiksa"
    OFFER = "offer", "Dibuatkan invoice"
    PREPARE = "prepare", "Disiapkan"
    CHECK = "check", "Periksa data"
    READY = "ready", "Siap dikirim"
    CORRECTION = "correction", "Perbaikan"
    MESSAGES = "messages", "Pesan"
    WAITING = "waiting", "Menunggu"
    ORIGINALS = "originals", "Naskah asli"
    CONFIRM = "confirm", "Periksa pembayaran"
    RECEIPT = "receipt", "Terbitkan kuitansi"
    APPROVAL = "approval", "Perlu persetujuan"


DESK_OF: dict[Queue, Desk] = {
    Queue.NEW: Desk.OFFICER,
    Queue.REVIEW: Desk.OFFICER,
    Queue.OFFER: Desk.OFFICER,
    Queue.PREPARE: Desk.OFFICER,
    Queue.CHECK: Desk.OFFICER,
    Queue.READY: Desk.OFFICER,
    Queue.CORRECTION: Desk.OFFICER,
    Queue.MESSAGES: Desk.OFFICER,
    Queue.WAITING: Desk.OFFICER,
    Queue.ORIGINALS: Desk.MAIL,
    Queue.CONFIRM: Desk.TREASURER,
    Queue.RECEIPT: Desk.TREASURER,
    Queue.APPROVAL: Desk.SUPERVISOR,
}


class DueOf(State):
    """Which of the clocks of a case ends on its due day."""

    SERVICE = "service", "janji layanan"
    CORRECTION = "correction", "perbaikan"
    INVOICE = "invoice", "invoice berakhir"


@dataclass(frozen=True, slots=True)
class Place:
    """One desk's view of a case: its queue and why it is there."""

    queue: Queue
    why: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Everything queues need: a place per desk, the next due day, and when a waiting case comes back.

    From `remind_on` on the officer also has a reminder to send, for the reason in `remind_why`.
    """

    places: dict[Desk, Place]
    due_on: date | None
    wake_on: date | None
    due_of: DueOf | None = None
    remind_on: date | None = None
    remind_why: str = ""


def whereabouts(case: CaseFacts) -> Whereabouts:
    """Where the case waits now; an open case is always on the officer's desk, at least under `Menunggu`."""
    if not case.open():
        return Whereabouts(_after_its_end(case), None, None)
    places = {Desk.OFFICER: _officer(case)}
    if case.money is Money.PROOF:
        places[Desk.TREASURER] = Place(Queue.CONFIRM, "Bukti bayar diterima, periksa rekening penerimaan")
    elif case.money is Money.CONFIRMED:
        second = case.needs_second_person()
        why = "Uang diterima, perlu persetujuan orang kedua" if second else "Uang diterima, terbitkan kuitansi"
        places[Desk.TREASURER] = Place(Queue.RECEIPT, why)
        if second:
            places[Desk.SUPERVISOR] = Place(Queue.APPROVAL, "Pembayaran besar, perlu persetujuan orang kedua")
    if case.original is Original.RECEIVED:
        places[Desk.MAIL] = Place(Queue.ORIGINALS, "Naskah asli tiba, periksa lima hal")
    elif case.original is Original.ACCEPTED:
        places[Desk.MAIL] = Place(Queue.ORIGINALS, _after_check(case))
    if case.relief and case.relief.approved is None:
        places[Desk.SUPERVISOR] = Place(Queue.APPROVAL, f"Permohonan nol rupiah {case.relief.percent}%, perlu putusan")
    if override_waits(case):
        missing = ", ".join(missing_for_delivery(case))
        places[Desk.SUPERVISOR] = Place(Queue.APPROVAL, f"Dimohon mengirim data sebelum ada {missing}, perlu putusan")
    if _late_waits(case):
        places[Desk.SUPERVISOR] = _LATE
    due_on, due_of = _due(case)
    return Whereabouts(places, due_on, _wake_on(case), due_of, next_reminder(case), reminder_why(case))


_LATE = Place(Queue.APPROVAL, "Perbaikan diminta setelah masa pemeriksaan, perlu putusan")
_LATE_ALLOWED = Place(Queue.CORRECTION, "Perbaikan terlambat diizinkan penyelia, mulai perbaikan")


def _late_waits(case: CaseFacts) -> bool:
    return case.late is not None and case.late.allowed is None


def _after_its_end(case: CaseFacts) -> dict[Desk, Place]:
    """An ended case is on a desk while a mail of it did not arrive, or while a late correction of it waits."""
    places = {}
    if case.stage is Stage.CLOSED and _late_waits(case):
        places[Desk.SUPERVISOR] = _LATE
    if case.stage is Stage.CLOSED and case.late is not None and case.late.allowed:
        places[Desk.OFFICER] = _LATE_ALLOWED
    if case.mail_trouble is not None:
        places[Desk.OFFICER] = Place(Queue.MESSAGES, case.mail_trouble.sentence)
    return places


def recommended(case: CaseFacts) -> tuple[str, ...]:
    """The ids of the actions that take the case further from where it waits, the most pressing first.

    A screen puts the first of them that this person may do on top; the others keep the order of the action table.
    """
    places = whereabouts(case).places
    order = (Desk.TREASURER, Desk.SUPERVISOR, Desk.OFFICER, Desk.MAIL)
    if case.original in (Original.RECEIVED, Original.ACCEPTED) and _queue(places, Desk.OFFICER) is Queue.WAITING:
        order = (Desk.TREASURER, Desk.SUPERVISOR, Desk.MAIL, Desk.OFFICER)
    return tuple(step for desk in order if desk in places for step in _further(case, places[desk].queue))


def _further(case: CaseFacts, queue: Queue) -> tuple[str, ...]:
    if queue is Queue.REVIEW:
        steps = [] if all(line.fit not in (Fit.UNDECIDED, Fit.ASK) for line in case.lines) else ["decide_fit"]
        if not case.accepted_lines() and not steps:
            return ("redirect_case",)
        if case.unmet():
            steps.append("check_requirements")
        return (*steps, "declare_clear")
    if queue is Queue.WAITING:
        if case.stage is Stage.NEW:
            return ("note_section_answer",) if case.questions else ("change_request",)
        remind = ("remind_customer",) if due_now(case) else ()
        scan = ("attach_receipt_scan",) if case.money is Money.RECEIPTED and not case.payment.receipt_scanned else ()
        address = ("confirm_address",) if case.data is Data.CHECKED and not case.address_confirmed else ()
        silent = ("close_case",) if silent_since(case) is not None else ()
        return (*remind, *scan, *address, *silent, "record_acceptance", "record_proof", "receive_original")
    return _FURTHER[queue]


_FURTHER: dict[Queue, tuple[str, ...]] = {
    Queue.NEW: ("change_request",),
    Queue.OFFER: ("send_offer", "renew_invoice", "issue_invoice"),
    Queue.PREPARE: ("start_preparation", "tick_tasks", "finish_preparation"),
    Queue.CHECK: ("check_data",),
    Queue.READY: ("deliver", "close_case"),
    Queue.CORRECTION: ("tick_tasks", "finish_preparation", "open_correction"),
    Queue.MESSAGES: ("settle_mail", "read_messages"),
    Queue.ORIGINALS: ("accept_original", "countersign_original", "file_original"),
    Queue.CONFIRM: ("confirm_payment", "confirm_state_payment"),
    Queue.RECEIPT: ("issue_receipt", "approve_payment"),
    Queue.APPROVAL: ("approve_relief", "approve_payment", "allow_late_correction", "override_gate"),
}


def _after_check(case: CaseFacts) -> str:
    if case.office_countersigns and copies_at(case, Custody.ACCEPTED):
        return "Naskah asli diterima, mintakan tanda tangan pejabat"
    return "Naskah asli diterima, simpan ke map"


def _queue(places: dict[Desk, Place], desk: Desk) -> Queue | None:
    place = places.get(desk)
    return place.queue if place else None


def _officer(case: CaseFacts) -> Place:
    """The officer's place: the most pressing thing that only an officer can do, else what is waited for."""
    if case.mail_trouble is not None:
        return Place(Queue.MESSAGES, case.mail_trouble.sentence)
    place = _work(case)
    if case.late is not None and case.late.allowed and case.data in (Data.DELIVERED, Data.CONFIRMED):
        place = _LATE_ALLOWED
    if case.new_mail and place.queue is Queue.WAITING:
        return Place(Queue.MESSAGES, "Surel baru dari pengguna data, baca dan tindak lanjuti")
    return place


def _work(case: CaseFacts) -> Place:
    """The officer's place by what has to be done on the case itself."""
    if case.stage is Stage.NEW:
        return _intake(case)
    if case.stage is Stage.CLEAR:
        if case.relief and case.relief.approved is None:
            return Place(Queue.WAITING, "Menunggu putusan penyelia tentang nol rupiah")
        return Place(Queue.OFFER, "Permintaan clear, buat invoice dan SPPD")
    if case.money is Money.EXPIRED:
        return Place(Queue.OFFER, "Invoice kedaluwarsa, perpanjang atau batalkan")
    if case.original is Original.ISSUED:
        return Place(Queue.OFFER, "Invoice dan SPPD terbit, kirim kepada pengguna")
    if case.data is Data.CORRECTING:
        return Place(Queue.CORRECTION, "Perbaikan diminta, siapkan berkas pengganti")
    if case.data is Data.NONE:
        return Place(Queue.PREPARE, f"Siapkan {len(case.accepted_lines())} baris data")
    if case.data is Data.PREPARING:
        return Place(Queue.PREPARE, "Data sedang disiapkan")
    if case.data is Data.PREPARED:
        return Place(Queue.CHECK, "Data siap, perlu diperiksa petugas kedua")
    if case.data is Data.CHECKED:
        return _at_the_gate(case)
    if case.data is Data.SENDING:
        return Place(Queue.WAITING, "Menunggu server surel menerima paket data")
    if case.data is Data.DELIVERED:
        return Place(Queue.WAITING, _checked_by_customer(case))
    return Place(Queue.READY, "Diterima pengguna data, tutup permohonan")


def _at_the_gate(case: CaseFacts) -> Place:
    """Checked data: ready to leave, or what they wait for."""
    missing = () if case.override_by else missing_for_delivery(case)
    if case.files.failed and not missing:
        return Place(Queue.READY, f"Kiriman tidak sampai, kirim lagi: {case.files.failed}")
    if not missing:
        return Place(Queue.READY, "Siap dikirim")
    return Place(Queue.WAITING, "Menunggu " + ", ".join(missing) + _about_override(case))


def _about_override(case: CaseFacts) -> str:
    """What the supervisor was asked about sending earlier, and said."""
    if override_waits(case):
        return "; izin pengiriman menunggu putusan penyelia"
    return "; izin pengiriman ditolak penyelia" if case.override_asked is not None else ""


def _checked_by_customer(case: CaseFacts) -> str:
    until = case.files.check_until
    return "Menunggu pemeriksaan oleh pengguna data" + (f" sampai {short_text(until)}" if until else "")


def _intake(case: CaseFacts) -> Place:
    missing = case.abstract.missing()
    if case.returned_on:
        return Place(Queue.WAITING, f"Dikembalikan {short_text(case.returned_on)}, menunggu jawaban pengguna data")
    if not case.lines:
        return Place(Queue.NEW, "Baru: daftar data belum ada")
    if missing:
        return Place(Queue.NEW, "Abstraksi belum lengkap: " + ", ".join(missing))
    undecided = sum(1 for line in case.lines if line.fit is Fit.UNDECIDED)
    if undecided:
        return Place(Queue.REVIEW, f"Periksa kesesuaian {undecided} baris")
    if case.questions:
        first = case.questions[0]
        more = f" dan {len(case.questions) - 1} lainnya" if len(case.questions) > 1 else ""
        why = f"Menunggu jawaban {first.section.label}{more} paling lambat {short_text(first.due_on)}"
        return Place(Queue.WAITING, why)
    if any(line.fit is Fit.ASK for line in case.lines):
        return Place(Queue.REVIEW, "Ada baris yang masih ditanyakan")
    if not case.accepted_lines():
        return Place(Queue.REVIEW, "Tidak ada baris yang sesuai, alihkan ke konsultasi")
    return Place(Queue.REVIEW, "Sesuai, periksa persyaratan dan nyatakan clear")


def _due(case: CaseFacts) -> tuple[date | None, DueOf | None]:
    """The day that counts now, and whose it is."""
    if case.data is Data.CORRECTING or (case.files.correction_due and case.data in (Data.PREPARED, Data.CHECKED)):
        return case.files.correction_due, DueOf.CORRECTION
    if case.data in (Data.DELIVERED, Data.CONFIRMED):
        return None, None
    if case.service is None or case.service.on is not None:
        on = case.service.on if case.service else case.service_due
        return on, DueOf.SERVICE if on else None
    if case.invoice and case.money is Money.INVOICED:
        return case.invoice.valid_until, DueOf.INVOICE
    return None, None


def _wake_on(case: CaseFacts) -> date | None:
    """The day on which time alone changes what is needed: the invoice's last day has passed unpaid, a section was to
    answer, or silence became acceptance."""
    if case.stage is Stage.NEW and case.questions:
        return date.fromordinal(case.questions[0].due_on.toordinal() + 1)
    if case.money is Money.INVOICED and case.invoice:
        return date.fromordinal(case.invoice.valid_until.toordinal() + 1)
    settled = case.money in (Money.RECEIPTED, Money.FREE) and case.original is Original.FILED
    if case.data is Data.DELIVERED and settled and case.files.check_until is not None:
        return date.fromordinal(case.files.check_until.toordinal() + 1)
    return None
