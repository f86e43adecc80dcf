"""The tasks of a preparation: listed per product in the rule book, ticked as facts, a gate before the second officer.

Revision ID: 0046
Revises: 0045

Why it is built this way: docs/decisions/preparation.md.
"""

from alembic import op

revision = "0046"
down_revision = "0045"

TABLE = """
CREATE TABLE desk.preparation_task (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  attempt bigint NOT NULL,
  product character varying(20) NOT NULL,
  task character varying(30) NOT NULL,
  label text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT preparation_task_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT preparation_task_office_id_case_id_fkey FOREIGN KEY (office_id, case_id)
    REFERENCES desk.cases (office_id, id),
  CONSTRAINT preparation_task_office_id_case_id_attempt_product_task_key
    UNIQUE (office_id, case_id, attempt, product, task),
  CONSTRAINT preparation_task_product_check CHECK (product IN ('full', 'variables', 'map', 'publication'))
);
COMMENT ON CONSTRAINT preparation_task_office_id_case_id_attempt_product_task_key ON desk.preparation_task IS
  'desk: Tugas ini sudah dicentang.';
"""

FUNCTIONS = r"""
-- What a line of an order is to whoever prepares it: a map, a publication, a whole dataset, or chosen variables of one.
-- The list of names is read as desk/rules/preparation.py does; a test holds the two against each other.
CREATE FUNCTION desk.product_of(p_tariff text, p_detail text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_tariff LIKE 'map%' THEN 'map' WHEN p_tariff LIKE 'publication%' THEN 'publication'
    WHEN p_tariff = 'microdata_processed' OR (
      SELECT count(*) > 1 AND bool_and(btrim(w, E' \t\r') ~ '^[A-Za-z_][A-Za-z0-9_.]{0,31}$')
      FROM regexp_split_to_table(p_detail, E'[,;\n]') AS w WHERE btrim(w, E' \t\r') <> '') THEN 'variables'
    ELSE 'full' END
$$;

-- The tasks of the preparation of a case that goes on, or of the last one: the list that was in force on the day it
-- began, for each product that is in the order, and who has ticked what.
CREATE FUNCTION desk.preparation_tasks(p_office bigint, p_case uuid)
RETURNS TABLE (product text, code text, label text, done_by text, done_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH place AS (
    SELECT coalesce((SELECT max(p.attempt) FROM desk.preparation p
        WHERE p.office_id = p_office AND p.case_id = p_case), 0)
        + (c.data IN ('preparing', 'correcting'))::int AS attempt,
      coalesce((SELECT (max(v.at) AT TIME ZONE o.zone)::date FROM desk.event v
        WHERE v.office_id = p_office AND v.case_id = p_case AND v.after->>'data' IN ('preparing', 'correcting')
          AND v.before->>'data' IS DISTINCT FROM v.after->>'data'), desk.today(p_office)) AS day
    FROM desk.cases c JOIN desk.office o ON o.id = c.office_id WHERE c.office_id = p_office AND c.id = p_case
  ), ordered AS (
    SELECT DISTINCT desk.product_of(l.tariff, l.detail) AS product FROM desk.case_line l
    WHERE l.office_id = p_office AND l.case_id = p_case AND l.fit = 'fits'
  )
  SELECT r.product, e.task->>'code', e.task->>'label', t."by", t.at
  FROM place w CROSS JOIN ordered r
  CROSS JOIN LATERAL jsonb_array_elements(desk.rule_value(p_office, 'preparation_tasks', w.day)->r.product)
    WITH ORDINALITY AS e (task, place)
  LEFT JOIN desk.preparation_task t ON t.office_id = p_office AND t.case_id = p_case AND t.attempt = w.attempt
    AND t.product = r.product AND t.task = e.task->>'code'
  ORDER BY array_position('{full,variables,map,publication}'::text[], r.product), e.place
$$;

-- A task is ticked while the data are being prepared, for that preparation, in the words of the list.
CREATE FUNCTION desk.guard_preparation_task() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id
                 AND c.stage = 'active' AND c.data IN ('preparing', 'correcting')) THEN
    RAISE EXCEPTION 'desk: Tugas penyiapan hanya dicentang selama data disiapkan.' USING ERRCODE = '23514';
  END IF;
  NEW.attempt := 1 + coalesce((SELECT max(p.attempt) FROM desk.preparation p
                               WHERE p.office_id = NEW.office_id AND p.case_id = NEW.case_id), 0);
  SELECT t.label INTO NEW.label FROM desk.preparation_tasks(NEW.office_id, NEW.case_id) t
  WHERE t.product = NEW.product AND t.code = NEW.task;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Tugas itu tidak ada pada daftar penyiapan permohonan ini.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Nothing goes to the second officer while a task of its list is open.
CREATE FUNCTION desk.guard_preparation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE missing text;
BEGIN
  SELECT string_agg(t.label, '; ') INTO missing FROM desk.preparation_tasks(NEW.office_id, NEW.case_id) t
  WHERE t.done_by IS NULL;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'desk: Tugas penyiapan belum dicentang: %.', missing USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""

READ = ("desk.product_of(text, text)", "desk.preparation_tasks(bigint, uuid)")
GUARDS = (
    ("preparation_task", "c_guard", "guard_preparation_task"),
    ("preparation", "c_tasks", "guard_preparation"),
)
OF_TRIGGERS = tuple(f"desk.{function}()" for _, _, function in GUARDS)


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(FUNCTIONS)
    for function in (*READ, *OF_TRIGGERS):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    for function in READ:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO desk_person, desk_definer")
    table = "desk.preparation_task"
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE {table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON {table} TO desk_person, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON {table} AS RESTRICTIVE FOR INSERT TO desk_person "
        "WITH CHECK (desk.has_duty(office_id, '{officer}'::text[]))"
    )
    op.execute(f"GRANT SELECT ON {table} TO desk_person, desk_backup, desk_definer")
    op.execute(f"GRANT INSERT ON {table} TO desk_officer")
    op.execute("SELECT audit.watch('preparation_task', 'id')")
    refuse = "EXECUTE FUNCTION desk.refuse_change()"
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    for guarded, name, function in GUARDS:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON desk.{guarded} FOR EACH ROW EXECUTE FUNCTION desk.{function}()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER c_tasks ON desk.preparation")
    op.execute("DROP TABLE desk.preparation_task")
    for function in (*OF_TRIGGERS, *reversed(READ)):
        op.execute(f"DROP FUNCTION {function}")
