"""Schemes of drivers' scores in packs: what an entry says, and what is wrong with it."""

from pathlib import Path

import pytest

from quotawatt.errors import RulebookError
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.driver_scores import DRIVER_PARTS, DriverScheme
from quotawatt.rulebook.loader import load_rulebook

RATING = "{basis: rating, title: {zh: 评分, en: rating}, weight: 5, none_at: 1, full_at: 5}"


def loaded(folder: Path, *parts: str) -> DriverScheme:
    text = (
        "driver_scores:\n  - id: mine\n    title: {zh: 评价, en: score}\n"
        "    least_known_pct: 50\n    least_km: 10\n    least_orders: 2\n    trust: unverified\n"
        "    parts:\n" + "".join(f"      - {part}\n" for part in parts)
    )
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return load_rulebook([folder], builtin=False).driver_scores["mine"]


def test_the_scheme_that_comes_with_it_has_every_part_and_is_not_verified() -> None:
    scheme = load_rulebook().driver_scores["driver-service"]
    assert {part.basis for part in scheme.parts} == set(DRIVER_PARTS)
    assert sum(part.weight for part in scheme.parts) == 100
    assert scheme.trust is Trust.UNVERIFIED


def test_points_go_from_none_to_full_whichever_is_better(tmp_path: Path) -> None:
    (rating,) = loaded(tmp_path, RATING).parts
    assert [rating.points(figure) for figure in (0, 1, 3, 5, 9)] == [0, 0, 50, 100, 100]
    scheme = load_rulebook().driver_scores["driver-service"]
    (idling,) = (part for part in scheme.parts if part.basis == "idling_pct")
    assert [idling.points(figure) for figure in (50, 40, 25, 10, 0)] == [0, 0, 50, 100, 100]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((RATING, RATING), "a driver score must have each part once"),
        ((RATING.replace("full_at: 5", "full_at: 1"),), "none_at and full_at must differ"),
        ((RATING.replace("rating,", "smiles,", 1),), "basis must be one of"),
        (
            (RATING.replace("weight: 5", "weight: 5, grace_minutes: 3"),),
            "grace_minutes must be given for punctual_pct, and only there",
        ),
    ],
)
def test_mistakes_are_told_with_their_rule(
    tmp_path: Path, parts: tuple[str, ...], said: str
) -> None:
    with pytest.raises(RulebookError) as caught:
        loaded(tmp_path, *parts)
    assert said in "\n".join(caught.value.problems)
