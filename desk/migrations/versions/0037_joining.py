"""Cases that were merged or split, requests that went back to the customer, questions to the sections.

Revision ID: 0037
Revises: 0036

Why it is built this way: docs/decisions/merge-and-split.md and docs/decisions/deciding.md.
"""

from alembic import op

revision = "0037"
down_revision = "0036"

PERSON = "desk_person"
TABLES = ("case_link", "request_copy", "section_question", "section_answer")
STAGES = "'new', 'clear', 'active', 'closed', 'redirected', 'cancelled'"

DEFINITIONS = r"""
CREATE TABLE desk.case_link (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  other_case_id uuid NOT NULL,
  kind character varying(10) NOT NULL,
  reason text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT case_link_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT case_link_kind_check CHECK (kind IN ('merged', 'split')),
  CONSTRAINT case_link_two_cases_check CHECK (case_id <> other_case_id),
  CONSTRAINT case_link_reason_check CHECK (btrim(reason) <> ''),
  CONSTRAINT case_link_office_id_case_id_fkey FOREIGN KEY (office_id, case_id) REFERENCES desk.cases (office_id, id),
  CONSTRAINT case_link_office_id_other_case_id_fkey FOREIGN KEY (office_id, other_case_id)
    REFERENCES desk.cases (office_id, id)
);
CREATE INDEX case_link_case_idx ON desk.case_link (office_id, case_id);
CREATE INDEX case_link_other_idx ON desk.case_link (office_id, other_case_id);
CREATE UNIQUE INDEX case_link_merged_idx ON desk.case_link (office_id, case_id) WHERE kind = 'merged';
CREATE TABLE desk.request_copy (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  asked text NOT NULL DEFAULT '',
  abstract jsonb NOT NULL DEFAULT '{}',
  lines jsonb NOT NULL DEFAULT '[]',
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT request_copy_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT request_copy_office_id_case_id_fkey FOREIGN KEY (office_id, case_id)
    REFERENCES desk.cases (office_id, id)
);
CREATE INDEX request_copy_case_idx ON desk.request_copy (office_id, case_id);
CREATE TABLE desk.section_question (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  section character varying(30) NOT NULL,
  line_id uuid,
  line_title text NOT NULL DEFAULT '',
  question text NOT NULL,
  due_on date NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT section_question_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT section_question_section_check CHECK (section IN ('social', 'production', 'distribution', 'accounts',
    'processing')),
  CONSTRAINT section_question_question_check CHECK (btrim(question) <> ''),
  CONSTRAINT section_question_office_id_case_id_fkey FOREIGN KEY (office_id, case_id)
    REFERENCES desk.cases (office_id, id)
);
CREATE INDEX section_question_case_idx ON desk.section_question (office_id, case_id);
CREATE TABLE desk.section_answer (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  question_id uuid NOT NULL,
  kind character varying(30) NOT NULL,
  answer text NOT NULL,
  by character varying(63) NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT desk.now(),
  CONSTRAINT section_answer_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT section_answer_kind_check CHECK (kind IN ('answered', 'withdrawn')),
  CONSTRAINT section_answer_answer_check CHECK (btrim(answer) <> ''),
  CONSTRAINT section_answer_office_id_question_id_key UNIQUE (office_id, question_id),
  CONSTRAINT section_answer_office_id_case_id_fkey FOREIGN KEY (office_id, case_id)
    REFERENCES desk.cases (office_id, id),
  CONSTRAINT section_answer_office_id_question_id_fkey FOREIGN KEY (office_id, question_id)
    REFERENCES desk.section_question (office_id, id)
);
CREATE INDEX section_answer_case_idx ON desk.section_answer (office_id, case_id);
COMMENT ON CONSTRAINT section_answer_office_id_question_id_key ON desk.section_answer IS
  'desk: Pertanyaan ini sudah dijawab atau ditarik. Baca ulang permohonannya.';
COMMENT ON CONSTRAINT case_link_reason_check ON desk.case_link IS 'desk: Alasan belum ditulis.';
COMMENT ON CONSTRAINT case_link_two_cases_check ON desk.case_link IS
  'desk: Permohonan tidak dapat digabungkan ke dirinya sendiri.';
"""

