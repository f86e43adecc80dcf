"""The letter that asks whose money it is: it belongs to a movement of the bank instead of a case.

Revision ID: 0041
Revises: 0040

Why it is built this way: docs/decisions/statements.md.
"""

from alembic import op

revision = "0041"
down_revision = "0040"

TABLES = """
ALTER TABLE desk.letter ALTER COLUMN case_id DROP NOT NULL, ADD COLUMN line_id uuid;
ALTER TABLE desk.letter
  ADD CONSTRAINT letter_office_id_line_id_fkey FOREIGN KEY (office_id, line_id)
    REFERENCES desk.statement_line (office_id, id),
  ADD CONSTRAINT letter_about_check CHECK (
    (kind = 'money_unknown') = (line_id IS NOT NULL) AND (case_id IS NULL) = (line_id IS NOT NULL));
CREATE INDEX letter_line_idx ON desk.letter (office_id, line_id) WHERE line_id IS NOT NULL;
ALTER TABLE desk.document ALTER COLUMN case_id DROP NOT NULL;
ALTER TABLE desk.document ADD CONSTRAINT document_case_check CHECK (case_id IS NOT NULL OR paper = 'money_unknown');
ALTER TABLE desk.print_entry ALTER COLUMN case_id DROP NOT NULL;
ALTER TABLE desk.print_failure ALTER COLUMN case_id DROP NOT NULL;
"""
BACK = """
ALTER TABLE desk.print_failure ALTER COLUMN case_id SET NOT NULL;
ALTER TABLE desk.print_entry ALTER COLUMN case_id SET NOT NULL;
ALTER TABLE desk.document DROP CONSTRAINT document_case_check, ALTER COLUMN case_id SET NOT NULL;
ALTER TABLE desk.letter DROP COLUMN line_id, ALTER COLUMN case_id SET NOT NULL;
"""

LAST = "RETURN NEW;"
ABOUT_A_LINE = """IF NEW.kind = 'money_unknown' THEN
    free := (SELECT l.amount_sen FROM desk.statement_line l WHERE l.office_id = NEW.office_id AND l.id = NEW.line_id)
      - desk.used_of_line(NEW.office_id, NEW.line_id);
    IF coalesce(free, 0) <= 0 THEN
      RAISE EXCEPTION 'desk: Uang pada mutasi ini sudah bertuan, atau bukan dana masuk kantor Anda. Baca ulang daftarnya.'
        USING ERRCODE = '23514';
    END IF;
    IF coalesce(btrim(NEW.details->>'addressee'), '') = '' THEN
      RAISE EXCEPTION 'desk: Tujuan surat belum diisi.' USING ERRCODE = '23514';
    END IF;
    NEW.details := NEW.details || jsonb_build_object('amount_sen', free);
  END IF;
  """
BEGIN = "AS $function$\nBEGIN\n"
DECLARED = "AS $function$\nDECLARE free bigint;\nBEGIN\n"
KINDS = "{billing,money_short,money_over,money_double,money_late}"
MORE_KINDS = "{billing,money_short,money_over,money_double,money_late,money_unknown}"
OF_CASE = "n.case_id = NEW.case_id AND"
OF_CASE_OR_NONE = "n.case_id IS NOT DISTINCT FROM NEW.case_id AND"

FORMAT = """
INSERT INTO desk.rule (office_id, key, valid_from, value, basis, confirmed)
SELECT DISTINCT ON (r.office_id) r.office_id, 'number.money_unknown', r.valid_from, n.value, r.basis, r.confirmed
FROM desk.rule r CROSS JOIN LATERAL (SELECT jsonb_set(r.value - 'source', '{template}', to_jsonb(
  CASE WHEN r.value->>'template' ~ '^[A-Z]+-' THEN regexp_replace(r.value->>'template', '^[A-Z]+-', 'UB-')
  ELSE 'UB-{nomor:3}/{tahun}' END)) AS value) n
WHERE r.key = 'number.billing' AND NOT EXISTS (SELECT FROM desk.rule x WHERE x.office_id = r.office_id
  AND x.key LIKE 'number.%' AND (x.key = 'number.money_unknown'
    OR x.key <> 'number.case' AND desk.number_shape(x.value) = desk.number_shape(n.value)))
ORDER BY r.office_id, r.valid_from
"""


def _change(function: str, before: str, after: str) -> None:
    """Replaces words in the body of a function; an upgrade that finds them missing fails."""
    op.execute("GRANT CREATE ON SCHEMA desk TO desk_definer")
    op.execute(
        "DO $do$ DECLARE source text := pg_get_functiondef($f$" + function + "$f$::regproc); BEGIN "
        f"IF strpos(source, $b${before}$b$) = 0 THEN RAISE EXCEPTION 'not found in {function}'; END IF; "
        f"EXECUTE replace(source, $b${before}$b$, $a${after}$a$); END $do$"
    )
    op.execute("REVOKE CREATE ON SCHEMA desk FROM desk_definer")


def upgrade() -> None:
    op.execute(TABLES)
    _change("desk.guard_letter", KINDS, MORE_KINDS)
    _change("desk.guard_letter", BEGIN, DECLARED)
    _change("desk.guard_letter", LAST, ABOUT_A_LINE + LAST)
    _change("desk.give_number", OF_CASE, OF_CASE_OR_NONE)
    op.execute(FORMAT)


def downgrade() -> None:
    op.execute("DELETE FROM desk.rule WHERE key = 'number.money_unknown'")
    _change("desk.give_number", OF_CASE_OR_NONE, OF_CASE)
    _change("desk.guard_letter", ABOUT_A_LINE + LAST, LAST)
    _change("desk.guard_letter", DECLARED, BEGIN)
    _change("desk.guard_letter", MORE_KINDS, KINDS)
    op.execute(BACK)
