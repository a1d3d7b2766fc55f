"""Past carbon restated where the grid factor of a year is published that an earlier one stood in for.

Daily and monthly emissions of the years are written anew from the use that is stored, and the accounts of
their ends are drawn up anew; each asset has a finding, and each region's year an entry in the ledger, with
what was said before and after. Accounts of days within a year stay as they were judged then, and what was
issued as it was issued.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection, Engine

from analytics.carbon.emissions import ELECTRICITY, SCOPES, grid_region
from analytics.carbon.factors import Restatement, changed_factors, factors_of_years
from analytics.carbon.series import carbon_series
from analytics.jobs.bookkeeping import note_findings
from analytics.totals.segments import segments
from quotawatt.carbon.factors_used import FactorOfYear, factors_used, note_factors
from quotawatt.ledger import Ledger
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span, judged_year, year_span
from quotawatt.storage.port import SeriesStore

Judge = Callable[[datetime], None]

_ACTOR = "analysis"
_AT_ONCE = 200
"""Assets whose year is held in memory."""


class Restater:
    """Looks once for each rulebook and year whether a factor has become another."""

    def __init__(self, records: Engine, series: SeriesStore, zone: ZoneInfo) -> None:
        self._records = records
        self._series = series
        self._zone = zone
        self._seen: tuple[Rulebook, int] | None = None

    def run(self, register: Register, rulebook: Rulebook, now: datetime, judge: Judge) -> int:
        """Restate what has to be; how many findings ``carbon_restated`` were listed. A second time none.

        judge
            Draws up the accounts as of an instant and makes them durable.

        Results and accounts are written before the new factors are noted, and the findings are listed in
        one transaction with them: what is broken off is done again, and told once.
        """
        year = judged_year(now, self._zone)
        if self._seen is not None and self._seen[0] is rulebook and self._seen[1] == year:
            return 0
        first = min((f.year for f in rulebook.grid_factors), default=year)
        present = factors_of_years(rulebook, range(first, year + 1))
        with self._records.connect() as conn:
            changed = changed_factors(factors_used(conn), present)
        found = [self._restate(*pair, register, rulebook) for pair in changed]
        for restated_year in sorted({one.after.year for restated in found for one in restated}):
            judge(min(year_span(restated_year, self._zone).end, now))
        with self._records.begin() as conn:
            note_factors(conn, present, now)
            for restated in found:
                _tell(conn, restated, now)
            findings = [one.finding() for restated in found for one in restated]
            listed = note_findings(conn, findings, register, now)
        self._seen = (rulebook, year)
        return listed

    def _restate(
        self, before: FactorOfYear, after: FactorOfYear, register: Register, rulebook: Rulebook
    ) -> list[Restatement]:
        """One region's year: its results anew, and what changed for each asset that used power."""
        whole = year_span(after.year, self._zone)
        assets = _assets_of(after.region, after.year, register)
        for some in _batches(assets):
            for grain in (Grain.DAY, Grain.MONTH):
                self._write(grain, some, whole, register, rulebook)
        sums = self._series.sum_results(Grain.DAY, assets, [ELECTRICITY], whole)
        return [
            Restatement(row["subject"], before, after, row["value"])
            for row in sums.sort_by("subject").to_pylist()
            if row["value"]
        ]

    def _write(
        self,
        grain: Grain,
        assets: Sequence[str],
        span: Span,
        register: Register,
        rulebook: Rulebook,
    ) -> None:
        # A day's slack: a site elsewhere begins its year at another instant.
        around = Span(span.start - DAY, span.end + DAY)
        stored = self._series.read_results(grain, assets, list(SCOPES), around)
        emitted = carbon_series(stored.to_pandas(), register, rulebook, self._zone).results
        self._series.write_results(grain, pa.table(emitted))


def _assets_of(region: str, year: int, register: Register) -> list[str]:
    """Organisations and buildings that the region's grid fed on any day of the year."""
    whole = year_span(year, ZoneInfo("UTC"))
    pieces = segments(register, whole.start.date(), whole.end.date())
    everyone = [*register.organisations, *register.buildings]
    return sorted(
        asset
        for asset in everyone
        if any(grid_region(asset, [piece.register]) == region for piece in pieces)
    )


def _batches(assets: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(assets), _AT_ONCE):
        yield assets[first : first + _AT_ONCE]


def _tell(conn: Connection, restated: Sequence[Restatement], now: datetime) -> None:
    """One entry for a region's year; nothing where nobody used its power."""
    if not restated:
        return
    before, after = restated[0].before, restated[0].after
    Ledger(conn.engine).append(
        conn,
        at=now,
        actor=_ACTOR,
        action="carbon_restated",
        subject=f"{after.region}/{after.year}",
        detail={"assets": len(restated)},
        before=_said(before, {r.asset: r.before_kgco2 for r in restated}),
        after=_said(after, {r.asset: r.after_kgco2 for r in restated}),
    )


def _said(factor: FactorOfYear, electricity_kgco2: dict[str, float]) -> dict[str, object]:
    return {
        "factor_year": factor.factor_year,
        "kgco2_per_kwh": factor.kgco2_per_kwh,
        "electricity_kgco2": electricity_kgco2,
    }
