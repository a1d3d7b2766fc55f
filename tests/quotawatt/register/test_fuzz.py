"""Wild cells and damaged files end in problems or in a whole register, never in anything else."""

import pytest

from benchmarks.register_fuzz import damaged, fuzz, wild_workbook
from quotawatt.register.uploads import read_upload


@pytest.mark.parametrize("seed", [1, 1000])
def test_wild_cells_are_problems_with_a_place_in_both_languages(seed: int) -> None:
    for plan in fuzz(seed, 4_000):
        assert (plan.after is None) == bool(plan.problems)
        for problem in plan.problems:
            assert plan.found.placed(problem).text("en")
            assert plan.found.placed(problem, "zh").text("zh")


@pytest.mark.parametrize("seed", range(100))
def test_damaged_files_are_refused(seed: int) -> None:
    found = read_upload("x.xlsx", damaged(seed, wild_workbook(7, 200)))
    assert found.problems
    assert found.rows == {}
