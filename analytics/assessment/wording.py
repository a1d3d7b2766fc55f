"""Figures, days and names as reports print them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from analytics.assessment.report_texts import KEYS, report_text

NONE = "—"

_NUMERALS = "一二三四五六七八九十"
_QUARTER = re.compile(r"(\d{4})-Q(\d)")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def figure(value: float | None, decimals: int = 0) -> str:
    """A number with its thousands apart; a dash where it is not known."""
    return NONE if value is None else f"{value:,.{decimals}f}"


def percent(value: float | None, decimals: int = 1) -> str:
    """A percentage."""
    return NONE if value is None else f"{value:,.{decimals}f} %"


def change(value: float | None) -> str:
    """A change in percent, with its sign."""
    return NONE if value is None else f"{value:+,.1f} %"


def share(value: float | None) -> str:
    """A share of 0 to 1 in percent; what is not quite all is never printed as all."""
    return NONE if value is None else f"{min(100 * value, 100.0 if value >= 1 else 99.9):.1f} %"


def name_of(row: Mapping[str, Any], language: str) -> str:
    """The name of an asset."""
    return str(row[f"name_{language}"] or row["code"])


def period_name(name: str, language: str) -> str:
    """A period as people say it."""
    if match := _QUARTER.fullmatch(name):
        return report_text("quarter", language, year=match[1], quarter=match[2])
    if match := _MONTH.fullmatch(name):
        return report_text("month", language, year=match[1], month=int(match[2]))
    return report_text("year", language, year=name)


def day_name(day: date, language: str) -> str:
    """A day as people write it at the end of a document."""
    return report_text("day", language, year=day.year, month=day.month, day=day.day)


def numbered(number: int, text: str, language: str) -> str:
    """A heading with its number, from 1: 一、 or 1."""
    return f"{_NUMERALS[number - 1]}、{text}" if language == "zh" else f"{number}. {text}"


def known_word(key: str, language: str) -> str:
    """The words for a key where there are any, else the key itself."""
    return report_text(key, language) if key in KEYS else key
