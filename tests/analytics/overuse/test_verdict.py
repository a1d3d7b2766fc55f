"""An explanation in one sentence."""

from datetime import date

import numpy as np
import pytest

from analytics.grid import Key
from analytics.overuse.context import Context
from analytics.overuse.explaining import Explanation, Judged, explain
from analytics.overuse.verdict import verdict
from analytics.overuse.worth import Worth
from quotawatt.settings import Language
from quotawatt.spans import Span, local_midnight
from tests.analytics.overuse.offices import ELECTRICITY, ZONE, expected, series

WEEK = Span(local_midnight(date(2023, 3, 1), ZONE), local_midnight(date(2023, 3, 8), ZONE))
CONTEXTS = {
    Key("BLD-1", ELECTRICITY): Context(
        {"zh": "一号楼用电", "en": "the electricity use of Building One"}, True, "kWh", ZONE
    ),
    Key("MTR-B", ELECTRICITY): Context(
        {"zh": "一号楼空调", "en": "the air conditioning of Building One"}, False, "kWh", ZONE
    ),
}
USUAL = np.full((7, 24), 10.0)


def told(added: float, high: float = np.nan, language: Language = "en", parts: bool = True) -> str:
    said = verdict(explained(added, parts), WEEK, (0.0, high), CONTEXTS, language)
    return said.replace("\u00a0", " ")


def explained(added: float, parts: bool) -> Explanation:
    """A week in which something was added to the first six hours of each day."""
    more = USUAL.copy()
    more[:, :6] += added
    total = Judged(series(more.ravel(), subject="BLD-1"), expected(USUAL))
    part = Judged(series((more - 5).ravel(), subject="MTR-B"), expected(USUAL - 5))
    worth = Worth(np.full(168, 0.5), 0.6, 42_000.0)
    return explain(total, [part] if parts else [], worth)


def test_much_above_says_what_it_is_worth_and_where_most_of_it_is() -> None:
    assert told(10) == (
        "From 1 March to 7 March 2023 the electricity use of Building One was 420 kWh (25 %) above what was "
        "expected, 1.0 % of the year's quota, about 210 CNY, most of it by the air conditioning of Building "
        "One in the nights of working days, 300 kWh."
    )
    assert told(10, language="zh") == (
        "2023年3月1日至3月7日，一号楼用电比预期多 420 kWh（25 %），占全年定额的 1.0 %，约 210 元，"
        "最多的是一号楼空调工作日夜间，300 kWh。"
    )


def test_without_parts_it_says_when() -> None:
    assert told(10, parts=False).endswith("most of it in the nights of working days, 300 kWh.")


@pytest.mark.parametrize(("added", "high"), [(0.1, np.nan), (10, 2101.0)])
def test_what_is_ordinary_is_called_so_and_no_figure_is_said(added: float, high: float) -> None:
    assert told(added, high) == (
        "From 1 March to 7 March 2023 the electricity use of Building One was within what is ordinary."
    )


def test_below() -> None:
    assert told(-6) == (
        "From 1 March to 7 March 2023 the electricity use of Building One was 252 kWh (15 %) below what was "
        "expected."
    )


def test_nothing_known() -> None:
    nothing = Judged(series(np.full(168, np.nan), subject="BLD-1"), expected(USUAL))
    said = verdict(explain(nothing, [], Worth()), WEEK, (np.nan, np.nan), CONTEXTS, "en")
    assert "nothing is known" in said
