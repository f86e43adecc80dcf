"""What a fresh database needs before the first case: the schema, the action table, national rows, offices, people.

Run by the owner of the database: the start of the private server, `desk demo`, and the set-up of an office's server.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import insert

from desk import actions, resources
from desk.adapters import default_rights, roles, schema
from desk.models import NATIONAL, CatalogueItem, DutyRow, Holiday, Office, Person, Rule, Template
from desk.rules.dates import ZONES
from desk.rules.labels import TEMPLATES as LABEL_TEMPLATES
from desk.rules.papers import PaperKind
from desk.rules.papers.kinds import OFFICE_SHEETS, RECEIPT_PAGES
from desk.rules.people import Duty
from desk.rules.rule_book import rules_from_toml
from desk.rules.working_days import days_off_from_toml
from desk.services import doctor

SHIPPED_FROM = date(2015, 1, 1)
"""The start date of everything that is shipped without a date of its own."""

OLDEST_PROGRAM = "0.1.0"
"""The oldest version that still does right with this version's database; raised where an older one would not."""

GROUP_OF = {
    Duty.OFFICER: roles.OFFICER,
    Duty.TREASURER: roles.TREASURER,
    Duty.SUPERVISOR: roles.SUPERVISOR,
    Duty.ADMINISTRATOR: roles.ADMINISTRATOR,
    Duty.AUDITOR: roles.AUDITOR,
}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who will work here: login, name, NIP, position, and the duties per office id."""

    login: str
    name: str
    nip: str
    position: str
    duties: Mapping[int, Iterable[Duty]]
    password: str = field(repr=False)


def prepare(engine: Engine) -> None:
    """Brings the database to this program's version and refreshes everything that is shipped; safe to repeat."""
    schema.upgrade(engine)
    with engine.begin() as connection:
        actions.publish(connection)
        put_national_rows(connection)
        default_rights.revoke(connection)
        default_rights.limit_people(connection)
        _let_in_from(connection, OLDEST_PROGRAM)


def _let_in_from(connection: Connection, version: str) -> None:
    """Refuses every program older than ``version`` from now on, also in windows that are open; never lowered."""
    connection.execute(
        text(
            "UPDATE desk.installation SET oldest_program = :version WHERE "
            "string_to_array(oldest_program, '.')::bigint[] < string_to_array(CAST(:version AS text), '.')::bigint[]"
        ),
        {"version": version},
    )


def put_national_rows(connection: Connection) -> None:
    """Writes the shipped rule book, calendar, catalogue and templates as rows of office 0; own rows stay untouched."""
    connection.execute(
        insert(Office).values(id=NATIONAL, code="0000", name="Nasional").on_conflict_do_nothing(index_elements=["id"])
    )
    _put_rules(connection)
    _put_holidays(connection)
    _put_catalogue(connection)
    _put_templates(connection)
    doctor.publish(connection)


def office_id(code: str) -> int:
    """The id of an office is its BPS code as a number: 1600, 1571."""
    return int(code)


def add_office(connection: Connection, description: Mapping[str, Any], *, invented: bool = False) -> int:
    """Writes an office as its published standard describes it and gives its id.

    `invented` takes what the standard does not tell (account, officials) from the description's demo part.
    """
    office = office_id(description["code"])
    parent = description.get("parent") or None
    profile = {key: value for key, value in description.items() if key not in ("numbers", "demo")}
    if invented:
        profile |= description.get("demo", {})
    known = connection.execute(text("SELECT array_agg(id) FROM desk.office")).scalar_one() or []
    values = {
        "code": description["code"],
        "name": description["name"],
        "zone": ZONES.get(description["time_zone"], description["time_zone"]),
        "province_id": office_id(parent) if parent and office_id(parent) in known else None,
        "profile": profile,
    }
    connection.execute(
        insert(Office).values(id=office, **values).on_conflict_do_update(index_elements=["id"], set_=values)
    )
    numbers = dict(description["numbers"])
    unit = numbers.pop("unit")
    shapes = {kind: {**shape, "unit": unit} for kind, shape in numbers.items()}
    shapes["case"] = {"template": "PST-{unit}-{tahun}-{nomor:6}", "unit": description["code"]}
    for kind, shape in shapes.items():
        connection.execute(
            insert(Rule)
            .values(
                office_id=office,
                key=f"number.{kind}",
                valid_from=SHIPPED_FROM,
                value=shape,
                basis="Tata naskah kantor",
                confirmed=False,
            )
            .on_conflict_do_nothing()
        )
    return office


