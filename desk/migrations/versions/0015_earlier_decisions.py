"""An index by which earlier decisions about the same survey are found while a line is judged.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("CREATE INDEX case_line_catalogue_idx ON desk.case_line (office_id, catalogue_code)")


def downgrade() -> None:
    op.execute("DROP INDEX desk.case_line_catalogue_idx")
