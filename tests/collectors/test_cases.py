"""Every case of ``collectors/cases``: a topic and payload, and what it becomes. A new case needs no code."""

from pathlib import Path

import pytest

import collectors
from collectors.cases_run import failures, find_cases, load_case
from collectors.decode import Decoder
from collectors.profile import load_profiles

CASES = Path(collectors.__file__).parent / "cases"
PROFILES = load_profiles()


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", find_cases(CASES), ids=named)
def test_case(path: Path, decoder: Decoder) -> None:
    assert failures(load_case(path), decoder) == []


def test_every_profile_has_cases() -> None:
    assert {path.parent.name for path in find_cases(CASES)} == {profile.id for profile in PROFILES}
