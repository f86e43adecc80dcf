"""Bank statements: accounts, profiles of layouts, files and their lines; each line once, whoever imports what again.

Revision ID: 0011
Revises: 0010

Why it is built this way: docs/decisions/statements.md.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

PERSON = "desk_person"
STATED = ("bank_account", "bank_profile", "statement_file")
ALL = (*STATED, "statement_line")

TABLES = """
CREATE TABLE desk.bank_account (
  office_id bigint NOT NULL,
  id uuid NOT NULL,
  number text NOT NULL,
  bank text NOT NULL DEFAULT '',
  holder text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT bank_account_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT bank_account_office_id_fkey FOREIGN KEY (office_id) REFERENCES desk.office (id),
  CONSTRAINT bank_account_office_id_number_key UNIQUE (office_id, number),
  CONSTRAINT bank_account_number_check CHECK (number ~ '^[0-9A-Z]{4,34}$')
);
COMMENT ON CONSTRAINT bank_account_office_id_number_key ON desk.bank_account IS
  'desk: Rekening ini sudah terdaftar di kantor Anda.';
COMMENT ON CONSTRAINT bank_account_number_check ON desk.bank_account IS
  'desk: Nomor rekening hanya memuat angka dan huruf, paling sedikit empat.';

CREATE TABLE desk.bank_profile (
  office_id bigint NOT NULL,
  id uuid NOT NULL,
  slug character varying(40) NOT NULL,
  content text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT bank_profile_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT bank_profile_office_id_fkey FOREIGN KEY (office_id) REFERENCES desk.office (id)
);
CREATE INDEX bank_profile_slug_idx ON desk.bank_profile (office_id, slug, at);

CREATE TABLE desk.statement_file (
  office_id bigint NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  sha256 character varying(64) NOT NULL,
  layout character varying(40) NOT NULL,
  bank text NOT NULL DEFAULT '',
  first_on date NOT NULL,
  last_on date NOT NULL,
  opening_sen bigint,
  closing_sen bigint,
  credit_sen bigint NOT NULL,
  debit_sen bigint NOT NULL,
  line_count bigint NOT NULL,
  added bigint NOT NULL,
  lines_sha256 character varying(64) NOT NULL,
  notices text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT statement_file_request_id_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT statement_file_office_id_fkey FOREIGN KEY (office_id) REFERENCES desk.office (id),
  CONSTRAINT statement_file_office_id_account_id_fkey FOREIGN KEY (office_id, account_id)
    REFERENCES desk.bank_account (office_id, id),
  CONSTRAINT statement_file_counts_check CHECK (line_count > 0 AND added > 0),
  CONSTRAINT statement_file_period_check CHECK (first_on <= last_on),
  CONSTRAINT statement_file_balance_check CHECK (opening_sen + credit_sen + debit_sen = closing_sen)
);
CREATE INDEX statement_file_account_idx ON desk.statement_file (office_id, account_id, last_on);
COMMENT ON CONSTRAINT statement_file_counts_check ON desk.statement_file IS
  'desk: Tidak ada mutasi baru pada berkas ini; semuanya sudah diimpor. Tidak ada yang diubah.';
COMMENT ON CONSTRAINT statement_file_balance_check ON desk.statement_file IS
  'desk: Saldo awal ditambah mutasi tidak sama dengan saldo akhir. Tidak ada yang diimpor.';

