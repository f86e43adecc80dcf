"""The treasurer's day: closed once with its figures, and the deposits to the state treasury.

Revision ID: 0014
Revises: 0013

Why it is built this way: docs/decisions/day.md.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

PERSON = "desk_person"
TABLES_MADE = ("day_close", "deposit", "deposit_line", "deposit_void")
STATED = ("day_close", "deposit_void")
"""A deposit and its lines come from desk.record_deposit."""
SIGNED = ("day_close", "deposit", "deposit_void")

TABLES = """
CREATE TABLE desk.day_close (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  day date NOT NULL,
  payments bigint NOT NULL,
  payments_amount bigint NOT NULL,
  receipts bigint NOT NULL,
  receipts_amount bigint NOT NULL,
  voids bigint NOT NULL,
  voids_amount bigint NOT NULL,
  last_number text NOT NULL DEFAULT '',
  last_hash text NOT NULL DEFAULT '',
  differences jsonb NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT day_close_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT day_close_office_id_day_key UNIQUE (office_id, day)
);
COMMENT ON CONSTRAINT day_close_office_id_day_key ON desk.day_close IS 'desk: Hari ini sudah ditutup.';

CREATE TABLE desk.deposit (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  billing_code character varying(15) NOT NULL,
  ntpn character varying(16) NOT NULL,
  ntb text NOT NULL DEFAULT '',
  deposited_on date NOT NULL,
  amount bigint NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT deposit_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT deposit_billing_code_check CHECK (billing_code ~ '^[0-9]{15}$'),
  CONSTRAINT deposit_ntpn_check CHECK (ntpn ~ '^[0-9A-Z]{16}$'),
  CONSTRAINT deposit_amount_check CHECK (amount > 0)
);
CREATE INDEX deposit_day_idx ON desk.deposit (office_id, deposited_on);
CREATE INDEX deposit_ntpn_idx ON desk.deposit (office_id, ntpn);
COMMENT ON CONSTRAINT deposit_billing_code_check ON desk.deposit IS 'desk: Kode billing terdiri atas 15 angka.';
COMMENT ON CONSTRAINT deposit_ntpn_check ON desk.deposit IS 'desk: NTPN terdiri atas 16 huruf dan angka.';

CREATE TABLE desk.deposit_line (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  deposit_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  amount bigint NOT NULL,
  CONSTRAINT deposit_line_pkey PRIMARY KEY (office_id, deposit_id, payment_id),
  CONSTRAINT deposit_line_office_id_deposit_id_fkey FOREIGN KEY (office_id, deposit_id)
    REFERENCES desk.deposit (office_id, id),
  CONSTRAINT deposit_line_office_id_payment_id_amount_fkey FOREIGN KEY (office_id, payment_id, amount)
    REFERENCES desk.payment (office_id, id, amount)
);
CREATE INDEX deposit_line_payment_idx ON desk.deposit_line (office_id, payment_id);

CREATE TABLE desk.deposit_void (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  deposit_id uuid NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT deposit_void_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT deposit_void_office_id_deposit_id_fkey FOREIGN KEY (office_id, deposit_id)
    REFERENCES desk.deposit (office_id, id),
  CONSTRAINT deposit_void_office_id_deposit_id_key UNIQUE (office_id, deposit_id),
  CONSTRAINT deposit_void_reason_check CHECK (btrim(reason) <> '')
);
COMMENT ON CONSTRAINT deposit_void_office_id_deposit_id_key ON desk.deposit_void IS
  'desk: Catatan setoran ini sudah dibatalkan.';
