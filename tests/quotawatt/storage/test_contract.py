"""The contract of the series store, held against every adapter: memory, DuckDB, a real InfluxDB.

Against an InfluxDB of your own, of any version, where its address is given: see docs/verification.md.
"""

import threading
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotawatt.errors import InputError
from quotawatt.readings import (
    READINGS,
    RESULTS,
    Grain,
    Quality,
    Reading,
    SeriesKey,
    empty_readings,
    readings_table,
)
from quotawatt.spans import Span
from quotawatt.storage.activity import ACTIVITY
from quotawatt.storage.frames import CODED_RESULTS, SUMS
from quotawatt.storage.port import SeriesStore
from tests.quotawatt.storage.contract import (
    ALWAYS,
    HOUR,
    KWH,
    METER,
    MINUTE,
    STRANGE,
    T0,
    StoreFactory,
    everything,
    minutes,
    reading,
    result,
    results,
    values,
    write,
)

# --- readings --------------------------------------------------------------------------------------


def test_every_column_comes_back_as_it_was_written(store: SeriesStore) -> None:
    full = Reading(
        device="meter-1",
        channel="L1",
        quantity="voltage_v",
        time=T0 + timedelta(microseconds=1),
        value=-0.1,
        arrived=T0 + timedelta(seconds=3, microseconds=7),
        revision=2,
        quality=Quality.SUSPECT,
        reason="out_of_range",
        timed_by_server=True,
    )
    assert write(store, full) == (1, 0, 0)
    table = store.read_readings([SeriesKey("meter-1", "L1", "voltage_v")], ALWAYS)
    assert table.equals(readings_table([full]))


def test_the_same_reading_twice_is_one_reading(store: SeriesStore) -> None:
    assert write(store, reading(0, 1), reading(15, 2), reading(0, 1)) == (2, 1, 0)
    assert write(store, reading(15, 2), reading(30, 3)) == (1, 1, 0)
    assert write(store, reading(0, 1), reading(15, 2), reading(30, 3)) == (0, 3, 0)
    assert values(store.read_readings([METER], ALWAYS)) == [1, 2, 3]


def test_readings_out_of_order_come_back_in_order(store: SeriesStore) -> None:
    for minute in (30, 0, 45, 15):
        assert write(store, reading(minute, minute)) == (1, 0, 0)
    assert values(store.read_readings([METER], ALWAYS)) == [0, 15, 30, 45]


def test_a_higher_revision_wins_whatever_its_value(store: SeriesStore) -> None:
    assert write(store, reading(0, 10), reading(15, 20)) == (2, 0, 0)
    assert write(store, reading(0, 5, revision=1), reading(15, 99, revision=2)) == (2, 0, 0)
    assert write(store, reading(0, 10), reading(15, 50, revision=1)) == (0, 2, 0)
    rows = [(row["value"], row["revision"]) for row in everything(store)]
    assert rows == [(5, 1), (99, 2)]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("first", [7.0, 8.0])
def test_of_different_values_the_larger_wins_and_a_finding_says_so(
    store: SeriesStore, first: float, together: bool
) -> None:
    rivals = [reading(0, first), reading(0, 15 - first)]
    batches = [rivals] if together else [[rival] for rival in rivals]
    reports = [store.write_readings(readings_table(batch)) for batch in batches]
    (finding,) = [finding for report in reports for finding in report.conflicts]
    assert finding.code == "reading_conflict"
    assert finding.subject == f"meter-1//{KWH}"
    assert finding.detail == {"time": T0.isoformat(), "revision": 0, "kept": 8.0, "dropped": 7.0}
    assert values(store.read_readings([METER], ALWAYS)) == [8]


