"""Data leave when all four lights are green, or when a supervisor has said so; faults are repaired (steps 7–10)."""

from __future__ import annotations

from datetime import date

import pytest

from desk.rules.case import Data, Money, Original, Stage
from desk.rules.inputs import AddressConfirmation, PreparedFileInput, PreparedFiles, Reason
from tests import inputs
from tests.office import Office


def test_nothing_leaves_before_the_gate_is_complete_and_every_missing_light_is_named(busy_office: Office) -> None:
    rina = busy_office.as_("rina")
    case = busy_office.case_at(data=Data.CHECKED)
    reason = rina.refusal("deliver", case)
    for light in ("kuitansi", "naskah asli SPPD", "konfirmasi alamat tujuan"):
        assert light in reason
    assert "Menunggu kuitansi" in busy_office.row(case)["officer_why"]


def test_a_receipt_counts_only_when_its_signed_scan_is_there_to_be_sent(busy_office: Office) -> None:
    rina, budi = busy_office.as_("rina"), busy_office.as_("budi")
    case = busy_office.case_at(money=Money.RECEIPTED, original=Original.ACCEPTED, data=Data.CHECKED)
    rina.do("confirm_address", case)
    assert "hasil pindai kuitansi" in rina.refusal("deliver", case)
    budi.do("attach_receipt_scan", case)
    assert rina.why_not("deliver", case) is None


def test_a_supervisor_may_open_the_gate_with_a_reason_that_stays(office: Office) -> None:
    rina, hendra = office.as_("rina"), office.as_("hendra")
    case = office.case_at(data=Data.CHECKED)
    assert "Hanya penyelia" in rina.refusal("override_gate", case, inputs.REASON)
    assert "Alasan belum ditulis" in hendra.refusal("override_gate", case, Reason(reason=" "))
    done = hendra.do("override_gate", case, Reason(reason="Batas sidang besok."))
    assert "kuitansi, naskah asli SPPD" in done.sentence
    assert "sudah ada" in hendra.refusal("override_gate", case, inputs.REASON)
    rina.do("deliver", case)
    kept = office.rows("SELECT reason, missing FROM desk.gate_override")
    assert kept == [
        {"reason": "Batas sidang besok.", "missing": "kuitansi, naskah asli SPPD, konfirmasi alamat tujuan"}
    ]
    rina.do("record_acceptance", case)
    still_open = rina.refusal("close_case", case)
    assert "uang (" in still_open, "an override opens the gate, it does not pay the invoice"
    assert "naskah (" in still_open


def test_an_override_is_not_needed_when_the_lights_are_green(busy_office: Office) -> None:
    case = busy_office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CHECKED)
    busy_office.as_("budi").do("attach_receipt_scan", case)
    busy_office.as_("rina").do("confirm_address", case)
    assert "tidak diperlukan" in busy_office.as_("hendra").refusal("override_gate", case, inputs.REASON)


def test_a_correction_asks_for_the_kuitansi_and_comes_back_as_version_two(office: Office) -> None:
    rina, fajar = office.as_("rina"), office.as_("fajar")
    case = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    now = office.facts(case)
    wrong = rina.refusal("open_correction", case, inputs.correction(now, receipt_number="KW-999/16000/KU.130/11/2026"))
    assert "berbeda dengan kuitansi permohonan ini" in wrong
    assert "Tulis apa yang salah" in rina.refusal("open_correction", case, inputs.correction(now, wrong=" "))

    spoken = inputs.correction(now, receipt_number="kw-001 / 16000/ku.130/11/2026")
    rina.do("open_correction", case, spoken)
    opened = office.facts(case)
    assert opened.data is Data.CORRECTING
    assert opened.files.correction_due == date(2026, 11, 30), "five working days after Monday the 23rd"
    assert office.row(case)["due_on"] == date(2026, 11, 30)
    assert office.row(case)["officer_queue"] == "correction"

    rina.do("tick_tasks", case)
    rina.do("finish_preparation", case, inputs.prepared("sakernas_v2.csv"))
    fajar.do("return_data", case, inputs.REASON)
    assert office.facts(case).data is Data.CORRECTING, "back to the repair, not to the first preparation"
    rina.do("tick_tasks", case)
    rina.do("finish_preparation", case, inputs.prepared("sakernas_v2.csv", "catatan.txt"))
    fajar.do("check_data", case)
    done = rina.do("deliver", case)
    assert done.sentence.startswith("Data perbaikan versi 2 (2 berkas) dikirim ke ")
    deliveries = office.rows(
        "SELECT sequence, version, jsonb_array_length(manifest) AS files FROM desk.delivery ORDER BY 1"
    )
    assert deliveries == [{"sequence": 1, "version": 1, "files": 1}, {"sequence": 2, "version": 2, "files": 2}]
    assert office.row(case)["due_on"] is None
    rina.do("record_acceptance", case)
    rina.do("close_case", case)
    assert office.facts(case).stage is Stage.CLOSED


def test_a_second_fault_is_a_second_correction(busy_office: Office) -> None:
    rina, fajar = busy_office.as_("rina"), busy_office.as_("fajar")
    case = busy_office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CORRECTING)
    for version in (2, 3):
        rina.do("finish_preparation", case)
        fajar.do("check_data", case)
        assert f"versi {version}" in rina.do("deliver", case).sentence
        if version == 2:
            rina.do("open_correction", case)
            rina.do("tick_tasks", case)


def test_files_are_sent_as_they_were_checked_and_checked_by_somebody_else(busy_office: Office) -> None:
    rina, fajar = busy_office.as_("rina"), busy_office.as_("fajar")
    case = busy_office.case_at(data=Data.PREPARING)
    assert "Belum ada berkas" in rina.refusal("finish_preparation", case, PreparedFiles(files=()))
    twice = tuple(PreparedFileInput(name, f"D:\\{name}", 1, inputs.SHA256) for name in ("Data.csv", "data.CSV"))
    assert "dipakai dua kali" in rina.refusal("finish_preparation", case, PreparedFiles(files=twice))
    fajar.do("finish_preparation", case, inputs.prepared("a.csv"))
    assert "Anda yang menyiapkan" in fajar.refusal("check_data", case)
    rina.do("check_data", case)
    rina.do("return_data", case, inputs.REASON)
    assert busy_office.facts(case).data is Data.PREPARING
    rina.do("tick_tasks", case)
    rina.do("finish_preparation", case, inputs.prepared("b.csv"))
    assert "Anda yang menyiapkan" in rina.refusal("check_data", case), "the last maker counts, not the first"
    fajar.do("check_data", case)


@pytest.mark.parametrize("channel_address", ["sari@example.org", "+6281200000101"])
def test_the_confirmed_address_is_where_the_data_went(busy_office: Office, channel_address: str) -> None:
    rina = busy_office.as_("rina")
    case = busy_office.case_at(data=Data.CHECKED)
    assert "masih kosong" in rina.refusal("confirm_address", case, AddressConfirmation(address=" "))
    rina.do("confirm_address", case, AddressConfirmation(address=channel_address))
    busy_office.as_("hendra").do("override_gate", case)
    rina.do("deliver", case)
    sent = busy_office.rows("SELECT address FROM desk.delivery WHERE case_id = :c", c=case.id)
    assert sent == [{"address": channel_address}]
