"""Reminders to the customer: each rung once, the day from which a case asks for the next one, and what is due.

Revision ID: 0034
Revises: 0033

Why it is built this way: docs/decisions/clocks.md.
"""

from alembic import op

revision = "0034"
down_revision = "0033"

PERSON = "desk_person"

TABLES = """
ALTER TABLE desk.cases ADD COLUMN due_of character varying(20), ADD COLUMN remind_on date, ADD COLUMN remind_why text NOT NULL DEFAULT '';

CREATE TABLE desk.reminder (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  about character varying(30) NOT NULL,
  rung bigint NOT NULL,
  since date NOT NULL,
  on_day date NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT reminder_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT reminder_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT reminder_about_check CHECK (about IN ('payment', 'original')),
  CONSTRAINT reminder_rung_check CHECK (rung > 0),
  CONSTRAINT reminder_office_id_case_id_about_since_rung_key UNIQUE (office_id, case_id, about, since, rung),
  CONSTRAINT reminder_office_id_case_id_about_on_day_key UNIQUE (office_id, case_id, about, on_day)
);
COMMENT ON CONSTRAINT reminder_office_id_case_id_about_since_rung_key ON desk.reminder IS
  'desk: Pengingat ini sudah dikirim rekan lain.';
COMMENT ON CONSTRAINT reminder_office_id_case_id_about_on_day_key ON desk.reminder IS
  'desk: Pengguna data sudah diingatkan hari ini.';
"""

FUNCTION = """
-- A reminder is about something that is awaited now, is the next rung of its ladder, and goes out today.
CREATE FUNCTION desk.guard_reminder() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.on_day := desk.today(NEW.office_id);
  IF NEW.since > NEW.on_day OR NOT EXISTS (
     SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id AND c.stage = 'active'
     AND CASE NEW.about WHEN 'payment' THEN c.money = 'invoiced' ELSE c.original IN ('awaited', 'refused') END) THEN
    RAISE EXCEPTION 'desk: Tidak ada yang sedang ditunggu dari pengguna data.' USING ERRCODE = '23514';
  END IF;
  IF NEW.rung <> 1 + (SELECT count(*) FROM desk.reminder r WHERE r.office_id = NEW.office_id AND r.case_id = NEW.case_id
                      AND r.about = NEW.about AND r.since = NEW.since) THEN
    RAISE EXCEPTION 'desk: Pengingat ini sudah dikirim rekan lain.' USING ERRCODE = '23505';
  END IF;
  RETURN NEW;
END $$;
"""

WITHOUT = "wake_on = (p_derived->>'wake_on')::date,"
WITH = (
    f"{WITHOUT} remind_on = (p_derived->>'remind_on')::date, "
    "remind_why = coalesce(p_derived->>'remind_why', ''), due_of = p_derived->>'due_of',"
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTION)
    op.execute("REVOKE EXECUTE ON FUNCTION desk.guard_reminder() FROM PUBLIC")
    table = "desk.reminder"
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE {table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON {table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON {table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
        "WITH CHECK (desk.has_duty(office_id, '{officer}'))"
    )
    op.execute(f"GRANT SELECT ON {table} TO {PERSON}, desk_backup, desk_definer")
    op.execute(f"GRANT INSERT ON {table} TO desk_officer")
    op.execute("SELECT audit.watch('reminder', 'id')")
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(f"CREATE TRIGGER c_guard BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.guard_reminder()")
    refuse = "EXECUTE FUNCTION desk.refuse_change()"
    op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    _write_deeds(WITHOUT, WITH)


def downgrade() -> None:
    _write_deeds(WITH, WITHOUT)
    op.execute("DROP TABLE desk.reminder")
    op.execute("DROP FUNCTION desk.guard_reminder()")
    op.execute("ALTER TABLE desk.cases DROP COLUMN due_of, DROP COLUMN remind_on, DROP COLUMN remind_why")


def _write_deeds(old: str, new: str) -> None:
    """What a deed writes into the case, with one part of it replaced."""
    op.execute(f"""
        DO $do$ DECLARE source text := pg_get_functiondef('desk.record_deed'::regproc); BEGIN
          IF position($a${old}$a$ IN source) = 0 THEN RAISE 'record_deed has another form than expected'; END IF;
          EXECUTE replace(source, $a${old}$a$, $a${new}$a$);
        END $do$
    """)
