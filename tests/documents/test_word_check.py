"""The check of a template finds what is wrong before a paper is made from it, and says it in words."""

from __future__ import annotations

import io
import json
import runpy
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from desk.adapters import word
from desk.adapters.word_package import BadWordFile, open_package
from desk.errors import Refused
from desk.rules.papers import fields as papers
from desk.rules.papers.kinds import PaperKind
from tests.documents.paper_samples import docx_of

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
TEMPLATES = SAMPLES / "hostile" / "templates"
CONTEXT = TEMPLATES / "context.json"


def expected(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.with_name(path.name + ".expected.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_every_sample_template_gets_the_expected_answer(path: Path, tmp_path: Path) -> None:
    want = expected(path)
    filled = tmp_path / "filled.docx"
    result = word.check_template_file(path, CONTEXT, filled)
    assert result["result"] in want.get("accept", [want["result"]])
    assert result["reason"] == want["reason"]
    assert result["message"].endswith(".")
    shown = json.dumps(result, ensure_ascii=False)
    assert not [text for text in want.get("forbidden_output", []) if text in shown]
    for key in ("unknown_fields", "near_match", "external"):
        if key in want:
            assert result[key] == want[key]
    if "fields" in want:
        assert result["fields"] == want["fields"]
    assert filled.exists() is (want["result"] != "refuse" and "unknown_fields" not in want)
    if filled.exists():
        text = word.text_of(filled.read_bytes())
        assert [line for line in want.get("filled_contains", []) if line not in text] == []
        assert "{{" not in text


def test_a_file_that_unpacks_to_a_gigabyte_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["make_large.py", str(tmp_path), "zip"])
    with pytest.raises(SystemExit):
        runpy.run_path(str(SAMPLES / "large" / "make_large.py"), run_name="__main__")
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("a member was unpacked"))
    result = word.check_template_file(tmp_path / "zip_bomb.docx")
    want = expected(SAMPLES / "large" / "zip_bomb.docx")
    assert (result["result"], result["reason"]) == (want["result"], want["reason"])


@pytest.mark.parametrize("kind", list(PaperKind), ids=lambda kind: kind.name.lower())
def test_the_shipped_templates_use_known_fields_and_safe_tags_only(kind: PaperKind) -> None:
    template = ROOT / "templates_docx" / f"{kind.name.lower()}.docx"
    assert word.check_template(template, papers.example_context(kind)) == []


def reasons(*paragraphs: str, known: dict[str, object] | None = None) -> list[tuple[str, str]]:
    return [(found.severity, found.reason) for found in word.check_template(docx_of(*paragraphs), known)]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ cycler.__init__.__globals__ }}",
        "{{ nama['__class__'] }}",
        "{{ nama|attr('x') }}",
        "{{ nama.upper() }}",
        "{{ 'x' * 3000000000 }}",
        "{{ '%99999999d' % 1 }}",
        "{{ nama|safe }}",
        "{{ ['a', 'b'] }}",
        "{% set a = 'x' %}",
        "{% include 'a' %}",
        "{% import 'os' as os %}",
        "{% macro m() %}{% endmacro %}",
        "{% for i in [1, 2] %}{{ i }}{% endfor %}",
        "{% for i in daftar recursive %}{{ loop(i) }}{% endfor %}",
        "{% if lipsum() %}{% endif %}",
        "{{ _filling }}",
        "{{ self }}{{ self.__init__ }}",
        "{% colspan nama.__class__ %}",
    ],
)
def test_code_in_a_tag_is_refused_and_never_run(tag: str) -> None:
    assert ("refuse", "code_in_template") in reasons("Surat", tag)
    with pytest.raises(Refused, match="tidak diizinkan"):
        word.fill(docx_of(tag), {"nama": "Sari", "daftar": ["a"]})


@pytest.mark.parametrize(
    ("paragraphs", "says"),
    [
        (["{{ nama"], "paragraf 1"),
        (["Surat", "nama }}"], "paragraf 2"),
        (["{{ nama }"], "tanpa"),
        (["{{ nama {{ nomor }}"], "belum ditutup"),
        (["{% if nama %}", "isi"], "tanpa endif"),
        (["{% endfor %}"], "tanpa for"),
        (["{% else %}"], "tanpa if"),
        (["{% for a in daftar %}", "{% if a %}", "{% endfor %}", "{% endif %}"], "tanpa"),
        (["{{ nama nomor }}"], "tidak dapat dibaca"),
        (["{{ }}"], "tidak dapat dibaca"),
        (["teks {%p if nama %}", "{%p endif %}"], "akan hilang"),
        (["{%tr for a in daftar %}", "{%tr endfor %}"], "di luar tabel"),
    ],
)
def test_a_broken_tag_is_refused_with_its_place(paragraphs: list[str], says: str) -> None:
    found = word.check_template(docx_of(*paragraphs))
    assert {finding.reason for finding in found} == {"syntax"}
    assert says.casefold() in " ".join(finding.message for finding in found).casefold()


