"""SIMPONI: billing codes given out for a case, each with its own amount and last day, and money proved by an NTPN.

Revision ID: 0026
Revises: 0025

Why it is built this way: docs/decisions/statements.md.
"""

from alembic import op

revision = "0026"
down_revision = "0025"

PERSON = "desk_person"
STATED_BY = ("officer", "treasurer")

TABLES = """
CREATE TABLE desk.billing_code (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  invoice_id uuid,
  code character varying(15) NOT NULL,
  amount bigint NOT NULL,
  expires_on date NOT NULL,
  no bigint NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT billing_code_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT billing_code_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT billing_code_office_id_invoice_id_fkey FOREIGN KEY (office_id, invoice_id)
    REFERENCES desk.invoice (office_id, id),
  CONSTRAINT billing_code_office_id_case_id_no_key UNIQUE (office_id, case_id, no),
  CONSTRAINT billing_code_code_check CHECK (code ~ '^[0-9]{15}$'),
  CONSTRAINT billing_code_amount_check CHECK (amount > 0)
);
CREATE INDEX billing_code_code_idx ON desk.billing_code (office_id, code);
COMMENT ON CONSTRAINT billing_code_code_check ON desk.billing_code IS 'desk: Kode billing terdiri atas 15 angka.';
COMMENT ON CONSTRAINT billing_code_amount_check ON desk.billing_code IS
  'desk: Jumlah kode billing harus lebih dari nol.';

ALTER TABLE desk.payment
  ADD COLUMN billing_id uuid,
  ADD COLUMN ntb text NOT NULL DEFAULT '',
  ADD CONSTRAINT payment_office_id_billing_id_fkey FOREIGN KEY (office_id, billing_id)
    REFERENCES desk.billing_code (office_id, id),
  ADD CONSTRAINT payment_billing_check CHECK (channel = 'simponi' OR billing_id IS NULL AND ntb = '');
CREATE INDEX payment_reference_idx ON desk.payment (office_id, reference);

-- The number of the letter with a billing code, where an office numbers its letters already.
INSERT INTO desk.rule (office_id, key, valid_from, value, basis, confirmed)
  SELECT r.office_id, 'number.billing', r.valid_from,
    jsonb_set(r.value, '{template}', to_jsonb(regexp_replace(r.value->>'template', '^[A-Z]+-', 'BIL-'))),
    r.basis, r.confirmed
  FROM desk.rule r WHERE r.key = 'number.correction_note' ON CONFLICT DO NOTHING;
"""

