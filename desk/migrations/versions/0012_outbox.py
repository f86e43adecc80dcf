"""Outbox: the mails of a case leave from a table, once, and what became of each is a row of facts.

Revision ID: 0012
Revises: 0011

Why it is built this way: docs/decisions/mail.md.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

PERSON = "desk_person"
STATED_BY = {
    "mail_account": "administrator",
    "outgoing_mail": "officer,treasurer,supervisor",
    "outgoing_file": "officer,treasurer,supervisor",
}
TABLES = ("mail_account", "outgoing_mail", "outgoing_file", "outgoing_step")
KEYS = {
    "mail_account": "kind,version",
    "outgoing_mail": "id",
    "outgoing_file": "outgoing_id,position",
    "outgoing_step": "outgoing_id,position",
}

DEFINITIONS = r"""
CREATE TABLE desk.mail_account (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  kind character varying(10) NOT NULL,
  version bigint NOT NULL,
  active boolean NOT NULL,
  host text NOT NULL,
  port bigint NOT NULL,
  security character varying(10) NOT NULL,
  username text NOT NULL DEFAULT '',
  address text NOT NULL,
  name text NOT NULL DEFAULT '',
  folder text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT mail_account_pkey PRIMARY KEY (office_id, kind, version),
  CONSTRAINT mail_account_kind_check CHECK (kind IN ('smtp', 'imap')),
  CONSTRAINT mail_account_security_check CHECK (security IN ('tls', 'starttls', 'plain')),
  CONSTRAINT mail_account_encrypted_check CHECK (security <> 'plain' OR host IN ('localhost', '127.0.0.1', '::1')),
  CONSTRAINT mail_account_host_check CHECK (host ~ '^[A-Za-z0-9._:-]+$'),
  CONSTRAINT mail_account_port_check CHECK (port BETWEEN 1 AND 65535),
  CONSTRAINT mail_account_address_check CHECK (address ~ '^[^\s<>@,;"]+@[^\s<>@,;"]+$'),
  CONSTRAINT mail_account_name_check CHECK (name !~ '[[:cntrl:]]')
);
CREATE TABLE desk.outgoing_mail (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  message uuid NOT NULL,
  message_id text NOT NULL,
  sender_name text NOT NULL,
  sender_address text NOT NULL,
  recipients text[] NOT NULL,
  answers text[] NOT NULL DEFAULT '{}',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT outgoing_mail_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT outgoing_mail_office_id_message_key UNIQUE (office_id, message),
  CONSTRAINT outgoing_mail_office_id_message_id_key UNIQUE (office_id, message_id),
  CONSTRAINT outgoing_mail_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT outgoing_mail_office_id_message_fkey FOREIGN KEY (office_id, message) REFERENCES desk.message (office_id, id),
  CONSTRAINT outgoing_mail_recipients_check CHECK (cardinality(recipients) BETWEEN 1 AND 20
    AND array_to_string(recipients, ',') ~ '^[^\s<>@,;"]+@[^\s<>@,;"]+(,[^\s<>@,;"]+@[^\s<>@,;"]+)*$')
);
CREATE INDEX outgoing_mail_case_idx ON desk.outgoing_mail (office_id, case_id);
CREATE INDEX outgoing_mail_at_idx ON desk.outgoing_mail (office_id, at);
CREATE TABLE desk.outgoing_file (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  outgoing_id uuid NOT NULL,
  position bigint NOT NULL,
  document_id uuid NOT NULL,
  CONSTRAINT outgoing_file_pkey PRIMARY KEY (office_id, outgoing_id, position),
  CONSTRAINT outgoing_file_office_id_outgoing_id_fkey FOREIGN KEY (office_id, outgoing_id)
    REFERENCES desk.outgoing_mail (office_id, id),
  CONSTRAINT outgoing_file_office_id_document_id_fkey FOREIGN KEY (office_id, document_id)
    REFERENCES desk.document (office_id, id)
);
CREATE TABLE desk.outgoing_step (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  outgoing_id uuid NOT NULL,
  position bigint NOT NULL,
  kind character varying(10) NOT NULL,
  reason text NOT NULL DEFAULT '',
  claim uuid,
  until timestamptz,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT outgoing_step_pkey PRIMARY KEY (office_id, outgoing_id, position),
  CONSTRAINT outgoing_step_kind_check CHECK (kind IN ('taken', 'handing', 'sent', 'failed', 'refused', 'unsure',
    'bounced', 'again', 'arrived', 'dropped')),
  CONSTRAINT outgoing_step_office_id_outgoing_id_fkey FOREIGN KEY (office_id, outgoing_id)
    REFERENCES desk.outgoing_mail (office_id, id)
);
COMMENT ON CONSTRAINT mail_account_pkey ON desk.mail_account IS
  'desk: Pengaturan surel baru saja diubah orang lain. Baca ulang, lalu ulangi.';
