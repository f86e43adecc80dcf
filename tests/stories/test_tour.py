"""Both published standards, from the first message to the closed case, clicked through the real windows."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from pypdf import PdfReader

from desk import resources
from desk.actions import ACTIONS
from desk.tour.film import SIZE
from desk.tour.kota_jambi import CHAT
from desk.tour.sumatera_selatan import MAIL

SAMPLES: Final = Path(__file__).parents[1] / "samples"
REPOSITORY: Final = Path(__file__).parents[2]
STEPS: Final = {"1600": range(1, 11), "1571": range(1, 9)}
"""The numbered steps of each standard."""
LEFT_OUT: Final[Mapping[str, str]] = {
    "return_from_consultation": "neither standard says what follows the consultation",
    "ask_section": "a question inside the office, no step of the standards",
    "note_section_answer": "a question inside the office, no step of the standards",
    "return_request": "the customers of the tour bring what is needed",
    "merge_case": "the customers of the tour ask once",
    "ask_late_correction": "the customer of the tour asks in time",
    "ask_override": "the gate of the tour is complete when the data leave",
    "refuse_override": "the gate of the tour is complete when the data leave",
    "allow_late_correction": "the customer of the tour asks in time",
    "refuse_late_correction": "the customer of the tour asks in time",
    "record_results": "results are owed long after the tour",
    "remind_results": "results are owed long after the tour",
    "waive_results": "results are owed long after the tour",
    "take_in_case": "the other side of a merge, written by the program",
    "split_case": "the requests of the tour are of one kind each",
    "split_off_case": "the other side of a split, written by the program",
    "void_invoice": "an exception of the office, not of the standards",
    "void_receipt": "an exception of the office, not of the standards",
    "reverse_payment": "an exception of the office, not of the standards",
    "approve_payment": "a second person speaks above the office's limit; both standards know one treasurer",
    "override_gate": "both standards know no delivery before kuitansi and original",
    "cancel_case": "the standards end with a served customer",
    "attach_original_scan": "the scanner's stack does it; by hand it is a form like the kuitansi's",
    "move_original": "a paper that changes its binder is an exception of the office",
    "hand_out_original": "both standards know one copy; the customer's own is the second",
    "settle_mail": "a mail in trouble is an exception of the office, not of the standards",
    "report_mail": "the program itself reports a mail that did not arrive",
    "confirm_sent": "the program itself says that the mail server has the package; the tour has no mail server",
    "fail_delivery": "the program itself reports a package that did not arrive",
    "reopen_delivery": "the data of the tour arrive",
    "take_mail": "the office's mailbox; the tour drops the mails by hand",
    "take_messages": "an export dropped on a case that is open; the tour drops it on the window",
    "send_message": "answers between the steps; the tour answers with the steps",
    "read_messages": "unread marks; the tour reads as it goes",
    "claim_case": "between colleagues, as hand_over",
    "release_case": "between colleagues, as hand_over",
    "remind_customer": "the customer of the tour answers in time",
    "hand_over": "between colleagues; the standards speak of one petugas",
    "record_billing_code": "both standards are paid by transfer; SIMPONI is the practice of other offices",
    "confirm_state_payment": "both standards are paid by transfer; SIMPONI is the practice of other offices",
    "make_sample": "the standards know no sample; an office has to allow it",
    "send_sample": "the standards know no sample; an office has to allow it",
    "note_money": "money that does not fit is an exception of the office, not of the standards",
    "withdraw_money_note": "money that does not fit is an exception of the office, not of the standards",
    "change_customer": "mends a slip of the pen, no step of the standards",
}
Tour = tuple[Path, dict[str, Any]]


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Tour:
    """The tour, played once in a process of its own, as `desk tour` does; its folder and its summary."""
    out = tmp_path_factory.mktemp("tur")
    ran = play(out)
    assert ran.returncode == 0, ran.stderr
    return out, json.loads((out / "summary.json").read_text("utf-8"))


def play(out: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """Plays the tour into a folder; `before` is Python that is run first."""
    command = f"import sys, pathlib, desk.tour\n{before}\nsys.exit(desk.tour.play(pathlib.Path({str(out)!r})))"
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=REPOSITORY,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def case(tour: Tour, words: str) -> dict[str, Any]:
    """The case that went this way."""
    [found] = [case for case in tour[1]["cases"] if words in case["path"]]
    return dict(found)


def number(of: Mapping[str, Any], kind: str, which: int = 0) -> str:
    """A number that was given to a paper of the case."""
    return str([entry["number"] for entry in of["numbers"] if entry["kind"] == kind][which])


def words_on(tour: Tour, of: Mapping[str, Any], paper: str, which: int = 0) -> str:
    """The text of a paper's pages; `which` counts the papers of this kind from the first."""
    pages = [each for each in of["documents"] if each["paper"] == paper and each["path"].endswith(".pdf")]
    reader = PdfReader(tour[0] / pages[which]["path"])
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize(("name", "folder"), [(MAIL, "mail"), (CHAT, "chat")])
def test_the_samples_inside_the_program_are_the_given_ones(name: str, folder: str) -> None:
    assert resources.resource("demo", name).read_bytes() == (SAMPLES / folder / name).read_bytes()


