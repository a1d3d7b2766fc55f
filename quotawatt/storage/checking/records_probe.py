"""Whether the record store, SQLite or PostgreSQL, is there, of a version that fits, and takes writes.

Nothing is changed: what is written is rolled back, and an older store is not upgraded.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from quotawatt.errors import StoreError
from quotawatt.storage.checking.verdicts import Verdict, right, wrong
from quotawatt.storage.migrations import revisions
from quotawatt.storage.versions import revision_of

_PROBE = "store_check"
# What SQLite and PostgreSQL say, and the cause that it is. The first that is found counts.
_SAID = (
    ("password authentication failed", "password_wrong"),
    ("no password supplied", "password_missing"),
    ('role "', "password_wrong"),
    ("no pg_hba.conf entry", "not_admitted"),
    ("does not exist", "no_such_database"),
    ("Connection refused", "refused"),
    ("could not translate host name", "unknown_host"),
    ("Name or service not known", "unknown_host"),
    ("Temporary failure in name resolution", "unknown_host"),
    ("failed to resolve host", "unknown_host"),
    ("timeout", "timeout"),
    ("not a database", "damaged"),
    ("malformed", "damaged"),
    ("unable to open", "not_writable"),
    ("readonly", "not_writable"),
    ("read-only", "not_writable"),
    ("permission denied", "not_permitted"),
    ("locked", "locked"),
    ("disk is full", "disk_full"),
    ("No space left", "disk_full"),
)


def check_records(engine: Engine) -> Iterator[Verdict]:
    """What is right, and the first thing that is not, of the record store behind ``engine``."""
    where = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect() as connection:
            yield right("address", "answers", url=where)
            verdict = revision_verdict(*_versions(connection), newest=revisions())
            yield verdict
        if verdict.ok:
            yield _takes_writes(engine)
    except (StoreError, SQLAlchemyError, OSError) as error:
        name, said = engine.url.database, _words(error)
        yield wrong("address", said_cause(str(error)), url=where, name=name, said=said)


def said_cause(said: str) -> str:
    """Why the store does not answer or refuses, from what it says."""
    low = said.lower()
    return next((cause for words, cause in _SAID if words.lower() in low), "refused_otherwise")


def revision_verdict(
    revision: str | None, has_tables: bool, server: str, newest: Sequence[str]
) -> Verdict:
    """Whether this program can use a store of a revision.

    revision
        What the store says; None where it is new or from before revisions were counted.
    server
        Name and version of what holds it.
    newest
        All revisions that this program knows, in their order.
    """
    facts = {"server": server, "revision": revision or "–", "newest": newest[-1]}
    if revision is None:
        return right("version", "upgrades" if has_tables else "records_later", **facts)
    if revision not in newest:
        return wrong("version", "newer_records", **facts)
    return right("version", "newest" if revision == newest[-1] else "upgrades", **facts)


def _versions(connection: Connection) -> tuple[str | None, bool, str]:
    numbers = connection.dialect.server_version_info or ()
    server = f"{connection.dialect.name} {'.'.join(map(str, numbers))}"
    return revision_of(connection), bool(inspect(connection).get_table_names()), server


def _takes_writes(engine: Engine) -> Verdict:
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            connection.execute(text(f"CREATE TABLE {_PROBE} (value INTEGER)"))
            connection.execute(text(f"INSERT INTO {_PROBE} VALUES (42)"))
            found = connection.execute(text(f"SELECT value FROM {_PROBE}")).scalar_one()
            transaction.rollback()
    except (StoreError, SQLAlchemyError) as error:
        return wrong("write", said_cause(str(error)), url="", said=_words(error))
    return right("write", "came_back") if found == 42 else wrong("write", "came_not_back")


def _words(error: Exception) -> str:
    """What the driver said on one line, without the statement and the hints that follow."""
    said = str(error.__cause__ or error).strip() or type(error).__name__
    lines = said.splitlines()
    return next((line for line in lines if "FATAL:" in line), lines[0])[:200]
