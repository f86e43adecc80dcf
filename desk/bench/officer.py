"""What an officer waits for, at a million cases in five hundred offices with two hundred open in the own one.

Every figure stands beside the bare SQL of the same result, asked by the owner whom no row policy binds.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.bench.figures import Figure, measured, of_times
from desk.bench.guards import CASES, OFFICES, crowd
from desk.bench.office import OFFICE, BenchOffice
from desk.bench.stalls import LONG_MS, Stalls
from desk.commands import screen

TYPED = ("pe", "penggu", "pengguna contoh 77", "orang12", "0812000012", "susenas 2012", "rumah tangga 77", "zzzz")
"""What is typed into the search box: two letters, common words, contacts, text of a conversation, and nothing."""

_MESSAGES = 200
_PICKER_ITEMS = 10_000
_MAIL_BYTES = 9 * 1024 * 1024
_LONG_CASE = UUID(int=0xC0FFEE)
_PATIENCE_MS = 20_000

_LONG = f"""  -- a conversation of years, and what an office may sell
SET LOCAL session_replication_role = replica;
INSERT INTO desk.cases (office_id, id, year, sequence, number, customer_id, customer_name, institution, channel, stage,
  abstract, officer_queue, officer_why)
SELECT {OFFICE}, '{_LONG_CASE}', 2025, 1, 'PST-1600-2025-000001', k.id, k.name, k.institution, 'email', 'new',
  '{{"title": "Judul", "background": "Latar", "purpose": "Tujuan", "method": "Metode", "planned_output": "Hasil"}}',
  'review', 'Permohonan baru' FROM desk.customer k WHERE k.office_id = {OFFICE} LIMIT 1;
INSERT INTO desk.message (office_id, id, case_id, kind, channel, sender, subject, body, by, at, said_at)
SELECT {OFFICE}, gen_random_uuid(), '{_LONG_CASE}', CASE WHEN mod(n, 2) = 0 THEN 'incoming' ELSE 'outgoing' END,
  'email', 'Pengguna Contoh', 'Pesan ' || n,
  repeat('Mohon penjelasan tentang peubah nomor ' || n || ' pada kuesioner. ', 8),
  'ukur_petugas', now() - (n || ' hours')::interval, now() - (n || ' hours')::interval
FROM generate_series(1, {_MESSAGES}) n;
INSERT INTO desk.event (office_id, id, case_id, action, sentence, reason, before, after, by, at)
SELECT {OFFICE}, gen_random_uuid(), '{_LONG_CASE}', 'add_message', 'Pesan dicatat.', '', '{{"stage": "new"}}',
  '{{"stage": "new", "money": "none", "original": "none", "data": "none"}}',
  'ukur_petugas', now() - (n || ' hours')::interval
FROM generate_series(1, {_MESSAGES}) n;
INSERT INTO desk.catalogue_item (office_id, code, title, survey, year, area_code, area_name, tariff, size)
SELECT 0, 'UKUR-' || n, 'Survei Contoh ' || n || ' Maret 2025', 'susenas', 2025, '1600', 'Sumatera Selatan',
  'microdata', 1000000 + n FROM generate_series(1, {_PICKER_ITEMS}) n;
