"""The four lights of the gate, tried one by one through a bare connection, and the supervisor's override."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from desk.rules.case import Data, Money, Original
from desk.rules.inputs import Reason
from desk.services import dossier
from tests.office import PALEMBANG, Office, Ref

_DELIVER = (
    "INSERT INTO desk.delivery (office_id, id, case_id, preparation_id, sequence, version, delivered_on, channel, "
    "address, manifest) SELECT p.office_id, gen_random_uuid(), p.case_id, p.id, 1, 1, current_date, 'email', 'x', '[]' "
    "FROM desk.preparation p WHERE p.case_id = %s ORDER BY p.attempt DESC LIMIT 1"
)
_OVERRIDE = "INSERT INTO desk.gate_override (office_id, id, case_id, reason, missing) VALUES (%s, %s, %s, %s, 'x')"


def case_without(office: Office, light: str) -> Ref:
    """A case whose lights are all green but this one; "none" leaves out nothing."""
    case = office.case_at(
        money=Money.CONFIRMED if light == "receipt" else Money.RECEIPTED,
        original=Original.AWAITED if light == "original" else Original.FILED,
        data=Data.PREPARED if light == "data" else Data.CHECKED,
    )
    if light not in ("receipt", "scan"):
        office.as_("budi").do("attach_receipt_scan", case)
    if light != "address":
        office.as_("rina").do("confirm_address", case)
    return case


def deliver(connection: psycopg.Connection[dict[str, Any]], case: Ref) -> int:
    return connection.execute(_DELIVER, (case.id,)).rowcount


@pytest.mark.parametrize("light", ["receipt", "scan", "original", "data", "address"])
def test_with_one_light_red_no_delivery_is_written(busy_office: Office, light: str) -> None:
    case = case_without(busy_office, light)
    words = "belum lolos" if light == "data" else "belum lengkap"
    with busy_office.as_("rina").psql() as raw, pytest.raises(errors.CheckViolation, match=words):
        deliver(raw, case)


def test_with_four_green_lights_or_nol_rupiah_it_is(busy_office: Office) -> None:
    with busy_office.as_("rina").psql() as raw:
        assert deliver(raw, case_without(busy_office, "none")) == 1
    free = busy_office.case_at(money=Money.FREE, original=Original.FILED, data=Data.CHECKED)
    busy_office.as_("rina").do("confirm_address", free)
    with busy_office.as_("rina").psql() as raw:
        assert deliver(raw, free) == 1


def test_only_the_supervisor_opens_the_gate_with_a_reason_and_never_for_unchecked_data(busy_office: Office) -> None:
    case, unchecked = case_without(busy_office, "original"), case_without(busy_office, "data")
    for name in ("rina", "budi", "tono"):
        with busy_office.as_(name).psql() as raw, pytest.raises(errors.InsufficientPrivilege):
            raw.execute(_OVERRIDE, (PALEMBANG, uuid4(), case.id, "Mendesak."))
    with busy_office.as_("hendra").psql() as raw, pytest.raises(errors.CheckViolation, match="reason_check"):
        raw.execute(_OVERRIDE, (PALEMBANG, uuid4(), case.id, "  "))
    for allowed in (case, unchecked):
        with busy_office.as_("hendra").psql() as raw:
            raw.execute(_OVERRIDE, (PALEMBANG, uuid4(), allowed.id, "Mendesak."))
            raw.commit()
    with busy_office.as_("rina").psql() as raw:
        assert deliver(raw, case) == 1
    with busy_office.as_("rina").psql() as raw, pytest.raises(errors.CheckViolation, match="belum lolos"):
        deliver(raw, unchecked)


def test_the_reason_of_the_override_prints_in_the_case_file(office: Office) -> None:
    case = case_without(office, "original")
    reason = "Naskah di pos sejak tanggal 3; pengguna menyusun laporan bencana."
    office.as_("hendra").do("override_gate", case, Reason(reason=reason))
    office.as_("rina").do("deliver", case)
    with office.as_("hendra").session() as session:
        made = dossier.gather(session, *case, made_by="Hendra Umpama")
    decisions = [(told.what, told.reason) for told in made.paper.decisions]
    assert ("Pengiriman diizinkan penyelia tanpa naskah asli SPPD.", reason) in decisions
    assert reason in str(made.context(["-"] * len(made.files)))
