"""Facts behind every state: what a deed records must stand in the facts, and every fact must fit its case.

Revision ID: 0006
Revises: 0005

A person who knows SQL and holds a workstation's password can insert the facts of his or her duty. These guards see to
it that such a fact is true of its case, and that no state is recorded without the fact behind it.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

FUNCTIONS = r"""
-- A payment is of this case, of exactly the invoice's amount, of an invoice in force; who noted the proof is read here
CREATE FUNCTION desk.guard_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.invoice i WHERE i.office_id = NEW.office_id AND i.id = NEW.invoice_id
                 AND i.case_id = NEW.case_id AND i.total = NEW.amount
                 AND NOT EXISTS (SELECT FROM desk.invoice_end x WHERE x.office_id = i.office_id AND x.invoice_id = i.id
                                 AND x.kind IN ('void', 'replaced'))) THEN
    RAISE EXCEPTION 'desk: Pembayaran harus tepat sejumlah invoice permohonan ini yang masih berlaku.'
      USING ERRCODE = '23514';
  END IF;
  SELECT p.by INTO NEW.proof_by FROM desk.payment_proof p
  WHERE p.office_id = NEW.office_id AND p.case_id = NEW.case_id AND NOT EXISTS (
    SELECT FROM desk.proof_rejection x WHERE x.office_id = p.office_id AND x.proof_id = p.id)
  ORDER BY p.by = session_user DESC, p.at DESC LIMIT 1;
  RETURN NEW;
END $$;

-- One valid kuitansi per payment, of the payment's own case; a replacement only after the withdrawal
CREATE FUNCTION desk.guard_receipt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.id = NEW.payment_id
                 AND p.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Kuitansi hanya untuk pembayaran permohonan itu sendiri.' USING ERRCODE = '23503';
  END IF;
  IF EXISTS (SELECT FROM desk.receipt r WHERE r.office_id = NEW.office_id AND r.payment_id = NEW.payment_id
             AND NOT EXISTS (SELECT FROM desk.receipt_void x WHERE x.office_id = r.office_id AND x.receipt_id = r.id)) THEN
    RAISE EXCEPTION 'desk: Kuitansi untuk pembayaran ini sudah terbit.' USING ERRCODE = '23505';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_receipt_void() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM desk.delivery d WHERE d.office_id = NEW.office_id AND d.case_id = NEW.case_id) OR NOT EXISTS (
     SELECT FROM desk.receipt r WHERE r.office_id = NEW.office_id AND r.id = NEW.receipt_id AND r.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Data sudah dikirim bersama kuitansi ini; kuitansi tidak dapat dibatalkan lagi.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- An invoice belongs to a clear case, or replaces one of a running case; a paid one is not withdrawn
CREATE FUNCTION desk.guard_invoice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id
                 AND (c.stage = 'clear' OR c.stage = 'active' AND NEW.replaces IS NOT NULL)) THEN
    RAISE EXCEPTION 'desk: Invoice hanya untuk permohonan yang clear.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_invoice_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.invoice_id = NEW.invoice_id) THEN
    RAISE EXCEPTION 'desk: Invoice ini sudah dibayar; tidak dapat diakhiri lagi.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- checked at COMMIT: the lines of an invoice add up to it, whenever they were written
CREATE FUNCTION desk.check_invoice_sum() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE invoice uuid := coalesce(to_jsonb(NEW)->>'invoice_id', to_jsonb(NEW)->>'id');
BEGIN
  IF NOT EXISTS (
    SELECT FROM desk.invoice i JOIN desk.invoice_line l ON l.office_id = i.office_id AND l.invoice_id = i.id
    WHERE i.office_id = NEW.office_id AND i.id = invoice
    GROUP BY i.total, i.full_price HAVING sum(l.amount) = i.total AND sum(l.full_amount) = i.full_price) THEN
    RAISE EXCEPTION 'desk: Jumlah baris berbeda dengan jumlah invoice.' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;

-- Requested lines change only while the request is examined
CREATE FUNCTION desk.guard_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE line record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = line.office_id AND c.id = line.case_id AND c.stage = 'new') THEN
    RAISE EXCEPTION 'desk: Daftar data tidak dapat diubah setelah permintaan clear.' USING ERRCODE = '23514';
  END IF;
  RETURN line;
END $$;

