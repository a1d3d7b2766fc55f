"""Targets and scorecards of packs: paths, and errors with file and line."""

from pathlib import Path

import pytest

from quotawatt.errors import RulebookError
from quotawatt.rulebook.loader import load_rulebook

TARGET = """\
targets:
  - id: t
    title: {zh: 目标, en: Target}
    cites: {instrument: national-targets-2025, clause: 用水}
    measure: MEASURE
    base_year: 2025
    target_year: 2030
    reduction_pct: 8
    trust: invented
"""

CARD = """\
scorecards:
  - id: c
    title: {zh: 评价, en: Card}
    cites: {instrument: near-zero-default, clause: 评分}
    note: {zh: 自拟, en: ours}
    trust: invented
    items:
      - {id: a, title: {zh: 甲, en: A}, basis: evidence, must: true, trust: invented}
"""


def problems(folder: Path, text: str) -> str:
    (folder / "own.yaml").write_text(text)
    with pytest.raises(RulebookError) as caught:
        load_rulebook([folder])
    return str(caught.value)


def test_a_stepwise_path_holds_from_step_to_step(tmp_path: Path) -> None:
    text = TARGET.replace("MEASURE", "water_m3") + "    steps: {2026: 1, 2028: 5, 2030: 8}\n"
    (tmp_path / "own.yaml").write_text(text)
    target = load_rulebook([tmp_path]).targets["t"]
    shares = [round(target.allowed_share(year), 4) for year in range(2025, 2032)]
    assert shares == [1.0, 0.99, 0.99, 0.95, 0.95, 0.92, 0.92]


def test_a_linear_path_is_what_holds_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(TARGET.replace("MEASURE", "water_m3"))
    target = load_rulebook([tmp_path]).targets["t"]
    assert target.allowed_share(2024) == 1
    assert target.allowed_share(2026) == pytest.approx(1 - 0.08 / 5)
    assert target.allowed_share(2040) == pytest.approx(0.92)


@pytest.mark.parametrize(
    ("measure", "more", "said"),
    [
        ("water_m3", "steps: {2026: 5, 2028: 3, 2030: 8}", "steps must not fall"),
        ("water_m3", "steps: {2026: 5}", "the last step must be 2030: 8"),
        ("water_m3", "steps: {2025: 5, 2030: 8}", "a step must be of a year after 2025, got 2025"),
        ("water_m3", "path: linear\n    steps: {2030: 8}", "path or steps, not both"),
        ("water_m3", "path: curved", "path must be one of linear, got 'curved'"),
        ("water_m3_per_head", "", "headcount_components where it is per head"),
        (
            "water_m3",
            "headcount_components: [in_post]",
            "headcount_components where it is per head",
        ),
        ("energy_kgce", "", "must name a factor set with coal_equivalent, got none"),
        ("energy_kgce", "factor_set: jst303-2026", "with coal_equivalent, got jst303-2026"),
        ("carbon_kgco2", "factor_set: gbt2589-2020", "with carbon, got gbt2589-2020"),
        ("carbon_per_person", "", "measure must be one of carbon_kgco2_per_m2"),
    ],
)
def test_a_wrong_target_is_refused_with_its_line(
    tmp_path: Path, measure: str, more: str, said: str
) -> None:
    text = TARGET.replace("MEASURE", measure) + (f"    {more}\n" if more else "")
    found = problems(tmp_path, text)
    assert said in found
    assert "own.yaml:" in found


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("must: true", "weight: 5, must: true", "a weight or must be met, got both"),
        (", must: true", "", "a weight or must be met, got none"),
        ("basis: evidence", "basis: guess", "basis must be one of quota_within"),
        ("basis: evidence", "basis: green_share", "at_least_pct must be given for green_share"),
        ("must: true", "must: true, tier: guidance", "tier must be given for quota_within"),
        (
            "basis: evidence",
            "basis: targets_met, targets: [nowhere]",
            "must name a target of the rulebook, got nowhere",
        ),
        (
            "basis: evidence",
            "basis: energy_at_least, at_least_tce: 500",
            "factor set with coal_equivalent, got none",
        ),
    ],
)
def test_a_wrong_scorecard_is_refused_with_its_line(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    found = problems(tmp_path, CARD.replace(before, after))
    assert said in found
    assert "own.yaml:" in found


def test_items_are_named_once_and_levels_rise(tmp_path: Path) -> None:
    item = "      - {id: a, title: {zh: 乙, en: B}, basis: evidence, weight: 5, trust: invented}\n"
    levels = (
        "    levels:\n"
        "      - {title: {zh: 一, en: one}, points: 80}\n"
        "      - {title: {zh: 二, en: two}, points: 80}\n"
    )
    found = problems(tmp_path, CARD + item + levels)
    assert "must have each item once, got a, a" in found
    assert "levels must rise, got 80, 80" in found
