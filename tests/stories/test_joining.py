"""Two requests become one, one becomes two; a section is asked; a request goes back and comes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from desk.adapters.database import transaction
from desk.rules.case import Channel, Fit, Money, Section, Stage
from desk.rules.changes import request_changes
from desk.rules.desks import Desk, Queue
from desk.rules.inputs import (
    AnswerKind,
    FitDecisions,
    FitInput,
    IncomingMessage,
    MergeInput,
    SectionAnswerInput,
    SectionAsk,
    SentBy,
    SplitInput,
)
from desk.rules.same_request import Asked
from desk.services import incoming, queues
from desk.services.case_file import CaseView, case_view
from desk.services.same_requests import find_customers, same_requests
from tests import inputs
from tests.office import PALEMBANG, Office, Ref

WHY = "Permohonan yang sama, dikirim dua kali."


def view(office: Office, case: Ref, name: str = "rina") -> CaseView:
    with transaction(office.as_(name).engine) as session:
        return case_view(session, case.office_id, case.id)


def read(office: Office, work: Any, name: str = "rina") -> Any:
    with transaction(office.as_(name).engine) as session:
        return work(session)


def with_mail(subject: str, *names: str) -> tuple[IncomingMessage, ...]:
    files = tuple(inputs.pdf(name, data=f"%PDF-1.7 {name}".encode()) for name in names)
    return (IncomingMessage("Sari", subject, subject=subject, message_id=f"<{subject}@x>", files=files),)


# merging


def test_a_merged_request_goes_on_in_the_other_one(office: Office) -> None:
    rina = office.as_("rina")
    kept = rina.register(PALEMBANG, inputs.registration(messages=with_mail("pertama")))
    more = inputs.LINES[0]
    gone = rina.register(
        PALEMBANG,
        inputs.registration(
            messages=with_mail("kedua", "surat.pdf"),
            lines=(more, replace(more, title="Podes 2024", catalogue_code="P")),
        ),
    )
    number, other = office.facts(gone).number, office.facts(kept).number
    key = uuid4()
    done = rina.do("merge_case", gone, MergeInput(number=other.lower(), reason=WHY), key=key)
    assert done == rina.do("merge_case", gone, MergeInput(number=other, reason=WHY), key=key), "the same key, once"
    assert office.facts(gone).stage is Stage.MERGED
    now = office.facts(kept)
    assert [line.title for line in now.lines] == [line.title for line in inputs.LINES] + ["Podes 2024"]
    seen = view(office, kept)
    assert {(said.subject, said.of_case) for said in seen.messages} == {("pertama", ""), ("kedua", number)}
    assert [(file.name, file.of_case) for file in seen.documents] == [("surat.pdf", number)]
    assert f"Permohonan {number} (Sari Contohwati) digabungkan ke sini" in seen.story[-1].sentence
    assert [(link.words, link.number) for link in seen.links] == [("Memuat juga", number)]
    left = view(office, gone)
    assert left.story[-1].sentence.startswith(f"Digabungkan ke permohonan {other}")
    assert [(link.words, link.number) for link in left.links] == [("Digabungkan ke", other)]
    assert rina.why_not("change_request", gone) is not None


def test_an_answer_to_a_merged_request_is_offered_to_the_living_one(office: Office) -> None:
    rina = office.as_("rina")
    kept, gone = rina.register(PALEMBANG), rina.register(PALEMBANG, inputs.registration(messages=with_mail("kedua")))
    number = office.facts(gone).number
    rina.do("merge_case", gone, MergeInput(number=office.facts(kept).number, reason=WHY))
    found = read(office, lambda s: incoming.cases_of_message(s, [PALEMBANG], thread=["<kedua@x>"]))
    assert [each.case_id for each in found] == [kept.id]
    found = read(office, lambda s: incoming.cases_of_message(s, [PALEMBANG], number=number))
    assert [each.case_id for each in found] == [kept.id]


def test_what_has_numbers_or_is_not_open_is_not_merged(office: Office) -> None:
    rina = office.as_("rina")
    running = office.case_at(stage=Stage.ACTIVE, money=Money.INVOICED)
    new = rina.register(PALEMBANG)
    here, there = office.facts(new).number, office.facts(running).number
    assert "ini untuk “diperiksa”" in rina.refusal("merge_case", running, MergeInput(number=here, reason=WHY))
    void = office.case_at(stage=Stage.ACTIVE, money=Money.INVOICED)
    rina.do("void_invoice", void)
    assert "sudah punya nomor" in rina.refusal("merge_case", void, MergeInput(number=here, reason=WHY))
    assert "dirinya sendiri" in rina.refusal("merge_case", new, MergeInput(number=here, reason=WHY))
    assert "tidak ada di kantor ini" in rina.refusal(
        "merge_case", new, MergeInput(number="PST-1600-2026-999999", reason=WHY)
    )
    ended = office.case_at(stage=Stage.CANCELLED)
    assert "Gabungkan ke permohonan yang masih terbuka" in rina.refusal(
        "merge_case", new, MergeInput(number=office.facts(ended).number, reason=WHY)
    )
    other = rina.register(PALEMBANG, inputs.registration(lines=(replace(inputs.LINES[0], title="Podes 2024"),)))
    assert "belum memuat: Podes 2024" in rina.refusal("merge_case", other, MergeInput(number=there, reason=WHY))
    rina.do("merge_case", new, MergeInput(number=there, reason=WHY))  # everything it asks for is served there
    assert office.facts(new).stage is Stage.MERGED


def test_the_database_merges_nothing_that_has_a_number(office: Office) -> None:
    rina = office.as_("rina")
    kept, numbered = rina.register(PALEMBANG), office.case_at(stage=Stage.ACTIVE, money=Money.INVOICED)
    rina.do("void_invoice", numbered)
    link = (
        "INSERT INTO desk.case_link (office_id, id, case_id, other_case_id, kind, reason) "
        "VALUES (%s, gen_random_uuid(), %s, %s, %s, 'x')"
    )
    with rina.psql() as raw, pytest.raises(psycopg.errors.CheckViolation, match="sudah punya nomor"):
        raw.execute(link, (PALEMBANG, numbered.id, kept.id, "merged"))
    with rina.psql() as raw, pytest.raises(psycopg.errors.CheckViolation, match="selama masih diperiksa"):
        raw.execute(link, (PALEMBANG, kept.id, numbered.id, "split"))
    called = (
        "SELECT desk.record_deed(%s, %s, gen_random_uuid(), 'merge_case', 'x', 'x', '{\"stage\": \"merged\"}', "
        "'{}', '{}')"
    )
    halves = ((link, (PALEMBANG, rina.register(PALEMBANG).id, kept.id, "merged")), (called, (PALEMBANG, kept.id)))
    for statement, values in halves:  # the link without the state, the state without the link
        with rina.psql() as raw:
            raw.execute(statement, values)
            with pytest.raises(psycopg.errors.CheckViolation, match="menyebut permohonan tujuannya"):
                raw.commit()
    with office.as_("budi").psql() as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(link, (PALEMBANG, numbered.id, kept.id, "merged"))


# splitting


def test_some_lines_become_a_case_of_their_own_with_the_conversation_so_far(office: Office) -> None:
    rina = office.as_("rina")
    case = rina.register(PALEMBANG, inputs.registration(messages=with_mail("surat bersama", "surat.pdf")))
    first, second = office.facts(case).lines
    done = rina.do("split_case", case, SplitInput(lines=frozenset({second.id}), reason="Petanya nol rupiah."))
    assert done.subject_id is not None
    new = Ref(PALEMBANG, done.subject_id)
    office.set_clock(datetime(2026, 11, 24, 3, tzinfo=UTC))
    rina.do("add_message", case)
    assert [line.title for line in office.facts(case).lines] == [first.title]
    part = office.facts(new)
    assert [(line.title, line.fit) for line in part.lines] == [(second.title, Fit.UNDECIDED)]
    assert part.abstract == office.facts(case).abstract
    seen = view(office, new)
    assert [said.subject for said in seen.messages] == ["surat bersama"], "what is said later belongs to its own case"
    assert [file.name for file in seen.documents] == ["surat.pdf"]
    assert "dipisah dari" in seen.story[0].sentence
    assert "Petanya nol rupiah." in seen.story[0].reason
    assert [link.words for link in view(office, case).links] == ["Sebagian dipisah ke"]
    rina.do("decide_fit", new)
    rina.do("request_relief", new)


def test_nothing_is_split_when_nothing_would_stay_or_go(office: Office) -> None:
    rina = office.as_("rina")
    case = rina.register(PALEMBANG)
    lines = office.facts(case).lines
    everything = SplitInput(lines=frozenset(line.id for line in lines), reason="x")
    assert "sisakan sedikitnya satu" in rina.refusal("split_case", case, everything)
    assert "sudah berubah" in rina.refusal("split_case", case, SplitInput(lines=frozenset({uuid4()}), reason="x"))
    single = rina.register(PALEMBANG, inputs.registration(lines=inputs.LINES[:1]))
    assert "dua baris data atau lebih" in rina.refusal("split_case", single)


# asking a section


def test_a_section_is_asked_and_a_late_answer_is_seen_in_the_queue(office: Office) -> None:
    rina = office.as_("rina")
    case = rina.register(PALEMBANG)
    rina.do("decide_fit", case)
    rina.do("check_requirements", case)
    line = office.facts(case).lines[0]
    due = date(2026, 11, 25)
    rina.do("ask_section", case, SectionAsk(section=Section.SOCIAL, line_id=line.id, question="Cocok?", due_on=due))

    def row(queue: Queue | None) -> Any:
        rows = read(office, lambda s: queues.queue_rows(s, [PALEMBANG], Desk.OFFICER, queue))
        return [(each.why, each.due_on) for each in rows]

    waiting = "Menunggu jawaban Statistik Sosial paling lambat 25 Nov 2026"
    assert row(Queue.WAITING) == [(waiting, None)]
    assert row(None) == []
    assert "Jawaban seksi belum ada: Statistik Sosial." in (rina.why_not("declare_clear", case) or "")
    office.set_clock(datetime(2026, 11, 26, 3, tzinfo=UTC))
    assert row(None) == [(f"Terlambat, tagih. {waiting}", None)]
    [question] = office.facts(case).questions
    assert question.line_title == line.title
    rina.do("note_section_answer", case, SectionAnswerInput(question_id=question.id, answer="Cocok, kata Bu Rini."))
    assert office.facts(case).questions == ()
    last = view(office, case).story[-1]
    assert (last.sentence, last.reason) == ("Seksi Statistik Sosial menjawab (terlambat).", "Cocok, kata Bu Rini.")
    assert row(None)


def test_a_question_is_withdrawn_and_answered_only_once(office: Office) -> None:
    rina = office.as_("rina")
    case = rina.register(PALEMBANG)
    assert "Tidak ada pertanyaan" in rina.refusal("note_section_answer", case)
    rina.do("ask_section", case)
    [question] = office.facts(case).questions
    gone = SectionAnswerInput(question_id=question.id, kind=AnswerKind.WITHDRAWN, answer="Sudah jelas.")
    rina.do("note_section_answer", case, gone)
    rina.do("ask_section", case)
    assert "sudah dijawab atau ditarik" in rina.refusal("note_section_answer", case, gone)
    past = SectionAsk(section=Section.SOCIAL, question="?", due_on=date(2026, 1, 1))
    assert "sudah lewat" in rina.refusal("ask_section", case, past)
    with rina.psql() as raw, pytest.raises(psycopg.errors.CheckViolation, match="sudah lewat"):
        raw.execute(
            "INSERT INTO desk.section_question (office_id, id, case_id, section, question, due_on) "
            "VALUES (%s, gen_random_uuid(), %s, 'social', 'x', '2026-01-01')",
            (PALEMBANG, case.id),
        )
    with rina.psql() as raw, pytest.raises(psycopg.errors.UniqueViolation):
        raw.execute(
            "INSERT INTO desk.section_answer (office_id, id, case_id, question_id, kind, answer) "
            "VALUES (%s, gen_random_uuid(), %s, %s, 'answered', 'x')",
            (PALEMBANG, case.id, question.id),
        )


# back to the customer


def test_after_an_answer_the_officer_sees_what_changed(office: Office) -> None:
    rina = office.as_("rina")
    case = rina.register(PALEMBANG)
    rina.do("return_request", case, SentBy(text="Mohon tulis metode lebih rinci, dan kurangi petanya."))
    now = office.facts(case)
    assert now.returned_on == now.today
    assert "sudah dikembalikan" in (rina.why_not("return_request", case) or "")
    [waiting] = read(office, lambda s: queues.queue_rows(s, [PALEMBANG], Desk.OFFICER, Queue.WAITING))
    assert waiting.why == "Dikembalikan 23 Nov 2026, menunggu jawaban pengguna data"
    told = replace(now.abstract, method="Regresi logistik multilevel atas data mikro ketenagakerjaan.")
    rina.do("change_request", case, inputs.change(now, abstract=told, lines=inputs.LINES[:1]))
    seen = view(office, case)
    assert seen.facts.returned_on is None
    assert seen.before is not None
    changes = request_changes(seen.before, seen.facts.abstract, seen.facts.lines)
    [method] = changes.texts
    assert [piece.text for piece in method.new if piece.changed] == [" multilevel"]
    assert not any(piece.changed for piece in method.old)
    [line] = changes.lines
    assert line.new is None
    assert line.old is not None
    assert line.old.title == inputs.LINES[1].title


def test_a_copy_is_what_the_server_sees_and_not_what_somebody_writes(office: Office) -> None:
    rina = office.as_("rina")
    case = rina.register(PALEMBANG)
    with rina.psql() as raw:
        raw.execute(
            "INSERT INTO desk.request_copy (office_id, id, case_id, asked, abstract) "
            "VALUES (%s, gen_random_uuid(), %s, 'x', '{\"title\": \"palsu\"}')",
            (PALEMBANG, case.id),
        )
        raw.commit()
    before = view(office, case).before
    assert before is not None
    assert before.abstract == inputs.ABSTRACT


# the same request again


def test_the_same_customer_about_the_same_data_is_found_before_a_case_is_opened(office: Office) -> None:
    rina = office.as_("rina")
    case = rina.register(PALEMBANG)
    again = Asked("Sari Contohwati", "SARI@example.org", "", (inputs.LINES[0].title,), "")
    [found] = read(office, lambda s: same_requests(s, [PALEMBANG], again))
    assert (found.case_id, found.sure) == (case.id, True)
    assert found.why == ("surel sama", "nama sama", "1 baris data sama")
    other = Asked("Sari Contohwati", "sari@example.org", "", ("Podes 2024",), "Potensi wisata desa pesisir")
    [found] = read(office, lambda s: same_requests(s, [PALEMBANG], other))
    assert not found.sure
    namesake = Asked("Sari Contohwati", "lain@example.org", "", ("Podes 2024",), "")
    assert read(office, lambda s: same_requests(s, [PALEMBANG], namesake)) == []
    office.set_clock(datetime(2027, 3, 1, tzinfo=UTC))
    assert read(office, lambda s: same_requests(s, [PALEMBANG], again)) == []


def test_a_customer_is_found_by_what_is_typed_and_another_office_sees_nobody(office: Office) -> None:
    rina = office.as_("rina")
    rina.register(PALEMBANG)
    rina.register(PALEMBANG)
    for typed in ("sari con", "musi", "sari@", "0812 0000 0101", "+62 812-0000-0101"):
        [known] = read(office, lambda s, typed=typed: find_customers(s, [PALEMBANG], typed))
        assert (known.name, known.cases, known.phone) == ("Sari Contohwati", 2, "+6281200000101"), typed
    assert read(office, lambda s: find_customers(s, [PALEMBANG], "sa")) == []
    assert read(office, lambda s: find_customers(s, [PALEMBANG], "100%")) == []
    assert read(office, lambda s: find_customers(s, [PALEMBANG], "sari con"), "doni") == []


# clear with changes


def test_a_request_is_clear_with_changes_when_some_lines_do_not_fit(office: Office) -> None:
    rina = office.as_("rina")
    case = rina.register(PALEMBANG, inputs.registration(channel=Channel.EMAIL, abstract=inputs.ABSTRACT))
    first, second = office.facts(case).lines
    rina.do(
        "decide_fit",
        case,
        FitDecisions(
            decisions=(
                FitInput(first.id, Fit.FITS, "Tujuannya menyebut pendidikan."),
                FitInput(second.id, Fit.DOES_NOT, "Peta tidak dipakai dalam metode."),
            )
        ),
    )
    rina.do("check_requirements", case)
    rina.do("declare_clear", case)
    last = view(office, case).story[-1]
    assert "dengan perubahan (1 baris tidak sesuai dan tidak dilayani)" in last.sentence
    assert "Peta tidak dipakai dalam metode." in last.reason
    rina.do("issue_invoice", case)
    assert [line.title for line in office.facts(case).accepted_lines()] == [first.title]


def test_an_office_keeps_its_own_list_of_requirements(office: Office) -> None:
    rina = office.as_("rina")
    office.set_rule(
        PALEMBANG,
        "requirements",
        '[{"code": "email", "label": "surel aktif"}, {"code": "letter", "label": "surat pengantar"}]',
    )
    case = rina.register(PALEMBANG)
    rina.do("decide_fit", case)
    assert office.facts(case).unmet() == ("surel aktif", "surat pengantar")
    assert "surat pengantar" in (rina.why_not("declare_clear", case) or "")
    rina.do("check_requirements", case)
    rina.do("declare_clear", case)
