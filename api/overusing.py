"""Overuse for routes and pages: an asset's explanation as plain rows with names and sentences."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.anomalies.event import Anomaly
from analytics.baselines.calendar_features import calendar_of
from analytics.consumption.points import Wiring
from analytics.grid import Key
from analytics.jobs.hand import own_points
from analytics.jobs.overusing import Basis, Overuse, Overusing
from analytics.overuse.classes import HourClass, excess_of
from analytics.overuse.explaining import REST, Excess, Judged, PartExcess
from analytics.overuse.telling import advice, statement
from analytics.overuse.verdict import verdict
from analytics.overuse.words import LANGUAGES, word
from analytics.totals.tree import Tree
from api.findinglist import named
from api.services import Services
from quotawatt.measures import measure
from quotawatt.register.model import Register
from quotawatt.spans import Span

Row = dict[str, Any]


def overuse_of(services: Services, key: Key, span: Span, sees: Callable[[str], bool]) -> Overuse:
    """The overuse of an asset from the stores of the services."""
    with services.records.connect() as conn:
        own = own_points(conn)
    zone = ZoneInfo(services.settings.timezone)
    tree = Tree(Wiring(services.register_source()), zone, own)
    found = Overusing(services.series, services.records, tree, services.rulebook)
    return found.explain(key, span, sees)


def overuse_item(overuse: Overuse, register: Register) -> Row:
    """All of it as one row."""
    key, explained = overuse.key, overuse.explanation
    zone = overuse.contexts[key].zone
    # Of no known hour there are no figures: a zero would be one.
    figures = explained if explained is not None and explained.whole.hours else None
    return {
        "subject": key.subject,
        "measure": key.measure,
        "unit": measure(key.measure).unit,
        "from_": overuse.span.start,
        "until": overuse.span.end,
        "timezone": zone.key,
        "verdict": None if explained is None else _verdict(overuse),
        "whole": None if figures is None else _excess(figures.whole),
        "low": _known(overuse.low),
        "high": _known(overuse.high),
        "unknown_hours": 0 if explained is None else explained.unknown_hours,
        "classes": [] if figures is None else _classes(figures.classes),
        "parts": [] if figures is None else [_part(p, register) for p in figures.parts],
        "ranking": [] if figures is None else list(_ranking(overuse, register)),
        "patterns": [_pattern(one, overuse, register) for one in overuse.patterns],
        "days": [] if overuse.judged is None else list(_days(overuse.judged)),
        "baselines": [_basis(one) for one in overuse.bases],
        "parts_left_out": overuse.parts_left_out,
        "findings": [asdict(one) for one in overuse.findings],
    }


def _verdict(overuse: Overuse) -> dict[str, str]:
    assert overuse.explanation is not None
    explained, band = overuse.explanation, (overuse.low, overuse.high)
    return {
        language: verdict(explained, overuse.span, band, overuse.contexts, language)
        for language in LANGUAGES
    }


def _excess(excess: Excess) -> Row:
    share = excess.quota_share
    return {
        "hours": excess.hours,
        "use": excess.use,
        "expected": excess.expected,
        "excess": excess.amount,
        "cny": excess.cny,
        "kgco2": excess.kgco2,
        "quota_share_pct": None if share is None else 100 * share,
    }


def _classes(classes: Mapping[HourClass, Excess]) -> list[Row]:
    return [{**_excess(excess), "hour_class": name} for name, excess in classes.items()]


def _part(part: PartExcess, register: Register) -> Row:
    return {
        **_excess(part.whole),
        "subject": part.subject,
        "name": _name(part.subject, register),
        "unknown_hours": part.unknown_hours,
        "classes": _classes(part.classes),
    }


def _ranking(overuse: Overuse, register: Register) -> Iterator[Row]:
    assert overuse.explanation is not None
    for place in overuse.explanation.ranking:
        name = _name(place.subject, register)
        yield {
            **_excess(place.excess),
            "hour_class": place.hour_class,
            "subject": place.subject,
            "name": name,
        }


def _pattern(found: Anomaly, overuse: Overuse, register: Register) -> Row:
    context = overuse.contexts[Key(found.subject, found.measure)]
    return {
        **asdict(found),
        "evidence": dict(found.evidence),
        "unit": context.unit,
        "name": _name(found.subject, register),
        "sentence": {language: statement(found, context, language) for language in LANGUAGES},
        "advice": {language: advice(found, language) for language in LANGUAGES},
    }


def _days(judged: Judged) -> Iterator[Row]:
    """Sums of the known hours of each local day."""
    series = judged.series
    starts = pd.DatetimeIndex(series.frame.index)
    if not len(starts):
        return
    day = calendar_of(starts, series.zone, series.country).day
    excess = excess_of(series, judged.expected)
    known = np.isfinite(excess)
    at, size = day - day[0], int(day[-1] - day[0]) + 1
    count = np.bincount(at[known], minlength=size)
    use = np.bincount(at[known], series.frame["use"].to_numpy(float)[known], size)
    beyond = np.bincount(at[known], excess[known], size)
    for n in range(size):
        on = date.fromordinal(date(1970, 1, 1).toordinal() + int(day[0]) + n)
        sums = (float(use[n]), float(use[n] - beyond[n]), float(beyond[n]))
        values = sums if count[n] else (None, None, None)
        yield {"day": on, **dict(zip(("use", "expected", "excess"), values, strict=True))}


def _basis(basis: Basis) -> Row:
    return {**basis._asdict(), "cv_rmse_pct": _known(basis.cv_rmse_pct)}


def _name(subject: str, register: Register) -> dict[str, str]:
    if subject == REST:
        return {language: word("rest", language) for language in LANGUAGES}
    return {language: named(register, subject, language) for language in LANGUAGES}


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
