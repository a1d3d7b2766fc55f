"""Alembic runs this. The connection, within a transaction, is handed over by ``migrate``."""

from alembic import context

from quotawatt.storage.migrations.comparison import COMPARISON
from quotawatt.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, **COMPARISON
)
context.run_migrations()
