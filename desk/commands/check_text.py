"""The answers of `desk check` as a person reads them."""

from __future__ import annotations

from typing import Any

Answer = dict[str, Any]

_LABELS = {
    "valid": "sah",
    "normalized": "disimpan",
    "sex": "jenis kelamin",
    "birth_date": "tanggal lahir",
    "region_warning": "wilayah meragukan",
    "kind": "jenis",
    "display": "ditulis",
    "sixteen": "16 digit",
    "check_digit_ok": "angka pemeriksa cocok",
    "reason": "alasan",
}
_WORDS = {True: "ya", False: "tidak", None: "–", "M": "laki-laki", "F": "perempuan"}


def amount(answer: Answer) -> str:
    """An amount with figures and in words."""
    return _table(
        ("Di naskah", answer["rupiah"]), ("Di layar", answer["rupiah_short"]), ("Terbilang", answer["terbilang_rupiah"])
    )


def typed_amount(answer: Answer) -> str:
    """What a typed amount was read as."""
    from desk.rules.rupiah import rupiah

    return rupiah(answer["expected"])


def workdays(answer: Answer) -> str:
    """The day, what was skipped, and the doubt about a year whose joint leave is not known."""
    skipped = [f"  {day['date']}  {day['name']}" for day in answer["skipped"]]
    return "\n".join(
        [
            f"{answer['text']} ({answer['expected']})",
            *(["Dilewati selain Sabtu dan Minggu:", *skipped] if skipped else []),
            *_if_any(answer["warning"]),
        ]
    )


def identifier(answer: Answer) -> str:
    """The reading of a number with its doubt."""
    read = answer["expected"]
    fields = read if isinstance(read, dict) else {"normalized": read}
    rows = [(_LABELS[name].capitalize(), _plain(value)) for name, value in fields.items()]
    return "\n".join([_table(*rows), *_if_any(answer["warning"])])


def template(answer: Answer) -> str:
    """The verdict on a template and its fields."""
    lines = [answer["message"]]
    if answer["fields"]:
        lines.append("Kolom: " + ", ".join(answer["fields"]))
    return "\n".join([*lines, *answer.get("filled_text", [])])


def paper(answer: Answer) -> str:
    """How many pages were written, and what could not be drawn."""
    return "\n".join([f"{answer['file']}: {answer['pages']} halaman ditulis ke {answer['pdf']}.", *answer["warnings"]])


def mail(answer: Answer) -> str:
    """A mail as the desk would see it."""
    from desk.adapters.mail_kind import MailKind

    sender = answer["from"]
    head = _table(
        ("Berkas", answer["file"]),
        ("Dari", f"{sender['name']} <{sender['address']}>" if sender else "–"),
        ("Perihal", answer["subject"] or "–"),
        ("Tanggal", answer["date"] or "–"),
        ("Jenis", next(kind.label for kind in MailKind if kind.key == answer["kind"])),
        ("Permohonan", answer["case_number"] or ("baru" if answer["opens_case"] else "–")),
    )
    files = [
        f"  {item['safe_name']} ({item['size']} bita{', berbahaya' if item.get('dangerous') else ''})"
        for item in answer["attachments"]
    ]
    text = (answer["new_text"] or answer["text"]).strip()
    return "\n".join([head, "", text, *(["", "Lampiran:", *files] if files else []), *answer["warnings"]])


def chat(answer: Answer) -> str:
    """A conversation, one line per message."""
    lines = [f"[{one['time'] or '–'}] {one['sender']}: {one['text']}" for one in answer["messages"]]
    return "\n".join([f"{answer['file']} ({len(lines)} pesan)", *lines, *answer["warnings"]])


def scan(answer: Answer) -> str:
    """The papers of a stack, one per line, with the reason why a person must look."""
    lines = [f"{answer['file']}: {answer['pages']} halaman, {len(answer['documents'])} naskah"]
    for one in answer["documents"]:
        first, last = one["pages"][0], one["pages"][-1]
        where = f"halaman {first}" if first == last else f"halaman {first}–{last}"
        lines.append(f"  {where}: " + (f"perlu dilihat. {one['note']}" if one.get("look") else one["payload"]))
    lines += [f"  halaman {number}: {sentence}" for number, sentence in answer["unreadable"].items()]
    return "\n".join(lines)


def line(answer: Answer) -> str:
    """One answer of many on one line: what was asked, what was read, and the doubt."""
    asked = " ".join(str(answer[name]) for name in ("start", "n", "input", "amount") if name in answer)
    read = answer.get("terbilang_rupiah", answer.get("expected"))
    if isinstance(read, dict):
        read = "; ".join(f"{_LABELS[name]} {_plain(value)}" for name, value in read.items())
    doubt = f" ({answer['warning']})" if answer.get("warning") else ""
    return f"{asked} → {_plain(read)}{doubt}"


def _if_any(sentence: str | None) -> tuple[str, ...]:
    return (sentence,) if sentence else ()


def _plain(value: object) -> str:
    """A value in words: truth values and sexes by name, everything else as it is."""
    return _WORDS.get(value, str(value)) if isinstance(value, bool | str | None) else str(value)


def _table(*rows: tuple[str, object]) -> str:
    width = max(len(label) for label, _ in rows)
    return "\n".join(f"{label.ljust(width)}  {value}" for label, value in rows)
