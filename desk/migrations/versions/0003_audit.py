"""Audit: every change is written to an append-only log, sealed in blocks per office, and its heads are signed.

Revision ID: 0003
Revises: 0002

Why it is built this way: docs/decisions/audit.md.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

KEYS = {
    "action_rule": "action", "agreement": "id", "case_line": "id", "cases": "id", "catalogue_item": "code",
    "correction": "id", "counter": "kind,year", "custody": "id", "customer": "id", "delivery": "id", "document": "id",
    "duty": "login,duty,starts_on", "event": "id", "fit_decision": "id", "gate_override": "id", "holiday": "day",
    "installation": "one", "invoice": "id", "invoice_end": "id", "invoice_line": "invoice_id,position", "letter": "id",
    "message": "id", "office": "id", "payment": "id", "payment_proof": "id", "person": "login", "preparation": "id",
    "preparation_check": "id", "prepared_file": "preparation_id,position", "print_entry": "id", "proof_rejection": "id",
    "receipt": "id", "receipt_void": "id", "relief": "id", "relief_decision": "id", "rule": "key,valid_from",
    "template": "id", "view_entry": "id",
}
"""Every table that is written down, with the columns that name a row inside its office."""

LEFT_OUT = {"cases": "words"}
"""Columns that follow from others and say nothing of their own."""

HASHED = {"template": "content", "customer": "id_number"}
"""Columns of which only the SHA-256 is kept: file contents, and what UU 27/2022 wants erased one day."""

TABLES = """
CREATE TABLE audit.log (
  office_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL DEFAULT session_user,
  address inet DEFAULT inet_client_addr(),
  program text NOT NULL DEFAULT current_setting('application_name'),
  table_name text NOT NULL,
  op text NOT NULL,
  key text NOT NULL,
  old jsonb,
  new jsonb,
  block bigint,
  CONSTRAINT log_pkey PRIMARY KEY (office_id, id),
  CONSTRAINT log_op_check CHECK (op IN ('B', 'I', 'U', 'D', 'T'))
);
CREATE INDEX log_unsealed_idx ON audit.log (office_id, id) WHERE block IS NULL;
CREATE INDEX log_block_idx ON audit.log (office_id, block) WHERE block IS NOT NULL;
CREATE INDEX log_row_idx ON audit.log (office_id, table_name, key, id);

CREATE TABLE audit.block (
  office_id bigint NOT NULL,
  no bigint NOT NULL,
  format bigint NOT NULL,
  rows bigint NOT NULL,
  root text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL,
  sealed_at timestamptz NOT NULL,
  CONSTRAINT block_pkey PRIMARY KEY (office_id, no),
  CONSTRAINT block_office_id_no_hash_key UNIQUE (office_id, no, hash)
);

CREATE TABLE audit.head (
  office_id bigint NOT NULL,
  no bigint NOT NULL,
  public_key text NOT NULL,
  hash text NOT NULL,
  signed_at timestamptz NOT NULL,
  signed_by text NOT NULL DEFAULT session_user,
  signature text NOT NULL,
  CONSTRAINT head_pkey PRIMARY KEY (office_id, no, public_key),
  CONSTRAINT head_office_id_no_hash_fkey FOREIGN KEY (office_id, no, hash)
    REFERENCES audit.block (office_id, no, hash)
);

CREATE TABLE audit.chain (
  one boolean NOT NULL DEFAULT true,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT chain_pkey PRIMARY KEY (one),
  CONSTRAINT chain_one_check CHECK (one)
);
INSERT INTO audit.chain DEFAULT VALUES;
"""

FUNCTIONS = """
-- The offices in which the person at this connection has one of these duties today, and the national rows.
CREATE FUNCTION audit.my_offices(p_duties text[]) RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN 0::bigint || ARRAY(
    SELECT DISTINCT d.office_id
    FROM desk.duty d JOIN desk.person p ON p.login = d.login AND p.active
    WHERE d.login = session_user AND d.duty = ANY (p_duties)
      AND desk.today(d.office_id) BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity'));
END $$;

-- Writes one changed row down: a new or deleted row as a whole, of a changed row only what changed.
-- Arguments of the trigger: key columns; a column left out; a column of which only a hash is kept.
CREATE FUNCTION audit.record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  was jsonb;
  became jsonb;
  image jsonb;
  name text;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO audit.log (office_id, table_name, op, key) VALUES (0, TG_TABLE_NAME, 'T', '');
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN became := to_jsonb(NEW); END IF;
  IF TG_NARGS > 1 THEN
    was := audit.shown(was, TG_ARGV[1], TG_ARGV[2]);
    became := audit.shown(became, TG_ARGV[1], TG_ARGV[2]);
  END IF;
  image := coalesce(became, was);
  IF strpos(TG_ARGV[0], ',') = 0 THEN
    name := image->>TG_ARGV[0];
  ELSE
    SELECT string_agg(image->>c.name, '/' ORDER BY c.position) INTO name
    FROM unnest(string_to_array(TG_ARGV[0], ',')) WITH ORDINALITY AS c(name, position);
  END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, became->o.key) INTO was, became
    FROM jsonb_each(was) o WHERE o.value IS DISTINCT FROM became->o.key;
    IF was IS NULL THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO audit.log (office_id, table_name, op, key, old, new)
  VALUES (audit.office_of(TG_TABLE_NAME, image), TG_TABLE_NAME, left(TG_OP, 1), name, was, became);
  RETURN NULL;