def test_places_are_told_in_words_for_tables_and_headers() -> None:
    from docx import Document

    document = Document()
    document.add_table(2, 3).rows[1].cells[2].text = "{{ tidak_ada }}"
    document.sections[0].header.paragraphs[0].text = "{{ juga_tidak }}"
    out = io.BytesIO()
    document.save(out)
    found = word.check_template(out.getvalue(), {"nama": "x"})
    assert [finding.place for finding in found] == ["tabel 1 baris 2 kolom 3", "kepala halaman, paragraf 1"]


def test_names_inside_a_loop_are_checked_against_the_items_of_the_list() -> None:
    known: dict[str, object] = {"daftar": [{"nama": "Susenas", "jumlah": "Rp1"}]}
    found = word.check_template(docx_of("{% for d in daftar %}{{ d.nama }}{{ d.jumlh }}{% endfor %}"), known)
    assert [(finding.field, finding.suggestion) for finding in found] == [("d.jumlh", "jumlah")]


def test_a_field_in_single_braces_is_pointed_out() -> None:
    (found,) = word.check_template(docx_of("Nama: {nama}"))
    assert (found.severity, found.reason, found.field) == ("warn", "syntax", "nama")


def with_part(docx: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.namelist():
            if item != name:
                target.writestr(item, source.read(item))
        target.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("word/vbaProject.bin", b"x", "macro"),
        ("word/embeddings/oleObject1.bin", b"x", "embedded_object"),
        ("word/activeX/activeX1.xml", b"<a/>", "embedded_object"),
        ("word/footer9.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        ("word/footer9.xml", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "entities"),
    ],
)
def test_macros_objects_and_entities_are_refused(name: str, data: bytes, reason: str) -> None:
    (found,) = word.check_template(with_part(docx_of("Surat"), name, data))
    assert (found.severity, found.reason) == ("refuse", reason)


@pytest.mark.parametrize(
    ("code", "severity", "reason"),
    [
        ('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"', "refuse", "dde"),
        ("INCLUDEPICTURE http://luar.example.invalid/a.png", "warn", "external_relationship"),
    ],
)
def test_fields_that_run_or_fetch_something_are_found(code: str, severity: str, reason: str) -> None:
    docx = docx_of("ISI")
    text = open_package(docx).parts["word/document.xml"].decode()
    text = text.replace("<w:t>ISI</w:t>", f"<w:instrText>{code}</w:instrText>")
    (found,) = word.check_template(with_part(docx, "word/document.xml", text.encode()))
    assert (found.severity, found.reason) == (severity, reason)


def test_a_hyperlink_is_no_outside_link_but_an_attached_template_is() -> None:
    rels = open_package(docx_of("Surat")).parts["word/_rels/document.xml.rels"].decode()
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    for kind, count in (("hyperlink", 0), ("attachedTemplate", 1)):
        target = 'Target="http://a.example.invalid/" TargetMode="External"'
        line = f'<Relationship Id="rId99" Type="{base}{kind}" {target}/>'
        changed = rels.replace("</Relationships>", line + "</Relationships>")
        found = word.check_template(with_part(docx_of("Surat"), "word/_rels/document.xml.rels", changed.encode()))
        assert [finding.reason for finding in found] == ["external_relationship"] * count


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_word"),
        (b"%PDF-1.7", "not_word"),
        (b"PK\x03\x04 broken", "not_word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted"),
    ],
)
def test_a_file_that_is_no_word_file_is_refused(data: bytes, reason: str) -> None:
    (found,) = word.check_template(data)
    assert (found.severity, found.reason) == ("refuse", reason)
    assert found.message.endswith(".")


def test_a_damaged_word_file_is_refused_wherever_it_is_cut() -> None:
    docx = docx_of("Surat", "{{ nama }}")
    for cut in range(0, len(docx), 997):
        with pytest.raises(BadWordFile):
            open_package(docx[:cut])


def test_a_flipped_byte_gives_a_sentence_or_a_reading_never_a_crash() -> None:
    docx = bytearray(docx_of("Surat", "{{ nama }}"))
    for at in range(0, len(docx), 211):
        damaged = bytearray(docx)
        damaged[at] ^= 0x5A
        for finding in word.check_template(bytes(damaged)):
            assert finding.message.endswith(".")


def test_a_part_that_shrank_more_than_text_can_is_refused() -> None:
    out = io.BytesIO(docx_of("Surat"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", b"\0" * (20 << 20))
    (found,) = word.check_template(out.getvalue())
    assert found.reason == "zip_bomb"


def test_many_members_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"a{number}", b"")
    (found,) = word.check_template(out.getvalue())
    assert found.reason == "zip_bomb"
