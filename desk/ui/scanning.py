"""Scanned stacks come in: dropped, chosen, or from the folder of the scanner; one after another, on the slow lane."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desk.rules.people import Duty

if TYPE_CHECKING:
    from desk.scanning import TakenIn
    from desk.ui.background import Task, Trouble
    from desk.ui.workstation import Workstation

READ_FOLDER = "Sudah dibaca"
"""Where a file of the watched folder goes when all of it is in the database."""
ENDINGS = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png")
LOOK_EVERY_MS = 5_000
_Seen = tuple[str, int, int]


@dataclass(frozen=True)
class FolderSetting:
    """Where the name of the watched folder is kept."""

    load: Callable[[], str]
    save: Callable[[str], None]


def folder_setting() -> FolderSetting:
    """The setting of this workstation."""
    from desk import settings

    return FolderSetting(
        load=lambda: settings.load().scan_folder,
        save=lambda folder: settings.save(replace(settings.load(), scan_folder=folder)),
    )


class Scanning(QObject):
    """Takes files in and tells how far it is."""

    began = Signal(str)
    """The name of the file that is being read."""
    progressed = Signal(int, int)
    """Pages read, and pages of the file."""
    ended = Signal(str, bool)
    """What became of a file, as a sentence; True when it came in."""
    folder_known = Signal(str)
    """The watched folder; empty when none is."""

    def __init__(
        self, workstation: Workstation, parent: QObject | None = None, setting: FolderSetting | None = None
    ) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._setting = setting or folder_setting()
        self._waiting: deque[tuple[Path, bool]] = deque()
        self._task: Task | None = None
        self._folder = ""
        self._seen: frozenset[_Seen] = frozenset()
        self._done: set[_Seen] = set()
        self._look_later = QTimer(self, interval=LOOK_EVERY_MS)
        self._look_later.timeout.connect(self.look)
        workstation.deed_done.connect(lambda _done: self.settle())

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return self._task is not None

    @property
    def folder(self) -> str:
        """The watched folder; empty when none is."""
        return self._folder

    @property
    def office_id(self) -> int | None:
        """The office whose stacks this person takes in, the first one on the screen; None without the duty."""
        actor = self._workstation.actor
        duties = {Duty.OFFICER, Duty.TREASURER}
        return next((one for one in self._workstation.office_ids if actor.duties_in(one) & duties), None)

    def take(self, paths: Sequence[Path], *, watched: bool = False) -> None:
        """Read these files, one after another."""
        self._waiting.extend((path, watched) for path in paths)
        self._next()

    def cancel(self) -> None:
        """Stop reading the present file; nothing of it was kept, and the next one is read."""
        if self._task is None:
            return
        self._task.cancel()
        self._task = None
        self.ended.emit("Pembacaan dibatalkan; tidak ada yang tersimpan dari berkas itu.", False)
        self._next()

    def settle(self) -> None:
        """File what waits in the tray and has become ready, such as the scan of a copy that was just accepted."""
        office_id = self.office_id
        if office_id is None:
            return
        link, actor = self._workstation.link, self._workstation.actor

        def work(_task: Task) -> tuple[str, ...]:
            from desk import scanning
            from desk.adapters.scans import ScanReader

            with ScanReader() as reader:
                return scanning.file_waiting(link.transaction, reader, actor, office_id)

        def filed(sentences: tuple[str, ...]) -> None:
            for sentence in sentences:
                self.ended.emit(sentence, True)
            if sentences:
                self._workstation.live.read_again()

        self._workstation.background.run_slow(self, work, filed, lambda _trouble: None)

    # The watched folder

    def watch(self) -> None:
        """Begin to look into the folder of the setting, if there is one."""
        if self.office_id is not None:
            self._workstation.background.run_slow(
                self, lambda _task: self._setting.load(), self._watch, lambda _trouble: None
            )

    def choose_folder(self, folder: str) -> None:
        """Watch this folder from now on; empty, and none is watched."""
        self._workstation.background.run_slow(
            self,
            lambda _task: self._setting.save(folder),
            lambda _none: self._watch(folder),
            lambda trouble: self.ended.emit(str(trouble), False),
        )

    def look(self) -> None:
        """Look into the folder once; a file is taken when it has not changed since the last look."""
        folder = self._folder
        if folder and not self.busy:
            self._workstation.background.run_slow(
                self, lambda _task: _files_in(Path(folder)), self._on_looked, lambda _trouble: None
            )

    def _watch(self, folder: str) -> None:
        self._folder = folder
        self._seen = frozenset()
        self.folder_known.emit(folder)
        self._look_later.start() if folder else self._look_later.stop()

    def _on_looked(self, found: frozenset[_Seen]) -> None:
        ready = sorted((found & self._seen) - self._done)
        self._seen = found
        self._done.update(ready)
        self.take([Path(name) for name, _, _ in ready], watched=True)

    # One file after another

    def _next(self) -> None:
        office_id = self.office_id
        if self._task is not None or not self._waiting or office_id is None:
            return
        path, watched = self._waiting.popleft()
        link, actor = self._workstation.link, self._workstation.actor

        def work(task: Task) -> TakenIn:
            from desk import scanning
            from desk.adapters.scans import ScanReader

            with ScanReader() as reader:
                taken = scanning.take_in(link.transaction, reader, actor, office_id, path, task.progress)
            if watched:
                _move_away(path)
            return taken

        self.began.emit(path.name)
        self._task = self._workstation.background.run_slow(
            self, work, self._on_taken, self._on_trouble, self.progressed.emit
        )

    def _on_taken(self, taken: TakenIn) -> None:
        self._task = None
        self.ended.emit(taken.sentence, True)
        self._workstation.live.read_again()
        self._next()

    def _on_trouble(self, trouble: Trouble) -> None:
        self._task = None
        self.ended.emit(str(trouble), False)
        self._next()


def _files_in(folder: Path) -> frozenset[_Seen]:
    found = set()
    with suppress(OSError):  # a share that is away now is there at the next look
        for path in folder.iterdir():
            if path.suffix.lower() in ENDINGS and path.is_file():
                state = path.stat()
                found.add((str(path), state.st_size, state.st_mtime_ns))
    return frozenset(found)


def _move_away(path: Path) -> None:
    """Puts a file that is in the database beside the others that were read; where it cannot be moved, it stays."""
    with suppress(OSError):
        folder = path.parent / READ_FOLDER
        folder.mkdir(exist_ok=True)
        target, number = folder / path.name, 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem} ({number}){path.suffix}"
        shutil.move(path, target)
