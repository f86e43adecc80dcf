"""What the second officer counted in each file, and what he held against the order, stands with his judgement.

Revision ID: 0035
Revises: 0034

Earlier checks know no counts.
"""

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute("ALTER TABLE desk.preparation_check ADD COLUMN compared jsonb NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE desk.preparation_check DROP COLUMN compared")