FUNCTIONS = r"""
-- Whoever writes down a billing code or an NTPN has the office's state payments alone until the end of the transaction.
CREATE FUNCTION desk.hold_state_payments(p_office bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO desk.counter (office_id, kind, year, last) VALUES (p_office, 'state', 0, 0) ON CONFLICT DO NOTHING;
  PERFORM FROM desk.counter c WHERE c.office_id = p_office AND c.kind = 'state' AND c.year = 0 FOR UPDATE;
END $$;

-- Where an NTPN is in force already, in words; null when it is new.
CREATE FUNCTION desk.ntpn_known(p_office bigint, p_ntpn text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    (SELECT 'pembayaran permohonan ' || c.number FROM desk.payment p
     JOIN desk.cases c ON c.office_id = p.office_id AND c.id = p.case_id
     WHERE p.office_id = p_office AND p.channel = 'simponi' AND p.reference = p_ntpn AND NOT EXISTS (
       SELECT FROM desk.payment_reversal x WHERE x.office_id = p.office_id AND x.payment_id = p.id) LIMIT 1),
    (SELECT 'setoran tanggal ' || to_char(d.deposited_on, 'DD-MM-YYYY') FROM desk.deposit d
     WHERE d.office_id = p_office AND d.ntpn = p_ntpn AND NOT EXISTS (
       SELECT FROM desk.deposit_void x WHERE x.office_id = d.office_id AND x.deposit_id = d.id) LIMIT 1))
$$;

CREATE FUNCTION desk.guard_billing_code() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  other text;
  due record;
BEGIN
  PERFORM desk.hold_state_payments(NEW.office_id);
  SELECT c.number INTO other FROM desk.billing_code b
  JOIN desk.cases c ON c.office_id = b.office_id AND c.id = b.case_id
  WHERE b.office_id = NEW.office_id AND b.code = NEW.code AND b.case_id <> NEW.case_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'desk: Kode billing % sudah dicatat untuk permohonan %.', NEW.code, other USING ERRCODE = '23505';
  END IF;
  SELECT i.id, i.total, i.number INTO due FROM desk.invoice i
  WHERE i.office_id = NEW.office_id AND i.case_id = NEW.case_id AND NOT EXISTS (
    SELECT FROM desk.invoice_end x WHERE x.office_id = i.office_id AND x.invoice_id = i.id AND x.kind IN ('void', 'replaced'))
  ORDER BY i.year DESC, i.sequence DESC LIMIT 1;
  NEW.invoice_id := due.id;
  NEW.no := 1 + coalesce((SELECT max(b.no) FROM desk.billing_code b
                          WHERE b.office_id = NEW.office_id AND b.case_id = NEW.case_id), 0);
  IF due.total <> NEW.amount THEN
    RAISE EXCEPTION 'desk: Jumlah kode billing tidak sama dengan invoice %; kode billing dibuat tepat sejumlah invoice.',
      due.number USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Money that was paid into the state treasury: an NTPN of its own, by a code of this case that still held on that day.
CREATE FUNCTION desk.guard_state_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  code record;
  known text;
BEGIN
  NEW.reference := upper(regexp_replace(NEW.reference, '[\s.-]', '', 'g'));
  IF NEW.reference !~ '^[0-9A-Z]{16}$' THEN
    RAISE EXCEPTION 'desk: NTPN terdiri atas 16 huruf dan angka; salin dari bukti penerimaan negara.' USING ERRCODE = '23514';
  END IF;
  SELECT b.amount, b.expires_on INTO code FROM desk.billing_code b
  WHERE b.office_id = NEW.office_id AND b.id = NEW.billing_id AND b.case_id = NEW.case_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Pembayaran lewat SIMPONI memerlukan kode billing yang tercatat pada permohonan ini.'
      USING ERRCODE = '23514';
  ELSIF code.amount <> NEW.amount THEN
    RAISE EXCEPTION 'desk: Jumlah kode billing itu tidak sama dengan invoice; kode billing dibuat tepat sejumlah invoice.'
      USING ERRCODE = '23514';
  ELSIF NEW.received_on > code.expires_on THEN
    RAISE EXCEPTION 'desk: Kode billing itu berakhir %; tidak dapat dibayar setelahnya. Periksa tanggalnya.',
      to_char(code.expires_on, 'DD-MM-YYYY') USING ERRCODE = '23514';
  END IF;
  PERFORM desk.hold_state_payments(NEW.office_id);
  known := desk.ntpn_known(NEW.office_id, NEW.reference);
  IF known IS NOT NULL THEN
    RAISE EXCEPTION 'desk: NTPN % sudah tercatat pada %.', NEW.reference, known USING ERRCODE = '23505';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_letter() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.kind <> ALL ('{billing}') AND NOT desk.has_duty(NEW.office_id, '{officer}') THEN
    RAISE EXCEPTION 'desk: Surat ini diterbitkan petugas layanan, bukan bendahara.' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

-- The money of a deposit has an NTPN of its own as well
CREATE FUNCTION desk.guard_deposit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE known text;
BEGIN
  PERFORM desk.hold_state_payments(NEW.office_id);
  known := desk.ntpn_known(NEW.office_id, NEW.ntpn);
  IF known IS NOT NULL THEN
    RAISE EXCEPTION 'desk: NTPN % sudah tercatat pada %.', NEW.ntpn, known USING ERRCODE = '23505';
  END IF;
  RETURN NEW;
END $$;
"""

