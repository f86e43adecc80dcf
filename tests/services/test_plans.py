"""Every list of the window is found by index among many offices, for a person whom the row policies bind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.bench import guards
from desk.bench.guards import LISTS, Plan


@pytest.fixture(scope="module")
def plans() -> Iterator[dict[str, Plan]]:
    """The plan of each list as an officer gets it, in a database of many offices with statistics of its own."""
    with guards.crowd(12_000, 40) as office:
        yield {name: guarded[0] for name, (guarded, _) in guards.explained(office, runs=1)}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_reads_no_whole_table_and_asks_nothing_once_per_row(plans: dict[str, Plan], name: str) -> None:
    assert plans[name].scanned == ()
    # A function that answers for a list is one step here; what it reads inside is not in the plan.
    assert any(way in step for step in plans[name].steps for way in ("Index", "Bitmap", "Function"))
