"""The case file: whoever makes one is written down where the views of identity cards are.

Revision ID: 0016
Revises: 0015

Why it is built this way: docs/decisions/case-file.md.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

FUNCTION = """
-- Writes down that the person at this connection takes a case along as one file.
CREATE FUNCTION desk.note_case_file(p_office bigint, p_case uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT desk.has_duty(p_office, '{officer,supervisor,auditor}') THEN
    RAISE EXCEPTION 'desk: Berkas kasus hanya dibuat oleh petugas, penyelia, atau pemeriksa kantor ini.'
      USING ERRCODE = '42501';
  END IF;
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = p_office AND c.id = p_case) THEN
    RAISE EXCEPTION 'desk: Permohonan tidak ditemukan di kantor Anda.' USING ERRCODE = '42501';
  END IF;
  INSERT INTO desk.view_entry (office_id, id, case_id, what, reason)
  VALUES (p_office, gen_random_uuid(), p_case, 'case_file', 'Berkas kasus dibuat');
END $$;
"""
SIGNATURE = "desk.note_case_file(bigint, uuid)"


def upgrade() -> None:
    op.execute("ALTER TABLE desk.view_entry ADD COLUMN what character varying(20) NOT NULL DEFAULT 'id_card'")
    op.execute("ALTER TABLE desk.view_entry ALTER COLUMN document_id DROP NOT NULL")
    op.execute(
        "ALTER TABLE desk.view_entry ADD CONSTRAINT view_entry_what_check CHECK "
        "(what IN ('id_card', 'case_file') AND (what = 'id_card') = (document_id IS NOT NULL))"
    )
    op.execute(FUNCTION)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    op.execute(f"ALTER FUNCTION {SIGNATURE} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO desk_person")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("ALTER TABLE desk.view_entry DISABLE TRIGGER final")
    op.execute("DELETE FROM desk.view_entry WHERE what <> 'id_card'")
    op.execute("ALTER TABLE desk.view_entry ENABLE TRIGGER final")
    op.execute("ALTER TABLE desk.view_entry DROP COLUMN what, ALTER COLUMN document_id SET NOT NULL")