CREATE TABLE desk.statement_line (
  office_id bigint NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  file_id uuid NOT NULL,
  no bigint NOT NULL,
  digest character varying(64) NOT NULL,
  twin bigint NOT NULL,
  booked_on date NOT NULL,
  booked_at time,
  value_date date,
  amount_sen bigint NOT NULL,
  description text NOT NULL DEFAULT '',
  counterparty text NOT NULL DEFAULT '',
  reference text NOT NULL DEFAULT '',
  balance_sen bigint,
  reversal boolean NOT NULL DEFAULT false,
  raw text NOT NULL DEFAULT '',
  CONSTRAINT statement_line_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT statement_line_office_id_fkey FOREIGN KEY (office_id) REFERENCES desk.office (id),
  CONSTRAINT statement_line_office_id_account_id_fkey FOREIGN KEY (office_id, account_id)
    REFERENCES desk.bank_account (office_id, id),
  CONSTRAINT statement_line_office_id_file_id_fkey FOREIGN KEY (office_id, file_id)
    REFERENCES desk.statement_file (office_id, id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT statement_line_office_id_account_id_digest_twin_key UNIQUE (office_id, account_id, digest, twin),
  CONSTRAINT statement_line_amount_check CHECK (amount_sen <> 0 AND twin > 0)
);
COMMENT ON CONSTRAINT statement_line_office_id_file_id_fkey ON desk.statement_line IS
  'desk: Mutasi hanya disimpan bersama berkasnya. Tidak ada yang diimpor.';
CREATE INDEX statement_line_day_idx ON desk.statement_line (office_id, booked_on, id);
CREATE INDEX statement_line_file_idx ON desk.statement_line (office_id, file_id, no);
CREATE INDEX statement_line_amount_idx ON desk.statement_line (office_id, amount_sen);
"""

FUNCTIONS = """
-- Keeps the lines of a file that are not there yet and gives their number. One import at a time per account; once the
-- row of the file stands (in the same transaction, as its last statement), nothing is added to it any more.
CREATE FUNCTION desk.add_statement_lines(p_office bigint, p_account uuid, p_file uuid, p_lines jsonb)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE kept bigint;
BEGIN
  IF NOT desk.has_duty(p_office, '{treasurer}') THEN
    RAISE EXCEPTION 'desk: Mutasi rekening hanya diimpor oleh bendahara kantor itu.' USING ERRCODE = '42501';
  END IF;
  BEGIN
    PERFORM FROM desk.bank_account a WHERE a.office_id = p_office AND a.id = p_account FOR UPDATE NOWAIT;
  EXCEPTION WHEN lock_not_available THEN
    RAISE EXCEPTION 'desk: Mutasi rekening ini sedang diimpor orang lain. Tunggu sampai selesai, lalu ulangi.'
      USING ERRCODE = '23514';
  END;
  IF EXISTS (SELECT FROM desk.statement_file f WHERE f.office_id = p_office AND f.id = p_file) THEN
    RAISE EXCEPTION 'desk: Berkas mutasi ini sudah selesai diimpor; tidak ada yang ditambahkan.' USING ERRCODE = '42501';
  END IF;
  INSERT INTO desk.statement_line (office_id, id, account_id, file_id, no, digest, twin, booked_on, booked_at, value_date,
    amount_sen, description, counterparty, reference, balance_sen, reversal, raw)
  SELECT p_office, gen_random_uuid(), p_account, p_file, l.no, l.digest, l.twin, l.booked_on, l.booked_at, l.value_date, l.amount_sen,
    l.description, l.counterparty, l.reference, l.balance_sen, l.reversal, l.raw
  FROM jsonb_to_recordset(p_lines) AS l (no bigint, digest text, twin bigint, booked_on date, booked_at time,
    value_date date, amount_sen bigint, description text, counterparty text, reference text, balance_sen bigint,
    reversal boolean, raw text)
  ON CONFLICT ON CONSTRAINT statement_line_office_id_account_id_digest_twin_key DO NOTHING;
  GET DIAGNOSTICS kept = ROW_COUNT;
  RETURN kept;
END $$;

-- What identifies the lines of a file, for the log and the doctor: any change of one of them changes it.
CREATE FUNCTION desk.statement_hash(p_office bigint, p_file uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws('|', l.id, l.account_id, l.no, l.digest, l.twin,
    l.booked_on - '2000-01-01'::date, l.booked_at, l.value_date - '2000-01-01'::date, l.amount_sen, l.description,
    l.counterparty, l.reference, l.balance_sen, l.reversal, l.raw), 'UTF8')), ''::bytea ORDER BY l.no, l.id), '')), 'hex')
  FROM desk.statement_line l WHERE l.office_id = p_office AND l.file_id = p_file
