"""From notices in the store to messages in the outbox."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, update

from alerts.people.matching import Matchers
from alerts.people.planner import plan
from alerts.people.silences import SilenceKind, add_silence, draft, end_silence
from quotawatt.ledger import Ledger
from quotawatt.storage.case_tables import cases, notices
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import outbox
from tests.alerts.people.case_rows import add_cases, add_notice
from tests.alerts.people.notice_samples import DAY, HOUR, MINUTE, T0
from tests.alerts.people.telling_samples import telling

TELLING = telling()
EVENING = T0 + 11 * HOUR  # 20:00 in Shanghai
MORNING = T0 + 23 * HOUR  # 08:00 on the next day


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A record store in which nothing stays."""
    return open_records("sqlite", tmp_path_factory.mktemp("planner"))


@pytest.fixture
def conn(store: Engine) -> Iterator[Connection]:
    """A transaction that is rolled back."""
    with store.connect() as connection:
        yield connection


def messages(conn: Connection) -> list[tuple[str, str, list[int]]]:
    """Recipient, channel and cases of what is in the outbox, by time and case."""
    rows = conn.execute(select(outbox)).all()
    told = [(r, sorted(case["number"] for case in r.body["cases"])) for r in rows]
    told.sort(key=lambda pair: (pair[0].created_at, pair[1]))
    return [(row.recipient, row.channel, numbers) for row, numbers in told]


def standing(conn: Connection) -> dict[int, tuple[str, str, datetime | None]]:
    """State, reason and hold of each notice, by number."""
    rows = conn.execute(select(notices).order_by(notices.c.id))
    return {row.id: (row.state, row.reason, row.held_until) for row in rows}


def open_meters(conn: Connection, count: int, **row: Any) -> Sequence[int]:
    return add_cases(conn, [{"subject": f"M{n}", **row} for n in range(count)])


def change(conn: Connection, case: int, **values: Any) -> None:
    conn.execute(update(cases).where(cases.c.id == case).values(values))


def test_the_first_goes_at_once_and_the_rest_waits_for_one_digest(conn: Connection) -> None:
    numbers = open_meters(conn, 4)
    add_notice(conn, numbers[0])
    assert plan(conn, TELLING, T0) == 1
    for n, case in enumerate(numbers[1:], start=1):
        add_notice(conn, case, at=T0 + n * MINUTE)
        assert plan(conn, TELLING, T0 + n * MINUTE) == 0
    assert standing(conn)[2] == ("waiting", "digest", T0 + DAY)
    assert plan(conn, TELLING, T0 + DAY - MINUTE) == 0
    assert plan(conn, TELLING, T0 + DAY) == 1
    assert messages(conn) == [
        ("account:li", "email", [numbers[0]]),
        ("account:li", "email", list(numbers[1:])),
    ]
    assert {state for state, _, _ in standing(conn).values()} == {"sent"}


def test_planning_again_at_the_same_instant_makes_nothing(conn: Connection) -> None:
    add_notice(conn, open_meters(conn, 1)[0])
    assert plan(conn, TELLING, T0) == 1
    assert plan(conn, TELLING, T0) == 0
    assert len(messages(conn)) == 1


def test_a_plan_that_was_killed_makes_the_same_message_again(tmp_path: Path) -> None:
    engine = open_records("sqlite", tmp_path)
    with engine.begin() as conn:
        add_notice(conn, open_meters(conn, 1)[0])
    keys = []
    for _ in range(2):
        with engine.connect() as conn:  # rolled back at its end: as if killed before the commit
            plan(conn, TELLING, T0)
            keys.append(conn.execute(select(outbox.c.key)).scalar_one())
    with engine.begin() as conn:
        assert messages(conn) == []
        plan(conn, TELLING, T0)
        keys.append(conn.execute(select(outbox.c.key)).scalar_one())
        assert conn.execute(select(notices.c.message)).scalar_one() == keys[0]
    assert len(set(keys)) == 1


def test_quiet_hours_are_those_of_the_site(conn: Connection) -> None:
    add_notice(conn, open_meters(conn, 1)[0], at=EVENING)
    assert plan(conn, TELLING, EVENING) == 0
    assert standing(conn)[1] == ("waiting", "quiet", MORNING)
    assert plan(conn, TELLING, MORNING) == 1


def test_over_the_limit_the_sites_of_a_person_share_a_message(conn: Connection) -> None:
    numbers = open_meters(conn, 3)
    add_notice(conn, numbers[0], route="limited")
    plan(conn, TELLING, T0)
    for case, site in zip(numbers[1:], ("S2", "S3"), strict=True):
        add_notice(conn, case, at=T0 + HOUR, route="limited", site=site)
    assert plan(conn, TELLING, T0 + HOUR) == 0
    assert standing(conn)[2] == ("waiting", "limit", T0 + DAY)
    assert plan(conn, TELLING, T0 + DAY) == 1
    assert messages(conn)[1] == ("account:li", "email", sorted(numbers[1:]))


