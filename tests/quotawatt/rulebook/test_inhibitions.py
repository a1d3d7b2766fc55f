"""The section ``inhibitions``: which cases make others superfluous, and errors with file and line."""

from pathlib import Path

import pytest

from quotawatt.rulebook.inhibitions import Inhibition, Side
from quotawatt.rulebook.loader import load_rulebook
from tests.quotawatt.rulebook.checking import check_packs

PACK = """\
inhibitions:
  - id: own-one
    title: {zh: 本地抑制, en: Own inhibition}
    source: {rules: [quota-exhausted]}
    target: {rules: ["finding:meter_stuck"], severities: [warning]}
    equal: [organisation]
"""


def test_it_is_read_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(PACK)
    found = load_rulebook([tmp_path]).inhibitions["own-one"]
    assert isinstance(found, Inhibition)
    assert found.source == Side(("quota-exhausted",))
    assert found.target == Side(("finding:meter_stuck",), ("warning",))
    assert found.equal == ("organisation",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "[quota-exhausted]",
            "[quota-exhuasted]",
            "own.yaml:2: an inhibition must name rules of the rulebook, got quota-exhuasted",
        ),
        (
            "equal: [organisation]",
            "equal: [city]",
            "own.yaml:6: a word of equal must be one of site, asset, organisation, account,"
            " subject, got 'city'",
        ),
        (
            "equal: [organisation]",
            "equal: []",
            "own.yaml:6: equal must name what both share, got a list of 0",
        ),
        (
            "source: {rules: [quota-exhausted]}",
            "source: {}",
            "own.yaml:4: source must name rules or severities, got neither",
        ),
        (
            "severities: [warning]",
            "severities: [grave]",
            "own.yaml:5: a word of severities must be one of info, warning, critical, got 'grave'",
        ),
    ],
)
def test_what_would_silence_wrongly_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(PACK.replace(old, new))
    assert check_packs(tmp_path) == [f"{tmp_path.resolve()}/{said}"]