$$;

-- The row of a file ends its import: number and hash of its lines are the server's words. Two layouts of one account are
-- not mixed on the same days, for the same movement reads differently in them and would be kept twice.
CREATE FUNCTION desk.guard_statement_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE other record;
BEGIN
  SELECT f.name, f.layout INTO other
  FROM desk.statement_line l JOIN desk.statement_file f ON f.office_id = l.office_id AND f.id = l.file_id
  WHERE l.office_id = NEW.office_id AND l.account_id = NEW.account_id AND f.layout <> NEW.layout
    AND l.booked_on BETWEEN NEW.first_on AND NEW.last_on LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'desk: Sebagian hari pada berkas ini sudah diimpor dari bentuk lain (%, berkas %). Mutasi yang sama akan tercatat dua kali; unduh hari yang belum ada, atau pakai bentuk yang sama. Tidak ada yang diimpor.',
      other.layout, other.name USING ERRCODE = '23514';
  END IF;
  SELECT count(*) INTO NEW.added FROM desk.statement_line l
  WHERE l.office_id = NEW.office_id AND l.file_id = NEW.id AND l.account_id = NEW.account_id
    AND l.booked_on BETWEEN NEW.first_on AND NEW.last_on;
  NEW.lines_sha256 := desk.statement_hash(NEW.office_id, NEW.id);
  RETURN NEW;
END $$;
"""

OF_DEFINER = ("desk.add_statement_lines(bigint, uuid, uuid, jsonb)", "desk.guard_statement_file()")


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for table in ALL:
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})"
        )
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
        op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}, desk_backup, desk_definer")
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} "
            "FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
        )
    for table in STATED:
        op.execute(f"GRANT INSERT ON desk.{table} TO desk_treasurer")
        op.execute(
            f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
            "WITH CHECK (desk.has_duty(office_id, '{treasurer}'))"
        )
        op.execute(
            f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()"
        )
        op.execute(f"SELECT audit.watch('{table}', 'id')")
    op.execute("GRANT INSERT ON desk.statement_line TO desk_definer")
    # Lines are not logged one by one when they come in: the logged row of their file carries their hash. Whatever should
    # befall them later is logged like everything else.
    op.execute(
        "CREATE TRIGGER audit AFTER UPDATE OR DELETE ON desk.statement_line FOR EACH ROW "
        "EXECUTE FUNCTION audit.record('id')"
    )
    op.execute(
        "CREATE TRIGGER audit_all AFTER TRUNCATE ON desk.statement_line FOR EACH STATEMENT "
        "EXECUTE FUNCTION audit.record()"
    )
    # FOR UPDATE needs a right to update; the trigger `final` refuses the update itself.
    op.execute("GRANT UPDATE (id) ON desk.bank_account TO desk_definer")
    op.execute(
        "CREATE TRIGGER c_guard BEFORE INSERT ON desk.statement_file "
        "FOR EACH ROW EXECUTE FUNCTION desk.guard_statement_file()"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION desk.statement_hash(bigint, uuid) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION desk.statement_hash(bigint, uuid) TO {PERSON}, desk_definer, desk_backup")
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in OF_DEFINER:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    op.execute(f"GRANT EXECUTE ON FUNCTION {OF_DEFINER[0]} TO {PERSON}")


def downgrade() -> None:
    op.execute("REVOKE EXECUTE ON FUNCTION desk.statement_hash(bigint, uuid) FROM desk_definer, desk_backup, desk_person")
    for table in reversed(ALL):
        op.execute(f"DROP TABLE desk.{table} CASCADE")
    for function in (*OF_DEFINER, "desk.statement_hash(bigint, uuid)"):
        op.execute(f"DROP FUNCTION {function}")
