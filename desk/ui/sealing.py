"""Signing the heads of the audit log: the key of this person, and the copies that are kept off the server.

Asked once: a key in the system's keyring signs at every login by itself, a key in a file asks for its passphrase once a
login. The treasurer's day close signs through the same object: `sealing_of(workstation).sign(done, failed)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desk.errors import Refused

if TYPE_CHECKING:
    from desk.adapters.seals import SignedHead, SigningKey
    from desk.ui.background import Trouble
    from desk.ui.workstation import Workstation

T = TypeVar("T")


class KeyState(Enum):
    """Where the key of this person is."""

    UNKNOWN = "unknown"
    NONE = "none"
    LOCKED = "locked"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed last: when, the heads, and the file off the server that has them."""

    at: datetime
    heads: tuple[SignedHead, ...] = field(repr=False)
    file: Path


class Sealing(QObject):
    """The key and the signatures of the person at this workstation."""

    changed = Signal()
    """The key or what was signed is another."""

    def __init__(self, workstation: Workstation, folder: Path | None = None) -> None:
        super().__init__(workstation)
        from desk.adapters import seals

        self._workstation = workstation
        self._key: SigningKey | None = None
        self.folder = folder or seals.own_folder(training=workstation.training)
        self.state = KeyState.UNKNOWN
        self.signed: Signed | None = None
        self.trouble = ""
        """Why the last try to sign did not end well."""
        self.busy = False

    @property
    def login(self) -> str:
        """The database login that signs."""
        return self._workstation.actor.login

    @property
    def heads_file(self) -> Path:
        """Where the signed heads are kept off the server."""
        from desk.adapters import seals

        return seals.heads_file(self.folder, self.login)

    @property
    def key_file(self) -> Path:
        """Where the key is kept when it is not in the keyring."""
        from desk.adapters import seals

        return seals.key_file(self.folder, self.login)

    def begin(self) -> None:
        """At login: look for the key, and sign when it is open. What is missing is said on the page of the auditor."""

        def found(key: SigningKey | None) -> None:
            self._key = key
            self.state = KeyState.OPEN if key else (KeyState.LOCKED if self.key_file.exists() else KeyState.NONE)
            self.changed.emit()
            if key is not None:
                self.sign()

        self._run(self._look, found)

    def _look(self) -> SigningKey | None:
        from desk.adapters import seals

        return None if self._workstation.training else seals.remembered_key(self.login)

    def make_key(self, passphrase: str | None, failed: Callable[[Trouble], object]) -> None:
        """Make a key: in a file that only the passphrase opens, or in the keyring when there is none; then sign."""

        def work() -> SigningKey:
            from desk.adapters import seals

            key = seals.new_key()
            if passphrase is not None:
                seals.make_folder(self.folder)
                seals.write_key(self.key_file, key, passphrase)
            elif seals.remembered_key(self.login) is not None:
                raise Refused("Kunci segel Anda sudah ada di komputer ini dan tidak diganti. Pakai kunci itu.")
            else:
                seals.remember_key(self.login, key)
            return key

        self._run(work, self._take_key, failed)

    def unlock(self, passphrase: str, failed: Callable[[Trouble], object]) -> None:
        """Open the key file with its passphrase, then sign."""

        def work() -> SigningKey:
            from desk.adapters import seals

            return seals.read_key(self.key_file, passphrase)

        self._run(work, self._take_key, failed)

    def _take_key(self, key: SigningKey) -> None:
        self._key = key
        self.state = KeyState.OPEN
        self.changed.emit()
        self.sign()

    def sign(
        self,
        done: Callable[[Signed], object] = lambda _signed: None,
        failed: Callable[[Trouble], object] = lambda _trouble: None,
    ) -> None:
        """Seal what is finished, sign the last block of every office of this person, and keep the heads off the server.

        Without an open key `failed` hears it. Signing again the same block changes nothing.
        """
        key, link, moment = self._key, self._workstation.link, self._workstation.now()
        if key is None:
            failed(Refused("Kunci segel belum dibuka. Buka atau buat kunci segel dahulu."))
            return
        file = self.heads_file

        def work() -> Signed:
            from desk.adapters import seals
            from desk.services import audit

            seals.make_folder(file.parent)
            with link.transaction() as session:
                audit.seal(session)
            with link.transaction() as session:
                heads = audit.sign_heads(session, key, moment)
                seals.append_heads(file, heads)
            return Signed(moment, tuple(heads), file)

        def signed(answer: Signed) -> None:
            self.signed, self.trouble = answer, ""
            self.changed.emit()
            done(answer)

        def not_signed(trouble: Trouble) -> None:
            self.trouble = str(trouble)
            self.changed.emit()
            failed(trouble)

        self._run(work, signed, not_signed)

    def _run(
        self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[Trouble], object] | None = None
    ) -> None:
        self.busy = True
        self.changed.emit()

        def finished(answer: T) -> None:
            self.busy = False
            done(answer)
            self.changed.emit()

        def not_done(trouble: Trouble) -> None:
            self.busy = False
            self.changed.emit()
            if failed is not None:
                failed(trouble)

        self._workstation.background.run_slow(self, lambda _task: work(), finished, not_done)


def sealing_of(workstation: Workstation) -> Sealing:
    """The one sealing of a workstation, made at its first use."""
    found = workstation.findChild(Sealing)
    return found if isinstance(found, Sealing) else Sealing(workstation)
