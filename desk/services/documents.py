"""Files of a case: stored once under their hash, in pieces; read through the database's own function."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from desk.errors import Unavailable
from desk.models import Document, FileChunk
from desk.rules.inputs import IncomingFile

CHUNK = 256 * 1024

_BYTES = text("SELECT bytes FROM desk.document_bytes(:office_id, :document_id, :reason)")


def store(
    session: Session,
    office_id: int,
    case_id: UUID | None,
    file: IncomingFile,
    *,
    kind: str,
    title: str,
    subject_id: UUID | None = None,
    message_id: UUID | None = None,
    paper: str | None = None,
    copy: int = 1,
    number: str = "",
    template_id: UUID | None = None,
    template_sha256: str = "",
) -> UUID:
    """Keeps a file with the case and gives its id; the same bytes are stored once per office.

    Only the letter about money that belongs to nobody has no case.
    """
    document_id = uuid4()
    sha256 = put_bytes(session, office_id, file.data)
    session.execute(
        insert(Document).values(
            office_id=office_id,
            id=document_id,
            case_id=case_id,
            kind="id_card" if file.protected else kind,
            title=title,
            name=file.name,
            content_type=file.content_type,
            size=len(file.data),
            sha256=sha256,
            message_id=message_id,
            paper=paper,
            subject_id=subject_id,
            copy=copy,
            number=number,
            template_id=template_id,
            template_sha256=template_sha256,
        )
    )
    return document_id


def put_bytes(session: Session, office_id: int, data: bytes) -> str:
    """Stores bytes in pieces of 256 KB and gives their SHA-256; nothing happens when they are already there."""
    sha256 = hashlib.sha256(data).hexdigest()
    pieces = [
        {"office_id": office_id, "sha256": sha256, "no": no, "bytes": data[start : start + CHUNK]}
        for no, start in enumerate(range(0, len(data) or 1, CHUNK))
    ]
    session.execute(insert_once(FileChunk).on_conflict_do_nothing(), pieces)
    return sha256


def content(session: Session, office_id: int, document_id: UUID, *, reason: str = "") -> bytes:
    """The bytes of a document, checked against their hash; an identity card needs a reason and leaves a trace."""
    rows = session.execute(_BYTES, {"office_id": office_id, "document_id": document_id, "reason": reason})
    data = b"".join(row.bytes for row in rows)
    expected = session.execute(
        text("SELECT sha256 FROM desk.document WHERE office_id = :office_id AND id = :document_id"),
        {"office_id": office_id, "document_id": document_id},
    ).scalar_one()
    if hashlib.sha256(data).hexdigest() != expected:
        raise Unavailable("Isi berkas berbeda dengan sidik jarinya; jangan dipakai. Laporkan kepada administrator.")
    return data
