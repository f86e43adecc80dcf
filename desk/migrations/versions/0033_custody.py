"""Custody of the paper originals: each step only from where the copy stands, binders with sheets, loans, stock-take.

Revision ID: 0033
Revises: 0032

Why it is built this way: docs/decisions/custody.md.
"""

from alembic import op

revision = "0033"
down_revision = "0032"

PERSON = "desk_person"
KINDS = "'incoming', 'id_card', 'paper', 'proof', 'scan', 'letter'"
STEPS = "'sent', 'posted', 'received', 'accepted', 'refused'"

TABLES = f"""
CREATE TABLE desk.binder (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  year bigint NOT NULL,
  sequence bigint NOT NULL,
  name text NOT NULL,
  capacity bigint NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT binder_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT binder_office_id_year_sequence_key UNIQUE (office_id, year, sequence),
  CONSTRAINT binder_office_id_name_key UNIQUE (office_id, name),
  CONSTRAINT binder_name_check CHECK (btrim(name) = name AND name <> ''),
  CONSTRAINT binder_capacity_check CHECK (capacity > 0)
);
COMMENT ON CONSTRAINT binder_office_id_name_key ON desk.binder IS
  'desk: Rekan baru saja membuka map dengan nama itu. Simpan lagi; naskah masuk ke map yang sama.';

CREATE TABLE desk.binder_label (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  binder_id uuid NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT binder_label_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT binder_label_office_id_binder_id_fkey FOREIGN KEY (office_id, binder_id)
    REFERENCES desk.binder (office_id, id)
);
CREATE INDEX binder_label_binder_idx ON desk.binder_label (office_id, binder_id);

CREATE TABLE desk.stocktake (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  binder_id uuid NOT NULL,
  on_day date NOT NULL,
  expected bigint NOT NULL,
  found bigint NOT NULL,
  differences bigint NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT stocktake_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT stocktake_office_id_binder_id_fkey FOREIGN KEY (office_id, binder_id)
    REFERENCES desk.binder (office_id, id)
);
CREATE INDEX stocktake_binder_idx ON desk.stocktake (office_id, binder_id, at);

CREATE TABLE desk.stocktake_line (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  stocktake_id uuid NOT NULL,
  position bigint NOT NULL,
  agreement_id uuid,
  copy bigint,
  sheet bigint,
  finding character varying(20) NOT NULL,
  place text NOT NULL DEFAULT '',
  code text NOT NULL DEFAULT '',
  CONSTRAINT stocktake_line_pkey PRIMARY KEY (office_id, stocktake_id, position),
  CONSTRAINT stocktake_line_office_id_stocktake_id_fkey FOREIGN KEY (office_id, stocktake_id)
    REFERENCES desk.stocktake (office_id, id),
  CONSTRAINT stocktake_line_office_id_agreement_id_fkey FOREIGN KEY (office_id, agreement_id)
    REFERENCES desk.agreement (office_id, id),
  CONSTRAINT stocktake_line_finding_check CHECK
    (finding IN ('present', 'lent', 'missing', 'wrong_binder', 'not_lent', 'extra', 'unknown')),
  CONSTRAINT stocktake_line_paper_check CHECK ((agreement_id IS NULL) = (finding = 'unknown'))
);
CREATE INDEX stocktake_line_agreement_idx ON desk.stocktake_line (office_id, agreement_id);

ALTER TABLE desk.custody
  ADD COLUMN binder_id uuid,
  ADD COLUMN sheet bigint,
  ADD COLUMN borrower text NOT NULL DEFAULT '',
  ADD COLUMN due_on date,
  ADD CONSTRAINT custody_office_id_binder_id_fkey FOREIGN KEY (office_id, binder_id)
    REFERENCES desk.binder (office_id, id),
  DROP CONSTRAINT custody_step_check,
  ADD CONSTRAINT custody_step_check CHECK
    (step IN ({STEPS}, 'countersigned', 'filed', 'lent', 'handed_out')),
  ADD CONSTRAINT custody_office_id_agreement_id_copy_position_key UNIQUE (office_id, agreement_id, copy, position);
CREATE INDEX custody_binder_idx ON desk.custody (office_id, binder_id, sheet);
CREATE UNIQUE INDEX custody_electronic_stamp_idx ON desk.custody (office_id, upper(stamp_reference))
  WHERE step = 'accepted' AND stamp_kind = 'electronic';
COMMENT ON CONSTRAINT custody_office_id_agreement_id_copy_position_key ON desk.custody IS
  'desk: Rekan baru saja mencatat langkah lain untuk rangkap ini. Baca ulang, lalu ulangi.';
COMMENT ON INDEX desk.custody_electronic_stamp_idx IS
  'desk: Nomor seri materai elektronik itu sudah dipakai pada naskah lain. Periksa nomornya; satu materai untuk satu naskah.';

ALTER TABLE desk.document DROP CONSTRAINT document_kind_check,
  ADD CONSTRAINT document_kind_check CHECK (kind IN ({KINDS}, 'stamp_proof'));
"""

