"""Two requests that are one become one; one request that is two becomes two. Both stories stay where they are."""

from __future__ import annotations

from dataclasses import asdict, replace
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, text, update
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Case, CaseLine, CaseLink
from desk.rules.case import Abstract, CaseFacts, Stage
from desk.rules.deed import Companion, Deed, Outcome
from desk.rules.inputs import JoinedCase, LineInput, MergeInput, SplitInput
from desk.rules.intake import lines_to_add, why_not_merge_into
from desk.rules.numbering import find_case_number
from desk.services.case_file import facts
from desk.services.intake import put_lines

_OTHER = text("SELECT id FROM desk.cases WHERE office_id = :office_id AND number = :number FOR NO KEY UPDATE")
_CUSTOMER = text("SELECT customer_id FROM desk.cases WHERE office_id = :office_id AND id = :case_id")
_CODES = text("SELECT id, catalogue_code FROM desk.case_line WHERE office_id = :office_id AND case_id = :case_id")


def merge_case(session: Session, deed: Deed, asked: MergeInput) -> Outcome:
    """This case goes into another one of the office, which takes over what it lacks and shows its conversation."""
    case = deed.case
    other = _other(session, deed.office_id, asked.number)
    if reason := why_not_merge_into(case, other):
        raise Refused(reason)
    if not asked.reason.strip():
        raise Refused("Alasan belum ditulis; alasan itu tersimpan di riwayat kedua permohonan.")
    new = lines_to_add(case, other)
    changes: dict[str, object] = {}
    if new:
        codes = {row.id: row.catalogue_code for row in session.execute(_CODES, _of(case))}
        added = put_lines(
            session,
            other.office_id,
            other.id,
            [LineInput(line.title, line.tariff, line.quantity, line.detail, codes[line.id]) for line in new],
            first=len(other.lines) + 1,
        )
        changes["lines"] = (*other.lines, *added)
    whole = _filled(other.abstract, case.abstract)
    if other.stage is Stage.NEW and whole != other.abstract:
        session.execute(
            update(Case).where(Case.office_id == other.office_id, Case.id == other.id).values(abstract=asdict(whole))
        )
        changes["abstract"] = whole
    _link(session, deed, other.id, "merged", asked.reason)
    more = f" {len(new)} baris datanya ikut." if new else ""
    taken = Outcome(
        f"Permohonan {case.number} ({case.customer_name}) digabungkan ke sini; percakapan dan berkasnya terlihat di "
        f"sini.{more}",
        asked.reason,
        changes=changes,
        subject_id=case.id,
    )
    return Outcome(
        f"Digabungkan ke permohonan {other.number} ({other.customer_name}); dilanjutkan di sana.",
        asked.reason,
        subject_id=other.id,
        companions=(Companion(other, "take_in_case", taken),),
    )


def split_case(session: Session, deed: Deed, asked: SplitInput) -> Outcome:
    """Some lines become a request of their own, of the same customer, with the conversation up to now."""
    case = deed.case
    going = tuple(line for line in case.lines if line.id in asked.lines)
    if len(going) != len(asked.lines):
        raise Refused("Daftar data sudah berubah sejak formulir dibuka. Baca ulang, lalu pilih lagi.")
    if not going or len(going) == len(case.lines):
        raise Refused("Pilih sedikitnya satu baris untuk dipisah, dan sisakan sedikitnya satu di permohonan ini.")
    if not asked.reason.strip():
        raise Refused("Alasan belum ditulis; alasan itu tersimpan di riwayat kedua permohonan.")
    if any(question.line_title in {line.title for line in going} for question in case.questions):
        raise Refused("Seksi masih ditanya tentang baris itu. Catat jawabannya atau tarik pertanyaannya dahulu.")
    new_id = uuid4()
    number = session.execute(
        insert(Case)
        .values(
            office_id=case.office_id,
            id=new_id,
            customer_id=session.execute(_CUSTOMER, _of(case)).scalar_one(),
            customer_name=case.customer_name,
            institution=case.institution,
            channel=case.channel,
            abstract=asdict(case.abstract),
        )
        .returning(Case.number)
    ).scalar_one()
    codes = {row.id: row.catalogue_code for row in session.execute(_CODES, _of(case))}
    put_lines(
        session,
        case.office_id,
        new_id,
        [LineInput(line.title, line.tariff, line.quantity, line.detail, codes[line.id]) for line in going],
    )
    session.execute(
        delete(CaseLine).where(CaseLine.office_id == case.office_id, CaseLine.id.in_([line.id for line in going]))
    )
    _link(session, deed, new_id, "split", asked.reason)
    titles = "; ".join(line.title for line in going)
    begun = Outcome(
        f"Permohonan {number} dipisah dari {case.number} ({titles}); percakapan sampai saat ini ikut terlihat di sini.",
        asked.reason,
        subject_id=case.id,
    )
    return Outcome(
        f"{len(going)} baris dipisah menjadi permohonan {number}: {titles}.",
        asked.reason,
        changes={"lines": tuple(line for line in case.lines if line not in going)},
        subject_id=new_id,
        companions=(Companion(facts(session, case.office_id, new_id), "split_off_case", begun),),
    )


def only_with_another(_session: Session, _deed: Deed, _asked: JoinedCase) -> Outcome:
    """Nobody does this alone: it is the other side of a merge or a split."""
    raise Refused("Ini dicatat program saat permohonan digabungkan atau dipisah, dan tidak dapat dilakukan tersendiri.")


def _other(session: Session, office_id: int, typed: str) -> CaseFacts:
    number = find_case_number(typed) or typed.strip()
    other = session.execute(_OTHER, {"office_id": office_id, "number": number}).scalar_one_or_none()
    if other is None:
        raise Refused(f"Permohonan “{number}” tidak ada di kantor ini. Periksa nomornya.")
    return facts(session, office_id, other)


def _filled(kept: Abstract, other: Abstract) -> Abstract:
    """The abstraksi with its empty parts taken from the other one."""
    parts = {name: getattr(other, name) for name in asdict(kept) if not getattr(kept, name).strip()}
    return replace(kept, **parts)


def _link(session: Session, deed: Deed, other_id: UUID, kind: str, reason: str) -> None:
    session.execute(
        insert(CaseLink).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            other_case_id=other_id,
            kind=kind,
            reason=reason.strip(),
        )
    )


def _of(case: CaseFacts) -> dict[str, object]:
    return {"office_id": case.office_id, "case_id": case.id}
