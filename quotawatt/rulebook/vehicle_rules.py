"""Rules for the use of official vehicles as values. Values of the pack section ``vehicle_rules``.

A rule names one check of ``analytics/fleet/checks`` and gives its parameters: a county with other thresholds
has a pack of its own and no code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import MappingProxyType

from quotawatt.rulebook.basics import Citation, Text, Trust


class Check(StrEnum):
    """What a rule looks at. ``docs/vehicle-rules.md`` says of each what it sees and what it does not."""

    NO_ORDER = "no_order"
    LATE_ORDER = "late_order"
    OUTSIDE_WORKING_TIME = "outside_working_time"
    SEALED = "sealed"
    SEAL_ODOMETER = "seal_odometer"
    NOT_HOME_OVERNIGHT = "not_home_overnight"
    OUTSIDE_AREA = "outside_area"
    SPEEDING = "speeding"
    IDLING = "idling"
    OVER_QUOTA = "over_quota"
    OVERFILLED = "overfilled"
    CARD_ELSEWHERE = "card_elsewhere"
    CARD_NOT_IN_TANK = "card_not_in_tank"
    FUEL_DROP = "fuel_drop"
    UNDER_USED = "under_used"
    IDLE = "idle"
    RENEWABLE = "renewable"
    MAINTENANCE_DUE = "maintenance_due"
    ODOMETER_DIFFERS = "odometer_differs"
    UNSEEN_KILOMETRES = "unseen_kilometres"
    FOREIGN_HOME = "foreign_home"


ALLOWED, COUNTED = "allowed", "counted"
"""What becomes of what happens under an approved order."""
HOLIDAYS, NON_WORKING = "holidays", "non_working"
"""Which days stand sealed: holidays with the weekends that join them, or every day off."""
LEFT_OUT = "left_out"
"""Holidays that are another rule's matter; otherwise ``counted``."""


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter that is a number within ``[low, high]``; its unit stands in its name."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Clock:
    """A parameter that is a local time of day."""


@dataclass(frozen=True, slots=True)
class Word:
    """A parameter that is one of some words."""

    words: Sequence[str]


Kind = Number | Clock | Word

_MINUTES, _KM, _METRES = Number(0, 1440), Number(0, 1000), Number(0, 100_000)
_PCT = Number(0, 100)
_BY_ORDER = Word((ALLOWED, COUNTED))
_NIGHT: Mapping[str, Kind] = {"from": Clock(), "until": Clock()}

PARAMETERS: Mapping[Check, Mapping[str, Kind]] = MappingProxyType(
    {
        Check.NO_ORDER: {"least_km": _KM, "tolerance_minutes": _MINUTES},
        Check.LATE_ORDER: {"grace_minutes": _MINUTES},
        Check.OUTSIDE_WORKING_TIME: {
            **_NIGHT,
            "least_minutes": _MINUTES,
            "with_order": _BY_ORDER,
            "holidays": Word((LEFT_OUT, COUNTED)),
        },
        Check.SEALED: {
            "days": Word((HOLIDAYS, NON_WORKING)),
            "tolerance_minutes": _MINUTES,
        },
        Check.SEAL_ODOMETER: {"tolerance_km": _KM},
        Check.NOT_HOME_OVERNIGHT: {
            **_NIGHT,
            "site_metres": _METRES,
            "fence_metres": _METRES,
            "least_hours": Number(0, 24),
            "with_order": _BY_ORDER,
        },
        Check.OUTSIDE_AREA: {
            "metres": _METRES,
            "least_minutes": _MINUTES,
            "with_order": _BY_ORDER,
        },
        Check.SPEEDING: {
            "limit_kmh": Number(5, 200),
            "over_kmh": Number(0, 100),
            "least_seconds": Number(0, 3600),
            "least_fixes": Number(2, 1000),
        },
        Check.IDLING: {"minutes": _MINUTES},
        Check.OVER_QUOTA: {"least_km": _KM, "least_known_pct": _PCT, "over_pct": _PCT},
        Check.OVERFILLED: {"over_pct": _PCT},
        Check.CARD_ELSEWHERE: {"minutes": Number(1, 1440), "metres": _METRES},
        Check.CARD_NOT_IN_TANK: {"minutes": Number(1, 1440), "over_l": Number(0, 200)},
        Check.FUEL_DROP: {"least_l": Number(0, 200)},
        Check.UNDER_USED: {
            "least_km_a_year": Number(1, 1_000_000),
            "least_days": Number(1, 366),
            "least_heard_pct": _PCT,
        },
        Check.IDLE: {"days": Number(1, 3660), "least_heard_pct": _PCT},
        Check.RENEWABLE: {"years": Number(1, 50)},
        Check.MAINTENANCE_DUE: {"ahead_km": _KM, "ahead_days": Number(0, 366)},
        Check.ODOMETER_DIFFERS: {"least_km": _KM, "over_pct": _PCT},
        Check.UNSEEN_KILOMETRES: {"least_km": _KM},
        Check.FOREIGN_HOME: {"at": Clock(), "nights": Number(1, 31), "metres": _METRES},
    }
)
"""The parameters that a rule of each check must give, all of them."""

Value = float | time | str


@dataclass(frozen=True, slots=True)
class VehicleRule:
    """A rule for the use of vehicles.

    check
        What it looks at.
    parameters
        As ``PARAMETERS`` names them: numbers with the unit in the name, local times, words.
    except_kinds
        Kinds of vehicles of the register that it does not apply to.
    organisations
        Codes of those whose vehicles it is for, with those below them; empty: all.
    replaces
        Ids of rules of the same check that it stands in for, wherever it applies.
    """

    id: str
    title: Text
    cites: Citation
    check: Check
    parameters: Mapping[str, Value]
    trust: Trust
    except_kinds: Sequence[str] = ()
    organisations: Sequence[str] = ()
    replaces: Sequence[str] = ()

    def is_for(self, kind: str, path: Sequence[str]) -> bool:
        """Whether it applies to a vehicle of this kind; ``path``: its organisation and those above it."""
        wanted = not self.organisations or any(code in self.organisations for code in path)
        return wanted and kind not in self.except_kinds

    def number(self, name: str) -> float:
        """A parameter that is a number."""
        value = self.parameters[name]
        assert isinstance(value, float)
        return value

    def clock(self, name: str) -> time:
        """A parameter that is a local time of day."""
        value = self.parameters[name]
        assert isinstance(value, time)
        return value

    def word(self, name: str) -> str:
        """A parameter that is a word."""
        value = self.parameters[name]
        assert isinstance(value, str)
        return value


def applying(rules: Iterable[VehicleRule], kind: str, path: Sequence[str]) -> list[VehicleRule]:
    """The rules for a vehicle, without those that another one of them stands in for."""
    found = [rule for rule in rules if rule.is_for(kind, path)]
    replaced = {name for rule in found for name in rule.replaces}
    return [rule for rule in found if rule.id not in replaced]