def test_what_replaces_a_reading_replaces_all_of_it(store: SeriesStore) -> None:
    write(store, reading(0, 1, quality=Quality.SUSPECT, reason="out_of_range"))
    write(store, reading(0, 2))
    (row,) = everything(store)
    assert (row["value"], row["quality"], row["reason"]) == (2, "measured", "")


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("suspect_first", [True, False])
@pytest.mark.parametrize("wrong", [1e300, -1.0])
def test_a_suspect_value_never_displaces_a_good_one_of_its_revision(
    store: SeriesStore, wrong: float, suspect_first: bool, together: bool
) -> None:
    good = reading(0, 104)
    suspect = reading(0, wrong, quality=Quality.SUSPECT, reason="out_of_range")
    rivals = [suspect, good] if suspect_first else [good, suspect]
    batches = [rivals] if together else [[rival] for rival in rivals]
    reports = [store.write_readings(readings_table(batch)) for batch in batches]
    (finding,) = [finding for report in reports for finding in report.conflicts]
    assert (finding.detail["kept"], finding.detail["dropped"]) == (104, wrong)
    assert store.read_readings([METER], ALWAYS).equals(readings_table([good]))
    assert values(store.last_readings(T0 + HOUR)) == [104]


def test_of_suspect_values_the_larger_wins(store: SeriesStore) -> None:
    for value in (-2, -1, -3):
        write(store, reading(0, value, quality=Quality.SUSPECT, reason="counter_below_zero"))
    assert values(store.read_readings([METER], ALWAYS)) == [-1]


def test_a_value_found_good_the_second_time_is_no_longer_suspect(store: SeriesStore) -> None:
    ahead = reading(0, 5, quality=Quality.SUSPECT, reason="clock_ahead")
    assert write(store, ahead) == (1, 0, 0)
    assert write(store, reading(0, 5)) == (1, 0, 0)
    assert write(store, ahead) == (0, 1, 0)
    assert store.read_readings([METER], ALWAYS).equals(readings_table([reading(0, 5)]))


Rival = tuple[int, int, bool, int]
"""Minute, revision, whether not suspect, value: after the minute in the order that decides who wins."""

_RIVALS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rivals=_RIVALS, cuts=st.sets(st.integers(1, 11)))
def test_the_winner_depends_neither_on_order_nor_on_batches(
    new_store: StoreFactory, rivals: list[Rival], cuts: set[int]
) -> None:
    store = new_store()
    batch = [
        reading(minute, value, METER, revision, Quality.MEASURED if sound else Quality.SUSPECT)
        for minute, revision, sound, value in rivals
    ]
    edges = [0, *sorted(cut for cut in cuts if cut < len(batch)), len(batch)]
    reports = [
        store.write_readings(readings_table(batch[start:end])) for start, end in pairwise(edges)
    ]
    best = {minute: max(rank for m, *rank in rivals if m == minute) for minute, *_ in rivals}
    found = {
        (row["time"] - T0) / MINUTE: [  # type: ignore[operator]
            row["revision"],
            row["quality"] == Quality.MEASURED,
            row["value"],
        ]
        for row in everything(store)
    }
    assert found == best
    assert sum(r.written + r.duplicates for r in reports) == len(rivals)
    contested = {
        minute
        for minute, (top, *_) in best.items()
        if len({value for m, revision, _, value in rivals if (m, revision) == (minute, top)}) > 1
    }
    blamed = {f.detail["time"] for r in reports for f in r.conflicts}
    assert {(T0 + minute * MINUTE).isoformat() for minute in contested} <= blamed


def test_a_span_holds_its_start_and_not_its_end(store: SeriesStore) -> None:
    write(store, *(reading(minute, minute) for minute in range(5)))
    assert values(store.read_readings([METER], minutes(1, 3))) == [1, 2]
    assert values(store.read_readings([METER], minutes(2, 2))) == []


def test_context_is_the_nearest_on_either_side_of_the_span(store: SeriesStore) -> None:
    write(store, *(reading(minute, minute) for minute in range(0, 100, 10)))
    span = minutes(40, 60)
    assert values(store.read_readings([METER], span, context=1)) == [30, 40, 50, 60]
    assert values(store.read_readings([METER], span, context=2)) == [20, 30, 40, 50, 60, 70]
    assert values(store.read_readings([METER], span, context=50)) == list(range(0, 100, 10))
    assert values(store.read_readings([METER], minutes(41, 42), context=1)) == [40, 50]


def test_context_is_found_however_far_away(store: SeriesStore) -> None:
    far = 400 * 24 * 60
    write(store, reading(0, 1), reading(far, 2), reading(2 * far, 3))
    span = minutes(far, far + 1)
    assert values(store.read_readings([METER], span, context=1)) == [1, 2, 3]
    assert values(store.read_readings([METER], minutes(far - 9, far - 8), context=1)) == [1, 2]