# What was filed before binders had rows: the names that people wrote become binders, so that they can be looked through.
OLD_BINDERS = r"""
WITH written AS (
  SELECT u.id, u.office_id, btrim(u.details->>'binder') AS binder, u.details->>'sheet' AS sheet, u.at
  FROM desk.custody u WHERE u.step = 'filed' AND btrim(coalesce(u.details->>'binder', '')) <> ''
), opened AS (
  SELECT w.office_id, w.binder, min(w.at) AS at, count(*) AS papers FROM written w GROUP BY 1, 2
)
INSERT INTO desk.binder (office_id, id, year, sequence, name, capacity, by, at)
SELECT o.office_id, gen_random_uuid(), extract(year FROM o.at)::bigint,
  row_number() OVER (PARTITION BY o.office_id, extract(year FROM o.at) ORDER BY o.at, o.binder), o.binder,
  greatest(100, o.papers), 'desk_owner', o.at
FROM opened o;
WITH written AS (
  SELECT u.office_id, u.id, b.id AS binder_id,
    row_number() OVER (PARTITION BY u.office_id, b.id ORDER BY u.at, u.id) AS sheet
  FROM desk.custody u JOIN desk.binder b ON b.office_id = u.office_id AND b.name = btrim(u.details->>'binder')
  WHERE u.step = 'filed'
)
UPDATE desk.custody u SET binder_id = w.binder_id, sheet = w.sheet
FROM written w WHERE w.office_id = u.office_id AND w.id = u.id;
"""

CHECKS = """
ALTER TABLE desk.custody
  ADD CONSTRAINT custody_place_check CHECK (step <> 'filed' OR (binder_id IS NOT NULL AND sheet >= 1)),
  ADD CONSTRAINT custody_loan_check CHECK (step <> 'lent' OR (btrim(borrower) <> '' AND due_on IS NOT NULL));
COMMENT ON CONSTRAINT custody_place_check ON desk.custody IS
  'desk: Map dan nomor lembar harus diisi, supaya naskah dapat ditemukan.';
COMMENT ON CONSTRAINT custody_loan_check ON desk.custody IS
  'desk: Peminjam dan tanggal kembali harus diisi.';
"""

