"""One box for everything: a number, a code, a name, an amount, a telephone number, a file name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.case import Stage
from desk.rules.codes import decode, looks_like_ours
from desk.rules.numbering import find_case_number
from desk.rules.papers import PaperKind
from desk.rules.rupiah import parse_amount, rupiah
from desk.services.mail_table import holder


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One place to go to: what was found, in which case."""

    kind: str
    title: str
    detail: str
    office_id: int
    case_id: UUID


_WHO_HOLDS = re.compile(r"^(?:siapa|di mana)\s+(?:(?:yang\s+)?(?:memegang|pegang)\s+|naskah\s+)", re.IGNORECASE)
"""The question itself may be typed: `siapa yang memegang SPPD-001/…`."""
_MINE = "office_id = ANY (:office_ids)"
_CASE = "SELECT c.office_id, c.id, c.number, c.customer_name, c.institution, c.stage FROM desk.cases c WHERE c."


def search(session: Session, office_ids: Sequence[int], typed: str, *, limit: int = 20) -> list[SearchHit]:
    """What the text leads to, the surest first; empty for nothing. A scanned code of another office is Refused."""
    wanted = _WHO_HOLDS.sub("", typed.strip())
    if len(wanted) < 2:
        return []
    where = {"office_ids": list(office_ids), "limit": limit}
    if looks_like_ours(wanted):
        return _by_code(session, wanted, where)
    if number := find_case_number(wanted):
        rows = session.execute(text(f"{_CASE}{_MINE} AND c.number = :number"), {**where, "number": number})
        if hits := [_case_hit(row) for row in rows]:
            return hits
    hits = _by_paper_number(session, wanted, where)
    hits += _by_words(session, wanted, where)
    hits += _by_contact(session, wanted, where)
    hits += _by_amount(session, wanted, where)
    hits += _by_file(session, wanted, where)
    return list(dict.fromkeys(hits))[:limit]


def _by_code(session: Session, wanted: str, where: dict[str, object]) -> list[SearchHit]:
    code = decode(wanted)
    table = {
        PaperKind.INVOICE: "invoice",
        PaperKind.SPPD: "agreement",
        PaperKind.RECEIPT: "receipt",
        PaperKind.CASE_FILE: "cases",
    }.get(code.kind, "letter")
    of_kind = "AND n.kind = :kind " if table == "letter" else ""
    of_case = "id" if table == "cases" else "case_id"
    rows = session.execute(
        text(
            "SELECT c.office_id, c.id, c.number, c.customer_name, c.institution, c.stage, n.id AS paper_id "  # noqa: S608
            f"FROM desk.{table} n JOIN desk.cases c ON c.office_id = n.office_id AND c.id = n.{of_case} "
            "JOIN desk.office o ON o.id = n.office_id WHERE n.office_id = ANY (:office_ids) AND o.code = :code "
            f"{of_kind}AND n.year = :year AND n.sequence = :number"
        ),
        {**where, "code": code.office, "year": code.year, "number": code.number, "kind": code.kind.value},
    ).all()
    if not rows:
        raise Refused(f"Naskah {code.kind.label} dengan kode itu bukan milik kantor Anda (kantor {code.office}).")
    if code.kind is PaperKind.SPPD:
        return [_with_holder(session, _case_hit(row), row.paper_id) for row in rows]
    return [_case_hit(row) for row in rows]


def _with_holder(session: Session, hit: SearchHit, agreement_id: UUID) -> SearchHit:
    """The hit, with who holds the paper original."""
    held = holder(session, hit.office_id, agreement_id)
    return replace(hit, detail=f"{hit.detail} · {held}") if held else hit


