"""Snapshots against what the data say now."""

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.issued import Issued, differences, printed
from quotawatt.issued.compare import Difference, differing

NOW = datetime(2025, 4, 1, tzinfo=UTC)


def content(**figures: tuple[Any, int]) -> dict[str, Any]:
    return {
        "figures": {name: {"value": v, "decimals": d} for name, (v, d) in figures.items()},
    }


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (2.675, 2, 2.68),  # the digits that show, not the binary 2.67499999...
        (0.5, 0, 1.0),
        (-0.5, 0, -1.0),
        (-0.04, 1, 0.0),
        (1234567, 0, 1234567.0),
        (None, 2, None),
        (math.nan, 2, None),
        ("市级", 0, "市级"),
    ],
)
def test_numbers_print_as_people_round(value: Any, decimals: int, expected: Any) -> None:
    assert printed(value, decimals) == expected


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_what_is_printed_is_within_half_a_step_and_prints_as_itself(
    value: float, decimals: int
) -> None:
    shown = printed(value, decimals)
    assert isinstance(shown, float)
    assert abs(Decimal(repr(shown)) - Decimal(repr(value))) <= Decimal(5).scaleb(-decimals - 1)
    assert printed(shown, decimals) == shown


def test_a_change_below_the_printed_precision_is_none() -> None:
    issued = content(a=(12.34, 1), b=(5.0, 0))
    assert differences(issued, {"a": 12.31, "b": 5.4999}) == []


def test_changes_name_cell_before_and_after() -> None:
    issued = content(a=(12.3, 1), b=(None, 0), c=(7.0, 0), d=("A", 0))
    found = differences(issued, {"a": 12.36, "b": 4.2, "d": "A", "unasked": 1.0})
    assert found == [
        Difference("a", 12.3, 12.4),
        Difference("b", None, 4.0),
        Difference("c", 7.0, None),  # known then, unknown now
    ]


def test_a_snapshot_that_differs_is_a_finding() -> None:
    snapshot = Issued(
        1, "return-2024-ORG-1-1", "return", "ORG-1", "2024", 1,
        content(**{f"c{n}": (float(n), 0) for n in range(7)}), "", "", "li", NOW, "",
    )  # fmt: skip
    same = {f"c{n}": float(n) for n in range(7)}
    assert differing([(snapshot, same)]) == []
    [found] = differing([(snapshot, dict.fromkeys(same, 99.0))])
    assert (found.code, found.subject) == ("issued_differs", "ORG-1")
    assert found.detail == {
        "issued": "return-2024-ORG-1-1",
        "period": "2024",
        "count": 7,
        "cells": "c0, c1, c2, c3, c4, …",
        "cell": "c0",
        "issued_value": 0.0,
        "present_value": 99.0,
    }
