"""The monthly material that was handed in: which month, which file by its hash, by whom and when.

Revision ID: 0032
Revises: 0031

Why it is built this way: docs/decisions/day.md.
"""

from alembic import op

revision = "0032"
down_revision = "0031"

PERSON = "desk_person"

TABLES = """
CREATE TABLE desk.month_handover (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  month date NOT NULL,
  file_name text NOT NULL,
  sha256 character varying(64) NOT NULL,
  note text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT month_handover_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT month_handover_month_check CHECK (extract(day FROM month) = 1),
  CONSTRAINT month_handover_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT month_handover_file_name_check CHECK (btrim(file_name) <> '')
);
CREATE INDEX month_handover_month_idx ON desk.month_handover (office_id, month);
"""

FUNCTIONS = """
CREATE FUNCTION desk.guard_month_handover() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.month >= date_trunc('month', desk.today(NEW.office_id)) THEN
    RAISE EXCEPTION 'desk: Bulan itu belum berakhir; bahannya diserahkan setelah bulan berakhir.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute("REVOKE EXECUTE ON FUNCTION desk.guard_month_handover() FROM PUBLIC")
    table = "desk.month_handover"
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE {table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON {table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON {table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
        "WITH CHECK (desk.has_duty(office_id, '{treasurer}'))"
    )
    op.execute(f"GRANT SELECT ON {table} TO {PERSON}, desk_backup, desk_definer")
    op.execute(f"GRANT INSERT ON {table} TO desk_treasurer")
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(
        f"CREATE TRIGGER c_guard BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.guard_month_handover()"
    )
    refuse = "EXECUTE FUNCTION desk.refuse_change()"
    op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    op.execute("SELECT audit.watch('month_handover', 'id')")


def downgrade() -> None:
    op.execute("DROP TABLE desk.month_handover")
    op.execute("DROP FUNCTION desk.guard_month_handover()")
