"""A building with its meter, and cases of every kind about them, that the tests of messages share."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from alerts.cases.model import Case, CaseEvent, CaseState
from alerts.messages.impact import NOTHING_KNOWN, Impact
from alerts.messages.summarising import summarise
from alerts.messages.summary import CaseSummary
from alerts.messages.writing import Writing
from alerts.people.recipients import Recipient
from alerts.people.telling import Telling
from quotawatt.register.model import Building, Meter, Organisation, Register, Site
from quotawatt.rulebook.alert_rules import Direction, Rule, Source
from quotawatt.rulebook.model import Citation, Rulebook, Text
from tests.alerts.results import SHANGHAI
from tests.alerts.rules import RULEBOOK, RULES

NOW = datetime(2023, 6, 5, 1, tzinfo=UTC)
BEGAN = datetime(2023, 6, 1, 16, tzinfo=UTC)

REGISTER = Register(
    organisations=[
        Organisation(
            code="ORG-1",
            name_zh="市教育局",
            name_en="Education Bureau",
            kind="party_government",
            level="city",
            owner_zh="办公室主任",
            owner_en="Office head",
        )
    ],
    sites=[Site("SITE-1", "东院", "East court", "Asia/Urumqi", "shandong", "B")],
    buildings=[Building("BLD-1", "主楼", "Main building", "SITE-1", "ORG-1", 1000.0)],
    meters=[Meter("MTR-1", "总表", "Incomer", "BLD-1", "electricity")],
)


def plain_rule(name: str, watched: str, threshold: float, **more: Any) -> Rule:
    """A rule of an invented text on any input."""
    return Rule(
        id=name,
        title=Text(f"规则{name}", f"rule {name}"),
        cites=Citation("regulation", "14"),
        input=watched,
        threshold=threshold,
        clear=threshold,
        for_=timedelta(0),
        keep_firing_for=timedelta(0),
        severity="warning",
        advice=Text("查明原因", "find the cause"),
        **more,
    )


BOOK = Rulebook(
    instruments=RULEBOOK.instruments,
    factor_sets=RULEBOOK.factor_sets,
    quotas=RULEBOOK.quotas,
    targets=RULEBOOK.targets,
    rules={
        **RULES,
        "factor-low": plain_rule(
            "factor-low",
            "power_factor",
            0.9,
            direction=Direction.BELOW,
            source=Source.READINGS,
        ),
        "water-at-night": plain_rule("water-at-night", "water_m3", 2.5),
        "stuck": plain_rule("stuck", "counter_reset", 0, source=Source.FINDINGS),
    },
)

QUOTA_FIGURES = {
    "day": "2023-06-04",
    "value": 104.25,
    "quota_used_kgce": 9876.54,
    "quota_limit_kgce": 22300.0,
    "quota_projected_kgce": 23247.75,
    "quota_share_pct": 44.289,
    "quota_projected_share_pct": 104.25,
}


def case(number: int = 12, rule: str = "quota-projected-over", **more: Any) -> Case:
    """A case of the main building's quota, or of whatever else is given."""
    subject = more.pop("subject", "BLD-1/area/2023")
    values: dict[str, Any] = {
        "asset": subject.partition("/")[0],
        "organisation": "ORG-1",
        "site": "SITE-1",
        "source": "results",
        "severity": "warning",
        "state": CaseState.OPEN,
        "firing": True,
        "began_at": BEGAN,
        "opened_at": NOW,
        "changed_at": NOW,
        "due_on": date(2023, 6, 19),
        "figures": QUOTA_FIGURES,
    }
    return Case(id=number, rule=rule, subject=subject, **{**values, **more})


def telling(public_url: str = "https://energy.example", **more: Any) -> Telling:
    """What messages of the scene stand on."""
    writing = Writing(BOOK, public_url=public_url, **more)
    return Telling(REGISTER, BOOK, {}, {}, SHANGHAI, writing)


def summary_of(one: Case, impact: Impact = NOTHING_KNOWN) -> CaseSummary:
    """What messages say of a case."""
    return summarise([one], telling(impacts=lambda _: {one.id: impact}), NOW)[one.id]


@dataclass(frozen=True)
class Notice:
    """A notice as far as messages need it."""

    case: int
    event: str = CaseEvent.OPENED.value


@dataclass(frozen=True)
class Bundle:
    """A bundle as far as messages need it."""

    notices: tuple[Notice, ...]
    key: str = "key-1"


OFFICER = Recipient("account:li", Text("能源管理员", "Energy officer"), "owner", "li")
ENGLISH_OFFICER = Recipient("account:li", OFFICER.name, "owner", "li", language="en")
