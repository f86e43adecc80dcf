"""The lists of a large office: what a function is expected to find, and the state of a mail from its last step at hand.

Revision ID: 0036
Revises: 0035

Why it is built this way: docs/decisions/security.md, "What the row policies cost" of drills.md.
"""

from alembic import op

revision = "0036"
down_revision = "0035"

STATE = """
CREATE FUNCTION desk.step_state(p_kind text, p_until timestamptz, p_now timestamptz) RETURNS text LANGUAGE plpgsql
IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN p_kind = 'failed' AND p_until > p_now THEN 'later'
    WHEN p_kind IN ('taken', 'handing') AND p_until > p_now THEN p_kind
    WHEN p_kind = 'handing' THEN 'unsure'
    WHEN p_kind IN ('failed', 'taken', 'again') THEN 'waiting'
    ELSE coalesce(p_kind, 'waiting') END;
END $$;

CREATE OR REPLACE FUNCTION desk.outgoing_state(p_office bigint, p_mail uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((
    SELECT desk.step_state(s.kind, s.until, desk.now())
    FROM desk.outgoing_step s WHERE s.office_id = p_office AND s.outgoing_id = p_mail
    ORDER BY s.position DESC LIMIT 1), 'waiting')
$$;
"""
AS_IT_WAS = """
CREATE OR REPLACE FUNCTION desk.outgoing_state(p_office bigint, p_mail uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((
    SELECT CASE
      WHEN s.kind = 'failed' AND s.until > desk.now() THEN 'later'
      WHEN s.kind IN ('taken', 'handing') AND s.until > desk.now() THEN s.kind
      WHEN s.kind = 'handing' THEN 'unsure'
      WHEN s.kind IN ('failed', 'taken', 'again') THEN 'waiting'
      ELSE s.kind END
    FROM desk.outgoing_step s WHERE s.office_id = p_office AND s.outgoing_id = p_mail
    ORDER BY s.position DESC LIMIT 1), 'waiting')
$$;
"""
SIGNATURE = "desk.step_state(text, timestamptz, timestamptz)"


def upgrade() -> None:
    op.execute(STATE)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO desk_person, desk_definer, desk_owner, desk_backup")
    op.execute("ALTER FUNCTION desk.find_words(bigint[], text, text[], bigint) ROWS 20")


def downgrade() -> None:
    op.execute("ALTER FUNCTION desk.find_words(bigint[], text, text[], bigint) ROWS 1000")
    op.execute(AS_IT_WAS)
    op.execute(f"DROP FUNCTION {SIGNATURE}")
