"""The public data sets of docs/analytics.md are read by the options that it shows."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from quotawatt.app.energy_csv import Read
from quotawatt.app.energy_read import read_source
from quotawatt.app.energy_source import Source, with_source
from tests.app.real_data import real_data

pytestmark = pytest.mark.real_data

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "analytics.md").read_text(encoding="utf-8")
OPTIONS = dict(re.findall(r"^\| ([\w ]+) \| `(--csv DIR.+?)` \|$", TEXT, re.MULTILINE))


class Expected(NamedTuple):
    folder: str
    intervals: int
    with_temperature: bool
    mean: float


EXPECTED = {
    "nmecr sample": Expected("mv_nmecr", 1095, True, 14968.3),
    "OpenEEmeter": Expected("mv_openeemeter", 19417, True, 0.125),
    "Building Data Genome 2": Expected("building_bdg2_offices", 17544, True, 181.93),
    "Cambridge estates": Expected("building_cambridge", 52584, True, 323.42),
    "NREL RSF": Expected("building_rsf_office_pv", 4343, False, -70.73),
    "Numenta": Expected("anomaly_nab", 1891, False, 85.92),
}


def read(options: str) -> Read:
    """What the options of a command read."""
    found: list[Read] = []
    app = typer.Typer()

    def command(source: Source) -> None:
        found.append(read_source(source, "Asia/Shanghai"))

    app.command()(with_source(command))
    result = CliRunner().invoke(app, shlex.split(options))
    assert result.exit_code == 0, (options, result.output, result.exception)
    return found[0]


def test_every_data_set_is_shown() -> None:
    assert set(OPTIONS) == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_data_set_is_read_by_options_alone(name: str) -> None:
    expected = EXPECTED[name]
    folder = real_data(expected.folder)
    series = read(OPTIONS[name].replace("DIR", str(folder))).series
    use = series.frame["use"].to_numpy(dtype=float)
    assert len(use) == expected.intervals
    assert np.nanmean(use) == pytest.approx(expected.mean, rel=1e-3)
    assert series.frame["temperature_c"].notna().any() == expected.with_temperature
