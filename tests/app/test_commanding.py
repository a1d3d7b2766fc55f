"""From a case to the switch and back, over a real broker: asked for, confirmed, obeyed, answered, cleared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from alerts.cases.book import list_cases, steps_of
from alerts.cases.model import Act, Case, CaseEvent
from alerts.commanding import acts
from alerts.commanding.book import list_commands
from alerts.commanding.model import Command
from alerts.commanding.offering import Ground
from alerts.commanding.states import CommandState
from quotawatt.app.system import System, open_system
from quotawatt.clock import system_clock
from quotawatt.ledger import Ledger
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from quotawatt.storage.case_tables import cases
from simulators.faults import FaultKind
from simulators.obeying import Obeying
from simulators.switched import Dialect, SwitchedLoad
from tests.servers import Server
from tests.waiting import until

pytestmark = pytest.mark.broker

PACK = """\
rules:
  - id: heater-runs
    title: {zh: 加热器运行, en: Heater runs}
    cites: {instrument: conservation-regulation, clause: "14"}
    from: readings
    input: electricity_power_kw
    above: 1
    clear_below: 0.5
    for: 0
    severity: warning
    trust: unverified
    offers: [{command: switch_off}]
    advice: {zh: 请关闭, en: Switch it off}
"""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def register(device: str) -> Register:
    """A heater in an office, on a plug."""
    return Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        sites=[Site("SITE", "院区", "Site", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD", "办公楼", "Building", "SITE", "ORG")],
        meters=[
            Meter("MTR", "总表", "Main meter", "BLD", "electricity"),
            Meter("MTR-H", "电暖器", "Heater", "BLD", "electricity", "A1", "MTR"),
        ],
        bindings=[Binding(device, "MTR-H", LONG_AGO)],
    )


class Stage:
    """A system with a heater that runs, and what its roles do, turn by turn."""

    def __init__(self, system: System, heater: Obeying) -> None:
        self.system = system
        self.heater = heater
        self._commander = system.commander()

    def turn(self) -> None:
        """What the roles do each some seconds."""
        now = system_clock()
        self._commander.run(now)
        self.system.alerts.watch(now)
        self.system.alerts.follow_commands(now)

    def comes(self, condition: Callable[[], object]) -> None:
        """Turn until it is so."""

        def turned() -> object:
            self.turn()
            return condition()

        until(turned)

    def case(self) -> Case | None:
        with self.system.records.connect() as conn:
            _, found = list_cases(conn, [cases.c.rule == "heater-runs"], [cases.c.id], 2)
        assert len(found) < 2
        return found[0] if found else None

    def command(self) -> Command:
        with self.system.records.connect() as conn:
            return list_commands(conn)[-1]

    def act(self, deed: Callable[..., Any], *rest: Any, who: str) -> Command:
        system, now = self.system, system_clock()
        book = system.rulebook.as_of(now.date())
        ground = Ground(system.register(), book, system.parts.commands(), system.series)
        with system.records.begin() as conn:
            made: Command = deed(conn, *rest, ground, Act(who, now))[0]
        return made

    def switched_off(self) -> Command:
        """The heater's case is asked for, and confirmed; the command as it is then."""
        self.comes(self.case)
        case = self.case()
        assert case is not None
        wanted = acts.Wanted("switch_off", self.heater.load.device)
        asked = self.act(acts.ask, case.id, wanted, who="li")
        assert self.heater.load.on
        return self.act(acts.confirm, asked.id, who="boss")

    def events(self) -> list[str]:
        case = self.case()
        assert case is not None
        with self.system.records.connect() as conn:
            steps = steps_of(conn, case)
        return [str(s.detail["step"] if s.event is CaseEvent.COMMAND else s.event) for s in steps]


@contextmanager
def running(
    broker: Server, home: Path, device: str, dialect: Dialect, fault: FaultKind | None
) -> Iterator[Stage]:
    packs = home / "packs"
    packs.mkdir(parents=True)
    (packs / "heater.yaml").write_text(PACK, encoding="utf-8")
    settings = Settings(
        home=home,
        series_url="memory",
        packs=(packs,),
        commands_enabled=True,
        mqtt_host=broker.host,
        mqtt_port=broker.port,
        mqtt_client_id=f"collector-{device}",
        mqtt_topics=(f"+/{device}/#", f"{device}/#"),
        batch_age_s=0.05,
    )
    system = open_system(settings, system_clock)
    save_register(system.records, register(device), "test", system_clock())
    collector = system.collector()
    load = SwitchedLoad(device, dialect, 2.0, system_clock(), fault=fault)
    heater = Obeying(load, broker.host, broker.port, 0.2, system_clock)
    collector.start()
    until(lambda: collector.healthy()["subscribed"])
    heater.start()
    try:
        yield Stage(system, heater)
    finally:
        heater.stop()
        collector.stop()
        system.close()


def test_a_case_switches_a_heater_off_and_clears(mosquitto: Server, tmp_path: Path) -> None:
    with running(mosquitto, tmp_path, "heater-1", Dialect.TASMOTA, None) as site:
        confirmed = site.switched_off()
        assert confirmed.state is CommandState.CONFIRMED
        site.comes(lambda: site.command().state is CommandState.ANSWERED)
        assert not site.heater.load.on
        assert site.command().answer["value"] == 0.0
        site.comes(lambda: (case := site.case()) is not None and not case.firing)
        events = site.events()
        assert events[0] == "opened"
        assert [e for e in events if e in set(CommandState)] == [
            "asked",
            "confirmed",
            "sent",
            "answered",
        ]
        assert "cleared" in events
        back = site.act(acts.undo, confirmed.id, who="li")
        site.act(acts.confirm, back.id, who="boss")
        site.comes(lambda: site.command().state is CommandState.ANSWERED)
        assert site.heater.load.on
        assert Ledger(site.system.records).verify() == []


def test_a_deaf_heater_times_out_and_the_case_says_so(mosquitto: Server, tmp_path: Path) -> None:
    with running(mosquitto, tmp_path, "heater-deaf", Dialect.NATIVE, FaultKind.DEAF) as site:
        site.switched_off()
        site.comes(lambda: site.command().state is CommandState.SENT)
        late = site.command().answer_until
        assert late is not None
        site.system.alerts.follow_commands(late)
        command = site.command()
        assert command.state is CommandState.TIMED_OUT
        assert command.error == "switch_on must be 0, the device says 1"
        assert site.events()[-1] == "timed_out"
        assert site.heater.load.on
