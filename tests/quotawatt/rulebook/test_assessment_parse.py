"""Rankings, benchmarks and schemes in packs: all errors at once, each with file and line."""

from pathlib import Path

import pytest

from quotawatt.errors import RulebookError
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.loader import load_rulebook

WRONG = """\
rankings:
  - id: mine
    title: {zh: 我的, en: Mine}
    unit: kgce/m²
    convert: coal
    factor_set: nowhere
    measures: [electricity_import_kwh, candles]
    denominator: gross_area_m2
    headcount_components: [in_post]
    least_coverage: 2
    trust: unverified
benchmarks:
  - id: theirs
    title: {zh: 别人的, en: Theirs}
    ranking: nothing
    year: 2022
    value: 0
    electricity_basis: maybe
    source: a page
    trust: source
schemes:
  - id: ours
    title: {zh: 办法, en: Scheme}
    least_known_pct: 50
    source: ours
    trust: unverified
    grades:
      - {id: bad, title: {zh: 差, en: Bad}, least: 0}
      - {id: good, title: {zh: 好, en: Good}, least: 90}
    items:
      - {id: a, title: {zh: 甲, en: A}, basis: reduction, about: nothing, points: 5, none_at: 3, full_at: 1}
      - {id: b, title: {zh: 乙, en: B}, basis: confirmed, points: 5, binding: maybe, about: x}
"""


def test_every_problem_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook([tmp_path])
    found = {p.split("wrong.yaml:")[1] for p in caught.value.problems}
    for line, words in (
        (7, "measures must be one of"),
        (2, "headcount_components must be given with headcount, and only there"),
        (10, "least_coverage must lie in 0 to 1, got '2'"),
        (2, "a ranking must name a factor set of the packs, got nowhere"),
        (17, "value must lie in 0.001 to 1e+06, got '0'"),
        (18, "electricity_basis must be one of"),
        (13, "a benchmark must name a ranking of the packs, got nothing"),
        (28, "grades must fall from the best to the last, at 0 points, got 0, 90"),
        (31, "full_at must be above none_at, got 1"),
        (32, "binding must be one of false, true, got 'maybe'"),
        (32, "about must be given with quota_standing, target_met, reduction, and only there"),
        (22, "an item of reduction must be about a ranking of the packs, got nothing"),
    ):
        assert any(p.startswith(f"{line}: ") and words in p for p in found), (line, words, found)


def test_the_shipped_ones_carry_their_marks() -> None:
    book = load_rulebook()
    assert all(r.trust is Trust.UNVERIFIED for r in book.rankings.values())
    assert all(b.trust is Trust.SOURCE and b.source for b in book.benchmarks.values())
    assert book.benchmarks["nation-2022-area"].value == 18.03
    assert book.benchmarks["nation-2022-area"].electricity_basis == "unknown"
    assert [g.least for g in book.schemes["annual-targets"].grades] == [95, 80, 65, 0]
