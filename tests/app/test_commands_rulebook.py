"""The commands ``rules list``, ``show``, ``versions``, ``diff`` and ``effects``."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.main import app
from quotawatt.errors import InputError, NotFoundError
from quotawatt.rulebook.in_force import packs_in_force
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from quotawatt.storage.records import open_records
from tests.quotawatt.rulebook.test_loader import GOOD, pack
from tests.quotawatt.rulebook.test_versions import NEW, NEW_FACTORS_AND_QUOTA

AT = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(tmp_path_factory.mktemp("home"))


def run(home: Path, *arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(
        app, ["rules", *arguments, "--home", str(home), "--lang", language], catch_exceptions=True
    )


def output(home: Path, *arguments: str, language: str = "en") -> str:
    result = run(home, *arguments, language=language)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_the_list_says_what_was_not_compared_with_its_original(home: Path) -> None:
    said = output(home, "list", "--kind", "quotas", "--trust", "unverified")
    assert "Numbers marked unverified or invented were not compared with the original" in said
    assert "GB/T 51161-2016" in said
    assert "DB37/T 2672-2019" not in said
    sure = output(home, "list", "--kind", "quotas", "--trust", "secondary", language="zh")
    assert "二手来源" in sure
    assert "未与原文核对" not in sure


def test_templates_are_listed(home: Path) -> None:
    lines = output(home, "list", "--templates", "--json").splitlines()
    assert {json.loads(line)["status"] for line in lines} == {"template"}
    assert len(lines) >= 8
    assert "模板，待标准原文" in output(home, "list", "--templates", language="zh")


def test_a_quota_is_shown_with_clause_and_mark_in_both_languages(home: Path) -> None:
    english = output(home, "show", "db37t2672-city-b-electricity")
    assert "Trust: secondary source" in english
    assert "DB37/T 2672-2019" in english
    assert "Tiers: constraint 80 kWh/m², baseline 51.5 kWh/m², guidance 31.9 kWh/m²" in english
    chinese = output(home, "show", "db37t2672-city-b-electricity", language="zh")
    assert "核实程度: 二手来源" in chinese
    assert "电耗定额 (二手来源)" in chinese
    assert "限值: 约束值 80 kWh/m², 基准值 51.5 kWh/m², 引导值 31.9 kWh/m²" in chinese
    assert "适用于: 对象 建筑, 类型 党政机关, 级别 市级, 分区 B, 省份 山东" in chinese


def test_a_factor_that_stands_in_says_from_where(home: Path) -> None:
    said = output(home, "show", "db37t2672-2019", "--kind", "factor_sets", language="zh")
    assert "电力折标口径: 等价值" in said
    assert "用煤量(kg): 0.7143 kgce/kg (二手来源，取自 gbt2589-2020)" in said


def test_an_instrument_is_shown_with_what_cites_it(home: Path) -> None:
    said = output(home, "show", "db37t4452-2021")
    assert "quota: db37t4452-water" in said
    assert "water quota (secondary source)" in said


def test_the_version_of_a_past_day_is_shown(home: Path) -> None:
    said = output(home, "show", "gbt2589-equivalent", "--as-of", "2021-06-01")
    assert "0.3025" in said
    assert "In force: 2021-01-01 until before 2022-01-01" in said
    listed = output(home, "versions", "gbt2589-equivalent", "--json").splitlines()
    assert [json.loads(line)["effective_from"] for line in listed] == [
        None,
        "2021-01-01",
        "2022-01-01",
    ]


def test_two_days_and_two_folders_are_compared(home: Path, tmp_path: Path) -> None:
    changed = output(home, "diff", "--from", "2020-12-31", "--until", "2021-01-01")
    assert "changed factor set gbt2589-equivalent" in changed
    same = output(home, "diff", "--from", "2021-01-01", "--until", "2021-01-01")
    assert "there is no difference" in same
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    local = GOOD.replace("non_heating_kgce_per_m2", "local_kgce_per_m2")
    amended = NEW_FACTORS_AND_QUOTA.replace("non_heating_kgce_per_m2", "local_kgce_per_m2")
    old, new = pack(tmp_path / "old", local), pack(tmp_path / "new", local)
    pack(new, NEW + amended, "amended.yaml")
    said = output(home, "diff", str(old), str(new))
    assert "added instrument local-2: Local standard" in said
    assert "changed quota local-quota" in said


def test_a_folder_is_checked_and_compared_beside_what_was_approved(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "new"
    folder.mkdir()
    local = GOOD.replace("non_heating_kgce_per_m2", "local_kgce_per_m2")
    amended = NEW_FACTORS_AND_QUOTA.replace("non_heating_kgce_per_m2", "local_kgce_per_m2")
    pack(folder, NEW + amended, "amended.yaml")
    alone = run(home, "check", str(folder))
    assert alone.exit_code == 1
    assert "supersedes must name an instrument of the rulebook, got local-1" in alone.output
    home.mkdir()
    proposals, packs = (
        Proposals(open_records("sqlite", home)),
        packs_in_force([], {}, need_approval=False),
    )
    made = proposals.propose(Draft("local.yaml", local), packs, [], "li", AT)
    proposals.approve(made.id, packs, [], "wu", AT)
    assert "packs are right" in output(home, "check", str(folder))
    said = output(home, "diff", str(folder))
    assert "added instrument local-2" in said
    assert "removed" not in said


def test_effects_of_a_home_without_a_system_are_none(home: Path) -> None:
    assert "nothing was evaluated in that time" in output(home, "effects")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("show", "nothing"), NotFoundError),
        (("show", "db37t4452-water", "--kind", "laws"), NotFoundError),
        (("show", "db37t4452-water", "--as-of", "soon"), InputError),
        (("diff",), InputError),
        (("list", "--kind", "laws"), NotFoundError),
    ],
)
def test_what_cannot_be_answered_is_refused(
    home: Path, arguments: tuple[str, ...], error: type[Exception]
) -> None:
    assert isinstance(run(home, *arguments).exception, error)
