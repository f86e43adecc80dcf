"""The letters about money that did not pay as it should: numbers, who issues them, and when they hold no longer.

Revision ID: 0031
Revises: 0030

Why it is built this way: docs/decisions/statements.md.
"""

from alembic import op

revision = "0031"
down_revision = "0030"

KINDS = {"money_short": "UK", "money_over": "UL", "money_double": "UG", "money_late": "UT"}

GUARD = """
CREATE OR REPLACE FUNCTION desk.guard_letter() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.kind <> ALL ('{{kinds}}') AND NOT desk.has_duty(NEW.office_id, '{{officer}}') THEN
    RAISE EXCEPTION 'desk: Surat ini diterbitkan petugas layanan, bukan bendahara.' USING ERRCODE = '42501';
  END IF;
  {own}RETURN NEW;
END $$;
"""
OWN = """IF NEW.kind LIKE 'money%' AND NOT desk.has_duty(NEW.office_id, '{treasurer}') THEN
    RAISE EXCEPTION 'desk: Surat tentang uang diterbitkan bendahara.' USING ERRCODE = '42501';
  END IF;
  """
ENDED = """    WHEN p_paper LIKE 'money%' AND EXISTS (SELECT FROM desk.letter l
      JOIN desk.line_use_end x ON x.office_id = l.office_id AND x.use_id = (l.details->>'use_id')::uuid
      WHERE l.office_id = p_office AND l.id = p_subject) THEN 'BATAL'
"""
ELSE = "    ELSE '' END"


def _change(function: str, before: str, after: str) -> None:
    """Replaces words in the body of a function; an upgrade that finds them missing fails."""
    op.execute(
        "DO $do$ DECLARE source text := pg_get_functiondef($f$" + function + "$f$::regproc); BEGIN "
        f"IF strpos(source, $b${before}$b$) = 0 THEN RAISE EXCEPTION 'not found in {function}'; END IF; "
        f"EXECUTE replace(source, $b${before}$b$, $a${after}$a$); END $do$"
    )


def _guard(kinds: str, own: str) -> str:
    return GUARD.replace("{{kinds}}", "{" + kinds + "}").replace("{{officer}}", "{officer}").replace("{own}", own)


def upgrade() -> None:
    op.execute(_guard(",".join(("billing", *KINDS)), OWN))
    _change("desk.ended_mark", ELSE, ENDED + ELSE)
    for kind, prefix in KINDS.items():
        op.execute(
            "INSERT INTO desk.rule (office_id, key, valid_from, value, basis, confirmed) "  # noqa: S608
            f"SELECT r.office_id, 'number.{kind}', r.valid_from, jsonb_set(r.value, '{{template}}', "
            f"to_jsonb(regexp_replace(r.value->>'template', '^[A-Z]+-', '{prefix}-'))), r.basis, r.confirmed "
            "FROM desk.rule r WHERE r.key = 'number.billing' ON CONFLICT DO NOTHING"
        )


def downgrade() -> None:
    for kind in KINDS:
        op.execute(f"DELETE FROM desk.rule WHERE key = 'number.{kind}'")  # noqa: S608
    _change("desk.ended_mark", ENDED + ELSE, ELSE)
    op.execute(_guard("billing", ""))
