"""Roles: what a process does, each in a thread of its own beside the API."""

import logging
import socket
import time
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, ProcessCollector

from collectors.collector import Collector
from collectors.metrics import CollectorMetrics, PlainRegistry
from quotawatt.app.monitor import (
    SILENT_AFTER_PERIODS,
    Heartbeat,
    RoleMetrics,
    collector_state,
    probe_stores,
    read_states,
)
from quotawatt.app.monitor_server import MonitorServer
from quotawatt.app.periodic import STOP_LIMIT_S, Periodic, Threads
from quotawatt.app.system import System
from quotawatt.settings import Settings

if TYPE_CHECKING:
    from alerts.delivery.worker import DeliveryWorkers
    from quotawatt.app.server import ApiServer

log = logging.getLogger(__name__)

HEADS_EVERY_S = 600.0
"""How often it is looked whether a folder lacks the day's signed head: one may have been away."""

COMMAND_EVERY_S = 0.5
"""How often it is looked whether a command to a device was confirmed."""

RULES_EVERY_S = 60.0
"""How often it is looked which packs count: the ledger tells of another, and a finding of a wrong file."""


class Role(StrEnum):
    """What a process can do; an embedded system does all of it in one process."""

    COLLECT = "collect"
    ANALYSE = "analyse"
    ALERT = "alert"
    API = "api"


class RunningRoles:
    """The roles of one process, started and stopped together.

    ``roles`` are which, ``registry`` holds the metrics of the process.
    """

    def __init__(self, system: System, roles: set[Role]) -> None:
        settings, clock = system.settings, system.clock
        self._settings = settings
        self.roles = roles
        self.registry: CollectorRegistry = PlainRegistry()
        ProcessCollector(registry=self.registry)
        self.collector: Collector | None = None
        if Role.COLLECT in roles:
            metrics = CollectorMetrics(self.registry)
            self.collector = system.collector(metrics)
            metrics.watch(self.collector)
        if Role.API in roles:
            self.registry.register(RoleMetrics(system.records, system.clock))
        self._periodic: list[Periodic] = []
        self._deliverers: list[DeliveryWorkers] = []
        if Role.COLLECT in roles and settings.commands_enabled:
            commander = system.commander()
            self._periodic.append(Periodic("command", commander.run, COMMAND_EVERY_S, clock))
        if Role.ANALYSE in roles:
            self._periodic.append(
                Periodic(
                    "analyse", lambda now: _analyse(system, now), settings.analyse_every_s, clock
                )
            )
        if Role.ALERT in roles:
            self._periodic.append(
                Periodic("alert", lambda now: _alert(system, now), settings.alert_every_s, clock)
            )
            self._periodic.append(
                Periodic(
                    "watch", lambda now: _watch(system, now), settings.alert_watch_every_s, clock
                )
            )
            self._deliverers.append(_deliverer(system))
        if Role.API in roles:
            self._periodic.append(
                Periodic("ledger", lambda now: _ledger(system, now), HEADS_EVERY_S, clock)
            )
            self._periodic.append(
                Periodic(
                    "rules", lambda now: system.parts.rule_notes.run(now), RULES_EVERY_S, clock
                )
            )
        self._stores = Periodic(
            "store",
            lambda now: probe_stores(system.series, system.records, now),
            settings.heartbeat_every_s,
            clock,
        )

    def start(self) -> None:
        """Start all."""
        if self.collector is not None:
            self.collector.start()
        for role in self._threads():
            role.start()

    def stop(self) -> None:
        """Drain the collector first, then finish what is being computed."""
        ends_s = time.monotonic() + STOP_LIMIT_S
        for role in self._threads():
            role.ask_to_stop()
        if self.collector is not None:
            self.collector.stop()
        for role in self._threads():
            role.stop(max(0.0, ends_s - time.monotonic()))

    def health(self) -> dict[str, dict[str, object]]:
        """How each role is: broker, store and lag of the collector, the last turn of the others."""
        found: dict[str, dict[str, object]] = {
            r.name: {
                "ok": not r.last_error,
                "last_done": r.last_done.isoformat() if r.last_done else None,
                "error": r.last_error,
            }
            for r in self._periodic
        }
        found |= {workers.name: dict(workers.health()) for workers in self._deliverers}
        if self.collector is not None:
            found["collect"] = collector_state(
                self.collector.healthy(), self._store_problem(), self._settings.lag_limit_s
            )
        if Role.API in self.roles:
            problem = self._store_problem()
            found["api"] = {"ok": not problem, "error": problem}
        return found

    def _threads(self) -> list[Threads]:
        return [*self._periodic, *self._deliverers, self._stores]

    def _store_problem(self) -> str:
        """What the last look at the stores said, or that the present one does not end."""
        limit_s = SILENT_AFTER_PERIODS * self._settings.heartbeat_every_s
        if self._stores.busy_s() > limit_s:
            return f"the stores must answer within {limit_s:.15g} s, one of them does not"
        return self._stores.last_error


def health(running: Iterable[RunningRoles]) -> dict[str, object]:
    """How all roles of these are, by name."""
    return {name: state for roles in running for name, state in roles.health().items()}


def instance_name(settings: Settings) -> str:
    """What a process is called among those with the same role: the setting, else the machine's name."""
    return settings.instance or socket.gethostname()


def make_heartbeat(system: System, running: RunningRoles) -> Heartbeat:
    """A heartbeat of these roles, not started. It goes by the system's clock."""
    settings = system.settings
    name = instance_name(settings)
    every_s = settings.heartbeat_every_s
    return Heartbeat(system.records, running.health, name, every_s, system.clock)


def make_server(system: System, running: RunningRoles) -> "ApiServer | MonitorServer | None":
    """What these roles listen by, not started: the API, else the monitor where the settings name a port."""
    settings = system.settings
    if Role.API in running.roles:
        from quotawatt.app.server import ApiServer

        if settings.monitor_port:
            log.info("QUOTAWATT_MONITOR_PORT is not used beside the API, which shows the same")

        def everywhere() -> dict[str, Any]:
            return read_states(system.records, Role, system.clock())

        return ApiServer(system.app(everywhere, running.registry), settings)
    if settings.monitor_port:
        host, port = settings.monitor_host, settings.monitor_port
        return MonitorServer(host, port, running.registry, running.health)
    return None


def _deliverer(system: System) -> "DeliveryWorkers":
    # A process that only collects is spared the libraries of the channels.
    from alerts.delivery.worker import DeliveryWorkers
    from alerts.messages.checking import load_templates

    # What is wrong with templates is said at start, as what is wrong with channels is.
    load_templates(system.settings.templates)
    return DeliveryWorkers(system.parts.sender, system.clock)


def _ledger(system: System, now: datetime) -> None:
    # A process that only collects is spared the library that signs.
    from quotawatt.ledger.outside import place_head

    place_head(system.records, system.settings, now)


def _analyse(system: System, now: datetime) -> None:
    system.analyser.run(now)
    system.parts.fleet.run_if_due(now)
    system.parts.baseliner.run_if_due(now)
    system.parts.scorer.run_if_due(now)
    system.reconciler.run_if_due(now)
    system.parts.keeper.run_if_due(now)
    system.parts.reporter.run_if_due(now)


def _alert(system: System, now: datetime) -> None:
    system.alerts.evaluate(now)
    system.alerts.follow_commands(now)
    system.alerts.plan(now)
    system.parts.pusher.run(now)


def _watch(system: System, now: datetime) -> None:
    # What fires goes at once where nothing holds it; all else waits for the next evaluation.
    if system.alerts.watch(now):
        system.alerts.plan(now)
