"""The section ``assumptions``: what a what-if takes for granted, and errors with file and line."""

from pathlib import Path

import pytest

from quotawatt.errors import RulebookError
from quotawatt.rulebook.assumptions import NAMES
from quotawatt.rulebook.loader import load_rulebook

PACK = """\
assumptions:
  - id: ID
    title: {zh: 发电量, en: Yield}
    cites: {instrument: what-if-assumptions, clause: 假设}
    value: VALUE
    unit: kWh/kWp
    low: 300
    high: 2200
    by_province: {hainan: PROVINCE}
    trust: invented
"""


def test_the_shipped_pack_has_every_figure() -> None:
    book = load_rulebook()
    assert set(book.assumptions) == set(NAMES)
    pv = book.assumptions["pv_kwh_per_kwp"]
    assert (pv.value_in("beijing"), pv.value_in("hainan")) == (1250, 1100)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ID": "sun"}, "own.yaml:2: id must be one of pv_kwh_per_kwp"),
        ({"VALUE": "250"}, "own.yaml:5: value must lie in 300 to 2200"),
        ({"PROVINCE": "9000"}, "own.yaml:9: the value of hainan must lie in 300 to 2200"),
    ],
)
def test_a_figure_out_of_its_range_is_refused(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    text = PACK
    for name, value in {
        "ID": "pv_kwh_per_kwp",
        "VALUE": "1300",
        "PROVINCE": "1400",
        **changed,
    }.items():
        text = text.replace(name, value)
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(RulebookError) as caught:
        load_rulebook([tmp_path])
    assert said in str(caught.value)
