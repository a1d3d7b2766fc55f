"""Taking over a record store from before its versions were counted: the way to the first revision.

Columns were only ever added then, and one that was added to a table of an older version has a default in
the store or may be empty. So what is missing is added, whatever version the store is of.
"""

from sqlalchemy import Connection, Inspector, MetaData, Table, inspect, text
from sqlalchemy.schema import CreateColumn


def add_what_is_missing(connection: Connection, metadata: MetaData) -> None:
    """Create the tables and columns of ``metadata`` that the store lacks, within the transaction."""
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    if "seen_devices" in present and _has_column(inspector, "seen_devices", "channel"):
        # Once a row a channel, now a row a device. It fills again as the devices send.
        connection.execute(text("DROP TABLE seen_devices"))
        present.remove("seen_devices")
    metadata.create_all(connection)
    for table in metadata.sorted_tables:
        if table.name in present:
            _add_columns(connection, inspector, table)


def _has_column(inspector: Inspector, table: str, column: str) -> bool:
    return any(found["name"] == column for found in inspector.get_columns(table))


def _add_columns(connection: Connection, inspector: Inspector, table: Table) -> None:
    known = {column["name"] for column in inspector.get_columns(table.name)}
    for column in table.columns:
        if column.name not in known:
            definition = CreateColumn(column).compile(dialect=connection.dialect)
            connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {definition}"))
