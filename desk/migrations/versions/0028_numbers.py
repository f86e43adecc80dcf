"""The register of letter numbers: every number of an office once, with what it stands for.

Revision ID: 0028
Revises: 0027

Why it is built this way: docs/decisions/numbers.md.
"""

from alembic import op

revision = "0028"
down_revision = "0027"

TABLES = """
CREATE TABLE desk.letter_number (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  series character varying(30) NOT NULL,
  year bigint NOT NULL,
  sequence bigint,
  insertion bigint NOT NULL DEFAULT 0,
  number text NOT NULL,
  origin character varying(20) NOT NULL,
  dated date NOT NULL,
  note text NOT NULL DEFAULT '',
  case_id uuid,
  subject_id uuid,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT letter_number_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT letter_number_office_id_number_key UNIQUE (office_id, number),
  CONSTRAINT letter_number_office_id_series_year_sequence_insertion_key
    UNIQUE (office_id, series, year, sequence, insertion),
  CONSTRAINT letter_number_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT letter_number_origin_check CHECK (origin IN ('issued', 'reserved', 'inserted', 'book')),
  CONSTRAINT letter_number_sequence_check CHECK ((origin = 'book') = (sequence IS NULL)),
  CONSTRAINT letter_number_insertion_check CHECK ((origin = 'inserted') = (insertion > 0) AND insertion BETWEEN 0 AND 99),
  CONSTRAINT letter_number_purpose_check CHECK (origin = 'issued' OR case_id IS NOT NULL OR btrim(note) <> '')
);
CREATE INDEX letter_number_kept_idx ON desk.letter_number (office_id, case_id, series) WHERE subject_id IS NULL;
CREATE INDEX letter_number_subject_idx ON desk.letter_number (office_id, subject_id);
COMMENT ON CONSTRAINT letter_number_office_id_number_key ON desk.letter_number IS
  'desk: Nomor itu sudah ada di register surat kantor. Satu nomor hanya untuk satu naskah; periksa buku agenda atau format nomornya.';
COMMENT ON CONSTRAINT letter_number_purpose_check ON desk.letter_number IS
  'desk: Tulis untuk apa nomor itu dipesan, atau pilih permohonannya.';

CREATE TABLE desk.letter_number_end (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  number_id uuid NOT NULL,
  kind character varying(20) NOT NULL,
  on_day date NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT letter_number_end_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT letter_number_end_office_id_number_id_key UNIQUE (office_id, number_id),
  CONSTRAINT letter_number_end_office_id_number_id_fkey
    FOREIGN KEY (office_id, number_id) REFERENCES desk.letter_number (office_id, id),
  CONSTRAINT letter_number_end_kind_check CHECK (kind IN ('outside', 'void')),
  CONSTRAINT letter_number_end_reason_check CHECK (btrim(reason) <> '')
);
COMMENT ON CONSTRAINT letter_number_end_reason_check ON desk.letter_number_end IS
  'desk: Tulis untuk surat apa nomor ini dipakai, atau mengapa dibatalkan.';
COMMENT ON CONSTRAINT letter_number_end_office_id_number_id_key ON desk.letter_number_end IS
  'desk: Nomor ini sudah dipakai di luar program atau sudah batal.';

-- What was issued before there was a register stands in it as well.
INSERT INTO desk.letter_number (office_id, id, series, year, sequence, number, origin, dated, case_id, subject_id, by, at)
  SELECT office_id, gen_random_uuid(), 'invoice', year, sequence, number, 'issued', issued_on, case_id, id, by, at
  FROM desk.invoice
  UNION ALL
  SELECT office_id, gen_random_uuid(), 'sppd', year, sequence, number, 'issued', issued_on, case_id, id, by, at
  FROM desk.agreement
  UNION ALL
  SELECT office_id, gen_random_uuid(), 'receipt', year, sequence, number, 'issued', issued_on, case_id, id, by, at
  FROM desk.receipt
  UNION ALL
  SELECT office_id, gen_random_uuid(), kind, year, sequence, number, 'issued', issued_on, case_id, id, by, at
  FROM desk.letter;
"""

