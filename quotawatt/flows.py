"""What a power stands in for: the counters that go on where so much flows.

A meter that says how much flows, and has no counter, is counted by it (``analytics.consumption.power``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Flow:
    """What a power counts as.

    taken, given
        The counters of what flows in, and out (empty: what flows back is not counted).
    per_hour
        Units of them that pass in an hour at a power of 1.
    """

    taken: str
    given: str
    per_hour: float


FLOWS: Mapping[str, Flow] = MappingProxyType(
    {
        "electricity_power_kw": Flow("electricity_import_kwh", "electricity_export_kwh", 1.0),
        "heat_power_kw": Flow("heat_gj", "cooling_gj", 0.0036),
        "water_flow_m3h": Flow("water_m3", "", 1.0),
    }
)

POWERS = frozenset(FLOWS)
"""Gauges that stand in for a counter where a binding says so."""


def counted_as(quantity: str, point_quantity: str = "") -> tuple[str, ...]:
    """What a quantity that a binding names is counted as at the asset.

    A power counts as what flows in and as what flows out, or as ``point_quantity`` alone (a plant's
    generation); anything else as itself, or as ``point_quantity``.
    """
    flow = FLOWS.get(quantity)
    if flow is None or point_quantity:
        return (point_quantity or quantity,)
    return tuple(name for name in (flow.taken, flow.given) if name)
