"""What must never be found in an office's database: every check is a question whose answer is empty.

Run by the owner of the database (`desk doctor`), by tests, and after a restore; an administrator has the same questions
asked by `desk.examine`, which answers for his or her own offices. A finding names the office, the case or
number, and what to do. The questions themselves stand in `doctor_checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from desk.adapters.seals import SignedHead
from desk.models import DoctorCheck
from desk.rules.case import CaseFacts, Data, Money, Original, Stage, State
from desk.rules.desks import Desk
from desk.rules.originals import copies, track_of
from desk.services import audit
from desk.services.audit import Finding
from desk.services.case_file import facts
from desk.services.doctor_checks import CHECKS, COMMON, FILES, Check

Derive = Callable[[CaseFacts], Mapping[str, Any]]
"""`deeds.derived`: the columns of a case that follow from its facts."""

Rules = Mapping[str, Mapping[str, Any]]
"""The table of actions as the database should know it: duties, before and after of each."""


def examine(
    session: Session, derive: Derive, rules: Rules, *, signed: Iterable[SignedHead] = (), files: bool = False
) -> Iterator[Finding]:
    """Every finding, check by check; nothing means that the database is sound.

    `files` reads every stored byte as well, which takes as long as the disk needs. `signed` are heads of the audit log
    that were kept off the server.
    """
    session.execute(text("SET LOCAL datestyle = 'ISO, YMD'"))  # the receipts' chain is made of dates in this form
    for check in (*CHECKS, FILES) if files else CHECKS:
        yield from _asked(session, check)
    yield from _stored_copies(session, derive)
    yield from _rules_that_differ(session, rules)
    yield from audit.verify(session, signed)


def _asked(session: Session, check: Check) -> Iterator[Finding]:
    for row in session.execute(text(_question(check))).mappings():
        yield Finding(check.name, row["office_id"], row["subject"], check.sentence.format_map(row))


_OPEN_CASES = text("""
SELECT c.office_id, c.id FROM desk.cases c
WHERE c.stage IN ('new', 'clear', 'active') AND c.officer_queue IS NOT NULL
  AND (c.office_id, c.id) > (:office, :case) ORDER BY c.office_id, c.id LIMIT :page
