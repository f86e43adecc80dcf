"""The six attacks of an administrator of the server are found: by the chain, the signed heads, or the facts."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from desk.adapters.seals import new_key
from desk.rules.case import Money
from tests.audit import attacks
from tests.office import PALEMBANG, Office

VOID = (
    "INSERT INTO desk.receipt_void (office_id, id, case_id, receipt_id, reason) "
    "SELECT office_id, gen_random_uuid(), case_id, id, 'Diam-diam' FROM desk.receipt"
)


def test_an_office_at_work_has_an_intact_log(office: Office) -> None:
    attacks.busy_days(office)
    signed = attacks.sign(office, new_key())
    assert signed
    assert attacks.findings(office, signed) == []


@pytest.mark.parametrize("name", attacks.ATTACKS)
def test_an_attack_on_the_log_is_found_and_named(office: Office, name: str) -> None:
    attack, seen_by = attacks.ATTACKS[name]
    attacks.busy_days(office)
    signed = attacks.sign(office, new_key())
    with attacks.superuser(office) as connection:
        attack(connection)
    found = attacks.findings(office, signed)
    assert {finding.check for finding in found} == seen_by
    assert {finding.office_id for finding in found} == {PALEMBANG}
    for finding in found:
        assert "kantor 1600" in finding.sentence
        assert finding.sentence.endswith(".")


@pytest.mark.parametrize("name", ["T4", "T5"])
def test_only_heads_kept_elsewhere_show_a_chain_that_was_cut_or_computed_anew(office: Office, name: str) -> None:
    attack, _ = attacks.ATTACKS[name]
    attacks.busy_days(office)
    signed = attacks.sign(office, new_key())
    with attacks.superuser(office) as connection:
        attack(connection)
    assert attacks.findings(office) == []
    (told,) = attacks.findings(office, signed)
    assert ("tidak ada lagi" if name == "T4" else "bukan lagi yang ditandatangani") in told.sentence
    assert "budi pada 23 November 2026 pukul 16.00" in told.sentence


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM audit.block WHERE office_id = 1600 AND no = 2", "Blok audit 2 kantor 1600 tidak ada, padahal"),
        ("DELETE FROM audit.block WHERE office_id = 1600 AND no = 2", "Blok audit sebelum blok 3 kantor 1600 hilang"),
        ("DELETE FROM audit.log WHERE office_id = 1600 AND block = 2", "Semua catatan dalam blok audit 2 kantor 1600"),
        ("UPDATE audit.block SET rows = rows + 1 WHERE office_id = 1600 AND no = 1", "catatan, seharusnya"),
        ("UPDATE audit.block SET hash = repeat('0', 64) WHERE office_id = 1600 AND no = 3", "Segel blok audit 3"),
        ("UPDATE audit.block SET previous = '' WHERE office_id = 1600 AND no = 2", "2 kantor 1600 tidak menyambung"),
        ("UPDATE audit.log SET address = '10.0.0.1' WHERE office_id = 1600 AND block = 1", "blok audit 1 kantor 1600"),
        ("UPDATE audit.log SET program = 'psql' WHERE office_id = 1600 AND block = 1", "blok audit 1 kantor 1600"),
        ("UPDATE audit.log SET actor = 'rina' WHERE office_id = 1600 AND block = 1", "blok audit 1 kantor 1600"),
        (
            "UPDATE audit.log SET at = at + interval '1 ms' WHERE office_id = 1600 AND block = 1",
            "diubah setelah disegel",
        ),
    ],
)
def test_whatever_is_changed_in_a_sealed_block_is_named(office: Office, statement: str, words: str) -> None:
    attacks.busy_days(office)
    with attacks.superuser(office) as connection:
        connection.execute(text(statement))
    told = [finding.sentence for finding in attacks.findings(office) if finding.check == "audit_block"]
    assert any(words in sentence for sentence in told), told


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE desk.receipt SET payer = 'Orang lain'", "Kuitansi KW-001/16000/KU.130/11/2026 kantor 1600 berbeda"),
        ("DELETE FROM desk.receipt", "tidak ada lagi: dihapus tanpa tercatat"),
        (VOID, "ditambahkan tanpa tercatat"),
        ("UPDATE desk.payment SET amount = amount + 1", "Pembayaran "),
        ("UPDATE desk.event SET sentence = 'Lain'", "Riwayat permohonan "),
    ],
)
def test_money_changed_behind_the_log_is_named(office: Office, statement: str, words: str) -> None:
    office.case_at(money=Money.RECEIPTED)
    with attacks.superuser(office) as connection:
        connection.execute(text(statement))
    told = [finding.sentence for finding in attacks.findings(office)]
    assert told
    assert any(words in sentence for sentence in told), told


def test_a_fact_changed_before_the_eyes_of_the_log_names_who_did_it(office: Office) -> None:
    office.case_at()
    with office.owner() as connection:
        connection.execute(text("ALTER TABLE desk.invoice DISABLE TRIGGER final"))
        connection.execute(text("UPDATE desk.invoice SET charges_note = 'Lain'"))
        owner = connection.execute(text("SELECT session_user")).scalar_one()
    (finding,) = attacks.findings(office)
    assert f"diubah atau dihapus oleh {owner} pada" in finding.sentence


def test_a_head_of_another_log_and_a_forged_one_are_named(office: Office) -> None:
    office.new_case()
    attacks.seal(office)
    head = attacks.sign(office, new_key())[0]
    for false, words in (
        (replace(head, chain=uuid4()), "milik catatan audit lain"),
        (replace(head, signed_by="rina"), "tidak sah"),
        (replace(head, public_key="bukan kunci"), "tidak sah"),
    ):
        (finding,) = attacks.findings(office, [false])
        assert words in finding.sentence


def test_entries_that_nobody_seals_are_told(office: Office) -> None:
    office.new_case()
    assert attacks.findings(office) == []
    with attacks.superuser(office) as connection:
        connection.execute(text("UPDATE audit.log SET at = at - interval '2 days' WHERE office_id = 1600"))
    (finding,) = attacks.findings(office)
    assert finding.check == "audit_unsealed"
    assert "Jalankan “desk audit seal”" in finding.sentence