def test_context_leaves_suspect_readings_out_and_the_span_does_not(store: SeriesStore) -> None:
    def suspect(minute: float) -> Reading:
        return reading(minute, minute, quality=Quality.SUSPECT, reason="out_of_range")

    write(store, reading(0, 0), suspect(10), suspect(20), suspect(30), reading(40, 40))
    assert values(store.read_readings([METER], minutes(20, 21), context=1)) == [0, 20, 40]


def test_a_suspect_correction_hides_the_reading_that_it_corrects(store: SeriesStore) -> None:
    write(store, *(reading(minute, minute) for minute in (0, 10, 20, 30)))
    write(store, reading(20, 99, revision=1, quality=Quality.SUSPECT, reason="out_of_range"))
    assert values(store.read_readings([METER], minutes(30, 31), context=1)) == [10, 30]
    assert values(store.last_readings(T0 + 25 * MINUTE)) == [10]
    assert values(store.read_readings([METER], ALWAYS)) == [0, 10, 99, 30]


def test_context_is_each_series_own(store: SeriesStore) -> None:
    other = SeriesKey("meter-2", "", KWH)
    write(store, reading(0, 1), reading(50, 2), reading(10, 3, other), reading(20, 4, other))
    table = store.read_readings([other, METER], minutes(15, 30), context=1)
    assert [(row["device"], row["value"]) for row in table.to_pylist()] == [
        ("meter-1", 1),
        ("meter-1", 2),
        ("meter-2", 3),
        ("meter-2", 4),
    ]


def test_only_the_series_asked_for_are_read(store: SeriesStore) -> None:
    keys = [
        SeriesKey(device, channel, quantity)
        for device in ("a", "b")
        for channel in ("", "L1")
        for quantity in ("heat_gj", "water_m3")
    ]
    write(store, *(reading(0, number, key) for number, key in enumerate(keys)))
    for number, key in enumerate(keys):
        assert values(store.read_readings([key], ALWAYS)) == [number]
    assert values(store.read_readings(list(reversed(keys)), ALWAYS)) == list(range(8))
    assert values(store.read_readings([SeriesKey("c", "", "heat_gj")], ALWAYS, context=2)) == []


def test_many_series_are_read_at_once(store: SeriesStore) -> None:
    keys = [SeriesKey(f"meter-{number:04}", "", KWH) for number in range(450)]
    write(store, *(reading(0, number, key) for number, key in enumerate(keys)))
    assert values(store.read_readings(keys, ALWAYS)) == list(range(450))
    assert len(store.last_readings(T0 + HOUR)) == 450


def test_names_may_hold_any_character(store: SeriesStore) -> None:
    keys = [SeriesKey(name, "", KWH) for name in STRANGE]
    keys += [SeriesKey("x", name, KWH) for name in STRANGE]
    batch = [
        reading(0, number, key, quality=Quality.SUSPECT, reason=max(key[:2]))
        for number, key in enumerate(keys)
    ]
    assert write(store, *batch) == (len(keys), 0, 0)
    assert write(store, *batch) == (0, len(keys), 0)
    for number, key in enumerate(keys):
        (row,) = everything(store, key)
        assert (row["device"], row["channel"], row["value"]) == (*key[:2], number)
        assert row["reason"] == max(key[:2])


def test_the_last_readings_are_the_latest_before_an_instant(store: SeriesStore) -> None:
    other = SeriesKey("a", "L1", "heat_gj")
    write(store, reading(0, 1), reading(10, 2), reading(20, 3, quality=Quality.SUSPECT))
    write(store, reading(-60 * 24 * 300, 9, other))
    assert values(store.last_readings(T0 + HOUR)) == [9, 2]
    assert values(store.last_readings(T0 + 10 * MINUTE)) == [9, 1]
    assert values(store.last_readings(T0)) == [9]
    assert values(store.last_readings(T0 - timedelta(days=300))) == []


def test_the_last_reading_is_the_one_that_won(store: SeriesStore) -> None:
    write(store, reading(0, 1), reading(10, 9))
    write(store, reading(10, 4, revision=1))
    (row,) = store.last_readings(T0 + HOUR).to_pylist()
    assert (row["value"], row["revision"]) == (4, 1)