""")
_ROW = text("SELECT * FROM desk.cases WHERE office_id = :office AND id = :case")
_PAGE = 500
_COLUMNS = {
    "clear_on": "tanggal clear",
    "service_due": "janji layanan",
    "service_due_why": "dasar janji layanan",
    "correction_due": "janji perbaikan",
    "due_on": "jatuh tempo",
    "due_of": "jam yang berakhir",
    "wake_on": "hari dilihat lagi",
    "remind_on": "hari pengingat",
    "remind_why": "alasan pengingat",
    "address_confirmed": "alamat tujuan",
    "requirements": "persyaratan",
    **{f"{desk.value}_queue": f"antrean {desk.label}" for desk in Desk},
    **{f"{desk.value}_why": f"alasan antrean {desk.label}" for desk in Desk},
}
"""What a person calls the columns that are derived."""

_NO_CASE = "00000000-0000-0000-0000-000000000000"


def _stored_copies(session: Session, derive: Derive) -> Iterator[Finding]:
    """Open cases whose stored desks, promises or tracks are not what their facts say; page by page."""
    after: tuple[int, Any] = (-1, _NO_CASE)
    while page := session.execute(_OPEN_CASES, {"office": after[0], "case": after[1], "page": _PAGE}).all():
        for row in page:
            after = (row.office_id, row.id)
            stored = session.execute(_ROW, {"office": row.office_id, "case": row.id}).mappings().one()
            case = facts(session, row.office_id, row.id)
            yield from _tracks_that_differ(case)
            right = derive(case)
            wrong = [_COLUMNS[name] for name, value in right.items() if _plain(stored[name]) != value]
            if wrong:
                yield Finding(
                    "stored_copy",
                    case.office_id,
                    case.number,
                    f"Permohonan {case.number} menyimpan {', '.join(wrong)} yang tidak sesuai dengan faktanya. "
                    "Lakukan satu tindakan pada permohonan itu, misalnya “Catat percakapan”, agar dihitung ulang.",
                )


def _plain(value: Any) -> Any:
    """A column as `derive` gives it."""
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, list) else value


def _tracks_that_differ(case: CaseFacts) -> Iterator[Finding]:
    for track, stored, allowed in (
        ("perjalanannya", case.stage, (Stage.ACTIVE,) if case.invoice else (Stage.NEW, Stage.CLEAR)),
        ("uang", case.money, _money_of(case)),
        ("naskah asli", case.original, _original_of(case)),
        ("data", case.data, _data_of(case)),
    ):
        if stored not in allowed:
            right = " atau ".join(f"“{state.label}”" for state in allowed)
            yield Finding(
                "stored_track",
                case.office_id,
                case.number,
                f"Permohonan {case.number} tercatat “{stored.label}” untuk {track}, padahal menurut faktanya {right}. "
                "Periksa riwayatnya; keadaan itu hanya boleh berubah lewat tindakan.",
            )


def _money_of(case: CaseFacts) -> tuple[State, ...]:
    """The states of the money that the facts allow."""
    if case.invoice is None:
        return (Money.NONE,)
    if case.payment.receipt_id is not None:
        return (Money.RECEIPTED,)
    if case.payment.payment_id is not None:
        return (Money.CONFIRMED,)
    if case.invoice.total == 0:
        return (Money.FREE,)
    return (Money.INVOICED, Money.EXPIRED) if case.payment.proof_amount is None else (Money.PROOF,)


def _original_of(case: CaseFacts) -> tuple[State, ...]:
    """The states of the paper original that the facts allow; not yet sent looks like sent."""
    if case.invoice is None:
        return (Original.NONE,)
    track = track_of(copies(case)) if case.agreement else Original.AWAITED
    return (Original.ISSUED, track) if track is Original.AWAITED else (track,)


def _data_of(case: CaseFacts) -> tuple[State, ...]:
    """The states of the data that the facts allow; files may have gone back to their maker at any time."""
    files = case.files
    if not files.version:
        return (Data.NONE, Data.PREPARING)
    if files.version <= files.deliveries:
        return (
            Data.SENDING,
            Data.DELIVERED,
            Data.CONFIRMED,
            Data.CORRECTING,
            *((Data.CHECKED, Data.PREPARING) if files.failed else ()),
        )
    return (
        Data.CHECKED if files.checked_by else Data.PREPARED,
        *((Data.CORRECTING, Data.PREPARING) if files.deliveries else (Data.PREPARING,)),
    )


def _rules_that_differ(session: Session, rules: Rules) -> Iterator[Finding]:
    stored = {
        row.action: {"duties": sorted(row.duties), "before": row.before, "after": row.after}
        for row in session.execute(text("SELECT action, duties, before, after FROM desk.action_rule"))
    }
    for action in sorted({*stored, *rules}):
        if stored.get(action) != rules.get(action):
            yield Finding(
                "action_rule",
                None,
                action,
                f"Aturan tindakan “{action}” di basis data berbeda dengan program ini. "
                "Jalankan “desk setup database” dengan versi program yang benar.",
            )


AUDIT_BLOCKS = Check(
    "audit_blocks",
    """
    SELECT b.office_id, 'blok ' || p.block AS subject, p.block, p.problem
    FROM (SELECT DISTINCT office_id FROM audit.block) b,
      LATERAL audit.problems(b.office_id, 1, 9000000000000000000) p
    """,
    "Blok audit {block} kantor {code} tidak sesuai dengan segelnya ({problem}). "
    "Jangan mengubah apa pun; buat cadangan basis data dan laporkan kepada pemeriksa.",
)
"""The seals of the log, for an administrator, who may not read what is sealed; the owner's doctor verifies more."""

PUBLISHED = (*CHECKS, FILES, AUDIT_BLOCKS)
"""Every question that an administrator may have asked, through `desk.examine`."""


def publish(connection: Connection) -> None:
    """Writes the questions into the database, which answers them to administrators. Run as its owner."""
    connection.execute(text("DELETE FROM desk.doctor_check"))
    connection.execute(insert(DoctorCheck), [{"name": check.name, "question": _question(check)} for check in PUBLISHED])


def examine_own(
    session: Session,
    derive: Derive,
    rules: Rules,
    *,
    files: bool = False,
    progress: Callable[[int, int], object] = lambda _at, _of: None,
) -> Iterator[Finding]:
    """What is wrong in the offices of the administrator at this connection, and with the database as a whole.

    The same questions as `examine`, asked through `desk.examine`; Refused for anybody else. What a log that was cut or
    computed anew hides is for the auditor, who holds signed heads.
    """
    checks = [check for check in PUBLISHED if files or check is not FILES]
    for at, check in enumerate(checks, 1):
        for row in session.execute(_EXAMINED, {"check": check.name}).scalars():
            yield Finding(check.name, row["office_id"], row["subject"], check.sentence.format_map(row))
        progress(at, len(checks) + 1)
    yield from _stored_copies(session, derive)
    yield from _rules_that_differ(session, rules)
    progress(len(checks) + 1, len(checks) + 1)


_EXAMINED = text("SELECT desk.examine(:check)")


def _question(check: Check) -> str:
    offices = "LEFT JOIN desk.office o ON o.id = q.office_id"
    return f"{COMMON} SELECT q.*, o.code FROM ({check.sql}) q {offices}"  # noqa: S608
