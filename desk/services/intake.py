"""Intake and review: register, correct, examine, declare clear, send to consultation (standards, prosedur 1–2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from desk.errors import Overtaken, Refused
from desk.models import Case, CaseLine, Customer, FitDecision, Letter, Relief, ReliefDecision
from desk.rules.case import Fit, LineFacts, ReliefFacts
from desk.rules.dates import date_text
from desk.rules.deadlines import service_due
from desk.rules.deed import Deed, Outcome
from desk.rules.identifiers import read_phone
from desk.rules.inputs import (
    CustomerChange,
    FitDecisions,
    LineInput,
    Reason,
    Redirection,
    Registration,
    ReliefRequest,
    RequestChange,
    RequirementsCheck,
)
from desk.rules.papers import PaperKind
from desk.rules.relief import why_not_accept_relief
from desk.rules.rule_book import relief_in_force
from desk.services import documents, inbox
from desk.services.conversation import keep_message
from desk.services.rule_book import calendar_of, rules_for, rules_of


def register_case(session: Session, office_id: int, key: UUID, asked: Registration) -> str:
    """Writes a new request down and gives its number; `key` becomes the id of the case."""
    if not asked.name.strip():
        raise Refused("Nama pengguna data belum diisi.")
    customer_id = uuid4()
    session.execute(insert(Customer).values(office_id=office_id, id=customer_id, **_customer_values(asked)))
    number = session.execute(
        insert(Case)
        .values(
            office_id=office_id,
            id=key,
            customer_id=customer_id,
            customer_name=asked.name.strip(),
            institution=asked.institution.strip(),
            channel=asked.channel,
            abstract=asdict(asked.abstract),
        )
        .returning(Case.number)
    ).scalar_one()
    put_lines(session, office_id, key, asked.lines)
    for message in asked.messages:
        keep_message(session, office_id, key, asked.channel, message)
    if asked.mail_id is not None:
        inbox.answer(session, office_id, asked.mail_id, "registered", case_id=key)
    return str(number)


def change_request(session: Session, deed: Deed, asked: RequestChange) -> Outcome:
    """Replaces customer, abstraksi and lines; refused when a colleague has changed them since the form was opened."""
    case = deed.case
    if asked.version != case.version:
        raise Overtaken(
            "Permohonan ini sudah diubah rekan lain sejak formulir dibuka. Baca isi yang baru, lalu ulangi."
        )
    changes = _change_customer(session, deed, asked)
    session.execute(
        update(Case).where(Case.office_id == case.office_id, Case.id == case.id).values(abstract=asdict(asked.abstract))
    )
    changes["abstract"] = asked.abstract
    before = [LineInput(line.title, line.tariff, line.quantity, line.detail) for line in case.lines]
    after = [replace(line, catalogue_code="") for line in asked.lines]
    if before != after:
        session.execute(delete(CaseLine).where(CaseLine.office_id == case.office_id, CaseLine.case_id == case.id))
        changes["lines"] = put_lines(session, case.office_id, case.id, asked.lines)
    return Outcome("Permohonan diubah.", changes=changes)


def change_customer(session: Session, deed: Deed, asked: CustomerChange) -> Outcome:
    """Corrects the customer's card at any time; papers that were issued keep what they were issued with."""
    if asked.version != deed.case.customer_version:
        raise Overtaken(
            "Data pengguna ini sudah diubah rekan lain sejak formulir dibuka. Baca isi yang baru, lalu ulangi."
        )
    changes = _change_customer(session, deed, asked)
    return Outcome("Data pengguna diubah.", changes=changes)


def check_requirements(_session: Session, deed: Deed, check: RequirementsCheck) -> Outcome:
    """Keeps which requirements of the office's list are met."""
    needs = deed.case.needs
    if unknown := check.met - {need.code for need in needs}:
        raise Refused(f"Daftar persyaratan kantor sudah berubah ({', '.join(sorted(unknown))}). Buka formulirnya lagi.")
    after = replace(deed.case, requirements_met=check.met)
    words = f"; belum: {'; '.join(after.unmet())}" if after.unmet() else ""
    return Outcome(
        f"Persyaratan terpenuhi {len(check.met)} dari {len(needs)}{words}.",
        changes={"requirements_met": check.met},
    )