OF_TRIGGERS = ("desk.guard_billing_code()", "desk.guard_state_payment()", "desk.guard_deposit()")
OF_CALLER = "desk.guard_letter()"
WITHIN = ("desk.hold_state_payments(bigint)", "desk.ntpn_known(bigint, text)")


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    for function in (*OF_TRIGGERS, OF_CALLER, *WITHIN):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    for function in WITHIN:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO desk_definer")
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in OF_TRIGGERS:
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    table = "desk.billing_code"
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE {table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON {table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON {table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
        f"WITH CHECK (desk.has_duty(office_id, '{{{','.join(STATED_BY)}}}'))"
    )
    op.execute(f"GRANT SELECT ON {table} TO {PERSON}, desk_backup, desk_definer")
    op.execute(f"GRANT INSERT ON {table} TO {', '.join(f'desk_{duty}' for duty in STATED_BY)}")
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(
        f"CREATE TRIGGER c_guard BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.guard_billing_code()"
    )
    refuse = "EXECUTE FUNCTION desk.refuse_change()"
    op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    op.execute("SELECT audit.watch('billing_code', 'id')")
    op.execute(
        "CREATE TRIGGER d_state BEFORE INSERT ON desk.payment FOR EACH ROW WHEN (NEW.channel = 'simponi') "
        "EXECUTE FUNCTION desk.guard_state_payment()"
    )
    op.execute("CREATE TRIGGER c_guard BEFORE INSERT ON desk.deposit FOR EACH ROW EXECUTE FUNCTION desk.guard_deposit()")


    note = "FOR EACH ROW EXECUTE FUNCTION desk.note_words"
    op.execute(f"CREATE TRIGGER words AFTER INSERT ON {table} {note}('billing', 'code', 'amount$')")
    op.execute("DROP TRIGGER words ON desk.payment")
    op.execute(
        f"CREATE TRIGGER words AFTER INSERT ON desk.payment {note}('payment', 'reference', 'ntb', 'amount$')"
    )
    # The treasurer writes the letters about money; all others are the officer's.
    op.execute("GRANT INSERT ON desk.letter TO desk_treasurer")
    op.execute("ALTER POLICY duty_insert ON desk.letter WITH CHECK (desk.has_duty(office_id, '{officer,treasurer}'))")
    op.execute("CREATE TRIGGER a_guard BEFORE INSERT ON desk.letter FOR EACH ROW EXECUTE FUNCTION desk.guard_letter()")


def downgrade() -> None:
    op.execute("DROP TRIGGER words ON desk.payment")
    op.execute(
        "CREATE TRIGGER words AFTER INSERT ON desk.payment "
        "FOR EACH ROW EXECUTE FUNCTION desk.note_words('payment', 'reference', 'amount$')"
    )
    op.execute("DELETE FROM desk.search_entry WHERE kind = 'billing'")
    op.execute("ALTER POLICY duty_insert ON desk.letter WITH CHECK (desk.has_duty(office_id, '{officer}'))")
    op.execute("DROP TRIGGER a_guard ON desk.letter")
    op.execute("REVOKE INSERT ON desk.letter FROM desk_treasurer")
    op.execute("DROP TRIGGER c_guard ON desk.deposit")
    op.execute("DROP TRIGGER d_state ON desk.payment")
    op.execute("DROP INDEX desk.payment_reference_idx")
    op.execute("ALTER TABLE desk.payment DROP COLUMN billing_id CASCADE, DROP COLUMN ntb CASCADE")
    op.execute("DROP TABLE desk.billing_code")
    for function in (*OF_TRIGGERS, OF_CALLER, *WITHIN):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DELETE FROM desk.counter WHERE kind = 'state'")
    op.execute("DELETE FROM desk.rule WHERE key = 'number.billing'")