COMMENT ON CONSTRAINT deposit_void_reason_check ON desk.deposit_void IS 'desk: Alasan belum ditulis.';
"""

FUNCTIONS = """
-- What one day of an office holds: money confirmed, kuitansi issued and withdrawn, the last kuitansi, what stays open
-- (confirmed money without a valid kuitansi), and every reason why the two amounts differ. Local days of the office.
CREATE FUNCTION desk.day_figures(p_office bigint, p_day date) RETURNS TABLE (
  payments bigint, payments_amount bigint, receipts bigint, receipts_amount bigint, voids bigint, voids_amount bigint,
  last_number text, last_hash text, open jsonb, differences jsonb
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH zone AS (SELECT o.zone AS name FROM desk.office o WHERE o.id = p_office),
  paid AS (
    SELECT p.id, p.case_id, p.amount, (p.at AT TIME ZONE z.name)::date AS on_day FROM desk.payment p, zone z
    WHERE p.office_id = p_office AND p.at < ((p_day + 1)::timestamp AT TIME ZONE z.name)
  ), given AS (
    SELECT r.id, r.case_id, r.payment_id, r.number, r.amount, r.replaces, r.issued_on, p.on_day AS paid_on,
      (x.at AT TIME ZONE z.name)::date AS void_on
    FROM desk.receipt r CROSS JOIN zone z LEFT JOIN paid p ON p.id = r.payment_id
    LEFT JOIN desk.receipt_void x ON x.office_id = r.office_id AND x.receipt_id = r.id
    WHERE r.office_id = p_office
  ), last AS (
    SELECT r.number, r.hash FROM desk.receipt r WHERE r.office_id = p_office AND r.issued_on <= p_day
      AND r.year = extract(year FROM p_day) ORDER BY r.sequence DESC LIMIT 1
  ), odd AS (
    SELECT g.case_id, g.number, g.amount, CASE WHEN g.replaces IS NULL THEN 'late' ELSE 'replacement' END AS why
    FROM given g WHERE g.issued_on = p_day AND (g.replaces IS NOT NULL OR g.paid_on IS DISTINCT FROM p_day)
    UNION ALL
    SELECT g.case_id, g.number, g.amount, 'void' FROM given g WHERE g.void_on = p_day
    UNION ALL
    SELECT p.case_id, '', p.amount, 'later' FROM paid p WHERE p.on_day = p_day AND NOT EXISTS (
      SELECT FROM given g WHERE g.payment_id = p.id AND g.replaces IS NULL AND g.issued_on = p_day)
  )
  SELECT (SELECT count(*) FROM paid WHERE on_day = p_day),
    (SELECT coalesce(sum(amount), 0)::bigint FROM paid WHERE on_day = p_day),
    (SELECT count(*) FROM given WHERE issued_on = p_day),
    (SELECT coalesce(sum(amount), 0)::bigint FROM given WHERE issued_on = p_day),
    (SELECT count(*) FROM given WHERE void_on = p_day),
    (SELECT coalesce(sum(amount), 0)::bigint FROM given WHERE void_on = p_day),
    coalesce((SELECT number FROM last), ''), coalesce((SELECT hash FROM last), ''),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('case_id', p.case_id, 'case', c.number, 'amount', p.amount)
       ORDER BY c.number), '[]') FROM paid p JOIN desk.cases c ON c.office_id = p_office AND c.id = p.case_id
     WHERE NOT EXISTS (SELECT FROM given g WHERE g.payment_id = p.id AND g.void_on IS NULL)),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('case_id', o.case_id, 'case', c.number, 'number', o.number,
       'amount', o.amount, 'why', o.why) ORDER BY c.number, o.number, o.why), '[]')
     FROM odd o JOIN desk.cases c ON c.office_id = p_office AND c.id = o.case_id)
$$;

-- The first day after the last closed one, before p_day, on which money or kuitansi moved: it is closed first.
CREATE FUNCTION desk.earlier_open_day(p_office bigint, p_day date) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH since AS (SELECT max(d.day) AS day, (SELECT o.zone FROM desk.office o WHERE o.id = p_office) AS zone
                 FROM desk.day_close d WHERE d.office_id = p_office)
  SELECT min(m.day) FROM since s, LATERAL (
    SELECT (p.at AT TIME ZONE s.zone)::date AS day FROM desk.payment p WHERE p.office_id = p_office
      AND p.at >= ((s.day + 1)::timestamp AT TIME ZONE s.zone) AND p.at < (p_day::timestamp AT TIME ZONE s.zone)
    UNION ALL SELECT r.issued_on FROM desk.receipt r
      WHERE r.office_id = p_office AND r.issued_on > s.day AND r.issued_on < p_day
    UNION ALL SELECT (x.at AT TIME ZONE s.zone)::date FROM desk.receipt_void x WHERE x.office_id = p_office
      AND x.at >= ((s.day + 1)::timestamp AT TIME ZONE s.zone) AND x.at < (p_day::timestamp AT TIME ZONE s.zone)) m
$$;