FUNCTIONS = r"""
-- What a number of this format looks like, as a regular expression (desk/rules/numbering.py: check_template).
CREATE FUNCTION desk.number_shape(p_shape jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE answer text := replace(p_shape->>'template', '.', '\.');
BEGIN
  answer := regexp_replace(answer, '\{nomor(:[1-9])?\}', '[0-9]+(\.[0-9]{2})?');
  answer := replace(answer, '{unit}', replace(coalesce(p_shape->>'unit', ''), '.', '\.'));
  answer := replace(answer, '{klasifikasi}', replace(coalesce(p_shape->>'classification', ''), '.', '\.'));
  answer := replace(answer, '{bulan_romawi}', '[IVX]+');
  answer := replace(answer, '{bulan}', '[0-9]{2}');
  RETURN '^' || replace(answer, '{tahun}', '[0-9]{4}') || '$';
END $$;

-- A number format is whole, and no two series of an office write the same numbers.
CREATE FUNCTION desk.guard_number_format() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  shape text := NEW.value->>'template';
  rest text := regexp_replace(coalesce(shape, ''), '\{(nomor(:[1-9])?|unit|klasifikasi|bulan|bulan_romawi|tahun)\}', '', 'g');
  other text;
BEGIN
  IF shape IS NULL OR length(shape) > 60 OR shape <> btrim(shape) OR rest !~ '^[A-Za-z0-9 ./_-]*$'
     OR (SELECT count(*) FROM regexp_matches(shape, '\{nomor(:[1-9])?\}', 'g')) <> 1 OR strpos(shape, '{tahun}') = 0
     OR coalesce(NEW.value->>'source', 'counted') NOT IN ('counted', 'book') THEN
    RAISE EXCEPTION 'desk: Format nomor belum benar: {nomor} tepat satu kali, {tahun} harus ada, selebihnya huruf, angka, spasi, dan . / _ -.'
      USING ERRCODE = '23514';
  END IF;
  IF NEW.value->>'source' = 'book' AND NEW.key IN ('number.case', 'number.invoice', 'number.receipt') THEN
    RAISE EXCEPTION 'desk: Nomor permohonan, invoice, dan kuitansi selalu dihitung program.' USING ERRCODE = '23514';
  END IF;
  SELECT r.key INTO other FROM desk.rule r
  WHERE r.office_id = NEW.office_id AND r.key LIKE 'number.%' AND r.key NOT IN (NEW.key, 'number.case')
    AND NEW.key <> 'number.case' AND coalesce(r.value->>'source', 'counted') = 'counted'
    AND coalesce(NEW.value->>'source', 'counted') = 'counted'
    AND r.valid_from = (SELECT max(x.valid_from) FROM desk.rule x WHERE x.office_id = r.office_id AND x.key = r.key)
    AND desk.number_shape(r.value) = desk.number_shape(NEW.value) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'desk: Format ini sama dengan format jenis lain di kantor ini (%); nomornya akan kembar. Beri awalan yang berbeda.', other
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- People keep, insert and copy numbers; an issued one is written by the function that issues.
CREATE FUNCTION desk.guard_number_origin() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user <> 'desk_definer' AND (NEW.origin = 'issued' OR NEW.subject_id IS NOT NULL) THEN
    RAISE EXCEPTION 'desk: Nomor terbit hanya ditulis bersama naskahnya.' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

-- Number, year and place in the series are the server's words; the series has no gap and no double.
CREATE FUNCTION desk.fill_letter_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  shape jsonb := desk.rule_value(NEW.office_id, 'number.' || NEW.series, today);
  base record;
  last bigint;
BEGIN
  IF NEW.origin = 'issued' THEN
    last := NEW.sequence - 1;
  ELSE
    IF NOT (NEW.office_id = ANY (desk.my_offices())) THEN
      RAISE EXCEPTION 'desk: Kantor ini bukan kantor Anda; nomor tidak diberikan.' USING ERRCODE = '42501';
    END IF;
    IF shape IS NULL OR NEW.series IN ('case', 'invoice', 'receipt') THEN
      RAISE EXCEPTION 'desk: Nomor jenis ini tidak dapat dipesan, disisipkan, atau disalin dari buku lain.' USING ERRCODE = '23514';
    END IF;
    IF NEW.origin <> 'book' AND shape->>'source' = 'book' THEN
      RAISE EXCEPTION 'desk: Nomor jenis ini berasal dari buku surat kantor; catat nomornya dari sana.' USING ERRCODE = '23514';
    END IF;
  END IF;
  IF NEW.origin = 'reserved' THEN
    NEW.year := extract(year FROM today);
    NEW.dated := today;
    NEW.insertion := 0;
    NEW.sequence := desk.next_number(NEW.office_id, NEW.series, NEW.year);
    NEW.number := desk.format_number(shape->>'template', NEW.sequence, today, coalesce(shape->>'unit', ''),
      coalesce(shape->>'classification', ''));
  ELSIF NEW.origin = 'inserted' THEN
    -- the counter row of the series is what those wait for who insert at once
    PERFORM 1 FROM desk.counter c WHERE c.office_id = NEW.office_id AND c.kind = NEW.series AND c.year = NEW.year FOR UPDATE;
    SELECT n.* INTO base FROM desk.letter_number n WHERE n.office_id = NEW.office_id AND n.series = NEW.series
      AND n.year = NEW.year AND n.sequence = NEW.sequence AND n.insertion = 0;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'desk: Nomor yang hendak diikuti sisipan itu belum ada di register.' USING ERRCODE = '23514';
    END IF;
    NEW.insertion := (SELECT max(n.insertion) + 1 FROM desk.letter_number n WHERE n.office_id = NEW.office_id
      AND n.series = NEW.series AND n.year = NEW.year AND n.sequence = NEW.sequence);
    IF NEW.insertion > 99 THEN
      RAISE EXCEPTION 'desk: Setelah nomor ini sudah ada 99 sisipan.' USING ERRCODE = '23514';
    END IF;
    NEW.dated := base.dated;
    shape := desk.rule_value(NEW.office_id, 'number.' || NEW.series, base.dated);
    NEW.number := desk.format_number(regexp_replace(shape->>'template', '(\{nomor(:[1-9])?\})',
      '\1.' || lpad(NEW.insertion::text, 2, '0')), NEW.sequence, base.dated, coalesce(shape->>'unit', ''),
      coalesce(shape->>'classification', ''));
  ELSIF NEW.origin = 'book' THEN
    IF NEW.number !~ '^[A-Za-z0-9./_-][A-Za-z0-9 ./_-]{0,59}$' OR NEW.number !~ '[0-9]' OR NEW.number <> btrim(NEW.number) THEN
      RAISE EXCEPTION 'desk: Nomor dari buku kantor hanya memuat huruf, angka, spasi, dan . / _ -, paling panjang 60.' USING ERRCODE = '23514';
    END IF;
    IF NEW.dated > today THEN
      RAISE EXCEPTION 'desk: Tanggal pada buku surat belum tiba.' USING ERRCODE = '23514';
    END IF;
    IF EXISTS (SELECT FROM desk.rule r WHERE r.office_id = NEW.office_id AND r.key LIKE 'number.%'
               AND coalesce(r.value->>'source', 'counted') = 'counted' AND NEW.number ~* desk.number_shape(r.value)) THEN
      RAISE EXCEPTION 'desk: Nomor itu berbentuk nomor yang dihitung program. Pesan nomor berikutnya atau sisipkan, jangan diketik.'
        USING ERRCODE = '23514';
    END IF;
    NEW.sequence := NULL;
    NEW.insertion := 0;
    NEW.year := extract(year FROM NEW.dated);
  END IF;
  IF NEW.sequence > 1 AND NEW.insertion = 0 AND NOT EXISTS (
    SELECT FROM desk.letter_number n WHERE n.office_id = NEW.office_id AND n.series = NEW.series AND n.year = NEW.year
      AND n.sequence = NEW.sequence - 1 AND n.insertion = 0) THEN
    RAISE EXCEPTION 'desk: Nomor % melompat: nomor sebelumnya tidak ada di register surat. Jalankan pemeriksa basis data.', NEW.number
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- A kept number is used once: the paper that carries it is all that ever changes in its row.
CREATE FUNCTION desk.keep_letter_number() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.subject_id IS NULL AND NEW.subject_id IS NOT NULL AND OLD.origin <> 'issued'
     AND (to_jsonb(NEW) - 'subject_id') = (to_jsonb(OLD) - 'subject_id') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'desk: Catatan yang sudah terbit tidak dapat diubah atau dihapus (%).', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION desk.guard_letter_number_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE n record;
BEGIN
  SELECT * INTO n FROM desk.letter_number x WHERE x.office_id = NEW.office_id AND x.id = NEW.number_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Nomor ini tidak ditemukan di kantor Anda.' USING ERRCODE = '42501';
  END IF;
  IF n.subject_id IS NOT NULL THEN
    RAISE EXCEPTION 'desk: Nomor % sudah dipakai naskah di program ini; nomornya tidak dapat dilepas lagi.', n.number
      USING ERRCODE = '23514';
  END IF;
  IF NEW.on_day > desk.today(NEW.office_id) THEN
    RAISE EXCEPTION 'desk: Tanggal surat belum tiba.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Number, year and day of an issued row come from the server. A number that was kept for this case and kind goes before
-- the counter; such a paper has a running number of its own for its QR code, from 500001 on.
CREATE OR REPLACE FUNCTION desk.give_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  v_series text := coalesce(to_jsonb(NEW)->>'kind', TG_ARGV[0]);  -- each kind of letter has its own series
  shape jsonb;
  kept record;
BEGIN
  IF NOT (NEW.office_id = ANY (desk.my_offices())) THEN
    RAISE EXCEPTION 'desk: Kantor ini bukan kantor Anda; nomor tidak diberikan.' USING ERRCODE = '42501';
  END IF;
  NEW.year := extract(year FROM today);
  IF TG_TABLE_NAME IN ('letter', 'agreement') THEN
    SELECT n.* INTO kept FROM desk.letter_number n
    WHERE n.office_id = NEW.office_id AND n.case_id = NEW.case_id AND n.series = v_series AND n.subject_id IS NULL
      AND NOT EXISTS (SELECT FROM desk.letter_number_end x WHERE x.office_id = n.office_id AND x.number_id = n.id)
    ORDER BY n.at, n.sequence LIMIT 1 FOR UPDATE;
    IF FOUND THEN
      UPDATE desk.letter_number n SET subject_id = NEW.id WHERE n.office_id = kept.office_id AND n.id = kept.id;
      NEW.year := kept.year;
      NEW.number := kept.number;
      NEW.sequence := CASE WHEN kept.sequence IS NOT NULL AND kept.insertion = 0 THEN kept.sequence
        ELSE 500000 + desk.next_number(NEW.office_id, v_series || '.side', kept.year) END;
      RETURN NEW;
    END IF;
  END IF;
  shape := desk.rule_value(NEW.office_id, 'number.' || v_series, today);
  IF shape IS NULL THEN
    RAISE EXCEPTION 'desk: Bentuk nomor "%" belum diatur untuk kantor ini. Minta administrator mengisinya di Register surat.',
      v_series USING ERRCODE = '23514';
  END IF;
  IF shape->>'source' = 'book' THEN
    RAISE EXCEPTION 'desk: Nomor naskah ini berasal dari buku surat kantor. Catat nomornya untuk permohonan ini di Register surat, lalu ulangi.'
      USING ERRCODE = '23514';
  END IF;
  NEW.sequence := desk.next_number(NEW.office_id, v_series, NEW.year);
  NEW.number := desk.format_number(
    shape->>'template', NEW.sequence, today, coalesce(shape->>'unit', ''), coalesce(shape->>'classification', ''));
  IF TG_TABLE_NAME <> 'cases' THEN
    INSERT INTO desk.letter_number (office_id, id, series, year, sequence, number, origin, dated, case_id, subject_id)
    VALUES (NEW.office_id, gen_random_uuid(), v_series, NEW.year, NEW.sequence, NEW.number, 'issued', today, NEW.case_id, NEW.id);
  END IF;
  RETURN NEW;
END $$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION desk.give_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  series text := coalesce(to_jsonb(NEW)->>'kind', TG_ARGV[0]);
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
"""