FUNCTIONS = r"""
-- The last step of every copy of an office's SPPD
CREATE FUNCTION desk.copies_now(p_office bigint)
RETURNS TABLE (case_id uuid, agreement_id uuid, copy bigint, step character varying, binder_id uuid, sheet bigint,
  borrower text, due_on date, note text, by character varying, at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (u.agreement_id, u.copy) u.case_id, u.agreement_id, u.copy, u.step, u.binder_id, u.sheet,
    u.borrower, u.due_on, u.note, u.by, u.at
  FROM desk.custody u WHERE u.office_id = p_office ORDER BY u.agreement_id, u.copy, u.position DESC
$$;

-- A copy goes only from where it stands: nothing is filed that was not accepted, lent that is lent, given that is not here
CREATE FUNCTION desk.guard_custody() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  paper record;
  last record;
  other record;
  here text;
BEGIN
  PERFORM FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id FOR NO KEY UPDATE;
  SELECT a.number, a.copies INTO paper FROM desk.agreement a
  WHERE a.office_id = NEW.office_id AND a.id = NEW.agreement_id AND a.case_id = NEW.case_id;
  IF paper.number IS NULL OR NEW.copy > paper.copies THEN
    RAISE EXCEPTION 'desk: SPPD permohonan ini tidak mempunyai rangkap itu.' USING ERRCODE = '23514';
  END IF;
  SELECT u.step, u.position, u.binder_id, u.sheet INTO last FROM desk.custody u
  WHERE u.office_id = NEW.office_id AND u.agreement_id = NEW.agreement_id AND u.copy = NEW.copy
  ORDER BY u.position DESC LIMIT 1;
  NEW.position := coalesce(last.position, 0) + 1;
  here := coalesce(last.step, 'issued');
  IF NEW.step <> ALL (CASE here
      WHEN 'issued' THEN '{sent}'::text[]
      WHEN 'sent' THEN '{posted,received}'
      WHEN 'posted' THEN '{posted,received}'
      WHEN 'refused' THEN '{posted,received}'
      WHEN 'received' THEN '{accepted,refused}'
      WHEN 'accepted' THEN '{countersigned,filed,handed_out}'
      WHEN 'countersigned' THEN '{filed,handed_out}'
      WHEN 'filed' THEN '{filed,lent,handed_out}'
      WHEN 'lent' THEN '{filed}'
      ELSE '{}' END) THEN
    RAISE EXCEPTION 'desk: Rangkap % SPPD % tidak dapat menjalani langkah itu dari keberadaannya sekarang. Baca ulang, lalu lihat di mana naskahnya.',
      NEW.copy, paper.number USING ERRCODE = '23514';
  END IF;
  IF NEW.step = 'accepted' AND NEW.stamp_kind IN ('electronic', 'subsequent') AND (btrim(NEW.stamp_reference) = ''
     OR NOT EXISTS (SELECT FROM desk.document d WHERE d.office_id = NEW.office_id AND d.case_id = NEW.case_id
       AND d.kind = 'stamp_proof' AND d.subject_id = NEW.agreement_id AND d.copy = NEW.copy)) THEN
    RAISE EXCEPTION 'desk: Materai elektronik dan pemeteraian kemudian harus disertai nomor dan berkas buktinya.'
      USING ERRCODE = '23514';
  END IF;
  IF NEW.step IN ('filed', 'handed_out') AND here = 'accepted' AND coalesce(
     desk.rule_value(NEW.office_id, 'sppd_countersigned', desk.today(NEW.office_id)) = 'true'::jsonb, false) THEN
    RAISE EXCEPTION 'desk: Naskah belum ditandatangani pejabat kantor. Catat tanda tangannya dahulu.'
      USING ERRCODE = '23514';
  END IF;
  IF NEW.step = 'filed' THEN
    SELECT b.name, b.capacity INTO other FROM desk.binder b
    WHERE b.office_id = NEW.office_id AND b.id = NEW.binder_id FOR NO KEY UPDATE;
    IF other.name IS NULL OR NEW.sheet NOT BETWEEN 1 AND other.capacity THEN
      RAISE EXCEPTION 'desk: Map % tidak mempunyai lembar %.', coalesce(other.name, 'itu'), NEW.sheet
        USING ERRCODE = '23514';
    END IF;
    SELECT a.number INTO other.name FROM desk.custody u
    JOIN desk.agreement a ON a.office_id = u.office_id AND a.id = u.agreement_id
    WHERE u.office_id = NEW.office_id AND u.binder_id = NEW.binder_id AND u.sheet = NEW.sheet AND u.step = 'filed'
      AND (u.agreement_id, u.copy) <> (NEW.agreement_id, NEW.copy)
      AND NOT EXISTS (SELECT FROM desk.custody v WHERE v.office_id = u.office_id AND v.agreement_id = u.agreement_id
        AND v.copy = u.copy AND v.position > u.position
        AND (v.step = 'handed_out' OR v.step = 'filed'))
    LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'desk: Lembar % di map itu sudah ditempati SPPD %.', NEW.sheet, other.name USING ERRCODE = '23514';
    END IF;
  ELSE
    NEW.binder_id := NULL;
    NEW.sheet := NULL;
  END IF;
  IF NEW.step = 'lent' THEN
    IF NEW.due_on < desk.today(NEW.office_id) THEN
      RAISE EXCEPTION 'desk: Tanggal kembali sudah lewat.' USING ERRCODE = '23514';
    END IF;
    NEW.binder_id := last.binder_id;
    NEW.sheet := last.sheet;
  ELSIF NEW.step = 'handed_out' AND NOT EXISTS (
      SELECT FROM desk.custody u WHERE u.office_id = NEW.office_id AND u.agreement_id = NEW.agreement_id
      AND u.copy <> NEW.copy AND u.step IN ('accepted', 'countersigned', 'filed', 'lent')
      AND NOT EXISTS (SELECT FROM desk.custody v WHERE v.office_id = u.office_id AND v.agreement_id = u.agreement_id
        AND v.copy = u.copy AND v.position > u.position)) THEN
    RAISE EXCEPTION 'desk: Satu rangkap asli SPPD % harus tetap di kantor.', paper.number USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Number, year and size of a binder are the server's words
CREATE FUNCTION desk.describe_binder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (NEW.office_id = ANY (desk.my_offices())) THEN
    RAISE EXCEPTION 'desk: Kantor ini bukan kantor Anda.' USING ERRCODE = '42501';
  END IF;
  NEW.name := btrim(NEW.name);
  NEW.year := extract(year FROM desk.today(NEW.office_id));
  NEW.sequence := 1 + coalesce((SELECT max(b.sequence) FROM desk.binder b
                                WHERE b.office_id = NEW.office_id AND b.year = NEW.year), 0);
  NEW.capacity := coalesce((desk.rule_value(NEW.office_id, 'binder_sheets', desk.today(NEW.office_id)) #>> '{}')::bigint, 100);
  RETURN NEW;
END $$;

-- What was found in a binder against what should be there. `p_codes` is a list of what was scanned: {"agreement", "copy"}
-- of an SPPD of this office, or {"code"} of anything else. The findings are the server's words; the same id is done once.
CREATE FUNCTION desk.record_stocktake(p_office bigint, p_id uuid, p_binder uuid, p_codes jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT desk.has_duty(p_office, '{officer,supervisor}'::text[]) THEN
    RAISE EXCEPTION 'desk: Stok opname bukan tugas Anda di kantor ini.' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT FROM desk.stocktake t WHERE t.office_id = p_office AND t.id = p_id) THEN
    RETURN p_id;
  END IF;
  PERFORM FROM desk.binder b WHERE b.office_id = p_office AND b.id = p_binder FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Map itu tidak ada di kantor Anda.' USING ERRCODE = '23503';
  END IF;
  WITH scanned AS (
    SELECT DISTINCT (e->>'agreement')::uuid AS agreement_id, (e->>'copy')::bigint AS copy, coalesce(e->>'code', '') AS code
    FROM jsonb_array_elements(p_codes) e
  ), now AS (
    SELECT n.*, b.name AS binder FROM desk.copies_now(p_office) n
    LEFT JOIN desk.binder b ON b.office_id = p_office AND b.id = n.binder_id
  ), lines AS (
    SELECT n.agreement_id, n.copy, n.sheet, '' AS code,
      CASE WHEN n.step = 'filed' AND s.copy IS NOT NULL THEN 'present' WHEN n.step = 'filed' THEN 'missing'
           WHEN s.copy IS NOT NULL THEN 'not_lent' ELSE 'lent' END AS finding,
      CASE WHEN n.step = 'lent' THEN n.borrower ELSE '' END AS place
    FROM now n LEFT JOIN scanned s ON s.agreement_id = n.agreement_id AND s.copy = n.copy
    WHERE n.binder_id = p_binder AND n.step IN ('filed', 'lent')
    UNION ALL
    SELECT s.agreement_id, s.copy, n.sheet, '', CASE WHEN n.step IN ('filed', 'lent') THEN 'wrong_binder' ELSE 'extra' END,
      coalesce(n.binder, n.step, '')
    FROM scanned s JOIN desk.agreement a ON a.office_id = p_office AND a.id = s.agreement_id
    LEFT JOIN now n ON n.agreement_id = s.agreement_id AND n.copy = s.copy
    WHERE n.binder_id IS DISTINCT FROM p_binder OR n.step NOT IN ('filed', 'lent')
    UNION ALL
    SELECT NULL, NULL, NULL, s.code, 'unknown', '' FROM scanned s
    WHERE s.agreement_id IS NULL AND s.code <> ''
  ), taken AS (
    INSERT INTO desk.stocktake (office_id, id, binder_id, on_day, expected, found, differences)
    SELECT p_office, p_id, p_binder, desk.today(p_office),
      count(*) FILTER (WHERE l.finding IN ('present', 'missing', 'lent', 'not_lent')),
      count(*) FILTER (WHERE l.finding = 'present'),
      count(*) FILTER (WHERE l.finding NOT IN ('present', 'lent'))
    FROM lines l RETURNING id
  )
  INSERT INTO desk.stocktake_line (office_id, stocktake_id, position, agreement_id, copy, sheet, finding, place, code)
  SELECT p_office, p_id, row_number() OVER (ORDER BY l.sheet NULLS LAST, l.agreement_id, l.copy, l.code),
    l.agreement_id, l.copy, l.sheet, l.finding, l.place, l.code
  FROM lines l;
  RETURN p_id;
END $$;
"""
NEW = ("binder", "binder_label", "stocktake", "stocktake_line")
STATED = ("binder", "binder_label")
"""A stock-take and its lines come from desk.record_stocktake."""
SIGNED = ("binder", "binder_label", "stocktake")
OF_DEFINER = (
    "desk.guard_custody()",
    "desk.describe_binder()",
    "desk.record_stocktake(bigint, uuid, uuid, jsonb)",
)
FOR_PERSONS = ("desk.copies_now(bigint)", "desk.record_stocktake(bigint, uuid, uuid, jsonb)")
WAS = "FILTER (WHERE s.step IN ('accepted', 'filed'))"
IS = "FILTER (WHERE s.step IN ('accepted', 'countersigned', 'filed', 'lent', 'handed_out'))"


