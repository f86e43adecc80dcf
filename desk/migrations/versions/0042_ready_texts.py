"""Ready texts of the office: every version is a row that holds from a day on, and a message knows which one it came from.

Revision ID: 0042
Revises: 0041

Why it is built this way: docs/decisions/ready-texts.md.
"""

from alembic import op

revision = "0042"
down_revision = "0041"

PERSON = "desk_person"
WRITTEN_BY = ("supervisor", "administrator")

TABLES = """
CREATE TABLE desk.ready_text (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  step character varying(30) NOT NULL,
  channel character varying(30) NOT NULL,
  version bigint NOT NULL,
  subject text NOT NULL DEFAULT '',
  body text NOT NULL DEFAULT '',
  starts_on date NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT ready_text_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT ready_text_office_id_step_channel_version_key UNIQUE (office_id, step, channel, version),
  CONSTRAINT ready_text_size_check CHECK (length(body) <= 20000 AND length(subject) <= 300)
);
COMMENT ON CONSTRAINT ready_text_office_id_step_channel_version_key ON desk.ready_text IS
  'desk: Rekan baru saja mengubah teks ini. Baca ulang, lalu berlakukan lagi.';
COMMENT ON CONSTRAINT ready_text_size_check ON desk.ready_text IS
  'desk: Teks siap pakai terlalu panjang. Ringkas sampai 20.000 huruf, perihalnya 300.';
ALTER TABLE desk.message ADD COLUMN ready_step character varying(30) NOT NULL DEFAULT '', ADD COLUMN ready_text_id uuid,
  ADD CONSTRAINT message_office_id_ready_text_id_fkey
    FOREIGN KEY (office_id, ready_text_id) REFERENCES desk.ready_text (office_id, id);
CREATE INDEX message_ready_text_idx ON desk.message (office_id, ready_text_id) WHERE ready_text_id IS NOT NULL;
"""

FUNCTION = """
-- The version is the server's word, and nothing changes for a day that is over.
CREATE FUNCTION desk.number_ready_text() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.version := 1 + coalesce((SELECT max(t.version) FROM desk.ready_text t WHERE t.office_id = NEW.office_id
                               AND t.step = NEW.step AND t.channel = NEW.channel), 0);
  IF NEW.starts_on < desk.today(NEW.office_id) THEN
    RAISE EXCEPTION 'desk: Teks tidak dapat berlaku mulai hari yang sudah lewat.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTION)
    op.execute("REVOKE EXECUTE ON FUNCTION desk.number_ready_text() FROM PUBLIC")
    table = "desk.ready_text"
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE {table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON {table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON {table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
        f"WITH CHECK (desk.has_duty(office_id, '{{{','.join(WRITTEN_BY)}}}'))"
    )
    op.execute(f"GRANT SELECT ON {table} TO {PERSON}, desk_backup, desk_definer")
    op.execute(f"GRANT INSERT ON {table} TO {', '.join(f'desk_{duty}' for duty in WRITTEN_BY)}")
    op.execute("SELECT audit.watch('ready_text', 'id')")
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(f"CREATE TRIGGER b_number BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.number_ready_text()")
    refuse = "EXECUTE FUNCTION desk.refuse_change()"
    op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")


def downgrade() -> None:
    op.execute("DROP INDEX desk.message_ready_text_idx")
    op.execute(
        "ALTER TABLE desk.message DROP CONSTRAINT message_office_id_ready_text_id_fkey, DROP COLUMN ready_text_id, "
        "DROP COLUMN ready_step"
    )
    op.execute("DROP TABLE desk.ready_text")
    op.execute("DROP FUNCTION desk.number_ready_text()")