def test_every_action_of_the_standards_was_clicked_in_a_window(tour: Tour) -> None:
    clicked = set(tour[1]["actions_clicked"])
    assert clicked | set(LEFT_OUT) == set(ACTIONS)
    assert not clicked & set(LEFT_OUT), "what is clicked needs no excuse"


@pytest.mark.parametrize("office", STEPS)
def test_every_numbered_step_has_a_picture(tour: Tour, office: str) -> None:
    out, summary = tour
    shown = {picture["step"] for picture in summary["screenshots"] if picture["office"] == office}
    assert shown >= set(STEPS[office])
    for at, picture in enumerate(summary["screenshots"], 1):
        assert picture["file"].startswith(f"{at:02}-")
        header = (out / picture["file"]).read_bytes()[:24]
        assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (SIZE.width(), SIZE.height())


def test_both_ways_of_both_standards_were_gone(tour: Tour) -> None:
    def states(words: str) -> tuple[str, ...]:
        return tuple(case(tour, words)["states"].values())

    assert states("naskah ditolak sekali") == ("closed", "receipted", "filed", "confirmed")
    assert states("kedaluwarsa") == ("closed", "receipted", "filed", "confirmed")
    assert states("nol rupiah") == ("closed", "free", "filed", "confirmed")
    assert states("dialihkan") == ("redirected", "none", "none", "none")


def test_the_steps_that_must_be_refused_were_refused_with_their_sentences(tour: Tour) -> None:
    refused = {(entry["action"], entry["words"]) for entry in tour[1]["refusals_shown"]}
    assert ("deliver", "belum ada kuitansi") in refused
    assert ("confirm_payment", "anda yang menerbitkan invoice ini") in refused
    assert ("check_data", "pemeriksaannya harus oleh petugas lain") in refused
    assert ("issue_invoice", "tunggu putusan penyelia") in refused


def test_the_promises_are_the_standards_own(tour: Tour) -> None:
    due = case(tour, "naskah ditolak sekali")["due"]
    assert due["clear_on"] == "2026-10-05"
    assert due["service_due"] == "2026-10-19", "ten working days"
    assert due["invoice_valid_until"] == "2026-11-05", "one month"
    told = [entry["sentence"] for entry in case(tour, "naskah ditolak sekali")["story"]]
    assert any("selesai paling lambat 21 Oktober 2026" in sentence for sentence in told), "five working days"


def test_the_expired_invoice_is_replaced_and_keeps_its_number(tour: Tour) -> None:
    late = case(tour, "kedaluwarsa")
    first, second = (entry for entry in late["numbers"] if entry["kind"] == "invoice")
    assert first["ended"] == "expired, replaced"
    assert second["ended"] is None
    assert (first["valid_until"], second["valid_until"]) == ("2026-11-09", "2026-12-10")
    assert first["number"] in words_on(tour, late, "invoice", 1), "the new invoice names the one it replaces"


