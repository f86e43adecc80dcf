"""`desk check statement …` and `desk check match …`: what import and matching make of bank files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.commands import outcome, speech
from desk.errors import Refused
from desk.rules.rupiah import rupiah

if TYPE_CHECKING:
    from desk.commands.parser import Subcommands

Answer = dict[str, Any]


def add_parsers(subparsers: Subcommands) -> None:
    """Adds the kinds `statement` and `match` to `desk check`."""
    statement = subparsers.add_parser(
        "statement",
        help="membaca mutasi rekening dari bank",
        description="Membaca mutasi rekening dari bank (CSV, Excel, MT940, CAMT.053).",
    )
    statement.add_argument("files", nargs="+", type=Path, metavar="BERKAS", help="berkas dari bank")
    statement.add_argument(
        "--union", action="store_true", help="menggabungkan berkas satu rekening, tiap mutasi sekali"
    )
    _shared(statement)
    statement.set_defaults(run=_statement)

    match = subparsers.add_parser(
        "match",
        help="mencocokkan dana masuk dengan invoice",
        description="Mencocokkan dana masuk pada mutasi rekening dengan daftar invoice yang terbuka.",
    )
    match.add_argument("--statement", type=Path, required=True, metavar="BERKAS", help="berkas dari bank")
    match.add_argument(
        "--invoices", type=Path, required=True, metavar="BERKAS.json", help="daftar invoice yang terbuka"
    )
    _shared(match)
    match.set_defaults(run=_match)


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", type=Path, metavar="PROFIL.toml", help="profil bank yang dipakai membaca")
    parser.add_argument("--json", action="store_true", help="menjawab dengan JSON")


def _statement(asked: argparse.Namespace) -> int:
    from desk.checks.statements import check_statement, check_union

    if asked.union:
        answer = check_union(asked.files, asked.profile)
        if asked.json:
            speech.show_json(answer)
        else:
            speech.show(
                "\n".join([f"{answer['union_count']} mutasi dari {len(answer['group'])} berkas", *_rows(answer)])
            )
        return outcome.DONE
    answers: list[Answer] = []
    for path in asked.files:
        try:
            answers += check_statement([path], asked.profile)
        except Refused as refusal:
            answers.append({"file": path.name, "result": "refuse", "message": str(refusal)})
    if asked.json:
        speech.show_json(answers)
    else:
        speech.show("\n\n".join(_statement_text(answer) for answer in answers if answer["result"] != "refuse"))
    refused = [answer["message"] for answer in answers if answer["result"] == "refuse"]
    for sentence in refused:
        speech.say(sentence)
    return outcome.REFUSED if refused else outcome.DONE


def _match(asked: argparse.Namespace) -> int:
    from desk.checks.statements import check_match

    answer = check_match(asked.statement, asked.invoices, asked.profile)
    if asked.json:
        speech.show_json(answer)
        return outcome.DONE
    for statement in answer["statements"]:
        speech.show(statement["statement"])
        for proposal in statement["proposals"]:
            named = ", ".join(proposal["invoices"] or proposal["related"]) or "-"
            amount = rupiah(proposal["amount"])
            speech.show(f"{proposal['line']:>5}  {proposal['date']}  {amount:>17}  {proposal['class']:<9}  {named}")
            speech.show(f"       {proposal['why']}")
    return outcome.DONE


def _statement_text(answer: Answer) -> str:
    head = (
        f"{answer['file']}: {answer['layout']}, {answer['bank'] or 'bank tidak disebut'}, "
        f"rekening {answer['account'] or 'tidak disebut'}, {answer['line_count']} mutasi"
    )
    return "\n".join([head, *answer["notes"], *_rows(answer)])


def _rows(answer: Answer) -> list[str]:
    return [
        f"{line['no']:>5}  {line['date']}  {rupiah(line['amount']):>17}  {line['description']}"
        for line in answer["lines"]
    ]
