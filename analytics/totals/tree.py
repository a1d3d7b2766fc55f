"""The tree of totals along time: what adds up to what as the register had it at each hour.

``relations`` says it of one snapshot. Snapshots change at local midnights, those of the site of what
enters a total (the default zone for vehicles): each hour of a part enters as its own day has it, so
whatever is transferred counts once at any time, nowhere twice and never not at all.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from analytics.consumption.points import Wiring
from analytics.grid import HOUR_US, Bools, Floats, Key, Micros, instant_of, micros_of
from analytics.totals.groups import building_of_item
from analytics.totals.relations import PV, Relations
from analytics.totals.segments import Segment, counts, segments, total_books
from analytics.totals.virtual import shares_by_staff
from quotawatt.hand.entries import asset_of
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.register.kinds import Site
from quotawatt.register.model import Register
from quotawatt.spans import DAY, INSTANT, Span, local_date, local_midnight

# How much is remembered: a recomputation asks for one span, its months and their zones again and again.
_SNAPSHOTS = 64
_SPANS = 256


class _Stage(NamedTuple):
    """Instants ``[first_us, until_us)`` over which one snapshot holds."""

    first_us: int
    until_us: int
    relations: Relations


class Tree:
    """Which series add up to which in a register, at any time.

    own
        What was entered by hand of buildings and organisations themselves (``BLD-1/hand``).
    """

    def __init__(
        self, wiring: Wiring, default_zone: ZoneInfo, own: frozenset[Key] = frozenset()
    ) -> None:
        self.wiring = wiring
        self.register = wiring.register
        self.default_zone = default_zone
        self.own = own
        self._books = total_books(wiring.register)
        self._staff_days = _staff_days(wiring.register)
        self._relations = lru_cache(maxsize=_SNAPSHOTS)(partial(Relations, own=own))
        self._stages = lru_cache(maxsize=_SPANS)(self._find_stages)

    def zone_of(self, subject: str) -> ZoneInfo:
        """Whose days the subject's results are of: its site's; the default for what has none."""
        site = self.site_of(subject)
        return self.default_zone if site is None else ZoneInfo(site.timezone)

    def country_of(self, subject: str) -> str:
        """Whose working days the subject has; see ``Register.country_of_asset``."""
        site = self.site_of(subject)
        return self.register.country_of_asset(asset_of(subject) if site is None else site.code)

    def site_of(self, subject: str) -> Site | None:
        """The site at which a subject is; None for organisations, vehicles and what is not known."""
        register, subject = self.register, asset_of(subject)
        inside = (
            register.meters.get(subject)
            or register.pv_plants.get(subject)
            or register.virtual_meters.get(subject)
            or register.spaces.get(subject)
        )
        around = building_of_item(subject) if inside is None else inside.building
        building = register.buildings.get(around or subject)
        return register.sites.get(subject if building is None else building.site)

    def above(self, point: Key, span: Span) -> tuple[Key, ...]:
        """The totals that the point enters at any time of the span: its buildings', then organisations'."""
        stages = self._around(span)
        if len(stages) == 1:
            return stages[0].relations.above(point)
        return tuple(dict.fromkeys(key for s in stages for key in s.relations.above(point)))

    def totals_over(self, windows: Mapping[Key, Span], more: Iterable[Key] = ()) -> tuple[Key, ...]:
        """All totals that the points enter in their spans, and ``more``; parts before their totals.

        A room with a sensor is a point: of ``more`` it counts where it is not among the points.
        """
        found = {key for point, span in windows.items() for key in self.above(point, span)}
        found.update(key for key in more if key not in windows)
        return tuple(sorted(found, key=lambda key: (self._rank(key.subject), key)))

    def is_virtual(self, subject: str) -> bool:
        """Whether the subject is a virtual meter, of today or of any other day."""
        return subject in self.register.virtual_meters

    def parts(self, total: Key, span: Span) -> tuple[Key, ...]:
        """What adds up to the total at any time of the span; ``held`` says when."""
        stages = self._around(span)
        if len(stages) == 1:
            return stages[0].relations.parts(total)
        return tuple(dict.fromkeys(part for s in stages for part in s.relations.parts(total)))

    def weights(self, total: Key, part: Key, starts: Micros) -> Floats:
        """For each of the hours, which are in order, how many times ``part`` counts in ``total``; 0: not."""
        found = np.zeros(len(starts))
        for stage in self._stages(self.zone_of(part.subject), _hours(starts)):
            weight = stage.relations.weights(total).get(part, 0.0)
            if weight:
                found[(starts >= stage.first_us) & (starts < stage.until_us)] = weight
        return found

    def snapshots(self, subject: str, span: Span) -> Iterator[tuple[Span, Register]]:
        """The register over the local days of a subject that the span touches, from change to change."""
        for stage in self._stages(self.zone_of(subject), span):
            first = max(span.start, instant_of(stage.first_us))
            until = min(span.end, instant_of(stage.until_us))
            if first < until:
                yield Span(first, until), stage.relations.register

    def heads(self, organisation: str, instant: datetime) -> tuple[str, ...]:
        """The organisation and all in whose totals it is at an instant; empty for one that is unknown."""
        stage = self._stages(self.default_zone, Span(instant, instant + INSTANT))[0]
        return stage.relations.heads_of(organisation)

    def held(self, total: Key, part: Key, starts: Micros) -> Bools:
        """For each of the hours, which are in order, whether ``part`` adds to ``total``."""
        found = np.zeros(len(starts), dtype=bool)
        for stage in self._stages(self.zone_of(part.subject), _hours(starts)):
            if part in stage.relations.weights(total):
                found |= (starts >= stage.first_us) & (starts < stage.until_us)
        return found

    def expected(self, key: Key, starts: Micros) -> Bools:
        """For each of the hours, which are in order, whether the series should have a result.

        A point is expected while its asset is in use and something is bound to it that feeds this
        quantity for certain: by name, or as the main quantity of its carrier. A building, and a virtual
        meter in use, is where any of its parts is.
        """
        if key.subject in self.register.buildings or self.is_virtual(key.subject):
            parts = self.parts(key, _hours(starts))
            found = [self.expected(part, starts) & self.held(key, part, starts) for part in parts]
            return np.logical_or.reduce(found, axis=0) if found else np.zeros(len(starts), bool)
        bound = np.zeros(len(starts), dtype=bool)
        for stretch in self.wiring.sources(key):
            if stretch.implied:
                continue
            if stretch.binding.quantity or key.measure == self._main_measure(key.subject):
                first, until = micros_of(stretch.start), micros_of(stretch.end)
                bound |= (starts + HOUR_US > first) & (starts < until)
        return bound & self._in_use(key.subject, starts)

    def _in_use(self, code: str, starts: Micros) -> Bools:
        found = np.zeros(len(starts), dtype=bool)
        for stage in self._stages(self.zone_of(code), _hours(starts)):
            if counts(stage.relations.register, code):
                found |= (starts >= stage.first_us) & (starts < stage.until_us)
        return found

    def _around(self, span: Span) -> tuple[_Stage, ...]:
        """The stages of the span and a day around it: whatever the zone, its local days are among them."""
        return self._stages(self.default_zone, Span(span.start - DAY, span.end + DAY))

    def _find_stages(self, zone: ZoneInfo, span: Span) -> tuple[_Stage, ...]:
        """The span's local days in the zone, cut where the register changes."""
        last = local_date(span.end - INSTANT, zone)
        pieces = segments(self._books, local_date(span.start, zone), last + DAY)
        return tuple(
            _Stage(
                micros_of(local_midnight(first, zone)),
                micros_of(local_midnight(until, zone)),
                self._relations(segment.register, self._staff_day(first)),
            )
            for segment in pieces
            for first, until in self._cut(segment)
        )

    def _cut(self, segment: Segment) -> Iterator[tuple[date, date]]:
        """The segment, cut where head-counts change that shares go by."""
        within = [day for day in self._staff_days if segment.first < day < segment.until]
        return pairwise([segment.first, *within, segment.until])

    def _staff_day(self, day: date) -> date | None:
        """The day since which head-counts are what they are on a day; None: no share goes by them."""
        if not self._staff_days:
            return None
        position = bisect_right(self._staff_days, day)
        return self._staff_days[position - 1] if position else date.min

    def _rank(self, subject: str) -> int:
        """Parts before their totals: buildings, virtual meters, what these serve, organisations."""
        if subject in self.register.buildings:
            return 0
        if self.is_virtual(subject):
            return 1
        return 3 if subject in self.register.organisations else 2

    def _main_measure(self, code: str) -> str:
        meter = self.register.meters.get(code)
        if meter is not None:
            return MAIN_QUANTITIES.get(meter.carrier, "")
        return PV if code in self.register.pv_plants else ""


def _staff_days(register: Register) -> tuple[date, ...]:
    """The days on which head-counts begin or end, where shares go by them."""
    if not shares_by_staff(register):
        return ()
    ends = {h.valid_until for h in register.headcounts if h.valid_until is not None}
    return tuple(sorted(ends | {h.valid_from for h in register.headcounts}))


def _hours(starts: Micros) -> Span:
    """From the first of the hours to the end of the last."""
    return Span(instant_of(starts[0]), instant_of(starts[-1] + HOUR_US))
