"""A certificate authority, certificates, and a server that is not the office's: it asks for the password in clear."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import URL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "db.kantor.test"
_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104
_CLEAR_PASSWORD = 3


@dataclass(frozen=True)
class Certificates:
    """Files of one authority and one server certificate for `NAME`."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(folder: Path) -> Certificates:
    """Writes an authority and a certificate that it signed."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Otoritas {folder.name}")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
        )

    root = (
        builder(root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    server = (
        builder(name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    files = Certificates(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    pem = serialization.Encoding.PEM
    files.authority.write_bytes(root.public_bytes(pem))
    files.certificate.write_bytes(server.public_bytes(pem))
    files.key.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    files.key.chmod(0o600)
    return files


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
class FalseServer:
    """Speaks enough of the protocol to ask for a password in clear; keeps whatever it is given after the question."""

    certificates: Certificates | None
    demands: int = _CLEAR_PASSWORD
    asked: int = 0
    received: bytearray = field(default_factory=bytearray)
    port: int = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[FalseServer]:
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
            length, code = struct.unpack("!II", _exactly(line, 8))
            if code not in (_SSL_REQUEST, _GSS_REQUEST):
                self._ask(line, length)
                return
            if code == _SSL_REQUEST and self.certificates is not None:
                line.sendall(b"S")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.certificates.certificate, self.certificates.key)
                with context.wrap_socket(line, server_side=True) as encrypted:
                    length, _ = struct.unpack("!II", _exactly(encrypted, 8))
                    self._ask(encrypted, length)
                return
            line.sendall(b"N")

    def _ask(self, line: socket.socket, length: int) -> None:
        _exactly(line, length - 8)  # the name of the login, no secret
        self.asked += 1
        line.sendall(b"R" + struct.pack("!II", 8, self.demands))
        while data := line.recv(4096):
            self.received += data


def _exactly(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        if not more:
            raise OSError("the other side left")
        data += more
    return data
