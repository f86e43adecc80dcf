"""Filling puts the values into the template as text, and refuses with every place in words before anything is made."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document

from desk.adapters import word
from desk.adapters.word import Picture
from desk.adapters.word_package import WordPackage, open_package
from desk.errors import Refused
from desk.rules.papers import fields as papers
from desk.rules.papers.kinds import PaperKind
from tests.documents.paper_samples import docx_of, qr_png

ROOT = Path(__file__).parents[2]


def filled(*paragraphs: str, optional: tuple[str, ...] = (), **context: object) -> str:
    return word.text_of(word.fill(docx_of(*paragraphs), context, optional)).strip()


def test_values_go_in_as_text_whatever_they_contain() -> None:
    value = "A & B <w:t>{{ 7*7 }}</w:t> \"kutip\" 'satu' ]]>"
    assert filled("Nama: {{ nama }}", nama=value) == "Nama: " + value


def test_numbers_lists_and_conditions_are_filled() -> None:
    text = filled(
        "{{ jumlah }} berkas",
        "{% for d in daftar %}{{ loop.index }}. {{ d.nama }}; {% endfor %}",
        "{% if lunas %}Lunas{% else %}Belum{% endif %}",
        jumlah=2,
        daftar=[{"nama": "Susenas"}, {"nama": "Peta"}],
        lunas=True,
    )
    assert text == "2 berkas\n1. Susenas; 2. Peta; \nLunas"


def test_paragraph_tags_leave_no_empty_paragraph() -> None:
    paragraphs = ("{%p if npwp %}", "NPWP: {{ npwp }}", "{%p endif %}", "Akhir")
    assert filled(*paragraphs, npwp="99.999") == "NPWP: 99.999\nAkhir"
    assert filled(*paragraphs, npwp="") == "Akhir"


def test_row_tags_repeat_a_row() -> None:
    document = Document()
    table = document.add_table(4, 2)
    lines = (("No", "Nama"), ("{%tr for d in daftar %}", ""), ("{{ d.no }}", "{{ d.nama }}"), ("{%tr endfor %}", ""))
    for row, texts in enumerate(lines):
        for column, text in enumerate(texts):
            table.rows[row].cells[column].text = text
    out = io.BytesIO()
    document.save(out)
    made = word.fill(out.getvalue(), {"daftar": [{"no": n, "nama": f"Data {n}"} for n in (1, 2, 3)]})
    rows = [[cell.text for cell in row.cells] for row in Document(io.BytesIO(made)).tables[0].rows]
    assert rows == [["No", "Nama"], ["1", "Data 1"], ["2", "Data 2"], ["3", "Data 3"]]


def test_a_tag_split_by_the_word_processor_keeps_its_first_look() -> None:
    document = Document()
    paragraph = document.add_paragraph("Nomor: {")
    paragraph.add_run("{ no").bold = True
    paragraph.add_run("mor }")
    paragraph.add_run("} tanggal {{ “tanggal”|default(tanggal) }}")
    out = io.BytesIO()
    document.save(out)
    text = word.text_of(word.fill(out.getvalue(), {"nomor": "7", "tanggal": "21 November 2026"}))
    assert text.strip() == "Nomor: 7 tanggal tanggal"


def test_line_breaks_in_a_value_stay_line_breaks() -> None:
    made = word.fill(docx_of("{{ alamat }}"), {"alamat": "Jalan Rekaan 1\r\nKota Misal\tIndonesia"})
    xml = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert "Jalan Rekaan 1</w:t><w:br/>" in xml
    assert "Kota Misal</w:t><w:tab/>" in xml


def test_control_signs_in_a_value_do_not_break_the_file() -> None:
    assert filled("{{ nama }}", nama="Sa\x00ri\x0b\x1f \ud800Rekaan\uffff") == "Sari Rekaan"


def test_headers_footers_and_properties_are_filled() -> None:
    document = Document()
    document.core_properties.title = "Surat {{ nomor }}"
    document.sections[0].header.paragraphs[0].text = "Kepala {{ nomor }}"
    document.sections[0].footer.paragraphs[0].text = "Kaki {{ nomor }}"
    out = io.BytesIO()
    document.save(out)
    made = Document(io.BytesIO(word.fill(out.getvalue(), {"nomor": "B-1 & 2\n3"})))
    assert made.sections[0].header.paragraphs[0].text == "Kepala B-1 & 2\n3"
    assert made.sections[0].footer.paragraphs[0].text == "Kaki B-1 & 2\n3"
    assert made.core_properties.title == "Surat B-1 & 2 3"


def test_a_picture_is_placed_with_its_width() -> None:
    made = word.fill(docx_of("Kode: {{ qr }}", "{{ qr }}"), {"qr": Picture(qr_png(), 25.0)})
    document = Document(io.BytesIO(made))
    assert [round(shape.width.mm, 1) for shape in document.inline_shapes] == [25.0, 25.0]
    assert document.paragraphs[0].text.startswith("Kode: ")


def test_unknown_and_empty_fields_are_refused_together_with_their_places() -> None:
    with pytest.raises(Refused) as refused:
        filled("{{ nama }}", "{{ nomr }} dan {{ lain }}", nama="Sari", nomor="1")
    assert "Paragraf 2 memakai kolom nomr yang tidak dikenal. Mungkin maksudnya nomor." in str(refused.value)
    assert "kolom lain" in str(refused.value)
    with pytest.raises(Refused) as refused:
        filled("{{ nama }}", "{{ nomor }}", "{{ kota }}", nama="", nomor=None, kota="Misal")
    assert str(refused.value).count("masih kosong") == 2


def test_an_optional_field_may_be_empty_but_not_unknown() -> None:
    assert filled("[{{ npwp }}]", optional=("npwp",), npwp="") == "[]"
    with pytest.raises(Refused, match="tidak dikenal"):
        filled("[{{ npwp }}]", optional=("npwp",), nama="x")


def test_a_missing_key_inside_a_list_is_refused_with_its_place() -> None:
    with pytest.raises(Refused, match=r"Paragraf 1 memakai kolom d\.harga yang tidak dikenal"):
        filled("{% for d in daftar %}{{ d.harga }}{% endfor %}", daftar=[{"harga": "1"}, {}])


def test_a_list_where_text_belongs_is_refused() -> None:
    with pytest.raises(Refused, match="daftar sebagai satu nilai"):
        filled("{{ daftar }}", daftar=[{"a": 1}])


def test_a_key_named_like_a_method_is_only_a_key() -> None:
    assert filled("{{ d.items }}", d={"items": "tiga"}) == "tiga"
    with pytest.raises(Refused, match="tidak dikenal"):
        filled("{{ nama.upper }}", nama="Sari")


def test_objects_are_no_values_for_a_paper() -> None:
    with pytest.raises(TypeError, match="plain values"):
        word.fill(docx_of("{{ nama }}"), {"nama": object()})


def test_the_same_template_and_values_give_the_same_bytes() -> None:
    template = docx_of("{{ nama }} {{ qr }}")
    context: dict[str, object] = {"nama": "Sari", "qr": Picture(qr_png(), 20)}
    first = word.fill(template, context)
    word._cache.clear()
    assert word.fill(template, context) == first


def test_a_template_is_read_once_and_filled_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[bytes] = []

    def noted(data: bytes) -> WordPackage:
        reads.append(data)
        return open_package(data)

    monkeypatch.setattr(word, "open_package", noted)
    template = docx_of("sekali saja {{ nama }}")
    for number in range(5):
        assert str(number) in word.text_of(word.fill(template, {"nama": number}))
    assert reads.count(template) == 1


@pytest.mark.parametrize("kind", list(PaperKind), ids=lambda kind: kind.name.lower())
def test_the_shipped_templates_are_filled_with_nothing_left_over(kind: PaperKind) -> None:
    template = (ROOT / "templates_docx" / f"{kind.name.lower()}.docx").read_bytes()
    context: dict[str, object] = dict(papers.example_context(kind))
    if "qr" in context:
        context["qr"] = Picture(qr_png(str(context["qr"])), 22.0)
    text = word.text_of(word.fill(template, context))
    assert "{{" not in text
    assert "{%" not in text
    assert str(context.get("nomor", "")) in text
