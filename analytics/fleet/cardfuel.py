"""Fuel bought, spread over the kilometres between two fillings (full-tank method)."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from analytics.fleet.energyparameters import EnergyParameters
from analytics.fleet.told import ends_of
from analytics.fleet.track import Floats, instant, microseconds
from quotawatt.findings import Finding
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import Trip

_ONE_FILLING_US = 7_200_000_000
"""Rows of cards nearer than this are one filling, paid twice."""


def by_cards(
    trips: Sequence[Trip], cards: Sequence[FuelCard], parameters: EnergyParameters
) -> tuple[Floats, tuple[Finding, ...]]:
    """Litres of each trip, from the fuel bought at the filling after it.

    What a filling took was used since the one before it, by the kilometre: those of the odometer that drivers
    told at both, where these are more than the trips'; else the trips'. A trip across a filling has its part
    of both. NaN: before the first filling or after the last, or no kilometres known.

    Parameters
    ----------
    trips
        Of one vehicle, in order of time: all since the first filling that is to count.
    cards
        Of the same vehicle, in any order.
    """
    fillings = _fillings(cards)
    if len(fillings) < 2 or not trips:
        return np.full(len(trips), np.nan), ()
    ends = ends_of(trips)
    km = np.nan_to_num(np.array([trip.distance_km for trip in trips]))
    so_far = np.concatenate([[0.0], np.cumsum(km)])
    times = np.column_stack([ends.start_us, ends.end_us]).ravel()
    along = np.column_stack([so_far[:-1], so_far[1:]]).ravel()
    filled_us = np.array([us for us, _, _ in fillings], dtype=np.int64)
    at = np.interp(filled_us, times, along)
    litres = np.zeros(len(trips))
    known = (ends.start_us >= filled_us[0]) & (ends.end_us <= filled_us[-1]) & (km > 0)
    findings = []
    for number, (one, other) in enumerate(pairwise(fillings)):
        rate, finding = _rate(one, other, float(at[number + 1] - at[number]), parameters)
        part = np.minimum(so_far[1:], at[number + 1]) - np.maximum(so_far[:-1], at[number])
        litres += np.where(part > 0, part * rate, 0.0)
        if finding is not None:
            findings.append(Finding("fuel_card_spread", cards[0].vehicle, finding))
    return np.where(known & np.isfinite(litres), litres, np.nan), tuple(findings)


_Filling = tuple[int, float, float | None]
"""When [UTC µs], litres, and the odometer as told."""


def _fillings(cards: Sequence[FuelCard]) -> list[_Filling]:
    found: list[_Filling] = []
    for card in sorted(cards, key=lambda c: (c.time, c.litres)):
        when = microseconds(card.time)
        if found and when - found[-1][0] < _ONE_FILLING_US:
            found[-1] = (when, found[-1][1] + card.litres, card.odometer_km or found[-1][2])
        else:
            found.append((when, card.litres, card.odometer_km))
    return found


def _rate(
    one: _Filling, other: _Filling, trips_km: float, parameters: EnergyParameters
) -> tuple[float, dict[str, str | float | int | None] | None]:
    """Litres per km between two fillings; NaN, and the evidence, where they can't all have been burnt."""
    told_km = other[2] - one[2] if one[2] is not None and other[2] is not None else 0.0
    km = max(trips_km, told_km)
    if km > 0 and other[1] / km * 100 <= parameters.card_greatest_l_per_100km:
        return other[1] / km, None
    return np.nan, {
        "at": instant(other[0]).isoformat(),
        "since": instant(one[0]).isoformat(),
        "until": instant(other[0]).isoformat(),
        "litres": round(other[1], 2),
        "km": round(km, 1),
    }
