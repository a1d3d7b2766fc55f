"""Whose accounts there are at an instant, over which days, and what each is judged by."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from analytics.totals.segments import Segment, counts, segments
from analytics.yearly.accounts import last_held
from analytics.yearly.cases import Case, case_of
from analytics.yearly.compounds import shared_parts
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.eligibility import quota_none
from analytics.yearly.holdings import Holding, holdings
from analytics.yearly.kept import Entry, Kept, held_on, marks, moved_on
from analytics.yearly.periods import calendar_year, heating_season, season_period
from analytics.yearly.usetable import Period
from analytics.yearly.yardsticks import QUOTA, Decided, Yardstick, Yardsticks
from quotawatt.findings import Finding
from quotawatt.register.model import Organisation, Register
from quotawatt.rulebook.indicators import YEAR
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, INSTANT, local_date

_Cut = Callable[[date, date], tuple[Segment, ...]]


class _Start(NamedTuple):
    """What the cases of a zone start from: the year, its pieces, and entries of before."""

    year: Period
    pieces: tuple[Segment, ...]
    judged_by: Yardsticks
    entries: dict[str, Entry]


class Gathering:
    """Finds whose accounts there are, over which days, judged by what."""

    def __init__(
        self,
        use: DailyUse,
        register: Register,
        rulebook: Rulebook,
        as_of: datetime,
        decided: Decided,
        kept: Kept | None = None,
    ) -> None:
        """Begin at ``as_of``; ``kept`` of the same register and rulebook are those of an earlier day."""
        self.use = use
        self._rulebook = rulebook
        self.as_of = as_of
        self.kept = Kept(register, rulebook) if kept is None else kept
        self._cut: _Cut = cache(partial(segments, self.kept.books))
        self._shared = cache(shared_parts)
        self._yardsticks = cache(partial(Yardsticks, rulebook, decided))
        self._start = cache(self._starting)
        self._renewed = cache(self._renewing)
        self.items = self.kept.items
        self.findings: list[Finding] = []

    def book_of(self, period: Period) -> Rulebook:
        """The rulebook by which a period is judged: that of its last judged day."""
        return self._rulebook.as_of(period.judged_until - DAY)

    def cases(self, asset: str) -> tuple[tuple[Period, Case], ...]:
        """The accounts of one asset, each with its days."""
        zone = self.use.zone_of(asset)
        start = self._start(zone)
        entry = self._moved_on(start.entries.get(asset), zone)
        if entry is None:
            before = len(self.findings)
            cases = tuple(self._found(asset, zone, start))
            entry = Entry(cases, tuple(self.findings[before:]))
        else:
            self.findings += entry.findings
        start.entries[asset] = entry
        return entry.cases

    def _starting(self, zone: ZoneInfo) -> _Start:
        year = calendar_year(self.as_of, zone)
        pieces = self._cut(year.first, year.judged_until)
        judged_by = self._yardsticks(local_date(self.as_of - INSTANT, zone))
        basis = (marks(pieces), *judged_by.basis)
        return _Start(year, pieces, judged_by, self.kept.entries(zone, basis))

    def _renewing(self, period: Period, zone: ZoneInfo) -> tuple[Period, tuple[Segment, ...]]:
        """A period as it stands now, and its pieces."""
        renewed = calendar_year(self.as_of, zone)
        if period.season is not None:
            seasons = self.book_of(renewed).heating_seasons[period.place]
            renewed = season_period(seasons, self.as_of, zone)
        return renewed, self._cut(renewed.first, renewed.judged_until)

    def _moved_on(self, entry: Entry | None, zone: ZoneInfo) -> Entry | None:
        """The cases of an earlier day over the days of this one; None where they are to be found anew."""
        if entry is None:
            return None
        cases: list[tuple[Period, Case]] = []
        renewed: dict[int, tuple[Holding, ...] | None] = {}
        for old, case in entry.cases:
            period, pieces = self._renewed(old, zone)
            # Cases of an asset share what it held.
            if id(case.held) not in renewed:
                renewed[id(case.held)] = held_on(case.held, pieces)
            held = renewed[id(case.held)]
            new = None if held is None else moved_on(case, held)
            if new is None:
                return None
            cases.append((period, new))
        return Entry(tuple(cases), entry.findings)

    def _found(self, asset: str, zone: ZoneInfo, start: _Start) -> Iterator[tuple[Period, Case]]:
        year, pieces = start.year, start.pieces
        if not any(counts(piece.register, asset) for piece in pieces):
            return
        last = last_held(asset, pieces)
        yardsticks = start.judged_by.of(asset, last)
        held = holdings(asset, pieces, self._shared)
        self._note_none(asset, yardsticks, last, held)
        for yardstick in self._unambiguous(asset, yardsticks):
            if yardstick.indicator.season == YEAR:
                found = year, case_of(asset, yardstick, held, self.items)
            elif (of_season := self._season(asset, yardstick, held)) is not None:
                found = of_season
            else:
                continue
            # What only items make has no account where none of them is metered.
            if found[1].terms:
                yield found

    def _season(
        self, asset: str, yardstick: Yardstick, held: Sequence[Holding]
    ) -> tuple[Period, Case] | None:
        last = held[-1]
        sites = [last.piece.register.sites[b.site] for b in last.all_buildings]
        period = heating_season(sites, self._rulebook, self.as_of, self.use.zone_of(asset))
        if period is None:
            about = {"quota": yardstick.account}
            self.findings.append(Finding("heating_season_missing", asset, about))
            return None
        over = holdings(asset, self._cut(period.first, period.judged_until), self._shared)
        return period, case_of(asset, yardstick, over, self.items)

    def _unambiguous(self, asset: str, yardsticks: Sequence[Yardstick]) -> Iterator[Yardstick]:
        """Of each indicator the one quota; where two match, neither. Targets stand beside."""
        grouped: dict[tuple[str, str], list[Yardstick]] = {}
        for one in sorted(yardsticks, key=lambda y: y.account):
            grouped.setdefault((one.kind, one.indicator.id), []).append(one)
        for (kind, _), group in grouped.items():
            if len(group) > 1 and kind == QUOTA:
                ids = ", ".join(y.account for y in group)
                self.findings.append(Finding("quota_ambiguous", asset, {"quotas": ids}))
            else:
                yield from group

    def _note_none(
        self,
        asset: str,
        yardsticks: Sequence[Yardstick],
        register: Register,
        held: Sequence[Holding],
    ) -> None:
        organisation = register.organisations.get(asset)
        if organisation is None or any(y.kind == QUOTA for y in yardsticks):
            return
        self._note_organisation(organisation, register, held)

    def _note_organisation(
        self, organisation: Organisation, register: Register, held: Sequence[Holding]
    ) -> None:
        codes = dict.fromkeys(b.site for b in held[-1].all_buildings)
        sites = [register.sites[code] for code in codes if code in register.sites]
        if sites:
            self.findings.append(quota_none(organisation, sites))
