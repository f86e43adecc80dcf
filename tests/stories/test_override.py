"""The officer asks the supervisor to open the delivery gate: with a reason, granted or refused with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from desk.rules.case import Data, Money, Original
from desk.rules.desks import Desk, Queue
from desk.rules.inputs import Reason
from desk.services.oversight import oversight
from desk.services.queues import queue_rows
from tests.office import PALEMBANG, Office, Ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.services.oversight import RequestRow

WHY = Reason(reason="Sidang disertasi besok, naskah asli di perjalanan.")


def waiting(office: Office) -> Ref:
    return office.case_at(money=Money.RECEIPTED, original=Original.AWAITED, data=Data.CHECKED)


def asked_of(office: Office, name: str) -> Sequence[RequestRow]:
    with office.as_(name).session() as session:
        return oversight(session, [PALEMBANG]).requests


def why(office: Office, name: str, desk: Desk, queue: Queue) -> list[str]:
    with office.as_(name).session() as session:
        return [row.why for row in queue_rows(session, (PALEMBANG,), desk, queue)]


def test_a_request_stands_on_the_supervisors_desk_until_it_is_granted(office: Office) -> None:
    case = waiting(office)
    rina, hendra = office.as_("rina"), office.as_("hendra")
    assert asked_of(office, "hendra") == (), "nobody has asked for anything"
    assert "Tidak ada permohonan izin" in hendra.refusal("refuse_override", case, WHY)
    assert "Alasan belum ditulis" in rina.refusal("ask_override", case, Reason(reason=" "))
    rina.do("ask_override", case, WHY)
    [request] = asked_of(office, "hendra")
    assert (request.what, request.asked_by) == ("Izin pengiriman", "Rina Umpama")
    assert request.why.endswith(WHY.reason)
    assert "naskah asli SPPD" in request.why
    [said] = why(office, "hendra", Desk.SUPERVISOR, Queue.APPROVAL)
    assert said.startswith("Dimohon mengirim data sebelum ada")
    [said] = why(office, "rina", Desk.OFFICER, Queue.WAITING)
    assert said.endswith("izin pengiriman menunggu putusan penyelia")
    assert "sudah menunggu putusan" in rina.refusal("ask_override", case, WHY)
    assert "Hanya penyelia" in rina.refusal("override_gate", case, WHY)
    hendra.do("override_gate", case, Reason(reason="Rangkap pindaian sudah kami lihat."))
    assert asked_of(office, "hendra") == ()
    assert office.facts(case).override_by == hendra.login
    assert rina.why_not("deliver", case) is None
    assert "Izin penyelia sudah ada" in rina.refusal("ask_override", case, WHY)


def test_a_refusal_says_why_keeps_the_gate_closed_and_may_be_followed_by_a_better_reason(office: Office) -> None:
    case = waiting(office)
    rina, hendra = office.as_("rina"), office.as_("hendra")
    rina.do("ask_override", case, WHY)
    hendra.do("refuse_override", case, Reason(reason="Tunggu naskahnya, kurir tiba lusa."))
    assert asked_of(office, "hendra") == ()
    [said] = why(office, "rina", Desk.OFFICER, Queue.WAITING)
    assert said.endswith("izin pengiriman ditolak penyelia")
    assert "Belum ada" in (rina.why_not("deliver", case) or "")
    story = office.rows("SELECT sentence, reason FROM desk.event WHERE case_id = :c ORDER BY position", c=case.id)
    assert story[-1]["reason"] == "Tunggu naskahnya, kurir tiba lusa."
    rina.do("ask_override", case, Reason(reason="Kurir terlambat, sidang dimajukan."))
    assert len(asked_of(office, "hendra")) == 1


def test_when_the_gate_becomes_complete_the_request_leaves_the_desk_by_itself(office: Office) -> None:
    case = waiting(office)
    rina = office.as_("rina")
    rina.do("ask_override", case, WHY)
    office.as_("budi").do("attach_receipt_scan", case)
    rina.do("confirm_address", case)
    for action_id in ("receive_original", "accept_original"):
        rina.do(action_id, case)
    assert why(office, "hendra", Desk.SUPERVISOR, Queue.APPROVAL) == []
    assert asked_of(office, "hendra") == ()


def test_the_database_lets_nobody_ask_twice_decide_as_an_officer_or_ask_before_the_data_are_checked(
    office: Office,
) -> None:
    case, early = waiting(office), office.case_at(data=Data.PREPARED)
    office.as_("rina").do("ask_override", case, WHY)
    request = office.rows("SELECT id FROM desk.override_request WHERE case_id = :c", c=case.id)[0]["id"]
    ask = (
        "INSERT INTO desk.override_request (office_id, id, case_id, reason, missing) "
        "VALUES (1600, gen_random_uuid(), %s, 'x', 'x')"
    )
    for other, words in ((case, "sudah menunggu putusan"), (early, "data yang sudah diperiksa")):
        with office.as_("rina").psql() as line, pytest.raises(psycopg.errors.CheckViolation, match=words):
            line.execute(ask, (other.id,))
    refuse = (
        "INSERT INTO desk.override_refusal (office_id, id, case_id, request_id, reason) "
        "VALUES (1600, gen_random_uuid(), %s, %s, 'x')"
    )
    with office.as_("rina").psql() as line, pytest.raises(psycopg.errors.InsufficientPrivilege):
        line.execute(refuse, (case.id, request))
    with office.as_("hendra").psql() as line, pytest.raises(psycopg.errors.CheckViolation):
        line.execute(refuse, (early.id, request))
    with office.as_("hendra").psql() as line, pytest.raises(psycopg.errors.InsufficientPrivilege):
        line.execute("DELETE FROM desk.override_request")
