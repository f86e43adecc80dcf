"""What goes out with the data by itself: the scan of the signed kuitansi, not the sheet that nobody has signed."""

from __future__ import annotations

from desk.rules.case import Data, Money, Original
from desk.rules.inputs import ScanInput
from desk.rules.papers.replies import ReplyStep
from desk.services import replies
from desk.services.case_file import case_view
from tests import inputs
from tests.office import PALEMBANG, Office


def test_the_scan_of_the_signed_kuitansi_is_offered_with_the_data(office: Office) -> None:
    rina, budi = office.as_("rina"), office.as_("budi")
    case = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CHECKED)
    receipt = office.facts(case).payment.receipt_id
    assert receipt is not None
    budi.keep_paper(case, "receipt", receipt, b"%PDF-1.7 lembar kuitansi")
    budi.do("attach_receipt_scan", case, ScanInput(scan=inputs.pdf("kuitansi bertanda tangan.pdf")))
    with rina.session() as session:
        view = case_view(session, PALEMBANG, case.id)
        out = replies.outgoing(session, view, ReplyStep.DATA_SENT, "Rina Umpama")
    assert [file.name for file in out.files if file.kind == "scan"] == ["kuitansi bertanda tangan.pdf"]
    assert not [file for file in out.files if file.paper is not None and file.paper.value == "receipt"]