-- Who confirms money or gives or withdraws a kuitansi shares the office's day; who closes it has it alone. So no row
-- slips into a day while its figures are taken, and none enters afterwards.
CREATE FUNCTION desk.need_open_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO desk.counter (office_id, kind, year, last) VALUES (NEW.office_id, 'day', 0, 0) ON CONFLICT DO NOTHING;
  PERFORM FROM desk.counter c WHERE c.office_id = NEW.office_id AND c.kind = 'day' AND c.year = 0 FOR SHARE;
  IF EXISTS (SELECT FROM desk.day_close d WHERE d.office_id = NEW.office_id AND d.day >= desk.today(NEW.office_id)) THEN
    RAISE EXCEPTION 'desk: Hari ini sudah ditutup bendahara; uang dan kuitansi dicatat lagi mulai besok.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.close_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  earlier date;
  found_day record;
BEGIN
  IF NEW.day > today THEN
    RAISE EXCEPTION 'desk: Hari yang belum tiba tidak dapat ditutup.' USING ERRCODE = '23514';
  END IF;
  INSERT INTO desk.counter (office_id, kind, year, last) VALUES (NEW.office_id, 'day', 0, 0) ON CONFLICT DO NOTHING;
  PERFORM FROM desk.counter c WHERE c.office_id = NEW.office_id AND c.kind = 'day' AND c.year = 0 FOR UPDATE;
  IF EXISTS (SELECT FROM desk.day_close d WHERE d.office_id = NEW.office_id AND d.day > NEW.day) THEN
    RAISE EXCEPTION 'desk: Hari setelahnya sudah ditutup; hari sebelumnya tidak dapat ditutup lagi.' USING ERRCODE = '23514';
  END IF;
  earlier := desk.earlier_open_day(NEW.office_id, NEW.day);
  IF earlier IS NOT NULL THEN
    RAISE EXCEPTION 'desk: Tutup dahulu hari %.', to_char(earlier, 'DD-MM-YYYY') USING ERRCODE = '23514';
  END IF;
  SELECT * INTO found_day FROM desk.day_figures(NEW.office_id, NEW.day);
  IF found_day.open <> '[]' THEN
    RAISE EXCEPTION 'desk: Masih ada uang yang dipastikan tanpa kuitansi (%). Terbitkan kuitansinya dahulu.',
      (SELECT string_agg(o->>'case', ', ') FROM jsonb_array_elements(found_day.open) o) USING ERRCODE = '23514';
  END IF;
  NEW.payments := found_day.payments;
  NEW.payments_amount := found_day.payments_amount;
  NEW.receipts := found_day.receipts;
  NEW.receipts_amount := found_day.receipts_amount;
  NEW.voids := found_day.voids;
  NEW.voids_amount := found_day.voids_amount;
  NEW.last_number := found_day.last_number;
  NEW.last_hash := found_day.last_hash;
  NEW.differences := found_day.differences;
  RETURN NEW;
END $$;

