"""No deed is committed before it is as safe as the server makes it, whatever a session has set.

Revision ID: 0029
Revises: 0028

Why it is built this way: docs/decisions/security.md, "Switching safety off".
"""

from alembic import op

revision = "0029"
down_revision = "0028"

FUNCTION = """
-- Every change is in the log, so this runs at the commit of everything that changes something, after the last
-- statement of the person. Only SET CONSTRAINTS would run it earlier and leave time to switch safety off again: then it
-- runs inside the statement that changes something (deeper than at COMMIT), or inside SET CONSTRAINTS itself.
CREATE FUNCTION audit.commit_safely() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF pg_trigger_depth() > 1 OR strpos(lower(current_query()), 'constraints') > 0 THEN
    RAISE EXCEPTION 'desk: Urutan pemeriksaan basis data tidak dapat diubah; perubahan tidak disimpan.'
      USING ERRCODE = '42501';
  END IF;
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  RETURN NULL;
END $$;
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    op.execute("REVOKE EXECUTE ON FUNCTION audit.commit_safely() FROM PUBLIC")
    op.execute("GRANT CREATE ON SCHEMA audit TO desk_recorder")
    op.execute("ALTER FUNCTION audit.commit_safely() OWNER TO desk_recorder")
    op.execute("REVOKE CREATE ON SCHEMA audit FROM desk_recorder")
    op.execute(
        "CREATE CONSTRAINT TRIGGER lasting AFTER INSERT ON audit.log DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION audit.commit_safely()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER lasting ON audit.log")
    op.execute("DROP FUNCTION audit.commit_safely()")
