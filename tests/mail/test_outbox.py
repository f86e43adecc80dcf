"""The outbox against a real mail server: sent once, retried with patience, and never twice without a person's word."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest

from desk import postman
from desk.adapters import smtp
from desk.errors import Refused
from desk.postman import Round
from desk.rules.case import MessageKind, Original
from desk.rules.inputs import IncomingFile, MailChoice, MailOut, MailSettlement, MessageNote, SentBy
from desk.rules.mail import OutgoingState
from desk.services import outbox
from tests.mail.post_office import ADDRESS, Letterbox, account, mail_server, offer_by_mail, only, set_up, state, states
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Person

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def box() -> Letterbox:
    return Letterbox()


@pytest.fixture
def server(box: Letterbox) -> Iterator[int]:
    with mail_server(box) as port:
        yield port


def send(person: Person, password: str | None = None) -> Round:
    return postman.send_waiting(person.engine, person.actor, PALEMBANG, lambda _account: password)


def test_an_offer_leaves_with_both_papers_in_the_thread_and_only_once(
    office: Office, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    rina = office.as_("rina")
    assert state(office, case) == "waiting"
    assert box.mails == []
    assert send(rina) == Round(sent=1)
    assert send(rina) == Round()
    ((envelope, mail),) = box.taken
    facts = office.facts(case)
    assert (envelope.mail_from, envelope.rcpt_tos) == (ADDRESS, [facts.email])
    assert mail["Message-ID"] == f"<1600.{case.id.hex}@example.org>"
    assert mail["From"] == f"PST BPS Provinsi Sumatera Selatan <{ADDRESS}>"
    assert facts.number in mail["Subject"]
    assert mail["X-Unsent"] is None
    assert sorted(str(part.get_filename()) for part in mail.iter_attachments()) == ["invoice.pdf", "sppd.pdf"]
    assert states(office, case) == ["taken", "handing", "sent"]


def test_the_mail_is_written_with_the_deed_or_not_at_all(office: Office, server: int) -> None:
    set_up(office, server)
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    wrong = SentBy(text="Terlampir.", subject="x", message_id="<a@example.org>", mail=MailOut(("bukan alamat",)))
    assert "tidak benar" in office.as_("rina").refusal("send_offer", case, wrong)
    assert office.facts(case).original is Original.ISSUED
    assert office.rows("SELECT FROM desk.outgoing_mail") == []
    empty = SentBy(text=" ", subject="x", message_id="<a@example.org>", mail=MailOut(("a@example.org",)))
    assert "belum berisi teks" in office.as_("rina").refusal("send_offer", case, empty)


def test_where_sending_is_off_nothing_enters_the_outbox_and_the_draft_remains(office: Office, server: int) -> None:
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    by_mail = SentBy(text="Terlampir.", subject="x", message_id="<a@example.org>", mail=MailOut(("a@example.org",)))
    assert "belum diatur" in office.as_("rina").refusal("send_offer", case, by_mail)
    set_up(office, server)
    set_up(office, server, active=False)
    assert "dimatikan" in office.as_("rina").refusal("send_offer", case, by_mail)
    assert "dimatikan" in send(office.as_("rina")).stopped_because
    office.as_("rina").do("send_offer", case, SentBy(text="Terlampir.", message_id="<b@example.org>"))
    assert office.facts(case).original is Original.AWAITED


def test_a_mail_server_that_is_away_is_tried_again_later_and_the_deed_stands(
    office: Office, box: Letterbox, server: int
) -> None:
    with mail_server(Letterbox()) as gone:
        pass
    set_up(office, gone)
    first, second = offer_by_mail(office), offer_by_mail(office)
    rina = office.as_("rina")
    done = send(rina)
    assert (done.sent, done.failed) == (0, 1)
    assert "tidak dapat dihubungi" in done.stopped_because
    assert sorted([state(office, first), state(office, second)]) == ["later", "waiting"]
    assert office.facts(first).original is Original.AWAITED
    set_up(office, server)
    assert send(rina).sent == 1
    office.set_clock(MORNING + timedelta(minutes=2))
    assert send(rina).sent == 1
    assert len(box.mails) == 2


def test_a_refused_address_brings_the_case_back_to_the_desk_and_is_sent_again_on_a_persons_word(
    office: Office, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    box.about_recipient = lambda _address: "550 No such user here"
    rina = office.as_("rina")
    assert send(rina).failed == 1
    assert state(office, case) == "refused"
    row = office.row(case)
    assert row["officer_queue"] == "messages"
    assert "tidak terkirim" in row["officer_why"]
    trouble = office.facts(case).mail_trouble
    assert trouble is not None
    assert "No such user here" in trouble.reason
    assert send(rina) == Round()

    box.about_recipient = lambda _address: "250 OK"
    rina.do("settle_mail", case, MailSettlement(choice=MailChoice.AGAIN))
    assert office.row(case)["officer_queue"] != "messages"
    assert send(rina).sent == 1
    assert [str(mail["Message-ID"]) for mail in box.mails] == [f"<1600.{case.id.hex}@example.org>"]
    assert "Tidak ada surel" in rina.refusal("settle_mail", case, MailSettlement(choice=MailChoice.AGAIN))


def test_the_last_letter_of_an_ended_case_that_came_back_still_needs_somebody(
    office: Office, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    office.as_("rina").do("cancel_case", case)
    box.about_recipient = lambda _address: "550 No such user here"
    rina = office.as_("rina")
    assert send(rina).failed == 1
    row = office.row(case)
    assert (row["stage"], row["officer_queue"]) == ("cancelled", "messages")
    assert "ended_on_a_desk" not in office.findings()
    rina.do("settle_mail", case, MailSettlement(choice=MailChoice.DROPPED, note="Diberi tahu lewat telepon."))
    assert office.row(case)["officer_queue"] is None
    assert "ended_on_a_desk" not in office.findings()


def test_what_fails_for_a_while_waits_longer_each_time_and_ends_with_a_person(
    office: Office, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    box.about_text = lambda _envelope: "451 Try again later"
    rina = office.as_("rina")
    moment = MORNING
    waits = []
    for _ in range(9):
        assert send(rina).failed == 1
        assert send(rina) == Round()
        until = office.rows("SELECT until FROM desk.outgoing_step ORDER BY position DESC LIMIT 1")[0]["until"]
        waits.append(until - moment)
        moment = office.set_clock(until)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert send(rina).failed == 1
    assert state(office, case) == "refused"
    assert office.row(case)["officer_queue"] == "messages"
    assert "10 kali" in office.rows("SELECT reason FROM desk.outgoing_step ORDER BY position DESC LIMIT 1")[0]["reason"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_that_is_wrong_or_not_here_is_said_and_nothing_is_lost(office: Office, box: Letterbox) -> None:
    with mail_server(box, authenticator=only("pst", "benar"), auth_required=True, auth_require_tls=False) as port:
        set_up(office, port, username="pst")
        case = offer_by_mail(office)
        rina = office.as_("rina")
        assert "belum disimpan" in send(rina).stopped_because
        assert state(office, case) == "waiting"
        assert "menolak nama pengguna" in send(rina, "salah").stopped_because
        office.set_clock(MORNING + timedelta(minutes=2))
        assert send(rina, "benar").sent == 1


def test_two_senders_at_once_never_take_the_same_mail(office: Office, server: int) -> None:
    set_up(office, server)
    cases = [offer_by_mail(office) for _ in range(2)]
    rina, fajar = office.as_("rina"), office.as_("fajar")
    with rina.session() as one, fajar.session() as other:
        first = outbox.take(one, PALEMBANG, cases[0].id)  # not committed: the row is locked
        second = outbox.take(other, PALEMBANG, cases[1].id)
        assert first is not None
        assert second is not None
        assert first != second
        assert outbox.take(other, PALEMBANG, cases[1].id) is None


# killed senders


def start_sender(person: Person) -> subprocess.Popen[bytes]:
    """The real program in a process of its own."""
    url = person.office.database_url(person.login, person.password)
    return subprocess.Popen(
        [sys.executable, "-m", "desk", "outbox", "--office", "1600"],
        env={**os.environ, "DESK_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_sender_killed_between_send_and_mark_sends_nothing_twice_and_a_person_decides(
    office: Office, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    rina, fajar = office.as_("rina"), office.as_("fajar")
    running: list[subprocess.Popen[bytes]] = []

    def kill_then_take(_envelope: object) -> str:
        psutil.Process(running[0].pid).kill()
        running[0].wait(20)
        return "250 OK"  # the server has it; the sender never hears

    box.about_text = kill_then_take
    running.append(start_sender(rina))
    assert box.came.wait(30)
    running[0].wait(20)
    assert len(box.mails) == 1
    assert states(office, case) == ["taken", "handing"]

    box.about_text = lambda _envelope: "250 OK"
    assert send(fajar) == Round()  # still claimed
    office.set_clock(MORNING + timedelta(minutes=11))
    assert send(fajar) == Round()  # run out: nobody sends it blindly
    assert len(box.mails) == 1
    assert state(office, case) == "unsure"
    row = office.row(case)
    assert row["officer_queue"] == "messages"
    assert "perlu diperiksa" in row["officer_why"]
    fajar.do("settle_mail", case, MailSettlement(choice=MailChoice.ARRIVED, note="Pengguna membenarkan lewat telepon."))
    assert send(fajar) == Round()
    assert len(box.mails) == 1
    assert state(office, case) == "arrived"


def test_a_sender_killed_before_the_text_was_handed_over_is_followed_by_another_that_sends_it(
    office: Office, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    rina, fajar = office.as_("rina"), office.as_("fajar")
    running: list[subprocess.Popen[bytes]] = []

    def kill(_address: str) -> str:
        psutil.Process(running[0].pid).kill()
        running[0].wait(20)
        box.came.set()
        return "250 OK"

    box.about_recipient = kill
    running.append(start_sender(rina))
    assert box.came.wait(30)
    running[0].wait(20)
    assert states(office, case) == ["taken"]
    box.about_recipient = lambda _address: "250 OK"
    assert send(fajar) == Round()
    office.set_clock(MORNING + timedelta(minutes=11))
    assert send(fajar).sent == 1
    assert len(box.mails) == 1


def test_a_claim_that_ran_out_does_not_let_the_slow_sender_send_after_all(
    office: Office, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    rina, fajar = office.as_("rina"), office.as_("fajar")

    agree = smtp._agree

    def agree_slowly(server_: smtplib.SMTP, envelope: smtp.Envelope) -> None:
        agree(server_, envelope)
        patch.setattr(smtp, "_agree", agree)
        office.set_clock(MORNING + timedelta(minutes=11))
        assert send(fajar).sent == 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(smtp, "_agree", agree_slowly)
        done = send(rina)
    assert done.sent == 0
    assert len(box.mails) == 1
    assert states(office, case) == ["taken", "taken", "handing", "sent"]


def test_a_line_that_breaks_after_the_text_leaves_the_mail_unsure(office: Office, box: Letterbox, server: int) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    box.about_text = lambda _envelope: "421 closing"  # and aiosmtpd hangs up
    rina = office.as_("rina")

    real = smtplib.SMTP.data

    def break_off(self: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
        real(self, data)
        raise smtplib.SMTPServerDisconnected("gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(smtplib.SMTP, "data", break_off)
        assert send(rina).failed == 1
    assert state(office, case) == "unsure"
    assert office.row(case)["officer_queue"] == "messages"
    assert send(rina) == Round()


# the guards, asked by somebody with psql


def test_an_internal_note_and_what_hangs_on_it_are_never_sent(office: Office, server: int) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    rina = office.as_("rina")
    picture = IncomingFile("rahasia.pdf", "application/pdf", b"%PDF-1.7 rahasia")
    rina.do("add_message", case, MessageNote(kind=MessageKind.INTERNAL, text="Jangan dikirim.", files=(picture,)))
    card = IncomingFile("ktp.png", "image/png", b"\x89PNG ktp", protected=True)
    rina.do("add_message", case, MessageNote(kind=MessageKind.INCOMING, text="KTP saya", files=(card,)))
    with rina.psql() as psql:
        note = psql.execute("SELECT id FROM desk.message WHERE kind = 'internal'").fetchone()
        mine = psql.execute("SELECT id FROM desk.outgoing_mail").fetchone()
        assert note
        assert mine
        with pytest.raises(psycopg.errors.CheckViolation, match="catatan intern tidak pernah dikirim"):
            psql.execute(_PUT, (PALEMBANG, case.id, note["id"]))
        psql.rollback()
        for name, sentence in (("rahasia.pdf", "catatan intern"), ("ktp.png", "Kartu identitas")):
            file = psql.execute("SELECT id FROM desk.document WHERE name = %s", (name,)).fetchone()
            assert file
            with pytest.raises(psycopg.errors.CheckViolation, match=sentence):
                psql.execute(
                    "INSERT INTO desk.outgoing_file (office_id, outgoing_id, position, document_id) "
                    "VALUES (%s, %s, 9, %s)",
                    (PALEMBANG, mine["id"], file["id"]),
                )
            psql.rollback()


_PUT = (
    "INSERT INTO desk.outgoing_mail (office_id, id, case_id, message, message_id, sender_name, sender_address, "
    "recipients) "
    "VALUES (%s, gen_random_uuid(), %s, %s, '<x@example.org>', 'Palsu', 'palsu@example.org', '{a@example.org}')"
)


def test_sender_and_message_id_are_the_servers_words_and_a_colleagues_message_is_not_mine_to_send(
    office: Office, server: int
) -> None:
    set_up(office, server)
    case = office.case_at(original=Original.ISSUED)
    rina, fajar = office.as_("rina"), office.as_("fajar")
    with rina.psql() as psql:
        said = psql.execute(
            "INSERT INTO desk.message (office_id, id, case_id, kind, channel, sender, body, message_id) "
            "VALUES (%s, gen_random_uuid(), %s, 'outgoing', 'email', 'Rina', 'Isi', '<asli@example.org>') RETURNING id",
            (PALEMBANG, case.id),
        ).fetchone()
        assert said
        psql.commit()
        with fajar.psql() as other, pytest.raises(psycopg.errors.CheckViolation, match="pesan Anda"):
            other.execute(_PUT, (PALEMBANG, case.id, said["id"]))
        row = psql.execute(
            _PUT + " RETURNING message_id, sender_address, by", (PALEMBANG, case.id, said["id"])
        ).fetchone()
        assert row == {"message_id": "<asli@example.org>", "sender_address": ADDRESS, "by": rina.login}
        for change in (
            "UPDATE desk.outgoing_mail SET recipients = '{x@example.org}'",
            "DELETE FROM desk.outgoing_mail",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), psql.transaction():
                psql.execute(change)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), psql.transaction():
            psql.execute(
                "INSERT INTO desk.outgoing_step (office_id, outgoing_id, position, kind) "
                "VALUES (1600, gen_random_uuid(), 1, 'sent')"
            )


def test_nobody_marks_a_mail_as_sent_that_he_did_not_hand_over(office: Office, server: int) -> None:
    set_up(office, server)
    offer_by_mail(office)
    fajar = office.as_("fajar")
    with fajar.session() as session:
        entry = outbox.entries(session, [PALEMBANG])[0]
    assert entry.state is OutgoingState.WAITING
    for kind in ("sent", "handing", "arrived", "again", "bounced", "unsure", "unknown"):
        with pytest.raises(Refused, match="sudah berubah"), fajar.session() as session:
            outbox.note(session, PALEMBANG, entry.id, kind, reason="x", claim=entry.id)
    for name in ("doni", "tono", "wati"):
        with pytest.raises(Refused), office.as_(name).session() as session:
            outbox.take(session, PALEMBANG, entry.id)


def test_only_an_administrator_sets_the_account_and_an_open_line_stays_on_this_computer(
    office: Office, server: int
) -> None:
    for name in ("rina", "hendra", "doni"):
        with pytest.raises(Refused), office.as_(name).session() as session:
            outbox.set_account(session, account(server))
    with pytest.raises(Refused, match="tanpa enkripsi hanya"), office.as_("tono").session() as session:
        outbox.set_account(session, account(server, host="smtp.example.org"))
    with pytest.raises(Refused, match="Alamat surel kantor"), office.as_("tono").session() as session:
        outbox.set_account(session, account(server, address="a@b\r\nBcc: c@d"))
    set_up(office, server)
    set_up(office, server, name="PST")
    with office.as_("rina").session() as session:
        now = outbox.account(session, PALEMBANG)
        assert outbox.account(session, JAMBI) is None
    assert now is not None
    assert (now.version, now.name) == (2, "PST")
