"""Versions of baselines: which is current, what comes back, what goes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine

from quotawatt.storage.baseline_keeping import drop_after, forget, keep, revive
from quotawatt.storage.baselines import (
    ASKED,
    CHANGED,
    CURRENT,
    DROPPED,
    INSUFFICIENT,
    SCHEDULE,
    SUPERSEDED,
    BaselineKey,
    BaselineVersion,
    current,
    keys_standing_at,
    newest,
    standing_at,
    version_at,
    versions_of,
)

KEY = BaselineKey("BLD-1", "electricity_import_kwh")
OTHER = BaselineKey("BLD-1/item:A", "electricity_import_kwh")
MAY, JUNE, JULY = (datetime(2023, month, 1, tzinfo=UTC) for month in (5, 6, 7))


@pytest.fixture
def conn(records: Engine) -> Iterator[Connection]:
    with records.begin() as open_one:
        yield open_one


def model(as_of: datetime, data: str = "a", key: BaselineKey = KEY) -> BaselineVersion:
    document = {"format": 1, "data": data}
    saw = {"data_hash": data}
    return BaselineVersion(
        key, as_of, as_of, SCHEDULE, "towt", document, {}, saw, (), {"numpy": "2"}
    )


def nothing(as_of: datetime) -> BaselineVersion:
    findings = [
        {"code": "baseline_insufficient", "subject": "BLD-1", "detail": {"needed_days": 28}}
    ]
    return BaselineVersion(KEY, as_of, as_of, SCHEDULE, findings=findings)


def states(conn: Connection, key: BaselineKey = KEY) -> list[tuple[int, int, str]]:
    return [(one.version, one.as_of.month, one.state) for one in versions_of(conn, key)]


def test_the_newest_month_is_current(conn: Connection) -> None:
    keep(conn, [model(MAY), model(MAY, key=OTHER)])
    kept = keep(conn, [model(JUNE, "b")])
    assert [(one.version, one.state) for one in kept] == [(2, CURRENT)]
    assert states(conn) == [(2, 6, CURRENT), (1, 5, SUPERSEDED)]
    assert states(conn, OTHER) == [(1, 5, CURRENT)]
    assert current(conn)[KEY].document == {"format": 1, "data": "b"}
    assert set(current(conn, [OTHER])) == {OTHER}


def test_months_past_are_superseded_when_they_come(conn: Connection) -> None:
    keep(conn, [model(JULY)])
    keep(conn, [model(MAY)])
    assert states(conn) == [(1, 7, CURRENT), (2, 5, SUPERSEDED)]


def test_the_same_data_give_the_same_version(conn: Connection) -> None:
    first = keep(conn, [model(MAY)])
    assert keep(conn, [replace(model(MAY), reason=ASKED)]) == first
    assert states(conn) == [(1, 5, CURRENT)]


def test_other_data_give_another_version_that_says_so(conn: Connection) -> None:
    keep(conn, [model(MAY)])
    [second] = keep(conn, [model(MAY, "b")])
    assert (second.version, second.state, second.reason) == (2, CURRENT, CHANGED)
    assert states(conn) == [(2, 5, CURRENT), (1, 5, DROPPED)]


def test_what_was_dropped_comes_back_with_its_data(conn: Connection) -> None:
    for as_of in (MAY, JUNE, JULY):
        keep(conn, [model(as_of, f"{as_of.month}")])
    drop_after(conn, MAY)
    assert states(conn) == [(3, 7, DROPPED), (2, 6, DROPPED), (1, 5, CURRENT)]
    revive(conn, JUNE, {KEY: "6"})
    assert states(conn) == [(3, 7, DROPPED), (2, 6, CURRENT), (1, 5, SUPERSEDED)]
    revive(conn, JULY, {KEY: "another"})
    assert standing_at(conn, JULY, [KEY]) == {}


def test_of_attempts_without_enough_data_the_newest_is_kept(conn: Connection) -> None:
    keep(conn, [nothing(MAY)])
    [kept] = keep(conn, [nothing(JUNE)])
    assert (kept.version, kept.state, kept.findings[0]["detail"]) == (
        *(0, INSUFFICIENT),
        {"needed_days": 28},
    )
    assert states(conn) == [(0, 6, INSUFFICIENT)]
    keep(conn, [model(JULY)])
    assert states(conn) == [(1, 7, CURRENT)]
    assert keep(conn, [nothing(MAY)])[0].state == INSUFFICIENT
    assert states(conn) == [(1, 7, CURRENT)]


def test_nothing_is_current_while_there_is_too_little(conn: Connection) -> None:
    keep(conn, [model(MAY)])
    keep(conn, [nothing(JUNE)])
    assert states(conn) == [(0, 6, INSUFFICIENT), (1, 5, SUPERSEDED)]
    assert current(conn) == {}
    assert [(one.key, one.state) for one in newest(conn)] == [(KEY, INSUFFICIENT)]


def test_what_stands_for_a_month_is_known_by_its_keys(conn: Connection) -> None:
    keep(conn, [model(MAY), model(MAY, key=OTHER)])
    keep(conn, [nothing(JUNE)])
    assert keys_standing_at(conn, MAY) == {KEY, OTHER}
    assert keys_standing_at(conn, JUNE) == {KEY}
    assert [one.key for one in newest(conn)] == [KEY, OTHER]


def test_long_past_versions_go_and_current_ones_stay_whole(conn: Connection) -> None:
    for as_of in (MAY, JUNE, JULY):
        keep(conn, [model(as_of, f"{as_of.month}")])
    keep(conn, [model(MAY, key=OTHER)])
    forget(conn, versions_before=JUNE, documents_before=JULY)
    assert states(conn) == [(3, 7, CURRENT), (2, 6, SUPERSEDED)]
    older, kept = version_at(conn, KEY, 2), version_at(conn, OTHER, 1)
    assert older
    assert older.document is None
    assert kept
    assert kept.document
    assert version_at(conn, KEY, 1) is None