FUNCTIONS = r"""
-- A case that goes into another one has no number of its own and nobody waits for a decision about it; the other one is
-- open. A part that becomes a case of its own does so while the request is examined, and the new case has no story yet.
CREATE FUNCTION desk.guard_case_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c record;
  other record;
BEGIN
  SELECT * INTO c FROM desk.cases k WHERE k.office_id = NEW.office_id AND k.id = NEW.case_id;
  SELECT * INTO other FROM desk.cases k WHERE k.office_id = NEW.office_id AND k.id = NEW.other_case_id;
  IF NEW.kind = 'split' THEN
    IF c.stage <> 'new' OR other.stage <> 'new' OR other.customer_id <> c.customer_id OR EXISTS (
       SELECT FROM desk.event e WHERE e.office_id = NEW.office_id AND e.case_id = NEW.other_case_id) THEN
      RAISE EXCEPTION 'desk: Permohonan hanya dapat dipisah menjadi permohonan baru selama masih diperiksa.'
        USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF c.stage NOT IN ('new', 'clear') OR other.stage NOT IN ('new', 'clear', 'active') THEN
    RAISE EXCEPTION 'desk: Hanya permohonan yang belum berjalan dapat digabungkan, dan hanya ke permohonan yang terbuka.'
      USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.invoice n WHERE n.office_id = NEW.office_id AND n.case_id = NEW.case_id)
     OR EXISTS (SELECT FROM desk.agreement n WHERE n.office_id = NEW.office_id AND n.case_id = NEW.case_id)
     OR EXISTS (SELECT FROM desk.letter n WHERE n.office_id = NEW.office_id AND n.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Permohonan yang sudah punya nomor invoice, SPPD, atau surat tidak dapat digabungkan ke yang lain.'
      USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.relief n LEFT JOIN desk.relief_decision x ON x.office_id = n.office_id AND x.relief_id = n.id
             WHERE n.office_id = NEW.office_id AND n.case_id = NEW.case_id AND x.approved IS NOT FALSE) THEN
    RAISE EXCEPTION 'desk: Permohonan dengan nol rupiah tidak dapat digabungkan ke yang lain.' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Whoever calls a case merged must say into which one, and the other way round.
CREATE FUNCTION desk.guard_merged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.stage = 'merged') <> EXISTS (SELECT FROM desk.case_link l WHERE l.office_id = NEW.office_id
                                       AND l.case_id = NEW.id AND l.kind = 'merged') THEN
    RAISE EXCEPTION 'desk: Permohonan yang digabungkan harus menyebut permohonan tujuannya, dan sebaliknya.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION desk.guard_link_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.kind = 'merged' AND NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id
                                         AND c.id = NEW.case_id AND c.stage = 'merged') THEN
    RAISE EXCEPTION 'desk: Permohonan yang digabungkan harus menyebut permohonan tujuannya, dan sebaliknya.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;

-- The case whose conversation and files are seen from this one: itself, those merged into it, and what it was split
-- from, up to that moment.
CREATE FUNCTION desk.joined_cases(p_office bigint, p_case uuid) RETURNS TABLE (case_id uuid, until timestamptz)
LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE joined (case_id, until) AS (
    SELECT p_case, 'infinity'::timestamptz
    UNION
    SELECT l.case_id, CASE WHEN l.kind = 'split' THEN least(j.until, l.at) ELSE j.until END
    FROM joined j JOIN desk.case_link l ON l.office_id = p_office AND l.other_case_id = j.case_id
  )
  SELECT j.case_id, max(j.until) FROM joined j GROUP BY j.case_id
$$;

-- Where a merged case lives on: the end of its way, or the case itself.
CREATE FUNCTION desk.living_case(p_office bigint, p_case uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE way (case_id, step) AS (
    SELECT p_case, 0
    UNION ALL
    SELECT l.other_case_id, w.step + 1 FROM way w
    JOIN desk.case_link l ON l.office_id = p_office AND l.case_id = w.case_id AND l.kind = 'merged'
    WHERE w.step < 100
  )
  SELECT w.case_id FROM way w ORDER BY w.step DESC LIMIT 1
$$;

-- The request as it stands now, copied by the server: nobody writes down what a customer had asked for.
CREATE FUNCTION desk.copy_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record;
BEGIN
  SELECT * INTO c FROM desk.cases k WHERE k.office_id = NEW.office_id AND k.id = NEW.case_id;
  IF c.stage <> 'new' THEN
    RAISE EXCEPTION 'desk: Hanya permohonan yang masih diperiksa dapat dikembalikan kepada pengguna data.'
      USING ERRCODE = '23514';
  END IF;
  NEW.abstract := c.abstract;
  NEW.lines := coalesce((SELECT jsonb_agg(jsonb_build_object('title', l.title, 'detail', l.detail, 'tariff', l.tariff,
    'quantity', l.quantity) ORDER BY l.position) FROM desk.case_line l
    WHERE l.office_id = NEW.office_id AND l.case_id = NEW.case_id), '[]'::jsonb);
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_section_question() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id AND c.stage = 'new') THEN
    RAISE EXCEPTION 'desk: Seksi hanya ditanya selama permohonan diperiksa.' USING ERRCODE = '23514';
  END IF;
  IF NEW.due_on < desk.today(NEW.office_id) THEN
    RAISE EXCEPTION 'desk: Batas jawaban sudah lewat; pilih hari ini atau sesudahnya.' USING ERRCODE = '23514';
  END IF;
  NEW.line_title := '';
  IF NEW.line_id IS NOT NULL THEN
    SELECT l.title INTO NEW.line_title FROM desk.case_line l
    WHERE l.office_id = NEW.office_id AND l.case_id = NEW.case_id AND l.id = NEW.line_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'desk: Baris data itu tidak ada di permohonan ini. Baca ulang, lalu pilih lagi.' USING ERRCODE = '23503';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION desk.guard_section_answer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM desk.section_question q WHERE q.office_id = NEW.office_id AND q.id = NEW.question_id
                 AND q.case_id = NEW.case_id) THEN
    RAISE EXCEPTION 'desk: Pertanyaan itu bukan dari permohonan ini.' USING ERRCODE = '23503';
  END IF;
  RETURN NEW;
END $$;
"""

