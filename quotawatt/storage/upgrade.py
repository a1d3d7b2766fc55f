"""Bringing a record store of an older version up to date: tables and columns that are not there yet.

Columns are only ever added, and one that is added to a table of an older version has a default in the
store or may be empty. So there is nothing to undo, and a store can be opened any number of times.
"""

from sqlalchemy import Connection, Inspector, MetaData, Table, inspect, text
from sqlalchemy.schema import CreateColumn


def bring_up_to_date(connection: Connection, metadata: MetaData) -> None:
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
