"""The pages of the program's own engine are those of LibreOffice: as many of them, with every word in its place."""

from __future__ import annotations

import math
import subprocess
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.adapters import word
from desk.adapters.paper.libreoffice import find_soffice, pdf_by_libreoffice
from desk.adapters.paper.work import paper_of
from desk.errors import Unavailable
from desk.rules import papers
from desk.rules.papers.contexts import RECEIPT_LINES
from desk.rules.papers.kinds import PaperKind
from tests.documents import paper_samples as samples
from tests.documents.paper_samples import docx_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.component("libreoffice")]

ROOT = Path(__file__).parents[2]
NEAR_MM = 1.0


def shipped(kind: PaperKind, rows: int | None) -> bytes:
    """A shipped paper: as its example, as short as it may be (one row, no optional field), or with many rows."""
    context: dict[str, object] = dict(papers.example_context(kind))
    if rows == 1:
        context |= dict.fromkeys(papers.optional_fields(kind), "")
    for name in ("baris", "berkas", "kekurangan"):
        example = context.get(name)
        if rows and isinstance(example, list):
            # A kuitansi names a few of its data and counts the others.
            few = min(rows, RECEIPT_LINES) if kind is PaperKind.RECEIPT else rows
            context[name] = [example[at % len(example)] for at in range(few)]
    if "qr" in context:
        context["qr"] = word.Picture(samples.qr_png(str(context["qr"])), 22.0)
    return word.fill((ROOT / "templates_docx" / f"{kind.name.lower()}.docx").read_bytes(), context)


LETTERS: dict[str, Callable[[], bytes]] = {
    **samples.SAMPLES,
    **{
        f"shipped_{kind.name.lower()}_{size}": partial(shipped, kind, rows)
        for kind in PaperKind
        for size, rows in (("example", None), ("short", 1), ("sixty", 60))
    },
}


@pytest.fixture(scope="module")
def by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every letter as DOCX and as LibreOffice's PDF, made in one run."""
    folder = tmp_path_factory.mktemp("libreoffice")
    files = []
    for name, make in LETTERS.items():
        file = folder / f"{name}.docx"
        file.write_bytes(make())
        files.append(str(file))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(find_soffice()), "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder


@pytest.mark.parametrize("name", LETTERS)
def test_every_word_is_within_a_millimetre_of_libreoffice(name: str, by_libreoffice: Path) -> None:
    paper = paper_of((by_libreoffice / f"{name}.docx").read_bytes())
    theirs = words_of((by_libreoffice / f"{name}.pdf").read_bytes())
    mine = words_of(paper.pdf)
    assert len(mine) == len(theirs)
    astray = [
        (page, place)
        for page, (one, other) in enumerate(zip(mine, theirs, strict=True), 1)
        for place in words_astray(one, other)
    ]
    assert astray == []


Word = tuple[str, float, float]


def words_astray(one: list[Word], other: list[Word]) -> list[Word]:
    """The words of one page that are not at their place on the other, and those that only the other has."""
    places: dict[str, list[Word]] = {}
    for place in other:
        places.setdefault(place[0], []).append(place)
    astray: list[Word] = []
    for text, x, y in one:
        same = places.get(text, [])
        near = [place for place in same if abs(place[1] - x) <= NEAR_MM and abs(place[2] - y) <= NEAR_MM]
        if near:
            same.remove(min(near, key=lambda place: math.hypot(place[1] - x, place[2] - y)))
        else:
            astray.append((text, x, y))
    astray.extend(place for left in places.values() for place in left)
    # LibreOffice writes bullets with a symbol font that has no letters.
    return [place for place in astray if place[0] not in {"•", "·"}]


def test_an_office_can_let_libreoffice_make_the_pages() -> None:
    pages = words_of(pdf_by_libreoffice(docx_of("Surat dari LibreOffice")))
    assert [[text for text, _, _ in page] for page in pages] == [["Surat", "dari", "LibreOffice"]]


def test_without_libreoffice_the_office_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.adapters.paper.libreoffice.find_soffice", lambda: None)
    with pytest.raises(Unavailable, match="Pasang LibreOffice"):
        pdf_by_libreoffice(docx_of("Surat"))
