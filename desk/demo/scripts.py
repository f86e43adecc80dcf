"""The lives of the sample cases: what happens to each, on which day, by whom.

A script is a list of steps on a time line of days before today; `filling` plays the steps of all scripts in order of
time, so numbers and dates come out as they would in an office.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from desk.demo.letter import relief_letter
from desk.rules.case import STANDARD_NEEDS, Abstract, CaseFacts, Channel, CustomerClass, Fit
from desk.rules.custody import Custody
from desk.rules.inputs import (
    AddressConfirmation,
    CheckTick,
    CorrectionRequest,
    Countersignature,
    DataCheck,
    DataSent,
    Fault,
    FaultOrigin,
    FileCheck,
    FilingPlace,
    FitDecisions,
    FitInput,
    IncomingFile,
    IncomingMessage,
    LineInput,
    OriginalCheck,
    OriginalRefusal,
    PaymentInput,
    PreparedFileInput,
    PreparedFiles,
    ProofInput,
    PurposeClass,
    Reason,
    ReceivedInput,
    RecipientClass,
    Redirection,
    Registration,
    ReliefRequest,
    Remark,
    RequirementsCheck,
    ScanInput,
    SentBy,
    TaskTicks,
    Tick,
)
from desk.rules.originals import copies_at

Inputs = Callable[[CaseFacts], object]


@dataclass(frozen=True, slots=True)
class Team:
    """Who does what in one office of the training (logins)."""

    office_id: int
    officer: str
    second: str
    treasurer: str
    supervisor: str


TEAMS = {
    1600: Team(1600, "latihan_rina_umpama", "latihan_fajar_rekaan", "latihan_budi_contoh", "latihan_hendra_umpama"),
    1571: Team(
        1571, "latihan_doni_fiktif", "latihan_lina_misal_contoh", "latihan_yuni_rekaan", "latihan_lina_misal_contoh"
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One deed, so many days before today."""

    days_ago: int
    login: str
    action: str
    inputs: Inputs | None = None


@dataclass
class Script:
    """The life of one case: registered `begun` days ago, then one thing after another."""

    team: Team
    registration: Registration
    begun: int
    folder: Path
    steps: list[Step] = field(default_factory=list)
    day: int = 0

    def then(self, action: str, inputs: Inputs | None = None, *, after: int = 0, by: str = "") -> Script:
        """Adds a deed `after` days after the one before it."""
        self.day += after
        self.steps.append(Step(self.begun - self.day, by or self.team.officer, action, inputs))
        return self

    # stretches of a case that many scripts share

    def fits(self) -> Script:
        """All lines fit, requirements met."""
        self.then("decide_fit", _all_fit, after=1)
        return self.then(
            "check_requirements", lambda _: RequirementsCheck(met=frozenset(need.code for need in STANDARD_NEEDS))
        )

    def clear(self) -> Script:
        """Declared clear."""
        return self.fits().then("declare_clear")

    def offered(self) -> Script:
        """Invoice and SPPD issued and sent."""
        self.clear().then("issue_invoice", after=1)
        return self.then("papers").then("send_offer", lambda case: SentBy(note=f"ke {case.email or case.phone}"))

    def prepared(self, *, checked: bool = True) -> Script:
        """Data prepared, and checked by the second officer."""
        self.then("start_preparation", after=1)
        self.then("tick_tasks", _all_tasks).then("finish_preparation", self.files)
        return self.then("check_data", _counted, by=self.team.second) if checked else self

    def paid(self) -> Script:
        """Proof recorded, money confirmed, receipt issued and scanned."""
        self.then("record_proof", _proof, after=2)
        self.then("confirm_payment", _payment, by=self.team.treasurer)
        self.then("approve_payment", by=self.team.supervisor)
        self.then("issue_receipt", by=self.team.treasurer).then("papers", by=self.team.treasurer)
        return self.then("attach_receipt_scan", _receipt_scan, by=self.team.treasurer)

    def received(self) -> Script:
        """The paper original has arrived."""
        return self.then("receive_original", lambda case: ReceivedInput(received_on=case.today), after=2)

    def accepted(self) -> Script:
        """… and is accepted."""
        return self.received().then("accept_original", _good_original)

    def filed(self) -> Script:
        """… and stands in its binder."""
        place = f"SPPD {self.team.office_id}/2026-{1 + self.begun % 4}"
        self.accepted().then("countersign_original", lambda _: Countersignature(signer="Kepala kantor"))
        return self.then("file_original", lambda _: FilingPlace(binder=place))

    def addressed(self) -> Script:
        """The address for the data is confirmed."""
        return self.then("confirm_address", lambda case: AddressConfirmation(address=case.email or case.phone))

    def delivered(self) -> Script:
        """Everything is there and the data has gone out."""
        self.offered().prepared().paid().filed().addressed()
        return self.then("deliver", lambda _: DataSent(), after=1).then("papers")

    def closed(self) -> Script:
        """The customer is content, the case is closed."""
        self.delivered().then("record_acceptance", lambda _: Remark(note="Lewat balasan."), after=2)
        return self.then("close_case", lambda _: SentBy()).then("papers")

    def files(self, case: CaseFacts) -> PreparedFiles:
        """Invented files on the disk, one per line that fits."""
        files = []
        self.folder.mkdir(parents=True, exist_ok=True)
        for line in case.accepted_lines():
            name = f"{case.number}-{line.position}-v{case.files.deliveries + 1}.csv"
            content = f"kode;wilayah;nilai\n9901;{line.title};{line.position}\n".encode()
            path = self.folder / name
            path.write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            files.append(PreparedFileInput(name, str(path), len(content), digest, 1, 3, line.id))
        return PreparedFiles(files=tuple(files), note="Diekstrak dari basis data mikro.")


