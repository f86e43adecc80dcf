"""The nightly backup, the weekly restore test and the watchdog as tasks of Windows and units of systemd, as text."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from desk.errors import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    title: str
    words: tuple[str, ...]
    systemd: str  # OnCalendar; empty: it runs all the time
    windows: str  # the trigger


_DAY = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
_SUNDAY = "<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek><Sunday/></DaysOfWeek></ScheduleByWeek>"


def _calendar(start: str, rhythm: str) -> str:
    return f"<CalendarTrigger><StartBoundary>2026-01-04T{start}:00</StartBoundary>{rhythm}</CalendarTrigger>"


def write_schedule(folder: Path, url: URL) -> list[str]:
    """Writes the tasks for the database at `url` into `folder` and gives the names; no password is in them.

    Raises `Unavailable` where the folder cannot be written.
    """
    linux = _texts_of_systemd(url)
    windows = _texts_of_windows(url)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in linux.items():
            (folder / name).write_text(text, "utf-8", newline="\n")
        for name, text in windows.items():
            (folder / name).write_text(text, "utf-16")  # what schtasks reads everywhere
    except OSError as error:
        raise Unavailable(f"Folder {folder} tidak dapat ditulis ({error.strerror}). Pilih folder lain.") from error
    return [*linux, *windows]


def _tasks(folder: str, passphrase: str) -> tuple[_Task, ...]:
    secret = ("--passphrase-file", passphrase)
    return (
        _Task(
            "meja-pst-backup", "Meja PST: cadangan setiap malam", ("backup", "--to", folder, *secret),
            "*-*-* 20:00:00", _calendar("20:00", _DAY),
        ),
        _Task(
            "meja-pst-restore-test", "Meja PST: uji pemulihan setiap Minggu", ("restore-test", folder, *secret),
            "Sun *-*-* 06:00:00", _calendar("06:00", _SUNDAY),
        ),
        _Task(
            "meja-pst-watchdog", "Meja PST: penjaga kunci basis data", ("server", "watchdog"),
            "", "<BootTrigger/>",
        ),
    )  # fmt: skip


def _command(task: _Task, url: URL) -> list[str]:
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desk"]
    place = url._replace(password=None).render_as_string().replace("postgresql+psycopg://", "postgresql://")
    return [*program, *task.words, "--database", place]


def _texts_of_systemd(url: URL) -> dict[str, str]:
    texts = {}
    for task in _tasks("/var/backups/meja-pst", "/etc/meja-pst/frasa-sandi"):
        # In a unit "%" starts a reference and "$" a variable.
        words = (word.replace("%", "%%").replace("$", "$$") for word in _command(task, url))
        command = " ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
        kind = "Type=oneshot\n" if task.systemd else "Restart=always\nRestartSec=5\n"
        install = "" if task.systemd else "\n[Install]\nWantedBy=multi-user.target\n"
        texts[f"{task.name}.service"] = (
            f"[Unit]\nDescription={task.title}\nAfter=network-online.target postgresql.service\n\n"
            f"[Service]\n{kind}User=postgres\nUMask=0077\nExecStart={command}\n{install}"
        )
        if task.systemd:
            texts[f"{task.name}.timer"] = (
                f"[Unit]\nDescription={task.title}\n\n"
                f"[Timer]\nOnCalendar={task.systemd}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
            )
    return texts


def _texts_of_windows(url: URL) -> dict[str, str]:
    texts = {}
    folder = r"C:\ProgramData\Meja PST"
    for task in _tasks(rf"{folder}\cadangan", rf"{folder}\frasa-sandi.txt"):
        command, *words = _command(task, url)
        forever = (
            "" if task.systemd else "<RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>"
        )
        texts[f"{task.name}.xml"] = (
            '<?xml version="1.0" encoding="UTF-16"?>\n'
            '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
            f"  <RegistrationInfo><Description>{escape(task.title)}</Description></RegistrationInfo>\n"
            f"  <Triggers>{task.windows}</Triggers>\n"
            '  <Principals><Principal id="Author"><LogonType>Password</LogonType></Principal></Principals>\n'
            "  <Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>"
            "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>"
            "<StartWhenAvailable>true</StartWhenAvailable>"
            f"{forever}<ExecutionTimeLimit>{'PT12H' if task.systemd else 'PT0S'}</ExecutionTimeLimit></Settings>\n"
            f'  <Actions Context="Author"><Exec><Command>{escape(command)}</Command>'
            f"<Arguments>{escape(subprocess.list2cmdline(words))}</Arguments></Exec></Actions>\n"
            "</Task>\n"
        )
    return texts
