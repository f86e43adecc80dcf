"""Views of lists that people keep: the own ones, and those a supervisor shares with the office."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.views import LONGEST_NAME, ViewSettings, read_settings

_VIEWS = text("""
SELECT v.office_id, v.id, v.login, v.name, v.settings, v.shared, coalesce(p.name, v.login) AS owner,
  v.login = session_user AS own
FROM desk.saved_view v LEFT JOIN desk.person p ON p.login = v.login
WHERE v.office_id = ANY (:offices) ORDER BY v.login <> session_user, lower(v.name), v.id
""")
_KEEP = text("SELECT desk.keep_view(:office_id, :id, :name, CAST(:settings AS jsonb), :shared)")
_DROP = text("SELECT desk.drop_view(:office_id, :id)")


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view under its name; `own` False where somebody shares it with the office."""

    office_id: int
    id: UUID
    name: str
    settings: ViewSettings
    shared: bool
    own: bool
    owner: str


def saved_views(session: Session, offices: Sequence[int]) -> tuple[SavedView, ...]:
    """The views this person sees in these offices, the own ones first; one that cannot be read is left out."""
    found = []
    for row in session.execute(_VIEWS, {"offices": list(offices)}):
        settings = read_settings(row.settings)
        if settings is not None:
            found.append(SavedView(row.office_id, row.id, row.name, settings, row.shared, row.own, row.owner))
    return tuple(found)


def keep_view(
    session: Session, office_id: int, view_id: UUID, name: str, settings: ViewSettings, *, shared: bool = False
) -> None:
    """Keeps a view under a name, or replaces the own one with this id; asked again it is kept once.

    Refused for an empty or long name, a name that this person has already, too many views, or a view of somebody else;
    only a supervisor shares.
    """
    words = " ".join(name.split())
    if not words:
        raise Refused("Nama tampilan masih kosong. Tulis nama yang pendek, misalnya “Naskah belum datang”.")
    if len(words) > LONGEST_NAME:
        raise Refused(f"Nama tampilan paling panjang {LONGEST_NAME} huruf.")
    asked = {"office_id": office_id, "id": view_id, "name": words, "shared": shared}
    session.execute(_KEEP, {**asked, "settings": json.dumps(settings.as_json())})


def drop_view(session: Session, office_id: int, view_id: UUID) -> None:
    """Forgets an own view; nothing happens when it is gone already."""
    session.execute(_DROP, {"office_id": office_id, "id": view_id})
