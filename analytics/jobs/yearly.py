"""The yearly accounts of quotas and carbon, drawn up once a local day and when use has changed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from analytics.carbon import carbon_results, carbon_statuses
from analytics.dailycache import DailyCache
from analytics.dailyuse import DailyUse
from analytics.grid import Grid, Key, empty_grid
from analytics.quotas import quota_results, quota_statuses
from analytics.rollup import day_edges
from analytics.tree import Tree
from quotawatt.findings import Finding
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span, judged_year, local_date, local_midnight, year_span
from quotawatt.storage.port import SeriesStore

# So long into a year it is no wonder that some carriers have no use yet.
_YOUNG_YEAR_DAYS = 14


class YearlyAccounts:
    """Draws up the accounts of one register and rulebook."""

    def __init__(self, series: SeriesStore, tree: Tree, rulebook: Rulebook) -> None:
        self._series = series
        self._tree = tree
        self._rulebook = rulebook
        self._cache: DailyCache | None = None
        self._last: datetime | None = None

    def note(self, zone: ZoneInfo, days: Grid) -> None:
        """Daily results have changed."""
        if self._cache is not None:
            register = self._tree.register
            totals = [
                key
                for key in days.keys
                if key.measure in COUNTERS
                and (key.subject in register.buildings or key.subject in register.organisations)
            ]
            self._cache.update(zone, days.select(totals))

    def due(self, now: datetime, changed_from: datetime | None) -> list[datetime]:
        """The instants at which to draw up accounts: midnights since the last time, and ``now``.

        changed_from
            From when on results have changed; None: they have not. What changed before the last
            midnight puts that one in too, since its day was judged without it.
        """
        zone = self._tree.default_zone
        midnight = local_midnight(local_date(now, zone), zone)
        first = self._last + timedelta(microseconds=1) if self._last is not None else midnight
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
        """All accounts as of an instant, as results of the judged day, and why others are missing."""
        zone, register = self._tree.default_zone, self._tree.register
        judged_day = local_date(as_of - timedelta(microseconds=1), zone)
        use = DailyUse(self._daily(judged_year(as_of, zone)), register, zone)
        start = local_midnight(judged_day, zone)
        quotas = quota_statuses(use, register, self._rulebook, as_of, zone)
        carbon = carbon_statuses(use, register, self._rulebook, as_of, zone)
        self._last = as_of if self._last is None else max(self._last, as_of)
        results = pa.concat_tables(
            [quota_results(quotas.statuses, start), carbon_results(carbon.statuses, start)]
        )
        findings = [*quotas.findings, *carbon.findings]
        if judged_day.timetuple().tm_yday <= _YOUNG_YEAR_DAYS:
            findings = [f for f in findings if f.code != "use_missing"]
        return results, findings

    def _daily(self, year: int) -> pd.DataFrame:
        """Daily use of the year and the one before."""
        span = self._span(year)
        if self._cache is None or self._cache.span != span:
            self._cache = DailyCache(span, {z: self._stored(span, z) for z in self._zones()})
        return self._cache.frame()

    def _span(self, year: int) -> Span:
        """The year and the one before, with a day's slack: other zones begin them at other instants."""
        zone = self._tree.default_zone
        return Span(year_span(year - 1, zone).start - DAY, year_span(year, zone).end + DAY)

    def _zones(self) -> list[ZoneInfo]:
        buildings = {self._tree.zone_of(code) for code in self._tree.register.buildings}
        return sorted(buildings | {self._tree.default_zone}, key=str)

    def _stored(self, span: Span, zone: ZoneInfo) -> Grid:
        register = self._tree.register
        assets = [*register.buildings, *register.organisations]
        subjects = [code for code in assets if self._tree.zone_of(code) == zone]
        results = self._series.read_results(Grain.DAY, subjects, sorted(COUNTERS), span)
        pairs = zip(results["subject"].to_pylist(), results["measure"].to_pylist(), strict=True)
        keys = (Key(str(subject), str(name)) for subject, name in pairs)
        return empty_grid(keys, day_edges(span, zone)[:-1]).place(results)


def midnights(span: Span, zone: ZoneInfo) -> list[datetime]:
    """Local midnights in the span, its end included."""
    day, found = local_date(span.start, zone), []
    while (midnight := local_midnight(day, zone)) <= span.end:
        if midnight >= span.start:
            found.append(midnight)
        day += DAY
    return found
