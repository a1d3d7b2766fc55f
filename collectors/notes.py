"""What a batch shows of devices that do wrong, as findings in the record store."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from quotawatt.findings import Finding
from quotawatt.quantities import POSITION_QUANTITIES, quantity
from quotawatt.readings import Quality
from quotawatt.register.finding_texts import severity_of
from quotawatt.register.findings_book import open_seen
from quotawatt.settings import Settings
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import findings

SOURCE = "intake"
"""What the findings of the collectors go by."""

_VALUES = frozenset({"value", "kept", "dropped"})

Keyed = dict[tuple[str, str, str], Finding]
"""Findings by code, subject, and what tells those of one subject apart."""


def conflicts(found: Sequence[Finding]) -> Keyed:
    """The readings of which a device sent two different values."""
    return {(f.code, f.subject, str(f.detail.get("time", ""))): f for f in found}


def floods(dropped: Mapping[str, int], before: Mapping[str, int]) -> Keyed:
    """The devices that sent more than is let in, with how many of their messages were dropped in all."""
    code = "device_flooding"
    return {
        (code, device, ""): Finding(code, device, {"dropped": count + before.get(device, 0)})
        for device, count in dropped.items()
    }


def suspects(readings: pa.Table, settings: Settings) -> Keyed:
    """Which series sent suspect readings, and for what reason: each with the last one and how many.

    The arrival stands beside the device's own time, which a clock far off makes worthless.
    """
    suspect = readings.filter(pc.equal(readings["quality"], pa.scalar(Quality.SUSPECT.value)))
    named = ["device", "channel", "quantity", "reason"]
    # Only one thread keeps the order of arrival, which "last" goes by.
    groups = suspect.group_by(named, use_threads=False).aggregate(
        [("value", "last"), ("time", "last"), ("arrived", "last"), ("value", "count")]
    )
    found = {}
    for row in groups.to_pylist():
        subject = f"{row['device']}/{row['channel']}/{row['quantity']}"
        detail = {
            "rule": _rule(row["reason"], row["quantity"], settings),
            "value": row["value_last"],
            "time": row["time_last"].isoformat(),
            "arrived": row["arrived_last"].isoformat(),
            "count": row["value_count"],
        }
        key = "reading_suspect", subject, row["reason"]
        found[key] = Finding("reading_suspect", subject, detail)
    return found


def _rule(reason: str, name: str, settings: Settings) -> str:
    """What a reading suspect for ``reason`` breaks, in plain words."""
    if reason == "out_of_range":
        line = quantity(name)
        return f"{name} must lie within {line.low:.15g} to {line.high:.15g}"
    ahead_s = settings.clock_ahead_limit_s
    return {
        "clock_before_2010": f"a clock must not be before {settings.clock_from}",
        "clock_ahead": f"a clock must not be more than {ahead_s:.15g} s ahead of arrival",
        "counter_below_zero": "a counter must not be below zero",
    }[reason]


def write_notes(conn: Connection, found: Keyed, now: datetime) -> None:
    """List findings; one that is listed already was seen again at ``now``."""
    rows = [
        {
            "code": code,
            "subject": subject,
            "key": key,
            "detail": _evidence(finding),
            "first_seen": now,
            "last_seen": now,
            "source": SOURCE,
            "severity": severity_of(code),
        }
        for (code, subject, key), finding in found.items()
    ]
    upsert(
        conn,
        findings,
        rows,
        keys=["code", "subject", "key"],
        update=["detail", "last_seen"],
    )
    open_seen(conn, SOURCE, now)


def _evidence(finding: Finding) -> dict[str, str | float | int | None]:
    """What is told of a finding; values of a place are not, for who reads findings may not see those."""
    name = finding.subject.rpartition("/")[2]
    if name not in POSITION_QUANTITIES or name == "speed_kmh":
        return dict(finding.detail)
    return {key: None if key in _VALUES else value for key, value in finding.detail.items()}
