"""The templates of an office: which version holds for each kind of paper, what else there is, and how one comes in.

A version comes in by an administrator and holds only after somebody else activated it from a day on. The checks that
need Word and the paper engine are made before, on the slow lane; the database refuses bytes that do
not match their hash, and every change afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from desk.adapters.word_pictures import Picture
from desk.errors import Refused
from desk.models import NATIONAL, Template, TemplateActivation
from desk.rules.papers import PaperKind, example_context
from desk.rules.papers.kinds import TEMPLATE_FORMS, TemplateForm
from desk.services.papers import QR_MM, qr_png
from desk.services.sheets import SHEETS, background

_VERSIONS = text("""
SELECT t.office_id, t.id, t.kind, t.version, t.valid_from, octet_length(t.content) AS size, t.by,
  coalesce(p.name, '') AS name, t.at, coalesce(u.papers, 0) AS papers
FROM desk.template t LEFT JOIN desk.person p ON p.login = t.by
LEFT JOIN (SELECT template_id, count(*) AS papers FROM desk.document
  WHERE office_id = :office_id AND kind = 'paper' AND content_type = 'application/pdf' GROUP BY template_id) u
  ON u.template_id = t.id
WHERE t.office_id IN (0, :office_id)
ORDER BY t.kind, t.office_id = 0, t.version DESC
""")
_ACTIVATIONS = text("""
SELECT a.template_id, a.starts_on, a.by, coalesce(p.name, '') AS name, a.at
FROM desk.template_activation a LEFT JOIN desk.person p ON p.login = a.by
WHERE a.office_id = :office_id ORDER BY a.starts_on, a.at
""")
_IN_FORCE = text("""
SELECT k.kind, desk.template_on(:office_id, k.kind, desk.today(:office_id)) AS id
FROM unnest(CAST(:kinds AS text[])) AS k(kind)
""")
_OLD_PAPERS = text("""
SELECT d.case_id, d.subject_id, d.number, d.made_at, c.number AS case_number, c.customer_name, c.stage
FROM (
  SELECT DISTINCT ON (x.subject_id) x.case_id, x.subject_id, x.number, x.at AS made_at
  FROM desk.document x WHERE x.office_id = :office_id AND x.kind = 'paper' AND x.paper = :kind
    AND x.content_type = 'application/pdf'
  ORDER BY x.subject_id, x.copy
) d JOIN desk.cases c ON c.office_id = :office_id AND c.id = d.case_id
ORDER BY d.made_at DESC LIMIT 30
""")


class Standing(Enum):
    """How a version stands in an office today."""

    WAITING = "Menunggu pengaktifan"
    COMING = "Akan berlaku"
    IN_FORCE = "Berlaku"
    PAST = "Tidak berlaku lagi"


@dataclass(frozen=True, slots=True)
class Activation:
    """Somebody let a version hold from a day on; `name` is empty for what was in use before activations."""

    starts_on: date
    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One template of a kind; `papers` counts the sheets of the office that were made from it, `size` its bytes."""

    office_id: int
    id: UUID
    form: TemplateForm
    version: int
    size: int
    by: str
    name: str
    at: datetime
    standing: Standing
    since: date | None
    activated: Activation | None
    papers: int

    @property
    def national(self) -> bool:
        """Whether the program brought it."""
        return self.office_id == NATIONAL

    @property
    def title(self) -> str:
        """`Versi 3 kantor` or `Bawaan program, versi 1`."""
        return f"Bawaan program, versi {self.version}" if self.national else f"Versi {self.version} kantor"


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A template of one office: the version in force and all others, the newest first."""

    office_id: int
    form: TemplateForm
    in_force: Version | None
    versions: tuple[Version, ...]

    @property
    def id(self) -> str:
        """Which row of a list it is."""
        return f"{self.office_id}/{self.form.name}"

    def of(self, standing: Standing) -> tuple[Version, ...]:
        """The versions that stand like this."""
        return tuple(version for version in self.versions if version.standing is standing)


@dataclass(frozen=True, slots=True)
class OldPaper:
    """A sheet that the office once issued, to try a template on."""

    office_id: int
    kind: PaperKind
    case_id: UUID
    subject_id: UUID
    number: str
    case_number: str
    customer_name: str


def forms(session: Session, offices: Sequence[int]) -> list[FormEntry]:
    """Every template of these offices with its versions, in the order in which a case meets the papers."""
    found: list[FormEntry] = []
    by_name = {form.name: form for form in TEMPLATE_FORMS}
    for office_id in offices:
        today = session.execute(text("SELECT desk.today(:id)"), {"id": office_id}).scalar_one()
        in_force = {
            row.kind: row.id for row in session.execute(_IN_FORCE, {"office_id": office_id, "kinds": list(by_name)})
        }
        activations: dict[UUID, list[Activation]] = {}
        for row in session.execute(_ACTIVATIONS, {"office_id": office_id}):
            activations.setdefault(row.template_id, []).append(Activation(row.starts_on, row.by, row.name, row.at))
        versions: dict[str, list[Version]] = {name: [] for name in by_name}
        for row in session.execute(_VERSIONS, {"office_id": office_id}):
            if row.kind not in versions:  # brought by somebody else's program
                continue
            given = activations.get(row.id, [])
            started = [each for each in given if each.starts_on <= today]
            coming = [each for each in given if each.starts_on > today]
            holds = row.id == in_force[row.kind]
            activated = started[-1] if holds and started else coming[0] if coming else given[-1] if given else None
            if holds:
                standing = Standing.IN_FORCE
            elif coming:
                standing = Standing.COMING
            else:
                standing = Standing.PAST if given or row.office_id == NATIONAL else Standing.WAITING
            versions[row.kind].append(
                Version(
                    row.office_id,
                    row.id,
                    by_name[row.kind],
                    row.version,
                    row.size,
                    row.by,
                    row.name,
                    row.at,
                    standing,
                    activated.starts_on if activated else row.valid_from if row.office_id == NATIONAL else None,
                    activated,
                    row.papers,
                )
            )
        found += [
            FormEntry(
                office_id,
                form,
                next((each for each in versions[form.name] if each.standing is Standing.IN_FORCE), None),
                tuple(versions[form.name]),
            )
            for form in TEMPLATE_FORMS
        ]
    return found


def content(session: Session, version: Version) -> bytes:
    """The bytes of a version. Refused when it is not there, or not what was stored."""
    row = session.execute(
        text("SELECT content, sha256 FROM desk.template WHERE office_id = :office_id AND id = :id"),
        {"office_id": version.office_id, "id": version.id},
    ).one_or_none()
    if row is None:
        raise Refused("Templat ini tidak ditemukan lagi. Baca ulang daftarnya.")
    data = bytes(row.content)
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise Refused("Isi templat ini tidak cocok dengan sidik jarinya. Minta administrator memulihkan cadangan.")
    return data


def store(session: Session, office_id: int, form: TemplateForm, data: bytes, *, key: UUID) -> int:
    """Keeps a checked template as the next version of the office and gives its number; it waits for its activation.

    The same `key` gives the same version. Refused for bytes that the office has already;
    the shipped ones may come in as its own, which is how an office goes back to them.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = session.execute(
        text(
            "SELECT version FROM desk.template WHERE office_id = :office_id AND kind = :kind "
            "AND sha256 = :sha256 AND id <> :id ORDER BY version LIMIT 1"
        ),
        {"office_id": office_id, "kind": form.name, "sha256": sha256, "id": key},
    ).scalar_one_or_none()
    if known is not None:
        raise Refused(f"Berkas ini sama persis dengan versi {known}. Aktifkan versi itu, atau pilih berkas lain.")
    session.execute(
        insert(Template)
        .values(
            office_id=office_id, id=key, kind=form.name, version=0, valid_from=date.min, sha256=sha256, content=data
        )
        .on_conflict_do_nothing(index_elements=["office_id", "id"])
    )
    version = session.execute(
        text("SELECT version FROM desk.template WHERE office_id = :office_id AND id = :id"),
        {"office_id": office_id, "id": key},
    ).scalar_one()
    return int(version)


