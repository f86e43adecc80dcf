"""After delivery: the days to check, corrections that come late, and the results that the customer owes to BPS.

Revision ID: 0038
Revises: 0037

Why it is built this way: docs/decisions/after-delivery.md.
"""

from alembic import op

revision = "0038"
down_revision = "0037"

TABLES = """
ALTER TABLE desk.delivery
  ADD COLUMN check_until date, ADD COLUMN results_due date, ADD COLUMN replaces uuid,
  ADD CONSTRAINT delivery_office_id_replaces_fkey FOREIGN KEY (office_id, replaces) REFERENCES desk.delivery (office_id, id);

CREATE TABLE desk.late_correction (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  asked_on date NOT NULL,
  receipt_number text NOT NULL DEFAULT '',
  wrong text NOT NULL,
  origin character varying(30) NOT NULL,
  line_id uuid,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT late_correction_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT late_correction_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT late_correction_office_id_delivery_id_fkey
    FOREIGN KEY (office_id, delivery_id) REFERENCES desk.delivery (office_id, id),
  CONSTRAINT late_correction_origin_check CHECK (origin IN ('preparation', 'catalogue', 'request')),
  CONSTRAINT late_correction_wrong_check CHECK (btrim(wrong) <> '')
);
CREATE INDEX late_correction_case_idx ON desk.late_correction (office_id, case_id);

CREATE TABLE desk.late_correction_decision (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  late_correction_id uuid NOT NULL,
  allowed boolean NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT late_correction_decision_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT late_correction_decision_office_id_late_correction_id_key UNIQUE (office_id, late_correction_id),
  CONSTRAINT late_correction_decision_office_id_case_id_fkey
    FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT late_correction_decision_office_id_late_correction_id_fkey
    FOREIGN KEY (office_id, late_correction_id) REFERENCES desk.late_correction (office_id, id),
  CONSTRAINT late_correction_decision_reason_check CHECK (btrim(reason) <> '')
);
COMMENT ON CONSTRAINT late_correction_decision_office_id_late_correction_id_key ON desk.late_correction_decision IS
  'desk: Permintaan perbaikan ini sudah diputus.';
COMMENT ON CONSTRAINT late_correction_decision_reason_check ON desk.late_correction_decision IS 'desk: Alasan belum ditulis.';

CREATE TABLE desk.results_note (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  kind character varying(20) NOT NULL,
  on_day date NOT NULL,
  note text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT results_note_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT results_note_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT results_note_kind_check CHECK (kind IN ('reminded', 'received', 'waived')),
  CONSTRAINT results_note_reason_check CHECK (kind <> 'waived' OR btrim(note) <> '')
);
CREATE INDEX results_note_case_idx ON desk.results_note (office_id, case_id);
CREATE UNIQUE INDEX results_note_end_idx ON desk.results_note (office_id, case_id) WHERE kind IN ('received', 'waived');
COMMENT ON INDEX desk.results_note_end_idx IS 'desk: Kewajiban menyerahkan hasil pada permohonan ini sudah selesai.';
COMMENT ON CONSTRAINT results_note_reason_check ON desk.results_note IS 'desk: Alasan pembebasan belum ditulis.';
"""

