"""Templates of an office hold only after a second person activated them from a day on; their bytes never change.

Revision ID: 0022
Revises: 0021

Why it is built this way: docs/decisions/templates.md.
"""

from alembic import op

revision = "0022"
down_revision = "0021"

PERSON = "desk_person"
ACTIVATED_BY = ("supervisor", "administrator")
LARGEST = 8 << 20
"""Bytes of a template; the shipped ones have 10 to 40 KB, a letterhead with pictures some hundred."""

TABLES = f"""
ALTER TABLE desk.template
  ADD CONSTRAINT template_office_id_id_by_key UNIQUE (office_id, id, by),
  ADD CONSTRAINT template_bytes_check CHECK (sha256 = encode(pg_catalog.sha256(content), 'hex')),
  ADD CONSTRAINT template_size_check CHECK (octet_length(content) <= {LARGEST});
COMMENT ON CONSTRAINT template_bytes_check ON desk.template IS
  'desk: Isi templat tidak cocok dengan sidik jarinya. Pilih berkasnya sekali lagi.';
COMMENT ON CONSTRAINT template_size_check ON desk.template IS
  'desk: Templat lebih besar dari 8 MB. Perkecil gambar di dalamnya.';
COMMENT ON CONSTRAINT template_office_id_kind_version_key ON desk.template IS
  'desk: Rekan baru saja mengunggah versi naskah ini. Baca ulang, lalu unggah lagi.';

CREATE TABLE desk.template_activation (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  template_id uuid NOT NULL,
  uploaded_by character varying(63) NOT NULL,
  starts_on date NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT template_activation_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT template_activation_office_id_template_id_uploaded_by_fkey
    FOREIGN KEY (office_id, template_id, uploaded_by) REFERENCES desk.template (office_id, id, by),
  CONSTRAINT template_activation_second_person_check CHECK (by <> uploaded_by)
);
CREATE INDEX template_activation_template_idx ON desk.template_activation (office_id, template_id);
COMMENT ON CONSTRAINT template_activation_second_person_check ON desk.template_activation IS
  'desk: Yang mengunggah templat tidak boleh mengaktifkannya sendiri. Minta administrator lain atau penyelia.';
-- What offices used before there was a second person stays in use.
INSERT INTO desk.template_activation (office_id, id, template_id, uploaded_by, starts_on, by, at)
  SELECT t.office_id, gen_random_uuid(), t.id, t.by, t.valid_from, 'desk_owner', t.at
  FROM desk.template t WHERE t.office_id <> 0;
"""

FUNCTIONS = """
-- The template that a paper of this kind is made from on a day: the version of the office that was activated last from a
-- day not later than it, else the newest shipped one. Null when there is none.
CREATE FUNCTION desk.template_on(p_office bigint, p_kind text, p_day date) RETURNS uuid LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    (SELECT a.template_id FROM desk.template_activation a
     JOIN desk.template t ON t.office_id = a.office_id AND t.id = a.template_id
     WHERE a.office_id = p_office AND t.kind = p_kind AND a.starts_on <= p_day
     ORDER BY a.starts_on DESC, a.at DESC, t.version DESC LIMIT 1),
    (SELECT t.id FROM desk.template t WHERE t.office_id = 0 AND t.kind = p_kind AND t.valid_from <= p_day
     ORDER BY t.valid_from DESC, t.version DESC LIMIT 1))
$$;

-- The version and the day of a template that a person brings are the server's words.
CREATE FUNCTION desk.number_template() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.version := 1 + coalesce((SELECT max(t.version) FROM desk.template t
                               WHERE t.office_id = NEW.office_id AND t.kind = NEW.kind), 0);
  IF NEW.office_id <> 0 THEN
    NEW.valid_from := desk.today(NEW.office_id);
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_activation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT t.by INTO NEW.uploaded_by FROM desk.template t WHERE t.office_id = NEW.office_id AND t.id = NEW.template_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Templat ini bukan milik kantor Anda.' USING ERRCODE = '42501';
  END IF;
  IF NEW.starts_on < desk.today(NEW.office_id) THEN
    RAISE EXCEPTION 'desk: Templat tidak dapat berlaku mulai hari yang sudah lewat.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""

IN_FORCE = "desk.template_on(bigint, text, date)"
OF_TRIGGERS = ("desk.number_template()", "desk.guard_activation()")


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    for function in (IN_FORCE, *OF_TRIGGERS):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {IN_FORCE} TO {PERSON}, desk_definer")
    table = "desk.template_activation"
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE {table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON {table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON {table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
        f"WITH CHECK (desk.has_duty(office_id, '{{{','.join(ACTIVATED_BY)}}}'))"
    )
    op.execute(f"GRANT SELECT ON {table} TO {PERSON}, desk_backup, desk_definer")
    op.execute(f"GRANT INSERT ON {table} TO {', '.join(f'desk_{duty}' for duty in ACTIVATED_BY)}")
    op.execute("SELECT audit.watch('template_activation', 'id')")
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(f"CREATE TRIGGER c_guard BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.guard_activation()")
    op.execute(
        "CREATE TRIGGER b_number BEFORE INSERT ON desk.template FOR EACH ROW EXECUTE FUNCTION desk.number_template()"
    )
    refuse = "EXECUTE FUNCTION desk.refuse_change()"
    for fact in (table, "desk.template"):
        op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {fact} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {fact} FOR EACH STATEMENT {refuse}")


def downgrade() -> None:
    for trigger in ("final_all", "final", "b_number"):
        op.execute(f"DROP TRIGGER {trigger} ON desk.template")
    op.execute("DROP TABLE desk.template_activation")
    for function in (IN_FORCE, *OF_TRIGGERS):
        op.execute(f"DROP FUNCTION {function}")
    op.execute(
        "ALTER TABLE desk.template DROP CONSTRAINT template_office_id_id_by_key, "
        "DROP CONSTRAINT template_bytes_check, DROP CONSTRAINT template_size_check"
    )
    op.execute("COMMENT ON CONSTRAINT template_office_id_kind_version_key ON desk.template IS NULL")
