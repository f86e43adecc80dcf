"""Views of lists that people keep for themselves or share; written by `desk.keep_view` only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import AtMoment, Base, InOffice, Json, Login


class SavedView(InOffice, Base):
    """A queue with filter, order and columns under a name; `settings` as `desk/rules/views.py` writes them."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("btrim(name) <> '' AND length(name) <= 40", name="name"),
        CheckConstraint("jsonb_typeof(settings) = 'object' AND length(settings::text) <= 4000", name="settings"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[Login]
    name: Mapped[str]
    settings: Mapped[Json]
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    kept_at: Mapped[AtMoment]


Index("saved_view_name_idx", SavedView.office_id, SavedView.login, func.lower(SavedView.name), unique=True)
