"""Events that people must know of, as findings: sure enough, still going on, not explained by a part."""

from collections.abc import Iterable, Iterator

from analytics.events.event import SURE, Event, EventState
from quotawatt.findings import Evidence, Finding

CODES = "anomaly_"
"""How the codes of these findings begin; the likely kind follows."""


def told_of(events: Iterable[Event]) -> Iterator[Event]:
    """Those of the events that go on, are sure enough and stand for themselves."""
    for event in events:
        known_enough = event.anomaly.confidence >= SURE and event.explained_by is None
        if event.state is EventState.OPEN and known_enough:
            yield event


def finding_of(event: Event, words: Evidence) -> Finding:
    """An event as a finding, with its sentences (``words``); ``quantity`` tells apart those of a subject."""
    found = event.anomaly
    return Finding(
        f"{CODES}{found.likely.value}",
        found.subject,
        {
            "anomaly": event.number,
            "quantity": found.measure,
            "since": found.start.isoformat(),
            "until": found.end.isoformat(),
            "hours": found.hours,
            "size": round(found.size, 3),
            "expected": round(found.expected, 3),
            "confidence": round(found.confidence, 3),
            **words,
        },
    )
