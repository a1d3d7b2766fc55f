"""Small facts of the whole installation, one value (JSON) a name: read, locked, put."""

from typing import Any

from sqlalchemy import Connection, select, update

from quotawatt.storage.records import upsert
from quotawatt.storage.tables import state


def read_fact(conn: Connection, name: str, default: Any) -> Any:
    """The value; the default where none was put yet."""
    found = conn.execute(select(state.c.value).where(state.c.name == name)).scalar_one_or_none()
    return default if found is None else found


def lock_fact(conn: Connection, name: str, default: Any) -> Any:
    """The value, locked until the transaction ends; put there first where it is missing."""
    upsert(conn, state, [{"name": name, "value": default}], keys=["name"])
    statement = select(state.c.value).where(state.c.name == name).with_for_update()
    return conn.execute(statement).scalar_one()


def put_fact(conn: Connection, name: str, value: Any) -> None:
    """Another value for what ``lock_fact`` gave."""
    conn.execute(update(state).where(state.c.name == name).values(value=value))
