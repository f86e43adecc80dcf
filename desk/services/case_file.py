"""Everything about one case: the facts that rules judge, and the view that a screen shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.attempts import Attempt
from desk.rules.case import (
    STANDARD_NEEDS,
    About,
    Abstract,
    AgreementFacts,
    BillingFacts,
    CaseFacts,
    Channel,
    CustomerClass,
    Data,
    DataFacts,
    Fit,
    Holder,
    InvoiceFacts,
    LateCorrectionFacts,
    LineFacts,
    MailTrouble,
    MessageKind,
    Money,
    MoneyFacts,
    Moved,
    Need,
    Original,
    OverrideFacts,
    Product,
    ReliefFacts,
    Reminded,
    ResultsFacts,
    ResultsWord,
    Section,
    SectionQuestion,
    Stage,
    TaskFacts,
)
from desk.rules.changes import CopiedRequest
from desk.rules.claims import ABOUT_THE_HOLDER
from desk.rules.clocks import service_clock
from desk.rules.intake import TAKES_UP
from desk.rules.office_hours import AHEAD_DAYS, Warned
from desk.rules.papers import PaperKind
from desk.rules.printing import failure_sentence, print_sentence
from desk.rules.reminders import ladders
from desk.services.attempts import ATTEMPTS, told_attempts
from desk.services.custody import HOLDERS
from desk.services.custody import told as told_holders
from desk.services.joined import LAST_COPY, LINKS, LinkEntry, told_copy, told_links
from desk.services.rule_book import calendar_of, rules_of

_FACTS = text("""
SELECT c.number, c.stage, c.money, c.original, c.data, c.customer_name, c.institution, c.channel, c.registered_at,
  c.row_version, c.abstract, c.requirements, c.clear_on, c.service_due, c.service_due_why, c.correction_due,
  c.address_confirmed, o.code AS office_code, desk.today(c.office_id) AS today, w.warned, w.soon,
  (SELECT jsonb_build_object('login', p.login, 'name', p.name, 'until', c.claimed_until AT TIME ZONE o.zone)
   FROM desk.person p WHERE p.login = c.claimed_by AND c.claimed_until > desk.now()) AS holder,
  k.customer_class, k.address, k.email, k.phone, k.id_number <> '' AS identified,
  k.row_version AS customer_version,
  coalesce(o.profile#>>'{head,name}', '') <> '' AS office_signs,
  coalesce(o.profile#>>'{account,number}', '') <> '' AS office_account,
  coalesce(desk.rule_value(c.office_id, 'sppd_countersigned', desk.today(c.office_id)) = 'true'::jsonb, false)
    AS office_countersigns,
  (SELECT md5(string_agg(concat(r.office_id, r.key, r.valid_from, r.value), ''
     ORDER BY r.office_id, r.key, r.valid_from)) FROM desk.rule r
   WHERE r.office_id IN (0, c.office_id)) AS rule_book,
  (SELECT md5(string_agg(concat(h.office_id, h.day, h.name, h.kind), '' ORDER BY h.office_id, h.day))
   FROM desk.holiday h WHERE h.office_id IN (0, c.office_id)) AS calendar,
  (SELECT jsonb_agg(jsonb_build_object('on', (v.at AT TIME ZONE o.zone)::date, 'after', v.after) ORDER BY v.position)
   FROM desk.event v WHERE v.office_id = c.office_id AND v.case_id = c.id AND v.after <> v.before) AS moves,
  (SELECT jsonb_agg(jsonb_build_object('id', l.id, 'position', l.position, 'title', l.title, 'detail', l.detail,
     'tariff', l.tariff, 'quantity', l.quantity, 'fit', l.fit, 'fit_reason', l.fit_reason) ORDER BY l.position)
   FROM desk.case_line l WHERE l.office_id = c.office_id AND l.case_id = c.id) AS lines,
  i.id AS invoice_id, i.number AS invoice_number, i.total, i.issued_on AS invoice_on, i.valid_until,
  i.by AS issued_by, i.payment_code,
  a.id AS agreement_id, a.number AS agreement_number, a.year AS agreement_year, a.sequence AS agreement_sequence,
  a.issued_on AS agreement_on, a.copies,
  (SELECT max(u.on_day) FROM desk.custody u WHERE u.office_id = c.office_id AND u.case_id = c.id
   AND u.agreement_id = a.id AND u.step = 'posted') AS posted_on,
  (SELECT jsonb_agg(jsonb_build_object('about', m.about, 'rung', m.rung, 'since', m.since, 'on', m.on_day)
     ORDER BY m.at, m.on_day, m.about) FROM desk.reminder m
   WHERE m.office_id = c.office_id AND m.case_id = c.id) AS reminders,
  (SELECT jsonb_object_agg(s.copy, s.step) FROM (
     SELECT DISTINCT ON (u.copy) u.copy, u.step FROM desk.custody u
     WHERE u.office_id = c.office_id AND u.case_id = c.id AND u.agreement_id = a.id
     ORDER BY u.copy, u.position DESC) s) AS copy_states,
  p.amount AS proof_amount, p.paid_on AS proof_paid_on, p.by AS proof_by, p.reference AS proof_reference,
  (SELECT jsonb_agg(jsonb_build_object('id', b.id, 'code', b.code, 'amount', b.amount, 'expires_on', b.expires_on)
     ORDER BY b.no DESC) FROM desk.billing_code b WHERE b.office_id = c.office_id AND b.case_id = c.id
     AND NOT EXISTS (SELECT FROM desk.billing_code n WHERE n.office_id = b.office_id AND n.case_id = b.case_id
       AND n.code = b.code AND n.no > b.no)) AS billing,
  (desk.rule_value(c.office_id, 'second_confirmation_above', desk.today(c.office_id)) #>> '{}')::bigint AS second_above,
  (SELECT v.by FROM desk.payment_approval v WHERE v.office_id = c.office_id AND v.payment_id = y.id) AS approved_by,
  y.id AS payment_id, y.amount AS payment_amount, y.received_on, y.by AS confirmed_by,
  r.id AS receipt_id, r.number AS receipt_number,
  EXISTS (SELECT FROM desk.document d WHERE d.office_id = c.office_id AND d.case_id = c.id AND d.kind = 'scan'
          AND d.subject_id = r.id) AS receipt_scanned,
  e.id AS relief_id, e.percent, e.by AS requested_by, e.approved,
  f.version AS data_version, f.by AS made_by, f.files, f.checked_by,
  (SELECT count(*) FROM desk.delivery v WHERE v.office_id = c.office_id AND v.case_id = c.id) AS deliveries,
  (SELECT max(v.delivered_on) FROM desk.delivery v WHERE v.office_id = c.office_id
   AND v.case_id = c.id) AS delivered_on,
  (SELECT x.reason FROM desk.delivery v LEFT JOIN desk.delivery_failure x ON x.office_id = v.office_id
     AND x.delivery_id = v.id WHERE v.office_id = c.office_id AND v.case_id = c.id
   ORDER BY v.sequence DESC LIMIT 1) AS delivery_failed,
  (SELECT v.check_until FROM desk.delivery v WHERE v.office_id = c.office_id AND v.case_id = c.id
   ORDER BY v.sequence DESC LIMIT 1) AS check_until,
  (SELECT jsonb_build_object('id', n.id, 'asked_on', n.asked_on, 'wrong', n.wrong, 'origin', n.origin,
     'receipt_number', n.receipt_number, 'line_id', n.line_id, 'allowed', x.allowed)
   FROM desk.late_correction n LEFT JOIN desk.late_correction_decision x
     ON x.office_id = n.office_id AND x.late_correction_id = n.id
   WHERE n.office_id = c.office_id AND n.case_id = c.id AND n.delivery_id = (
     SELECT v.id FROM desk.delivery v WHERE v.office_id = c.office_id AND v.case_id = c.id
     ORDER BY v.sequence DESC LIMIT 1)
   ORDER BY x.allowed IS NULL DESC, n.at DESC, x.allowed DESC LIMIT 1) AS late,
  (SELECT jsonb_build_object('due_on', min(v.results_due), 'word', w.kind, 'on', w.on_day)
   FROM desk.delivery v LEFT JOIN LATERAL (
     SELECT n.kind, n.on_day FROM desk.results_note n WHERE n.office_id = c.office_id AND n.case_id = c.id
     ORDER BY n.kind = 'reminded', n.at DESC LIMIT 1) w ON true
   WHERE v.office_id = c.office_id AND v.case_id = c.id AND v.results_due IS NOT NULL
   GROUP BY w.kind, w.on_day) AS results,
  coalesce(desk.rule_value(c.office_id, 'sample_with_invoice', desk.today(c.office_id)) = 'true'::jsonb, false)
    AS sample_allowed,
  (SELECT d.title FROM desk.document d WHERE d.office_id = c.office_id AND d.case_id = c.id AND d.kind = 'sample'
   ORDER BY d.at DESC, d.name LIMIT 1) AS sample,
  CASE WHEN c.data <> 'none' THEN (
    SELECT jsonb_agg(jsonb_build_object('product', t.product, 'code', t.code, 'label', t.label, 'by', t.done_by,
      'on', (t.done_at AT TIME ZONE o.zone)::date))
    FROM desk.preparation_tasks(c.office_id, c.id) t) END AS tasks,
  (SELECT g.by FROM desk.gate_override g WHERE g.office_id = c.office_id AND g.case_id = c.id
   ORDER BY g.at DESC LIMIT 1) AS override_by,
  (SELECT jsonb_build_object('id', n.id, 'reason', n.reason, 'asked_by', n.by, 'refused', coalesce(x.reason, ''))
   FROM desk.override_request n LEFT JOIN desk.override_refusal x ON x.office_id = n.office_id AND x.request_id = n.id
   WHERE n.office_id = c.office_id AND n.case_id = c.id
   ORDER BY n.at DESC, x.id IS NULL DESC LIMIT 1) AS override_asked,
  (SELECT count(DISTINCT d.paper) = 2 FROM desk.document d WHERE d.office_id = c.office_id AND d.case_id = c.id
   AND d.kind = 'paper' AND d.subject_id IN (i.id, a.id)) AS papers_ready,
  (SELECT jsonb_build_object('id', g.id, 'kind', s.kind, 'reason', s.reason, 'to', array_to_string(g.recipients, ', '),
     'subject', m.subject)
   FROM desk.outgoing_mail g
   JOIN LATERAL (SELECT x.kind, x.reason FROM desk.outgoing_step x WHERE x.office_id = g.office_id
                 AND x.outgoing_id = g.id ORDER BY x.position DESC LIMIT 1) s ON true
   JOIN desk.message m ON m.office_id = g.office_id AND m.id = g.message
   WHERE g.office_id = c.office_id AND g.case_id = c.id AND s.kind IN ('refused', 'unsure', 'bounced')
   ORDER BY g.at DESC, g.id LIMIT 1) AS mail_trouble,
  (SELECT EXISTS (SELECT FROM desk.invoice n WHERE n.office_id = c.office_id AND n.case_id = c.id) OR EXISTS (
     SELECT FROM desk.letter n WHERE n.office_id = c.office_id AND n.case_id = c.id)) AS numbered,
  desk.rule_value(c.office_id, 'requirements', desk.today(c.office_id)) AS needs,
  (SELECT jsonb_agg(jsonb_build_object('id', q.id, 'section', q.section, 'line_title', q.line_title,
     'question', q.question, 'due_on', q.due_on, 'asked_on', (q.at AT TIME ZONE o.zone)::date, 'asked_by', q.by)
     ORDER BY q.due_on, q.id::text)
   FROM desk.section_question q WHERE q.office_id = c.office_id AND q.case_id = c.id AND NOT EXISTS (
     SELECT FROM desk.section_answer x WHERE x.office_id = q.office_id AND x.question_id = q.id)) AS questions,
  (SELECT (w.at AT TIME ZONE o.zone)::date FROM (
     SELECT v.at, v.action FROM desk.event v WHERE v.office_id = c.office_id AND v.case_id = c.id
     AND v.action = ANY (:returning) ORDER BY v.position DESC LIMIT 1) w
   WHERE w.action = 'return_request' AND c.stage = 'new') AS returned_on,
  (SELECT n.details->>'link' FROM desk.letter n WHERE n.office_id = c.office_id AND n.case_id = c.id
   AND n.kind = 'redirect' ORDER BY n.year DESC, n.sequence DESC LIMIT 1) AS consultation,
  (SELECT v.action = 'take_mail' FROM desk.event v WHERE v.office_id = c.office_id AND v.case_id = c.id
   AND v.action <> ALL (:about_the_holder) ORDER BY v.position DESC LIMIT 1) AS new_mail,
  (SELECT jsonb_build_object('sentence', v.sentence, 'action', v.action, 'by', v.by, 'case_id', v.case_id,
     'subject_id', v.result->>'subject_id')
   FROM desk.event v WHERE v.office_id = c.office_id AND v.id = :key) AS done
FROM desk.cases c
JOIN desk.office o ON o.id = c.office_id
JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
CROSS JOIN LATERAL (
  SELECT d.day AS warned, desk.add_working_days(o.id, d.day, :ahead) AS soon
  FROM (SELECT desk.warning_day(o.id) AS day OFFSET 0) d) w
LEFT JOIN LATERAL (
  SELECT * FROM desk.invoice n WHERE n.office_id = c.office_id AND n.case_id = c.id
  AND NOT EXISTS (SELECT FROM desk.invoice_end x WHERE x.office_id = n.office_id AND x.invoice_id = n.id
                  AND x.kind IN ('void', 'replaced'))
  ORDER BY n.year DESC, n.sequence DESC LIMIT 1) i ON true
LEFT JOIN LATERAL (
  SELECT * FROM desk.agreement n WHERE n.office_id = c.office_id AND n.case_id = c.id AND c.original <> 'none'
  AND NOT EXISTS (SELECT FROM desk.invoice_end x WHERE x.office_id = n.office_id AND x.invoice_id = n.invoice_id
                  AND x.kind = 'void')
  ORDER BY n.year DESC, n.sequence DESC LIMIT 1) a ON true
LEFT JOIN LATERAL (
  SELECT * FROM desk.payment_proof n WHERE n.office_id = c.office_id AND n.case_id = c.id
  AND NOT EXISTS (SELECT FROM desk.proof_rejection x WHERE x.office_id = n.office_id AND x.proof_id = n.id)
  ORDER BY n.at DESC LIMIT 1) p ON true
LEFT JOIN LATERAL (
  SELECT * FROM desk.payment n WHERE n.office_id = c.office_id AND n.case_id = c.id
  AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = n.office_id AND x.payment_id = n.id)
  ORDER BY n.at DESC LIMIT 1) y ON true
LEFT JOIN LATERAL (
  SELECT * FROM desk.receipt n WHERE n.office_id = c.office_id AND n.payment_id = y.id AND n.case_id = c.id
  AND NOT EXISTS (SELECT FROM desk.receipt_void x WHERE x.office_id = n.office_id AND x.receipt_id = n.id)
  ORDER BY n.year DESC, n.sequence DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (
  SELECT n.id, n.percent, n.by, x.approved FROM desk.relief n
  LEFT JOIN desk.relief_decision x ON x.office_id = n.office_id AND x.relief_id = n.id
  WHERE n.office_id = c.office_id AND n.case_id = c.id
  ORDER BY n.at DESC, x.approved IS NULL DESC, x.approved DESC LIMIT 1) e ON true
LEFT JOIN LATERAL (
  SELECT n.version, n.by,
    (SELECT count(*) FROM desk.prepared_file q WHERE q.office_id = n.office_id AND q.preparation_id = n.id) AS files,
    (SELECT x.by FROM desk.preparation_check x WHERE x.office_id = n.office_id AND x.preparation_id = n.id
     AND x.passed) AS checked_by
  FROM desk.preparation n WHERE n.office_id = c.office_id AND n.case_id = c.id
  ORDER BY n.attempt DESC LIMIT 1) f ON true
WHERE c.office_id = :office_id AND c.id = :case_id
""")

NO_KEY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """What the same key did before."""

    sentence: str
    action: str
    by: str
    case_id: UUID
    subject_id: UUID | None


def facts(session: Session, office_id: int, case_id: UUID) -> CaseFacts:
    """The frozen facts of a case as they are now, in one query; Refused when it is not in an office of this person."""
    return facts_and_done(session, office_id, case_id, NO_KEY)[0]


def facts_and_done(session: Session, office_id: int, case_id: UUID, key: UUID) -> tuple[CaseFacts, AlreadyDone | None]:
    """The facts, and what the deed with this key did when it was already done; one query."""
    asked = {
        "office_id": office_id,
        "case_id": case_id,
        "key": key,
        "about_the_holder": sorted(ABOUT_THE_HOLDER),
        "returning": ["return_request", *TAKES_UP],
        "ahead": AHEAD_DAYS,
    }
    row = session.execute(_FACTS, asked).mappings().one_or_none()
    if row is None:
        raise Refused("Permohonan tidak ditemukan di kantor Anda.")
    done = row["done"]
    already = None
    if done is not None:
        subject = done["subject_id"]
        already = AlreadyDone(
            done["sentence"], done["action"], done["by"], UUID(done["case_id"]), UUID(subject) if subject else None
        )
    return with_clock(session, _facts_of(office_id, case_id, row)), already


def with_clock(session: Session, case: CaseFacts) -> CaseFacts:
    """These facts with the clock of the service promise and the reminders as they stand after the last deed."""
    if case.clear_on is None or case.service_due is None:
        return case
    in_force, days_off = rules_of(session, case), calendar_of(session, case)
    stops = in_force.service_clock_stops
    clock = service_clock(case.clear_on, case.service_due, case.moves, stops, days_off, case.today)
    awaited = ladders(case, in_force.proof_reminder_calendar_days, in_force.original_reminder_calendar_days, days_off)
    return replace(case, service=clock, ladders=awaited, signer=in_force.signer_for(case.customer_class))


def _facts_of(office_id: int, case_id: UUID, row: Any) -> CaseFacts:
    return CaseFacts(
        office_id=office_id,
        office_code=row["office_code"],
        id=case_id,
        number=row["number"],
        today=row["today"],
        stage=Stage.of(row["stage"]),
        money=Money.of(row["money"]),
        original=Original.of(row["original"]),
        data=Data.of(row["data"]),
        customer_name=row["customer_name"],
        institution=row["institution"],
        customer_class=CustomerClass.of(row["customer_class"]),
        channel=Channel.of(row["channel"]),
        address=row["address"],
        email=row["email"],
        phone=row["phone"],
        registered_at=row["registered_at"],
        version=row["row_version"],
        customer_version=row["customer_version"],
        abstract=Abstract(**row["abstract"]),
        needs=_needs_of(row["needs"]),
        requirements_met=frozenset(row["requirements"]),
        lines=tuple(_line_of(line) for line in row["lines"] or ()),
        clear_on=row["clear_on"],
        service_due=row["service_due"],
        service_due_why=row["service_due_why"],
        moves=tuple(_move_of(move) for move in row["moves"] or ()),
        invoice=_invoice_of(row),
        agreement=_agreement_of(row),
        payment=MoneyFacts(
            proof_amount=row["proof_amount"],
            proof_paid_on=row["proof_paid_on"],
            proof_by=row["proof_by"],
            proof_reference=row["proof_reference"] or "",
            payment_id=row["payment_id"],
            payment_amount=row["payment_amount"],
            payment_on=row["received_on"],
            confirmed_by=row["confirmed_by"],
            receipt_id=row["receipt_id"],
            receipt_number=row["receipt_number"],
            receipt_scanned=row["receipt_scanned"],
            approved_by=row["approved_by"],
        ),
        billing=tuple(_billing_of(code) for code in row["billing"] or ()),
        files=DataFacts(
            version=row["data_version"] or 0,
            files=row["files"] or 0,
            made_by=row["made_by"],
            checked_by=row["checked_by"],
            deliveries=row["deliveries"],
            delivered_on=row["delivered_on"],
            correction_due=row["correction_due"],
            failed=row["delivery_failed"] or "",
            check_until=row["check_until"],
        ),
        sample_allowed=row["sample_allowed"],
        sample=row["sample"] or "",
        tasks=tuple(_task_of(task) for task in row["tasks"] or ()),
        late=_late_of(row["late"]),
        results=_results_of(row["results"]),
        relief=(
            ReliefFacts(row["relief_id"], row["percent"], row["requested_by"], row["approved"])
            if row["relief_id"]
            else None
        ),
        address_confirmed=row["address_confirmed"],
        override_by=row["override_by"],
        override_asked=_override_of(row["override_asked"]),
        papers_ready=row["papers_ready"],
        identified=row["identified"],
        office_signs=row["office_signs"],
        office_account=row["office_account"],
        office_countersigns=row["office_countersigns"],
        second_above=row["second_above"],
        rule_book=row["rule_book"] or "",
        calendar=row["calendar"] or "",
        holder=_holder_of(row["holder"]),
        mail_trouble=_trouble_of(row["mail_trouble"]),
        new_mail=bool(row["new_mail"]),
        numbered=row["numbered"],
        questions=tuple(_question_of(question) for question in row["questions"] or ()),
        returned_on=row["returned_on"],
        consultation=row["consultation"] or "",
        warned=Warned(row["warned"], row["soon"]),
        reminders=tuple(_reminded_of(one) for one in row["reminders"] or ()),
    )


def _ready_words(step: str, version: int | None) -> str:
    if not step:
        return ""
    from desk.rules.papers.replies import ReplyStep

    label = next((each.label for each in ReplyStep if each.value == step), step)
    return f"teks “{label}” " + (f"versi {version} kantor" if version else "bawaan program")


def _needs_of(listed: list[dict[str, str]] | None) -> tuple[Need, ...]:
    return STANDARD_NEEDS if not listed else tuple(Need(need["code"], need["label"]) for need in listed)


def _question_of(question: dict[str, str]) -> SectionQuestion:
    return SectionQuestion(
        id=UUID(question["id"]),
        section=Section.of(question["section"]),
        line_title=question["line_title"],
        question=question["question"],
        due_on=date.fromisoformat(question["due_on"]),
        asked_on=date.fromisoformat(question["asked_on"]),
        asked_by=question["asked_by"],
    )


def _move_of(move: dict[str, Any]) -> Moved:
    after = move["after"]
    return Moved(
        date.fromisoformat(move["on"]),
        Stage.of(after["stage"]),
        Money.of(after["money"]),
        Original.of(after["original"]),
        Data.of(after["data"]),
    )


def _holder_of(found: dict[str, str] | None) -> Holder | None:
    return Holder(found["login"], found["name"], datetime.fromisoformat(found["until"])) if found else None


def _billing_of(code: dict[str, Any]) -> BillingFacts:
    return BillingFacts(UUID(code["id"]), code["code"], code["amount"], date.fromisoformat(code["expires_on"]))


def _reminded_of(found: dict[str, Any]) -> Reminded:
    return Reminded(
        About.of(found["about"]), found["rung"], date.fromisoformat(found["since"]), date.fromisoformat(found["on"])
    )


def _trouble_of(found: dict[str, str] | None) -> MailTrouble | None:
    return None if found is None else MailTrouble(**{**found, "id": UUID(found["id"])})  # type: ignore[arg-type]


def _task_of(task: dict[str, Any]) -> TaskFacts:
    done_on = task["on"]
    return TaskFacts(
        Product.of(task["product"]),
        task["code"],
        task["label"],
        task["by"] or "",
        date.fromisoformat(done_on) if done_on else None,
    )


def _late_of(found: dict[str, Any] | None) -> LateCorrectionFacts | None:
    if found is None:
        return None
    return LateCorrectionFacts(
        id=UUID(found["id"]),
        asked_on=date.fromisoformat(found["asked_on"]),
        wrong=found["wrong"],
        origin=found["origin"],
        receipt_number=found["receipt_number"],
        line_id=UUID(found["line_id"]) if found["line_id"] else None,
        allowed=found["allowed"],
    )


def _override_of(found: dict[str, str] | None) -> OverrideFacts | None:
    return None if found is None else OverrideFacts(**{**found, "id": UUID(found["id"])})  # type: ignore[arg-type]


def _results_of(found: dict[str, Any] | None) -> ResultsFacts | None:
    if found is None:
        return None
    word, on = found["word"], found["on"]
    return ResultsFacts(
        date.fromisoformat(found["due_on"]),
        ResultsWord.of(word) if word else None,
        date.fromisoformat(on) if on else None,
    )


def _line_of(line: dict[str, Any]) -> LineFacts:
    return LineFacts(
        id=UUID(line["id"]),
        position=line["position"],
        title=line["title"],
        tariff=line["tariff"],
        quantity=line["quantity"],
        fit=Fit.of(line["fit"]),
        fit_reason=line["fit_reason"],
        detail=line["detail"],
    )


def _invoice_of(row: Any) -> InvoiceFacts | None:
    if row["invoice_id"] is None:
        return None
    return InvoiceFacts(
        id=row["invoice_id"],
        number=row["invoice_number"],
        total=row["total"],
        issued_on=row["invoice_on"],
        valid_until=row["valid_until"],
        issued_by=row["issued_by"],
        payment_code=row["payment_code"],
    )


def _agreement_of(row: Any) -> AgreementFacts | None:
    if row["agreement_id"] is None:
        return None
    states: dict[str, str] = row["copy_states"] or {}
    return AgreementFacts(
        id=row["agreement_id"],
        number=row["agreement_number"],
        year=row["agreement_year"],
        sequence=row["agreement_sequence"],
        issued_on=row["agreement_on"],
        copies=row["copies"],
        copy_states=tuple(states.get(str(copy), "sent") for copy in range(1, row["copies"] + 1)),
        posted_on=row["posted_on"],
    )


# what a screen shows beside the facts


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One deed in the story of the case."""

    at: datetime
    actor: str
    sentence: str
    reason: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """One message of the conversation, or an internal note."""

    id: UUID
    at: datetime
    kind: MessageKind
    sender: str
    channel: Channel
    subject: str
    text: str
    message_id: str = ""
    of_case: str = ""  # the number of the joined case it was said in; empty for this one
    files: tuple[str, ...] = ()
    new: bool = False  # came since this person had the case in front of him or her
    ready: str = ""  # the ready text it was made from, in words


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A file of the case, without its bytes; `paper` is set on the papers that the desk issued."""

    id: UUID
    kind: str
    title: str
    name: str
    content_type: str
    size: int
    at: datetime
    paper: PaperKind | None
    number: str
    subject_id: UUID | None
    copy: int = 1
    of_case: str = ""  # the number of the joined case it came in; empty for this one


@dataclass(frozen=True, slots=True)
class CustomerEntry:
    """The customer's card; the identity number is masked."""

    name: str
    customer_class: CustomerClass
    institution: str
    position: str
    email: str
    phone: str
    address: str
    id_number: str
    npwp: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as a screen shows it; `names` says who stands behind the logins in the facts."""

    facts: CaseFacts
    customer: CustomerEntry
    story: tuple[StoryEntry, ...]
    messages: tuple[MessageEntry, ...]
    documents: tuple[DocumentEntry, ...]
    links: tuple[LinkEntry, ...] = ()
    before: CopiedRequest | None = None  # the request as it was when it went back to the customer
    names: Mapping[str, str] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    """The delivery sheet, the first sending first."""
    held: str = ""
    """Who holds each copy of the SPPD; empty before it was sent."""


_STORY = text("""
SELECT e.at, e.by, coalesce(p.name, e.by) AS actor, e.sentence, e.reason, e.action, e.mark, e.printer, e.pages, e.copies
FROM (
  SELECT at, by, position, sentence, reason, action, NULL AS mark, NULL AS printer, NULL AS pages, NULL AS copies
  FROM desk.event WHERE office_id = :office_id AND case_id = :case_id
  UNION ALL
  SELECT n.at, n.by, NULL, d.title, '', 'print', n.mark, n.printer, n.pages, n.copies
  FROM desk.print_entry n JOIN desk.document d ON d.office_id = n.office_id AND d.id = n.document_id
  WHERE n.office_id = :office_id AND n.case_id = :case_id
  UNION ALL
  SELECT f.at, f.by, NULL, d.title, f.reason, 'print_failed', n.mark, n.printer, n.pages, n.copies
  FROM desk.print_failure f JOIN desk.print_entry n ON n.office_id = f.office_id AND n.id = f.print_id
  JOIN desk.document d ON d.office_id = n.office_id AND d.id = n.document_id
  WHERE f.office_id = :office_id AND f.case_id = :case_id
) e LEFT JOIN desk.person p ON p.login = e.by
ORDER BY e.at DESC, e.position DESC, e.action DESC LIMIT 1000
""")  # the newest where there are more
_MESSAGES = text("""
SELECT m.id, m.said_at, m.kind, m.sender, m.channel, m.subject, m.body, m.message_id,
  m.by <> session_user AND m.at > l.at AS new, CASE WHEN m.case_id <> :case_id THEN c.number ELSE '' END AS of_case,
  m.ready_step, (SELECT t.version FROM desk.ready_text t
    WHERE t.office_id = m.office_id AND t.id = m.ready_text_id) AS ready_version
FROM desk.joined_cases(:office_id, :case_id) j
JOIN desk.message m ON m.office_id = :office_id AND m.case_id = j.case_id AND m.at <= j.until
JOIN desk.cases c ON c.office_id = m.office_id AND c.id = m.case_id
LEFT JOIN desk.case_look l ON l.office_id = m.office_id AND l.login = session_user AND l.case_id = :case_id
ORDER BY m.said_at DESC, m.id DESC LIMIT 1000
""")
_DOCUMENTS = text("""
SELECT d.id, d.kind, d.title || coalesce(' (dimusnahkan, ' || t.number || ')', '') AS title, d.name, d.content_type,
  d.size, d.at, d.paper, d.number, d.subject_id, d.copy, d.message_id,
  CASE WHEN d.case_id <> :case_id THEN c.number ELSE '' END AS of_case
FROM desk.joined_cases(:office_id, :case_id) j
JOIN desk.document d ON d.office_id = :office_id AND d.case_id = j.case_id AND d.at <= j.until
JOIN desk.cases c ON c.office_id = d.office_id AND c.id = d.case_id
LEFT JOIN desk.destroyed_file x ON x.office_id = d.office_id AND x.document_id = d.id
LEFT JOIN desk.destruction t ON t.office_id = x.office_id AND t.id = x.destruction_id
ORDER BY d.at, d.name LIMIT 1000
""")
_CUSTOMER = text(f"""
SELECT k.*, (SELECT jsonb_agg(h) FROM ({HOLDERS}) h) AS holders,
  (SELECT jsonb_agg(j) FROM ({LINKS}) j) AS links, (SELECT to_jsonb(b) FROM ({LAST_COPY}) b) AS before,
  (SELECT jsonb_agg(a) FROM ({ATTEMPTS}) a) AS attempts
FROM desk.cases c JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
WHERE c.office_id = :office_id AND c.id = :case_id
""")  # noqa: S608 - a constant


def case_view(session: Session, office_id: int, case_id: UUID) -> CaseView:
    """The case with its story, conversation and files, those of cases that were joined to it among them."""
    where = {"office_id": office_id, "case_id": case_id}
    case = facts(session, office_id, case_id)
    agreement_id = case.agreement.id if case.agreement is not None else None
    customer = session.execute(_CUSTOMER, {**where, "agreement_id": agreement_id}).mappings().one()
    told = session.execute(_STORY, where).all()[::-1]
    documents = session.execute(_DOCUMENTS, where).all()
    return CaseView(
        names={row.by: row.actor for row in told},
        held=told_holders(customer["holders"] or ()),
        facts=case,
        customer=CustomerEntry(
            name=customer["name"],
            customer_class=CustomerClass.of(customer["customer_class"]),
            institution=customer["institution"],
            position=customer["position"],
            email=customer["email"],
            phone=customer["phone"],
            address=customer["address"],
            id_number=customer["id_number"],
            npwp=customer["npwp"],
        ),
        story=tuple(StoryEntry(row.at, row.actor, _told(row), row.reason, row.action) for row in told),
        messages=tuple(
            MessageEntry(
                id=row.id,
                at=row.said_at,
                kind=MessageKind.of(row.kind),
                sender=row.sender,
                channel=Channel.of(row.channel),
                subject=row.subject,
                text=row.body,
                message_id=row.message_id,
                files=tuple(file.name for file in documents if file.message_id == row.id),
                new=bool(row.new),
                of_case=row.of_case,
                ready=_ready_words(row.ready_step, row.ready_version),
            )
            for row in session.execute(_MESSAGES, where).all()[::-1]
        ),
        documents=tuple(
            DocumentEntry(
                row.id,
                row.kind,
                row.title,
                row.name,
                row.content_type,
                row.size,
                row.at,
                PaperKind.of(row.paper) if row.paper else None,
                row.number,
                row.subject_id,
                row.copy,
                row.of_case,
            )
            for row in documents
        ),
        links=told_links(customer["links"] or ()),
        before=told_copy(customer["before"]),
        attempts=told_attempts(customer["attempts"] or ()),
    )


def _told(row: Any) -> str:
    """The sentence of a deed, of a print, or of a print that did not come out."""
    if row.mark is None:
        return str(row.sentence)
    if row.action == "print_failed":
        return failure_sentence(row.sentence, row.mark, printer=row.printer)
    return print_sentence(row.sentence, row.mark, printer=row.printer, pages=row.pages, copies=row.copies)


def case_id_of_number(session: Session, number: str) -> tuple[int, UUID] | None:
    """The office and the case with this number, where this person may see it."""
    found = session.execute(
        text("SELECT office_id, id FROM desk.cases WHERE office_id = ANY (desk.my_offices()) AND number = :number"),
        {"number": number},
    ).one_or_none()
    return (found.office_id, found.id) if found else None
