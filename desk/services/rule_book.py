"""The rule book and the calendar as an office works by them, read from the database."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from desk.models import NATIONAL, Holiday
from desk.rules.case import CaseFacts
from desk.rules.catalogue import Catalogue, CatalogueChoice
from desk.rules.rule_book import OfficeRules, Rule, office_rules, tariff_in_force
from desk.rules.tariff import TariffTable
from desk.rules.working_days import Calendar, DayKind, DayOff, calendar_from_days


def rules(session: Session, office_id: int) -> list[Rule]:
    """All dated rows that concern one office, national ones included; one query."""
    rows = session.execute(
        text(
            "SELECT office_id, key, valid_from, value, basis, confirmed FROM desk.rule "
            "WHERE office_id IN (:national, :office_id)"
        ),
        {"national": NATIONAL, "office_id": office_id},
    )
    return [Rule(row.key, row.valid_from, row.value, row.basis, row.office_id, row.confirmed) for row in rows]


_KNOWN: dict[tuple[int, str], list[Rule]] = {}
_KEPT = 16


def rules_for(session: Session, case: CaseFacts) -> list[Rule]:
    """The rows as the facts of the case were read with; asked for once per version of the rule book."""
    version = (case.office_id, case.rule_book)
    if version not in _KNOWN:
        if len(_KNOWN) >= _KEPT:
            _KNOWN.clear()
        _KNOWN[version] = rules(session, case.office_id)
    return _KNOWN[version]


def rules_of(session: Session, case: CaseFacts) -> OfficeRules:
    """What the office of the case works by today."""
    return office_rules(rules_for(session, case), case.today, case.office_id)


def tariff_of(session: Session, case: CaseFacts) -> TariffTable:
    """The tariff that an invoice of today is priced with."""
    return tariff_in_force(rules_for(session, case), case.today, case.office_id)


_CALENDARS: dict[tuple[int, str], Calendar] = {}


def calendar_of(session: Session, case: CaseFacts) -> Calendar:
    """The days off as the facts of the case were read with; asked for once per version of the calendar."""
    version = (case.office_id, case.calendar)
    if version not in _CALENDARS:
        if len(_CALENDARS) >= _KEPT:
            _CALENDARS.clear()
        _CALENDARS[version] = calendar(session, case.office_id)
    return _CALENDARS[version]


def calendar(session: Session, office_id: int) -> Calendar:
    """The days off of one office: national holidays, cuti bersama and its own; the version names the last day known."""
    rows = session.scalars(
        select(Holiday).where(Holiday.office_id.in_((NATIONAL, office_id))).order_by(Holiday.day)
    ).all()
    days = [DayOff(row.day, row.name, DayKind(row.kind), row.decree) for row in rows]
    decreed = [day.on.year for day in days if day.kind is DayKind.JOINT_LEAVE]
    known_from, known_until = (min(decreed), max(decreed)) if decreed else (9999, 0)
    return calendar_from_days(
        days, version=f"{len(days)} hari libur sampai {known_until}", known_from=known_from, known_until=known_until
    )


_CATALOGUE = text("""
SELECT i.code, i.title, i.tariff, i.size, i.survey, i.year, i.area_code, i.area_name, i.level FROM desk.catalogue_item i
WHERE i.office_id IN (:national, :office_id) AND i.active ORDER BY i.title, i.code
""")
_CATALOGUE_VERSION = text("""
SELECT count(*), coalesce(sum(i.xmin::text::bigint), 0)
FROM desk.catalogue_item i WHERE i.office_id IN (:national, :office_id)
""")  # every written row carries the number of its transaction
_CATALOGUES: dict[int, tuple[tuple[int, int], Catalogue]] = {}


def catalogue(session: Session, office_id: int) -> Catalogue:
    """What can be ordered from an office, ready to be found while typing; read once, and again when it was changed."""
    asked = {"national": NATIONAL, "office_id": office_id}
    count, written = session.execute(_CATALOGUE_VERSION, asked).one()
    version = (int(count), int(written))
    kept = _CATALOGUES.get(office_id)
    if kept is None or kept[0] != version:
        kept = (version, Catalogue([CatalogueChoice(*row) for row in session.execute(_CATALOGUE, asked)]))
        if len(_CATALOGUES) >= _KEPT:
            _CATALOGUES.clear()
        _CATALOGUES[office_id] = kept
    return kept[1]
