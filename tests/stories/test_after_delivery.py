"""After the data are out: silence counts by itself, late complaints go to the supervisor, results are owed to BPS."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from psycopg import errors
from sqlalchemy import text

from desk.rules.acceptance import acceptance_sentence, results_sentence
from desk.rules.case import Data, Money, Original, ResultsWord, Stage
from desk.rules.desks import Desk
from desk.rules.inputs import Reason, ResultsReceived, SentBy
from desk.rules.working_days import add_working_days
from desk.services import after_delivery
from desk.services.queues import SILENT, queue_rows
from desk.services.rule_book import calendar
from tests import inputs
from tests.office import MORNING, PALEMBANG, Office, Ref

LAST_DAY = date(2026, 11, 30)  # five working days after Monday 23 November
LATER = datetime(2026, 12, 1, 2, tzinfo=UTC)


def delivered(office: Office, data: Data = Data.DELIVERED) -> Ref:
    return office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=data)


def test_silence_counts_from_the_day_after_the_last_one_and_says_that_it_was_silence(office: Office) -> None:
    case, rina = delivered(office), office.as_("rina")
    assert office.facts(case).files.check_until == LAST_DAY
    assert acceptance_sentence(office.facts(case)) == "Pengguna data memeriksa sampai 30 Nov 2026"
    assert "menunggu pengguna sampai 30 Nov 2026" in rina.refusal("close_case", case)
    office.set_clock(datetime(2026, 11, 30, 16, 59, tzinfo=UTC))  # 23.59 WIB
    assert "menunggu pengguna" in rina.refusal("close_case", case)
    with rina.session() as session:
        assert queue_rows(session, [PALEMBANG], Desk.OFFICER, None) == []

    office.set_clock(datetime(2026, 11, 30, 17, 0, tzinfo=UTC))  # 00.00 of the next day
    assert rina.why_not("close_case", case) is None
    with rina.session() as session:
        assert queue_rows(session, [PALEMBANG], Desk.OFFICER, None) == [], "nobody is called at night"
    office.set_clock(datetime(2026, 12, 1, 1, 0, tzinfo=UTC))  # 08.00
    with rina.session() as session:
        (row,) = queue_rows(session, [PALEMBANG], Desk.OFFICER, None)
    assert row.why == SILENT
    assert "Tidak ada kabar sampai 30 Nov 2026: dianggap diterima (diam)" in acceptance_sentence(office.facts(case))
    done = rina.do("close_case", case)
    assert done.sentence.endswith("tidak ada kabar sampai 30 November 2026 (diam).")
    now = office.facts(case)
    assert (now.stage, now.data) == (Stage.CLOSED, Data.DELIVERED), "silence never becomes a word of the customer"


def test_a_customer_who_speaks_is_told_apart_from_one_who_was_silent(office: Office) -> None:
    case, rina = delivered(office), office.as_("rina")
    office.set_clock(LATER)
    rina.do("record_acceptance", case)
    assert acceptance_sentence(office.facts(case)) == "Dinyatakan sesuai oleh pengguna data, 1 Des 2026"
    assert "diam" not in rina.do("close_case", case).sentence


def test_psql_does_not_close_before_the_days_are_over(office: Office) -> None:
    case = delivered(office)
    statement = (
        "SELECT desk.record_deed(1600, %s, gen_random_uuid(), 'close_case', 'x', '', "
        "'{\"stage\": \"closed\"}', '{}', '{}')"
    )
    with (
        office.as_("rina").psql() as rina,
        pytest.raises(errors.CheckViolation, match="masa pemeriksaannya belum lewat"),
    ):
        rina.execute(statement, (case.id,))


def test_the_database_counts_working_days_as_the_program_does(busy_office: Office) -> None:
    with busy_office.as_("rina").session() as session:
        known = calendar(session, PALEMBANG)
        for day in (MORNING.date() + timedelta(days=step) for step in range(0, 60, 7)):
            counted = session.execute(
                text("SELECT desk.add_working_days(:office, :day, 10)"), {"office": PALEMBANG, "day": day}
            ).scalar_one()
            assert counted == add_working_days(day, 10, known)


def test_closing_names_every_open_question(office: Office) -> None:
    case, rina = delivered(office, Data.CONFIRMED), office.as_("rina")
    office.set_clock(LATER)
    rina.do("ask_late_correction", case)
    assert "permintaan perbaikan terlambat yang belum diputus" in rina.refusal("close_case", case)
    rina.do("take_mail", case)
    assert "surel baru yang belum dibaca" in rina.refusal("close_case", case)


def test_a_late_complaint_goes_to_the_supervisor_and_comes_back_to_the_officer(office: Office) -> None:
    case, rina, hendra = delivered(office, Data.CONFIRMED), office.as_("rina"), office.as_("hendra")
    rina.do("close_case", case)
    assert "belum lewat" in rina.refusal("ask_late_correction", case)
    office.set_clock(LATER)
    asked = inputs.correction(office.facts(case), wrong="Kolom umur kosong")
    assert "ajukan perbaikan terlambat kepada penyelia" in rina.refusal("open_correction", case, asked)
    wrong = inputs.correction(office.facts(case), receipt_number="KW-999/16000/KU.130/11/2026")
    assert "berbeda dengan kuitansi" in rina.refusal("ask_late_correction", case, wrong)
    rina.do("ask_late_correction", case, asked)
    assert "menunggu putusan penyelia" in rina.refusal("open_correction", case, asked)
    row = office.row(case)
    assert (row["supervisor_queue"], row["officer_queue"]) == ("approval", None), "a closed case, on one desk again"
    assert "ended_on_a_desk" not in office.findings()
    assert "Hanya penyelia" in rina.refusal("allow_late_correction", case)

    hendra.do("allow_late_correction", case, Reason(reason="Kesalahan kami sendiri."))
    assert office.row(case)["officer_queue"] == "correction"
    assert "ended_on_a_desk" not in office.findings()
    rina.do("open_correction", case, asked)
    now = office.facts(case)
    assert (now.stage, now.data, now.files.correction_due) == (Stage.ACTIVE, Data.CORRECTING, date(2026, 12, 8))
    rina.do("tick_tasks", case)
    rina.do("finish_preparation", case, inputs.prepared("sakernas_v2.csv"))
    office.as_("fajar").do("check_data", case)
    rina.do("deliver", case)
    again = office.facts(case)
    assert again.late is None
    assert again.files.check_until == date(2026, 12, 8)
    kept = office.rows("SELECT version, replaces IS NOT NULL AS new FROM desk.delivery ORDER BY sequence")
    assert [(row["version"], row["new"]) for row in kept] == [(1, False), (2, True)]


def test_a_refused_late_complaint_may_be_asked_again_and_closing_goes_on(office: Office) -> None:
    case, rina, hendra = delivered(office), office.as_("rina"), office.as_("hendra")
    office.set_clock(LATER)
    rina.do("ask_late_correction", case)
    hendra.do("refuse_late_correction", case, Reason(reason="Berkas sesuai permintaan."))
    assert "menolak" in rina.refusal("open_correction", case)
    assert "menunggu putusan" in hendra.refusal("allow_late_correction", case)
    rina.do("ask_late_correction", case)
    hendra.do("refuse_late_correction", case)
    rina.do("close_case", case)
    assert office.row(case)["supervisor_queue"] is None


def test_psql_brings_no_late_repair_without_the_supervisor(office: Office) -> None:
    case = delivered(office)
    office.set_clock(LATER)
    with office.as_("rina").psql() as rina, pytest.raises(errors.CheckViolation, match="hanya dengan izin penyelia"):
        rina.execute(
            "INSERT INTO desk.correction (office_id, id, case_id, delivery_id, asked_on, due_on, wrong, origin) "
            "SELECT 1600, %s, case_id, id, '2026-11-24', '2026-12-30', 'x', 'preparation' FROM desk.delivery "
            "WHERE case_id = %s",
            (uuid4(), case.id),
        )
    with office.as_("rina").psql() as rina, pytest.raises(errors.InsufficientPrivilege):
        rina.execute(
            "INSERT INTO desk.late_correction_decision (office_id, id, case_id, late_correction_id, allowed, reason) "
            "VALUES (1600, gen_random_uuid(), %s, gen_random_uuid(), true, 'x')",
            (case.id,),
        )


def test_the_days_of_a_delivery_are_the_servers_words_and_the_rule_books(office: Office) -> None:
    office.set_rule(PALEMBANG, "acceptance_days", "2")
    office.set_rule(PALEMBANG, "results_months", "0")
    case = delivered(office)
    now = office.facts(case)
    assert (now.files.check_until, now.results) == (date(2026, 11, 25), None)
    assert "tidak punya kewajiban" in office.as_("rina").refusal("record_results", case)


# the results owed to BPS


def test_results_are_owed_from_the_first_delivery_until_they_are_here(office: Office) -> None:
    case, rina = delivered(office, Data.CONFIRMED), office.as_("rina")
    rina.do("close_case", case)
    assert results_sentence(office.facts(case)) == "Paling lambat 23 Nov 2027"
    office.set_clock(datetime(2027, 12, 1, 2, tzinfo=UTC))
    rina.do("remind_results", case, SentBy(text="Mohon kirim hasilnya."))
    assert results_sentence(office.facts(case)) == "Paling lambat 23 Nov 2027 (lewat), diingatkan 1 Des 2027"
    assert "Judul" in rina.refusal("record_results", case, ResultsReceived(received_on=date(2027, 12, 1), title=" "))
    tomorrow = ResultsReceived(received_on=date(2027, 12, 2), title="Skripsi")
    assert "belum tiba" in rina.refusal("record_results", case, tomorrow)
    asked = ResultsReceived(received_on=date(2027, 11, 30), title="Skripsi", file=inputs.pdf("skripsi.pdf"))
    rina.do("record_results", case, asked)
    now = office.facts(case)
    assert now.results is not None
    assert (now.results.word, now.results.on) == (ResultsWord.RECEIVED, date(2027, 11, 30))
    assert "sudah selesai" in rina.refusal("remind_results", case)
    assert "sudah selesai" in office.as_("hendra").refusal("waive_results", case)
    with rina.psql() as person, pytest.raises(errors.UniqueViolation):
        person.execute(
            "INSERT INTO desk.results_note (office_id, id, case_id, kind, on_day) "
            "VALUES (1600, gen_random_uuid(), %s, 'received', '2027-12-01')",
            (case.id,),
        )


def test_only_the_supervisor_waives_results(office: Office) -> None:
    case = delivered(office)
    with office.as_("rina").psql() as rina, pytest.raises(errors.InsufficientPrivilege, match="Hanya penyelia"):
        rina.execute(
            "INSERT INTO desk.results_note (office_id, id, case_id, kind, on_day, note) "
            "VALUES (1600, gen_random_uuid(), %s, 'waived', '2026-11-23', 'x')",
            (case.id,),
        )
    office.as_("hendra").do("waive_results", case, Reason(reason="Penelitian batal."))
    assert results_sentence(office.facts(case)) == "Dibebaskan penyelia, 23 Nov 2026"


# the survey


def test_the_same_customer_is_asked_for_the_survey_once_in_the_set_time(office: Office) -> None:
    office.set_rule(PALEMBANG, "survey_link", '"https://contoh.example/skd"')
    asked = []
    for _ in range(2):
        case = delivered(office, Data.CONFIRMED)
        with office.as_("rina").session() as session:
            asked.append(after_delivery.survey_link(session, office.facts(case)))
        office.as_("rina").do("close_case", case)
    assert asked == ["https://contoh.example/skd", ""]
    office.set_clock(MORNING + timedelta(days=366))
    with office.as_("rina").session() as session:
        assert after_delivery.survey_link(session, office.facts(case)) == "https://contoh.example/skd"
