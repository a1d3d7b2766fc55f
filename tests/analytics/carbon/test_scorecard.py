"""Scorecards filled in: what is unknown is neither met nor missed."""

from dataclasses import replace

import pytest

from analytics.carbon.scorecard import CardScore, QuotaFigure, ScorecardFacts, score
from quotawatt.carbon.evidence import Evidence
from quotawatt.rulebook.basics import Tier
from quotawatt.rulebook.loader import load_rulebook

BOOK = load_rulebook()
NEAR_ZERO = BOOK.scorecards["near-zero-default"]
GREEN = BOOK.scorecards["green-low-carbon-2023"]

TIERS = {Tier.CONSTRAINT: 72.6, Tier.BASELINE: 49.9, Tier.GUIDANCE: 22.7}
GOOD = QuotaFigure("electricity", 20.0, TIERS)
FAIR = QuotaFigure("electricity", 30.0, TIERS)
TARGETS = dict.fromkeys(
    (
        "national-2025-carbon",
        "national-2025-energy-area",
        "national-2025-energy-head",
        "national-2025-water-head",
    ),
    98.0,
)


def evidence(item: str, met: float = 1.0) -> dict[str, Evidence]:
    return {item: Evidence("ORG-1", "card", item, 2023, met, "Statement 1")}


FACTS = ScorecardFacts(
    asset="ORG-1",
    kind="party_government",
    year=2023,
    quotas={2023: [GOOD], 2022: [GOOD]},
    fixed_kgco2_per_m2={2022: 50.0, 2023: 48.0},
    green_kwh=25_000,
    electricity_kwh=100_000,
    targets=TARGETS,
    energy_tce=120.0,
)


def met(found: CardScore) -> dict[str, float | None]:
    return {item.item: item.met for item in found.items}


def test_the_default_card_by_hand() -> None:
    found = score(NEAR_ZERO, replace(FACTS, evidence=evidence("offset", 0.4)))
    # 30 + 25 + 30 * 25 % / 50 % + 15 * 0.4 = 76
    assert met(found) == {"quota": 1.0, "falling": 1.0, "green": 0.5, "offset": 0.4}
    assert found.points == pytest.approx(76)
    assert (found.known_points, found.possible_points, found.passed) == (100, 100, True)
    assert found.level is not None
    assert found.level.title.en == "on the way"


def test_what_nobody_knows_has_no_points_and_is_not_missed() -> None:
    found = score(NEAR_ZERO, ScorecardFacts("ORG-1", "party_government", 2023))
    assert met(found) == dict.fromkeys(("quota", "falling", "green", "offset"))
    assert (found.points, found.known_points, found.level) == (0, 0, None)


def test_carbon_that_rises_is_missed_by_the_fixed_factor() -> None:
    risen = replace(FACTS, fixed_kgco2_per_m2={2022: 48.0, 2023: 48.0})
    assert met(score(NEAR_ZERO, risen))["falling"] == 0.0
    alone = replace(FACTS, fixed_kgco2_per_m2={2023: 48.0})
    assert met(score(NEAR_ZERO, alone))["falling"] is None


def test_green_and_low_carbon_is_worked_out_but_for_the_title() -> None:
    found = score(GREEN, FACTS)
    assert met(found) == {"title": None, "quota": 1.0, "targets": 1.0}
    assert found.passed is None
    assert score(GREEN, replace(FACTS, evidence=evidence("title"))).passed is True


@pytest.mark.parametrize(
    ("changed", "item", "share"),
    [
        ({"quotas": {2023: [GOOD], 2022: [FAIR]}}, "quota", 0.0),
        ({"quotas": {2023: [GOOD]}}, "quota", None),
        ({"quotas": {2023: [FAIR]}}, "quota", 0.0),
        ({"targets": {**TARGETS, "national-2025-carbon": 100.1}}, "targets", 0.0),
        ({"targets": {"national-2025-carbon": 90.0}}, "targets", None),
    ],
)
def test_one_miss_is_a_miss_and_a_gap_is_not_known(
    changed: dict[str, object], item: str, share: float | None
) -> None:
    found = score(GREEN, replace(FACTS, evidence=evidence("title"), **changed))
    assert met(found)[item] == share
    assert found.passed is (None if share is None else False)


def test_others_than_offices_are_asked_for_their_size() -> None:
    school = replace(FACTS, kind="school")
    assert met(score(GREEN, school)) == {"quota": 1.0, "targets": 1.0, "size": 0.0}
    large = score(GREEN, replace(school, energy_tce=500.0))
    assert (met(large)["size"], large.passed) == (1.0, True)
    assert met(score(GREEN, replace(school, energy_tce=None)))["size"] is None


def test_evidence_is_shown_with_who_confirmed_it() -> None:
    found = score(NEAR_ZERO, replace(FACTS, evidence=evidence("offset")))
    shown = next(item.shown for item in found.items if item.item == "offset")
    assert shown["document"] == "Statement 1"
