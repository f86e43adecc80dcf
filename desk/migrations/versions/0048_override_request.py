"""Asking the supervisor to open the delivery gate: the request with its reason, and a refusal of it; granting is the override itself.

Revision ID: 0048
Revises: 0047

Why it is built this way: docs/decisions/package.md.
"""

from alembic import op

revision = "0048"
down_revision = "0047"

TABLES = """
CREATE TABLE desk.override_request (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  reason text NOT NULL,
  missing text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT override_request_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT override_request_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT override_request_reason_check CHECK (btrim(reason) <> '')
);
CREATE INDEX override_request_case_idx ON desk.override_request (office_id, case_id);
COMMENT ON CONSTRAINT override_request_reason_check ON desk.override_request IS 'desk: Alasan permohonan izin belum ditulis.';

CREATE TABLE desk.override_refusal (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  request_id uuid NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT override_refusal_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT override_refusal_office_id_request_id_key UNIQUE (office_id, request_id),
  CONSTRAINT override_refusal_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT override_refusal_office_id_request_id_fkey
    FOREIGN KEY (office_id, request_id) REFERENCES desk.override_request (office_id, id),
  CONSTRAINT override_refusal_reason_check CHECK (btrim(reason) <> '')
);
COMMENT ON CONSTRAINT override_refusal_office_id_request_id_key ON desk.override_refusal IS
  'desk: Permohonan izin ini sudah diputus.';
COMMENT ON CONSTRAINT override_refusal_reason_check ON desk.override_refusal IS 'desk: Alasan penolakan belum ditulis.';
"""

FUNCTIONS = """
-- A request is for checked data whose gate nobody has opened, and there is one at a time.
CREATE FUNCTION desk.guard_override_request() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id
                 AND c.stage = 'active' AND c.data = 'checked') THEN
    RAISE EXCEPTION 'desk: Izin pengiriman hanya dimohon untuk data yang sudah diperiksa.' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.gate_override g WHERE g.office_id = NEW.office_id AND g.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Izin penyelia sudah ada.' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.override_request r WHERE r.office_id = NEW.office_id AND r.case_id = NEW.case_id
             AND NOT EXISTS (SELECT FROM desk.override_refusal x WHERE x.office_id = r.office_id AND x.request_id = r.id)) THEN
    RAISE EXCEPTION 'desk: Permohonan izin sudah menunggu putusan penyelia.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- A refusal answers a request of the same case that has not been granted meanwhile.
CREATE FUNCTION desk.guard_override_refusal() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.override_request r WHERE r.office_id = NEW.office_id AND r.id = NEW.request_id
                 AND r.case_id = NEW.case_id)
     OR EXISTS (SELECT FROM desk.gate_override g WHERE g.office_id = NEW.office_id AND g.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Tidak ada permohonan izin pengiriman yang menunggu putusan.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""

STATED_BY = {"override_request": "officer", "override_refusal": "supervisor"}


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    refuse = "EXECUTE FUNCTION desk.refuse_change()"
    for name, duty in STATED_BY.items():
        table, function = f"desk.{name}", f"desk.guard_{name}()"
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER TABLE {table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON {table} TO desk_person, desk_definer USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
        op.execute(
            f"CREATE POLICY duty_insert ON {table} AS RESTRICTIVE FOR INSERT TO desk_person "
            f"WITH CHECK (desk.has_duty(office_id, '{{{duty}}}'))"
        )
        op.execute(f"GRANT SELECT ON {table} TO desk_person, desk_backup, desk_definer")
        op.execute(f"GRANT INSERT ON {table} TO desk_{duty}")
        op.execute(f"SELECT audit.watch('{name}', 'id')")
        op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
        op.execute(f"CREATE TRIGGER c_guard BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {function}")
        op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")


def downgrade() -> None:
    op.execute("DROP TABLE desk.override_refusal")
    op.execute("DROP TABLE desk.override_request")
    for name in STATED_BY:
        op.execute(f"DROP FUNCTION desk.guard_{name}()")
