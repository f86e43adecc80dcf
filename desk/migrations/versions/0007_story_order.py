"""The order of the story: deeds of one moment keep the order in which they were done.

Revision ID: 0007
Revises: 0006

The clock of the service promise reads the story (desk/rules/clocks.py); a training clock stands still, and two deeds of
one moment had no order. A position is no number of a paper: it may leave gaps.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # The rows that are there take their positions as they lie in the table, which is as they were written.
    op.execute("ALTER TABLE desk.event ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY")


def downgrade() -> None:
    op.execute("ALTER TABLE desk.event DROP COLUMN position")
