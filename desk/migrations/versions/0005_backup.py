"""Backup: which backups were made and which of them were proven, so that every window can say how old the last one is.

Revision ID: 0005
Revises: 0004

Why it is built this way: docs/decisions/backup.md.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLE = """
CREATE TABLE desk.backup_entry (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind character varying(20) NOT NULL,
  made_at timestamptz NOT NULL,
  file text NOT NULL,
  content_hash character varying(64) NOT NULL,
  size bigint NOT NULL,
  faults text[] NOT NULL DEFAULT '{}',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT backup_entry_pkey PRIMARY KEY (id),
  CONSTRAINT backup_entry_kind_check CHECK (kind IN ('backup', 'restore_test')),
  CONSTRAINT backup_entry_size_check CHECK (size > 0)
);
CREATE INDEX backup_entry_at_idx ON desk.backup_entry (kind, at);
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("ALTER TABLE desk.backup_entry OWNER TO desk_owner")
    # Everybody may know how old the last backup is; nobody but the owner of the server states it.
    op.execute("GRANT SELECT ON desk.backup_entry TO desk_person, desk_backup, desk_definer")
    op.execute(
        "CREATE TRIGGER a_sign BEFORE INSERT ON desk.backup_entry FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()"
    )
    op.execute(
        "CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.backup_entry "
        "FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.backup_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute("SELECT audit.watch('backup_entry', 'id')")


def downgrade() -> None:
    op.execute("DROP TABLE desk.backup_entry")
