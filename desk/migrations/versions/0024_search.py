"""The word book of the search box: one row per thing that can be found, kept by triggers, asked by one function.

Revision ID: 0024
Revises: 0023

Why it is built this way: docs/decisions/search.md.
"""

from alembic import op

revision = "0024"
down_revision = "0023"

PERSON = "desk_person"

WATCHED = {
    "cases": ("case", "number", "customer_name", "institution", "abstract.title"),
    "customer": ("customer", "email", "phone"),
    "case_line": ("line", "title"),
    "message": ("message", "sender", "subject", "body"),
    "document": ("file", "name", "title"),
    "invoice": ("invoice", "number", "payment_code", "total$"),
    "agreement": ("agreement", "number"),
    "receipt": ("receipt", "number", "amount$"),
    "letter": ("letter", "number"),
    "payment_proof": ("proof", "payer", "reference", "amount$"),
    "payment": ("payment", "reference", "amount$"),
    "deposit": ("deposit", "billing_code", "ntpn", "ntb", "amount$"),
}
"""What is found by which columns, under which name. `$`: an amount, found as a whole. Identity numbers, addresses and
the files of identity cards are not here: nobody may find a person by them (UU 27/2022)."""

TABLE = """
CREATE TABLE desk.search_entry (
  office_id bigint NOT NULL REFERENCES desk.office (id),
  id uuid NOT NULL,
  kind character varying(20) NOT NULL,
  case_id uuid,
  at timestamptz NOT NULL,
  words tsvector NOT NULL,
  CONSTRAINT search_entry_pkey PRIMARY KEY (office_id, kind, id)
);
"""

