"""The yearly score: each part by hand, and what is not known left out and said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from analytics.assets.norms import NormAccounts, NormStatus
from analytics.assets.score import Facts, OpenFinding, Score, score_organisations
from quotawatt.register.model import (
    Building,
    Equipment,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
)
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.norms import Holding, ScoreScheme

SCHEME = load_rulebook().scores["asset-performance"]
END = datetime(2023, 12, 31, 16, tzinfo=UTC)

REGISTER = Register(
    organisations=[
        Organisation("A", "甲", "First", "party_government", "city", vehicle_quota=2),
        Organisation("B", "乙", "Second", "party_government", "city"),
        Organisation("OLD", "旧", "Old", "party_government", "city", status="disposed"),
    ],
    headcounts=[Headcount("A", "in_post", 10, date(2020, 1, 1))],
    sites=[Site("SITE", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("BLD-1", "一", "One", "SITE", "A", 100.0, year_built=1990),
        Building("BLD-2", "二", "Two", "SITE", "A", 100.0),
    ],
    meters=[
        Meter("M-1", "表", "Meter", "BLD-1", "electricity", serves="E-1"),
        Meter("M-2", "表", "Meter", "BLD-1", "water"),
    ],
    equipment=[
        Equipment(
            "E-1", "泵", "Pump", "pump", "A", "BLD-1", value_cny=1.0, acquired=date(2020, 1, 1)
        ),
        Equipment("E-2", "泵", "Pump", "pump", "A", "BLD-1", status="idle"),
        Equipment("E-3", "泵", "Pump", "pump", "A", "BLD-1"),
    ],
)
STATUSES = [
    NormStatus("A", f"R-{n}", "office-area-city", Holding.OFFICE_AREA, held, 18.0)
    for n, held in enumerate((17.0, 18.0, 19.0, 30.0))
]
FACTS = Facts(
    register=REGISTER,
    day=date(2023, 12, 31),
    as_of=END,
    norms=NormAccounts(tuple(STATUSES), ()),
    coverage={"M-1": 0.9},
    idle=frozenset({"E-2"}),
    findings=[
        OpenFinding("A", "E-1", END - timedelta(days=31)),
        OpenFinding("A", "E-1", END - timedelta(days=300)),
        OpenFinding("A", "M-1", END - timedelta(days=29)),
    ],
    pooled={"A": frozenset({"E-9"})},
)


def scored(facts: Facts, scheme: ScoreScheme = SCHEME) -> dict[str, Score]:
    return {score.organisation: score for score in score_organisations(scheme, facts)}


def points(score: Score) -> dict[str, float | None]:
    return {part.basis: part.points for part in score.parts}


def test_each_part_by_hand() -> None:
    score = scored(FACTS)["A"]
    evidence = {part.basis: dict(part.evidence) for part in score.parts}
    # The people, the quota, 3 of 4 cells of buildings, and 3 + 1 + 1 of 9 of equipment.
    assert evidence["register_complete"] == {"needed": 15, "filled": 10}
    # Two meters, one of them never heard, and a building without any.
    assert evidence["metering_coverage"] == {"meters": 2, "buildings_without_meter": 1}
    assert evidence["idle_share"] == {"held": 3, "watched": 1, "idle": 1}
    assert evidence["within_norms"] == {"judged": 4, "over": 2}
    assert evidence["open_findings"] == {"assets": 8, "subjects_with_old_findings": 1}
    assert evidence["pool_use"] == {"idle_or_offered": 2, "offered": 1}
    assert points(score) == {
        "register_complete": 66.67,
        "metering_coverage": 30.0,
        "idle_share": 66.67,
        "within_norms": 50.0,
        "open_findings": 87.5,
        "pool_use": 50.0,
    }
    assert score.known_pct == 100
    # (20 * 66.67 + 20 * 30 + 15 * 66.67 + 20 * 50 + 15 * 87.5 + 10 * 50) / 100
    assert score.points == 57.46


def test_what_is_not_known_is_left_out_and_too_little_gives_no_total() -> None:
    score = scored(FACTS)["B"]
    assert points(score) == {
        "register_complete": 0.0,
        "metering_coverage": None,
        "idle_share": None,
        "within_norms": None,
        "open_findings": 100.0,
        "pool_use": None,
    }
    assert (score.known_pct, score.points) == (35, None)
    lenient = replace(SCHEME, least_known_pct=30)
    assert scored(FACTS, lenient)["B"].points == 42.86  # 15 * 100 / 35


def test_an_organisation_that_is_no_more_is_not_scored() -> None:
    assert list(scored(FACTS)) == ["A", "B"]


@given(
    st.dictionaries(st.sampled_from(["M-1", "M-2"]), st.floats(0, 1)),
    st.sets(st.sampled_from(["E-1", "E-2", "E-3"])),
    st.sets(st.sampled_from(["E-1", "E-2", "E-3", "E-9"])),
    st.lists(st.sampled_from(["A", "E-1", "M-1", "BLD-1", "GONE", "GONE-2"])),
)
def test_every_part_lies_between_0_and_100(
    coverage: dict[str, float], idle: set[str], pooled: set[str], old: list[str]
) -> None:
    facts = replace(
        FACTS,
        coverage=coverage,
        idle=frozenset(idle),
        pooled={"A": frozenset(pooled)},
        findings=[OpenFinding("A", subject, END - timedelta(days=99)) for subject in old],
    )
    for score in scored(facts).values():
        known = [p.points for p in score.parts if p.points is not None]
        assert all(0 <= value <= 100 for value in known)
        if score.points is not None:
            assert min(known) - 0.01 <= score.points <= max(known) + 0.01
