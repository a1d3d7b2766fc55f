"""Energy-performance contracts, events and verifications in the record store, each step in the ledger."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.performance import book, verified
from quotawatt.performance.values import (
    ContractKind,
    EventKind,
    NonRoutineEvent,
    PerformanceContract,
    YearTerms,
    require_contract,
    require_event,
)
from quotawatt.performance.verified import Period
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger

AT = datetime(2024, 2, 1, tzinfo=UTC)
CONTRACT = PerformanceContract(
    0,
    ContractKind.SHARED,
    "BLD-1",
    "electricity_import_kwh",
    "Lighting",
    "Bureau",
    "Company",
    date(2023, 7, 1),
    date(2025, 7, 1),
    (YearTerms(80.0), YearTerms(60.0)),
    date(2022, 7, 1),
    date(2023, 7, 1),
)
EVENT = NonRoutineEvent(date(2023, 8, 1), date(2023, 9, 1), EventKind.AMOUNT, 12.5, "more people")
PERIOD = Period(1, date(2023, 7, 1), date(2024, 1, 1))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("performance")
    engine = open_records(f"sqlite:///{folder / 'records.sqlite'}", folder)
    yield engine
    engine.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """A transaction that is rolled back, with a contract in it."""
    with engine.connect() as conn:
        book.add_contract(conn, CONTRACT, "li", AT)
        yield conn
        conn.rollback()


def actions(conn: Connection) -> list[str]:
    return list(conn.execute(select(ledger.c.action).order_by(ledger.c.seq)).scalars())


def propose(conn: Connection, period: Period = PERIOD, note: str = "", **content: object) -> int:
    return verified.propose(conn, period, {"saved": 1, **content}, note, "li", AT).id


def test_a_contract_is_kept_as_it_was_given(conn: Connection) -> None:
    assert book.read_contracts(conn) == [replace(CONTRACT, number=1)]
    changed = replace(CONTRACT, number=1, price_cny=0.8)
    book.change_contract(conn, changed, "wang", AT)
    assert book.read_contract(conn, 1) == changed
    book.withdraw_contract(conn, 1, "wang", AT)
    assert book.read_contracts(conn) == []
    with pytest.raises(NotFoundError):
        book.read_contract(conn, 1)
    assert actions(conn) == [
        "performance_contract_added",
        "performance_contract_changed",
        "performance_contract_withdrawn",
    ]


def test_events_are_recorded_and_taken_back(conn: Connection) -> None:
    entry = book.add_event(conn, 1, EVENT, "li", AT)
    assert [one.event for one in book.read_events(conn, 1)] == [EVENT]
    gone = book.withdraw_event(conn, entry.id, "wang", AT)
    assert (gone.withdrawn_by, gone.withdrawn_at) == ("wang", AT)
    assert book.read_events(conn, 1) == []
    assert len(book.read_events(conn, 1, withdrawn=True)) == 1
    with pytest.raises(StateError, match="must not have been withdrawn"):
        book.withdraw_event(conn, entry.id, "wang", AT)
    with pytest.raises(NotFoundError):
        book.add_event(conn, 7, EVENT, "li", AT)
    assert actions(conn)[1:] == ["non_routine_event_added", "non_routine_event_withdrawn"]


def test_two_people_verify(conn: Connection) -> None:
    number = propose(conn)
    for same in ("li", "cli:li", "li/token"):
        with pytest.raises(StateError, match="somebody else"):
            verified.decide(conn, number, True, "", same, AT)
    found = verified.decide(conn, number, True, "", "wang", AT)
    assert (found.state, found.decided_by) == ("verified", "wang")
    assert found.content == {"saved": 1}
    with pytest.raises(StateError, match="decided once"):
        verified.decide(conn, number, False, "no", "wang", AT)
    assert actions(conn)[1:] == ["savings_proposed", "savings_verified"]


def test_what_is_sent_back_says_why_and_frees_the_days(conn: Connection) -> None:
    number = propose(conn)
    with pytest.raises(InputError, match="must say why"):
        verified.decide(conn, number, False, " ", "wang", AT)
    verified.decide(conn, number, False, "tariff is wrong", "wang", AT)
    again = verified.read_verification(conn, propose(conn))
    assert (again.edition, again.state) == (2, "proposed")


def test_a_verified_period_is_closed(conn: Connection) -> None:
    number = propose(conn)
    with pytest.raises(StateError, match="must be decided before another"):
        propose(conn)
    verified.decide(conn, number, True, "", "wang", AT)
    with pytest.raises(StateError, match="days must be verified once"):
        propose(conn, Period(1, date(2023, 12, 1), date(2024, 2, 1)))
    with pytest.raises(StateError, match="must differ"):
        propose(conn)
    with pytest.raises(InputError, match="must say why"):
        propose(conn, saved=2)
    correction = propose(conn, note="late readings", saved=2)
    verified.decide(conn, correction, True, "", "wang", AT)
    kept = verified.read_verifications(conn, 1)
    assert [(one.edition, one.content["saved"]) for one in kept] == [(1, 1), (2, 2)]
    assert kept[1].number == "EPC-1-20230701-2"


def test_a_contract_that_was_verified_stays(conn: Connection) -> None:
    propose(conn)
    with pytest.raises(StateError, match="must not change"):
        book.change_contract(conn, replace(CONTRACT, number=1, price_cny=1.0), "li", AT)
    with pytest.raises(StateError, match="must not change"):
        book.withdraw_contract(conn, 1, "li", AT)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"valid_until": date(2023, 7, 1)}, "must lie after valid_from"),
        ({"valid_until": date(2099, 7, 1)}, "at most 30 years"),
        ({"terms": ()}, "one entry a year"),
        ({"title": " "}, "title of a contract must say something"),
        ({"baseline_until": None}, "must go together"),
        ({"baseline_from": None, "baseline_until": None}, "got neither"),
        ({"agreed_use": 5.0}, "got both"),
        ({"baseline_until": date(2024, 1, 1)}, "must not lie after valid_from"),
        ({"price_cny": 0.0}, "price_cny must lie above 0"),
        ({"price_cny": float("nan")}, "price_cny must lie above 0"),
        ({"terms": (YearTerms(101.0), YearTerms())}, "from 0 to 100"),
        ({"terms": (YearTerms(fee_cny=-1.0), YearTerms())}, "fee_cny must lie from 0"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        require_contract(replace(CONTRACT, **changes))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"until": date(2023, 8, 1)}, "must lie after"),
        ({"reason": ""}, "must have a reason"),
        ({"amount": None}, "must have an amount"),
        ({"kind": EventKind.EXCLUDED}, "must have an amount unless"),
        ({"amount": float("inf")}, "amount must lie within"),
        ({"kind": EventKind.SHARE, "amount": -120.0}, "from -100 to 1000"),
    ],
)
def test_an_event_that_cannot_be_is_refused(changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        require_event(replace(EVENT, **changes))


def test_years_of_a_contract_begin_on_its_day() -> None:
    assert CONTRACT.year_starts() == [date(2023, 7, 1), date(2024, 7, 1), date(2025, 7, 1)]
    leap = replace(CONTRACT, valid_from=date(2024, 2, 29), valid_until=date(2026, 1, 1))
    assert leap.year_starts() == [date(2024, 2, 29), date(2025, 3, 1), date(2026, 1, 1)]
