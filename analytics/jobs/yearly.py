"""The yearly accounts of quotas and carbon, drawn up once a local day and when use has changed."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection

from analytics.carbon.courses import target_statuses
from analytics.carbon.targetresults import target_results
from analytics.grid import Grid, Key
from analytics.jobs.daysums import day_sums
from analytics.totals.tree import Tree
from analytics.yearly.dailycache import DailyCache
from analytics.yearly.dailyuse import DailyUse, YearToDate, year_to_date
from analytics.yearly.gathering import Gathering
from analytics.yearly.kept import Kept
from analytics.yearly.needed import account_holders, account_series
from analytics.yearly.quotas import quota_results
from analytics.yearly.yardsticks import NOTHING_DECIDED, Decided
from quotawatt.assigned.book import assigned_targets, month_budgets_set, quota_revisions
from quotawatt.findings import Finding
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.placing import placed
from quotawatt.spans import DAY, INSTANT, Span, judged_year, local_date, local_midnight, year_span
from quotawatt.storage.port import SeriesStore

# So long into a year it is no wonder that some carriers have no use yet.
_YOUNG_YEAR_DAYS = 14

_QUARTER = 91 * DAY
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


_Judged = tuple[YearToDate, ...]


class YearlyAccounts:
    """Draws up the accounts of one register and rulebook.

    decided
        What authorities set for a year beside the rulebook; None: nothing.
    """

    def __init__(
        self,
        series: SeriesStore,
        tree: Tree,
        rulebook: Rulebook,
        decided: Callable[[int], Decided] | None = None,
    ) -> None:
        self._series = series
        self._tree = tree
        self._rulebook = rulebook
        self._read_decided = decided or (lambda year: NOTHING_DECIDED)
        self._decided = NOTHING_DECIDED
        self._holders = frozenset(account_holders(tree.register, rulebook))
        self._pairs = frozenset(account_series(tree.register, rulebook))
        self._kept = Kept(tree.register, rulebook)
        self._cache: DailyCache | None = None
        self._summed_until = _BEGINNING
        self._findings: dict[_Judged, dict[str, list[Finding]]] = {}
        self._last: datetime | None = None

    def note(self, zone: ZoneInfo, days: Grid) -> None:
        """Daily results have changed: accounts that rest on them are drawn up anew."""
        changed = [key for key in days.keys if self._counts(key)]
        subjects = {key.subject for key in changed}
        for known in self._findings.values():
            if subjects <= self._holders:
                for subject in subjects:
                    known.pop(subject, None)
            else:
                # An item, or what was entered, may count in the accounts of many.
                known.clear()
        if self._cache is not None:
            self._cache.update(zone, days.select(changed))

    def _counts(self, key: Key) -> bool:
        return tuple(key) in self._pairs or (
            key.measure in COUNTERS and key.subject in self._holders
        )

    @property
    def last_midnight(self) -> datetime | None:
        """The last midnight up to which accounts were drawn up; None: they never were."""
        if self._last is None:
            return None
        return local_midnight(
            local_date(self._last, self._tree.default_zone), self._tree.default_zone
        )

    def resume(self, midnight: datetime | None) -> None:
        """Go on after the accounts of ``midnight``, the last that are durable; None: there are none."""
        self._last = midnight

    def due(self, now: datetime, changed_from: datetime | None) -> list[datetime]:
        """The instants at which to draw up accounts: midnights since the last time, and ``now``.

        changed_from
            From when on results have changed; None: they have not. What changed before the last
            midnight puts that one in too, since its day was judged without it.
        """
        zone = self._tree.default_zone
        midnight = local_midnight(local_date(now, zone), zone)
        first = self._last + INSTANT if self._last is not None else midnight
        if changed_from is not None and changed_from < midnight:
            first = min(first, midnight)
        found = midnights(Span(first, now), zone) if first <= now else []
        if now not in found and (found or changed_from is not None or self._last is None):
            found.append(now)
        return found

    def remembers(self, as_of: datetime) -> bool:
        """Whether the daily use that the account of that instant rests on need not be read."""
        span = self._span(judged_year(as_of, self._tree.default_zone))
        return self._cache is not None and self._cache.span == span

    def draw_up(self, as_of: datetime) -> tuple[pa.Table, list[Finding]]:
        """The accounts as of an instant, as results of the judged day, and why others are missing.

        The results are those that were not given before, or may have changed since; the findings are
        all there are.
        """
        zone, register = self._tree.default_zone, self._tree.register
        self._note_decided(judged_year(as_of, zone))
        known = self._known(as_of)
        missing = self._holders - known.keys()
        use = DailyUse(self._daily(as_of).blocks(), register, zone)
        gathering = Gathering(use, register, self._rulebook, as_of, self._decided, self._kept)
        start = local_midnight(local_date(as_of - INSTANT, zone), zone)
        with _no_collection():
            quotas, found = quota_results(gathering, sorted(missing), start)
            targets = target_statuses(use, register, self._rulebook, as_of, zone, missing)
        known |= {asset: [] for asset in missing}
        young = local_date(start, zone).timetuple().tm_yday <= _YOUNG_YEAR_DAYS
        for finding in (*found, *targets.findings):
            if not (young and finding.code == "use_missing"):
                known[finding.subject].append(placed(finding, self._rulebook))
        self._last = as_of if self._last is None else max(self._last, as_of)
        results = [quotas, target_results(targets.statuses, start)]
        return pa.concat_tables(results), [f for asset in sorted(known) for f in known[asset]]

    def _known(self, as_of: datetime) -> dict[str, list[Finding]]:
        """What was found, by asset, the last time that the same days were judged."""
        judged = tuple(year_to_date(as_of, zone) for zone in self._zones())
        if judged not in self._findings:
            # Two of them come again and again: the day that is over, and the one that is not.
            newest = list(self._findings.items())[-1:]
            self._findings = dict([*newest, (judged, {})])
        return self._findings[judged]

    def _note_decided(self, year: int) -> None:
        decided = self._read_decided(year)
        if decided != self._decided:
            self._decided = decided
            self._findings.clear()

    def _daily(self, as_of: datetime) -> DailyCache:
        """Daily use of the judged year and the one before.

        Days of this year of which there is no result at all are summed up from hours, once.
        """
        year = judged_year(as_of, self._tree.default_zone)
        if self._cache is None or self._cache.span != self._span(year):
            self._cache = self._read(self._span(year))
            self._summed_until = year_span(year, self._tree.default_zone).start
        for zone in self._zones() if self._summed_until < as_of else ():
            subjects, measures = self._series_in(zone)
            for days in self._cache.unknown_days(zone, Span(self._summed_until, as_of)):
                for results in day_sums(self._series, subjects, measures, days):
                    self._cache.place(zone, results)
        self._summed_until = max(self._summed_until, as_of)
        return self._cache

    def _read(self, span: Span) -> DailyCache:
        cache = DailyCache(span, self._zones())
        for zone in self._zones():
            subjects, measures = self._series_in(zone)
            for part in _quarters(span):
                results = self._series.read_results(Grain.DAY, subjects, measures, part)
                cache.place(zone, results)
        return cache

    def _span(self, year: int) -> Span:
        """The year and the one before, with a day's slack: other zones begin them at other instants."""
        zone = self._tree.default_zone
        return Span(year_span(year - 1, zone).start - DAY, year_span(year, zone).end + DAY)

    def _zones(self) -> list[ZoneInfo]:
        buildings = {self._tree.zone_of(code) for code in self._tree.register.buildings}
        return sorted(buildings | {self._tree.default_zone}, key=str)

    def _series_in(self, zone: ZoneInfo) -> tuple[list[str], list[str]]:
        """Subjects of the zone that accounts rest on, and their measures."""
        subjects = {*self._holders, *(subject for subject, _ in self._pairs)}
        measures = {*COUNTERS, *(measure for _, measure in self._pairs)}
        return sorted(s for s in subjects if self._tree.zone_of(s) == zone), sorted(measures)


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for garbage meanwhile: what is made is kept, and searching all of it takes as long again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def read_decided(conn: Connection, year: int) -> Decided:
    """The assigned targets, revised quotas and budgets of months of a year, in all versions."""
    return Decided(
        assigned_targets(conn, year), quota_revisions(conn, year), month_budgets_set(conn, year)
    )


def _quarters(span: Span) -> Iterator[Span]:
    """The span in pieces of a quarter: what is read at once stays small."""
    start = span.start
    while start < span.end:
        end = min(start + _QUARTER, span.end)
        yield Span(start, end)
        start = end


def midnights(span: Span, zone: ZoneInfo) -> list[datetime]:
    """Local midnights in the span, its end included."""
    day, found = local_date(span.start, zone), []
    while (midnight := local_midnight(day, zone)) <= span.end:
        if midnight >= span.start:
            found.append(midnight)
        day += DAY
    return found
