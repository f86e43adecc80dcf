"""Papers are made in a child process: whatever a file does to it, the window gets a paper or a sentence."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from desk.adapters.paper import PaperShop, check_paper_file
from desk.errors import Refused, Unavailable
from tests.documents import paper_samples as samples
from tests.documents.paper_samples import docx_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parents[1] / "samples"
HOSTILE = SAMPLES / "hostile"
# A template of allowed tags only that never comes to an end, and collects memory meanwhile.
ENDLESS = docx_of("".join("{% for " + name + " in d %}" for name in "abcefg") + "x" * 50 + "{% endfor %}" * 6)
MANY: dict[str, object] = {"d": list(range(1_000))}


@pytest.fixture(scope="module")
def shop() -> Iterator[PaperShop]:
    shop = PaperShop()
    yield shop
    shop.close()


def child_of(shop: PaperShop) -> int:
    assert shop._process is not None
    assert shop._process.pid is not None
    return shop._process.pid


def at_work(child: psutil.Process) -> None:
    """Waits until the endless template has collected some memory."""
    until = time.monotonic() + 60
    while child.memory_info().rss < 200 << 20:
        assert time.monotonic() < until


def test_a_template_and_its_values_become_a_paper(shop: PaperShop) -> None:
    context = json.loads((HOSTILE / "templates" / "context.json").read_text(encoding="utf-8"))["context"]
    paper = shop.make((HOSTILE / "templates" / "ok.docx").read_bytes(), context, marks=("LATIHAN",))
    (words,) = words_of(paper.pdf)
    assert {"Contohwati", "&", "<uji>"} <= {text for text, _, _ in words}
    assert paper.pages == 1
    assert paper.warnings == ()
    assert paper.pdf.startswith(b"%PDF")


def test_the_same_child_makes_many_papers(shop: PaperShop) -> None:
    shop.warm()
    child = child_of(shop)
    docx = samples.receipt()
    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(lambda _: shop.pages_of(docx), range(24)))
    assert {paper.pdf for paper in papers} == {papers[0].pdf}
    assert child_of(shop) == child


def test_what_the_rules_refuse_comes_back_as_the_same_sentence(shop: PaperShop) -> None:
    with pytest.raises(Refused, match="kolom kosong yang masih kosong"):
        shop.make(docx_of("{{ kosong }}"), {"kosong": ""})
    assert shop.make(docx_of("[{{ kosong }}]"), {"kosong": ""}, optional=("kosong",)).pages == 1
    (finding,) = shop.check(docx_of("{{ nma }}"), {"nama": ""})
    assert finding.suggestion == "nama"


def test_a_mistake_of_the_program_is_not_hidden(shop: PaperShop) -> None:
    with pytest.raises(RuntimeError, match="plain values"):
        shop.make(docx_of("{{ a }}"), {"a": 1.5})
    assert shop.pages_of(docx_of("masih hidup")).pages == 1


def test_a_paper_that_takes_too_long_is_stopped_and_the_next_one_is_made() -> None:
    shop = PaperShop(seconds=0.5, megabytes=8_000)
    with pytest.raises(Refused, match="dihentikan"):
        shop.make(ENDLESS, MANY)
    shop._seconds = 20
    assert shop.pages_of(docx_of("berikutnya")).pages == 1
    shop.close()


def test_a_paper_that_takes_too_much_memory_is_stopped_and_the_next_one_is_made() -> None:
    shop = PaperShop(seconds=60, megabytes=250)
    with pytest.raises(Refused, match="memori terlalu besar"):
        shop.make(ENDLESS, MANY)
    assert shop.pages_of(docx_of("berikutnya")).pages == 1
    shop.close()


def test_a_child_that_dies_is_replaced(shop: PaperShop) -> None:
    shop.warm()
    first = child_of(shop)
    assert shop._process is not None
    shop._process.kill()
    shop._process.join()
    assert shop.pages_of(docx_of("lagi")).pages == 1
    assert child_of(shop) != first


def test_a_child_that_dies_in_the_middle_of_work_is_a_sentence() -> None:
    shop = PaperShop(seconds=60, megabytes=8_000)
    shop.warm()
    child = psutil.Process(child_of(shop))
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(shop.make, ENDLESS, MANY)
        at_work(child)
        child.kill()
        with pytest.raises(Refused, match="berhenti sendiri"):
            asked.result(timeout=30)
    shop.close()


def test_closing_does_not_wait_for_work_that_never_ends() -> None:
    shop = PaperShop(seconds=600, megabytes=64_000)
    shop.warm()
    child = psutil.Process(child_of(shop))
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(shop.make, ENDLESS, MANY)
        at_work(child)
        shop.close()
        with pytest.raises((Refused, Unavailable)):
            asked.result(timeout=30)


def test_a_closed_shop_says_so_and_leaves_no_child() -> None:
    shop = PaperShop()
    shop.warm()
    child = child_of(shop)
    shop.close()
    assert not psutil.pid_exists(child)
    with pytest.raises(Unavailable, match="ditutup"):
        shop.pages_of(docx_of("x"))


def test_the_child_ends_with_its_parent_even_in_the_middle_of_work() -> None:
    program = """
        import sys, threading
        from desk.adapters.paper import PaperShop
        from tests.documents.test_paper_process import ENDLESS, MANY
        if __name__ == "__main__":
            shop = PaperShop(seconds=60, megabytes=8_000)
            shop.warm()
            print(shop._process.pid, flush=True)
            threading.Thread(target=lambda: shop.make(ENDLESS, MANY), daemon=True).start()
            sys.stdin.read()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        at_work(child)
        parent.kill()
        gone, alive = psutil.wait_procs([child], timeout=10)
    assert (len(gone), alive) == (1, [])


