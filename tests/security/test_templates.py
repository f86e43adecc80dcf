"""The templates of an office as PostgreSQL guards them: whole bytes, never changed, activated by a second person."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text

from desk import resources
from desk.errors import Refused
from desk.rules.case import Original
from desk.rules.papers import PaperKind
from desk.rules.papers.kinds import TEMPLATE_FORMS
from desk.services import templates
from desk.services.papers import missing_papers
from desk.services.templates import FormEntry, Standing
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Ref

INVOICE = TEMPLATE_FORMS[0]
TODAY = date(2026, 11, 23)
LETTER = b"PK\x03\x04 templat contoh"


def upload(
    person: psycopg.Connection[Any], data: bytes = LETTER, *, office_id: int = PALEMBANG, **claimed: Any
) -> dict[str, Any]:
    """Brings a template as somebody would type it, with a version, a day and a person of his own."""
    values = {
        "office_id": office_id, "id": uuid4(), "kind": "invoice", "version": 77, "valid_from": date(2001, 1, 1),
        "sha256": hashlib.sha256(data).hexdigest(), "content": data, "by": "orang.lain", **claimed,
    }  # fmt: skip
    row = person.execute(
        f"INSERT INTO desk.template ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))}) RETURNING *",
        tuple(values.values()),
    ).fetchone()
    assert row is not None
    person.commit()
    return dict(row)


def activate(
    person: psycopg.Connection[Any], template_id: UUID, starts_on: date = TODAY, *, office_id: int = PALEMBANG
) -> dict[str, Any]:
    """Activates a template, claiming that somebody else brought it and somebody else does it."""
    row = person.execute(
        "INSERT INTO desk.template_activation (office_id, id, template_id, uploaded_by, starts_on, by) "
        "VALUES (%s, %s, %s, 'orang.lain', %s, 'orang.lain') RETURNING *",
        (office_id, uuid4(), template_id, starts_on),
    ).fetchone()
    assert row is not None
    return dict(row)


def invoices(office: Office, name: str = "tono", office_id: int = PALEMBANG) -> FormEntry:
    with office.as_(name).session() as session:
        return next(each for each in templates.forms(session, [office_id]) if each.form is INVOICE)


def brought(office: Office, data: bytes = LETTER, *, office_id: int = PALEMBANG) -> UUID:
    with office.as_("tono").psql() as tono:
        found: UUID = upload(tono, data, office_id=office_id)["id"]
    return found


def test_version_day_and_person_of_an_uploaded_template_are_the_servers_words(office: Office) -> None:
    with office.as_("tono").psql() as tono:
        first, second = upload(tono), upload(tono, LETTER + b"2")
    assert (first["version"], second["version"]) == (1, 2)
    assert (first["valid_from"], first["by"]) == (TODAY, office.as_("tono").login)


def test_a_template_whose_bytes_do_not_match_their_hash_is_refused(office: Office) -> None:
    with office.as_("tono").psql() as tono, pytest.raises(errors.CheckViolation):
        upload(tono, sha256=hashlib.sha256(b"lain").hexdigest())


@pytest.mark.parametrize("name", ["rina", "budi", "hendra", "wati", "lina"])
def test_only_the_administrator_of_the_office_brings_a_template(office: Office, name: str) -> None:
    with office.as_(name).psql() as person, pytest.raises(errors.InsufficientPrivilege):
        upload(person)


def test_nobody_brings_a_national_template(office: Office) -> None:
    with office.as_("tono").psql() as tono, pytest.raises(errors.InsufficientPrivilege):
        upload(tono, office_id=0)


def test_nobody_changes_the_bytes_of_a_template_not_even_the_owner(office: Office) -> None:
    brought(office)
    for statement in (
        "UPDATE desk.template SET content = 'x'",
        "DELETE FROM desk.template",
        "TRUNCATE desk.template CASCADE",
    ):
        with office.as_("tono").psql() as tono, pytest.raises(errors.InsufficientPrivilege):
            tono.execute(statement)
        with office.owner() as owner, pytest.raises(Exception, match="tidak dapat diubah"):
            owner.execute(text(statement))


def test_an_uploaded_template_holds_only_after_a_second_person_activated_it(office: Office) -> None:
    before = invoices(office).in_force
    assert before is not None
    assert before.national
    template = brought(office)
    assert invoices(office).in_force == before
    assert [each.id for each in invoices(office).of(Standing.WAITING)] == [template]
    with office.as_("tono").psql() as tono, pytest.raises(errors.CheckViolation, match="second_person"):
        activate(tono, template)
    with office.as_("hendra").psql() as hendra:
        row = activate(hendra, template)
        hendra.commit()
    assert (row["by"], row["uploaded_by"]) == (office.as_("hendra").login, office.as_("tono").login)
    now = invoices(office).in_force
    assert now is not None
    assert (now.id, now.since, now.activated and now.activated.by) == (template, TODAY, office.as_("hendra").login)


def test_a_paper_is_made_from_the_version_that_holds_on_its_day(office: Office) -> None:
    def made_from(case: Ref) -> UUID:
        with office.as_("rina").session() as session:
            jobs = missing_papers(session, case.office_id, case.id)
        return next(job.template_id for job in jobs if job.kind is PaperKind.INVOICE)

    earlier = office.case_at(original=Original.ISSUED)
    national = made_from(earlier)
    template = brought(office)
    assert made_from(earlier) == national
    office.set_clock(MORNING + timedelta(days=1))
    with office.as_("hendra").psql() as hendra:
        activate(hendra, template, TODAY + timedelta(days=1))
        hendra.commit()
    later = office.case_at(original=Original.ISSUED)
    assert (made_from(earlier), made_from(later)) == (national, template)


def test_the_one_who_brought_it_reads_why_he_cannot_activate_it(office: Office) -> None:
    template = brought(office)
    with (
        pytest.raises(Refused, match="tidak boleh mengaktifkannya sendiri"),
        office.as_("tono").session() as session,
    ):
        templates.activate(session, PALEMBANG, template, TODAY, key=uuid4())


@pytest.mark.parametrize("name", ["rina", "budi", "wati", "lina"])
def test_only_an_administrator_or_the_supervisor_of_the_office_activates(office: Office, name: str) -> None:
    template = brought(office)
    with office.as_(name).psql() as person, pytest.raises(errors.InsufficientPrivilege):
        activate(person, template)


def test_a_template_of_another_office_is_not_activated(office: Office) -> None:
    of_jambi = brought(office, office_id=JAMBI)
    national = invoices(office).in_force
    assert national is not None
    for template in (of_jambi, national.id):
        with office.as_("hendra").psql() as hendra, pytest.raises(errors.InsufficientPrivilege, match="bukan milik"):
            activate(hendra, template)
    with office.as_("hendra").psql() as hendra, pytest.raises(errors.InsufficientPrivilege):
        activate(hendra, of_jambi, office_id=JAMBI)
    assert invoices(office, office_id=JAMBI).in_force == national


def test_a_template_never_holds_for_days_that_are_over(office: Office) -> None:
    template = brought(office)
    with office.as_("hendra").psql() as hendra, pytest.raises(errors.CheckViolation, match="sudah lewat"):
        activate(hendra, template, TODAY - timedelta(days=1))


def test_an_activation_is_final(office: Office) -> None:
    template = brought(office)
    with office.as_("hendra").psql() as hendra:
        activate(hendra, template)
        hendra.commit()
        for statement in (
            "UPDATE desk.template_activation SET starts_on = '2020-01-01'",
            "DELETE FROM desk.template_activation",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                hendra.execute(statement)
            hendra.rollback()
    assert office.rows("SELECT FROM audit.log WHERE table_name = 'template_activation'")


def test_versions_follow_one_another_by_their_days_and_an_older_one_can_come_back(office: Office) -> None:
    first, second = brought(office), brought(office, LETTER + b"2")
    later = TODAY + timedelta(days=8)
    with office.as_("hendra").psql() as hendra:
        activate(hendra, first)
        activate(hendra, second, later)
        hendra.commit()
    entry = invoices(office)
    assert entry.in_force is not None
    assert entry.in_force.id == first
    assert [each.id for each in entry.of(Standing.COMING)] == [second]
    on = "SELECT desk.template_on(:office, 'invoice', :day) AS id"
    assert office.rows(on, office=PALEMBANG, day=later - timedelta(days=1))[0]["id"] == first
    assert office.rows(on, office=PALEMBANG, day=later)[0]["id"] == second
    office.set_clock(MORNING + timedelta(days=8))
    entry = invoices(office)
    assert (entry.in_force and entry.in_force.id) == second
    assert [each.id for each in entry.of(Standing.PAST) if not each.national] == [first]
    with office.as_("hendra").psql() as hendra:
        activate(hendra, first, later)
        hendra.commit()
    again = invoices(office).in_force
    assert (again and again.id) == first


def test_an_office_goes_back_to_the_shipped_template_by_making_it_its_own(office: Office) -> None:
    tono, shipped = office.as_("tono"), resources.template("invoice.docx").read_bytes()
    with tono.session() as session:
        assert templates.store(session, PALEMBANG, INVOICE, shipped, key=uuid4()) == 1
    with pytest.raises(Refused, match="sama persis dengan versi 1"), tono.session() as session:
        templates.store(session, PALEMBANG, INVOICE, shipped, key=uuid4())


def test_the_same_upload_asked_twice_is_one_version(office: Office) -> None:
    key = uuid4()
    tono = office.as_("tono")
    for _ in range(2):
        with tono.session() as session:
            assert templates.store(session, PALEMBANG, INVOICE, LETTER, key=key) == 1
    with pytest.raises(Refused, match="sama persis dengan versi 1"), tono.session() as session:
        templates.store(session, PALEMBANG, INVOICE, LETTER, key=uuid4())
    hendra, once = office.as_("hendra"), uuid4()
    for _ in range(2):
        with hendra.session() as session:
            templates.activate(session, PALEMBANG, key, TODAY, key=once)
    assert len(office.rows("SELECT FROM desk.template_activation")) == 1
