"""Silences and maintenance windows in the store."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from alerts.people.matching import Matchers, check_matchers
from alerts.people.silences import (
    Silence,
    SilenceKind,
    SilenceState,
    add_silence,
    draft,
    end_silence,
    list_silences,
    read_silence,
    reason_of,
)
from alerts.people.windows import Recurrence
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.register.kinds import Building, Organisation, Site
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Days
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.storage.case_tables import notices
from quotawatt.storage.records import open_records
from tests.alerts.people.case_rows import add_cases, add_notice
from tests.alerts.people.notice_samples import DAY, HOUR, T0, matter

SHANGHAI = ZoneInfo("Asia/Shanghai")
METERS = Matchers(rules=("meter-silent",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A record store in which nothing stays: its transactions are rolled back."""
    return open_records("sqlite", tmp_path_factory.mktemp("silences"))


def silence(
    starts_at: datetime | None = None,
    ends_at: datetime = T0 + DAY,
    comment: str = "replacing the gateway",
    kind: SilenceKind = SilenceKind.SILENCE,
    recurrence: Recurrence | None = None,
) -> Silence:
    return draft(kind, METERS, starts_at, ends_at, comment, "li", T0, recurrence)


def test_it_holds_from_its_begin_to_its_end() -> None:
    later = silence(starts_at=T0 + HOUR)
    assert later.state(T0) is SilenceState.PENDING
    assert later.holds_until(T0, SHANGHAI) is None
    assert later.holds_until(T0 + HOUR, SHANGHAI) == T0 + DAY
    assert later.state(T0 + DAY) is SilenceState.EXPIRED
    ended = replace(later, ended_at=T0 + 2 * HOUR)
    assert ended.holds_until(T0 + 2 * HOUR, SHANGHAI) is None


def test_a_maintenance_window_holds_in_its_hours_only() -> None:
    nights = Recurrence(days=Days.WORKING, from_=time(22), until=time(6))
    window = silence(ends_at=T0 + 30 * DAY, kind=SilenceKind.MAINTENANCE, recurrence=nights)
    assert window.holds_until(T0, SHANGHAI) is None  # 09:00
    night = T0 + 14 * HOUR  # 23:00
    assert window.holds_until(night, SHANGHAI) == T0 + 21 * HOUR
    assert window.state(T0) is SilenceState.ACTIVE
    short = replace(window, ends_at=night + HOUR)
    assert short.holds_until(night, SHANGHAI) == night + HOUR


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"comment": "  "}, "a silence must say why in 1 to 2000 characters, got 0"),
        ({"starts_at": T0 - HOUR}, "a silence must not begin in the past, got 2026-11-03T00:00"),
        ({"ends_at": T0}, "a silence must end after it begins, within 30 days, got"),
        ({"ends_at": T0 + 31 * DAY}, "a silence must end after it begins, within 30 days, got"),
        (
            {"kind": SilenceKind.MAINTENANCE, "ends_at": T0 + 367 * DAY},
            "a maintenance must end after it begins, within 366 days, got",
        ),
        ({"recurrence": Recurrence()}, "only a maintenance window must recur, got a silence"),
        ({"ends_at": datetime(2026, 12, 1)}, "ends_at must carry a time zone, got"),  # noqa: DTZ001
    ],
)
def test_what_could_silence_for_ever_or_without_reason_is_refused(
    given: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError) as error:
        silence(**given)
    assert str(error.value).startswith(message)


def test_it_is_kept_with_its_entries_in_the_ledger(records: Engine) -> None:
    ledger = Ledger(records)
    nights = Recurrence(weekdays=(1, 5), from_=time(22), until=time(6))
    window = silence(ends_at=T0 + 30 * DAY, kind=SilenceKind.MAINTENANCE, recurrence=nights)
    with records.begin() as conn:
        stored = add_silence(conn, ledger, window)
    with records.begin() as conn:
        assert read_silence(conn, stored.id) == stored == replace(window, id=stored.id)
        assert list_silences(conn, T0) == [stored]
        ended = end_silence(conn, ledger, stored.id, "wang", T0 + HOUR)
        assert list_silences(conn, T0 + HOUR) == []
        assert list_silences(conn, T0 + HOUR, over=True) == [ended]
        assert (ended.ended_at, ended.ended_by) == (T0 + HOUR, "wang")
    said = [(e.action, e.actor, e.subject) for e in ledger.entries()]
    subject = f"silences/{stored.id}"
    assert said == [("silence_added", "li", subject), ("silence_ended", "wang", subject)]
    assert ledger.detail_of(ledger.entries()[0])["matchers"] == {"rules": ["meter-silent"]}


