"""The habits of `architecture.md` that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DESK = ROOT / "desk"
IN_ONE_SITTING = 400

LONG: dict[str, str] = {
    "desk/actions.py": "the table: one row per action, read from top to bottom",
    "desk/adapters/mail_in.py": "one mail from the first byte to the message",
    "desk/adapters/paper/lines.py": "breaking one paragraph into lines",
    "desk/demo/scripts.py": "the stories of the demonstration, one after the other",
    "desk/rules/case.py": "what a case is: its states and its facts, nothing else",
    "desk/rules/inputs.py": "all forms beside one another, so that the same thing is asked in the same words",
    "desk/services/case_file.py": "all that is known about one case: its facts for the rules, its view for the screen",
    "desk/services/doctor_checks.py": "every question of the doctor in one list",
    "desk/services/sheets.py": "what stands on each paper, side by side",
    "desk/ui/case_view.py": "the case in the window",
    "desk/ui/forms/form.py": "one form from opening to sending",
    "desk/ui/paper_preview.py": "pages, zoom and print of one preview",
    "desk/ui/workstation.py": "the one door between the screens and the database",
}
"""Files past 400 lines, each with the reason why it is not two files."""


def modules(*folders: str) -> Iterator[Path]:
    """The modules of these folders of `desk`, or all; migrations are frozen and left out."""
    for path in sorted(DESK.rglob("*.py")):
        inside = path.relative_to(DESK).parts
        if inside[0] != "migrations" and (not folders or inside[0] in folders):
            yield path


def where(paths: Iterator[Path], wrong: Callable[[Path], object]) -> dict[str, object]:
    """What is wrong, by file; empty when all is well."""
    found = {path.relative_to(ROOT).as_posix(): wrong(path) for path in paths}
    return {name: fault for name, fault in found.items() if fault}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def calls(path: Path) -> set[str]:
    """The names that are called, as they are written: `date.today`, `print`."""
    return {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}


def test_imports_only_point_downwards() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_module_says_what_it_is_for() -> None:
    def silent(path: Path) -> bool:
        words = ast.get_docstring(tree(path))
        return path.name != "__init__.py" and not (words and words.split("\n\n")[0].rstrip().endswith((".", ":", "…")))

    assert where(modules(), silent) == {}


def test_everything_that_others_use_in_rules_and_services_says_what_they_get() -> None:
    def silent(path: Path) -> list[str]:
        return [
            node.name
            for node in tree(path).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]

    assert where(modules("rules", "services", "models", "actions.py"), silent) == {}


def test_rules_and_deeds_never_ask_the_pc_what_time_it_is() -> None:
    clock = re.compile(r"(^|\.)(now|utcnow|today|time|time_ns|monotonic|perf_counter|localtime|gmtime)$")
    assert where(
        modules("rules", "services", "models", "actions.py"),
        lambda path: [name for name in calls(path) if clock.search(name)],
    ) == {}  # fmt: skip


def test_nothing_is_printed_by_what_stands_behind_a_window() -> None:
    behind = modules("rules", "services", "models", "adapters", "ui", "actions.py")
    assert where(behind, lambda path: "print" in calls(path)) == {}


def test_no_path_of_one_machine_stands_in_the_code() -> None:
    machine = re.compile(r"[\"' (](/home/|/root/|/work/|/Users/|[A-Z]:\\\\Users\\\\)")
    everything = [*modules(), *(path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))]
    assert where(iter(everything), lambda path: machine.findall(path.read_text("utf-8"))) == {}


def test_a_file_reads_in_one_sitting_or_says_why_not() -> None:
    def too_long(path: Path) -> int:
        lines = len(path.read_text("utf-8").splitlines())
        return lines if lines > IN_ONE_SITTING and path.relative_to(ROOT).as_posix() not in LONG else 0

    assert where(modules(), too_long) == {}
    assert [name for name in LONG if not (ROOT / name).is_file()] == []


def test_no_folder_is_a_drawer_for_everything() -> None:
    names = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    assert names & {"utils", "util", "helpers", "helper", "common", "misc", "manager"} == set()


def test_only_the_function_of_the_database_moves_a_case() -> None:
    columns = r"(stage|money|original|data|officer_queue|mail_queue|treasurer_queue|supervisor_queue|service_due)"
    statement = re.compile(rf"UPDATE\s+desk\.cases.*?SET\s.*?\b{columns}\s*=", re.IGNORECASE | re.DOTALL)
    expression = re.compile(rf"update\(Case\).*?\.values\([^)]*\b{columns}=", re.DOTALL)

    def moves(path: Path) -> bool:
        text = path.read_text("utf-8")
        return bool(statement.search(text) or expression.search(text))

    assert moves(DESK / "migrations/versions/0002_guards.py")
    assert where(modules("rules", "services", "models", "adapters", "ui", "actions.py", "deeds.py"), moves) == {}


def test_only_perform_records_a_deed() -> None:
    callers = where(modules(), lambda path: "record_deed(" in path.read_text("utf-8"))
    attack = "desk/drills/attempts.py"  # what somebody with psql may try, and must be refused
    assert set(callers) == {"desk/deeds.py", attack}


def test_a_deed_never_commits_and_never_rolls_back() -> None:
    assert where(
        modules("services", "actions.py"),
        lambda path: [name for name in calls(path) if name.endswith((".commit", ".rollback"))],
    ) == {}  # fmt: skip
