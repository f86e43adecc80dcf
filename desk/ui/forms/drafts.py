"""Drafts of forms: what was typed survives a crash, in a file that only this person can read.

Identity numbers and identity cards are never written into a draft (UU 27/2022).
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from desk.adapters.files import write_atomically
from desk.errors import Unavailable

NEVER_KEPT = frozenset({"id_number", "npwp"})
"""Questions whose answers stay out of drafts."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Which form a draft belongs to: the same person, the same action, the same case (or the same incoming message)."""

    login: str
    action: str
    subject: str

    def file_name(self) -> str:
        """A name that says nothing about the customer."""
        digest = hashlib.sha256(f"{self.login}\n{self.action}\n{self.subject}".encode()).hexdigest()
        return f"{digest[:32]}.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """What had been typed, when, and the key under which the deed would have been recorded once only."""

    request_id: UUID
    saved_at: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    opened: dict[str, Any] = field(default_factory=dict)
    """The version of what the form was about, and what stood in the fields, when it was opened."""


class Drafts:
    """The drafts of one Windows user. All methods touch the disk: call them on the slow lane, whose workers overtake
    one another; an older state never replaces a newer one, and what was removed does not come back.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._newest: dict[UUID, datetime] = {}
        self._removed: set[UUID] = set()

    def load(self, key: DraftKey) -> Draft | None:
        """The draft of that form, or None when there is none or a crash left it unreadable."""
        try:
            stored = json.loads(self._path(key).read_text("utf-8"))
            if stored["format"] != _FORMAT:
                return None
            return Draft(
                UUID(stored["request_id"]),
                datetime.fromisoformat(stored["saved_at"]),
                dict(stored["fields"]),
                dict(stored.get("opened") or {}),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, key: DraftKey, draft: Draft) -> None:
        """Keep the draft, replacing the former one in one step. Raises Unavailable when the disk refuses."""
        kept = {name: state for name, state in draft.fields.items() if name not in NEVER_KEPT}
        before = {name: state for name, state in draft.opened.get("fields", {}).items() if name not in NEVER_KEPT}
        stored = {
            "format": _FORMAT,
            "request_id": str(draft.request_id),
            "saved_at": draft.saved_at.isoformat(),
            "fields": kept,
            "opened": {**draft.opened, "fields": before} if draft.opened else {},
        }
        with self._lock:
            newest = self._newest.get(draft.request_id)
            if draft.request_id in self._removed or (newest is not None and draft.saved_at < newest):
                return
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # on Windows the profile guards it
            except OSError as error:
                raise Unavailable("Konsep isian tidak dapat disimpan di komputer ini. Periksa ruang cakram.") from error
            write_atomically(self._path(key), json.dumps(stored, ensure_ascii=False).encode())
            self._newest[draft.request_id] = draft.saved_at

    def remove(self, key: DraftKey, request_id: UUID) -> None:
        """Forget the draft of that form, also one that is still on its way; nothing happens when there is none."""
        with self._lock:
            self._removed.add(request_id)
            try:
                self._path(key).unlink(missing_ok=True)
            except OSError as error:
                raise Unavailable("Konsep isian tidak dapat dihapus. Tutup program lain yang memakainya.") from error

    def keys(self) -> tuple[UUID, ...]:
        """The keys of all drafts that can be read."""
        return tuple(found for path in self._paths() if (found := _key_in(path)) is not None)

    def forget(self, done: set[UUID]) -> None:
        """Remove the drafts of deeds that turned out to be done."""
        with self._lock:
            self._removed |= done
            for path in self._paths():
                if _key_in(path) in done:
                    path.unlink(missing_ok=True)

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []

    def _path(self, key: DraftKey) -> Path:
        return self._folder / key.file_name()


def _key_in(path: Path) -> UUID | None:
    try:
        return UUID(json.loads(path.read_text("utf-8"))["request_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
