"""Warnings in office hours only: the day up to which an office has been warned.

Revision ID: 0043
Revises: 0042

Why it is built this way: docs/decisions/clocks.md, "Warnings".
"""

from alembic import op

revision = "0043"
down_revision = "0042"

FUNCTION = """
-- The last working day on which the office has opened (desk/rules/office_hours.py; a test compares them). Without a rule
-- of office hours an office is always open.
CREATE FUNCTION desk.warning_day(p_office bigint) RETURNS date LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  clock timestamp := desk.now() AT TIME ZONE (SELECT o.zone FROM desk.office o WHERE o.id = p_office);
  hours jsonb := desk.rule_value(p_office, 'office_hours', clock::date);
  answer date := clock::date;
  opens text;
BEGIN
  IF hours IS NULL THEN RETURN answer; END IF;
  FOR back IN 0..59 LOOP
    answer := clock::date - back;
    opens := hours -> (extract(isodow FROM answer)::int - 1) ->> 0;
    IF opens IS NOT NULL AND extract(isodow FROM answer) < 6
       AND (back > 0 OR clock::time >= split_part(opens, '-', 1)::time)
       AND NOT EXISTS (SELECT FROM desk.holiday h WHERE h.office_id IN (p_office, 0) AND h.day = answer) THEN
      RETURN answer;
    END IF;
  END LOOP;
  RETURN clock::date;
END $$;
"""
SIGNATURE = "desk.warning_day(bigint)"


def upgrade() -> None:
    op.execute(FUNCTION)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO desk_person, desk_definer")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
