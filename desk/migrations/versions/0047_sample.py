"""A sample of the data may go out before payment where the rule book allows it: a few rows of text, marked as a sample.

Revision ID: 0047
Revises: 0046

Why it is built this way: docs/decisions/package.md.
"""

from alembic import op

revision = "0047"
down_revision = "0046"

KINDS = "'incoming', 'id_card', 'paper', 'proof', 'scan', 'letter', 'stamp_proof'"

TABLES = """
ALTER TABLE desk.document DROP CONSTRAINT document_kind_check,
  ADD CONSTRAINT document_kind_check CHECK (kind IN ({KINDS}, 'sample')),
  ADD CONSTRAINT document_sample_check CHECK (kind <> 'sample' OR name LIKE 'CONTOH %');
COMMENT ON CONSTRAINT document_sample_check ON desk.document IS 'desk: Nama berkas contoh data diawali kata CONTOH.';
""".replace("{KINDS}", KINDS)

FUNCTIONS = r"""
-- A sample is allowed by the rule book of the day, small, a table of text with few rows (counted here), made before the
-- data are sent, and never the data themselves. Its title says how many rows it has: the server's words.
CREATE FUNCTION desk.guard_sample() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := desk.today(NEW.office_id);
  limits jsonb := desk.rule_value(NEW.office_id, 'sample_limits', today);
  octets bigint;
  lines bigint;
  plain boolean;
  v_rows bigint;
BEGIN
  IF desk.rule_value(NEW.office_id, 'sample_with_invoice', today) IS DISTINCT FROM 'true'::jsonb THEN
    RAISE EXCEPTION 'desk: Buku aturan kantor ini tidak mengizinkan contoh data sebelum pembayaran.'
      USING ERRCODE = '23514';
  END IF;
  IF NOT EXISTS (SELECT FROM desk.cases c WHERE c.office_id = NEW.office_id AND c.id = NEW.case_id
                 AND c.stage = 'active' AND c.data IN ('none', 'preparing', 'prepared', 'checked')) THEN
    RAISE EXCEPTION 'desk: Contoh data hanya dibuat sebelum datanya dikirim.' USING ERRCODE = '23514';
  END IF;
  SELECT sum(octet_length(f.bytes)), bool_and(position('\x00'::bytea IN f.bytes) = 0),
    sum(length(encode(f.bytes, 'escape')) - length(replace(encode(f.bytes, 'escape'), E'\n', '')))
    + (array_agg(octet_length(f.bytes) > 0 AND get_byte(f.bytes, greatest(octet_length(f.bytes) - 1, 0)) <> 10
        ORDER BY f.no DESC))[1]::int
  INTO octets, plain, lines
  FROM desk.file_chunk f WHERE f.office_id = NEW.office_id AND f.sha256 = NEW.sha256;
  v_rows := lines - 1;
  IF plain IS NOT TRUE OR v_rows < 1 THEN
    RAISE EXCEPTION 'desk: Contoh data berupa tabel teks (CSV) dengan satu baris judul dan sedikitnya satu baris isi.'
      USING ERRCODE = '23514';
  END IF;
  IF octets > (limits->>'bytes')::bigint OR v_rows > (limits->>'rows')::bigint THEN
    RAISE EXCEPTION 'desk: Contoh data memuat % baris (% byte); paling banyak % baris dan % byte.',
      v_rows, octets, limits->>'rows', limits->>'bytes' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM desk.prepared_file p WHERE p.office_id = NEW.office_id AND p.sha256 = NEW.sha256) THEN
    RAISE EXCEPTION 'desk: Berkas ini data yang dipesan, bukan contohnya.' USING ERRCODE = '23514';
  END IF;
  NEW.title := format('Contoh data (%s baris)', v_rows);
  RETURN NEW;
END $$;

-- Ordered data leave in a package through the gate, and as nothing else.
CREATE FUNCTION desk.guard_outgoing_data() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM desk.document d JOIN desk.prepared_file p ON p.office_id = d.office_id AND p.sha256 = d.sha256
             WHERE d.office_id = NEW.office_id AND d.id = NEW.document_id) THEN
    RAISE EXCEPTION 'desk: Berkas ini data yang dipesan; data hanya keluar dalam paket, lewat langkah kirim.'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
"""

GUARDS = (
    ("document", "d_sample", "WHEN (NEW.kind = 'sample') ", "guard_sample"),
    ("outgoing_file", "d_data", "", "guard_outgoing_data"),
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("CREATE INDEX prepared_file_sha256_idx ON desk.prepared_file (office_id, sha256)")
    op.execute(FUNCTIONS)
    for table, name, when, function in GUARDS:
        op.execute(f"REVOKE EXECUTE ON FUNCTION desk.{function}() FROM PUBLIC")
        op.execute(f"ALTER FUNCTION desk.{function}() OWNER TO desk_definer")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON desk.{table} FOR EACH ROW {when}EXECUTE FUNCTION desk.{function}()"
        )


def downgrade() -> None:
    for table, name, _, function in GUARDS:
        op.execute(f"DROP TRIGGER {name} ON desk.{table}")
        op.execute(f"DROP FUNCTION desk.{function}()")
    op.execute("DROP INDEX desk.prepared_file_sha256_idx")
    op.execute("ALTER TABLE desk.document DROP CONSTRAINT document_sample_check, DROP CONSTRAINT document_kind_check")
    op.execute(f"ALTER TABLE desk.document ADD CONSTRAINT document_kind_check CHECK (kind IN ({KINDS}))")
