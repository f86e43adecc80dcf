"""`desk check mail` and `desk check chat`: what the program reads from a file, as plain data for JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from desk.adapters.attachments import Attachment
from desk.adapters.chat_in import CHAT_LIMIT, Chat, ChatMessage, read_chat
from desk.adapters.files import read_limited
from desk.adapters.mail_case import DEFAULT_CASE_PATTERN, Known, KnownCase
from desk.adapters.mail_in import DEFAULT_LIMITS, Mail, read_mail
from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from desk.adapters.mail_headers import Address


def check_mail(paths: Iterable[Path], known_path: Path | None = None) -> list[dict[str, Any]]:
    """One result per mail, in the order given; `known_path` names known cases and sent Message-IDs (JSON).

    Refused, with the name of the file, for the first one that cannot be read.
    """
    known = read_known(known_path) if known_path else None
    return [_named(path, _mail_result(path, known)) for path in paths]


def check_chat(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """One result per exported or pasted conversation, in the order given. Refused as for mails."""
    return [_named(path, _chat_result(path)) for path in paths]


def read_known(path: Path) -> Known:
    """Known cases and sent Message-IDs from a JSON file; Refused when it is none."""
    refused = Refused(f"Berkas {path.name} bukan daftar permohonan yang dikenal (JSON). Periksa isinya.")
    try:
        content = json.loads(read_limited(path, DEFAULT_LIMITS.mail).decode("utf-8-sig"))
        return Known.of(
            [
                KnownCase(case["case_number"], case.get("person", ""), case.get("address", ""))
                for case in content["cases"]
            ],
            {entry["message_id"]: entry["case_number"] for entry in content["sent_messages"]},
            office_address=content.get("office_address", ""),
            case_pattern=content.get("case_pattern", DEFAULT_CASE_PATTERN),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise refused from None


def _named(path: Path, result: dict[str, Any]) -> dict[str, Any]:
    return {"file": path.name, **result}


def _mail_result(path: Path, known: Known | None) -> dict[str, Any]:
    data = read_limited(path, DEFAULT_LIMITS.mail)
    try:
        mail = read_mail(data, known)
    except Refused as refused:
        raise Refused(f"{path.name}: {refused}") from None
    return mail_result(mail)


def mail_result(mail: Mail) -> dict[str, Any]:
    """A mail as plain data; `result` is `warn` when part of it could not be read."""
    result: dict[str, Any] = {
        "result": "warn" if mail.warnings else "ok",
        "kind": mail.kind.key,
        "opens_case": mail.opens_case,
        "from": _person(mail.sender),
        "subject": mail.subject,
        "date": _moment(mail.date),
        "received": _moment(mail.received),
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "case_number": mail.case_number,
        "case_found_in": mail.case.found_in if mail.case else None,
        "text": mail.text,
        "new_text": mail.new_text,
        "attachments": [_file(item) for item in mail.attachments],
        "nested": [mail_result(nested) for nested in mail.nested],
        "warnings": list(mail.warnings),
        "notices": list(mail.notices),
    }
    if mail.forwarded_from:
        result["forwarded_from"] = _person(mail.forwarded_from)
    if mail.failed_recipient:
        result["failed_recipient"] = mail.failed_recipient
    return result


def _person(person: Address | None) -> dict[str, str] | None:
    return {"name": person.name, "address": person.address} if person else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _file(item: Attachment) -> dict[str, Any]:
    result: dict[str, Any] = {
        "raw_name": item.raw_name,
        "safe_name": item.safe_name,
        "content_type": item.declared_type,
        "kind": item.file_type.key,
        "size": item.size,
        "sha256": item.sha256,
        "inline": item.inline,
    }
    if item.is_dangerous:
        result["dangerous"] = True
    if item.contains:
        result["contains"] = [_file(inner) for inner in item.contains]
    return result


def _chat_result(path: Path) -> dict[str, Any]:
    data = read_limited(path, CHAT_LIMIT)
    try:
        chat = read_chat(data)
    except Refused as refused:
        raise Refused(f"{path.name}: {refused}") from None
    return chat_result(chat)


def chat_result(chat: Chat) -> dict[str, Any]:
    """A conversation as plain data; `system_lines` is their number."""
    result: dict[str, Any] = {"result": "warn" if chat.warnings else "ok", "source": chat.source}
    if chat.topic is not None:
        result["topic"] = chat.topic
    if chat.topic_number is not None:
        result["topic_number"] = chat.topic_number
    result["system_lines"] = len(chat.system_lines)
    result["messages"] = [_message(message, chat) for message in chat.messages]
    if chat.media:
        result["media"] = [_file(item) for item in chat.media.values()]
    result["warnings"] = list(chat.warnings)
    return result


def _message(message: ChatMessage, chat: Chat) -> dict[str, Any]:
    precision = "seconds" if chat.has_seconds else "minutes"
    result: dict[str, Any] = {
        "time": message.time.isoformat(timespec=precision) if message.time else None,
        "sender": message.sender,
        "text": message.text,
        "attachments": list(message.attachments),
    }
    if message.role:
        result["role"] = message.role
    for flag in ("omitted", "deleted", "edited"):
        if getattr(message, flag):
            result[flag] = True
    return result
