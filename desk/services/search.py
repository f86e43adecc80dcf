"""One box for everything: a number, a code, a name, a contact, an amount, an NTPN, a file name, what was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.case import Stage
from desk.rules.codes import binder_code, decode, looks_like_ours
from desk.rules.numbering import find_case_number
from desk.rules.papers import PaperKind
from desk.rules.rupiah import parse_amount, rupiah
from desk.services.custody import holder


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
_CASE = "SELECT c.office_id, c.id, c.number, c.customer_name, c.institution, c.stage FROM desk.cases c WHERE c."

_LABELS = {
    "case": "Permohonan", "customer": "Kontak", "line": "Data diminta", "message": "Percakapan", "file": "Berkas",
    "invoice": "Invoice", "agreement": "SPPD", "receipt": "Kuitansi", "letter": "Surat", "proof": "Bukti bayar",
    "payment": "Pembayaran", "deposit": "Setoran", "billing": "Kode billing",
}  # fmt: skip
"""Which part of a case was found."""

_AROUND = 16
"""Characters of a text that are shown before the found word."""
_LONGEST = 180

_FOUND = text("""
WITH f AS MATERIALIZED (
  SELECT * FROM desk.find_words(CAST(:office_ids AS bigint[]), :typed, CAST(:also AS text[]), :limit) WITH ORDINALITY
    AS f (office_id, case_id, kind, found_id, at, place))
SELECT f.office_id, f.case_id AS id, f.kind, f.found_id, c.number, c.customer_name, c.institution, c.stage,
  c.abstract->>'title' AS title
