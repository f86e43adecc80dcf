"""The shipped Word templates: every field is filled and used, they stay easy to edit in Word, and they print."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from desk.adapters import word
from desk.adapters.paper.process import PaperShop
from desk.resources import template
from desk.rules.papers import (
    FIELDS,
    PaperKind,
    agreement_context,
    delivery_context,
    example_context,
    invoice_context,
    optional_fields,
    receipt_context,
)
from desk.rules.papers import examples as invented
from desk.rules.papers.kinds import RECEIPT_PAGES
from tools.make_templates import TEMPLATES

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STATEMENT = re.compile(r"\{%-?(?:p|tr)?\s+(?P<inside>.*?)\s*%\}")
VALUE = re.compile(r"\{\{\s*(?P<name>[a-z_0-9.]+)\s*\}\}")
LOOP = re.compile(r"for (\w+) in (\w+)")
CONDITION = re.compile(r"if (?:not )?([a-z_0-9.]+)")
# The order in which Word wants the children of its property elements (ECMA-376); another order is "unreadable content".
ORDER = {
    "pPr": ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "shd", "tabs",
            "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr"],
    "rPr": ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "strike", "color", "spacing", "kern", "sz", "szCs",
            "u", "vertAlign", "lang"],
    "tblPr": ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"],
    "tcPr": ["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "tcMar", "vAlign"],
    "tcBorders": ["top", "left", "bottom", "right"],
    "pBdr": ["top", "left", "bottom", "right"],
}  # fmt: skip


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def story_parts(kind: PaperKind) -> dict[str, etree._Element]:
    parts = parts_of(template(kind.template_name).read_bytes())
    return {
        name: etree.fromstring(data)
        for name, data in parts.items()
        if re.fullmatch(r"word/(document|footer\d*|header\d*)\.xml", name)
    }


def words_of(element: etree._Element) -> str:
    return "\n".join("".join(piece.text or "" for piece in p.iter(f"{W}t")) for p in element.iter(f"{W}p"))


def used_fields(kind: PaperKind) -> tuple[set[str], dict[str, set[str]]]:
    """The fields that a template uses, and per list the fields of its items."""
    text = "\n".join(words_of(part) for part in story_parts(kind).values())
    statements = [found["inside"] for found in STATEMENT.finditer(text)]
    loops = {found[1]: found[2] for line in statements if (found := LOOP.fullmatch(line))}
    names = [found["name"] for found in VALUE.finditer(text)]
    names += [found[1] for line in statements if (found := CONDITION.fullmatch(line))]
    items: dict[str, set[str]] = {name: set() for name in loops.values()}
    for name in names:
        if "." in name:
            item, _, field = name.partition(".")
            items[loops[item]].add(field)
    return {name for name in names if "." not in name} | set(loops.values()), items


def png(code: str) -> bytes:
    import segno

    picture = io.BytesIO()
    segno.make(code).save(picture, kind="png", scale=4, border=0)
    return picture.getvalue()


def filled(kind: PaperKind, context: Mapping[str, object]) -> bytes:
    """The paper as docxtpl itself fills it, strictly."""
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    paper = DocxTemplate(str(template(kind.template_name)))
    values: dict[str, Any] = dict(context)
    if "qr" in values:
        values["qr"] = InlineImage(paper, io.BytesIO(png(str(values["qr"]))), width=Mm(22))
    paper.render(values, ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined))
    result = io.BytesIO()
    paper.save(result)
    return result.getvalue()


def pages_of(docx: bytes, folder: Path) -> list[str]:
    """The text of every page as LibreOffice lays the paper out."""
    import pypdf

    source = folder / "naskah.docx"
    source.write_bytes(docx)
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, str(folder), str(source)], check=True, capture_output=True, timeout=110)
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(folder / "naskah.pdf").pages]


@pytest.fixture(scope="module")
def shop() -> Iterator[PaperShop]:
    opened = PaperShop()
    yield opened
    opened.close()


def printed(shop: PaperShop, kind: PaperKind, context: Mapping[str, object]) -> list[str]:
    """The text of every page as the program itself prints the paper."""
    import pypdf

    values = {**context, "qr": word.Picture(png(str(context["qr"])), 22)}
    paper = shop.make(template(kind.template_name).read_bytes(), values, optional=sorted(optional_fields(kind)))
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper.pdf)).pages]


def sixty_lines() -> tuple[Any, ...]:
    line = invented.LINES[1]
    return tuple(
        replace(line, title=f"Peta digital Kabupaten Rekaan nomor {number:02d} per desa") for number in range(1, 61)
    )


@pytest.mark.parametrize("kind", PaperKind)
def test_every_declared_field_is_used_and_every_used_field_is_declared(kind: PaperKind) -> None:
    used, items = used_fields(kind)
    assert used == {field.name for field in FIELDS[kind]}
    assert items == {field.name: {item.name for item in field.item_fields} for field in FIELDS[kind] if field.is_list}


@pytest.mark.parametrize("kind", PaperKind)
def test_every_field_has_a_label_and_an_example_that_is_not_empty(kind: PaperKind) -> None:
    for field in FIELDS[kind]:
        assert field.label
        assert field.example, field.name
        assert all(item.label and item.example for item in field.item_fields), field.name


@pytest.mark.parametrize("kind", PaperKind)
def test_a_paper_shows_every_value_it_was_filled_with(kind: PaperKind) -> None:
    context = example_context(kind)
    text = word.text_of(filled(kind, context))
    flat = " ".join(text.split())
    assert "{{" not in text
    assert "{%" not in text
    values = [value for name, value in context.items() if isinstance(value, str) and name != "qr"]
    values += [str(v) for items in context.values() if isinstance(items, list) for item in items for v in item.values()]
    assert [value for value in values if " ".join(value.split()) not in flat] == []


@pytest.mark.parametrize("kind", PaperKind)
def test_optional_values_may_all_be_missing(kind: PaperKind) -> None:
    empty = optional_fields(kind)
    context: dict[str, Any] = example_context(kind)
    for name, value in context.items():
        if name in empty:
            context[name] = [] if isinstance(value, list) else ""
        elif isinstance(value, list):
            context[name] = [{key: "" if key in empty else part for key, part in item.items()} for item in value]
    paper = filled(kind, context)
    assert "None" not in word.text_of(paper)
    # A label goes with its value: nowhere stands a colon beside an empty cell.
    root = etree.fromstring(parts_of(paper)["word/document.xml"])
    for row in root.iter(f"{W}tr"):
        cells = [words_of(cell).strip() for cell in row.findall(f"{W}tc")]
        if len(cells) >= 3 and cells[1] == ":":
            assert cells[2], cells


@pytest.mark.parametrize("kind", PaperKind)
def test_a_paper_with_a_missing_field_is_not_made(kind: PaperKind) -> None:
    from jinja2 import UndefinedError

    context = example_context(kind)
    del context["nomor"]
    with pytest.raises(UndefinedError, match="nomor"):
        filled(kind, context)


@pytest.mark.parametrize("kind", PaperKind)
def test_the_programs_own_check_and_filling_accept_every_template(kind: PaperKind) -> None:
    data = template(kind.template_name).read_bytes()
    context = example_context(kind)
    assert word.check_template(data, context) == []
    values = {**context, "qr": word.Picture(png(str(context["qr"])), 22)}
    text = word.text_of(word.fill(data, values, optional_fields(kind)))
    assert str(context["nomor"]) in text


@pytest.mark.parametrize("kind", PaperKind)
def test_a_template_with_a_field_nobody_declared_is_noticed(kind: PaperKind) -> None:
    context = example_context(kind)
    del context[next(name for name in ("pengguna_nama", "diterima_dari", "kepada_nama") if name in context)]
    findings = word.check_template(template(kind.template_name).read_bytes(), context)
    assert {finding.reason for finding in findings} == {"unknown_fields"}


@pytest.mark.parametrize("kind", PaperKind)
def test_the_shipped_template_is_what_its_script_builds(kind: PaperKind) -> None:
    built = io.BytesIO()
    TEMPLATES[kind]().save(built)
    assert parts_of(template(kind.template_name).read_bytes()) == parts_of(built.getvalue()), (
        "run python -m tools.make_templates"
    )


@pytest.mark.parametrize("kind", PaperKind)
def test_templates_hold_only_what_is_easily_edited_in_word(kind: PaperKind) -> None:
    for name, root in story_parts(kind).items():
        for exotic in ("txbxContent", "pict", "object", "altChunk", "sdt", "framePr"):
            assert root.find(f".//{W}{exotic}") is None, (name, exotic)
        assert root.find(".//{*}anchor") is None
        columns = [element for element in root.iter(f"{W}cols") if int(element.get(f"{W}num", "1")) > 1]
        assert columns == []
        # A tag that Word has split over runs is a tag that staff can no longer find and mend.
        for run in root.iter(f"{W}t"):
            assert (run.text or "").count("{{") == (run.text or "").count("}}")
            assert (run.text or "").count("{%") == (run.text or "").count("%}")


@pytest.mark.parametrize("kind", PaperKind)
def test_properties_stand_in_the_order_that_word_demands(kind: PaperKind) -> None:
    parts = parts_of(template(kind.template_name).read_bytes())
    for name in ("word/document.xml", "word/footer1.xml"):
        root = etree.fromstring(parts[name])
        for holder, order in ORDER.items():
            for element in root.iter(f"{W}{holder}"):
                children = [str(etree.QName(child).localname) for child in element]
                assert children == sorted(children, key=order.index), (name, holder)


@pytest.mark.parametrize("kind", PaperKind)
def test_papers_are_a4_with_number_and_page_count_in_the_footer(kind: PaperKind) -> None:
    stories = story_parts(kind)
    size = stories["word/document.xml"].find(f".//{W}pgSz")
    assert size is not None
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    footer = stories["word/footer1.xml"]
    assert {field.get(f"{W}instr") for field in footer.iter(f"{W}fldSimple")} == {"PAGE", "NUMPAGES"}
    assert "{{ nomor" in words_of(footer)


@pytest.mark.parametrize("kind", [PaperKind.INVOICE, PaperKind.SPPD, PaperKind.DELIVERY_NOTE, PaperKind.REDIRECT])
def test_the_head_of_a_long_table_repeats_on_every_page(kind: PaperKind) -> None:
    root = story_parts(kind)["word/document.xml"]
    heads = [row for row in root.iter(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None]
    assert len(heads) == (2 if kind is PaperKind.DELIVERY_NOTE else 1)  # the files, and the sendings before
    assert all(words_of(head).startswith("No.") for head in heads)


@pytest.mark.parametrize("kind", PaperKind)
def test_the_agreement_is_spelt_out_where_a_reader_first_meets_it(kind: PaperKind) -> None:
    body = etree.fromstring(parts_of(filled(kind, example_context(kind)))["word/document.xml"])
    text = " ".join(words_of(body).split()).upper()
    text = re.sub(r"SPPD-[0-9]|BPS1\.SPPD", "", text)  # numbers and codes explain themselves
    if "SPPD" in text:
        assert text[: text.index("SPPD")].endswith("SURAT PERJANJIAN PENGGUNAAN DATA (")


def test_the_terms_of_an_agreement_stand_on_the_page_that_is_signed_however_long_its_list_is(shop: PaperShop) -> None:
    signed = ("C. Ketentuan", "Pihak Kedua", "Ditandatangani oleh", "dikirim ke:")
    split = []
    for count in range(16, 28):
        agreement = replace(invented.AGREEMENT, lines=sixty_lines()[:count])
        context = agreement_context(invented.OFFICE, invented.CUSTOMER, agreement)
        pages = printed(shop, PaperKind.SPPD, context)
        if not any(all(words in page for words in signed) for page in pages):
            split.append(count)
    assert split == []


def test_the_sum_and_the_account_of_an_invoice_are_not_torn_by_a_page_end(shop: PaperShop) -> None:
    together = (
        ("Jumlah menurut tarif", "Keringanan", "Jumlah yang harus dibayar", "Terbilang"),
        ("Transfer ke bank", "Nomor rekening", "Berita transfer", "Kode billing"),
    )
    torn: list[tuple[int, tuple[str, ...]]] = []
    for count in range(3, 16):
        invoice = replace(invented.INVOICE_WITH_EVERYTHING, lines=sixty_lines()[:count])
        pages = printed(shop, PaperKind.INVOICE, invoice_context(invented.OFFICE, invented.CUSTOMER, invoice))
        torn.extend(
            (count, block) for block in together if not any(all(words in page for words in block) for page in pages)
        )
    assert torn == []


def test_an_invoice_without_account_and_billing_code_does_not_leave_the_payment_open(shop: PaperShop) -> None:
    invoice = replace(invented.INVOICE, account=None, billing=None)
    (page,) = printed(shop, PaperKind.INVOICE, invoice_context(invented.OFFICE, invented.CUSTOMER, invoice))
    assert "Pembayaran Cara pembayaran kami sampaikan tersendiri. Ketentuan" in page


@pytest.mark.parametrize("kind", [PaperKind.DELIVERY_NOTE, PaperKind.INVOICE])
def test_a_signature_never_stands_alone_on_a_page(shop: PaperShop, kind: PaperKind) -> None:
    alone = []
    for count in range(2, 12):
        if kind is PaperKind.INVOICE:
            invoice = replace(invented.INVOICE, lines=sixty_lines()[:count])
            pages = printed(shop, kind, invoice_context(invented.OFFICE, invented.CUSTOMER, invoice))
            before = "Data dikirim setelah"
        else:
            delivery = replace(invented.DELIVERY, files=invented.FILES[:1] * count)
            pages = printed(shop, kind, delivery_context(invented.OFFICE, invented.CUSTOMER, delivery))
            before = "tidak digandakan untuk pihak lain"
        if not any(before in page and invented.OFFICER.name in page for page in pages):
            alone.append(count)
    assert alone == []


@pytest.mark.parametrize("kind", PaperKind)
def test_the_example_of_every_paper_is_laid_out_without_a_warning(shop: PaperShop, kind: PaperKind) -> None:
    context = example_context(kind)
    paper = shop.make(
        template(kind.template_name).read_bytes(),
        {**context, "qr": word.Picture(png(str(context["qr"])), 22)},
        optional=sorted(optional_fields(kind)),
    )
    assert paper.warnings == ()
    assert paper.pages == (2 if kind is PaperKind.SPPD else 1)


def test_sixty_lines_stand_on_invoice_and_agreement_in_the_same_order() -> None:
    lines = sixty_lines()
    invoice = replace(invented.INVOICE, lines=lines, total=60 * 70_000)
    agreement = replace(invented.AGREEMENT, lines=lines)
    for kind, context in (
        (PaperKind.INVOICE, invoice_context(invented.OFFICE, invented.CUSTOMER, invoice)),
        (PaperKind.SPPD, agreement_context(invented.OFFICE, invented.CUSTOMER, agreement)),
    ):
        text = word.text_of(filled(kind, context))
        assert re.findall(r"Kabupaten Rekaan nomor (\d\d)", text) == [f"{n:02d}" for n in range(1, 61)]


@pytest.mark.component("libreoffice")
def test_sixty_lines_flow_over_pages_with_the_head_on_each(tmp_path: Path) -> None:
    invoice = replace(invented.INVOICE, lines=sixty_lines(), total=60 * 70_000)
    context = invoice_context(invented.OFFICE, invented.CUSTOMER, invoice)
    pages = pages_of(filled(PaperKind.INVOICE, context), tmp_path)
    assert len(pages) >= 3
    with_lines = [page for page in pages if "Kabupaten Rekaan nomor" in page]
    assert len(with_lines) >= 2
    assert all("Data yang dipesan" in page for page in with_lines)
    assert [f"Halaman {number} dari {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(
        pages
    )


@pytest.mark.component("libreoffice")
def test_a_kuitansi_with_many_lines_and_long_names_stays_on_one_page(tmp_path: Path) -> None:
    long_name = "Raden Ayu Sekar Kencana Wulandari Purnamasari Contohningtyas Rekaanputri, S.Si., M.Si., Ph.D."
    customer = replace(
        invented.CUSTOMER,
        name=long_name,
        institution="Yayasan Penelitian Sosial Ekonomi dan Kependudukan Khayal Nusantara Raya Cabang Contoh",
    )
    receipt = replace(invented.RECEIPT, lines=sixty_lines(), amount=777_777_777_777, payer=long_name)
    context = receipt_context(invented.OFFICE, customer, receipt)
    pages = pages_of(filled(PaperKind.RECEIPT, context), tmp_path)
    assert len(pages) == 1
    assert "57 (lima puluh tujuh) data lain" in pages[0]


@pytest.mark.component("libreoffice")
def test_a_delivery_of_sixty_files_keeps_every_fingerprint_whole(tmp_path: Path) -> None:
    files = tuple(replace(invented.FILES[0], name=f"data_{n:02d}.zip", sha256=f"{n:064x}") for n in range(60))
    context = delivery_context(invented.OFFICE, invented.CUSTOMER, replace(invented.DELIVERY, files=files))
    pages = pages_of(filled(PaperKind.DELIVERY_NOTE, context), tmp_path)
    assert len(pages) >= 2
    assert [f"{n:064x}" in "\n".join(pages) for n in range(60)] == [True] * 60


def test_a_kuitansi_on_half_a_page_says_what_the_large_one_says(shop: PaperShop) -> None:
    """Also with everything that can stand on it, it is one page of A5, lying."""
    import pypdf

    context = example_context(PaperKind.RECEIPT)
    values = {**context, "qr": word.Picture(png(str(context["qr"])), 22)}
    optional = sorted(optional_fields(PaperKind.RECEIPT))
    large, half = (
        pypdf.PdfReader(io.BytesIO(shop.make(template(f"{name}.docx").read_bytes(), values, optional=optional).pdf))
        for name in RECEIPT_PAGES.values()
    )
    (page,) = half.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 420)
    assert sorted(page.extract_text().split()) == sorted(large.pages[0].extract_text().split())