def test_the_papers_say_the_right_numbers_amounts_and_addresses(tour: Tour) -> None:
    sold = case(tour, "naskah ditolak sekali")
    invoice = words_on(tour, sold, "invoice")
    assert number(sold, "invoice") in invoice
    assert "Rp1.750.000,00" in invoice
    assert "Diseminasi dan Layanan Statistik" in invoice, "where the original goes"
    assert number(sold, "sppd") in words_on(tour, sold, "sppd")
    receipt = words_on(tour, sold, "receipt")
    assert number(sold, "receipt") in receipt
    assert "Satu juta tujuh ratus lima puluh ribu rupiah" in receipt
    assert number(sold, "original_refusal") in words_on(tour, sold, "original_refusal")
    assert "nilai materai kurang" in words_on(tour, sold, "original_refusal").casefold()
    assert number(sold, "receipt") in words_on(tour, sold, "correction_note")
    assert "susenas-2025-kor-v2.csv" in words_on(tour, sold, "delivery_note", 1)


def test_each_office_names_its_own_addresses(tour: Tour) -> None:
    palembang = words_on(tour, case(tour, "naskah ditolak sekali"), "closing")
    jambi = words_on(tour, case(tour, "kedaluwarsa"), "closing")
    for address in ("https://pengaduan.bps.go.id", "diseminasi1600@bps.go.id"):
        assert address in palembang
        assert address not in jambi
    for address in ("bps1571@bps.go.id", "0741-40539"):
        assert address in jambi
        assert address not in palembang
    postal = "Jalan Basuki Rahmat, Kelurahan Paal Lima, Kecamatan Kota Baru, Kota Jambi"
    assert postal in words_on(tour, case(tour, "kedaluwarsa"), "invoice")


def test_nol_rupiah_asks_for_no_money_and_gives_no_kuitansi(tour: Tour) -> None:
    free = case(tour, "nol rupiah")
    assert free["amounts"] == {"invoice": 0, "received": None}
    assert not [entry for entry in free["numbers"] if entry["kind"] == "receipt"]
    assert "Tidak ada biaya data yang harus dibayar" in words_on(tour, free, "invoice")


def test_the_first_print_is_the_original_and_the_next_a_copy(tour: Tour) -> None:
    out, summary = tour
    prints = [out / sheet["path"] for sheet in summary["prints"]]
    assert len(prints) == 3, "Palembang's kuitansi twice, Jambi's once"
    marks = [entry["mark"] for entry in summary["print_register"]]
    assert marks == ["ASLI", "SALINAN", "ASLI"]


def test_the_summary_tells_every_file_as_it_is(tour: Tour) -> None:
    out, summary = tour
    files = [file for case in summary["cases"] for file in case["documents"] if file["path"]] + summary["prints"]
    assert len(files) == summary["totals"]["papers"] + len(summary["prints"])
    for file in files:
        content = (out / file["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size"], file["sha256"])
    endings = sorted(Path(file["path"]).suffix for file in files)
    assert endings.count(".docx") == endings.count(".pdf") - len(summary["prints"]), "each paper in Word and as PDF"


def test_the_doctor_has_nothing_to_say_afterwards(tour: Tour) -> None:
    assert tour[1]["findings"] == []


def test_the_windows_never_complained_and_say_how_long_they_stood_still(tour: Tour) -> None:
    summary = tour[1]
    assert summary["qt_warnings"] == []
    assert summary["longest_stall_ms"] > 0  # how long is a figure of the machine, measured by `desk bench`


def test_a_step_that_goes_wrong_ends_the_tour_with_a_sentence_and_a_picture(tmp_path: Path) -> None:
    expects_too_much = """
from desk.tour.sumatera_selatan import SumateraSelatan
SumateraSelatan.invoice_goes_out = lambda self: self._office.seat("rina_umpama").sees_tracks("kuitansi terbit", "", "")
"""
    ran = play(tmp_path, expects_too_much)
    assert ran.returncode == 1
    assert "Uang seharusnya “kuitansi terbit”; di layar: Uang: belum ada invoice" in ran.stderr
    assert (tmp_path / "gagal-1.png").is_file()
    assert not (tmp_path / "summary.json").exists()
