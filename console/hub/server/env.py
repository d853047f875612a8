"""Alembic's entry: runs over the connection and inside the transaction that `administration` opened."""

from alembic import context

from console.hub.server import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema=SCHEMA,
    transactional_ddl=True,
)
context.run_migrations()