END $$;

-- The row without the column that follows from others, and with a hash in place of what must not be kept in clear.
CREATE FUNCTION audit.shown(p_row jsonb, p_left_out text, p_hashed text) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_hashed WHEN '' THEN p_row - p_left_out ELSE p_row - p_left_out || jsonb_build_object(
    p_hashed, encode(sha256(convert_to(concat_ws('|', p_row->>'id', p_row->>p_hashed), 'UTF8')), 'hex')) END
$$;

CREATE FUNCTION audit.office_of(p_table text, p_row jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce((p_row->>'office_id')::bigint, CASE p_table WHEN 'office' THEN (p_row->>'id')::bigint ELSE 0 END)
$$;

-- What a row of the log says, as one hash. `p_format` is that of its block: a later format leaves old blocks verifiable.
-- Every name is written out instead of a pinned path, which would keep this from being inlined.
CREATE FUNCTION audit.entry_hash(p_entry audit.log, p_format bigint) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT CASE p_format WHEN 1 THEN pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
    p_entry.office_id, p_entry.id, p_entry.xid, extract(epoch FROM p_entry.at)::text, p_entry.actor,
    pg_catalog.host(p_entry.address), p_entry.program, p_entry.table_name, p_entry.op, p_entry.key, p_entry.old,
    p_entry.new)::text, 'UTF8')) END
$$;

CREATE FUNCTION audit.block_hash(p_block audit.block) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_block.format WHEN 1 THEN encode(sha256(convert_to(concat_ws('|', p_block.previous, p_block.office_id,
    p_block.no, p_block.format, p_block.rows, p_block.root, extract(epoch FROM p_block.sealed_at)), 'UTF8')), 'hex') END
$$;

-- Seals what finished transactions have written, office by office, and gives the number of rows. What it can see is
-- committed, and what it cannot see yet is for the next block; so it takes no lock that a writer could want, and an open
-- transaction delays nobody's entries but its own. Where another sealer is at work it does nothing.
CREATE FUNCTION audit.seal() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  office bigint;
  made audit.block;
  total bigint := 0;
BEGIN
  PERFORM FROM audit.chain FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  FOR office IN SELECT DISTINCT l.office_id FROM audit.log l WHERE l.block IS NULL ORDER BY 1 LOOP
    LOOP
      made := NULL;
      SELECT b.no + 1, b.hash INTO made.no, made.previous FROM audit.block b
      WHERE b.office_id = office ORDER BY b.no DESC LIMIT 1;
      made.office_id := office;
      made.no := coalesce(made.no, 1);
      made.previous := coalesce(made.previous, '');
      made.format := 1;
      WITH due AS (
        SELECT l.id FROM audit.log l
        WHERE l.office_id = office AND l.block IS NULL
        ORDER BY l.id LIMIT 20000
      ), sealed AS (
        UPDATE audit.log l SET block = made.no FROM due WHERE l.office_id = office AND l.id = due.id
        RETURNING l.id, audit.entry_hash(l, made.format) AS hash
      )
      SELECT count(*), encode(sha256(string_agg(s.hash, ''::bytea ORDER BY s.id)), 'hex')
      INTO made.rows, made.root FROM sealed s;
      EXIT WHEN made.rows = 0;
      made.sealed_at := clock_timestamp();
      made.hash := audit.block_hash(made);
      INSERT INTO audit.block SELECT made.*;
      total := total + made.rows;
    END LOOP;
  END LOOP;
  RETURN total;
END $$;

