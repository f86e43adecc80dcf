"""A wheel carries all the program needs, and works from a folder that is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("resources", "templates_docx")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


def test_every_shipped_file_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in SHIPPED:
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and not file.name.startswith("~$"):
                assert f"desk/bundled/{file.relative_to(ROOT).as_posix()}" in inside
    assert any(name.startswith("desk/migrations/versions/0001") for name in inside)
    assert any(name.endswith("/licenses/LICENSE") for name in inside)
    assert not any(name.startswith(("tests/", "docs/", "tools/")) for name in inside)


def test_an_unpacked_wheel_answers_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "tempat pasang"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        "import desk.resources as r, desk.__main__ as m; print(r.template('invoice.docx')); "
        "m.main(['check', 'workdays', '2026-12-14', '10'])"
    )
    home = {name: str(tmp_path) for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env=os.environ | home | {"PYTHONPATH": str(site)}, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    template, answer = done.stdout.decode("utf-8").splitlines()[:2]
    assert Path(template) == site / "desk" / "bundled" / "templates_docx" / "invoice.docx"
    assert answer == "Rab 30 Des 2026 (2026-12-30)"
