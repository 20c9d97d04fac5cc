"""Runs the migrations on the connection that `schema.prepare` hands over, within its transaction."""

from alembic import context

from tocsin.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
