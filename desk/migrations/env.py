"""What Alembic runs for each command; `desk.adapters.schema` gives it the open connection."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    version_table_schema="desk",
    include_schemas=False,
)
# The caller's transaction is the only one: an upgrade is done as a whole or not at all.
context.run_migrations()
