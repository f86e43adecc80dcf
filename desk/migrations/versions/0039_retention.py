"""Files with personal data are erased by class and age, through one function that leaves a destruction record.

Revision ID: 0039
Revises: 0038

Why it is built this way: docs/decisions/retention.md.
"""

from alembic import op

revision = "0039"
down_revision = "0038"

TABLES = """
CREATE TABLE desk.destruction (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  year bigint NOT NULL,
  sequence bigint NOT NULL,
  number text NOT NULL,
  erased_on date NOT NULL,
  basis text NOT NULL,
  witness text NOT NULL,
  note text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT destruction_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT destruction_office_id_year_sequence_key UNIQUE (office_id, year, sequence),
  CONSTRAINT destruction_witness_check CHECK (btrim(witness) <> '')
);
CREATE TABLE desk.destroyed_file (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  document_id uuid NOT NULL,
  destruction_id uuid NOT NULL,
  case_id uuid NOT NULL,
  kind character varying(20) NOT NULL,
  name text NOT NULL,
  size bigint NOT NULL,
  sha256 character varying(64) NOT NULL,
  ended_on date NOT NULL,
  kept_days bigint NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT destroyed_file_pkey PRIMARY KEY (office_id, document_id),
  CONSTRAINT destroyed_file_office_id_document_id_fkey
    FOREIGN KEY (office_id, document_id) REFERENCES desk.document (office_id, id),
  CONSTRAINT destroyed_file_office_id_destruction_id_fkey
    FOREIGN KEY (office_id, destruction_id) REFERENCES desk.destruction (office_id, id),
  CONSTRAINT destroyed_file_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id)
);
CREATE INDEX destroyed_file_destruction_idx ON desk.destroyed_file (office_id, destruction_id);
CREATE INDEX destroyed_file_sha256_idx ON desk.destroyed_file (office_id, sha256);
"""

FUNCTIONS = """
-- How many calendar days after the end of its case a file of this class is kept; null: for good. Papers and scans of
-- papers are the sale itself and are never erased.
CREATE FUNCTION desk.kept_days(p_office bigint, p_kind text) RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_kind = 'id_card'
      THEN (desk.rule_value(p_office, 'identity_scan_calendar_days', desk.today(p_office)) #>> '{}')::bigint
    WHEN p_kind IN ('proof', 'incoming', 'letter')
      THEN nullif((desk.rule_value(p_office, 'retention_calendar_days', desk.today(p_office)) ->> p_kind)::bigint, 0)
    END
$$;

-- The files that are due: their case has ended long enough ago, and so has every other case that holds the same bytes.
-- A case that was merged ends with the one it lives on in. Bytes that are an identity card anywhere are one everywhere.
CREATE FUNCTION desk.expired_files(p_office bigint)
RETURNS TABLE (document_id uuid, case_id uuid, kind text, name text, size bigint, sha256 text, ended_on date, kept_days bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH held AS MATERIALIZED (
    SELECT k.kind, desk.kept_days(p_office, k.kind) AS days
    FROM (VALUES ('id_card'), ('proof'), ('incoming'), ('letter')) AS k (kind)
  ), files AS (
    SELECT d.id, d.case_id, d.name, d.size, d.sha256, c.stage, c.id AS living,
      CASE WHEN EXISTS (SELECT FROM desk.document x WHERE x.office_id = d.office_id AND x.sha256 = d.sha256
                        AND x.kind = 'id_card') THEN 'id_card' ELSE d.kind END AS kind
    FROM desk.document d JOIN desk.cases o ON o.office_id = d.office_id AND o.id = d.case_id
    JOIN desk.cases c ON c.office_id = d.office_id
      AND c.id = CASE WHEN o.stage = 'merged' THEN desk.living_case(d.office_id, d.case_id) ELSE d.case_id END
    WHERE d.office_id = p_office
      AND d.sha256 IN (SELECT y.sha256 FROM desk.document y JOIN held h ON h.kind = y.kind AND h.days IS NOT NULL
                       WHERE y.office_id = p_office)
      AND NOT EXISTS (SELECT FROM desk.destroyed_file x WHERE x.office_id = d.office_id AND x.document_id = d.id)
  ), ages AS (
    SELECT f.*, h.days, CASE WHEN f.stage IN ('closed', 'cancelled', 'redirected') THEN (
      SELECT (max(v.at) AT TIME ZONE (SELECT o.zone FROM desk.office o WHERE o.id = p_office))::date FROM desk.event v
      WHERE v.office_id = p_office AND v.case_id = f.living
        AND v.before->>'stage' IS DISTINCT FROM v.after->>'stage') END AS ended_on
    FROM files f LEFT JOIN held h ON h.kind = f.kind
  )
  SELECT a.id, a.case_id, a.kind, a.name, a.size, a.sha256, a.ended_on, a.days FROM ages a
  WHERE NOT EXISTS (SELECT FROM ages b WHERE b.sha256 = a.sha256
    AND (b.days IS NULL OR b.ended_on IS NULL OR b.ended_on + b.days::int >= desk.today(p_office)))
  ORDER BY a.ended_on, a.case_id, a.name, a.id
$$;

-- The only way in which a stored file of a case is erased: who is due, by somebody who may, with its record. The same key
-- does it once. Bytes go when no file of the office needs them any more.
CREATE FUNCTION desk.erase_expired(p_office bigint, p_key uuid, p_documents uuid[], p_witness text, p_note text)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(p_office);
  answer text;
  v_year bigint := extract(year FROM today);
  v_sequence bigint;
  erased bigint;
BEGIN
  IF NOT desk.has_duty(p_office, '{supervisor,administrator}') THEN
    RAISE EXCEPTION 'desk: Hanya penyelia atau administrator kantor ini yang memusnahkan berkas.' USING ERRCODE = '42501';
  END IF;
  SELECT d.number INTO answer FROM desk.destruction d WHERE d.office_id = p_office AND d.id = p_key;
  IF FOUND THEN RETURN answer; END IF;
  v_sequence := desk.next_number(p_office, 'destruction', v_year);
  answer := format('BAPD-%s/%s/%s', lpad(v_sequence::text, 3, '0'),
    (SELECT o.code FROM desk.office o WHERE o.id = p_office), v_year);
  INSERT INTO desk.destruction (office_id, id, year, sequence, number, erased_on, basis, witness, note)
  VALUES (p_office, p_key, v_year, v_sequence, answer, today,
    coalesce((SELECT r.basis FROM desk.rule r WHERE r.office_id IN (p_office, 0) AND r.key = 'identity_scan_calendar_days'
      AND r.valid_from <= today ORDER BY r.office_id = 0, r.valid_from DESC LIMIT 1), ''), btrim(p_witness), btrim(p_note));
  INSERT INTO desk.letter_number (office_id, id, series, year, sequence, number, origin, dated, note, subject_id)
  VALUES (p_office, gen_random_uuid(), 'destruction', v_year, v_sequence, answer, 'issued', today, '', p_key);
  INSERT INTO desk.destroyed_file (office_id, document_id, destruction_id, case_id, kind, name, size, sha256, ended_on, kept_days)
  SELECT p_office, x.document_id, p_key, x.case_id, x.kind, x.name, x.size, x.sha256, x.ended_on, x.kept_days
  FROM desk.expired_files(p_office) x
  WHERE x.sha256 IN (SELECT d.sha256 FROM desk.document d WHERE d.office_id = p_office AND d.id = ANY (p_documents));
  GET DIAGNOSTICS erased = ROW_COUNT;
  IF erased = 0 OR EXISTS (SELECT FROM unnest(p_documents) AS w(id) WHERE NOT EXISTS (
      SELECT FROM desk.destroyed_file x WHERE x.office_id = p_office AND x.document_id = w.id AND x.destruction_id = p_key)) THEN
    RAISE EXCEPTION 'desk: Ada berkas yang belum atau tidak lagi boleh dimusnahkan. Baca ulang daftarnya.' USING ERRCODE = '23514';
  END IF;
  DELETE FROM desk.file_chunk f WHERE f.office_id = p_office
    AND f.sha256 IN (SELECT x.sha256 FROM desk.destroyed_file x WHERE x.office_id = p_office AND x.destruction_id = p_key)
    AND NOT EXISTS (SELECT FROM desk.document d WHERE d.office_id = p_office AND d.sha256 = f.sha256 AND NOT EXISTS (
      SELECT FROM desk.destroyed_file x WHERE x.office_id = d.office_id AND x.document_id = d.id));
  PERFORM desk.announce(p_office, x.case_id) FROM desk.destroyed_file x
  WHERE x.office_id = p_office AND x.destruction_id = p_key GROUP BY x.case_id;
  RETURN answer;
END $$;
"""

