"""What the line to the server is like, found out before a password is typed into it.

The question is a connection that agrees to no way of logging in: the server shows its certificate and says how it
would ask, and gets nothing but the name of the login. It goes through libpq with the same address, so what is judged
here is judged the same way when the password follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import create_engine

from desk.adapters.database import on_this_computer, secured
from desk.adapters.refusals import AWAY, why_no_connection

if TYPE_CHECKING:
    from sqlalchemy import URL

_SECONDS = 4
_ASKS_FOR_PROOF = "server requested SASL authentication"
_ASKED_BEHIND_TLS = ("no pg_hba.conf entry", "is not permitted to log in", "does not exist")
"""Answers about the login or the database: with `verify-full` they come only from a server that has proved its name."""


class LineKind(Enum):
    """How safe the line is; only `REFUSED` keeps the password from being sent."""

    VERIFIED = "verified"
    LOCAL = "local"
    OPEN = "open"
    REFUSED = "refused"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class LineState:
    """The kind of the line, and the sentence that says so to a person."""

    kind: LineKind
    sentence: str

    @property
    def safe(self) -> bool:
        """Whether a password may be typed without a second thought."""
        return self.kind in (LineKind.VERIFIED, LineKind.LOCAL)

    @property
    def refused(self) -> bool:
        """Whether nothing may be sent."""
        return self.kind is LineKind.REFUSED


def look_at(url: URL) -> LineState:
    """Gives the state of the line to the server of ``url``; no password is sent, also not one that stands in ``url``.

    Takes up to 4 s per host where nobody answers; to be run on a worker.
    """
    address = secured(url)
    if on_this_computer(address):
        return LineState(LineKind.LOCAL, "Server ada di komputer ini; sambungan tidak melewati jaringan.")
    mode = address.query.get("sslmode", "prefer")
    said = _asked(address)
    if _ASKS_FOR_PROOF in said or any(sign in said for sign in _ASKED_BEHIND_TLS):
        return _trusted(str(mode))
    reason = why_no_connection(psycopg.OperationalError(said))
    if reason == AWAY:
        return LineState(LineKind.AWAY, "Server tidak menjawab. Periksa jaringan, lalu coba lagi.")
    return LineState(LineKind.REFUSED, f"{reason} Kata sandi tidak dikirim.")


def _trusted(mode: str) -> LineState:
    if mode == "verify-full":
        return LineState(LineKind.VERIFIED, "Sambungan terenkripsi, dan sertifikat server cocok dengan namanya.")
    if mode in ("require", "verify-ca"):
        return LineState(LineKind.OPEN, "Sambungan terenkripsi, tetapi nama server tidak diperiksa.")
    return LineState(LineKind.OPEN, "Sambungan mungkin tidak terenkripsi. Beri tahu administrator sebelum masuk.")


def _asked(address: URL) -> str:
    """What libpq and the server said to a connection that agrees to no way of logging in."""
    query = {name: value for name, value in address.query.items() if name not in ("channel_binding", "options")}
    bare = address.set(password=None, username=address.username or "meja_pst", query=query)
    _, parameters = create_engine(bare).dialect.create_connect_args(bare)
    parameters.pop("context", None)  # SQLAlchemy's own, for psycopg
    ours = {"require_auth": "none", "connect_timeout": _SECONDS, "gssencmode": "disable"}
    wanted: dict[str, Any] = {**parameters, **ours}
    try:
        psycopg.Connection.connect(**wanted).close()
    except psycopg.OperationalError as error:
        return str(error)
    # It asks nobody for anything: whoever answers there, it is not the office.
    return "authentication method requirement: nothing was asked"