def _reword(function: str, was: str, becomes: str) -> None:
    was, becomes = was.replace("'", "''"), becomes.replace("'", "''")
    op.execute(
        "DO $do$ DECLARE source text; BEGIN "
        f"source := pg_get_functiondef('{function}'::regproc); "
        f"IF position('{was}' IN source) = 0 THEN RAISE EXCEPTION '{function} has changed'; END IF; "
        f"EXECUTE replace(source, '{was}', '{becomes}'); END $do$"
    )


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE desk.custody DISABLE TRIGGER final")
    for statement in OLD_BINDERS.strip().split(";\n"):
        if statement.strip():
            op.execute(statement.rstrip(";"))
    op.execute("ALTER TABLE desk.custody ENABLE TRIGGER final")
    op.execute(CHECKS)
    op.execute(FUNCTIONS)
    for function in dict.fromkeys((*OF_DEFINER, *FOR_PERSONS)):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    for function in OF_DEFINER:
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    for function in FOR_PERSONS:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {PERSON}, desk_owner, desk_definer, desk_backup")
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for table in NEW:
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
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
        op.execute(
            f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
            "WITH CHECK (desk.has_duty(office_id, '{officer}'::text[]))"
        )
        op.execute(f"GRANT INSERT ON desk.{table} TO desk_officer")
    for table in SIGNED:
        op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
        op.execute(f"SELECT audit.watch('{table}', 'id')")
    op.execute("SELECT audit.watch('stocktake_line', 'stocktake_id,position')")
    op.execute("GRANT INSERT ON desk.stocktake, desk.stocktake_line TO desk_definer")
    # FOR UPDATE needs a right to update; the trigger `final` refuses the change itself.
    op.execute("GRANT UPDATE (id) ON desk.binder TO desk_definer")
    op.execute(
        "CREATE TRIGGER b_describe BEFORE INSERT ON desk.binder FOR EACH ROW EXECUTE FUNCTION desk.describe_binder()"
    )
    op.execute("CREATE TRIGGER c_guard BEFORE INSERT ON desk.custody FOR EACH ROW EXECUTE FUNCTION desk.guard_custody()")
    _reword("desk.check_tracks", WAS, IS)


