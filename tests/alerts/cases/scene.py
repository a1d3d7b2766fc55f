"""What the tests of cases share: a small register, rules with policies, changes of alerts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert

from alerts.cases.book import latest_of
from alerts.cases.model import Act, Case, Step
from alerts.cases.reacting import react
from alerts.engine.repository import Alert, Change, store_alerts
from alerts.engine.transition import AlertState, Phase
from alerts.wording import Context
from quotawatt.register.kinds import Duty
from quotawatt.register.model import Building, Meter, Organisation, Register, Site, Vehicle
from quotawatt.rulebook.alert_rules import CasePolicy, Closing
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_date
from quotawatt.storage.access_tables import grants, users
from tests.alerts.results import midnight
from tests.alerts.rules import DAY, RULEBOOK, rule

ZONE = ZoneInfo("Asia/Shanghai")
NOW = midnight("2023-06-05") + timedelta(hours=10)  # a Monday, 10:00 in Shanghai
HOUR = timedelta(hours=1)

REGISTER = Register(
    organisations=[
        Organisation("ORG-1", "局", "Bureau", "party_government", "city"),
        Organisation("ORG-2", "所", "Office", "party_government", "city", region_parent="ORG-1"),
        Organisation("ORG-3", "校", "School", "education", "city"),
    ],
    sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "主楼", "Main building", "SITE-1", "ORG-2", 1000.0)],
    meters=[Meter("MTR-1", "表", "Meter", "BLD-1", "electricity")],
    vehicles=[Vehicle("VEH-1", "车", "Car", "ORG-3", "鲁Z1", "car", "petrol")],
    duties=[
        Duty("ORG-1", "owner", "能源管理员", date(2020, 1, 1), account="li"),
        Duty("BLD-1", "deputy", "值班员", date(2020, 1, 1), mobile="13800000000"),
    ],
)

BOOK = replace(
    RULEBOOK,
    rules={
        r.id: r
        for r in (
            rule("over", "quota_share_pct", 100),
            replace(rule("loss", "silence_h", 24), case=CasePolicy(close=Closing.MANAGER)),
            replace(rule("leak", "electricity_excess_pct", 15), case=CasePolicy(None)),
        )
    },
)


def context_at(now: datetime, register: Register = REGISTER, book: Rulebook = BOOK) -> Context:
    """What cases are judged by on the day of ``now``."""
    return Context(register, book, ZONE, local_date(now, ZONE))


def fired(
    subject: str = "MTR-1", rule_id: str = "over", now: datetime = NOW, severity: str = "warning"
) -> Alert:
    """A new alert that fires."""
    state = AlertState(Phase.FIRING, 120.0, severity, now - DAY, now, evaluated_at=now)
    asset = subject.partition("/")[0]
    return Alert(rule_id, subject, asset, severity, state, {"quota_share_pct": 120.0})


class Desk:
    """Alerts and their cases in one record store."""

    def __init__(self, records: Engine, register: Register = REGISTER) -> None:
        self.records = records
        self.register = register

    def happen(
        self, alert: Alert, *events: str, at: datetime = NOW, note: Mapping[str, Any] | None = None
    ) -> list[Step]:
        """One change of one alert at an instant; the steps of its case."""
        with self.records.begin() as conn:
            stored = store_alerts(conn, [alert])[0]
            change = Change(stored, events, note or {})
            return react(conn, [change], context_at(at, self.register), at)

    def do(self, deed: Callable[..., Step], number: int, act: Act, *rest: Any) -> Step:
        """One act of a person."""
        with self.records.begin() as conn:
            return deed(conn, number, act, *rest)

    def case(self, subject: str = "MTR-1", rule_id: str = "over") -> Case:
        """The newest case of a pair."""
        with self.records.connect() as conn:
            return latest_of(conn, [(rule_id, subject)])[rule_id, subject]


def act(actor: str = "li", comment: str = "", at: datetime = NOW) -> Act:
    """An act of somebody."""
    return Act(actor, at, comment)


def add_account(
    records: Engine, name: str, *grants_over: tuple[str, str], blocked: bool = False
) -> None:
    """An account with roles, each over an organisation (empty: the whole)."""
    with records.begin() as conn:
        row = {"name": name, "display_name": name, "password_hash": "", "blocked": blocked}
        made = {"must_change_password": False, "created_at": NOW, "created_by": "test"}
        conn.execute(insert(users).values({**row, **made}))
        for role, organisation in grants_over:
            given = {"user": name, "role": role, "organisation": organisation, "tree": "region"}
            stamp = {"granted_at": NOW, "granted_by": "test"}
            conn.execute(insert(grants).values({**given, **stamp}))
