"""Roles: what a process does, each in a thread of its own beside the API."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable
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
from quotawatt.app.system import System
from quotawatt.clock import Clock
from quotawatt.errors import QuotawattError
from quotawatt.settings import Settings

if TYPE_CHECKING:
    from quotawatt.app.server import ApiServer

log = logging.getLogger(__name__)

STOP_LIMIT_S = 30.0
"""How long the roles of a process may take to end: a store that hangs must not hold it."""

HEADS_EVERY_S = 600.0
"""How often it is looked whether a folder lacks the day's signed head: one may have been away."""


RULES_EVERY_S = 60.0
"""How often it is looked which packs count: the ledger tells of another, and a finding of a wrong file."""


class Role(StrEnum):
    """What a process can do; an embedded system does all of it in one process."""

    COLLECT = "collect"
    ANALYSE = "analyse"
    ALERT = "alert"
    API = "api"


class Periodic:
    """Calls ``work(now)`` every ``every_s`` seconds in a thread, until stopped.

    A failing store is logged and tried again at the next turn: the work reads what is left to do
    from the stores, so a missed turn loses nothing.
    """

    def __init__(self, name: str, work: Callable[[datetime], object], every_s: float, clock: Clock):
        self.name = name
        self.last_error = ""
        self.last_done: datetime | None = None
        self._began_s: float | None = None
        self._work, self._every_s, self._clock = work, every_s, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; the first turn comes at once."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the present turn be the last; returns at once."""
        self._stop.set()

    def stop(self, limit_s: float = STOP_LIMIT_S) -> None:
        """Finish the present turn and end. A turn that takes longer than the limit is left."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(limit_s)
            if self._thread.is_alive():
                log.warning("%s hangs and is left", self.name)

    def busy_s(self) -> float:
        """How long the present turn takes already; 0 between two turns."""
        began_s = self._began_s
        return 0.0 if began_s is None else time.monotonic() - began_s

    def _run(self) -> None:
        while not self._stop.is_set():
            now = self._clock()
            self._began_s = time.monotonic()
            try:
                self._work(now)
                self.last_error, self.last_done = "", now
            except QuotawattError as error:
                self.last_error = str(error)
                log.warning("%s failed and will be tried again: %s", self.name, error)
            except Exception as error:
                # A thread that dies in silence would stop the work unseen.
                self.last_error = f"{type(error).__name__}: {error}"
                log.exception("%s failed and will be tried again", self.name)
            self._began_s = None
            self._stop.wait(self._every_s)


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
        for role in (*self._periodic, self._stores):
            role.start()

    def stop(self) -> None:
        """Drain the collector first, then finish what is being computed."""
        ends_s = time.monotonic() + STOP_LIMIT_S
        for role in (*self._periodic, self._stores):
            role.ask_to_stop()
        if self.collector is not None:
            self.collector.stop()
        for role in (*self._periodic, self._stores):
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
        if self.collector is not None:
            found["collect"] = collector_state(
                self.collector.healthy(), self._store_problem(), self._settings.lag_limit_s
            )
        if Role.API in self.roles:
            problem = self._store_problem()
            found["api"] = {"ok": not problem, "error": problem}
        return found

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


def _ledger(system: System, now: datetime) -> None:
    # A process that only collects is spared the library that signs.
    from quotawatt.ledger.outside import place_head

    place_head(system.records, system.settings, now)


def _analyse(system: System, now: datetime) -> None:
    system.analyser.run(now)
    system.reconciler.run_if_due(now)
    system.parts.keeper.run_if_due(now)
    system.parts.reporter.run_if_due(now)


def _alert(system: System, now: datetime) -> None:
    system.alerts.evaluate(now)
    system.alerts.deliver(now)
    system.parts.pusher.run(now)
