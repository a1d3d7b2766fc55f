"""Words and tables of dispatch and the vehicles' books, in both languages."""

from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.fleet.orderchecks import DifferenceKind
from analytics.fleet.orderfacts import PUBLIC_FACTS
from quotawatt.app import texts_dispatch, texts_fleet_books
from quotawatt.app.tables_dispatch import difference_words, print_matches, print_orders
from quotawatt.app.tables_fleet_books import print_book
from quotawatt.dispatch.order import OrderState
from quotawatt.dispatch.records import ServiceKind
from quotawatt.settings import Language, load_settings

KM = {"distance", "planned_distance", "odometer_out", "odometer_in"}
ORDER = {
    "number": 7,
    "state": "assigned",
    "organisation": "ORG-1",
    "applicant": "",
    "purpose": "送文件",
    "to_places": "",
    "planned_start": "2024-05-01T01:00:00Z",
    "planned_end": "2024-05-01T04:00:00Z",
    "vehicle": "CAR-1",
    "plate": "鲁A00001",
    "driver": None,
    "driver_name": "",
    "driven_km": None,
}


@pytest.mark.parametrize("texts", [texts_dispatch._TEXTS, texts_fleet_books._TEXTS])
def test_both_languages_fill_in_the_same(texts: dict[str, tuple[str, str]]) -> None:
    for key, words in texts.items():
        zh, en = ({name for _, name, _, _ in Formatter().parse(word) if name} for word in words)
        assert zh == en, key


def _difference(kind: DifferenceKind) -> dict[str, Any]:
    if kind.value in KM:
        return {"kind": kind.value, "told": 36.0, "found": 40.0}
    if kind is DifferenceKind.PLACE:
        return {"kind": kind.value, "told": "火车站", "found": None}
    if kind is DifferenceKind.NO_TRIP:
        return {"kind": kind.value, "told": None, "found": None}
    return {"kind": kind.value, "told": ORDER["planned_start"], "found": ORDER["planned_end"]}


SAID = {
    "zh": [
        "无行程记录",
        "里程表 36.0 km，行程 40.0 km",
        "计划 36.0 km，实际 40.0 km",
        "出车里程表 36，记录 40",
        "收车里程表 36，记录 40",
        "出车登记 2024-05-01 09:00，记录 2024-05-01 12:00",
        "收车登记 2024-05-01 09:00，记录 2024-05-01 12:00",
        "早于计划 2024-05-01 09:00 出车：2024-05-01 12:00",
        "晚于计划 2024-05-01 09:00 收车：2024-05-01 12:00",
        "未到 火车站",
    ],
    "en": [
        "no trip was recorded",
        "odometer 36.0 km, trips 40.0 km",
        "planned 36.0 km, driven 40.0 km",
        "odometer out 36, recorded 40",
        "odometer in 36, recorded 40",
        "left 2024-05-01 09:00, recorded 2024-05-01 12:00",
        "back 2024-05-01 09:00, recorded 2024-05-01 12:00",
        "left 2024-05-01 12:00, planned 2024-05-01 09:00",
        "back 2024-05-01 12:00, planned 2024-05-01 09:00",
        "did not stop at 火车站",
    ],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_difference_has_words(language: Language) -> None:
    row = {"differences": [_difference(kind) for kind in DifferenceKind]}
    between = "；" if language == "zh" else "; "
    zone = ZoneInfo("Asia/Shanghai")
    assert difference_words(row, language, zone).split(between) == SAID[language]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_orders_and_matches_are_printed(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings(language=language)
    print_orders([{**ORDER, "state": state.value} for state in OrderState], settings)
    assert capsys.readouterr().out.count("鲁A00001") == len(OrderState)
    match = {
        "order": ORDER,
        "trips": [],
        "trips_km": None,
        "facts": {"start": ORDER["planned_start"], "end": ORDER["planned_end"]},
        "missing": [*PUBLIC_FACTS, "driver", "odometer", "rating"],
        "differences": [],
    }
    answer = {"items": [match], "trips_without_order": []}
    print_matches(answer, settings, "2024-05-01", "2024-06-01")
    shown = capsys.readouterr().out
    assert ("费用" if language == "zh" else "cost") in shown
    assert ("所有行程都有派车单" if language == "zh" else "Every trip has an order") in shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_books_are_printed(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings(language=language)
    services = [
        {
            "id": n,
            "vehicle": "CAR-1",
            "day": "2024-05-10",
            "kind": kind.value,
            "odometer_km": None,
            "cost_cny": 680.0,
            "provider": "",
            "withdrawn_by": None,
        }
        for n, kind in enumerate(ServiceKind)
    ]
    print_book("services", services, settings)
    shown = capsys.readouterr().out
    assert shown.count("680.00") == len(ServiceKind)
    assert ("过路费" if language == "zh" else "toll") in shown
    print_book("drivers", [], settings)
    assert capsys.readouterr().out.strip()
