"""What docs/carbon.md shows can be done, in its order, and the figures that it reckons by hand."""

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from api.local import locally
from quotawatt.app.home import home_clock
from quotawatt.app.main import app
from quotawatt.app.system import open_system
from quotawatt.app.token import with_token
from quotawatt.errors import InputError
from quotawatt.ledger import Ledger
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings, load_settings
from quotawatt.spans import local_midnight
from quotawatt.storage.factory import open_series
from quotawatt.storage.records import open_records
from tests.api.scene import REGISTER, ZONE, result_rows

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "carbon.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)
CERTIFICATES = """number,kind,organisation,energy_mwh,generated_from,generated_until,document
GEC-2,gec,ORG-1,5,2023-01-01,2024-01-01,S-18
GEC-3,green_power,ORG-1,7,2023-01-01,2024-01-01,
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose ``var`` has a register and the days of 2023."""
    monkeypatch.chdir(tmp_path)
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", datetime(2022, 1, 1, tzinfo=UTC))
    records.dispose()
    days = [local_midnight(date(2023, 1, 1) + timedelta(days=n), ZONE) for n in range(365)]
    used = {"BLD-1": 250.0, "BLD-2": 200.0, "ORG-1": 450.0, "ORG-2": 200.0}
    rows = [
        row
        for code, kwh in used.items()
        for row in result_rows(code, "electricity_import_kwh", days, kwh)
    ]
    series = open_series(Settings(home=tmp_path / "var"))
    series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    series.close()
    (tmp_path / "certificates.csv").write_text(CERTIFICATES, encoding="utf-8")
    return tmp_path


def run(command: str) -> str:
    result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == 0, (command, result.output)
    return result.output


@pytest.fixture
def system(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One system that all commands ask, so that it is not opened for each of them."""
    settings = with_token(load_settings(home=home / "var"))
    opened = open_system(settings, home_clock(settings.home))
    kept = locally(opened.app(lambda: {}))
    monkeypatch.setattr("api.local.locally", lambda _: kept)
    monkeypatch.setattr("quotawatt.app.system.open_system", lambda *_: _Kept())
    yield
    opened.close()


class _Kept:
    """A system that somebody else closes."""

    def app(self, _: object) -> None:
        """Not needed: what is asked is kept."""

    def close(self) -> None:
        """Nothing is closed."""


@pytest.mark.usefixtures("system")
def test_the_commands_work_one_after_the_other(home: Path) -> None:
    assert len(COMMANDS) == 12
    outputs = [run(command) for command in COMMANDS]
    accounts, before, added, cancelled, imported, listed, after, targets, card, *rest = outputs
    assert "BLD-1" in accounts
    assert "45.2" in before
    assert "44.5" in before
    assert "1" in added
    assert "2023-12-20" in cancelled
    assert "2" in imported
    assert "GEC-3" in listed
    assert "14.0" in after
    assert "45.2" in after
    assert "47,900" in targets
    assert "31.9" in card
    confirmed, lighting, pv = rest
    assert "已确认" in confirmed
    assert "-5,460" in lighting
    assert "1250 kWh/kWp" in pv
    actions = [e.action for e in Ledger(open_records("sqlite", home / "var")).entries()]
    assert actions[-4:] == [
        "certificate_cancelled",
        "certificate_added",
        "certificate_added",
        "scorecard_confirmed",
    ]


def test_a_wrong_file_and_a_wrong_assumption_state_the_rule(home: Path) -> None:
    (home / "certificates.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for command, said in (
        ("carbon certificates import certificates.csv", "must have the columns"),
        ("carbon what-if BLD-1 --assume sun", "NAME=VALUE"),
    ):
        result = CliRunner().invoke(app, shlex.split(command))
        assert isinstance(result.exception, InputError)
        assert said in str(result.exception)
