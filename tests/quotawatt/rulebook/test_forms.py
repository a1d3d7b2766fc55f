"""Forms as data: the shipped versions, a local one in one file, and everything that can be wrong."""

from datetime import date
from pathlib import Path

import pytest

from quotawatt.errors import NotFoundError, RulebookError
from quotawatt.rulebook.forms import CheckKind, Origin
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Trust

LOCAL = """
instruments:
  - id: local
    title: {zh: 地方制度, en: Local system}
    number: 1号
    issuer: {zh: 局, en: Bureau}
    jurisdiction: cn
    effective_from: 2024-01-01
    effective_until: null
    status: in_force
    trust: invented
    source: made up
    clauses:
      - {number: "1", text: {zh: 填报, en: Report}, trust: invented}
forms:
  - id: local-return
    version: "1"
    title: {zh: 地方报表, en: Local return}
    cites: {instrument: local, clause: "1"}
    code: J-7
    quarter_due_days: 10
    year_due: "02-15"
    due_trust: invented
    trust: invented
    sheets:
      - id: use
        title: {zh: 消费, en: Use}
        by_month: true
        rows:
          - {id: water, title: {zh: 水, en: Water}, unit: m³, decimals: 0,
             from: {use: water_m3}, required: true, trust: invented}
          - {id: again, title: {zh: 合计, en: Sum}, unit: m³, decimals: 0,
             from: {sum: [water]}, trust: invented}
    checks:
      - {id: missing, kind: missing, blocks: true, trust: invented, title: {zh: 缺, en: Missing}}
"""


def problems(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in LOCAL
    (tmp_path / "local.yaml").write_text(LOCAL.replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook([tmp_path], builtin=False)
    return list(caught.value.problems)


def test_the_version_in_force_is_that_of_the_day() -> None:
    book = load_rulebook()
    days = (date(2010, 1, 1), date(2025, 11, 18), date(2025, 11, 19))
    versions = [book.as_of(day).forms["energy-statistics"].version for day in days]
    assert versions == ["2022", "2022", "2025-11"]


def test_nothing_of_the_shipped_form_is_made_certain() -> None:
    for version in load_rulebook().versions["forms"]["energy-statistics"]:
        form = version.value
        assert form.code == ""
        assert form.trust is form.due_trust is Trust.UNVERIFIED
        certain = {name for name, _, row in form.rows() if row.trust is Trust.SOURCE}
        read = {
            "base.site_area", "base.charging_points", "base.renewables",
            "data_centre.ups_capacity", "heating.heat",
        }  # fmt: skip
        assert certain <= read


def test_a_local_form_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "local.yaml").write_text(LOCAL, encoding="utf-8")
    form = load_rulebook([tmp_path], builtin=False).forms["local-return"]
    assert (form.code, form.year_due) == ("J-7", (2, 15))
    sheet, row = form.row("use.again")
    assert (sheet.id, row.source.origin, row.adds_up) == ("use", Origin.SUM, True)
    assert [check.kind for check in form.checks] == [CheckKind.MISSING]
    with pytest.raises(NotFoundError, match=r"got 'use\.coal'"):
        form.row("use.coal")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("use: water_m3", "use: water", "a measure must be one of docs/nomenclature.md, got water"),
        ("{use: water_m3}", "{hand: true, use: water_m3}", "from must have one of"),
        ("{use: water_m3}", "{}", "from must have one of use, cost, register, sum, hand, got none"),
        ("sum: [water]", "sum: [coal]", "must add up rows of its sheet that are no sums, got coal"),
        ("sum: [water]", "sum: [again]", "must add up rows of its sheet that are no sums"),
        ("sum: [water]", "sum: []", "sum must not be empty, got none"),
        ("id: again", "id: water", "id must be given once, got water"),
        ("id: again", "id: Again", "must be of lower-case letters"),
        ("decimals: 0", "decimals: 9", "decimals must lie in 0 to 6"),
        ('"02-15"', '"15.2."', "year_due must be MM-DD in quotes"),
        ("required: true", "required: yes please", "required must be one of false, true"),
        ("kind: missing", "kind: sum", "kind must be one of missing"),
        ("kind: missing", "kind: ratio", "per must be given for a ratio, and only there"),
        (
            "kind: missing",
            "kind: jump, rows: [use.coal]",
            "must name rows of the form, got use.coal",
        ),
        ('clause: "1"', 'clause: "9"', "9"),
        ("local-return", "a-return-with-far-too-long-a-name-for-it", "at most 32 characters"),
        ("    code: J-7\n", "", "a form must have code"),
        ("use: water_m3", "register: beds", "register must be one of name, kind"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    found = problems(tmp_path, old, new)
    assert any(said in problem for problem in found), found
    assert all("local.yaml:" in problem for problem in found)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = LOCAL.replace("use: water_m3", "use: water").replace("decimals: 0", "decimals: 9")
    (tmp_path / "local.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook([tmp_path], builtin=False)
    assert len(caught.value.problems) == 3
