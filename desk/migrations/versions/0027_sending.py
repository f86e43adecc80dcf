"""Data leave by the office's mail: a part of the package hangs on a mail, and a delivery that did not arrive is a fact.

Revision ID: 0027
Revises: 0026

Between the deed and the word of the mail server the data are under way (`sending`). Why: docs/decisions/package.md.
"""

from alembic import op

revision = "0027"
down_revision = "0026"

PERSON = "desk_person"
STATED_BY = {
    "outgoing_part": ("officer",),
    "delivery_failure": ("officer", "treasurer", "supervisor"),
}
KEYS = {"outgoing_part": "outgoing_id", "delivery_failure": "id"}
STATES = "'none', 'preparing', 'prepared', 'checked', {sending}'delivered', 'correcting', 'confirmed'"

TABLES = """
CREATE TABLE desk.outgoing_part (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  outgoing_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  position bigint NOT NULL,
  name text NOT NULL,
  path text NOT NULL,
  size bigint NOT NULL,
  sha256 character varying(64) NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT outgoing_part_pkey PRIMARY KEY (office_id, outgoing_id),
  CONSTRAINT outgoing_part_office_id_delivery_id_position_key UNIQUE (office_id, delivery_id, position),
  CONSTRAINT outgoing_part_office_id_outgoing_id_fkey FOREIGN KEY (office_id, outgoing_id)
    REFERENCES desk.outgoing_mail (office_id, id),
  CONSTRAINT outgoing_part_office_id_delivery_id_fkey FOREIGN KEY (office_id, delivery_id)
    REFERENCES desk.delivery (office_id, id)
);
CREATE TABLE desk.delivery_failure (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT delivery_failure_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT delivery_failure_office_id_delivery_id_key UNIQUE (office_id, delivery_id),
  CONSTRAINT delivery_failure_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT delivery_failure_office_id_delivery_id_fkey FOREIGN KEY (office_id, delivery_id)
    REFERENCES desk.delivery (office_id, id),
  CONSTRAINT delivery_failure_reason_check CHECK (btrim(reason) <> '')
);
CREATE INDEX delivery_failure_case_idx ON desk.delivery_failure (office_id, case_id);
COMMENT ON CONSTRAINT delivery_failure_office_id_delivery_id_key ON desk.delivery_failure IS
  'desk: Kiriman ini sudah tercatat tidak sampai.';
COMMENT ON CONSTRAINT delivery_failure_reason_check ON desk.delivery_failure IS 'desk: Alasan belum ditulis.';
"""

