"""Runs the migrations on the connection, and inside the transaction, that `gateway.store.prepare` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
