"""The office's database on a single computer: a private PostgreSQL in the data folder, until there is a shared server.

`desk server init --here` makes it, every command and the windows find it where no address of a server is set, and
`desk server move-in` carries it to a shared server. The folder then says where it went and is not opened again.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from desk.adapters.embedded import EmbeddedServer
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import URL

FOLDER = "kantor"
DATABASE = "meja_pst"
_MOVED = "dipindahkan.json"


@dataclass(frozen=True, slots=True)
class OwnServer:
    """The private server in `folder`; it need not exist yet."""

    folder: Path

    @property
    def is_there(self) -> bool:
        """Whether an office was set up here and has not moved away."""
        return (self.folder / "server" / "cluster" / "PG_VERSION").is_file() and self.moved_to is None

    @property
    def moved_to(self) -> URL | None:
        """The address of the server that the office moved to, without a password; None while it is here."""
        try:
            written = json.loads((self.folder / _MOVED).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise Unavailable(f"Berkas {self.folder / _MOVED} tidak terbaca. Hubungi administrator.") from error
        return make_url(written["server"])

    def note_moved(self, to: URL, now: datetime) -> None:
        """Writes down where the office went; from now on nobody opens it here."""
        written = {"server": to._replace(password=None).render_as_string(), "at": now.isoformat()}
        unfinished = self.folder / f"{_MOVED}.belum-selesai"
        unfinished.write_text(json.dumps(written, indent=1), "utf-8")
        unfinished.replace(self.folder / _MOVED)

    def server(self) -> EmbeddedServer:
        """The server itself, not started."""
        return EmbeddedServer(self.folder / "server")

    @contextlib.contextmanager
    def running(self) -> Iterator[URL]:
        """Starts the server or joins the one that runs, and gives the superuser's address of the office's database.

        Raises `Refused` where the office has moved away, and `Unavailable` where the server cannot be started.
        """
        if (there := self.moved_to) is not None:
            raise Refused(
                f"Data kantor di komputer ini sudah dipindahkan ke server {there.host} / {there.database}. "
                "Tulis alamat itu di pengaturan."
            )
        with self.server() as server:
            yield server.url(database=DATABASE)
