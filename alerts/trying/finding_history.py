"""What a rule over findings would have seen: 1 from where one was first seen, 0 from where it was over."""

from datetime import datetime

from sqlalchemy import select

from alerts.engine.finding_samples import asset_of_finding
from alerts.engine.samples import Sample
from alerts.trying.inputs import Inputs, Past, Samples
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.storage.tables import findings

_Of = tuple[str, str]  # subject and asset
_Standing = tuple[datetime, datetime | None]


def finding_inputs(rule: Rule, past: Past) -> Inputs:
    """Findings of the rule's code that stood within the span, by subject.

    A finding that was over and opened again stands since its first opening: its book keeps no more. What was
    accepted is over since then.
    """
    t = findings.c
    query = select(t.subject, t.first_seen, t.cleared_at, t.accepted_at).where(
        t.code == rule.input, t.first_seen < past.span.end
    )
    standing: dict[_Of, list[_Standing]] = {}
    for subject, first, cleared, accepted in past.records.execute(query.order_by(t.first_seen)):
        over = min((at for at in (cleared, accepted) if at is not None), default=None)
        asset = asset_of_finding(subject, past.register, first)
        if (over is None or over > past.span.start) and past.looks_at(rule, asset):
            standing.setdefault((subject, asset), []).append((first, over))
    samples = {of[0]: _samples(of, found, past) for of, found in standing.items()}
    return Inputs(len(samples), samples)


def _samples(of: _Of, standing: list[_Standing], past: Past) -> Samples:
    """Where several findings of the code stand at once, it is over with the last of them."""
    seen: list[tuple[datetime, Sample]] = []
    until: datetime | None = None
    for first, over in standing:
        begin = max(first, past.span.start)
        if not seen or (until is not None and begin > until):
            seen += _ended(of, until)
            seen.append((begin, _sample(of, 1.0, first)))
            until = over
        elif until is not None:
            until = None if over is None else max(until, over)
    if until is not None and until < past.span.end:
        seen += _ended(of, until)
    return seen


def _ended(of: _Of, until: datetime | None) -> Samples:
    return [] if until is None else [(until, _sample(of, 0.0, until))]


def _sample(of: _Of, value: float, time: datetime) -> Sample:
    return Sample(*of, value, time)
