"""Every sample mail is read as its expected result says."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desk.checks.intake import check_mail
from desk.errors import Refused
from tests.intake.mails import KNOWN_FILE, MAILS, SAMPLES, expected, folded


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def assert_attachments(read: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    waiting = [dict(item) for item in read]
    for want in wanted:
        names = [want["raw_name"], *want.get("accept_names", [])]
        match = next((item for item in waiting if item["raw_name"] in names and item["sha256"] == want["sha256"]), None)
        assert match or want.get("optional"), f"{want['raw_name']} is missing"
        if match is None:
            continue
        waiting.remove(match)
        assert match["safe_name"] in [want["safe_name"], *want.get("accept_names", [])]
        assert (match["size"], match["inline"]) == (want["size"], want["inline"])
        assert match["content_type"] == want["content_type"]
        assert match.get("dangerous", False) == want.get("dangerous", False)
        assert_attachments(match.get("contains", []), want.get("contains", []))
    assert waiting == []


def assert_mail(read: dict[str, Any], want: dict[str, Any]) -> None:
    for key in ("file", "result", "kind", "opens_case", "subject", "case_number", "case_found_in", "from"):
        assert read[key] == want[key], key
    for key in ("message_id", "in_reply_to", "failed_recipient", "forwarded_from"):
        if key in want:
            assert read[key] == want[key], key
    for key in ("date", "received"):
        if key in want:
            assert _moment(read[key]) == _moment(want[key]), key
    assert folded(read["text"]) == folded(want["text"])
    if "new_text" in want:
        assert folded(read["new_text"]) == folded(want["new_text"])
    assert all(piece in read["text"] for piece in want.get("text_contains", []))
    assert not any(piece in read["text"] for piece in want.get("text_excludes", []))
    assert_attachments(read["attachments"], want["attachments"])


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_sample_mail_is_read_as_expected(path: Path) -> None:
    (result,) = check_mail([path], KNOWN_FILE)
    assert_mail(result, expected(path))


def test_several_mails_are_answered_in_the_order_given() -> None:
    results = check_mail([MAILS[3], MAILS[0]], KNOWN_FILE)
    assert [result["file"] for result in results] == [MAILS[3].name, MAILS[0].name]


def test_a_mail_of_9_mb_is_read_whole_in_seconds_and_in_bounded_memory(tmp_path: Path) -> None:
    maker = SAMPLES / "large" / "make_large.py"
    subprocess.run([sys.executable, str(maker), str(tmp_path), "mail"], check=True, capture_output=True)
    path = tmp_path / "lampiran_9mb.eml"
    tracemalloc.start()
    start = time.perf_counter()
    (result,) = check_mail([path], KNOWN_FILE)
    seconds = time.perf_counter() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert_mail(result, expected(SAMPLES / "large" / "lampiran_9mb.eml"))
    assert seconds < 10
    assert peak < 80 * 1024 * 1024, "mail, its base64 text and the decoded file, not much more"


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"tidak_ada\.eml tidak dapat dibaca \(tidak ditemukan\)"):
        check_mail([tmp_path / "tidak_ada.eml"])


def test_a_list_of_known_cases_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tahu.json").write_text("[1, 2", encoding="utf-8")
    with pytest.raises(Refused, match=r"tahu\.json bukan daftar"):
        check_mail([MAILS[0]], tmp_path / "tahu.json")


def test_without_knowledge_a_well_formed_number_is_taken_at_its_word() -> None:
    (result,) = check_mail([SAMPLES / "mail" / "02_balasan_bukti_bayar.eml"])
    assert (result["case_number"], result["kind"]) == ("PST-1600-2026-000123", "reply")
