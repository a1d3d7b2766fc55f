"""What the api works with: handed in by the composition root, so that nothing here is global."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from prometheus_client import CollectorRegistry
from sqlalchemy import Connection, Engine

from alerts.cases.model import Step
from alerts.channels.base import Channels
from alerts.people.tracing import Trace
from quotawatt.access.passwords import Passwords
from quotawatt.clock import Clock, system_clock
from quotawatt.devicecommands import CatalogueSource
from quotawatt.register.model import Register
from quotawatt.register.repository import RegisterSource
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore


class AlertDesk(Protocol):
    """What the api asks of the alert service."""

    def tell(self, conn: Connection, steps: Sequence[Step], now: datetime) -> int:
        """Write down whom to tell of steps that people took, in the same transaction; how many."""

    def trace(self, asset: str, rule: str, severity: str, now: datetime) -> Trace:
        """Who would be told of a case of this rule over an asset, by which channel, and why."""


@dataclass(frozen=True)
class Services:
    """Everything that routes and pages use.

    register_source
        Returns the present snapshot of the register.
    rulebook_source
        Returns the present rulebook.
    register_changed
        Called after the api has changed the register, so that ``register_source`` gives the new one.
    rulebook_changed
        Called after a pack was approved, so that ``rulebook_source`` gives the new rulebook.
    near
        What ``register_source`` asks, so that a change of the register need not load it.
    health
        Returns the other roles' health: a name for each part (``collect``, ``analyse``, ``alert``, ...)
        and what it says of itself; ``ok`` false, or ``connected`` false, means that it is not well.
    clock
        The clock that figures are judged by; in the demo, the demo's own.
    wall_clock
        The machine's clock, which sessions expire by: a demo's year passes in a minute.
    registry
        The metrics of the process; empty where nobody counts.
    passwords
        Makes and checks the hashes of passwords.
    commands
        Returns what devices can be told, by the present profiles.
    channels
        The ways to people that are set up.
    """

    settings: Settings
    series: SeriesStore
    records: Engine
    register_source: Callable[[], Register]
    rulebook_source: Callable[[], Rulebook]
    clock: Clock
    alerts: AlertDesk
    health: Callable[[], Mapping[str, Any]]
    wall_clock: Clock = system_clock
    register_changed: Callable[[], object] = lambda: None
    near: RegisterSource | None = None
    rulebook_changed: Callable[[], object] = lambda: None
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    passwords: Passwords = field(default_factory=Passwords)
    commands: CatalogueSource = dict
    channels: Channels = field(default_factory=Channels)

    @property
    def rulebook(self) -> Rulebook:
        """The present rulebook."""
        return self.rulebook_source()
