"""What the tests of commands share: an office with a plug and a cooling unit, a case, a rule that offers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Engine, insert

from alerts.cases.book import read_case, take_step
from alerts.cases.model import Act, Case, CaseEvent, CaseState, Step
from alerts.commanding import acts
from alerts.commanding.book import read_command
from alerts.commanding.model import Command
from alerts.commanding.offering import Ground
from alerts.commanding.watching import watch
from collectors.commanding import catalogue
from collectors.profile import load_profiles
from quotawatt.devicecommands import Catalogue
from quotawatt.readings import Reading, readings_table
from quotawatt.register.model import (
    Binding,
    Building,
    Equipment,
    Meter,
    Organisation,
    Register,
    Site,
    Space,
)
from quotawatt.rulebook.alert_rules import Offer
from quotawatt.storage.jobs import claim_job, end_job
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.tables import device_families
from tests.alerts.rules import RULEBOOK, rule

NOW = datetime(2023, 6, 5, 2, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

REGISTER = Register(
    organisations=[Organisation("ORG", "局", "Bureau", "party_government", "city")],
    sites=[Site("SITE", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD", "主楼", "Main building", "SITE", "ORG", 1000.0)],
    spaces=[Space("SPC", "会议室", "Meeting room", "BLD", "meeting")],
    equipment=[Equipment("EQP", "空调", "Cooling unit", "split_unit", "ORG", "BLD", "SPC")],
    meters=[
        Meter("MTR", "总表", "Main meter", "BLD", "electricity"),
        Meter("MTR-A", "饮水机", "Water heater", "BLD", "electricity", "A1", "MTR"),
        Meter("MTR-B", "空调表", "Cooling meter", "BLD", "electricity", "B2", "MTR", serves="EQP"),
        Meter("MTR-C", "电梯", "Lift", "BLD", "electricity", "C1", "MTR"),
    ],
    bindings=[
        Binding("main", "MTR", LONG_AGO),
        Binding("plug", "MTR-A", LONG_AGO),
        Binding("ac", "MTR-B", LONG_AGO),
        Binding("lift", "MTR-C", LONG_AGO),
    ],
)
FAMILIES = {"main": "native", "plug": "tasmota", "ac": "native", "lift": "native"}
OFFERS = (Offer("switch_off"), Offer("set_point", 28.0))


@cache
def shipped_commands() -> Catalogue:
    """What the shipped profiles know."""
    return catalogue(load_profiles())


class Scene:
    """A case of the building, devices that are on and heard, and somebody who does things."""

    def __init__(
        self, records: Engine, catalogue: Catalogue, offers: Sequence[Offer] = OFFERS
    ) -> None:
        self.records = records
        self.series = MemorySeriesStore()
        offering = replace(rule("over", "quota_share_pct", 100), offers=offers)
        book = replace(RULEBOOK, rules={"over": offering})
        self.ground = Ground(REGISTER, book, catalogue, self.series)
        with records.begin() as conn:
            rows = [{"device": d, "profile": f} for d, f in FAMILIES.items()]
            conn.execute(insert(device_families), rows)
        for device in FAMILIES:
            self.hears(device, 1.0, NOW - MINUTE)
        self.hears("ac", 26.0, NOW - MINUTE, "temperature_setpoint_c")
        self.case = self.open_case("BLD")

    def open_case(self, asset: str, rule_id: str = "over") -> int:
        """The number of a new case of an asset."""
        draft = Case(
            id=0,
            rule=rule_id,
            subject=asset,
            asset=asset,
            organisation="ORG",
            site="SITE",
            source="results",
            severity="warning",
            state=CaseState.OPEN,
            firing=True,
            began_at=NOW,
            opened_at=NOW,
            changed_at=NOW,
        )
        with self.records.begin() as conn:
            return take_step(conn, draft, CaseEvent.OPENED, Act("alerts", NOW)).case.id

    def close_case(self) -> None:
        """It is over."""
        with self.records.begin() as conn:
            case = read_case(conn, self.case, lock=True)
            take_step(conn, case, CaseEvent.CLOSED, Act("boss", NOW, "done"))

    def hears(
        self,
        device: str,
        value: float,
        at: datetime,
        quantity: str = "switch_on",
        channel: str = "",
    ) -> None:
        """A reading comes."""
        reading = Reading(device, channel, quantity, at, value, at)
        self.series.write_readings(readings_table([reading]))

    def ask(
        self,
        command: str = "switch_off",
        device: str = "plug",
        value: float | None = None,
        at: datetime = NOW,
    ) -> Command:
        """An officer asks."""
        wanted = acts.Wanted(command, device, "", value)
        with self.records.begin() as conn:
            return acts.ask(conn, self.case, wanted, self.ground, Act("li", at, "too much"))[0]

    def confirm(self, number: int, who: str = "boss", at: datetime = NOW) -> Command:
        """A manager confirms."""
        with self.records.begin() as conn:
            return acts.confirm(conn, number, self.ground, Act(who, at))[0]

    def sent(self, at: datetime = NOW) -> Command:
        """A command that was asked for, confirmed, sent, and noted as sent."""
        made = self.ask(at=at)
        self.confirm(made.id, at=at)
        self.send(at, {"sent_at": at.isoformat(), "acknowledged": True})
        self.watch(at)
        return self.read(made.id)

    def send(self, at: datetime, result: dict[str, object], error: str = "") -> None:
        """A collector does the job that waits."""
        with self.records.begin() as conn:
            job = claim_job(conn, ("command",), "collector", at)
            assert job is not None
            end_job(conn, job, at, result, error)

    def watch(self, at: datetime) -> list[Step]:
        """The alert role looks after commands."""
        with self.records.begin() as conn:
            return watch(conn, self.series, at)

    def read(self, number: int) -> Command:
        """A command as it is kept."""
        with self.records.connect() as conn:
            return read_command(conn, number)