def activate(session: Session, office_id: int, template_id: UUID, starts_on: date, *, key: UUID) -> None:
    """Lets a version hold from a day on; the one who brought it may not. The same `key` does it once."""
    session.execute(
        insert(TemplateActivation)
        .values(office_id=office_id, id=key, template_id=template_id, uploaded_by="", starts_on=starts_on)
        .on_conflict_do_nothing(index_elements=["office_id", "id"])
    )


def old_papers(session: Session, office_id: int, kind: PaperKind) -> list[OldPaper]:
    """The last thirty papers of this kind that the office issued, the newest first; none for a case file."""
    if kind not in SHEETS:
        return []
    rows = session.execute(_OLD_PAPERS, {"office_id": office_id, "kind": kind.value})
    return [
        OldPaper(office_id, kind, row.case_id, row.subject_id, row.number, row.case_number, row.customer_name)
        for row in rows
    ]


def values_of(session: Session, paper: OldPaper) -> dict[str, object]:
    """What the first sheet of an old paper says, read back from the issued rows; no number is given."""
    of = background(session, paper.office_id, paper.case_id)
    return _with_code(dict(SHEETS[paper.kind](of, paper.subject_id)[0].context))


def example_values(kind: PaperKind) -> dict[str, object]:
    """The shipped example values of a kind, for an office that has not issued such a paper yet."""
    return _with_code(example_context(kind))


def _with_code(context: dict[str, object]) -> dict[str, object]:
    code = context.get("qr")
    return context if code is None else {**context, "qr": Picture(qr_png(str(code)), QR_MM)}
