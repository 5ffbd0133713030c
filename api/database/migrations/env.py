"""Runs migrations on the connection that ``api.database.database`` hands over."""

from alembic import context

from api.database.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