NEW = ("letter_number", "letter_number_end")
STATED_BY = ("officer", "supervisor")
OF_DEFINER = ("desk.fill_letter_number()", "desk.guard_letter_number_end()")
PLAIN = (
    "desk.number_shape(jsonb)", "desk.guard_number_format()", "desk.guard_number_origin()", "desk.keep_letter_number()",
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for function in (*OF_DEFINER, *PLAIN):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    for function in OF_DEFINER:
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("GRANT EXECUTE ON FUNCTION desk.number_shape(jsonb) TO desk_person, desk_definer")
    for table in NEW:
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON desk.{table} TO desk_person, desk_definer USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
        op.execute(
            f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO desk_person "
            f"WITH CHECK (desk.has_duty(office_id, '{{{','.join(STATED_BY)}}}'::text[]))"
        )
        op.execute(f"GRANT SELECT ON desk.{table} TO desk_person, desk_backup, desk_definer")
        op.execute(f"GRANT INSERT ON desk.{table} TO {', '.join(f'desk_{duty}' for duty in STATED_BY)}")
        op.execute(f"SELECT audit.watch('{table}', 'id')")
        op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
        op.execute(
            f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
        )
    op.execute("GRANT INSERT, UPDATE (subject_id) ON desk.letter_number TO desk_definer")
    for table, name, when, function in (
        ("letter_number", "b_origin", "BEFORE INSERT", "guard_number_origin"),
        ("letter_number", "c_fill", "BEFORE INSERT", "fill_letter_number"),
        ("letter_number", "final", "BEFORE UPDATE OR DELETE", "keep_letter_number"),
        ("letter_number_end", "c_guard", "BEFORE INSERT", "guard_letter_number_end"),
        ("letter_number_end", "final", "BEFORE UPDATE OR DELETE", "refuse_change"),
    ):
        op.execute(f"CREATE TRIGGER {name} {when} ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.{function}()")
    op.execute(
        "CREATE TRIGGER c_number_format BEFORE INSERT ON desk.rule FOR EACH ROW WHEN (NEW.key LIKE 'number.%') "
        "EXECUTE FUNCTION desk.guard_number_format()"
    )


def downgrade() -> None:
    op.execute(BEFORE)
    op.execute("DROP TRIGGER c_number_format ON desk.rule")
    for table in reversed(NEW):
        op.execute(f"DROP TABLE desk.{table}")
    for function in (*OF_DEFINER, *PLAIN):
        op.execute(f"DROP FUNCTION {function}")
