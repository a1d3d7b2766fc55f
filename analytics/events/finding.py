"""Events that people must know of, as findings: sure enough, still going on, not explained by a part."""

from collections.abc import Callable, Iterable, Iterator

from analytics.events.event import SURE, Event, EventState
from quotawatt.findings import Evidence, Finding

CODES = "anomaly_"
"""How the codes of these findings begin; the likely kind follows."""

Words = Callable[[Event], Evidence]
"""The sentence about an event: ``sentence_zh`` and ``sentence_en``."""


def findings_of(events: Iterable[Event], words: Words) -> Iterator[Finding]:
    """The findings of the events that go on, are sure enough and stand for themselves."""
    for event in events:
        known_enough = event.anomaly.confidence >= SURE and event.explained_by is None
        if event.state is EventState.OPEN and known_enough:
            yield finding_of(event, words(event))


def finding_of(event: Event, words: Evidence) -> Finding:
    """An event as a finding; ``quantity`` tells apart those of one subject."""
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
