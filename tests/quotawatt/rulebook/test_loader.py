"""Packs in, rulebook out; every error at once, with its line."""

from datetime import timedelta
from pathlib import Path

import pytest

from quotawatt.errors import RulebookError
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Tier, Trust
from tests.quotawatt.rulebook.checking import check_packs

INSTRUMENT = """\
instruments:
  - id: local-1
    title: {zh: 地方标准, en: Local standard}
    number: DBXX/T 1
    issuer: {zh: 某市, en: A city}
    jurisdiction: somewhere
    effective_from: 2020-01-01
    effective_until: null
    status: in_force
    trust: unverified
    source: none
    clauses:
      - {number: 4, text: {zh: 摘要, en: summary}, trust: unverified}
"""

FACTORS = """\
factor_sets:
  - id: local-factors
    title: {zh: 系数, en: Factors}
    cites: {instrument: local-1, clause: "4"}
    electricity_basis: calorific
    coal_equivalent:
      electricity_import_kwh: {value: 0.1229, unit: kgce/kWh, trust: unverified}
"""

INDICATOR = """\
indicators:
  - id: non_heating_kgce_per_m2
    title: {zh: 单位面积非供暖能耗, en: non-heating energy per area}
    formula: {zh: 用电量 × 折标系数 / 建筑面积, en: electricity x factor / floor area}
    unit: kgce/m²
    amount_unit: kgce
    denominator: gross_area_m2
    carriers: [electricity_import_kwh]
    converts: true
    assets: [organisation, building]
    trust: unverified
"""

QUOTA = """\
quotas:
  - id: local-quota
    title: {zh: 定额, en: Quota}
    cites: {instrument: local-1, clause: "4"}
    indicator: non_heating_kgce_per_m2
    unit: kgce/m²
    factor_set: local-factors
    selectors:
      - {asset: building}
    tiers: {constraint: 20, baseline: 15, guidance: 10}
    trust: unverified
"""

RULE = """\
rules:
  - id: local-rule
    title: {zh: 规则, en: Rule}
    cites: {instrument: local-1, clause: "4"}
    input: quota_share_pct
    above: 100
    for: 3d
    severity: warning
    advice: {zh: 检查, en: look}
"""

GOOD = INSTRUMENT + FACTORS + INDICATOR + QUOTA + RULE


