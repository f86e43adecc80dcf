"""Personal data that is not needed any more: what is due, its erasing, and the record of it (UU 27/2022).

The sale itself stays: papers, scans of papers, and the row of every file with its hash. Erasing is one function of the
database, `desk.erase_expired`; no person can delete a byte in another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.dates import date_text, short_text
from desk.rules.papers.contexts import letterhead_fields
from desk.rules.papers.kinds import DESTRUCTION
from desk.rules.quantities import bytes_text
from desk.services.sheets import office_details

CLASSES = {
    "id_card": "kartu identitas",
    "proof": "bukti bayar",
    "incoming": "berkas masuk",
    "letter": "surat dari pengguna data",
}
"""The classes of files that may be erased, as screens and records call them."""

_DUE = text("""
SELECT x.*, c.number, c.customer_name FROM desk.expired_files(:office_id) x
JOIN desk.cases c ON c.office_id = :office_id AND c.id = x.case_id
""")
_RECORDS = text("""
SELECT d.id, d.number, d.erased_on, d.basis, d.witness, d.note, coalesce(p.name, d.by) AS name, d.by,
  (SELECT count(*) FROM desk.destroyed_file f WHERE f.office_id = d.office_id AND f.destruction_id = d.id) AS files
FROM desk.destruction d LEFT JOIN desk.person p ON p.login = d.by
WHERE d.office_id = :office_id ORDER BY d.at DESC, d.sequence DESC LIMIT 500
""")
_FILES = text("""
SELECT f.kind, f.name, f.size, f.sha256, f.ended_on, f.kept_days, c.number FROM desk.destroyed_file f
JOIN desk.cases c ON c.office_id = f.office_id AND c.id = f.case_id
WHERE f.office_id = :office_id AND f.destruction_id = :id ORDER BY c.number, f.name
""")


@dataclass(frozen=True, slots=True)
class DueFile:
    """A file that may be erased today; `kept_until` was its last day."""

    office_id: int
    id: UUID
    case_id: UUID
    case_number: str
    customer: str
    kind: str
    name: str
    size: int
    sha256: str
    ended_on: date
    kept_until: date

    @property
    def label(self) -> str:
        """The class of the file."""
        return CLASSES[self.kind]


@dataclass(frozen=True, slots=True)
class DestructionRecord:
    """One act of erasing."""

    office_id: int
    id: UUID
    number: str
    erased_on: date
    basis: str
    witness: str
    note: str
    name: str
    files: int


def due_files(session: Session, offices: Sequence[int]) -> list[DueFile]:
    """Everything that would be erased now, the oldest case first."""
    return [
        DueFile(
            office_id,
            row.document_id,
            row.case_id,
            row.number,
            row.customer_name,
            row.kind,
            row.name,
            row.size,
            row.sha256,
            row.ended_on,
            row.ended_on + timedelta(days=row.kept_days),
        )
        for office_id in offices
        for row in session.execute(_DUE, {"office_id": office_id})
    ]


def records(session: Session, offices: Sequence[int]) -> list[DestructionRecord]:
    """The destruction records of these offices, the newest first."""
    found = [
        DestructionRecord(
            office_id, row.id, row.number, row.erased_on, row.basis, row.witness, row.note, row.name, row.files
        )
        for office_id in offices
        for row in session.execute(_RECORDS, {"office_id": office_id})
    ]
    return sorted(found, key=lambda each: each.erased_on, reverse=True)


def erase(session: Session, office_id: int, files: Sequence[DueFile], witness: str, note: str, *, key: UUID) -> str:
    """Erases these files for good and gives the number of the record; Refused when one is not due any more."""
    if not files:
        raise Refused("Tidak ada berkas yang dipilih.")
    if not witness.strip():
        raise Refused("Nama saksi belum diisi; saksi ikut menandatangani berita acara.")
    return str(
        session.execute(
            text("SELECT desk.erase_expired(:office_id, :key, CAST(:ids AS uuid[]), :witness, :note)"),
            {
                "office_id": office_id,
                "key": key,
                "ids": [each.id for each in files],
                "witness": witness,
                "note": note,
            },
        ).scalar_one()
    )


def record_paper(session: Session, record: DestructionRecord) -> tuple[bytes, dict[str, object]]:
    """The Word template of the berita acara and its values. Refused where there is no template."""
    office_id = record.office_id
    template = session.execute(
        text(
            "SELECT content FROM desk.template WHERE office_id IN (0, :office_id) "
            "AND id = desk.template_on(:office_id, :kind, :day)"
        ),
        {"office_id": office_id, "kind": DESTRUCTION, "day": record.erased_on},
    ).scalar_one_or_none()
    if template is None:
        raise Refused("Templat berita acara pemusnahan belum ada. Minta administrator memperbarui basis data.")
    office = session.execute(
        text("SELECT code, name, profile FROM desk.office WHERE id = :id"), {"id": office_id}
    ).one()
    details = office_details(office.code, office.name, office.profile)
    files = session.execute(_FILES, {"office_id": office_id, "id": record.id}).all()
    return bytes(template), {
        **letterhead_fields(details),
        "nomor": record.number,
        "tanggal": date_text(record.erased_on),
        "tempat": details.city,
        "dasar": record.basis,
        "pelaksana": record.name,
        "saksi": record.witness,
        "keterangan": record.note,
        "jumlah_berkas": len(files),
        "berkas": [
            {
                "no": no,
                "permohonan": row.number,
                "jenis": CLASSES[row.kind],
                "nama": row.name,
                "ukuran": bytes_text(row.size),
                "sha256": row.sha256,
                "selesai": short_text(row.ended_on),
                "disimpan": f"{row.kept_days} hari",
            }
            for no, row in enumerate(files, 1)
        ],
    }


OPTIONAL = ("keterangan", "kop_alamat", "kop_kontak", "dasar", "tempat")
"""Values of the berita acara that may be empty."""
