"""The composition root: here, and nowhere else, the parts are wired together."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastapi import FastAPI
from sqlalchemy import Engine

from alerts.channels.base import Channel
from alerts.channels.log import LogChannel
from alerts.channels.webhook import WebhookChannel
from alerts.service import AlertService
from analytics.jobs import Analyser
from api.app import create_app
from api.services import Services
from collectors.collector import Collector
from quotawatt.app.home import prepare_home
from quotawatt.clock import Clock
from quotawatt.ledger import Ledger
from quotawatt.register.repository import RegisterSource
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.storage.factory import open_series
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records

log = logging.getLogger(__name__)

Health = Callable[[], Mapping[str, object]]


@dataclass(frozen=True)
class System:
    """The stores and everything that works on them, for one home folder."""

    settings: Settings
    clock: Clock
    records: Engine
    series: SeriesStore
    register: RegisterSource
    rulebook: Rulebook
    ledger: Ledger
    analyser: Analyser
    alerts: AlertService

    def app(self, health: Health) -> FastAPI:
        """The API and console over this system; ``health`` says how the running roles are."""
        return create_app(
            Services(
                settings=self.settings,
                series=self.series,
                records=self.records,
                register_source=self.register,
                rulebook=self.rulebook,
                clock=self.clock,
                health=health,
                alerts=self.alerts,
            )
        )

    def collector(self) -> Collector:
        """A collector for the broker of the settings, not started."""
        return Collector(
            settings=self.settings,
            series=self.series,
            records=self.records,
            register_source=self.register,
            clock=self.clock,
        )

    def with_clock(self, clock: Clock) -> "System":
        """The same system on another clock."""
        return replace(self, clock=clock)

    def close(self) -> None:
        """Release the stores."""
        self.series.close()
        self.records.dispose()


def channels(settings: Settings) -> dict[str, Channel]:
    """The channels that the settings name; the log always is one."""
    found: dict[str, Channel] = {"log": LogChannel(settings.home / "alerts.log", settings.language)}
    if settings.webhook_url:
        found["webhook"] = WebhookChannel(settings.webhook_url, settings.webhook_secret)
    return found


def open_system(settings: Settings, clock: Clock) -> System:
    """Open the stores of the settings and wire everything that works on them.

    Raises StoreError or SettingError that names the store, RulebookError for a broken pack.
    """
    prepare_home(settings.home)
    rulebook = load_rulebook(settings.packs)
    records = open_records(settings.records_url, settings.home)
    series = open_series(settings)
    register = RegisterSource(records)
    ledger = Ledger(records)
    return System(
        settings=settings,
        clock=clock,
        records=records,
        series=series,
        register=register,
        rulebook=rulebook,
        ledger=ledger,
        # It reads requests to recompute beside the register, so an older register would lose them.
        analyser=Analyser(
            series, records, RegisterSource(records, check_every_s=0), rulebook, settings
        ),
        alerts=AlertService(
            series=series,
            records=records,
            register_source=register,
            rulebook=rulebook,
            ledger=ledger,
            channels=channels(settings),
            settings=settings,
        ),
    )
