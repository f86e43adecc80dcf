"""People: the administrator's deeds as functions, duties that end on their day, and an append-only list of them.

Revision ID: 0004
Revises: 0003

Why it is built this way: docs/decisions/people.md.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

PERSON = "desk_person"
DUTIES = ("officer", "treasurer", "supervisor", "administrator", "auditor")

STATED_BY = {
    "officer": (
        "agreement", "case_line", "cases", "correction", "custody", "customer", "delivery", "fit_decision", "invoice",
        "invoice_end", "invoice_line", "letter", "payment_proof", "preparation", "preparation_check", "prepared_file",
        "relief",
    ),
    "treasurer": ("payment", "proof_rejection", "receipt", "receipt_void"),
    "supervisor": ("gate_override", "relief_decision"),
    "administrator": ("catalogue_item", "holiday", "rule", "template"),
    "officer,treasurer,supervisor": ("document", "file_chunk", "message", "print_entry"),
}
"""Who may insert into which table; the group role says that a person has the duty somewhere, these policies where and
when: membership in a group knows neither the office nor the last day of a stand-in."""

CHANGED_BY = {
    "cases": "officer,treasurer,supervisor", "case_line": "officer", "customer": "officer",
}
DELETED_BY = {"case_line": "officer"}

TABLE = """
CREATE TABLE desk.people_event (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  login character varying(63) NOT NULL,
  kind character varying(20) NOT NULL,
  duty character varying(20),
  starts_on date,
  ends_on date,
  stands_in_for character varying(63),
  answers uuid,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT people_event_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT people_event_office_id_answers_key UNIQUE (office_id, answers),
  CONSTRAINT people_event_office_id_answers_fkey FOREIGN KEY (office_id, answers)
    REFERENCES desk.people_event (office_id, id),
  CONSTRAINT people_event_kind_check CHECK (kind IN ('added', 'duty_given', 'duty_ended', 'stand_in_asked',
    'stand_in_approved', 'stand_in_refused', 'left', 'returned', 'password_given', 'password_changed'))
);
CREATE INDEX people_event_login_idx ON desk.people_event (office_id, login);
COMMENT ON CONSTRAINT people_event_office_id_answers_key ON desk.people_event IS
  'desk: Permintaan pengganti ini sudah diputus.';
"""

FUNCTIONS = """
-- Raises unless the person at this connection is an administrator of the office today.
CREATE FUNCTION desk.need_administrator(p_office bigint) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT desk.has_duty(p_office, '{administrator}') THEN
    RAISE EXCEPTION 'desk: Hanya administrator kantor ini yang dapat mengatur orang dan tugasnya.'
      USING ERRCODE = '42501';
  END IF;
END $$;

-- Raises unless the login belongs to somebody else whom this administrator may change. With p_whole the change reaches
-- beyond one office (password, leaving), so no other office may depend on the person.
CREATE FUNCTION desk.need_own_person(p_office bigint, p_login text, p_whole boolean) RETURNS desk.person
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found_person desk.person;
  elsewhere text;
BEGIN
  PERFORM desk.need_administrator(p_office);
  SELECT * INTO found_person FROM desk.person p WHERE p.login = p_login;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Nama pengguna "%" tidak terdaftar. Tambahkan orangnya dahulu.', p_login
      USING ERRCODE = '23503';
  END IF;
  IF p_login = session_user THEN
    RAISE EXCEPTION 'desk: Tugas dan akses sendiri tidak dapat diubah. Minta administrator lain melakukannya.'
      USING ERRCODE = '42501';
  END IF;
  IF p_whole THEN
    IF NOT EXISTS (SELECT FROM desk.duty d WHERE d.office_id = p_office AND d.login = p_login)
       AND NOT EXISTS (SELECT FROM desk.people_event e WHERE e.office_id = p_office AND e.login = p_login) THEN
      RAISE EXCEPTION 'desk: % bukan orang kantor ini.', found_person.name USING ERRCODE = '42501';
    END IF;
    SELECT o.name INTO elsewhere FROM desk.duty d JOIN desk.office o ON o.id = d.office_id
    WHERE d.login = p_login AND coalesce(d.ends_on, 'infinity') >= desk.today(d.office_id)
      AND NOT desk.has_duty(d.office_id, '{administrator}')
    ORDER BY o.code LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'desk: % masih bertugas di %. Minta administrator kantor itu mengakhiri tugasnya dahulu.',
        found_person.name, elsewhere USING ERRCODE = '42501';
    END IF;
  END IF;
  RETURN found_person;
