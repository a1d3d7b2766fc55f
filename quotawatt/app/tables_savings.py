"""Savings as tables for people: months, how sure the whole is, and one sentence."""

from collections.abc import Mapping
from typing import Any

from quotawatt.app.console import NONE, Column, number, percent
from quotawatt.app.tables_analytics import amount, decimals, line, print_table
from quotawatt.app.texts_analytics import analytics_text
from quotawatt.settings import Settings

Row = Mapping[str, Any]

REPORTED_LEVEL = 0.9
"""At which savings are said in the sentence."""


def print_savings(content: Row, settings: Settings) -> None:
    """Savings by month with their uncertainty, the whole at each level, and one sentence.

    content
        As ``analytics.savings.contents`` makes it.
    """
    unit = content["unit"]
    total = {"month": analytics_text("total", settings.language), **content["total"]}
    total["half_width"] = _at(content, REPORTED_LEVEL).get("half_width")
    columns = [
        Column("period", lambda row: str(row["month"]), no_wrap=True),
        *(Column(key, amount(key, unit), True, True) for key in ("actual", "adjusted")),
        Column("saved_amount", amount("savings", unit), True, True),
        Column("plus_minus", amount("half_width", unit), True, True),
        Column("saved_pct", lambda row: percent(row["savings_pct"]), True, True),
    ]
    print_table([*content["months"], total], columns, "savings", settings)
    bands = [
        Column("level", lambda row: f"{100 * row['level']:.0f} %", True, True),
        *(Column(key, amount(key, unit), True, True) for key in ("low", "high")),
        Column("fsu", lambda row: percent(row["fsu_pct"]), True, True),
    ]
    if content["uncertainty"]:
        print_table(content["uncertainty"], bands, "uncertainty", settings)
    _say(content, settings)


def _say(content: Row, settings: Settings) -> None:
    """What was saved, how sure that is, and whether buildings change as much by themselves."""
    saved, drift = content["total"]["savings"], _at(content, REPORTED_LEVEL).get("with_drift")
    key = "verdict_more" if saved is not None and saved < 0 else "verdict_savings"
    line(key, settings, **_verdict(content, settings.language))
    if content["accepted"] and drift is not None:
        key = "beyond_drift" if saved > drift else "within_drift"
        line(key, settings, drift=number(drift), unit=content["unit"])


def _verdict(content: Row, language: str) -> dict[str, str]:
    total, band = content["total"], _at(content, REPORTED_LEVEL)
    judged = {True: "accepted", False: "not_accepted", None: "not_known"}[content["accepted"]]
    return {
        "amount": number(total["savings"]),
        "more": NONE if total["savings"] is None else number(-total["savings"]),
        "unit": content["unit"],
        "pct": decimals(total["savings_pct"], 1),
        "low": _percent_of(band.get("low"), total["adjusted"]),
        "high": _percent_of(band.get("high"), total["adjusted"]),
        "judged": analytics_text(judged, language),
    }


def _at(content: Row, level: float) -> Row:
    """The uncertainty at a level; empty where none is known."""
    return next((band for band in content["uncertainty"] if band["level"] == level), {})


def _percent_of(value: float | None, whole: float | None) -> str:
    return NONE if value is None or not whole else f"{100 * value / whole:.1f}"