"""  # noqa: S608


def measure(cases: int = CASES, offices: int = OFFICES) -> list[Figure]:
    """All figures, in one run on one database."""
    screen.draw_nowhere()
    with crowd(cases, offices) as office:
        add_long_case(office)
        return figures_of(office, f"{cases:,} cases in {offices} offices".replace(",", "."))


def add_long_case(office: BenchOffice) -> None:
    """Adds a case with a long conversation, and a large catalogue."""
    with office.owner.begin() as connection:
        for statement in _LONG.strip().rstrip(";").split(";\n"):
            connection.exec_driver_sql(statement)
    with office.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def figures_of(office: BenchOffice, among: str) -> list[Figure]:
    """The figures of a prepared office."""
    figures: list[Figure] = []
    for part in (_queue, _search, _long_case, _picker, _mail, _windows):
        figures += part(office, among)
    return figures


def _raw(bench: BenchOffice, statement: str, **values: Any) -> float:
    with bench.owner.connect() as connection:
        figure = measured("", lambda: connection.execute(text(statement), values).all())
        connection.rollback()
    return figure.median


@contextmanager
def _reading(office: BenchOffice) -> Iterator[Session]:
    from desk.adapters.database import reading

    engine = office.engine_of("ukur_petugas")
    with reading(engine) as session:
        yield session
    engine.dispose()


def _queue(office: BenchOffice, among: str) -> list[Figure]:
    from desk.rules.desks import Desk
    from desk.services.queues import queue_rows

    raw = _raw(
        office,
        "SELECT * FROM desk.cases WHERE office_id = :office AND officer_queue IS NOT NULL ORDER BY due_on LIMIT 1000",
        office=OFFICE,
    )
    with _reading(office) as session:
        ask = partial(queue_rows, session, [OFFICE], Desk.OFFICER, None)
        return [measured(f"queue read, {among}", ask, aim="< 5 ms", raw=raw)]


def _search(office: BenchOffice, among: str) -> list[Figure]:
    from desk.services.search import search

    figures = []
    for typed in TYPED:
        words = " & ".join(f"{OFFICE}.{word}:*" for word in typed.split())
        raw = _raw(
            office,
            "SELECT office_id, id, kind FROM desk.search_entry WHERE words @@ CAST(:words AS tsquery) "
            "ORDER BY at DESC LIMIT 12",
            words=words,
        )
        with _reading(office) as session:
            ask = partial(search, session, [OFFICE], typed, limit=12)
            figures.append(measured(f"Ctrl+K “{typed}”, {among}", ask, aim="< 100 ms", raw=raw))
    return figures


def _long_case(office: BenchOffice, among: str) -> list[Figure]:
    from desk.services.case_file import case_view

    raw = _raw(office, "SELECT * FROM desk.message WHERE office_id = :o AND case_id = :c", o=OFFICE, c=_LONG_CASE)
    with _reading(office) as session:
        ask = partial(case_view, session, OFFICE, _LONG_CASE)
        return [measured(f"case with {_MESSAGES} messages read, {among}", ask, aim="< 100 ms", raw=raw)]


def _picker(office: BenchOffice, among: str) -> list[Figure]:
    from desk.services.rule_book import catalogue

    raw = _raw(office, "SELECT * FROM desk.catalogue_item WHERE office_id IN (0, :office)", office=OFFICE)
    name = f"catalogue of {_PICKER_ITEMS:,} items read, {among}".replace(",", ".", 1)
    with _reading(office) as session:
        return [measured(name, partial(catalogue, session, OFFICE), raw=raw)]


def _mail(office: BenchOffice, among: str) -> list[Figure]:
    """A mail with a file of 9 MB: understood, and registered as a case with its file."""
    from desk.adapters.database import run_deed
    from desk.adapters.understanding import understand_mail
    from desk.deeds import perform
    from desk.rules.case import Channel, CustomerClass
    from desk.rules.inputs import Registration

    data = big_mail()
    read = measured("mail of 9 MB understood", lambda: understand_mail(data), runs=5, warm=1)
    seen = understand_mail(data)
    engine, actor = office.engine_of("ukur_petugas"), office.actor("ukur_petugas")
    asked = Registration(
        channel=Channel.EMAIL, name="Pengguna Surel", customer_class=CustomerClass.PERSON, messages=seen.messages
    )

    def register() -> None:
        key = uuid4()
        run_deed(
            engine,
            lambda session: perform(
                session, actor, "register_case", key, office_id=OFFICE, request_id=key, inputs=asked
            ),
            key=key,
        )

    def bare() -> None:
        with office.owner.begin() as connection:
            connection.execute(
                text("SELECT length(CAST(:bytes AS bytea)), encode(sha256(CAST(:bytes AS bytea)), 'hex')"),
                {"bytes": data[:_MAIL_BYTES]},
            ).all()
            connection.exec_driver_sql("CREATE TEMP TABLE IF NOT EXISTS ukur (no int, bytes bytea) ON COMMIT DROP")
            for no in range(36):
                piece = data[no * 262_144 : (no + 1) * 262_144]
                connection.execute(text("INSERT INTO ukur VALUES (:no, :bytes)"), {"no": no, "bytes": piece})

    raw = measured("", bare, runs=5, warm=1).median
    kept = measured(f"mail of 9 MB registered as a case, {among}", register, runs=5, warm=1, raw=raw)
    engine.dispose()
    return [read, kept]


def big_mail() -> bytes:
    """A mail with one attachment of 9 MB."""
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"] = "Pengguna Surel <pengguna@example.org>", "pst@example.org"
    mail["Subject"], mail["Message-ID"] = "Permohonan data Susenas", "<besar@example.org>"
    mail["Date"] = "Mon, 19 Oct 2026 09:00:00 +0700"
    mail.set_content("Mohon data Susenas Maret 2025 untuk skripsi.")
    noise = bytes(range(256)) * (_MAIL_BYTES // 256)
    mail.add_attachment(b"%PDF-1.4\n" + noise, maintype="application", subtype="pdf", filename="data.pdf")
    return mail.as_bytes()


def _windows(office: BenchOffice, among: str) -> list[Figure]:
    """The real window: until its queue stands there, a key until its hits, a long case until it is read, and stalls."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QLabel

    from desk.ui.app import make_application
    from desk.ui.entering import enter
    from desk.ui.main_window import MainWindow
    from desk.ui.theme import Choice, theme
    from desk.ui.workstation import Workstation

    app = QApplication.instance() or make_application([])
    assert isinstance(app, QApplication)
    theme.apply(app, Choice.LIGHT)
    entered = enter(office.url_of("ukur_petugas"))
    station = Workstation(entered.link, entered.actor, entered.offices, now=entered.now)
    loop = QEventLoop()

    def pause(milliseconds: int) -> None:
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(reached: Callable[[], bool]) -> float:
        """Turns until it is so; gives the milliseconds."""
        begun = time.perf_counter()
        while not reached():
            if (time.perf_counter() - begun) * 1000 > _PATIENCE_MS:
                raise TimeoutError("the window did not come so far")
            pause(1)
        return (time.perf_counter() - begun) * 1000

    gc.disable()  # as the program does: objects of the windows are not to end on a worker's thread
    window = MainWindow(station)
    window.resize(1366, 768)
    figures: list[Figure] = []
    with Stalls() as stalls:
        window.show()
        station.start()
        shown = until(lambda: bool(window.queue.list.table.rows))
        figures.append(Figure(f"window shown until its queue stands there, {among}", shown, shown, shown))
        refreshed = []
        stamp = window.queue.findChild(QLabel, "updated_at")
        assert isinstance(stamp, QLabel)
        for _ in range(10):
            stamp.setText("")
            window.queue.reload()
            refreshed.append(until(lambda: bool(stamp.text())))
        figures.append(of_times(f"queue read again and shown (F5), {among}", refreshed, aim="< 30 ms"))
        box, keys = window.search, []
        for typed in TYPED[:6]:
            box.begin()
            for sign in typed:
                QTest.keyClicks(box, sign)
                if len(box.text()) >= 2:
                    keys.append(until(lambda: not box.waiting))
            box.leave()
        figures.append(of_times(f"a key in Ctrl+K until its hits stand there, {among}", keys, aim="< 100 ms"))
        for row in range(min(40, window.queue.list.table.rowCount())):
            window.queue.list.setCurrentIndex(window.queue.list.table.index(row, 0))
            pause(90)
        opened = []
        for _ in range(10):
            window.case.clear()
            window.case.show_tab(1)
            station.case_wanted.emit(OFFICE, _LONG_CASE)
            opened.append(until(lambda: window.case.facts is not None and window.case.facts.id == _LONG_CASE))
            pause(30)  # painted
            window.case.back_wanted.emit()
        figures.append(
            of_times(f"case with {_MESSAGES} messages opened on its conversation, {among}", opened, aim="< 100 ms")
        )
        QTest.keyClick(window, Qt.Key.Key_F5)
        pause(200)
    long = stalls.longer_than()
    figures.append(
        Figure(
            f"longest work of the window's thread at one go, {among}", stalls.longest.milliseconds, 0.0,
            stalls.longest.milliseconds, runs=len(stalls.pieces), aim=f"< {LONG_MS:.0f} ms", note=stalls.longest.where,
        )
    )  # fmt: skip
    for at, stall in enumerate(long[1:8], 2):
        figures.append(
            Figure(f"  number {at} of {len(long)} over {LONG_MS:.0f} ms", stall.milliseconds, 0, 0, note=stall.where)
        )
    window.close()
    station.close()
    gc.enable()
    return figures
