"""What somebody types in front of a dead server is what the failover drill does, word for word."""

from __future__ import annotations

import re
from pathlib import Path

from desk.drills.standby import BE_COPIED, COPIER, PROMOTION

PAGE = (Path(__file__).parents[2] / "docs" / "server.md").read_text("utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"## {title}")[2].partition("\n## ")[0]


def test_the_page_promotes_with_the_commands_of_the_drill() -> None:
    block = re.search(r"```sql\n(.*?)```", section("6. Promote the standby"), re.DOTALL)
    assert block is not None
    typed = re.findall(r"^\s*(.+?);\s+-- (.*)$", block[1], re.MULTILINE)
    assert [command for command, _ in typed] == [command for command, _ in PROMOTION]
    answers = {True: "answers “t”", False: "answers “f”"}
    for (_, said), (_, answer) in zip(typed, PROMOTION, strict=True):
        assert answer is None or said.startswith(answers[answer])


def test_the_page_sets_the_standby_up_with_the_commands_of_the_drill() -> None:
    page = section("5. A second server that copies everything (standby)")
    for command in (COPIER, *BE_COPIED):
        assert f"`{command};`" in page
    assert "pg_basebackup -D DATA-FOLDER -R -X stream -c fast" in page
