"""What the access matrix asks of the routes of savings and energy-performance contracts."""

from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from typing import Any

from analytics.savings.contents import savings_content
from analytics.savings.option_c import savings_agreed
from quotawatt.performance.book import add_contract, add_event
from quotawatt.performance.values import (
    ContractKind,
    EventKind,
    NonRoutineEvent,
    PerformanceContract,
    YearTerms,
)
from quotawatt.performance.verified import Period, propose
from tests.analytics.savings.synthetic import daily
from tests.api.sample import INSIDE, Sample, World, body_over, listing, over

_AT = datetime(2023, 1, 1, tzinfo=UTC)
_V1 = "/api/v1/performance"
_SAVINGS = "/api/v1/savings"
_IMPORT = "electricity_import_kwh"
_ASKED = (
    f"measure={_IMPORT}&baseline_first=2022-01-01&baseline_last=2022-12-31"
    "&first_day=2023-01-01&last_day=2023-03-31"
)
_made = count(1)


def performance_contract(subject: str, **changes: Any) -> PerformanceContract:
    """Shared savings over 2023 with a price of its own."""
    values: dict[str, Any] = {
        "kind": ContractKind.SHARED,
        "measure": _IMPORT,
        "title": "Lighting",
        "client": "Bureau",
        "provider": "Company",
        "valid_from": date(2023, 1, 1),
        "valid_until": date(2024, 1, 1),
        "terms": (YearTerms(provider_share_pct=60.0),),
        "agreed_use": 36_500.0,
        "price_cny": 0.5,
    }
    return PerformanceContract(number=0, subject=subject, **{**values, **changes})


def _contract(world: World, _: str, where: str) -> int:
    """A contract of ORG-2's meter or of ORG-1's, made anew."""
    given = performance_contract("MTR-2" if where == INSIDE else "MTR-1")
    with world.scene.records.begin() as conn:
        return add_contract(conn, given, "test", _AT).number


def _event(world: World, user: str, where: str) -> int:
    event = NonRoutineEvent(
        date(2023, 3, 1), date(2023, 4, 1), EventKind.AMOUNT, 10.0, "server room"
    )
    number = _contract(world, user, where)
    with world.scene.records.begin() as conn:
        return add_event(conn, number, event, "test", _AT).id


def _verification(world: World, user: str, where: str) -> int:
    number = _contract(world, user, where)
    period = Period(number, date(2023, 1, 1), date(2023, 2, 1))
    content = {**_content(), "made": next(_made)}
    with world.scene.records.begin() as conn:
        return propose(conn, period, content, "", "somebody", _AT).id


@cache
def _content() -> dict[str, Any]:
    series = daily(date(2023, 1, 1), date(2023, 2, 1))
    return savings_content(savings_agreed(series, 100.0), {"zh": "表", "en": "Meter"})


def contract_body(n: int) -> dict[str, Any]:
    """A contract of a meter, as it is sent."""
    return {
        "kind": "shared",
        "subject": f"MTR-{n}",
        "measure": _IMPORT,
        "title": "Lighting",
        "client": "Bureau",
        "provider": "Company",
        "valid_from": "2023-01-01",
        "valid_until": "2024-01-01",
        "agreed_use": 36500,
        "price_cny": 0.5,
        "terms": [{"provider_share_pct": 60}],
    }


_EVENT_BODY = {
    "first_day": "2023-03-01",
    "last_day": "2023-03-31",
    "kind": "amount",
    "amount": 10,
    "reason": "server room",
}
_PROPOSAL = {"first_day": "2023-03-01", "last_day": "2023-03-31"}
_ONE = f"{_V1}/contracts/{{made}}"
_DAYS = "first_day=2023-03-01&last_day=2023-03-31"


def _of_contract(path: str, **more: Any) -> Sample:
    return over(f"{_ONE}{path}", f"{_ONE}{path}", make=_contract, **more)


def _of_subject(route: str, asked: str) -> Sample:
    place = f"{_SAVINGS}{route}?{asked}&subject=MTR-"
    return over(f"{place}2", f"{place}1")


SAVINGS_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _SAVINGS): _of_subject("", _ASKED),
    ("GET", f"{_SAVINGS}/document"): _of_subject("/document", _ASKED),
    ("GET", f"{_SAVINGS}/custody-baseline"): _of_subject(
        "/custody-baseline", f"measure={_IMPORT}&year=2023"
    ),
    ("GET", f"{_V1}/contracts"): listing(f"{_V1}/contracts"),
    ("POST", f"{_V1}/contracts"): body_over(f"{_V1}/contracts", contract_body(2), contract_body(1)),
    ("GET", f"{_V1}/contracts/{{number}}"): _of_contract(""),
    ("PUT", f"{_V1}/contracts/{{number}}"): _of_contract(
        "", body=contract_body(2), outside_body=contract_body(1)
    ),
    ("POST", f"{_V1}/contracts/{{number}}/withdraw"): _of_contract("/withdraw"),
    ("GET", f"{_V1}/contracts/{{number}}/events"): _of_contract("/events"),
    ("POST", f"{_V1}/contracts/{{number}}/events"): _of_contract(
        "/events", body=_EVENT_BODY, outside_body=_EVENT_BODY
    ),
    ("POST", f"{_V1}/events/{{number}}/withdraw"): over(
        f"{_V1}/events/{{made}}/withdraw", f"{_V1}/events/{{made}}/withdraw", make=_event
    ),
    ("GET", f"{_V1}/contracts/{{number}}/savings"): _of_contract(f"/savings?{_DAYS}"),
    ("GET", f"{_V1}/contracts/{{number}}/verifications"): _of_contract("/verifications"),
    ("POST", f"{_V1}/contracts/{{number}}/verifications"): _of_contract(
        "/verifications", body=_PROPOSAL, outside_body=_PROPOSAL
    ),
    ("POST", f"{_V1}/verifications/{{number}}/decide"): over(
        f"{_V1}/verifications/{{made}}/decide",
        f"{_V1}/verifications/{{made}}/decide",
        body={"verified": True},
        outside_body={"verified": True},
        make=_verification,
    ),
    ("GET", f"{_V1}/verifications/{{number}}/document"): over(
        f"{_V1}/verifications/{{made}}/document",
        f"{_V1}/verifications/{{made}}/document",
        make=_verification,
    ),
}
