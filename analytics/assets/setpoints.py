"""Room temperatures against the limits of the rulebook: means of the working hours of a working day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from analytics.assets.norms import cited
from quotawatt.findings import Finding
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.set_points import SetPoint

ROOM_BEYOND = "room_beyond_set_point"

LEAST_HOURS = 4
"""Working hours of a day in which a sensor must have been heard for its mean to say anything."""

TOLERANCE_C = 0.5
"""What sensors of rooms are off by; ours, no standard's."""


@dataclass(frozen=True, slots=True)
class WorkingMean:
    """Mean of the readings of one asset in the working hours of one local day.

    hours
        Hours in which anything was heard.
    """

    asset: str
    quantity: str
    mean: float
    hours: int


def set_point_findings(
    means: Iterable[WorkingMean], register: Register, rulebook: Rulebook, day: date
) -> Iterator[Finding]:
    """``room_beyond_set_point`` for each asset outside the limits in force on ``day``, by the tolerance.

    ``register`` is the snapshot of the day. What belongs to no organisation, and kinds that are
    exempt, are left out.
    """
    book = rulebook.as_of(day)
    for found in means:
        owner = register.organisations.get(register.organisation_of(found.asset) or "")
        if owner is None or found.hours < LEAST_HOURS:
            continue
        for point in book.set_points.values():
            matches = point.quantity == found.quantity and point.applies(day, owner.kind)
            if matches and point.beyond(found.mean) > TOLERANCE_C:
                yield Finding(ROOM_BEYOND, found.asset, _evidence(point, found, book, day))


def watched_quantities(rulebook: Rulebook, day: date) -> frozenset[str]:
    """The quantities that any limit of the day's month is set on."""
    points: Mapping[str, SetPoint] = rulebook.as_of(day).set_points
    return frozenset(p.quantity for p in points.values() if day.month in p.months)


def _evidence(
    point: SetPoint, found: WorkingMean, book: Rulebook, day: date
) -> dict[str, str | float | int | None]:
    return {
        "rule": point.id,
        "rule_title_zh": point.title.zh,
        "rule_title_en": point.title.en,
        **cited(book, point.cites, point.trust),
        "day": day.isoformat(),
        "mean_c": round(found.mean, 1),
        "beyond_c": round(point.beyond(found.mean), 1),
        "hours": found.hours,
    }
