"""Stories: the log read by case, by person and by setting, page by page, and by its auditors alone.

Revision ID: 0008
Revises: 0007

Why it is built this way: docs/decisions/audit.md.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

PARENT = (
    "coalesce(new->>'case_id', old->>'case_id', new->>'invoice_id', old->>'invoice_id', new->>'preparation_id', "
    "old->>'preparation_id', new->>'login', old->>'login')"
)
"""What a row belongs to: its case, else its invoice or preparation (which belong to a case), else its person."""

INDEXES = f"""
CREATE INDEX log_at_idx ON audit.log (office_id, at, id);
CREATE INDEX log_actor_idx ON audit.log (office_id, actor, at, id);
CREATE INDEX log_parent_idx ON audit.log (office_id, ({PARENT})) WHERE op IN ('B', 'I', 'D');
CREATE INDEX view_entry_at_idx ON desk.view_entry (office_id, at, id);
"""

STORY = """
-- The newest entries of one office (0: national) before p_at/p_id; every other argument may be null. p_subject is the id
-- of a case or a login: what belongs to it, whoever did it. A function, because looking into JSON is not leakproof and
-- would lose its index under a row policy; so it asks for itself who may read.
CREATE FUNCTION audit.story(
  p_office bigint, p_subject text, p_actor text, p_tables text[], p_from timestamptz, p_until timestamptz,
  p_at timestamptz, p_id bigint, p_limit bigint
) RETURNS SETOF audit.log LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  mine bigint[] := audit.my_offices('{auditor}');
BEGIN
  IF cardinality(mine) < 2 OR NOT p_office = ANY (mine) THEN
    RAISE EXCEPTION 'desk: Catatan audit kantor ini hanya dibaca oleh pemeriksanya.' USING ERRCODE = '42501';
  END IF;
  IF p_subject IS NULL THEN
    RETURN QUERY SELECT l.* FROM audit.log l
      WHERE l.office_id = p_office AND (p_actor IS NULL OR l.actor = p_actor)
        AND (p_tables IS NULL OR l.table_name = ANY (p_tables))
        AND l.at >= coalesce(p_from, '-infinity') AND l.at < coalesce(p_until, 'infinity')
        AND (l.at, l.id) < (coalesce(p_at, 'infinity'), coalesce(p_id, 9223372036854775807))
      ORDER BY l.at DESC, l.id DESC LIMIT p_limit;
    RETURN;
  END IF;
  RETURN QUERY
    WITH child AS (
      SELECT l.table_name, l.key FROM audit.log l
      WHERE l.office_id = p_office AND l.op IN ('B', 'I', 'D') AND {parent} = p_subject
    ), own AS (
      SELECT c.table_name, c.key FROM child c
      UNION
      SELECT l.table_name, l.key FROM child c JOIN audit.log l ON l.office_id = p_office
        AND l.op IN ('B', 'I', 'D') AND {parent} = c.key
      WHERE c.table_name IN ('invoice', 'preparation')
      UNION VALUES ('cases', p_subject), ('person', p_subject)
      UNION
      SELECT 'customer', l.new->>'customer_id' FROM audit.log l
      WHERE l.office_id = p_office AND l.table_name = 'cases' AND l.key = p_subject AND l.op IN ('B', 'I')
    )
    SELECT l.* FROM own o JOIN audit.log l
      ON l.office_id = p_office AND l.table_name = o.table_name AND l.key = o.key
    WHERE (p_actor IS NULL OR l.actor = p_actor) AND (p_tables IS NULL OR l.table_name = ANY (p_tables))
      AND l.at >= coalesce(p_from, '-infinity') AND l.at < coalesce(p_until, 'infinity')
      AND (l.at, l.id) < (coalesce(p_at, 'infinity'), coalesce(p_id, 9223372036854775807))
    ORDER BY l.at DESC, l.id DESC LIMIT p_limit;
END $$;
"""
SIGNATURE = (
    "audit.story(bigint, text, text, text[], timestamptz, timestamptz, timestamptz, bigint, bigint)"
)


def upgrade() -> None:
    op.execute(INDEXES)
    columns = PARENT.replace("new->", "l.new->").replace("old->", "l.old->")
    op.execute(STORY.replace("{parent}", columns))
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute("GRANT USAGE, CREATE ON SCHEMA audit TO desk_recorder")
    op.execute(f"ALTER FUNCTION {SIGNATURE} OWNER TO desk_recorder")
    op.execute("REVOKE CREATE ON SCHEMA audit FROM desk_recorder")
    op.execute("GRANT EXECUTE ON FUNCTION audit.my_offices(text[]) TO desk_recorder")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO desk_auditor")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE EXECUTE ON FUNCTION audit.my_offices(text[]) FROM desk_recorder")
    op.execute("DROP INDEX audit.log_at_idx, audit.log_actor_idx, audit.log_parent_idx, desk.view_entry_at_idx")
