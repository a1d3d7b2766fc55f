"""From the publication of a reading to the receipt of the webhook, under load.

Two thousand readings a second of four hundred meters go over a real broker to a served system. Now and then
a meter goes beyond the limit of a rule that waits for nothing. What counts is from the call that publishes
that reading to the receiver's having the message.
"""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from benchmarks.alerts_estate import estate
from benchmarks.alerts_publisher import Plan
from benchmarks.alerts_receivers import WEBHOOK
from benchmarks.alerts_served import (
    Arrival,
    Receivers,
    fill,
    prepare,
    publish,
    receiving,
    serving,
)
from benchmarks.collectors_rig import until
from benchmarks.collectors_stores import DuckDbFile
from benchmarks.report import Figure
from quotawatt.clock import system_clock
from quotawatt.errors import StateError
from quotawatt.spans import floor_hour
from tests.servers import run_mosquitto

METERS = 400
MESSAGES_PER_S = 400
"""Of five values each."""

AT_REST_S = 10
LOADED_S, QUICK_LOADED_S = 120, 20
# About three a second; it has no divisor in common with the meters, so each breach is another meter's.
BREACH_EVERY = 121
BREACH_MESSAGES = 10
_ARRIVED_WITHIN_S = 30.0


def latency_figures(quick: bool) -> Iterator[Figure]:
    """Percentiles, and whether load and messages were all there."""
    plan = _plan(QUICK_LOADED_S if quick else LOADED_S)
    with tempfile.TemporaryDirectory() as name, run_mosquitto(Path(name) / "broker") as broker:
        folder = Path(name)
        with receiving(folder) as receivers:
            settings = prepare(folder, broker, receivers.ports, ("channel:webhook",), "0m")
            fill(settings, estate(1, METERS, floor_hour(system_clock())))
            with serving(settings) as served:
                before_s = served.cpu_s()
                published = publish(folder, broker, plan)
                used_s = served.cpu_s() - before_s
                wanted = set(published.breaches)
                _wait_for(wanted, receivers)
            arrivals = receivers.arrivals()
        stored = DuckDbFile(settings.home).count()
    first = _first_of(arrivals)
    taken = [first[m] - at for m, at in published.breaches.items() if m in first]
    rate = plan.readings / published.seconds
    said = f"reading to webhook at {rate:,.0f} readings/s"
    for share in (50, 95):
        yield Figure(f"{said}: p{share}", float(np.percentile(taken, share)), "s")
    yield Figure(f"{said}: p99", float(np.percentile(taken, 99)), "s", at_most=2)
    yield Figure(f"{said}: max", max(taken), "s")
    yield Figure("  breaches", len(published.breaches), "breaches")
    yield Figure("  breaches without a message", len(wanted - set(first)), "breaches", at_most=0)
    wrong = sum(not a.good for a in arrivals)
    yield Figure("  messages with a wrong signature or key", wrong, "messages", at_most=0)
    yield Figure("  readings published a second", rate, "readings/s", at_least=1900)
    yield Figure("  readings that were not stored", plan.readings - stored, "readings", at_most=0)
    yield Figure("  processor of the system meanwhile", used_s / published.seconds, "cores")


def _plan(loaded_s: int) -> Plan:
    return Plan(
        messages=(AT_REST_S + loaded_s) * MESSAGES_PER_S,
        per_s=MESSAGES_PER_S,
        devices=METERS,
        first_breach=AT_REST_S * MESSAGES_PER_S,
        breach_every=BREACH_EVERY,
        breach_messages=BREACH_MESSAGES,
        whole=True,
    )


def _first_of(arrivals: list[Arrival]) -> dict[str, float]:
    """When each meter was first told of by webhook."""
    first: dict[str, float] = {}
    for arrival in arrivals:
        for code in arrival.meters if arrival.channel == WEBHOOK else ():
            first.setdefault(code, arrival.at_s)
    return first


def _wait_for(wanted: set[str], receivers: Receivers) -> None:
    """Wait until all meters were told of; what has not come in time is lost."""
    told = lambda: wanted <= set(_first_of(receivers.arrivals()))  # noqa: E731
    with suppress(StateError):
        until(told, "all breaches must be told of", _ARRIVED_WITHIN_S)