-- What is wrong with the blocks from..upto of one office; no row means that they are as they were sealed.
CREATE FUNCTION audit.problems(p_office bigint, p_from bigint, p_upto bigint)
RETURNS TABLE (block bigint, problem text, told bigint, found bigint) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH rows_found AS (
    SELECT l.block, count(*) AS rows, encode(sha256(string_agg(audit.entry_hash(l, coalesce(b.format, 1)), ''::bytea
      ORDER BY l.id)), 'hex') AS root
    FROM audit.log l LEFT JOIN audit.block b ON b.office_id = l.office_id AND b.no = l.block
    WHERE l.office_id = p_office AND l.block BETWEEN p_from AND p_upto GROUP BY l.block
  ), chain AS (
    SELECT b.no, b.rows, b.root, b.previous, b.hash, audit.block_hash(b) AS right_hash,
      lag(b.no, 1, 0::bigint) OVER (ORDER BY b.no) AS no_before, lag(b.hash, 1, '') OVER (ORDER BY b.no) AS hash_before
    FROM audit.block b WHERE b.office_id = p_office AND b.no BETWEEN p_from - 1 AND p_upto
  )
  SELECT * FROM (
    SELECT coalesce(c.no, r.block), CASE
      WHEN c.no IS NULL THEN 'no_block'
      WHEN c.no <> c.no_before + 1 THEN 'block_before_missing'
      WHEN r.block IS NULL THEN 'rows_gone'
      WHEN r.rows <> c.rows THEN 'row_count'
      WHEN r.root IS DISTINCT FROM c.root THEN 'content'
      WHEN c.previous <> c.hash_before THEN 'link'
      WHEN c.hash IS DISTINCT FROM c.right_hash THEN 'block_hash' END, c.rows, r.rows
    FROM (SELECT * FROM chain WHERE no >= p_from) c FULL JOIN rows_found r ON r.block = c.no) AS judged (b, p, t, f)
  WHERE p IS NOT NULL ORDER BY b
$$;

-- Where the rows of a table of facts are not what the log last said of them: changed, vanished, added behind the log's
-- back, or changed at all (facts are final). Columns that did not exist when a row was written are not compared.
CREATE FUNCTION audit.differences(p_office bigint, p_table text)
RETURNS TABLE (key text, number text, problem text, actor text, at timestamptz) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE key_columns text;
BEGIN
  SELECT string_agg(format('(to_jsonb(t)->>%L)', a.attname), ' || ''/'' || ' ORDER BY k.position) INTO key_columns
  FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(number, position), pg_attribute a
  WHERE i.indrelid = format('desk.%I', p_table)::regclass AND i.indisprimary
    AND a.attrelid = i.indrelid AND a.attnum = k.number AND a.attname <> 'office_id';
  RETURN QUERY EXECUTE format($q$
    WITH said AS (
      SELECT DISTINCT ON (l.key) l.key, l.op, l.new, l.actor, l.at FROM audit.log l
      WHERE l.office_id = $1 AND l.table_name = %L ORDER BY l.key, l.id DESC
    ), now AS (
      SELECT %s AS key, to_jsonb(t) AS image FROM desk.%I t WHERE t.office_id = $1
    )
    SELECT * FROM (
      SELECT coalesce(n.key, s.key), coalesce(s.new->>'number', n.image->>'number'), CASE
        WHEN s.key IS NULL THEN 'unlogged'
        WHEN s.op IN ('U', 'D', 'T') THEN 'rewritten'
        WHEN n.key IS NULL THEN 'vanished'
        WHEN n.image IS DISTINCT FROM s.new AND EXISTS (SELECT FROM jsonb_each(s.new) e
          WHERE n.image ? e.key AND n.image->e.key IS DISTINCT FROM e.value) THEN 'changed' END, s.actor, s.at
      FROM now n FULL JOIN said s ON s.key = n.key) AS judged (k, no, p, who, moment)
    WHERE p IS NOT NULL ORDER BY k
  $q$, p_table, key_columns, p_table) USING p_office;
END $$;

-- Lets a table of the schema desk be written down from now on; what it holds already is the first entry of each row.
-- For migrations: SELECT audit.watch('table', 'key columns', 'column left out', 'column kept as a hash').
CREATE FUNCTION audit.watch(p_table text, p_key text, p_left_out text DEFAULT '', p_hashed text DEFAULT '')
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
  EXECUTE format('INSERT INTO audit.log (office_id, table_name, op, key, new) '
    'SELECT audit.office_of(%L, x.image), %L, ''B'', '
    '(SELECT string_agg(x.image->>c.name, ''/'' ORDER BY c.position) '
    'FROM unnest(string_to_array(%L, '','')) WITH ORDINALITY AS c(name, position)), audit.shown(x.image, %L, %L) '
    'FROM (SELECT to_jsonb(t) AS image FROM desk.%I t) x',
    p_table, p_table, p_key, p_left_out, p_hashed, p_table);
  EXECUTE format('CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON desk.%I FOR EACH ROW '
    'EXECUTE FUNCTION audit.record(%L%s)', p_table, p_key,
    CASE WHEN p_left_out || p_hashed = '' THEN '' ELSE format(', %L, %L', p_left_out, p_hashed) END);
  EXECUTE format('CREATE TRIGGER audit_all AFTER TRUNCATE ON desk.%I FOR EACH STATEMENT '
    'EXECUTE FUNCTION audit.record()', p_table);
