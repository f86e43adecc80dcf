"""Views of lists in the window: read when it opens, chosen at the left or in Ctrl+K, kept, renamed and removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QMenu, QWidget

from desk.rules.people import Duty
from desk.ui import message
from desk.ui.desk_list import Spot
from desk.ui.rereading import Rereading

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.rules.views import ViewSettings
    from desk.services.views import SavedView
    from desk.ui.desk_list import DeskList
    from desk.ui.people_forms import Answers, PeopleForm
    from desk.ui.queue import QueueView
    from desk.ui.workstation import Workstation


class SavedViews(QObject):
    """The views of this person; the left list and the search box show them as places."""

    def __init__(
        self,
        window: QWidget,
        workstation: Workstation,
        queue: QueueView,
        desks: DeskList,
        say: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window, self._workstation, self._queue, self._desks, self._say = window, workstation, queue, desks, say
        self.views: tuple[SavedView, ...] = ()
        self.current: SavedView | None = None
        self.form: PeopleForm | None = None
        self._reading = Rereading(self._ask)
        queue.filter.keep.clicked.connect(self._offer)
        workstation.offices_chosen.connect(self.read)

    def show(self, spot: Spot) -> None:
        """Show the list of a place at the left: a queue, the archive, or a view."""
        self.current = next((view for view in self.views if spot.view is not None and view.id == spot.view), None)
        if self.current is not None:
            self._queue.show_view(self.current.settings, self.current.name)
        elif spot.desk is None:
            self._queue.show_archive()
        else:
            self._queue.show_queue(spot.desk, spot.queue, spot.title)

    def read(self) -> None:
        """Read the views and show them at the left; nothing else moves."""
        self._reading.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        offices = self._workstation.office_ids

        def ask(session: Session) -> tuple[SavedView, ...]:
            from desk.services.views import saved_views

            return saved_views(session, offices)

        def take(found: tuple[SavedView, ...]) -> None:
            if found != self.views:
                self.views = found
                self._desks.show_views(tuple(_spot(view) for view in found))
            ended()

        self._workstation.read(self, ask, take, lambda _trouble: ended())

    # Keeping

    def _offer(self) -> None:
        """What can be done with the list on show: keep it anew, or change the view it came from."""
        menu = QMenu(self._queue.filter.keep)
        self.offer(menu)
        if len(menu.actions()) == 1:
            self.keep_new()
            return
        menu.popup(self._queue.filter.keep.mapToGlobal(self._queue.filter.keep.rect().bottomLeft()))

    def offer(self, menu: QMenu) -> None:
        """Fill the menu."""
        menu.addAction("Simpan tampilan baru …").triggered.connect(self.keep_new)
        view = self.current
        if view is None or not view.own:
            return
        menu.addAction(f"Perbarui “{view.name}”").triggered.connect(self.update_current)
        menu.addAction(f"Ganti nama “{view.name}” …").triggered.connect(self.rename_current)
        menu.addAction(f"Hapus “{view.name}”").triggered.connect(self.drop_current)

    def keep_new(self) -> None:
        """Ask for a name and keep the list as it is on show."""
        settings = self._queue.settings()
        if settings is not None:
            self._ask_name("Simpan tampilan", "", settings, uuid4(), self._workstation.office_ids[0], shared=False)

    def rename_current(self) -> None:
        """Ask for another name of the view on show; a supervisor shares it here, or takes it back."""
        if (view := self.current) is not None and view.own:
            self._ask_name("Ganti nama", view.name, view.settings, view.id, view.office_id, shared=view.shared)

    def update_current(self) -> None:
        """Keep the list as it is on show under the name of the view it came from."""
        view, settings = self.current, self._queue.settings()
        if view is not None and view.own and settings is not None:
            said = f"Tampilan “{view.name}” diperbarui."
            self._keep(view.office_id, view.id, view.name, settings, shared=view.shared, done=partial(self._say, said))

    def drop_current(self) -> None:
        """Forget the view on show; cases are not touched."""
        view = self.current
        if view is None or not view.own:
            return
        whose = " Rekan sekantor juga tidak melihatnya lagi." if view.shared else ""
        what = f"Tampilan “{view.name}” hilang dari daftar di kiri; permohonannya tetap.{whose}"
        if not message.confirm(self._window, "Hapus tampilan", what, "Hapus"):
            return

        def work() -> None:
            from desk.services.views import drop_view

            with self._workstation.link.transaction() as session:
                drop_view(session, view.office_id, view.id)

        def done(_none: None) -> None:
            self._say(f"Tampilan “{view.name}” dihapus.")
            self.current = None
            self.read()

        self._workstation.background.run_work(self, work, done)

    def _ask_name(
        self, title: str, name: str, settings: ViewSettings, view_id: UUID, office_id: int, *, shared: bool
    ) -> None:
        from desk.rules.inputs import Question
        from desk.ui.forms.plain_fields import TextField
        from desk.ui.people_forms import PeopleForm

        about = "Saringan, urutan, dan kolom daftar ini; ada di kiri dan di Ctrl+K, juga di komputer lain."
        form = PeopleForm(self._window, "saved_view", title, about, "Simpan")
        field = TextField(Question("name", "Nama", "text", "", required=True, choices=()))
        field.set_value(name)
        form.add(field)
        share = QCheckBox("Bagikan kepada semua di kantor ini", form)
        share.setObjectName("saved_view.share")
        share.setChecked(shared)
        may_share = Duty.SUPERVISOR in self._workstation.actor.duties_in(office_id)
        share.setVisible(may_share)
        if may_share:
            form.add_part(share)

        def send(answers: Answers, _form: PeopleForm) -> None:
            words = " ".join(str(answers["name"]).split())

            def done() -> None:
                form.accept()
                self._say(f"Tampilan “{words}” disimpan.")

            self._keep(
                office_id, view_id, words, settings, shared=may_share and share.isChecked(), done=done, form=form
            )

        form.on_send = send
        self.form = form
        form.open()
        field.setFocus()

    def _keep(
        self,
        office_id: int,
        view_id: UUID,
        name: str,
        settings: ViewSettings,
        *,
        shared: bool,
        done: Callable[[], object],
        form: PeopleForm | None = None,
    ) -> None:
        def work() -> None:
            from desk.services.views import keep_view

            with self._workstation.link.transaction() as session:
                keep_view(session, office_id, view_id, name, settings, shared=shared)

        def kept(_none: None) -> None:
            done()
            self.read()

        self._workstation.background.run_work(self, work, kept, form.refused if form is not None else None)


def _spot(view: SavedView) -> Spot:
    title = view.name if view.own else f"{view.name} · kantor"
    return Spot(view.settings.desk, view.settings.queue, title, view=view.id)