def _all_tasks(case: CaseFacts) -> TaskTicks:
    return TaskTicks(tasks=frozenset(task.key for task in case.open_tasks()))


def _counted(case: CaseFacts) -> DataCheck:
    files = tuple(FileCheck(at, 1, 3) for at in range(1, case.files.files + 1))
    return DataCheck(files=files, ticks=frozenset(CheckTick))


def _all_fit(case: CaseFacts) -> FitDecisions:
    sentence = case.abstract.purpose.split(".")[0]
    return FitDecisions(decisions=tuple(FitInput(line.id, Fit.FITS, f"“{sentence}.”") for line in case.lines))


def _none_fits(case: CaseFacts) -> FitDecisions:
    why = "Tujuan memerlukan tabel ringkas, bukan data mikro."
    return FitDecisions(decisions=tuple(FitInput(line.id, Fit.DOES_NOT, why) for line in case.lines))


def _one_is_asked(case: CaseFacts) -> FitDecisions:
    first, *rest = case.lines
    asked = FitInput(first.id, Fit.ASK, "Tanyakan variabel yang dipakai pada metode.")
    return FitDecisions(decisions=(asked, *(FitInput(line.id, Fit.FITS, "Sesuai tujuan.") for line in rest)))


def _proof(case: CaseFacts) -> ProofInput:
    assert case.invoice is not None
    picture = IncomingFile("bukti_transfer.png", "image/png", proof_picture())
    return ProofInput(
        amount=case.invoice.total, paid_on=case.today, payer=case.customer_name, bank="Bank Contoh", proof=picture
    )


def _payment(case: CaseFacts) -> PaymentInput:
    assert case.invoice is not None
    return PaymentInput(
        amount=case.invoice.total, received_on=case.today, reference=f"FT{case.today:%y%m%d}{case.number[-4:]}"
    )


def _receipt_scan(case: CaseFacts) -> ScanInput:
    return ScanInput(scan=IncomingFile(f"kuitansi {case.number}.png", "image/png", proof_picture()))


def _good_original(case: CaseFacts) -> OriginalCheck:
    copy = copies_at(case, Custody.RECEIVED)[0]
    return OriginalCheck(copy=copy, signed_on=case.today, stamp_value=10_000, ticks=frozenset(Tick))


def _short_stamp(case: CaseFacts) -> OriginalRefusal:
    copy = copies_at(case, Custody.RECEIVED)[0]
    return OriginalRefusal(
        copy=copy, faults=frozenset({Fault.SHORT_STAMP}), note="Tertempel materai Rp6.000 yang tidak berlaku lagi."
    )


def _wrong_data(case: CaseFacts) -> CorrectionRequest:
    return CorrectionRequest(
        wrong="Kolom wilayah dan nilai tertukar pada berkas pertama.",
        origin=FaultOrigin.PREPARATION,
        receipt_number=case.payment.receipt_number or "",
        line_id=case.lines[0].id,
    )


def _relief(percent: int) -> Inputs:
    def asked(case: CaseFacts) -> ReliefRequest:
        number = f"{case.number[-3:]}/UN99/PT/2026"
        letter = relief_letter(case.institution or case.customer_name, number)
        return ReliefRequest(
            recipient=RecipientClass.EDUCATION,
            purpose=PurposeClass.EDUCATION,
            letter_number=number,
            letter_date=case.today - timedelta(days=3),
            percent=percent,
            letter=IncomingFile("surat permohonan.pdf", "application/pdf", letter),
        )

    return asked