def test_instants_of_other_zones_are_the_same_instants(store: SeriesStore) -> None:
    shanghai = timezone(timedelta(hours=8))
    write(store, Reading(*METER, T0.astimezone(shanghai), 1, T0.astimezone(shanghai)))
    local = Span(T0.astimezone(shanghai), (T0 + HOUR).astimezone(shanghai))
    table = store.read_readings([METER], local)
    assert table.schema == READINGS
    assert table["time"].to_pylist() == [T0]
    assert values(store.last_readings((T0 + MINUTE).astimezone(shanghai))) == [1]
    with pytest.raises(InputError, match="must carry a time zone"):
        store.last_readings(datetime(2023, 1, 1))  # noqa: DTZ001


def test_implausible_instants_are_kept_like_any_other(store: SeriesStore) -> None:
    times = [datetime(1970, 1, 1, tzinfo=UTC), T0, datetime(2100, 1, 1, tzinfo=UTC)]
    batch = [
        Reading(*METER, time, 1, T0, quality=Quality.SUSPECT, reason="clock") for time in times
    ]
    assert write(store, *batch) == (3, 0, 0)
    assert write(store, *batch) == (0, 3, 0)
    assert [row["time"] for row in everything(store)] == times


def test_nothing_written_and_nothing_asked_for(store: SeriesStore) -> None:
    assert write(store) == (0, 0, 0)
    assert store.last_readings(T0).equals(empty_readings())
    assert store.read_readings([], ALWAYS).equals(empty_readings())
    assert store.read_readings([METER], ALWAYS, context=3).equals(empty_readings())
    store.write_results(Grain.HOUR, RESULTS.empty_table())
    assert store.read_results(Grain.HOUR, None, [KWH], ALWAYS).equals(RESULTS.empty_table())
    assert store.sum_results(Grain.HOUR, None, [KWH], ALWAYS).equals(SUMS.empty_table())
    write(store, reading(0, 1))
    assert store.read_readings([], ALWAYS, context=1).equals(empty_readings())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_a_value_that_is_no_number_is_refused_and_nothing_written(
    store: SeriesStore, value: float | None
) -> None:
    table = readings_table([reading(0, 1), reading(1, value)])  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"must be finite|may be empty"):
        store.write_readings(table)
    assert everything(store) == []


def test_a_time_out_of_reach_and_a_wrong_column_are_refused(store: SeriesStore) -> None:
    late = Reading(*METER, datetime(9999, 1, 1, tzinfo=UTC), 1, T0)
    with pytest.raises(InputError, match="time must lie between 1678-01-01 and 2262-01-01"):
        store.write_readings(readings_table([late]))
    with pytest.raises(InputError, match="a table must have the columns device, channel"):
        store.write_readings(readings_table([reading(0, 1)]).drop_columns(["arrived"]))


def test_the_highest_counter_and_the_smallest_step_keep_their_digits(store: SeriesStore) -> None:
    exact = [1e12 - 0.001, 123456789.123456, 5e-324, -1e300, 0.1 + 0.2, 0.0]
    write(store, *(reading(minute, value) for minute, value in enumerate(exact)))
    assert values(store.read_readings([METER], ALWAYS)) == exact


def test_readers_never_lose_sight_of_what_another_thread_has_written(store: SeriesStore) -> None:
    def write_all() -> None:
        for batch in range(20):
            write(store, *(reading(60 * batch + minute, 1) for minute in range(50)))

    writer = threading.Thread(target=write_all)
    writer.start()
    seen = []
    while writer.is_alive():
        seen.append(len(store.read_readings([METER], ALWAYS, context=1)))
        store.last_readings(T0 + 100 * HOUR)
    writer.join()
    assert seen == sorted(seen)
    assert len(everything(store)) == 1000


# --- activity --------------------------------------------------------------------------------------


