"""Alerts: many pairs, from a reading to the webhook, a storm, kills, an officer's month."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.alerts_flood import flood_figures
from benchmarks.alerts_kills import kills_figures
from benchmarks.alerts_latency import latency_figures
from benchmarks.alerts_month import month_figures
from benchmarks.alerts_pairs import CHANGED, DAYS, MET, pairs_figures
from benchmarks.register_rig import Homes, open_homes
from benchmarks.report import Figure, Report

Part = Callable[[bool, Homes], Iterator[Figure]]
"""Figures of a quick run or a full one; it may ask for empty homes."""

PARTS: Sequence[Part] = (
    lambda quick, _: latency_figures(quick),
    lambda quick, _: flood_figures(quick),
    pairs_figures,
    kills_figures,
    month_figures,
)


def run(quick: bool) -> Report:
    """Under two minutes in a quick run, under eight in a full one."""
    with tempfile.TemporaryDirectory() as name, open_homes(Path(name)) as homes:
        figures = tuple(figure for part in PARTS for figure in part(quick, homes))
    return Report("alerts", quick, figures, _NOTES)


_NOTES = (
    "Reading to webhook: a system with all roles (DuckDB, SQLite), mosquitto, publisher and receiver are"
    " processes on this machine; a rule over readings with `for: 0m`, a route with `digest_every: 0m`. It"
    " counts from the call that publishes to the end of the request's receipt; signatures are checked.",
    "Storm: the same system; a route to owner and webhook with `digest_every: 1m`. What is counted is what"
    " webhook, mail server and inboxes got.",
    "Pairs are those of five shipped rules over yearly accounts and days of buildings,"
    f" {DAYS} days of results in DuckDB; {MET:.0%} exceed. Reading, deciding and storing count, with alerts,"
    " cases, notices and ledger; sending does not. Then nothing changes, then the results of"
    f" {CHANGED} accounts.",
    "Kills: roles alert and api, killed at random; the clock runs 300 times faster, so that claims and pauses"
    " end within seconds. The receiver fails half the time.",
)
