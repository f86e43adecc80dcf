"""The order of the tour: both offices day by day, from the first message to the closed case."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from desk.tour.film import SIZE, Film
from desk.tour.kota_jambi import KotaJambi
from desk.tour.pace import Pace, TourStopped
from desk.tour.record import Played, collect
from desk.tour.stage import Stage, stage
from desk.tour.sumatera_selatan import SumateraSelatan
from desk.tour.treasury import Treasury
from desk.ui.app import make_application
from desk.ui.theme import Choice, theme

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication


@contextlib.contextmanager
def application(folder: Path) -> Iterator[list[str]]:
    """The application in its light look on a screen of 1366 × 768, and the warnings that Qt gave meanwhile."""
    warnings: list[str] = []

    def note(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and not text.startswith("This plugin does not support"):
            warnings.append(text)

    app: QCoreApplication | None = QApplication.instance()
    if app is None:
        app = _on_its_own_screen(folder)
    assert isinstance(app, QApplication)
    before = qInstallMessageHandler(note)
    app.setQuitOnLastWindowClosed(False)
    theme.apply(app, Choice.LIGHT)
    try:
        yield warnings
    finally:
        qInstallMessageHandler(before)


def _on_its_own_screen(folder: Path) -> QApplication:
    """An application; off the screen, its screen has the size of the pictures, whatever stands on the desk."""
    if os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        return make_application(["Meja PST"])
    screen = {"name": "tur", "x": 0, "y": 0, "width": SIZE.width(), "height": SIZE.height(), "logicalDpi": 96}
    (folder / "layar.json").write_text(json.dumps({"screens": [screen | {"logicalBaseDpi": 96, "dpr": 1}]}), "utf-8")
    with contextlib.chdir(folder):  # a drive letter's colon would end the name
        return make_application(["Meja PST", "-platform", "offscreen:configfile=layar.json"])


def play_all(folder: Path, film: Film, pace: Pace, out: Path, *, short: bool = False) -> Played:
    """Plays both standards and gives what came of them; TourStopped after pictures of the windows as they stood."""
    with stage(folder, film, pace) as office:
        try:
            _play_days(office, short=short)
            return collect(office, out)
        except TourStopped:
            for window in office.windows():
                film.take_failure(window)
            raise


def _play_days(office: Stage, *, short: bool) -> None:
    palembang, jambi = SumateraSelatan(office), KotaJambi(office)
    palembang.requests_come_in()
    palembang.invoice_goes_out()
    palembang.request_is_redirected()
    office.morning(date(2026, 10, 6))
    palembang.data_is_prepared_and_checked()
    palembang.proof_comes_in()
    if short:
        return
    office.morning(date(2026, 10, 8))
    palembang.original_is_refused()
    palembang.money_is_confirmed()
    treasury = Treasury(office)
    treasury.account_is_read(palembang.case)
    treasury.day_is_closed()
    office.morning(date(2026, 10, 9))
    jambi.request_comes_in_by_whatsapp()
    jambi.invoice_goes_out()
    jambi.free_request_is_decided()
    office.morning(date(2026, 10, 12))
    palembang.day_is_laid_out()
    palembang.original_is_accepted()
    palembang.data_goes_out()
    jambi.free_data_goes_out()
    office.morning(date(2026, 10, 14))
    palembang.data_is_corrected()
    palembang.customer_is_content()
    office.lend_duty("doni_fiktif", "1571", *jambi.LENT)
    office.morning(date(2026, 11, 10))
    jambi.invoice_expires_and_is_renewed()
    jambi.money_is_confirmed()
    office.morning(date(2026, 11, 12))
    jambi.data_goes_out()
    jambi.case_is_closed()
    palembang.month_is_looked_at()
