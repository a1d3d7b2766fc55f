"""Which version a record store is of, and bringing it to the newest.

A new store gets the declared tables at once and the newest revision's number; one that is up to date costs
a query; only an older one loads the migrations.
"""

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select, text

import quotawatt.storage.tables  # noqa: F401  (every table belongs to the metadata)
from quotawatt.errors import StateError
from quotawatt.storage.migrations import revisions
from quotawatt.storage.schema import metadata

# Any fixed number: it only has to be the same in every process that opens the store.
_LOCK = 0x51A7

# The name is the migration tool's, which keeps one row there.
_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def bring_to_newest(engine: Engine) -> None:
    """Create the tables of a new store, or upgrade an older one, in one transaction.

    Of several processes that open the store at once one does it and the others wait. Raises StateError
    where the store is of a newer version than this program.
    """
    newest = revisions()[-1]
    with engine.connect() as connection:
        if revision_of(connection) == newest:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if not inspect(connection).get_table_names():
            metadata.create_all(connection)
            _version.create(connection)
            connection.execute(_version.insert().values(version_num=newest))
        else:
            _upgrade(connection, newest)


def revision_of(connection: Connection) -> str | None:
    """The revision that the store says it is of; None: it is new, or from before they were counted."""
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.execute(select(_version.c.version_num)).scalar_one_or_none()


def _upgrade(connection: Connection, newest: str) -> None:
    revision = revision_of(connection)
    if revision not in (None, *revisions()):
        raise StateError(
            f"a record store must be of this version or an older one (up to revision {newest}), "
            f"got one of revision {revision}: a newer version of Quotawatt has opened it"
        )
    if revision != newest:
        from quotawatt.storage.migrations.migrate import upgrade  # loads the migration tool

        upgrade(connection)
