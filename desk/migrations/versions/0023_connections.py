"""A person may hold eight connections at a time instead of four.

One workstation uses up to five (two for lists and deeds, one that listens, one for long work, one for a look at all of
the database). Where a process of the server hangs, its connections still count while the workstation has opened others
for the same person: with four the server refused the deed that it was asked again for.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"


def _allow(before: int, after: int) -> None:
    op.execute(
        "DO $do$ DECLARE source text := pg_get_functiondef('desk.add_person'::regproc); BEGIN "
        f"IF strpos(source, 'CONNECTION LIMIT {before} ') = 0 THEN RAISE EXCEPTION 'not found in add_person'; END IF; "
        f"EXECUTE replace(source, 'CONNECTION LIMIT {before} ', 'CONNECTION LIMIT {after} '); END $do$"
    )
    op.execute(
        "DO $do$ DECLARE login text; BEGIN FOR login IN SELECT p.login FROM desk.person p JOIN pg_roles r "
        f"ON r.rolname = p.login WHERE r.rolconnlimit = {before} "
        f"LOOP EXECUTE format('ALTER ROLE %I CONNECTION LIMIT {after}', login); END LOOP; END $do$"
    )


def upgrade() -> None:
    _allow(4, 8)


def downgrade() -> None:
    _allow(8, 4)
