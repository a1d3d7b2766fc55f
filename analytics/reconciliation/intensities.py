"""Buildings whose use for their area is far from that of their peers.

Judged on the logarithm of the year's use by m², since factors matter and not differences: by the robust
z-score 0.6745 (x - median) / MAD, an outlier from 3.5 on (Iglewicz and Hoaglin, How to Detect and Handle
Outliers, ASQC 1993). Buildings differ so much among themselves that a wrong unit can hide in that, so a
ratio of three and more to the median that is just what a usual mistake makes is told too.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from analytics.reconciliation.world import IN_USE, World, iso
from quotawatt.findings import Finding
from quotawatt.register.model import Building

MEASURES = ("electricity_import_kwh", "heat_gj")

_Z_PER_MAD = 0.6745

_MISTAKES: Mapping[str, float] = {"kbtu": 3.412142, "ten": 10.0, "thousand": 1000.0}
"""Factors between what was meant and what was entered: kBtu taken for kWh (1 kWh is 3.412142 kBtu), a
decimal point, kilo."""

_HINTS: Mapping[str, tuple[str, str]] = {
    "": ("与常见的单位或倍率错误不符", "no usual mistake of unit or multiplier makes this factor"),
    "kbtu": ("接近 3.412，可能把 kBtu 当作了 kWh", "near 3.412: kBtu may have been taken for kWh"),
    "ten": ("接近 10，可能小数点有误", "near 10: a decimal point may be wrong"),
    "thousand": ("接近 1000，可能单位差千倍", "near 1000: a unit may be wrong by kilo"),
    "multiplier": (
        "接近所登记的倍率，可能漏乘或重复乘",
        "near the multiplier: applied twice or not at all",
    ),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A building's use by m² beside that of its peers: its ratio to their median, and the robust z-score."""

    intensity: float
    median: float
    peers: int
    z: float

    @property
    def ratio(self) -> float:
        """How many times the peers' median it is."""
        return self.intensity / self.median


def outliers(world: World) -> Iterator[Finding]:
    """``energy_per_area_outlier``: far from those of the same kind of organisation and zone."""
    for measure in MEASURES:
        for group in _peers(world, measure).values():
            for code, judged in judge(group, world.limits.peers).items():
                hint = _hint(judged.ratio, _multipliers(world, code))
                if _is_far(judged, hint):
                    yield _finding(world, code, measure, judged, hint)


def judge(intensities: Mapping[str, float], least_peers: int) -> dict[str, Judged]:
    """Each of a group held against the others; empty where these are fewer than ``least_peers``.

    intensities
        Above 0, by code.
    """
    found: dict[str, Judged] = {}
    for code, own in intensities.items():
        others = [math.log(value) for other, value in intensities.items() if other != code]
        if len(others) < least_peers:
            continue
        middle = median(others)
        spread = median(abs(value - middle) for value in others)
        # Peers that agree to a hair make nobody an outlier for a few per cent.
        z = _Z_PER_MAD * (math.log(own) - middle) / max(spread, 0.05)
        found[code] = Judged(own, math.exp(middle), len(others), z)
    return found


def _is_far(judged: Judged, hint: str) -> bool:
    factor = max(judged.ratio, 1 / judged.ratio)
    return (abs(judged.z) >= 3.5 and factor >= 2) or (bool(hint) and factor >= 3)


def _hint(ratio: float, multipliers: Iterable[float]) -> str:
    """The mistake that makes a ratio, to a tenth; empty: none that is usual."""
    factor = max(ratio, 1 / ratio)
    candidates = [*_MISTAKES.items(), *(("multiplier", m) for m in multipliers)]
    near = [(abs(math.log(factor / f)), name) for name, f in candidates if f > 1]
    distance, name = min(near)
    return name if distance <= math.log(1.1) else ""


def _peers(world: World, measure: str) -> Mapping[tuple[str, str], Mapping[str, float]]:
    """The year's use by m² of buildings in use, by kind of their organisation and zone of their site."""
    groups: dict[tuple[str, str], dict[str, float]] = {}
    for code, building in world.register.buildings.items():
        used = world.year.of(code, measure, world.limits.year_covered)
        place = _place(world, building)
        if used and used > 0 and building.gross_area_m2 and place and world.status(code) == IN_USE:
            groups.setdefault(place, {})[code] = used / building.gross_area_m2
    return groups


def _place(world: World, building: Building) -> tuple[str, str] | None:
    organisation = world.register.organisations.get(building.organisation)
    site = world.register.sites.get(building.site)
    return None if organisation is None or site is None else (organisation.kind, site.quota_zone)


def _multipliers(world: World, building: str) -> Sequence[float]:
    roots = [m.code for m in world.register.meters_of(building) if m.parent is None]
    return [b.multiplier for code in roots for b in world.feeding.get(code, ())]


def _finding(world: World, code: str, measure: str, judged: Judged, hint: str) -> Finding:
    hint_zh, hint_en = _HINTS[hint]
    return Finding(
        "energy_per_area_outlier",
        code,
        {
            "quantity": measure,
            "since": iso(world.year.span.start),
            "until": iso(world.year.span.end),
            "per_m2": judged.intensity,
            "peers_per_m2": judged.median,
            "peers": judged.peers,
            "ratio": judged.ratio,
            "z": judged.z,
            "hint_zh": hint_zh,
            "hint_en": hint_en,
        },
    )
