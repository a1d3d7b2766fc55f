"""Bringing a store to the newest revision, and writing the next one. Loads Alembic."""

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from quotawatt.storage.migrations import FOLDER, VERSIONS, revisions
from quotawatt.storage.migrations.comparison import COMPARISON
from quotawatt.storage.schema import metadata


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the revisions that the store lacks, in the transaction that ``connection`` is in.

    A store without a revision is empty or older than the first one, which takes it over. Where one
    fails, its error comes through, and the caller's rollback leaves the store as it was.
    """
    command.upgrade(_config(connection), to)


def differences(connection: Connection) -> list[object]:
    """What the store's tables and the declared ones do not have in common; empty where they are the same."""
    context = MigrationContext.configure(connection, opts=dict(COMPARISON))
    return list(compare_metadata(context, metadata))


def write_revision(message: str, *, replace: bool = False) -> Path:
    """Write the script that leads from the newest revision to the tables as they are declared now.

    replace
        Write the newest revision anew instead of adding one: for one that has not left the desk.
    """
    if replace:
        (newest,) = VERSIONS.glob(f"v{revisions()[-1]}_*.py")
        newest.unlink()
    number = f"{int(revisions()[-1]) + 1:04d}"
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/records.sqlite")
        with engine.begin() as connection:
            config = _config(connection)
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()
    (script,) = VERSIONS.glob(f"v{number}_*.py")
    lines = script.read_text(encoding="utf-8").splitlines(keepends=True)
    # The tool's own remarks around what it wrote.
    kept = [line for line in lines if not line.lstrip().startswith("# ###")]
    script.write_text("".join(kept), encoding="utf-8")
    return script


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
