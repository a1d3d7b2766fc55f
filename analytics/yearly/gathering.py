"""Whose accounts there are at an instant, over which days, and what each is judged by."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, partial

from analytics.totals.segments import Segment, books, counts, segments
from analytics.yearly.accounts import last_held
from analytics.yearly.cases import Case, case_of
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.eligibility import quota_none
from analytics.yearly.holdings import Holding, holdings
from analytics.yearly.items import Items
from analytics.yearly.periods import calendar_year, heating_season
from analytics.yearly.usetable import Period
from analytics.yearly.yardsticks import QUOTA, Decided, Yardstick, Yardsticks
from quotawatt.findings import Finding
from quotawatt.register.model import Organisation, Register
from quotawatt.rulebook.indicators import YEAR
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, INSTANT, local_date

_Cut = Callable[[date, date], tuple[Segment, ...]]


class Gathering:
    """Finds whose accounts there are, over which days, judged by what."""

    def __init__(
        self,
        use: DailyUse,
        register: Register,
        rulebook: Rulebook,
        as_of: datetime,
        decided: Decided,
    ) -> None:
        self.use = use
        self._rulebook = rulebook
        self._as_of = as_of
        self._cut: _Cut = cache(partial(segments, books(register)))
        self._yardsticks = cache(partial(Yardsticks, rulebook, decided))
        self.items = Items(register, rulebook)
        self.findings: list[Finding] = []

    def book_of(self, period: Period) -> Rulebook:
        """The rulebook by which a period is judged: that of its last judged day."""
        return self._rulebook.as_of(period.judged_until - DAY)

    def cases(self, asset: str) -> Iterator[tuple[Period, Case]]:
        """The accounts of one asset, each with its days."""
        zone = self.use.zone_of(asset)
        year = calendar_year(self._as_of, zone)
        pieces = self._cut(year.first, year.judged_until)
        if not any(counts(piece.register, asset) for piece in pieces):
            return
        judged, last = local_date(self._as_of - INSTANT, zone), last_held(asset, pieces)
        yardsticks = self._yardsticks(judged).of(asset, last)
        held = holdings(asset, pieces)
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
        sites = [last.piece.register.sites[b.site] for b in last.buildings]
        period = heating_season(sites, self._rulebook, self._as_of, self.use.zone_of(asset))
        if period is None:
            about = {"quota": yardstick.account}
            self.findings.append(Finding("heating_season_missing", asset, about))
            return None
        over = holdings(asset, self._cut(period.first, period.judged_until))
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
        codes = dict.fromkeys(b.site for b in held[-1].buildings)
        sites = [register.sites[code] for code in codes if code in register.sites]
        if sites:
            self.findings.append(quota_none(organisation, sites))
