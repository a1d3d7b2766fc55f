"""What a what-if takes for granted, as values. Values of the pack section ``assumptions``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quotawatt.rulebook.basics import Citation, Text, Trust

PV_YIELD = "pv_kwh_per_kwp"
SET_POINT = "set_point_pct_per_c"
AIR_CONDITIONING_SHARE = "air_conditioning_share_pct"
LIGHTING_SHARE = "lighting_share_pct"
LIGHTING_SAVING = "lighting_saving_pct"
EV_USE = "ev_kwh_per_100km"
CAR_USE = "car_l_per_100km"

NAMES: Sequence[str] = (
    *(PV_YIELD, SET_POINT, AIR_CONDITIONING_SHARE, LIGHTING_SHARE),
    *(LIGHTING_SAVING, EV_USE, CAR_USE),
)
"""The figures that a what-if asks for."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure that holds where nothing else is given or measured.

    low, high
        What may be given in its place.
    by_province
        Values of provinces that have one of their own.
    """

    id: str
    title: Text
    cites: Citation
    value: float
    unit: str
    low: float
    high: float
    trust: Trust
    by_province: Mapping[str, float] = field(default_factory=dict)

    def value_in(self, province: str) -> float:
        """The value of a province."""
        return self.by_province.get(province, self.value)
