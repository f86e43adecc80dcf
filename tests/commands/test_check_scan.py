"""`desk check scan` answers as the sample stack expects."""

from __future__ import annotations

import json

from tests.commands.desk_command import SAMPLES, Command


def test_the_stack_of_eleven_pages_falls_apart_as_expected(desk: Command) -> None:
    path = SAMPLES / "scans" / "tumpukan_11_halaman.pdf"
    wanted = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
    answer = desk("check", "scan", path, "--json")
    assert (answer.code, answer.said) == (0, "")
    (result,) = answer.json
    for paper, expected in zip(result["documents"], wanted["documents"], strict=True):
        expected.pop("note", None)
        assert {key: paper[key] for key in expected} == expected
        assert paper.get("look", False) == (paper["payload"] == "unknown")
    assert {key: result[key] for key in ("file", "result", "pages", "decodable", "upside_down")} == {
        key: wanted[key] for key in ("file", "result", "pages", "decodable", "upside_down")
    }
    assert "halaman 6–7: perlu dilihat" in desk("check", "scan", path).out


def test_one_refused_file_does_not_keep_the_others_from_being_read(desk: Command) -> None:
    hostile = SAMPLES / "hostile"
    answer = desk("check", "scan", hostile / "truncated.pdf", hostile / "encrypted_owner_only.pdf", "--json")
    assert answer.code != 0
    assert [one["result"] for one in answer.json] == ["refuse", "ok"]
