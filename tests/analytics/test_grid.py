"""Results as a matrix."""

import numpy as np
import pyarrow as pa
import pytest

from analytics.grid import Grid, Key, empty_grid, hour_starts, instant_of, micros_of, stack
from quotawatt.readings import RESULTS
from quotawatt.spans import Span
from tests.analytics.builders import at

A, B = Key("A", "water_m3"), Key("B", "heat_gj")
STARTS = hour_starts(Span(at(0), at(3)))


def result(
    subject: str, measure: str, hour: float, value: float, quality: str = "measured"
) -> dict[str, object]:
    return {
        "subject": subject,
        "measure": measure,
        "start": at(hour),
        "value": value,
        "quality": quality,
        "coverage": 0.75,
        "revision": 0,
        "withdrawn": False,
    }


def table(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=RESULTS)


def test_what_goes_in_comes_out() -> None:
    rows = table(result("A", "water_m3", 1, 5), result("B", "heat_gj", 2, 7, "estimated"))
    grid = empty_grid([A, B], STARTS).place(rows)
    assert grid.results().to_pylist() == rows.to_pylist()
    frame = grid.frame()
    assert frame["subject"].tolist() == ["A", "B"]
    assert frame["measure"].tolist() == ["water_m3", "heat_gj"]
    assert frame["start"].tolist() == [at(1), at(2)]


def test_what_has_no_cell_is_left_out() -> None:
    rows = table(
        result("A", "heat_gj", 1, 5), result("C", "water_m3", 1, 5), result("A", "water_m3", 0.5, 5)
    )
    assert not empty_grid([A, B], STARTS).place(rows).known().any()
    assert not empty_grid([A], STARTS[:0]).place(rows).known().any()
    assert not empty_grid([A], STARTS).place(table()).known().any()


def test_change_is_any_difference_but_rounding() -> None:
    grid = empty_grid([A], STARTS).place(
        table(result("A", "water_m3", 0, 5), result("A", "water_m3", 1, 6))
    )
    assert not grid.changed_from(grid).any()
    value = grid.value * (1 + 1e-14)
    assert (
        not Grid(grid.keys, STARTS, value, grid.coverage, grid.estimated).changed_from(grid).any()
    )
    value = grid.value + np.array([0, 0.001, np.nan])
    changed = Grid(grid.keys, STARTS, value, grid.coverage, grid.estimated).changed_from(grid)
    assert changed.tolist() == [[False, True, False]]


def test_lost_result_becomes_a_withdrawn_row() -> None:
    before = empty_grid([A], STARTS).place(table(result("A", "water_m3", 1, 5)))
    now = empty_grid([A], STARTS)
    rows = now.results(now.changed_from(before)).to_pylist()
    assert len(rows) == 1
    assert rows[0]["withdrawn"] is True
    assert rows[0]["value"] is None
    assert rows[0]["quality"] == "missing"


def test_overlay_takes_only_the_chosen_cells() -> None:
    grid = empty_grid([A, B], STARTS)
    newer = Grid(
        (B,), STARTS[1:], np.array([[1.0, 2.0]]), np.ones((1, 2)), np.zeros((1, 2), dtype=bool)
    )
    laid = grid.overlay(newer, np.array([[False, True]]))
    assert np.nan_to_num(laid.value).tolist() == [[0, 0, 0], [0, 0, 2]]
    assert not grid.known().any()


def test_select_between_and_stack() -> None:
    grid = stack([empty_grid([A], STARTS), empty_grid([B], STARTS)])
    assert grid.keys == (A, B)
    assert grid.select([B, Key("C", "x"), A]).keys == (B, A)
    assert grid.between(Span(at(1), at(2))).starts.tolist() == [micros_of(at(1))]


@pytest.mark.parametrize("hours", [0, 0.25, -1e5])
def test_instants_round_trip(hours: float) -> None:
    assert instant_of(micros_of(at(hours))) == at(hours)