def test_a_silence_holds_and_what_is_still_unanswered_is_told_at_its_end(conn: Connection) -> None:
    ledger = Ledger(conn.engine)
    stays, answered = open_meters(conn, 2)
    kept = draft(SilenceKind.SILENCE, Matchers(sites=("S1",)), None, T0 + HOUR, "works", "li", T0)
    silence = add_silence(conn, ledger, kept)
    for case in (stays, answered):
        add_notice(conn, case)
    assert plan(conn, TELLING, T0) == 0
    held = ("waiting", f"silenced:{silence.id}", T0 + HOUR)
    assert standing(conn) == {1: held, 2: held}
    change(conn, answered, state="acknowledged")
    assert plan(conn, TELLING, T0 + HOUR) == 1
    assert messages(conn) == [("account:li", "email", [stays])]
    assert standing(conn)[2][:2] == ("dropped", f"silenced:{silence.id}")


def test_a_silence_that_is_ended_lets_go_at_once(conn: Connection) -> None:
    ledger = Ledger(conn.engine)
    kept = draft(SilenceKind.SILENCE, Matchers(sites=("S1",)), None, T0 + DAY, "works", "li", T0)
    silence = add_silence(conn, ledger, kept)
    add_notice(conn, open_meters(conn, 1)[0])
    assert plan(conn, TELLING, T0) == 0
    end_silence(conn, ledger, silence.id, "li", T0 + MINUTE)
    assert plan(conn, TELLING, T0 + MINUTE) == 1


def test_a_site_off_line_silences_its_meters_until_it_is_back(conn: Connection) -> None:
    [site] = add_cases(conn, [{"rule": "site-offline", "subject": "S1"}])
    back, silent = open_meters(conn, 2)
    elsewhere = add_cases(conn, [{"subject": "X", "site": "S2"}])[0]
    add_notice(conn, site, rule="site-offline")
    for case in (back, silent):
        add_notice(conn, case)
    add_notice(conn, elsewhere, site="S2")
    plan(conn, TELLING, T0)
    assert messages(conn) == [
        ("account:li", "email", [site]),
        ("account:li", "email", [elsewhere]),
    ]
    assert standing(conn)[2] == ("waiting", f"inhibited:{site}", None)
    change(conn, site, firing=False)
    change(conn, back, firing=False)
    assert plan(conn, TELLING, T0 + DAY) == 1
    assert messages(conn)[2] == ("account:li", "email", [silent])
    assert standing(conn)[2][:2] == ("dropped", f"inhibited:{site}")


def test_a_case_that_never_was_is_not_told(conn: Connection) -> None:
    told, untold = open_meters(conn, 2)
    add_notice(conn, told)
    plan(conn, TELLING, T0)
    for case in (told, untold):
        add_notice(conn, case, at=T0 + HOUR, event="retracted")
        change(conn, case, state="retracted", firing=False, open_key=None)
    plan(conn, TELLING, T0 + DAY)
    assert messages(conn)[1:] == [("account:li", "email", [told])]
    assert standing(conn)[3][:2] == ("dropped", "superseded")


def test_a_channel_that_is_gone_keeps_its_notices_and_stops_nobody(conn: Connection) -> None:
    for case, channel in zip(open_meters(conn, 2), ("pager", "email"), strict=True):
        add_notice(conn, case, channel=channel)
    assert plan(conn, TELLING, T0) == 1
    assert standing(conn)[1] == ("waiting", "no_channel", T0 + HOUR)
    again = replace(TELLING, channels={**TELLING.channels, "pager": TELLING.channels["email"]})
    assert plan(conn, again, T0 + HOUR) == 1


def test_it_plans_alike_on_both_kinds_of_stores(records: Engine) -> None:
    with records.begin() as conn:
        first, second = open_meters(conn, 2)
        add_notice(conn, first)
        add_notice(conn, second, severity="critical")
        assert plan(conn, TELLING, T0) == 2
        add_notice(conn, first, at=T0 + HOUR, event="severity_raised")
        assert plan(conn, TELLING, T0 + HOUR) == 0
        assert standing(conn)[3] == ("waiting", "digest", T0 + DAY)


@pytest.mark.postgres
def test_two_plans_at_once_tell_nothing_twice(postgres: str, tmp_path: Path) -> None:
    engine = open_records(postgres, tmp_path)
    with engine.begin() as conn:
        add_notice(conn, open_meters(conn, 1)[0])

    def second() -> int:
        with engine.begin() as conn:
            return plan(conn, TELLING, T0)

    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as conn:
            assert plan(conn, TELLING, T0) == 1
            other = pool.submit(second)  # waits for the rows that the first one holds
        assert other.result(timeout=30) == 0
    with engine.connect() as conn:
        assert len(messages(conn)) == 1