NEW = {"destruction": "id", "destroyed_file": "document_id"}
ERASE = "desk.erase_expired(bigint, uuid, uuid[], text, text)"
READ = ("desk.kept_days(bigint, text)", "desk.expired_files(bigint)")
READING = "  RETURN QUERY SELECT f.no, f.bytes FROM desk.file_chunk f"
ASKED = """  IF EXISTS (SELECT FROM desk.destroyed_file x WHERE x.office_id = p_office AND x.document_id = p_document) THEN
    RAISE EXCEPTION 'desk: Berkas ini sudah dimusnahkan dengan berita acara %.', (SELECT t.number FROM desk.destroyed_file x
      JOIN desk.destruction t ON t.office_id = x.office_id AND t.id = x.destruction_id
      WHERE x.office_id = p_office AND x.document_id = p_document) USING ERRCODE = '23514';
  END IF;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for function in (ERASE, *READ):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO desk_person, desk_definer")
    op.execute(f"ALTER FUNCTION {ERASE} OWNER TO desk_definer")
    for table, key in NEW.items():
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON desk.{table} TO desk_person, desk_definer USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
        op.execute(f"GRANT SELECT ON desk.{table} TO desk_person, desk_backup, desk_definer")
        op.execute(f"GRANT INSERT ON desk.{table} TO desk_definer")
        op.execute(f"SELECT audit.watch('{table}', '{key}')")
        op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
        refuse = "EXECUTE FUNCTION desk.refuse_change()"
        op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} FOR EACH STATEMENT {refuse}")
    _change("desk.document_bytes", READING, ASKED + READING)


def _change(function: str, before: str, after: str) -> None:
    """Replaces a piece of a function and leaves the rest of it as whichever migration wrote it."""
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    op.execute(
        f"DO $do$ DECLARE source text := pg_get_functiondef('{function}'::regproc); BEGIN "
        f"IF strpos(source, $a${before}$a$) = 0 THEN RAISE EXCEPTION 'not found in {function}'; END IF; "
        f"EXECUTE replace(source, $a${before}$a$, $a${after}$a$); END $do$"
    )
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")


def downgrade() -> None:
    _change("desk.document_bytes", ASKED + READING, READING)
    op.execute(f"DROP FUNCTION {ERASE}")
    for function in reversed(READ):
        op.execute(f"DROP FUNCTION {function}")
    for table in reversed(NEW):
        op.execute(f"DROP TABLE desk.{table}")
