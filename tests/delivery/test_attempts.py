"""All attempts of a delivery on one sheet: on the page of the case, on the delivery note and in the case file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from desk.rules.attempts import Attempt, SentPart, told
from desk.rules.case import Channel, Data, Money, Original
from desk.rules.inputs import DataSent
from desk.rules.mail import OutgoingState
from desk.rules.package import DataPackage, PackagePart, PasswordWay
from desk.services.case_file import CaseView, case_view
from desk.services.dossier import gather
from desk.services.sheets import background, delivery_sheets
from desk.ui import theme
from desk.ui.case_pages import summary_html
from tests import inputs
from tests.office import Office, Ref

AT = datetime(2026, 11, 20, 10, 12)  # noqa: DTZ001 - the office's clock
PACKAGE = DataPackage((PackagePart("paket.zip", 1_200_000, inputs.SHA256),), PasswordWay.PHONE, ("D:\\paket.zip",))


def attempt(**changes: Any) -> Attempt:
    """A delivery of two files by mail in one part."""
    values: dict[str, Any] = {
        "sequence": 1, "version": 1, "at": AT, "officer": "Rina", "channel": Channel.EMAIL,
        "address": "sari@example.org", "files": 2, "size": 3_200_000, "check_until": date(2026, 11, 27),
        "parts": (SentPart("a.zip", 1_000_000, inputs.SHA256, OutgoingState.SENT, AT),),
    }  # fmt: skip
    return Attempt(**(values | changes))


def viewed(office: Office, case: Ref) -> CaseView:
    with office.as_("rina").session() as session:
        return case_view(session, *case)


def test_what_became_of_a_sending_is_said_as_it_is() -> None:
    assert attempt().outcome() == "Terkirim; pengguna data memeriksa sampai 27 Nov 2026."
    assert attempt().what() == (
        "Versi 1, 2 berkas (3,20 MB), dikirim lewat surel kantor ke sari@example.org; satu paket."
    )
    half = (attempt().parts[0], SentPart("b.zip", 5, inputs.SHA256, OutgoingState.WAITING))
    assert attempt(parts=half).outcome() == "Sedang dikirim: 1 dari 2 bagian sudah terkirim."
    assert not attempt(parts=half).arrived
    back = (SentPart("a.zip", 1_000_000, inputs.SHA256, OutgoingState.BOUNCED, AT, "Kotak penuh."),)
    assert attempt(parts=back).outcome() == "a.zip tidak sampai: Kotak penuh."
    assert attempt(parts=back).parts_said() == ("a.zip, 1,00 MB: tidak sampai, 20 Nov 2026 10.12 (Kotak penuh)",)
    failed = attempt(failed="Kotak penuh.", failed_at=AT)
    assert failed.outcome() == "Tidak sampai (20 Nov 2026 10.12): Kotak penuh."
    assert attempt(corrected_on=date(2026, 11, 24)).outcome() == "Sampai; perbaikan diminta 24 Nov 2026."
    assert attempt(accepted_at=AT).outcome() == "Diterima; pengguna data menyatakan sesuai 20 Nov 2026 10.12."
    by_hand = attempt(parts=(), channel=Channel.WHATSAPP, address="+6281200000101", overridden=True)
    assert by_hand.what() == (
        "Versi 1, 2 berkas (3,20 MB), diserahkan petugas lewat WhatsApp ke +6281200000101, dengan izin penyelia."
    )
    assert by_hand.outcome().startswith("Diserahkan;")
    [line] = told([failed])
    assert (line.when, line.who) == ("20 Nov 2026 10.12", "Rina")
    assert line.reason.startswith("Tidak sampai (20 Nov 2026 10.12): Kotak penuh. a.zip, 1,00 MB: terkirim")


def test_every_sending_stands_on_the_sheet_of_the_case_its_note_and_its_file(office: Office) -> None:
    rina, case = office.as_("rina"), office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CHECKED)
    assert viewed(office, case).attempts == ()
    office.as_("budi").do("attach_receipt_scan", case)
    rina.do("confirm_address", case)
    rina.do("deliver", case, DataSent(package=PACKAGE, note="Tautan."))
    rina.do("reopen_delivery", case, inputs.REASON)
    rina.do("deliver", case, DataSent(note="Diserahkan langsung."))

    first, second = viewed(office, case).attempts
    assert (first.failed, first.failed_at is not None) == (inputs.REASON.reason, True)
    assert [(part.name, part.state) for part in first.parts] == [("paket.zip", None)]
    assert first.what().endswith("; satu paket, kata sandi lewat telepon.")
    assert second.arrived
    page = summary_html(
        (view := viewed(office, case)).facts, view.customer, theme.LIGHT, view.names, attempts=view.attempts
    )
    assert "LEMBAR PENGIRIMAN · 2 KALI" in page
    assert "paket.zip, 1,20 MB" in page

    [_, note] = office.rows("SELECT id FROM desk.letter WHERE kind = 'delivery_note' ORDER BY sequence")
    with rina.session() as session:
        [sheet] = delivery_sheets(background(session, *case), note["id"])
        dossier = gather(session, *case, made_by="Rina")
        filed = dossier.context([""] * len(dossier.files))
    [before], both = cast("Any", sheet.context["pengiriman"]), cast("Any", filed["pengiriman"])
    assert "Tidak sampai" in before["catatan"], "the note says what came before it"
    assert [line["no"] for line in both] == [1, 2]

    rina.do("record_acceptance", case)
    rina.do("open_correction", case)
    *_, last = viewed(office, case).attempts
    assert last.outcome().startswith("Sampai; perbaikan diminta")
