"""The window: desks at the left, a list in the middle, the case at the right, and one line that says what was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from desk.rules.desks import Desk
from desk.ui import message, theme
from desk.ui.action_bar import Steps
from desk.ui.afterwards import after_opening
from desk.ui.case_view import PANEL_WIDTH, TABS, CaseView
from desk.ui.commands import Commands
from desk.ui.desk_list import PEOPLE, DeskList, Spot
from desk.ui.holding import Holding
from desk.ui.intake import Intake
from desk.ui.line_bar import LineBar
from desk.ui.list_filter import KEYS as FILTER_KEYS
from desk.ui.looking import Looking
from desk.ui.mail_desk import MailDesk
from desk.ui.morning_notice import MorningNotice
from desk.ui.palette import Command, SearchBox, TypeAnywhere
from desk.ui.password import OwnPassword
from desk.ui.places import PlacePage, begin_places, connect_case, first_spot, page_at, spots_of
from desk.ui.post import Post
from desk.ui.queue import EXPORT_KEYS, QueueView
from desk.ui.rereading import Rereading
from desk.ui.said_line import SaidLine
from desk.ui.saved_views import SavedViews
from desk.ui.top_bar import TopBar

if TYPE_CHECKING:
    from uuid import UUID

    from desk.rules.deed import Done
    from desk.services.queues import QueueCount, QueueRow
    from desk.ui.background import Trouble
    from desk.ui.people import PeoplePage
    from desk.ui.workstation import Workstation

PANEL_FROM = 1040
"""From this window width (px) the case stands beside the list; below, Enter opens it instead."""
DESKS_FROM = 760
"""From this width the desks stand at the left; below, they are one button."""
NEW_CASE_KEYS = "Ctrl+N"


class MainWindow(QMainWindow):
    """One person's desk."""

    def __init__(self, workstation: Workstation) -> None:
        super().__init__()
        self._workstation = workstation
        self._wide = False
        self._narrow = False
        self._counting = Rereading(self._count)
        self._spot: Spot | None = None
        self._steps = Steps(workstation)
        self.places: dict[Spot, PlacePage] = {}  # no lists of cases; each is made when somebody goes there
        self.top = TopBar(workstation)
        self.desks = DeskList()
        self.queue = QueueView(workstation)
        self.case = CaseView(workstation)
        self.intake = Intake(workstation, self, lambda: self.case.facts, lambda at: self.queue.case_under(at, self))
        self._page = QWidget()
        self._page.setObjectName("page")
        self.post = Post(workstation, self)
        export = Command("export_list", "Simpan daftar ke Excel", "Daftar yang sedang tampil", self.queue.save_as)
        keep = Command("keep_view", "Simpan tampilan daftar", "Saringan, urutan, kolom", lambda: self.views.keep_new())
        many = Command("many", "Tindakan untuk baris yang dipilih", "Spasi memilih baris", self.queue.begin_many)
        commands = Commands(
            workstation,
            self.case,
            self.desks,
            (many, keep, export),
            self._new_case,
            lambda said: self._bottom.say(said),
        )
        self.search = SearchBox(workstation, commands, self._page)
        self.top.lay_out(self.search)
        self._line = LineBar()
        self._bottom = SaidLine(workstation.warning)
        self.password = OwnPassword(self, workstation, self._bottom.say)
        self._lay_out()
        self._connect()
        self._make_keys()
        self.setMinimumSize(640, 380)
        self.resize(1366, 768)
        self._anywhere = TypeAnywhere(self.search)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self._anywhere)
        self.holding = Holding(self, workstation, self.queue, self.case, self._anywhere.idle_seconds)
        self.holding.taken.connect(self._on_taken)
        self.looking = Looking(self, workstation, self.queue, self.case)
        self.mail_desk = MailDesk(workstation, self.queue, self._anywhere, self.search)
        self.mail_desk.performed.connect(lambda done: self._bottom.say(done.sentence))
        self.mail_desk.case_wanted.connect(self._on_scanned_case)
        self.views = SavedViews(self, workstation, self.queue, self.desks, self._bottom.say)
        self._show_desks()
        self.morning = MorningNotice(self, workstation, self._bottom, self.desks)
        begin_places(workstation)
        self.duties = after_opening(self, workstation, self.queue, self.views, self._bottom.say)

    # What the window is made of

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(16, 10, 16, 6)
        self._column.setSpacing(8)
        self._work = QHBoxLayout()
        self._work.setSpacing(theme.GAP_WIDE)
        self._work.addWidget(self.desks)
        self._work.addWidget(self.queue, 1)
        self._work.addWidget(self.case)
        self._column.addWidget(self.top)
        self._column.addWidget(self._line)
        self._column.addLayout(self._work, 1)
        self._column.addWidget(self._bottom)
        self.setCentralWidget(self._page)

    def _connect(self) -> None:
        station = self._workstation
        self.desks.chosen.connect(self._on_place)
        self.queue.case_selected.connect(self._on_selected)
        self.queue.case_opened.connect(self._on_opened)
        self.queue.exporting.said.connect(self._bottom.say)
        self.case.performed.connect(lambda done: self._bottom.say(done.sentence))
        self.intake.performed.connect(self._on_registered)
        self.case.wide_wanted.connect(lambda: self._set_wide(True))
        self.case.other_wanted.connect(self._open_wide)
        self.case.back_wanted.connect(lambda: self._set_wide(False))
        self.search.hit_chosen.connect(lambda hit: self._open_wide(hit.office_id, hit.case_id))
        self.search.left.connect(self._focus_work)
        self.top.keys_wanted.connect(self._show_keys)
        self.top.new_case_wanted.connect(self._new_case)
        self.top.quit_wanted.connect(self.close)
        self.top.password_wanted.connect(lambda: self.password.ask())
        station.live.changed.connect(self._read)
        station.live.connected.connect(self._on_connected)
        station.live.disconnected.connect(self._on_disconnected)
        station.background.waiting.connect(self._line.show_slow)
        station.case_wanted.connect(self._open_wide)
        station.offices_chosen.connect(self._show_desks)
        station.papers_made.connect(lambda *_made: station.live.read_again())
        station.papers_failed.connect(self._bottom.say)
        self._soon_case = QTimer(self, singleShot=True, interval=60)  # arrow keys held down read one case, not forty
        self._soon_case.timeout.connect(self._show_selected)

    def _make_keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+K", self.search.begin),
            ("Ctrl+V", self.intake.paste),  # fields keep their own paste
            ("F5", self._read_afresh),
            (EXPORT_KEYS, self.queue.save_as),
            (FILTER_KEYS, self.queue.filter.toggle),
            ("F6", self._next_area),
            ("F1", self._show_keys),
            ("Esc", self._on_escape),
            (NEW_CASE_KEYS, self._new_case),
        )
        for name, call in keys:
            QShortcut(QKeySequence(name), self).activated.connect(call)
        for index in range(len(TABS)):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{index + 1}"), self)
            shortcut.activated.connect(lambda at=index: self.case.show_tab(at))
        self.top.new_case.setToolTip(f"Daftarkan permohonan baru ({NEW_CASE_KEYS})")

    def _name_window(self) -> None:
        offices = self._workstation.offices
        shown = [office for office in offices if office.id in self._workstation.office_ids]
        where = shown[0].name if len(shown) == 1 else f"{len(shown)} kantor"
        training = " · LATIHAN" if self._workstation.training else ""
        self.setWindowTitle(f"Meja PST · {where}{training}")

    # Where the person is

    def _show_desks(self) -> None:
        self._name_window()
        station = self._workstation
        self.top.new_case.setVisible(station.may_register())
        self.desks.show_desks(station.desks(), spots_of(station))
        spots = self.desks.spots
        self.desks.choose(self._spot if self._spot in spots else first_spot(station) or spots[0])

    def _on_place(self, spot: Spot) -> None:
        self._spot = spot
        self.mail_desk.show_at(spot.desk is Desk.MAIL)
        self._set_wide(False)
        self.case.clear()
        if spot.page:
            self._show_place(spot)
        else:
            self.views.show(spot)
            self._counting.read()
            self._focus_work()

    def _on_scanned_case(self, office_id: int, case_id: UUID) -> None:
        if not self.queue.select_case(case_id):
            self.queue.clear_selection()
        self._soon_case.stop()
        self.case.open_case(office_id, case_id)

    def _show_place(self, spot: Spot) -> None:
        if spot not in self.places:
            page = page_at(spot, self._workstation)
            page.said.connect(self._bottom.say)
            connect_case(page, self.case.open_case, partial(self._set_wide, True))
            self.places[spot] = page
            self._work.insertWidget(self._work.indexOf(self.queue), cast("QWidget", page), 1)
        self._arrange()
        self.places[spot].read()
        self.places[spot].take_focus()

    @property
    def people(self) -> PeoplePage | None:
        """The people of the offices, once somebody has gone there."""
        return cast("PeoplePage | None", self.places.get(PEOPLE))

    @property
    def _place(self) -> PlacePage | None:
        """The page on show instead of a list of cases."""
        return None if self._wide or self._spot is None else self.places.get(self._spot)

    def _on_selected(self, row: QueueRow | None) -> None:
        if self.case.isVisible() or row is None:
            self._soon_case.start()

    def _show_selected(self) -> None:
        if not self._wide:
            row = self.queue.current_row()
            self.case.clear() if row is None else self.case.show_row(row)

    def _on_opened(self, row: QueueRow) -> None:
        self._soon_case.stop()
        self.case.show_row(row)
        self._set_wide(True)

    def _open_wide(self, office_id: int, case_id: UUID) -> None:
        self.queue.select_case(case_id)
        self._soon_case.stop()
        self.case.open_case(office_id, case_id)
        self._set_wide(True)

    def _set_wide(self, wide: bool) -> None:
        self._wide = wide
        self._arrange()
        if wide:
            self.case.focus_steps()
        else:
            self.queue.list.setFocus()
            row = self.queue.current_row()
            if row is not None and row.id != self.case.case_id:
                self._show_selected()

    def _on_escape(self) -> None:
        if self._wide:
            self._set_wide(False)
        elif not self.queue.list.choose_one():
            self._focus_work()

    def _focus_work(self) -> None:
        if self._wide:
            self.case.focus_steps()
        elif not self.mail_desk.take_focus():
            self.queue.list.setFocus()

    def _next_area(self) -> None:
        """F6: the list, the steps of the case, the desks, and around."""
        now = QApplication.focusWidget()
        if now is not None and self.queue.isAncestorOf(now) and self.case.isVisible():
            self.case.focus_steps()
        elif now is not None and self.case.isAncestorOf(now) and self.desks.isVisible():
            self.desks.focus_current()
        else:
            self._focus_work()

    def _arrange(self) -> None:
        """Fit the three parts to the width: at 200 % scaling the case opens over the list."""
        width = self.width()
        narrow = width < DESKS_FROM
        self.top.set_narrow(width < PANEL_FROM)
        self.desks.set_narrow(narrow)
        if narrow is not self._narrow:
            self._narrow = narrow
            if narrow:
                self._column.insertWidget(1, self.desks)
            else:
                self._work.insertWidget(0, self.desks)
        self.desks.setVisible(not self._wide or not narrow)
        place = self._place
        self.queue.setVisible(not self._wide and place is None)
        self.case.setVisible(self._wide or (width >= PANEL_FROM and place is None))
        for page in self.places.values():
            cast("QWidget", page).setVisible(page is place)
        self._work.setStretchFactor(self.case, int(self._wide))
        if self._wide:
            self.case.setMinimumWidth(0)
            self.case.setMaximumWidth(16_777_215)
        else:
            self.case.setFixedWidth(PANEL_WIDTH)
        self.case.set_wide(self._wide)

    # Reading

    def _read(self) -> None:
        """Something changed somewhere: read what is on the screen, without moving anything."""
        self._counting.read()
        self.queue.read()
        if self._place is not None:
            self._place.read()
        if self.case.isVisible():
            self.case.read()
        self.top.show_connected() if self._workstation.live.lost_at is None else self.top.show_away()

    def _read_afresh(self) -> None:
        self.queue.reload()
        self.views.read()
        self._counting.read()
        self.case.read()

    def _count(self, ended: Callable[[], None]) -> None:
        def show(counts: list[QueueCount]) -> None:
            self.desks.show_counts(counts)
            ended()

        self._workstation.counts(self, show, lambda _trouble: ended())

    def _on_connected(self) -> None:
        self.top.show_connected()
        self._line.show_connected()
        self.case.set_offline("")
        self.top.new_case.setEnabled(True)

    def _on_disconnected(self, since: datetime) -> None:
        at = self._workstation.clock_text(since)
        self.top.show_away()
        self._line.show_away(at)
        reason = f"Tindakan mati karena server tidak terhubung sejak {at}. Program menyambung lagi sendiri."
        self.case.set_offline(reason)
        self.top.new_case.setEnabled(False)
        self.top.new_case.setToolTip(reason)

    # Doing

    def _new_case(self) -> None:
        action = self._workstation.new_case_action()
        if action is None or not self.top.new_case.isEnabled():
            return
        self._steps.begin(self, action, None, lambda: None, self._on_registered, self._on_trouble)

    def _on_registered(self, done: Done) -> None:
        self._bottom.say(done.sentence)
        self.queue.clear_selection()  # the new case is on show, not the one that was selected
        self._soon_case.stop()
        self.case.open_case(done.office_id, done.case_id)

    def _on_taken(self, done: Done) -> None:
        self._bottom.say(done.sentence)
        self._open_wide(done.office_id, done.case_id)

    def _on_trouble(self, trouble: Trouble) -> None:
        message.show_trouble(self, trouble)

    def _show_keys(self) -> None:
        from desk.ui.keys import KeySheet

        steps = [(action.shortcut, action.label) for action in self.case.actions_bar.possible if action.shortcut]
        sheet = KeySheet(self, steps)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.show()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow() and hasattr(self, "_anywhere"):
            self._workstation.live.read_again()

    def closeEvent(self, event: QCloseEvent) -> None:
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self._anywhere)
        self.mail_desk.show_at(False)
        event.accept()
