"""Identity cards are erased by class and age, through one function with a record; the sale itself stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import errors
from sqlalchemy import text

from desk.errors import Refused
from desk.rules.case import MessageKind, Stage
from desk.rules.inputs import IncomingFile, MergeInput, MessageNote
from desk.services import case_file, documents, numbers, retention
from desk.services.retention import DueFile
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Ref

CARD = b"%PDF-1.7 KTP contoh"
LATER = MORNING + timedelta(days=31)  # thirty days kept, and the day after


def attach(office: Office, case: Ref, data: bytes = CARD, *, protected: bool = True) -> UUID:
    with office.team(case.office_id)[0].session() as session:
        file = IncomingFile("ktp.pdf", "application/pdf", data, protected)
        return documents.store(session, case.office_id, case.id, file, kind="incoming", title="KTP")


def ended(office: Office, office_id: int = PALEMBANG) -> Ref:
    return office.case_at(stage=Stage.CANCELLED, office_id=office_id)


def due(office: Office, name: str = "hendra", office_id: int = PALEMBANG) -> list[DueFile]:
    with office.as_(name).session() as session:
        return retention.due_files(session, [office_id])


def erase(office: Office, files: list[DueFile], name: str = "hendra", key: UUID | None = None) -> str:
    with office.as_(name).session() as session:
        return retention.erase(session, PALEMBANG, files, "Maya Khayal", "", key=key or uuid4())


def chunks(office: Office) -> int:
    return int(office.rows("SELECT count(*) AS many FROM desk.file_chunk")[0]["many"])


def test_a_card_is_due_the_day_after_its_days_and_only_while_the_case_is_over(office: Office) -> None:
    case, open_case = office.new_case(), office.new_case()
    attach(office, case)
    attach(office, open_case, CARD + b" lain")
    office.as_("rina").do("cancel_case", case)
    office.set_clock(MORNING + timedelta(days=30))
    assert due(office) == []
    office.set_clock(LATER)
    (file,) = due(office)
    assert (file.case_id, file.kind, file.kept_until) == (case.id, "id_card", date(2026, 12, 23))


def test_the_card_of_a_merged_case_is_kept_as_long_as_the_case_it_lives_on_in(office: Office) -> None:
    kept, gone = office.new_case(), office.new_case()
    attach(office, gone)
    number = office.facts(kept).number
    office.as_("rina").do("merge_case", gone, MergeInput(number=number, reason="Permohonan yang sama."))
    office.set_clock(LATER)
    assert due(office) == [], "the request goes on under another number"
    office.as_("rina").do("cancel_case", kept)
    office.set_clock(LATER + timedelta(days=31))
    assert [file.case_id for file in due(office)] == [gone.id]
    erase(office, due(office))
    assert due(office) == []


def test_bytes_that_an_open_case_still_needs_stay(office: Office) -> None:
    over, running = office.new_case(), office.new_case()
    attach(office, over)
    attach(office, running, protected=False)  # the same bytes, as an ordinary attachment
    office.as_("rina").do("cancel_case", over)
    office.set_clock(LATER)
    assert due(office) == []
    office.as_("rina").do("cancel_case", running)
    office.set_clock(LATER + timedelta(days=31))
    assert {file.kind for file in due(office)} == {"id_card"}, "an identity card is one wherever its bytes hang"
    assert len(due(office)) == 2


def test_what_is_erased_is_gone_and_everything_else_stays(office: Office) -> None:
    case = office.new_case()
    card = attach(office, case)
    office.as_("rina").do("add_message", case, MessageNote(kind=MessageKind.INTERNAL, text="Kartu sudah dicek."))
    office.as_("rina").do("cancel_case", case)
    office.set_clock(LATER)
    before, key, findings = chunks(office), uuid4(), office.findings()
    number = erase(office, due(office), key=key)
    assert number == "BAPD-001/1600/2026"
    assert erase(office, [file_of(card, case)], key=key) == number, "the same key erases once"
    assert chunks(office) == before - 1
    assert due(office) == []
    assert office.findings() == findings, "nobody shall restore what was erased on purpose"
    with (
        pytest.raises(Refused, match=f"sudah dimusnahkan dengan berita acara {number}"),
        office.as_("rina").session() as s,
    ):
        documents.content(s, PALEMBANG, card, reason="Memeriksa identitas")
    (kept,) = office.rows("SELECT * FROM desk.destroyed_file")
    stored = office.rows("SELECT sha256, name, size FROM desk.document WHERE id = :id", id=card)[0]
    assert (kept["sha256"], kept["name"], kept["kept_days"]) == (stored["sha256"], stored["name"], 30)
    (record,) = office.rows("SELECT * FROM desk.destruction")
    assert (record["by"], record["witness"]) == (office.as_("hendra").login, "Maya Khayal")
    assert record["basis"].startswith("UU 27/2022")
    with office.as_("rina").session() as session:
        view = case_file.case_view(session, PALEMBANG, case.id)
        listed = numbers.register(session, [PALEMBANG], 2026, series="destruction")
    assert next(entry.title for entry in view.documents if entry.id == card) == f"KTP (dimusnahkan, {number})"
    assert [row.number for row in listed] == [number]
    with office.as_("hendra").session() as session:
        (shown,) = retention.records(session, [PALEMBANG])
        template, values = retention.record_paper(session, shown)
    assert template.startswith(b"PK")
    assert (values["nomor"], values["jumlah_berkas"], values["saksi"]) == (number, 1, "Maya Khayal")


def test_a_card_that_comes_again_after_it_was_erased_is_a_file_of_the_new_case(office: Office) -> None:
    case = office.new_case()
    old = attach(office, case)
    office.as_("rina").do("cancel_case", case)
    office.set_clock(LATER)
    erase(office, due(office))
    again = attach(office, office.new_case())
    findings = office.findings()
    assert "file_missing" not in findings
    with office.as_("rina").session() as session:
        assert documents.content(session, PALEMBANG, again, reason="Memeriksa identitas")
    with pytest.raises(Refused, match="sudah dimusnahkan"), office.as_("rina").session() as session:
        documents.content(session, PALEMBANG, old, reason="Memeriksa identitas")
    assert due(office) == []


def file_of(document: UUID, case: Ref) -> DueFile:
    return DueFile(case.office_id, document, case.id, "", "", "id_card", "", 0, "", date.min, date.min)


def test_nobody_erases_what_is_not_due_nor_without_the_duty(office: Office) -> None:
    case = ended(office)
    card = attach(office, case)
    with pytest.raises(Refused, match="belum atau tidak lagi boleh"):
        erase(office, [file_of(card, case)])
    assert office.rows("SELECT FROM desk.destruction") == []
    office.set_clock(LATER)
    for name in ("rina", "budi", "wati", "lina"):
        with pytest.raises(Refused, match="Hanya penyelia atau administrator"):
            erase(office, [file_of(card, case)], name)
    with pytest.raises(Refused, match="saksi"), office.as_("hendra").session() as session:
        retention.erase(session, PALEMBANG, due(office), " ", "", key=uuid4())
    erase(office, due(office), "tono")


@pytest.mark.parametrize("name", ["rina", "hendra", "tono"])
def test_there_is_no_other_way_to_erase(office: Office, name: str) -> None:
    attach(office, ended(office))
    office.set_clock(LATER)
    claimed = (
        "INSERT INTO desk.destroyed_file (office_id, document_id, destruction_id, case_id, kind, name, size, sha256, "
        "ended_on, kept_days) SELECT office_id, id, id, case_id, kind, name, size, sha256, at::date, 1 "
        "FROM desk.document"
    )
    for statement in (
        "DELETE FROM desk.file_chunk",
        "UPDATE desk.file_chunk SET bytes = ''",
        "DELETE FROM desk.document",
        claimed,
    ):
        with office.as_(name).psql() as person, pytest.raises(errors.InsufficientPrivilege):
            person.execute(statement)


def test_other_classes_go_by_the_rule_book_and_papers_never(office: Office) -> None:
    case = office.new_case()
    attach(office, case, b"%PDF-1.7 lampiran", protected=False)
    office.as_("rina").do("redirect_case", case)
    with office.as_("rina").session() as session:
        letter = session.execute(text("SELECT id FROM desk.letter")).scalar_one()
    office.as_("rina").keep_paper(case, "redirect", letter, b"%PDF-1.7 surat")
    office.set_clock(datetime(2037, 1, 1, tzinfo=UTC))
    assert due(office) == []
    office.set_rule(PALEMBANG, "retention_calendar_days", '{"proof": 0, "incoming": 365, "letter": 365}')
    assert [file.kind for file in due(office)] == ["incoming"]


def test_an_office_sees_and_erases_its_own_files_only(office: Office) -> None:
    case = ended(office, JAMBI)
    card: Any = attach(office, case)
    office.set_clock(LATER)
    assert due(office, "hendra", JAMBI) == []
    assert [file.id for file in due(office, "lina", JAMBI)] == [card]
