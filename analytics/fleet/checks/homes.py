"""Not back at the home parking overnight, and vehicles whose nights are at another site than their home.

Both go by where the vehicle is known to have stood; a night of which nothing is known accuses nobody.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.fleet.checks.resting import Rest, metres_apart, rests
from analytics.fleet.checks.subject import Subject, overlap
from quotawatt.fleet.trips import Deviation, Place
from quotawatt.geography.distance import haversine_km
from quotawatt.geography.fences import fence_of
from quotawatt.register.model import Site
from quotawatt.rulebook.vehicle_rules import ALLOWED, VehicleRule
from quotawatt.spans import DAY, HOUR, Span, month_span

NIGHTS_BACK = 16
"""So many nights are judged anew when a vehicle is heard again: where it stood is certain only then, and
holidays are long."""
_TWO_MONTHS = 62 * DAY
_POSITION = ("latitude_deg", "longitude_deg")


@dataclass(frozen=True, slots=True)
class Away:
    """How far from home a place is in metres, and how far is still home."""

    metres: float
    limit: float

    @property
    def is_so(self) -> bool:
        """Whether the place is not home."""
        return self.metres > self.limit


def not_home_overnight(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Nights of which the vehicle stood enough hours elsewhere. Value: metres from its home parking."""
    since = subject.facts.span.start - (NIGHTS_BACK + 1) * DAY
    nights: dict[date, list[tuple[Rest, Away]]] = {}
    for rest in rests(subject, since):
        how = away_from_home(rule, subject, rest.place)
        if how is not None and how.is_so:
            for day in subject.days(max(rest.span.start, since) - DAY, rest.span.end):
                nights.setdefault(day, []).append((rest, how))
    allowed = rule.word("with_order") == ALLOWED
    orders = [window for _, window in subject.entitling()] if allowed else []
    for day, near in sorted(nights.items()):
        night = subject.window(day, rule.clock("from"), rule.clock("until"))
        away = [(rest, how) for rest, how in near if overlap(night, [rest.span])]
        hours = sum(part.hours for rest, _ in away for part in overlap(night, [rest.span]))
        if night.end > subject.now or not away or hours < rule.number("least_hours"):
            continue
        if overlap(night, orders):
            continue
        rest, how = max(away, key=lambda found: found[1].metres)
        yield subject.found(
            rule,
            night,
            value=how.metres,
            limit=how.limit,
            unit="m",
            place=rest.place,
            hours_away=hours,
            night=day.isoformat(),
            home=subject.vehicle.home_area or subject.vehicle.home_site,
            stood_since=rest.span.start.isoformat(),
        )


def foreign_home(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Local months in which a vehicle spent enough nights at one other site than its home. Value: nights."""
    home = subject.vehicle.home_site
    if home is None or home not in subject.register.sites:
        return
    nights: dict[date, Counter[str]] = {}
    sites = [
        site
        for site in subject.register.sites.values()
        if site.latitude_deg is not None and site.longitude_deg is not None
    ]
    for rest in rests(subject, subject.facts.span.start - _TWO_MONTHS):
        site = _site_of(rest.place, sites, rule.number("metres"))
        if site is None or site.code == home:
            continue
        for day in _nights_of(rest, rule, subject):
            nights.setdefault(day.replace(day=1), Counter())[site.code] += 1
    for month, counted in sorted(nights.items()):
        site_code, count = counted.most_common(1)[0]
        if count >= rule.number("nights"):
            yield _foreign(rule, subject, month, site_code, count)


def away_from_home(rule: VehicleRule, subject: Subject, place: Place) -> Away | None:
    """How far a place is from home: beyond the home area, else from the home site; None: no home is known."""
    vehicle, register = subject.vehicle, subject.register
    area = register.geofences.get(vehicle.home_area or "")
    if area is not None:
        fence = fence_of(area)
        at = [place.latitude_deg], [place.longitude_deg]
        inside = bool(fence.contains(*at)[0])
        metres = 0.0 if inside else float(fence.metres_to_border(*at)[0])
        return Away(metres, rule.number("fence_metres"))
    site = register.sites.get(vehicle.home_site or "")
    if site is None or site.latitude_deg is None or site.longitude_deg is None:
        return None
    metres = metres_apart(place, site.latitude_deg, site.longitude_deg)
    return Away(metres, rule.number("site_metres"))


def _nights_of(rest: Rest, rule: VehicleRule, subject: Subject) -> Iterator[date]:
    """The local days on which it stood there at the hour that tells nights."""
    for day in subject.days(rest.span.start, rest.span.end):
        if rest.span.contains(subject.at(day, rule.clock("at"))):
            yield day


def _site_of(place: Place, sites: Sequence[Site], within_metres: float) -> Site | None:
    """The nearest of the sites within so many metres; None: there is none."""
    if not sites:
        return None
    latitudes, longitudes = ([getattr(site, name) for site in sites] for name in _POSITION)
    degrees = np.array(latitudes, dtype=float), np.array(longitudes, dtype=float)
    metres = 1000 * haversine_km(*degrees, place.latitude_deg, place.longitude_deg)
    nearest = int(np.nanargmin(metres))
    return sites[nearest] if metres[nearest] <= within_metres else None


def _foreign(
    rule: VehicleRule, subject: Subject, month: date, site_code: str, count: int
) -> Deviation:
    whole = month_span(month, subject.zone)
    site = subject.register.sites[site_code]
    return subject.found(
        rule,
        Span(whole.start, max(whole.start + HOUR, min(whole.end, subject.now))),
        value=float(count),
        limit=rule.number("nights"),
        unit="nights",
        month=f"{month:%Y-%m}",
        site=site_code,
        site_zh=site.name_zh,
        site_en=site.name_en,
        home=subject.vehicle.home_site,
    )
