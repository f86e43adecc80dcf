"""What the money of a movement is for, where it is no confirmation of its own: tied, set apart, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from desk.models import LineUse, LineUseEnd
from desk.rules.inputs import LinePart

_ANNOUNCE = text("SELECT desk.announce(:office_id, :file_id)")


def tie_payment(session: Session, office_id: int, case_id: UUID, payment_id: UUID, parts: Sequence[LinePart]) -> None:
    """Let money that was confirmed without a movement rest on the movements that turned up later; repeatable."""
    session.execute(
        insert_once(LineUse).on_conflict_do_nothing(constraint="line_use_pkey"),
        [
            {
                "office_id": office_id,
                "id": uuid5(payment_id, str(part.line_id)),
                "line_id": part.line_id,
                "kind": "payment",
                "amount_sen": part.amount_sen,
                "payment_id": payment_id,
                "case_id": case_id,
            }
            for part in parts
        ],
    )


def set_apart(
    session: Session, office_id: int, line_id: UUID, *, key: UUID, kind: str, amount_sen: int, note: str,
    case_id: UUID | None = None,
) -> None:  # fmt: skip
    """Note what a part of a credit is that pays no invoice; asked again with the same `key`, it is noted once."""
    session.execute(
        insert_once(LineUse)
        .values(
            office_id=office_id,
            id=key,
            line_id=line_id,
            kind=kind,
            amount_sen=amount_sen,
            note=" ".join(note.split()),
            case_id=case_id,
        )
        .on_conflict_do_nothing(constraint="line_use_pkey")
    )
    session.execute(_ANNOUNCE, {"office_id": office_id, "file_id": key})


def withdraw_use(session: Session, office_id: int, use_id: UUID, *, key: UUID, reason: str) -> None:
    """Take back what was noted of a credit, with the reason; that part of it has no owner again."""
    session.execute(
        insert_once(LineUseEnd)
        .values(office_id=office_id, id=key, use_id=use_id, reason=reason)
        .on_conflict_do_nothing(constraint="line_use_end_pkey")
    )
    session.execute(_ANNOUNCE, {"office_id": office_id, "file_id": key})
