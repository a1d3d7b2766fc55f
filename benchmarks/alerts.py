"""Alerts: evaluating many rule-subject pairs, being killed, an officer's month."""

import tempfile
from pathlib import Path

from benchmarks.alerts_kills import kills_figures
from benchmarks.alerts_month import month_figures
from benchmarks.alerts_pairs import CHANGED, DAYS, MET, pairs_figures
from benchmarks.register_rig import open_homes
from benchmarks.report import Report


def run(quick: bool) -> Report:
    """Seconds, in a quick run and in a full one."""
    with tempfile.TemporaryDirectory() as name, open_homes(Path(name)) as homes:
        figures = (
            *pairs_figures(quick, homes),
            *kills_figures(quick, homes),
            *month_figures(quick, homes),
        )
    return Report("alerts", quick, figures, _NOTES)


_NOTES = (
    "Pairs are those of five shipped rules over yearly accounts and days of buildings,"
    f" {DAYS} days of results in DuckDB; {MET:.0%} exceed. Reading, deciding and storing count, with alerts,"
    " cases, notices and ledger; sending does not. Then nothing changes, then the results of"
    f" {CHANGED} accounts.",
)