COMMENT ON CONSTRAINT mail_account_encrypted_check ON desk.mail_account IS
  'desk: Sambungan tanpa enkripsi hanya untuk server surel di komputer ini sendiri. Pilih TLS atau STARTTLS.';
COMMENT ON CONSTRAINT mail_account_host_check ON desk.mail_account IS
  'desk: Nama server surel tidak benar. Tulis seperti smtp.bps.go.id, tanpa spasi.';
COMMENT ON CONSTRAINT mail_account_port_check ON desk.mail_account IS
  'desk: Porta server surel antara 1 dan 65535.';
COMMENT ON CONSTRAINT mail_account_address_check ON desk.mail_account IS
  'desk: Alamat surel kantor tidak benar. Tulis seperti pst1600@bps.go.id.';
COMMENT ON CONSTRAINT outgoing_mail_recipients_check ON desk.outgoing_mail IS
  'desk: Alamat penerima surel tidak benar. Tulis seperti nama@contoh.org, beberapa alamat dipisah koma.';
COMMENT ON CONSTRAINT outgoing_mail_office_id_message_key ON desk.outgoing_mail IS
  'desk: Pesan ini sudah ada di surel keluar.';
COMMENT ON CONSTRAINT outgoing_mail_office_id_message_id_key ON desk.outgoing_mail IS
  'desk: Surel ini sudah ada di surel keluar.';
"""

FUNCTIONS = r"""
-- A later row of the account takes over; nothing is changed in place.
CREATE FUNCTION desk.next_mail_account() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.version := coalesce((SELECT max(a.version) FROM desk.mail_account a
                           WHERE a.office_id = NEW.office_id AND a.kind = NEW.kind), 0) + 1;
  RETURN NEW;
END $$;

-- What leaves is a message of the conversation that was written to the customer by this person: never an internal note.
-- Message-ID and sender are the server's words.
CREATE FUNCTION desk.guard_outgoing_mail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said record;
  account record;
BEGIN
  SELECT * INTO said FROM desk.message m
  WHERE m.office_id = NEW.office_id AND m.id = NEW.message AND m.case_id = NEW.case_id AND m."by" = session_user;
  IF NOT FOUND OR said.kind <> 'outgoing' THEN
    RAISE EXCEPTION 'desk: Hanya pesan Anda kepada pengguna data yang dapat dikirim; catatan intern tidak pernah dikirim.'
      USING ERRCODE = '23514';
  END IF;
  IF said.message_id !~ '^<[^<>\s]+@[^<>\s]+>$' OR btrim(said.body) = '' THEN
    RAISE EXCEPTION 'desk: Surel tanpa isi atau tanpa Message-ID tidak dikirim.' USING ERRCODE = '23514';
  END IF;
  SELECT * INTO account FROM desk.mail_account a
  WHERE a.office_id = NEW.office_id AND a.kind = 'smtp' ORDER BY a.version DESC LIMIT 1;
  IF NOT FOUND OR NOT account.active THEN
    RAISE EXCEPTION 'desk: Pengiriman surel kantor ini belum diatur atau dimatikan. Kirim lewat draf surel.'
      USING ERRCODE = '23514';
  END IF;
  NEW.message_id := said.message_id;
  NEW.sender_name := account.name;
  NEW.sender_address := account.address;
  RETURN NEW;
END $$;

-- Files of the same case, before anybody has begun to send; no identity card and nothing that hangs on an internal note.
CREATE FUNCTION desk.guard_outgoing_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mail record;
  file record;
BEGIN
  SELECT * INTO mail FROM desk.outgoing_mail o
  WHERE o.office_id = NEW.office_id AND o.id = NEW.outgoing_id AND o."by" = session_user FOR UPDATE;
  IF NOT FOUND OR EXISTS (SELECT FROM desk.outgoing_step s
                          WHERE s.office_id = NEW.office_id AND s.outgoing_id = NEW.outgoing_id) THEN
    RAISE EXCEPTION 'desk: Lampiran hanya dapat ditambahkan oleh penulis surel, sebelum surel mulai dikirim.'
      USING ERRCODE = '23514';
  END IF;
  SELECT * INTO file FROM desk.document d WHERE d.office_id = NEW.office_id AND d.id = NEW.document_id;
  IF file.case_id IS DISTINCT FROM mail.case_id THEN
    RAISE EXCEPTION 'desk: Lampiran surel harus berkas permohonan itu sendiri.' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.document d WHERE d.office_id = NEW.office_id AND d.sha256 = file.sha256
             AND d.kind = 'id_card') THEN
    RAISE EXCEPTION 'desk: Kartu identitas tidak pernah dikirim.' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.message m WHERE m.office_id = NEW.office_id AND m.id = file.message_id
             AND m.kind = 'internal') THEN
    RAISE EXCEPTION 'desk: Berkas catatan intern tidak pernah dikirim.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- What a mail is now, from its last step: waiting, later, taken, handing, sent, refused, unsure, bounced, arrived, dropped.
