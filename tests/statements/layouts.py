"""Writes the same movements as each bank would, in the styles banks and their users vary: what reading must undo."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.sax.saxutils import escape

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
SHORT_MONTHS = ("Jan", "Peb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nop", "Des")
OPENING = 5_000_000_00


@dataclass(frozen=True)
class Movement:
    """One movement as it happened; `sen` is above zero for money in."""

    day: date
    clock: time
    sen: int
    text: str
    reference: str


@dataclass(frozen=True)
class Style:
    """How a file is written: number and date style, delimiter, encoding, line ends, and what users do to tables."""

    number: str = "english"
    dates: str = "slash"
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\r\n"
    shuffle: int | None = None
    extra_columns: int = 0
    trailing_empty: int = 0
    repeat_header_every: int | None = None
    newest_first: bool = False


def number_text(sen: int, style: str) -> str:
    """Writes an amount; a balance may lie below zero."""
    if sen < 0:
        return f"-{number_text(-sen, style)}"
    whole, rest = f"{sen // 100:,}", f"{sen % 100:02d}"
    if style == "english":
        return f"{whole}.{rest}"
    if style == "indonesian":
        return f"{whole.replace(',', '.')},{rest}"
    if style == "spaces":
        return f"{whole.replace(',', ' ')},{rest}"
    if style == "currency":
        return f"Rp {whole.replace(',', '.')},{rest}"
    if style == "plain":
        return f"{sen // 100}.{rest}"
    assert style == "bare"
    return f".{rest}" if sen < 100 else f"{sen // 100}.{rest}"


def day_text(day: date, style: str) -> str:
    """Writes a day."""
    return {
        "slash": f"{day:%d/%m/%Y}",
        "short_year": f"{day:%d/%m/%y}",
        "dash": f"{day:%d-%m-%Y}",
        "iso": f"{day:%Y-%m-%d}",
        "words": f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}",
        "short_words": f"{day.day}-{SHORT_MONTHS[day.month - 1]}-{day:%y}",
        "apostrophe": f"'{day:%d/%m/%Y}",
    }[style]


@dataclass
class Table:
    """A table with what stands around it, before it is written."""

    header: list[str]
    rows: list[list[object]]
    before: list[list[str]] = field(default_factory=list)
    after: list[list[str]] = field(default_factory=list)
    fixed: int = 0


def balances(movements: Sequence[Movement]) -> list[int]:
    """The balance beside each movement."""
    total, found = OPENING, []
    for movement in movements:
        total += movement.sen
        found.append(total)
    return found


def _sides(sen: int, style: Style) -> tuple[str, str]:
    """Debit and credit."""
    return number_text(max(-sen, 0), style.number), number_text(max(sen, 0), style.number)


def _stamp(movement: Movement, style: Style, sign: str = ":") -> str:
    return f"{day_text(movement.day, style.dates)} {movement.clock:%H{sign}%M{sign}%S}"


def bri_cms(movements: Sequence[Movement], style: Style) -> Table:
    rows: list[list[object]] = []
    for number, (movement, balance) in enumerate(zip(movements, balances(movements), strict=True), 1):
        debit, credit = _sides(movement.sen, style)
        before = number_text(balance - movement.sen, style.number)
        after = number_text(balance, style.number)
        stamp = _stamp(movement, style)
        rows.append(
            [number, "009901000123304", stamp, movement.reference, movement.text, before, debit, credit, after, ""]
        )
    header = (
        "ID NOREK TGL_TRAN SEQ DESK_TRAN SALDO_AWAL_MUTASI MUTASI_DEBET MUTASI_KREDIT SALDO_AKHIR_MUTASI REMARK_CUSTOM"
    )
    return Table(header.split(), rows)


def bri_ib(movements: Sequence[Movement], style: Style) -> Table:
    rows: list[list[object]] = []
    for movement, balance in zip(movements, balances(movements), strict=True):
        rows.append(
            [
                _stamp(movement, style),
                movement.text,
                "8888",
                *_sides(movement.sen, style),
                number_text(balance, style.number),
            ]
        )
    closing = number_text(balances(movements)[-1], style.number)
    return Table(
        ["Tanggal Transaksi", "Uraian Transaksi", "Teller", "Debet", "Kredit", "Saldo"],
        rows,
        before=[["No. Rekening", "009901000555307"], ["Valuta", "IDR"]],
        after=[[""], ["Saldo Awal", "Saldo Akhir"], [number_text(OPENING, style.number), closing]],
    )


def mandiri_comma(movements: Sequence[Movement], style: Style) -> Table:
    rows: list[list[object]] = [
        ["9990001234567", day_text(m.day, style.dates), m.text, "", m.reference, *_sides(m.sen, style)]
        for m in movements
    ]
    return Table(["Account No", "Date", "Description", "Description", "Reference No.", "Debit", "Credit"], rows)


def mandiri_semicolon(movements: Sequence[Movement], style: Style) -> Table:
    rows: list[list[object]] = []
    for movement, balance in zip(movements, balances(movements), strict=True):
        debit, credit = _sides(movement.sen, style)
        stamp = _stamp(movement, style)
        rows.append(
            ["9990007654321", "IDR", stamp, movement.text, "", credit, debit, number_text(balance, style.number)]
        )
    header = "AccountNo Ccy PostDate Remarks AdditionalDesc Credit~Amount Debit~Amount Close~Balance"
    return Table([name.replace("~", " ") for name in header.split()], rows)


def bni_csv(movements: Sequence[Movement], style: Style) -> Table:
    rows: list[list[object]] = [
        [_stamp(m, style, "."), "9901", m.reference, m.text, *_sides(m.sen, style)] for m in movements
    ]
    return Table(["Post Date", "Branch", "Journal No.", "Description", "Debit", "Credit"], rows)


def bni_excel(movements: Sequence[Movement], style: Style) -> Table:
    rows: list[list[object]] = [
        [n, _stamp(m, style), m.reference, m.text, number_text(abs(m.sen), style.number), "C" if m.sen > 0 else "D"]
        for n, m in enumerate(movements, 1)
    ]
    return Table(["No.", "Tanggal Kirim", "Journal No.", "Deskripsi", "Amount", "Db/Cr"], rows)


def bca(movements: Sequence[Movement], style: Style) -> Table:
    rows: list[list[object]] = []
    for movement, balance in zip(movements, balances(movements), strict=True):
        amount = f"{number_text(abs(movement.sen), style.number)} {'CR' if movement.sen > 0 else 'DB'}"
        rows.append(
            [day_text(movement.day, style.dates), movement.text, "0000", amount, number_text(balance, style.number)]
        )
    return Table(
        ["Tanggal Transaksi", "Keterangan", "Cabang", "Jumlah", "Saldo"],
        rows,
        before=[["Nomor Rekening : 9990123456"], ["Periode : 01/01/2026 - 31/12/2026"]],
        after=[
            [f"Saldo Awal : {number_text(OPENING, 'plain')}"],
            [f"Saldo Akhir : {number_text(balances(movements)[-1], 'plain')}"],
        ],
    )


def bsi(movements: Sequence[Movement], style: Style) -> Table:
    rows: list[list[object]] = []
    for movement, balance in zip(movements, balances(movements), strict=True):
        mark = "K" if movement.sen > 0 else "D"
        amount = number_text(abs(movement.sen), style.number)
        day, clock = day_text(movement.day, style.dates), f"{movement.clock:%H.%M.%S}"
        rows.append([movement.reference, day, clock, mark, amount, number_text(balance, style.number), movement.text])
    return Table(["TrxId", "Tanggal", "Trx Time", "D/K", "Mutasi", "Saldo", "Keterangan"], rows)


TABLES: dict[str, Callable[[Sequence[Movement], Style], Table]] = {
    "bri-cms": bri_cms,
    "bri-ib": bri_ib,
    "mandiri-comma": mandiri_comma,
    "mandiri-semicolon": mandiri_semicolon,
    "bni-csv": bni_csv,
    "bni-excel": bni_excel,
    "bca": bca,
    "bsi": bsi,
}
WITHOUT_TIME = {"mandiri-comma", "bca"}
WITHOUT_REFERENCE = {"bri-ib", "mandiri-semicolon", "bca"}


def _varied(table: Table, style: Style) -> Table:
    """The table with its columns and rows as users and banks change them."""
    order = list(range(len(table.header)))
    if style.shuffle is not None:
        random.Random(style.shuffle).shuffle(order)
        if table.header.count("Description") == 2:  # which is first is all that tells the two apart
            first, second = (place for place, name in enumerate(table.header) if name == "Description")
            a, b = order.index(first), order.index(second)
            order[min(a, b)], order[max(a, b)] = first, second
    extra = [f"Kolom {number}" for number in range(style.extra_columns)]
    tail = [""] * style.trailing_empty
    header = [table.header[place] for place in order] + extra + tail
    rows = [[row[place] for place in order] + ["x" for _ in extra] + tail for row in table.rows]
    if style.newest_first:
        rows.reverse()
    if every := style.repeat_header_every:
        pages = [rows[start : start + every] for start in range(0, len(rows), every)]
        rows = pages[0] if pages else []
        for number, page in enumerate(pages[1:], 2):
            rows = [*rows, ["Halaman", str(number)], [*header], *page]
    return Table(header, rows, table.before, table.after)


def as_csv(layout: str, movements: Sequence[Movement], style: Style) -> bytes:
    """The file as CSV."""
    table = _varied(TABLES[layout](movements, style), style)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=style.delimiter, lineterminator=style.newline)
    writer.writerows([*table.before, table.header, *table.rows, *table.after])
    return out.getvalue().encode(style.encoding)


def as_xlsx(layout: str, movements: Sequence[Movement], style: Style) -> bytes:
    """The file as a workbook, amounts as numbers where they are plain."""
    table = _varied(TABLES[layout](movements, style), style)
    return workbook([*table.before, table.header, *table.rows, *table.after])


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """A small XLSX with text, numbers and days (style 1)."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for place, value in enumerate(row):
            at = f"{_letters(place)}{number}"
            if isinstance(value, datetime | date):
                day = value if isinstance(value, datetime) else datetime.combine(value, time.min)
                serial = (day - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001
                cells.append(f'<c r="{at}" s="1"><v>{serial!r}</v></c>')
            elif isinstance(value, int | float):
                cells.append(f'<c r="{at}"><v>{value}</v></c>')
            elif value:
                cells.append(f'<c r="{at}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Mutasi" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


def _letters(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def as_mt940(movements: Sequence[Movement], style: Style) -> bytes:
    """The file as MT940, one statement, remarks broken after 65 signs as SWIFT does at blanks."""
    lines = [":20:STMT1", ":25:9990001112223", ":28C:1/1", f":60F:C260101IDR{_swift(OPENING)}"]
    for movement in movements:
        mark = "C" if movement.sen > 0 else "D"
        amount = _swift(abs(movement.sen))
        lines.append(f":61:{movement.day:%y%m%d}{movement.day:%m%d}{mark}{amount}NTRFNONREF//{movement.reference}")
        lines.append(f":86:{movement.text}")
    closing = balances(movements)[-1]
    lines.append(f":62F:{'D' if closing < 0 else 'C'}261231IDR{_swift(abs(closing))}")
    return (style.newline.join(lines) + style.newline + "-" + style.newline).encode(style.encoding)


def _swift(sen: int) -> str:
    return f"{sen // 100},{sen % 100:02d}" if sen % 100 else f"{sen // 100},"


def as_camt(movements: Sequence[Movement], style: Style) -> bytes:
    """The file as CAMT.053 version 8."""

    def amount(sen: int) -> str:
        side = "CRDT" if sen >= 0 else "DBIT"
        return f'<Amt Ccy="IDR">{abs(sen) // 100}.{abs(sen) % 100:02d}</Amt><CdtDbtInd>{side}</CdtDbtInd>'

    def balance(kind: str, sen: int) -> str:
        return f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{amount(sen)}<Dt><Dt>2026-10-01</Dt></Dt></Bal>"

    entries = "".join(
        f"<Ntry>{amount(m.sen)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>{m.day}T{m.clock}+07:00</DtTm></BookgDt>"
        f"<AcctSvcrRef>{escape(m.reference)}</AcctSvcrRef><AddtlNtryInf>{escape(m.text)}</AddtlNtryInf></Ntry>"
        for m in movements
    )
    text = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
        "<Acct><Id><Othr><Id>9990004443332</Id></Othr></Id><Ccy>IDR</Ccy></Acct>"
        f"{balance('OPBD', OPENING)}{balance('CLBD', balances(movements)[-1])}{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    encoding = "UTF-8" if style.encoding == "cp1252" else style.encoding.removesuffix("-sig")
    return (f'<?xml version="1.0" encoding="{encoding}"?>' + text).encode(encoding)
