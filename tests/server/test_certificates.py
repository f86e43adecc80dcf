"""A server with the office's certificate is believed, any other is not; a renewed one needs no change at the desks."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from desk.adapters import certificates, server_state
from desk.adapters.binaries import other_account
from desk.adapters.certificates import AUTHORITY, AUTHORITY_KEY, SERVER, SERVER_KEY, make_certificates
from desk.adapters.embedded import EmbeddedServer
from desk.errors import Refused, Unavailable
from tests.components import postgresql_15

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """The folder with the certificates of `localhost`."""
    folder = Path(tempfile.mkdtemp(prefix=f"desk-test-{os.getpid()}-"))
    make_certificates(folder / "sertifikat", ["localhost", "127.0.0.1"], NOW)
    yield folder / "sertifikat"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def encrypted(kept: Path) -> Iterator[EmbeddedServer]:
    """A server of PostgreSQL 15 with that certificate; the bundled one is built without TLS or with it, 15 always."""
    server = EmbeddedServer(kept.parent / "server", bin_folder=postgresql_15(), durable=False)
    server.start()
    for name in (SERVER, SERVER_KEY):
        shutil.copy(kept / name, server.data_folder / name)
        if (account := other_account()) is not None:
            shutil.chown(server.data_folder / name, account)
    (server.data_folder / SERVER_KEY).chmod(0o600)
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET ssl = on"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield server
    server.stop()


def over_tls(server: EmbeddedServer, host: str, authority: Path) -> URL:
    query = {"sslmode": "verify-full", "sslrootcert": str(authority), "channel_binding": "require"}
    return server.url().set(host=host).update_query_dict(query)


@pytest.mark.component("postgresql-15")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_workstation_with_the_authority_reaches_the_server(kept: Path, encrypted: EmbeddedServer, host: str) -> None:
    engine = create_engine(over_tls(encrypted, host, kept / AUTHORITY), poolclass=NullPool)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar() in (
            "TLSv1.3", "TLSv1.2",
        )  # fmt: skip
        until = server_state._certificate_until(connection)
    assert until is not None
    assert 4 < (until - NOW) / timedelta(days=365) <= 5


@pytest.mark.component("postgresql-15")
def test_another_offices_authority_does_not_vouch_for_it(encrypted: EmbeddedServer, tmp_path: Path) -> None:
    make_certificates(tmp_path, ["localhost"], NOW)
    engine = create_engine(over_tls(encrypted, "localhost", tmp_path / AUTHORITY), poolclass=NullPool)
    with pytest.raises(OperationalError, match="certificate verify failed"), engine.connect():
        pass


def test_a_renewed_certificate_is_signed_by_the_same_authority(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["pst.kantor.lan"], NOW - timedelta(days=1700))
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    make_certificates(tmp_path, ["pst.kantor.lan"], NOW)
    after = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {name for name in before if before[name] == after[name]} == {AUTHORITY, AUTHORITY_KEY}
    assert sorted(after) == sorted([AUTHORITY, AUTHORITY_KEY, SERVER, SERVER_KEY])
    until = certificates.last_day(after[SERVER].decode())
    assert until is not None
    assert until > NOW + timedelta(days=1800)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in lists, not in modes")
def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["pst.kantor.lan"], NOW)
    for name in (AUTHORITY_KEY, SERVER_KEY):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_an_authority_without_its_own_key_is_refused(tmp_path: Path) -> None:
    make_certificates(tmp_path / "a", ["a.lan"], NOW)
    make_certificates(tmp_path / "b", ["b.lan"], NOW)
    shutil.copy(tmp_path / "b" / AUTHORITY_KEY, tmp_path / "a" / AUTHORITY_KEY)
    with pytest.raises(Refused, match=r"tidak sepasang.*\.$"):
        make_certificates(tmp_path / "a", ["a.lan"], NOW)
    (tmp_path / "b" / AUTHORITY_KEY).unlink()
    with pytest.raises(Refused, match=r"tidak ada di.*\.$"):
        make_certificates(tmp_path / "b", ["b.lan"], NOW)


@pytest.mark.parametrize("host", ["", "db kantor", "-a", "a..b", "a" * 64, "server:5432", "*"])
def test_a_name_no_server_can_have_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        make_certificates(tmp_path / "neu", [host], NOW)
    assert not (tmp_path / "neu").exists()


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    with pytest.raises(Unavailable, match=r"tidak dapat ditulis.*\.$"):
        make_certificates(tmp_path / "berkas", ["a.lan"], NOW)