def test_activity_says_when_how_often_and_between_which_values(store: SeriesStore) -> None:
    water = SeriesKey("meter-1", "2", "water_m3")
    write(store, *(reading(minute, 100 - minute) for minute in (-1, 0, 15, 30, 45)))
    write(store, reading(20, 3.5, water), reading(25, 3.5, water))
    write(store, reading(50, 7, SeriesKey("later", "", KWH)))
    table = store.activity(minutes(0, 45))
    assert table.schema.equals(ACTIVITY)
    assert table.to_pylist() == [
        {
            "device": "meter-1",
            "channel": "",
            "quantity": KWH,
            "first": T0,
            "last": T0 + 30 * MINUTE,
            "count": 3,
            "minimum": 70.0,
            "maximum": 100.0,
        },
        {
            "device": "meter-1",
            "channel": "2",
            "quantity": "water_m3",
            "first": T0 + 20 * MINUTE,
            "last": T0 + 25 * MINUTE,
            "count": 2,
            "minimum": 3.5,
            "maximum": 3.5,
        },
    ]


def test_activity_leaves_out_what_is_suspect_or_corrected(store: SeriesStore) -> None:
    wrong = {"quality": Quality.SUSPECT, "reason": "out_of_range"}
    write(store, reading(0, 1), reading(10, 900, **wrong), reading(20, 3), reading(30, 4))  # type: ignore[arg-type]
    write(store, reading(20, 2.5, revision=1), reading(30, -9, revision=1, **wrong))  # type: ignore[arg-type]
    (row,) = store.activity(ALWAYS).to_pylist()
    assert (row["count"], row["minimum"], row["maximum"]) == (2, 1.0, 2.5)
    assert (row["first"], row["last"]) == (T0, T0 + 20 * MINUTE)


def test_activity_of_nothing_is_an_empty_table(store: SeriesStore) -> None:
    assert store.activity(ALWAYS).equals(ACTIVITY.empty_table())
    write(store, reading(0, 1, quality=Quality.SUSPECT, reason="out_of_range"))
    assert store.activity(ALWAYS).equals(ACTIVITY.empty_table())
    assert store.activity(minutes(5, 9)).equals(ACTIVITY.empty_table())


def test_activity_knows_strange_names(store: SeriesStore) -> None:
    names = sorted(STRANGE)
    write(store, *(reading(0, 1, SeriesKey(name, name, KWH)) for name in names))
    found = store.activity(ALWAYS)
    assert found["device"].to_pylist() == names == found["channel"].to_pylist()


# --- results ---------------------------------------------------------------------------------------


def hourly(store: SeriesStore) -> list[tuple[str, str, float | None]]:
    """Subject, measure and value of all hourly results of the two measures used here."""
    table = store.read_results(Grain.HOUR, None, [KWH, "heat_gj"], ALWAYS)
    return [(row["subject"], row["measure"], row["value"]) for row in table.to_pylist()]


def test_results_come_back_as_written_sorted_by_subject_measure_start(store: SeriesStore) -> None:
    rows = [
        result(0, 1.5, "BLD-1", KWH),
        result(1, None, "BLD-1", KWH, Quality.MISSING, 0.0),
        result(0, 0.0, "BLD-1/QUOTA", "heat_gj", Quality.ESTIMATED, 0.25),
    ]
    store.write_results(Grain.DAY, results(rows[::-1]))
    table = store.read_results(Grain.DAY, None, ["heat_gj", KWH], ALWAYS)
    assert table.equals(results(rows))
    assert hourly(store) == []


def test_results_may_name_their_texts_by_a_dictionary(store: SeriesStore) -> None:
    plain = results([result(0, 1), result(1, 2, quality=Quality.ESTIMATED)])
    cut = [plain.slice(row, 1).cast(CODED_RESULTS) for row in range(2)]
    store.write_results(Grain.HOUR, pa.concat_tables(cut))
    assert store.read_results(Grain.HOUR, None, [KWH], ALWAYS).equals(plain)


def test_a_result_is_overwritten_by_a_later_one(store: SeriesStore) -> None:
    store.write_results(Grain.HOUR, results([result(0, 1), result(1, 2)]))
    store.write_results(Grain.HOUR, results([result(1, 5), result(1, 3), result(2, 4)]))
    assert [value for *_, value in hourly(store)] == [1, 3, 4]
    store.write_results(Grain.HOUR, results([result(1, None, quality=Quality.MISSING)]))
    assert [value for *_, value in hourly(store)] == [1, None, 4]
    store.write_results(Grain.HOUR, results([result(0, 9, quality=Quality.ESTIMATED)]))
    assert [value for *_, value in hourly(store)] == [9, None, 4]


