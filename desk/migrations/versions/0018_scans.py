"""Scanned stacks: what came from the scanner, its parts, where each went; and no scan of a paper short of duty.

Revision ID: 0018
Revises: 0017

Why it is built this way: docs/decisions/scans.md.
"""

from alembic import op

revision = "0018"
down_revision = "0017"

TABLES = """
CREATE TABLE desk.scan_stack (
  office_id bigint NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  pages bigint NOT NULL,
  size bigint NOT NULL,
  sha256 character varying(64) NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT scan_stack_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT scan_stack_office_id_fkey FOREIGN KEY (office_id) REFERENCES desk.office (id),
  CONSTRAINT scan_stack_office_id_sha256_key UNIQUE (office_id, sha256),
  CONSTRAINT scan_stack_pages_check CHECK (pages > 0)
);
CREATE TABLE desk.scan_part (
  office_id bigint NOT NULL,
  id uuid NOT NULL,
  stack_id uuid NOT NULL,
  pages bigint[] NOT NULL,
  payload text NOT NULL DEFAULT '',
  doubt text NOT NULL DEFAULT '',
  codes text[] NOT NULL DEFAULT '{}'::text[],
  size bigint NOT NULL,
  sha256 character varying(64) NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT scan_part_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT scan_part_office_id_fkey FOREIGN KEY (office_id) REFERENCES desk.office (id),
  CONSTRAINT scan_part_office_id_stack_id_fkey FOREIGN KEY (office_id, stack_id)
    REFERENCES desk.scan_stack (office_id, id),
  CONSTRAINT scan_part_pages_check CHECK (cardinality(pages) > 0)
);
CREATE INDEX scan_part_stack_idx ON desk.scan_part (office_id, stack_id);
CREATE TABLE desk.scan_placement (
  office_id bigint NOT NULL,
  id uuid NOT NULL,
  part_id uuid NOT NULL,
  outcome character varying(20) NOT NULL,
  document_id uuid,
  reason text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT scan_placement_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT scan_placement_office_id_fkey FOREIGN KEY (office_id) REFERENCES desk.office (id),
  CONSTRAINT scan_placement_office_id_part_id_key UNIQUE (office_id, part_id),
  CONSTRAINT scan_placement_office_id_part_id_fkey FOREIGN KEY (office_id, part_id)
    REFERENCES desk.scan_part (office_id, id),
  CONSTRAINT scan_placement_office_id_document_id_fkey FOREIGN KEY (office_id, document_id)
    REFERENCES desk.document (office_id, id),
  CONSTRAINT scan_placement_outcome_check CHECK (outcome IN ('filed', 'split', 'put_aside')),
  CONSTRAINT scan_placement_document_check CHECK ((outcome = 'filed') = (document_id IS NOT NULL)),
  CONSTRAINT scan_placement_reason_check CHECK (outcome <> 'put_aside' OR btrim(reason) <> '')
);
"""
NEW = ("scan_stack", "scan_part", "scan_placement")

