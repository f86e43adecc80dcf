"""Views of lists under a name: everybody's own, and those that a supervisor shares with the office.

Revision ID: 0040
Revises: 0039

Why it is built this way: docs/decisions/views.md.
"""

from alembic import op

revision = "0040"
down_revision = "0039"

PERSON = "desk_person"
KEEP = "desk.keep_view(bigint, uuid, text, jsonb, boolean)"
DROP = "desk.drop_view(bigint, uuid)"

TABLE = """
CREATE TABLE desk.saved_view (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  login character varying(63) NOT NULL,
  name text NOT NULL,
  settings jsonb NOT NULL,
  shared boolean NOT NULL DEFAULT false,
  kept_at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT saved_view_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT saved_view_name_check CHECK (btrim(name) <> '' AND length(name) <= 40),
  CONSTRAINT saved_view_settings_check CHECK (jsonb_typeof(settings) = 'object' AND length(settings::text) <= 4000)
);
CREATE UNIQUE INDEX saved_view_name_idx ON desk.saved_view (office_id, login, lower(name));
COMMENT ON INDEX desk.saved_view_name_idx IS 'desk: Anda sudah punya tampilan dengan nama itu. Pilih nama lain.';
"""

FUNCTIONS = """
-- A person keeps a view of the own, or another state of it. The owner of a view is whoever kept it first; nobody else
-- changes it, and only a supervisor of the office shares.
CREATE FUNCTION desk.keep_view(p_office bigint, p_id uuid, p_name text, p_settings jsonb, p_shared boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT p_office = ANY (desk.my_offices()) THEN
    RAISE EXCEPTION 'desk: Kantor ini bukan kantor Anda.' USING ERRCODE = '42501';
  END IF;
  IF p_shared AND NOT desk.has_duty(p_office, '{supervisor}') THEN
    RAISE EXCEPTION 'desk: Hanya penyelia yang membagikan tampilan kepada kantor.' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT FROM desk.saved_view v WHERE v.office_id = p_office AND v.id = p_id AND v.login <> session_user) THEN
    RAISE EXCEPTION 'desk: Tampilan ini milik rekan. Simpan sebagai tampilan Anda sendiri.' USING ERRCODE = '42501';
  END IF;
  IF (SELECT count(*) FROM desk.saved_view v WHERE v.office_id = p_office AND v.login = session_user AND v.id <> p_id) >= 20
  THEN
    RAISE EXCEPTION 'desk: Anda sudah punya 20 tampilan di kantor ini. Hapus yang tidak dipakai.' USING ERRCODE = '23514';
  END IF;
  INSERT INTO desk.saved_view AS v (office_id, id, login, name, settings, shared)
  VALUES (p_office, p_id, session_user, p_name, p_settings, p_shared)
  ON CONFLICT (office_id, id) DO UPDATE SET name = excluded.name, settings = excluded.settings,
    shared = excluded.shared, kept_at = excluded.kept_at
  WHERE v.login = session_user
    AND (v.name, v.settings, v.shared) IS DISTINCT FROM (excluded.name, excluded.settings, excluded.shared);
END $$;

CREATE FUNCTION desk.drop_view(p_office bigint, p_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM desk.saved_view v WHERE v.office_id = p_office AND v.id = p_id AND v.login = session_user;
END $$;
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(FUNCTIONS)
    table = "desk.saved_view"
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE {table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON {table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    # How somebody sorts the own work is nobody else's business.
    op.execute(
        f"CREATE POLICY own ON {table} AS RESTRICTIVE FOR SELECT TO {PERSON} USING (login = session_user OR shared)"
    )
    op.execute(f"GRANT SELECT ON {table} TO {PERSON}, desk_backup")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO desk_definer")
    op.execute("SELECT audit.watch('saved_view', 'id')")
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in (KEEP, DROP):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {PERSON}")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")


def downgrade() -> None:
    for function in (KEEP, DROP):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP TABLE desk.saved_view")
