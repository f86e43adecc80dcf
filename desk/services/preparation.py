"""Preparation of the data by one officer, check by a second one (standards, prosedur 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Preparation, PreparationCheck, PreparationTask, PreparedFile
from desk.rules.case import Data
from desk.rules.dates import date_text, local_date
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import DataCheck, PreparedFiles, Reason, TaskTicks
from desk.rules.preparation import MadeFile, tells_of_customer, why_not_finish, why_not_pass
from desk.rules.quantities import bytes_text

_EARLIER = text("""
SELECT DISTINCT ON (f.sha256, l.id) l.id AS line_id, f.name, f.path, f.size, f.sha256, f.rows, f.variables, p.at,
  coalesce(w.name, p.by) AS maker, o.zone, c.number, c.customer_name, c.institution
FROM desk.case_line l
JOIN desk.office o ON o.id = l.office_id
JOIN desk.case_line e ON e.office_id = l.office_id AND e.case_id <> l.case_id
  AND e.catalogue_code = l.catalogue_code AND lower(e.title) = lower(l.title)
  AND regexp_replace(lower(e.detail), '[[:space:]]+', ' ', 'g')
    = regexp_replace(lower(l.detail), '[[:space:]]+', ' ', 'g')
JOIN desk.prepared_file f ON f.office_id = e.office_id AND f.line_id = e.id
JOIN desk.preparation p ON p.office_id = f.office_id AND p.id = f.preparation_id
JOIN desk.preparation_check k ON k.office_id = p.office_id AND k.preparation_id = p.id AND k.passed
JOIN desk.cases c ON c.office_id = p.office_id AND c.id = p.case_id
LEFT JOIN desk.person w ON w.login = p.by
WHERE l.office_id = :office_id AND l.case_id = :case_id AND l.fit = 'fits'
ORDER BY f.sha256, l.id, p.at DESC
""")
_MADE = text("""
SELECT f.position, f.name, f.path, f.size, f.sha256, f.rows, f.variables, f.line_id FROM desk.prepared_file f
WHERE f.office_id = :office_id AND f.preparation_id = (
  SELECT p.id FROM desk.preparation p WHERE p.office_id = :office_id AND p.case_id = :case_id
  ORDER BY p.attempt DESC LIMIT 1)
ORDER BY f.position
""")
_OFFERED = 5


@dataclass(frozen=True, slots=True)
class EarlierFile:
    """A file that passed the check for another request of the same data; it says nothing of whose request that was."""

    line_id: UUID
    name: str
    path: str
    size: int
    sha256: str
    rows: int | None
    variables: int | None
    said: str


def earlier_files(session: Session, office_id: int, case_id: UUID) -> list[EarlierFile]:
    """What the office prepared before for the same survey, year, area and variables, the newest first.

    A file whose name or folder tells of the other customer is left out: nobody sees who asked for the same.
    """
    rows = session.execute(_EARLIER, {"office_id": office_id, "case_id": case_id}).all()
    kept = [
        row for row in rows if not tells_of_customer(row.path, row.name, row.number, row.customer_name, row.institution)
    ]
    kept.sort(key=lambda row: row.at, reverse=True)
    return [
        EarlierFile(
            row.line_id,
            row.name,
            row.path,
            row.size,
            row.sha256,
            row.rows,
            row.variables,
            f"{bytes_text(row.size)}, disiapkan {row.maker} pada {date_text(local_date(row.at, row.zone))}",
        )
        for row in kept[:_OFFERED]
    ]


def start_preparation(_session: Session, deed: Deed, _asked: None) -> Outcome:
    """Notes who has begun to prepare the data."""
    return Outcome(f"{len(deed.case.accepted_lines())} baris data mulai disiapkan.")


def tick_tasks(session: Session, deed: Deed, asked: TaskTicks) -> Outcome:
    """Writes down which tasks of the list this person has done; a colleague's tick of the same moment stays his."""
    ticked = [task for task in deed.case.open_tasks() if task.key in asked.tasks]
    if not ticked:
        raise Refused("Tugas yang dipilih sudah dicentang rekan. Baca ulang daftarnya.")
    session.execute(
        insert(PreparationTask),
        [
            {
                "office_id": deed.office_id,
                "id": uuid4(),
                "case_id": deed.case_id,
                "product": task.product,
                "task": task.code,
            }
            for task in ticked
        ],
    )
    by, today = deed.actor.login, deed.case.today
    tasks = tuple(replace(task, by=by, on=today) if task in ticked else task for task in deed.case.tasks)
    left = sum(not task.by for task in tasks)
    rest = f"{left} tugas lagi" if left else "semua tugas selesai"
    return Outcome(
        f"Tugas penyiapan dicentang ({rest}): {'; '.join(task.label for task in ticked)}.", changes={"tasks": tasks}
    )


