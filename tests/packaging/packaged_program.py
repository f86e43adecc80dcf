"""Runs the packaged program from a folder that nobody expects, and tells its size and how soon it starts.

Run by `uv run poe installer-check` after `uv run poe installer`; it is no test of pytest, for building takes a minute.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

BUILT = Path(__file__).parents[2] / "dist" / "Meja PST"
_SUFFIX = ".exe" if sys.platform == "win32" else ""


def main() -> int:
    """Gives 0 when the packaged program answers, fills a paper, and plays the tour until data are ready."""
    if not BUILT.is_dir():
        print("There is no packaged program yet; run: uv run poe installer", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="meja pst ", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)  # like a folder of programs: its owner writes, everybody reads
        place = Path(name) / "Program Kantor" / "Meja PST"
        shutil.copytree(BUILT, place, symlinks=True)
        home = Path(name) / "rumah"
        home.mkdir()
        return _try_out(place / f"desk{_SUFFIX}", home)


def _try_out(desk: Path, home: Path) -> int:
    sizes = [file.stat().st_size for file in desk.parent.rglob("*") if file.is_file() and not file.is_symlink()]
    print(f"size: {sum(sizes) / 1e6:.0f} MB in {len(sizes)} files")
    starts = [_seconds(desk, home, "--version") for _ in range(5)]
    print(f"start to answer: median {median(starts) * 1000:.0f} ms of {len(starts)}, first {starts[0] * 1000:.0f} ms")
    answer = _run(desk, home, "check", "words", "101000")
    if "seratus satu ribu rupiah" not in answer:
        print(f"wrong answer: {answer}", file=sys.stderr)
        return 1
    invoice = desk.parent / "_internal" / "templates_docx" / "invoice.docx"
    _run(desk, home, "check", "paper", str(invoice), "--pdf", str(home / "invoice.pdf"))
    shown = home / "tur layar"
    print(f"tour: {_seconds(desk, home, 'tour', '--short', '--out', str(shown)):.0f} s")
    pictures = list(shown.rglob("*.png"))
    print(f"tour: {len(pictures)} pictures")
    return 0 if pictures else 1


def _seconds(desk: Path, home: Path, *words: str) -> float:
    began = time.perf_counter()
    _run(desk, home, *words)
    return time.perf_counter() - began


def _run(desk: Path, home: Path, *words: str) -> str:
    """The answer of the program; ends the check with what it said when it fails."""
    places = {name: str(home) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")}
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "DESK_"))}
    done = subprocess.run(
        [desk, *words],
        cwd=home, env=own | places | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, timeout=600, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        log = "".join(file.read_text("utf-8", "replace") for file in home.rglob("meja-pst.log"))
        sys.exit(
            f"desk {' '.join(words)}: exit code {done.returncode}\n{done.stderr.decode('utf-8', 'replace')}\n{log}"
        )
    return done.stdout.decode("utf-8")


if __name__ == "__main__":
    sys.exit(main())
