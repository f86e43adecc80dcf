"""`desk check …`: what the program makes of one value or of a file, without a database and without a window."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.commands import check_statements, check_text, outcome, speech
from desk.errors import Refused

if TYPE_CHECKING:
    from datetime import date

    from desk.commands.parser import Subcommands
    from desk.rules.working_days import Calendar

Answer = dict[str, Any]

ID_KINDS = ("nik", "npwp", "nip", "phone", "email", "ntpn", "billing")


def add(subcommands: Subcommands) -> None:
    """Adds `check` and its kinds to the command."""
    check = subcommands.add_parser("check", help="memeriksa nilai atau berkas tanpa basis data")
    kinds = check.add_subparsers(title="yang diperiksa", metavar="JENIS", required=True)

    words = _kind(kinds, "words", "menulis nominal dengan angka dan terbilang", _words)
    _value_or_file(words, "NOMINAL", "nominal rupiah, misalnya 101000 atau “Rp1.001.000,00”")

    amount = _kind(kinds, "amount", "membaca nominal seperti diketik orang", _amount)
    _value_or_file(amount, "NOMINAL", "nominal seperti diketik, misalnya “1.234.567,00”")

    workdays = _kind(kinds, "workdays", "menghitung hari kerja; hari awal tidak dihitung", _workdays)
    workdays.add_argument("start", nargs="?", metavar="TANGGAL", help="hari awal, misalnya 2026-12-14")
    workdays.add_argument("days", nargs="?", metavar="JUMLAH", help="jumlah hari kerja, misalnya 10")
    _file(workdays)

    identity = _kind(kinds, "id", "membaca nomor identitas, telepon, surel, atau kode bayar", _id)
    identity.add_argument("kind", choices=ID_KINDS, metavar="|".join(ID_KINDS), help="jenis nomor")
    _value_or_file(identity, "NILAI", "nomor seperti ditulis orang")

    template = _kind(kinds, "template", "memeriksa templat Word sebelum dipakai", _template)
    template.add_argument("file", type=Path, metavar="BERKAS.docx", help="templat yang diperiksa")
    template.add_argument("--context", type=Path, metavar="NILAI.json", help="nilai untuk diisikan pada templat")
    template.add_argument(
        "--out", type=Path, metavar="HASIL.docx", help="menyimpan naskah yang terisi (dengan --context)"
    )

    paper = _kind(kinds, "paper", "menata naskah Word menjadi PDF", _paper)
    paper.add_argument("file", type=Path, metavar="BERKAS.docx", help="naskah yang ditata")
    paper.add_argument("--pdf", type=Path, required=True, metavar="HASIL.pdf", help="berkas PDF yang ditulis")

    mail = _kind(kinds, "mail", "membaca surel (.eml, .msg)", _mail)
    mail.add_argument("files", nargs="+", type=Path, metavar="BERKAS", help="surel yang dibaca")
    mail.add_argument("--known", type=Path, metavar="BERKAS.json", help="permohonan dan surel keluar yang dikenal")

    chat = _kind(kinds, "chat", "membaca percakapan WhatsApp atau Forum Silastik", _chat)
    chat.add_argument("files", nargs="+", type=Path, metavar="BERKAS", help="percakapan yang dibaca")

    scan = _kind(kinds, "scan", "memisahkan pindaian setumpuk naskah menurut kode QR", _scan)
    scan.add_argument("files", nargs="+", type=Path, metavar="BERKAS", help="pindaian (PDF atau gambar)")

    check_statements.add_parsers(kinds)


def _kind(
    kinds: Subcommands, name: str, help_text: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = kinds.add_parser(name, help=help_text, description=f"{help_text.capitalize()}.")
    parser.add_argument("--json", action="store_true", help="menjawab dengan JSON")
    parser.set_defaults(run=run)
    return parser


def _value_or_file(parser: argparse.ArgumentParser, metavar: str, help_text: str) -> None:
    parser.add_argument("value", nargs="?", metavar=metavar, help=help_text)
    _file(parser)


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", type=Path, metavar="BERKAS.json", help="banyak nilai sekaligus, sebuah daftar JSON")


# One value, or a file of them


def _words(asked: argparse.Namespace) -> int:
    from desk.checks.formats import check_words

    if asked.file is not None:
        return _many("words", asked, asked.value)
    return _one(asked, check_words(_given(asked.value)), check_text.amount)


def _amount(asked: argparse.Namespace) -> int:
    from desk.rules.rupiah import parse_amount

    if asked.file is not None:
        return _many("amount", asked, asked.value)
    value = _given(asked.value)
    return _one(asked, {"input": value, "expected": parse_amount(value)}, check_text.typed_amount)


def _workdays(asked: argparse.Namespace) -> int:
    from desk.checks.formats import check_workdays

    if asked.file is not None:
        return _many("workdays", asked, asked.start, asked.days)
    answer = check_workdays(_given(asked.start), _given(asked.days), _calendar())
    return _one(asked, answer, check_text.workdays)


def _id(asked: argparse.Namespace) -> int:
    from desk.checks.formats import check_id

    if asked.file is not None:
        return _many(asked.kind, asked, asked.value)
    answer = check_id(asked.kind, _given(asked.value), _today())
    if not _is_read(answer):
        if asked.json:
            speech.show_json(answer)
        raise Refused(answer["warning"] or f"Nilai “{answer['input']}” tidak dapat dibaca. Periksa penulisannya.")
    return _one(asked, answer, check_text.identifier)


def _is_read(answer: Answer) -> bool:
    """Whether the reading is one to store: not None, not marked invalid."""
    read = answer["expected"]
    if isinstance(read, dict):
        return read.get("valid") is not False and read.get("kind") != "invalid"
    return read is not None


def _given(value: str | None) -> str:
    if value is None:
        raise Refused("Nilai yang diperiksa belum ditulis. Tulis nilainya, atau sebut berkasnya dengan --file.")
    return value


def _many(kind: str, asked: argparse.Namespace, *values: str | None) -> int:
    from desk.checks.formats import check_file

    if any(value is not None for value in values):
        raise Refused("Nilai dan --file disebut bersamaan. Pilih salah satu.")
    answers = check_file(kind, asked.file, _calendar(), _today())
    if asked.json:
        speech.show_json(answers)
    else:
        speech.show("\n".join(check_text.line(answer) for answer in answers))
    return outcome.DONE


def _one(asked: argparse.Namespace, answer: Answer, text: Callable[[Answer], str]) -> int:
    if asked.json:
        speech.show_json(answer)
    else:
        speech.show(text(answer))
    return outcome.DONE


def _today() -> date:
    """Today at the western offices; it only decides the century of a NIK."""
    from datetime import UTC, datetime

    from desk.rules.dates import local_date

    return local_date(datetime.now(UTC), "WIB")


def _calendar() -> Calendar:
    """The national calendar that came with the program; an office's own days off stand in its database."""
    from desk.resources import resource
    from desk.rules.working_days import calendar_from_toml

    return calendar_from_toml(resource("calendars", "indonesia.toml").read_text("utf-8"))