def finish_preparation(session: Session, deed: Deed, prepared: PreparedFiles) -> Outcome:
    """Records the files with size and hash as they are now; a second officer checks exactly these."""
    if reason := why_not_finish(prepared):
        raise Refused(reason)
    case = deed.case
    preparation_id = uuid4()
    version = case.files.deliveries + 1
    attempt = session.execute(
        text(
            "SELECT coalesce(max(attempt), 0) + 1 FROM desk.preparation "
            "WHERE office_id = :office_id AND case_id = :case_id"
        ),
        {"office_id": deed.office_id, "case_id": deed.case_id},
    ).scalar_one()
    session.execute(
        insert(Preparation).values(
            office_id=deed.office_id,
            id=preparation_id,
            case_id=deed.case_id,
            version=version,
            attempt=attempt,
            note=prepared.note.strip(),
        )
    )
    session.execute(
        insert(PreparedFile),
        [
            {
                "office_id": deed.office_id,
                "preparation_id": preparation_id,
                "position": position,
                "name": file.name,
                "path": file.path,
                "size": file.size,
                "sha256": file.sha256,
                "rows": file.rows,
                "variables": file.variables,
                "line_id": file.line_id,
            }
            for position, file in enumerate(prepared.files, start=1)
        ],
    )
    return Outcome(
        f"{len(prepared.files)} berkas data versi {version} siap diperiksa petugas kedua.",
        changes={
            "files": replace(
                case.files, version=version, files=len(prepared.files), made_by=deed.actor.login, checked_by=None
            )
        },
        subject_id=preparation_id,
    )


def made_files(session: Session, office_id: int, case_id: UUID) -> tuple[MadeFile, ...]:
    """The files of the last preparation, in their order."""
    rows = session.execute(_MADE, {"office_id": office_id, "case_id": case_id})
    return tuple(MadeFile(*row) for row in rows)


def check_data(session: Session, deed: Deed, asked: DataCheck) -> Outcome:
    """The second officer has counted for himself and finds the files as they were ordered."""
    files = made_files(session, deed.office_id, deed.case_id)
    if reason := why_not_pass(deed.case, files, asked):
        raise Refused(reason)
    names = {file.position: file.name for file in files}
    compared = {
        "files": [
            {"name": names[each.position], "rows": each.rows, "variables": each.variables}
            for each in asked.files
            if each.position in names
        ],
        "ticks": sorted(str(tick.value) for tick in asked.ticks),
    }
    preparation_id = _judge(session, deed, passed=True, note="", compared=compared)
    return Outcome(
        f"{deed.case.files.files} berkas data lolos pemeriksaan petugas kedua.",
        changes={"files": replace(deed.case.files, checked_by=deed.actor.login)},
        subject_id=preparation_id,
    )


def return_data(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """Sends the files back to their maker with the reason."""
    again = Data.CORRECTING if deed.case.files.correction_due else Data.PREPARING
    preparation_id = None
    if deed.case.data is Data.PREPARED and deed.case.files.made_by != deed.actor.login:
        preparation_id = _judge(session, deed, passed=False, note=asked.reason)
    return Outcome(
        "Berkas data dikembalikan untuk disiapkan ulang.",
        asked.reason,
        moves=(again,),
        subject_id=preparation_id,
    )


def _judge(
    session: Session, deed: Deed, *, passed: bool, note: str, compared: Mapping[str, object] | None = None
) -> UUID:
    preparation_id: UUID = session.execute(
        text(
            "SELECT id FROM desk.preparation WHERE office_id = :office_id AND case_id = :case_id "
            "ORDER BY attempt DESC LIMIT 1"
        ),
        {"office_id": deed.office_id, "case_id": deed.case_id},
    ).scalar_one()
    session.execute(
        insert(PreparationCheck).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            preparation_id=preparation_id,
            made_by=deed.case.files.made_by,
            passed=passed,
            note=note,
            compared=compared or {},
        )
    )
    return preparation_id
