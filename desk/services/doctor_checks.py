"""The questions of `desk doctor`: each must be answered with nothing.

A question gives `subject`, what its sentence names, and `office_id`, where the fault belongs to one office; the code of
that office is added to its answer as `code`.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.rules.papers import PaperKind


@dataclass(frozen=True, slots=True)
class Check:
    """A question in SQL, and the sentence for each row of its answer: the thing, the reason, the next step."""

    name: str
    sql: str
    sentence: str


COMMON = """
WITH issued AS (
  SELECT n.*, CASE n.kind WHEN 'case' THEN 'permohonan' {series} ELSE n.kind END AS series
  FROM (
    SELECT office_id, 'case' AS kind, year, sequence, number FROM desk.cases
    UNION ALL SELECT office_id, 'invoice', year, sequence, number FROM desk.invoice
    UNION ALL SELECT office_id, 'sppd', year, sequence, number FROM desk.agreement
    UNION ALL SELECT office_id, 'receipt', year, sequence, number FROM desk.receipt
    UNION ALL SELECT office_id, kind, year, sequence, number FROM desk.letter
    UNION ALL SELECT office_id, 'destruction', year, sequence, number FROM desk.destruction
    UNION ALL SELECT office_id, series, year, sequence, number FROM desk.letter_number
    WHERE subject_id IS NULL AND sequence IS NOT NULL AND insertion = 0) x
    CROSS JOIN LATERAL (SELECT x.office_id, x.year, x.number,
      CASE WHEN x.kind <> 'case' AND x.sequence > 500000 THEN x.kind || '.side' ELSE x.kind END AS kind,
      CASE WHEN x.kind <> 'case' AND x.sequence > 500000 THEN x.sequence - 500000 ELSE x.sequence END AS sequence) n
), of_offices AS (
  SELECT c.oid, c.oid::regclass::text AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced FROM pg_class c
  WHERE c.relnamespace IN ('desk'::regnamespace, 'audit'::regnamespace) AND c.relkind IN ('r', 'p')
    AND c.oid <> 'desk.duty'::regclass AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
      AND a.attname = 'office_id' AND NOT a.attisdropped)
)
""".replace("{series}", " ".join(f"WHEN '{kind.value}' THEN '{kind.label}'" for kind in PaperKind))
"""What several questions stand on: every number that was given, with its series as in `desk.counter` (those that
the counter did not give have the series `….side` and run from 500001 on); and the tables with rows of offices (who has
which duty where is read by everybody)."""

NUMBERS = (
    Check(
        "number_gap",
        """
        SELECT i.office_id, i.series, i.year, i.before, i.sequence, i.number AS subject
        FROM (SELECT x.*, lag(x.sequence, 1, 0::bigint) OVER (PARTITION BY x.office_id, x.kind, x.year
                ORDER BY x.sequence) AS before FROM issued x) i
        WHERE i.sequence > i.before + 1
        """,
        "Nomor {series} kantor {code} tahun {year} melompat dari {before} ke {sequence}. "
        "Cari baris yang hilang di cadangan basis data; nomor itu tidak boleh diberikan lagi.",
    ),
    Check(
        "number_twice",
        """
        SELECT i.office_id, i.series, i.year, i.sequence, count(*) AS times, min(i.number) AS subject
        FROM issued i GROUP BY i.office_id, i.series, i.year, i.sequence HAVING count(*) > 1
        """,
        "Nomor {series} {sequence} kantor {code} tahun {year} terbit {times} kali ({subject}). "
        "Batalkan naskah yang salah dengan alasan, dan periksa kunci unik tabelnya.",
    ),
    Check(
        "counter",
        """
        SELECT office_id, kind AS subject, coalesce(n.series, kind) AS series, year, coalesce(c.last, 0) AS last,
          coalesce(n.highest, 0) AS highest
        FROM desk.counter c FULL JOIN (
          SELECT x.office_id, x.kind, x.series, x.year, max(x.sequence) AS highest FROM issued x GROUP BY 1, 2, 3, 4
        ) n USING (office_id, kind, year)
        WHERE coalesce(c.last, 0) <> coalesce(n.highest, 0)
        """,
        "Pencacah nomor {series} kantor {code} tahun {year} berdiri di {last}, padahal nomor terakhir {highest}. "
        "Samakan pencacah dengan nomor terakhir sebelum menerbitkan nomor baru.",
    ),
    Check(
        "number_register",
        """
        SELECT office_id, coalesce(i.number, n.number) AS subject
        FROM (SELECT office_id, 'invoice' AS series, id, number FROM desk.invoice
              UNION ALL SELECT office_id, 'sppd', id, number FROM desk.agreement
              UNION ALL SELECT office_id, 'receipt', id, number FROM desk.receipt
              UNION ALL SELECT office_id, kind, id, number FROM desk.letter
              UNION ALL SELECT office_id, 'destruction', id, number FROM desk.destruction) i
        FULL JOIN (SELECT office_id, series, subject_id AS id, number FROM desk.letter_number
                   WHERE subject_id IS NOT NULL) n USING (office_id, series, id)
        WHERE i.number IS DISTINCT FROM n.number
        """,
        "Nomor {subject} kantor {code} tidak sama di naskahnya dan di register surat. "
        "Cari baris yang hilang atau berubah di cadangan basis data.",
    ),
)

MONEY = (
    Check(
        "invoice_sum",
        """
        SELECT i.office_id, i.number AS subject, i.total, l.amount, i.full_price, l.full_amount
        FROM desk.invoice i LEFT JOIN (
          SELECT office_id, invoice_id, sum(amount)::bigint AS amount, sum(full_amount)::bigint AS full_amount
          FROM desk.invoice_line GROUP BY 1, 2) l ON l.office_id = i.office_id AND l.invoice_id = i.id
        WHERE i.total IS DISTINCT FROM l.amount OR i.full_price IS DISTINCT FROM l.full_amount
        """,
        "Jumlah invoice {subject} kantor {code} adalah {total} rupiah, padahal barisnya berjumlah {amount}. "
        "Batalkan invoice itu dan terbitkan yang baru.",
    ),
    Check(
        "two_invoices",
        """
        SELECT i.office_id, c.number AS subject, string_agg(i.number, ', ' ORDER BY i.year, i.sequence) AS numbers
        FROM desk.invoice i JOIN desk.cases c ON c.office_id = i.office_id AND c.id = i.case_id
        WHERE NOT EXISTS (SELECT FROM desk.invoice_end x WHERE x.office_id = i.office_id AND x.invoice_id = i.id
                          AND x.kind IN ('void', 'replaced'))
        GROUP BY i.office_id, c.number HAVING count(*) > 1
        """,
        "Permohonan {subject} kantor {code} mempunyai beberapa invoice yang berlaku: {numbers}. "
        "Batalkan yang tidak dipakai dengan alasan.",
    ),
    Check(
        "payment_amount",
        """
        SELECT p.office_id, i.number AS subject, p.amount, i.total
        FROM desk.payment p JOIN desk.invoice i ON i.office_id = p.office_id AND i.id = p.invoice_id
        WHERE p.amount <> i.total OR p.case_id <> i.case_id
        """,
        "Pembayaran {amount} rupiah yang dipastikan untuk invoice {subject} kantor {code} tidak sama dengan "
        "jumlah invoice, {total}. Periksa rekening penerimaan dan laporkan kepada penyelia.",
    ),
    Check(
        "receipt_without_payment",
        """
        SELECT r.office_id, r.number AS subject
        FROM desk.receipt r LEFT JOIN desk.payment p ON p.office_id = r.office_id AND p.id = r.payment_id
          AND p.case_id = r.case_id AND p.amount = r.amount
        WHERE p.id IS NULL
        """,
        "Kuitansi {subject} kantor {code} tidak punya pembayaran yang dipastikan sejumlah itu. "
        "Bendahara membatalkannya dengan alasan dan memeriksa rekening penerimaan.",
    ),
    Check(
        "two_receipts",
        """
        SELECT r.office_id, string_agg(r.number, ', ' ORDER BY r.year, r.sequence) AS subject
        FROM desk.receipt r
        WHERE NOT EXISTS (SELECT FROM desk.receipt_void x WHERE x.office_id = r.office_id AND x.receipt_id = r.id)
        GROUP BY r.office_id, r.payment_id HAVING count(*) > 1
        """,
        "Satu pembayaran di kantor {code} mempunyai beberapa kuitansi yang berlaku: {subject}. "
        "Bendahara membatalkan yang berlebih dengan alasan.",
    ),
    Check(
        "receipt_chain",
        """
        SELECT r.office_id, r.number AS subject
        FROM (SELECT *, lag(hash, 1, '') OVER (PARTITION BY office_id, year ORDER BY sequence) AS before
              FROM desk.receipt) r
        WHERE r.previous_hash <> r.before OR r.hash <> encode(sha256(convert_to(concat_ws('|', r.previous_hash,
          r.office_id, r.year, r.sequence, r.number, r.payment_id, r.amount, r.payer,
          to_char(r.issued_on, 'YYYY-MM-DD')), 'UTF8')), 'hex')
        UNION ALL
        SELECT c.office_id, 'terakhir ' || c.year
        FROM desk.counter c WHERE c.kind = 'receipt' AND c.last_hash <> coalesce((SELECT r.hash FROM desk.receipt r
          WHERE r.office_id = c.office_id AND r.year = c.year ORDER BY r.sequence DESC LIMIT 1), '')
        """,
        "Rantai sidik kuitansi kantor {code} putus pada kuitansi {subject}: isinya atau kuitansi sebelumnya berubah. "
        "Bandingkan dengan lembar yang tercetak, dan laporkan kepada pemeriksa.",
    ),
    Check(
        "day_close",
        """
        SELECT d.office_id, to_char(d.day, 'DD-MM-YYYY') AS subject
        FROM desk.day_close d, LATERAL desk.day_figures(d.office_id, d.day) f
        WHERE ROW(d.payments, d.payments_amount, d.receipts, d.receipts_amount, d.voids, d.voids_amount, d.last_number,
          d.last_hash, d.differences) IS DISTINCT FROM ROW(f.payments, f.payments_amount, f.receipts, f.receipts_amount,
          f.voids, f.voids_amount, f.last_number, f.last_hash, f.differences)
        """,
        "Uang dan kuitansi kantor {code} tanggal {subject} tidak lagi seperti saat harinya ditutup. "
        "Bandingkan dengan lembar yang tercetak, dan laporkan kepada pemeriksa.",
    ),
    Check(
        "deposit_sum",
        """
        SELECT d.office_id, d.ntpn AS subject, d.amount, coalesce(sum(l.amount), 0)::bigint AS found
        FROM desk.deposit d LEFT JOIN desk.deposit_line l ON l.office_id = d.office_id AND l.deposit_id = d.id
        GROUP BY d.office_id, d.ntpn, d.amount, d.id HAVING d.amount <> coalesce(sum(l.amount), 0)
        """,
        "Setoran {subject} kantor {code} adalah {amount} rupiah, padahal kuitansinya berjumlah {found}. "
        "Batalkan catatan setoran itu dengan alasan, lalu catat ulang.",
    ),
    Check(
        "second_person",
        """
        SELECT p.office_id, c.number AS subject, p.by AS person, p.what
        FROM (
          SELECT y.office_id, y.case_id, y.by, 'memastikan pembayaran invoice yang ia terbitkan' AS what
          FROM desk.payment y JOIN desk.invoice i ON i.office_id = y.office_id AND i.id = y.invoice_id AND i.by = y.by
          UNION ALL
          SELECT y.office_id, y.case_id, y.by, 'memastikan pembayaran yang buktinya ia catat'
          FROM desk.payment y WHERE y.by = y.proof_by OR EXISTS (SELECT FROM desk.payment_proof b
            WHERE b.office_id = y.office_id AND b.case_id = y.case_id AND b.by = y.by AND NOT EXISTS (
              SELECT FROM desk.proof_rejection x WHERE x.office_id = b.office_id AND x.proof_id = b.id))
          UNION ALL
          SELECT d.office_id, d.case_id, d.by, 'memutus nol rupiah yang ia mohonkan'
          FROM desk.relief_decision d JOIN desk.relief r
            ON r.office_id = d.office_id AND r.id = d.relief_id AND r.by = d.by
          UNION ALL
          SELECT k.office_id, k.case_id, k.by, 'memeriksa data yang ia siapkan'
          FROM desk.preparation_check k JOIN desk.preparation s
            ON s.office_id = k.office_id AND s.id = k.preparation_id AND s.by = k.by
        ) p JOIN desk.cases c ON c.office_id = p.office_id AND c.id = p.case_id
        """,
        "Pada permohonan {subject} kantor {code}, {person} {what}. "
        "Mintalah orang kedua memeriksanya, dan laporkan kepada penyelia.",
    ),
)

STATEMENTS = (
    Check(
        "line_overused",
        """
        SELECT l.office_id, left(l.description, 60) AS subject, l.booked_on, l.amount_sen / 100 AS amount,
          desk.used_of_line(l.office_id, l.id) / 100 AS used
        FROM desk.statement_line l
        WHERE EXISTS (SELECT FROM desk.line_use u WHERE u.office_id = l.office_id AND u.line_id = l.id)
          AND desk.used_of_line(l.office_id, l.id) > l.amount_sen
        """,
        "Dari mutasi {booked_on} “{subject}” kantor {code} dipakai {used} rupiah, padahal uangnya {amount}. "
        "Batalkan pembayaran yang keliru dengan alasan.",
    ),
    Check(
        "payment_parts",
        """
        SELECT p.office_id, i.number AS subject, p.amount, sum(u.amount_sen) / 100 AS used
        FROM desk.payment p JOIN desk.invoice i ON i.office_id = p.office_id AND i.id = p.invoice_id
        JOIN desk.line_use u ON u.office_id = p.office_id AND u.payment_id = p.id
        GROUP BY p.office_id, p.id, i.number, p.amount HAVING sum(u.amount_sen) <> p.amount * 100
        """,
        "Pembayaran {amount} rupiah untuk invoice {subject} kantor {code} bersandar pada mutasi {used} rupiah. "
        "Batalkan pembayaran itu dengan alasan dan cocokkan lagi.",
    ),
    Check(
        "receipt_of_reversed_money",
        """
        SELECT r.office_id, r.number AS subject FROM desk.receipt r
        JOIN desk.payment_reversal x ON x.office_id = r.office_id AND x.payment_id = r.payment_id
        WHERE NOT EXISTS (SELECT FROM desk.receipt_void v WHERE v.office_id = r.office_id AND v.receipt_id = r.id)
        """,
        "Kuitansi {subject} kantor {code} masih berlaku, padahal pembayarannya sudah dibatalkan. "
        "Bendahara membatalkan kuitansi itu dengan alasan.",
    ),
    Check(
        "statement_lines",
        """
        SELECT f.office_id, f.name AS subject, f.added, count(l.id) AS found
        FROM desk.statement_file f
        LEFT JOIN desk.statement_line l ON l.office_id = f.office_id AND l.file_id = f.id
        GROUP BY f.office_id, f.id, f.name, f.added, f.lines_sha256
        HAVING count(l.id) <> f.added OR desk.statement_hash(f.office_id, f.id) <> f.lines_sha256
        """,
        "Mutasi rekening dari berkas {subject} kantor {code} berbeda dengan yang diimpor ({added} mutasi, sekarang "
        "{found}). Bandingkan dengan berkas bank, dan laporkan kepada pemeriksa.",
    ),
)

CASES = (
    Check(
        "delivered_without_gate",
        """
        SELECT d.office_id, c.number AS subject, d.sequence
        FROM desk.delivery d JOIN desk.cases c ON c.office_id = d.office_id AND c.id = d.case_id
        WHERE NOT EXISTS (SELECT FROM desk.preparation_check k WHERE k.office_id = d.office_id
                          AND k.preparation_id = d.preparation_id AND k.case_id = d.case_id AND k.passed)
          OR NOT EXISTS (SELECT FROM desk.gate_override g WHERE g.office_id = d.office_id AND g.case_id = d.case_id
                         AND g.at <= d.at)
          AND NOT (d.address <> ''
            AND (EXISTS (SELECT FROM desk.receipt r WHERE r.office_id = d.office_id AND r.case_id = d.case_id
                         AND r.at <= d.at)
              OR EXISTS (SELECT FROM desk.invoice i WHERE i.office_id = d.office_id AND i.case_id = d.case_id
                         AND i.total = 0))
            AND EXISTS (SELECT FROM desk.custody u WHERE u.office_id = d.office_id AND u.case_id = d.case_id
                        AND u.step = 'accepted' AND u.at <= d.at))
        """,
        "Pengiriman ke-{sequence} permohonan {subject} kantor {code} terjadi sebelum syaratnya lengkap dan tanpa izin "
        "penyelia. Lengkapi syaratnya, dan laporkan kepada penyelia.",
    ),
    Check(
        "open_on_no_desk",
        """
        SELECT c.office_id, c.number AS subject FROM desk.cases c
        WHERE c.stage IN ('new', 'clear', 'active') AND c.officer_queue IS NULL
        """,
        "Permohonan {subject} kantor {code} masih berjalan, tetapi tidak ada di meja mana pun. "
        "Cari permohonan itu dan lakukan satu tindakan, misalnya “Catat percakapan”, agar tampil kembali.",
    ),
    Check(
        "ended_on_a_desk",
        """
        SELECT c.office_id, c.number AS subject FROM desk.cases c
        WHERE c.stage NOT IN ('new', 'clear', 'active') AND (
          coalesce(c.mail_queue, c.treasurer_queue) IS NOT NULL
          OR c.supervisor_queue IS NOT NULL AND NOT EXISTS (
            SELECT FROM desk.late_correction n WHERE n.office_id = c.office_id AND n.case_id = c.id AND NOT EXISTS (
              SELECT FROM desk.late_correction_decision x
              WHERE x.office_id = n.office_id AND x.late_correction_id = n.id))
          OR c.officer_queue IS NOT NULL AND NOT EXISTS (
            SELECT FROM desk.late_correction_decision x
            WHERE x.office_id = c.office_id AND x.case_id = c.id AND x.allowed)
            AND NOT EXISTS (
            SELECT FROM desk.outgoing_mail g
            JOIN LATERAL (SELECT s.kind FROM desk.outgoing_step s WHERE s.office_id = g.office_id
              AND s.outgoing_id = g.id ORDER BY s.position DESC LIMIT 1) l ON true
            WHERE g.office_id = c.office_id AND g.case_id = c.id AND l.kind IN ('refused', 'unsure', 'bounced')))
        """,
        "Permohonan {subject} kantor {code} sudah berakhir, tetapi masih tampil di sebuah meja. "
        "Minta administrator mengosongkan kolom antreannya.",
    ),
    Check(
        "paper_without_sheet",
        """
        SELECT i.office_id, i.number AS subject FROM (
          SELECT office_id, 'invoice' AS kind, id, number, at, 1 AS copies FROM desk.invoice
          UNION ALL SELECT office_id, 'sppd', id, number, at, copies FROM desk.agreement
          UNION ALL SELECT office_id, 'receipt', id, number, at, 1 FROM desk.receipt
          UNION ALL SELECT office_id, kind, id, number, at, 1 FROM desk.letter) i
        WHERE i.at < desk.now() - interval '1 hour' AND i.copies > (
          SELECT count(*) FROM desk.document d WHERE d.office_id = i.office_id AND d.subject_id = i.id
          AND d.kind = 'paper' AND d.paper = i.kind AND d.content_type = 'application/pdf')
        """,
        "Naskah {subject} kantor {code} sudah terbit lebih dari satu jam, tetapi lembarnya belum jadi. "
        "Buka permohonannya dan pilih “Coba lagi” (surat uang tak bertuan: buka suratnya di Mutasi rekening); "
        "bila gagal, periksa templatnya.",
    ),
    Check(
        "file_missing",
        """
        SELECT d.office_id, d.name AS subject, coalesce(c.number, '–') AS number FROM desk.document d
        LEFT JOIN desk.cases c ON c.office_id = d.office_id AND c.id = d.case_id
        WHERE d.size <> coalesce((SELECT sum(octet_length(f.bytes)) FROM desk.file_chunk f
                                  WHERE f.office_id = d.office_id AND f.sha256 = d.sha256), -1)
          AND NOT EXISTS (SELECT FROM desk.destroyed_file x WHERE x.office_id = d.office_id AND x.document_id = d.id)
        """,
        "Isi berkas “{subject}” pada permohonan {number} kantor {code} hilang atau terpotong. "
        "Pulihkan dari cadangan basis data.",
    ),
)

FILES = Check(
    "file_hash",
    """
    SELECT f.office_id, f.sha256,
      coalesce((SELECT min(d.name) FROM desk.document d WHERE d.office_id = f.office_id AND d.sha256 = f.sha256),
        f.sha256) AS subject
    FROM desk.file_chunk f GROUP BY f.office_id, f.sha256
    HAVING encode(sha256(string_agg(f.bytes, ''::bytea ORDER BY f.no)), 'hex') <> f.sha256
    UNION ALL
    SELECT t.office_id, t.sha256, 'templat ' || t.kind || ' versi ' || t.version
    FROM desk.template t WHERE encode(sha256(t.content), 'hex') <> t.sha256
    """,
    "Isi berkas “{subject}” kantor {code} berbeda dengan sidik jarinya. "
    "Jangan dipakai atau dikirim; pulihkan dari cadangan basis data.",
)
"""Reads every stored byte, on the server."""

CATALOGUE = (
    Check(
        "table_without_policy",
        "SELECT NULL::bigint AS office_id, t.name AS subject FROM of_offices t WHERE NOT t.forced",
        "Tabel {subject} tidak memaksakan batas antarkantor. Jalankan ALTER TABLE {subject} FORCE ROW LEVEL SECURITY "
        "dan ENABLE ROW LEVEL SECURITY sebagai pemilik basis data.",
    ),
    Check(
        "key_without_office",
        """
        SELECT NULL::bigint AS office_id, i.indexrelid::regclass::text AS subject, t.name
        FROM of_offices t JOIN pg_index i ON i.indrelid = t.oid
        WHERE i.indisunique AND NOT EXISTS (SELECT FROM pg_attribute a
          WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attname = 'office_id')
        """,
        "Kunci {subject} pada tabel {name} tidak diawali kantor, sehingga membocorkan data kantor lain. "
        "Ganti kuncinya dengan yang diawali office_id.",
    ),
    Check(
        "function_without_path",
        """
        SELECT NULL::bigint AS office_id, p.oid::regprocedure::text AS subject FROM pg_proc p
        WHERE p.pronamespace IN ('desk'::regnamespace, 'audit'::regnamespace) AND p.prosecdef
          AND NOT coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)
        """,
        "Fungsi {subject} berjalan dengan hak pemiliknya tanpa search_path yang dikunci. "
        "Jalankan ALTER FUNCTION {subject} SET search_path = pg_catalog, pg_temp.",
    ),
    Check(
        "function_for_everybody",
        """
        SELECT NULL::bigint AS office_id, p.oid::regprocedure::text AS subject FROM pg_proc p
        WHERE p.pronamespace IN ('desk'::regnamespace, 'audit'::regnamespace)
          AND has_function_privilege('public', p.oid, 'EXECUTE')
        """,
        "Fungsi {subject} boleh dijalankan siapa saja. Jalankan REVOKE EXECUTE ON FUNCTION {subject} FROM PUBLIC.",
    ),
    Check(
        "trigger_off",
        """
        SELECT NULL::bigint AS office_id, g.tgname || ' pada ' || g.tgrelid::regclass AS subject FROM pg_trigger g
        JOIN pg_class c ON c.oid = g.tgrelid
        WHERE c.relnamespace IN ('desk'::regnamespace, 'audit'::regnamespace) AND g.tgenabled NOT IN ('O', 'A')
        """,
        "Penjaga {subject} dimatikan. Hidupkan lagi dengan ALTER TABLE … ENABLE TRIGGER, "
        "dan periksa catatan audit sejak saat itu.",
    ),
    Check(
        "table_not_logged",
        """
        SELECT NULL::bigint AS office_id, c.oid::regclass::text AS subject FROM pg_class c
        WHERE c.relnamespace = 'desk'::regnamespace AND c.relkind IN ('r', 'p')
          AND c.relname NOT IN ('alembic_version', 'change', 'office_clock', 'file_chunk', 'search_entry', 'presence',
            'case_look')
          AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgfoid = 'audit.record()'::regprocedure
                          AND g.tgname = 'audit')
        """,
        "Perubahan pada tabel {subject} tidak dicatat di catatan audit. "
        "Pasang pencatatnya dengan audit.watch lewat migrasi basis data.",
    ),
)

CHECKS = (*NUMBERS, *MONEY, *STATEMENTS, *CASES, *CATALOGUE)
