"""The program is killed while a stack is stored or filed: nothing by halves, nothing lost, nothing twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desk import scanning
from desk.adapters.scans import ScanReader
from tests.office import PALEMBANG, Office
from tests.scans.stacks import Sheet, stack
from tests.scans.test_tray import accepted, code, in_tray, scanned, take

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("step", ["add_part", "note_filed"])
def test_a_killed_program_leaves_a_stack_that_is_taken_up_where_it_was(
    office: Office, tmp_path: Path, step: str
) -> None:
    rina, sheets = office.as_("rina"), stack([Sheet(), Sheet()])
    cases = [accepted(office, sheets) for _ in range(2)]
    path = tmp_path / "pagi.pdf"
    path.write_bytes(stack([sheet for case in cases for sheet in (Sheet((code(office, case),)), Sheet())]))
    order = {
        "url": office.database_url(rina.login, rina.password),
        "login": rina.login,
        "path": str(path),
        "step": step,
    }
    killed = subprocess.run(
        [sys.executable, "-m", "tests.scans.killed"],
        input=json.dumps(order) + "\n", cwd=ROOT, text=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert killed.returncode != 0
    assert path.is_file(), "the scanner's own file stays until the stack is in the database"
    stored = len(office.rows("SELECT FROM desk.scan_stack"))
    with ScanReader() as reader:
        if step == "add_part":
            assert (stored, scanned(office), office.rows("SELECT FROM desk.scan_part")) == (0, [], [])
            assert len(take(rina, reader, path).filed) == 2
        else:
            assert (stored, len(scanned(office)), len(in_tray(rina))) == (1, 1, 1)
            assert take(rina, reader, path).known, "the same file does not come in twice"
            assert len(scanning.file_waiting(rina.session, reader, rina.actor, PALEMBANG)) == 1
    assert in_tray(rina) == []
    assert {row["case_id"] for row in scanned(office)} == {case.id for case in cases}
    assert len(scanned(office)) == 2
    assert len(office.rows("SELECT FROM desk.event WHERE action = 'attach_original_scan'")) == 2
