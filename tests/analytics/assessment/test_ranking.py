"""Ranking of like with like, by hand and by properties."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.assessment.figures import figures
from analytics.assessment.peers import peer_group
from analytics.assessment.ranking import (
    PeerRanking,
    Standing,
    distance_pct,
    percentiles,
    rank_peers,
    ranks,
)
from quotawatt.register.model import Register
from tests.analytics.assessment.small import BOOK, COAL, PER_AREA, books, register_of, used

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=40)


def city(found: tuple[PeerRanking, ...], asset: str = "organisation") -> PeerRanking:
    return next(r for r in found if (r.group.asset, r.group.level) == (asset, "city"))


def by_code(ranking: PeerRanking) -> dict[str, Standing]:
    return {s.figure.asset: s for s in ranking.standings}


def ranked(register: Register, now: object, before: object = None) -> PeerRanking:
    held = books(register)
    found = rank_peers(PER_AREA, now, before or {}, held, books(register, held.period.before))  # type: ignore[arg-type]
    return city(found)


def test_four_offices_by_hand() -> None:
    # kWh/m² = kWh / 1,000 m²: A 60, B 40, C 80, D 40. Two use less than A, so A is third; one of the
    # other three uses more: 33.3 %. B and D share the first place, with 2 of 3 above. Median 50.
    now = used(A=60_000, B=40_000, C=80_000, D=40_000)
    before = used(A=50_000, B=50_000, C=80_000)
    ranking = ranked(register_of(), now, before)
    found = by_code(ranking)
    assert {c: s.rank for c, s in found.items()} == {"A": 3, "B": 1, "C": 4, "D": 1}
    assert found["A"].percentile == pytest.approx(100 / 3)
    assert found["B"].percentile == pytest.approx(200 / 3)
    assert found["C"].percentile == 0
    assert ranking.median == 50
    # A: (60 - 50) / 50 = +20 %; B: -20 %; D was not known.
    assert [found[c].change_pct for c in "ABCD"] == [20, -20, 0, None]
    assert [s.figure.asset for s in ranking.standings] == ["B", "D", "A", "C"]


def test_the_distance_to_tiers_and_benchmarks_is_said() -> None:
    # City level, zone B of DB37/T 2672-2019: 80.0 / 51.5 / 31.9 kWh/m². A: (60 - 80) / 80 = -25 %.
    found = by_code(ranked(register_of(), used(A=60_000, B=1, C=1)))
    assert found["A"].tiers == {"constraint": 80.0, "baseline": 51.5, "guidance": 31.9}
    assert found["A"].tier_distances[0] == {"tier": "constraint", "value": 80.0, "above_pct": -25}
    # Shantou's figure is Guangdong's: no benchmark for offices in Shandong.
    assert found["A"].benchmarks == ()
    energy = BOOK.rankings["energy-kgce-per-m2"]
    held = books(register_of())
    (_, national) = sorted(
        s.year for s in city(rank_peers(energy, {}, {}, held, held)).standings[0].benchmarks
    )
    assert national == 2022


def test_who_has_too_little_data_is_apart_and_never_ranked() -> None:
    now = used(A=60_000, B=40_000, C=80_000) | used(coverage=0.5, D=1_000)
    ranking = ranked(register_of(), now)
    found = by_code(ranking)
    assert (found["D"].rank, found["D"].apart) == (None, "coverage")
    assert ranking.standings[-1].figure.asset == "D"
    assert ranking.ranked == 3
    assert ranking.median == 60


def test_fewer_than_three_peers_have_no_rank() -> None:
    ranking = ranked(register_of(2), used(A=60_000, B=40_000))
    assert [(s.rank, s.apart) for s in ranking.standings] == [(None, "too_few")] * 2
    assert ranking.ranked == 0


def test_what_is_not_known_says_why() -> None:
    register = register_of(b={"gross_area_m2": None})
    found = by_code(ranked(register, used(A=1, B=1, C=1)))
    assert found["B"].apart == "denominator_missing"
    assert found["D"].apart == "use_missing"
    assert (found["B"].figure.value, found["D"].figure.value) == (None, None)


def test_coal_equivalent_uses_the_sets_own_factors_and_names_the_basis() -> None:
    # DB37/T 2672-2019 annex B: 10,000 kWh x 0.31 + 1,000 m³ x 1.2143 = 3,100 + 1,214.3 = 4,314.3 kgce on
    # 1,000 m²: 4.3143 kgce/m². With 0.1229 it would be 2.4433, with gas at 1.33 it would be 4.43.
    now = used(A=10_000) | used(measure="gas_m3", A=1_000)
    figure = figures(COAL, ["A"], now, books(register_of()))["A"]
    assert figure.value == pytest.approx(4.3143)
    assert figure.above == pytest.approx(4314.3)
    assert figure.basis == "等价"


def test_a_carrier_without_factor_leaves_no_figure() -> None:
    lacking = replace(COAL, measures=("steam_t",), factor_set="jst303-2026")
    figure = figures(lacking, ["A"], used(measure="steam_t", A=3), books(register_of()))["A"]
    assert (figure.value, figure.missing) == (None, "factor_missing")


def test_peers_are_of_one_kind_level_and_zone() -> None:
    register = register_of(B={"level": "county"}, C={"kind": "school"})
    groups = {peer_group(code, register) for code in ("A", "B", "C", "a", "TOP")}
    assert len(groups) == 5
    assert peer_group("A", register) == peer_group("D", register)
    assert peer_group("TOP", register).zone == "B"


@given(values=VALUES)
def test_ranks_are_a_permutation_where_no_two_are_equal(values: list[float]) -> None:
    distinct = list(dict.fromkeys(values))
    assert sorted(ranks(distinct)) == list(range(1, len(distinct) + 1))


@given(values=VALUES)
def test_equals_share_a_rank_and_less_is_better(values: list[float]) -> None:
    placed = dict(zip(values, ranks(values), strict=True))
    assert [placed[v] for v in values] == ranks(values)
    for a, b in zip(sorted(placed), sorted(placed)[1:], strict=False):
        assert placed[a] < placed[b]


@given(values=VALUES, worse=st.floats(1e6 + 1, 1e9))
def test_a_worse_peer_worsens_nobody(values: list[float], worse: float) -> None:
    more = [*values, worse]
    assert ranks(more)[:-1] == ranks(values)
    pairs = zip(percentiles(values), percentiles(more)[:-1], strict=True)
    assert all(after >= before for before, after in pairs)


@given(values=VALUES)
def test_a_percentile_lies_between_none_and_all(values: list[float]) -> None:
    assert all(0 <= p <= 100 for p in percentiles(values))


def test_a_distance_is_negative_below() -> None:
    assert (distance_pct(60, 80), distance_pct(100, 80)) == (-25, 25)
