"""Reminders in the office: due by themselves, sent once, and over as soon as the proof or the paper is in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from desk.errors import Refused
from desk.rules.case import About, Data, Money, Original
from desk.rules.desks import Desk, Queue
from desk.rules.inputs import SentBy
from desk.rules.papers.replies import ReplyStep
from desk.services.case_file import case_view
from desk.services.queues import queue_counts, queue_rows
from desk.services.replies import outgoing
from tests.office import MORNING, PALEMBANG, Office, Ref

TEXT = SentBy(text="Kami masih menunggu bukti bayar dan naskah asli.")


def whys(office: Office, name: str = "rina", queue: Queue | None = None) -> dict[str, str]:
    """The officer's list: why each case is there."""
    with office.as_(name).session() as session:
        return {row.number: row.why for row in queue_rows(session, (PALEMBANG,), Desk.OFFICER, queue)}


def waiting(office: Office) -> Ref:
    return office.case_at(data=Data.CHECKED)


def test_a_waiting_case_comes_back_when_a_reminder_is_due_and_goes_when_it_is_sent(office: Office) -> None:
    case = waiting(office)
    number = office.facts(case).number
    rina = office.as_("rina")
    assert number not in whys(office)
    refusal = rina.refusal("remind_customer", case, TEXT)
    assert refusal == "Pengingat berikutnya Sen 30 Nov 2026."
    office.set_clock(MORNING + timedelta(days=7))
    assert whys(office)[number] == "Ingatkan ke-1: bukti bayar dan naskah asli"
    with rina.session() as session:
        counts = {(entry.desk, entry.queue): entry for entry in queue_counts(session, (PALEMBANG,))}
        assert counts[Desk.OFFICER, Queue.WAITING].needs_me == 1
        ready = outgoing(session, case_view(session, case.office_id, case.id), ReplyStep.REMINDER, "Rina Umpama")
    facts = office.facts(case)
    assert facts.invoice is not None
    assert facts.agreement is not None
    assert facts.invoice.number in ready.body
    assert facts.agreement.number in ready.body
    rina.do("remind_customer", case, SentBy(text=ready.body, note=ready.address))
    assert number not in whys(office)
    assert office.story(case)[-1] == "Pengguna data diingatkan lewat surel: bukti bayar (ke-1) dan naskah asli (ke-1)."
    with rina.session() as session:
        assert case_view(session, case.office_id, case.id).messages[-1].text == ready.body


def test_a_reminder_waits_until_the_office_opens(office: Office) -> None:
    number = office.facts(waiting(office)).number
    monday = MORNING + timedelta(days=7)
    office.set_clock(monday - timedelta(hours=8))  # 01.00
    assert number not in whys(office)
    assert number in whys(office, queue=Queue.WAITING)
    with office.as_("rina").session() as session:
        counts = {(entry.desk, entry.queue): entry for entry in queue_counts(session, (PALEMBANG,))}
    assert counts[Desk.OFFICER, Queue.WAITING].needs_me == 0
    office.set_clock(monday - timedelta(hours=1, minutes=30))  # 07.30
    assert number in whys(office)


def test_the_second_reminder_says_so_and_what_is_in_is_not_asked_for_again(office: Office) -> None:
    case = waiting(office)
    rina = office.as_("rina")
    office.set_clock(MORNING + timedelta(days=8))
    rina.do("remind_customer", case, TEXT)
    rina.do("record_proof", case)
    office.set_clock(MORNING + timedelta(days=15))
    (ladder,) = office.facts(case).ladders
    assert (ladder.about, ladder.rung) == (About.ORIGINAL, 2)
    rina.do("remind_customer", case, TEXT)
    rina.do("receive_original", case)
    row = office.row(case)
    assert (row["remind_on"], row["remind_why"]) == (None, "")
    assert "Tidak ada yang sedang ditunggu" in rina.refusal("remind_customer", case, TEXT)


def test_two_officers_at_once_send_one_reminder(office: Office) -> None:
    case = waiting(office)
    office.set_clock(MORNING + timedelta(days=7))

    def send(name: str) -> str:
        try:
            return office.as_(name).do("remind_customer", case, TEXT).sentence
        except Refused as refused:
            return str(refused)

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(send, ("rina", "fajar")))
    assert said[0].startswith("Pengguna data diingatkan")
    assert said[1].startswith("Pengingat terakhir dikirim Sen 30 Nov 2026")
    assert len(office.rows("SELECT FROM desk.reminder")) == 2  # payment and original, once each


def test_the_database_refuses_a_second_reminder_and_one_about_nothing(office: Office) -> None:
    case = waiting(office)
    free = office.case_at(money=Money.FREE, original=Original.ACCEPTED)
    insert = (
        "INSERT INTO desk.reminder (office_id, id, case_id, about, rung, since, on_day) "
        "VALUES (%s, gen_random_uuid(), %s, %s, %s, '2026-11-23', '2020-01-01')"
    )
    with office.as_("rina").psql() as connection:
        connection.execute(insert, (case.office_id, case.id, "payment", 1))
        kept = connection.execute("SELECT on_day::text AS day, by FROM desk.reminder").fetchone()
        assert kept == {"day": "2026-11-23", "by": office.as_("rina").login}
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(insert, (case.office_id, case.id, "payment", 2))
    with office.as_("rina").psql() as connection, pytest.raises(psycopg.errors.UniqueViolation, match="rekan lain"):
        connection.execute(insert, (case.office_id, case.id, "payment", 2))
    with office.as_("rina").psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="ditunggu"):
        connection.execute(insert, (free.office_id, free.id, "original", 1))
    with office.as_("budi").psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(insert, (case.office_id, case.id, "payment", 1))
