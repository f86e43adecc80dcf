"""Who the customer is while the name is being typed, and whether the request is already here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.case import CustomerClass, Stage
from desk.rules.same_request import Asked, same_content, same_person

WEEKS = 8
"""How far back a request counts as perhaps the same one; an open case counts whatever its age."""
SHOWN = 5
FOUND = 8

_CASES = text("""
SELECT c.office_id, c.id, c.number, c.stage, c.customer_name, k.email, k.phone,
  (c.registered_at AT TIME ZONE o.zone)::date AS day,
  concat(c.abstract->>'title', ' ', c.abstract->>'purpose') AS words,
  ARRAY(SELECT l.title FROM desk.case_line l WHERE l.office_id = c.office_id AND l.case_id = c.id
        UNION SELECT l.catalogue_code FROM desk.case_line l WHERE l.office_id = c.office_id AND l.case_id = c.id
        AND l.catalogue_code <> '') AS lines
FROM desk.cases c
JOIN desk.office o ON o.id = c.office_id
JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
WHERE c.office_id = ANY (:offices) AND c.id <> :but AND c.stage NOT IN ('cancelled', 'merged')
  AND c.changed_at > desk.now() - make_interval(weeks => :weeks)
  AND (c.stage IN ('new', 'clear', 'active') OR c.registered_at > desk.now() - make_interval(weeks => :weeks))
  AND ((:email <> '' AND lower(k.email) = lower(:email)) OR (:phone <> '' AND k.phone = :phone)
       OR (:name <> '' AND lower(k.name) = lower(:name)))
ORDER BY c.changed_at DESC LIMIT 50
""")
_CUSTOMERS = text("""
SELECT k.office_id, k.id, k.name, k.customer_class, k.institution, k.position, k.email, k.phone, k.address,
  k.id_number, k.npwp, x.cases, x.last
FROM (
  SELECT DISTINCT ON (lower(n.name), lower(n.email), n.phone) n.*
  FROM desk.customer n JOIN desk.cases c ON c.office_id = n.office_id AND c.customer_id = n.id
  WHERE n.office_id = ANY (:offices)
    AND lower(concat_ws(' ', n.name, n.institution, n.email, n.phone)) LIKE ALL (:patterns)
  ORDER BY lower(n.name), lower(n.email), n.phone, c.registered_at DESC
) k
CROSS JOIN LATERAL (
  SELECT count(*) AS cases, max((c.registered_at AT TIME ZONE o.zone)::date) AS last
  FROM desk.customer s JOIN desk.cases c ON c.office_id = s.office_id AND c.customer_id = s.id
  JOIN desk.office o ON o.id = c.office_id
  WHERE s.office_id = k.office_id AND lower(s.name) = lower(k.name) AND lower(s.email) = lower(k.email)
    AND s.phone = k.phone
) x
ORDER BY lower(k.name) NOT LIKE :first, x.last DESC, k.name LIMIT :found
""")


@dataclass(frozen=True, slots=True)
class SameRequest:
    """A case that may be the request that is being written down, and why; `sure` when the data or title agree too."""

    office_id: int
    case_id: UUID
    number: str
    customer_name: str
    stage: Stage
    registered_on: date
    why: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """Somebody who asked before: the newest card, how often, and when the last time."""

    name: str
    customer_class: CustomerClass
    institution: str
    position: str
    email: str
    phone: str
    address: str
    id_number: str
    npwp: str
    cases: int
    last_on: date


def same_requests(
    session: Session, office_ids: Sequence[int], asked: Asked, *, but: UUID | None = None
) -> list[SameRequest]:
    """The cases of the last weeks that may be the same request, the surest first; one query.

    Only cases of the same person are looked at: the same data are asked for by many.
    """
    rows = session.execute(
        _CASES,
        {
            "offices": list(office_ids),
            "but": but or UUID(int=0),
            "weeks": WEEKS,
            "email": asked.email.strip(),
            "phone": asked.phone,
            "name": " ".join(asked.name.split()),
        },
    )
    found = []
    for row in rows:
        old = Asked(row.customer_name, row.email, row.phone, tuple(row.lines), row.words)
        person, content = same_person(asked, old), same_content(asked, old)
        if person == ("nama sama",) and not content:
            continue  # many people share a name
        stage = Stage.of(row.stage)
        sure = bool(content) or (not asked.says_what() and stage is Stage.NEW and person != ("nama sama",))
        found.append(
            SameRequest(row.office_id, row.id, row.number, row.customer_name, stage, row.day, (*person, *content), sure)
        )
    found.sort(key=lambda each: (not each.sure, -len(each.why)))
    return found[:SHOWN]


def find_customers(session: Session, office_ids: Sequence[int], typed: str) -> list[KnownCustomer]:
    """Customers whose name, institution, mail address or telephone hold all typed words; whose name begins so first."""
    words = re.findall(r"[^\s,;]+", typed.casefold())[:6]
    if sum(map(len, words)) < 3:
        return []
    digits = re.sub(r"\D", "", typed)
    if len(digits) >= 5 and len(digits) >= len(re.sub(r"\s", "", typed)) - 3:
        words = [re.sub(r"^(?:62|0)", "", digits)]  # however a telephone number was typed, it is stored as +62…
    patterns = [f"%{_escaped(word)}%" for word in words]
    rows = session.execute(
        _CUSTOMERS,
        {"offices": list(office_ids), "patterns": patterns, "first": f"{_escaped(words[0])}%", "found": FOUND},
    )
    return [
        KnownCustomer(
            row.name, CustomerClass.of(row.customer_class), row.institution, row.position, row.email, row.phone,
            row.address, row.id_number, row.npwp, row.cases, row.last,
        )
        for row in rows
    ]  # fmt: skip


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
