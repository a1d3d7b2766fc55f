"""What the access matrix asks of the routes of statistics returns and of the exchange."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import insert

from quotawatt.returns.book import Act
from quotawatt.returns.periods import Period
from quotawatt.returns.process import fill_return, form_for
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.storage.returns_tables import exchange_outbox
from tests.api.sample import INSIDE, OUTSIDE, Sample, World, body_over, listing, over, shared

_AT = datetime(2023, 1, 1, tzinfo=UTC)
_RETURNS = "/api/v1/returns"
_EXCHANGE = "/api/v1/exchange"
_FORM = form_for(load_rulebook(), "energy-statistics", Period(2023))
_number = count()


def _return(world: World, _: str, where: str) -> int:
    """A return of ORG-2 or ORG-1, each of another quarter."""
    n = next(_number)
    period = Period(2012 + n // 4, n % 4 + 1)
    with world.scene.records.begin() as conn:
        return fill_return(conn, _FORM, where, period, {}, Act("test", _AT)).id


def _sent(world: World, _: str, where: str) -> int:
    """A document of ORG-2 or ORG-1 that was given up."""
    row = {
        "key": f"made-{next(_number)}",
        "dataset": "returns",
        "organisation": where,
        "body": {},
        "created_at": _AT,
        "next_try_at": _AT,
        "tries": 1,
        "failed_at": _AT,
        "receipt": "",
        "last_error": "refused",
    }
    with world.scene.records.begin() as conn:
        key = conn.execute(insert(exchange_outbox).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _document(code: str) -> dict[str, Any]:
    """A return that names a cell of no form: let through, and then refused."""
    organisation = {"code": code, "name_zh": "-", "name_en": "-", "level": "city"}
    figure = {"cell": "none", "value": 1, "unit": "", "decimals": 0, "quality": "measured"}
    return {
        "schema": "quotawatt.return/1",
        "number": "tried-1",
        "sha256": "0" * 64,
        "form": {"id": "energy-statistics", "version": "2022"},
        "organisation": {**organisation, "kind": "party_government"},
        "period": "2023-Q1",
        "issued_at": "2023-05-01T00:00:00Z",
        "figures": [{**figure, "coverage": 1}],
    }


def _one(verb: str, **more: Any) -> Sample:
    place = f"{_RETURNS}/{{made}}{verb}"
    return over(place, place, make=_return, **more)


_COMMENT = {"comment": "tried"}
RETURN_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _RETURNS): listing(_RETURNS),
    ("GET", f"{_RETURNS}/due"): listing(f"{_RETURNS}/due?period=2023-Q1"),
    ("GET", f"{_RETURNS}/sum"): listing(f"{_RETURNS}/sum?period=2023-Q1"),
    ("GET", f"{_RETURNS}/forms"): shared(f"{_RETURNS}/forms"),
    ("POST", f"{_RETURNS}/fill"): body_over(
        f"{_RETURNS}/fill",
        {"organisation": INSIDE, "period": "2023-Q1"},
        {"organisation": OUTSIDE, "period": "2023-Q1"},
    ),
    ("POST", f"{_RETURNS}/fill-many"): body_over(
        f"{_RETURNS}/fill-many",
        {"organisations": [INSIDE], "period": "2023-Q1"},
        {"organisations": [INSIDE, OUTSIDE], "period": "2023-Q1"},
    ),
    **{
        ("GET", f"{_RETURNS}/{{number}}{verb}"): _one(verb)
        for verb in ("", "/check", "/export.xlsx", "/print")
    },
    ("POST", f"{_RETURNS}/{{number}}/cells"): _one(
        "/cells",
        body={"values": {"use.water": 1}, "reason": "tried"},
        outside_body={"values": {"use.water": 1}, "reason": "tried"},
    ),
    ("POST", f"{_RETURNS}/{{number}}/clear"): _one(
        "/clear", body={"cells": ["use.water"]}, outside_body={"cells": ["use.water"]}
    ),
    **{
        ("POST", f"{_RETURNS}/{{number}}/{verb}"): _one(
            f"/{verb}", body=_COMMENT, outside_body=_COMMENT
        )
        for verb in ("submit", "send-back", "accept", "reopen")
    },
    # exchange
    ("GET", f"{_EXCHANGE}/datasets"): shared(f"{_EXCHANGE}/datasets"),
    ("GET", f"{_EXCHANGE}/codes"): shared(f"{_EXCHANGE}/codes"),
    ("GET", f"{_EXCHANGE}/schemas/{{name}}/{{version}}"): shared(f"{_EXCHANGE}/schemas/return/1"),
    ("GET", f"{_EXCHANGE}/returns"): listing(f"{_EXCHANGE}/returns"),
    ("GET", f"{_EXCHANGE}/months"): listing(f"{_EXCHANGE}/months?month=2023-12"),
    ("POST", f"{_EXCHANGE}/returns"): body_over(
        f"{_EXCHANGE}/returns", _document(INSIDE), _document(OUTSIDE)
    ),
    ("GET", f"{_EXCHANGE}/sent"): listing(f"{_EXCHANGE}/sent"),
    ("POST", f"{_EXCHANGE}/sent/{{number}}/again"): over(
        *[f"{_EXCHANGE}/sent/{{made}}/again"] * 2, make=_sent
    ),
}
