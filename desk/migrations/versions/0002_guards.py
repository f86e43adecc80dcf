"""Guards: who may read and write what, numbers, the deed that moves a case, the delivery gate.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"

PERSON = "desk_person"
FACTS = (
    "agreement", "correction", "custody", "delivery", "document", "event", "fit_decision", "gate_override", "invoice",
    "invoice_end", "letter", "message", "payment", "payment_proof", "preparation", "preparation_check", "print_entry",
    "proof_rejection", "receipt", "receipt_void", "relief", "relief_decision", "view_entry",
)
WITH_POLICY = (
    *FACTS, "case_line", "cases", "catalogue_item", "change", "counter", "customer", "file_chunk", "holiday",
    "invoice_line", "office_clock", "prepared_file", "rule", "template",
)
WITHOUT_POLICY = ("office", "person", "duty", "installation", "action_rule")
"""What everybody must read to know who and where they are; nothing personal or about money stands in them."""

READ_BY_FUNCTION = ("file_chunk", "counter")
"""No person reads these directly: contents come from `desk.document_bytes`, numbers from the issued rows."""

INSERTS = {
    "desk_officer": (
        "agreement", "case_line", "cases", "correction", "custody", "customer", "delivery", "document", "file_chunk",
        "fit_decision", "invoice", "invoice_end", "invoice_line", "letter", "message", "payment_proof", "preparation",
        "preparation_check", "prepared_file", "print_entry", "relief",
    ),
    "desk_treasurer": (
        "document", "file_chunk", "message", "payment", "print_entry", "proof_rejection", "receipt", "receipt_void",
    ),
    "desk_supervisor": ("document", "file_chunk", "gate_override", "message", "print_entry", "relief_decision"),
    "desk_administrator": ("catalogue_item", "holiday", "rule", "template"),
}
UPDATES = {
    "desk_officer": {
        "cases": "abstract, customer_name, institution, channel, claimed_by",
        "case_line": "fit, fit_reason",
        "customer": "name, customer_class, institution, position, email, phone, address, id_number, npwp",
    },
    "desk_supervisor": {"cases": "claimed_by"},
}
DELETES = {"desk_officer": ("case_line",)}

NUMBERED = {"cases": "case", "invoice": "invoice", "agreement": "sppd", "receipt": "receipt", "letter": "letter"}

FUNCTIONS = """
CREATE FUNCTION desk.today(p_office bigint) RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (desk.now() AT TIME ZONE (SELECT o.zone FROM desk.office o WHERE o.id = p_office))::date
$$;