END $$;

-- Raises for anything but a SCRAM verifier: a password in clear must reach neither the server nor its log.
CREATE FUNCTION desk.need_verifier(p_verifier text) RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_verifier !~ '^SCRAM-SHA-256\\$[0-9]{4,7}:[A-Za-z0-9+/]{16,}={0,2}\\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
    RAISE EXCEPTION 'desk: Kata sandi harus dikirim sebagai sidik SCRAM-SHA-256, bukan sebagai teks.'
      USING ERRCODE = '22023';
  END IF;
END $$;

-- Makes the groups of a login those of its duties that are running or still to come.
CREATE FUNCTION desk.match_groups(p_login text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  working boolean := (SELECT p.active FROM desk.person p WHERE p.login = p_login);
  name text;
  wanted boolean;
  held boolean;
BEGIN
  FOREACH name IN ARRAY ARRAY['person', 'officer', 'treasurer', 'supervisor', 'administrator', 'auditor'] LOOP
    wanted := working AND (name = 'person' OR EXISTS (
      SELECT FROM desk.duty d
      WHERE d.login = p_login AND d.duty = name AND coalesce(d.ends_on, 'infinity') >= desk.today(d.office_id)));
    held := EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
                    WHERE r.rolname = p_login AND g.rolname = 'desk_' || name);
    IF wanted AND NOT held THEN
      EXECUTE format('GRANT %I TO %I', 'desk_' || name, p_login);
    ELSIF held AND NOT wanted THEN
      EXECUTE format('REVOKE %I FROM %I', 'desk_' || name, p_login);
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION desk.give_duty(
  p_office bigint, p_login text, p_duty text, p_starts date, p_ends date, p_stands_in_for text
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM desk.duty d WHERE d.office_id = p_office AND d.login = p_login AND d.duty = p_duty
             AND daterange(d.starts_on, d.ends_on, '[]') && daterange(p_starts, p_ends, '[]')) THEN
    RAISE EXCEPTION 'desk: Tugas ini sudah dipegang orang itu pada hari yang sama. Akhiri dahulu yang lama.'
      USING ERRCODE = '23505';
  END IF;
  INSERT INTO desk.duty (office_id, login, duty, starts_on, ends_on, stands_in_for)
  VALUES (p_office, p_login, p_duty, p_starts, p_ends, p_stands_in_for);
  PERFORM desk.match_groups(p_login);
END $$;

-- A new person with a temporary password and no duty yet.
CREATE FUNCTION desk.add_person(
  p_office bigint, p_login text, p_name text, p_nip text, p_position text, p_verifier text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM desk.need_administrator(p_office);
  PERFORM desk.need_verifier(p_verifier);
  IF p_login !~ '^[a-z][a-z0-9_.-]{1,39}$' OR p_login ~ '^(pg_|desk_|postgres)' THEN
    RAISE EXCEPTION 'desk: Nama pengguna hanya huruf kecil, angka, titik, garis bawah, 2–40 huruf; awalan desk_ dan pg_ dipakai sistem.'
      USING ERRCODE = '22023';
  END IF;
  IF trim(p_name) = '' THEN
    RAISE EXCEPTION 'desk: Nama orang belum diisi.' USING ERRCODE = '22023';
  END IF;
  IF EXISTS (SELECT FROM desk.person p WHERE p.login = p_login) THEN
    RAISE EXCEPTION 'desk: Nama pengguna "%" sudah terdaftar. Aktifkan kembali orangnya atau pilih nama lain.', p_login
      USING ERRCODE = '23505';
  END IF;
  IF EXISTS (SELECT FROM pg_roles r WHERE r.rolname = p_login) THEN
    RAISE EXCEPTION 'desk: Nama pengguna "%" sudah dipakai di server ini. Pilih nama lain.', p_login
      USING ERRCODE = '23505';
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 4 PASSWORD %L VALID UNTIL %L',
    p_login, p_verifier, clock_timestamp() + interval '3 days');
  INSERT INTO desk.person (login, name, nip, position) VALUES (p_login, trim(p_name), p_nip, p_position);
  INSERT INTO desk.people_event (office_id, login, kind) VALUES (p_office, p_login, 'added');
  PERFORM desk.match_groups(p_login);