# Files


def _template(asked: argparse.Namespace) -> int:
    from desk.adapters.word import check_template_file

    if asked.out is not None and asked.context is None:
        raise Refused("Naskah hanya dapat diisi dengan nilai. Sebut berkas nilainya dengan --context.")
    answer = check_template_file(asked.file, asked.context, asked.out)
    _one(asked, answer, check_text.template)
    return outcome.REFUSED if answer["result"] == "refuse" else outcome.DONE


def _paper(asked: argparse.Namespace) -> int:
    from desk.adapters.paper import check_paper_file

    return _one(asked, check_paper_file(asked.file, asked.pdf), check_text.paper)


def _mail(asked: argparse.Namespace) -> int:
    from desk.checks.intake import check_mail

    return _each(asked, lambda path: check_mail([path], asked.known), check_text.mail)


def _chat(asked: argparse.Namespace) -> int:
    from desk.checks.intake import check_chat

    return _each(asked, lambda path: check_chat([path]), check_text.chat)


def _scan(asked: argparse.Namespace) -> int:
    from desk.adapters.scans import ScanReader
    from desk.checks.scans import check_scan

    with ScanReader() as reader:
        return _each(asked, lambda path: [check_scan(path, reader)], check_text.scan)


def _each(asked: argparse.Namespace, read: Callable[[Path], Sequence[Answer]], text: Callable[[Answer], str]) -> int:
    """One answer per file; a file that is refused does not keep the others from being read."""
    answers: list[Answer] = []
    for path in asked.files:
        try:
            answers += read(path)
        except Refused as refusal:
            answers.append({"file": path.name, "result": "refuse", "message": str(refusal)})
    refused = [answer["message"] for answer in answers if answer["result"] == "refuse"]
    if asked.json:
        speech.show_json(answers)
    else:
        speech.show("\n\n".join(text(answer) for answer in answers if answer["result"] != "refuse"))
    for sentence in refused:
        speech.say(sentence)
    return outcome.REFUSED if refused else outcome.DONE