def downgrade() -> None:
    _reword("desk.check_tracks", IS, WAS)
    op.execute("DROP TRIGGER c_guard ON desk.custody")
    op.execute("ALTER TABLE desk.document DROP CONSTRAINT document_kind_check")
    op.execute(f"ALTER TABLE desk.document ADD CONSTRAINT document_kind_check CHECK (kind IN ({KINDS}))")
    op.execute("DROP INDEX desk.custody_electronic_stamp_idx")
    op.execute("DROP INDEX desk.custody_binder_idx")
    op.execute(
        "ALTER TABLE desk.custody DROP CONSTRAINT custody_step_check, "
        "DROP CONSTRAINT custody_office_id_agreement_id_copy_position_key, "
        "DROP CONSTRAINT custody_place_check, DROP CONSTRAINT custody_loan_check, "
        "DROP CONSTRAINT custody_office_id_binder_id_fkey, "
        f"ADD CONSTRAINT custody_step_check CHECK (step IN ({STEPS}, 'filed')), "
        "DROP COLUMN binder_id, DROP COLUMN sheet, DROP COLUMN borrower, DROP COLUMN due_on"
    )
    for table in reversed(NEW):
        op.execute(f"DROP TABLE desk.{table}")
    for function in dict.fromkeys((*OF_DEFINER, *FOR_PERSONS)):
        op.execute(f"DROP FUNCTION {function}")