END $$;

-- Gives a duty from a day to a day. A stand-in for the treasurer only begins when the supervisor has agreed: then the
-- answer is the id of the request, otherwise null.
CREATE FUNCTION desk.set_duty(
  p_office bigint, p_login text, p_duty text, p_starts date, p_ends date, p_stands_in_for text
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who desk.person := desk.need_own_person(p_office, p_login, false);
  absent text := nullif(p_stands_in_for, '');
  asked uuid;
BEGIN
  IF NOT who.active THEN
    RAISE EXCEPTION 'desk: % sudah berhenti. Aktifkan kembali dahulu, lalu beri tugas.', who.name USING ERRCODE = '23514';
  END IF;
  IF p_starts < desk.today(p_office) THEN
    RAISE EXCEPTION 'desk: Tugas tidak dapat dimulai pada hari yang sudah lewat.' USING ERRCODE = '23514';
  END IF;
  IF p_ends < p_starts THEN
    RAISE EXCEPTION 'desk: Hari terakhir tugas lebih awal daripada hari pertamanya.' USING ERRCODE = '23514';
  END IF;
  IF absent IS NOT NULL THEN
    IF absent = p_login OR NOT EXISTS (
      SELECT FROM desk.duty d WHERE d.office_id = p_office AND d.login = absent AND d.duty = p_duty
      AND d.stands_in_for IS NULL AND daterange(d.starts_on, d.ends_on, '[]') && daterange(p_starts, p_ends, '[]')) THEN
      RAISE EXCEPTION 'desk: Yang digantikan harus orang lain yang memegang tugas itu pada hari-hari tersebut.'
        USING ERRCODE = '23514';
    END IF;
    IF p_ends IS NULL THEN
      RAISE EXCEPTION 'desk: Pengganti sementara harus punya hari terakhir.' USING ERRCODE = '23514';
    END IF;
    IF p_duty = 'treasurer' THEN
      INSERT INTO desk.people_event (office_id, login, kind, duty, starts_on, ends_on, stands_in_for)
      VALUES (p_office, p_login, 'stand_in_asked', p_duty, p_starts, p_ends, absent) RETURNING id INTO asked;
      RETURN asked;
    END IF;
  END IF;
  PERFORM desk.give_duty(p_office, p_login, p_duty, p_starts, p_ends, absent);
  INSERT INTO desk.people_event (office_id, login, kind, duty, starts_on, ends_on, stands_in_for)
  VALUES (p_office, p_login, 'duty_given', p_duty, p_starts, p_ends, absent);
  RETURN NULL;
END $$;

-- The supervisor agrees to a stand-in for the treasurer, or does not.
CREATE FUNCTION desk.approve_stand_in(p_office bigint, p_asked uuid, p_agreed boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE asked desk.people_event;
BEGIN
  IF NOT desk.has_duty(p_office, '{supervisor}') THEN
    RAISE EXCEPTION 'desk: Pengganti bendahara hanya dapat diputus oleh penyelia kantor ini.' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO asked FROM desk.people_event e
  WHERE e.office_id = p_office AND e.id = p_asked AND e.kind = 'stand_in_asked';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Permintaan pengganti tidak ditemukan di kantor ini.' USING ERRCODE = '23503';
  END IF;
  IF session_user IN (asked."by", asked.login) THEN
    RAISE EXCEPTION 'desk: Yang meminta atau menjadi pengganti tidak boleh menyetujuinya sendiri.'
      USING ERRCODE = '42501';
  END IF;
  INSERT INTO desk.people_event (office_id, login, kind, duty, starts_on, ends_on, stands_in_for, answers)
  VALUES (p_office, asked.login, CASE WHEN p_agreed THEN 'stand_in_approved' ELSE 'stand_in_refused' END, asked.duty,
    asked.starts_on, asked.ends_on, asked.stands_in_for, asked.id);
  IF p_agreed THEN
    IF asked.ends_on < desk.today(p_office) THEN
      RAISE EXCEPTION 'desk: Hari terakhir pengganti ini sudah lewat. Minta administrator mengajukan lagi.'
        USING ERRCODE = '23514';
    END IF;
    IF NOT (SELECT p.active FROM desk.person p WHERE p.login = asked.login) THEN
      RAISE EXCEPTION 'desk: Orang yang akan menggantikan sudah berhenti.' USING ERRCODE = '23514';
    END IF;
    PERFORM desk.give_duty(p_office, asked.login, asked.duty, greatest(asked.starts_on, desk.today(p_office)),
      asked.ends_on, asked.stands_in_for);
  END IF;
END $$;

-- Ends a duty with a last day; yesterday ends it at once. A duty that has not begun by then is taken back.
CREATE FUNCTION desk.end_duty(p_office bigint, p_login text, p_duty text, p_last_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who desk.person := desk.need_own_person(p_office, p_login, false);
  held record;
  any_held boolean := false;
BEGIN
  IF p_last_day < desk.today(p_office) - 1 THEN
    RAISE EXCEPTION 'desk: Tugas tidak dapat diakhiri pada hari yang sudah lewat.' USING ERRCODE = '23514';
  END IF;
  FOR held IN SELECT * FROM desk.duty d WHERE d.office_id = p_office AND d.login = p_login AND d.duty = p_duty
              AND coalesce(d.ends_on, 'infinity') > p_last_day FOR UPDATE LOOP
    any_held := true;
    IF held.starts_on > p_last_day THEN
      DELETE FROM desk.duty d WHERE d.office_id = p_office AND d.login = p_login AND d.duty = p_duty
        AND d.starts_on = held.starts_on;
    ELSE
      UPDATE desk.duty d SET ends_on = p_last_day WHERE d.office_id = p_office AND d.login = p_login
        AND d.duty = p_duty AND d.starts_on = held.starts_on;
    END IF;
    INSERT INTO desk.people_event (office_id, login, kind, duty, starts_on, ends_on, stands_in_for)
    VALUES (p_office, p_login, 'duty_ended', p_duty, held.starts_on, p_last_day, held.stands_in_for);
  END LOOP;
  IF NOT any_held THEN
    RAISE EXCEPTION 'desk: % tidak memegang tugas itu setelah hari tersebut.', who.name USING ERRCODE = '23514';
  END IF;
  PERFORM desk.match_groups(p_login);
END $$;

-- Somebody leaves: every access ends at the next statement, no new login, and the open connections are cut.
CREATE FUNCTION desk.let_go(p_office bigint, p_login text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE who desk.person := desk.need_own_person(p_office, p_login, true);
BEGIN
  IF NOT who.active THEN
    RAISE EXCEPTION 'desk: % sudah berhenti.', who.name USING ERRCODE = '23514';
  END IF;
  UPDATE desk.person p SET active = false WHERE p.login = p_login;
  DELETE FROM desk.duty d WHERE d.login = p_login AND d.starts_on > desk.today(d.office_id);
  UPDATE desk.duty d SET ends_on = desk.today(d.office_id)
  WHERE d.login = p_login AND coalesce(d.ends_on, 'infinity') > desk.today(d.office_id);
  INSERT INTO desk.people_event (office_id, login, kind) VALUES (p_office, p_login, 'left');
  EXECUTE format('ALTER ROLE %I NOLOGIN', p_login);
  PERFORM desk.match_groups(p_login);
  PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.usename = p_login;
END $$;

-- Somebody comes back, with a temporary password and without the duties of before.
CREATE FUNCTION desk.take_back(p_office bigint, p_login text, p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE who desk.person := desk.need_own_person(p_office, p_login, true);
BEGIN
  PERFORM desk.need_verifier(p_verifier);
  IF who.active THEN
    RAISE EXCEPTION 'desk: % masih aktif.', who.name USING ERRCODE = '23514';
  END IF;
  UPDATE desk.duty d SET ends_on = desk.today(d.office_id) - 1
  WHERE d.login = p_login AND d.ends_on >= desk.today(d.office_id) AND d.starts_on < desk.today(d.office_id);
  DELETE FROM desk.duty d WHERE d.login = p_login AND coalesce(d.ends_on, 'infinity') >= desk.today(d.office_id);
  UPDATE desk.person p SET active = true WHERE p.login = p_login;
  INSERT INTO desk.people_event (office_id, login, kind) VALUES (p_office, p_login, 'returned');
  EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L VALID UNTIL %L',
    p_login, p_verifier, clock_timestamp() + interval '3 days');
  PERFORM desk.match_groups(p_login);
END $$;

-- A temporary password for somebody who forgot the own one.
CREATE FUNCTION desk.give_password(p_office bigint, p_login text, p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE who desk.person := desk.need_own_person(p_office, p_login, true);
BEGIN
  PERFORM desk.need_verifier(p_verifier);
  IF NOT who.active THEN
    RAISE EXCEPTION 'desk: % sudah berhenti. Aktifkan kembali dahulu.', who.name USING ERRCODE = '23514';
  END IF;
  INSERT INTO desk.people_event (office_id, login, kind) VALUES (p_office, p_login, 'password_given');
  EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL %L',
    p_login, p_verifier, clock_timestamp() + interval '3 days');
END $$;

-- The own password; with it a temporary one stops to expire.
CREATE FUNCTION desk.change_password(p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM desk.need_verifier(p_verifier);
  IF NOT EXISTS (SELECT FROM desk.person p WHERE p.login = session_user AND p.active) THEN
    RAISE EXCEPTION 'desk: Akun ini bukan akun pegawai meja layanan.' USING ERRCODE = '42501';
  END IF;
  INSERT INTO desk.people_event (office_id, login, kind)
  SELECT DISTINCT d.office_id, d.login, 'password_changed' FROM desk.duty d
  WHERE d.login = session_user
    AND desk.today(d.office_id) BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity');
  EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL ''infinity''', session_user, p_verifier);
END $$;
"""

FOR_PERSONS = (
    "desk.add_person(bigint, text, text, text, text, text)",
    "desk.set_duty(bigint, text, text, date, date, text)",
    "desk.approve_stand_in(bigint, uuid, boolean)",
    "desk.end_duty(bigint, text, text, date)",
    "desk.let_go(bigint, text)",
    "desk.take_back(bigint, text, text)",
    "desk.give_password(bigint, text, text)",
    "desk.change_password(text)",
)
INTERNAL = (
    "desk.need_administrator(bigint)",
    "desk.need_own_person(bigint, text, boolean)",
    "desk.need_verifier(text)",
    "desk.match_groups(text)",
    "desk.give_duty(bigint, text, text, date, date, text)",
)

ADOPT = """
DO $$
DECLARE
  member record;
  login text;
BEGIN
  IF current_setting('server_version_num')::int < 160000 THEN RETURN; END IF;
  FOR login IN SELECT p.login FROM desk.person p JOIN pg_roles r ON r.rolname = p.login LOOP
    EXECUTE format('GRANT %I TO desk_registrar WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', login);
  END LOOP;
  FOR member IN
    SELECT g.rolname AS held, p.login, w.rolname AS given_by
    FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
    JOIN pg_roles w ON w.oid = m.grantor JOIN desk.person p ON p.login = r.rolname
    WHERE g.rolname LIKE 'desk\\_%' AND w.rolname <> 'desk_registrar'
  LOOP
    EXECUTE format('GRANT %I TO %I GRANTED BY desk_registrar', member.held, member.login);
    EXECUTE format('REVOKE %I FROM %I GRANTED BY %I', member.held, member.login, member.given_by);
  END LOOP;
END $$
"""
"""Since PostgreSQL 16 a role can be changed, and a membership taken back, only by whom it belongs to: people who were
here before become the registrar's."""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("ALTER TABLE desk.people_event OWNER TO desk_owner")
    op.execute(FUNCTIONS)
    op.execute("GRANT USAGE, CREATE ON SCHEMA desk TO desk_registrar")
    for function in (*FOR_PERSONS, *INTERNAL):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_registrar")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_registrar")
    for function in FOR_PERSONS:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {PERSON}")
    op.execute(
        "GRANT EXECUTE ON FUNCTION desk.now(), desk.today(bigint), desk.my_offices(), desk.has_duty(bigint, text[]), "
        "desk.sign_fact() TO desk_registrar"
    )
    op.execute("GRANT SELECT ON desk.installation, desk.office TO desk_registrar")
    op.execute("GRANT SELECT, INSERT, UPDATE ON desk.person TO desk_registrar")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.duty TO desk_registrar")
    op.execute("GRANT SELECT, INSERT ON desk.people_event TO desk_registrar")
    op.execute(f"GRANT SELECT ON desk.people_event TO {PERSON}, desk_definer, desk_backup")
    _events()
    _duties_where_and_when()
    op.execute(ADOPT)


def _events() -> None:
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    table = "desk.people_event"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY office ON {table} TO {PERSON}, desk_definer, desk_registrar USING ({mine}) WITH CHECK ({mine})"
    )
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty ON {table} AS RESTRICTIVE FOR SELECT TO {PERSON} "
        "USING (desk.has_duty(office_id, '{administrator,auditor,supervisor}'))"
    )
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(
        f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute("SELECT audit.watch('people_event', 'id')")


def _duties_where_and_when() -> None:
    for duties, tables in STATED_BY.items():
        for table in tables:
            op.execute(
                f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
                f"WITH CHECK (desk.has_duty(office_id, '{{{duties}}}'))"
            )
    for verb, changed in (("UPDATE", CHANGED_BY), ("DELETE", DELETED_BY)):
        for table, duties in changed.items():
            op.execute(
                f"CREATE POLICY duty_{verb.lower()} ON desk.{table} AS RESTRICTIVE FOR {verb} TO {PERSON} "
                f"USING (desk.has_duty(office_id, '{{{duties}}}'))"
            )


def downgrade() -> None:
    for table in {table for tables in STATED_BY.values() for table in tables}:
        op.execute(f"DROP POLICY duty_insert ON desk.{table}")
    for table in CHANGED_BY:
        op.execute(f"DROP POLICY duty_update ON desk.{table}")
    for table in DELETED_BY:
        op.execute(f"DROP POLICY duty_delete ON desk.{table}")
    for function in (*FOR_PERSONS, *INTERNAL):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP TABLE desk.people_event")
    op.execute(
        "REVOKE ALL ON FUNCTION desk.now(), desk.today(bigint), desk.my_offices(), desk.has_duty(bigint, text[]), "
        "desk.sign_fact() FROM desk_registrar"
    )
    op.execute("REVOKE ALL ON desk.installation, desk.office, desk.person, desk.duty FROM desk_registrar")
    op.execute("REVOKE ALL ON SCHEMA desk FROM desk_registrar")
