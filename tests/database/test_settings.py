"""The settings of a workstation: written and read back, and sentences for what cannot be read."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from sqlalchemy import make_url

from desk import settings as adapter
from desk.errors import Unavailable
from desk.settings import (
    Settings,
    database_url,
    forget_password,
    load,
    remember_password,
    remembered_password,
    save,
    settings_file,
)

_ADDRESS = "postgresql://ani@db1.office.lan:5432/pst?sslrootcert=C%3A%5Cca.pem"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Meja PST" / "settings.toml"


def test_a_workstation_without_a_file_has_the_first_settings(path: Path) -> None:
    assert load(path) == Settings()
    assert database_url(load(path), {}) is None
    assert settings_file().name == "settings.toml"
    assert "Meja PST" in settings_file().parts


def test_what_is_saved_is_read_back(path: Path) -> None:
    chosen = Settings(
        database=_ADDRESS,
        theme="dark",
        libreoffice=True,
        data_folder=Path("D:/Data PST/é"),
    )
    save(chosen, path)
    assert load(path) == chosen
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


def test_what_a_newer_version_wrote_stays(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(
        'since = 2026-11-21T10:00:00+07:00\nday = 2026-11-21\nsizes = [1, 2.5, "a"]\ntheme = "light"\n'
        '[window]\nwidth = 1200\n[window."layar 2"]\nopen = true\n[[screens]]\nname = "kiri"\n',
        encoding="utf-8",
    )
    before = tomllib.loads(path.read_text(encoding="utf-8"))
    save(replace(load(path), theme="dark"), path)
    after = tomllib.loads(path.read_text(encoding="utf-8"))
    assert {name: after[name] for name in before} == before | {"theme": "dark"}


_tables = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.dates() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), _tables, max_size=4))
def test_any_value_is_read_back_as_written(table: dict[str, object]) -> None:
    assert tomllib.loads(adapter._toml(table)) == table


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'theme = "dark"\noffice = 1600"\n', 2),
        (b'theme = "dark"\r\n\r\n[printers\r\n', 3),
        (b'office = "16\n', 1),
        (b'office = """\nx', 2),
        (b'theme = "dark"\noffice = "\xff"\n', 2),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_its_line(path: Path, content: bytes, line: int) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(Unavailable, match=rf"salah tulis pada baris {line}\. Perbaiki baris itu"):
        load(path)
    with pytest.raises(Unavailable, match="salah tulis"):  # and is not overwritten
        save(Settings(), path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("database = 1600", "database"),
        ('theme = "ungu"', "theme"),
        ('libreoffice = "ya"', "libreoffice"),
        ("data_folder = 1", "data_folder"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named(path: Path, content: str, name: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8-sig")
    with pytest.raises(Unavailable, match=rf"Nilai “{name}” .* tidak dapat dipakai\."):
        load(path)


@pytest.mark.parametrize("address", ["postgresql://ani:rahasia@db1/pst", "postgresql://ani@db1/pst?password=rahasia"])
def test_a_password_never_stands_in_the_file(path: Path, address: str) -> None:
    with pytest.raises(Unavailable, match="memuat kata sandi") as refused:
        save(Settings(database=address), path)
    assert "rahasia" not in str(refused.value)
    assert not path.exists()
    path.parent.mkdir()
    path.write_text(f'database = "{address}"', encoding="utf-8")
    with pytest.raises(Unavailable, match="memuat kata sandi"):
        load(path)


@pytest.mark.parametrize("address", ["db1", "mysql://ani@db1/pst", "postgresql://ani@db1:lima/pst", "://rahasia"])
def test_an_address_that_cannot_be_read_shows_how_to_write_one(address: str) -> None:
    with pytest.raises(Unavailable, match=r"Tulis seperti postgresql://") as refused:
        database_url(Settings(), {"DESK_DATABASE_URL": address})
    assert "rahasia" not in str(refused.value)


def test_the_environment_names_another_database() -> None:
    chosen = Settings(database=_ADDRESS)
    assert database_url(chosen, {}) == make_url(_ADDRESS)
    other = database_url(chosen, {"DESK_DATABASE_URL": "postgresql://uji:rahasia@localhost/uji"})
    assert other == make_url("postgresql://uji:rahasia@localhost/uji")
    assert database_url(chosen, {"DESK_DATABASE_URL": ""}) == make_url(_ADDRESS)


class _Memory(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self._kept[service, username]


def test_the_keyring_keeps_a_password_per_person_and_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", _Memory())
    address = make_url(_ADDRESS)
    assert remembered_password(address) is None
    remember_password(address, "rahasia ani")
    assert remembered_password(address) == "rahasia ani"
    assert remembered_password(address.set(username="budi")) is None
    forget_password(address)
    assert remembered_password(address) is None


def test_a_computer_without_a_keyring_asks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())  # type: ignore[no-untyped-call]
    assert remembered_password(make_url(_ADDRESS)) is None
    forget_password(make_url(_ADDRESS))
    with pytest.raises(Unavailable, match=r"tidak punya penyimpan kata sandi\. Masukkan kata sandi setiap kali"):
        remember_password(make_url(_ADDRESS), "rahasia")
