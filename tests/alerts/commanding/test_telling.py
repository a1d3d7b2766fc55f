"""Who is told of a command: a manager that it waits, who answers for the case that it was not obeyed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from alerts.cases.model import Act, CaseEvent
from alerts.cases.taking import Deed, take_steps
from alerts.people.routing import tell
from quotawatt.storage.case_tables import notices
from quotawatt.storage.records import open_records
from tests.alerts.people.office import NOW, case_of, opened, telling, told


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    engine = open_records("sqlite", tmp_path)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    ("step", "people"),
    [
        ("asked", {"account:sun"}),
        ("timed_out", {"account:li"}),
        ("failed", {"account:li"}),
        ("confirmed", set()),
        ("sent", set()),
        ("answered", set()),
    ],
)
def test_who_is_told_at_once(conn: Connection, step: str, people: set[str]) -> None:
    case = opened(conn, case_of())[0].case
    deed = Deed(case, CaseEvent.COMMAND, Act("he", NOW), {"step": step})
    tell(conn, take_steps(conn, [deed]), telling(), NOW)
    found = {who for who, channel in told(conn, "command") if not channel.startswith("log")}
    assert found == people
    at_once = conn.execute(select(notices.c.at_once).where(notices.c.event == "command"))
    assert set(at_once.scalars()) <= {True}
