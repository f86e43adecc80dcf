"""An office that answers at once, for tests of the screens alone; the stories use the real database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from PySide6.QtCore import QObject, QTimer

from desk.rules.case import (
    Abstract,
    AgreementFacts,
    CaseFacts,
    Channel,
    CustomerClass,
    Data,
    DataFacts,
    Fit,
    InvoiceFacts,
    LineFacts,
    MessageKind,
    Money,
    MoneyFacts,
    Original,
    Stage,
)
from desk.rules.deed import Done
from desk.rules.desks import Desk, Queue
from desk.rules.office_hours import Warned
from desk.rules.people import Actor, Duty
from desk.services.case_file import CaseView, CustomerEntry, DocumentEntry, MessageEntry, StoryEntry
from desk.services.queues import QueueCount, QueueRow
from desk.services.search import SearchHit
from desk.ui.background import StopSign
from desk.ui.entering import Link, Office
from desk.ui.workstation import Workstation

NAMESPACE = UUID("5a3c1c9e-7c0b-4f0e-9f43-0c6a1b5f0001")
NOW = datetime(2026, 11, 20, 3, 42, tzinfo=UTC)  # 10.42 WIB
TODAY = date(2026, 11, 20)
PALEMBANG = Office(1, "1600", "BPS Provinsi Sumatera Selatan", "WIB")
JAMBI = Office(2, "1571", "BPS Kota Jambi", "WIB")


@dataclass(frozen=True)
class Step:
    """An action as the screens see it."""

    id: str
    label: str
    shortcut: str = ""
    help: str = ""
    confirm: str = ""
    asks: type | None = None
    prints: tuple[Any, ...] = ()


def row(number: int, name: str, institution: str, why: str, days: int | None, **states: Any) -> QueueRow:
    """A row due in so many days."""
    return QueueRow(
        office_id=1,
        office_code="1600",
        id=uuid5(NAMESPACE, str(number)),
        number=f"PST-1600-2026-{number:06}",
        customer_name=name,
        institution=institution,
        channel=states.get("channel", Channel.EMAIL),
        stage=states.get("stage", Stage.ACTIVE),
        money=states.get("money", Money.NONE),
        original=states.get("original", Original.NONE),
        data=states.get("data", Data.NONE),
        due_on=None if days is None else TODAY + timedelta(days=days),
        why=why,
        changed_at=NOW,
        warned=Warned(TODAY, TODAY + timedelta(days=2)),
    )


ROWS = [
    row(119, "Hasan Fiktif", "Dinas Pertanian Kabupaten Rekaan", "Invoice kedaluwarsa, perpanjang atau batalkan", -3,
        money=Money.EXPIRED, original=Original.AWAITED, data=Data.CHECKED),
    row(123, "Siti Contoh", "Universitas Contoh", "Naskah asli tiba, periksa lima hal", 0,
        money=Money.PROOF, original=Original.RECEIVED, data=Data.CHECKED),
    row(124, "CV Contoh Data", "Perusahaan", "Naskah asli belum datang, 6 hari", 1, channel=Channel.WHATSAPP,
        money=Money.RECEIPTED, original=Original.REFUSED, data=Data.CHECKED),
    row(125, "Budi Rekaan", "Bappeda Kota Contoh", "Periksa kesesuaian 4 baris", 4, channel=Channel.FORUM,
        stage=Stage.NEW),
    row(126, "Ratna Fiktif", "Peneliti", "Data siap, perlu diperiksa petugas kedua", 5,
        money=Money.PROOF, original=Original.FILED, data=Data.PREPARED),
    row(127, "Yayasan Umpama", "LSM", "Invoice dan SPPD terbit, kirim kepada pengguna", 6,
        money=Money.INVOICED, original=Original.ISSUED, data=Data.PREPARING),
    row(128, "Dewi Khayal", "Mahasiswa", "Permintaan clear, buat invoice dan SPPD", 10, channel=Channel.WHATSAPP,
        stage=Stage.CLEAR),
    row(129, "PT Misal Jaya", "Perusahaan", "Siap dikirim", 12,
        money=Money.RECEIPTED, original=Original.ACCEPTED, data=Data.CHECKED),
    row(130, "Andi Rekaan", "Dinas Contoh", "Abstraksi belum lengkap: metode, rancangan hasil", None,
        channel=Channel.LIVE_CHAT, stage=Stage.NEW),
]  # fmt: skip

COUNTS = [
    QueueCount(Desk.OFFICER, Queue.NEW, 3, 3),
    QueueCount(Desk.OFFICER, Queue.REVIEW, 7, 7),
    QueueCount(Desk.OFFICER, Queue.OFFER, 2, 2),
    QueueCount(Desk.OFFICER, Queue.PREPARE, 4, 4),
    QueueCount(Desk.OFFICER, Queue.READY, 2, 2),
    QueueCount(Desk.OFFICER, Queue.WAITING, 9, 0),
    QueueCount(Desk.MAIL, Queue.ORIGINALS, 2, 2),
    QueueCount(Desk.TREASURER, Queue.CONFIRM, 5, 5),
    QueueCount(Desk.SUPERVISOR, Queue.APPROVAL, 1, 1),
]

STEPS: list[tuple[Step, str | None]] = [
    (Step("accept_original", "Terima naskah asli", "Ctrl+T", "Memeriksa lima hal pada naskah."), None),
    (Step("add_message", "Tulis pesan atau catatan", "Ctrl+M", "Menambah percakapan."), None),
    (Step("refuse_original", "Tolak naskah asli", "", "Menulis surat penolakan."), None),
    (Step("confirm_address", "Konfirmasi alamat tujuan", "Ctrl+D", ""), None),
    (Step("hand_over", "Serahkan kepada rekan", "", ""), None),
    (Step("cancel_case", "Batalkan permohonan", "", "", "Permohonan yang dibatalkan tidak dapat dibuka lagi."), None),
    (Step("deliver", "Kirim data", "Ctrl+Return"), "Kuitansi belum terbit. Minta bendahara menerbitkannya dahulu."),
    (Step("issue_invoice", "Terbitkan invoice dan SPPD"), "Invoice sudah terbit."),
]


def case_view(of: QueueRow) -> CaseView:
    """The opened case of a row."""
    facts = CaseFacts(
        office_id=of.office_id,
        office_code=of.office_code,
        id=of.id,
        number=of.number,
        today=TODAY,
        stage=of.stage,
        money=of.money,
        original=of.original,
        data=of.data,
        customer_name=of.customer_name,
        institution=of.institution,
        customer_class=CustomerClass.UNIVERSITY,
        channel=of.channel,
        address="Jalan Contoh 12, Palembang 30129",
        email="siti@contoh.ac.id",
        phone="+6281200000012",
        registered_at=NOW - timedelta(days=12),
        version=3,
        abstract=Abstract(
            title="Ketahanan pangan rumah tangga pesisir",
            background="Produksi perikanan pesisir turun sejak 2022 dan memengaruhi pola konsumsi rumah tangga.",
            purpose="Disertasi tentang hubungan pendapatan nelayan dan konsumsi pangan.",
            method="Regresi panel pada data Susenas 2021–2025.",
        ),
        lines=(
            LineFacts(uuid5(NAMESPACE, "l1"), 1, "Susenas Maret 2025, KOR rumah tangga", "microdata", 84_000_000,
                      Fit.FITS, "Konsumsi pangan rumah tangga", "Sumatera Selatan, semua variabel"),
            LineFacts(uuid5(NAMESPACE, "l2"), 2, "Peta Kabupaten Banyuasin, desa", "map_kabkota_desa", 1, Fit.FITS),
            LineFacts(uuid5(NAMESPACE, "l3"), 3, "Sakernas Agustus 2025", "microdata", 22_400_000, Fit.ASK,
                      "Apakah tenaga kerja termasuk tujuan?"),
        ),
        clear_on=date(2026, 11, 6),
        service_due=of.due_on,
        service_due_why="10 hari kerja sejak permintaan clear 6 Nov 2026.",
        invoice=InvoiceFacts(uuid5(NAMESPACE, "i"), "1600/INV/2026/0123", 1_815_000, date(2026, 11, 9),
                             date(2026, 12, 9), "budi", "PST0123"),
        agreement=AgreementFacts(uuid5(NAMESPACE, "a"), "1600/SPPD/2026/0123", 2026, 123, date(2026, 11, 9), 1,
                                 ("received",)),
        payment=MoneyFacts(proof_amount=1_815_000, proof_paid_on=date(2026, 11, 18), proof_by="rina"),
        files=DataFacts(version=1, files=3, made_by="Rina Contoh", checked_by="Budi Contoh"),
    )  # fmt: skip
    return CaseView(
        facts=facts,
        customer=CustomerEntry(
            of.customer_name, CustomerClass.UNIVERSITY, of.institution, "Peneliti", "siti@contoh.ac.id",
            "+6281200000012", "Jalan Contoh 12, Palembang 30129", "1671••••••••0001", "",
        ),
        story=(
            StoryEntry(NOW - timedelta(days=11), "Rina Contoh", "Kesesuaian: 3 baris sesuai.", ""),
            StoryEntry(NOW - timedelta(days=11, hours=-1), "Rina Contoh", "Invoice 1600/INV/2026/0123 dan SPPD terbit.",
                       ""),
            StoryEntry(NOW - timedelta(days=2), "Rina Contoh", "Bukti bayar Rp1.815.000 dicatat.", ""),
            StoryEntry(NOW, "Budi Contoh", "Naskah SPPD rangkap 1 diterima di meja surat.", "Diantar sendiri."),
        ),
        messages=(
            MessageEntry(uuid5(NAMESPACE, "m1"), NOW - timedelta(days=12), MessageKind.INCOMING, "Siti Contoh",
                         of.channel, "Permintaan data Susenas", "Selamat pagi,\nsaya memerlukan data Susenas 2025 "
                         "untuk disertasi <b>saya</b>. Abstraksi terlampir.\n\nTerima kasih."),
            MessageEntry(uuid5(NAMESPACE, "m2"), NOW - timedelta(days=11), MessageKind.OUTGOING, "Rina Contoh",
                         of.channel, "", "Permintaan Ibu kami terima. Invoice dan SPPD terlampir."),
            MessageEntry(uuid5(NAMESPACE, "m3"), NOW - timedelta(days=1), MessageKind.INTERNAL, "Budi Contoh",
                         Channel.DESK, "", "Pembimbing menelepon, naskah dikirim lewat pos hari ini."),
        ),
        documents=(
            DocumentEntry(uuid5(NAMESPACE, "d1"), "incoming", "Abstraksi", "abstraksi.pdf", "application/pdf", 184_221,
                          NOW - timedelta(days=12), None, "", None),
            DocumentEntry(uuid5(NAMESPACE, "d2"), "paper", "Invoice", "invoice.pdf", "application/pdf", 92_000,
                          NOW - timedelta(days=11), None, "1600/INV/2026/0123", None),
            DocumentEntry(uuid5(NAMESPACE, "d3"), "proof", "Bukti bayar", "IMG-20261118-WA0003.jpg", "image/jpeg",
                          2_410_000,
                          NOW - timedelta(days=2), None, "", None),
        ),
    )  # fmt: skip


def officer(*offices: Office) -> Actor:
    """Rina, who works at the desk."""
    return Actor("rina", "Rina Contoh, S.ST.", "199001012012122001", {o.id: frozenset({Duty.OFFICER}) for o in offices})


def silent_link() -> Link:
    """A server that says nothing."""

    def reading() -> AbstractContextManager[Any]:
        return nullcontext()

    def listen(stop: StopSign, *_told: Callable[..., object]) -> None:
        stop.wait()

    def deed(_work: Any, _key: UUID, _stop: StopSign) -> Any:
        raise AssertionError("a fake office does no deeds")

    def papers(_shop: Any, _office_id: int, _case_id: UUID) -> list[UUID]:
        raise AssertionError("a fake office makes no papers")

    return Link(reading, reading, deed, listen, papers)


@dataclass
class Shelf:
    """What the fake office holds; tests change it and say that something changed."""

    rows: list[QueueRow] = field(default_factory=lambda: list(ROWS))
    counts: list[QueueCount] = field(default_factory=lambda: list(COUNTS))
    steps: list[tuple[Step, str | None]] = field(default_factory=lambda: list(STEPS))
    hits: list[SearchHit] = field(default_factory=list)
    deeds: list[tuple[str, UUID | None, object | None]] = field(default_factory=list)

    def change(self, at: int, **values: Any) -> None:
        """Change one row as a colleague would."""
        self.rows[at] = replace(self.rows[at], **values)


class FakeWorkstation(Workstation):
    """Answers from the shelf in the next turn of the event loop."""

    def __init__(self, actor: Actor | None = None, *offices: Office, training: bool = False) -> None:
        offices = offices or (PALEMBANG,)
        super().__init__(silent_link(), actor or officer(*offices), offices, now=lambda: NOW, training=training)
        self.shelf = Shelf()

    def _answer(self, owner: QObject, done: Callable[[Any], object], result: Any) -> None:
        QTimer.singleShot(0, owner, lambda: done(result))

    def read(self, *_: Any) -> None:
        """Pages with questions of their own are tested on the real database; here they stay as they open."""

    def rows(self, owner: QObject, _desk: Desk, _queue: Queue | None, done: Callable[[Any], object], *_: Any) -> None:
        self._answer(owner, done, list(self.shelf.rows))

    def counts(self, owner: QObject, done: Callable[[Any], object], *_: Any) -> None:
        self._answer(owner, done, list(self.shelf.counts))

    def archive(self, owner: QObject, last: QueueRow | None, done: Callable[[Any], object], *_: Any) -> None:
        self._answer(owner, done, [] if last else list(self.shelf.rows))

    def case(self, owner: QObject, _office_id: int, case_id: UUID, done: Callable[[Any], object], *_: Any) -> None:
        self._answer(owner, done, case_view(next(each for each in self.shelf.rows if each.id == case_id)))

    def hits(self, owner: QObject, _text: str, done: Callable[[Any], object], *_: Any) -> None:
        self._answer(owner, done, list(self.shelf.hits))

    def next_steps(self, _case: CaseFacts) -> Any:
        return list(self.shelf.steps)

    def new_case_action(self) -> Any:
        return Step("register_case", "Daftarkan permohonan", "Ctrl+N", "Mencatat permohonan baru.", asks=object)

    def perform(
        self, owner: QObject, action: Any, case: CaseFacts | None, inputs: object | None, done: Callable[[Any], object],
        *_: Any, **__: Any,
    ) -> None:  # fmt: skip
        self.shelf.deeds.append((action.id, case.id if case else None, inputs))
        case_id = case.id if case else ROWS[0].id
        answer = Done(1, case_id, uuid5(NAMESPACE, "key"), f"{action.label}: selesai.")
        self._answer(owner, done, answer)
        QTimer.singleShot(0, self, self.live.read_again)


class ReadingWorkstation(FakeWorkstation):
    """Its questions run on the database lane; the tests put what they would read in their place."""

    def read(self, *asked: Any) -> None:
        Workstation.read(self, *asked)
