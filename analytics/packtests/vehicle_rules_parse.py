"""Tests of rules for vehicles: what is told of one vehicle (``given``), and what must be found (``expect``).

``given`` has ``now`` and any of ``vehicle`` (columns), ``geofences``, ``trips``, ``events``, ``orders``,
``duty``, ``seals``, ``services``, ``cards``, ``messages`` and ``heard_pct``. ``expect`` has a list of
deviations by ``start``, with any of ``value``, ``limit`` and their evidence. Times are local.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import yaml

from analytics.fleet.track import Track, microseconds
from analytics.packtests.vehicle_entries import (
    FIRST,
    LISTS,
    OF_FENCE,
    OF_VEHICLE,
    Read,
    local_time,
    number,
)
from analytics.packtests.vehicle_rules import (
    ORGANISATION,
    VEHICLE,
    ExpectedDeviation,
    VehicleTest,
)
from quotawatt.quantities import QUANTITIES
from quotawatt.register.model import Geofence
from quotawatt.rulebook import schema
from quotawatt.rulebook.schema import Fields, Problems


def read_vehicle_test(got: Fields, problems: Problems) -> VehicleTest:
    """The test; ``got`` are its keys. What is wrong is noted."""
    lists = tuple(LISTS)
    others = ("vehicle", "geofences", "messages", "heard_pct")
    given = schema.fields(got["given"], problems, "given", ("now",), (*lists, *others))
    now = local_time(given["now"], problems, "now") if "now" in given else FIRST
    told = {name: list(_listed(name, given[name], problems)) for name in lists if name in given}
    heard = given.get("heard_pct")
    expected = schema.items(got["expect"], problems, "expect")
    return VehicleTest(
        rule=schema.identifier(got["vehicle_rule"], problems, "vehicle_rule"),
        now=now,
        vehicle=_read(given["vehicle"], "the vehicle", {}, OF_VEHICLE, problems)
        if "vehicle" in given
        else {},
        geofences=list(_fences(given, problems)),
        told=told,
        track=_track(given["messages"], problems) if "messages" in given else None,
        heard=None if heard is None else schema.number(heard, problems, "heard_pct", 0, 100) / 100,
        expected=[one for node in expected for one in _expected(node, problems)],
    )


def _read(
    node: yaml.Node,
    what: str,
    required: Mapping[str, Read],
    optional: Mapping[str, Read],
    problems: Problems,
) -> dict[str, Any]:
    """The values of a mapping by key; empty where a required one is missing."""
    found = schema.fields(node, problems, what, tuple(required), tuple(optional))
    if not schema.complete(found, tuple(required)):
        return {}
    readers = {**required, **optional}
    return {name: readers[name](value, problems, name) for name, value in found.items()}


def _listed(name: str, node: yaml.Node, problems: Problems) -> Iterator[Any]:
    required, optional, make = LISTS[name]
    for entry in schema.items(node, problems, name):
        found = _read(entry, f"an entry of {name}", required, optional, problems)
        if found:
            yield make(**found)


def _fences(given: Fields, problems: Problems) -> Iterator[Geofence]:
    """Circles by their middle."""
    nodes = schema.items(given["geofences"], problems, "geofences") if "geofences" in given else ()
    for node in nodes:
        found = _read(node, "a geofence", OF_FENCE, {"speed_limit_kmh": number}, problems)
        if found:
            middle = f"[{found.pop('longitude_deg')},{found.pop('latitude_deg')}]"
            outline = f'{{"type":"Point","coordinates":{middle}}}'
            yield Geofence(
                name_zh="", name_en="", organisation=ORGANISATION, outline=outline, **found
            )


def _track(node: yaml.Node, problems: Problems) -> Track | None:
    """Messages from a time on, one each so many seconds: a list of values for each quantity."""
    columns = schema.fields(node, problems, "messages", ("from", "every_s"), tuple(QUANTITIES))
    if not schema.complete(columns, ("from", "every_s")):
        return None
    first = microseconds(local_time(columns.pop("from"), problems, "from"))
    every = schema.number(columns.pop("every_s"), problems, "every_s", 1, 86_400)
    values = {
        name: [schema.number(n, problems, name) for n in schema.items(listed, problems, name)]
        for name, listed in columns.items()
    }
    lengths = {len(listed) for listed in values.values()}
    if len(lengths) != 1:
        problems.note(node, "messages must have as many values of each quantity", sorted(lengths))
        return None
    steps = (np.arange(lengths.pop()) * every * 1e6).astype(np.int64)
    return Track(VEHICLE, first + steps, {n: np.array(v) for n, v in values.items()})


def _expected(node: yaml.Node, problems: Problems) -> Iterator[ExpectedDeviation]:
    entries = dict(schema.entries(node, problems, "a deviation"))
    if "start" not in entries:
        problems.note(node, "a deviation must have start", ", ".join(entries) or "none of its keys")
        return
    start = local_time(entries.pop("start"), problems, "start")
    figures = {name: _figure(value, problems, name) for name, value in entries.items()}
    yield ExpectedDeviation(problems.place(node), start, figures)


def _figure(node: yaml.Node, problems: Problems, what: str) -> float | str:
    if node.tag.endswith(("int", "float")):
        return schema.number(node, problems, what)
    return schema.text(node, problems, what)
