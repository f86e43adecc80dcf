"""Who came in: the person behind this login, the duties and offices of today, and the clock the offices go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk import __version__, resources
from desk.errors import Refused
from desk.rules.people import Actor, Duty

_PERSON = text("""
SELECT session_user AS login, p.name, p.nip, i.training, i.clock, i.oldest_program, desk.now() AS now,
  v.version_num AS stands_at, current_setting('synchronous_standby_names') = '' AND (
    inet_client_addr() IS DISTINCT FROM inet_server_addr() OR EXISTS (SELECT FROM pg_stat_replication)) AS only_here
FROM desk.alembic_version v CROSS JOIN desk.installation i
LEFT JOIN desk.person p ON p.login = session_user AND p.active
""")
_DUTIES = text("""
SELECT o.id, o.code, o.name, o.zone, array_agg(DISTINCT d.duty) AS duties
FROM desk.duty d
JOIN desk.office o ON o.id = d.office_id OR (d.duty = 'supervisor' AND o.province_id = d.office_id)
WHERE d.login = session_user
  AND desk.today(d.office_id) BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity')
GROUP BY o.id ORDER BY o.code
""")


ONLY_HERE = (
    "Server tanpa salinan langsung: bila rusak, kuitansi yang baru terbit dapat hilang. "
    "Minta administrator memasang server kedua."
)
"""Said at the start on a shared server without a synchronous standby; a PC's own server has none by nature."""

_DUTY = {duty.value: duty for duty in Duty}


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """An office of this person; `zone` is an IANA name."""

    id: int
    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class CameIn:
    """The person and what surrounds him or her; `clock` is set only where a training database replays another day."""

    actor: Actor
    offices: tuple[OfficeEntry, ...]
    training: bool
    now: datetime
    clock: datetime | None
    warning: str = ""
    """What the person should know about this server, or nothing."""


def came_in(session: Session) -> CameIn:
    """The person at this connection; Refused when nobody's login, without duty today, or with too old a program.

    A database that is newer than the program is right as long as this version is not too old for it: steps are written
    so that the version still running goes on working. One that is older lacks what this program asks for.
    """
    person = session.execute(_PERSON).one()
    if _parts(__version__) < _parts(person.oldest_program):
        raise Refused(
            f"Program ini versi {__version__}, basis data kantor memerlukan {person.oldest_program} atau yang lebih "
            "baru. Pasang versi terbaru; tidak ada yang diubah."
        )
    if person.stands_at < resources.newest_migration():
        raise Refused(
            "Basis data kantor lebih lama daripada program ini; tidak ada yang diubah. "
            "Minta administrator menjalankan “desk server upgrade”."
        )
    if person.name is None:
        raise Refused(
            f"Nama pengguna {person.login} tidak terdaftar sebagai pegawai meja layanan. "
            "Minta administrator mendaftarkannya."
        )
    rows = session.execute(_DUTIES).all()
    duties = _by_office(rows)
    if not rows:
        raise Refused(f"{person.name} tidak punya tugas yang berlaku hari ini. Minta administrator menetapkannya.")
    return CameIn(
        actor=Actor(person.login, person.name, person.nip, duties),
        offices=tuple(OfficeEntry(row.id, row.code, row.name, row.zone) for row in rows),
        training=person.training,
        now=person.now,
        clock=person.clock,
        warning=ONLY_HERE if person.only_here else "",
    )


def duties_today(session: Session) -> dict[int, frozenset[Duty]]:
    """The duties of the person at this connection today, by office; those as somebody's stand-in among them."""
    return _by_office(session.execute(_DUTIES).all())


def _by_office(rows: Sequence[Any]) -> dict[int, frozenset[Duty]]:
    return {row.id: frozenset(_DUTY[duty] for duty in row.duties) for row in rows}


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