def proof_picture() -> bytes:
    """The invented picture that stands for a proof of payment or a scan."""
    from desk import resources

    return resources.resource("demo", "bukti_transfer.png").read_bytes()


Life = Callable[[Script], object]


def _redirects(text: str) -> Inputs:
    return lambda _case: Redirection(reason=text, link="https://konsultasi.example.org/utas/77")


def _says(text: str) -> Inputs:
    return lambda _case: Reason(reason=text)


LIVES: list[tuple[int, Life]] = [
    # (days since the request came in, what happened since)
    (0, lambda _: None),
    (0, lambda _: None),
    (1, lambda _: None),
    (1, lambda _: None),
    (2, lambda _: None),
    (3, lambda case: case.then("decide_fit", _one_is_asked, after=1)),
    (4, lambda case: case.then("decide_fit", _one_is_asked, after=1)),
    (2, lambda case: case.fits()),
    (3, lambda case: case.fits()),
    (5, lambda case: case.clear()),
    (4, lambda case: case.clear()),
    (3, lambda case: case.clear()),
    (3, lambda case: case.clear().then("issue_invoice", after=1).then("papers")),
    (2, lambda case: case.clear().then("issue_invoice", after=1).then("papers")),
    (5, lambda case: case.offered()),
    (6, lambda case: case.offered()),
    (9, lambda case: case.offered()),
    (12, lambda case: case.offered().then("start_preparation", after=1)),
    (10, lambda case: case.offered().then("start_preparation", after=1)),
    # what asks for nol rupiah stands where the customer is a university: no company may
    (6, lambda case: case.clear().then("request_relief", _relief(50), after=1)),
    (8, lambda case: case.fits().then("request_relief", _relief(100), after=1)),
    (11, lambda case: case.offered().prepared(checked=False)),
    (9, lambda case: case.offered().prepared(checked=False)),
    (8, lambda case: case.offered().prepared(checked=False)),
    (16, lambda case: case.offered().prepared()),
    (14, lambda case: case.offered().prepared()),
    (7, lambda case: case.offered().then("record_proof", _proof, after=2)),
    (8, lambda case: case.offered().then("record_proof", _proof, after=2)),
    (10, lambda case: case.offered().prepared().then("record_proof", _proof, after=2)),
    (9, lambda case: case.offered().then("record_proof", _proof, after=1)),
    (11, lambda case: case.offered().prepared().then("record_proof", _proof, after=2)),
    (
        13,
        lambda case: (
            case.offered()
            .prepared()
            .then("record_proof", _proof, after=2)
            .then("confirm_payment", _payment, by=case.team.treasurer)
            .then("approve_payment", by=case.team.supervisor)
        ),
    ),
    (
        9,
        lambda case: (
            case.offered()
            .then("record_proof", _proof, after=2)
            .then("confirm_payment", _payment, by=case.team.treasurer)
            .then("approve_payment", by=case.team.supervisor)
        ),
    ),
    (14, lambda case: case.offered().prepared().paid()),
    (13, lambda case: case.offered().prepared().paid()),
    (12, lambda case: case.offered().paid()),
    (10, lambda case: case.offered().received()),
    (9, lambda case: case.offered().prepared().received()),
    (13, lambda case: case.offered().paid().received()),
    (15, lambda case: case.offered().prepared().received().then("refuse_original", _short_stamp).then("papers")),
    (12, lambda case: case.offered().paid().received().then("refuse_original", _short_stamp).then("papers")),
    (14, lambda case: case.offered().prepared().accepted()),
    (11, lambda case: case.offered().accepted()),
    (16, lambda case: case.offered().prepared().paid().filed()),
    (15, lambda case: case.offered().prepared().paid().filed().addressed()),
    (17, lambda case: case.offered().prepared().paid().filed().addressed()),
    (18, lambda case: case.delivered()),
    (20, lambda case: case.delivered()),
    (19, lambda case: case.delivered()),
    (22, lambda case: case.delivered().then("open_correction", _wrong_data, after=3).then("papers")),
    (24, lambda case: case.delivered().then("open_correction", _wrong_data, after=5).then("papers")),
    (23, lambda case: case.delivered().then("record_acceptance", lambda _: Remark(), after=2)),
    (40, lambda case: case.closed()),
    (45, lambda case: case.closed()),
    (50, lambda case: case.closed()),
    (
        55,
        lambda case: (
            case.delivered()
            .then("open_correction", _wrong_data, after=2)
            .then("papers")
            .then("tick_tasks", _all_tasks, after=1)
            .then("finish_preparation", case.files)
            .then("check_data", _counted, by=case.team.second)
            .then("deliver", lambda _: DataSent(), after=1)
            .then("papers")
            .then("record_acceptance", lambda _: Remark(), after=2)
            .then("close_case", lambda _: SentBy())
            .then("papers")
        ),
    ),
    (
        6,
        lambda case: (
            case.then("decide_fit", _none_fits, after=1)
            .then("redirect_case", _redirects("Kebutuhan dapat dipenuhi tabel yang sudah terbit."), after=1)
            .then("papers")
        ),
    ),
    (
        30,
        lambda case: (
            case.then("decide_fit", _none_fits, after=1)
            .then("redirect_case", _redirects("Kebutuhan dapat dipenuhi publikasi yang sudah terbit."), after=1)
            .then("papers")
        ),
    ),
    (25, lambda case: case.fits().then("cancel_case", _says("Pengguna data menarik permintaannya."), after=2)),
    (38, lambda case: case.offered().then("cancel_case", _says("Pengguna data tidak jadi membeli."), after=6)),
    (40, lambda case: case.offered()),
    (41, lambda case: case.offered().then("expire_invoice", after=38)),
    (
        16,
        lambda case: (
            case.clear()
            .then("request_relief", _relief(100))
            .then(
                "approve_relief", _says("Tugas akhir mahasiswa, surat dekan lengkap."), after=1, by=case.team.supervisor
            )
            .then("issue_invoice", after=1)
            .then("papers")
            .then("send_offer", lambda _: SentBy())
            .prepared()
        ),
    ),
]
"""Sixty-three lives, from a request of today to a case closed after a correction."""


