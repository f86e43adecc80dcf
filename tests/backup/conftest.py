"""An office with work of every kind, a backup of it, and a folder nobody else uses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from desk.adapters import backup
from desk.rules.case import Data, Money, Original

if TYPE_CHECKING:
    from pathlib import Path

    from desk.adapters.backup import Made
    from tests.office import Office

PASSPHRASE = "tujuh kucing makan durian"
NIGHT = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def worked_in(busy_office: Office) -> Office:
    """Cases from the first mail to the filed original, with papers, in two offices."""
    busy_office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    busy_office.case_at(money=Money.RECEIPTED, office_id=1571)
    busy_office.new_case()
    return busy_office


@pytest.fixture(scope="module")
def made(worked_in: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A backup of that office."""
    folder = tmp_path_factory.mktemp("cadangan") / "disk luar é"
    return backup.make(worked_in.database.url, folder, PASSPHRASE, now=NIGHT, tell=silent)


def silent(_sentence: str) -> None:
    """Nobody listens."""


def files(folder: Path) -> list[str]:
    """Everything in a folder, unfinished files too."""
    return sorted(file.name for file in folder.iterdir())