-- What is delivered is what was checked last; version, day and manifest are the server's words (in guard_delivery)
CREATE FUNCTION desk.describe_delivery() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE latest record;
BEGIN
  SELECT p.id, p.version INTO latest FROM desk.preparation p
  WHERE p.office_id = NEW.office_id AND p.case_id = NEW.case_id ORDER BY p.attempt DESC LIMIT 1;
  IF latest.id IS DISTINCT FROM NEW.preparation_id THEN
    RAISE EXCEPTION 'desk: Berkas itu bukan penyiapan yang terakhir; data tidak dapat dikirim.' USING ERRCODE = '23514';
  END IF;
  NEW.version := latest.version;
  NEW.delivered_on := desk.today(NEW.office_id);
  NEW.sequence := (SELECT count(*) + 1 FROM desk.delivery d WHERE d.office_id = NEW.office_id AND d.case_id = NEW.case_id);
  NEW.manifest := (SELECT jsonb_agg(jsonb_build_object('name', f.name, 'size', f.size, 'sha256', f.sha256, 'rows', f.rows,
    'variables', f.variables) ORDER BY f.position) FROM desk.prepared_file f
    WHERE f.office_id = NEW.office_id AND f.preparation_id = NEW.preparation_id);
  RETURN NEW;
END $$;

-- The bytes of a document are there and have its hash (security.md 11)
CREATE FUNCTION desk.check_bytes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT encode(sha256(string_agg(f.bytes, ''::bytea ORDER BY f.no)), 'hex') FROM desk.file_chunk f
      WHERE f.office_id = NEW.office_id AND f.sha256 = NEW.sha256) IS DISTINCT FROM NEW.sha256 THEN
    RAISE EXCEPTION 'desk: Isi berkas berbeda dengan sidik jarinya; berkas tidak disimpan.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- What a deed records must stand in the facts, asked at the end of every deed
