"""The whole way: results → alert → ledger → outbox → channel, on real record stores."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from alerts.channels.base import Channel, Delivery
from alerts.channels.log import LogChannel
from alerts.channels.webhook import WebhookChannel
from alerts.outbox import LONGEST_RETRY, MAX_TRIES, wait_after
from alerts.service import AlertService
from alerts.transition import Phase
from quotawatt.errors import ChannelError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.readings import Grain, Reading, readings_table
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.tables import outbox
from tests.alerts.receiver import run_receiver
from tests.alerts.results import Line, midnight, results_table
from tests.alerts.rules import DAY, RULEBOOK, RULES

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
    """A channel that keeps what it gets, and fails as often as it is told to."""

    failures: list[ChannelError] = field(default_factory=list)
    got: list[Delivery] = field(default_factory=list)

    def send(self, delivery: Delivery) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.got.append(delivery)


@dataclass
class Bench:
    """A service with its stores, and the days that go by."""

    records: Engine
    channels: Mapping[str, Channel]
    register: Register = REGISTER
    series: MemorySeriesStore = field(default_factory=MemorySeriesStore)
    rulebook: Rulebook = RULEBOOK

    def __post_init__(self) -> None:
        self.service = AlertService(
            series=self.series,
            records=self.records,
            register_source=lambda: self.register,
            rulebook=self.rulebook,
            ledger=Ledger(self.records),
            channels=self.channels,
            settings=Settings(home=Path("unused")),
        )

    def write(self, lines: list[Line]) -> None:
        self.series.write_results(Grain.DAY, results_table(lines))

    def hear(self, at: datetime, device: str = "dev-1") -> None:
        reading = Reading(device, "", "electricity_import_kwh", at, 1.0, arrived=at)
        self.series.write_readings(readings_table([reading]))

    def quota_days(self, shares: list[float], first: str = "2023-06-01") -> list[str]:
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

    def actions(self) -> list[str]:
        return [e.action for e in Ledger(self.records).entries()]

    def outbox(self) -> list[Any]:
        with self.records.connect() as conn:
            return list(conn.execute(select(outbox).order_by(outbox.c.id)))


def test_a_quota_alert_runs_its_course(records: Engine) -> None:
    recorder = Recorder()
    bench = Bench(records, {"log": recorder})
    phases = bench.quota_days([90, 101, 102, 103, 104, 99, 98, 98])
    assert phases == [
        "-",
        "pending",
        "pending",
        "pending",
        "firing",
        "firing",
        "resolved",
        "resolved",
    ]
    assert bench.actions() == ["alert_pending", "alert_fired", "alert_resolved"]
    (alert,) = bench.service.list([Phase.RESOLVED])
    assert (alert.rule, alert.subject, alert.asset) == (
        "quota-projected-over", "BLD-1/area/2023", "BLD-1",
    )  # fmt: skip
    assert alert.state.firing_since == FIRST + 4 * DAY
    assert alert.state.resolved_at == FIRST + 6 * DAY
    assert bench.service.deliver(FIRST + 7 * DAY) == 2
    assert [d.body["event"] for d in recorder.got] == ["firing", "resolved"]
    firing = recorder.got[0]
    assert firing.key == (
        f"quota-projected-over:BLD-1/area/2023:{(FIRST + 4 * DAY).isoformat()}:firing:log"
    )
    assert firing.body["value"] == 104
    assert firing.body["evidence"]["quota_used_kgce"] == 9004
    assert "主楼" in firing.body["zh"]["title"]
    assert "约束值 22,300.0 kgce" in firing.body["zh"]["text"]
    assert bench.actions()[3:] == ["message_delivered"] * 2
    assert Ledger(records).verify() == []


def test_evaluating_again_writes_nothing(records: Engine) -> None:
    bench = Bench(records, {"log": Recorder()})
    bench.quota_days([101, 102, 103, 104])
    now = FIRST + 3 * DAY
    assert bench.service.evaluate(now) == []
    assert len(bench.outbox()) == 1
    assert bench.actions() == ["alert_pending", "alert_fired"]


def test_turning_the_year_neither_resolves_nor_reopens(records: Engine) -> None:
    bench = Bench(records, {"log": Recorder()})
    bench.quota_days([101, 102, 103, 104, 104], first="2023-12-27")
    bench.quota_days([20] * 60, first="2024-01-01")
    (alert,) = bench.service.list([Phase.FIRING])
    assert alert.subject == "BLD-1/area/2023"
    # 40 days after its last day the closed year is out of sight; that is recorded, and no more
    assert alert.state.no_data_since == midnight("2024-02-10")
    assert bench.actions() == ["alert_pending", "alert_fired", "alert_no_data"]


def test_a_closed_year_that_is_corrected_resolves(records: Engine) -> None:
    bench = Bench(records, {"log": Recorder()})
    bench.quota_days([101, 102, 103, 104, 104], first="2023-12-27")
    bench.write([("BLD-1/area", "quota_projected_share_pct", "2023-12-31", 97.0)])
    bench.service.evaluate(midnight("2024-01-10"))
    (alert,) = bench.service.list([Phase.RESOLVED])
    assert alert.subject == "BLD-1/area/2023"


def test_a_silent_meter_fires_and_resolves_when_it_speaks(records: Engine) -> None:
    bench = Bench(records, {"log": Recorder()})
    bench.hear(FIRST)
    bench.service.evaluate(FIRST + timedelta(hours=24))
    assert bench.service.list() == []
    (alert,) = bench.service.evaluate(FIRST + timedelta(hours=25))
    assert (alert.subject, alert.state.phase, alert.state.value) == ("MTR-1", Phase.FIRING, 25.0)
    bench.hear(FIRST + timedelta(hours=26))
    (alert,) = bench.service.evaluate(FIRST + timedelta(hours=27))
    assert alert.state.phase is Phase.RESOLVED


def test_no_data_is_recorded_once_and_resolves_nothing(records: Engine) -> None:
    bench = Bench(records, {"log": Recorder()})
    for day in range(1, 5):
        bench.write([("BLD-1", "electricity_excess_pct", f"2023-06-0{day}", 30.0)])
        bench.hear(midnight(f"2023-06-0{day}") + timedelta(hours=23))
        bench.service.evaluate(midnight(f"2023-06-0{day}") + DAY)
    for day in range(6, 30):
        bench.hear(midnight(f"2023-06-{day:02}") - timedelta(hours=1))
        bench.service.evaluate(midnight(f"2023-06-{day:02}"))
    (alert,) = bench.service.list()
    assert alert.state.phase is Phase.FIRING
    assert alert.state.no_data_since == midnight("2023-06-08")  # three days after the 4th's start
    assert alert.evidence["day"] == "2023-06-04"
    assert bench.actions() == ["alert_pending", "alert_fired", "alert_no_data"]


def test_the_outbox_keeps_a_message_until_a_real_receiver_takes_it(
    records: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with run_receiver(503, 500) as receiver:
        channels: dict[str, Channel] = {
            "log": LogChannel(tmp_path / "alerts.log"),
            "webhook": WebhookChannel(receiver.url),
        }
        bench = Bench(records, channels)
        bench.quota_days([101, 102, 103, 104])
        now = FIRST + 3 * DAY
        assert bench.service.deliver(now) == 1  # the log
        assert bench.service.deliver(now + timedelta(seconds=29)) == 0  # not due yet
        assert len(receiver.requests) == 1
        assert bench.service.deliver(now + timedelta(seconds=30)) == 0
        assert bench.service.deliver(now + timedelta(seconds=89)) == 0
        assert bench.service.deliver(now + timedelta(seconds=90)) == 1
        assert bench.service.deliver(now + DAY) == 0
    assert len(receiver.requests) == 3
    assert len({r.headers["idempotency-key"] for r in receiver.requests}) == 1
    assert json.loads(receiver.requests[2].body)["subject"] == "BLD-1/area/2023"
    (line,) = (tmp_path / "alerts.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["event"] == "firing"
    assert [row.tries for row in bench.outbox()] == [1, 3]
    assert bench.actions()[-2:] == ["message_delivered"] * 2


def _refusal(retryable: bool) -> ChannelError:
    return ChannelError("the webhook must answer 2xx, example.org says 503", retryable=retryable)


def test_a_message_that_never_arrives_is_given_up_with_its_reason(records: Engine) -> None:
    recorder = Recorder(failures=[_refusal(True)] * MAX_TRIES)
    bench = Bench(records, {"webhook": recorder})
    bench.quota_days([101, 102, 103, 104])
    now = FIRST + 3 * DAY
    for tries in range(1, MAX_TRIES + 1):
        assert bench.service.deliver(now) == 0
        now += wait_after(tries)
    (row,) = bench.outbox()
    assert row.failed_at is not None
    assert (row.tries, row.delivered_at) == (MAX_TRIES, None)
    assert row.last_error.endswith("example.org says 503")
    assert bench.service.deliver(now + 100 * DAY) == 0
    assert bench.actions()[-1] == "message_given_up"


def test_what_is_refused_for_good_is_not_tried_again(records: Engine) -> None:
    bench = Bench(records, {"webhook": Recorder(failures=[_refusal(False)])})
    bench.quota_days([101, 102, 103, 104])
    bench.service.deliver(FIRST + 3 * DAY)
    (row,) = bench.outbox()
    assert (row.tries, row.failed_at) == (1, FIRST + 3 * DAY)


def test_a_channel_that_is_gone_loses_nothing_at_once(records: Engine) -> None:
    bench = Bench(records, {"webhook": Recorder()})
    bench.quota_days([101, 102, 103, 104])
    without = Bench(records, {"log": Recorder()})
    assert without.service.deliver(FIRST + 3 * DAY) == 0
    (row,) = bench.outbox()
    assert row.last_error == "a channel must be set up, got webhook"
    assert bench.service.deliver(FIRST + 4 * DAY) == 1


def test_a_failing_channel_is_left_alone_and_does_not_hold_up_another(records: Engine) -> None:
    meters = [Meter(f"MTR-{n}", "表", "Meter", "BLD-1", "electricity") for n in range(150)]
    bound = [Binding(f"d{n}", f"MTR-{n}", midnight("2023-06-01")) for n in range(150)]
    register = Register(meters=meters, bindings=bound)
    log, webhook = Recorder(), Recorder(failures=[_refusal(True)] * 3)
    bench = Bench(records, {"webhook": webhook, "log": log}, register)
    bench.service.evaluate(FIRST + 3 * DAY)
    assert bench.service.deliver(FIRST + 3 * DAY) == 100
    assert len(webhook.failures) == 2
    assert len(log.got) == 100


def test_waits_double_up_to_a_bound() -> None:
    assert [wait_after(n).total_seconds() for n in (1, 2, 3)] == [30, 60, 120]
    assert wait_after(MAX_TRIES) == LONGEST_RETRY


def test_a_firing_alert_is_acknowledged_once(records: Engine) -> None:
    bench = Bench(records, {"log": Recorder()})
    bench.quota_days([101])
    (alert,) = bench.service.list()
    assert alert.id is not None
    with pytest.raises(StateError, match="only a firing alert can be acknowledged, got pending"):
        bench.service.acknowledge(alert.id, "officer", "", FIRST)
    bench.quota_days([102, 103, 104], first="2023-06-02")
    now = FIRST + 3 * DAY
    taken = bench.service.acknowledge(alert.id, "officer", "看过了", now)
    assert (taken.acknowledged_by, taken.acknowledged_at) == ("officer", now)
    with pytest.raises(StateError, match="acknowledged once, got one of officer"):
        bench.service.acknowledge(alert.id, "other", "", now)
    with pytest.raises(NotFoundError, match="got 999"):
        bench.service.acknowledge(999, "officer", "", now)
    entry = Ledger(records).entries()[-1]
    assert (entry.actor, entry.action) == ("officer", "alert_acknowledged")
    assert json.loads(entry.detail)["comment"] == "看过了"
    bench.quota_days([105], first="2023-06-05")
    assert bench.service.list()[0].acknowledged_by == "officer"


def test_firing_anew_asks_for_a_new_acknowledgement(records: Engine) -> None:
    bench = Bench(records, {"log": Recorder()})
    bench.quota_days([101, 102, 103, 104])
    alert_id = bench.service.list()[0].id
    assert alert_id is not None
    bench.service.acknowledge(alert_id, "officer", "", FIRST + 3 * DAY)
    bench.quota_days([90, 101, 101, 101, 101], first="2023-06-05")
    (alert,) = bench.service.list()
    assert (alert.state.phase, alert.acknowledged_by) == (Phase.FIRING, None)
    assert len(bench.outbox()) == 3


def test_a_rule_that_left_the_rulebook_leaves_its_alerts(records: Engine) -> None:
    bench = Bench(records, {"log": Recorder()})
    bench.quota_days([101, 102, 103, 104])
    bench.service._rulebook = replace(RULEBOOK, rules={"meter-silent": RULES["meter-silent"]})
    assert bench.service.evaluate(FIRST + 3 * DAY + timedelta(hours=12)) == []
    assert bench.service.list()[0].state.phase is Phase.FIRING
