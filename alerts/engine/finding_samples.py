"""What rules over findings see: 1 for a subject with an open finding of the code.

A finding that has cleared, or that somebody accepted, is clear: 0. A subject may have several open ones of a
code (of several channels, or years); it is clear when none is left.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from alerts.engine.samples import Sample, Seen, asset_of
from quotawatt.register.findings_book import OPEN
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.storage.tables import findings


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """An open finding, by the time since which it stands."""

    code: str
    subject: str
    first_seen: datetime
    detail: Mapping[str, Any]


def read_open(conn: Connection, codes: Collection[str]) -> list[OpenFinding]:
    """The open findings of these codes, the oldest first."""
    if not codes:
        return []
    t = findings.c
    query = select(t.code, t.subject, t.first_seen, t.detail).order_by(t.first_seen, t.id)
    found = conn.execute(query.where(t.code.in_(sorted(codes)), t.state == OPEN))
    return [OpenFinding(*row) for row in found]


def see_findings(
    rule: Rule,
    standing: Sequence[OpenFinding],
    asked: Collection[str],
    register: Register,
    now: datetime,
) -> Seen:
    """Subjects with an open finding of the rule's code, and those of ``asked`` without one."""
    found: dict[str, Sample] = {}
    for finding in standing:
        if finding.code == rule.input and finding.subject not in found:
            asset = asset_of_finding(finding.subject, register, finding.first_seen)
            evidence = {k: v for k, v in finding.detail.items() if isinstance(v, str | int | float)}
            found[finding.subject] = Sample(
                finding.subject, asset, 1.0, finding.first_seen, evidence
            )
    kept = [s for s in found.values() if rule.applies_to.matches(register, s.asset)]
    gone = [
        Sample(subject, asset_of_finding(subject, register, now), 0.0, now)
        for subject in asked
        if subject not in found
    ]
    return Seen(len(kept) + len(gone), [*kept, *gone])


def asset_of_finding(subject: str, register: Register, at: datetime) -> str:
    """The asset of a finding: its subject's, or what is bound to ``device/channel/quantity``; empty: none."""
    asset = asset_of(subject)
    if asset in register.assets:
        return asset
    binding = None
    if subject.count("/") == 2:
        device, channel, quantity = subject.split("/")
        binding = register.binding(device, channel, quantity, at)
    return binding.asset if binding else ""