def test_a_withdrawn_result_is_gone_until_it_is_written_again(store: SeriesStore) -> None:
    store.write_results(Grain.HOUR, results([result(0, 1), result(1, 2)]))
    store.write_results(Grain.HOUR, results([result(0, None, withdrawn=True)]))
    assert [value for *_, value in hourly(store)] == [2]
    assert store.sum_results(Grain.HOUR, None, [KWH], ALWAYS)["value"].to_pylist() == [2]
    store.write_results(Grain.HOUR, results([result(0, 7)]))
    assert [value for *_, value in hourly(store)] == [7, 2]


def test_results_are_chosen_by_subject_measure_and_span(store: SeriesStore) -> None:
    rows = [
        result(hour, hour, subject, measure)
        for subject in ("A", "B")
        for measure in ("heat_gj", KWH)
        for hour in range(3)
    ]
    store.write_results(Grain.HOUR, results(rows))
    one = Span(T0 + HOUR, T0 + 2 * HOUR)
    table = store.read_results(Grain.HOUR, ["B", "unknown"], [KWH], one)
    assert table.equals(results([result(1, 1, "B", KWH)]))
    assert len(store.read_results(Grain.HOUR, None, [KWH], ALWAYS)) == 6
    assert len(store.read_results(Grain.HOUR, [], [KWH], ALWAYS)) == 0
    assert len(store.read_results(Grain.HOUR, None, [], ALWAYS)) == 0
    assert len(store.sum_results(Grain.HOUR, [], [KWH], ALWAYS)) == 0


def test_sums_are_of_what_lies_within_the_span(store: SeriesStore) -> None:
    rows = [
        result(0, 100),
        result(1, 6),
        result(2, 2, quality=Quality.ESTIMATED, coverage=0.5),
        result(3, None, quality=Quality.MISSING, coverage=0.0),
        result(4, 100),
        result(1, None, "BLD-2", quality=Quality.MISSING, coverage=0.0),
        result(1, 0, "BLD-3", "heat_gj"),
        result(9, 1, "BLD-4"),
    ]
    store.write_results(Grain.HOUR, results(rows))
    span = Span(T0 + HOUR, T0 + 4 * HOUR)
    table = store.sum_results(Grain.HOUR, None, [KWH, "heat_gj"], span)
    assert table.schema == SUMS
    assert [list(row.values()) for row in table.to_pylist()] == [
        ["BLD-1", KWH, 8.0, 3, 0.5, 0.25],
        ["BLD-2", KWH, None, 1, 0.0, 0.0],
        ["BLD-3", "heat_gj", 0.0, 1, 1.0, 0.0],
    ]
    only = store.sum_results(Grain.HOUR, ["BLD-3"], [KWH, "heat_gj"], span)
    assert only["subject"].to_pylist() == ["BLD-3"]


def test_a_value_once_overwritten_by_missing_is_in_no_sum(store: SeriesStore) -> None:
    store.write_results(Grain.HOUR, results([result(0, 50), result(1, 1)]))
    store.write_results(Grain.HOUR, results([result(0, None, quality=Quality.MISSING)]))
    (row,) = store.sum_results(Grain.HOUR, None, [KWH], ALWAYS).to_pylist()
    assert (row["value"], row["intervals"]) == (1, 2)


def test_subjects_may_hold_any_character(store: SeriesStore) -> None:
    rows = sorted((result(0, 1, name) for name in STRANGE), key=lambda row: str(row["subject"]))
    store.write_results(Grain.MONTH, results(rows))
    assert store.read_results(Grain.MONTH, STRANGE, [KWH], ALWAYS).equals(results(rows))
    for name in STRANGE:
        assert len(store.sum_results(Grain.MONTH, [name], [KWH], ALWAYS)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        result(0, None),
        result(0, 1, quality=Quality.MISSING),
        result(0, float("nan")),
        {**result(0, 1), "coverage": None},
    ],
)
def test_a_result_that_says_two_things_is_refused(
    store: SeriesStore, wrong: dict[str, object]
) -> None:
    with pytest.raises(InputError, match=r"must have a value|must be finite|may be empty"):
        store.write_results(Grain.HOUR, results([result(5, 1), wrong]))
    assert hourly(store) == []


def test_closing_twice_is_harmless(store: SeriesStore) -> None:
    write(store, reading(0, 1))
    store.close()
    store.close()