-- The offices whose cases the person at this connection may see: those of his or her duties today, and for a
-- supervisor of a province the regencies as well. Office 0 holds the national rows.
CREATE FUNCTION desk.my_offices() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN 0::bigint || ARRAY(
    SELECT DISTINCT o.id
    FROM desk.duty d
    JOIN desk.person p ON p.login = d.login AND p.active
    JOIN desk.office o ON o.id = d.office_id OR (d.duty = 'supervisor' AND o.province_id = d.office_id)
    WHERE d.login = session_user
      AND desk.today(d.office_id) BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity'));
END $$;

CREATE FUNCTION desk.has_duty(p_office bigint, p_duties text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM desk.duty d
    JOIN desk.person p ON p.login = d.login AND p.active
    JOIN desk.office o ON o.id = p_office
    WHERE d.login = session_user AND d.duty = ANY (p_duties)
      AND (d.office_id = p_office OR (d.duty = 'supervisor' AND o.province_id = d.office_id))
      AND desk.today(d.office_id) BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity'));
END $$;

-- The rule in force on a day: the office's own row goes before the national one, the latest start before an earlier.
CREATE FUNCTION desk.rule_value(p_office bigint, p_key text, p_on date) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.value FROM desk.rule r
  WHERE r.office_id IN (p_office, 0) AND r.key = p_key AND r.valid_from <= p_on
  ORDER BY r.office_id = 0, r.valid_from DESC LIMIT 1
$$;

-- The same tokens as desk/rules/numbering.py; a test holds the two against each other.
CREATE FUNCTION desk.format_number(p_template text, p_number bigint, p_day date, p_unit text, p_class text)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  roman text[] := ARRAY['I','II','III','IV','V','VI','VII','VIII','IX','X','XI','XII'];
  width int := coalesce(substring(p_template FROM '\\{nomor:([1-9])\\}')::int, 1);
  digits text := p_number::text;
  answer text := p_template;
BEGIN
  IF length(digits) < width THEN digits := lpad(digits, width, '0'); END IF;
  answer := regexp_replace(answer, '\\{nomor(:[1-9])?\\}', digits, 'g');
  answer := replace(answer, '{unit}', p_unit);
  answer := replace(answer, '{klasifikasi}', p_class);
  answer := replace(answer, '{bulan_romawi}', roman[extract(month FROM p_day)::int]);
  answer := replace(answer, '{bulan}', to_char(p_day, 'MM'));
  RETURN replace(answer, '{tahun}', to_char(p_day, 'YYYY'));
END $$;

CREATE FUNCTION desk.next_number(p_office bigint, p_kind text, p_year bigint) RETURNS bigint LANGUAGE sql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO desk.counter AS c (office_id, kind, year, last) VALUES (p_office, p_kind, p_year, 1)
  ON CONFLICT (office_id, kind, year) DO UPDATE SET last = c.last + 1 RETURNING c.last
$$;

-- Number, year and day of an issued row come from the server; whatever the client wrote there is replaced.
CREATE FUNCTION desk.give_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  series text := coalesce(to_jsonb(NEW)->>'kind', TG_ARGV[0]);  -- each kind of letter has its own series
  shape jsonb;
BEGIN
  IF NOT (NEW.office_id = ANY (desk.my_offices())) THEN
    RAISE EXCEPTION 'desk: Kantor ini bukan kantor Anda; nomor tidak diberikan.' USING ERRCODE = '42501';
  END IF;
  NEW.year := extract(year FROM today);
  NEW.sequence := desk.next_number(NEW.office_id, series, NEW.year);
  shape := desk.rule_value(NEW.office_id, 'number.' || series, today);
  IF shape IS NULL THEN
    RAISE EXCEPTION 'desk: Bentuk nomor "%" belum diatur untuk kantor ini. Minta administrator mengisinya di buku aturan.',
      series USING ERRCODE = '23514';
  END IF;
  NEW.number := desk.format_number(
    shape->>'template', NEW.sequence, today, coalesce(shape->>'unit', ''), coalesce(shape->>'classification', ''));
  RETURN NEW;
END $$;

CREATE FUNCTION desk.date_of_issue() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.issued_on := desk.today(NEW.office_id);
  RETURN NEW;
END $$;

-- The short code for the transfer remark, made of the number (desk/rules/numbering.py: payment_code).
CREATE FUNCTION desk.give_payment_code() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.payment_code := format('INV-%s-%s-%s', (SELECT o.code FROM desk.office o WHERE o.id = NEW.office_id),
    lpad((NEW.year % 100)::text, 2, '0'), lpad(NEW.sequence::text, greatest(4, length(NEW.sequence::text)), '0'));
  RETURN NEW;
END $$;

-- Runs after the number is given (triggers fire by name): each receipt carries the hash of the one before it.
CREATE FUNCTION desk.chain_receipt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT c.last_hash INTO NEW.previous_hash FROM desk.counter c
  WHERE c.office_id = NEW.office_id AND c.kind = 'receipt' AND c.year = NEW.year;
  NEW.hash := encode(sha256(convert_to(concat_ws('|', NEW.previous_hash, NEW.office_id, NEW.year, NEW.sequence,
    NEW.number, NEW.payment_id, NEW.amount, NEW.payer, to_char(NEW.issued_on, 'YYYY-MM-DD')), 'UTF8')), 'hex');
  UPDATE desk.counter c SET last_hash = NEW.hash
  WHERE c.office_id = NEW.office_id AND c.kind = 'receipt' AND c.year = NEW.year;
  RETURN NEW;
END $$;

-- Who and when are the server's words, whoever inserts.
CREATE FUNCTION desk.sign_fact() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.by := session_user;
  NEW.at := desk.now();
  RETURN NEW;
END $$;

CREATE FUNCTION desk.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'desk: Catatan yang sudah terbit tidak dapat diubah atau dihapus (%).', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION desk.bump_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.row_version := OLD.row_version + 1;
  RETURN NEW;
END $$;

-- Data leave only when the four lights are green, or a supervisor has said so with a reason.
CREATE FUNCTION desk.guard_delivery() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record;
BEGIN
  SELECT * INTO c FROM desk.cases k WHERE k.office_id = NEW.office_id AND k.id = NEW.case_id;
  IF NOT EXISTS (SELECT FROM desk.preparation_check x WHERE x.office_id = NEW.office_id
                 AND x.preparation_id = NEW.preparation_id AND x.case_id = NEW.case_id AND x.passed) THEN
    RAISE EXCEPTION 'desk: Data belum lolos pemeriksaan petugas kedua; data tidak dapat dikirim.' USING ERRCODE = '23514';
  END IF;
  IF NOT (c.money IN ('receipted', 'free') AND c.original IN ('accepted', 'filed') AND c.address_confirmed <> '')
     AND NOT EXISTS (SELECT FROM desk.gate_override g WHERE g.office_id = NEW.office_id AND g.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Syarat pengiriman belum lengkap: kuitansi, naskah asli SPPD, dan alamat tujuan harus ada dahulu.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Tells every workstation of the office that a case has changed: the change number is the truth, the notification only
-- wakes. The office's clock row is taken last, so deeds of one office wait for each other only while committing.
CREATE FUNCTION desk.announce(p_office bigint, p_case uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE change_no bigint;
BEGIN
  INSERT INTO desk.office_clock AS k (office_id, version) VALUES (p_office, 1)
  ON CONFLICT (office_id) DO UPDATE SET version = k.version + 1 RETURNING k.version INTO change_no;
  INSERT INTO desk.change (office_id, version, case_id) VALUES (p_office, change_no, p_case);
  PERFORM pg_notify('desk_office_' || p_office, '');
END $$;

-- The one writer of course and tracks. It asks the action table again, moves the case, tells the story, and announces.
CREATE FUNCTION desk.record_deed(
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
    clear_on = (p_derived->>'clear_on')::date, service_due = (p_derived->>'service_due')::date,
    service_due_why = coalesce(p_derived->>'service_due_why', ''),
    correction_due = (p_derived->>'correction_due')::date,
    due_on = (p_derived->>'due_on')::date, wake_on = (p_derived->>'wake_on')::date,
    officer_queue = p_derived->>'officer_queue', officer_why = coalesce(p_derived->>'officer_why', ''),
    mail_queue = p_derived->>'mail_queue', mail_why = coalesce(p_derived->>'mail_why', ''),
    treasurer_queue = p_derived->>'treasurer_queue', treasurer_why = coalesce(p_derived->>'treasurer_why', ''),
    supervisor_queue = p_derived->>'supervisor_queue', supervisor_why = coalesce(p_derived->>'supervisor_why', ''),
    address_confirmed = coalesce(p_derived->>'address_confirmed', ''),
    requirements = ARRAY(SELECT jsonb_array_elements_text(coalesce(p_derived->'requirements', '[]'::jsonb))),
    changed_at = desk.now()
  WHERE k.office_id = p_office AND k.id = p_case;
  INSERT INTO desk.event (office_id, id, case_id, action, sentence, reason, before, after, result)
  VALUES (p_office, p_key, p_case, p_action, p_sentence, p_reason, before, before || p_after, p_result);
  PERFORM desk.announce(p_office, p_case);
END $$;

-- The bytes of a document in pieces. An identity card is shown only with a reason, and the view is written down.
CREATE FUNCTION desk.document_bytes(p_office bigint, p_document uuid, p_reason text)
RETURNS TABLE (no bigint, bytes bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE d record;
BEGIN
  SELECT * INTO d FROM desk.document k WHERE k.office_id = p_office AND k.id = p_document;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Berkas tidak ditemukan di kantor Anda.' USING ERRCODE = '42501';
  END IF;
  IF d.kind = 'id_card' THEN
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

SENTENCES = {
    ("payment", "payment_second_person_check"):
        "Yang menerbitkan invoice atau mencatat bukti bayar tidak boleh memastikan pembayarannya.",
    ("payment", "payment_office_id_invoice_id_key"): "Pembayaran untuk invoice ini sudah dipastikan.",
    ("payment", "payment_amount_check"): "Jumlah pembayaran harus lebih dari nol.",
    ("receipt", "receipt_office_id_payment_id_amount_fkey"):
        "Kuitansi hanya untuk pembayaran yang sudah dipastikan, tepat sejumlah itu.",
    ("receipt", "receipt_office_id_payment_id_replaces_key"): "Kuitansi untuk pembayaran ini sudah terbit.",
    ("relief_decision", "relief_decision_second_person_check"):
        "Yang memohonkan nol rupiah tidak boleh memutuskannya.",
    ("relief_decision", "relief_decision_office_id_relief_id_key"): "Permohonan nol rupiah ini sudah diputus.",
    ("preparation_check", "preparation_check_second_person_check"):
        "Yang menyiapkan data tidak boleh memeriksanya sendiri.",
    ("preparation_check", "preparation_check_office_id_preparation_id_key"): "Berkas data ini sudah diperiksa.",
    ("custody", "custody_stamp_in_force_check"):
        "Nilai materai kurang dari yang berlaku pada tanggal tanda tangan; kembalikan naskah (UU 10/2020 pasal 21).",
    ("custody", "custody_accepted_with_stamp_check"): "Naskah yang diterima harus mencatat materai dan tanggalnya.",
    ("case_line", "case_line_quantity_check"): "Jumlah data harus lebih dari nol.",
    ("payment_proof", "payment_proof_amount_check"): "Jumlah pada bukti bayar harus lebih dari nol.",
    ("invoice_end", "invoice_end_office_id_invoice_id_kind_key"): "Invoice ini sudah diakhiri.",
    ("correction", "correction_office_id_delivery_id_key"): "Perbaikan untuk pengiriman ini sudah diminta.",
}
"""What a person reads when a constraint says no; the program takes the sentence from the comment."""

OF_DEFINER = (
    "desk.next_number(bigint, text, bigint)",
    "desk.give_number()",
    "desk.chain_receipt()",
    "desk.guard_delivery()",
    "desk.announce(bigint, uuid)",
    "desk.record_deed(bigint, uuid, uuid, text, text, text, jsonb, jsonb, jsonb)",
    "desk.document_bytes(bigint, uuid, text)",
)
FOR_PERSONS = (
    "desk.now()",
    "desk.today(bigint)",
    "desk.my_offices()",
    "desk.has_duty(bigint, text[])",
    "desk.rule_value(bigint, text, date)",
    "desk.format_number(text, bigint, date, text, text)",
    "desk.record_deed(bigint, uuid, uuid, text, text, text, jsonb, jsonb, jsonb)",
    "desk.document_bytes(bigint, uuid, text)",
    "desk.announce(bigint, uuid)",
)


def upgrade() -> None:
    op.execute(FUNCTIONS)
    for table in (*WITH_POLICY, *WITHOUT_POLICY):
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
    op.execute("GRANT USAGE, CREATE ON SCHEMA desk TO desk_owner, desk_definer")
    op.execute(f"GRANT USAGE ON SCHEMA desk TO {PERSON}, desk_backup")
    _functions()
    _policies()
    _grants()
    _triggers()
    for (table, constraint), sentence in SENTENCES.items():
        op.execute(f"COMMENT ON CONSTRAINT {constraint} ON desk.{table} IS 'desk: {sentence}'")
    op.execute("INSERT INTO desk.installation DEFAULT VALUES")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")


def _functions() -> None:
    op.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA desk FROM PUBLIC")
    for function in OF_DEFINER:
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    for function in ("desk.my_offices()", "desk.has_duty(bigint, text[])"):
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_owner")
    for function in FOR_PERSONS:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {PERSON}, desk_definer, desk_owner, desk_backup")


def _policies() -> None:
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for table in WITH_POLICY:
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})"
        )
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")


def _grants() -> None:
    for table in (*WITH_POLICY, *WITHOUT_POLICY):
        op.execute(f"GRANT SELECT ON desk.{table} TO desk_backup, desk_definer")
        if table not in READ_BY_FUNCTION:
            op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}")
    for group, tables in INSERTS.items():
        for table in tables:
            op.execute(f"GRANT INSERT ON desk.{table} TO {group}")
    for group, columns_of in UPDATES.items():
        for table, columns in columns_of.items():
            op.execute(f"GRANT UPDATE ({columns}) ON desk.{table} TO {group}")
    for group, tables in DELETES.items():
        for table in tables:
            op.execute(f"GRANT DELETE ON desk.{table} TO {group}")
    # FOR UPDATE needs a right to update; this column alone is harmless and is what a lock is taken with.
    op.execute("GRANT UPDATE (claimed_by) ON desk.cases TO desk_treasurer")
    op.execute("GRANT INSERT, UPDATE ON desk.counter, desk.office_clock TO desk_definer")
    op.execute("GRANT INSERT ON desk.event, desk.change, desk.view_entry TO desk_definer")
    op.execute("GRANT UPDATE ON desk.cases TO desk_definer")


def _triggers() -> None:
    for table in FACTS:
        op.execute(
            f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()"
        )
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} "
            "FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
        )
    for table, kind in NUMBERED.items():
        op.execute(
            f"CREATE TRIGGER b_number BEFORE INSERT ON desk.{table} "
            f"FOR EACH ROW EXECUTE FUNCTION desk.give_number('{kind}')"
        )
    for table in ("invoice", "agreement", "receipt", "letter"):
        op.execute(
            f"CREATE TRIGGER b_day BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.date_of_issue()"
        )
    op.execute(
        "CREATE TRIGGER c_code BEFORE INSERT ON desk.invoice FOR EACH ROW EXECUTE FUNCTION desk.give_payment_code()"
    )
    op.execute(
        "CREATE TRIGGER c_chain BEFORE INSERT ON desk.receipt FOR EACH ROW EXECUTE FUNCTION desk.chain_receipt()"
    )
    op.execute(
        "CREATE TRIGGER c_gate BEFORE INSERT ON desk.delivery FOR EACH ROW EXECUTE FUNCTION desk.guard_delivery()"
    )
    op.execute(
        "CREATE TRIGGER bump BEFORE UPDATE OF abstract ON desk.cases FOR EACH ROW EXECUTE FUNCTION desk.bump_version()"
    )
    op.execute("CREATE TRIGGER bump BEFORE UPDATE ON desk.customer FOR EACH ROW EXECUTE FUNCTION desk.bump_version()")


