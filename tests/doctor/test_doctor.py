"""A sound office has no finding; every fault that is planted has exactly the finding that names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from desk import deeds
from desk.commands.doctor import action_rules
from desk.rules.case import Data, Money, Original, Stage
from desk.services import doctor, statements
from desk.services.audit import Finding
from desk.services.doctor import examine
from desk.services.doctor_checks import CHECKS, FILES
from tests.office import JAMBI, PALEMBANG, Office
from tests.statements.samples import STATEMENTS

_OUT_OF_THE_WAY = "SET LOCAL session_replication_role = replica"
_OTHER_BYTES = (
    "ALTER TABLE desk.template DROP CONSTRAINT template_bytes_check; "
    "UPDATE desk.template SET content = '\\x58' WHERE kind = 'sppd'"
)


@pytest.fixture(scope="module")
def sound(busy_office: Office) -> Office:
    """Cases of two offices at many depths, one of them closed, one free of charge, one let go by the supervisor."""
    office = busy_office
    closed = office.case_at(stage=Stage.CLOSED)
    office.make_papers(closed)
    office.case_at(money=Money.FREE, original=Original.FILED, data=Data.DELIVERED)
    office.case_at(money=Money.PROOF, data=Data.DELIVERED)
    office.case_at(money=Money.CONFIRMED, original=Original.RECEIVED, data=Data.CORRECTING)
    office.case_at(money=Money.RECEIPTED, original=Original.REFUSED, data=Data.PREPARED)
    office.case_at(stage=Stage.NEW)
    office.case_at(stage=Stage.CLEAR)
    office.case_at(stage=Stage.REDIRECTED)
    office.case_at(stage=Stage.CANCELLED)
    office.case_at(money=Money.RECEIPTED, data=Data.CHECKED, office_id=JAMBI)
    returned = office.case_at(money=Money.RECEIPTED, data=Data.PREPARED)
    office.as_("budi").do("void_receipt", returned)
    office.as_("budi").do("issue_receipt", returned)
    office.as_("rina").do("return_data", returned)
    voided = office.case_at(original=Original.ISSUED)
    office.as_("rina").do("void_invoice", voided)
    office.as_("rina").do("issue_invoice", voided)
    rejected = office.case_at(money=Money.PROOF)
    office.as_("budi").do("reject_proof", rejected)
    with office.as_("budi").session() as session:
        account = statements.add_account(session, PALEMBANG, number="009901000123304")
        read = statements.read_file(STATEMENTS / "bri_cms_2026-10.csv")
        statements.import_file(session, PALEMBANG, account, read, key=uuid4())
    with office.owner() as connection:
        connection.execute(text("SELECT audit.seal()"))
    return office


@pytest.fixture
def owner(sound: Office) -> Iterator[Connection]:
    """The owner of the database, whose faults are taken back after the test."""
    with sound._owner.connect() as connection:
        yield connection
        connection.rollback()


def found(connection: Connection, *, files: bool = False, rules: Mapping[str, Any] | None = None) -> list[Finding]:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        return list(examine(session, deeds.derived, rules or action_rules(), files=files))


def of_checks(findings: list[Finding]) -> set[str]:
    return {finding.check for finding in findings}


def test_a_sound_office_has_no_finding(owner: Connection) -> None:
    assert found(owner, files=True) == []


RECEIPT = "(SELECT id FROM desk.receipt WHERE office_id = 1600 AND sequence = 2)"
OPEN = "(SELECT id FROM desk.cases WHERE office_id = 1600 AND officer_queue = 'prepare' AND data = 'none' LIMIT 1)"

FAULTS: Final[dict[str, tuple[str, tuple[str, ...], set[str]]]] = {
    # the fault: what is done, words of the sentence, the checks that see it (the log sees every changed fact too)
    "the first number is gone": (
        "DELETE FROM desk.letter WHERE office_id = 1600 AND kind = 'delivery_note' AND sequence = 1",
        ("tanda terima pengiriman data kantor 1600 tahun 2026 melompat dari 0 ke 2",),
        {"number_gap", "number_register"},
    ),
    "a number in the middle is gone": (
        "UPDATE desk.letter SET sequence = 77 WHERE office_id = 1600 AND kind = 'delivery_note' AND sequence = 2",
        ("melompat dari", "ke 77"),
        {"number_gap", "counter"},
    ),
    "a number is given twice": (
        (
            "ALTER TABLE desk.cases DROP CONSTRAINT cases_office_id_year_sequence_key; "
            "UPDATE desk.cases SET sequence = 1 WHERE office_id = 1600 AND sequence = 2; "
            "UPDATE desk.cases SET sequence = sequence - 1 WHERE office_id = 1600 AND sequence > 2; "
            "UPDATE desk.counter SET last = last - 1 WHERE office_id = 1600 AND kind = 'case'"
        ),
        ("Nomor permohonan 1 kantor 1600 tahun 2026 terbit 2 kali",),
        {"number_twice"},
    ),
    "the counter runs ahead": (
        "UPDATE desk.counter SET last = last + 3 WHERE office_id = 1600 AND kind = 'invoice'",
        ("Pencacah nomor invoice kantor 1600",),
        {"counter"},
    ),
    "the counter falls behind": (
        "UPDATE desk.counter SET last = last - 1 WHERE office_id = 1571 AND kind = 'sppd'",
        ("Pencacah nomor Surat Perjanjian Penggunaan Data (SPPD) kantor 1571",),
        {"counter"},
    ),
    "a counter is gone": (
        "DELETE FROM desk.counter WHERE office_id = 1600 AND kind = 'sppd'",
        ("berdiri di 0",),
        {"counter"},
    ),
    "an invoice does not add up": (
        "UPDATE desk.invoice SET full_price = full_price + 5000 WHERE office_id = 1600 AND sequence = 1",
        ("Jumlah invoice INV-", "padahal barisnya berjumlah"),
        {"invoice_sum", "audit_fact"},
    ),
    "an invoice has lost its lines": (
        "DELETE FROM desk.invoice_line WHERE office_id = 1571",
        ("kantor 1571",),
        {"invoice_sum", "audit_fact"},
    ),
    "a voided invoice is in force again": (
        "DELETE FROM desk.invoice_end WHERE kind = 'void'",
        ("mempunyai beberapa invoice yang berlaku",),
        {"two_invoices", "audit_fact"},
    ),
    "a payment of another amount": (
        (
            "UPDATE desk.payment SET amount = amount - 1 WHERE office_id = 1571; "
            "UPDATE desk.receipt SET amount = amount - 1 WHERE office_id = 1571"
        ),
        ("tidak sama dengan jumlah invoice",),
        {"payment_amount", "receipt_chain", "audit_fact"},
    ),
    "a receipt of another amount": (
        f"UPDATE desk.receipt SET amount = 1 WHERE id = {RECEIPT}",
        ("tidak punya pembayaran yang dipastikan sejumlah itu",),
        {"receipt_without_payment", "receipt_chain", "audit_fact"},
    ),
    "a receipt without payment": (
        "DELETE FROM desk.payment WHERE office_id = 1571",
        ("kantor 1571 tidak punya pembayaran",),
        {"receipt_without_payment", "stored_track", "audit_fact"},
    ),
    "two receipts in force": (
        "DELETE FROM desk.receipt_void",
        ("mempunyai beberapa kuitansi yang berlaku",),
        {"two_receipts", "audit_fact"},
    ),
    "a payer is rewritten": (
        f"UPDATE desk.receipt SET payer = 'Orang lain' WHERE id = {RECEIPT}",
        ("Rantai sidik kuitansi kantor 1600 putus pada kuitansi KW-002",),
        {"receipt_chain", "audit_fact"},
    ),
    "the last receipt is rewritten with its hash": (
        "UPDATE desk.receipt SET hash = repeat('a', 64) WHERE office_id = 1571",
        ("putus pada kuitansi terakhir 2026", "KW-001"),
        {"receipt_chain", "audit_fact"},
    ),
    "a closed day with other figures": (
        (
            "INSERT INTO desk.day_close (office_id, id, day, payments, payments_amount, receipts, "
            "receipts_amount, voids, voids_amount, differences) "
            "VALUES (1600, gen_random_uuid(), '2026-11-01', 1, 1, 0, 0, 0, 0, '[]')"
        ),
        ("kantor 1600 tanggal 01-11-2026 tidak lagi seperti saat harinya ditutup",),
        {"day_close", "audit_fact"},
    ),
    "a deposit without its kuitansi": (
        (
            "INSERT INTO desk.deposit (office_id, id, billing_code, ntpn, deposited_on, amount) VALUES (1600, "
            "gen_random_uuid(), '820261123456789', 'A1B2C3D4E5F6G7H8', '2026-11-02', 5)"
        ),
        ("Setoran A1B2C3D4E5F6G7H8 kantor 1600 adalah 5 rupiah, padahal kuitansinya berjumlah 0",),
        {"deposit_sum", "audit_fact"},
    ),
    "confirmed by the issuer": (
        (
            "ALTER TABLE desk.payment DROP CONSTRAINT payment_second_person_check; "
            "UPDATE desk.payment SET by = issued_by, proof_by = NULL WHERE office_id = 1571"
        ),
        ("memastikan pembayaran invoice yang ia terbitkan", "Pada permohonan PST-1571"),
        {"second_person", "audit_fact"},
    ),
    "confirmed by who noted the proof": (
        (
            "ALTER TABLE desk.payment DROP CONSTRAINT payment_second_person_check; "
            "UPDATE desk.payment SET by = 'x', proof_by = 'x' WHERE office_id = 1571"
        ),
        ("x memastikan pembayaran yang buktinya ia catat",),
        {"second_person", "audit_fact"},
    ),
    "relief decided by who asked": (
        (
            "ALTER TABLE desk.relief_decision DROP CONSTRAINT relief_decision_second_person_check; "
            "UPDATE desk.relief_decision SET by = requested_by"
        ),
        ("memutus nol rupiah yang ia mohonkan",),
        {"second_person", "audit_fact"},
    ),
    "data checked by who made them": (
        (
            "ALTER TABLE desk.preparation_check DROP CONSTRAINT preparation_check_second_person_check; "
            "UPDATE desk.preparation_check SET by = made_by WHERE office_id = 1571"
        ),
        ("memeriksa data yang ia siapkan",),
        {"second_person", "audit_fact"},
    ),
    "delivered without the supervisor's leave": (
        "DELETE FROM desk.gate_override",
        ("terjadi sebelum syaratnya lengkap dan tanpa izin penyelia",),
        {"delivered_without_gate", "audit_fact"},
    ),
    "delivered unchecked": (
        "UPDATE desk.preparation_check SET passed = false WHERE case_id IN (SELECT case_id FROM desk.delivery)",
        ("Pengiriman ke-1 permohonan PST-1600",),
        {"delivered_without_gate", "audit_fact"},
    ),
    "an open case on no desk": (
        f"UPDATE desk.cases SET officer_queue = NULL WHERE id = {OPEN}",
        ("masih berjalan, tetapi tidak ada di meja mana pun",),
        {"open_on_no_desk"},
    ),
    "an ended case on a desk": (
        "UPDATE desk.cases SET mail_queue = 'originals' WHERE stage = 'closed'",
        ("sudah berakhir, tetapi masih tampil di sebuah meja",),
        {"ended_on_a_desk"},
    ),
    "a case on the wrong desk": (
        f"UPDATE desk.cases SET officer_queue = 'check' WHERE id = {OPEN}",
        ("menyimpan antrean Petugas yang tidak sesuai",),
        {"stored_copy"},
    ),
    "another promise": (
        f"UPDATE desk.cases SET due_on = due_on + 1 WHERE id = {OPEN}",
        ("menyimpan jatuh tempo yang tidak sesuai",),
        {"stored_copy"},
    ),
    "money that no fact knows": (
        "UPDATE desk.cases SET money = 'receipted', treasurer_queue = NULL, treasurer_why = '' WHERE money = 'proof'",
        ("tercatat “kuitansi terbit” untuk uang, padahal menurut faktanya “bukti bayar diterima",),
        {"stored_track"},
    ),
    "an original that no fact knows": (
        "UPDATE desk.cases SET original = 'filed', mail_queue = NULL, mail_why = '' WHERE original = 'received'",
        ("untuk naskah asli, padahal menurut faktanya “naskah tiba, belum diperiksa”",),
        {"stored_track"},
    ),
    "prepared without files": (
        (
            f"UPDATE desk.cases SET data = 'prepared', officer_queue = 'check', "
            f"officer_why = 'Data siap, perlu diperiksa petugas kedua' WHERE id = {OPEN}"
        ),
        ("untuk data, padahal menurut faktanya “belum disiapkan” atau “sedang disiapkan”",),
        {"stored_track"},
    ),
    "an issued paper without its sheet": (
        (
            "UPDATE desk.installation SET clock = clock + interval '2 hours'; "
            "DELETE FROM desk.letter WHERE true; DELETE FROM desk.counter WHERE kind NOT IN "
            "('case', 'invoice', 'sppd', 'receipt'); DELETE FROM desk.document WHERE paper = 'sppd'"
        ),
        ("sudah terbit lebih dari satu jam, tetapi lembarnya belum jadi",),
        {"paper_without_sheet", "number_register"},
    ),
    "a file without its bytes": (
        "DELETE FROM desk.file_chunk WHERE sha256 = (SELECT sha256 FROM desk.document WHERE paper = 'sppd' LIMIT 1)",
        ("hilang atau terpotong",),
        {"file_missing"},
    ),
    "a file with other bytes": (
        (
            "UPDATE desk.file_chunk SET bytes = overlay(bytes PLACING '\\x58'::bytea FROM 1) WHERE ctid = "
            "(SELECT ctid FROM desk.file_chunk LIMIT 1)"
        ),
        ("berbeda dengan sidik jarinya",),
        {"file_hash"},
    ),
    "a template with other bytes": (
        _OTHER_BYTES,
        ("Isi berkas “templat sppd versi 1” kantor 0000 berbeda",),
        {"file_hash"},
    ),
    "a table whose policy is not forced": (
        "ALTER TABLE desk.payment NO FORCE ROW LEVEL SECURITY",
        ("Tabel desk.payment tidak memaksakan batas antarkantor",),
        {"table_without_policy"},
    ),
    "a log without policy": (
        "ALTER TABLE audit.log DISABLE ROW LEVEL SECURITY",
        ("Tabel audit.log",),
        {"table_without_policy"},
    ),
    "a key without the office": (
        "CREATE UNIQUE INDEX one_reference ON desk.payment (id)",
        ("Kunci desk.one_reference pada tabel desk.payment tidak diawali kantor",),
        {"key_without_office"},
    ),
    "a powerful function without pinned path": (
        "ALTER FUNCTION desk.announce(bigint, uuid) RESET search_path",
        ("Fungsi desk.announce(bigint,uuid) berjalan dengan hak pemiliknya",),
        {"function_without_path"},
    ),
    "a function open to everybody": (
        "GRANT EXECUTE ON FUNCTION desk.next_number(bigint, text, bigint) TO PUBLIC",
        ("Fungsi desk.next_number(bigint,text,bigint) boleh dijalankan siapa saja",),
        {"function_for_everybody"},
    ),
    "a guard that sleeps": (
        "ALTER TABLE desk.receipt DISABLE TRIGGER final",
        ("Penjaga final pada desk.receipt dimatikan",),
        {"trigger_off"},
    ),
    "a table that is not logged": (
        "DROP TRIGGER audit ON desk.payment",
        ("Perubahan pada tabel desk.payment tidak dicatat",),
        {"table_not_logged"},
    ),
    "more money used than came in": (
        (
            "INSERT INTO desk.line_use (office_id, id, line_id, kind, amount_sen, note) SELECT l.office_id, "
            "gen_random_uuid(), l.id, 'other', l.amount_sen + 100, 'x' FROM desk.statement_line l WHERE l.no = 7"
        ),
        ("dipakai", "padahal uangnya"),
        {"line_overused", "audit_fact"},
    ),
    "a payment that rests on other money": (
        (
            "INSERT INTO desk.line_use (office_id, id, line_id, kind, amount_sen, payment_id, case_id) "
            "SELECT p.office_id, gen_random_uuid(), l.id, 'payment', 100, p.id, p.case_id "
            "FROM desk.statement_line l, desk.payment p "
            "WHERE l.no = 7 AND p.office_id = l.office_id LIMIT 1"
        ),
        ("bersandar pada mutasi",),
        {"payment_parts", "audit_fact"},
    ),
    "a receipt for money that was taken back": (
        (
            "INSERT INTO desk.payment_reversal (office_id, id, case_id, payment_id, reason) SELECT r.office_id, "
            "gen_random_uuid(), r.case_id, r.payment_id, 'x' FROM desk.receipt r WHERE r.office_id = 1571 LIMIT 1"
        ),
        ("masih berlaku, padahal pembayarannya sudah dibatalkan",),
        {"receipt_of_reversed_money", "audit_fact", "stored_track"},
    ),
    "a movement on the account that was changed": (
        "UPDATE desk.statement_line SET amount_sen = amount_sen + 100 WHERE no = 7",
        ("Mutasi rekening dari berkas bri_cms_2026-10.csv kantor 1600 berbeda",),
        {"statement_lines"},
    ),
    "a duty too many": (
        "UPDATE desk.action_rule SET duties = duties || '{officer}' WHERE action = 'confirm_payment'",
        ("Aturan tindakan “confirm_payment” di basis data berbeda",),
        {"action_rule"},
    ),
    "an action that the program does not know": (
        "INSERT INTO desk.action_rule VALUES ('forgive_payment', '{officer}', '{}', '{}')",
        ("“forgive_payment”",),
        {"action_rule"},
    ),
    "an action that is missing": (
        "DELETE FROM desk.action_rule WHERE action = 'deliver'",
        ("“deliver”",),
        {"action_rule"},
    ),
    "a sealed block that was changed": (
        "UPDATE audit.log SET actor = 'x' WHERE id = (SELECT min(id) FROM audit.log WHERE office_id = 1600)",
        ("Isi catatan dalam blok audit 1 kantor 1600 diubah",),
        {"audit_block"},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_named_and_nothing_else(owner: Connection, fault: str) -> None:
    done, words, seen_by = FAULTS[fault]
    owner.execute(text(_OUT_OF_THE_WAY))
    for statement in done.split("; "):
        owner.exec_driver_sql(statement)
    findings = found(owner, files=True)
    assert of_checks(findings) == seen_by, [finding.sentence for finding in findings]
    for part in words:
        assert any(part in finding.sentence for finding in findings), [finding.sentence for finding in findings]
    for finding in findings:
        assert finding.sentence.endswith(".")
        assert "{" not in finding.sentence


def test_every_check_has_a_fault_that_it_finds() -> None:
    seen = {check for _, _, checks in FAULTS.values() for check in checks}
    assert {check.name for check in (*CHECKS, FILES)} <= seen


def test_bytes_are_read_only_when_asked(owner: Connection) -> None:
    owner.execute(text(_OUT_OF_THE_WAY))
    owner.exec_driver_sql(_OTHER_BYTES)
    assert found(owner) == []


def test_open_cases_past_the_first_page_are_looked_at_too(owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PAGE", 2)
    owner.execute(text(_OUT_OF_THE_WAY))
    changed = owner.exec_driver_sql("UPDATE desk.cases SET due_on = '2031-01-01' WHERE officer_queue IS NOT NULL")
    assert len(found(owner)) == changed.rowcount > 5


def test_an_older_program_is_told_by_the_action_table(owner: Connection) -> None:
    rules = {name: rule for name, rule in action_rules().items() if name != "deliver"}
    assert of_checks(found(owner, rules=rules)) == {"action_rule"}
