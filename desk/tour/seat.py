"""One person at one workstation: looks, presses the button of an action, fills in its form, reads what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QTextBrowser

from desk.actions import ACTIONS
from desk.rules.case import CaseFacts
from desk.rules.codes import PaperCode, encode
from desk.rules.papers import PaperKind
from desk.tour.form_hand import FormHand
from desk.tour.hands import child
from desk.tour.pace import TourStopped
from desk.ui.case_view import FILES_TAB, TABS, TrackLine
from desk.ui.forms import FormDialog
from desk.ui.message import Message
from desk.ui.paper_preview import PaperPreview
from desk.ui.row_button import RowButton

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk.rules.deed import Done
    from desk.tour.stage import Stage, TourCase
    from desk.ui.app import Desk
    from desk.ui.main_window import MainWindow
    from desk.ui.workstation import Workstation

Fill = Callable[[FormHand], object]


class Seat:
    """A person's window; every method is something that person does or sees."""

    def __init__(self, stage: Stage, desk: Desk) -> None:
        self._stage = stage
        self._pace, self._hands = stage.pace, stage.hands
        self._desk = desk
        assert desk.window is not None
        assert desk.workstation is not None
        self.window: MainWindow = desk.window
        self.station: Workstation = desk.workstation
        self._case: TourCase | None = None
        self._done: list[Done] = []
        self._papers: list[UUID] = []
        self.station.deed_done.connect(self._done.append)
        self.station.papers_made.connect(lambda case_id, _ids: self._papers.append(case_id))
        self.station.papers_failed.connect(self._on_papers_failed)
        self._papers_trouble = ""

    # Looking

    def go_to(self, place: str) -> Seat:
        """Goes to a queue at the left: `officer.review`, `treasurer.all`, `archive`."""
        self._hands.press(child(self.window, RowButton, f"place.{place}"))
        queue = self.window.queue
        self._pace.until(lambda: not any(_reading(label) for label in queue.findChildren(QLabel)), f"daftar {place}")
        return self

    def open(self, case: TourCase, *, wide: bool = False) -> Seat:
        """Opens a case from the list when it stands there, else through the search box."""
        self._case = case
        self._leave_wide()
        view = self.window.queue.list
        self._settle()
        if not self._in_list(case):
            waiting = child(self.window, QPushButton, "waiting")
            if waiting.isVisible():
                self._hands.press(waiting)
        if self._in_list(case):
            self._hands.click_row(view, view.table.row_of(case.id))
            self._await_case()
            if wide:
                self._pace.act(lambda: self.window.queue.case_opened.emit(view.current_row()))
        else:
            self._search(case)
        self._await_case()
        return self

    def tab(self, title: str) -> Seat:
        """Turns to one of the four pages of the case."""
        self._pace.act(lambda: self.window.case.show_tab(TABS.index(title)))
        return self

    @property
    def case(self) -> CaseFacts:
        """The case on the screen."""
        facts = self.window.case.facts
        assert facts is not None
        return facts

    def sees_tracks(self, *words: str) -> Seat:
        """Checks the words of Uang, Naskah and Data as they stand on the screen; an empty one is passed over."""
        shown = [line.accessibleName() for line in self.window.case.findChildren(TrackLine)]
        for name, wanted in zip(("Uang", "Naskah", "Data"), words, strict=True):
            if wanted and f"{name}: {wanted}" not in shown:
                raise TourStopped(f"{name} seharusnya “{wanted}”; di layar: {'; '.join(shown)}.")
        return self

    def sees_due(self, words: str) -> Seat:
        """Checks the sentence about the due day."""
        due = child(self.window.case, QLabel, "due")
        if not due.isVisible() or words not in due.text():
            raise TourStopped(f"Jatuh tempo seharusnya memuat “{words}”; di layar: “{due.text()}”.")
        return self

    def sees_refusal(self, action_id: str, words: str) -> Seat:
        """Checks the reason that stands below the steps of a case, opening the further steps where it is hidden."""
        label = ACTIONS[action_id].label
        for _ in range(2):
            notes = [note.text() for note in self.window.case.actions_bar.findChildren(QLabel) if note.isVisible()]
            if any(label in note and words in note for note in notes):
                self._stage.refusals.append((action_id, words))
                return self
            self._open_further_steps()
        raise TourStopped(f"“{label}” seharusnya ditolak dengan “{words}”; di layar: {'; '.join(notes)}.")

    def sees_story(self, words: str) -> Seat:
        """Checks that a sentence stands in the story of the case."""
        self.tab("Riwayat")
        page = child(self.window.case, QTextBrowser, "Riwayat")
        self._pace.until(lambda: words in " ".join(page.toPlainText().split()), f"riwayat “{words}”")
        return self

    def shot(self, title: str, step: int = 0, *, dark: bool = False) -> Seat:
        """Takes a picture of the window; `step` is the step of the office's standard that it shows."""
        office = self._stage.office_of(self.station.office_ids[0])
        if QApplication.activeModalWidget() is None:
            self._pace.settle()
        self._pace.aside(lambda: self._stage.film.take(self.window, title, office=office, step=step, dark=dark))
        return self

    # Doing

    def do(self, action_id: str, fill: Fill | None = None, *, shot: str = "", step: int = 0) -> str:
        """Does one action from the click to the sentence below; `shot` takes a picture of form or question."""
        action = ACTIONS[action_id]
        if action.asks is None:
            with self._recorded(action_id) as said, self._agreeing(action_id, shot, step):
                self._hands.press(self._button(action_id))
            return said[0]
        form = self.begin(action_id)
        if fill is not None:
            fill(form)
        if shot:
            self.shot(shot, step)
        return self.finish(form)

    def begin(self, action_id: str) -> FormHand:
        """Presses the button of an action and waits for its form."""
        self._stage.tick()
        self._hands.press(self._button(action_id))
        return self.form(action_id)

    def form(self, action_id: str) -> FormHand:
        """The form that is open, ready to be filled in."""
        name = f"form.{action_id}"

        def open_forms() -> list[FormDialog]:
            return [each for each in self.window.findChildren(FormDialog, name) if each.isVisible() and each.fields]

        self._pace.until(open_forms, f"isian “{ACTIONS[action_id].label}”")
        [dialog] = open_forms()
        self._pace.until(
            lambda: dialog.send.isEnabled() and any(field.isVisible() for field in dialog.fields.values()), "isian siap"
        )
        return FormHand(self._pace, self._hands, dialog)

    def scan_letter(self, case: TourCase, *, shot: str = "", step: int = 0) -> FormHand:
        """Scans the code of the first copy at the mail table; the copy is received and its five ticks are asked."""
        self._case = case
        self._stage.tick()
        assert self.window.mail_desk.table is not None
        now = self._pace.aside(lambda: self._stage.facts(case.office_id, case.id))
        assert now.agreement is not None
        code = PaperCode(
            PaperKind.SPPD, now.office_code, now.agreement.year, now.agreement.sequence, 1, now.agreement.copies
        )
        box = self.window.mail_desk.table.box
        with self._recorded("receive_original"):
            self._hands.type(box, encode(code))
            self._hands.key(box, Qt.Key.Key_Return)
        form = self.form("accept_original")
        if shot:
            self.shot(shot, step)
        return form

    def finish(self, form: FormHand) -> str:
        """Sends the form and waits until the deed is recorded and shown."""
        action_id = form.dialog.action.id
        with self._recorded(action_id) as said, self._agreeing(action_id, "", 0):
            form.send()
        return said[0]

    def give_up(self, form: FormHand) -> None:
        """Closes a form without sending it and throws away what was written."""
        self._hands.press(form.dialog.cancel)
        self._hands.press(form.dialog.throw)

    def drop_mail(self, path: Path) -> Seat:
        """Drops a mail or an exported conversation onto the window and waits for what was understood of it."""
        self._hands.drop(self.window, [path])
        self._pace.until(lambda: self._intake() is not None, f"isi {path.name}")
        return self

    def take_as_new(self) -> FormHand:
        """Goes on from the intake dialog to the registration of a new case."""
        dialog = self._intake()
        assert dialog is not None
        self._stage.tick()
        self._hands.press(child(dialog, QPushButton, "intake.go"))
        return self.form("register_case")

    def register(self, form: FormHand, path_name: str) -> TourCase:
        """Sends the registration and gives the new case, which now stands on the screen."""
        self._case = None
        self.finish(form)
        facts = self.case
        self._case = self._stage.keep(facts, path_name)
        self._show_new_row()
        return self._case

    def read_paper(self, kind: PaperKind, *, title: str = "", step: int = 0) -> PaperPreview:
        """Opens the newest sheet of this kind beside the list of files; takes a picture when a title is given."""
        return self._read_file(lambda file: file.paper is kind, kind.label, title, step)

    def read_file(self, name: str, *, title: str = "", step: int = 0) -> PaperPreview:
        """Opens a file of the case by its name."""
        return self._read_file(lambda file: file.name == name, name, title, step)

    def print_paper(self, preview: PaperPreview, printer: str, *, title: str = "") -> Path:
        """Prints what is shown and gives the PDF that came out of the training's printer."""
        from desk.ui.forms.plain_fields import Drop
        from desk.ui.printing import PrintDialog, pdf_printers

        self._stage.tick()
        before = set(pdf_printers[printer].glob("*.pdf"))
        self._hands.press(preview.printing)
        self._pace.until(lambda: preview.findChildren(PrintDialog), "kotak cetak")
        dialog = preview.findChildren(PrintDialog)[0]
        self._hands.pick(child(dialog, Drop, "Pencetak"), printer)
        if title:
            self.shot(title)
        self._hands.press(dialog.go)

        def printed() -> set[Path]:
            return set(pdf_printers[printer].glob("*.pdf")) - before

        self._pace.until(lambda: printed() or preview.told.text().startswith("Mencetak"), "cetakan mulai")
        self._pace.until(lambda: printed() and preview.told.text().startswith("Sudah dikirim"), "cetakan selesai")
        return printed().pop()

    def show_card(self, preview: PaperPreview, reason: str) -> None:
        """Writes why an identity card must be seen, and looks at it."""
        self._hands.type(preview.reason, reason)
        self._hands.key(preview.reason, Qt.Key.Key_Return)
        self._pace.until(lambda: not preview.asking.isVisible(), "kartu identitas")
        self._await_sheet(preview, "kartu identitas")

    def leave(self) -> None:
        """Closes the window and ends the program of this person."""
        self._pace.act(self.window.close)
        self._desk.close()
        self.window.deleteLater()

    # Inside

    @contextmanager
    def _recorded(self, action_id: str) -> Iterator[list[str]]:
        """Waits until the deed inside is recorded, said below, shown on the case, and its papers are made."""
        self._done.clear()
        self._papers.clear()
        said: list[str] = []
        yield said
        action = ACTIONS[action_id]
        self._pace.until(lambda: bool(self._done), f"“{action.label}” tercatat")
        done = self._done[-1]
        self._pace.until(
            lambda: done.sentence in child(self.window, QLabel, "said").text(), f"kalimat “{done.sentence}”"
        )
        if action.prints:
            self._pace.until(lambda: done.case_id in self._papers or self._papers_trouble, "naskah dibuat")
            if self._papers_trouble:
                raise TourStopped(self._papers_trouble)
        self._stage.note(action_id, done)
        said.append(done.sentence)
        self._await_shown(done.office_id, done.case_id)

    @contextmanager
    def _agreeing(self, action_id: str, shot: str, step: int) -> Iterator[None]:
        """Agrees to the question that an action asks before what cannot be undone."""
        self._stage.tick()
        if not ACTIONS[action_id].confirm:
            yield
            return

        def agree(question: Message) -> None:
            if shot:
                self.shot(shot, step)
            question.buttons[-1].click()

        self._pace.answer_with(agree)
        yield
        self._pace.answer_with(None)

    def _button(self, action_id: str) -> QPushButton:
        if action_id == "register_case":
            return self.window.top.new_case
        name = f"action.{action_id}"
        found = self.window.case.actions_bar.findChild(RowButton, name)
        if found is None:
            raise TourStopped(f"Langkah “{ACTIONS[action_id].label}” tidak ada di layar.")
        if not found.isVisible():
            self._open_further_steps()
            found = child(self.window.case.actions_bar, RowButton, name)
        return found

    def _open_further_steps(self) -> None:
        toggle = self.window.case.actions_bar.findChild(RowButton, "more_steps")
        if toggle is not None and toggle.text() != "Ringkas":
            self._hands.press(toggle)

    def _in_list(self, case: TourCase) -> bool:
        view = self.window.queue.list
        return view.isVisible() and view.table.row_of(case.id) >= 0

    def _search(self, case: TourCase) -> None:
        box = self.window.search
        self._pace.act(box.begin)
        self._hands.type(box, case.number)
        self._pace.until(lambda: any(case.number in line.title + line.detail for line in box.list.table.rows), "hasil")
        self._hands.key(box, Qt.Key.Key_Return)

    def _leave_wide(self) -> None:
        back = child(self.window.case, QPushButton, "back")
        if back.isVisible():
            self._hands.press(back)

    def _show_new_row(self) -> None:
        waiting = child(self.window, QPushButton, "waiting")
        if waiting.isVisible():
            self._hands.press(waiting)

    def _settle(self) -> None:
        self._pace.until(lambda: bool(child(self.window, QLabel, "updated_at").text()), "daftar terbaca")

    def _await_case(self) -> None:
        case = self._case
        assert case is not None
        self._await_shown(case.office_id, case.id)

    def _await_shown(self, office_id: int, case_id: UUID) -> None:
        """Waits until the window shows the case as the database has it now."""
        wanted = self._pace.aside(lambda: self._stage.facts(office_id, case_id))
        self._pace.until(lambda: self.window.case.facts == wanted, f"keadaan permohonan {wanted.number}")

    def _intake(self) -> QDialog | None:
        return next((each for each in self.window.findChildren(QDialog, "intake") if each.isVisible()), None)

    def _read_file(self, is_it: Callable[..., bool], words: str, title: str, step: int) -> PaperPreview:
        files = self.window.case.files
        self._pace.act(lambda: self.window.case.show_tab(FILES_TAB))

        def rows() -> list[int]:
            return [at for at, file in enumerate(files.model.rows) if is_it(file)]

        self._pace.until(rows, f"berkas {words}")
        self._hands.click_row(files.list, rows()[0])
        self._hands.key(files.list, Qt.Key.Key_Return)
        self._pace.until(lambda: bool(files.findChildren(PaperPreview)), "pratinjau")
        [preview] = files.findChildren(PaperPreview)
        self._await_sheet(preview, words)
        if title:
            self.shot(title, step)
        return preview

    def _await_sheet(self, preview: PaperPreview, words: str) -> None:
        def drawn() -> bool:
            return preview.asking.isVisible() or not preview.sheet.pixmap().isNull()

        self._pace.until(drawn, f"lembar {words}")
        self._pace.settle()
        self._pace.until(drawn, f"lembar {words}")

    def _on_papers_failed(self, sentence: str, _again: object) -> None:
        self._papers_trouble = sentence


def _reading(label: QLabel) -> bool:
    return label.isVisible() and label.text().startswith("Sedang membaca")