def _by_paper_number(session: Session, wanted: str, where: dict[str, object]) -> list[SearchHit]:
    if not any(sign.isdigit() for sign in wanted):
        return []
    parts = " UNION ALL ".join(
        f"(SELECT '{label}' AS kind, n.id, n.number, n.office_id, n.case_id, c.customer_name FROM desk.{table} n "  # noqa: S608
        "JOIN desk.cases c ON c.office_id = n.office_id AND c.id = n.case_id "
        f"WHERE n.office_id = ANY (:office_ids) AND {test} LIMIT :limit)"
        for label, table, test in (
            ("Invoice", "invoice", "(n.number = :typed OR n.payment_code = upper(:typed))"),
            ("SPPD", "agreement", "n.number = :typed"),
            ("Kuitansi", "receipt", "n.number = :typed"),
        )
    )
    rows = session.execute(text(parts), {**where, "typed": wanted})
    hits = []
    for row in rows:
        hit = SearchHit(row.kind, row.number, row.customer_name, row.office_id, row.case_id)
        hits.append(_with_holder(session, hit, row.id) if row.kind == "SPPD" else hit)
    return hits


def _by_words(session: Session, wanted: str, where: dict[str, object]) -> list[SearchHit]:
    """Names, institutions and numbers by the beginnings of their words."""
    words = re.findall(r"\w+", wanted)
    if not words:
        return []
    query = " & ".join(f"{word}:*" for word in words[:6])
    rows = session.execute(
        text(f"{_CASE}{_MINE} AND c.words @@ to_tsquery('simple', :query) ORDER BY c.changed_at DESC LIMIT :limit"),
        {**where, "query": query},
    )
    return [_case_hit(row) for row in rows]


def _by_contact(session: Session, wanted: str, where: dict[str, object]) -> list[SearchHit]:
    digits = re.sub(r"\D", "", wanted)
    if "@" not in wanted and len(digits) < 6:
        return []
    rows = session.execute(
        text(
            "SELECT c.office_id, c.id, c.number, c.customer_name, c.institution, c.stage FROM desk.customer k "
            "JOIN desk.cases c ON c.office_id = k.office_id AND c.customer_id = k.id "
            "WHERE k.office_id = ANY (:office_ids) AND (lower(k.email) = lower(:typed) "
            "OR (:digits <> '' AND k.phone = '+' || :digits)) ORDER BY c.changed_at DESC LIMIT :limit"
        ),
        {**where, "typed": wanted, "digits": re.sub(r"^0", "62", digits)},
    )
    return [_case_hit(row) for row in rows]


def _by_amount(session: Session, wanted: str, where: dict[str, object]) -> list[SearchHit]:
    try:
        amount = parse_amount(wanted)
    except Refused:
        return []
    rows = session.execute(
        text(
            "SELECT i.number, i.office_id, i.case_id, c.customer_name FROM desk.invoice i "
            "JOIN desk.cases c ON c.office_id = i.office_id AND c.id = i.case_id "
            "WHERE i.office_id = ANY (:office_ids) AND i.total = :amount ORDER BY i.at DESC LIMIT :limit"
        ),
        {**where, "amount": amount},
    )
    return [
        SearchHit(f"Invoice {rupiah(amount)}", row.number, row.customer_name, row.office_id, row.case_id)
        for row in rows
    ]


def _by_file(session: Session, wanted: str, where: dict[str, object]) -> list[SearchHit]:
    if "." not in wanted:
        return []
    rows = session.execute(
        text(
            "SELECT d.name, d.title, d.office_id, d.case_id FROM desk.document d "
            "WHERE d.office_id = ANY (:office_ids) AND lower(d.name) = lower(:typed) LIMIT :limit"
        ),
        {**where, "typed": wanted},
    )
    return [SearchHit("Berkas", row.name, row.title, row.office_id, row.case_id) for row in rows]


def _case_hit(row: object) -> SearchHit:
    name = f"{row.customer_name}, {row.institution}" if row.institution else row.customer_name  # type: ignore[attr-defined]
    return SearchHit("Permohonan", row.number, f"{name} · {Stage.of(row.stage).label}", row.office_id, row.id)  # type: ignore[attr-defined]
