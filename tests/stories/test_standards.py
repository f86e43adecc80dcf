"""Both published service standards, step by step, as the offices live them (`service-standards/`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from desk.actions import next_steps
from desk.rules.case import Channel, CustomerClass, Data, Fit, MessageKind, Money, Original, Stage
from desk.rules.desks import Desk, Queue
from desk.rules.inputs import (
    DataSent,
    FilingPlace,
    HandOver,
    IncomingMessage,
    MessageNote,
    ReceivedInput,
    RequirementsCheck,
    ScanInput,
    SentBy,
)
from desk.services.case_file import case_view
from tests import inputs
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Person, Ref


def queue_of(office: Office, case: Ref, desk: Desk) -> Queue | None:
    code = office.row(case)[f"{desk.value}_queue"]
    return Queue.of(code) if code else None


def possible(office: Office, person: Person, case: Ref) -> list[str]:
    return [action.id for action, reason in next_steps(person.actor, office.facts(case)) if reason is None]


def test_the_standard_of_sumatera_selatan_from_the_first_mail_to_closing(office: Office) -> None:
    rina, fajar, budi = office.as_("rina"), office.as_("fajar"), office.as_("budi")
    clock = MORNING

    # 1. The customer asks by mail, with abstraksi and list.
    mail = IncomingMessage("Sari Contohwati", "Mohon data terlampir.", "2026-11-22T19:30:00+07:00", "Permohonan data")
    case = rina.register(PALEMBANG, inputs.registration(messages=(mail,)))
    assert office.facts(case).number == "PST-1600-2026-000001"
    assert queue_of(office, case, Desk.OFFICER) is Queue.REVIEW

    # 2. The list is compared with the abstraksi, line by line; then the request is clear and the ten days run.
    rina.do("decide_fit", case, inputs.fit(office.facts(case)))
    assert "Persyaratan belum terpenuhi" in rina.refusal("declare_clear", case)
    rina.do(
        "check_requirements", case, RequirementsCheck(met=frozenset(need.code for need in office.facts(case).needs))
    )
    rina.do("declare_clear", case)
    assert office.facts(case).service_due == date(2026, 12, 7)  # ten working days after Monday 23 November
    assert queue_of(office, case, Desk.OFFICER) is Queue.OFFER

    # 2a. Invoice and SPPD from the same lines, sent together.
    done = rina.do("issue_invoice", case)
    assert "INV-001/16000/KU.130/11/2026" in done.sentence
    assert "SPPD-001/16000/KS.200/11/2026" in done.sentence
    assert "belum jadi" in rina.refusal("send_offer", case)
    office.make_papers(case)
    rina.do("send_offer", case, SentBy(text="Terlampir invoice dan SPPD."))
    offered = office.facts(case)
    assert offered.invoice is not None
    assert offered.invoice.total == 50_000 + 70_000  # 2,5 MB: Rp20.000 + 1.500.000 bytes at Rp20 per 1.000; one map
    assert offered.invoice.valid_until == date(2026, 12, 23)
    assert (offered.money, offered.original, offered.data) == (Money.INVOICED, Original.AWAITED, Data.NONE)

    # 3. The data are prepared by one officer and checked by another while the customer pays.
    rina.do("start_preparation", case)
    rina.do("tick_tasks", case)
    rina.do("finish_preparation", case, inputs.prepared("sakernas.csv", "peta.zip"))
    assert "petugas lain" in rina.refusal("check_data", case)
    assert queue_of(office, case, Desk.OFFICER) is Queue.CHECK
    fajar.do("check_data", case)
    assert queue_of(office, case, Desk.OFFICER) is Queue.WAITING

    # 4. Proof is a claim, not money: it only puts the case on the treasurer's desk.
    clock = office.set_clock(clock + timedelta(days=1))
    rina.do("record_proof", case, inputs.proof(office.facts(case)))
    assert queue_of(office, case, Desk.TREASURER) is Queue.CONFIRM
    assert "Hanya bendahara" in rina.refusal("confirm_payment", case)

    # 5. The signed original arrives by post and is judged on five ticks.
    clock = office.set_clock(clock + timedelta(days=2))
    rina.do("receive_original", case, ReceivedInput(received_on=office.facts(case).today))
    assert queue_of(office, case, Desk.MAIL) is Queue.ORIGINALS
    rina.do("accept_original", case, inputs.check(office.facts(case)))
    rina.do("countersign_original", case)
    rina.do("file_original", case, FilingPlace(binder="SPPD 2026", sheet="1"))
    assert queue_of(office, case, Desk.MAIL) is None

    # 6. The treasurer sees the money on the account and makes the kuitansi.
    budi.do("confirm_payment", case, inputs.payment(office.facts(case)))
    assert queue_of(office, case, Desk.TREASURER) is Queue.RECEIPT
    assert "KW-001/16000/KU.130/11/2026" in budi.do("issue_receipt", case).sentence
    assert queue_of(office, case, Desk.TREASURER) is None
    budi.do("attach_receipt_scan", case, ScanInput(scan=inputs.pdf("kuitansi.pdf")))

    # 7. Scan, data and maps go out together over the case's channel.
    assert "konfirmasi alamat tujuan" in rina.refusal("deliver", case)
    rina.do("confirm_address", case)
    assert queue_of(office, case, Desk.OFFICER) is Queue.READY
    delivered = rina.do("deliver", case, DataSent(text="Terlampir kuitansi, data, dan peta."))
    assert "Data (2 berkas) dikirim ke sari@example.org" in delivered.sentence
    assert office.row(case)["due_on"] is None

    # 8. and 10. The customer finds them right; the conversation is closed.
    rina.do("record_acceptance", case)
    assert possible(office, rina, case)[0] != "cancel_case"
    rina.do("close_case", case)
    closed = office.facts(case)
    assert closed.stage is Stage.CLOSED
    assert not any(queue_of(office, case, desk) for desk in Desk)

    with rina.session() as session:
        view = case_view(session, case.office_id, case.id)
    assert len(view.story) == 22
    assert [message.text for message in view.messages if message.kind is MessageKind.INCOMING] == [mail.text]
    assert "Terlampir invoice dan SPPD." in [message.text for message in view.messages]
    assert {entry.title for entry in view.documents} >= {"Bukti bayar", "invoice", "sppd"}


def test_the_standard_of_kota_jambi_over_whatsapp_and_forum_without_payment(office: Office) -> None:
    doni, lina, yuni = office.as_("doni"), office.as_("lina"), office.as_("yuni")
    asked = inputs.registration(
        channel=Channel.WHATSAPP, customer_class=CustomerClass.UNIVERSITY, email="", phone="0812-0000-0106"
    )

    # 1.–2. Asked over WhatsApp; "tidak dipungut biaya" is a decision of the supervisor, not a price.
    case = doni.register(JAMBI, asked)
    assert office.facts(case).number == "PST-1571-2026-000001"
    assert office.facts(case).phone == "+6281200000106"
    for action_id in ("decide_fit", "check_requirements", "declare_clear"):
        doni.do(action_id, case)
    doni.do("request_relief", case, inputs.relief(office.facts(case).today))
    assert queue_of(office, case, Desk.SUPERVISOR) is Queue.APPROVAL
    assert "belum diputus" in doni.refusal("issue_invoice", case)
    lina.do("approve_relief", case)

    issued = doni.do("issue_invoice", case)
    assert "nol rupiah" in issued.sentence
    assert "INV-001/15710/KU.130/2026" in issued.sentence
    assert office.facts(case).money is Money.FREE
    office.make_papers(case)
    assert "WhatsApp" in doni.do("send_offer", case).sentence

    # 3. and 5. Nol rupiah still needs the data checked and the paper original.
    doni.do("start_preparation", case)
    doni.do("tick_tasks", case)
    doni.do("finish_preparation", case)
    lina.do("check_data", case)
    assert "naskah asli SPPD" in doni.refusal("deliver", case)
    doni.do("receive_original", case)
    doni.do("accept_original", case)
    doni.do("countersign_original", case)
    doni.do("file_original", case)

    # 4. and 6. There is no money, so nothing for the treasurer.
    assert queue_of(office, case, Desk.TREASURER) is None
    assert yuni.why_not("confirm_payment", case)
    assert yuni.why_not("issue_receipt", case)

    # 7.–8. Over the conversation of the case; this standard closes after the customer's check.
    doni.do("confirm_address", case)
    doni.do("deliver", case)
    doni.do("record_acceptance", case)
    doni.do("close_case", case)
    assert office.facts(case).stage is Stage.CLOSED


def test_the_standard_of_kota_jambi_with_payment_over_the_forum(office: Office) -> None:
    doni, yuni = office.as_("doni"), office.as_("yuni")
    case = office.clear_case(JAMBI, asked=inputs.registration(channel=Channel.FORUM))
    doni.do("issue_invoice", case)
    office.make_papers(case)
    assert "Forum Silastik" in doni.do("send_offer", case).sentence
    doni.do("record_proof", case)
    yuni.do("confirm_payment", case)
    assert "KW-001/15710/KU.130/2026" in yuni.do("issue_receipt", case).sentence


def test_a_request_that_does_not_fit_goes_to_consultation_and_comes_back(office: Office) -> None:
    rina = office.as_("rina")
    case = office.new_case()
    rina.do("decide_fit", case, inputs.fit(office.facts(case), Fit.DOES_NOT))
    assert "alihkan ke konsultasi" in office.row(case)["officer_why"]
    done = rina.do("redirect_case", case)
    assert "KL-001/16000/KS.200/11/2026" in done.sentence
    assert office.facts(case).stage is Stage.REDIRECTED
    assert queue_of(office, case, Desk.OFFICER) is None, "the consultation has it now"

    rina.do("return_from_consultation", case, inputs.REASON)
    assert queue_of(office, case, Desk.OFFICER) is Queue.REVIEW
    now = office.facts(case)
    rina.do("change_request", case, inputs.change(now, lines=inputs.LINES[:1]))
    rina.do("decide_fit", case)
    assert "sudah sesuai" in rina.refusal("redirect_case", case)


def test_a_line_that_does_not_fit_is_neither_invoiced_nor_in_the_agreement(office: Office) -> None:
    rina = office.as_("rina")
    case = office.new_case()
    now = office.facts(case)
    first, second = inputs.fit(now).decisions
    no = inputs.fit(now, Fit.DOES_NOT).decisions[1]
    assert no.line_id == second.line_id
    rina.do("decide_fit", case, type(inputs.fit(now))(decisions=(first, no)))
    rina.do("check_requirements", case)
    rina.do("declare_clear", case)
    rina.do("issue_invoice", case)
    billed = office.rows("SELECT line_id, amount FROM desk.invoice_line")
    assert billed == [{"line_id": first.line_id, "amount": 50_000}]


def test_a_case_is_handed_over_with_a_note_that_stays_in_the_story(office: Office) -> None:
    rina, fajar = office.as_("rina"), office.as_("fajar")
    case = office.new_case()
    rina.do("hand_over", case, HandOver(login=fajar.login, note="Pelanggan menelepon sore ini."))
    holder = office.facts(case).holder
    assert holder is not None
    assert holder.login == fajar.login
    told = office.rows("SELECT sentence, reason FROM desk.event WHERE action = 'hand_over'")
    assert told == [{"sentence": "Diserahkan kepada Fajar Rekaan.", "reason": "Pelanggan menelepon sore ini."}]
    treasurer = office.as_("budi").login
    assert "bukan petugas layanan" in fajar.refusal("hand_over", case, HandOver(login=treasurer, note="-"))


def test_an_internal_note_is_kept_apart_from_what_the_customer_hears(office: Office) -> None:
    rina = office.as_("rina")
    case = office.new_case()
    rina.do("add_message", case, MessageNote(kind=MessageKind.INTERNAL, text="Tunggu surat dekan."))
    assert "masih kosong" in rina.refusal("add_message", case, MessageNote(kind=MessageKind.OUTGOING, text="  "))
    assert office.rows("SELECT kind, body FROM desk.message") == [{"kind": "internal", "body": "Tunggu surat dekan."}]


def test_a_cancelled_case_ends_with_its_reason_and_without_its_invoice(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at(original=Original.ISSUED)
    assert "Alasan belum ditulis" in rina.refusal("cancel_case", case, type(inputs.REASON)(reason="  "))
    rina.do("cancel_case", case, inputs.REASON)
    assert office.facts(case).stage is Stage.CANCELLED
    assert office.rows("SELECT kind FROM desk.invoice_end") == [{"kind": "void"}]
    for action_id in ("send_offer", "record_proof", "change_request", "add_message"):
        assert rina.why_not(action_id, case), f"{action_id} after the end"


def test_the_story_of_a_case_is_told_in_the_order_in_which_it_happened(office: Office) -> None:
    rina = office.as_("rina")
    case = office.new_case()
    for minute, action_id in enumerate(("decide_fit", "check_requirements", "declare_clear", "issue_invoice"), 1):
        office.set_clock(datetime(2026, 11, 23, 2, minute, tzinfo=UTC))
        rina.do(action_id, case)
    words = [sentence.split()[0] for sentence in office.story(case)]
    assert words == ["Permohonan", "Kesesuaian", "Persyaratan", "Permintaan", "Invoice"]
