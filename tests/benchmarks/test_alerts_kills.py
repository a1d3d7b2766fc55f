"""A few kills of a system that fires, sends and takes acknowledgements: nothing lost, nothing doubled."""

from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.alerts_kills import kill_often
from benchmarks.register_rig import SQLITE, Home


@pytest.mark.slow
def test_killed_again_and_again_it_loses_and_doubles_nothing(tmp_path: Path) -> None:
    toll = kill_often(Home(SQLITE, tmp_path, f"sqlite:///{tmp_path / 'records.sqlite'}"), kills=3)
    assert (toll.kills, toll.unserved) == (3, 0)
    assert toll.breaches > 0
    assert toll.messages > 0
    assert toll.found is not None
    assert {name: times for name, times in asdict(toll.found).items() if times} == {}
