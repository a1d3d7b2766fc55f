"""``analyse``: recomputation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Engine

from quotawatt.app.client import require_not_served, user_name
from quotawatt.app.console import HomeOption, settings_for, stdout
from quotawatt.app.home import home_clock
from quotawatt.clock import system_clock
from quotawatt.errors import InputError
from quotawatt.ledger import Ledger
from quotawatt.spans import Span

if TYPE_CHECKING:
    from analytics.jobs import Analyser
    from analytics.jobs.baselining import BaselineReport
    from analytics.jobs.scoring import ScoringReport
    from quotawatt.app.system import System


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(analyse)


def analyse(
    home: HomeOption = None,
    start: Annotated[str | None, typer.Option("--from", help="Day or instant, ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Day or instant, ISO 8601.")] = None,
    cluster: Annotated[
        str | None,
        typer.Option(help="Compute on the workers of this Dask scheduler, tcp://HOST:PORT."),
    ] = None,
) -> None:
    """Bring the results up to date; with --from or --until compute that span anew.

    Trips of vehicles whose messages changed follow, and all rules for vehicles.
    Then learn the baselines of the month that are not learnt yet, and look for anomalies.
    """
    from analytics.jobs.analyser import EARLIEST
    from quotawatt.app.system import open_system

    settings = settings_for(home)
    require_not_served(settings.home, "they are analysed")
    clock = home_clock(settings.home)
    system = open_system(settings, clock)
    try:
        with _analyser(system, cluster) as analyser:
            if start or until:
                zone = ZoneInfo(settings.timezone)
                first = _instant(start, zone, "--from") if start else EARLIEST
                last = _instant(until, zone, "--until") if until else clock()
                span = Span(first, last)
                _note(system.records, span)
                analyser.recompute(span, clock())
            report = analyser.run(clock())
        fleet = system.parts.fleet.run(clock())
        system.analyser.run(clock())  # what vehicles charged is known by now
        learnt, scored = _look(system, clock())
    finally:
        system.close()
    stdout.print(
        f"{report.marks} marks taken; results written: {report.hours} hours, {report.days} days, "
        f"{report.months} months; {report.findings} findings"
    )
    stdout.print(
        f"{fleet.vehicles} vehicles brought up to date: {fleet.trips} trips; "
        f"{fleet.findings} uses of vehicles need an explanation"
    )
    stdout.print(
        f"{learnt.learnt} baselines learnt, {learnt.insufficient} not for want of data; "
        f"{scored.series} series judged: {scored.new} new anomalies, {scored.changed} changed, "
        f"{scored.withdrawn} withdrawn"
    )


def _look(system: System, now: datetime) -> tuple[BaselineReport, ScoringReport]:
    baseliner = system.parts.baseliner
    baseliner.answer(now)
    return baseliner.run(now), system.parts.scorer.run(now)


@contextmanager
def _analyser(system: System, cluster: str | None) -> Iterator[Analyser]:
    """The system's own, or one that computes on a cluster while the body runs."""
    if cluster is None:
        yield system.analyser
        return
    from analytics.jobs.cluster import ClusterExecutor

    with ClusterExecutor(cluster) as executor:
        yield system.parts.analyser_on(executor)


def _note(records: Engine, span: Span) -> None:
    with records.begin() as conn:
        Ledger(records).append(
            conn,
            at=system_clock(),
            actor=f"cli:{user_name()}",
            action="results_recomputed",
            subject="results",
            detail={"from": span.start.isoformat(), "until": span.end.isoformat()},
        )


def _instant(value: str, zone: ZoneInfo, option: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise InputError(f"{option} must be a day or an instant in ISO 8601, got {value}") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