CREATE FUNCTION desk.check_tracks(p_office bigint, p_case uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c record;
  inv record;
  paid uuid;
  receipted boolean;
  fact boolean := true;
BEGIN
  SELECT * INTO c FROM desk.cases k WHERE k.office_id = p_office AND k.id = p_case;
  IF c.stage IN ('new', 'clear', 'active') AND (c.officer_queue IS NULL
     OR (c.money IN ('proof', 'confirmed')) <> (c.treasurer_queue IS NOT NULL)
     OR (c.original IN ('received', 'accepted')) <> (c.mail_queue IS NOT NULL)) THEN
    RAISE EXCEPTION 'desk: Antrean permohonan tidak sesuai dengan keadaannya.' USING ERRCODE = '23514';
  END IF;
  IF c.stage NOT IN ('active', 'closed') THEN RETURN; END IF;
  SELECT i.id, i.total INTO inv FROM desk.invoice i WHERE i.office_id = p_office AND i.case_id = p_case
    AND NOT EXISTS (SELECT FROM desk.invoice_end x WHERE x.office_id = i.office_id AND x.invoice_id = i.id
                    AND x.kind IN ('void', 'replaced')) ORDER BY i.year DESC, i.sequence DESC LIMIT 1;
  SELECT p.id INTO paid FROM desk.payment p WHERE p.office_id = p_office AND p.invoice_id = inv.id;
  receipted := EXISTS (SELECT FROM desk.receipt r WHERE r.office_id = p_office AND r.payment_id = paid
    AND NOT EXISTS (SELECT FROM desk.receipt_void x WHERE x.office_id = r.office_id AND x.receipt_id = r.id));
  fact := CASE c.money
    WHEN 'free' THEN inv.total = 0
    WHEN 'receipted' THEN receipted
    WHEN 'confirmed' THEN paid IS NOT NULL AND NOT receipted
    WHEN 'none' THEN inv.id IS NULL
    ELSE inv.total > 0 AND paid IS NULL END;
  IF fact AND c.original IN ('accepted', 'filed') THEN
    fact := (SELECT count(*) FILTER (WHERE s.step IN ('accepted', 'filed')) = max(s.copies) FROM (
      SELECT DISTINCT ON (u.copy) u.step, a.copies FROM desk.custody u
      JOIN desk.agreement a ON a.office_id = u.office_id AND a.id = u.agreement_id
      WHERE u.office_id = p_office AND u.case_id = p_case AND a.id = (
        SELECT n.id FROM desk.agreement n WHERE n.office_id = p_office AND n.case_id = p_case
        ORDER BY n.year DESC, n.sequence DESC LIMIT 1)
      ORDER BY u.copy, u.position DESC) s);
  END IF;
  IF fact AND c.data IN ('checked', 'delivered', 'confirmed') THEN
    fact := EXISTS (SELECT FROM desk.preparation p JOIN desk.preparation_check x
      ON x.office_id = p.office_id AND x.preparation_id = p.id AND x.passed
      WHERE p.office_id = p_office AND p.case_id = p_case);
  END IF;
  IF fact AND c.data IN ('delivered', 'confirmed', 'correcting') THEN
    fact := EXISTS (SELECT FROM desk.delivery d WHERE d.office_id = p_office AND d.case_id = p_case);
  END IF;
  IF fact IS NOT TRUE THEN
    RAISE EXCEPTION 'desk: Keadaan permohonan tidak didukung catatannya; perubahan tidak disimpan.' USING ERRCODE = '23514';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION desk.record_deed(
  p_office bigint, p_case uuid, p_key uuid, p_action text, p_sentence text, p_reason text, p_after jsonb, p_derived jsonb,
  p_result jsonb
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rule record;
  c record;
  before jsonb;
  track text;
BEGIN
  SELECT * INTO rule FROM desk.action_rule r WHERE r.action = p_action;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Tindakan "%" tidak dikenal basis data. Perbarui program atau basis data.', p_action
      USING ERRCODE = '23514';
  END IF;
  IF NOT desk.has_duty(p_office, rule.duties) THEN
    RAISE EXCEPTION 'desk: Tindakan ini bukan tugas Anda di kantor ini.' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO c FROM desk.cases k WHERE k.office_id = p_office AND k.id = p_case FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Permohonan tidak ditemukan di kantor Anda.' USING ERRCODE = '42501';
  END IF;
  before := jsonb_build_object('stage', c.stage, 'money', c.money, 'original', c.original, 'data', c.data);
  FOR track IN SELECT jsonb_object_keys(rule.before) LOOP
    IF NOT (rule.before->track) ? (before->>track) THEN
      RAISE EXCEPTION 'desk: Keadaan permohonan sudah berubah. Baca ulang, lalu ulangi.' USING ERRCODE = '40001';
    END IF;
  END LOOP;
  FOR track IN SELECT jsonb_object_keys(p_after) LOOP
    IF (p_after->>track) IS DISTINCT FROM (before->>track)
       AND NOT (coalesce(rule.after->track, '[]'::jsonb) ? (p_after->>track)) THEN
      RAISE EXCEPTION 'desk: Tindakan "%" tidak dapat menghasilkan keadaan "%".', p_action, p_after->>track
        USING ERRCODE = '23514';
    END IF;
  END LOOP;
  UPDATE desk.cases k SET
    stage = coalesce(p_after->>'stage', k.stage), money = coalesce(p_after->>'money', k.money),
    original = coalesce(p_after->>'original', k.original), data = coalesce(p_after->>'data', k.data),
    clear_on = CASE WHEN p_action = 'declare_clear' THEN (p_derived->>'clear_on')::date ELSE k.clear_on END,
    service_due = CASE WHEN p_action = 'declare_clear' THEN (p_derived->>'service_due')::date ELSE k.service_due END,
    service_due_why = CASE WHEN p_action = 'declare_clear' THEN coalesce(p_derived->>'service_due_why', '') ELSE k.service_due_why END,
    correction_due = CASE WHEN p_action IN ('open_correction', 'deliver') THEN (p_derived->>'correction_due')::date ELSE k.correction_due END,
    due_on = (p_derived->>'due_on')::date, wake_on = (p_derived->>'wake_on')::date,
    officer_queue = p_derived->>'officer_queue', officer_why = coalesce(p_derived->>'officer_why', ''),
    mail_queue = p_derived->>'mail_queue', mail_why = coalesce(p_derived->>'mail_why', ''),
    treasurer_queue = p_derived->>'treasurer_queue', treasurer_why = coalesce(p_derived->>'treasurer_why', ''),
    supervisor_queue = p_derived->>'supervisor_queue', supervisor_why = coalesce(p_derived->>'supervisor_why', ''),
    address_confirmed = CASE WHEN p_action = 'confirm_address' THEN coalesce(p_derived->>'address_confirmed', '') ELSE k.address_confirmed END,
    requirements = CASE WHEN p_action = 'check_requirements' THEN ARRAY(SELECT jsonb_array_elements_text(coalesce(p_derived->'requirements', '[]'::jsonb))) ELSE k.requirements END,
    changed_at = desk.now()
  WHERE k.office_id = p_office AND k.id = p_case;
  INSERT INTO desk.event (office_id, id, case_id, action, sentence, reason, before, after, result)
  VALUES (p_office, p_key, p_case, p_action, p_sentence, p_reason, before, before || p_after, p_result);
  PERFORM desk.check_tracks(p_office, p_case);
  PERFORM desk.announce(p_office, p_case);
END $$;

CREATE OR REPLACE FUNCTION desk.document_bytes(p_office bigint, p_document uuid, p_reason text)
RETURNS TABLE (no bigint, bytes bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE d record;
BEGIN
  SELECT * INTO d FROM desk.document k WHERE k.office_id = p_office AND k.id = p_document;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Berkas tidak ditemukan di kantor Anda.' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT FROM desk.document k WHERE k.office_id = p_office AND k.sha256 = d.sha256 AND k.kind = 'id_card') THEN
    IF coalesce(trim(p_reason), '') = '' THEN
      RAISE EXCEPTION 'desk: Kartu identitas hanya dapat dibuka dengan alasan.' USING ERRCODE = '42501';
    END IF;
    INSERT INTO desk.view_entry (office_id, id, case_id, document_id, reason)
    VALUES (p_office, gen_random_uuid(), d.case_id, p_document, p_reason);
  END IF;
  RETURN QUERY SELECT f.no, f.bytes FROM desk.file_chunk f
    WHERE f.office_id = p_office AND f.sha256 = d.sha256 ORDER BY f.no;
END $$;
"""

OF_DEFINER = (
    "desk.guard_payment()",
    "desk.guard_receipt()",
    "desk.guard_receipt_void()",
    "desk.guard_invoice()",
    "desk.guard_invoice_end()",
    "desk.check_invoice_sum()",
    "desk.guard_line()",
    "desk.describe_delivery()",
    "desk.check_bytes()",
    "desk.check_tracks(bigint, uuid)",
)

GUARDS = (
    ("payment", "c_guard", "BEFORE INSERT", "guard_payment"),
    ("receipt", "a_guard", "BEFORE INSERT", "guard_receipt"),
    ("receipt_void", "c_guard", "BEFORE INSERT", "guard_receipt_void"),
    ("invoice", "a_guard", "BEFORE INSERT", "guard_invoice"),
    ("invoice_end", "c_guard", "BEFORE INSERT", "guard_invoice_end"),
    ("case_line", "a_guard", "BEFORE INSERT OR UPDATE OR DELETE", "guard_line"),
    ("delivery", "d_describe", "BEFORE INSERT", "describe_delivery"),
    ("rule", "a_sign", "BEFORE INSERT", "sign_fact"),
    ("template", "a_sign", "BEFORE INSERT", "sign_fact"),
    ("document", "c_bytes", "BEFORE INSERT", "check_bytes"),
)

WITH_REASON = ("gate_override", "receipt_void", "proof_rejection", "invoice_end")

BORN_WITH = "office_id, id, customer_id, customer_name, institution, channel, abstract"
"""The columns a new case may be given; everything else is the server's or a deed's."""


def upgrade() -> None:
    op.execute(FUNCTIONS)
    for function in OF_DEFINER:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    for table, name, when, function in GUARDS:
        op.execute(f"CREATE TRIGGER {name} {when} ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.{function}()")
    for table in ("invoice", "invoice_line"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER sum AFTER INSERT ON desk.{table} DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION desk.check_invoice_sum()"
        )
    for table in WITH_REASON:
        op.execute(f"ALTER TABLE desk.{table} ADD CONSTRAINT {table}_reason_check CHECK (btrim(reason) <> '')")
        op.execute(f"COMMENT ON CONSTRAINT {table}_reason_check ON desk.{table} IS 'desk: Alasan belum ditulis.'")
    op.execute("REVOKE INSERT ON desk.cases FROM desk_officer")
    op.execute(f"GRANT INSERT ({BORN_WITH}) ON desk.cases TO desk_officer")
    op.execute("CREATE INDEX document_sha256_idx ON desk.document (office_id, sha256)")
    op.execute("GRANT SELECT ON desk.alembic_version TO desk_person, desk_backup")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON desk.alembic_version FROM desk_person, desk_backup")
    op.execute("DROP INDEX desk.document_sha256_idx")
    op.execute(f"REVOKE INSERT ({BORN_WITH}) ON desk.cases FROM desk_officer")
    op.execute("GRANT INSERT ON desk.cases TO desk_officer")
    for table in WITH_REASON:
        op.execute(f"ALTER TABLE desk.{table} DROP CONSTRAINT {table}_reason_check")
    for table in ("invoice", "invoice_line"):
        op.execute(f"DROP TRIGGER sum ON desk.{table}")
    for table, name, _, _ in GUARDS:
        op.execute(f"DROP TRIGGER {name} ON desk.{table}")
    # record_deed and document_bytes of 0002 come back as they were, without the two questions added here.
    op.execute(
        "DO $$ DECLARE source text; BEGIN "
        "source := pg_get_functiondef('desk.record_deed'::regproc); "
        "EXECUTE replace(source, 'PERFORM desk.check_tracks(p_office, p_case);', ''); END $$"
    )
    for function in OF_DEFINER:
        op.execute(f"DROP FUNCTION {function}")
