"""Printing: the mark of a sheet is the server's word, and a print that failed gives its ASLI back.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"

PERSON = "desk_person"
EVERYDAY = ("officer", "treasurer", "supervisor")

TABLES = """
ALTER TABLE desk.print_entry
  ADD COLUMN pages bigint NOT NULL DEFAULT 1,
  ADD COLUMN copies bigint NOT NULL DEFAULT 1,
  ADD COLUMN attempt bigint NOT NULL DEFAULT 1,
  DROP CONSTRAINT print_entry_mark_check,
  ADD CONSTRAINT print_entry_mark_check CHECK (mark IN ('ASLI', 'SALINAN', 'BATAL', 'DIGANTI')),
  ADD CONSTRAINT print_entry_pages_check CHECK (pages > 0 AND copies > 0);
DROP INDEX desk.print_entry_original_idx;
CREATE UNIQUE INDEX print_entry_original_idx ON desk.print_entry (office_id, document_id, attempt) WHERE mark = 'ASLI';
COMMENT ON INDEX desk.print_entry_original_idx IS
  'desk: Lembar asli naskah ini sedang dicetak di komputer lain. Tunggu sebentar, lalu baca ulang.';

CREATE TABLE desk.print_failure (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  print_id uuid NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT print_failure_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT print_failure_office_id_print_id_fkey FOREIGN KEY (office_id, print_id)
    REFERENCES desk.print_entry (office_id, id),
  CONSTRAINT print_failure_office_id_print_id_key UNIQUE (office_id, print_id),
  CONSTRAINT print_failure_reason_check CHECK (btrim(reason) <> '')
);
CREATE INDEX print_failure_case_idx ON desk.print_failure (office_id, case_id);
CREATE INDEX print_entry_case_idx ON desk.print_entry (office_id, case_id);
COMMENT ON CONSTRAINT print_failure_office_id_print_id_key ON desk.print_failure IS
  'desk: Cetakan ini sudah dicatat gagal.';
COMMENT ON CONSTRAINT print_failure_reason_check ON desk.print_failure IS 'desk: Alasan belum ditulis.';
"""

FUNCTIONS = """
-- What a paper that no longer holds is marked with: BATAL, DIGANTI for an invoice that a later one replaced, else nothing.
CREATE FUNCTION desk.ended_mark(p_office bigint, p_paper text, p_subject uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN p_paper = 'receipt' AND EXISTS (SELECT FROM desk.receipt_void x
      WHERE x.office_id = p_office AND x.receipt_id = p_subject) THEN 'BATAL'
    WHEN EXISTS (SELECT FROM desk.invoice_end x WHERE x.office_id = p_office AND x.kind = 'void' AND x.invoice_id = CASE p_paper
      WHEN 'invoice' THEN p_subject
      WHEN 'sppd' THEN (SELECT a.invoice_id FROM desk.agreement a WHERE a.office_id = p_office AND a.id = p_subject) END)
      THEN 'BATAL'
    WHEN p_paper = 'invoice' AND EXISTS (SELECT FROM desk.invoice_end x
      WHERE x.office_id = p_office AND x.kind = 'replaced' AND x.invoice_id = p_subject) THEN 'DIGANTI'
    ELSE '' END
$$;

-- What stands on a sheet: BATAL or DIGANTI on a paper that no longer holds, ASLI once, SALINAN ever after. Only a print
-- that is written down as failed gives its ASLI back. Two who print at once try the same attempt: one of them is refused.
CREATE FUNCTION desk.mark_print() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sheet record;
  ended text;
BEGIN
  SELECT d.case_id, d.paper, d.subject_id INTO sheet FROM desk.document d
  WHERE d.office_id = NEW.office_id AND d.id = NEW.document_id AND d.kind = 'paper' AND d.content_type = 'application/pdf';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Yang dicatat cetakannya hanya lembar naskah yang terbit.' USING ERRCODE = '23514';
  END IF;
  NEW.case_id := sheet.case_id;
  NEW.attempt := 1 + (SELECT count(*) FROM desk.print_entry e JOIN desk.print_failure f
    ON f.office_id = e.office_id AND f.print_id = e.id
    WHERE e.office_id = NEW.office_id AND e.document_id = NEW.document_id AND e.mark = 'ASLI');
  ended := desk.ended_mark(NEW.office_id, sheet.paper, sheet.subject_id);
  NEW.mark := CASE
    WHEN ended <> '' THEN ended
    WHEN EXISTS (SELECT FROM desk.print_entry e WHERE e.office_id = NEW.office_id AND e.document_id = NEW.document_id
      AND e.mark = 'ASLI' AND NOT EXISTS (SELECT FROM desk.print_failure f
        WHERE f.office_id = e.office_id AND f.print_id = e.id)) THEN 'SALINAN'
    ELSE 'ASLI' END;
  RETURN NEW;
END $$;

-- Only who sent a sheet to the printer can say that it did not come out.
CREATE FUNCTION desk.guard_print_failure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT e.case_id INTO NEW.case_id FROM desk.print_entry e
  WHERE e.office_id = NEW.office_id AND e.id = NEW.print_id AND e.by = session_user;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'desk: Hanya yang mencetak dapat mencatat bahwa cetakannya gagal.' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
"""

ENDED = "desk.ended_mark(bigint, text, uuid)"
OF_DEFINER = ("desk.mark_print()", "desk.guard_print_failure()")


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE desk.print_failure OWNER TO desk_owner")
    op.execute(FUNCTIONS)
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in OF_DEFINER:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    op.execute(f"REVOKE EXECUTE ON FUNCTION {ENDED} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {ENDED} TO {PERSON}, desk_definer")
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    table = "desk.print_failure"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY office ON {table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO desk_backup USING (true)")
    op.execute(
        f"CREATE POLICY duty_insert ON {table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
        f"WITH CHECK (desk.has_duty(office_id, '{{{','.join(EVERYDAY)}}}'))"
    )
    op.execute(f"GRANT SELECT ON {table} TO {PERSON}, desk_backup, desk_definer")
    op.execute(f"GRANT INSERT ON {table} TO {', '.join(f'desk_{duty}' for duty in EVERYDAY)}")
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(
        f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER final_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute("SELECT audit.watch('print_failure', 'id')")
    op.execute("CREATE TRIGGER c_mark BEFORE INSERT ON desk.print_entry FOR EACH ROW EXECUTE FUNCTION desk.mark_print()")
    op.execute(f"CREATE TRIGGER c_guard BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION desk.guard_print_failure()")


def downgrade() -> None:
    op.execute("DROP TRIGGER c_mark ON desk.print_entry")
    op.execute("DROP FUNCTION desk.mark_print()")
    op.execute(f"DROP FUNCTION {ENDED}")
    op.execute("DROP TABLE desk.print_failure")
    op.execute("DROP FUNCTION desk.guard_print_failure()")
    op.execute("DROP INDEX desk.print_entry_case_idx")
    op.execute("DROP INDEX desk.print_entry_original_idx")
    op.execute(
        "CREATE UNIQUE INDEX print_entry_original_idx ON desk.print_entry (office_id, document_id) WHERE mark = 'ASLI'"
    )
    op.execute(
        "ALTER TABLE desk.print_entry DROP CONSTRAINT print_entry_pages_check, DROP CONSTRAINT print_entry_mark_check, "
        "ADD CONSTRAINT print_entry_mark_check CHECK (mark IN ('ASLI', 'SALINAN')), "
        "DROP COLUMN pages, DROP COLUMN copies, DROP COLUMN attempt"
    )
