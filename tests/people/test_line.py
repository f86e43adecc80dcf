"""Nobody but the office's own server gets a password: real TLS, false servers, somebody in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import URL, make_url, text

from desk.adapters import roles
from desk.adapters.database import engine_for, reading, transaction
from desk.adapters.line import LineKind, look_at
from desk.errors import Unavailable
from tests.people.servers import (
    CLEAR_PASSWORD,
    MD5_PASSWORD,
    NAME,
    NOTHING,
    SASL,
    Certificates,
    FalseServer,
    Relay,
    address,
    make_certificates,
    office_server,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    with office_server(certificates) as server:
        owner = engine_for(server.url())
        with transaction(owner) as session:
            roles.create_groups(session.connection())
            roles.create_login(session.connection(), "rina", PASSWORD, [roles.OFFICER])
        owner.dispose()
        port = server.url().port
        assert port is not None
        yield TrueServer(port)


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


@pytest.mark.parametrize("demands", [CLEAR_PASSWORD, MD5_PASSWORD, NOTHING], ids=["clear password", "md5", "nothing"])
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
    assert not false.received


def test_a_false_server_that_cannot_bind_the_password_to_its_certificate_gets_nothing(
    certificates: Certificates,
) -> None:
    with FalseServer(certificates, SASL).running() as false:
        said = come_in(address(false.port, certificates.authority, password=PASSWORD))
    assert said.startswith("Sambungan ke server disela di tengah jalan, atau servernya palsu.")
    assert (false.asked, bytes(false.received)) == (1, b"")


MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


@pytest.mark.parametrize("demands", [CLEAR_PASSWORD, MD5_PASSWORD], ids=["clear password", "md5"])
@pytest.mark.parametrize("mode", MODES)
def test_whatever_the_settings_say_about_tls_the_password_is_never_told(
    certificates: Certificates, mode: str, demands: int
) -> None:
    """B19: six settings, with the office's own certificate in the wrong hands and without TLS."""
    for shown in (certificates, None):
        with FalseServer(shown, demands).running() as false:
            url = address(false.port, certificates.authority, password=PASSWORD)
            said = come_in(url.update_query_dict({"sslmode": mode}))
            state = look_at(url.update_query_dict({"sslmode": mode}))
        assert said.endswith("."), said
        assert not said.startswith("Basis data tidak terhubung"), said
        assert state.kind is LineKind.REFUSED, state
        assert not false.received


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.component("postgresql-15")
def test_the_true_server_lets_in_with_every_setting(
    true_server: TrueServer, certificates: Certificates, mode: str
) -> None:
    url = address(true_server.port, certificates.authority, password=PASSWORD).update_query_dict({"sslmode": mode})
    assert come_in(url).startswith("None" if mode in ("disable", "allow") else "TLSv1.")


@pytest.mark.component("postgresql-15")
@pytest.mark.parametrize("hides_binding", [False, True], ids=["passes everything on", "hides the binding"])
def test_somebody_in_the_middle_with_a_certificate_of_the_office_gets_no_further(
    true_server: TrueServer, certificates: Certificates, tmp_path: Path, hides_binding: bool
) -> None:
    """A second certificate for the right name, signed by the office's authority: an old key that was copied."""
    stolen = make_certificates(tmp_path / "lama", signed_by=certificates)
    with Relay(stolen, true_port=true_server.port, hides_binding=hides_binding).running() as relay:
        said = come_in(address(relay.port, certificates.authority, password=PASSWORD))
    assert said.startswith("Sambungan ke server disela di tengah jalan, atau servernya palsu.")
    assert relay.asked == 1
    assert PASSWORD.encode() not in relay.received
    assert bool(relay.received) is not hides_binding  # at most a proof that is of use to this certificate alone


@pytest.mark.component("postgresql-15")
def test_the_relay_of_these_tests_does_get_through_where_nothing_is_bound(
    true_server: TrueServer, certificates: Certificates, tmp_path: Path
) -> None:
    stolen = make_certificates(tmp_path / "lama", signed_by=certificates)
    with Relay(stolen, true_port=true_server.port).running() as relay:
        careless = address(relay.port, certificates.authority, password=PASSWORD)
        assert come_in(careless.update_query_dict({"channel_binding": "disable"})).startswith("TLSv1.")


def test_the_false_server_of_these_tests_does_take_a_password_that_is_given_away(certificates: Certificates) -> None:
    with FalseServer(certificates).running() as false:
        careless = address(false.port, certificates.authority, password=PASSWORD)
        come_in(
            careless.update_query_dict({"sslmode": "require", "channel_binding": "prefer", "require_auth": "!none"})
        )
    assert PASSWORD.encode() in false.received


@pytest.mark.parametrize("demands", [CLEAR_PASSWORD, MD5_PASSWORD], ids=["clear password", "md5"])
def test_a_strangers_program_on_this_computers_port_gets_nothing(demands: int) -> None:
    with FalseServer(None, demands).running() as false:
        said = come_in(make_url(f"postgresql://rina:{PASSWORD}@localhost:{false.port}/meja_pst?hostaddr=127.0.0.1"))
    assert "mungkin palsu" in said
    assert (false.asked, bytes(false.received)) == (1, b"")


def test_a_server_on_this_computer_needs_no_certificate() -> None:
    assert look_at(make_url("postgresql://rina@localhost:1/meja")).kind is LineKind.LOCAL


def test_a_server_that_does_not_answer_is_away_and_not_false(certificates: Certificates) -> None:
    with FalseServer(None).running() as gone:
        port = gone.port
    state = look_at(address(port, certificates.authority))
    assert (state.kind, NAME in state.sentence) == (LineKind.AWAY, False)
