"""`desk check statement` and `desk check match`: what import and matching understand, as plain data for JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from desk.adapters.bank_files import Profile, profile_from_file, read_statement
from desk.adapters.files import read_limited
from desk.errors import Refused
from desk.rules.matching import MatchClass, OpenInvoice, Proposal, match
from desk.rules.statement import SEN, Statement, StatementLine, exact_text, union, whole_rupiah

INVOICES_LIMIT = 20 * 1024 * 1024
_SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "samples"


def check_statement(paths: Iterable[Path], profile_path: Path | None = None) -> list[dict[str, Any]]:
    """Give one result per bank file, in the order given. Refused, with its sentence, for the first that is none."""
    profile = profile_from_file(profile_path) if profile_path else None
    return [statement_result(read_statement(path, profile=profile)) for path in paths]


def check_union(paths: Sequence[Path], profile_path: Path | None = None) -> dict[str, Any]:
    """Give what overlapping files of one account hold together, every line once. Refused when one of them is none."""
    profile: Profile | None = profile_from_file(profile_path) if profile_path else None
    together = union([read_statement(path, profile=profile) for path in paths])
    lines = [_line(line, number) | {"in_files": sorted(set(files))} for number, (line, files) in enumerate(together, 1)]
    amounts = [line.amount_sen for line, _ in together]
    return {
        "group": [path.name for path in paths],
        "result": "ok",
        "union_count": len(lines),
        "sum_credit": whole_rupiah(sum(amount for amount in amounts if amount > 0)),
        "sum_debit": whole_rupiah(sum(amount for amount in amounts if amount < 0)),
        "lines": lines,
    }


def check_match(statement_path: Path, invoices_path: Path, profile_path: Path | None = None) -> dict[str, Any]:
    """Give the proposals for every credit of a bank file against a list of open invoices (JSON)."""
    profile = profile_from_file(profile_path) if profile_path else None
    invoices = read_invoices(invoices_path)
    statement = read_statement(statement_path, profile=profile)
    proposals = match(statement.lines, invoices, newest_first=statement.newest_first)
    return {
        "statements": [
            {"statement": statement.file, "proposals": [proposal_result(proposal) for proposal in proposals]},
        ]
    }


def read_invoices(path: Path) -> list[OpenInvoice]:
    """Give the open invoices of a JSON list; Refused when it is none."""
    try:
        content = json.loads(read_limited(path, INVOICES_LIMIT).decode("utf-8-sig"))
        rows = content["invoices"] if isinstance(content, dict) else content
        return [_invoice(row) for row in rows if row.get("status", "open") == "open"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Refused(f"Berkas {path.name} bukan daftar invoice (JSON). Periksa isinya.") from None


def _invoice(row: dict[str, Any]) -> OpenInvoice:
    codes = tuple(code for code in (row.get("short_code"), row.get("number"), row.get("billing_code")) if code)
    names = (row.get("payer_name"), row.get("institution"), row.get("proof_payer"))
    return OpenInvoice(
        key=str(codes[0]),
        codes=tuple(map(str, codes)),
        amount=int(row["amount"]),
        names=tuple(str(name) for name in names if name),
        issued=date.fromisoformat(row["issued"]),
        expires=date.fromisoformat(row["expires"]),
        accounts=frozenset(map(str, row.get("accounts", ()))),
        references=frozenset(map(str, row.get("references", ()))),
    )


def statement_result(statement: Statement) -> dict[str, Any]:
    """A statement as plain data; `result` is `warn` when the treasurer should look at it first."""
    result: dict[str, Any] = {
        "file": statement.file,
        "result": "warn" if statement.notices else "ok",
        "layout": statement.layout,
        "bank": statement.bank,
        "account": statement.account,
        "currency": statement.currency,
        "opening_balance": _whole(statement.opening_sen),
        "closing_balance": _whole(statement.closing_sen),
        "order": "newest first" if statement.newest_first else "oldest first",
        "line_count": len(statement.lines),
        "sum_credit": whole_rupiah(statement.sum_credit_sen),
        "sum_debit": whole_rupiah(statement.sum_debit_sen),
    }
    for name, sen in (("opening", statement.opening_sen), ("closing", statement.closing_sen)):
        if sen is not None and sen % SEN:
            result[f"exact_{name}_balance"] = exact_text(sen)
    has_value_date = statement.layout.startswith(("mt940", "camt"))
    result["lines"] = [_line(line, line.no, has_value_date=has_value_date) for line in statement.lines]
    result["skipped"] = [
        {"reason": row.reason, "amount": whole_rupiah(row.amount_sen), "description": row.description}
        for row in statement.skipped
    ]
    result["notes"] = list(statement.notices)
    return result


def _line(line: StatementLine, number: int, *, has_value_date: bool = False) -> dict[str, Any]:
    result: dict[str, Any] = {
        "no": number,
        "date": line.booked_on.isoformat(),
        "time": line.booked_at.isoformat("seconds") if line.booked_at else None,
    }
    if has_value_date:
        result["value_date"] = line.value_date.isoformat() if line.value_date else None
    result |= {
        "amount": line.amount,
        "description": line.description,
        "reference": line.reference,
        "balance": _whole(line.balance_sen),
    }
    if line.amount_sen % SEN:
        result["exact_amount"] = exact_text(line.amount_sen)
    if line.balance_sen is not None and line.balance_sen % SEN:
        result["exact_balance"] = exact_text(line.balance_sen)
    if line.counterparty:
        result["counterparty"] = line.counterparty
    if line.reversal:
        result["reversal"] = True
    return result


def _whole(sen: int | None) -> int | None:
    return None if sen is None else whole_rupiah(sen)


def proposal_result(proposal: Proposal) -> dict[str, Any]:
    """A proposal as plain data; `why` joins the sentences of the screen."""
    return {
        "line": proposal.line.no,
        "date": proposal.line.booked_on.isoformat(),
        "amount": proposal.line.amount,
        "class": proposal.match.key,
        "invoices": list(proposal.invoices),
        "related": list(proposal.related),
        "flags": list(proposal.flags),
        "why": " ".join(proposal.reasons),
    }


def matching_quality(samples: Path = _SAMPLES) -> dict[str, Any]:
    """Give precision and recall of the matching per class over the sample statements, measured against their answers.

    A proposal is right when its class and its invoices are those of the answer; `accepted` counts the classes that the
    answer also allows. `wrong_certain` must be 0. Refused when the samples are not there (an installed program).
    """
    try:
        answers = json.loads((samples / "matching" / "invoices.json.expected.json").read_text("utf-8"))["statements"]
    except OSError:
        raise Refused("Contoh rekening koran tidak ada di sini. Jalankan ukuran ini dari naskah sumber.") from None
    invoices = read_invoices(samples / "matching" / "invoices.json")
    expected: Counter[str] = Counter()
    given: Counter[str] = Counter()
    right: Counter[str] = Counter()
    accepted = wrong_certain = total = 0
    for answer in answers:
        statement = read_statement(samples / answer["statement"])
        proposals = {
            proposal.line.no: proposal
            for proposal in match(statement.lines, invoices, newest_first=statement.newest_first)
        }
        for wanted in answer["proposals"]:
            proposal = proposals[wanted["line"]]
            kind = proposal.match.key
            total += 1
            expected[wanted["class"]] += 1
            given[kind] += 1
            accepted += kind in wanted["accept"]
            same_invoices = list(proposal.invoices) == wanted["invoices"]
            right[kind] += kind == wanted["class"] and same_invoices
            wrong_certain += kind == MatchClass.CERTAIN.key and not (kind in wanted["accept"] and same_invoices)
    return {
        "lines": total,
        "accepted": accepted,
        "wrong_certain": wrong_certain,
        "classes": {
            kind.key: {
                "expected": expected[kind.key],
                "given": given[kind.key],
                "precision": round(right[kind.key] / given[kind.key], 4) if given[kind.key] else None,
                "recall": round(right[kind.key] / expected[kind.key], 4) if expected[kind.key] else None,
            }
            for kind in MatchClass
        },
    }
