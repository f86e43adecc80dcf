"""The treasurer: a hundred kuitansi to pages and to a printer, the figures of a day, the register of a busy year."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk import resources
from desk.adapters.paper import PaperShop
from desk.adapters.word import Picture
from desk.bench.figures import Figure, measured, of_times, timed
from desk.bench.office import OFFICE, BenchOffice, bench_office
from desk.commands import screen
from desk.rules.papers import PaperKind, example_context, optional_fields
from desk.services.papers import QR_MM, qr_png

RECEIPTS = 2_400
"""Kuitansi of the year: ten on each of 240 working days."""
_BATCH = 100

_GROW = """
SET LOCAL session_replication_role = replica;
INSERT INTO desk.invoice (office_id, id, case_id, year, sequence, number, issued_on, valid_until, full_price,
  total, customer, payment_block, by)
SELECT {office}, md5('i' || n)::uuid, md5('c' || n)::uuid, 2026, n, 'INV-' || n, '2026-01-01', '2026-12-31', 120000,
  120000, '{{}}', '{{}}', 'ukur_petugas' FROM generate_series(1, {receipts}) n;
INSERT INTO desk.payment (office_id, id, case_id, invoice_id, issued_by, amount, received_on, channel, reference,
  by, at)
SELECT {office}, md5('p' || n)::uuid, md5('c' || n)::uuid, md5('i' || n)::uuid, 'ukur_petugas', 120000,
  date '2026-01-01' + (n - 1) * 365 / {receipts}, 'transfer', 'REF ' || n, 'ukur_bendahara',
  timestamptz '2026-01-01 03:00Z' + ((n - 1) * 365 / {receipts}) * interval '1 day'
FROM generate_series(1, {receipts}) n;
INSERT INTO desk.receipt (office_id, id, case_id, payment_id, year, sequence, number, issued_on, amount, payer, purpose,
  hash, by, at)
SELECT {office}, md5('r' || n)::uuid, md5('c' || n)::uuid, md5('p' || n)::uuid, 2026, n, 'KW-' || lpad(n::text, 4, '0'),
  date '2026-01-01' + (n - 1) * 365 / {receipts}, 120000, 'Pengguna Contoh ' || n, 'Invoice INV-' || n, md5(n::text),
  'ukur_bendahara', timestamptz '2026-01-01 04:00Z' + ((n - 1) * 365 / {receipts}) * interval '1 day'
FROM generate_series(1, {receipts}) n;
"""


def measure() -> list[Figure]:
    """Papers of a batch, then the questions of the treasurer's screens on a year of kuitansi."""
    screen.draw_nowhere()
    shop = PaperShop()
    try:
        shop.warm()
        papers = _papers(shop)
    finally:
        shop.close()
    with bench_office() as office:
        office.grow(RECEIPTS, opened=0)
        with office.owner.begin() as connection:
            connection.exec_driver_sql(_GROW.format(office=OFFICE, receipts=RECEIPTS))
        with office.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        year = _year(office)
    with bench_office() as office:
        return [*papers, *year, _confirmed_to_paper(office)]


def _papers(shop: PaperShop) -> list[Figure]:
    from desk.ui.app import make_application
    from desk.ui.background import Task
    from desk.ui.printing import PrintOrder, carry_out

    template = resources.template(PaperKind.RECEIPT.template_name).read_bytes()
    optional = tuple(sorted(optional_fields(PaperKind.RECEIPT)))
    context = dict(example_context(PaperKind.RECEIPT))
    context["qr"] = Picture(qr_png(str(context["qr"])), QR_MM)

    def batch() -> None:
        for number in range(_BATCH):
            shop.make(template, {**context, "nomor": f"KW-{number:03}"}, optional=optional)

    made = of_times(
        f"batch of {_BATCH} kuitansi to PDF",
        [timed(batch) for _ in range(3)],
        aim="< 5,000 ms",
        note="fill, lay out, write",
    )
    application = make_application(["desk bench"])
    pdf = shop.make(template, context, optional=optional).pdf
    with tempfile.TemporaryDirectory(prefix="meja-pst-ukur-", ignore_cleanup_errors=True) as folder:
        order = PrintOrder("", 1, 1, 1, Path(folder) / "cetakan.pdf")
        quiet = Task(lambda _at, _of: None)
        printed = measured(
            "print one kuitansi at 300 dpi into a PDF file",
            lambda: carry_out(replace(order), shop, pdf, "ASLI", quiet),
            runs=10,
        )
    del application
    return [made, printed]


def _confirmed_to_paper(office: BenchOffice) -> Figure:
    """From the treasurer's key to the stored kuitansi: confirm, issue, fill, lay out, keep."""
    from desk.adapters.database import transaction
    from desk.bench.deeds import do
    from desk.paperwork import make_missing_papers
    from desk.rules.inputs import PaymentInput
    from desk.services.case_file import facts

    runs = 12
    office.grow(runs, opened=runs)
    officer, treasurer = office.engine_of("ukur_petugas"), office.engine_of("ukur_bendahara")
    with office.owner.begin() as connection:
        connection.exec_driver_sql("UPDATE desk.person SET nip = '199001012012122001'")  # it stands on the kuitansi
        cases = connection.execute(
            text("SELECT id FROM desk.cases WHERE officer_queue = 'offer' LIMIT :n"), {"n": runs}
        )
        waiting = [row.id for row in cases]
    shop = PaperShop()
    times = []
    try:
        shop.warm()
        for case in waiting:
            do(officer, office.actor("ukur_petugas"), "issue_invoice", case)
            make_missing_papers(officer, shop, OFFICE, case)
            with transaction(treasurer) as session:
                known = facts(session, OFFICE, case)
            assert known.invoice is not None
            seen = PaymentInput(amount=known.invoice.total, received_on=known.today, reference="FT1")

            def to_paper(case: UUID = case, seen: PaymentInput = seen) -> None:
                do(treasurer, office.actor("ukur_bendahara"), "confirm_payment", case, seen)
                do(treasurer, office.actor("ukur_bendahara"), "issue_receipt", case)
                make_missing_papers(treasurer, shop, OFFICE, case)

            times.append(timed(to_paper))
    finally:
        shop.close()
        officer.dispose()
        treasurer.dispose()
    return of_times("confirm → kuitansi on paper", times[2:], aim="< 300 ms", note="two deeds, filled, laid out, kept")


def _year(office: BenchOffice) -> list[Figure]:
    from desk.rules.register import Register
    from desk.services import day, prints, register
    from desk.ui.register_page import write_register

    engine = office.engine_of("ukur_bendahara")
    found: list[Register] = []

    def year() -> None:
        found.clear()
        with Session(engine) as session:
            found.extend(register.register(session, OFFICE, date(2026, month, 1)) for month in range(1, 13))

    def today() -> None:
        with Session(engine) as session:
            day.day_view(session, OFFICE, date(2026, 12, 31))
            prints.receipts_to_print(session, (OFFICE,), date(2026, 12, 31))

    figures = [
        measured(f"register of a year, {RECEIPTS:,} kuitansi in 12 months", year, runs=10),
        measured("the day as the treasurer opens it, with that year behind it", today, runs=10),
    ]
    with tempfile.TemporaryDirectory(prefix="meja-pst-ukur-", ignore_cleanup_errors=True) as folder:
        paths = [Path(folder) / f"{month:02}.xlsx" for month in range(1, 13)]

        def excel() -> None:
            for path, month in zip(paths, found, strict=True):
                write_register(path, month, "BPS")

        figures.append(measured("that year as 12 Excel files", excel, runs=5))
    engine.dispose()
    return figures
