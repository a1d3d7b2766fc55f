"""What is asked of InfluxDB: each query short enough, nothing left out."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from quotawatt.readings import SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.influx_statements import (
    PLACES_A_QUERY,
    QUERY_LENGTH,
    groups,
    queries,
    results_wanted,
    sound_where,
)

SPAN = Span(datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC))


@given(st.lists(st.integers(1, QUERY_LENGTH + 10), max_size=20))
def test_statements_are_packed_in_their_order_within_the_length(lengths: list[int]) -> None:
    statements = ["x" * length for length in lengths]
    packed = [query.split("; ") for query in queries(statements)]
    assert [one for some in packed for one in some] == statements
    assert all(len(some) == 1 or sum(map(len, some)) <= QUERY_LENGTH for some in packed)


@given(
    st.sets(
        st.builds(
            SeriesKey,
            st.integers(0, 300).map(str),
            st.sampled_from(["", "L1"]),
            st.sampled_from(["heat_gj", "voltage_v", "no such quantity"]),
        ),
        max_size=400,
    )
)
def test_every_series_of_a_quantity_is_in_one_group(series: set[SeriesKey]) -> None:
    found = [
        SeriesKey(*place, quantity)
        for quantities, places in groups(series)
        for place in places
        for quantity in quantities
    ]
    assert sorted(found) == sorted(key for key in series if "_" in key.quantity)
    assert all(0 < len(places) <= PLACES_A_QUERY for _, places in groups(series))


def test_a_limit_counts_only_points_that_have_the_quantity() -> None:
    statement = sound_where("heat_gj", "time < 5u", "DESC", 3)
    assert "WHERE time < 5u AND (heat_gj > 0 OR heat_gj <= 0) GROUP BY" in statement
    assert statement.endswith("ORDER BY time DESC LIMIT 3")


def test_results_of_many_subjects_are_asked_for_in_several_queries() -> None:
    subjects = [f"BLD-{number}" for number in range(2 * PLACES_A_QUERY + 1)]
    conditions = list(results_wanted(subjects, ["heat_gj"], SPAN))
    assert [condition.count("subject = ") for condition in conditions] == [100, 100, 1]
    assert list(results_wanted(None, [], SPAN)) == list(results_wanted([], ["heat_gj"], SPAN)) == []
