"""The yearly accounts of quotas and carbon, drawn up once a local day and when use has changed."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from analytics.carbon.statuses import carbon_results, carbon_statuses
from analytics.grid import Grid, Key, empty_grid
from analytics.totals.rollup import day_edges
from analytics.totals.tree import Tree
from analytics.yearly.dailycache import DailyCache
from analytics.yearly.dailyuse import DailyUse, YearToDate, year_to_date
from analytics.yearly.quotas import quota_results, quota_statuses
from quotawatt.findings import Finding
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, INSTANT, Span, judged_year, local_date, local_midnight, year_span
from quotawatt.storage.port import SeriesStore

# So long into a year it is no wonder that some carriers have no use yet.
_YOUNG_YEAR_DAYS = 14


_Judged = tuple[YearToDate, ...]


class YearlyAccounts:
    """Draws up the accounts of one register and rulebook."""

    def __init__(self, series: SeriesStore, tree: Tree, rulebook: Rulebook) -> None:
        self._series = series
        self._tree = tree
        self._rulebook = rulebook
        self._cache: DailyCache | None = None
        self._use: DailyUse | None = None
        self._findings: dict[_Judged, dict[str, list[Finding]]] = {}
        self._last: datetime | None = None

    def note(self, zone: ZoneInfo, days: Grid) -> None:
        """Daily results have changed: accounts of these subjects are drawn up anew."""
        register = self._tree.register
        totals = [
            key
            for key in days.keys
            if key.measure in COUNTERS
            and (key.subject in register.buildings or key.subject in register.organisations)
        ]
        self._use = None
        for known in self._findings.values():
            for key in totals:
                known.pop(key.subject, None)
        if self._cache is not None:
            self._cache.update(zone, days.select(totals))

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
        known = self._known(as_of)
        missing = {*register.organisations, *register.buildings} - known.keys()
        use = self._daily_use(judged_year(as_of, zone), missing)
        quotas = quota_statuses(use, register, self._rulebook, as_of, zone, missing)
        carbon = carbon_statuses(use, register, self._rulebook, as_of, zone, missing)
        known |= {asset: [] for asset in missing}
        judged_day = local_date(as_of - INSTANT, zone)
        young = judged_day.timetuple().tm_yday <= _YOUNG_YEAR_DAYS
        for finding in (*quotas.findings, *carbon.findings):
            if not (young and finding.code == "use_missing"):
                known[finding.subject].append(finding)
        self._last = as_of if self._last is None else max(self._last, as_of)
        start = local_midnight(judged_day, zone)
        results = [quota_results(quotas.statuses, start), carbon_results(carbon.statuses, start)]
        return pa.concat_tables(results), [f for asset in sorted(known) for f in known[asset]]

    def _known(self, as_of: datetime) -> dict[str, list[Finding]]:
        """What was found, by asset, the last time that the same days were judged."""
        judged = tuple(year_to_date(as_of, zone) for zone in self._zones())
        if judged not in self._findings:
            # Two of them come again and again: the day that is over, and the one that is not.
            newest = list(self._findings.items())[-1:]
            self._findings = dict([*newest, (judged, {})])
        return self._findings[judged]

    def _daily_use(self, year: int, subjects: Collection[str]) -> DailyUse:
        """Daily use of the year and the one before, of these subjects at least."""
        zone, register = self._tree.default_zone, self._tree.register
        cache = self._daily(year)
        if self._use is not None:
            return self._use
        use = DailyUse(cache.frame(subjects), register, zone)
        if len(subjects) == len(register.organisations) + len(register.buildings):
            self._use = use
        return use

    def _daily(self, year: int) -> DailyCache:
        span = self._span(year)
        if self._cache is None or self._cache.span != span:
            self._cache = DailyCache(span, {z: self._stored(span, z) for z in self._zones()})
            self._use = None
        return self._cache

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
