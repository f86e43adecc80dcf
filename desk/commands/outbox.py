"""`desk outbox`: sends what waits in the outbox, as the person in the address of the database; for a scheduled task."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from desk.commands import outcome, speech
from desk.commands.connection import address

if TYPE_CHECKING:
    from desk.commands.parser import Subcommands
    from desk.rules.mail import MailAccount

PASSWORD_VARIABLE = "DESK_MAIL_PASSWORD"  # noqa: S105 - its name, not a password


def add(subcommands: Subcommands) -> None:
    """Adds `outbox` to the command."""
    outbox = subcommands.add_parser(
        "outbox",
        help="mengirim surel keluar yang menunggu; dapat dijadwalkan di server",
        description=f"Kata sandi kotak surel dari penyimpan kata sandi komputer ini, atau dari {PASSWORD_VARIABLE}.",
    )
    outbox.add_argument("--office", metavar="KODE", help="satu kantor saja, misalnya 1600")
    outbox.set_defaults(run=_send)


def _send(asked: argparse.Namespace) -> int:
    from desk import postman
    from desk.adapters import database
    from desk.services.coming_in import came_in

    engine = database.engine_for(address(), application_name="Meja PST (surel)")
    code = outcome.DONE
    try:
        with database.reading(engine) as session:
            person = came_in(session)
        for office in person.offices:
            if asked.office not in (None, office.code):
                continue
            done = postman.send_waiting(engine, person.actor, office.id, password_of)
            words = f"{office.code}: {done.sent} surel terkirim, {done.failed} belum."
            speech.show(f"{words} {done.stopped_because}".strip())
            if done.failed:
                code = outcome.UNAVAILABLE
    finally:
        engine.dispose()
    return code


def password_of(account: MailAccount) -> str | None:
    """The password of a mail account: the environment's, else the keyring's."""
    from desk import settings

    return os.environ.get(PASSWORD_VARIABLE) or settings.kept_secret(account.keyring_name)
