"""A print server with two queues, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.printing.cups import PrintServer, print_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def loket() -> Iterator[PrintServer]:
    """A print server whose printer is called Loket."""
    for server in print_server():
        server.add_queue("Loket")
        yield server