FUNCTIONS = r"""
-- The words of a text by PostgreSQL's plain configuration, each behind its office: "1600.susenas". So the beginning of a
-- word is looked up among the words of the own office only, however many offices there are.
CREATE FUNCTION desk.plain_words(p_text text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT tsvector_to_array(to_tsvector('simple'::regconfig,
    translate(left(p_text, 100000), '@._-/:;\,''"()[]{}<>|+*#%&=!?~', repeat(' ', 40))))
$$;

CREATE FUNCTION desk.office_words(p_office bigint, p_words text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_to_tsvector(ARRAY(SELECT DISTINCT p_office || '.' || left(w, 80) FROM unnest(p_words) w WHERE w <> ''))
$$;

-- What is found of one row: its columns as words, amounts as one word, and the number of a case also as it is spoken.
CREATE FUNCTION desk.words_of(p_row jsonb, p_columns text[]) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said text := '';
  whole text[] := '{}';
  name text;
BEGIN
  FOREACH name IN ARRAY p_columns LOOP
    IF right(name, 1) = '$' THEN
      whole := whole || ('rp' || (p_row->>rtrim(name, '$')));
    ELSE
      said := said || ' ' || coalesce(p_row #>> string_to_array(name, '.'), '');
    END IF;
  END LOOP;
  IF p_row ? 'sequence' THEN
    whole := whole || ('no' || (p_row->>'sequence'));
  END IF;
  RETURN desk.office_words((p_row->>'office_id')::bigint, desk.plain_words(said) || whole);
END $$;

CREATE FUNCTION desk.note_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb;
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM desk.search_entry e WHERE e.office_id = OLD.office_id AND e.kind = TG_ARGV[0] AND e.id = OLD.id;
    RETURN NULL;
  END IF;
  said := to_jsonb(NEW);
  IF said->>'kind' = 'id_card' THEN
    RETURN NULL;
  END IF;
  INSERT INTO desk.search_entry (office_id, id, kind, case_id, at, words)
  VALUES (NEW.office_id, NEW.id, TG_ARGV[0], CASE WHEN TG_ARGV[0] = 'case' THEN NEW.id ELSE (said->>'case_id')::uuid END,
    coalesce((said->>'at')::timestamptz, desk.now()), desk.words_of(said, TG_ARGV[1:]))
  ON CONFLICT (office_id, kind, id) DO UPDATE SET words = excluded.words;
  RETURN NULL;
END $$;

-- The cases whose words begin with every word typed, and those that `p_also` (whole words; with * their beginning) finds
-- by itself. First where one part of a case has all words, the latest first; only when that is little, where its parts have
-- them together. Only offices of the caller are looked at, whatever is asked for. What is found is named by kind and id, for
-- the caller to read under his or her own rights; a case may come twice.
CREATE FUNCTION desk.find_words(p_offices bigint[], p_typed text, p_also text[], p_limit bigint)
RETURNS TABLE (office_id bigint, case_id uuid, kind text, id uuid, at timestamptz) LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mine bigint[] := ARRAY(SELECT o FROM unnest(p_offices) o WHERE o = ANY (desk.my_offices()) AND o > 0);
  typed text[] := (desk.plain_words(p_typed))[1:6];
  also text[] := ARRAY(SELECT lower(regexp_replace(a, '[^[:alnum:]]', '', 'g')) ||
    CASE WHEN right(a, 1) = '*' THEN ':*' ELSE '' END FROM unnest(p_also[1:6]) a WHERE a ~ '[[:alnum:]]');
  each tsquery[] := ARRAY(
    SELECT string_agg('''' || o || '.' || w || ''':*', '|')::tsquery FROM unnest(typed) w, unnest(mine) o GROUP BY w);
  whole tsquery := (SELECT string_agg(
    '''' || o || '.' || rtrim(w, ':*') || '''' || CASE WHEN right(w, 2) = ':*' THEN ':*' ELSE '' END, '|')::tsquery
    FROM unnest(mine) o, unnest(also) w);
  one tsquery;
  most bigint := least(p_limit, 200);
  found bigint;
BEGIN
  IF cardinality(mine) = 0 THEN RETURN; END IF;
  FOR i IN 1 .. cardinality(each) LOOP
    one := CASE WHEN one IS NULL THEN each[i] ELSE one && each[i] END;
  END LOOP;
  one := CASE WHEN one IS NULL THEN whole WHEN whole IS NULL THEN one ELSE one || whole END;
  IF one IS NULL THEN RETURN; END IF;
  RETURN QUERY
  WITH hit AS MATERIALIZED (
    SELECT s.office_id, s.case_id, s.kind::text AS kind, s.id, s.at,
      CASE s.kind WHEN 'case' THEN 0 WHEN 'customer' THEN 1 WHEN 'message' THEN 4 WHEN 'file' THEN 3 WHEN 'line' THEN 3
        ELSE 2 END AS place
    FROM desk.search_entry s WHERE s.words @@ one AND (s.office_id + 0) = ANY (mine)  -- + 0: by the words, not by the office
    ORDER BY place, s.at DESC LIMIT 4 * most
  )
  SELECT h.office_id, coalesce(h.case_id, c.id, y.case_id), h.kind, h.id, h.at FROM hit h
  LEFT JOIN desk.cases c ON h.kind = 'customer' AND c.office_id = h.office_id AND c.customer_id = h.id
  LEFT JOIN desk.deposit_line l ON h.kind = 'deposit' AND l.office_id = h.office_id AND l.deposit_id = h.id
  LEFT JOIN desk.payment y ON y.office_id = l.office_id AND y.id = l.payment_id
  WHERE coalesce(h.case_id, c.id, y.case_id) IS NOT NULL
  ORDER BY h.place, h.at DESC, c.changed_at DESC LIMIT 4 * most;
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found >= most OR cardinality(each) < 2 THEN RETURN; END IF;
  RETURN QUERY
  WITH hit AS MATERIALIZED (
    SELECT q.n, e.office_id, e.case_id, e.kind::text AS kind, e.id, e.at FROM unnest(each) WITH ORDINALITY AS q (query, n)
    CROSS JOIN LATERAL (SELECT * FROM desk.search_entry s WHERE s.words @@ q.query) e
    WHERE (e.office_id + 0) = ANY (mine)
  ), of_case AS (
    SELECT h.n, h.office_id, h.case_id, h.kind, h.id, h.at FROM hit h WHERE h.case_id IS NOT NULL
    UNION ALL
    SELECT h.n, h.office_id, c.id, h.kind, h.id, h.at FROM hit h
    JOIN desk.cases c ON c.office_id = h.office_id AND c.customer_id = h.id WHERE h.kind = 'customer'
  ), spread AS (
    SELECT o.office_id, o.case_id FROM of_case o GROUP BY o.office_id, o.case_id
    HAVING count(DISTINCT o.n) = cardinality(each) ORDER BY max(o.at) DESC LIMIT most
  )
  SELECT p.office_id, p.case_id, p.kind, p.id, p.at FROM (
    SELECT DISTINCT ON (o.office_id, o.case_id) o.* FROM of_case o
    JOIN spread f ON f.office_id = o.office_id AND f.case_id = o.case_id
    ORDER BY o.office_id, o.case_id, CASE o.kind WHEN 'message' THEN 0 WHEN 'case' THEN 2 ELSE 1 END, o.at DESC) p
  ORDER BY p.at DESC;
END $$;
"""


