"""What a what-if takes for granted, each figure with how well it is known; printed with every answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from quotawatt.errors import InputError
from quotawatt.rulebook.basics import Text, Trust


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure that an answer rests on; ``low`` and ``high`` are what may be given in its place."""

    name: str
    value: float
    unit: str
    title: Text
    trust: Trust
    low: float
    high: float


def _assumed(
    name: str, value: float, unit: str, zh: str, en: str, low: float, high: float
) -> Assumption:
    return Assumption(name, value, unit, Text(zh, en), Trust.UNVERIFIED, low, high)


DEFAULTS: Mapping[str, Assumption] = MappingProxyType(
    {
        a.name: a
        for a in (
            _assumed(
                "pv_kwh_per_kwp",
                1100,
                "kWh/kWp",
                "光伏年发电量",
                "PV generation of a year",
                500,
                2200,
            ),
            _assumed(
                "set_point_pct_per_c",
                6,
                "%/°C",
                "温度每调 1 °C 的供冷供暖节能率",
                "saving of cooling and heating for each °C of the set-point",
                0,
                15,
            ),
            _assumed(
                "air_conditioning_share_pct",
                35,
                "%",
                "空调占用电的比例（无分项计量时）",
                "share of air conditioning in electricity, where it is not metered",
                0,
                100,
            ),
            _assumed(
                "lighting_share_pct",
                20,
                "%",
                "照明占用电的比例",
                "share of lighting in electricity",
                0,
                100,
            ),
            _assumed(
                "lighting_saving_pct",
                40,
                "%",
                "照明改造节能率",
                "saving by a lighting retrofit",
                0,
                90,
            ),
            _assumed(
                "ev_kwh_per_100km",
                15,
                "kWh/100 km",
                "电动车百公里电耗（含充电损失）",
                "use of an electric car, losses of charging included",
                5,
                60,
            ),
            _assumed(
                "car_l_per_100km",
                9,
                "L/100 km",
                "燃油车百公里油耗（无里程数据时）",
                "use of the replaced car, where its way is not known",
                3,
                40,
            ),
        )
    }
)
"""The figures that hold where nothing else is given."""

PV_YIELDS: Mapping[str, float] = MappingProxyType(
    {
        "beijing": 1250,
        "inner-mongolia": 1500,
        "shanxi": 1300,
        "shandong": 1200,
        "zhejiang": 1000,
        "shaanxi": 1150,
    }
)
"""PV generation by province [kWh/kWp]: round figures of general knowledge, for want of the site's own."""


def assumptions(province: str, given: Mapping[str, float]) -> dict[str, Assumption]:
    """The figures of a what-if: the province's PV yield, and what was given in their place.

    What is given is the asker's own and carries the mark ``unverified`` too. Raises InputError for an
    unknown name and for a value outside its range.
    """
    found = dict(DEFAULTS)
    if province in PV_YIELDS:
        found["pv_kwh_per_kwp"] = replace(found["pv_kwh_per_kwp"], value=PV_YIELDS[province])
    for name, value in given.items():
        if name not in found:
            raise InputError(f"an assumption must be one of {', '.join(found)}, got {name!r}")
        known = found[name]
        if not known.low <= value <= known.high:
            raise InputError(
                f"{name} must lie in {known.low:g} to {known.high:g} {known.unit}, got {value:g}"
            )
        found[name] = replace(known, value=value)
    return found
