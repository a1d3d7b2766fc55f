"""Samples of the access matrix for carbon: ledgers, targets, certificates, scorecards, what-if."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from quotawatt.carbon.certificates import Certificate, add_certificate
from tests.api.sample import INSIDE, OUTSIDE, Sample, World, body_over, listing, over, shared

_CARBON = "/api/v1/carbon"
_ONE = f"{_CARBON}/certificates/{{made}}"
_SPAN = (date(2023, 1, 1), date(2024, 1, 1))
_NUMBERS = count(1)


def _entered(world: World, _: str, where: str) -> int:
    """A certificate of ORG-2 or of ORG-1, made anew."""
    holder = INSIDE if where == INSIDE else OUTSIDE
    given = Certificate(f"made-{next(_NUMBERS)}", "gec", holder, 1.0, *_SPAN)
    with world.scene.records.begin() as conn:
        return add_certificate(conn, given, "test", datetime(2023, 3, 1, tzinfo=UTC)).id


def _certificate(holder: str) -> dict[str, Any]:
    # A number that is there already is refused after the permission is asked for.
    span = {"generated_from": "2023-01-01", "generated_until": "2024-01-01"}
    return {
        "items": [{"number": f"of {holder}", "organisation": holder, "energy_mwh": 1.0, **span}]
    }


def _deed(verb: str, body: Any) -> Sample:
    place = f"{_ONE}/{verb}"
    return over(place, place, make=_entered, body=body, outside_body=body)


_EVIDENCE = {
    "scorecard": "near-zero-default",
    "item": "offset",
    "year": 2023,
    "met": 1.0,
    "document": "tried",
}

CARBON_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", f"{_CARBON}/ledgers/{{asset}}"): over(
        f"{_CARBON}/ledgers/BLD-2", f"{_CARBON}/ledgers/BLD-1"
    ),
    ("GET", f"{_CARBON}/targets"): listing(f"{_CARBON}/targets"),
    ("GET", f"{_CARBON}/certificates"): listing(f"{_CARBON}/certificates"),
    ("POST", f"{_CARBON}/certificates"): body_over(
        f"{_CARBON}/certificates", _certificate(INSIDE), _certificate(OUTSIDE)
    ),
    ("POST", f"{_CARBON}/certificates/{{number}}/cancel"): _deed("cancel", {"day": "2023-02-01"}),
    ("POST", f"{_CARBON}/certificates/{{number}}/withdraw"): _deed("withdraw", {}),
    ("GET", f"{_CARBON}/scorecards"): shared(f"{_CARBON}/scorecards"),
    ("GET", f"{_CARBON}/scorecards/{{asset}}"): over(
        f"{_CARBON}/scorecards/BLD-2", f"{_CARBON}/scorecards/BLD-1"
    ),
    ("POST", f"{_CARBON}/scorecards/{{asset}}/evidence"): over(
        f"{_CARBON}/scorecards/BLD-2/evidence",
        f"{_CARBON}/scorecards/BLD-1/evidence",
        body=_EVIDENCE,
        outside_body=_EVIDENCE,
    ),
    ("POST", f"{_CARBON}/what-if"): body_over(
        f"{_CARBON}/what-if", {"asset": "BLD-2", "pv_kwp": 10}, {"asset": "BLD-1", "pv_kwp": 10}
    ),
}
