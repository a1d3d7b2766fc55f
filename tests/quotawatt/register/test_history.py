"""One asset as of a day from the store is what the snapshot of that day says, in a few questions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from quotawatt.errors import NotFoundError
from quotawatt.register.belonging import Tree
from quotawatt.register.history import asset_as_of
from quotawatt.register.model import FormerValue
from quotawatt.register.repository import save_register
from quotawatt.register.rows import kind_of
from tests.quotawatt.register.estate import ESTATE, with_records

AT = datetime(2024, 1, 1, tzinfo=UTC)
MARCH, JULY = date(2024, 3, 1), date(2024, 7, 1)
DAY = timedelta(days=1)
DATED = with_records(
    ESTATE,
    former_values=[
        FormerValue("HALL", "organisation", "WATER", MARCH),
        FormerValue("R101", "organisation", "CITY", JULY),
        FormerValue("EDU", "region_parent", "", MARCH),
        FormerValue("EDU", "region_parent", "WATER", JULY),
        FormerValue("EDU", "system_parent", "", MARCH),
        FormerValue("M1", "building", "ANNEX", MARCH),
        FormerValue("PRN", "building", "", JULY),
        FormerValue("CAR", "status", "planned", MARCH),
    ],
)
TREES: tuple[Tree, ...] = ("region", "system")


def test_it_agrees_with_the_snapshot_on_every_day(records: Engine) -> None:
    save_register(records, DATED, "a", AT)
    with records.connect() as conn:
        for day in (MARCH - DAY, MARCH, JULY - DAY, JULY, date(2030, 1, 1)):
            snapshot = DATED.as_of(day)
            for code, asset in snapshot.assets.items():
                found = asset_as_of(conn, code, day)
                organisation = snapshot.organisation_of(code)
                paths = tuple(snapshot.path_of(organisation, tree) for tree in TREES)
                assert (found.kind, found.asset) == (kind_of(asset), asset)
                assert found.organisation == organisation
                assert (found.region_path, found.system_path) == paths, (code, day)


def test_an_unknown_code_is_not_found(records: Engine) -> None:
    with records.connect() as conn, pytest.raises(NotFoundError, match="got 'nobody'"):
        asset_as_of(conn, "nobody", MARCH)


def test_it_asks_few_questions_whatever_the_depth(records: Engine) -> None:
    save_register(records, DATED, "a", AT)
    asked: list[str] = []
    with records.connect() as conn:
        event.listen(
            conn, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement)
        )
        asset_as_of(conn, "M1", MARCH)
    assert len([statement for statement in asked if statement != "BEGIN"]) == 6


def test_a_circle_ends(records: Engine) -> None:
    circle = with_records(DATED, former_values=[FormerValue("CITY", "region_parent", "EDU", MARCH)])
    save_register(records, circle, "a", AT)
    with records.connect() as conn:
        found = asset_as_of(conn, "EDU", MARCH - DAY)
    assert found.region_path == ("EDU", "CITY")
