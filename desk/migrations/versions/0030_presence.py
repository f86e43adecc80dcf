"""Who is in which case right now, and since when each person has looked at a case.

Revision ID: 0030
Revises: 0029

Why it is built this way: docs/decisions/presence.md.
"""

from alembic import op

revision = "0030"
down_revision = "0029"

PERSON = "desk_person"
LOOK_AT = "desk.look_at(bigint, uuid, text)"
LOOK_AWAY = "desk.look_away()"

DEFINITIONS = """
CREATE TABLE desk.presence (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  login character varying(63) NOT NULL,
  pid bigint NOT NULL,
  case_id uuid NOT NULL,
  doing character varying(40) NOT NULL DEFAULT '',
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT presence_pkey PRIMARY KEY (office_id, login, pid),
  CONSTRAINT presence_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id)
);
CREATE TABLE desk.case_look (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  login character varying(63) NOT NULL,
  case_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT case_look_pkey PRIMARY KEY (office_id, login, case_id),
  CONSTRAINT case_look_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id)
);
"""

FUNCTIONS = """
-- The caller has this case in front of him or her, and has read it up to now. A person is there as long as the connection
-- that said so lives: whoever is gone without a word is cleared away by the next one who comes.
CREATE FUNCTION desk.look_at(p_office bigint, p_case uuid, p_doing text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = p_office AND c.id = p_case) THEN
    RAISE EXCEPTION 'desk: Permohonan tidak ditemukan di kantor Anda.' USING ERRCODE = '42501';
  END IF;
  DELETE FROM desk.presence p WHERE p.login = session_user AND p.pid = pg_backend_pid() AND p.office_id <> p_office;
  DELETE FROM desk.presence p WHERE p.office_id = p_office
    AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = p.pid AND a.usename = p.login);
  INSERT INTO desk.presence AS p (office_id, login, pid, case_id, doing)
  VALUES (p_office, session_user, pg_backend_pid(), p_case, left(p_doing, 40))
  ON CONFLICT (office_id, login, pid) DO UPDATE SET case_id = excluded.case_id, doing = excluded.doing, at = excluded.at;
  INSERT INTO desk.case_look (office_id, login, case_id) VALUES (p_office, session_user, p_case)
  ON CONFLICT (office_id, login, case_id) DO UPDATE SET at = excluded.at;
  PERFORM pg_notify('desk_office_' || p_office, '');
END $$;

CREATE FUNCTION desk.look_away() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  office bigint;
BEGIN
  DELETE FROM desk.presence p WHERE p.login = session_user AND p.pid = pg_backend_pid() RETURNING p.office_id INTO office;
  IF office IS NOT NULL THEN
    PERFORM pg_notify('desk_office_' || office, '');
  END IF;
END $$;
"""


def upgrade() -> None:
    op.execute(DEFINITIONS)
    op.execute(FUNCTIONS)
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for table in ("presence", "case_look"):
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
        op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}, desk_backup")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON desk.{table} TO desk_definer")
    op.execute("GRANT DELETE ON desk.presence TO desk_definer")
    # What somebody has read is nobody else's business.
    op.execute(
        f"CREATE POLICY own ON desk.case_look AS RESTRICTIVE FOR SELECT TO {PERSON} USING (login = session_user)"
    )
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in (LOOK_AT, LOOK_AWAY):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {PERSON}")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")


def downgrade() -> None:
    for function in (LOOK_AT, LOOK_AWAY):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("case_look", "presence"):
        op.execute(f"DROP TABLE desk.{table}")
