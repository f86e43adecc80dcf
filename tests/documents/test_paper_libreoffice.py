"""The pages of the program's own engine are those of LibreOffice: as many of them, with every word in its place."""

from __future__ import annotations

import subprocess
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.adapters import word
from desk.adapters.paper.libreoffice import find_soffice, pdf_by_libreoffice
from desk.adapters.paper.work import paper_of
from desk.errors import Unavailable
from desk.rules.papers import fields as papers
from desk.rules.papers.kinds import PaperKind
from tests.documents import paper_samples as samples
from tests.documents.paper_samples import docx_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.component("libreoffice")]

ROOT = Path(__file__).parents[2]
NEAR_MM = 3.0


def shipped(kind: PaperKind) -> bytes:
    context: dict[str, object] = dict(papers.example_context(kind))
    if "qr" in context:
        context["qr"] = word.Picture(samples.qr_png(str(context["qr"])), 22.0)
    return word.fill((ROOT / "templates_docx" / f"{kind.name.lower()}.docx").read_bytes(), context)


LETTERS: dict[str, Callable[[], bytes]] = {
    **samples.SAMPLES,
    **{f"shipped_{kind.name.lower()}": partial(shipped, kind) for kind in PaperKind},
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
def test_every_word_is_within_three_millimetres_of_libreoffice(name: str, by_libreoffice: Path) -> None:
    paper = paper_of((by_libreoffice / f"{name}.docx").read_bytes())
    theirs = words_of((by_libreoffice / f"{name}.pdf").read_bytes())
    mine = words_of(paper.pdf)
    assert len(mine) == len(theirs)
    far: list[object] = []
    missing: list[object] = []
    for page, (one, other) in enumerate(zip(mine, theirs, strict=True), 1):
        # Bullets are left out: LibreOffice writes them with a symbol font that has no letters.
        one, other = ([word for word in words if word[0] not in {"•", "·"}] for words in (one, other))
        matcher = SequenceMatcher(None, [word[0] for word in one], [word[0] for word in other], autojunk=False)
        blocks = matcher.get_matching_blocks()
        pairs = [(one[block.a + step], other[block.b + step]) for block in blocks for step in range(block.size)]
        rest = {word[0]: word for word in other if word not in {pair[1] for pair in pairs}}
        for found in one:
            if found in {pair[0] for pair in pairs}:
                continue
            if found[0] in rest:  # two words on one height may come in another order
                pairs.append((found, rest.pop(found[0])))
            else:
                missing.append((page, found))
        missing.extend((page, found) for found in rest.values())
        far.extend((page, a, b) for a, b in pairs if abs(a[1] - b[1]) > NEAR_MM or abs(a[2] - b[2]) > NEAR_MM)
    assert far == []
    assert missing == []


def test_an_office_can_let_libreoffice_make_the_pages() -> None:
    pages = words_of(pdf_by_libreoffice(docx_of("Surat dari LibreOffice")))
    assert [[text for text, _, _ in page] for page in pages] == [["Surat", "dari", "LibreOffice"]]


def test_without_libreoffice_the_office_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.adapters.paper.libreoffice.find_soffice", lambda: None)
    with pytest.raises(Unavailable, match="Pasang LibreOffice"):
        pdf_by_libreoffice(docx_of("Surat"))
