"""Nobody but the office's own server gets a password: real TLS, a false server, a foreign name."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import URL, make_url, text

from desk.adapters import roles
from desk.adapters.binaries import other_account
from desk.adapters.database import engine_for, reading, transaction
from desk.adapters.embedded import EmbeddedServer
from desk.adapters.line import LineKind, look_at
from desk.errors import Unavailable
from tests.components import postgresql_15
from tests.people.servers import NAME, Certificates, FalseServer, address, make_certificates

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "kalimat.sandi.rina"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("kantor"))


@dataclass
class TrueServer:
    """The office's PostgreSQL with TLS, where Rina has a login."""

    port: int


@pytest.fixture(scope="module")
def true_server(certificates: Certificates) -> Iterator[TrueServer]:
    """The bundled PostgreSQL has no TLS; the system's has."""
    folder = Path(tempfile.mkdtemp(prefix=f"desk-test-{os.getpid()}-"))
    folder.chmod(0o711)  # where another account runs the server, it passes through
    for each in (certificates.certificate, certificates.key):
        shutil.copyfile(each, folder / each.name)
        (folder / each.name).chmod(0o600)
        if (account := other_account()) is not None:
            shutil.chown(folder / each.name, account)
    settings = {
        "ssl": "on",
        "ssl_cert_file": str(folder / certificates.certificate.name),
        "ssl_key_file": str(folder / certificates.key.name),
    }
    server = EmbeddedServer(folder / "server", bin_folder=postgresql_15(), durable=False, settings=settings)
    try:
        with server:
            owner = engine_for(server.url())
            with transaction(owner) as session:
                roles.create_groups(session.connection())
                roles.create_login(session.connection(), "rina", PASSWORD, [roles.OFFICER])
            owner.dispose()
            port = server.url().port
            assert port is not None
            yield TrueServer(port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def come_in(url: URL) -> str:
    """The sentence at the door, or the name of the cipher when it opened."""
    engine = engine_for(url)
    try:
        with reading(engine) as session:
            return str(
                session.execute(text("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar_one()
            )
    except Unavailable as unavailable:
        return str(unavailable)
    finally:
        engine.dispose()


@pytest.mark.component("postgresql-15")
def test_the_offices_server_is_recognised_before_the_password_and_let_in(
    true_server: TrueServer, certificates: Certificates
) -> None:
    url = address(true_server.port, certificates.authority)
    state = look_at(url)
    assert state.kind is LineKind.VERIFIED
    assert state.sentence == "Sambungan terenkripsi, dan sertifikat server cocok dengan namanya."
    assert come_in(url.set(password=PASSWORD)).startswith("TLSv1.")


@pytest.mark.component("postgresql-15")
def test_a_name_that_is_not_in_the_certificate_is_refused(true_server: TrueServer, certificates: Certificates) -> None:
    url = address(true_server.port, certificates.authority, name="db.lain.test")
    state = look_at(url)
    assert state.kind is LineKind.REFUSED
    assert state.sentence == (
        "Nama server tidak ada di sertifikatnya. Periksa alamat server di pengaturan. Kata sandi tidak dikirim."
    )
    assert come_in(url.set(password=PASSWORD)).startswith("Nama server tidak ada di sertifikatnya.")


@pytest.mark.component("postgresql-15")
def test_a_certificate_of_another_authority_is_refused(true_server: TrueServer, tmp_path: Path) -> None:
    other = make_certificates(tmp_path / "lain")
    url = address(true_server.port, other.authority)
    state = look_at(url)
    assert state.kind is LineKind.REFUSED
    assert "tidak dapat dipercaya" in state.sentence
    assert "tidak dapat dipercaya" in come_in(url.set(password=PASSWORD))


@pytest.mark.parametrize("demands", [3, 5, 0], ids=["clear password", "md5", "nothing at all"])
@pytest.mark.parametrize("right_certificate", [True, False], ids=["certificate of the office", "without TLS"])
def test_a_false_server_gets_nothing(certificates: Certificates, demands: int, right_certificate: bool) -> None:
    with FalseServer(certificates if right_certificate else None, demands).running() as false:
        url = address(false.port, certificates.authority, password=PASSWORD)
        state = look_at(url)
        said = come_in(url)
    assert state.kind is LineKind.REFUSED, state
    assert state.sentence.endswith("Kata sandi tidak dikirim.")
    assert "mungkin palsu" in said if right_certificate else "tidak memakai sambungan terenkripsi" in said
    assert false.asked == (2 if right_certificate else 0)
    assert PASSWORD.encode() not in false.received
    assert b"p" not in false.received[:1]  # no PasswordMessage of any kind


def test_the_false_server_of_these_tests_does_take_a_password_that_is_given_away(certificates: Certificates) -> None:
    with FalseServer(certificates).running() as false:
        careless = address(false.port, certificates.authority, password=PASSWORD)
        come_in(
            careless.update_query_dict({"sslmode": "require", "channel_binding": "prefer", "require_auth": "!none"})
        )
    assert PASSWORD.encode() in false.received


def test_a_server_on_this_computer_needs_no_certificate() -> None:
    assert look_at(make_url("postgresql://rina@localhost:1/meja")).kind is LineKind.LOCAL


def test_a_server_that_does_not_answer_is_away_and_not_false(certificates: Certificates) -> None:
    with FalseServer(None).running() as gone:
        port = gone.port
    state = look_at(address(port, certificates.authority))
    assert (state.kind, NAME in state.sentence) == (LineKind.AWAY, False)
