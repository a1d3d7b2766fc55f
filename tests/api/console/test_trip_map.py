"""A trip drawn without tiles."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.console.trip_map import SPEED_CLASSES_KMH, speed_class, trip_map
from api.console.trip_map_values import Area, TrackPoint
from quotawatt.geography.outlines import parse_outline
from quotawatt.spans import Span

START = datetime(2023, 12, 15, 11, 42, tzinfo=UTC)
KM = 1 / 111.195


def track(*steps: tuple[float, float, float | None], every_s: int = 30) -> list[TrackPoint]:
    """Messages at (km north, km east, km/h) of 36° N 117° E."""
    return [
        TrackPoint(START + timedelta(seconds=n * every_s), 36 + north * KM, 117 + east * KM, speed)
        for n, (north, east, speed) in enumerate(steps)
    ]


def area(outline: str, radius_m: float | None = None) -> Area:
    return Area("GEO-1", "停车场", "Car park", "parking", parse_outline(outline), radius_m)


def test_no_position_no_drawing() -> None:
    assert trip_map([]) is None


def test_north_is_up_and_east_is_right() -> None:
    drawn = trip_map(track((0, 0, 10.0), (5, 3, 10.0)))
    assert drawn is not None
    assert drawn.end.y < drawn.start.y
    assert drawn.end.x > drawn.start.x


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.floats(-80, 80), st.floats(-80, 80), st.floats(0, 120)),
        min_size=1,
        max_size=40,
    )
)
def test_the_whole_track_is_inside_with_one_scale_for_both_ways(
    steps: list[tuple[float, float, float]],
) -> None:
    drawn = trip_map(track(*steps))
    assert drawn is not None
    for stroke in drawn.strokes:
        for pair in stroke.points.split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= 100
            assert 0 <= y <= drawn.height + 1e-3
    assert 5 < drawn.scale.width <= 28
    assert str(drawn.scale.metres).rstrip("0.")[0] in "125"
    assert [dot.number for dot in drawn.dots] == list(range(1, len(drawn.dots) + 1))
    assert len(drawn.dots) <= 36


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    drawn = trip_map(track((0, 0, 10.0), (0, 10, 10.0)))
    assert drawn is not None
    # Ten kilometres of degrees east are narrower by the cosine of the latitude.
    km_per_percent = 10 * 0.809017 / (drawn.end.x - drawn.start.x)
    assert drawn.scale.metres / 1000 == pytest.approx(drawn.scale.width * km_per_percent, rel=1e-3)


def test_neighbours_of_one_colour_are_one_stroke() -> None:
    drawn = trip_map(track((0, 0, 0.0), (1, 0, 15.0), (2, 0, 19.0), (3, 0, 45.0), (4, 0, None)))
    assert drawn is not None
    assert [stroke.speed_class for stroke in drawn.strokes] == [0, 2, None]
    assert len(drawn.strokes[0].points.split()) == 3
    ends = [stroke.end for stroke in drawn.strokes]
    assert [stroke.start for stroke in drawn.strokes[1:]] == ends[:-1]


def test_where_nothing_was_told_the_way_is_marked() -> None:
    drawn = trip_map(track((0, 0, 30.0), (2, 0, 30.0), every_s=300))
    assert drawn is not None
    assert [(stroke.gap, stroke.speed_class) for stroke in drawn.strokes] == [(True, None)]


def test_a_halt_is_told_with_its_time() -> None:
    standing = [(1.0, 0.0, 0.0)] * 5
    drawn = trip_map(track((0, 0, 30.0), *standing, (2, 0, 30.0)))
    assert drawn is not None
    (halt,) = drawn.halts
    assert halt.end - halt.start == timedelta(seconds=120)
    assert not halt.idling
    span = Span(halt.start, halt.end)
    drawn = trip_map(track((0, 0, 30.0), *standing, (2, 0, 30.0)), idlings=[span])
    assert drawn is not None
    assert [halt.idling for halt in drawn.halts] == [True]


def test_areas_are_drawn_where_they_show() -> None:
    near = area('{"type":"Point","coordinates":[117,36]}', 150)
    far = area('{"type":"Point","coordinates":[119,36]}', 150)
    ring = "[[116.99,35.99],[117.01,35.99],[117.01,36.01],[116.99,36.01],[116.99,35.99]]"
    square = area(f'{{"type":"Polygon","coordinates":[{ring}]}}')
    drawn = trip_map(track((0, 0, 30.0), (2, 0, 30.0)), [near, far, square])
    assert drawn is not None
    circle, shape = drawn.areas
    assert circle.middle == drawn.start
    assert circle.radius == pytest.approx(0.15 / (drawn.scale.metres / 1000) * drawn.scale.width)
    assert shape.path.count(",") == 5


def test_classes_of_speed() -> None:
    assert speed_class(None) is None
    found = [speed_class(float(kmh)) for kmh in (0, *SPEED_CLASSES_KMH, 200)]
    assert found == [0, 1, 2, 3, 4, 4]
