"""The command as a test asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands.desk_command import Command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Command:
    """The `desk` command with a home folder of its own."""
    home = tmp_path / "rumah petugas"
    home.mkdir()
    return Command(home)
