"""The worked examples of docs/quotas.md, run."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from analytics.yearly.quotas import quota_statuses
from quotawatt.register.model import (
    Building,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
    Space,
    Vehicle,
)
from quotawatt.rulebook.basics import Citation, Text
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Quota, Rulebook, Selector, Tier, Trust
from tests.analytics.accounts_example import ZONE, daily, local

BOOK = load_rulebook()
PAGE = Path(__file__).parents[3] / "docs" / "quotas.md"
EXAMPLES: list[dict[str, Any]] = [
    yaml.safe_load(block)
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.S)
]


def _register(example: dict[str, Any]) -> Register:
    items = sorted({m[1] for key in example["use"] if (m := re.match(r"BLD-1/item:(\w+)", key))})
    return Register(
        organisations=[Organisation("ORG-1", "", "", "party_government", "city")],
        headcounts=[Headcount("ORG-1", "in_post", example.get("people", 1), date(2020, 1, 1))],
        sites=[Site("SITE-1", "", "", str(ZONE), "shandong", "B", city="jinan")],
        buildings=[Building("BLD-1", "", "", "SITE-1", "ORG-1", **example.get("building", {}))],
        spaces=[
            Space("SPC-1", "", "", "BLD-1", "office", occupants=example.get("occupants")),
        ],
        meters=[Meter(f"MTR-{i}", "", "", "BLD-1", "electricity", item=i) for i in items],
        vehicles=[
            Vehicle("VEH-1", "", "", "ORG-1", "鲁A1", "sedan", "petrol", quota_l_per_100km=10)
        ],
    )


def _book(example: dict[str, Any]) -> Rulebook:
    """The program's book, or one with the example's own quota of its indicator."""
    if "indicator" not in example:
        return BOOK
    indicator = BOOK.indicators[example["indicator"]]
    own = Quota(
        id="own",
        title=Text("", ""),
        cites=Citation("conservation-regulation", "16"),
        indicator=indicator.id,
        unit=indicator.unit,
        headcount_components=(),
        factor_set="",
        selectors=(Selector("building"),),
        tiers={Tier.CONSTRAINT: float(example["limit"])},
        trust=Trust.UNVERIFIED,
    )
    return replace(BOOK, versions={}, quotas={"own": own})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: str(e.get("quota") or e["indicator"]))
def test_an_example_of_the_page(example: dict[str, Any]) -> None:
    as_of = example.get("as_of", date(2024, 1, 1))
    use = {(key.split(" ")[0], key.split(" ")[1]): value for key, value in example["use"].items()}
    frame = daily(use, example.get("from", date(2023, 1, 1)), as_of)
    at = local(as_of.year, as_of.month, as_of.day)
    found = quota_statuses(frame, _register(example), _book(example), at, ZONE)
    wanted = example["asset"], example.get("quota", "own")
    status = next(s for s in found.statuses if (s.asset, s.quota) == wanted)
    for name, value in example["expect"].items():
        assert getattr(status, name) == pytest.approx(value, rel=1e-5), name


def test_the_page_works_every_kind_of_formula_out() -> None:
    quotas = [BOOK.quotas[e["quota"]].indicator for e in EXAMPLES if e.get("quota") in BOOK.quotas]
    assert len(EXAMPLES) == 8
    assert len(set(quotas)) == 6
