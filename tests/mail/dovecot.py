"""A real IMAP server (dovecot) on loopback, private to the tests: own configuration and folder."""

from __future__ import annotations

import contextlib
import getpass
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import imap_tools

from tests.components import dovecot
from tests.mail.post_office import free_port

USER, PASSWORD = "pst1600@example.org", "rahasia"
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = {folder}
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
{users}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure_port}
    ssl = {ssl}
  }}
}}
service anvil {{
  chroot =
}}
"""
_AS_MYSELF = """
default_internal_user = {me}
default_internal_group = {me}
default_login_user = {me}
"""


@dataclass
class MailServer:
    """The server; `folder` is where its mails lie."""

    port: int
    folder: Path
    secure_port: int = 0

    def put(self, *mails: bytes) -> None:
        """Delivers mails, as if they had come in just now."""
        with self.open() as box:
            for mail in mails:
                box.append(mail, "INBOX")

    def count(self) -> int:
        """How many mails lie there, seen by nobody."""
        with self.open() as box:
            box.folder.set("INBOX", readonly=True)
            unseen = len(box.uids(imap_tools.A(seen=False)))
            assert unseen == len(box.uids()), "nothing may be flagged"
            return unseen

    def forget_numbers(self) -> None:
        """The folder is rebuilt: its numbers begin anew, under another UIDVALIDITY."""
        with self.open() as box:
            before = box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"]
        for name in (
            "dovecot-uidlist",
            "dovecot.index",
            "dovecot.index.cache",
            "dovecot.index.log",
            "dovecot-uidvalidity",
        ):
            (self.folder / "mail" / name).unlink(missing_ok=True)
        for path in (self.folder / "mail").glob("dovecot-uidvalidity.*"):
            path.unlink()
        with self.open() as box:
            assert box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"] != before

    @contextlib.contextmanager
    def open(self) -> Iterator[imap_tools.BaseMailBox]:
        """A mail program that looks into the mailbox."""
        with imap_tools.MailBoxUnencrypted("127.0.0.1", self.port, timeout=20).login(USER, PASSWORD) as box:
            yield box


@contextlib.contextmanager
def imap_server(certificates: Path | None = None) -> Iterator[MailServer]:
    """Starts the server and takes it away; with a folder of certificates it also speaks TLS."""
    program = dovecot()
    assert program is not None
    folder = Path(tempfile.mkdtemp(prefix="desk-imap-"))  # a short path: sockets lie in it
    folder.chmod(0o755)
    (folder / "mail").mkdir(mode=0o777)
    (folder / "mail").chmod(0o777)
    me = getpass.getuser()
    uid, gid = ("nobody", "nogroup") if me == "root" else (folder.stat().st_uid, folder.stat().st_gid)
    port, secure_port = free_port(), free_port() if certificates else 0
    users = "" if me == "root" else _AS_MYSELF.format(me=me)
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(folder=folder, users=users, password=PASSWORD, uid=uid, gid=gid, port=port,
                       secure_port=secure_port, ssl="yes" if certificates else "no"),
        "utf-8",
    )  # fmt: skip
    if certificates:
        files = f"ssl_cert = <{certificates}/server.crt\nssl_key = <{certificates}/server.key\n"
        config.write_text(config.read_text("utf-8") + files, "utf-8")
    process = subprocess.Popen([program, "-F", "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process, folder)
        yield MailServer(port, folder, secure_port)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        assert process.poll() is None, (folder / "log").read_text() if (folder / "log").is_file() else "dovecot ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
            if line.recv(10).startswith(b"* OK"):
                return
        time.sleep(0.02)
    raise AssertionError("dovecot does not answer")


@contextlib.contextmanager
def cutting_line(port: int, cut: Callable[[bytes], bool]) -> Iterator[int]:
    """A way to the server that breaks for good as soon as `cut` says so about what the server sends."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_lines: list[socket.socket] = [listener]

    def carry(source: socket.socket, target: socket.socket, judged: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if judged and cut(data):
                    break
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", port))
                open_lines.extend((client, server))
                threading.Thread(target=carry, args=(client, server, False), daemon=True).start()
                threading.Thread(target=carry, args=(server, client, True), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        for each in open_lines:
            each.close()