OF_DEFINER = (
    "desk.guard_case_link()",
    "desk.guard_merged()",
    "desk.guard_link_kept()",
    "desk.copy_request()",
    "desk.guard_section_question()",
    "desk.guard_section_answer()",
)
FOR_PERSONS = ("desk.joined_cases(bigint, uuid)", "desk.living_case(bigint, uuid)")

GUARDS = (
    ("case_link", "guard_case_link"),
    ("request_copy", "copy_request"),
    ("section_question", "guard_section_question"),
    ("section_answer", "guard_section_answer"),
)


def upgrade() -> None:
    op.execute("ALTER TABLE desk.cases DROP CONSTRAINT cases_stage_check")
    op.execute(f"ALTER TABLE desk.cases ADD CONSTRAINT cases_stage_check CHECK (stage IN ({STAGES}, 'merged'))")
    op.execute(DEFINITIONS)
    op.execute(FUNCTIONS)
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in OF_DEFINER:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    for function in FOR_PERSONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {PERSON}, desk_definer")
    for table in TABLES:
        _protect(table)
    for table, function in GUARDS:
        op.execute(f"CREATE TRIGGER b_guard BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.{function}()")
    op.execute(
        "CREATE CONSTRAINT TRIGGER merged AFTER UPDATE OF stage ON desk.cases DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW WHEN (NEW.stage = 'merged' OR OLD.stage = 'merged') EXECUTE FUNCTION desk.guard_merged()"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER kept AFTER INSERT ON desk.case_link DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION desk.guard_link_kept()"
    )
    _files_of("IF file.case_id IS DISTINCT FROM mail.case_id THEN", "IF NOT EXISTS (SELECT FROM "
              "desk.joined_cases(NEW.office_id, mail.case_id) j WHERE j.case_id = file.case_id AND file.at <= j.until) THEN")


def _files_of(before: str, after: str) -> None:
    """A mail may carry the files of the cases that were joined to its own."""
    op.execute(
        "DO $do$ DECLARE source text := pg_get_functiondef('desk.guard_outgoing_file'::regproc); BEGIN "
        f"IF strpos(source, $a${before}$a$) = 0 THEN RAISE EXCEPTION 'not found in guard_outgoing_file'; END IF; "
        f"EXECUTE replace(source, $a${before}$a$, $b${after}$b$); END $do$"
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
        "WITH CHECK (desk.has_duty(office_id, '{officer}'))"
    )
    op.execute(f"GRANT SELECT ON desk.{table} TO {PERSON}, desk_definer, desk_backup")
    op.execute(f"GRANT INSERT ON desk.{table} TO desk_officer")
    op.execute(f"CREATE TRIGGER a_sign BEFORE INSERT ON desk.{table} FOR EACH ROW EXECUTE FUNCTION desk.sign_fact()")
    op.execute(
        f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON desk.{table} "
        "FOR EACH ROW EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER final_all BEFORE TRUNCATE ON desk.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION desk.refuse_change()"
    )
    op.execute(f"SELECT audit.watch('{table}', 'id')")


def downgrade() -> None:
    _files_of("IF NOT EXISTS (SELECT FROM "
              "desk.joined_cases(NEW.office_id, mail.case_id) j WHERE j.case_id = file.case_id AND file.at <= j.until) THEN",
              "IF file.case_id IS DISTINCT FROM mail.case_id THEN")
    op.execute("DROP TRIGGER merged ON desk.cases")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE desk.{table}")
    for function in (*FOR_PERSONS, *OF_DEFINER):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("ALTER TABLE desk.cases DROP CONSTRAINT cases_stage_check")
    op.execute(f"ALTER TABLE desk.cases ADD CONSTRAINT cases_stage_check CHECK (stage IN ({STAGES}))")