def scripts(customers: list[dict[str, str]], catalogue: list[LineInput], folder: Path) -> list[Script]:
    """A script per life, spread over both offices, with invented customers and real products."""
    made = []
    for index, (begun, life) in enumerate(LIVES):
        team = TEAMS[1571] if index % 3 == 2 else TEAMS[1600]
        customer = customers[index % len(customers)]
        script = Script(team, _registration(index, team, customer, catalogue), begun, folder)
        life(script)
        made.append(script)
    return made


_CHANNELS = {
    1600: (Channel.EMAIL, Channel.EMAIL, Channel.LIVE_CHAT),
    1571: (Channel.FORUM, Channel.WHATSAPP, Channel.EMAIL),
}
_STUDIES = (
    (
        "Pengeluaran rumah tangga dan gizi balita",
        "Menghitung pola pengeluaran pangan rumah tangga menurut kabupaten/kota.",
    ),
    ("Penyerapan tenaga kerja perempuan", "Menaksir peluang kerja perempuan di sektor jasa setelah 2023."),
    ("Akses layanan dasar desa", "Memetakan jarak desa ke sekolah dan puskesmas untuk penelitian skripsi."),
    ("Kemiskinan multidimensi", "Menyusun indeks kemiskinan multidimensi tingkat kecamatan."),
    ("Perencanaan jaringan distribusi", "Menentukan lokasi gudang menurut kepadatan permukiman."),
)


def _registration(index: int, team: Team, customer: dict[str, str], catalogue: list[LineInput]) -> Registration:
    title, purpose = _STUDIES[index % len(_STUDIES)]
    incomplete = index in (1, 3)
    lines = () if index == 4 else tuple(catalogue[(index * 7 + n) % len(catalogue)] for n in range(1 + index % 3))
    abstract = Abstract(
        title=title,
        background="Data agregat belum menjawab pertanyaan penelitian ini.",
        purpose=purpose,
        method="" if incomplete else "Regresi dengan pembobot survei.",
        planned_output="" if incomplete else "Laporan dan tabel ringkas tanpa data perorangan.",
    )
    channels = _CHANNELS[team.office_id]
    wanted = "; ".join(line.title for line in lines) or "data mikro untuk skripsi saya"
    message = IncomingMessage(
        sender=customer["name"],
        subject="Permintaan data mikro",
        text=f"Selamat pagi. Saya memerlukan {wanted}. Tujuan: {purpose}",
    )
    return Registration(
        channel=channels[index % len(channels)],
        name=customer["name"],
        customer_class=CustomerClass.of(customer["customer_class"]),
        institution=customer.get("institution", ""),
        position=customer.get("position", ""),
        email=customer.get("email", ""),
        phone=customer.get("phone", ""),
        address=customer.get("address", "") or "Jl. Khayal No. 9, Kota Contoh",
        id_number=customer.get("id_number", "") or "9901015203950001",
        npwp=customer.get("npwp", ""),
        abstract=abstract,
        lines=lines,
        messages=(message,),
    )


def on_day(today: date, days_ago: int) -> date:
    """The day of a step; a step on a weekend moves back to the Friday before it."""
    day = today - timedelta(days=days_ago)
    return day - timedelta(days=max(0, day.weekday() - 4))
