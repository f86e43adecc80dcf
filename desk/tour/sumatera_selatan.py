"""The published standard of BPS Provinsi Sumatera Selatan (1600), step by step, over e-mail."""

from __future__ import annotations

from functools import partial
from typing import cast

from desk import resources
from desk.demo.office import PRINTER
from desk.rules.case import Fit
from desk.rules.inputs import Fault
from desk.rules.papers import PaperKind
from desk.tour.form_hand import FormHand
from desk.tour.pace import TourStopped
from desk.tour.stage import Stage, TourCase
from desk.tour.things import dataset, proof_picture, signed_original
from desk.ui.desk_list import OVERSIGHT
from desk.ui.oversight_page import LATE, LOAD, PICTURES, REPORT, OversightPage

MAIL = "01_permintaan_baru.eml"
_TITLE = "Pola konsumsi rumah tangga di Sumatera Selatan"
_ABSTRACT = {  # as it stands in the letter that came with the mail
    "background": "Penelitian contoh ini memakai data mikro untuk menghitung pola konsumsi rumah tangga.",
    "purpose": "Mengukur elastisitas pengeluaran makanan.",
    "method": "Regresi dengan penimbang survei.",
    "planned_output": "Tabel agregat per provinsi, tanpa data perorangan.",
}


class SumateraSelatan:
    """Rina and Fajar at the desk, Budi as treasurer; the customer writes by e-mail, another one by live chat."""

    def __init__(self, office: Stage) -> None:
        self._office = office
        self.case: TourCase
        self._receipt = ""

    def requests_come_in(self) -> None:
        """Step 1: a mail with identity card, abstraksi and letter becomes a case."""
        rina = self._office.seat("rina_umpama")
        rina.shot("Meja petugas di pagi hari")
        rina.drop_mail(resources.resource("demo", MAIL)).shot("Surel diseret ke jendela", 1)
        form = rina.take_as_new()
        if form.text_of("name") != "Sari Contohwati" or form.text_of("email") != "sari.contohwati@example.com":
            raise TourStopped("Nama dan surel pengirim tidak terisi dari surel.")
        form.write(
            institution="Universitas Contoh Musi",
            position="Mahasiswa S2",
            address="Jl. Khayal No. 1, Kota Contoh 99999",
            id_number="9901015203950001",
        )
        form.abstract(_TITLE, **_ABSTRACT)
        form.line(1, "2025 Maret (KOR), Provinsi Sumatera", "84 MB", "Semua variabel")
        form.line(2, "Peta digital Kota Palembang per desa")
        rina.shot("Pendaftaran terisi dari surel", 1)
        self.case = rina.register(form, "sesuai, naskah ditolak sekali, data diperbaiki")
        rina.shot("Permohonan tercatat", 1)
        card = rina.read_file("KTP.jpg", title="Kartu identitas dilindungi", step=1)
        rina.show_card(card, "Mencocokkan nama pengguna data")
        rina.shot("Kartu identitas dengan alasan", 1)

    def invoice_goes_out(self) -> None:
        """Step 2, first branch: the list fits; invoice and SPPD are made from the same lines and sent together."""
        rina, case = self._office.seat("rina_umpama"), self.case
        rina.open(case).sees_refusal("declare_clear", "persyaratan belum terpenuhi")
        rina.shot("Belum clear: alasannya tertulis", 2)
        rina.do("check_requirements", lambda form: form.tick_all("met"), shot="Empat persyaratan", step=1)

        def both_fit(form: FormHand) -> None:
            form.decide(1, Fit.FITS, sentence_with="elastisitas")
            form.decide(2, Fit.FITS, "Peta dipakai untuk tabel menurut wilayah.")

        rina.do("decide_fit", both_fit, shot="Kesesuaian per baris dengan kalimat abstraksi", step=2)
        rina.do("declare_clear", shot="Nyatakan clear", step=2)
        rina.sees_due("Sen 19 Okt 2026").sees_due("10 hari kerja")
        rina.shot("Jatuh tempo sepuluh hari kerja", 2)
        rina.do("issue_invoice", shot="Terbitkan invoice dan SPPD", step=2)
        rina.sees_tracks("menunggu pembayaran", "SPPD terbit, belum dikirim", "belum disiapkan")
        rina.read_paper(PaperKind.INVOICE, title="Invoice", step=2)
        rina.read_paper(PaperKind.SPPD, title="Surat Perjanjian Penggunaan Data", step=2)
        rina.open(case)

        def ready_text(form: FormHand) -> None:
            if "INV-001/16000" not in form.text_of("text"):
                raise TourStopped("Teks siap pakai tidak memuat nomor invoice.")

        rina.do("send_offer", ready_text, shot="Kirim invoice dan SPPD bersama", step=2)
        rina.sees_tracks("", "menunggu naskah asli", "").tab("Percakapan").shot("Percakapan sesudah penawaran", 2)

    def request_is_redirected(self) -> None:
        """Step 2, second branch: the list does not fit; the customer is led to statistical consultation."""
        rina = self._office.seat("rina_umpama")
        form = rina.begin("register_case")
        form.choose("channel", "Live chat").choose("customer_class", "Perusahaan swasta")
        form.write(
            name="Dewi Fiktiana",
            institution="Lembaga Survei Khayal Indonesia",
            email="dewi.fiktiana@example.com",
            phone="0812 0000 0103",
            address="Jl. Khayal No. 3, Kota Contoh",
        )
        form.abstract(
            "Lokasi toko baru",
            background="Perusahaan akan membuka toko.",
            purpose="Mengetahui jumlah penduduk tiap kecamatan.",
            method="Membandingkan jumlah penduduk.",
            planned_output="Daftar kecamatan.",
        )
        form.line(1, "Sensus Penduduk 2020 (Long", "300 MB")
        rina.shot("Permintaan lewat live chat", 1)
        case = rina.register(form, "tidak sesuai, dialihkan ke konsultasi")
        why = "Jumlah penduduk per kecamatan sudah terbit dalam publikasi; data mikro tidak diperlukan."
        rina.do("decide_fit", lambda form: form.decide(1, Fit.DOES_NOT, why), shot="Baris tidak sesuai", step=2)
        rina.do("redirect_case", lambda form: form.write(reason=why), shot="Alihkan ke konsultasi", step=2)
        rina.open(case).read_paper(PaperKind.REDIRECT, title="Surat pengalihan ke konsultasi", step=2)

    def data_is_prepared_and_checked(self) -> None:
        """Step 3: one officer prepares, a second one checks and may give the files back."""
        rina, fajar, case = self._office.seat("rina_umpama"), self._office.seat("fajar_rekaan"), self.case
        rina.open(case).do("start_preparation")
        rina.sees_refusal("finish_preparation", "tugas penyiapan belum dicentang")
        rina.do("tick_tasks", self._all_tasks, shot="Tugas penyiapan", step=3)
        rina.do("finish_preparation", lambda form: self._files(form, 1, "2.410"), shot="Berkas data siap", step=3)
        rina.sees_refusal("check_data", "pemeriksaannya harus oleh petugas lain")
        rina.shot("Penyiap tidak memeriksa sendiri", 3)
        fajar.go_to("officer.check").open(case)
        form = fajar.begin("check_data").counted()
        form.send_and_be_refused("2.410 baris menurut penyiap, 2.412 menurut pemeriksa")
        fajar.shot("Hitungan pemeriksa berbeda", 3).give_up(form)
        fajar.do(
            "return_data",
            lambda form: form.write(reason="Jumlah baris 2.412 menurut pemeriksa; perbaiki catatannya."),
            shot="Petugas kedua mengembalikan data",
            step=3,
        )
        rina.open(case).do("tick_tasks", self._all_tasks)
        rina.do("finish_preparation", lambda form: self._files(form, 1))
        fajar.open(case).do("check_data", FormHand.counted, shot="Petugas kedua menghitung sendiri", step=3)
        fajar.sees_tracks("", "", "sudah diperiksa, siap dikirim").shot("Data diperiksa petugas kedua", 3)

    def proof_comes_in(self) -> None:
        """Step 4: the customer's proof is a claim; nothing may leave for it."""
        rina, case = self._office.seat("rina_umpama"), self.case
        rina.open(case)
        rina.do("record_proof", self._proof, shot="Bukti bayar di samping isian", step=4)
        rina.sees_tracks("bukti bayar diterima, menunggu bendahara", "", "")
        rina.sees_refusal("deliver", "belum ada kuitansi").shot("Data belum boleh keluar", 4)

    def original_is_refused(self) -> None:
        """Step 5 with an old stamp: the original goes back to the sender with a letter."""
        rina, case = self._office.seat("rina_umpama"), self.case
        rina.open(case)
        rina.do("note_courier", lambda form: form.write(courier="Pos Indonesia", tracking="P2610070001"))
        rina.go_to("mail.all").shot("Meja surat siap memindai", 5)
        form = (
            rina.scan_letter(case, shot="Satu pindaian: naskah tiba", step=5)
            .write(signed_on="6/10/2026", stamp_value="6.000")
            .tick_all("ticks")
        )
        form.send_and_be_refused("Rp10.000")
        rina.shot("Materai Rp6.000 tidak berlaku lagi", 5).give_up(form)
        rina.do(
            "refuse_original",
            lambda form: form.tick("faults", Fault.SHORT_STAMP).write(
                note="Tertempel materai Rp6.000; yang berlaku Rp10.000."
            ),
            shot="Tolak naskah asli",
            step=5,
        )
        rina.sees_tracks("", "naskah ditolak, menunggu pengganti", "")
        rina.read_paper(PaperKind.ORIGINAL_REFUSAL, title="Surat pengembalian naskah", step=5)
        rina.go_to("officer.all")

    def money_is_confirmed(self) -> None:
        """Step 6: the treasurer looks at the account, confirms the money, issues and prints the kuitansi."""
        budi, case = self._office.seat("budi_contoh"), self.case
        budi.go_to("treasurer.confirm").open(case).shot("Meja bendahara", 6)
        form = budi.begin("confirm_payment").seen_beside()
        amount = form.text_of("amount")
        form.write(amount="1.000.000", received_on="7/10/2026", reference="FT2610070042")
        form.send_and_be_refused("Uang kurang")
        budi.shot("Jumlah tidak sama dengan invoice", 6)
        form.write(amount=amount)
        budi.shot("Uang terlihat di rekening", 6).finish(form)
        budi.do("issue_receipt", shot="Terbitkan kuitansi", step=6)
        self._receipt = budi.case.payment.receipt_number or ""
        preview = budi.read_paper(PaperKind.RECEIPT, title="Kuitansi", step=6)
        original = budi.print_paper(preview, PRINTER, title="Cetak kuitansi")
        budi.print_paper(preview, PRINTER)
        budi.open(case).do(
            "attach_receipt_scan",
            lambda form: form.attach("scan", original).seen_beside(),
            shot="Pindaian kuitansi",
            step=6,
        )
        budi.sees_tracks("kuitansi terbit", "", "").shot("Uang selesai", 6, dark=True)

    def original_is_accepted(self) -> None:
        """Step 5 again: the replacement passes the five ticks and goes into its binder."""
        rina, case = self._office.seat("rina_umpama"), self.case
        scan = signed_original(self._office, case)
        rina.open(case).do("receive_original")

        def five_ticks(form: FormHand) -> None:
            form.write(signed_on="10/10/2026").attach("scan", scan).tick_all("ticks").seen_beside()

        rina.do("accept_original", five_ticks, shot="Lima hal pada naskah asli", step=5)
        rina.do("countersign_original", shot="Tanda tangan pejabat", step=5)
        rina.do("file_original", lambda form: form.write(binder="SPPD 2026-1", sheet="1"), shot="Simpan ke map", step=5)
        rina.sees_tracks("", "naskah asli diarsipkan", "")
        rina.do("lend_original", lambda form: form.write(borrower="Tim Hukum"), shot="Pinjamkan naskah asli", step=5)
        rina.go_to("custody").shot("Map dan pinjaman", 5).shot("Map dan pinjaman", 5, dark=True)
        rina.go_to("mail.all").open(case).do("return_original")

    def data_goes_out(self) -> None:
        """Step 7: scanned kuitansi, microdata and maps go out by e-mail."""
        rina, case = self._office.seat("rina_umpama"), self.case
        rina.open(case).sees_refusal("deliver", "konfirmasi alamat tujuan")
        rina.do("confirm_address", shot="Konfirmasi alamat tujuan", step=7)
        rina.shot("Siap dikirim", 7)
        rina.do("deliver", lambda form: form.pack(self._office.folder / "paket"), shot="Kirim data", step=7)
        rina.read_paper(PaperKind.DELIVERY_NOTE, title="Tanda terima dengan daftar berkas", step=7)

    def data_is_corrected(self) -> None:
        """Steps 8 and 9: the customer finds a fault and shows the kuitansi; repaired files go out again."""
        rina, fajar, case = self._office.seat("rina_umpama"), self._office.seat("fajar_rekaan"), self.case
        rina.open(case)
        complaint = "Kolom wilayah dan nilai tertukar pada berkas rumah tangga. Kuitansi terlampir."
        rina.do("add_message", lambda form: form.write(text=complaint), shot="Pengguna memeriksa berkas", step=8)
        form = rina.begin("open_correction").choose("origin", "Kesalahan penyiapan")
        form.write(wrong="Kolom wilayah dan nilai tertukar.", receipt_number="KW-999/16000")
        form.send_and_be_refused("berbeda dengan kuitansi permohonan ini")
        rina.shot("Kuitansi yang ditunjukkan salah", 9)
        form.write(receipt_number=self._receipt)
        rina.finish(form)
        rina.sees_due("Rab 21 Okt 2026").sees_tracks("", "", "sedang diperbaiki").shot("Perbaikan lima hari kerja", 9)
        rina.read_paper(PaperKind.CORRECTION_NOTE, title="Nota perbaikan", step=9)
        rina.open(case).do("tick_tasks", self._all_tasks)
        rina.do("finish_preparation", lambda form: self._files(form, 2))
        fajar.go_to("officer.check").open(case).do("check_data", FormHand.counted)
        rina.open(case).do(
            "deliver", lambda form: form.pack(self._office.folder / "paket"), shot="Kirim data perbaikan", step=9
        )

    def customer_is_content(self) -> None:
        """Steps 8 and 10: the files are right; the conversation is closed with the complaint addresses."""
        rina, case = self._office.seat("rina_umpama"), self.case
        rina.open(case).sees_refusal("close_case", "")
        rina.do("record_acceptance", lambda form: form.write(note="Lewat balasan surel."), shot="Berkas sesuai", step=8)
        rina.do("close_case", shot="Tutup permohonan", step=10)
        rina.read_paper(PaperKind.CLOSING, title="Pesan penutupan dengan alamat pengaduan", step=10)
        rina.go_to("archive").open(case).sees_story("ditutup").shot("Riwayat permohonan selesai", 10)

    def day_is_laid_out(self) -> None:
        """Before the steps: what is late, due and to be asked again today."""
        self._office.seat("rina_umpama").go_to("morning").shot("Lembar pagi")

    def month_is_looked_at(self) -> None:
        """After the steps: what is late, who has how much, the figures in pictures and the report of the month."""
        hendra = self._office.seat("hendra_umpama").go_to("oversight")
        page = cast("OversightPage", hendra.window.places[OVERSIGHT])
        pace = self._office.pace
        pace.until(lambda: page.found is not None, "pantauan penyelia")
        for tab, title in ((LATE, "Yang terlambat dan sebabnya"), (LOAD, "Beban kerja")):
            pace.act(partial(page.show_tab, tab))
            hendra.shot(title)
        pace.act(lambda: page.show_tab(PICTURES))
        pace.until(lambda: bool(page.trends.shown), "gambar layanan")
        hendra.shot("Gambar layanan").shot("Gambar layanan malam hari", dark=True)
        pace.act(lambda: page.show_tab(REPORT))
        pace.act(lambda: page.report.turn(1))
        pace.until(lambda: page.report.figures is not None, "laporan bulanan")
        hendra.shot("Laporan bulanan")

    def _proof(self, form: FormHand) -> None:
        form.write(paid_on="6/10/2026", bank="Bank Contoh", reference="FT2610070042")
        form.attach("proof", proof_picture(self._office)).seen_beside()

    def _all_tasks(self, form: FormHand) -> None:
        form.tick_all("tasks")

    def _files(self, form: FormHand, version: int, rows: str = "") -> None:
        """A dataset and a map in this version."""
        data = dataset(self._office, self.case, f"susenas-2025-kor-v{version}.csv")
        map_file = dataset(self._office, self.case, f"peta-palembang-desa-v{version}.csv")
        form.attach("files", data, map_file)
        if rows:
            form.count(data.name, rows, "2")
