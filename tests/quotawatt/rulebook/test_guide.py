"""The guide's examples work: a local standard in one file, its test, and the file that amends it."""

import re
from datetime import date
from pathlib import Path

import pytest

from alerts.trying.rehearsal import rehearse
from analytics.packtests.rules import run_pack_tests
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Tier
from quotawatt.rulebook.sections import SECTIONS
from tests.quotawatt.rulebook.checking import check_packs

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "rulebook.md").read_text()
PACK, TESTS, AMENDMENT = re.findall(r"```yaml\n(.+?)```", GUIDE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "example.yaml").write_text(PACK)
    (tmp_path / "example.tests.yaml").write_text(TESTS)
    return tmp_path


def test_the_pack_of_the_guide_is_right_and_passes_its_test(folder: Path) -> None:
    assert check_packs(folder) == []
    outcomes = run_pack_tests(folder, load_rulebook([folder]), rehearse)
    assert [outcome.failure for outcome in outcomes] == [""]


def test_the_amendment_of_the_guide_leaves_the_past_as_it_was(folder: Path) -> None:
    (folder / "example-2027.yaml").write_text(AMENDMENT)
    assert check_packs(folder) == []
    book = load_rulebook([folder])
    limits = [
        book.as_of(date(year, 12, 31)).quotas["example-county-non-heating"].tiers[Tier.CONSTRAINT]
        for year in (2026, 2027)
    ]
    assert limits == [18, 16]
    assert run_pack_tests(folder, book, rehearse)[0].failure == ""
    assert book.instruments["example-2026"].superseded_by == "example-2027"


def test_a_slip_is_named_with_its_line(folder: Path) -> None:
    (folder / "example.yaml").write_text(PACK.replace("value: 0.1229", "value: 122.9"))
    (problem,) = check_packs(folder)
    line = PACK[: PACK.index("value: 0.1229")].count("\n") + 1
    assert f"example.yaml:{line}: the factor of electricity_import_kwh must lie in" in problem


def test_every_section_is_in_the_table() -> None:
    table = GUIDE[GUIDE.index("## Sections and keys") : GUIDE.index("## What was in force when")]
    assert [s.name for s in SECTIONS if f"`{s.name}`" not in table] == []