def shipped_offices() -> list[dict[str, Any]]:
    """The offices whose standards are shipped with the program."""
    folder = resources.folder("resources") / "offices"
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))]


def add_person(connection: Connection, person: NewPerson) -> None:
    """Gives a person a database login, a row and duties; the login must be new on this server."""
    connection.execute(
        insert(Person)
        .values(login=person.login, name=person.name, nip=person.nip, position=person.position)
        .on_conflict_do_nothing()
    )
    duties = [(office, duty) for office, held in person.duties.items() for duty in held]
    connection.execute(
        insert(DutyRow).on_conflict_do_nothing(),
        [
            {"office_id": office, "login": person.login, "duty": duty.value, "starts_on": SHIPPED_FROM}
            for office, duty in duties
        ],
    )
    groups = sorted({GROUP_OF[duty] for _, duty in duties})
    exists = connection.execute(text("SELECT to_regrole(:name) IS NOT NULL"), {"name": person.login}).scalar_one()
    if exists:
        roles.set_password(connection, person.login, person.password)
        roles.set_duties(connection, person.login, groups)
    else:
        roles.create_login(connection, person.login, person.password, groups)
    default_rights.limit(connection, person.login)


def _put_rules(connection: Connection) -> None:
    for path in sorted((resources.folder("resources") / "rule_book").glob("*.toml")):
        for rule in rules_from_toml(path.read_text("utf-8")):
            values = {"value": rule.value, "basis": rule.basis, "confirmed": rule.confirmed}
            connection.execute(
                insert(Rule)
                .values(office_id=NATIONAL, key=rule.key, valid_from=rule.valid_from, **values)
                .on_conflict_do_nothing()
            )


def _put_holidays(connection: Connection) -> None:
    days = days_off_from_toml(resources.resource("calendars", "indonesia.toml").read_text("utf-8"))
    connection.execute(
        insert(Holiday).on_conflict_do_nothing(),
        [
            {"office_id": NATIONAL, "day": day.on, "name": day.name, "kind": day.kind.value, "decree": day.decree}
            for day in days
        ],
    )


def _put_catalogue(connection: Connection) -> None:
    items = tomllib.loads(resources.resource("catalogue", "catalogue.toml").read_text("utf-8"))["item"]
    connection.execute(
        insert(CatalogueItem).on_conflict_do_nothing(),
        [
            {
                "office_id": NATIONAL,
                "code": item["code"],
                "title": item["title"],
                "survey": item.get("survey", ""),
                "year": item.get("year"),
                "area_code": item.get("area", ""),
                "area_name": item.get("area_name", ""),
                "level": item.get("level", ""),
                "format": item.get("format", ""),
                "tariff": item["tariff"],
                "size": _ordered_quantity(item),
            }
            for item in items
        ],
    )


def _ordered_quantity(item: Mapping[str, Any]) -> int:
    """What one order of the item counts: bytes of a dataset, pages of a publication, or one map."""
    return int({"microdata": item.get("size_bytes"), "publication": item.get("pages")}.get(item["kind"]) or 1)


def _put_templates(connection: Connection) -> None:
    names = {kind.value for kind in PaperKind} | set(RECEIPT_PAGES.values()) | {*OFFICE_SHEETS, *LABEL_TEMPLATES}
    for kind in sorted(names):
        content = resources.template(f"{kind}.docx").read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        newest = connection.execute(
            text(
                "SELECT version, sha256 FROM desk.template WHERE office_id = :national AND kind = :kind "
                "ORDER BY version DESC LIMIT 1"
            ),
            {"national": NATIONAL, "kind": kind},
        ).one_or_none()
        if newest is not None and newest.sha256 == sha256:
            continue
        version = newest.version + 1 if newest else 1
        connection.execute(
            insert(Template).values(
                office_id=NATIONAL,
                id=template_id(kind, sha256),
                kind=kind,
                version=version,
                valid_from=SHIPPED_FROM,
                sha256=sha256,
                content=content,
            )
        )


def template_id(kind: str, sha256: str) -> UUID:
    """The id of a shipped template: the same on every database that holds the same bytes."""
    return uuid5(NAMESPACE_URL, f"meja-pst:template:{kind}:{sha256}")