def pack(folder: Path, text: str, name: str = "local.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path, text: str) -> list[str]:
    """The problems of one pack alone, without the folder's path before the file's name."""
    pack(folder, text)
    with pytest.raises(RulebookError) as caught:
        load_rulebook([folder], builtin=False)
    return [problem.removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_a_pack_becomes_values(tmp_path: Path) -> None:
    book = load_rulebook([pack(tmp_path, GOOD)], builtin=False)
    quota = book.quotas["local-quota"]
    assert dict(quota.tiers) == {Tier.CONSTRAINT: 20, Tier.BASELINE: 15, Tier.GUIDANCE: 10}
    assert book.indicators[quota.indicator].denominator == "gross_area_m2"
    assert quota.trust is Trust.UNVERIFIED
    rule = book.rules["local-rule"]
    assert rule.for_ == timedelta(days=3)
    assert rule.keep_firing_for == timedelta(0)
    assert rule.clear == rule.threshold == 100
    instrument, clause = book.clause(rule.cites)
    assert (instrument.number, clause.number, clause.text.zh) == ("DBXX/T 1", "4", "摘要")


def test_a_factor_for_a_kilogram_becomes_one_for_a_litre_by_its_density(tmp_path: Path) -> None:
    fuel = (
        "      petrol_l: {value: 1.4714, unit: kgce/kg, density_kg_per_l: 0.73, trust: secondary}\n"
    )
    text = INSTRUMENT + FACTORS + fuel
    factor = (
        load_rulebook([pack(tmp_path, text)], builtin=False)
        .factor_sets["local-factors"]
        .coal_equivalent["petrol_l"]
    )
    # 1.4714 * 0.73
    assert factor.value == pytest.approx(1.074122, rel=1e-12)
    assert factor.unit == "kgce/L"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("constraint: 20,", "constraint: true,", "constraint must be a number, got 'true'"),
        ("constraint: 20,", "constraint: '20',", "constraint must be a number, got '20'"),
        ("constraint: 20,", "constraint: .nan,", "constraint must be a decimal number, got '.nan'"),
        ("constraint: 20,", "constraint: 1:30,", "constraint must be a decimal number, got '1:30'"),
        ("constraint: 20,", "constraint: 0,", "constraint must lie in 0.001 to 1e+06, got '0'"),
        (
            "baseline: 15",
            "baseline: 20",
            "tiers must fall from constraint to baseline to guidance, "
            "got constraint 20, baseline 20, guidance 10",
        ),
        ("constraint: 20, ", "", "tiers must have constraint, got baseline, guidance"),
        (
            "    factor_set: local-factors\n",
            "",
            "a quota in coal equivalent must have factor_set, got none",
        ),
        (
            "factor_set: local-factors",
            "factor_set: other",
            "a quota must name a factor set with coal_equivalent, got other",
        ),
        (
            "unit: kgce/m²\n    factor_set",
            "unit: tce/m²\n    factor_set",
            "the unit of non_heating_kgce_per_m2 must be kgce/m², got tce/m²",
        ),
        (
            "asset: building",
            "asset: vehicle",
            "the asset of a quota (a vehicle has its own limit, in the register) must be one of "
            "organisation, building, got 'vehicle'",
        ),
        (
            "      - {asset: building}",
            "      - {asset: building, level: town}",
            "level must be one of province, city, county, got 'town'",
        ),
        ("for: 3d", "for: 3 days", "for must be a duration such as 3d, 24h or 30m, got '3 days'"),
        ("for: 3d", "for: -1d", "for must be a duration such as 3d, 24h or 30m, got '-1d'"),
        (
            "input: quota_share_pct",
            "input: quota_share",
            "input must be a measure of docs/nomenclature.md or silence_h or silent_share_pct,"
            " got quota_share",
        ),
        (
            "above: 100",
            "above: 100\n    clear_below: 101",
            "clear_below must be at most 100, got 101",
        ),
        ("severity: warning", "severity: loud", "severity must be one of info, warning, critical"),
        ("advice: {zh: 检查, en: look}", "advice: {zh: 检查}", "advice must have en, got zh"),
        ("    source: none\n", "", "an instrument must have source, got id"),
        (
            "    trust: unverified\n    source",
            "    trust: sure\n    source",
            "trust must be one of",
        ),
        (
            "effective_from: 2020-01-01",
            "effective_from: 1 Jan",
            "effective_from must be a date YYYY-MM-DD or null, got '1 Jan'",
        ),
        (
            "effective_until: null",
            "effective_until: 2019-01-01",
            "effective_until must be after effective_from, got 2019-01-01",
        ),
        ("id: local-quota", "id: Local/Quota", "id must be of lower-case letters"),
        ("quotas:\n", "quota:\n", "a key of a pack must be one of"),
        ("value: 0.1229", "value: 122.9", "must lie in 0.1 to 0.5 kgce/kWh, got 122.9"),
        (
            "unit: kgce/kWh",
            "unit: tce/kWh",
            "the unit of electricity_import_kwh must be kgce/kWh, got tce/kWh",
        ),
        (
            "      electricity_import_kwh:",
            "      water_m3:",
            "a factor in kgce must be for one of electricity_import_kwh",
        ),
    ],
)
def test_what_breaks_a_rule_is_named_with_its_value(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    problems = problems_of(tmp_path, GOOD.replace(old, new))
    assert any(expected in problem for problem in problems), problems


def test_a_problem_stands_with_file_and_line(tmp_path: Path) -> None:
    text = GOOD.replace("above: 100", "above: high")
    line = text[: text.index("above: high")].count("\n") + 1
    assert problems_of(tmp_path, text) == [f"local.yaml:{line}: above must be a number, got 'high'"]


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    pack(tmp_path, GOOD.replace("above: 100", "above: high"), "a.yaml")
    pack(tmp_path, "quotas: 7\n", "b.yaml")
    pack(
        tmp_path, RULE.replace('clause: "4"', 'clause: "99"').replace("local-rule", "r2"), "c.yaml"
    )
    with pytest.raises(RulebookError) as caught:
        load_rulebook([tmp_path], builtin=False)
    text = str(caught.value)
    assert "a.yaml:" in text
    assert "above must be a number, got 'high'" in text
    assert "b.yaml:1: quotas must be a list, got '7'" in text
    assert "c.yaml:2: a citation must name a clause of the rulebook, got local-1 99" in text


def test_an_id_is_given_once_over_all_packs(tmp_path: Path) -> None:
    pack(tmp_path, GOOD, "a.yaml")
    pack(tmp_path, RULE, "b.yaml")
    said = r"b\.yaml:2: an id must be given once, or for times .*, got local-rule again \(first: .*a\.yaml"
    with pytest.raises(RulebookError, match=said):
        load_rulebook([tmp_path], builtin=False)


def test_a_region_has_one_grid_factor_a_year(tmp_path: Path) -> None:
    table = (
        "  - year: 2023\n"
        '    cites: {instrument: local-1, clause: "4"}\n'
        "    kgco2_per_kwh:\n"
        "      north: {value: 0.5, trust: unverified}\n"
    )
    problems = problems_of(tmp_path, INSTRUMENT + "grid_factors:\n" + table + table)
    assert len(problems) == 1
    assert "got north 2023 again" in problems[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"rules:\n\t- id: x\n", ":2: a pack must be YAML indented with blanks"),
        (b"rules: [\n", "a pack must be YAML indented with blanks"),
        (b"rules: []\n---\nrules: []\n", "a pack must be YAML indented with blanks"),
        (b"# a\n\xff\xfe\n", ":2: a pack must be UTF-8, got invalid start byte"),
        (b"", ":1: a pack must not be empty, got nothing"),
        (b"[" * 500, ":1: a pack must not nest deeply, got too many levels"),
        (b"rules: &a\n  - *a\n", "a rule must be a mapping, got a list of 1"),
        (b"\x00", "a pack must be YAML"),
        (b"#" * 1_000_001, "a pack must be at most 1000000 bytes, got 1000001"),
        (b"rules: []\nrules: []\n", ":2: a pack must have each key once, got rules"),
        (b"- rules\n", ":1: a pack must be a mapping, got a list of 1"),
        (b"? [a]\n: 1\n", "a key of a pack must be one of"),
    ],
)
def test_what_is_no_pack_at_all_says_so(tmp_path: Path, raw: bytes, expected: str) -> None:
    (tmp_path / "bad.yaml").write_bytes(raw)
    with pytest.raises(RulebookError) as caught:
        load_rulebook([tmp_path], builtin=False)
    assert expected in str(caught.value)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "local.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert list(load_rulebook([tmp_path], builtin=False).rules) == ["local-rule"]


def test_a_folder_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="a folder of packs must exist, got none"):
        load_rulebook([tmp_path / "nowhere"])


def test_check_packs_reads_them_with_the_built_in_ones(tmp_path: Path) -> None:
    cites_built_in = RULE.replace("local-1", "conservation-regulation").replace('"4"', '"14"')
    assert check_packs(pack(tmp_path, cites_built_in)) == []
    assert check_packs(pack(tmp_path, RULE)) == [
        f"{tmp_path}/local.yaml:2: a citation must name a clause of the rulebook, got local-1 4"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("number: 4,", "number: 4.10,", "clause number must stand in quotes where it has a point"),
        ("constraint: 20", 'constraint: "20"', "constraint must be a number, got '20'"),
        (
            "    unit: kgce/m²\n    factor_set",
            "    unit: kgce/m²\n    headcount_components: [in-post]\n    factor_set",
            "a headcount component must be one of in_post, non_establishment",
        ),
    ],
)
def test_a_slip_is_told_once_in_words_that_help(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert GOOD.count(old) == 1
    told = [p for p in problems_of(tmp_path, GOOD.replace(old, new)) if "a citation must" not in p]
    assert expected in told[0]
    assert not any("tiers must fall" in p for p in told), told
