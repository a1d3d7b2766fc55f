"""Samples of the access matrix for budgets, assigned targets and explanations."""

from datetime import UTC, datetime
from typing import Any

from quotawatt.explanations import book
from quotawatt.explanations.values import Act, Overrun
from tests.api.sample import INSIDE, Sample, World, body_over, listing, over, shared

_QUOTA = "db37t2672-city-b-electricity"
_API = "/api/v1"
_ACCOUNT = f"{_API}/quota/{{asset}}/{{quota}}"
_ONE = f"{_API}/explanations/{{made}}"
_PAPER = {"document": "2023-1", "decided_on": "2023-01-05"}


def explained(world: World, _: str, where: str) -> int:
    """An explanation of BLD-2's account or of BLD-1's, made anew."""
    asset = "BLD-2" if where == INSIDE else "BLD-1"
    at = datetime(2023, 3, 1, tzinfo=UTC)
    overrun = Overrun(asset, _QUOTA, 2023, "tried", "tried", 1.0, "kWh")
    with world.scene.records.begin() as conn:
        return book.write(conn, overrun, Act("test", at)).id


def _words(n: int) -> dict[str, Any]:
    said = {"reason": "tried", "measures": "tried", "amount": 1.0}
    return {"asset": f"BLD-{n}", "quota": _QUOTA, "year": 2023, **said}


def _targets(n: int) -> dict[str, Any]:
    one = {"asset": f"BLD-{n}", "indicator": "electricity_kwh", "year": 2023, "amount": 1.0}
    return {"targets": [{**one, "assigner": f"ORG-{n}", **_PAPER}]}


def _account(verb: str, body: Any = None) -> Sample:
    places = [f"{_API}/quota/BLD-{n}/{_QUOTA}/{verb}" for n in (2, 1)]
    return over(*places, body=body, outside_body=body)


def _explanation(verb: str, body: Any = None, **more: Any) -> Sample:
    place = f"{_ONE}{verb}"
    return over(place, place, make=explained, body=body, outside_body=body, **more)


BUDGET_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", f"{_ACCOUNT}/budget"): _account("budget"),
    ("GET", f"{_ACCOUNT}/calendar"): _account("calendar"),
    ("PUT", f"{_ACCOUNT}/months"): _account(
        "months", {"year": 2023, "months": [1.0] * 12, **_PAPER}
    ),
    ("GET", f"{_ACCOUNT}/revisions"): _account("revisions"),
    ("POST", f"{_ACCOUNT}/revisions"): _account(
        "revisions", {"year": 2023, "value": 70.0, **_PAPER}
    ),
    ("GET", f"{_API}/assigned"): listing(f"{_API}/assigned?year=2023"),
    ("GET", f"{_API}/assigned/cascade"): listing(f"{_API}/assigned/cascade?year=2023"),
    ("POST", f"{_API}/assigned"): body_over(f"{_API}/assigned", _targets(2), _targets(1)),
    # Without a file it ends there; what a file may touch is tested with the import.
    ("POST", f"{_API}/assigned/import"): shared(f"{_API}/assigned/import"),
    ("GET", f"{_API}/explanations"): listing(f"{_API}/explanations"),
    ("POST", f"{_API}/explanations"): body_over(f"{_API}/explanations", _words(2), _words(1)),
    ("GET", f"{_API}/explanations/{{number}}"): _explanation(""),
    ("PUT", f"{_API}/explanations/{{number}}"): over(
        _ONE, _ONE, make=explained, body=_words(2), outside_body=_words(1)
    ),
    ("POST", f"{_API}/explanations/{{number}}/submit"): _explanation("/submit", {}),
    ("POST", f"{_API}/explanations/{{number}}/withdraw"): _explanation("/withdraw", {}),
    ("POST", f"{_API}/explanations/{{number}}/decide"): _explanation(
        "/decide", {"decision": "approve"}
    ),
    # Without a file it ends there for who may; there is nothing to show of one without a document.
    ("POST", f"{_API}/explanations/{{number}}/document"): shared(f"{_API}/explanations/1/document"),
    ("GET", f"{_API}/explanations/{{number}}/document"): _explanation(
        "/document", may_be_missing=True
    ),
}
