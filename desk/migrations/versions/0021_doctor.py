"""The doctor for administrators, and the card of a person that can be put right.

Revision ID: 0021
Revises: 0020

Why it is built this way: docs/decisions/audit.md and people.md.
"""

from alembic import op

revision = "0021"
down_revision = "0020"

TABLE = """
CREATE TABLE desk.doctor_check (
  name character varying(40) NOT NULL,
  question text NOT NULL,
  CONSTRAINT doctor_check_pkey PRIMARY KEY (name)
);
"""

EXAMINE = """
-- The answer to one published question of the doctor, for the administrator of an office: what concerns his or her own
-- offices, and what concerns the whole database. The questions are the owner's (like the table of actions), and they are
-- asked with the eyes of the backup, which reads everything and writes nothing.
CREATE FUNCTION desk.examine(p_check text) RETURNS SETOF jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked text;
  answer jsonb;
BEGIN
  IF NOT EXISTS (SELECT FROM desk.office o WHERE desk.has_duty(o.id, '{administrator}')) THEN
    RAISE EXCEPTION 'desk: Hanya administrator yang dapat memeriksa basis data.' USING ERRCODE = '42501';
  END IF;
  SELECT c.question INTO asked FROM desk.doctor_check c WHERE c.name = p_check;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Pemeriksaan "%" tidak dikenal basis data. Perbarui program atau basis data.', p_check
      USING ERRCODE = '23514';
  END IF;
  FOR answer IN EXECUTE format('SELECT to_jsonb(f) FROM (%s) f LIMIT 500', asked) LOOP
    IF (answer->>'office_id') IS NULL OR desk.has_duty((answer->>'office_id')::bigint, '{administrator}') THEN
      RETURN NEXT answer;
    END IF;
  END LOOP;
END $$;
"""

PERSON = """
-- Puts name, NIP and position of a person right; papers that are issued keep what they were issued with.
CREATE FUNCTION desk.change_person(p_office bigint, p_login text, p_name text, p_nip text, p_position text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who desk.person := desk.need_own_person(p_office, p_login, true);
BEGIN
  IF btrim(coalesce(p_name, '')) = '' THEN
    RAISE EXCEPTION 'desk: Nama orang belum diisi.' USING ERRCODE = '22023';
  END IF;
  IF coalesce(p_nip, '') !~ '^([0-9]{18})?$' THEN
    RAISE EXCEPTION 'desk: NIP terdiri dari 18 angka; kosongkan bila tidak ada.' USING ERRCODE = '22023';
  END IF;
  IF (who.name, who.nip, who.position) IS NOT DISTINCT FROM (btrim(p_name), p_nip, btrim(p_position)) THEN
    RAISE EXCEPTION 'desk: Data diri % tidak berubah.', who.name USING ERRCODE = '23514';
  END IF;
  UPDATE desk.person p SET name = btrim(p_name), nip = p_nip, position = btrim(coalesce(p_position, ''))
  WHERE p.login = p_login;
  INSERT INTO desk.people_event (office_id, login, kind) VALUES (p_office, p_login, 'changed');
END $$;
"""

KINDS = (
    "'added', 'duty_given', 'duty_ended', 'stand_in_asked', 'stand_in_approved', 'stand_in_refused', 'left', "
    "'returned', 'password_given', 'password_changed'"
)
EXAMINE_OF = "desk.examine(text)"
PERSON_OF = "desk.change_person(bigint, text, text, text, text)"


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("ALTER TABLE desk.doctor_check OWNER TO desk_owner")
    op.execute("GRANT SELECT ON desk.doctor_check TO desk_person, desk_backup, desk_definer")
    op.execute("SELECT audit.watch('doctor_check', 'name')")
    _kinds(f"{KINDS}, 'changed'")
    for function, owner, source in ((EXAMINE_OF, "desk_backup", EXAMINE), (PERSON_OF, "desk_registrar", PERSON)):
        op.execute(source)
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT CREATE ON SCHEMA desk TO {owner}")
        op.execute(f"ALTER FUNCTION {function} OWNER TO {owner}")
        op.execute(f"REVOKE CREATE ON SCHEMA desk FROM {owner}")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO desk_person")
    op.execute(
        "GRANT EXECUTE ON FUNCTION audit.problems(bigint, bigint, bigint), audit.entry_hash(audit.log, bigint), "
        "audit.block_hash(audit.block), desk.day_figures(bigint, date) TO desk_backup"
    )


def downgrade() -> None:
    op.execute(
        "REVOKE EXECUTE ON FUNCTION audit.problems(bigint, bigint, bigint), audit.entry_hash(audit.log, bigint), "
        "audit.block_hash(audit.block), desk.day_figures(bigint, date) FROM desk_backup"
    )
    op.execute(f"DROP FUNCTION {EXAMINE_OF}, {PERSON_OF}")
    op.execute("ALTER TABLE desk.people_event DISABLE TRIGGER final")
    op.execute("DELETE FROM desk.people_event WHERE kind = 'changed'")
    op.execute("ALTER TABLE desk.people_event ENABLE TRIGGER final")
    _kinds(KINDS)
    op.execute("DROP TABLE desk.doctor_check")


def _kinds(kinds: str) -> None:
    op.execute("ALTER TABLE desk.people_event DROP CONSTRAINT people_event_kind_check")
    op.execute(f"ALTER TABLE desk.people_event ADD CONSTRAINT people_event_kind_check CHECK (kind IN ({kinds}))")
