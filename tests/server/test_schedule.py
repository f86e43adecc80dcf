"""The nightly backup, the weekly test and the watchdog, as systemd and Windows read them."""

from __future__ import annotations

import configparser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sqlalchemy import make_url

from desk.adapters.schedule import write_schedule
from desk.commands.parser import parser

if TYPE_CHECKING:
    from pathlib import Path

URL = make_url(
    "postgresql+psycopg://postgres:rahasia@pst.kantor.lan:5432/meja_pst?sslrootcert=/a b/100%25&application_name=x"
)
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def test_every_task_is_there_twice_and_none_holds_the_password(tmp_path: Path) -> None:
    names = write_schedule(tmp_path / "jadwal", URL)
    assert sorted(names) == sorted(file.name for file in (tmp_path / "jadwal").iterdir())
    assert len(names) == 8
    for file in (tmp_path / "jadwal").iterdir():
        written = file.read_text("utf-16" if file.suffix == ".xml" else "utf-8")
        assert "rahasia" not in written
        assert "***" not in written
        assert "pst.kantor.lan" in written or file.suffix == ".timer"


def test_windows_starts_commands_that_the_program_knows(tmp_path: Path) -> None:
    write_schedule(tmp_path, URL)
    for file in tmp_path.glob("*.xml"):
        task = ET.fromstring(file.read_bytes())
        words = split_as_windows(task.findtext(f".//{TASK}Arguments") or "")
        assert words[:2] == ["-m", "desk"]
        asked = parser().parse_args(words[2:])
        assert asked.database.startswith("postgresql://postgres@pst.kantor.lan:5432/meja_pst")
        assert task.find(f"{TASK}Triggers")


def split_as_windows(line: str) -> list[str]:
    """Words in quotation marks or without; enough for what has no quotation marks inside."""
    words = line.split('"')
    return [word for at, part in enumerate(words) for word in ([part] if at % 2 else part.split())]


def test_systemd_reads_the_units_and_starts_the_same_commands(tmp_path: Path) -> None:
    write_schedule(tmp_path, URL)
    for file in tmp_path.glob("*.service"):
        unit = configparser.RawConfigParser()
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read_string(file.read_text("utf-8"))
        words = [word for word in unit["Service"]["ExecStart"].split('"') if word.strip()]
        parser().parse_args([word.replace("%%", "%") for word in words[3:]])
        assert unit["Service"]["User"] == "postgres"
        assert file.with_suffix(".timer").exists() != ("Install" in unit)
