"""Tables of reports, by hand."""

import pytest

from analytics.assessment.report_tables import quota_table

ROW = {
    "name_zh": "局", "name_en": "Bureau", "kind": "quota", "document": "",
    "title": {"zh": "用水", "en": "Water"}, "trust": "source", "used": 10.0, "unit": "m³",
    "share_pct": 40.0, "projected_share_pct": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("standing", "tiers", "words"),
    [
        ("over_constraint", ["constraint"], ("超约束值", "over constraint")),
        ("over_baseline", ["constraint", "baseline"], ("高于基准值", "above baseline")),
        ("over_guidance", ["constraint", "baseline"], ("优于基准值", "better than baseline")),
        ("over_guidance", ["constraint", "guidance"], ("约束值内", "within constraint")),
        ("over_guidance", None, ("优于基准值", "better than baseline")),
        ("within_guidance", ["constraint"], ("达到引导值", "meets guidance")),
    ],
)
def test_a_quota_stands_among_the_tiers_that_it_has(
    standing: str, tiers: list[str] | None, words: tuple[str, str]
) -> None:
    row = {**ROW, "standing": standing, **({} if tiers is None else {"tiers": tiers})}
    for language, expected in zip(("zh", "en"), words, strict=True):
        assert quota_table([row], language).rows[0][-1] == expected
