"""Forms on the real database: filled in with what the office knows, sent, recorded once, and the screen told."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QWidget
from sqlalchemy import make_url

from desk.actions import ACTIONS, Action
from desk.adapters.understanding import understand_chat, understand_mail
from desk.errors import Refused
from desk.rules.case import BillingFacts, Data, Money, Original, Product, Section, SectionQuestion, Stage, TaskFacts
from desk.rules.deed import Done
from desk.rules.inputs import IncomingFile, IncomingMessage, PreparedFiles
from desk.services import case_file, documents
from desk.services.incoming import Suggestion, cases_of_message
from desk.ui import forms
from desk.ui.background import Background
from desk.ui.entering import enter
from desk.ui.forms import FormDialog, opening
from desk.ui.forms.build import HIDDEN
from desk.ui.forms.package_field import PackageField
from desk.ui.intake import match
from desk.ui.paper_files import WORD, read_stored
from desk.ui.paper_preview import PaperPreview
from desk.ui.workstation import Workstation
from tests import inputs as answers
from tests.actions.cases import Spot, case_at
from tests.office import MORNING, PALEMBANG, Office, Ref
from tests.ui.form_desk import around, no_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

ASKING = [
    action
    for action in ACTIONS.values()
    # prepared files are read from the disk: test_prepared_files_are_read_once_with_size_and_hash
    if action.asks not in (None, PreparedFiles) and action.handler is not None and not action.automatic
]
FIRST_MAIL = Path(__file__).parents[1] / "samples" / "mail" / "01_permintaan_baru.eml"
BUSY = Spot(Stage.ACTIVE, Money.PROOF, Original.RECEIVED, Data.PREPARING)


@pytest.mark.parametrize("action", ASKING, ids=lambda action: action.id)
def test_a_form_can_give_every_answer_the_office_gives(
    qtbot: QtBot, tmp_path: Path, qapp: object, action: Action
) -> None:
    case = case_at(BUSY)
    asked = SectionQuestion(uuid4(), Section.SOCIAL, "", "Cocok?", date(2026, 11, 25), date(2026, 11, 23), "rina")
    code = BillingFacts(case.id, "820261121000001", 20_000, case.today)
    task = TaskFacts(Product.FULL, "opened", "berkas dibuka kembali")
    case = replace(case, billing=(code,), questions=(asked,), tasks=(task,))
    given = answers.answer(action.id, case, colleague="fajar")
    lanes = Background(no_database, lambda _owner, trouble: pytest.fail(str(trouble)))
    sent: list[object] = []
    form = FormDialog(None, action, case, lambda inputs, _form: sent.append(inputs))
    qtbot.addWidget(form)
    known = {entry.name: getattr(given, entry.name) for entry in fields(cast("Any", given)) if entry.name not in HIDDEN}
    form.ask(around(tmp_path, lanes), known=known)
    if isinstance(package := form.fields.get("package"), PackageField):
        qtbot.waitUntil(package.make.isEnabled)  # the files are compared first
    form.submit()
    lanes.close()
    assert sent == [given], form.message.text()


@pytest.fixture
def sit_down(
    qapp: object, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[str], Workstation]]:
    """Lets somebody of the office sit down, without a window."""
    stations: list[Workstation] = []
    monkeypatch.setattr(opening, "drafts_folder", lambda **_: tmp_path)

    def open_for(name: str) -> Workstation:
        person = office.as_(name)
        entered = enter(make_url(office.database_url(person.login, person.password)))
        station = Workstation(
            entered.link, entered.actor, entered.offices, now=lambda: MORNING, paper_shop=entered.paper_shop
        )
        stations.append(station)
        return station

    yield open_for
    for station in stations:
        station.close()


class Clerk:
    """One person who opens forms and sends them."""

    def __init__(self, qtbot: QtBot, station: Workstation, office: Office) -> None:
        self.qtbot, self.station, self.office = qtbot, station, office
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.show()
        self.done: list[Done] = []

    def open(self, action_id: str, case: Ref | None, **known: Any) -> FormDialog:
        """A form that asks."""
        facts = None if case is None else self.office.facts(case)
        form = forms.open_form(
            self.window,
            ACTIONS[action_id],
            facts,
            self.station,
            lambda given, dialog: forms.deliver(self.station, dialog, given, self.done.append),
            known=known,
        )
        self.qtbot.waitUntil(lambda: bool(form.fields) or bool(form.message.text()))
        assert form.fields, form.message.text()
        return form

    def send(self, form: FormDialog) -> Done:
        """Sent and recorded."""
        before = len(self.done)
        form.submit()
        self.qtbot.waitUntil(lambda: len(self.done) > before or bool(form.message.text()))
        assert len(self.done) > before, form.message.text()
        return self.done[-1]


@pytest.fixture
def rina(qtbot: QtBot, sit_down: Callable[[str], Workstation], office: Office) -> Clerk:
    return Clerk(qtbot, sit_down("rina"), office)


def test_a_registered_request_stands_in_the_list(rina: Clerk, office: Office) -> None:
    form = rina.open("register_case", None)
    form.fill({"channel": answers.registration().channel, "name": "Siti Contoh", "lines": answers.LINES})
    total = cast("Any", form.fields["lines"]).total.text()
    assert total.startswith("Perkiraan biaya: Rp")
    done = rina.send(form)
    facts = office.facts(Ref(done.office_id, done.case_id))
    assert (facts.customer_name, len(facts.lines)) == ("Siti Contoh", 2)


def test_a_changed_request_loses_nothing_of_the_customers_card(rina: Clerk, office: Office) -> None:
    case = office.new_case(asked=answers.registration(position="Mahasiswa", npwp="09.999.999.9-999.000"))
    form = rina.open("change_request", case)
    form.fields["institution"].set_value("Universitas Misal")
    rina.send(form)
    with office.as_("rina").session() as session:
        card = case_file.case_view(session, case.office_id, case.id).customer
    assert (card.institution, card.position) == ("Universitas Misal", "Mahasiswa")
    assert card.npwp == "09.999.999.9-999.000"
    [stored] = office.rows("SELECT id_number FROM desk.customer WHERE name = 'Sari Contohwati'")
    assert stored["id_number"] == "9901015203950001"


def test_a_refused_form_stays_and_says_why(qtbot: QtBot, rina: Clerk, office: Office) -> None:
    case = office.new_case()
    form = rina.open("change_request", case)
    office.as_("fajar").do("change_request", case)
    form.submit()
    qtbot.waitUntil(lambda: bool(form.message.text()))
    assert "sudah diubah rekan lain" in form.message.text()
    assert form.isVisible()


def test_the_same_draft_sent_twice_is_recorded_once(rina: Clerk, office: Office) -> None:
    first = rina.open("register_case", None)
    key = first.request_id
    known = {"channel": answers.registration().channel, "name": "Siti Contoh"}
    first.fill(known)
    done = rina.send(first)
    again = rina.open("register_case", None)
    again.request_id = key  # as the draft keeps it when the program died before it was removed
    again.fill(known)
    assert rina.send(again).case_id == done.case_id
    assert len(office.rows("SELECT FROM desk.cases")) == 1


def test_an_offer_is_sent_with_its_ready_text(rina: Clerk, office: Office) -> None:
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    form = rina.open("send_offer", case)
    invoice = office.facts(case).invoice
    assert invoice is not None
    assert invoice.number in str(form.fields["text"].answer())
    assert form.fields["note"].answer() == "sari@example.org"


def test_the_treasurer_sees_the_proof_beside_the_fields(
    qtbot: QtBot, sit_down: Callable[[str], Workstation], office: Office
) -> None:
    case = office.case_at(money=Money.PROOF)
    budi = Clerk(qtbot, sit_down("budi"), office)
    form = budi.open("confirm_payment", case)
    qtbot.waitUntil(lambda: bool(form.findChildren(PaperPreview)))
    [preview] = form.findChildren(PaperPreview)
    assert preview.accessibleDescription() == "bukti.pdf"


def test_a_message_from_outside_finds_its_case(office: Office) -> None:
    case = office.new_case(
        asked=answers.registration(messages=(IncomingMessage("Sari", "Halo", message_id="<awal@example.com>"),))
    )
    number = office.facts(case).number

    def found(**asked: Any) -> list[Suggestion]:
        with office.as_("rina").session() as session:
            return cases_of_message(session, (PALEMBANG,), **asked)

    assert [hit.why for hit in found(number=number, email="SARI@example.org")] == ["nomor permohonan tertulis"]
    assert [hit.why for hit in found(thread=("awal@example.com", "<awal@example.com>"))] == [
        "balasan atas pesan permohonan ini"
    ]
    assert [hit.number for hit in found(email="SARI@example.org")] == [number]
    assert [hit.number for hit in found(phone="+6281200000101")] == [number]
    assert found(email="lain@example.org") == []
    assert found() == [], "an unknown sender is not everybody whose address is unknown"
    office.as_("rina").do("cancel_case", case)
    assert found(email="sari@example.org") == [], "who writes after the end asks something new"


def test_a_mail_to_one_office_does_not_find_the_cases_of_another(office: Office) -> None:
    case = office.new_case()
    with office.as_("doni").session() as session:
        assert cases_of_message(session, (PALEMBANG,), number=office.facts(case).number) == []


def test_a_chosen_word_file_shows_the_pages_made_from_it(office: Office) -> None:
    case = office.case_at(original=Original.ISSUED)
    invoice = office.facts(case).invoice
    assert invoice is not None
    officer = office.as_("rina")
    pages = officer.keep_paper(case, "invoice", invoice.id, b"%PDF-1.7 invoice")
    with officer.session() as session:
        word = documents.store(
            session,
            case.office_id,
            case.id,
            IncomingFile("invoice.docx", WORD, b"PK invoice"),
            kind="paper",
            title="invoice",
            paper="invoice",
            subject_id=invoice.id,
        )
    with officer.session() as session:
        view = case_file.case_view(session, case.office_id, case.id)
        for entry in view.documents:
            if entry.id in (pages, word):
                stored = read_stored(session, case.office_id, entry, "")
                assert (stored.id, stored.case_id, stored.word_id) == (pages, case.id, word)
                assert stored.data == b"%PDF-1.7 invoice"


def test_an_identity_card_is_read_only_with_a_reason_and_leaves_a_trace(office: Office) -> None:
    card = answers.pdf("KTP.pdf", protected=True)
    case = office.new_case(asked=answers.registration(messages=(IncomingMessage("Sari", "KTP saya", files=(card,)),)))
    officer = office.as_("rina")
    with officer.session() as session:
        [entry] = case_file.case_view(session, case.office_id, case.id).documents
    assert entry.kind == "id_card"
    with pytest.raises(Refused), officer.session() as session:
        read_stored(session, case.office_id, entry, "")
    with officer.session() as session:
        assert read_stored(session, case.office_id, entry, "Mencocokkan nama").data == card.data
    [trace] = office.rows("SELECT reason FROM desk.view_entry")
    assert trace["reason"] == "Mencocokkan nama"


def test_what_came_in_is_matched_with_the_catalogue(office: Office) -> None:
    with office.as_("rina").session() as session:
        matched = match(session, (PALEMBANG,), understand_mail(FIRST_MAIL.read_bytes()))
        named = match(
            session, (PALEMBANG,), understand_chat("[1/11/26 09.00] Sari: Mohon data Potensi Desa 2024", None)
        )
    assert matched.suggestions == ()
    assert matched.lines == (), "it names no item in full"
    assert [line.catalogue_code for line in named.lines] == ["podes-2024"]


def test_registration_of_a_mail_keeps_its_message_and_files(rina: Clerk, office: Office) -> None:
    seen = understand_mail(FIRST_MAIL.read_bytes())
    form = forms.open_form(
        rina.window,
        ACTIONS["register_case"],
        None,
        rina.station,
        lambda given, dialog: forms.deliver(rina.station, dialog, given, rina.done.append),
        known=seen.registration(),
        carried={"messages": seen.messages},
        subject=seen.key,
    )
    rina.qtbot.waitUntil(lambda: bool(form.fields))
    done = rina.send(form)
    kept = office.rows("SELECT name, kind FROM desk.document WHERE case_id = :c ORDER BY name", c=done.case_id)
    assert [(row["name"], row["kind"]) for row in kept] == [
        ("Abstraksi Penelitian.docx", "incoming"),
        ("KTP.jpg", "id_card"),
        ("Surat Permohonan.pdf", "incoming"),
    ]
