"""An anomaly in one sentence: since when, what, how much, what share of the quota, what to do.

No figure is said that the data do not bear: a doubtful finding says that it is one, and a share or a sum of
money stands only where a quota or price is known and the use was really drawn.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from analytics.anomalies.event import Anomaly, Likely
from analytics.overuse.context import Context
from analytics.overuse.words import word, words
from quotawatt.formatting import number
from quotawatt.measures import MEASURES
from quotawatt.quantities import QUANTITIES
from quotawatt.settings import Language
from quotawatt.spans import DAY, INSTANT, local_date

SURE = 0.8
"""From this confidence on a sentence states, below it says that the thing is likely."""

LIKELY = 0.6
"""Below this confidence it says only that the thing is possible."""

_LEAST_SHARE = 0.0005
_OF_METERS = frozenset({Likely.OUTAGE, Likely.STUCK, Likely.UNIT_MISTAKE, Likely.SPIKE})
_COUNTS = ("nights", "days")
_A_DAY = frozenset({"day", "less"})
"""Amounts that are told a day, of days that not everybody would count the same way."""

_POWER = frozenset({"kWh"})
_NO_BREAK = "\u00a0"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def sentence(found: Anomaly, context: Context, language: Language) -> str:
    """The whole sentence: the statement, and what to do."""
    joint, stop = ("；", "。") if language == "zh" else ("; ", ".")
    return f"{statement(found, context, language)}{joint}{advice(found, language)}{stop}"


def statement(found: Anomaly, context: Context, language: Language) -> str:
    """Since when, what, how much; without what to do and without a full stop."""
    kind = _kind(found)
    parts = [_clause(found, context, kind, language), *_figures(found, context, kind, language)]
    return ("，" if language == "zh" else ", ").join(parts)


def advice(found: Anomaly, language: Language) -> str:
    """What to do first about an anomaly of this kind, as a clause."""
    text: str = _kind(found)["advice"][language]
    return text


def loss_share(found: Anomaly, context: Context) -> float | None:
    """What share of the year's quota the excess is, 0..1; None where there is no quota or no loss."""
    if not context.quota or context.quota <= 0 or not _is_loss(found):
        return None
    return found.size / context.quota


def per_time(found: Anomaly, context: Context) -> float:
    """The size for each of the nights or days on which the anomaly showed, in the measure's unit.

    How many these are the evidence says (``nights``, ``days``); else they are the local days it touches.
    """
    for name in _COUNTS:
        count = found.evidence.get(name)
        if isinstance(count, int | float) and count >= 1:
            return found.size / count
    first, last = _days(found, context)
    nights = (found.end - found.start) / DAY
    touched = (last - first).days + 1
    is_night = _kind(found)["per"] == "night"
    return found.size / max(1, math.ceil(nights) if is_night else touched)


def rounded(value: float) -> str:
    """A figure as people say it: 41, 3.2, 0.045; thousands apart."""
    size = abs(value)
    if size >= 10:
        return number(value)
    if size >= 1:
        return number(value, 1)
    return f"{value:.2g}"


def is_gauge(measure: str) -> bool:
    """Whether values of the measure stand for themselves, as temperatures do, and do not add up over time."""
    known = MEASURES.get(measure)
    return known is not None and not known.additive


def _kind(found: Anomaly) -> Mapping[str, Any]:
    name = str(found.likely)
    if is_gauge(found.measure) and found.likely not in _OF_METERS:
        name = "gauge_high" if found.size > 0 else "gauge_low"
    quantity = QUANTITIES.get(found.measure)
    if found.likely is Likely.LEAK and quantity is not None and quantity.unit in _POWER:
        name = "leak_of_power"
    kind: Mapping[str, Any] = words()["kinds"][name]
    return kind


def _is_loss(found: Anomaly) -> bool:
    return bool(_kind(found)["is_loss"]) and math.isfinite(found.size) and found.size > 0


def _clause(found: Anomaly, context: Context, kind: Mapping[str, Any], language: Language) -> str:
    """Since when, how sure, what, and what it does."""
    when, sure, what = (
        _when(found, context, language),
        _sure(found, language),
        context.what[language],
    )
    if language == "zh":
        phrases = kind["zh"]
        phrase = phrases.get("whole") if context.is_whole else None
        return f"{when}，{what}{sure}{phrase or phrases['phrase']}"
    tense = "open" if found.open else "over"
    phrase = kind["en"].get(f"whole_{tense}") if context.is_whole else None
    return " ".join(filter(None, (when, what, sure, phrase or kind["en"][tense])))


def _sure(found: Anomaly, language: Language) -> str:
    if found.confidence >= SURE:
        return ""
    return word("sure", language, "probably" if found.confidence >= LIKELY else "possibly")


def _figures(
    found: Anomaly, context: Context, kind: Mapping[str, Any], language: Language
) -> Iterator[str]:
    minutes = found.evidence.get("late_min")
    if isinstance(minutes, int | float) and minutes >= 1:
        yield word("minutes", language, minutes=number(minutes))
    if kind["per"] == "none" or not math.isfinite(found.size) or not found.size:
        return
    if is_gauge(found.measure):
        mean = rounded(abs(found.size) / max(1, found.hours))
        yield word("per", language, "mean", amount=f"{mean}{_NO_BREAK}{context.unit}")
        return
    first, last = _days(found, context)
    per = "all" if first == last and not found.open else kind["per"]
    amount = found.size if per == "all" else per_time(found, context)
    told = f"{rounded(abs(amount))}{_NO_BREAK}{context.unit}"
    count = found.evidence.get("days")
    if per in _A_DAY and isinstance(count, int | float) and 1 <= count < (last - first).days + 1:
        yield word("on_days", language, days=number(count))
    yield word("per", language, per, amount=told)
    share = loss_share(found, context)
    if share is not None and share >= _LEAST_SHARE:
        yield word("share", language, share=as_percent(share))
    if _is_loss(found) and context.cny_per_unit is not None:
        yield word("money", language, money=rounded(found.size * context.cny_per_unit))


def as_percent(share: float) -> str:
    """A share of 0 to 1 in percent: 1.3 %, 13 %."""
    return f"{100 * share:.{0 if share >= 0.1 else 1}f}{_NO_BREAK}%"


def _days(found: Anomaly, context: Context) -> tuple[date, date]:
    """The first local day and the last one."""
    end = max(found.start, found.end - INSTANT)
    return local_date(found.start, context.zone), local_date(end, context.zone)


def _when(found: Anomaly, context: Context, language: Language) -> str:
    first, last = _days(found, context)
    if found.open:
        return word(
            "since", language, "open", day=day_words(first, language, first.year != last.year)
        )
    if last - first < timedelta(days=1):
        return word("since", language, "day", day=day_words(first, language, True))
    across = first.year != last.year
    day = day_words(first, language, across or language == "zh")
    return word(
        "since",
        language,
        "over",
        day=day,
        last=day_words(last, language, across or language == "en"),
    )


def day_words(day: date, language: Language, with_year: bool) -> str:
    """A day as people say it: 3 May, 5月3日."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日" if with_year else f"{day.month}月{day.day}日"
    text = f"{day.day} {_MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if with_year else text