FUNCTIONS = """
-- So many working days after a day of the office, that day excluded (desk/rules/working_days.py; a test compares them).
CREATE FUNCTION desk.add_working_days(p_office bigint, p_from date, p_days bigint) RETURNS date LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  answer date := p_from;
  left_over bigint := p_days;
BEGIN
  WHILE left_over > 0 LOOP
    answer := answer + 1;
    IF extract(isodow FROM answer) < 6 AND NOT EXISTS (
      SELECT FROM desk.holiday h WHERE h.office_id IN (p_office, 0) AND h.day = answer) THEN
      left_over := left_over - 1;
    END IF;
  END LOOP;
  RETURN answer;
END $$;

-- The promises of a delivery are the server's words: how long the customer may check, when results are owed, and which
-- delivery it replaces. Runs after the version is known (triggers fire by name).
CREATE FUNCTION desk.promise_delivery() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  months bigint := (desk.rule_value(NEW.office_id, 'results_months', today) #>> '{}')::bigint;
BEGIN
  NEW.check_until := desk.add_working_days(NEW.office_id, today,
    coalesce((desk.rule_value(NEW.office_id, 'acceptance_days', today) #>> '{}')::bigint, 5));
  NEW.results_due := coalesce(
    (SELECT min(d.results_due) FROM desk.delivery d WHERE d.office_id = NEW.office_id AND d.case_id = NEW.case_id),
    CASE WHEN months > 0 THEN (today + make_interval(months => months::int))::date END);
  NEW.replaces := (SELECT d.id FROM desk.delivery d WHERE d.office_id = NEW.office_id AND d.case_id = NEW.case_id
    AND d.version < NEW.version ORDER BY d.sequence DESC LIMIT 1);
  RETURN NEW;
END $$;

-- The last delivery of a case, and whether its days to check are over.
CREATE FUNCTION desk.guard_correction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE d record;
BEGIN
  SELECT x.* INTO d FROM desk.delivery x WHERE x.office_id = NEW.office_id AND x.case_id = NEW.case_id
  ORDER BY x.sequence DESC LIMIT 1;
  IF d.id IS DISTINCT FROM NEW.delivery_id THEN
    RAISE EXCEPTION 'desk: Perbaikan hanya untuk pengiriman yang terakhir.' USING ERRCODE = '23514';
  END IF;
  NEW.asked_on := desk.today(NEW.office_id);
  IF d.check_until < NEW.asked_on AND NOT EXISTS (
    SELECT FROM desk.late_correction n JOIN desk.late_correction_decision x
      ON x.office_id = n.office_id AND x.late_correction_id = n.id AND x.allowed
    WHERE n.office_id = NEW.office_id AND n.delivery_id = d.id) THEN
    RAISE EXCEPTION 'desk: Masa pemeriksaan sudah lewat; perbaikan hanya dengan izin penyelia.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_late_correction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.delivery_id IS DISTINCT FROM (SELECT x.id FROM desk.delivery x WHERE x.office_id = NEW.office_id
      AND x.case_id = NEW.case_id ORDER BY x.sequence DESC LIMIT 1) THEN
    RAISE EXCEPTION 'desk: Perbaikan hanya untuk pengiriman yang terakhir.' USING ERRCODE = '23514';
  END IF;
  NEW.asked_on := desk.today(NEW.office_id);
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_results_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.delivery d WHERE d.office_id = NEW.office_id AND d.case_id = NEW.case_id
                 AND d.results_due IS NOT NULL) THEN
    RAISE EXCEPTION 'desk: Permohonan ini belum punya kewajiban menyerahkan hasil.' USING ERRCODE = '23514';
  END IF;
  IF NEW.kind = 'waived' AND NOT desk.has_duty(NEW.office_id, '{supervisor}') THEN
    RAISE EXCEPTION 'desk: Hanya penyelia yang membebaskan pengguna data dari kewajibannya.' USING ERRCODE = '42501';
  END IF;
  IF NEW.kind <> 'received' OR NEW.on_day > desk.today(NEW.office_id) THEN
    NEW.on_day := desk.today(NEW.office_id);
  END IF;
  RETURN NEW;
END $$;

-- A case closes when the customer has said yes, or has said nothing until the last day to check.
CREATE FUNCTION desk.guard_closing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id AND c.data = 'delivered')
     AND NOT coalesce((SELECT d.check_until < desk.today(NEW.office_id) FROM desk.delivery d
       WHERE d.office_id = NEW.office_id AND d.case_id = NEW.case_id ORDER BY d.sequence DESC LIMIT 1), false) THEN
    RAISE EXCEPTION 'desk: Pengguna data belum menyatakan sesuai dan masa pemeriksaannya belum lewat.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""

STATED_BY = {
    "late_correction": ("officer",), "late_correction_decision": ("supervisor",), "results_note": ("officer", "supervisor"),
}
OF_DEFINER = (
    "desk.promise_delivery()", "desk.guard_correction()", "desk.guard_late_correction()", "desk.guard_results_note()",
    "desk.guard_closing()",
)
COUNTED = "desk.add_working_days(bigint, date, bigint)"
TRIGGERS = (
    ("delivery", "e_promise", "promise_delivery", ""),
    ("correction", "c_guard", "guard_correction", ""),
    ("late_correction", "c_guard", "guard_late_correction", ""),
    ("results_note", "c_guard", "guard_results_note", ""),
    ("event", "c_closing", "guard_closing", "WHEN (NEW.action = 'close_case') "),
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    for function in (COUNTED, *OF_DEFINER):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    for function in OF_DEFINER:
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute(f"GRANT EXECUTE ON FUNCTION {COUNTED} TO desk_person, desk_definer")
    # Deliveries of the time before get the days to check of the standards, and no duty that nobody promised them. The
    # column is filled behind the log on purpose: a changed fact would be a finding, a column that came later is none.
    op.execute("ALTER TABLE desk.delivery DISABLE TRIGGER USER")
    op.execute("UPDATE desk.delivery SET check_until = desk.add_working_days(office_id, delivered_on, 5)")
    op.execute("ALTER TABLE desk.delivery ENABLE TRIGGER USER")
    op.execute("ALTER TABLE desk.delivery ALTER COLUMN check_until SET NOT NULL")
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for table, duties in STATED_BY.items():
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON desk.{table} TO desk_person, desk_definer USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
        op.execute(
            f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO desk_person "
            f"WITH CHECK (desk.has_duty(office_id, '{{{','.join(duties)}}}'::text[]))"
        )
        op.execute(f"GRANT SELECT ON desk.{table} TO desk_person, desk_backup, desk_definer")
        op.execute(f"GRANT INSERT ON desk.{table} TO {', '.join(f'desk_{duty}' for duty in duties)}")
        op.execute(f"SELECT audit.watch('{table}', 'id')")
        op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} "
            "FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
        )
    for table, name, function, when in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON desk.{table} FOR EACH ROW {when}EXECUTE FUNCTION desk.{function}()"
        )


def downgrade() -> None:
    for table, name, _, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON desk.{table}")
    for table in ("results_note", "late_correction_decision", "late_correction"):
        op.execute(f"DROP TABLE desk.{table}")
    op.execute("ALTER TABLE desk.delivery DROP COLUMN replaces, DROP COLUMN results_due, DROP COLUMN check_until")
    for function in (*OF_DEFINER, COUNTED):
        op.execute(f"DROP FUNCTION {function}")