def downgrade() -> None:
    op.execute("DELETE FROM desk.installation")
    for table in (*WITH_POLICY, *WITHOUT_POLICY):
        op.execute(
            f"DO $$ DECLARE t record; BEGIN FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'desk.{table}'::regclass "
            f"AND NOT tgisinternal LOOP EXECUTE format('DROP TRIGGER %I ON desk.{table}', t.tgname); END LOOP; END $$"
        )
        op.execute(f"REVOKE ALL ON desk.{table} FROM {PERSON}, desk_backup, desk_definer, {', '.join(INSERTS)}")
    for table in WITH_POLICY:
        op.execute(f"DROP POLICY office ON desk.{table}")
        op.execute(f"DROP POLICY backup ON desk.{table}")
        op.execute(f"ALTER TABLE desk.{table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} DISABLE ROW LEVEL SECURITY")
    op.execute(
        "DO $$ DECLARE f record; BEGIN FOR f IN SELECT oid::regprocedure AS s FROM pg_proc "
        "WHERE pronamespace = 'desk'::regnamespace AND proname <> 'now' LOOP "
        "EXECUTE format('DROP FUNCTION %s CASCADE', f.s); END LOOP; END $$"
    )
    op.execute(f"REVOKE ALL ON FUNCTION desk.now() FROM {PERSON}, desk_definer, desk_owner, desk_backup")
    op.execute(f"REVOKE ALL ON SCHEMA desk FROM {PERSON}, desk_definer, desk_owner, desk_backup")
