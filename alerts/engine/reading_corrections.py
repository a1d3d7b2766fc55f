"""Alerts over readings whose readings were corrected since: they are judged again."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from alerts.engine.deciding import Revised
from alerts.engine.reading_samples import Newest, Watched
from alerts.engine.rejudging import rejudged
from alerts.engine.repository import Alert, Pair
from alerts.engine.samples import Zones, instant_of
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.spans import INSTANT, Span
from quotawatt.storage.frames import floats, integers
from quotawatt.storage.port import SeriesStore

CORRECTED_WITHIN = timedelta(days=3)
"""How long after it began an alert over readings is judged again."""

MOST_AT_ONCE = 500
"""So many alerts are judged again at a time, the newest first: each is a question to the store."""


def revised_by_readings(
    series: SeriesStore,
    newest: Newest,
    known: Iterable[Alert],
    rules: Mapping[str, Rule],
    zones: Zones,
    now: datetime,
) -> Iterator[tuple[Pair, Revised]]:
    """Those of the alerts that the readings they rest on, as they are now, change.

    Raises StoreError where the store fails.
    """
    watched = {(one.quantity, one.subject): one for one in newest.watched}
    recent = [alert for alert in known if _is_recent(alert, now)]
    recent.sort(key=lambda alert: alert.basis[0][0], reverse=True)
    for alert in recent[:MOST_AT_ONCE]:
        rule = rules[alert.rule]
        fed = watched.get((rule.input, alert.subject))
        if fed is None:
            continue
        again = rejudged(rule, alert, _course(series, fed, alert), zones)
        if again.alert != alert or again.events:
            yield alert.pair, again


def _is_recent(alert: Alert, now: datetime) -> bool:
    return bool(alert.basis) and alert.basis[0][0] > now - CORRECTED_WITHIN


def _course(series: SeriesStore, fed: Watched, alert: Alert) -> list[tuple[datetime, float]]:
    """The readings from the first to the last that the alert rests on, multiplied."""
    span = Span(alert.basis[0][0], alert.basis[-1][0] + INSTANT)
    values = series.read_values([fed.series], span)
    times = integers(values["time"]).tolist()
    shown = (floats(values["value"]) * fed.multiplier).tolist()
    return [(instant_of(time), value) for time, value in zip(times, shown, strict=True)]
