"""The published standard of BPS Kota Jambi (1571), step by step, over WhatsApp and Forum Silastik."""

from __future__ import annotations

from desk import resources
from desk.demo.office import PRINTER
from desk.rules.case import Fit
from desk.rules.papers import PaperKind
from desk.rules.people import Duty
from desk.tour.form_hand import FormHand
from desk.tour.pace import TourStopped
from desk.tour.seat import Seat
from desk.tour.stage import Stage, TourCase
from desk.tour.things import dataset, letter, proof_picture, signed_original

CHAT = "wa_android_2026-10.txt"


class KotaJambi:
    """Doni at the desk, Lina as second officer and supervisor, Yuni as treasurer."""

    LENT = (Duty.TREASURER,)
    """In November Doni stands in for the treasurer: still not for what he invoiced himself."""

    def __init__(self, office: Stage) -> None:
        self._office = office
        self._case: TourCase
        self._free: TourCase

    def request_comes_in_by_whatsapp(self) -> None:
        """Step 1: an exported conversation becomes a case; what it does not say is asked for and added."""
        doni = self._office.seat("doni_fiktif")
        doni.drop_mail(resources.resource("demo", CHAT)).shot("Percakapan WhatsApp diseret", 1)
        form = doni.take_as_new()
        if form.text_of("name") != "Rina Umpamasari":
            raise TourStopped("Nama pengirim tidak terisi dari percakapan.")
        form.write(phone="0812 0000 0177", email="rina.umpamasari@example.com")
        doni.shot("Pendaftaran dari WhatsApp", 1)
        self._case = doni.register(form, "sesuai, invoice kedaluwarsa dan diperpanjang")
        doni.tab("Percakapan").shot("Percakapan tersimpan", 1).tab("Ringkasan")

        def completed(form: FormHand) -> None:
            form.write(address="Jl. Khayal No. 77, Kota Contoh", id_number="9902016107980077")
            form.abstract(
                "Akses layanan dasar di Kota Jambi",
                background="Jarak ke layanan dasar belum dipetakan per kelurahan.",
                purpose="Memetakan jarak kelurahan ke sekolah dan puskesmas untuk skripsi.",
                method="Analisis spasial deskriptif.",
                planned_output="Peta dan tabel ringkas per kelurahan.",
            )
            form.line(1, "Potensi Desa 2024, Kota Jambi", "3.900.000")
            form.line(2, "Peta digital Kota Jambi per desa")

        doni.do("change_request", completed, shot="Permohonan dilengkapi", step=1)

    def invoice_goes_out(self) -> None:
        """Step 2: the list fits; invoice and SPPD go out over WhatsApp with the postal address of the office."""
        doni, case = self._office.seat("doni_fiktif"), self._case
        self._make_clear(doni, "puskesmas", shots=True)
        doni.do("issue_invoice", shot="Terbitkan invoice dan SPPD", step=2)
        doni.read_paper(PaperKind.INVOICE, title="Invoice Kota Jambi", step=2)
        doni.open(case).do("send_offer", self._has_postal_address, shot="Kirim lewat WhatsApp", step=2)

    def free_request_is_decided(self) -> None:
        """The other path of this standard, "tidak dipungut biaya": nol rupiah is a decision, not a price."""
        doni, lina = self._office.seat("doni_fiktif"), self._office.seat("lina_misal_contoh")
        form = doni.begin("register_case")
        form.choose("channel", "Forum Silastik").choose("customer_class", "Perguruan tinggi")
        form.write(
            name="Dr. Hotman Misal Fiktif",
            institution="Universitas Fiktif Batanghari",
            position="Ketua Lembaga Penelitian",
            email="hotman.fiktif@example.ac.id",
            address="Jl. Khayal No. 22, Kota Contoh",
            id_number="9902022308710022",
        )
        form.abstract(
            "Bahan ajar statistik wilayah",
            background="Mata kuliah statistik wilayah memerlukan peta contoh.",
            purpose="Menyusun bahan ajar pemetaan untuk mahasiswa.",
            method="Latihan pemetaan di kelas.",
            planned_output="Modul ajar tanpa data perorangan.",
        )
        form.line(1, "Peta digital Kota Jambi per desa")
        doni.shot("Permintaan lewat Forum Silastik", 1)
        self._free = case = doni.register(form, "nol rupiah")
        self._make_clear(doni, "bahan ajar")
        doni.do("request_relief", self._relief_asked, shot="Mohon nol rupiah dengan surat")
        doni.sees_refusal("issue_invoice", "tunggu putusan penyelia").shot("Menunggu putusan penyelia", 2)
        lina.go_to("supervisor.all").open(case).shot("Meja penyelia")
        lina.do("reject_relief", lambda form: form.write(reason="Nomor surat belum lengkap."), shot="Tolak nol rupiah")
        doni.open(case).do("request_relief", self._relief_asked)
        lina.open(case).do(
            "approve_relief",
            lambda form: form.write(reason="Surat dekan lengkap; untuk pendidikan, tidak komersial."),
            shot="Setujui nol rupiah",
        )
        doni.open(case).do("issue_invoice")
        doni.sees_tracks("nol rupiah disetujui", "SPPD terbit, belum dikirim", "")
        doni.read_paper(PaperKind.INVOICE, title="Invoice nol rupiah", step=2)
        doni.open(case).do("send_offer", shot="Kirim SPPD tanpa pembayaran", step=2)

    def free_data_goes_out(self) -> None:
        """Steps 3, 5, 7 and 8 without money: SPPD, check and delivery are the same."""
        doni, lina, case = self._office.seat("doni_fiktif"), self._office.seat("lina_misal_contoh"), self._free
        doni.open(case)
        self._prepare(doni, lina, case)
        self._take_original(doni, case, "11/10/2026", "2")
        doni.do("confirm_address", lambda form: form.write(address="Forum Silastik, utas 2026-0412"))
        doni.do(
            "deliver",
            lambda form: form.pack(self._office.folder / "paket"),
            shot="Kirim data lewat Forum Silastik",
            step=7,
        )
        doni.do("record_acceptance", lambda form: form.write(note="Lewat balasan forum."), step=8)
        doni.do("close_case", shot="Tutup permohonan nol rupiah")
        doni.read_paper(PaperKind.CLOSING, title="Pesan penutupan nol rupiah")

    def invoice_expires_and_is_renewed(self) -> None:
        """The invoice's month is over: it is ended and replaced at the tariff of today."""
        doni, case = self._office.seat("doni_fiktif"), self._case
        doni.open(case).sees_due("Lewat jatuh tempo").shot("Invoice lewat sebulan", 2)
        doni.do("expire_invoice")
        doni.sees_tracks("invoice kedaluwarsa", "", "").shot("Invoice kedaluwarsa", 2)
        doni.do("renew_invoice")
        doni.sees_tracks("menunggu pembayaran", "", "")
        doni.read_paper(PaperKind.INVOICE, title="Invoice pengganti", step=2)
        doni.open(case).do("record_proof", self._proof, shot="Bukti bayar", step=4)

    def money_is_confirmed(self) -> None:
        """Step 6: not by the one who invoiced; a proof without money is refused; then confirmed and receipted."""
        doni, yuni, case = self._office.seat("doni_fiktif"), self._office.seat("yuni_rekaan"), self._case
        doni.sees_refusal("confirm_payment", "anda yang menerbitkan invoice ini")
        doni.shot("Penerbit invoice bukan pemeriksa uangnya", 6)
        yuni.go_to("treasurer.confirm").open(case)
        why = "Uang belum terlihat di rekening penerimaan sampai pukul 10.00."
        yuni.do("reject_proof", lambda form: form.write(reason=why), shot="Tolak bukti bayar", step=6)
        doni.open(case).do("record_proof", self._proof)
        yuni.open(case)
        yuni.do("confirm_payment", lambda form: form.write(reference="FT2611100077"), shot="Pastikan uang", step=6)
        yuni.do("issue_receipt", shot="Terbitkan kuitansi", step=6)
        preview = yuni.read_paper(PaperKind.RECEIPT, title="Kuitansi Kota Jambi", step=6)
        sheet = yuni.print_paper(preview, PRINTER)
        yuni.open(case).do("attach_receipt_scan", lambda form: form.attach("scan", sheet))

    def data_goes_out(self) -> None:
        """Steps 3, 5 and 7: prepared, checked, original accepted, sent over WhatsApp."""
        doni, lina, case = self._office.seat("doni_fiktif"), self._office.seat("lina_misal_contoh"), self._case
        doni.open(case)
        self._prepare(doni, lina, case, shots=True)
        self._take_original(doni, case, "10/11/2026", "3", shots=True)
        doni.do("confirm_address", shot="Konfirmasi nomor WhatsApp", step=7)
        doni.do(
            "deliver",
            lambda form: form.pack(self._office.folder / "paket"),
            shot="Kirim kuitansi, data, dan peta",
            step=7,
        )
        doni.read_paper(PaperKind.DELIVERY_NOTE, title="Tanda terima Kota Jambi", step=7)

    def case_is_closed(self) -> None:
        """Step 8: the customer has checked; the closing message names this office's own complaint addresses."""
        doni, case = self._office.seat("doni_fiktif"), self._case
        doni.open(case)
        doni.do("record_acceptance", lambda form: form.write(note="Lewat WhatsApp."), shot="Berkas diperiksa", step=8)
        doni.do("close_case", shot="Tutup permohonan")
        doni.read_paper(PaperKind.CLOSING, title="Pesan penutupan Kota Jambi")
        doni.go_to("archive").open(case).sees_story("ditutup").shot("Riwayat", dark=True)

    def _make_clear(self, doni: Seat, words: str, *, shots: bool = False) -> None:
        """All lines fit, requirements met, clear."""

        def fits(form: FormHand) -> None:
            for line in doni.case.lines:
                form.decide(line.position, Fit.FITS, sentence_with=words)

        doni.do("decide_fit", fits, shot="Kesesuaian per baris" if shots else "", step=2)
        doni.do("check_requirements", lambda form: form.tick_all("met"))
        doni.do("declare_clear", shot="Nyatakan clear" if shots else "", step=2)

    def _prepare(self, doni: Seat, lina: Seat, case: TourCase, *, shots: bool = False) -> None:
        def files(form: FormHand) -> None:
            form.attach("files", dataset(self._office, case, f"data-{case.number}.csv"))

        doni.do("start_preparation")
        doni.do("tick_tasks", lambda form: form.tick_all("tasks"), shot="Tugas penyiapan" if shots else "", step=3)
        doni.do("finish_preparation", files, shot="Berkas data siap" if shots else "", step=3)
        lina.open(case).do("check_data", FormHand.counted)
        if shots:
            lina.shot("Data diperiksa petugas kedua", 3)
        doni.open(case)

    def _take_original(self, doni: Seat, case: TourCase, signed_on: str, sheet: str, *, shots: bool = False) -> None:
        def five_ticks(form: FormHand) -> None:
            form.write(signed_on=signed_on).attach("scan", signed_original(self._office, case)).tick_all("ticks")
            form.seen_beside()

        doni.do("receive_original", shot="Naskah asli tiba" if shots else "", step=5)
        doni.do("accept_original", five_ticks, shot="Lima hal pada naskah" if shots else "", step=5)
        doni.do("countersign_original")
        doni.do("file_original", lambda form: form.write(binder="SPPD 1571/2026", sheet=sheet))

    def _relief_asked(self, form: FormHand) -> None:
        form.digit(3).digit(2)  # an institution of education, for research without gain
        form.attach("letter", letter(self._office)).write(letter_number="022/UN99/PT/2026", letter_date="8/10/2026")
        form.go_on().percent("percent", 100)

    def _has_postal_address(self, form: FormHand) -> None:
        if "Paal Lima" not in form.text_of("text"):
            raise TourStopped("Teks siap pakai tidak memuat alamat pos BPS Kota Jambi.")

    def _proof(self, form: FormHand) -> None:
        form.write(bank="Bank Contoh").attach("proof", proof_picture(self._office)).seen_beside()
