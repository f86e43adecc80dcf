"""What the money on the account is for: parts of movements, payments that are taken back, a second person's word.

Revision ID: 0017
Revises: 0016

Why it is built this way: docs/decisions/statements.md.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

PERSON = "desk_person"
STATED_BY = {
    "line_use": ("treasurer",),
    "line_use_end": ("treasurer",),
    "payment_reversal": ("treasurer",),
    "payment_approval": ("treasurer", "supervisor"),
}

TABLES = """
ALTER TABLE desk.payment
  ADD COLUMN replaces uuid,
  DROP CONSTRAINT payment_office_id_invoice_id_key,
  ADD CONSTRAINT payment_office_id_invoice_id_replaces_key UNIQUE NULLS NOT DISTINCT (office_id, invoice_id, replaces),
  ADD CONSTRAINT payment_office_id_id_by_key UNIQUE (office_id, id, by),
  ADD CONSTRAINT payment_office_id_replaces_fkey FOREIGN KEY (office_id, replaces) REFERENCES desk.payment (office_id, id);
COMMENT ON CONSTRAINT payment_office_id_invoice_id_replaces_key ON desk.payment IS
  'desk: Pembayaran untuk invoice ini sudah dipastikan.';

CREATE TABLE desk.payment_reversal (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT payment_reversal_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT payment_reversal_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT payment_reversal_office_id_payment_id_fkey FOREIGN KEY (office_id, payment_id)
    REFERENCES desk.payment (office_id, id),
  CONSTRAINT payment_reversal_office_id_payment_id_key UNIQUE (office_id, payment_id),
  CONSTRAINT payment_reversal_reason_check CHECK (btrim(reason) <> '')
);
CREATE INDEX payment_reversal_case_idx ON desk.payment_reversal (office_id, case_id);
COMMENT ON CONSTRAINT payment_reversal_office_id_payment_id_key ON desk.payment_reversal IS
  'desk: Pembayaran ini sudah dibatalkan.';
COMMENT ON CONSTRAINT payment_reversal_reason_check ON desk.payment_reversal IS 'desk: Alasan belum ditulis.';

CREATE TABLE desk.payment_approval (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  confirmed_by character varying(63) NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT payment_approval_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT payment_approval_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT payment_approval_office_id_payment_id_confirmed_by_fkey FOREIGN KEY (office_id, payment_id, confirmed_by)
    REFERENCES desk.payment (office_id, id, by),
  CONSTRAINT payment_approval_office_id_payment_id_key UNIQUE (office_id, payment_id),
  CONSTRAINT payment_approval_second_person_check CHECK (by <> confirmed_by)
);
CREATE INDEX payment_approval_case_idx ON desk.payment_approval (office_id, case_id);
COMMENT ON CONSTRAINT payment_approval_second_person_check ON desk.payment_approval IS
  'desk: Yang memastikan pembayaran tidak boleh menyetujuinya sendiri; perlu orang kedua.';
COMMENT ON CONSTRAINT payment_approval_office_id_payment_id_key ON desk.payment_approval IS
  'desk: Pembayaran ini sudah disetujui.';

CREATE TABLE desk.line_use (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  line_id uuid NOT NULL,
  kind character varying(10) NOT NULL,
  amount_sen bigint NOT NULL,
  payment_id uuid,
  case_id uuid,
  note text NOT NULL DEFAULT '',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT line_use_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT line_use_office_id_line_id_fkey FOREIGN KEY (office_id, line_id)
    REFERENCES desk.statement_line (office_id, id),
  CONSTRAINT line_use_office_id_payment_id_fkey FOREIGN KEY (office_id, payment_id) REFERENCES desk.payment (office_id, id),
  CONSTRAINT line_use_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT line_use_kind_check CHECK (kind IN ('payment', 'part', 'over', 'double', 'late', 'reversed', 'returned', 'other')),
  CONSTRAINT line_use_amount_check CHECK (amount_sen > 0),
  CONSTRAINT line_use_payment_check CHECK ((kind = 'payment') = (payment_id IS NOT NULL)),
  CONSTRAINT line_use_case_check CHECK (case_id IS NOT NULL OR kind NOT IN ('payment', 'part', 'over', 'double', 'late')),
  CONSTRAINT line_use_note_check CHECK (btrim(note) <> '' OR kind NOT IN ('reversed', 'returned', 'other'))
);
CREATE INDEX line_use_line_idx ON desk.line_use (office_id, line_id);
CREATE INDEX line_use_payment_idx ON desk.line_use (office_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX line_use_case_idx ON desk.line_use (office_id, case_id) WHERE case_id IS NOT NULL;
COMMENT ON CONSTRAINT line_use_note_check ON desk.line_use IS
  'desk: Keterangan belum ditulis: uang apa ini, atau ke mana dan dengan surat apa dikembalikan.';
COMMENT ON CONSTRAINT line_use_amount_check ON desk.line_use IS 'desk: Bagian mutasi harus lebih dari nol.';

CREATE TABLE desk.line_use_end (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  use_id uuid NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT line_use_end_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT line_use_end_office_id_use_id_fkey FOREIGN KEY (office_id, use_id) REFERENCES desk.line_use (office_id, id),
  CONSTRAINT line_use_end_office_id_use_id_key UNIQUE (office_id, use_id),
  CONSTRAINT line_use_end_reason_check CHECK (btrim(reason) <> '')
);
COMMENT ON CONSTRAINT line_use_end_reason_check ON desk.line_use_end IS 'desk: Alasan belum ditulis.';
COMMENT ON CONSTRAINT line_use_end_office_id_use_id_key ON desk.line_use_end IS 'desk: Catatan ini sudah ditarik.';
"""

ADDED = {
    "@ONE_IN_FORCE@": r"""  IF EXISTS (SELECT FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.invoice_id = NEW.invoice_id
             AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = p.office_id AND x.payment_id = p.id)) THEN
    RAISE EXCEPTION 'desk: Pembayaran untuk invoice ini sudah dipastikan.' USING ERRCODE = '23505';
  END IF;
  NEW.replaces := (SELECT p.id FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.invoice_id = NEW.invoice_id
    AND NOT EXISTS (SELECT FROM desk.payment q WHERE q.office_id = p.office_id AND q.replaces = p.id));