def _filled(table: str, kind: str, columns: tuple[str, ...]) -> str:
    """Puts into the word book what stood in a table before it was kept."""
    names = ", ".join(f"'{name}'" for name in columns)
    of_case = {"case": "t.id", "customer": "NULL", "deposit": "NULL"}.get(kind, "t.case_id")
    moment = {"case": "t.registered_at", "customer": "now()", "line": "now()"}.get(kind, "t.at")
    where = " WHERE t.kind <> 'id_card'" if kind == "file" else ""
    return (
        "INSERT INTO desk.search_entry (office_id, id, kind, case_id, at, words) "  # noqa: S608
        f"SELECT t.office_id, t.id, '{kind}', {of_case}, {moment}, "
        f"desk.words_of(to_jsonb(t), ARRAY[{names}]) FROM desk.{table} t{where} ON CONFLICT DO NOTHING"
    )


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(FUNCTIONS)
    for table, (kind, *columns) in WATCHED.items():
        op.execute(_filled(table, kind, tuple(columns)))
    op.execute("CREATE INDEX search_entry_words_idx ON desk.search_entry USING gin (words) WITH (fastupdate = off)")
    op.execute("ALTER TABLE desk.search_entry OWNER TO desk_owner")
    op.execute("ALTER TABLE desk.search_entry ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE desk.search_entry FORCE ROW LEVEL SECURITY")
    # A condition in a policy would keep the index of the words from being used; the function holds to the offices itself.
    op.execute("CREATE POLICY functions ON desk.search_entry TO desk_definer USING (true) WITH CHECK (true)")
    op.execute("CREATE POLICY backup ON desk.search_entry FOR SELECT TO desk_backup USING (true)")
    op.execute("GRANT SELECT ON desk.search_entry TO desk_backup")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.search_entry TO desk_definer")
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    for function in ("desk.note_words()", "desk.find_words(bigint[], text, text[], bigint)"):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {function} OWNER TO desk_definer")
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")
    for function in (
        "desk.plain_words(text)", "desk.office_words(bigint, text[])", "desk.words_of(jsonb, text[])",
    ):  # fmt: skip
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO desk_definer")
    op.execute(f"GRANT EXECUTE ON FUNCTION desk.find_words(bigint[], text, text[], bigint) TO {PERSON}")
    for table, (kind, *columns) in WATCHED.items():
        names = ", ".join(f"'{name}'" for name in (kind, *columns))
        call = f"FOR EACH ROW EXECUTE FUNCTION desk.note_words({names})"
        op.execute(f"CREATE TRIGGER words AFTER INSERT ON desk.{table} {call}")
    note = "FOR EACH ROW EXECUTE FUNCTION desk.note_words"
    changed = {"cases": "customer_name, institution, abstract", "customer": "email, phone"}
    for table, watched in changed.items():
        kind, *columns = WATCHED[table]
        names = ", ".join(f"'{name}'" for name in (kind, *columns))
        op.execute(f"CREATE TRIGGER words_changed AFTER UPDATE OF {watched} ON desk.{table} {note}({names})")
    op.execute(f"CREATE TRIGGER words_gone AFTER DELETE ON desk.case_line {note}('line')")
    op.execute("DROP INDEX desk.cases_words_idx")


def downgrade() -> None:
    op.execute("CREATE INDEX cases_words_idx ON desk.cases USING gin (words)")
    for table in WATCHED:
        op.execute(f"DROP TRIGGER words ON desk.{table}")
    for table in ("cases", "customer"):
        op.execute(f"DROP TRIGGER words_changed ON desk.{table}")
    op.execute("DROP TRIGGER words_gone ON desk.case_line")
    op.execute("DROP FUNCTION desk.find_words(bigint[], text, text[], bigint)")
    op.execute("DROP FUNCTION desk.note_words()")
    op.execute("DROP TABLE desk.search_entry")
    for function in (
        "desk.words_of(jsonb, text[])", "desk.office_words(bigint, text[])", "desk.plain_words(text)",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
