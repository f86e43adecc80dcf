"""A command ends with a code and a sentence, never with a traceback; the log keeps what the sentence leaves out."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desk import __main__, __version__
from desk.commands import log_file, outcome, parser
from desk.errors import Refused, Unavailable
from tests.commands.desk_command import Command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _log_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root = logging.getLogger()
    before, level, loud = list(root.handlers), root.level, logging.raiseExceptions
    monkeypatch.setattr(log_file, "path", lambda: tmp_path / "log" / "meja-pst.log")
    yield
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.raiseExceptions = loud


def test_a_refusal_and_an_outside_failure_are_told_in_their_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    def refused() -> int:
        raise Refused("Tidak boleh.")

    def unavailable() -> int:
        raise Unavailable("Server tidak menjawab.")

    assert outcome.of(refused) == outcome.REFUSED
    assert outcome.of(unavailable) == outcome.UNAVAILABLE
    assert capsys.readouterr().err == "Tidak boleh.\nServer tidak menjawab.\n"


def test_a_bug_is_told_with_a_number_under_which_the_log_has_the_rest(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken() -> int:
        raise ZeroDivisionError("rahasia dapur")

    log_file.open_log()
    assert outcome.of(broken) == outcome.BUG
    said = capsys.readouterr().err
    assert "rahasia dapur" not in said
    reference = said.split("nomor rujukan ")[1].partition(".")[0]
    written = (tmp_path / "log" / "meja-pst.log").read_text("utf-8")
    assert f"bug {reference}" in written
    assert "rahasia dapur" in written


def test_a_windowed_program_without_outputs_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert __main__.main(["check", "words", "1"]) == outcome.DONE
    assert __main__.main(["check", "words", "banyak"]) == outcome.REFUSED


def test_a_full_log_begins_anew_and_keeps_one_old_one(tmp_path: Path) -> None:
    file = tmp_path / "log" / "meja-pst.log"
    file.parent.mkdir()
    file.write_bytes(b"x" * 3_000_000)
    log_file.open_log()
    logging.getLogger("desk").warning("baru")
    assert file.stat().st_size < 1_000
    assert (tmp_path / "log" / "meja-pst.old.log").stat().st_size == 3_000_000


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_text("bukan folder")
    assert __main__.main(["check", "words", "1"]) == outcome.DONE
    assert "satu rupiah" in capsys.readouterr().out


def test_a_reader_that_goes_away_is_no_trouble(desk: Command, tmp_path: Path) -> None:
    many = tmp_path / "banyak.json"
    many.write_text("[" + ",".join('{"amount": 1}' for _ in range(20_000)) + "]", "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "desk", "check", "words", "--file", str(many)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == outcome.DONE


def test_the_version_is_told(desk: Command) -> None:
    assert desk("--version").out == f"Meja PST {__version__}\n"


def test_help_is_indonesian(desk: Command) -> None:
    text = desk("--help").out + desk("check", "--help").out + desk("check", "workdays", "--help").out
    for word in ("usage", "options", "positional", "show this"):
        assert word not in text


def test_importing_the_command_imports_nothing_heavy() -> None:
    code = (
        "import sys, desk.__main__, desk.commands.parser as p; p.parser(); "
        "print([m for m in ('PySide6', 'sqlalchemy', 'psycopg', 'docxtpl', 'lxml', 'alembic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_parser_knows_what_to_run_for_every_word() -> None:
    assert callable(parser.chosen(["check", "words", "1"]))
