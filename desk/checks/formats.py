"""`desk check words`, `workdays`, `id` and `file`: how the program writes and reads values, as plain data for JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from desk.adapters.files import read_limited
from desk.errors import Refused
from desk.rules.dates import day_text, parse_date
from desk.rules.identifiers import (
    Nik,
    Nip,
    read_billing_code,
    read_email,
    read_nik,
    read_nip,
    read_npwp,
    read_ntpn,
    read_phone,
)
from desk.rules.rupiah import LARGEST_AMOUNT, in_words, in_words_rupiah, parse_amount, rupiah, rupiah_paper
from desk.rules.working_days import Calendar, add_working_days, days_off_between, why_uncertain

Answer = dict[str, Any]

ID_KINDS = ("nik", "npwp", "nip", "phone", "email", "ntpn", "billing")
FILE_KINDS = ("words", "amount", "workdays", *ID_KINDS)
"""What `check_file` reads: amounts to write, typed amounts to read, day counts, and the identifiers."""

_LARGEST_FILE = 10 * 1024 * 1024
_MOST_DAYS = 2_600


def check_words(amount_text: str) -> Answer:
    """The amount as papers and screens show it and in words; a minus sign in front is allowed here.

    Raises Refused with a sentence for text that is no amount in whole rupiah.
    """
    text = amount_text.strip()
    negative = text.startswith(("-", "−"))
    amount = parse_amount(text[1:] if negative else text)
    return _amount_answer(-amount if negative else amount)


def check_workdays(start: str, n: int | str, calendar: Calendar) -> Answer:
    """The working day that many working days after the start (any typed date), with the days off it skipped.

    `warning` is the sentence for a span that reaches a year whose joint leave is not known, else None.
    """
    first, days = parse_date(start), _whole_number(n)
    due = add_working_days(first, days, calendar)
    return {
        "start": first.isoformat(),
        "n": days,
        "expected": due.isoformat(),
        "text": day_text(due),
        "skipped": [
            {"date": day.isoformat(), "name": name}
            for day, name in days_off_between(min(first, due), max(first, due), calendar)
        ],
        "calendar": calendar.version,
        "warning": why_uncertain(first, due, calendar),
    }


def check_id(kind: str, value: str, today: date) -> Answer:
    """What the program reads in an identifier of a kind in `ID_KINDS`; doubts stand in `warning`.

    The reading stands in `expected`, as in a file of many, and its parts beside it (`valid`, `normalized`, …). `today`
    decides the century of a NIK. Raises Refused for an unknown kind.
    """
    answer = _read_id(kind, value, today)
    read = answer["expected"]
    return {**(read if isinstance(read, dict) else {"valid": read is not None, "normalized": read}), **answer}


def _read_id(kind: str, value: str, today: date) -> Answer:
    reader = _readers(today).get(kind)
    if reader is None:
        raise Refused(f"Jenis “{kind}” tidak dikenal. Pilih salah satu: {', '.join(ID_KINDS)}.")
    expected, warning = reader(value)
    return {"input": value, "expected": expected, "warning": warning}


def check_file(kind: str, path: Path, calendar: Calendar, today: date) -> list[Answer]:
    """One answer per vector of a JSON file (a list, or an object with `vectors`), in the vector's own shape.

    A vector the rules refuse is answered with `expected` None and the sentence in `warning`; a file that cannot be
    read, or a vector without its fields, raises Refused. A `reference_date` in the file goes before `today`.
    """
    if kind not in FILE_KINDS:
        raise Refused(f"Jenis “{kind}” tidak dikenal. Pilih salah satu: {', '.join(FILE_KINDS)}.")
    vectors, reference = _vectors(path)
    day = parse_date(reference) if reference else today
    answers = []
    for position, vector in enumerate(vectors, 1):
        try:
            answers.append(_vector_answer(kind, vector, calendar, day))
        except (KeyError, TypeError):
            raise Refused(
                f"Butir ke-{position} dalam {path.name} tidak lengkap. Samakan bentuknya dengan contoh."
            ) from None
    return answers


def _vector_answer(kind: str, vector: Mapping[str, Any], calendar: Calendar, today: date) -> Answer:
    if kind == "words":
        return _words_answer(vector)
    if kind == "amount":
        return _refusable({"input": vector["input"]}, lambda: {"expected": parse_amount(_text(vector["input"]))})
    if kind == "workdays":
        given = {"start": vector["start"], "n": vector["n"]}
        return _refusable(given, lambda: check_workdays(_text(vector["start"]), vector["n"], calendar))
    return _read_id(kind, _text(vector["input"]), today)


def _words_answer(vector: Mapping[str, Any]) -> Answer:
    given = vector["amount"] if "amount" in vector else vector["input"]
    if isinstance(given, str):
        return _refusable({"input": given}, lambda: check_words(given))
    if isinstance(given, bool) or not isinstance(given, int):
        raise TypeError("amount")
    return _refusable({"amount": given}, lambda: _amount_answer(given))


def _refusable(given: Answer, answer: Callable[[], Answer]) -> Answer:
    try:
        return {**given, **answer()}
    except Refused as refusal:
        return {**given, "expected": None, "warning": str(refusal)}


def _amount_answer(amount: int) -> Answer:
    if abs(amount) > LARGEST_AMOUNT:
        raise Refused(f"Nominal terlalu besar. Batasnya {rupiah(LARGEST_AMOUNT)}.")
    return {
        "amount": amount,
        "rupiah": rupiah_paper(amount),
        "rupiah_short": rupiah(amount),
        "terbilang": in_words(amount),
        "terbilang_rupiah": in_words_rupiah(amount),
    }


def _readers(today: date) -> Mapping[str, Callable[[str], tuple[Any, str | None]]]:
    def nik(text: str) -> tuple[Any, str | None]:
        read = read_nik(text, today)
        return _person_number(read, "sex", "birth_date", "region_warning"), read.warning

    def nip(text: str) -> tuple[Any, str | None]:
        read = read_nip(text)
        return _person_number(read, "kind", "birth_date", "sex", "display"), read.warning

    def npwp(text: str) -> tuple[Any, str | None]:
        read = read_npwp(text)
        fields = ("sixteen", "display", "check_digit_ok")
        return {"kind": read.kind.value, **{name: getattr(read, name) for name in fields}}, read.warning

    def phone(text: str) -> tuple[Any, str | None]:
        read = read_phone(text)
        return read.normalized, read.warning

    def email(text: str) -> tuple[Any, str | None]:
        read = read_email(text)
        return read.normalized, read.warning

    def ntpn(text: str) -> tuple[Any, str | None]:
        read = read_ntpn(text)
        return read.normalized, read.warning

    def billing(text: str) -> tuple[Any, str | None]:
        read = read_billing_code(text)
        return read.normalized, read.warning

    return {"nik": nik, "npwp": npwp, "nip": nip, "phone": phone, "email": email, "ntpn": ntpn, "billing": billing}


def _person_number(read: Nik | Nip, *fields: str) -> Answer:
    answer: Answer = {"valid": read.valid, "normalized": read.normalized}
    if not read.valid:
        return {**answer, "reason": read.reason}
    for name in fields:
        value = getattr(read, name)
        answer[name] = value.isoformat() if isinstance(value, date) else value
    return answer


def _vectors(path: Path) -> tuple[list[Mapping[str, Any]], str | None]:
    try:
        data = json.loads(read_limited(path, _LARGEST_FILE).decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Refused(
            f"Berkas {path.name} bukan JSON yang utuh. Simpan ulang sebagai JSON dengan penyandian UTF-8."
        ) from None
    vectors = data.get("vectors") if isinstance(data, dict) else data
    if not isinstance(vectors, list) or not all(isinstance(vector, dict) for vector in vectors):
        raise Refused(f"Berkas {path.name} tidak memuat daftar. Isinya harus daftar, atau objek dengan “vectors”.")
    reference = data.get("reference_date") if isinstance(data, dict) else None
    return vectors, reference if isinstance(reference, str) else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _whole_number(n: int | str) -> int:
    plain = str(n).strip().replace("−", "-")
    if isinstance(n, bool) or not re.fullmatch(r"[+-]?[0-9]{1,6}", plain) or abs(int(plain)) > _MOST_DAYS:
        raise Refused(
            f"Jumlah hari “{plain[:20]}” tidak dapat dipakai. Tulis bilangan bulat, paling banyak {_MOST_DAYS}."
        )
    return int(plain)
