"""One box finds a case by every part of it, shows which part it was, and asks only the words of the own office."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from desk.adapters.database import reading
from desk.rules.case import MessageKind, Money
from desk.rules.inputs import IncomingFile, MessageNote
from desk.rules.rupiah import rupiah
from desk.services.search import SearchHit, search
from tests import inputs as answers
from tests.office import JAMBI, PALEMBANG, Office, Ref


def hits(office: Office, name: str, typed: str, *offices: int) -> list[SearchHit]:
    with reading(office.as_(name).engine) as session:
        return search(session, offices or (PALEMBANG,), typed)


@pytest.fixture(scope="module")
def case(busy_office: Office) -> Ref:
    """A case with an invoice, a proof, a conversation and files."""
    rina = busy_office.as_("rina")
    case = busy_office.case_at(money=Money.PROOF)
    said = MessageNote(
        kind=MessageKind.INCOMING,
        text="Selamat pagi. Mohon juga peta Zamrudkhayal untuk kecamatan di pesisir, ya.",
        files=(
            IncomingFile("rancangan_penelitian-final.pdf", "application/pdf", b"%PDF-1.4 rancangan"),
            IncomingFile("ktp_zamrud.jpg", "image/jpeg", b"\xff\xd8\xff kartu", protected=True),
        ),
    )
    rina.do("add_message", case, said)
    return case


def found(office: Office, case: Ref, typed: str) -> SearchHit:
    return next(hit for hit in hits(office, "rina", typed) if (hit.office_id, hit.case_id) == case)


def test_every_part_of_a_case_leads_to_it_and_is_named(busy_office: Office, case: Ref) -> None:
    facts = busy_office.facts(case)
    assert facts.invoice is not None
    assert facts.payment.proof_amount is not None
    for typed, kind, shown in (
        (facts.number, "Permohonan", facts.customer_name),
        (facts.customer_name[:4].lower(), "Permohonan", facts.customer_name),
        (facts.email, "Kontak", facts.email),
        (facts.phone.replace("+62", "0")[:9], "Kontak", facts.phone),
        (facts.invoice.payment_code, "Invoice", facts.invoice.number),
        (facts.invoice.number, "Invoice", facts.invoice.number),
        (rupiah(facts.invoice.total), "Invoice", rupiah(facts.invoice.total)),
        ("zamrudkh", "Percakapan", "ohon juga peta Zamrudkhayal untuk kecamatan"),
        ("rancangan_penelitian-final.pdf", "Berkas", "rancangan_penelitian-final.pdf"),
        (f"{facts.customer_name.split()[0]} zamrudkhayal pesisir", "Percakapan", "pesisir"),
    ):
        hit = found(busy_office, case, typed)
        assert (hit.kind, hit.title) == (kind, facts.number), typed
        assert shown in hit.detail, typed


def test_the_file_of_an_identity_card_is_not_found_by_its_name(busy_office: Office, case: Ref) -> None:
    assert [hit for hit in hits(busy_office, "rina", "ktp_zamrud") if hit.case_id == case.id] == []


def test_a_corrected_name_is_found_and_the_former_one_no_more(busy_office: Office) -> None:
    rina = busy_office.as_("rina")
    case = rina.register(PALEMBANG, answers.registration(name="Kencanawati Umpama"))
    assert found(busy_office, case, "kencanaw").kind == "Permohonan"
    change = answers.change(busy_office.facts(case), name="Purnamasari Umpama")
    rina.do("change_request", case, change)
    assert found(busy_office, case, "purnamas").title == busy_office.facts(case).number
    assert hits(busy_office, "rina", "kencanaw") == []


def test_the_word_book_tells_nobody_of_another_office(busy_office: Office, case: Ref) -> None:
    assert hits(busy_office, "doni", "zamrudkhayal", PALEMBANG, JAMBI) == []
    with busy_office.as_("doni").psql() as doni:
        asked = "SELECT * FROM desk.find_words(%s, %s, %s, 50)"
        assert doni.execute(asked, [[PALEMBANG, JAMBI, 0], "zamrudkhayal", []]).fetchall() == []
        quoted = ["1600.zamrudkhayal", "'1600.zam':*", "x | 1600.zam*"]
        assert doni.execute(asked, [[JAMBI], "1600.zamrudkhayal ' | \\ :* & !", quoted]).fetchall() == []


@pytest.mark.parametrize("typed", ["'", "a' | b", "\\", ":* !&", "()", "  zz  ", "%_", "\U0001f600", "x" * 5000])
def test_whatever_is_typed_is_only_text(busy_office: Office, case: Ref, typed: str) -> None:
    assert all(isinstance(hit, SearchHit) for hit in hits(busy_office, "rina", typed))


def test_the_beginning_of_a_word_is_looked_up_by_index_and_not_by_reading_all(busy_office: Office, case: Ref) -> None:
    """The function runs under its own rights, so its plan is read from what it touched."""
    with busy_office.owner() as connection:
        connection.execute(
            text(
                "INSERT INTO desk.search_entry (office_id, kind, id, case_id, at, words) SELECT :office, 'message', "
                "gen_random_uuid(), NULL, now(), desk.office_words(:office, ARRAY("
                "SELECT md5(n || '.' || w) FROM generate_series(1, 12) w)) FROM generate_series(1, 20000) n"
            ),
            {"office": JAMBI},
        )
        connection.exec_driver_sql("ANALYZE desk.search_entry")
    touched = "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_all_tables WHERE relid = 'desk.search_entry'::regclass"
    with busy_office.as_("rina").psql() as rina:
        rina.execute("SELECT * FROM desk.find_words(%s, 'zamrudkh', '{}', 20)", [[PALEMBANG]])
        row = rina.execute(touched).fetchone()
    assert row is not None
    assert row["seq_scan"] == 0
    assert row["idx_tup_fetch"] < 50
