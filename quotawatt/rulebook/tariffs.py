"""Tariffs as data: what a unit of a carrier costs, at what time, and what is charged by the month.

Values of the pack sections ``tariffs``, ``agent_prices`` and ``power_factor_tables``. All money is CNY. A
tariff is priced by what its measure counts (kWh, m³, GJ, L). Every entry cites its clause and carries a trust
mark like every number of the rulebook.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from quotawatt.calendars import is_working_day
from quotawatt.rulebook.basics import Citation, Text, Trust

PERIODS = ("sharp", "peak", "flat", "valley", "deep_valley")
"""尖, 峰, 平, 谷, 深谷: the periods of time of use, from the dearest to the cheapest."""
FLAT = "flat"

WORKING, WEEKEND, HOLIDAY = "working", "weekend", "holiday"
DAY_KINDS = (WORKING, WEEKEND, HOLIDAY)

MINUTES_A_DAY = 1440
_SATURDAY = 5

CARRIER_OF: Mapping[str, str] = {
    "electricity_import_kwh": "electricity",
    "electricity_export_kwh": "electricity",
    "charge_energy_kwh": "electricity",
    "water_m3": "water",
    "reclaimed_water_m3": "water",
    "gas_m3": "gas",
    "gas_kwh": "gas",
    "lpg_kg": "gas",
    "heat_gj": "heat",
    "cooling_gj": "heat",
    "steam_t": "heat",
    "fuel_used_l": "fuel",
    "petrol_l": "fuel",
    "diesel_l": "fuel",
    "coal_kg": "fuel",
}
"""What can be priced, and the carrier that its cost goes by."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The periods of a day in some months, on days of some kinds.

    cuts
        (first minute of the local day, period), from 0 on, ascending; each holds until the next.
    """

    months: tuple[int, ...]
    days: tuple[str, ...]
    cuts: tuple[tuple[int, str], ...]

    def minutes(self) -> dict[str, list[tuple[int, int]]]:
        """By period its stretches ``[first, until)`` in minutes of the local day."""
        ends = [*(first for first, _ in self.cuts[1:]), MINUTES_A_DAY]
        found: dict[str, list[tuple[int, int]]] = {}
        for (first, period), until in zip(self.cuts, ends, strict=True):
            found.setdefault(period, []).append((first, until))
        return found


@dataclass(frozen=True, slots=True)
class PricePart:
    """One part of the price of a unit.

    name
        ``energy``, ``line_losses``, ``transmission``, ``system_operation``, ``funds``, ...
    price
        CNY a unit; None where the part has ``prices``, or is the agent price of the month.
    prices
        CNY a unit by period; empty: ``price``, times the tariff's ratio where the part is ``by_period``.
    by_period
        Whether the tariff's ratios apply.
    adjusted
        Whether the power-factor adjustment is taken of it (not of government funds).
    """

    name: str
    price: float | None
    prices: Mapping[str, float] = field(default_factory=dict)
    agent: bool = False
    by_period: bool = False
    adjusted: bool = True


@dataclass(frozen=True, slots=True)
class CapacityCharge:
    """基本电费: by capacity of transformers or by the month's highest demand, as the contract chose.

    tolerance
        Demand up to so many times the contracted one is charged as contracted (1.05).
    excess_times
        What lies above it is charged so many times (2).
    """

    cny_per_kva: float
    cny_per_kw: float
    tolerance: float
    excess_times: float


@dataclass(frozen=True, slots=True)
class TierStep:
    """阶梯: above so many units in the period each unit costs so much more than the base price."""

    above: float
    add: float


@dataclass(frozen=True, slots=True)
class Tiers:
    """Steps by the calendar ``year`` or ``month``, those of falling bounds never before rising ones."""

    period: str
    steps: tuple[TierStep, ...]


@dataclass(frozen=True, slots=True)
class AreaCharge:
    """Heat by area: CNY a m² of heated area and season, an equal part in each of these months."""

    cny_per_m2: float
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a contract buys by.

    measure
        What is priced (``CARRIER_OF``). Of ``electricity_export_kwh`` the cost is a credit, below zero.
    unit
        Of the measure.
    parts
        Added up they are the price of a unit.
    ratios
        By period, of the parts that are ``by_period``; empty: none are.
    windows
        When which period holds; empty: always ``flat``.
    agent_region, agent_voltage
        Under which the agent price of each month is found; empty: the tariff has none.
    tolerance_percent, tolerance_cny
        A bill's line that differs by more than the larger of both is said to differ.
    """

    id: str
    title: Text
    cites: Citation
    measure: str
    unit: str
    trust: Trust
    parts: tuple[PricePart, ...]
    ratios: Mapping[str, float] = field(default_factory=dict)
    windows: tuple[Windows, ...] = ()
    agent_region: str = ""
    agent_voltage: str = ""
    capacity: CapacityCharge | None = None
    power_factor_table: str = ""
    tiers: Tiers | None = None
    area: AreaCharge | None = None
    country: str = "CN"
    tolerance_percent: float = 1.0
    tolerance_cny: float = 1.0

    @property
    def carrier(self) -> str:
        """``electricity``, ``water``, ``gas``, ``heat`` or ``fuel``."""
        return CARRIER_OF[self.measure]

    @property
    def wants_agent_price(self) -> bool:
        """Whether a price of each month is needed beside it."""
        return any(part.agent for part in self.parts)

    def windows_on(self, month: int, kind: str) -> Windows | None:
        """The windows of a month and kind of day; None: flat all day."""
        return next((w for w in self.windows if month in w.months and kind in w.days), None)


@dataclass(frozen=True, slots=True)
class AgentPrice:
    """代理购电价 of one month: CNY for each kWh bought by the grid company for those not on the market."""

    region: str
    voltage: str
    year: int
    month: int
    cny_per_kwh: float
    trust: Trust
    cites: Citation

    @property
    def id(self) -> str:
        """What it is found by; see ``agent_key``."""
        return agent_key(self.region, self.voltage, self.year, self.month)


@dataclass(frozen=True, slots=True)
class PowerFactorTable:
    """力调电费: by how many per cent the charge rises or falls, by the month's power factor.

    points
        (power factor, per cent), from the highest factor down; straight in between.
    """

    id: str
    title: Text
    cites: Citation
    standard: float
    points: Sequence[tuple[float, float]]
    trust: Trust

    def percent(self, power_factor: float) -> float:
        """Per cent added to the charge at a power factor of two digits; below zero: taken off."""
        factor = min(max(round(power_factor, 2), 0.0), 1.0)
        for (high, at_high), (low, at_low) in zip(self.points, self.points[1:], strict=False):
            if factor >= low:
                part = (high - factor) / (high - low)
                return at_high + part * (at_low - at_high)
        return self.points[-1][1]


def day_kind(day: date, country: str = "CN") -> str:
    """``working``, ``weekend`` or ``holiday``: a day off that is no Saturday or Sunday is a holiday.

    A weekend day that is worked in exchange for another counts as working.
    """
    if is_working_day(day, country):
        return WORKING
    return WEEKEND if day.weekday() >= _SATURDAY else HOLIDAY


def agent_key(region: str, voltage: str, year: int, month: int) -> str:
    """By what the agent price of a region, voltage class and month goes in the rulebook."""
    return f"{region} {voltage} {year}-{month:02d}"
