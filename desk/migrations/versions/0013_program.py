"""A program that is too old states no fact: the oldest one that is let in is asked for at every signature.

Revision ID: 0013
Revises: 0012

A window that was open while the office was upgraded is refused at its next deed, not only at its next login. Whoever
comes with another program (`psql`) meets the guards of the facts themselves.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

SIGN = """
CREATE OR REPLACE FUNCTION desk.sign_fact() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  program text := current_setting('application_name', true);
  said text;
  oldest text;
BEGIN
  IF program = 'Meja PST' OR program ~ '^Meja PST [0-9]' THEN
    said := coalesce(substring(program FROM '^Meja PST ([0-9]+([.][0-9]+)*)'), '0');
    SELECT i.oldest_program INTO oldest FROM desk.installation i;
    IF string_to_array(said, '.')::bigint[] < string_to_array(oldest, '.')::bigint[] THEN
      RAISE EXCEPTION 'desk: Program ini versi %, basis data kantor memerlukan % atau yang lebih baru. '
        'Perubahan tidak disimpan. Tutup Meja PST dan pasang versi terbaru.', said, oldest USING ERRCODE = '55000';
    END IF;
  END IF;
  NEW.by := session_user;
  NEW.at := desk.now();
  RETURN NEW;
END $$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION desk.sign_fact() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.by := session_user;
  NEW.at := desk.now();
  RETURN NEW;
END $$;
"""


def upgrade() -> None:
    op.execute(
        "ALTER TABLE desk.installation ADD CONSTRAINT installation_oldest_program_check "
        r"CHECK (oldest_program ~ '^[0-9]{1,9}([.][0-9]{1,9})*$')"
    )
    op.execute(SIGN)


def downgrade() -> None:
    op.execute(AS_BEFORE)
    op.execute("ALTER TABLE desk.installation DROP CONSTRAINT installation_oldest_program_check")
