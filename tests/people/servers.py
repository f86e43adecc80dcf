"""The office's own certificates, servers that are not the office's, and who sits in the middle of a line.

Whatever a person's program sends to them is kept, so that a test can look for the password in it.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import socket
import ssl
import struct
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import URL

from desk.adapters import certificates
from desk.adapters.binaries import other_account
from desk.adapters.embedded import EmbeddedServer
from tests.components import postgresql_15

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "db.kantor.test"
_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104
CLEAR_PASSWORD, MD5_PASSWORD, NOTHING, SASL = 3, 5, 0, 10
_WITH_BINDING, _WITHOUT = b"SCRAM-SHA-256-PLUS\x00", b"SCRAM-SHA-256\x00"


@dataclass(frozen=True)
class Certificates:
    """Files of one authority and one server certificate for `NAME`."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(folder: Path, *, signed_by: Certificates | None = None, name: str = NAME) -> Certificates:
    """Writes what `desk server certificate` writes: a certificate, and its authority where `signed_by` is not given."""
    folder.mkdir(parents=True, exist_ok=True)
    if signed_by is not None:
        for each in (certificates.AUTHORITY, certificates.AUTHORITY_KEY):
            shutil.copyfile(signed_by.authority.parent / each, folder / each)
    certificates.make_certificates(folder, [name], datetime.now(UTC))
    return Certificates(folder / certificates.AUTHORITY, folder / certificates.SERVER, folder / certificates.SERVER_KEY)


@contextlib.contextmanager
def office_server(shown: Certificates) -> Iterator[EmbeddedServer]:
    """The office's PostgreSQL with TLS: the bundled one has none, the system's (`postgresql-15`) has."""
    folder = Path(tempfile.mkdtemp(prefix=f"desk-test-{os.getpid()}-"))
    folder.chmod(0o711)  # where another account runs the server, it passes through
    for each in (shown.certificate, shown.key):
        shutil.copyfile(each, folder / each.name)
        (folder / each.name).chmod(0o600)
        if (account := other_account()) is not None:
            shutil.chown(folder / each.name, account)
    settings = {
        "ssl": "on",
        "ssl_cert_file": str(folder / shown.certificate.name),
        "ssl_key_file": str(folder / shown.key.name),
        "ssl_min_protocol_version": "TLSv1.3",  # as `desk server init` says
    }
    try:
        with EmbeddedServer(folder / "server", bin_folder=postgresql_15(), durable=False, settings=settings) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def address(port: int, authority: Path, *, name: str = NAME, password: str | None = None, login: str = "rina") -> URL:
    """The address of a server that stands elsewhere by its name, and here by its number."""
    query = {"hostaddr": "127.0.0.1", "sslrootcert": str(authority)}
    return URL.create(
        "postgresql+psycopg",
        username=login,
        password=password,
        host=name,
        port=port,
        database="postgres",
        query=query,
    )


@dataclass
class _Door:
    """Lets everybody in at a port of its own and talks to them one after the other."""

    certificates: Certificates | None
    asked: int = field(default=0, init=False)
    received: bytearray = field(default_factory=bytearray, init=False)
    port: int = field(default=0, init=False)

    @contextlib.contextmanager
    def running(self) -> Iterator[Self]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.1)
            self.port = listener.getsockname()[1]
            end = threading.Event()
            thread = threading.Thread(target=self._serve, args=(listener, end))
            thread.start()
            try:
                yield self
            finally:
                end.set()
                thread.join()

    def _serve(self, listener: socket.socket, end: threading.Event) -> None:
        while not end.is_set():
            try:
                line, _ = listener.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(2)
                with contextlib.suppress(OSError):  # a client that trusts nobody leaves in the middle
                    self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        while True:
            start = _exactly(line, 8)
            length, code = struct.unpack("!II", start)
            if code not in (_SSL_REQUEST, _GSS_REQUEST):
                self._greeted(line, start + _exactly(line, length - 8))  # the name of the login, no secret
                return
            if code == _SSL_REQUEST and self.certificates is not None:
                line.sendall(b"S")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.certificates.certificate, self.certificates.key)
                with context.wrap_socket(line, server_side=True) as encrypted:
                    start = _exactly(encrypted, 8)
                    self._greeted(encrypted, start + _exactly(encrypted, struct.unpack("!I", start[:4])[0] - 8))
                return
            line.sendall(b"N")

    def _greeted(self, line: socket.socket, greeting: bytes) -> None:
        raise NotImplementedError


@dataclass
class FalseServer(_Door):
    """Speaks enough of the protocol to ask for a password, in a way a server of the office never asks."""

    demands: int = CLEAR_PASSWORD

    def _greeted(self, line: socket.socket, greeting: bytes) -> None:
        self.asked += 1
        how = {MD5_PASSWORD: b"salt", SASL: _WITHOUT + b"\x00"}.get(self.demands, b"")
        line.sendall(b"R" + struct.pack("!II", 8 + len(how), self.demands) + how)
        while data := line.recv(4096):
            self.received += data


@dataclass
class Relay(_Door):
    """Sits between a workstation and the true server, with a certificate of its own; passes on what it hears.

    `hides_binding` takes the way of logging in that is bound to the certificate out of what the server offers.
    """

    true_port: int = 0
    hides_binding: bool = False

    def _greeted(self, line: socket.socket, greeting: bytes) -> None:
        assert isinstance(line, ssl.SSLSocket)
        self.asked += 1
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.true_port)) as plain:
            plain.sendall(struct.pack("!II", 8, _SSL_REQUEST))
            _exactly(plain, 1)
            with context.wrap_socket(plain) as server:
                server.settimeout(2)
                server.sendall(greeting)
                self._pass_on(line, server)

    def _pass_on(self, line: ssl.SSLSocket, server: ssl.SSLSocket) -> None:
        sides = {line: server, server: line}
        while ready := [side for side in sides if side.pending()] or select.select(list(sides), [], [], 2)[0]:
            for side in ready:
                data = side.recv(65536)
                if not data:
                    return
                if side is line:
                    self.received += data
                elif self.hides_binding and _WITH_BINDING in data:
                    data = b"R" + struct.pack("!II", 8 + len(_WITHOUT) + 1, SASL) + _WITHOUT + b"\x00"
                sides[side].sendall(data)


def _exactly(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        if not more:
            raise OSError("the other side left")
        data += more
    return data
