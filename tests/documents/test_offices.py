"""What the program ships about offices, products, ready texts and the people of the demonstration."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any

import pytest

from desk.adapters import word
from desk.errors import Refused
from desk.resources import resource, template
from desk.rules.case import Channel, CustomerClass
from desk.rules.dates import ZONES
from desk.rules.identifiers import read_email, read_nik, read_nip, read_npwp, read_phone
from desk.rules.numbering import check_template, format_number
from desk.rules.papers import (
    OfficeDetails,
    PaperKind,
    agreement_context,
    closing_context,
    invoice_context,
    optional_fields,
)
from desk.rules.papers import examples as invented
from desk.rules.papers.replies import REPLY_FIELDS, ReplyStep, read_replies, reply_for
from desk.rules.people import Duty
from desk.services.sheets import office_details
from tests.documents.test_templates import png

OFFICES = ("1600", "1571")
INVENTED = re.compile(r"Contoh|Rekaan|Fiktif|Fiktiana|Khayal|Umpama|Misal", re.IGNORECASE)
TODAY = date(2026, 11, 21)


def read(*parts: str) -> dict[str, Any]:
    return tomllib.loads(resource(*parts).read_text(encoding="utf-8"))


def profile(code: str) -> dict[str, Any]:
    return read("offices", f"{code}.toml")


NUMBERED = [kind for kind in PaperKind if kind is not PaperKind.CASE_FILE]
"""The case file bears the number of its request."""


def filled_profile(code: str) -> dict[str, Any]:
    """The profile as the demonstration has it: what the office has still to fill in is invented."""
    told = profile(code)
    return {**told, **told["demo"]}


def office_of(values: dict[str, Any]) -> OfficeDetails:
    return office_details(values["code"], values["name"], values)


def demo_people() -> dict[str, Any]:
    return read("demo", "people.toml")


STAFF: list[dict[str, Any]] = demo_people()["staff"]
CUSTOMERS: list[dict[str, str]] = demo_people()["customer"]
ITEMS: list[dict[str, Any]] = read("catalogue", "catalogue.toml")["item"]
TEXTS = read_replies(resource("replies", "ready_texts.toml").read_text(encoding="utf-8"))
TARIFF = {
    row["code"]: row["kind"]
    for rule in read("rule_book", "national.toml")["rule"]
    if rule["key"] == "tariff"
    for row in rule["value"]["rows"]
}


# --- offices --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "channels", "proof", "address"),
    [
        (
            "1600",
            {Channel.EMAIL, Channel.LIVE_CHAT},
            "email diseminasi1600@bps.go.id",
            "Diseminasi dan Layanan Statistik, BPS Provinsi Sumatera Selatan",
        ),
        (
            "1571",
            {Channel.EMAIL, Channel.WHATSAPP, Channel.FORUM},
            "Forum Silastik",
            "BPS Kota Jambi, Jalan Basuki Rahmat, Kelurahan Paal Lima, Kecamatan Kota Baru, Kota Jambi",
        ),
    ],
)
def test_each_office_keeps_the_channels_and_addresses_of_its_own_standard(
    code: str, channels: set[Channel], proof: str, address: str
) -> None:
    known = {channel.value: channel for channel in Channel}
    assert {known[name] for name in profile(code)["channels"]} == channels
    office = office_of(filled_profile(code))
    context = invoice_context(office, invented.CUSTOMER, invented.INVOICE)
    assert context["saluran_bukti"] == proof
    assert context["alamat_naskah"] == address


@pytest.mark.parametrize("code", OFFICES)
def test_the_closing_letter_carries_every_complaint_address_of_the_office(code: str) -> None:
    office = office_of(filled_profile(code))
    context = closing_context(office, invented.CUSTOMER, invented.CLOSING)
    values = {**context, "qr": word.Picture(png(str(context["qr"])), 22)}
    paper = word.fill(
        template(PaperKind.CLOSING.template_name).read_bytes(), values, optional_fields(PaperKind.CLOSING)
    )
    text = word.text_of(paper)
    for contact in profile(code)["complaints"]:
        assert contact["value"] in text
    assert len(profile(code)["complaints"]) == 3


def test_an_office_that_publishes_no_street_gets_papers_without_an_empty_line_for_it() -> None:
    bare = {**filled_profile("1600"), "address": "", "phone": ""}
    context = invoice_context(office_of(bare), invented.CUSTOMER, invented.INVOICE)
    assert context["kop_alamat"] == ""
    assert context["kop_kontak"] == "Situs: sumsel.bps.go.id, Surel: diseminasi1600@bps.go.id"
    values = {**context, "qr": word.Picture(png(str(context["qr"])), 22)}
    kind = PaperKind.INVOICE
    text = word.text_of(word.fill(template(kind.template_name).read_bytes(), values, optional_fields(kind)))
    assert "PROVINSI SUMATERA SELATAN" in text
    assert "Telp." not in text


@pytest.mark.parametrize("code", OFFICES)
def test_nothing_is_stated_as_a_fact_that_the_standard_does_not_tell(code: str) -> None:
    facts = profile(code)
    assert facts.keys() & {"head", "account", "treasury", "whatsapp"} == set()
    account = facts["demo"]["account"]
    assert "contoh" in account["bank"]
    assert "rekaan" in account["holder"]
    # The demonstration fills in what is missing and never replaces what the standard does tell.
    assert [name for name in facts["demo"] if facts.get(name)] == []


@pytest.mark.parametrize("code", OFFICES)
def test_an_agreement_without_the_signing_official_is_not_made(code: str) -> None:
    context = agreement_context(office_of(profile(code)), invented.CUSTOMER, invented.AGREEMENT)
    kind = PaperKind.SPPD
    values = {**context, "qr": word.Picture(png(str(context["qr"])), 22)}
    with pytest.raises(Refused, match="pejabat_nama yang masih kosong"):
        word.fill(template(kind.template_name).read_bytes(), values, optional_fields(kind))


@pytest.mark.parametrize("code", OFFICES)
@pytest.mark.parametrize("kind", NUMBERED)
def test_every_paper_of_an_office_has_a_number_format_of_its_own(code: str, kind: PaperKind) -> None:
    numbers = profile(code)["numbers"]
    settings = numbers[kind.value]
    assert check_template(settings["template"]) == []
    number = format_number(settings["template"], 7, 2026, 11, numbers["unit"], settings["classification"])
    assert numbers["unit"] in number
    others = [numbers[other.value]["template"] for other in NUMBERED if other is not kind]
    assert settings["template"] not in others, "two kinds would write the same number"


@pytest.mark.parametrize("code", OFFICES)
def test_the_published_standard_is_quoted_and_its_outdated_parts_name_the_rule_that_governs(code: str) -> None:
    office = profile(code)
    standard = office["standard"]
    assert len(standard["requirements"]) == 4
    assert len(standard["procedure"]) >= 8
    quotes = " ".join([*standard["procedure"], *standard["cost"]])
    keys = {rule["key"] for rule in read("rule_book", "national.toml")["rule"]}
    for part in standard["outdated"]:
        assert part["text"] in quotes
        assert part["rule"] in keys
    assert office["time_zone"] in ZONES
    assert office["code"] == code


# --- catalogue ------------------------------------------------------------------------------------------------------


def test_every_product_is_sold_by_a_row_of_the_tariff() -> None:
    for item in ITEMS:
        assert TARIFF[item["tariff"]] == item["kind"], item["code"]
        assert item["title"]
        assert item["size_bytes"] > 0
        assert item["kind"] != "publication" or item["pages"] > 0, item["code"]
    assert {item["tariff"] for item in ITEMS} == set(TARIFF)
    assert 80 <= len(ITEMS) <= 140


def test_product_codes_and_titles_are_unique() -> None:
    for name in ("code", "title"):
        values = [item[name] for item in ITEMS]
        assert sorted(set(values)) == sorted(values)


@pytest.mark.parametrize("tariff", ["map_kabkota_kecamatan", "map_kabkota_desa"])
def test_every_regency_of_both_offices_can_be_ordered_as_a_map(tariff: str) -> None:
    areas = {item["area"] for item in ITEMS if item["tariff"] == tariff}
    assert areas == {*(str(code) for code in range(1601, 1614)), *(str(code) for code in range(1671, 1675)), "1571"}


# --- ready texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ReplyStep)
@pytest.mark.parametrize("channel", Channel)
def test_every_step_has_a_ready_text_for_every_channel(step: ReplyStep, channel: Channel) -> None:
    text = reply_for(TEXTS, step, channel)
    assert text is not None
    values = {name: f"<{name}>" for name in REPLY_FIELDS}
    subject, body = text.filled(values)
    assert "{{" not in subject + body
    assert "<nomor_permohonan>" in body
    assert "<kantor_nama>" in body
    assert bool(subject) == (channel in {Channel.EMAIL, Channel.FORUM, Channel.DESK})


def test_every_field_of_the_ready_texts_is_used_somewhere() -> None:
    assert {name for text in TEXTS for name in text.fields()} == set(REPLY_FIELDS)


def test_a_ready_text_is_not_sent_with_a_hole_in_it() -> None:
    text = reply_for(TEXTS, ReplyStep.OFFER, Channel.EMAIL)
    assert text is not None
    values = dict.fromkeys(REPLY_FIELDS, "ada") | {"alamat_naskah": " "}
    with pytest.raises(Refused, match="alamat pengiriman sppd asli belum ada"):
        text.filled(values)


def test_the_password_never_travels_with_the_data() -> None:
    for text in TEXTS:
        assert ("sandi" in text.fields()) == (text.step is ReplyStep.PASSWORD)


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ('step = "offer"\nchannels = ["email"]\nbody = "{{ nomor_faktur }}"', "nomor_faktur"),
        ('step = "farewell"\nchannels = ["email"]\nbody = "x"', "farewell"),
        ('step = "offer"\nchannels = ["telegraf"]\nbody = "x"', "telegraf"),
    ],
)
def test_a_ready_text_that_cannot_be_used_is_refused_by_name(entry: str, wrong: str) -> None:
    with pytest.raises(Refused, match=wrong):
        read_replies(f"[[text]]\n{entry}\n")


# --- people of the demonstration ------------------------------------------------------------------------------------


def duties_in(code: str) -> dict[str, set[str]]:
    return {person["login"]: set(person["duties"][code]) for person in STAFF if code in person["duties"]}


@pytest.mark.parametrize("code", OFFICES)
def test_every_duty_of_an_office_is_filled_and_nobody_is_officer_and_treasurer(code: str) -> None:
    people = duties_in(code)
    assert set().union(*people.values()) == {duty.value for duty in Duty}
    assert [login for login, duties in people.items() if {"officer", "treasurer"} <= duties] == []


def test_the_small_office_has_one_person_for_the_desk_and_its_supervision() -> None:
    assert {"officer", "supervisor"} in duties_in("1571").values()
    assert all(len(duties) == 1 for duties in duties_in("1600").values())


@pytest.mark.parametrize("person", STAFF, ids=lambda person: str(person["login"]))
def test_staff_are_recognisably_invented(person: dict[str, Any]) -> None:
    assert INVENTED.search(person["name"])
    assert read_nip(person["nip"]).valid
    assert person["nip"][15:17] in {"98", "99"}
    assert re.fullmatch(r"[a-z_]{3,40}", person["login"])
    assert set(person["duties"]) <= set(OFFICES)


def test_logins_and_staff_numbers_are_unique() -> None:
    for name in ("login", "nip"):
        values = [person[name] for person in STAFF]
        assert len(set(values)) == len(values)
    heads = [profile(code)["demo"]["head"] for code in OFFICES]
    assert all(read_nip(head["nip"]).valid and INVENTED.search(head["name"]) for head in heads)


def test_customers_of_every_class_come_to_the_demonstration() -> None:
    classes = {entry.value for entry in CustomerClass}
    assert {person["customer_class"] for person in CUSTOMERS} == classes
    assert len(CUSTOMERS) >= 30


@pytest.mark.parametrize("person", CUSTOMERS, ids=lambda person: str(person["name"])[:30])
def test_customers_are_recognisably_invented_and_well_formed(person: dict[str, str]) -> None:
    assert INVENTED.search(f"{person['name']} {person.get('institution', '')}")
    assert read_email(person["email"]).valid
    assert re.search(r"@example\.(org|edu|com)$", person["email"])
    assert read_phone(person["phone"]).normalized == person["phone"]
    if person["id_number"].isdigit():
        assert person["id_number"].startswith("99")
        assert read_nik(person["id_number"], TODAY).valid
    if person.get("npwp"):
        number = read_npwp(person["npwp"])
        assert number.check_digit_ok
        assert person["npwp"][10:13] == "999"


def test_the_receiving_accounts_are_those_of_the_sample_statements() -> None:
    assert [profile(code)["demo"]["account"]["number"] for code in OFFICES] == ["009901000123304", "9990001112223"]
