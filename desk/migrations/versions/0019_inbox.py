"""Inbox: mails that were taken from the office's mailbox, the marks of what was taken, and what became of each.

Revision ID: 0019
Revises: 0018

Why it is built this way: docs/decisions/mail.md.
"""

from alembic import op

revision = "0019"
down_revision = "0018"

PERSON = "desk_person"
EVERYDAY = "officer,treasurer,supervisor"
TABLES = ("incoming_mail", "incoming_mark", "incoming_answer")
KEYS = {"incoming_mail": "id", "incoming_mark": "mailbox,uid_validity,uid", "incoming_answer": "mail_id,position"}

DEFINITIONS = r"""
CREATE TABLE desk.incoming_mail (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  kind character varying(20) NOT NULL,
  message_id text NOT NULL DEFAULT '',
  sender_name text NOT NULL DEFAULT '',
  sender_address text NOT NULL DEFAULT '',
  subject text NOT NULL DEFAULT '',
  written_at timestamptz,
  body text NOT NULL DEFAULT '',
  number text NOT NULL DEFAULT '',
  thread text[] NOT NULL DEFAULT '{}',
  files jsonb NOT NULL DEFAULT '[]',
  notices text[] NOT NULL DEFAULT '{}',
  sha256 character varying(64) NOT NULL DEFAULT '',
  size bigint NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT incoming_mail_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT incoming_mail_kind_check CHECK (kind IN ('new_request', 'reply', 'auto_reply', 'bounce', 'list', 'sent',
    'unreadable'))
);
CREATE UNIQUE INDEX incoming_mail_message_idx ON desk.incoming_mail (office_id, message_id) WHERE message_id <> '';
CREATE UNIQUE INDEX incoming_mail_sha256_idx ON desk.incoming_mail (office_id, sha256) WHERE sha256 <> '';
CREATE INDEX incoming_mail_at_idx ON desk.incoming_mail (office_id, at);
CREATE TABLE desk.incoming_mark (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  mailbox text NOT NULL,
  uid_validity bigint NOT NULL,
  uid bigint NOT NULL,
  mail_id uuid NOT NULL,
  CONSTRAINT incoming_mark_pkey PRIMARY KEY (office_id, mailbox, uid_validity, uid),
  CONSTRAINT incoming_mark_office_id_mail_id_fkey FOREIGN KEY (office_id, mail_id)
    REFERENCES desk.incoming_mail (office_id, id)
);
CREATE TABLE desk.incoming_answer (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  mail_id uuid NOT NULL,
  position bigint NOT NULL,
  kind character varying(10) NOT NULL,
  case_id uuid,
  reason text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT incoming_answer_pkey PRIMARY KEY (office_id, mail_id, position),
  CONSTRAINT incoming_answer_kind_check CHECK (kind IN ('joined', 'registered', 'set_aside')),
  CONSTRAINT incoming_answer_case_check CHECK ((kind = 'set_aside') = (case_id IS NULL)),
  CONSTRAINT incoming_answer_office_id_mail_id_fkey FOREIGN KEY (office_id, mail_id)
    REFERENCES desk.incoming_mail (office_id, id),
  CONSTRAINT incoming_answer_office_id_case_id_fkey FOREIGN KEY (office_id, case_id)
    REFERENCES desk.cases (office_id, id)
);
COMMENT ON CONSTRAINT incoming_answer_pkey ON desk.incoming_answer IS
  'desk: Surel ini baru saja ditangani orang lain. Baca ulang daftarnya.';
"""

FUNCTIONS = r"""
-- A mail that is in a case stays there; one that was set aside may still be taken up. A bounce, an automatic answer, a
-- circular and the office's own mail never open a case.
CREATE FUNCTION desk.guard_incoming_answer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE mail record;
BEGIN
  SELECT * INTO mail FROM desk.incoming_mail i WHERE i.office_id = NEW.office_id AND i.id = NEW.mail_id FOR UPDATE;
  IF EXISTS (SELECT FROM desk.incoming_answer a WHERE a.office_id = NEW.office_id AND a.mail_id = NEW.mail_id
             AND a.kind <> 'set_aside') THEN
    RAISE EXCEPTION 'desk: Surel ini sudah masuk ke permohonan.' USING ERRCODE = '23505';
  END IF;
  IF NEW.kind = 'registered' AND mail.kind NOT IN ('new_request', 'reply') THEN
    RAISE EXCEPTION 'desk: Surel otomatis, edaran, pantulan, dan surel kantor sendiri tidak membuka permohonan.'
      USING ERRCODE = '23514';
  END IF;
  NEW.position := (SELECT coalesce(max(a.position), 0) + 1 FROM desk.incoming_answer a
                   WHERE a.office_id = NEW.office_id AND a.mail_id = NEW.mail_id);
  RETURN NEW;
END $$;

-- The bytes of a mail that waits for somebody. Once it is in a case its files are read there, identity cards with a reason.
CREATE FUNCTION desk.mail_bytes(p_office bigint, p_mail uuid) RETURNS TABLE (no bigint, bytes bytea) LANGUAGE plpgsql
STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE mail record;
BEGIN
  SELECT * INTO mail FROM desk.incoming_mail i WHERE i.office_id = p_office AND i.id = p_mail;
  IF NOT FOUND OR NOT desk.has_duty(p_office, '{officer,treasurer,supervisor}') THEN
    RAISE EXCEPTION 'desk: Surel tidak ditemukan di kantor Anda.' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT FROM desk.incoming_answer a WHERE a.office_id = p_office AND a.mail_id = p_mail
             AND a.kind <> 'set_aside') THEN
    RAISE EXCEPTION 'desk: Surel ini sudah masuk ke permohonan; buka berkasnya di sana.' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY SELECT f.no, f.bytes FROM desk.file_chunk f
    WHERE f.office_id = p_office AND f.sha256 = mail.sha256 ORDER BY f.no;
END $$;
"""


def upgrade() -> None:
    op.execute(DEFINITIONS)
    op.execute(FUNCTIONS)
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in ("desk.guard_incoming_answer()", "desk.mail_bytes(bigint, uuid)"):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    op.execute(f"GRANT EXECUTE ON FUNCTION desk.mail_bytes(bigint, uuid) TO {PERSON}")
    for table in TABLES:
        _protect(table)
    op.execute("GRANT UPDATE ON desk.incoming_mail TO desk_definer")  # a row lock needs it; no row is ever changed
    op.execute(
        "CREATE TRIGGER b_guard BEFORE INSERT ON desk.incoming_answer "
        "FOR EACH ROW EXECUTE FUNCTION desk.guard_incoming_answer()"
    )


def _protect(table: str) -> None:
    """Row policies, the server's signature, no change, and the audit log."""
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
    op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
        f"WITH CHECK (desk.has_duty(office_id, '{{{EVERYDAY}}}'))"
    )
    op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}, desk_definer, desk_backup")
    op.execute(f"GRANT INSERT ON desk.{table} TO desk_officer, desk_treasurer, desk_supervisor")
    if table != "incoming_mark":
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
    op.execute("DROP FUNCTION desk.guard_incoming_answer()")
    op.execute("DROP FUNCTION desk.mail_bytes(bigint, uuid)")