FUNCTIONS = r"""
-- A scan shows a paper of its case: a kuitansi, or a copy of an SPPD that was accepted on the five ticks. A paper short
-- of duty may not be copied (UU 10/2020 pasal 21), so no copy is scanned before it is accepted.
CREATE FUNCTION desk.guard_scan() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM desk.receipt r WHERE r.office_id = NEW.office_id AND r.id = NEW.subject_id
             AND r.case_id = NEW.case_id) THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT FROM desk.agreement a WHERE a.office_id = NEW.office_id AND a.id = NEW.subject_id
                 AND a.case_id = NEW.case_id AND NEW.copy BETWEEN 1 AND a.copies) THEN
    RAISE EXCEPTION 'desk: Pindaian harus milik kuitansi atau SPPD permohonan itu sendiri.' USING ERRCODE = '23514';
  END IF;
  IF (SELECT u.step FROM desk.custody u WHERE u.office_id = NEW.office_id AND u.agreement_id = NEW.subject_id
      AND u.copy = NEW.copy ORDER BY u.position DESC LIMIT 1) IN ('sent', 'posted', 'received', 'refused') IS NOT FALSE THEN
    RAISE EXCEPTION 'desk: Naskah asli belum diterima pada lima hal; naskah yang belum diterima tidak boleh dipindai ke permohonan (UU 10/2020 pasal 21).'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- A part is filed as exactly its own bytes
CREATE FUNCTION desk.guard_placement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.document_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM desk.document d JOIN desk.scan_part p ON p.office_id = d.office_id AND p.sha256 = d.sha256
    WHERE d.office_id = NEW.office_id AND d.id = NEW.document_id AND p.id = NEW.part_id) THEN
    RAISE EXCEPTION 'desk: Berkas permohonan itu bukan bagian pindaian ini.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Bytes that nobody needs any more are let go: of a part put aside or split, and of the stack when all parts have places
CREATE FUNCTION desk.let_go_of_scan() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM desk.file_chunk f USING (
    SELECT p.sha256, p.stack_id FROM desk.scan_part p WHERE p.office_id = NEW.office_id AND p.id = NEW.part_id) part
  WHERE f.office_id = NEW.office_id
    AND f.sha256 IN (part.sha256, (SELECT s.sha256 FROM desk.scan_stack s WHERE s.office_id = NEW.office_id AND s.id = part.stack_id))
    AND NOT EXISTS (SELECT FROM desk.document d WHERE d.office_id = NEW.office_id AND d.sha256 = f.sha256)
    AND NOT EXISTS (SELECT FROM desk.scan_part p WHERE p.office_id = NEW.office_id AND p.sha256 = f.sha256
      AND NOT EXISTS (SELECT FROM desk.scan_placement x WHERE x.office_id = p.office_id AND x.part_id = p.id))
    AND NOT EXISTS (SELECT FROM desk.scan_stack s JOIN desk.scan_part p ON p.office_id = s.office_id AND p.stack_id = s.id
      WHERE s.office_id = NEW.office_id AND s.sha256 = f.sha256
      AND NOT EXISTS (SELECT FROM desk.scan_placement x WHERE x.office_id = p.office_id AND x.part_id = p.id));
  RETURN NULL;
END $$;

CREATE FUNCTION desk.scan_bytes(p_office bigint, p_part uuid)
RETURNS TABLE (no bigint, bytes bytea) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT f.no, f.bytes FROM desk.scan_part p
    JOIN desk.file_chunk f ON f.office_id = p.office_id AND f.sha256 = p.sha256
    WHERE p.office_id = p_office AND p.id = p_part ORDER BY f.no;
END $$;
"""
OF_DEFINER = ("desk.guard_scan()", "desk.guard_placement()", "desk.let_go_of_scan()", "desk.scan_bytes(bigint, uuid)")
SENTENCES = {
    ("scan_stack", "scan_stack_office_id_sha256_key"): "Pindaian ini sudah pernah masuk; tidak disimpan dua kali.",
    ("scan_placement", "scan_placement_office_id_part_id_key"): "Bagian pindaian ini sudah ditempatkan.",
    ("scan_placement", "scan_placement_reason_check"): "Alasan menyisihkan belum ditulis.",
}


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for function in OF_DEFINER:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("GRANT EXECUTE ON FUNCTION desk.scan_bytes(bigint, uuid) TO desk_person, desk_owner, desk_backup")
    op.execute("GRANT DELETE ON desk.file_chunk TO desk_definer")
    for table in NEW:
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON desk.{table} TO desk_person, desk_definer USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
        op.execute(
            f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO desk_person WITH CHECK "
            "(desk.has_duty(office_id, '{officer,treasurer}'::text[]))"
        )
        op.execute(f"GRANT SELECT ON desk.{table} TO desk_person, desk_backup, desk_definer")
        op.execute(f"GRANT INSERT ON desk.{table} TO desk_officer, desk_treasurer")
        op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} "
            "FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
        )
        op.execute(f"SELECT audit.watch('{table}', 'id')")
    for table in ("scan_stack", "scan_part"):
        op.execute(f"CREATE TRIGGER c_bytes BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.check_bytes()")
    op.execute(
        "CREATE TRIGGER c_guard BEFORE INSERT ON desk.scan_placement FOR EACH ROW EXECUTE FUNCTION desk.guard_placement()"
    )
    op.execute(
        "CREATE TRIGGER let_go AFTER INSERT ON desk.scan_placement FOR EACH ROW EXECUTE FUNCTION desk.let_go_of_scan()"
    )
    op.execute(
        "CREATE TRIGGER d_scan BEFORE INSERT ON desk.document FOR EACH ROW WHEN (NEW.kind = 'scan') "
        "EXECUTE FUNCTION desk.guard_scan()"
    )
    for (table, constraint), sentence in SENTENCES.items():
        op.execute(f"COMMENT ON CONSTRAINT {constraint} ON desk.{table} IS 'desk: {sentence}'")


def downgrade() -> None:
    op.execute("DROP TRIGGER d_scan ON desk.document")
    for table in reversed(NEW):
        op.execute(f"DROP TABLE desk.{table}")
    op.execute("REVOKE DELETE ON desk.file_chunk FROM desk_definer")
    for function in OF_DEFINER:
        op.execute(f"DROP FUNCTION {function}")
