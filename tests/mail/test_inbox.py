"""The office's mailbox read from a real IMAP server: every mail once, to its case, and nothing changed there."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from desk import mailbox, postman
from desk.adapters.mail_in import Limits
from desk.errors import Refused
from desk.mailbox import Fetched
from desk.rules.case import Data, Money, Original, Stage
from desk.rules.inputs import IncomingMessage, SentBy, TakenMessages
from desk.rules.mail import MailSecurity
from desk.services import inbox
from desk.services.case_file import case_view
from tests import inputs as answers
from tests.mail.dovecot import PASSWORD, USER, MailServer, cutting_line, imap_server
from tests.mail.post_office import Letterbox, mail_server, offer_by_mail, set_up, state
from tests.office import MORNING, PALEMBANG, Office, Person, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.component("dovecot")
SARI = "Sari <sari@example.org>"
SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "mail").glob("*.eml"))


@pytest.fixture(scope="module")
def servers() -> Iterator[list[MailServer]]:
    """One server for the tests of this file; each test begins with an empty mailbox."""
    with imap_server() as server:
        yield [server]


@pytest.fixture
def server(servers: list[MailServer]) -> MailServer:
    with servers[0].open() as box:
        box.folder.set("INBOX")
        box.delete(box.uids())
    return servers[0]


def receive(office: Office, port: int, **changes: object) -> None:
    """The administrator sets the receiving of mail up."""
    values = {"kind": "imap", "username": USER, "address": USER, "folder": "INBOX", "name": ""}
    set_up(office, port, **(values | changes))


def fetch(person: Person, password: str | None = PASSWORD) -> Fetched:
    return mailbox.fetch_new(person.engine, person.actor, PALEMBANG, lambda _account: password)


def mail(
    subject: str, *, sender: str = "Sari <sari@example.org>", number: int = 1, body: str = "Isi.", **more: str
) -> bytes:
    headers = {
        "From": sender,
        "To": "pst1600@example.org",
        "Subject": subject,
        "Date": "Mon, 23 Nov 2026 10:00:00 +0700",
        "Message-ID": f"<{number}.uji@example.org>",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return (
        "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n" + body.encode() + b"\r\n"
    )


def waiting(office: Office, *, aside: bool = False) -> list[str]:
    with office.as_("rina").session() as session:
        return [entry.subject for entry in inbox.tray(session, [PALEMBANG], aside=aside)]


def conversation(office: Office, case: Ref) -> list[str]:
    with office.as_("rina").session() as session:
        return [message.text for message in case_view(session, *case).messages]


def offered(office: Office) -> Ref:
    """A case whose offer has gone out by draft, with a Message-ID."""
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    office.as_("rina").do("send_offer", case, SentBy(text="Terlampir.", message_id=f"<{case.id.hex}@example.org>"))
    return case


def test_a_new_request_waits_in_the_tray_and_the_mailbox_stays_as_it_was(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    server.put(mail("Permohonan data Susenas"), mail("Tanya peta", number=2))
    rina = office.as_("rina")
    assert fetch(rina) == Fetched(taken=2)
    assert fetch(rina) == Fetched()
    assert fetch(office.as_("fajar")) == Fetched()
    assert sorted(waiting(office)) == ["Permohonan data Susenas", "Tanya peta"]
    assert server.count() == 2


def test_an_answer_joins_its_case_by_thread_or_by_number_and_brings_it_to_the_desk(
    office: Office, server: MailServer
) -> None:
    receive(office, server.port)
    by_thread, by_number = offered(office), office.case_at(data=Data.DELIVERED, money=Money.RECEIPTED)
    number = office.facts(by_number).number
    office.set_clock(MORNING + timedelta(hours=1))
    server.put(
        mail("Re: Invoice", In_Reply_To=f"<{by_thread.id.hex}@example.org>", body="Sudah saya baca."),
        mail(f"[{number}] sudah sesuai", number=2, sender="lain@example.net", body="Terima kasih."),
        mail("Tanya lagi", number=3, body="Apakah ada data 2027?"),
    )
    assert fetch(office.as_("rina")) == Fetched(taken=3, joined=2)
    assert conversation(office, by_thread)[-1] == "Sudah saya baca."
    assert conversation(office, by_number)[-1] == "Terima kasih."
    assert waiting(office) == ["Tanya lagi"]  # the sender alone decides nothing
    assert office.row(by_number)["officer_queue"] == "messages"
    assert "masuk ke percakapan" in office.story(by_number)[-1]
    office.as_("rina").do("read_messages", by_number)
    assert office.row(by_number)["officer_queue"] == "waiting"
    assert "Tidak ada surel baru" in office.as_("rina").refusal("read_messages", by_number)


def test_what_names_two_cases_an_ended_case_or_only_its_body_waits_for_a_person(
    office: Office, server: MailServer
) -> None:
    receive(office, server.port)
    one, other = offered(office), office.new_case()
    ended = office.case_at(stage=Stage.CANCELLED)
    number = {case: office.facts(case).number for case in (one, other, ended)}
    server.put(
        mail(f"[{number[other]}] bingung", In_Reply_To=f"<{one.id.hex}@example.org>"),
        mail(f"[{number[ended]}] masih bisa?", number=2),
        mail("Tanya", number=3, body=f"Nomor saya {number[other]}."),
    )
    assert fetch(office.as_("rina")) == Fetched(taken=3)
    assert len(waiting(office)) == 3


def test_automatic_answers_and_circulars_are_set_aside_and_open_nothing(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    case = offered(office)
    server.put(
        mail("Automatic reply: cuti", Auto_Submitted="auto-replied"),
        mail("Buletin", number=2, List_Unsubscribe="<mailto:x@example.org>", Precedence="bulk"),
        mail("Balasan otomatis", number=3, Auto_Submitted="auto-replied", In_Reply_To=f"<{case.id.hex}@example.org>"),
    )
    assert fetch(office.as_("rina")) == Fetched(taken=3, joined=1)
    assert waiting(office) == []
    assert sorted(waiting(office, aside=True)) == ["Automatic reply: cuti", "Buletin"]
    assert office.row(case)["officer_queue"] != "messages"
    with office.as_("rina").session() as session:
        entry = inbox.tray(session, [PALEMBANG], aside=True)[0]
    asked = answers.registration(mail_id=entry.id)
    with pytest.raises(Refused, match="tidak membuka permohonan"):
        office.as_("rina").register(PALEMBANG, asked)


def test_a_bounce_brings_the_step_back_to_the_desk_with_its_reason(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    box = Letterbox()
    with mail_server(box) as port:
        set_up(office, port)
        case = offer_by_mail(office)
        rina = office.as_("rina")
        postman.send_waiting(rina.engine, rina.actor, PALEMBANG, lambda _account: None)
    assert state(office, case) == "sent"
    sent = box.mails[0]["Message-ID"]
    bounce = next(path for path in SAMPLES if path.name.startswith("12_")).read_bytes()
    server.put(bounce.replace(b"<kasus-000124.1@pst1600.example.org>", str(sent).encode()))
    assert fetch(rina).taken == 1
    assert state(office, case) == "bounced"
    row = office.row(case)
    assert row["officer_queue"] == "messages"
    assert "tidak sampai" in row["officer_why"]
    trouble = office.facts(case).mail_trouble
    assert trouble is not None
    assert "dewi.fiktiana@example.net" in trouble.reason
    assert any("tidak dapat dikirim" in text for text in conversation(office, case))


def test_a_line_that_breaks_while_fetching_loses_nothing_and_takes_nothing_twice(
    office: Office, server: MailServer
) -> None:
    count = 0

    def third_mail(data: bytes) -> bool:
        nonlocal count
        count += data.count(b"BODY[]")
        return count >= 3

    server.put(*(mail(f"Surel {number}", number=number) for number in range(1, 6)))
    rina = office.as_("rina")
    with cutting_line(server.port, third_mail) as port:
        receive(office, port)
        broken = fetch(rina)
    assert (broken.taken, "putus" in broken.stopped_because) == (2, True)
    receive(office, server.port)
    assert fetch(rina) == Fetched(taken=3)
    assert sorted(waiting(office)) == [f"Surel {number}" for number in range(1, 6)]
    assert len(office.rows("SELECT FROM desk.incoming_mark")) == 5


def test_a_mailbox_that_numbers_its_mails_anew_brings_nothing_twice(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    without_id = mail("Tanpa nomor").replace(b"Message-ID: <1.uji@example.org>\r\n", b"")
    server.put(mail("Satu", number=7), without_id)
    rina = office.as_("rina")
    assert fetch(rina).taken == 2
    server.forget_numbers()
    server.put(mail("Dua", number=8))
    assert fetch(rina) == Fetched(taken=1)
    assert sorted(waiting(office)) == ["Dua", "Satu", "Tanpa nomor"]
    assert fetch(rina) == Fetched()


def test_two_workstations_that_fetch_at_once_keep_one_mail(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    server.put(mail("Bersama"))
    rina, fajar = office.as_("rina"), office.as_("fajar")
    with office.as_("rina").session() as session:  # rina's round has kept the mail and is not finished
        kept = inbox.Taken("new_request", 1, message_id="<1.uji@example.org>", subject="Bersama")
        mail_id, new = inbox.take(session, PALEMBANG, kept, b"")
        assert new
    assert fetch(fajar) == Fetched()
    assert fetch(rina) == Fetched()
    assert waiting(office) == ["Bersama"]
    assert [row["mail_id"] for row in office.rows("SELECT mail_id FROM desk.incoming_mark")] == [mail_id]


def test_a_wrong_password_a_missing_folder_and_no_setting_are_said(office: Office, server: MailServer) -> None:
    rina = office.as_("rina")
    assert "belum diatur" in fetch(rina).stopped_because
    receive(office, server.port)
    assert "belum disimpan" in fetch(rina, None).stopped_because
    assert "menolak nama pengguna" in fetch(rina, "salah").stopped_because
    receive(office, server.port, folder="Tidak ada")
    assert "Folder Tidak ada" in fetch(rina).stopped_because
    receive(office, server.port, active=False)
    assert "dimatikan" in fetch(rina).stopped_because
    receive(office, server.port, security=MailSecurity.TLS)
    assert "gagal" in fetch(rina).stopped_because or "tidak dapat dibaca" in fetch(rina).stopped_because


def test_all_sample_mails_come_in_and_each_is_what_it_should_be(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    server.put(*(path.read_bytes() for path in SAMPLES))
    assert fetch(office.as_("rina")).taken == len(SAMPLES)
    kinds = {row["subject"]: row["kind"] for row in office.rows("SELECT subject, kind FROM desk.incoming_mail")}
    for path in SAMPLES:
        expected = json.loads(Path(f"{path}.expected.json").read_text("utf-8"))
        kind = expected["kind"]
        # the numbers of the samples are no cases of this office: what answers them is a request until a person says
        assert kinds[expected["subject"]] in ({kind, "new_request"} if kind == "reply" else {kind}), path.name


def test_a_mail_that_is_too_large_is_told_with_its_headers_and_left_on_the_server(
    office: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(office, server.port)
    monkeypatch.setattr(mailbox, "DEFAULT_LIMITS", Limits(mail=2_000))
    server.put(mail("Data 9 GB", body="x" * 5_000))
    assert fetch(office.as_("rina")).taken == 1
    with office.as_("rina").session() as session:
        (entry,) = inbox.tray(session, [PALEMBANG])
    assert (entry.kind, entry.subject, entry.opens_case) == ("unreadable", "Data 9 GB", False)
    assert "terlalu besar" in entry.notices[0]


# what may follow, and what the database refuses


def test_a_mail_of_the_tray_opens_one_case_or_joins_one_and_no_second(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    server.put(mail("Permohonan"), mail("Pertanyaan", number=2))
    rina, fajar = office.as_("rina"), office.as_("fajar")
    fetch(rina)
    with rina.session() as session:
        entries = {entry.subject: entry for entry in inbox.tray(session, [PALEMBANG])}
        data = inbox.content(session, PALEMBANG, entries["Permohonan"].id)
    assert b"Subject: Permohonan" in data
    asked = answers.registration(mail_id=entries["Permohonan"].id, messages=(IncomingMessage("Sari", "Isi."),))
    case = rina.register(PALEMBANG, asked)
    with pytest.raises(Refused, match="sudah masuk ke permohonan"):
        fajar.register(PALEMBANG, asked)
    joined = TakenMessages(
        (IncomingMessage("Sari", "Isi.", message_id="<2.uji@example.org>"),), mail_id=entries["Pertanyaan"].id
    )
    fajar.do("take_messages", case, joined)
    assert "sudah masuk" in rina.refusal("take_messages", case, joined)
    assert waiting(office) == []
    with pytest.raises(Refused, match="buka berkasnya di sana"), rina.session() as session:
        inbox.content(session, PALEMBANG, entries["Permohonan"].id)


def test_a_mail_that_was_set_aside_may_still_be_taken_up(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    server.put(mail("Nanti saja"))
    rina = office.as_("rina")
    fetch(rina)
    with rina.session() as session:
        (entry,) = inbox.tray(session, [PALEMBANG])
        inbox.answer(session, PALEMBANG, entry.id, "set_aside", reason="iklan")
    assert waiting(office) == []
    rina.do("take_messages", office.new_case(), TakenMessages((IncomingMessage("Sari", "Isi."),), mail_id=entry.id))
    assert waiting(office, aside=True) == []


def test_what_came_in_is_not_changed_hidden_or_read_by_strangers(office: Office, server: MailServer) -> None:
    receive(office, server.port)
    server.put(mail("Rahasia"))
    fetch(office.as_("rina"))
    mail_id = office.rows("SELECT id FROM desk.incoming_mail")[0]["id"]
    for name in ("doni", "tono", "wati"):
        with office.as_(name).psql() as psql, pytest.raises(psycopg.errors.InsufficientPrivilege):
            psql.execute("SELECT * FROM desk.mail_bytes(%s, %s)", (PALEMBANG, mail_id))
    with office.as_("doni").psql() as psql:
        assert psql.execute("SELECT FROM desk.incoming_mail").fetchall() == []
    with office.as_("rina").psql() as psql:
        for change in ("UPDATE desk.incoming_mail SET body = ''", "DELETE FROM desk.incoming_mark"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), psql.transaction():
                psql.execute(change)


def test_a_later_export_of_the_same_chat_adds_only_what_is_new(office: Office) -> None:
    case = office.new_case()
    rina = office.as_("rina")
    first = IncomingMessage("Sari", "Halo", at="2026-11-20T08:00:00+07:00")
    second = IncomingMessage("Sari", "Apa kabar data saya?", at="2026-11-21T08:00:00+07:00")
    rina.do("take_messages", case, TakenMessages((first,)))
    rina.do("take_messages", case, TakenMessages((first, second)))
    assert conversation(office, case)[-2:] == ["Halo", "Apa kabar data saya?"]
    assert "sudah ada" in rina.refusal("take_messages", case, TakenMessages((first, second)))