""",
    "@LIMIT@": r"""DECLARE above bigint := desk.rule_value(NEW.office_id, 'second_confirmation_above', desk.today(NEW.office_id)) #>> '{}';
""",
    "@MONEY_BEHIND@": r"""  IF EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = NEW.office_id AND x.payment_id = NEW.payment_id) THEN
    RAISE EXCEPTION 'desk: Pembayaran ini sudah dibatalkan; tidak ada uang untuk kuitansinya.' USING ERRCODE = '23514';
  END IF;
  IF NEW.amount > above AND NOT EXISTS (SELECT FROM desk.payment_approval a
       WHERE a.office_id = NEW.office_id AND a.payment_id = NEW.payment_id) THEN
    RAISE EXCEPTION 'desk: Pembayaran sebesar ini harus disetujui orang kedua sebelum kuitansinya terbit.'
      USING ERRCODE = '23514';
  END IF;
""",
    "@UNLESS_REVERSED@": r"""
             AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = p.office_id AND x.payment_id = p.id)""",
}
"""What is new in the guards of migration 0006; a downgrade takes exactly this out of them again."""

FUNCTIONS = r"""
-- A payment in force is one that was not taken back; an invoice has at most one. A later payment names the one it replaces.
CREATE OR REPLACE FUNCTION desk.guard_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.invoice i WHERE i.office_id = NEW.office_id AND i.id = NEW.invoice_id
                 AND i.case_id = NEW.case_id AND i.total = NEW.amount
                 AND NOT EXISTS (SELECT FROM desk.invoice_end x WHERE x.office_id = i.office_id AND x.invoice_id = i.id
                                 AND x.kind IN ('void', 'replaced'))) THEN
    RAISE EXCEPTION 'desk: Pembayaran harus tepat sejumlah invoice permohonan ini yang masih berlaku.'
      USING ERRCODE = '23514';
  END IF;
@ONE_IN_FORCE@  SELECT p.by INTO NEW.proof_by FROM desk.payment_proof p
  WHERE p.office_id = NEW.office_id AND p.case_id = NEW.case_id AND NOT EXISTS (
    SELECT FROM desk.proof_rejection x WHERE x.office_id = p.office_id AND x.proof_id = p.id)
  ORDER BY p.by = session_user DESC, p.at DESC LIMIT 1;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_payment_reversal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.id = NEW.payment_id
                 AND p.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Pembayaran itu bukan milik permohonan ini.' USING ERRCODE = '23503';
  END IF;
  IF EXISTS (SELECT FROM desk.receipt r WHERE r.office_id = NEW.office_id AND r.payment_id = NEW.payment_id
             AND NOT EXISTS (SELECT FROM desk.receipt_void x WHERE x.office_id = r.office_id AND x.receipt_id = r.id)) THEN
    RAISE EXCEPTION 'desk: Kuitansi pembayaran ini masih berlaku; batalkan kuitansinya dahulu.' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.deposit_line l WHERE l.office_id = NEW.office_id AND l.payment_id = NEW.payment_id AND NOT EXISTS (
       SELECT FROM desk.deposit_void x WHERE x.office_id = l.office_id AND x.deposit_id = l.deposit_id)) THEN
    RAISE EXCEPTION 'desk: Uang ini sudah disetor; batalkan catatan setorannya dahulu.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- The second person has had no part in invoice, proof or confirmation
