"""What the rules look at, as of ``now``: one sample for each rule and subject.

A measure is watched by its newest daily result. A yearly account (``ASSET/QUOTA``) becomes a subject of its
own for each year, ``ASSET/QUOTA/YEAR``, so that turning the year neither resolves nor reopens anything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alerts.places import zone_of
from quotawatt.measures import MEASURES
from quotawatt.readings import Grain, SeriesKey
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.model import Rule
from quotawatt.spans import HOUR, Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

SILENCE = "silence_h"
"""The input that is no measure: hours since an asset's last reading."""

STALE_AFTER = timedelta(days=3)
"""A result that began longer ago says nothing about now: no data. A year's account ends with its year."""

CLOSED_YEAR_WATCHED = timedelta(days=40)
"""How long corrections of the year before still count."""

_BY_HAND = "asset:"

INTERVAL_CARBON = ("carbon_kgco2", "carbon_market_kgco2")
"""Emissions of an interval, which are no yearly account."""

# Measures that go into the message beside the rule's input, by the input's first word.
_EVIDENCE: Mapping[str, frozenset[str]] = {
    "quota": frozenset(m for m in MEASURES if m.startswith("quota_")),
    "carbon": frozenset(m for m in MEASURES if m.startswith("carbon_")) - {*INTERVAL_CARBON},
    "target": frozenset(m for m in MEASURES if m.startswith("target_")),
    "electricity": frozenset(
        {"electricity_expected_kwh", "electricity_expected_high_kwh", "electricity_excess_kwh"}
    ),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """What a rule sees of a subject.

    asset
        Code of the asset that it is about.
    value
        The rule's input; None: no data.
    time
        Start of the day that the value is of, or the last reading (UTC).
    evidence
        Figures for the message, named by measure; instants in ISO 8601 UTC.
    """

    subject: str
    asset: str
    value: float | None
    time: datetime
    evidence: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Newest:
    """Newest value of a measure for a subject, or for one year of an account."""

    start: datetime
    value: float | None


_NewestBySubject = dict[tuple[str, int | None], dict[str, _Newest]]


def read_samples(
    series: SeriesStore, register: Register, rules: Iterable[Rule], now: datetime, zone: ZoneInfo
) -> dict[str, list[Sample]]:
    """Samples of every rule by its id, from the store as it was at ``now``.

    ``zone`` is that of assets without a site. Raises StoreError where the store fails.
    """
    rules = list(rules)
    found = {
        rule.id: silence_samples(series.last_readings(now), register, now)
        for rule in rules
        if rule.input == SILENCE
    }
    watched = [rule for rule in rules if rule.input != SILENCE]
    if not watched:
        return found
    measures = sorted({name for rule in watched for name in (rule.input, *_evidence_of(rule))})
    results = series.read_results(Grain.DAY, None, measures, _window(now, zone))
    zones = _zones(register, zone)
    newest = _newest(results, zones)
    for rule in watched:
        found[rule.id] = list(_measure_samples(rule, newest, zones, now))
    return found


def silence_samples(last: pa.Table, register: Register, now: datetime) -> list[Sample]:
    """Hours since the last reading of every bound asset.

    ``last`` is what ``SeriesStore.last_readings(now)`` gives. An asset that has not reported since it was
    bound counts from then. Vehicles are left out, for they stand still lawfully, and so is what is
    read by hand.
    """
    readings = _last_by_channel(last)
    heard: dict[str, datetime] = {}
    for binding in register.bindings:
        if binding.device.startswith(_BY_HAND) or not binding.holds(binding.quantity, now):
            continue
        if isinstance(register.assets.get(binding.asset), Vehicle):
            continue
        times = [
            time
            for quantity, time in readings.get((binding.device, binding.channel), ())
            if binding.holds(quantity, time)
        ]
        latest = max(times, default=binding.valid_from)
        heard[binding.asset] = max(latest, heard.get(binding.asset, latest))
    return [
        Sample(
            subject=asset,
            asset=asset,
            value=(now - time) / HOUR,
            time=time,
            evidence={"last_reading": time.astimezone(UTC).isoformat()},
        )
        for asset, time in heard.items()
    ]


def _last_by_channel(last: pa.Table) -> dict[tuple[str, str], list[tuple[str, datetime]]]:
    found: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
    names = (last.column(name).to_pylist() for name in (*SeriesKey._fields, "time"))
    for device, channel, quantity, time in zip(*names, strict=True):
        found.setdefault((device, channel), []).append((quantity, time))
    return found


def _evidence_of(rule: Rule) -> frozenset[str]:
    return _EVIDENCE.get(rule.input.partition("_")[0], frozenset())


def _measure_samples(
    rule: Rule, newest: _NewestBySubject, zones: Callable[[str], ZoneInfo], now: datetime
) -> Iterator[Sample]:
    for (subject, year), measures in newest.items():
        seen = measures.get(rule.input)
        if seen is None:
            continue
        asset = subject.partition("/")[0]
        evidence: dict[str, float | str] = {"day": local_date(seen.start, zones(asset)).isoformat()}
        for name in sorted(_evidence_of(rule) | {rule.input}):
            beside = measures.get(name)
            if beside and beside.start == seen.start and beside.value is not None:
                evidence[name] = beside.value
        yield Sample(
            subject=subject if year is None else f"{subject}/{year}",
            asset=asset,
            value=None if _stale(seen.start, year, zones(asset), now) else seen.value,
            time=seen.start,
            evidence=evidence,
        )


def _window(now: datetime, zone: ZoneInfo) -> Span:
    """Where the newest results that still say something begin."""
    begin = now - STALE_AFTER
    new_year = local_midnight(date(local_date(now, zone).year, 1, 1), zone)
    if now - new_year < CLOSED_YEAR_WATCHED:
        begin = min(begin, new_year - STALE_AFTER)
    return Span(begin, now)


def _stale(start: datetime, year: int | None, zone: ZoneInfo, now: datetime) -> bool:
    until = now if year is None else min(now, local_midnight(date(year + 1, 1, 1), zone))
    return until - start > STALE_AFTER


def _zones(register: Register, default: ZoneInfo) -> Callable[[str], ZoneInfo]:
    known: dict[str, ZoneInfo] = {}

    def zone(code: str) -> ZoneInfo:
        if code not in known:
            known[code] = zone_of(register, code, default)
        return known[code]

    return zone


def _newest(results: pa.Table, zones: Callable[[str], ZoneInfo]) -> _NewestBySubject:
    """The newest result of each subject and measure; of an account, the newest of each year.

    ``results`` is sorted by subject, measure, start, so each pair is a run of rows.
    """
    newest: _NewestBySubject = {}
    if results.num_rows == 0:
        return newest
    results = results.select(["subject", "measure", "start", "value"])
    runs = _runs(results)
    oldest = results.take([first for first, _ in runs]).to_pylist()
    latest = results.take([last for _, last in runs]).to_pylist()
    for (first, last), begin, row in zip(runs, oldest, latest, strict=True):
        subject, measure = row["subject"], row["measure"]
        if "/" not in subject:
            newest.setdefault((subject, None), {})[measure] = _Newest(row["start"], row["value"])
            continue
        zone = zones(subject.partition("/")[0])
        year = local_date(row["start"], zone).year
        newest.setdefault((subject, year), {})[measure] = _Newest(row["start"], row["value"])
        new_year = local_midnight(date(year, 1, 1), zone)
        if begin["start"] < new_year:  # the window is shorter than a year: one year back at most
            old = _last_before(results.slice(first, last - first), new_year)
            newest.setdefault((subject, year - 1), {})[measure] = old
    return newest


def _last_before(run: pa.Table, instant: datetime) -> _Newest:
    row = run.filter(pc.field("start") < instant).to_pylist()[-1]
    return _Newest(row["start"], row["value"])


def _runs(results: pa.Table) -> Sequence[tuple[int, int]]:
    """First and last row of each (subject, measure); there is at least one row."""
    changes = np.zeros(results.num_rows - 1, dtype=bool)
    for name in ("subject", "measure"):
        codes = results.column(name).combine_chunks().dictionary_encode().indices.to_numpy()
        changes |= codes[1:] != codes[:-1]
    ends = [*np.flatnonzero(changes).tolist(), results.num_rows - 1]
    return list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))
