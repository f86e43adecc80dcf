"""The workstations of a drill: processes that are started, killed and replaced, and what they noted.

Only processes that were started here are ever ended.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from desk.drills.office import DrillOffice
from desk.drills.seats import OFFICE, OFFICERS, TREASURERS, Seat
from desk.drills.stopping import not_broken_off
from desk.drills.workstations import Day, Draft, serve_customers

if sys.platform == "win32":
    PROCESSES = multiprocessing.get_context("spawn")
else:  # a process that has imported everything and forks: a start costs milliseconds
    PROCESSES = multiprocessing.get_context("forkserver")
    PROCESSES.set_forkserver_preload(["desk.drills.workstations"])
_END_SECONDS = 120.0


@dataclass
class Note:
    """One file of notes that grows: what was read of it so far."""

    path: Path
    _read: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)

    def update(self) -> list[dict[str, Any]]:
        """Reads the lines that were added; one that is being written is left for the next time."""
        if self.path.exists():
            with self.path.open("rb") as file:
                file.seek(self._read)
                added = file.read()
            whole = added[: added.rfind(b"\n") + 1]
            self._read += len(whole)
            self.lines += [json.loads(line) for line in whole.splitlines()]
        return self.lines

    def draft(self) -> Draft | None:
        """The deed at which the workstation was killed, answered or not: its successor asks it again."""
        asked = [line["asked"] for line in self.update() if "asked" in line]
        return Draft(UUID(asked[-1]["key"]), asked[-1]["action"], UUID(asked[-1]["case"])) if asked else None


@dataclass
class Workstation:
    """A process with its notes."""

    process: BaseProcess
    note: Note
    number: int
    day: Day | None = None


class Crew:
    """All workstations of a drill; on leaving, those that still run are ended."""

    def __init__(self, office: DrillOffice) -> None:
        self.office = office
        self.stop = PROCESSES.Event()
        self.at_work: list[Workstation] = []
        self._gone: list[Workstation] = []
        with not_broken_off():  # its own end takes the folder away where nobody comes to leave the crew
            self._temporary = tempfile.TemporaryDirectory(prefix="meja-pst-catatan-", ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for workstation in self.at_work:
            if workstation.process.is_alive():
                workstation.process.kill()
            workstation.process.join(_END_SECONDS)
        self._temporary.cleanup()

    def start(self, target: Callable[..., None], *arguments: object) -> Workstation:
        """Starts a process; a `Note` among the arguments is passed as its path."""
        notes = [each for each in arguments if isinstance(each, Note)]
        note = notes[0] if notes else self.note()
        passed = [each.path if isinstance(each, Note) else each for each in arguments]
        process = PROCESSES.Process(target=target, args=passed)
        with not_broken_off():
            process.start()
            workstation = Workstation(process, note, len(self.at_work) + len(self._gone))
            self.at_work.append(workstation)
        return workstation

    def note(self) -> Note:
        """A new, empty file of notes."""
        return Note(self._folder / f"{len(list(self._folder.iterdir()))}-{time.monotonic_ns()}")

    def serve(
        self,
        number: int,
        *,
        draft: Draft | None = None,
        seats: Callable[[str], Seat] | None = None,
        **day: Any,
    ) -> Workstation:
        """Starts a workstation that serves customers; `number` chooses who sits there."""
        seat = seats or self.office.seat
        note = self.note()
        of_day = Day(
            OFFICE,
            seat(OFFICERS[number % len(OFFICERS)]),
            seat(TREASURERS[number % len(TREASURERS)]),
            note.path,
            draft=draft,
            **day,
        )
        workstation = self.start(serve_customers, of_day, self.stop)
        workstation.note, workstation.number, workstation.day = note, number, of_day
        return workstation

    def kill(self, workstation: Workstation) -> Draft | None:
        """Kills the process as a power cut would and gives what it was at."""
        workstation.process.kill()  # SIGKILL; TerminateProcess on Windows
        workstation.process.join(_END_SECONDS)
        self.at_work.remove(workstation)
        self._gone.append(workstation)
        return workstation.note.draft()

    def finish(self) -> None:
        """Waits until everybody is done."""
        end = time.monotonic() + _END_SECONDS
        for workstation in self.at_work:
            workstation.process.join(max(1.0, end - time.monotonic()))

    def lines(self) -> Iterator[dict[str, Any]]:
        """Everything that was noted so far, by everybody."""
        for workstation in (*self._gone, *self.at_work):
            yield from workstation.note.update()

    def done(self) -> dict[str, str]:
        """Every key whose deed somebody was told is done, with the sentence."""
        return {line["key"]: line["done"] for line in self.lines() if "done" in line}

    def told(self) -> list[dict[str, Any]]:
        """Every deed that somebody was told is refused or failed."""
        return [line for line in self.lines() if "told" in line]

    def ended_badly(self) -> list[str]:
        """Processes that ended with an error or not at all, though nobody killed them."""
        return [
            f"workstation {each.number} ended with {each.process.exitcode}"
            for each in self.at_work
            if each.process.exitcode != 0
        ]


def compare(office: DrillOffice, done: dict[str, str]) -> tuple[list[str], dict[str, int]]:
    """What was acknowledged against what stands in the story: faults, and figures."""
    story = {str(row["id"]): row["sentence"] for row in office.rows("SELECT id, sentence FROM desk.event")}
    lost = [key for key in done if key not in story]
    other = [key for key, sentence in done.items() if key in story and story[key] != sentence]
    faults = [f"acknowledged but missing: {done[key]}" for key in lost]
    faults += [f"acknowledged as “{done[key]}”, recorded as “{story[key]}”" for key in other]
    figures = {"deeds": len(story), "acknowledged": len(done), "lost": len(lost), "told_otherwise": len(other)}
    return faults, figures


def patiently(holds: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Whether it came to hold in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


@contextlib.contextmanager
def timed(figures: dict[str, Any], name: str) -> Iterator[None]:
    """Puts the seconds of the block among the figures."""
    begun = time.monotonic()
    yield
    figures[name] = round(time.monotonic() - begun, 2)