CREATE FUNCTION desk.guard_payment_approval() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.id = NEW.payment_id
       AND p.case_id = NEW.case_id AND p.issued_by <> session_user AND p.proof_by IS DISTINCT FROM session_user
       AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = p.office_id AND x.payment_id = p.id)) THEN
    RAISE EXCEPTION 'desk: Yang menerbitkan invoice atau mencatat bukti bayar tidak boleh menyetujui pembayarannya.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION desk.guard_receipt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
@LIMIT@BEGIN
  IF NOT EXISTS (SELECT FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.id = NEW.payment_id
                 AND p.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Kuitansi hanya untuk pembayaran permohonan itu sendiri.' USING ERRCODE = '23503';
  END IF;
@MONEY_BEHIND@  IF EXISTS (SELECT FROM desk.receipt r WHERE r.office_id = NEW.office_id AND r.payment_id = NEW.payment_id
             AND NOT EXISTS (SELECT FROM desk.receipt_void x WHERE x.office_id = r.office_id AND x.receipt_id = r.id)) THEN
    RAISE EXCEPTION 'desk: Kuitansi untuk pembayaran ini sudah terbit.' USING ERRCODE = '23505';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION desk.guard_invoice_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.invoice_id = NEW.invoice_id@UNLESS_REVERSED@) THEN
    RAISE EXCEPTION 'desk: Invoice ini sudah dibayar; tidak dapat diakhiri lagi.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- What is used of a movement now: uses that were not withdrawn, of payments that were not taken back
CREATE FUNCTION desk.used_of_line(p_office bigint, p_line uuid) RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum(u.amount_sen), 0)::bigint FROM desk.line_use u
  WHERE u.office_id = p_office AND u.line_id = p_line
    AND NOT EXISTS (SELECT FROM desk.line_use_end x WHERE x.office_id = u.office_id AND x.use_id = u.id)
    AND NOT EXISTS (SELECT FROM desk.payment_reversal r WHERE r.office_id = u.office_id AND r.payment_id = u.payment_id)
$$;

-- The parts of a movement never exceed it, whoever uses it at the same moment
CREATE FUNCTION desk.guard_line_use() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  line record;
  paid record;
  free bigint;
BEGIN
  SELECT l.amount_sen, l.booked_on INTO line FROM desk.statement_line l
  WHERE l.office_id = NEW.office_id AND l.id = NEW.line_id FOR UPDATE;
  IF NOT FOUND OR line.amount_sen <= 0 THEN
    RAISE EXCEPTION 'desk: Hanya dana masuk yang dapat dicatat sebagai pembayaran.' USING ERRCODE = '23514';
  END IF;
  free := line.amount_sen - desk.used_of_line(NEW.office_id, NEW.line_id);
  IF NEW.amount_sen > free THEN
    RAISE EXCEPTION 'desk: Dari mutasi ini tinggal % rupiah yang belum dipakai; bagiannya tidak boleh melebihi uangnya. Baca ulang daftarnya.',
      to_char(free / 100, 'FM999G999G999G999G990') USING ERRCODE = '23514';
  END IF;
  IF NEW.payment_id IS NOT NULL THEN
    SELECT p.case_id, p.by INTO paid FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.id = NEW.payment_id
      AND p.channel = 'transfer'
      AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = p.office_id AND x.payment_id = p.id);
    IF NOT FOUND OR paid.case_id IS DISTINCT FROM NEW.case_id THEN
      RAISE EXCEPTION 'desk: Pembayaran itu tidak berlaku atau milik permohonan lain.' USING ERRCODE = '23514';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_line_use_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.line_use u WHERE u.office_id = NEW.office_id AND u.id = NEW.use_id
                 AND u.kind <> 'payment') THEN
    RAISE EXCEPTION 'desk: Uang yang sudah dipastikan ditarik dengan membatalkan pembayarannya, bukan di sini.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- checked at COMMIT: a payment that rests on movements rests on exactly its amount
CREATE FUNCTION desk.check_payment_parts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT sum(u.amount_sen) FROM desk.line_use u WHERE u.office_id = NEW.office_id AND u.payment_id = NEW.payment_id)
     <> (SELECT p.amount * 100 FROM desk.payment p WHERE p.office_id = NEW.office_id AND p.id = NEW.payment_id) THEN
    RAISE EXCEPTION 'desk: Bagian-bagian mutasi tidak sama dengan jumlah pembayarannya.' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