def test_only_what_is_there_and_not_over_can_be_ended(store: Engine) -> None:
    ledger = Ledger(store)
    with store.connect() as conn:
        with pytest.raises(NotFoundError, match="a silence must exist by its number, got 1"):
            end_silence(conn, ledger, 1, "li", T0)
        stored = add_silence(conn, ledger, silence())
        with pytest.raises(StateError, match="a silence must not be over to be ended"):
            end_silence(conn, ledger, stored.id, "li", T0 + DAY)


def test_what_it_held_is_looked_at_again_when_it_is_ended(store: Engine) -> None:
    ledger = Ledger(store)
    with store.connect() as conn:
        [case] = add_cases(conn, [{}])
        stored = add_silence(conn, ledger, silence())
        mine = add_notice(conn, case, reason=reason_of(stored), held_until=T0 + DAY)
        other = add_notice(conn, case, reason="digest", held_until=T0 + DAY)
        end_silence(conn, ledger, stored.id, "li", T0 + HOUR)
        rows = conn.execute(select(notices.c.id, notices.c.held_until))
        assert {row.id: row.held_until for row in rows} == {mine: None, other: T0 + DAY}


def _register() -> Register:
    upper = Organisation("CITY", "市", "City", kind="office", level="city")
    lower = Organisation("ORG", "局", "Bureau", kind="office", level="city", system_parent="CITY")
    return Register(
        organisations=[upper, lower],
        sites=[Site("S1", "一号院", "Yard 1", "Asia/Shanghai", "shanghai", "x")],
        buildings=[Building("B1", "一号楼", "Block 1", "S1", "ORG")],
    )


@pytest.mark.parametrize(
    ("matchers", "found"),
    [
        (Matchers(rules=("meter-silent", "other")), True),
        (Matchers(rules=("other",)), False),
        (Matchers(severities=("warning",), sites=("S1",)), True),
        (Matchers(severities=("critical",), sites=("S1",)), False),
        (Matchers(organisations=("CITY",)), True),  # by sector system
        (Matchers(organisations=("OTHER",)), False),
        (Matchers(assets=("B1",)), True),
        (Matchers(kinds=("buildings",)), True),
        (Matchers(kinds=("meters",)), False),
    ],
)
def test_every_list_must_match_by_any_of_its_words(matchers: Matchers, found: bool) -> None:
    assert matchers.matches(matter(1, subject="B1"), _register()) is found


def test_a_silence_of_everything_and_one_of_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="must name at least one of what it matches, got nothing"):
        Matchers()
    for wrong, what in (
        (Matchers(rules=("meter-silnt",)), "rules of the rulebook, got 'meter-silnt'"),
        (Matchers(organisations=("X",)), "organisations of the register, got 'X'"),
        (Matchers(kinds=("meter",)), "kinds of assets, got 'meter'"),
    ):
        with pytest.raises(InputError) as error:
            check_matchers(wrong, _register(), load_rulebook())
        assert str(error.value) == f"a silence must name {what}"
    ours = Matchers(rules=("meter-silent", "finding:meter_stuck"), organisations=("ORG",))
    check_matchers(ours, _register(), load_rulebook())


def test_times_are_kept_to_the_microsecond(store: Engine) -> None:
    end = T0 + timedelta(hours=1, microseconds=7)
    with store.connect() as conn:
        stored = add_silence(conn, Ledger(store), silence(ends_at=end))
        assert read_silence(conn, stored.id).ends_at == end