-- Writes a deposit down with the payments that it consists of; the same key gives the same deposit.
CREATE FUNCTION desk.record_deposit(p_office bigint, p_key uuid, p_billing text, p_ntpn text, p_ntb text, p_day date,
  p_payments uuid[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  total bigint;
  wrong record;
BEGIN
  IF NOT desk.has_duty(p_office, '{treasurer}') THEN
    RAISE EXCEPTION 'desk: Setoran hanya dicatat oleh bendahara kantor itu.' USING ERRCODE = '42501';
  END IF;
  INSERT INTO desk.counter (office_id, kind, year, last) VALUES (p_office, 'day', 0, 0) ON CONFLICT DO NOTHING;
  PERFORM FROM desk.counter c WHERE c.office_id = p_office AND c.kind = 'day' AND c.year = 0 FOR UPDATE;
  SELECT d.amount INTO total FROM desk.deposit d WHERE d.office_id = p_office AND d.id = p_key;
  IF FOUND THEN RETURN total; END IF;
  IF EXISTS (SELECT FROM desk.deposit d WHERE d.office_id = p_office AND d.ntpn = p_ntpn AND NOT EXISTS (
             SELECT FROM desk.deposit_void x WHERE x.office_id = d.office_id AND x.deposit_id = d.id)) THEN
    RAISE EXCEPTION 'desk: NTPN % sudah tercatat pada setoran lain.', p_ntpn USING ERRCODE = '23505';
  END IF;
  IF p_day > desk.today(p_office) THEN
    RAISE EXCEPTION 'desk: Tanggal setoran belum tiba.' USING ERRCODE = '23514';
  END IF;
  FOR wrong IN
    SELECT c.number, p.received_on, p.channel,
      EXISTS (SELECT FROM desk.receipt r WHERE r.office_id = p.office_id AND r.payment_id = p.id AND NOT EXISTS (
        SELECT FROM desk.receipt_void x WHERE x.office_id = r.office_id AND x.receipt_id = r.id)) AS receipted,
      EXISTS (SELECT FROM desk.deposit_line l WHERE l.office_id = p.office_id AND l.payment_id = p.id AND NOT EXISTS (
        SELECT FROM desk.deposit_void x WHERE x.office_id = l.office_id AND x.deposit_id = l.deposit_id)) AS deposited
    FROM desk.payment p JOIN desk.cases c ON c.office_id = p.office_id AND c.id = p.case_id
    WHERE p.office_id = p_office AND p.id = ANY (p_payments)
  LOOP
    IF wrong.deposited THEN
      RAISE EXCEPTION 'desk: Uang permohonan % sudah disetor.', wrong.number USING ERRCODE = '23505';
    ELSIF wrong.channel = 'simponi' THEN
      RAISE EXCEPTION 'desk: Permohonan % dibayar lewat SIMPONI; uangnya langsung masuk kas negara.', wrong.number
        USING ERRCODE = '23514';
    ELSIF NOT wrong.receipted THEN
      RAISE EXCEPTION 'desk: Uang permohonan % belum berkuitansi.', wrong.number USING ERRCODE = '23514';
    ELSIF wrong.received_on > p_day THEN
      RAISE EXCEPTION 'desk: Uang permohonan % diterima setelah tanggal setoran itu.', wrong.number USING ERRCODE = '23514';
    END IF;
  END LOOP;
  SELECT sum(p.amount) INTO total FROM desk.payment p WHERE p.office_id = p_office AND p.id = ANY (p_payments);
  IF total IS NULL OR (SELECT count(*) FROM desk.payment p WHERE p.office_id = p_office AND p.id = ANY (p_payments))
     <> cardinality(p_payments) THEN
    RAISE EXCEPTION 'desk: Pilih kuitansi yang disetor.' USING ERRCODE = '23514';
  END IF;
  INSERT INTO desk.deposit (office_id, id, billing_code, ntpn, ntb, deposited_on, amount)
  VALUES (p_office, p_key, p_billing, p_ntpn, p_ntb, p_day, total);
  INSERT INTO desk.deposit_line (office_id, deposit_id, payment_id, amount)
  SELECT p_office, p_key, p.id, p.amount FROM desk.payment p WHERE p.office_id = p_office AND p.id = ANY (p_payments);
  RETURN total;
END $$;
"""

READ_BY_PEOPLE = ("desk.day_figures(bigint, date)", "desk.earlier_open_day(bigint, date)")
RECORD = "desk.record_deposit(bigint, uuid, text, text, text, date, uuid[])"
OF_DEFINER = ("desk.need_open_day()", "desk.close_day()", RECORD)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in OF_DEFINER:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    for function in READ_BY_PEOPLE:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {PERSON}, desk_definer")
    op.execute(f"GRANT EXECUTE ON FUNCTION {RECORD} TO {PERSON}")
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for table in TABLES_MADE:
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
        op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}, desk_backup, desk_definer")
        refuse = "EXECUTE FUNCTION desk.refuse_change()"
        op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} FOR EACH STATEMENT {refuse}")
        key = "deposit_id,payment_id" if table == "deposit_line" else "id"
        op.execute(f"SELECT audit.watch('{table}', '{key}')")
    for table in SIGNED:
        op.execute(
            f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()"
        )
    for table in STATED:
        op.execute(f"GRANT INSERT ON desk.{table} TO desk_treasurer")
        op.execute(
            f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
            "WITH CHECK (desk.has_duty(office_id, '{treasurer}'))"
        )
    op.execute("GRANT INSERT ON desk.deposit, desk.deposit_line TO desk_definer")
    op.execute("CREATE TRIGGER c_close BEFORE INSERT ON desk.day_close FOR EACH ROW EXECUTE FUNCTION desk.close_day()")
    for table in ("payment", "receipt", "receipt_void"):
        op.execute(
            f"CREATE TRIGGER a_open BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.need_open_day()"
        )


def downgrade() -> None:
    for table in ("payment", "receipt", "receipt_void"):
        op.execute(f"DROP TRIGGER a_open ON desk.{table}")
    for table in ("deposit_void", "deposit_line", "deposit", "day_close"):
        op.execute(f"DROP TABLE desk.{table}")
    for function in (*OF_DEFINER, *READ_BY_PEOPLE):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DELETE FROM desk.counter WHERE kind = 'day'")
