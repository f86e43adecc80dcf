"""The case file: the whole case as one PDF, numbered through, without what may not be shown, and written down."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from desk import paperwork
from desk.adapters.paper import PaperShop
from desk.rules.case import Stage
from desk.rules.inputs import IncomingFile
from desk.services import documents
from desk.services.dossier import NOT_SHOWN
from tests.office import PALEMBANG, PAPUA, Office, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def shop() -> Iterator[PaperShop]:
    made = PaperShop(seconds=60)
    yield made
    made.close()


def pdf(pages: int, *, password: str = "", script: bool = False) -> bytes:
    writer = PdfWriter()
    for at in range(pages):
        page = writer.add_blank_page(width=595 if at % 2 == 0 else 842, height=842 if at % 2 == 0 else 595)
        page.rotate(90 * (at % 3))
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture() -> bytes:
    image = QImage(1200, 800, QImage.Format.Format_RGB32)
    image.fill(QColor("#1D5FBF"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def put(office: Office, case: Ref, name: str, data: bytes, *, protected: bool = False) -> UUID:
    with office.as_("rina").session() as session:
        file = IncomingFile(name, "application/octet-stream", data, protected)
        return documents.store(session, case.office_id, case.id, file, kind="incoming", title="")


def bind(office: Office, shop: PaperShop, case: Ref, target: Path, *, who: str = "rina") -> paperwork.CaseFile:
    person = office.as_(who)
    steps: list[tuple[int, int]] = []
    made = paperwork.make_case_file(
        person.engine, shop, case.office_id, case.id, made_by=person.actor.name, target=target,
        progress=lambda at, of: steps.append((at, of)),
    )  # fmt: skip
    assert [at for at, _ in steps] == list(range(1, len(steps) + 1))
    assert steps[-1][0] <= steps[-1][1]
    return made


def words_of(path: Path) -> str:
    return " ".join(" ".join((page.extract_text() or "").split()) for page in PdfReader(path).pages)


def test_the_whole_case_is_one_pdf_numbered_through_and_written_down(
    office: Office, shop: PaperShop, tmp_path: Path
) -> None:
    case = office.case_at(stage=Stage.CLOSED)
    put(office, case, "abstraksi.pdf", pdf(3, script=True))
    put(office, case, "bukti.png", picture())
    put(office, case, "terkunci.pdf", pdf(1, password="rahasia"))
    put(office, case, "daftar.txt", b"nama;jumlah\n")
    put(office, case, "ktp.png", picture() + b"kartu", protected=True)
    target = tmp_path / "Berkas kasus.pdf"
    made = bind(office, shop, case, target)
    assert made.files == (target,)
    assert list(tmp_path.iterdir()) == [target]
    reader = PdfReader(target)
    assert len(reader.pages) == made.pages
    words = words_of(target)
    number = office.facts(case).number
    for at in range(1, made.pages + 1):
        assert f"{number} - {at}/{made.pages}" in words
    assert "BERKAS KASUS" in words
    assert NOT_SHOWN.split(",", maxsplit=1)[0] in words
    assert "(data pribadi)" in words
    assert "dikunci kata sandi" in words
    override = office.rows("SELECT reason FROM desk.gate_override WHERE case_id = :c", c=case.id)
    for row in office.rows("SELECT sha256 FROM desk.document WHERE case_id = :c AND paper IS NULL", c=case.id):
        assert row["sha256"] in words.replace(" ", "")
    for row in override:
        assert row["reason"] in words
    assert b"/JavaScript" not in target.read_bytes()
    views = office.rows('SELECT what, document_id, "by" FROM desk.view_entry WHERE case_id = :c', c=case.id)
    assert views == [{"what": "case_file", "document_id": None, "by": office.as_("rina").login}]


def test_the_bytes_of_an_identity_card_are_not_shown_under_another_name(
    office: Office, shop: PaperShop, tmp_path: Path
) -> None:
    case = office.new_case()
    card = pdf(2)
    put(office, case, "ktp.pdf", card, protected=True)
    put(office, case, "lampiran.pdf", card)
    made = bind(office, shop, case, tmp_path / "a.pdf")
    assert made.not_shown == 2
    assert words_of(tmp_path / "a.pdf").count("tidak ditampilkan") == 2


def test_a_case_with_sixty_papers_is_bound_and_large_ones_become_several_files(
    office: Office, shop: PaperShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.new_case()
    for at in range(60):
        put(office, case, f"naskah-{at:02}.pdf", pdf(2) + f"% {at}".encode())
    whole = bind(office, shop, case, tmp_path / "satu.pdf", who="hendra")
    assert whole.pages > 120
    assert len(PdfReader(tmp_path / "satu.pdf").outline) == 61
    monkeypatch.setattr(paperwork, "VOLUME", 40_000)
    parts = bind(office, shop, case, tmp_path / "banyak.pdf", who="wati")
    assert len(parts.files) > 1
    assert parts.files[0].name == f"banyak (1 dari {len(parts.files)}).pdf"
    assert sum(len(PdfReader(path).pages) for path in parts.files) == parts.pages == whole.pages


@pytest.mark.parametrize(("name", "office_id"), [("budi", PALEMBANG), ("tono", PALEMBANG), ("rina", PAPUA)])
def test_who_may_not_make_a_case_file_is_refused_by_the_database(office: Office, name: str, office_id: int) -> None:
    case = office.new_case(office_id)
    with office.as_(name).psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT desk.note_case_file(%s, %s)", (office_id, case.id))
    with office.as_(name).psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO desk.view_entry (office_id, id, case_id, reason) VALUES (1600, %s, %s, 'x')",
                           (case.id, case.id))  # fmt: skip