FUNCTIONS = """
-- A mail carries a part of the package exactly as the delivery records it: its writer's, of the same case, before anybody
-- has begun to send.
CREATE FUNCTION desk.guard_outgoing_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mail record;
  sent record;
  part jsonb;
BEGIN
  SELECT * INTO mail FROM desk.outgoing_mail o
  WHERE o.office_id = NEW.office_id AND o.id = NEW.outgoing_id AND o."by" = session_user FOR UPDATE;
  IF NOT FOUND OR EXISTS (SELECT FROM desk.outgoing_step s
                          WHERE s.office_id = NEW.office_id AND s.outgoing_id = NEW.outgoing_id) THEN
    RAISE EXCEPTION 'desk: Paket hanya dapat dilampirkan oleh penulis surel, sebelum surel mulai dikirim.'
      USING ERRCODE = '23514';
  END IF;
  SELECT * INTO sent FROM desk.delivery d
  WHERE d.office_id = NEW.office_id AND d.id = NEW.delivery_id AND d.case_id = mail.case_id AND d."by" = session_user;
  part := sent.package->(NEW.position::int - 1);
  IF part IS NULL OR part->>'name' IS DISTINCT FROM NEW.name OR part->>'sha256' IS DISTINCT FROM NEW.sha256
     OR (part->>'size')::bigint IS DISTINCT FROM NEW.size THEN
    RAISE EXCEPTION 'desk: Lampiran itu bukan bagian paket yang tercatat pada pengiriman ini.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_delivery_failure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.delivery d WHERE d.office_id = NEW.office_id AND d.id = NEW.delivery_id
                 AND d.case_id = NEW.case_id AND d.sequence = (SELECT max(x.sequence) FROM desk.delivery x
                   WHERE x.office_id = NEW.office_id AND x.case_id = NEW.case_id)) THEN
    RAISE EXCEPTION 'desk: Hanya kiriman terakhir yang dapat dicatat tidak sampai.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGERS = ("desk.guard_outgoing_part()", "desk.guard_delivery_failure()")

# What stands in a function of an earlier migration, and what stands there from now on.
CHANGES = (
    (
        "desk.check_tracks",
        "c.data IN ('checked', 'delivered', 'confirmed')",
        "c.data IN ('checked', 'sending', 'delivered', 'confirmed')",
    ),
    (
        "desk.check_tracks",
        "c.data IN ('delivered', 'confirmed', 'correcting')",
        "c.data IN ('sending', 'delivered', 'confirmed', 'correcting')",
    ),
    # The package lies where its maker could write it: a mail with a part waits for its maker's own program.
    (
        "desk.take_outgoing",
        "AND desk.outgoing_state(o.office_id, o.id) = 'waiting'",
        'AND (o."by" = session_user OR NOT EXISTS (SELECT FROM desk.outgoing_part t'
        " WHERE t.office_id = o.office_id AND t.outgoing_id = o.id))"
        " AND desk.outgoing_state(o.office_id, o.id) = 'waiting'",
    ),
    (
        "desk.take_outgoing",
        "ORDER BY o.at, o.id LIMIT 1",
        "ORDER BY o.at, (SELECT t.position FROM desk.outgoing_part t WHERE t.office_id = o.office_id"
        " AND t.outgoing_id = o.id), o.id LIMIT 1",
    ),
)


def upgrade() -> None:
    _name_states("'sending', ")
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in TRIGGERS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    for function, before, after in CHANGES:
        _change(function, before, after)
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    for table, duties in STATED_BY.items():
        _protect(table, duties)
    for table, function in (("outgoing_part", "guard_outgoing_part"), ("delivery_failure", "guard_delivery_failure")):
        op.execute(
            f"CREATE TRIGGER b_guard BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.{function}()"
        )


def _name_states(sending: str) -> None:
    op.execute(
        "ALTER TABLE desk.cases DROP CONSTRAINT cases_data_check, "
        f"ADD CONSTRAINT cases_data_check CHECK (data IN ({STATES.format(sending=sending)}))"
    )


def _change(function: str, before: str, after: str) -> None:
    """Replaces a piece of a function and leaves the rest of it as whichever migration wrote it."""
    op.execute(
        f"DO $do$ DECLARE source text := pg_get_functiondef('{function}'::regproc); BEGIN "
        f"IF strpos(source, $a${before}$a$) = 0 THEN RAISE EXCEPTION 'not found in {function}'; END IF; "
        f"EXECUTE replace(source, $a${before}$a$, $a${after}$a$); END $do$"
    )


def _protect(table: str, duties: tuple[str, ...]) -> None:
    """Row policies, the server's signature, no change, and the audit log."""
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
        f"WITH CHECK (desk.has_duty(office_id, '{{{','.join(duties)}}}'))"
    )
    op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}, desk_definer, desk_backup")
    op.execute(f"GRANT INSERT ON desk.{table} TO {', '.join(f'desk_{duty}' for duty in duties)}")
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    refuse = "EXECUTE FUNCTION desk.refuse_change()"
    op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} FOR EACH STATEMENT {refuse}")
    op.execute(f"SELECT audit.watch('{table}', '{KEYS[table]}')")


def downgrade() -> None:
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function, before, after in CHANGES:
        _change(function, after, before)
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    for table in STATED_BY:
        op.execute(f"DROP TABLE desk.{table}")
    for function in TRIGGERS:
        op.execute(f"DROP FUNCTION {function}")
    _name_states("")