"""

OF_DEFINER = (
    "desk.guard_payment_reversal()",
    "desk.guard_payment_approval()",
    "desk.guard_line_use()",
    "desk.guard_line_use_end()",
    "desk.check_payment_parts()",
)
USED = "desk.used_of_line(bigint, uuid)"

PAID = "SELECT p.id INTO paid FROM desk.payment p WHERE p.office_id = p_office AND p.invoice_id = inv.id"
IN_FORCE = (
    " AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = p.office_id AND x.payment_id = p.id)"
)


DAY = (
    "FROM desk.payment p, zone z\n"
    "    WHERE p.office_id = p_office AND p.at < ((p_day + 1)::timestamp AT TIME ZONE z.name)"
)
DAY_IN_FORCE = (
    "\n    AND NOT EXISTS (SELECT FROM desk.payment_reversal x WHERE x.office_id = p.office_id AND x.payment_id = p.id"
    "\n      AND x.at < coalesce((SELECT d.at FROM desk.day_close d WHERE d.office_id = p_office AND d.day = p_day), 'infinity'))"
)
"""A day that is closed keeps its figures; elsewhere money that was taken back does not count."""


def _change(function: str, before: str, after: str) -> None:
    """Replaces words in the body of a function; an upgrade that finds them missing fails."""
    op.execute(
        "DO $do$ DECLARE source text := pg_get_functiondef($f$" + function + "$f$::regproc); BEGIN "
        f"IF strpos(source, $b${before}$b$) = 0 THEN RAISE EXCEPTION 'not found in {function}'; END IF; "
        f"EXECUTE replace(source, $b${before}$b$, $a${after}$a$); END $do$"
    )


def upgrade() -> None:
    op.execute(TABLES)
    functions = FUNCTIONS
    for mark, words in ADDED.items():
        functions = functions.replace(mark, words)
    op.execute(functions)
    _change("desk.check_tracks", PAID + ";", PAID + IN_FORCE + ";")
    _change("desk.day_figures", DAY, DAY + DAY_IN_FORCE)
    mine = "office_id = ANY ((SELECT desk.my_offices())::bigint[])"
    for table, duties in STATED_BY.items():
        op.execute(f"ALTER TABLE desk.{table} OWNER TO desk_owner")
        op.execute(f"ALTER TABLE desk.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE desk.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY office ON desk.{table} TO {PERSON}, desk_definer USING ({mine}) WITH CHECK ({mine})"
        )
        op.execute(f"CREATE POLICY backup ON desk.{table} FOR SELECT TO desk_backup USING (true)")
        op.execute(
            f"CREATE POLICY duty_insert ON desk.{table} AS RESTRICTIVE FOR INSERT TO {PERSON} "
            f"WITH CHECK (desk.has_duty(office_id, '{{{','.join(duties)}}}'))"
        )
        op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}, desk_backup, desk_definer")
        for duty in duties:
            op.execute(f"GRANT INSERT ON desk.{table} TO desk_{duty}")
        op.execute(
            f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()"
        )
        op.execute(
            f"CREATE TRIGGER c_guard BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.guard_{table}()"
        )
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} "
            "FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
        )
        op.execute(f"SELECT audit.watch('{table}', 'id')")
    op.execute(
        "CREATE TRIGGER a_open BEFORE INSERT ON desk.payment_reversal "
        "FOR EACH ROW EXECUTE FUNCTION desk.need_open_day()"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER parts AFTER INSERT ON desk.line_use DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW WHEN (NEW.payment_id IS NOT NULL) EXECUTE FUNCTION desk.check_payment_parts()"
    )
    # FOR UPDATE needs a right to update; the trigger `final` refuses the update itself.
    op.execute("GRANT UPDATE (id) ON desk.statement_line TO desk_definer")
    op.execute(f"REVOKE EXECUTE ON FUNCTION {USED} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {USED} TO {PERSON}, desk_definer, desk_backup")
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in OF_DEFINER:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (id) ON desk.statement_line FROM desk_definer")
    _change("desk.day_figures", DAY_IN_FORCE, "")
    _change("desk.check_tracks", PAID + IN_FORCE + ";", PAID + ";")
    _change("desk.guard_payment", ADDED["@ONE_IN_FORCE@"], "")
    _change("desk.guard_receipt", ADDED["@LIMIT@"], "")
    _change("desk.guard_receipt", ADDED["@MONEY_BEHIND@"], "")
    _change("desk.guard_invoice_end", ADDED["@UNLESS_REVERSED@"], "")
    for table in ("line_use_end", "line_use", "payment_approval", "payment_reversal"):
        op.execute(f"DROP TABLE desk.{table} CASCADE")
    for function in (*OF_DEFINER, USED):
        op.execute(f"DROP FUNCTION {function}")
    op.execute(
        "ALTER TABLE desk.payment DROP COLUMN replaces CASCADE, DROP CONSTRAINT payment_office_id_id_by_key, "
        "ADD CONSTRAINT payment_office_id_invoice_id_key UNIQUE (office_id, invoice_id)"
    )
