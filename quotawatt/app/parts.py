"""The parts of a system that judge what was collected, each made when it is first asked for.

A process that only collects never asks: it is spared the libraries that they need, more than half of its
memory.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from quotawatt.ledger import Ledger
from quotawatt.register.repository import RegisterSource
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore

if TYPE_CHECKING:
    from alerts.channels.base import Channel
    from alerts.service import AlertService
    from analytics.jobs import Analyser, Reconciler
    from quotawatt.rulebook.in_force import PacksInForce
    from quotawatt.rulebook.model import Rulebook


class Parts:
    """Rulebook, analyser and alerts over the stores of one home folder."""

    def __init__(
        self, settings: Settings, records: Engine, series: SeriesStore, register: RegisterSource
    ) -> None:
        self._settings = settings
        self._records = records
        self._series = series
        self._register = register

    @cached_property
    def rulebook(self) -> Rulebook:
        """The packs that count, as they stood when first asked for. Raises RulebookError for a broken one."""
        return self.packs.rulebook()

    @cached_property
    def packs(self) -> PacksInForce:
        """The packs that count by settings and approvals."""
        from quotawatt.rulebook.in_force import packs_in_force
        from quotawatt.rulebook.proposals import Proposals

        approved = Proposals(self._records).approved()
        need_approval = self._settings.packs_need_approval
        return packs_in_force(self._settings.packs, approved, need_approval=need_approval)

    @cached_property
    def analyser(self) -> Analyser:
        """What computes results from readings."""
        from analytics.jobs import Analyser

        # It reads requests to recompute beside the register, so an older register would lose them.
        register = RegisterSource(self._records, check_every_s=0)
        return Analyser(self._series, self._records, register, self.rulebook, self._settings)

    @cached_property
    def reconciler(self) -> Reconciler:
        """What compares the register with telemetry."""
        from analytics.jobs import Reconciler

        register = RegisterSource(self._records, check_every_s=0)
        return Reconciler(self._series, self._records, register, self.rulebook, self._settings)

    @cached_property
    def alerts(self) -> AlertService:
        """What judges results by the rules and tells people."""
        from alerts.service import AlertService

        return AlertService(
            series=self._series,
            records=self._records,
            register_source=self._register,
            rulebook=self.rulebook,
            ledger=Ledger(self._records),
            channels=channels(self._settings),
            settings=self._settings,
        )


def channels(settings: Settings) -> dict[str, Channel]:
    """The channels that the settings name; the log always is one."""
    from alerts.channels.log import LogChannel
    from alerts.channels.webhook import WebhookChannel

    found: dict[str, Channel] = {"log": LogChannel(settings.home / "alerts.log", settings.language)}
    if settings.webhook_url:
        found["webhook"] = WebhookChannel(settings.webhook_url, settings.webhook_secret)
    return found