FROM f JOIN desk.cases c ON c.office_id = f.office_id AND c.id = f.case_id
ORDER BY f.place
""")
_TOLD = {
    "customer": "jsonb_build_array(t.email, t.phone) AS told FROM desk.customer t",
    "line": "jsonb_build_array(t.title) AS told FROM desk.case_line t",
    "message": "jsonb_build_array(t.sender, t.subject, substr(t.body, greatest(1, strpos(lower(t.body), :first) "
    "- :around), 240)) AS told FROM desk.message t",
    "file": "jsonb_build_array(t.name) AS told FROM desk.document t",
    "invoice": "jsonb_build_array(t.number, t.total, t.payment_code) AS told FROM desk.invoice t",
    "agreement": "jsonb_build_array(t.number) AS told FROM desk.agreement t",
    "receipt": "jsonb_build_array(t.number, t.amount) AS told FROM desk.receipt t",
    "letter": "jsonb_build_array(t.number) AS told FROM desk.letter t",
    "proof": "jsonb_build_array(t.amount, t.payer, t.reference) AS told FROM desk.payment_proof t",
    "payment": "jsonb_build_array(t.amount, t.reference, nullif('NTB ' || t.ntb, 'NTB ')) AS told FROM desk.payment t",
    "billing": "jsonb_build_array(t.code, t.amount) AS told FROM desk.billing_code t",
    "deposit": "jsonb_build_array('NTPN ' || t.ntpn, t.billing_code, t.amount) AS told FROM desk.deposit t",
}
"""What is shown of the part that was found, read under the rights of the person who asks."""


def search(session: Session, office_ids: Sequence[int], typed: str, *, limit: int = 20) -> list[SearchHit]:
    """What the text leads to, the surest first; empty for nothing. A scanned code of another office is Refused.

    Words are looked up by their beginnings, in every part of a case at once: `siti susenas` finds the request of Siti
    whose conversation speaks of Susenas. Read for the offices of the person only, whatever is asked for.
    """
    wanted = _WHO_HOLDS.sub("", typed.strip())
    if len(wanted) < 2:
        return []
    if looks_like_ours(wanted):
        return _in_binder(session, wanted, office_ids) or _by_code(session, wanted, office_ids)
    if number := find_case_number(wanted):
        rows = session.execute(
            text(f"{_CASE}office_id = ANY (:office_ids) AND c.number = :number"),
            {"office_ids": list(office_ids), "number": number},
        )
        if hits := [_case_hit(row) for row in rows]:
            return hits
    return _by_words(session, wanted, office_ids, limit)


def _in_binder(session: Session, wanted: str, office_ids: Sequence[int]) -> list[SearchHit]:
    """What stands in the binder whose label was scanned, and who holds what; empty for any other code."""
    if binder_code(wanted) is None:
        return []
    from desk.services.binders import papers_of
    from desk.services.stocktake import binder_of_code

    binder = binder_of_code(session, office_ids, wanted)
    papers = papers_of(session, binder.office_id, binder.id)
    if not papers:
        raise Refused(f"Map {binder.name} masih kosong.")
    return [
        SearchHit(
            _LABELS["agreement"],
            f"{paper.named} · {paper.customer_name}",
            f"{binder.name}, lembar {paper.sheet}, " + (f"dipegang {paper.borrower}" if paper.borrower else "di map"),
            paper.office_id,
            paper.case_id,
        )
        for paper in papers
    ]


def _by_code(session: Session, wanted: str, office_ids: Sequence[int]) -> list[SearchHit]:
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
        {
            "office_ids": list(office_ids), "code": code.office, "year": code.year, "number": code.number,
            "kind": code.kind.value,
        },
    ).all()  # fmt: skip
    if not rows:
        raise Refused(f"Naskah {code.kind.label} dengan kode itu bukan milik kantor Anda (kantor {code.office}).")
    if code.kind is PaperKind.SPPD:
        return [_with_holder(session, _case_hit(row), row.paper_id) for row in rows]
    return [_case_hit(row) for row in rows]


def _with_holder(session: Session, hit: SearchHit, agreement_id: UUID) -> SearchHit:
    """The hit, with who holds the paper original."""
    held = holder(session, hit.office_id, agreement_id)
    return replace(hit, detail=f"{hit.detail} · {held}") if held else hit


def _by_words(session: Session, wanted: str, office_ids: Sequence[int], limit: int) -> list[SearchHit]:
    """Everything that has words: names, contacts, numbers, amounts, file names and the conversation."""
    words = re.findall(r"\w+", wanted.casefold())
    if not words and not any(sign.isdigit() for sign in wanted):
        return []
    values: dict[str, object] = {
        "office_ids": list(office_ids), "first": max(words, key=len, default=""), "around": _AROUND,
    }  # fmt: skip
    rows = session.execute(_FOUND, {**values, "typed": wanted, "also": _whole(wanted), "limit": limit}).all()
    first: dict[tuple[int, UUID], Row[Any]] = {}  # each case once, by its surest part
    for row in rows:
        first.setdefault((row.office_id, row.id), row)
    parts = list(first.values())[:limit]
    told = _told(session, parts, values)
    hits = []
    for row in parts:
        found = told.get((row.kind, row.found_id), [])
        hit = _hit_of(row, sorted(words, key=len, reverse=True), found)
        asked_by_number = row.kind == "agreement" and found == [wanted]
        hits.append(_with_holder(session, hit, row.found_id) if asked_by_number else hit)
    return hits


def _told(session: Session, rows: Sequence[Row[Any]], values: dict[str, object]) -> dict[tuple[str, UUID], list[Any]]:
    """What the found parts say; one question about the few kinds that were found."""
    ids: dict[str, list[UUID]] = {}
    for row in rows:
        if row.kind in _TOLD:
            ids.setdefault(row.kind, []).append(row.found_id)
    if not ids:
        return {}
    parts = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, t.id, {_TOLD[kind]} WHERE t.office_id = ANY (:office_ids) AND t.id = ANY (:{kind})"
        for kind in ids
    )
    return {(row.kind, row.id): row.told for row in session.execute(text(parts), {**values, **ids})}


def _whole(wanted: str) -> list[str]:
    """What the text may mean as a whole: an amount, a telephone number, the running number of a case or paper."""
    meanings = []
    with suppress(Refused):
        meanings.append(f"rp{parse_amount(wanted)}")
    if re.fullmatch(r"[0-9]{1,6}", wanted):
        meanings.append(f"no{int(wanted)}")
    if re.fullmatch(r"[+(]?[0-9][0-9 ()./-]{4,}", wanted):
        meanings.append(re.sub(r"^0", "62", re.sub(r"\D", "", wanted)) + "*")
    if re.fullmatch(r"[0-9]+-[0-9A-Za-z-]+", wanted) or re.fullmatch(r"[0-9A-Za-z]{16}", wanted):
        meanings.append(wanted)
    elif re.fullmatch(r"[0-9A-Za-z]{15,16}", joined := re.sub(r"[\s.-]", "", wanted)):
        meanings.append(joined)  # a billing code or an NTPN as it is written in groups
    return meanings


def _hit_of(row: Row[Any], words: list[str], said: Sequence[Any]) -> SearchHit:
    told = (rupiah(part) if isinstance(part, int) else " ".join(part.split()) for part in said if part)
    kind, found = _LABELS[row.kind], " · ".join(told)
    who = _named(row)
    seen = re.findall(r"\w+", f"{row.number} {who}".casefold())
    if row.kind == "case":
        by_title = not all(any(said.startswith(word) for said in seen) for word in words)
        detail = f"{who} · {row.title}" if by_title and row.title else f"{who} · {Stage.of(row.stage).label}"
    elif row.kind == "message":
        text = next((part for part in reversed(said) if part and words[0] in part.casefold()), found)
        detail = f"{_cut(' '.join(text.split()))} · {row.customer_name}"
    else:
        detail = f"{_cut(found)} · {row.customer_name}" if found else who
    return SearchHit(kind, row.number, detail, row.office_id, row.id)


def _cut(found: str) -> str:
    return found if len(found) <= _LONGEST else found[:_LONGEST].rstrip() + " …"


def _named(row: Row[Any]) -> str:
    return f"{row.customer_name}, {row.institution}" if row.institution else str(row.customer_name)


def _case_hit(row: Row[Any]) -> SearchHit:
    return SearchHit("Permohonan", row.number, f"{_named(row)} · {Stage.of(row.stage).label}", row.office_id, row.id)