-- A claim that ran out before the text was handed over is free again; one that ran out afterwards is unsure.
CREATE FUNCTION desk.outgoing_state(p_office bigint, p_mail uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((
    SELECT CASE
      WHEN s.kind = 'failed' AND s.until > desk.now() THEN 'later'
      WHEN s.kind IN ('taken', 'handing') AND s.until > desk.now() THEN s.kind
      WHEN s.kind = 'handing' THEN 'unsure'
      WHEN s.kind IN ('failed', 'taken', 'again') THEN 'waiting'
      ELSE s.kind END
    FROM desk.outgoing_step s WHERE s.office_id = p_office AND s.outgoing_id = p_mail
    ORDER BY s.position DESC LIMIT 1), 'waiting')
$$;

-- Gives one waiting mail of the office to whoever asks, for ten minutes; null when there is none. Two workstations never
-- get the same one. Mails of the last thirty days only: an older one is for a person to look at.
CREATE FUNCTION desk.take_outgoing(p_office bigint, p_claim uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE mail record;
BEGIN
  IF NOT desk.has_duty(p_office, '{officer,treasurer,supervisor}') THEN
    RAISE EXCEPTION 'desk: Surel kantor ini dikirim oleh petugas, bendahara, atau penyelianya.' USING ERRCODE = '42501';
  END IF;
  LOOP
    SELECT o.id INTO mail FROM desk.outgoing_mail o
    WHERE o.office_id = p_office AND o.at > desk.now() - interval '30 days'
      AND desk.outgoing_state(o.office_id, o.id) = 'waiting'
    ORDER BY o.at, o.id LIMIT 1 FOR UPDATE SKIP LOCKED;
    EXIT WHEN NOT FOUND;
    -- asked again under the lock: another sender may have been there since the list was read
    IF desk.outgoing_state(p_office, mail.id) = 'waiting' THEN
      INSERT INTO desk.outgoing_step (office_id, outgoing_id, position, kind, claim, until)
      VALUES (p_office, mail.id, (SELECT coalesce(max(s.position), 0) + 1 FROM desk.outgoing_step s
        WHERE s.office_id = p_office AND s.outgoing_id = mail.id), 'taken', p_claim, desk.now() + interval '10 minutes');
      RETURN mail.id;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- Writes down what became of a mail; which step may follow which stands here and nowhere else. Said twice by the same
-- sender it is written once. Failures wait longer each time; after ten of them a person has to look.
CREATE FUNCTION desk.note_outgoing(p_office bigint, p_mail uuid, p_kind text, p_reason text, p_claim uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mail record;
  before record;
  now_state text;
  own boolean;
  fine boolean;
  failures bigint;
  step text := p_kind;
  why text := btrim(p_reason);
  wait interval[] := ARRAY['1 min', '5 min', '15 min', '1 h', '3 h', '6 h', '6 h', '12 h', '12 h']::interval[];
BEGIN
  IF NOT desk.has_duty(p_office, '{officer,treasurer,supervisor}') THEN
    RAISE EXCEPTION 'desk: Surel kantor ini dikirim oleh petugas, bendahara, atau penyelianya.' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO mail FROM desk.outgoing_mail o WHERE o.office_id = p_office AND o.id = p_mail FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Surel tidak ditemukan di kantor Anda.' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO before FROM desk.outgoing_step s
  WHERE s.office_id = p_office AND s.outgoing_id = p_mail ORDER BY s.position DESC LIMIT 1;
  now_state := desk.outgoing_state(p_office, p_mail);
  own := before.claim = p_claim AND before."by" = session_user;
  IF own AND before.kind = p_kind THEN
    RETURN p_kind;
  END IF;
  fine := CASE p_kind
    WHEN 'handing' THEN own AND now_state = 'taken'
    WHEN 'sent' THEN own AND before.kind = 'handing'
    WHEN 'failed' THEN own AND before.kind IN ('taken', 'handing')
    WHEN 'refused' THEN own AND before.kind IN ('taken', 'handing')
    WHEN 'unsure' THEN before.kind = 'handing' AND (own OR now_state = 'unsure')
    WHEN 'bounced' THEN now_state IN ('handing', 'sent', 'unsure', 'arrived')
    WHEN 'again' THEN now_state IN ('later', 'refused', 'unsure', 'bounced')
    WHEN 'arrived' THEN now_state IN ('unsure', 'bounced')
    WHEN 'dropped' THEN now_state IN ('waiting', 'later', 'refused', 'unsure', 'bounced')
    ELSE false END;
  IF fine IS NOT TRUE THEN
    RAISE EXCEPTION 'desk: Keadaan surel ini sudah berubah. Baca ulang daftarnya.' USING ERRCODE = '23514';
  END IF;
  IF p_kind IN ('failed', 'refused', 'unsure', 'bounced') AND why = '' THEN
    RAISE EXCEPTION 'desk: Sebab surel tidak terkirim belum ditulis.' USING ERRCODE = '23514';
  END IF;
  failures := (SELECT count(*) FROM desk.outgoing_step s WHERE s.office_id = p_office AND s.outgoing_id = p_mail
    AND s.kind = 'failed' AND s.position > coalesce((SELECT max(x.position) FROM desk.outgoing_step x
      WHERE x.office_id = p_office AND x.outgoing_id = p_mail AND x.kind = 'again'), 0));
  IF p_kind = 'failed' AND failures >= cardinality(wait) THEN
    step := 'refused';
    why := 'Sudah ' || failures + 1 || ' kali dicoba. ' || why;
  END IF;
  INSERT INTO desk.outgoing_step (office_id, outgoing_id, position, kind, reason, claim, until)
  VALUES (p_office, p_mail, coalesce(before.position, 0) + 1, step, why,
    CASE WHEN p_kind IN ('handing', 'sent', 'failed', 'refused', 'unsure') THEN p_claim END,
    CASE step WHEN 'handing' THEN desk.now() + interval '10 minutes' WHEN 'failed' THEN desk.now() + wait[failures + 1] END);
  IF step <> 'handing' THEN
    PERFORM desk.announce(p_office, mail.case_id);
  END IF;
  RETURN step;
END $$;
"""

OF_DEFINER = (
    "desk.guard_outgoing_mail()",
    "desk.guard_outgoing_file()",
    "desk.take_outgoing(bigint, uuid)",
    "desk.note_outgoing(bigint, uuid, text, text, uuid)",
)
FOR_PERSONS = (
    "desk.outgoing_state(bigint, uuid)",
    "desk.take_outgoing(bigint, uuid)",
    "desk.note_outgoing(bigint, uuid, text, text, uuid)",
)
INTERNAL = ("desk.next_mail_account()", "desk.guard_outgoing_mail()", "desk.guard_outgoing_file()")


def upgrade() -> None:
    op.execute(DEFINITIONS)
    op.execute(FUNCTIONS)
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in {*FOR_PERSONS, *INTERNAL}:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    for function in OF_DEFINER:
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    for function in FOR_PERSONS:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {PERSON}, desk_definer, desk_backup")
    for table in TABLES:
        _protect(table)
    for group in ("officer", "treasurer", "supervisor"):
        op.execute(f"GRANT INSERT ON desk.outgoing_mail, desk.outgoing_file TO desk_{group}")
    op.execute("GRANT INSERT ON desk.mail_account TO desk_administrator")
    op.execute("GRANT INSERT ON desk.outgoing_step TO desk_definer")
    op.execute("GRANT UPDATE ON desk.outgoing_mail TO desk_definer")  # a row lock needs it; no row is ever changed
    for table, trigger, function in (
        ("mail_account", "b_version", "next_mail_account"),
        ("outgoing_mail", "b_guard", "guard_outgoing_mail"),
        ("outgoing_file", "b_guard", "guard_outgoing_file"),
    ):
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.{function}()"
        )


def _protect(table: str) -> None:
    """Row policies, the server's signature, no change, and the audit log."""
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
    op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}, desk_definer, desk_backup")
    if table in STATED_BY:
        op.execute(
            f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
            f"WITH CHECK (desk.has_duty(office_id, '{{{STATED_BY[table]}}}'))"
        )
    if table != "outgoing_file":
        op.execute(
            f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()"
        )
    op.execute(
        f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} "
        "FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute(f"SELECT audit.watch('{table}', '{KEYS[table]}')")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE desk.{table}")
    for function in {*FOR_PERSONS, *INTERNAL}:
        op.execute(f"DROP FUNCTION {function}")
