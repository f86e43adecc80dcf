"""A print server of the tests alone: its own cupsd below a temporary folder, with queues that print into PDF files."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.components import cups

if TYPE_CHECKING:
    from collections.abc import Iterator

LIB = Path("/usr/lib/cups")
PPD = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd")
_ALL = "Order allow,deny\nAllow all\n"
_SERVER = f"""
Listen {{folder}}/cups.sock
LogLevel warn
Browsing Off
WebInterface No
<Location />
{_ALL}</Location>
<Policy default>
<Limit All>
{_ALL}</Limit>
</Policy>
"""
_FILES = """
ServerRoot {folder}/root
StateDir {folder}/state
CacheDir {folder}/cache
RequestRoot {folder}/spool
TempDir {folder}/tmp
ServerBin {folder}/bin
DataDir /usr/share/cups
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
ServerKeychain {folder}/root/ssl
Printcap
User lp
Group lp
SystemGroup root
"""
_QUEUE = """
Out {out}
AnonDirName {out}
Spool {folder}/spool-pdf
UserUMask 0022
Label 1
Log {folder}/log
"""


@dataclass
class PrintServer:
    """The running server."""

    folder: Path

    @property
    def address(self) -> str:
        """What ``CUPS_SERVER`` says."""
        return str(self.folder / "cups.sock")

    def add_queue(self, name: str) -> None:
        """Add a printer whose sheets become PDF files."""
        settings = self._settings(name)
        settings.write_text(_QUEUE.format(folder=self.folder, out=self.out(name)), "ascii")
        self.out(name).mkdir(exist_ok=True)
        self._run("lpadmin", "-p", name, "-E", "-v", f"cups-pdf:/{settings.stem.removeprefix('cups-pdf-')}", "-P", PPD)

    def refuse(self, name: str) -> None:
        """Let a printer take no more orders."""
        self._run("cupsreject", "-r", "kertas habis", name)

    def accept(self, name: str) -> None:
        """Let a printer take orders again."""
        self._run("cupsaccept", name)

    def out(self, name: str) -> Path:
        """The folder in which the sheets of a printer lie."""
        return self.folder / f"out-{name}"

    def sheets(self, name: str, count: int = 1, patience: float = 30.0) -> list[Path]:
        """The sheets that came out of a printer, in order, once there are so many and none is under way."""
        until = time.monotonic() + patience
        while len(found := self._finished(name)) < count and time.monotonic() < until:
            time.sleep(0.1)  # another process prints; nothing in this one could tell
        return found

    def remove(self) -> None:
        """Take away what lies outside the folder."""
        for settings in Path("/etc/cups").glob(f"cups-pdf-{self._mark}*.conf"):
            settings.unlink()

    @property
    def _mark(self) -> str:
        return f"mejatest{os.getpid()}"

    def _settings(self, name: str) -> Path:
        return Path("/etc/cups") / f"cups-pdf-{self._mark}{name.lower()}.conf"

    def _finished(self, name: str) -> list[Path]:
        waiting = self._run("lpstat", "-W", "not-completed", "-o", name)
        done = sorted(self.out(name).glob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)
        return [] if waiting.strip() else done

    def _run(self, *command: object) -> str:
        environment = {**os.environ, "CUPS_SERVER": self.address}
        done = subprocess.run(
            [str(part) for part in command], env=environment, check=True, capture_output=True, text=True, timeout=30
        )
        return done.stdout


def print_server() -> Iterator[PrintServer]:
    """Runs a server and lets libcups in this process talk to it; everything is gone afterwards."""
    program = cups()
    assert program is not None
    folder = Path(tempfile.mkdtemp(prefix=f"desk-cups-{os.getpid()}-"))
    folder.chmod(0o755)
    for part in ("root/ppd", "state", "cache", "spool", "tmp", "log", "bin/backend"):
        (folder / part).mkdir(parents=True)
    (folder / "tmp").chmod(0o1777)
    for part in ("daemon", "driver", "filter", "monitor", "notifier"):
        if (LIB / part).is_dir():
            (folder / "bin" / part).symlink_to(LIB / part)
    shutil.copy2(LIB / "backend" / "cups-pdf", folder / "bin" / "backend" / "cups-pdf")
    (folder / "bin" / "backend" / "cups-pdf").chmod(0o700)  # CUPS runs it as root only then
    server = PrintServer(folder)
    (folder / "root" / "cupsd.conf").write_text(_SERVER.format(folder=folder), "ascii")
    (folder / "root" / "cups-files.conf").write_text(_FILES.format(folder=folder), "ascii")
    configured = ["-c", str(folder / "root" / "cupsd.conf"), "-s", str(folder / "root" / "cups-files.conf")]
    daemon = subprocess.Popen([str(program), "-f", *configured])
    before = os.environ.get("CUPS_SERVER")
    library = ctypes.CDLL("libcups.so.2")
    try:
        until = time.monotonic() + 20
        while not (folder / "cups.sock").exists():
            assert daemon.poll() is None, (folder / "log" / "error").read_text("utf-8", "replace")
            assert time.monotonic() < until
            time.sleep(0.05)
        os.environ["CUPS_SERVER"] = server.address
        library.cupsSetServer(server.address.encode())  # this thread may have asked another server before
        yield server
    finally:
        library.cupsSetServer(None)
        if before is None:
            os.environ.pop("CUPS_SERVER", None)
        else:
            os.environ["CUPS_SERVER"] = before
        daemon.terminate()
        daemon.wait(20)
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)
