"""Whatever step the analyser is broken off at, the next run leaves what a clean recomputation gives."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from analytics.jobs import Analyser
from analytics.jobs.bookkeeping import recompute_requests
from quotawatt.errors import StoreError
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain, Reading, readings_table
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span
from quotawatt.storage import touched
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.tables import state
from quotawatt.storage.tables import touched as marks
from tests.analytics.builders import IMPORT, reading
from tests.analytics.jobs.test_analyser import DAY, START, Bench, Rows, town, whole_day

NOW = START + 3 * DAY + timedelta(hours=5)
ALL = Span(START - DAY, NOW)
LATE = reading(START + timedelta(hours=9, minutes=20), 195.0, "dev-M-1")


class BreakingStore(MemorySeriesStore):
    """Refuses one write of results: that after ``left`` others."""

    left = 10**9

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        self.left -= 1
        if self.left == -1:
            raise StoreError("the store must have room, got a full disk")
        super().write_results(grain, results)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def bench(records: Engine, rulebook: Rulebook) -> Bench:
    save_register(records, town(), actor="test", at=START)
    return Bench(BreakingStore(), records, rulebook, RegisterSource(records, check_every_s=0))


def forget(bench: Bench) -> None:
    """Empty the stores, but for the register."""
    bench.series = BreakingStore()
    with bench.records.begin() as conn:
        conn.execute(delete(marks))
        conn.execute(delete(state).where(state.c.name.in_(["recompute", "accounts_drawn_up"])))


def of_counters(bench: Bench) -> dict[Grain, Rows]:
    """Sums alone: accounts and expectations of the past stay as they were judged then."""
    return {grain: bench.results(grain, *sorted(COUNTERS)) for grain in Grain}


def assert_same(one: dict[Grain, Rows], other: dict[Grain, Rows]) -> None:
    for grain in Grain:
        assert one[grain].keys() == other[grain].keys()
        for key, (value, quality, coverage) in one[grain].items():
            assert other[grain][key][1] == quality, key
            assert other[grain][key][0] == pytest.approx(value, rel=1e-12, abs=1e-12), key
            assert other[grain][key][2] == pytest.approx(coverage, rel=1e-9, abs=1e-9), key


def clean(bench: Bench, now: datetime = NOW) -> dict[Grain, Rows]:
    """What a recomputation of the readings alone gives."""
    store = MemorySeriesStore()
    keys = {(r.device, r.quantity) for day in range(3) for r in whole_day(day)}
    series = [(device, "", quantity) for device, quantity in sorted(keys)]
    store.write_readings(bench.series.read_readings(series, Span(START - DAY, NOW + DAY)))
    other = Bench(store, bench.records, bench.rulebook, bench.source)
    other.analyser().recompute(Span(START - DAY, now), now)
    return of_counters(other)


def usual_run(bench: Bench) -> Callable[[], object]:
    """Two days are done; a third one came, and a reading of the first."""
    for day in range(2):
        bench.take_in(whole_day(day))
        bench.analyser().run(START + (day + 1) * DAY)
    bench.take_in([*whole_day(2), LATE])
    analyser = bench.analyser()
    return lambda: analyser.run(NOW)


def recomputation(bench: Bench) -> Callable[[], object]:
    """Results of two days no longer follow the readings, and nothing says so but the recomputation."""
    bench.take_in([*whole_day(0), *whole_day(1)])
    bench.analyser().run(NOW)
    bench.series.write_readings(readings_table([LATE, *whole_day(2)]))
    analyser = bench.analyser()
    return lambda: analyser.recompute(ALL, NOW)


@pytest.mark.parametrize("prepare", [usual_run, recomputation])
def test_broken_off_at_any_write_it_is_made_right_by_the_next_run(
    bench: Bench, prepare: Callable[[Bench], Callable[[], object]]
) -> None:
    work = prepare(bench)
    expected, before = clean(bench), BreakingStore.left
    assert isinstance(bench.series, BreakingStore)
    bench.series.left = before
    work()
    writes = before - bench.series.left
    assert writes >= 3
    assert_same(of_counters(bench), expected)
    judged = bench.everything()
    for nth in range(writes):
        forget(bench)
        work = prepare(bench)
        assert isinstance(bench.series, BreakingStore)
        bench.series.left = nth
        with pytest.raises(StoreError, match="full disk"):
            work()
        # Another process: nothing is remembered but what the stores hold.
        bench.analyser().run(NOW)
        assert_same(of_counters(bench), expected)
        assert bench.everything()[Grain.DAY].keys() == judged[Grain.DAY].keys()
        assert bench.marks() == 0
        with bench.records.connect() as conn:
            assert recompute_requests(conn) == []


def test_what_is_durable_but_still_marked_is_done_again_without_harm(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = usual_run(bench)

    def broken(*_args: object, **_named: object) -> int:
        raise StoreError("the record store must be there, got nothing")

    with monkeypatch.context() as patch:
        patch.setattr(touched, "clear", broken)
        with pytest.raises(StoreError, match="got nothing"):
            work()
    assert bench.marks() > 0
    report = bench.analyser().run(NOW)
    assert report.hours == 0
    assert bench.marks() == 0
    assert_same(of_counters(bench), clean(bench))


def test_the_same_analyser_goes_on_after_a_failure(bench: Bench) -> None:
    """The accounts of a midnight that could not be written are drawn up by the next run."""
    evening = START + DAY - timedelta(minutes=5)
    bench.take_in(r for r in whole_day(0) if r.time < evening)
    analyser = bench.analyser()
    analyser.run(evening)
    assert bench.marks() == 0
    assert isinstance(bench.series, BreakingStore)
    bench.series.left = 0
    with pytest.raises(StoreError):
        analyser.run(START + DAY + timedelta(minutes=5))
    analyser.run(START + DAY + timedelta(minutes=10))
    judged = {key[2] for key in bench.results(Grain.DAY, "quota_share_pct")}
    assert judged == {START, START + DAY}


def test_accounts_of_days_without_the_analyser_are_drawn_up_when_it_is_back(bench: Bench) -> None:
    for day in range(3):
        bench.take_in(whole_day(day))
    bench.analyser().run(START + DAY)
    bench.analyser().run(NOW)
    judged = {key[2] for key in bench.results(Grain.DAY, "quota_share_pct")}
    assert judged == {START + day * DAY for day in range(4)}


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_order_of_arrival_and_any_turns_give_what_a_recomputation_gives(
    bench: Bench, data: st.DataObject
) -> None:
    forget(bench)
    everything = [r for day in range(3) for r in whole_day(day) if r.quantity == IMPORT]
    chosen: list[Reading] = data.draw(st.permutations(everything))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(chosen)), min_size=1, max_size=4)))
    hours = data.draw(st.lists(st.integers(1, 77), min_size=len(cuts), max_size=len(cuts)))
    analyser: Analyser | None = None
    for first, until, hour in zip(
        [0, *cuts], [*cuts, len(chosen)], [*sorted(hours), 77], strict=True
    ):
        bench.take_in(chosen[first:until])
        if analyser is None or data.draw(st.booleans()):
            analyser = bench.analyser()
        analyser.run(START + timedelta(hours=hour))
    assert_same(of_counters(bench), clean(bench))
