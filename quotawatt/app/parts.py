"""The parts of a system that judge what was collected, each made when it is first asked for.

A process that only collects never asks: it is spared the libraries that they need, more than half of its
memory.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from quotawatt.ledger import Ledger
from quotawatt.register.repository import RegisterSource
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.result_marks import MarkingSeriesStore

if TYPE_CHECKING:
    from alerts.channels.base import Channels
    from alerts.delivery.sender import Sender
    from alerts.service import AlertService
    from analytics.jobs import Analyser, Reconciler
    from analytics.jobs.baselining import Baseliner
    from analytics.jobs.executors import Executor
    from analytics.jobs.fleet import FleetKeeper
    from analytics.jobs.keeper import Keeper
    from analytics.jobs.reporting import Reporter
    from analytics.jobs.scoring import Scorer
    from quotawatt.app.rule_notes import RuleNotes
    from quotawatt.devicecommands import CatalogueSource
    from quotawatt.exchange.pushing import Pusher
    from quotawatt.rulebook.model import Rulebook
    from quotawatt.rulebook.source import RulebookSource

_Part = TypeVar("_Part")


class _OfBook(Generic[_Part]):
    """A part that judges by a rulebook: made when it is first asked for, and anew by another rulebook."""

    def __init__(self, make: Callable[[Rulebook], _Part]) -> None:
        self._make = make
        self._made: tuple[Rulebook, _Part] | None = None

    def by(self, book: Rulebook) -> _Part:
        """The part by this rulebook."""
        made = self._made
        if made is None or made[0] is not book:
            made = self._made = (book, self._make(book))
        return made[1]


class Parts:
    """Rulebook, analyser and alerts over the stores of one home folder; each for the role that runs it."""

    def __init__(
        self, settings: Settings, records: Engine, series: SeriesStore, register: RegisterSource
    ) -> None:
        self._settings = settings
        self._records = records
        self._series = series
        self._register = register
        self._analyser = _OfBook(self._make_analyser)
        self._reconciler = _OfBook(self._make_reconciler)
        self._scorer = _OfBook(self._make_scorer)
        self._fleet = _OfBook(self._make_fleet)
        self._alerts = _OfBook(self._make_alerts)

    @cached_property
    def rulebook_source(self) -> RulebookSource:
        """Gives the rulebook of the packs that count by settings and approvals."""
        from quotawatt.rulebook.source import RulebookSource

        settings = self._settings
        need_approval = settings.packs_need_approval
        return RulebookSource(self._records, settings.packs, need_approval=need_approval)

    @cached_property
    def rule_notes(self) -> RuleNotes:
        """What tells ledger and findings of the packs that count."""
        from quotawatt.app.rule_notes import RuleNotes

        zone = ZoneInfo(self._settings.timezone)
        return RuleNotes(self._records, self.rulebook_source, self._register, zone)

    @property
    def analyser(self) -> Analyser:
        """What computes results from readings, by the present rulebook."""
        return self._analyser.by(self.rulebook_source())

    def analyser_on(self, executor: Executor) -> Analyser:
        """An analyser of its own that computes whole spans elsewhere."""
        return self._make_analyser(self.rulebook_source(), executor)

    @property
    def reconciler(self) -> Reconciler:
        """What compares the register with telemetry, by the present rulebook."""
        return self._reconciler.by(self.rulebook_source())

    @cached_property
    def baseliner(self) -> Baseliner:
        """What learns baselines of meters and buildings, under a name that no other process has."""
        from analytics.jobs.baselining import Baseliner

        worker = f"{self._settings.instance or socket.gethostname()}:{os.getpid()}"
        register = self._register.refresh
        return Baseliner(self._series, self._records, register, self._settings, worker)

    @property
    def scorer(self) -> Scorer:
        """What finds anomalies day by day, by the present rulebook."""
        return self._scorer.by(self.rulebook_source())

    @property
    def fleet(self) -> FleetKeeper:
        """What keeps trips of vehicles and judges them by the present rules."""
        return self._fleet.by(self.rulebook_source())

    @cached_property
    def keeper(self) -> Keeper:
        """What lets go of what the settings keep no longer."""
        from analytics.jobs.keeper import Keeper

        return Keeper(self._series, self._records, self._register.refresh, self._settings)

    @cached_property
    def reporter(self) -> Reporter:
        """What issues the reports that the settings name."""
        from analytics.jobs.reporting import Reporter

        return Reporter(
            self._series,
            self._records,
            self._register.refresh,
            self.rulebook_source,
            self._settings,
        )

    @cached_property
    def pusher(self) -> Pusher:
        """What sends accepted returns to the platform above."""
        from quotawatt.exchange.pushing import Pusher

        settings = self._settings
        url, token = settings.exchange_url, settings.exchange_token
        return Pusher(self._records, self.rulebook_source, url, token)

    @cached_property
    def channels(self) -> Channels:
        """The ways to people. Raises SettingError that names everything that is wrong with them."""
        from alerts.channels.making import make_channels

        return make_channels(self._settings, self._records, os.environ)

    @cached_property
    def commands(self) -> CatalogueSource:
        """Gives what devices can be told, by the present profiles."""
        from collectors.commanding import ProfileCommands

        return ProfileCommands(self._settings.profiles)

    @cached_property
    def sender(self) -> Sender:
        """What empties the outbox, under a name that no other process has."""
        from alerts.delivery.addressing import AddressBook
        from alerts.delivery.sender import Sender

        addresses = AddressBook(self._records, self._register, ZoneInfo(self._settings.timezone))
        worker = f"{self._settings.instance or socket.gethostname()}:{os.getpid()}"
        return Sender(
            self._records,
            self.channels,
            addresses,
            worker,
            lambda conn, steps, now: self.alerts.tell(conn, steps, now),
        )

    @property
    def alerts(self) -> AlertService:
        """What judges results by the present rules and tells people."""
        return self._alerts.by(self.rulebook_source())

    def _make_analyser(self, book: Rulebook, executor: Executor | None = None) -> Analyser:
        from analytics.jobs import Analyser

        # It reads requests to recompute beside the register, so an older register would lose them.
        register = self._register.refresh
        series = MarkingSeriesStore(self._series, self._records)
        return Analyser(series, self._records, register, book, self._settings, executor)

    def _make_reconciler(self, book: Rulebook) -> Reconciler:
        from analytics.jobs import Reconciler

        register = self._register.refresh
        return Reconciler(self._series, self._records, register, book, self._settings)

    def _make_scorer(self, book: Rulebook) -> Scorer:
        from analytics.jobs.scoring import Scorer

        register = self._register.refresh
        return Scorer(self._series, self._records, register, book, self._settings)

    def _make_fleet(self, book: Rulebook) -> FleetKeeper:
        from analytics.jobs.fleet import FleetKeeper

        worker = f"{self._settings.instance or socket.gethostname()}:{os.getpid()}"
        register = self._register.refresh
        return FleetKeeper(self._series, self._records, register, book, self._settings, worker)

    def _make_alerts(self, book: Rulebook) -> AlertService:
        from alerts.service import AlertService

        return AlertService(
            series=self._series,
            records=self._records,
            register_source=self._register,
            rulebook=book,
            ledger=Ledger(self._records),
            channels=self.channels,
            sender=self.sender,
            settings=self._settings,
        )
