"""Norms, kinds, idle rules and scores in packs: what they hold, and every mistake with file and line."""

from pathlib import Path

import pytest

from quotawatt.errors import RulebookError
from quotawatt.register.rows import KINDS
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook, Trust
from quotawatt.rulebook.norms import Holding

HEAD = """instruments:
  - {id: i, title: {zh: 标准, en: standard}, number: "1", issuer: {zh: 某, en: somebody}, jurisdiction: cn,
     effective_from: null, effective_until: null, status: demo, trust: invented, source: tests,
     clauses: [{number: "1", trust: invented, text: {zh: 摘要, en: summary}}]}
asset_kinds: [{id: pump, asset: equipment, zh: [水泵], en: [pump]}]
"""
CITES = "title: {zh: 一, en: one}, cites: {instrument: i, clause: '1'}, trust: invented"
PARTS = "basis: idle_share, title: {zh: 一, en: one}, weight: 1"


def problems(folder: Path, text: str) -> list[str]:
    (folder / "p.yaml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook([folder], builtin=False)
    return [problem.replace(f"{folder}/", "") for problem in caught.value.problems]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def test_office_areas_by_post(book: Rulebook) -> None:
    areas = {
        norm.levels[0]: {post.post: post.m2_per_person for post in norm.posts}
        for norm in book.norms.values()
        if norm.holding is Holding.OFFICE_AREA
    }
    assert areas["province"] == {
        "province_chief": 54, "province_deputy": 42, "department_chief": 30,
        "department_deputy": 24, "division_head": 18, "division_deputy": 12, "staff": 9,
    }  # fmt: skip
    assert areas["city"] == {
        "city_chief": 42, "city_deputy": 30, "division_head": 24, "division_deputy": 18, "staff": 9,
    }  # fmt: skip
    assert areas["county"] == {
        "county_chief": 30, "county_deputy": 24, "section_head": 18, "section_deputy": 12, "staff": 9,
    }  # fmt: skip


def test_what_is_general_knowledge_says_so(book: Rulebook) -> None:
    marks = {norm.id: norm.trust for norm in book.norms.values()}
    assert marks.pop("vehicle-quota") is Trust.SOURCE
    assert set(marks.values()) == {Trust.UNVERIFIED}
    assert {rule.trust for rule in book.idle_rules.values()} == {Trust.UNVERIFIED}
    scheme = book.scores["asset-performance"]
    assert "非标准" in scheme.title.zh
    assert "no standard" in scheme.title.en
    assert sum(part.weight for part in scheme.parts) == 100
    assert {kind for part in scheme.parts for kind in part.needed} <= set(KINDS)


def test_no_two_kinds_of_one_asset_are_all_called_alike(book: Rulebook) -> None:
    for kind in book.asset_kinds.values():
        alone = [w for w in (*kind.words_zh, *kind.words_en, kind.id) if _called(book, w) == 1]
        assert alone, kind.id


def _called(book: Rulebook, word: str) -> int:
    return sum(kind.is_called(word) for kind in book.asset_kinds.values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            f"norms: [{{id: n, holding: vehicles, posts: [], {CITES}}}]",
            "p.yaml:6: a norm of vehicles must have none of posts, equipment, headcount_components, "
            "steps, got posts",
        ),
        (
            f"norms: [{{id: n, holding: office_area, {CITES}}}]",
            "p.yaml:6: a norm of office_area must have posts, got posts",
        ),
        (
            f"norms: [{{id: n, holding: equipment, equipment: [fan], headcount_components: [in_post], "
            f"steps: [{{staff_per_piece: 2}}], {CITES}}}]",
            "p.yaml:6: a kind must be one of the section asset_kinds, got fan",
        ),
        (
            f"norms: [{{id: n, holding: equipment, equipment: [pump], headcount_components: [in_post], "
            f"steps: [{{staff_per_piece: 2, pieces_per_100_staff: 3}}], {CITES}}}]",
            "p.yaml:6: a step must have one of staff_per_piece and pieces_per_100_staff, "
            "got staff_per_piece, pieces_per_100_staff",
        ),
        (
            f"norms: [{{id: n, holding: equipment, equipment: [pump], headcount_components: [in_post], "
            f"steps: [{{staff_per_piece: 2, staff_up_to: 9}}], {CITES}}}]",
            "p.yaml:6: steps must rise, and the last must be for all others, got [9]",
        ),
        (
            "norms: [{id: n, holding: vehicles, title: {zh: 一, en: one}, trust: source, "
            "cites: {instrument: i, clause: '9'}}]",
            "p.yaml:6: a citation must name a clause of the rulebook, got i 9",
        ),
        (
            f"idle_rules: [{{id: r, asset: space, unused_for: 12h, least_coverage: 0.9, {CITES}}}]",
            "p.yaml:6: unused_for must be at least 1 whole days, got '12h'",
        ),
        (
            f"idle_rules: [{{id: r, asset: space, unused_for: 3d, least_coverage: 0.4, {CITES}}}]",
            "p.yaml:6: least_coverage must lie in 0.5 to 1, got '0.4'",
        ),
        (
            f"idle_rules: [{{id: r, asset: space, unused_for: 3d, least_coverage: 1, peaks: {{x: 1}}, "
            f"{CITES}}}]",
            "p.yaml:6: a peak must be of a quantity of docs/nomenclature.md, got x",
        ),
        (
            f"scores: [{{id: s, title: {{zh: 一, en: one}}, least_known_pct: 5, trust: invented, "
            f"parts: [{{{PARTS}}}, {{{PARTS}}}]}}]",
            "p.yaml:6: a score must have each part once, got idle_share, idle_share",
        ),
        (
            f"scores: [{{id: s, title: {{zh: 一, en: one}}, least_known_pct: 5, trust: invented, "
            f"parts: [{{{PARTS}, older_than: 3d}}]}}]",
            "p.yaml:6: older_than must be given for open_findings, and only there, got idle_share",
        ),
    ],
)
def test_mistakes_are_named_with_file_and_line(tmp_path: Path, text: str, found: str) -> None:
    assert found in problems(tmp_path, text)