def decide_fit(session: Session, deed: Deed, decided: FitDecisions) -> Outcome:
    """Keeps the decision about each line with the sentence that supports it."""
    case = deed.case
    lines = {line.id: line for line in case.lines}
    unknown = [choice for choice in decided.decisions if choice.line_id not in lines]
    if unknown:
        raise Refused("Daftar data sudah berubah sejak formulir dibuka. Baca ulang, lalu putuskan lagi.")
    for choice in decided.decisions:
        if choice.fit is not Fit.UNDECIDED and not choice.reason.strip():
            raise Refused(f"Alasan untuk “{lines[choice.line_id].title}” belum ada; kutip kalimat abstraksinya.")
    for choice in decided.decisions:
        session.execute(
            update(CaseLine)
            .where(CaseLine.office_id == case.office_id, CaseLine.id == choice.line_id)
            .values(fit=choice.fit, fit_reason=choice.reason.strip())
        )
        lines[choice.line_id] = replace(lines[choice.line_id], fit=choice.fit, fit_reason=choice.reason.strip())
    session.execute(
        insert(FitDecision),
        [
            {
                "office_id": case.office_id,
                "id": uuid4(),
                "case_id": case.id,
                "line_id": choice.line_id,
                "line_title": lines[choice.line_id].title,
                "fit": choice.fit,
                "reason": choice.reason.strip(),
            }
            for choice in decided.decisions
        ],
    )
    counted = ", ".join(
        f"{count} {fit.label}" for fit in Fit if (count := sum(1 for line in lines.values() if line.fit is fit))
    )
    return Outcome(f"Kesesuaian diputuskan: {counted}.", changes={"lines": tuple(lines.values())})


def declare_clear(session: Session, deed: Deed, _asked: None) -> Outcome:
    """States that the request is clear; the service days run from today (standards, waktu penyelesaian)."""
    today = deed.case.today
    due = service_due(today, rules_of(session, deed.case).service_days, calendar_of(session, deed.case))
    dropped = [line for line in deed.case.lines if line.fit is Fit.DOES_NOT]
    how = f" dengan perubahan ({len(dropped)} baris tidak sesuai dan tidak dilayani)" if dropped else ""
    return Outcome(
        f"Permintaan dinyatakan clear{how}; dilayani paling lambat {date_text(due.on)}.",
        "; ".join(f"Tidak sesuai: {line.title} ({line.fit_reason})" for line in dropped),
        changes={"clear_on": today, "service_due": due.on, "service_due_why": due.sentence},
    )


def redirect_case(session: Session, deed: Deed, asked: Redirection) -> Outcome:
    """Sends the customer to statistical consultation and keeps the case linked to it."""
    link = asked.link.strip()
    number = write_letter(session, deed, PaperKind.REDIRECT, {"note": asked.reason, "link": link})
    where = f" Konsultasi: {link}." if link else ""
    return Outcome(
        f"Dialihkan ke konsultasi statistik dengan surat {number}.{where}",
        asked.reason,
        changes={"numbered": True, "consultation": link},
    )


def return_from_consultation(_session: Session, _deed: Deed, asked: Reason) -> Outcome:
    """Takes the case back to the desk after the consultation."""
    return Outcome("Kembali dari konsultasi statistik.", asked.reason)


def request_relief(session: Session, deed: Deed, asked: ReliefRequest) -> Outcome:
    """Asks the supervisor for nol rupiah; not a price of zero but a decision."""
    rule = relief_in_force(rules_for(session, deed.case), deed.case.today, deed.office_id)
    if reason := why_not_accept_relief(asked, rule, deed.case.today):
        raise Refused(reason)
    relief_id = uuid4()
    document_id = None
    if asked.letter is not None:
        document_id = documents.store(
            session,
            deed.office_id,
            deed.case_id,
            asked.letter,
            kind="incoming",
            title="Surat permohonan nol rupiah",
            subject_id=relief_id,
        )
    session.execute(
        insert(Relief).values(
            office_id=deed.office_id,
            id=relief_id,
            case_id=deed.case_id,
            recipient=asked.recipient,
            purpose=asked.purpose,
            letter_number=asked.letter_number.strip(),
            letter_date=asked.letter_date,
            percent=asked.percent,
            basis=rule.basis,
            document_id=document_id,
        )
    )
    return Outcome(
        f"Nol rupiah {asked.percent}% dimohonkan dengan surat {asked.letter_number.strip()}.",
        changes={"relief": ReliefFacts(relief_id, asked.percent, deed.actor.login)},
        subject_id=relief_id,
    )


