"""How the tables that a store has are held against those that it should have."""

from collections.abc import Mapping
from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import BigInteger
from sqlalchemy.sql.elements import False_

import quotawatt.storage.tables  # noqa: F401  (every table belongs to the metadata)
from quotawatt.storage.schema import Instant

_JSON = "::json"


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Types and defaults of our own in terms of SQLAlchemy, so that a revision stands for itself."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, BigInteger) and item._variant_mapping:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    if kind == "server_default" and isinstance(getattr(item, "arg", None), False_):
        # As text it would be the 0 of one of the dialects.
        return "sa.false()"
    return False


def compare_server_default(
    context: MigrationContext,
    _stored_column: Any,
    _declared_column: Any,
    stored: str | None,
    _declared: Any,
    rendered: str | None,
) -> bool | None:
    """Whether a column's default is another one; None leaves the answer to Alembic.

    Alembic takes SQLite's empty text and what stands in parentheses for another default, and asks PostgreSQL
    whether two JSON values are equal, which that cannot say.
    """
    if context.dialect.name == "sqlite" or _is_json(stored):
        return _plain(stored) != _plain(rendered)
    return None


def _is_json(default: str | None) -> bool:
    return default is not None and default.endswith(_JSON)


def _plain(default: str | None) -> str | None:
    return None if default is None else default.removesuffix(_JSON).strip("()'")


COMPARISON: Mapping[str, Any] = {
    "compare_type": True,
    "compare_server_default": compare_server_default,
    # SQLite changes a column by making the table anew.
    "render_as_batch": True,
    "render_item": render_item,
}
"""Options of Alembic, the same for writing a revision and for running one."""
