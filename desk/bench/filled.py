"""What the other lists of an office read: invoices, money, mails, statement lines, scans, the audit log and the words.

Written straight into the tables of one office after the other; every fourth case has come as far as its kuitansi.
"""

from __future__ import annotations

_FILL = """
SET LOCAL session_replication_role = replica;
INSERT INTO desk.invoice (office_id, id, case_id, year, sequence, number, issued_on, valid_until, full_price, total,
  payment_code, customer, payment_block, by)
SELECT {office}, md5('i' || n)::uuid, md5('c' || n)::uuid, 2026, n, 'INV-{office}-' || n, '2026-01-01', '2026-12-31',
  120000, 120000, 'INV-{office}-26-' || n, '{{}}', '{{}}', 'ukur_petugas' FROM {fourth};
INSERT INTO desk.agreement (office_id, id, case_id, invoice_id, year, sequence, number, issued_on, copies, customer,
  abstract, clauses, stamp_value, by)
SELECT {office}, md5('a' || n)::uuid, md5('c' || n)::uuid, md5('i' || n)::uuid, 2026, n, 'SPPD-{office}-' || n,
  '2026-01-01', 1, '{{}}', '{{}}', '[]', 10000, 'ukur_petugas' FROM {fourth};
INSERT INTO desk.payment (office_id, id, case_id, invoice_id, issued_by, amount, received_on, channel, reference,
  by, at)
SELECT {office}, md5('p' || n)::uuid, md5('c' || n)::uuid, md5('i' || n)::uuid, 'ukur_petugas', 120000,
  date '2026-01-01' + (n * 330 / {last})::int, 'transfer', 'REF' || n, 'ukur_bendahara',
  timestamptz '2026-01-01 03:00Z' + (n * 330 / {last}) * interval '1 day' FROM {fourth};
INSERT INTO desk.receipt (office_id, id, case_id, payment_id, year, sequence, number, issued_on, amount, payer, purpose,
  hash, by, at)
SELECT {office}, md5('r' || n)::uuid, md5('c' || n)::uuid, md5('p' || n)::uuid, 2026, n, 'KW-{office}-' || n,
  date '2026-01-01' + (n * 330 / {last})::int, 120000, 'Pengguna Contoh ' || n, 'Invoice INV-' || n, md5(n::text),
  'ukur_bendahara', timestamptz '2026-01-01 04:00Z' + (n * 330 / {last}) * interval '1 day' FROM {fourth};
INSERT INTO desk.bank_account (office_id, id, number, bank, holder, by)
VALUES ({office}, md5('account')::uuid, '0099{office}', 'Bank Contoh', 'BPS', 'ukur_bendahara');
INSERT INTO desk.statement_file (office_id, id, account_id, name, sha256, layout, first_on, last_on, credit_sen,
  debit_sen, line_count, added, lines_sha256, by)
VALUES ({office}, md5('file')::uuid, md5('account')::uuid, 'mutasi.csv', repeat('a', 64), 'bri-cms', '2026-01-01',
  '2026-11-30', 0, 0, 1, 1, repeat('a', 64), 'ukur_bendahara');
INSERT INTO desk.statement_line (office_id, id, account_id, file_id, no, digest, twin, booked_on, amount_sen,
  description)
SELECT {office}, md5('s' || n)::uuid, md5('account')::uuid, md5('file')::uuid, n, md5('s' || n) || md5('t' || n), 1,
  date '2026-01-01' + (n * 330 / {last})::int, 12000000, 'IBNK CONTOH ' || n FROM {fourth};
INSERT INTO desk.line_use (office_id, id, line_id, kind, amount_sen, payment_id, case_id, by)
SELECT {office}, md5('u' || n)::uuid, md5('s' || n)::uuid, 'payment', 12000000, md5('p' || n)::uuid,
  md5('c' || n)::uuid, 'ukur_bendahara' FROM {fourth} WHERE n < {last} - 40;
INSERT INTO desk.message (office_id, id, case_id, kind, channel, sender, subject, body, by, at)
SELECT {office}, md5('mail' || n)::uuid, md5('c' || n)::uuid, 'outgoing', 'email', 'Rina', 'Invoice dan SPPD',
  'Terlampir invoice dan SPPD.', 'ukur_petugas', now() - n * interval '1 minute' FROM {fourth};
INSERT INTO desk.outgoing_mail (office_id, id, case_id, message, message_id, sender_name, sender_address, recipients,
  by, at)
SELECT {office}, md5('o' || n)::uuid, md5('c' || n)::uuid, md5('mail' || n)::uuid, '<' || n || '@example.org>', 'PST',
  'pst@example.org', '{{sari@example.org}}', 'ukur_petugas', now() - n * interval '1 minute' FROM {fourth};
INSERT INTO desk.outgoing_step (office_id, outgoing_id, position, kind, by, at)
SELECT {office}, md5('o' || n)::uuid, p, CASE p WHEN 1 THEN 'taken' ELSE 'sent' END, 'ukur_petugas', now()
FROM {fourth}, generate_series(1, 2) p;
INSERT INTO desk.incoming_mail (office_id, id, kind, message_id, sender_name, sender_address, subject, written_at, body,
  size, sha256, by, at)
SELECT {office}, md5('e' || n)::uuid, 'new_request', '<' || n || '@contoh.id>', 'Sari', 'sari@example.org',
  'Permintaan data', now() - n * interval '1 minute', 'Mohon data.', 2000, md5('e' || n) || md5('f' || n),
  'ukur_petugas', now() FROM {fourth};
INSERT INTO desk.incoming_answer (office_id, mail_id, position, kind, case_id, by)
SELECT {office}, md5('e' || n)::uuid, 1, 'joined', md5('c' || n)::uuid, 'ukur_petugas'
FROM {fourth} WHERE n < {last} - 100;
INSERT INTO desk.scan_stack (office_id, id, name, pages, size, sha256, by, at)
SELECT {office}, md5('k' || n)::uuid, 'pindaian.pdf', 1, 90000, md5('k' || n) || md5('k' || n), 'ukur_petugas', now()
FROM {fourth};
INSERT INTO desk.scan_part (office_id, id, stack_id, pages, size, sha256, by, at)
SELECT {office}, md5('x' || n)::uuid, md5('k' || n)::uuid, '{{1}}', 90000, md5('k' || n) || md5('k' || n),
  'ukur_petugas', now() FROM {fourth};
INSERT INTO desk.scan_placement (office_id, id, part_id, outcome, reason, by)
SELECT {office}, md5('y' || n)::uuid, md5('x' || n)::uuid, 'put_aside', 'kosong', 'ukur_petugas'
FROM {fourth} WHERE n < {last} - 80;
INSERT INTO desk.outgoing_file (office_id, outgoing_id, position, document_id)
SELECT {office}, md5('o' || n)::uuid, 1, md5('d' || n)::uuid FROM {fourth};
INSERT INTO desk.document (office_id, id, case_id, kind, title, name, content_type, size, sha256, by)
SELECT {office}, md5('d' || n)::uuid, md5('c' || n)::uuid, 'id_card', 'Kartu', 'ktp.pdf', 'application/pdf', 90000,
  md5('d' || n) || md5('d' || n), 'ukur_petugas' FROM {fourth};
INSERT INTO desk.view_entry (office_id, id, case_id, document_id, reason, by, at, what)
SELECT {office}, md5('v' || n)::uuid, md5('c' || n)::uuid, md5('d' || n)::uuid, 'Memeriksa', 'ukur_petugas',
  now() - n * interval '1 minute', 'id_card' FROM {fourth};
INSERT INTO desk.preparation (office_id, id, case_id, version, attempt, by)
SELECT {office}, md5('q' || n)::uuid, md5('c' || n)::uuid, 1, 1, 'ukur_petugas' FROM {fourth};
INSERT INTO desk.receipt_void (office_id, id, case_id, receipt_id, reason, by)
SELECT {office}, md5('w' || n)::uuid, md5('c' || n)::uuid, md5('r' || n)::uuid, 'Keliru', 'ukur_bendahara'
FROM {fourth} WHERE mod(n, 8) = 0;
INSERT INTO desk.invoice_end (office_id, id, case_id, invoice_id, kind, reason, by)
SELECT {office}, md5('z' || n)::uuid, md5('c' || n)::uuid, md5('i' || n)::uuid, 'expired', 'Lewat', 'ukur_petugas'
FROM {fourth} WHERE mod(n, 8) = 4;
INSERT INTO desk.deposit (office_id, id, billing_code, ntpn, deposited_on, amount, by)
SELECT {office}, md5('b' || n)::uuid, lpad(n::text, 15, '0'), lpad(n::text, 16, 'N'),
  date '2026-01-01' + (n * 330 / {last})::int, 120000, 'ukur_bendahara' FROM {fourth} WHERE n < {last} - 60;
INSERT INTO desk.deposit_line (office_id, deposit_id, payment_id, amount)
SELECT {office}, md5('b' || n)::uuid, md5('p' || n)::uuid, 120000 FROM {fourth} WHERE n < {last} - 60;
INSERT INTO desk.deposit_void (office_id, id, deposit_id, reason, by)
SELECT {office}, md5('g' || n)::uuid, md5('b' || n)::uuid, 'Keliru', 'ukur_bendahara'
FROM {fourth} WHERE n < {last} - 60 AND mod(n, 8) = 0;
INSERT INTO desk.letter_number (office_id, id, series, year, sequence, number, origin, dated, case_id, subject_id, by)
SELECT {office}, md5(s || n)::uuid, s, 2026, n, upper(s) || '-' || n, 'issued', '2026-01-01', md5('c' || n)::uuid,
  md5(left(s, 1) || n)::uuid, 'ukur_petugas' FROM {fourth}, unnest(ARRAY['invoice', 'receipt']) s;
INSERT INTO desk.letter_number_end (office_id, id, number_id, kind, on_day, reason, by)
SELECT {office}, md5('h' || n)::uuid, md5('invoice' || n)::uuid, 'void', '2026-02-01', 'Keliru', 'ukur_petugas'
FROM {fourth} WHERE mod(n, 8) = 0;
INSERT INTO audit.log (office_id, table_name, op, key, actor, at, new, block)
SELECT {office}, 'message', 'I', md5('mail' || n)::uuid::text, 'orang_' || mod(n, 7), now() - n * interval '1 minute',
  jsonb_build_object('case_id', md5('c' || n)::uuid, 'body', 'Terlampir invoice dan SPPD.'), 1 FROM {fourth};
INSERT INTO desk.search_entry (office_id, id, kind, case_id, at, words)
SELECT i.office_id, i.id, 'invoice', i.case_id, i.at, desk.words_of(jsonb_build_object('office_id', i.office_id,
  'sequence', i.sequence, 'number', i.number, 'total', i.total), '{{number,total$}}')
FROM desk.invoice i WHERE i.office_id = {office};
INSERT INTO desk.search_entry (office_id, id, kind, case_id, at, words)
SELECT r.office_id, r.id, 'receipt', r.case_id, r.at, desk.words_of(jsonb_build_object('office_id', r.office_id,
  'sequence', r.sequence, 'number', r.number, 'amount', r.amount), '{{number,amount$}}')
FROM desk.receipt r WHERE r.office_id = {office};
"""


def fill_statement(office: int, last: int) -> str:
    """The SQL that brings every fourth of the cases 1 to `last` of an office as far as its kuitansi."""
    fourth = f"(SELECT n FROM generate_series(1, {last}) n WHERE mod(n, 4) = 0) q"  # noqa: S608 - numbers
    return _FILL.format(office=office, last=last, fourth=fourth)
