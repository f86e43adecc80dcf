"""Nol rupiah is a decision: who and what it is for, a letter in the case, a second person, and once.

Revision ID: 0044
Revises: 0043

Why it is built this way: docs/decisions/relief.md.
"""

from alembic import op

revision = "0044"
down_revision = "0043"

FUNCTIONS = """
-- An application before the price is fixed: who and what the rule in force is for, with a letter that lies in the case, and
-- one at a time. Its legal basis is the rule's own word.
CREATE FUNCTION desk.guard_relief() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  rule record;
BEGIN
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id
                 AND c.stage IN ('new', 'clear')) THEN
    RAISE EXCEPTION 'desk: Nol rupiah hanya dimohonkan sebelum invoice terbit.' USING ERRCODE = '23514';
  END IF;
  SELECT r.value, r.basis INTO rule FROM desk.rule r
  WHERE r.office_id IN (NEW.office_id, 0) AND r.key = 'relief' AND r.valid_from <= today
  ORDER BY r.office_id = 0, r.valid_from DESC LIMIT 1;
  IF rule IS NULL OR NOT (rule.value->'recipients') ? NEW.recipient OR NOT (rule.value->'purposes') ? NEW.purpose
     OR EXISTS (SELECT FROM desk.cases c JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
                WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id AND k.customer_class = 'company') THEN
    RAISE EXCEPTION 'desk: Golongan penerima atau tujuan ini tidak berhak atas nol rupiah; layani dengan tarif biasa.'
      USING ERRCODE = '23514';
  END IF;
  IF btrim(NEW.letter_number) = '' OR NEW.letter_date > today OR NOT EXISTS (
     SELECT FROM desk.document d WHERE d.office_id = NEW.office_id AND d.id = NEW.document_id
     AND d.case_id = NEW.case_id AND d.kind = 'incoming') THEN
    RAISE EXCEPTION 'desk: Nol rupiah memerlukan surat permohonan: nomor, tanggal, dan berkasnya di permohonan ini.'
      USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.relief n LEFT JOIN desk.relief_decision x ON x.office_id = n.office_id AND x.relief_id = n.id
             WHERE n.office_id = NEW.office_id AND n.case_id = NEW.case_id AND x.approved IS NOT FALSE) THEN
    RAISE EXCEPTION 'desk: Nol rupiah sudah dimohonkan untuk permohonan ini.' USING ERRCODE = '23505';
  END IF;
  NEW.basis := rule.basis;
  RETURN NEW;
END $$;

-- The decision is about the application of that case, while its price can still follow.
CREATE FUNCTION desk.guard_relief_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.relief n JOIN desk.cases c ON c.office_id = n.office_id AND c.id = n.case_id
                 WHERE n.office_id = NEW.office_id AND n.id = NEW.relief_id AND n.case_id = NEW.case_id
                 AND c.stage IN ('new', 'clear')) THEN
    RAISE EXCEPTION 'desk: Nol rupiah hanya diputus untuk permohonannya sendiri, sebelum invoice terbit.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- What an invoice waives is what was approved for its case, and the basis is the one of the approval.
CREATE FUNCTION desk.guard_invoice_relief() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE granted record;
BEGIN
  SELECT n.percent, n.basis INTO granted FROM desk.relief n
  JOIN desk.relief_decision x ON x.office_id = n.office_id AND x.relief_id = n.id AND x.approved
  WHERE n.office_id = NEW.office_id AND n.case_id = NEW.case_id;
  IF NEW.relief_percent <> coalesce(granted.percent, 0) THEN
    RAISE EXCEPTION 'desk: Keringanan pada invoice harus sama dengan yang disetujui penyelia.' USING ERRCODE = '23514';
  END IF;
  NEW.relief_basis := coalesce(granted.basis, '');
  RETURN NEW;
END $$;

-- checked at COMMIT: the lines of an invoice add up to it, and each is reduced by what was approved, rounded down
CREATE OR REPLACE FUNCTION desk.check_invoice_sum() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE invoice uuid := coalesce(to_jsonb(NEW)->>'invoice_id', to_jsonb(NEW)->>'id');
BEGIN
  IF NOT EXISTS (
    SELECT FROM desk.invoice i JOIN desk.invoice_line l ON l.office_id = i.office_id AND l.invoice_id = i.id
    WHERE i.office_id = NEW.office_id AND i.id = invoice
    GROUP BY i.total, i.full_price, i.relief_percent
    HAVING sum(l.amount) = i.total AND sum(l.full_amount) = i.full_price
      AND bool_and(l.amount = l.full_amount * (100 - i.relief_percent) / 100)) THEN
    RAISE EXCEPTION 'desk: Jumlah baris berbeda dengan jumlah invoice.' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
"""
SUM_AS_IT_WAS = """
CREATE OR REPLACE FUNCTION desk.check_invoice_sum() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE invoice uuid := coalesce(to_jsonb(NEW)->>'invoice_id', to_jsonb(NEW)->>'id');
BEGIN
  IF NOT EXISTS (
    SELECT FROM desk.invoice i JOIN desk.invoice_line l ON l.office_id = i.office_id AND l.invoice_id = i.id
    WHERE i.office_id = NEW.office_id AND i.id = invoice
    GROUP BY i.total, i.full_price HAVING sum(l.amount) = i.total AND sum(l.full_amount) = i.full_price) THEN
    RAISE EXCEPTION 'desk: Jumlah baris berbeda dengan jumlah invoice.' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
"""
GUARDS = (
    ("relief", "c_guard", "guard_relief"),
    ("relief_decision", "c_guard", "guard_relief_decision"),
    ("invoice", "c_relief", "guard_invoice_relief"),
)


def upgrade() -> None:
    op.execute(FUNCTIONS)
    for table, name, function in GUARDS:
        op.execute(f"REVOKE EXECUTE ON FUNCTION desk.{function}() FROM PUBLIC")
        op.execute(f"ALTER FUNCTION desk.{function}() OWNER TO desk_definer")
        op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.{function}()")
    op.execute("CREATE UNIQUE INDEX relief_decision_once_idx ON desk.relief_decision (office_id, case_id) WHERE approved")
    op.execute(
        "COMMENT ON INDEX desk.relief_decision_once_idx IS 'desk: Nol rupiah sudah disetujui untuk permohonan ini.'"
    )
    op.execute(
        "ALTER TABLE desk.relief_decision ADD CONSTRAINT relief_decision_reason_check CHECK (btrim(reason) <> '') NOT VALID"
    )
    op.execute(
        "COMMENT ON CONSTRAINT relief_decision_reason_check ON desk.relief_decision IS 'desk: Alasan belum ditulis.'"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE desk.relief_decision DROP CONSTRAINT relief_decision_reason_check")
    op.execute("DROP INDEX desk.relief_decision_once_idx")
    for table, name, function in GUARDS:
        op.execute(f"DROP TRIGGER {name} ON desk.{table}")
        op.execute(f"DROP FUNCTION desk.{function}()")
    op.execute(SUM_AS_IT_WAS)
