"""A sample before payment: only where the rule book allows it, a few marked rows, and never a delivery."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from desk.rules.case import Data, Money, Original
from desk.rules.inputs import IncomingFile, MailOut, SampleInput, SentBy
from desk.rules.papers.replies import ReplyStep
from desk.services import documents, replies
from desk.services.case_file import case_view
from desk.ui.forms.file_field import FilesField
from tests import inputs
from tests.office import PALEMBANG, Office, Person, Ref
from tests.ui.test_forms_database import Clerk, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.workstation import Workstation

__all__ = ["sit_down"]


@pytest.fixture
def allowing(office: Office) -> Office:
    """An office that lets a sample of at most three rows go out before payment."""
    office.set_rule(PALEMBANG, "sample_with_invoice", "true")
    office.set_rule(PALEMBANG, "sample_limits", '{"rows": 3, "bytes": 100}')
    return office


def table(rows: int, *, wide: str = "") -> SampleInput:
    lines = "".join(f"{at};{at}{wide}\r\n" for at in range(rows))
    return SampleInput(sample=IncomingFile("susenas.csv", "text/csv", f"R101;R102\r\n{lines}".encode()))


def stored_in_psql(person: Person, case: Ref, data: bytes, *, name: str = "CONTOH x.csv") -> str:
    """What the database answers to a sample that comes past the program."""
    sha256 = hashlib.sha256(data).hexdigest()
    with person.psql() as connection:
        connection.execute(
            "INSERT INTO desk.file_chunk (office_id, sha256, no, bytes) VALUES (%s, %s, 0, %s)",
            (case.office_id, sha256, data),
        )
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(
                "INSERT INTO desk.document (office_id, id, case_id, kind, title, name, content_type, size, sha256) "
                "VALUES (%s, %s, %s, 'sample', '', %s, 'text/csv', 1, %s)",
                (case.office_id, uuid4(), case.id, name, sha256),
            )
    return str(refused.value)


def test_an_office_without_the_rule_sends_no_sample(office: Office) -> None:
    rina, case = office.as_("rina"), office.case_at()
    assert "tidak mengizinkan contoh data" in rina.refusal("make_sample", case)
    assert "tidak mengizinkan contoh data" in rina.refusal("send_sample", case)
    assert "tidak mengizinkan contoh data" in stored_in_psql(rina, case, inputs.SAMPLE.data)


def test_a_few_marked_rows_go_out_before_payment_and_the_gate_stays_closed(allowing: Office) -> None:
    rina, case = allowing.as_("rina"), allowing.case_at(original=Original.ISSUED)
    assert "belum disiapkan" in rina.refusal("send_sample", case)
    assert "memuat 4 baris; contoh data paling banyak 3 baris" in rina.refusal("make_sample", case, table(4))
    assert "paling besar" in rina.refusal("make_sample", case, table(2, wide="x" * 60))
    binary = SampleInput(sample=IncomingFile("susenas.sav", "application/octet-stream", b"$FL2\0\0\n\n"))
    assert "bukan tabel teks" in rina.refusal("make_sample", case, binary)

    made = rina.do("make_sample", case, table(2))
    assert made.sentence == "Contoh data (2 baris) disiapkan: CONTOH susenas.csv."
    with rina.session() as session:
        offer = replies.outgoing(session, case_view(session, *case), ReplyStep.OFFER, "Rina")
        sample = replies.outgoing(session, case_view(session, *case), ReplyStep.SAMPLE, "Rina")
    assert [file.name for file in offer.files] == ["CONTOH susenas.csv"], "it goes along with the invoice"
    assert [file.name for file in sample.files] == ["CONTOH susenas.csv"]
    assert "contoh data (2 baris)" in sample.body
    allowing.make_papers(case)
    assert rina.do("send_offer", case).sentence.endswith(", dengan contoh data.")
    rina.do("send_sample", case, SentBy(text=sample.body))

    now = allowing.facts(case)
    assert (now.data, now.files.deliveries, now.money) == (Data.NONE, 0, Money.INVOICED), "it counts as nothing"
    assert "datanya sendiri belum dikirim" in allowing.story(case)[-1]
    with rina.session() as session:
        view = case_view(session, *case)
    assert any("Contoh ini hanya memperlihatkan susunan data" in said.text for said in view.messages)
    assert [file.title for file in view.documents if file.kind == "sample"] == ["Contoh data (2 baris)"]


def test_the_database_counts_the_rows_itself_and_knows_the_data_themselves(allowing: Office) -> None:
    rina = allowing.as_("rina")
    case = allowing.case_at(data=Data.PREPARED)
    assert "memuat 4 baris" in stored_in_psql(rina, case, table(4).sample.data)
    assert "memuat 4 baris" in stored_in_psql(rina, case, table(4).sample.data.rstrip())
    assert "paling banyak 3 baris dan 100 byte" in stored_in_psql(rina, case, b"a\n" + b"1" * 200)
    assert "berupa tabel teks" in stored_in_psql(rina, case, b"a\0b\n1\n")
    assert "berupa tabel teks" in stored_in_psql(rina, case, b"hanya judul\n")
    assert "document_sample_check" in stored_in_psql(rina, case, inputs.SAMPLE.data, name="susenas.csv")
    data = b"R101\n1\n"
    made = inputs.prepared_file("kor.csv", sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    rina.do("return_data", case, inputs.REASON)
    rina.do("tick_tasks", case)
    rina.do("finish_preparation", case, inputs.prepared_of(allowing.facts(case), made))
    assert "data yang dipesan, bukan contohnya" in stored_in_psql(rina, case, data)
    gone = allowing.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    assert "sebelum datanya dikirim" in stored_in_psql(rina, gone, inputs.SAMPLE.data)


def test_the_data_themselves_never_hang_on_a_mail(office: Office) -> None:
    rina = office.as_("rina")
    office_mail = (
        "INSERT INTO desk.mail_account (office_id, kind, version, active, host, port, security, address) "
        "VALUES (%s, 'smtp', 1, true, 'smtp.example.org', 465, 'tls', 'pst@example.org')"
    )
    with office.as_("tono").psql() as connection:
        connection.execute(office_mail, (PALEMBANG,))
        connection.commit()
    data = b"R101;R102\n1;2\n"
    case = office.case_at(data=Data.PREPARING)
    made = inputs.prepared_file("kor.csv", sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    rina.do("finish_preparation", case, inputs.prepared_of(office.facts(case), made))
    with rina.session() as session:
        file = IncomingFile("catatan.csv", "text/csv", data)
        attached = documents.store(session, *case, file, kind="incoming", title="catatan")
    mail = MailOut(("sari@example.org",), (attached,))
    sent = SentBy(text="Terlampir.", subject="Data", message_id="<1@example.org>", mail=mail)
    assert "data hanya keluar dalam paket" in rina.refusal("send_message", case, sent)


def test_the_form_of_a_sample_takes_a_file_and_the_next_one_has_it_beside_the_text(
    qtbot: QtBot, allowing: Office, sit_down: Callable[[str], Workstation], tmp_path: Path
) -> None:
    case = allowing.case_at()
    path = tmp_path / "susenas.csv"
    path.write_bytes(table(3).sample.data)
    rina = Clerk(qtbot, sit_down("rina"), allowing)
    form = rina.open("make_sample", case)
    field = form.fields["sample"]
    assert isinstance(field, FilesField)
    with qtbot.waitSignal(field.file_taken, timeout=20_000):
        field.take_paths([path])
    assert "Contoh data (3 baris)" in rina.send(form).sentence
    sending = rina.open("send_sample", case)
    assert "contoh data (3 baris)" in str(sending.fields["text"].read())
