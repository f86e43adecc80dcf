"""The signed paper: posted, received, judged, refused and replaced, filed (`domain.md` 5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desk.rules.case import Original
from desk.rules.codes import PaperCode, encode
from desk.rules.inputs import (
    Countersignature,
    CourierInput,
    Fault,
    FilingPlace,
    OriginalRefusal,
    ReceivedInput,
    StampKind,
    Tick,
)
from desk.rules.papers import PaperKind
from desk.services.search import search
from tests import inputs
from tests.office import JAMBI, PALEMBANG, Office, Ref


def code_of(office: Office, case: Ref, *, copy: int = 1, kind: PaperKind = PaperKind.SPPD, code: str = "1600") -> str:
    agreement = office.facts(case).agreement
    assert agreement is not None
    return encode(PaperCode(kind, code, agreement.year, agreement.sequence, copy, max(copy, agreement.copies)))


def test_an_under_stamped_original_goes_back_and_its_replacement_is_accepted(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at(original=Original.RECEIVED)
    six_thousand = inputs.check(office.facts(case), stamp_value=6_000)
    assert "Rp10.000" in rina.refusal("accept_original", case, six_thousand)

    refusal = OriginalRefusal(faults=frozenset({Fault.SHORT_STAMP}), note="Kurang Rp4.000.")
    done = rina.do("refuse_original", case, refusal)
    assert "B-001/16000/KS.200/11/2026" in done.sentence
    assert office.facts(case).original is Original.REFUSED
    story = office.rows("SELECT reason FROM desk.event WHERE action = 'refuse_original'")
    assert story == [{"reason": f"{Fault.SHORT_STAMP.label}. Kurang Rp4.000."}]
    assert not office.rows("SELECT FROM desk.document WHERE kind = 'scan'"), "nothing of it is kept (pasal 21)"

    rina.do("note_courier", case, CourierInput(courier="Pos", tracking="P0099ID"))
    assert office.facts(case).original is Original.AWAITED
    rina.do("receive_original", case)
    rina.do("accept_original", case)
    rina.do("countersign_original", case)
    rina.do("file_original", case, FilingPlace(binder="SPPD 2026", sheet="7"))
    assert office.facts(case).original is Original.FILED
    steps = [row["step"] for row in office.rows("SELECT step FROM desk.custody ORDER BY position")]
    assert steps == ["sent", "received", "refused", "posted", "received", "accepted", "countersigned", "filed"]


def test_the_stamp_that_counts_is_the_one_of_the_signing_date(busy_office: Office) -> None:
    rina = busy_office.as_("rina")
    case = busy_office.case_at(original=Original.RECEIVED)
    early = inputs.check(busy_office.facts(case), signed_on=date(2020, 5, 4), stamp_value=6_000)
    assert "lebih awal daripada tanggal SPPD" in rina.refusal("accept_original", case, early)
    later = inputs.check(busy_office.facts(case), signed_on=date(2026, 12, 24))
    assert "belum tiba" in rina.refusal("accept_original", case, later)


@pytest.mark.parametrize("tick", Tick)
def test_one_missing_tick_is_enough_to_keep_an_original_out(busy_office: Office, tick: Tick) -> None:
    case = busy_office.case_at(original=Original.RECEIVED)
    checked = inputs.check(busy_office.facts(case), ticks=frozenset(Tick) - {tick})
    assert tick.label in busy_office.as_("rina").refusal("accept_original", case, checked)


@pytest.mark.parametrize("kind", [StampKind.ELECTRONIC, StampKind.SUBSEQUENT])
def test_an_electronic_stamp_or_a_later_stamping_needs_its_proof(busy_office: Office, kind: StampKind) -> None:
    rina = busy_office.as_("rina")
    case = busy_office.case_at(original=Original.RECEIVED)
    now = busy_office.facts(case)
    serial = f"SN 0099 0099 {kind.value}"
    rina.refusal("accept_original", case, inputs.check(now, stamp_kind=kind))
    without = inputs.check(now, stamp_kind=kind, stamp_reference=serial)
    assert "Lampirkan bukti" in rina.refusal("accept_original", case, without)
    with_proof = inputs.check(now, stamp_kind=kind, stamp_reference=serial, stamp_proof=inputs.pdf("bukti materai.pdf"))
    rina.do("accept_original", case, with_proof)
    kept = busy_office.rows("SELECT title FROM desk.document WHERE kind = 'stamp_proof' AND case_id = :c", c=case.id)
    assert kept == [{"title": "Bukti materai SPPD rangkap 1"}]


def test_two_copies_are_judged_and_filed_one_by_one(office: Office) -> None:
    office.set_rule(PALEMBANG, "sppd_copies", "2")
    rina = office.as_("rina")
    case = office.case_at()
    today = office.facts(case).today
    assert office.facts(case).agreement.copies == 2  # type: ignore[union-attr]
    rina.do("receive_original", case, ReceivedInput(copy=1, received_on=today))
    assert (
        "rangkap 1 sedang" in rina.refusal("receive_original", case, ReceivedInput(copy=1, received_on=today)).lower()
    )
    assert "tidak mempunyai rangkap 3" in rina.refusal(
        "receive_original", case, ReceivedInput(copy=3, received_on=today)
    )
    rina.do("accept_original", case, inputs.check(office.facts(case), 1))
    assert office.facts(case).original is Original.AWAITED, "the second copy is still out"
    rina.do("receive_original", case, ReceivedInput(copy=2, received_on=today))
    rina.do("refuse_original", case, OriginalRefusal(copy=2, faults=frozenset({Fault.PAGE_MISSING})))
    assert office.facts(case).original is Original.REFUSED
    rina.do("countersign_original", case, Countersignature(copy=1, signer="Kepala"))
    rina.do("file_original", case, FilingPlace(copy=1, binder="SPPD 2026", sheet="1"))
    assert office.facts(case).original is Original.REFUSED
    rina.do("receive_original", case, ReceivedInput(copy=2, received_on=today))
    rina.do("accept_original", case, inputs.check(office.facts(case), 2))
    assert office.facts(case).original is Original.ACCEPTED
    rina.do("countersign_original", case, Countersignature(copy=2, signer="Kepala"))
    rina.do("file_original", case, FilingPlace(copy=2, binder="SPPD 2026", sheet="2"))
    assert office.facts(case).original is Original.FILED


def test_the_rule_of_one_office_about_copies_is_not_the_other_offices(office: Office) -> None:
    office.set_rule(PALEMBANG, "sppd_copies", "2")
    for office_id, copies in ((PALEMBANG, 2), (JAMBI, 1)):
        agreement = office.facts(office.case_at(office_id=office_id)).agreement
        assert agreement is not None
        assert agreement.copies == copies


def test_a_scanned_code_opens_only_its_own_case(busy_office: Office) -> None:
    rina = busy_office.as_("rina")
    case, other = busy_office.case_at(), busy_office.case_at()
    today = busy_office.facts(case).today
    for wrong, words in (
        (code_of(busy_office, other), "SPPD lain"),
        (code_of(busy_office, case, code="1571"), "kantor 1571"),
        (code_of(busy_office, case, kind=PaperKind.INVOICE), "bukan SPPD"),
        (code_of(busy_office, case, copy=2), "rangkap 2"),
        (code_of(busy_office, case)[:-1] + "?", "rusak"),
        ("8991234567890", "bukan kode surat"),
    ):
        received = ReceivedInput(received_on=today, code=wrong)
        assert words in rina.refusal("receive_original", case, received), wrong
    rina.do("receive_original", case, ReceivedInput(received_on=today, code=code_of(busy_office, case).lower()))


def test_paper_cannot_arrive_tomorrow_nor_before_it_was_issued_nor_be_refused_without_a_fault_nor_filed_nowhere(
    busy_office: Office,
) -> None:
    rina = busy_office.as_("rina")
    case = busy_office.case_at()
    tomorrow = busy_office.facts(case).today + timedelta(days=1)
    assert "belum tiba" in rina.refusal("receive_original", case, ReceivedInput(received_on=tomorrow))
    long_ago = tomorrow.replace(year=tomorrow.year - 1)
    assert "daripada tanggal SPPD" in rina.refusal("receive_original", case, ReceivedInput(received_on=long_ago))
    rina.do("receive_original", case)
    assert "kekurangan" in rina.refusal("refuse_original", case, OriginalRefusal(faults=frozenset()))
    rina.do("accept_original", case)
    assert "belum ditandatangani" in rina.refusal("file_original", case, FilingPlace(binder="SPPD 2026"))
    rina.do("countersign_original", case)
    assert "harus diisi" in rina.refusal("file_original", case, FilingPlace(binder=" ", sheet="1"))


def test_the_search_box_answers_who_holds_the_original(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at(original=Original.ACCEPTED)
    rina.do("countersign_original", case)
    rina.do("file_original", case, FilingPlace(binder="SPPD 2026", sheet="7"))
    agreement = office.facts(case).agreement
    assert agreement is not None
    for typed in (code_of(office, case), agreement.number, f"siapa yang memegang {agreement.number}"):
        with rina.session() as session:
            hit = search(session, (PALEMBANG,), typed)[0]
        assert (hit.office_id, hit.case_id) == case
        assert "di map arsip (map SPPD 2026, lembar 7) sejak 23 Nov 2026, dicatat Rina Umpama" in hit.detail
