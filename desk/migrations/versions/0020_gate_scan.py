"""The gate asks for the scan of the kuitansi too: it is what is sent with the data (standards, prosedur 7).

Revision ID: 0020
Revises: 0019

The program asked for it already; the state machine showed that `psql` was not asked.
"""

from alembic import op

revision = "0020"
down_revision = "0019"

GATE = """
CREATE OR REPLACE FUNCTION desk.guard_delivery() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record;
BEGIN
  SELECT * INTO c FROM desk.cases k WHERE k.office_id = NEW.office_id AND k.id = NEW.case_id;
  IF NOT EXISTS (SELECT FROM desk.preparation_check x WHERE x.office_id = NEW.office_id
                 AND x.preparation_id = NEW.preparation_id AND x.case_id = NEW.case_id AND x.passed) THEN
    RAISE EXCEPTION 'desk: Data belum lolos pemeriksaan petugas kedua; data tidak dapat dikirim.' USING ERRCODE = '23514';
  END IF;
  IF NOT (c.money IN ('receipted', 'free') AND c.original IN ('accepted', 'filed') AND c.address_confirmed <> ''{scan})
     AND NOT EXISTS (SELECT FROM desk.gate_override g WHERE g.office_id = NEW.office_id AND g.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Syarat pengiriman belum lengkap: {receipt}, naskah asli SPPD, dan alamat tujuan harus ada dahulu.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""
SCAN = """
          AND (c.money = 'free' OR EXISTS (
            SELECT FROM desk.receipt r JOIN desk.document d ON d.office_id = r.office_id AND d.case_id = r.case_id
              AND d.subject_id = r.id AND d.kind = 'scan'
            WHERE r.office_id = NEW.office_id AND r.case_id = NEW.case_id AND NOT EXISTS (
              SELECT FROM desk.receipt_void x WHERE x.office_id = r.office_id AND x.receipt_id = r.id)))"""


def upgrade() -> None:
    op.execute(GATE.format(scan=SCAN, receipt="kuitansi dengan pindaiannya"))


def downgrade() -> None:
    op.execute(GATE.format(scan="", receipt="kuitansi"))
