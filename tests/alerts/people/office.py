"""A small office with its duties, accounts and channels, for the tests of who is told."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from alerts.cases.model import Act, Case, CaseEvent, CaseState, Step
from alerts.cases.taking import Deed, take_steps
from alerts.channels.base import Address, ChannelKind, ChannelSpec
from alerts.people.accounts import Account
from alerts.people.telling import Telling
from quotawatt.register.belonging import Tree
from quotawatt.register.kinds import Building, Duty, Equipment, Meter, Organisation, Site, Vehicle
from quotawatt.register.model import Register
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.storage.case_tables import notices

NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)  # a Tuesday, 10:00 in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = date(2020, 1, 1)

OWNER = Duty("BLD-1", "owner", "楼管", SINCE, account="li", email="li@example.org")
DEPUTY = Duty("ORG-1", "deputy", "副科长", SINCE, email="deputy@example.org", language="en")
SECOND_DEPUTY = Duty("ORG-1", "deputy", "值班员", SINCE, rank=2, mobile="13800000000")
SUPERVISOR = Duty("ORG-1", "supervisor", "科长", SINCE, account="zhao")
MANAGER = Duty("ORG-0", "manager", "分管局长", SINCE, account="sun")
DUTIES = (OWNER, DEPUTY, SECOND_DEPUTY, SUPERVISOR, MANAGER)

INBOX = ChannelSpec("inbox", ChannelKind.INBOX, Address.ACCOUNT)
EMAIL = ChannelSpec("email", ChannelKind.EMAIL, Address.EMAIL)
LOG = ChannelSpec("log", ChannelKind.LOG)
WEBHOOK = ChannelSpec("webhook", ChannelKind.WEBHOOK)
CHANNELS = (INBOX, EMAIL, LOG)
BOOK = load_rulebook()


def register(duties: Iterable[Duty] = DUTIES, owner_zh: str = "") -> Register:
    """A building of ORG-1, which is below ORG-0, with two meters; and a vehicle."""
    return Register(
        organisations=[
            Organisation("ORG-0", "市局", "City", "party_government", "city"),
            Organisation(
                "ORG-1", "局", "Bureau", "party_government", "city", "ORG-0", owner_zh=owner_zh
            ),
        ],
        sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD-1", "主楼", "Main", "SITE-1", "ORG-1")],
        meters=[Meter(f"MTR-{n}", "表", "Meter", "BLD-1", "electricity") for n in (1, 2)],
        equipment=[Equipment("EQ-1", "冷机", "Chiller", "chiller", "ORG-1")],
        vehicles=[Vehicle("VEH-1", "车", "Car", "ORG-1", "鲁Z1", "car", "petrol")],
        duties=list(duties),
    )


def accounts(*blocked: str) -> dict[str, Account]:
    """Accounts; of these some are blocked. ``guo`` manages ORG-0, ``he`` the whole."""
    manages: dict[str, tuple[tuple[str, Tree], ...]] = {
        "guo": (("ORG-0", "region"),),
        "he": (("", "region"),),
    }
    names = ("li", "zhao", "sun", "guo", "he")
    return {n: Account(n, n.title(), n in blocked, manages.get(n, ())) for n in names}


def telling(
    duties: Iterable[Duty] = DUTIES,
    blocked: Iterable[str] = (),
    channels: Iterable[ChannelSpec] = CHANNELS,
    **changes: Any,
) -> Telling:
    """The office, with the routes that come with the program."""
    found = Telling(
        register=register(duties),
        rulebook=BOOK,
        users=accounts(*blocked),
        channels={spec.name: spec for spec in channels},
        zone=ZoneInfo("Asia/Shanghai"),
    )
    return replace(found, **changes)


def case_of(asset: str = "MTR-1", severity: str = "warning", **values: Any) -> Case:
    """A new case of a silent meter."""
    known = {
        "id": 0,
        "rule": "meter-silent",
        "subject": asset,
        "asset": asset,
        "organisation": "ORG-1",
        "site": "SITE-1",
        "source": "results",
        "severity": severity,
        "state": CaseState.OPEN,
        "firing": True,
        "began_at": NOW,
        "opened_at": NOW,
        "changed_at": NOW,
    }
    return Case(**{**known, **values})


def opened(conn: Connection, *cases: Case, at: datetime = NOW) -> list[Step]:
    """The steps of opening these cases."""
    act = Act("alerts", at)
    return take_steps(conn, [Deed(case, CaseEvent.OPENED, act) for case in cases])


def stepped(
    conn: Connection,
    case: Case,
    event: CaseEvent,
    actor: str = "alerts",
    at: datetime = NOW,
    **changes: Any,
) -> Step:
    """A step of a case by somebody."""
    return take_steps(conn, [Deed(case, event, Act(actor, at), {}, changes)])[0]


def told(conn: Connection, event: str = "opened") -> list[tuple[str, str]]:
    """Recipient and channel of the notices of an event that wait, in order."""
    query = select(notices.c.recipient, notices.c.channel).where(
        notices.c.event == event, notices.c.state == "waiting"
    )
    return sorted((row.recipient, row.channel) for row in conn.execute(query))
