"""``simulate faults``: a file with faults, and the truth beside."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.errors import InputError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two months of hours."""
    starts = pd.date_range("2025-01-01", periods=24 * 60, freq="h")
    path = tmp_path / "building.csv"
    pd.DataFrame({"time": starts, "kwh": 10.0 + starts.hour}).to_csv(path, index=False)
    return path


def test_the_truth_lies_beside_the_file(file: Path) -> None:
    arguments = ["simulate", "faults", str(file), "--kind", "spike", "--kind", "outage"]
    shown = CliRunner().invoke(app, [*arguments, "--zone", "Europe/Berlin"])
    assert shown.exit_code == 0, shown.output
    written, beside = (Path(line) for line in shown.output.split())
    assert (written.name, beside.name) == ("building.faults.csv", "building.faults.truth.csv")
    truth = pd.read_csv(beside)
    assert set(truth["kind"]) == {"spike", "outage"}
    added = pd.read_csv(written)["use"].sum() - pd.read_csv(file)["kwh"].sum()
    assert truth["size"].sum() == pytest.approx(added)


def test_a_kind_must_be_known(file: Path) -> None:
    result = CliRunner().invoke(app, ["simulate", "faults", str(file), "--kind", "ghost"])
    assert isinstance(result.exception, InputError)
    assert "must be one of outage, stuck" in str(result.exception)
