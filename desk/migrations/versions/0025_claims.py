"""A case that somebody holds is held until a moment that the database sets; nobody takes it from him before that.

Revision ID: 0025
Revises: 0024

Why it is built this way: docs/decisions/claims.md.
"""

from alembic import op

revision = "0025"
down_revision = "0024"

TABLES = """
ALTER TABLE desk.cases ADD COLUMN claimed_until timestamptz;
-- What was handed over before today stays with the colleague for as long as if it were handed over now.
UPDATE desk.cases SET claimed_until = pg_catalog.now() + interval '3 days' WHERE claimed_by IS NOT NULL;
ALTER TABLE desk.cases ADD CONSTRAINT cases_claim_check CHECK ((claimed_by IS NULL) = (claimed_until IS NULL));
"""

FUNCTIONS = """
-- Who holds a case and until when. A claim of one's own lasts half an hour and is renewed by every deed of its holder;
-- what is handed over with a note waits three days for the colleague; a case that ended is nobody's.
CREATE FUNCTION desk.hold_case() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moment timestamptz := desk.now();
BEGIN
  IF NEW.stage NOT IN ('new', 'clear', 'active') THEN
    NEW.claimed_by := NULL;
    NEW.claimed_until := NULL;
  ELSIF NEW.claimed_by IS DISTINCT FROM OLD.claimed_by THEN
    IF NOT desk.has_duty(NEW.office_id, '{officer,supervisor}') THEN
      RAISE EXCEPTION 'desk: Hanya petugas layanan dan penyelia yang mengambil, melepas, atau menyerahkan permohonan.'
        USING ERRCODE = '42501';
    END IF;
    IF OLD.claimed_until > moment AND OLD.claimed_by <> session_user
       AND NOT desk.has_duty(NEW.office_id, '{supervisor}') THEN
      RAISE EXCEPTION 'desk: Permohonan ini sedang dipegang % sampai %. Tunggu, atau minta penyelia melepasnya.',
        coalesce((SELECT p.name FROM desk.person p WHERE p.login = OLD.claimed_by), OLD.claimed_by),
        to_char(OLD.claimed_until AT TIME ZONE (SELECT o.zone FROM desk.office o WHERE o.id = NEW.office_id),
          'DD/MM HH24.MI') USING ERRCODE = '42501';
    END IF;
    IF NEW.claimed_by IS NOT NULL AND NOT EXISTS (
      SELECT FROM desk.duty d JOIN desk.person p ON p.login = d.login AND p.active
      WHERE d.login = NEW.claimed_by AND d.office_id = NEW.office_id AND d.duty = 'officer'
        AND desk.today(d.office_id) BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity')) THEN
      RAISE EXCEPTION 'desk: Permohonan hanya dapat dipegang petugas layanan kantor ini.' USING ERRCODE = '23514';
    END IF;
    NEW.claimed_until := CASE
      WHEN NEW.claimed_by IS NULL THEN NULL
      WHEN NEW.claimed_by = session_user THEN moment + interval '30 minutes'
      ELSE moment + interval '3 days' END;
  ELSIF NEW.claimed_by = session_user THEN
    NEW.claimed_until := greatest(OLD.claimed_until, moment + interval '30 minutes');
  ELSE
    NEW.claimed_until := OLD.claimed_until;
  END IF;
  RETURN NEW;
END $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute("REVOKE EXECUTE ON FUNCTION desk.hold_case() FROM PUBLIC")
    op.execute("CREATE TRIGGER hold BEFORE UPDATE ON desk.cases FOR EACH ROW EXECUTE FUNCTION desk.hold_case()")


def downgrade() -> None:
    op.execute("DROP TRIGGER hold ON desk.cases")
    op.execute("DROP FUNCTION desk.hold_case()")
    op.execute("ALTER TABLE desk.cases DROP CONSTRAINT cases_claim_check, DROP COLUMN claimed_until")
