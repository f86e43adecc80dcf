"""A value of the rule book is proposed by one person and holds after a second one agreed, never from a past day.

Revision ID: 0049
Revises: 0048

Why it is built this way: docs/decisions/rule-book.md.
"""

from alembic import op

revision = "0049"
down_revision = "0048"

TABLES = """
CREATE TABLE desk.rule_proposal (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  key character varying(60) NOT NULL,
  valid_from date NOT NULL,
  value jsonb NOT NULL,
  basis text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT rule_proposal_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT rule_proposal_office_id_id_by_key UNIQUE (office_id, id, by),
  CONSTRAINT rule_proposal_basis_check CHECK (btrim(basis) <> '')
);
CREATE INDEX rule_proposal_key_idx ON desk.rule_proposal (office_id, key);
COMMENT ON CONSTRAINT rule_proposal_basis_check ON desk.rule_proposal IS
  'desk: Dasar belum diisi. Tulis peraturan atau keputusan yang menjadi dasarnya.';

CREATE TABLE desk.rule_decision (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  proposal_id uuid NOT NULL,
  proposed_by character varying(63) NOT NULL,
  accepted boolean NOT NULL,
  note text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT rule_decision_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT rule_decision_office_id_proposal_id_key UNIQUE (office_id, proposal_id),
  CONSTRAINT rule_decision_office_id_proposal_id_proposed_by_fkey
    FOREIGN KEY (office_id, proposal_id, proposed_by) REFERENCES desk.rule_proposal (office_id, id, by),
  CONSTRAINT rule_decision_second_person_check CHECK (NOT accepted OR by <> proposed_by)
);
COMMENT ON CONSTRAINT rule_decision_second_person_check ON desk.rule_decision IS
  'desk: Yang mengusulkan nilai tidak boleh menyetujuinya sendiri. Minta administrator lain atau penyelia.';
COMMENT ON CONSTRAINT rule_decision_office_id_proposal_id_key ON desk.rule_decision IS
  'desk: Usulan ini sudah diputus.';
"""

FUNCTIONS = """
-- A value is proposed for a rule that exists, in the shape it has, from today on, and one proposal at a time waits.
CREATE FUNCTION desk.guard_rule_proposal() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  now_value jsonb := desk.rule_value(NEW.office_id, NEW.key, today);
BEGIN
  IF now_value IS NULL OR NEW.key LIKE 'number.%' OR NEW.key IN ('requirements', 'tariff')
     OR jsonb_typeof(now_value) <> jsonb_typeof(NEW.value) THEN
    RAISE EXCEPTION 'desk: Nilai ini tidak diubah di sini, atau bentuknya salah.' USING ERRCODE = '23514';
  END IF;
  IF NEW.valid_from < today THEN
    RAISE EXCEPTION 'desk: Nilai baru tidak dapat berlaku mulai hari yang sudah lewat.' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.rule r WHERE r.office_id = NEW.office_id AND r.key = NEW.key
             AND r.valid_from = NEW.valid_from) THEN
    RAISE EXCEPTION 'desk: Sudah ada nilai yang berlaku mulai tanggal itu. Pilih tanggal lain.' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.rule_proposal p WHERE p.office_id = NEW.office_id AND p.key = NEW.key AND NOT EXISTS (
             SELECT FROM desk.rule_decision d WHERE d.office_id = p.office_id AND d.proposal_id = p.id)) THEN
    RAISE EXCEPTION 'desk: Untuk aturan ini masih ada usulan yang menunggu. Putuskan atau tarik dahulu.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Whoever agrees makes the rule: the row of the rule book is written here and nowhere else.
CREATE FUNCTION desk.decide_rule() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE p record;
BEGIN
  SELECT * INTO p FROM desk.rule_proposal x WHERE x.office_id = NEW.office_id AND x.id = NEW.proposal_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Usulan itu bukan dari kantor Anda.' USING ERRCODE = '42501';
  END IF;
  NEW.proposed_by := p."by";
  IF NOT NEW.accepted OR session_user = p."by" THEN
    RETURN NEW;  -- the constraint speaks about the second person
  END IF;
  IF EXISTS (SELECT FROM desk.rule_decision d WHERE d.office_id = NEW.office_id AND d.proposal_id = NEW.proposal_id) THEN
    RAISE EXCEPTION 'desk: Usulan ini sudah diputus.' USING ERRCODE = '23514';
  END IF;
  IF p.valid_from < desk.today(NEW.office_id) THEN
    RAISE EXCEPTION 'desk: Tanggal mulai usulan ini sudah lewat. Tolak, lalu usulkan lagi dengan tanggal baru.'
      USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.rule r WHERE r.office_id = p.office_id AND r.key = p.key AND r.valid_from = p.valid_from) THEN
    RAISE EXCEPTION 'desk: Sudah ada nilai yang berlaku mulai tanggal itu. Pilih tanggal lain.' USING ERRCODE = '23514';
  END IF;
  INSERT INTO desk.rule (office_id, key, valid_from, value, basis)
  VALUES (p.office_id, p.key, p.valid_from, p.value, p.basis);
  RETURN NEW;
END $$;

-- What a person writes into the rule book alone: the formats of numbers and the list of requirements.
CREATE FUNCTION desk.guard_rule() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user <> 'desk_definer' AND NEW.key NOT LIKE 'number.%' AND NEW.key <> 'requirements'
     AND EXISTS (SELECT FROM desk.person p WHERE p.login = session_user) THEN
    RAISE EXCEPTION 'desk: Nilai buku aturan berlaku setelah orang kedua menyetujuinya.' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
"""

STATED_BY = {"rule_proposal": ("administrator",), "rule_decision": ("supervisor", "administrator")}
GUARDS = (
    ("rule_proposal", "c_guard", "guard_rule_proposal"),
    ("rule_decision", "c_decide", "decide_rule"),
    ("rule", "c_second_person", "guard_rule"),
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
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
        refuse = "EXECUTE FUNCTION desk.refuse_change()"
        op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
        op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} FOR EACH STATEMENT {refuse}")
    for table, name, function in GUARDS:
        op.execute(f"REVOKE EXECUTE ON FUNCTION desk.{function}() FROM PUBLIC")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.{function}()"
        )
    op.execute("ALTER FUNCTION desk.decide_rule() OWNER TO desk_definer")
    op.execute("GRANT SELECT, INSERT ON desk.rule TO desk_definer")


def downgrade() -> None:
    op.execute("REVOKE INSERT ON desk.rule FROM desk_definer")
    for table, name, _ in GUARDS:
        op.execute(f"DROP TRIGGER {name} ON desk.{table}")
    for table in reversed(STATED_BY):
        op.execute(f"DROP TABLE desk.{table}")
    for _, _, function in GUARDS:
        op.execute(f"DROP FUNCTION desk.{function}()")