@pytest.mark.parametrize(
    ("name", "says"),
    [("truncated.pdf", "rusak"), ("encrypted_user_password.pdf", "kata sandi"), ("names.json", "bukan PDF")],
)
def test_a_pdf_that_cannot_be_shown_is_refused_with_its_reason(shop: PaperShop, name: str, says: str) -> None:
    data = (HOSTILE / name).read_bytes()
    with pytest.raises(Refused, match=says):
        shop.page_count(data)
    with pytest.raises(Refused, match=says):
        shop.preview(data, 1, 72)


def test_a_password_opens_the_pdf_and_a_renamed_word_file_is_shown(shop: PaperShop) -> None:
    locked = (HOSTILE / "encrypted_user_password.pdf").read_bytes()
    assert shop.preview(locked, 1, 72, password="rahasia123").startswith(b"\x89PNG")
    for name in ("encrypted_owner_only.pdf", "docx_renamed.pdf"):
        assert shop.preview((HOSTILE / name).read_bytes(), 1, 72).startswith(b"\x89PNG")


def test_a_pdf_of_twenty_thousand_pages_is_counted_and_shown(
    shop: PaperShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["make_large.py", str(tmp_path), "pdf"])
    with pytest.raises(SystemExit):
        runpy.run_path(str(SAMPLES / "large" / "make_large.py"), run_name="__main__")
    data = (tmp_path / "pages_20000.pdf").read_bytes()
    assert shop.page_count(data) == 20_000
    assert shop.preview(data, 20_000, 72).startswith(b"\x89PNG")
    with pytest.raises(Refused, match="20001 tidak ada"):
        shop.preview(data, 20_001, 72)


def test_a_stored_paper_is_reprinted_with_its_mark(shop: PaperShop) -> None:
    stored = shop.pages_of(docx_of("Kuitansi")).pdf
    assert [text for text, _, _ in words_of(shop.mark(stored, ("SALINAN",)))[0]] == ["SALINAN", "Kuitansi"]
    assert shop.mark(stored, ()) == stored
    with pytest.raises(Refused, match="rusak"):
        shop.mark((HOSTILE / "truncated.pdf").read_bytes(), ("SALINAN",))


def test_the_pages_reach_the_window_as_plain_data(shop: PaperShop) -> None:
    sheets = shop.sheets_of(samples.landscape(), marks=("ASLI",))
    assert [sheet.width > sheet.height for sheet in sheets.pages] == [False, True, True]


def test_the_check_of_a_paper_writes_the_pdf(tmp_path: Path) -> None:
    source, target = tmp_path / "surat.docx", tmp_path / "surat.pdf"
    source.write_bytes(samples.agreement())
    result = check_paper_file(source, target)
    assert result == {"file": "surat.docx", "pages": 3, "pdf": str(target), "warnings": []}
    assert len(words_of(target.read_bytes())) == 3
    with pytest.raises(Unavailable, match="tidak dapat dibaca"):
        check_paper_file(tmp_path / "tidak_ada.docx", target)
