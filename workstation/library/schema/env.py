"""Alembic's entry: runs the steps on the connection that library.database hands over."""

from __future__ import annotations

from alembic import context

from workstation.library.schema.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
