"""Data leave by the office's mail: part by part, once, and the case says only what has happened."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psutil
import pytest
from psycopg import errors
from pyzipper import AESZipFile

from desk import postman
from desk.adapters.package import pack
from desk.errors import Refused
from desk.postman import Round
from desk.rules.case import Data, Money, Original
from desk.rules.inputs import DataSent, MailChoice, MailOut, MailReport, MailSettlement, Reason
from desk.rules.mail import OutgoingState
from desk.rules.package import DataPackage, PackageOrder, PasswordWay
from desk.services.case_file import case_view
from desk.services.package import package_order
from tests import inputs
from tests.mail.post_office import ADDRESS, Letterbox, mail_server, set_up, states
from tests.office import MORNING, PALEMBANG, Office, Person, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "kata-sandi-contoh"


@pytest.fixture
def box() -> Letterbox:
    return Letterbox()


@pytest.fixture
def server(box: Letterbox) -> Iterator[int]:
    with mail_server(box) as port:
        yield port


def ready(office: Office, folder: Path, *sizes: int) -> Ref:
    """A case whose files of these sizes passed the check; every light is green."""
    case = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.PREPARING)
    made = []
    for at, size in enumerate(sizes):
        data = hashlib.shake_128(bytes([at])).digest(size)  # does not shrink
        path = folder / f"data-{at}.bin"
        path.write_bytes(data)
        made.append(inputs.prepared_file(path.name, path=str(path), size=size, sha256=hashlib.sha256(data).hexdigest()))
    office.as_("rina").do("finish_preparation", case, inputs.prepared_of(office.facts(case), *made))
    office.as_("fajar").do("check_data", case)
    office.as_("budi").do("attach_receipt_scan", case)
    office.as_("rina").do("confirm_address", case)
    return case


def packed(office: Office, case: Ref, folder: Path, limit: int) -> DataPackage:
    """The package of the case on the disk, as the form makes it."""
    with office.as_("rina").session() as session:
        order = package_order(session, case_view(session, *case))
    order = PackageOrder(
        order.number, order.agreement_number, order.version, order.channel, order.files, order.clauses, limit
    )
    folder.mkdir(exist_ok=True)
    parts = pack(order, folder, PASSWORD, lambda _at, _of: None)
    return DataPackage(parts, PasswordWay.PHONE, tuple(str(folder / part.name) for part in parts))


def by_mail(office: Office, case: Ref, package: DataPackage | None, **changes: Any) -> DataSent:
    facts = office.facts(case)
    values: dict[str, Any] = {
        "package": package,
        "text": "Terlampir data Anda.",
        "subject": f"[{facts.number}] Data",
        "message_id": f"<1600.{uuid4().hex}@example.org>",
        "mail": MailOut((facts.email,)),
    }
    return DataSent(**(values | changes))


def send(person: Person) -> Round:
    return postman.send_waiting(person.engine, person.actor, PALEMBANG, lambda _account: None)


def mail_states(office: Office, case: Ref) -> list[str]:
    rows = office.rows(
        "SELECT desk.outgoing_state(o.office_id, o.id) AS now FROM desk.outgoing_mail o "
        "JOIN desk.outgoing_part t ON t.office_id = o.office_id AND t.outgoing_id = o.id "
        "WHERE o.case_id = :c ORDER BY o.at, t.position",
        c=case.id,
    )
    return [row["now"] for row in rows]


def test_each_part_is_a_mail_and_the_data_count_as_sent_when_the_server_has_the_last_one(
    office: Office, box: Letterbox, server: int, tmp_path: Path
) -> None:
    set_up(office, server)
    case = ready(office, tmp_path, 700_000, 700_000, 700_000)
    package = packed(office, case, tmp_path / "kirim", 1_600_000)
    assert len(package.parts) == 2
    rina = office.as_("rina")
    done = rina.do("deliver", case, by_mail(office, case, package))
    assert "masuk surel keluar untuk sari@example.org dalam 2 surel" in done.sentence
    assert office.facts(case).data is Data.SENDING
    assert office.row(case)["officer_why"] == "Menunggu server surel menerima paket data"
    assert send(office.as_("fajar")) == Round(), "the package lies where Rina could write it"
    heard: list[Data] = []
    box.about_text = lambda _envelope: heard.append(office.facts(case).data) or "250 OK"  # type: ignore[func-returns-value]
    assert send(rina) == Round(sent=2)
    assert heard == [Data.SENDING, Data.SENDING], "nothing is said before the server has it"
    assert office.facts(case).data is Data.DELIVERED
    assert office.story(case)[-1] == "Data terkirim: server surel menerima seluruh paket."
    inside: set[str] = set()
    for (envelope, mail), part in zip(box.taken, package.parts, strict=True):
        assert (envelope.mail_from, envelope.rcpt_tos) == (ADDRESS, ["sari@example.org"])
        [attached] = [each for each in mail.iter_attachments() if each.get_filename() == part.name]
        data = attached.get_payload(decode=True)
        assert isinstance(data, bytes)
        assert hashlib.sha256(data).hexdigest() == part.sha256
        copy = tmp_path / "tiba.zip"
        copy.write_bytes(data)
        with AESZipFile(copy) as opened:
            opened.setpassword(PASSWORD.encode())
            inside |= set(opened.namelist())
    assert {"data-0.bin", "data-1.bin", "data-2.bin"} <= inside
    assert "(bagian 2 dari 2)" in box.mails[1]["Subject"]
    assert len({str(mail["Message-ID"]) for mail in box.mails}) == 2


def test_a_package_that_was_changed_or_taken_away_after_the_deed_does_not_leave(
    office: Office, box: Letterbox, server: int, tmp_path: Path
) -> None:
    set_up(office, server)
    case = ready(office, tmp_path, 5_000)
    package = packed(office, case, tmp_path / "kirim", 1_600_000)
    rina, path = office.as_("rina"), Path(package.paths[0])
    rina.do("deliver", case, by_mail(office, case, package))
    aside = path.parent.rename(tmp_path / "tercabut")
    assert send(rina) == Round(failed=1)
    assert mail_states(office, case) == ["later"], "the share may come back"
    [step] = office.rows("SELECT reason FROM desk.outgoing_step WHERE kind = 'failed'")
    assert "tidak dapat dibaca di" in step["reason"]
    aside.rename(path.parent)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    office.set_clock(MORNING + timedelta(minutes=2))
    assert send(rina).failed == 1
    assert box.mails == []
    facts = office.facts(case)
    assert (facts.data, facts.mail_trouble) == (Data.CHECKED, None)
    assert "sudah berubah sejak dibuat" in facts.files.failed
    row = office.row(case)
    assert row["officer_queue"] == "ready"
    assert row["officer_why"].startswith("Kiriman tidak sampai, kirim lagi:")


def test_a_refused_part_holds_the_others_back_and_the_data_can_be_sent_again(
    office: Office, box: Letterbox, server: int, tmp_path: Path
) -> None:
    set_up(office, server)
    case = ready(office, tmp_path, 700_000, 700_000)
    rina = office.as_("rina")
    package = packed(office, case, tmp_path / "kirim", 900_000)
    rina.do("deliver", case, by_mail(office, case, package))
    box.about_text = lambda _envelope: "552 Message too large"
    assert send(rina) == Round(failed=1)
    assert mail_states(office, case) == ["dropped", "dropped"]
    assert box.mails == []
    assert "Message too large" in office.facts(case).files.failed
    assert (
        office.story(case)[-1] == "Kiriman data tidak sampai; langkah kirim terbuka lagi. 2 surel tidak dikirim lagi."
    )

    box.about_text = lambda _envelope: "250 OK"
    again = packed(office, case, tmp_path / "kirim", 900_000)
    rina.do("deliver", case, by_mail(office, case, again))
    assert office.facts(case).files.failed == ""
    assert send(rina) == Round(sent=2)
    assert office.facts(case).data is Data.DELIVERED
    attempts = office.rows(
        "SELECT d.sequence, d.version, f.reason FROM desk.delivery d LEFT JOIN desk.delivery_failure f "
        "ON f.office_id = d.office_id AND f.delivery_id = d.id WHERE d.case_id = :c ORDER BY 1",
        c=case.id,
    )
    assert [(row["sequence"], row["version"], row["reason"] is None) for row in attempts] == [
        (1, 1, False),
        (2, 1, True),
    ]
    with rina.session() as session:
        refused, arrived = case_view(session, *case).attempts
    assert "Message too large" in refused.outcome()
    assert [part.state for part in refused.parts] == [OutgoingState.DROPPED] * 2
    assert [part.state for part in arrived.parts] == [OutgoingState.SENT] * 2
    assert arrived.outcome().startswith("Terkirim; pengguna data memeriksa sampai")


def test_a_bounce_opens_the_delivery_again_with_the_reason(office: Office, server: int, tmp_path: Path) -> None:
    set_up(office, server)
    case = ready(office, tmp_path, 5_000)
    rina = office.as_("rina")
    rina.do("deliver", case, by_mail(office, case, packed(office, case, tmp_path / "kirim", 1_600_000)))
    send(rina)
    [mail] = office.rows("SELECT outgoing_id FROM desk.outgoing_part")
    rina.do(
        "report_mail", case, MailReport(mail["outgoing_id"], "bounced", "Surel ke sari@example.org kembali: penuh.")
    )
    facts = office.facts(case)
    assert (facts.data, facts.files.failed) == (Data.CHECKED, "Surel ke sari@example.org kembali: penuh.")
    assert facts.mail_trouble is None, "sending again is the answer; nobody has to settle the mail as well"
    assert rina.why_not("deliver", case) is None


def test_an_unsure_mail_waits_for_a_person_whose_word_moves_the_data(
    office: Office, server: int, tmp_path: Path
) -> None:
    set_up(office, server)
    rina = office.as_("rina")
    for choice, then in ((MailChoice.ARRIVED, Data.DELIVERED), (MailChoice.DROPPED, Data.CHECKED)):
        case = ready(office, tmp_path, 5_000)
        rina.do("deliver", case, by_mail(office, case, packed(office, case, tmp_path / "kirim", 1_600_000)))
        with rina.psql() as raw:
            claim = uuid4()
            mail = raw.execute("SELECT desk.take_outgoing(%s, %s) AS id", (PALEMBANG, claim)).fetchone()
            assert mail is not None
            raw.execute("SELECT desk.note_outgoing(%s, %s, 'handing', '', %s)", (PALEMBANG, mail["id"], claim))
            raw.commit()
        rina.do("report_mail", case, MailReport(mail["id"], "unsure", "Sambungan putus.", claim))
        assert office.facts(case).data is Data.SENDING
        rina.do("settle_mail", case, MailSettlement(choice=choice, note="Ditanyakan lewat telepon."))
        assert office.facts(case).data is then


def test_an_officer_may_say_that_the_customer_got_nothing(office: Office, tmp_path: Path) -> None:
    case = ready(office, tmp_path, 5_000)
    rina = office.as_("rina")
    rina.do("deliver", case, DataSent(note="Tautan dikirim."))
    assert office.facts(case).data is Data.DELIVERED
    rina.do("reopen_delivery", case, Reason(reason="Tautan tidak dapat dibuka pengguna."))
    assert office.facts(case).data is Data.CHECKED
    rina.do("return_data", case)
    assert office.facts(case).data is Data.PREPARING, "nobody has asked for a correction"


def test_only_the_confirmed_address_gets_data_and_no_mail_goes_without_its_package(
    office: Office, server: int, tmp_path: Path
) -> None:
    set_up(office, server)
    case = ready(office, tmp_path, 5_000)
    package = packed(office, case, tmp_path / "kirim", 1_600_000)
    rina = office.as_("rina")
    elsewhere = by_mail(office, case, package, mail=MailOut(("orang.lain@example.org",)))
    assert "bukan alamat tujuan yang dikonfirmasi" in rina.refusal("deliver", case, elsewhere)
    assert "Buat paketnya dahulu" in rina.refusal("deliver", case, by_mail(office, case, None))
    assert office.rows("SELECT FROM desk.delivery") == []


def test_a_sender_killed_after_packing_and_before_the_text_sends_nothing_and_another_run_sends_all(
    office: Office, box: Letterbox, server: int, tmp_path: Path
) -> None:
    set_up(office, server)
    case = ready(office, tmp_path, 5_000)
    rina = office.as_("rina")
    rina.do("deliver", case, by_mail(office, case, packed(office, case, tmp_path / "kirim", 1_600_000)))
    running: list[subprocess.Popen[bytes]] = []

    def kill(_address: str) -> str:
        psutil.Process(running[0].pid).kill()
        running[0].wait(20)
        box.came.set()
        return "250 OK"

    box.about_recipient = kill
    url = office.database_url(rina.login, rina.password)
    running.append(
        subprocess.Popen(
            [sys.executable, "-m", "desk", "outbox", "--office", "1600"],
            env={**os.environ, "DESK_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )
    assert box.came.wait(30)
    running[0].wait(20)
    assert box.mails == []
    assert states(office, case) == ["taken"]
    assert office.facts(case).data is Data.SENDING, "nobody says that it was sent"
    box.about_recipient = lambda _address: "250 OK"
    office.set_clock(MORNING + timedelta(minutes=11))
    assert send(rina) == Round(sent=1)
    assert len(box.mails) == 1
    assert office.facts(case).data is Data.DELIVERED


# through a bare connection


def test_the_database_lets_a_mail_carry_only_what_the_delivery_records(
    office: Office, server: int, tmp_path: Path
) -> None:
    set_up(office, server)
    case = ready(office, tmp_path, 5_000)
    rina = office.as_("rina")
    rina.do("deliver", case, by_mail(office, case, packed(office, case, tmp_path / "kirim", 1_600_000)))
    [part] = office.rows("SELECT * FROM desk.outgoing_part")
    columns = "office_id, outgoing_id, delivery_id, position, name, path, size, sha256"
    asked = f"INSERT INTO desk.outgoing_part ({columns}) VALUES ({', '.join(['%s'] * 8)})"
    for changed in ({"sha256": "0" * 64}, {"size": 1}, {"position": 2}, {"name": "lain.zip"}):
        row = {**part, **changed}
        with rina.psql() as raw, pytest.raises(errors.CheckViolation, match="bukan bagian paket"):
            raw.execute(asked, [row[name.strip()] for name in columns.split(",")])
    with office.as_("fajar").psql() as raw, pytest.raises(errors.CheckViolation, match="penulis surel"):
        raw.execute(asked, [part[name.strip()] for name in columns.split(",")])
    with rina.psql() as raw, pytest.raises(errors.Error, match="permission denied"):
        raw.execute("UPDATE desk.outgoing_part SET path = '/tmp/lain'")


def test_the_database_keeps_the_state_of_sending_to_its_facts(office: Office, tmp_path: Path) -> None:
    case = ready(office, tmp_path, 5_000)
    with office.as_("rina").psql() as raw, pytest.raises(errors.CheckViolation, match="tidak didukung catatannya"):
        raw.execute(
            "SELECT desk.record_deed(%s, %s, %s, 'deliver', 'Terkirim.', '', '{\"data\": \"sending\"}', "
            "'{\"officer_queue\": \"waiting\"}', '{}')",
            (PALEMBANG, case.id, uuid4()),
        )
    with office.as_("rina").psql() as raw, pytest.raises(errors.CheckViolation, match="kiriman terakhir"):
        raw.execute(
            "INSERT INTO desk.delivery_failure (office_id, id, case_id, delivery_id, reason) "
            "VALUES (%s, %s, %s, %s, 'x')",
            (PALEMBANG, uuid4(), case.id, uuid4()),
        )


def test_the_same_deed_asked_twice_puts_its_package_into_one_mail(office: Office, server: int, tmp_path: Path) -> None:
    set_up(office, server)
    case = ready(office, tmp_path, 5_000)
    rina = office.as_("rina")
    asked, key = by_mail(office, case, packed(office, case, tmp_path / "kirim", 1_600_000)), uuid4()
    first = rina.do("deliver", case, asked, key=key)
    assert rina.do("deliver", case, asked, key=key) == first
    assert len(office.rows("SELECT FROM desk.outgoing_part")) == 1
    with pytest.raises(Refused):
        rina.do("deliver", case, asked)
