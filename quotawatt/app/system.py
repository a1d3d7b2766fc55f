"""The composition root: here, and nowhere else, the parts are wired together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from collectors.chores import Chores
from collectors.collector import Collector
from collectors.commanding import Commander
from collectors.making import make_pipeline
from collectors.metrics import BatchObserver, NoObserver
from collectors.publishing import publish_once
from quotawatt.app.home import prepare_home
from quotawatt.app.parts import Parts
from quotawatt.clock import Clock
from quotawatt.register.repository import RegisterSource
from quotawatt.settings import Settings
from quotawatt.storage.factory import open_series
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records

if TYPE_CHECKING:
    from fastapi import FastAPI

    from alerts.service import AlertService
    from analytics.jobs import Analyser, Reconciler
    from quotawatt.rulebook.model import Rulebook

Health = Callable[[], Mapping[str, object]]


@dataclass(frozen=True)
class System:
    """The stores and everything that works on them, for one home folder."""

    settings: Settings
    clock: Clock
    records: Engine
    series: SeriesStore
    register: RegisterSource
    parts: Parts

    @property
    def rulebook(self) -> Rulebook:
        """That of the packs that count. Raises RulebookError for a broken one."""
        return self.parts.rulebook_source()

    @property
    def analyser(self) -> Analyser:
        """What computes results from readings."""
        return self.parts.analyser

    @property
    def reconciler(self) -> Reconciler:
        """What compares the register with telemetry."""
        return self.parts.reconciler

    @property
    def alerts(self) -> AlertService:
        """What judges results by the rules and tells people."""
        return self.parts.alerts

    def app(self, health: Health, registry: CollectorRegistry | None = None) -> FastAPI:
        """The API and console over this system.

        ``health`` says how the running roles are, ``registry`` holds the metrics of the process.
        """
        from api.app import create_app
        from api.services import Services

        return create_app(
            Services(
                settings=self.settings,
                series=self.series,
                records=self.records,
                register_source=self.register,
                register_changed=self.register.refresh,
                near=self.register,
                rulebook_source=self.parts.rulebook_source,
                rulebook_changed=self.parts.rulebook_source.refresh,
                clock=self.clock,
                health=health,
                alerts=self.alerts,
                commands=self.parts.commands,
                channels=self.parts.channels,
                registry=registry or CollectorRegistry(),
            )
        )

    def collector(self, observer: BatchObserver = NoObserver()) -> Collector:
        """A collector for the broker of the settings, not started. ``observer`` is told of its batches."""
        return Collector(
            settings=self.settings,
            series=self.series,
            records=self.records,
            register_source=self.register,
            clock=self.clock,
            observer=observer,
        )

    def commander(self) -> Commander:
        """What sends commands to devices that were confirmed."""
        settings = self.settings
        worker = settings.mqtt_client_id
        return Commander(self.records, settings, worker, self.parts.commands, publish_once)

    def chores(self, worker: str) -> Chores:
        """Jobs of other roles, to be done in this process; ``worker`` is the name they are claimed under."""
        pipeline = make_pipeline(self.settings, self.series, self.records, self.register)
        return Chores(self.records, pipeline, worker, self.clock)

    def with_clock(self, clock: Clock) -> System:
        """The same system on another clock."""
        return replace(self, clock=clock)

    def close(self) -> None:
        """Release the stores."""
        self.series.close()
        self.records.dispose()


def open_system(settings: Settings, clock: Clock) -> System:
    """Open the stores of the settings and wire everything that works on them.

    Raises StoreError or SettingError that names the store.
    """
    prepare_home(settings.home)
    records = open_records(settings.records_url, settings.home)
    series = open_series(settings)
    register = RegisterSource(records)
    return System(
        settings=settings,
        clock=clock,
        records=records,
        series=series,
        register=register,
        parts=Parts(settings, records, series, register),
    )