END $$;

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'desk: Catatan audit tidak dapat diubah atau dihapus (%).', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
"""

OF_RECORDER = ("audit.record()", "audit.seal()")
GRANTS = {
    "desk_recorder": (
        "SELECT, INSERT, UPDATE (block) ON audit.log", "SELECT, INSERT ON audit.block",
        "SELECT, UPDATE (one) ON audit.chain",
        "EXECUTE ON FUNCTION audit.entry_hash(audit.log, bigint), audit.block_hash(audit.block), "
        "audit.shown(jsonb, text, text), audit.office_of(text, jsonb)",
    ),
    "desk_auditor": (
        "SELECT ON audit.log, audit.block, audit.head, audit.chain",
        "INSERT (office_id, no, public_key, hash, signed_at, signature) ON audit.head",
        "EXECUTE ON FUNCTION audit.my_offices(text[]), audit.seal(), audit.problems(bigint, bigint, bigint), "
        "audit.differences(bigint, text), audit.entry_hash(audit.log, bigint), audit.block_hash(audit.block)",
    ),
    "desk_treasurer": (
        "SELECT ON audit.block, audit.head, audit.chain",
        "INSERT (office_id, no, public_key, hash, signed_at, signature) ON audit.head",
        "EXECUTE ON FUNCTION audit.my_offices(text[]), audit.seal()",
    ),
    "desk_backup": (
        "SELECT ON audit.log, audit.block, audit.head, audit.chain",
        "EXECUTE ON FUNCTION audit.seal()",
    ),
}
READERS = {"log": "desk_auditor", "block": "desk_auditor, desk_treasurer", "head": "desk_auditor, desk_treasurer"}


def upgrade() -> None:
    op.execute("CREATE SCHEMA audit")
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA audit TO " + ", ".join(GRANTS))
    op.execute("GRANT USAGE, CREATE ON SCHEMA audit TO desk_owner, desk_recorder")
    for table in ("log", "block", "head", "chain"):
        op.execute(f"ALTER TABLE audit.{table} OWNER TO desk_owner")
    op.execute("ALTER FUNCTION audit.my_offices(text[]) OWNER TO desk_owner")
    for function in OF_RECORDER:
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_recorder")
    op.execute("REVOKE CREATE ON SCHEMA audit FROM desk_owner, desk_recorder")
    for role, rights in GRANTS.items():
        for right in rights:
            op.execute(f"GRANT {right} TO {role}")
    _policies()
    _triggers()


def _policies() -> None:
    for table, readers in READERS.items():
        duties = readers.replace("desk_", "").replace(" ", "")
        mine = f"office_id = ANY ((SELECT audit.my_offices('{{{duties}}}'))::bigint[])"
        op.execute(f"ALTER TABLE audit.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE audit.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY office ON audit.{table} TO {readers} USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"CREATE POLICY recorder ON audit.{table} TO desk_recorder USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY backup ON audit.{table} FOR SELECT TO desk_backup USING (true)")


def _triggers() -> None:
    refuse = "EXECUTE FUNCTION audit.refuse_change()"
    for table in ("block", "head"):
        op.execute(f"CREATE TRIGGER final BEFORE UPDATE OR DELETE ON audit.{table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER final BEFORE DELETE ON audit.log FOR EACH ROW {refuse}")
    columns = "office_id, id, xid, at, actor, address, program, table_name, op, key, old, new".split(", ")
    before, after = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    op.execute(
        "CREATE TRIGGER only_sealed BEFORE UPDATE ON audit.log FOR EACH ROW WHEN (OLD.block IS NOT NULL "
        f"OR NEW.block IS NULL OR ROW({before}) IS DISTINCT FROM ROW({after})) {refuse}"
    )
    for table in ("log", "block", "head"):
        op.execute(f"CREATE TRIGGER final_all BEFORE TRUNCATE ON audit.{table} FOR EACH STATEMENT {refuse}")
    for table, key in KEYS.items():
        op.execute(f"SELECT audit.watch('{table}', '{key}', '{LEFT_OUT.get(table, '')}', '{HASHED.get(table, '')}')")


def downgrade() -> None:
    for table in KEYS:
        op.execute(f"DROP TRIGGER audit ON desk.{table}")
        op.execute(f"DROP TRIGGER audit_all ON desk.{table}")
    op.execute("DROP SCHEMA audit CASCADE")
