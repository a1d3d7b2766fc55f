"""An alert service with its stores, and the days that go by."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from alerts.cases.model import Case
from alerts.cases.rows import case_of
from alerts.channels.base import ChannelKind, Channels, ChannelSpec, Delivery
from alerts.delivery.sender import Sender
from alerts.engine.repository import Alert
from alerts.service import AlertService
from quotawatt.ledger import Ledger
from quotawatt.readings import Grain, Reading, readings_table
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.storage.case_tables import cases, notices
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.result_marks import MarkingSeriesStore
from tests.alerts.results import Line, midnight, results_table
from tests.alerts.rules import DAY, RULEBOOK

REGISTER = Register(
    organisations=[Organisation("ORG-1", "局", "Bureau", "party_government", "city")],
    sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "主楼", "Main building", "SITE-1", "ORG-1", 1000.0)],
    meters=[Meter("MTR-1", "表", "Meter", "BLD-1", "electricity")],
    bindings=[Binding("dev-1", "MTR-1", midnight("2023-06-01"))],
)
FIRST = midnight("2023-06-02")


@dataclass
class Recorder:
    """A channel that keeps what it gets."""

    got: list[Delivery] = field(default_factory=list)

    def send(self, delivery: Delivery) -> None:
        self.got.append(delivery)


@dataclass
class Bench:
    """A service with its stores. Results are written as the analyser does: their subjects are marked."""

    records: Engine
    register: Register = REGISTER
    series: SeriesStore = field(default_factory=MemorySeriesStore)
    rulebook: Rulebook = RULEBOOK
    log: Recorder = field(default_factory=Recorder)

    def __post_init__(self) -> None:
        self.results = MarkingSeriesStore(self.series, self.records)
        self.service = self.another()

    def another(self) -> AlertService:
        """A service of a process that starts now, on the same stores."""
        specs = {"log": ChannelSpec("log", ChannelKind.LOG)}
        channels = Channels(specs, {"log": self.log})
        return AlertService(
            series=self.series,
            records=self.records,
            register_source=lambda: self.register,
            rulebook=self.rulebook,
            ledger=Ledger(self.records),
            channels=channels,
            sender=Sender(self.records, channels, lambda _keys, _now: {}, "test"),
            settings=Settings(home=Path("unused")),
        )

    def write(self, lines: Sequence[Line]) -> None:
        self.results.write_results(Grain.DAY, results_table(lines))

    def hear(
        self,
        at: datetime,
        device: str = "dev-1",
        quantity: str = "electricity_import_kwh",
        value: float = 1.0,
        **changes: Any,
    ) -> None:
        reading = Reading(device, "", quantity, at, value, arrived=at, **changes)
        self.series.write_readings(readings_table([reading]))

    def quota_days(self, shares: Sequence[float], first: str = "2023-06-01") -> list[str]:
        """A day for each projected share: write it, evaluate the midnight after, tell the phase."""
        phases = []
        for number, share in enumerate(shares):
            start = midnight(first) + number * DAY
            day = f"{start + timedelta(hours=8):%Y-%m-%d}"
            self.write(
                [
                    ("BLD-1/area", "quota_projected_share_pct", day, share),
                    ("BLD-1/area", "quota_used_kgce", day, 9000.0 + number),
                    ("BLD-1/area", "quota_limit_kgce", day, 22300.0),
                ]
            )
            self.hear(start + timedelta(hours=23))
            self.service.evaluate(start + DAY)
            found = [a for a in self.service.list() if a.rule == "quota-projected-over"]
            phases.append(found[0].state.phase.value if found else "-")
        return phases

    def alert(self, rule: str) -> Alert:
        """The one alert of a rule."""
        (found,) = [alert for alert in self.service.list() if alert.rule == rule]
        return found

    def actions(self, prefix: str = "alert_") -> list[str]:
        """What the ledger says, in order, of alerts (or of cases: ``case_``)."""
        entries = Ledger(self.records).entries(limit=1000)
        return [e.action for e in entries if e.action.startswith(prefix)]

    def notes(self) -> list[dict[str, Any]]:
        """What was noted of corrected and late data, in order."""
        book = Ledger(self.records)
        details = [book.detail_of(entry) for entry in book.entries(limit=1000)]
        return [detail["note"] for detail in details if "note" in detail]

    def cases(self) -> list[Case]:
        """All cases, by number."""
        with self.records.connect() as conn:
            rows = conn.execute(select(cases).order_by(cases.c.id)).mappings().all()
        return [case_of(dict(row)) for row in rows]

    def noticed(self) -> list[str]:
        """The events that somebody is to be told of, in order."""
        with self.records.connect() as conn:
            return list(conn.execute(select(notices.c.event).order_by(notices.c.id)).scalars())
