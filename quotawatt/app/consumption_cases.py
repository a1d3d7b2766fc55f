"""The cases of ``docs/consumption.md``: readings of one meter, for the pictures of what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from analytics.consumption.amounts import Amount
from analytics.grid import Key
from quotawatt.readings import Reading
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site

START = datetime(2024, 1, 8, tzinfo=UTC)
POINT = Key("MTR-1", "electricity_import_kwh")
POWER = "electricity_power_kw"

_SINCE = START - timedelta(days=365)
_SWAP = 4.5


@dataclass(frozen=True)
class Case:
    """One picture: what came in, over how many hours from ``START``.

    name
        Of the file, without its ending.
    readings
        (hours from ``START``, value) by device; for ``power`` in kW.
    """

    name: str
    readings: dict[str, Sequence[tuple[float, float]]]
    hours: int = 8
    bindings: Sequence[Binding] = field(default=(Binding("dev", POINT.subject, _SINCE),))
    amounts: Sequence[Amount] = ()

    @property
    def register(self) -> Register:
        """The meter, of 30 kW, with the case's bindings."""
        return Register(
            organisations=[Organisation("ORG-1", "单位", "Office", "other", "city")],
            sites=[Site("SITE-1", "院", "Site", "Asia/Shanghai", "shandong", "B")],
            buildings=[Building("BLD-1", "楼", "House", "SITE-1", "ORG-1")],
            meters=[Meter("MTR-1", "表", "Meter", "BLD-1", "electricity", rated_power_kw=30.0)],
            bindings=list(self.bindings),
        )

    def rows(self) -> list[Reading]:
        """The readings; those of a device that a binding names by its power are powers."""
        powers = {b.device for b in self.bindings if b.quantity == POWER}
        return [
            Reading(
                device, "", POWER if device in powers else POINT.measure, at(hour), value, at(hour)
            )
            for device, values in self.readings.items()
            for hour, value in values
        ]


def at(hours: float) -> datetime:
    """So many hours after ``START``."""
    return START + timedelta(hours=hours)


def _hourly(*values: float) -> list[tuple[float, float]]:
    return [(float(hour), value) for hour, value in enumerate(values)]


def _without(values: list[tuple[float, float]], *hours: float) -> list[tuple[float, float]]:
    return [pair for pair in values if pair[0] not in hours]


_STEADY = _hourly(*(1000 + 10 * n for n in range(9)))

CASES = (
    Case("boundaries", {"dev": [(n + 0.4, 1000 + 10 * n + 4 * (n % 2)) for n in range(8)]}),
    Case("outage", {"dev": _without(_STEADY, 3, 4, 5, 6)}),
    Case("sparse", {"dev": [(0, 1000), (0.5, 1003), (0.75, 1012), (3.2, 1030), (8, 1080)]}),
    Case(
        "rollover",
        {"dev": _hourly(99_970, 99_980, 99_990, 0, 10, 20, 30, 40, 50)},
        bindings=[Binding("dev", POINT.subject, _SINCE, register_size=100_000.0)],
    ),
    Case("reset", {"dev": _hourly(1000, 1010, 1020, 1030, 6, 16, 26, 36, 46)}),
    Case(
        "swap",
        {
            "old": [*_hourly(1000, 1010, 1020, 1030, 1040), (_SWAP, 1045)],
            "new": [(_SWAP, 200), (5, 205), (6, 215), (7, 225), (8, 235)],
        },
        bindings=[
            Binding("old", POINT.subject, _SINCE, valid_until=at(_SWAP)),
            Binding("new", POINT.subject, at(_SWAP)),
        ],
    ),
    Case("dip", {"dev": _hourly(1000, 1010, 1020, 3, 1040, 1050, 1060, 1070, 1080)}),
    Case("spike", {"dev": _hourly(1000, 1010, 1020, 1900, 1040, 1050, 1060, 1070, 1080)}),
    Case("above_rating", {"dev": _hourly(1000, 1010, 1020, 1100, 1110, 1120, 1130, 1140, 1900)}),
    Case("standing_still", {"dev": _hourly(1000, 1010, 1020, 1020, 1020, 1020, 1020, 1030, 1040)}),
    Case(
        "power",
        {
            "dev": [
                *((n / 4, 10 + 8 * (n % 4 == 0)) for n in range(13)),
                (5, 12),
                (6, 12),
                (7, -6),
                (8, 12),
            ]
        },
        bindings=[Binding("dev", POINT.subject, _SINCE, quantity=POWER)],
    ),
    Case(
        "by_hand",
        {"asset:MTR-1": [(1, 1000), (5, 1060)]},
        bindings=(),
        amounts=[Amount(POINT, at(0), at(8), 64.0)],
    ),
)
