"""The package of a delivery: its parts with size and SHA-256, and the way its password went.

Revision ID: 0010
Revises: 0009

The password itself is nowhere kept. An earlier delivery knows no package.
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE desk.delivery ADD COLUMN package jsonb NOT NULL DEFAULT '[]', "
        "ADD COLUMN password_by varchar(20), "
        "ADD CONSTRAINT delivery_password_by_check CHECK (password_by IN ('phone', 'whatsapp', 'email', 'by_hand')), "
        "ADD CONSTRAINT delivery_package_check CHECK ((jsonb_array_length(package) > 0) = (password_by IS NOT NULL)), "
        # The password never travels beside the package.
        "ADD CONSTRAINT delivery_other_way_check CHECK (password_by IS DISTINCT FROM channel)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE desk.delivery DROP COLUMN package, DROP COLUMN password_by")