def approve_relief(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """The supervisor grants nol rupiah."""
    return _decide_relief(session, deed, asked, approved=True)


def reject_relief(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """The supervisor refuses nol rupiah; the ordinary tariff holds."""
    return _decide_relief(session, deed, asked, approved=False)


# what several deeds need


def write_letter(session: Session, deed: Deed, kind: PaperKind, details: dict[str, object]) -> str:
    """Gives a letter of the case its number in the office's register; the sheet is made afterwards."""
    return str(
        session.execute(
            insert(Letter)
            .values(office_id=deed.office_id, id=uuid4(), case_id=deed.case_id, kind=kind.value, details=details)
            .returning(Letter.number)
        ).scalar_one()
    )


def _decide_relief(session: Session, deed: Deed, asked: Reason, *, approved: bool) -> Outcome:
    relief = deed.case.relief
    assert relief is not None, "the rule has seen an open application"
    session.execute(
        insert(ReliefDecision).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            relief_id=relief.id,
            requested_by=relief.requested_by,
            approved=approved,
            reason=asked.reason,
        )
    )
    words = f"Nol rupiah {relief.percent}% " + ("disetujui." if approved else "ditolak; berlaku tarif biasa.")
    return Outcome(words, asked.reason, changes={"relief": replace(relief, approved=approved)}, subject_id=relief.id)


def _change_customer(session: Session, deed: Deed, asked: CustomerChange) -> dict[str, object]:
    """Writes the card and the names that lists show; gives the facts that changed."""
    if not asked.name.strip():
        raise Refused("Nama pengguna data belum diisi.")
    case = deed.case
    values = _customer_values(asked)
    customer_id = select(Case.customer_id).where(Case.office_id == case.office_id, Case.id == case.id)
    changed = session.execute(
        update(Customer)
        .where(
            Customer.office_id == case.office_id,
            Customer.id == customer_id.scalar_subquery(),
            Customer.row_version == case.customer_version,
        )
        .values(**values)
        .returning(Customer.row_version)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:  # the card was changed between reading and writing, outside of this case
        raise Refused("Data pengguna ini baru saja diubah rekan lain. Baca isi yang baru, lalu ulangi.")
    session.execute(
        update(Case)
        .where(Case.office_id == case.office_id, Case.id == case.id)
        .values(customer_name=values["name"], institution=values["institution"])
    )
    return {
        "customer_name": values["name"],
        "customer_version": case.customer_version + 1,
        "identified": values["id_number"] != "",
        **{key: values[key] for key in ("institution", "customer_class", "email", "phone", "address")},
    }


def _customer_values(asked: Registration | CustomerChange) -> dict[str, object]:
    read = read_phone(asked.phone) if asked.phone.strip() else None
    return {
        "name": asked.name.strip(),
        "customer_class": asked.customer_class,
        "institution": asked.institution.strip(),
        "position": asked.position.strip(),
        "email": asked.email.strip(),
        "phone": (read.normalized or asked.phone.strip()) if read else "",
        "address": asked.address.strip(),
        "id_number": asked.id_number.strip(),
        "npwp": asked.npwp.strip(),
    }


def put_lines(
    session: Session, office_id: int, case_id: UUID, lines: Sequence[LineInput], *, first: int = 1
) -> tuple[LineFacts, ...]:
    """Writes requested items, the first at position `first`; Refused for one without name or amount."""
    for line in lines:
        if not line.title.strip():
            raise Refused("Ada baris data tanpa nama; isi atau hapus baris itu.")
        if line.quantity <= 0:
            raise Refused(f"Jumlah untuk “{line.title}” harus lebih dari nol.")
    facts = tuple(
        LineFacts(uuid4(), position, line.title.strip(), line.tariff, line.quantity, Fit.UNDECIDED, "", line.detail)
        for position, line in enumerate(lines, start=first)
    )
    if facts:
        session.execute(
            insert(CaseLine),
            [
                {
                    "office_id": office_id,
                    "id": fact.id,
                    "case_id": case_id,
                    "position": fact.position,
                    "title": fact.title,
                    "detail": line.detail.strip(),
                    "catalogue_code": line.catalogue_code,
                    "tariff": line.tariff,
                    "quantity": line.quantity,
                }
                for fact, line in zip(facts, lines, strict=True)
            ],
        )
    return facts
