"""What docs/money.md shows can be done, in its order.

One meter draws 10 kW through May 2023. By the demo tariff these cost 133.56 CNY a day (reckoned in
tests/analytics/jobs/test_costs.py), in 31 days 4140.36; 60 kW contracted at 42 CNY are 2520: 6660.36 in all.
"""

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.local import locally
from quotawatt.app.home import home_clock
from quotawatt.app.main import app
from quotawatt.app.system import open_system
from quotawatt.app.token import with_token
from quotawatt.ledger import Ledger
from quotawatt.readings import Reading
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.settings import load_settings
from quotawatt.storage.factory import open_series
from quotawatt.storage.intake import store_readings
from quotawatt.storage.records import open_records

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "money.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)
START = datetime(2023, 4, 30, 16, tzinfo=UTC)

REGISTER = Register(
    organisations=[Organisation("ORG-1", "甲机关", "First", "party_government", "city")],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "一号楼", "One", "SITE-1", "ORG-1", 1000.0)],
    meters=[Meter("MTR-1", "总表", "Main", "BLD-1", "electricity")],
    bindings=[Binding("dev-1", "MTR-1", START)],
)
BILL = {
    "bill": "2023-05",
    "contract": 1,
    "first_day": "2023-05-01",
    "last_day": "2023-05-31",
    "lines": [
        {
            "line": "energy",
            "period": "peak",
            "amount": 1705,
            "price_cny": 0.672,
            "cost_cny": 1145.76,
        },
        {"line": "demand", "amount": 60, "price_cny": 42, "cost_cny": 2520},
        {"line": "total", "cost_cny": 6764.52},
    ],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a register and a month of readings in its ``var``."""
    monkeypatch.chdir(tmp_path)
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", datetime(2023, 1, 1, tzinfo=UTC))
    series = open_series(load_settings(home=tmp_path / "var"))
    times = [START + timedelta(hours=n) for n in range(31 * 24 + 1)]
    readings = [
        Reading("dev-1", "", "electricity_import_kwh", time, 10.0 * n, time)
        for n, time in enumerate(times)
    ]
    store_readings(series, records, readings)
    series.close()
    records.dispose()
    return tmp_path


def run(command: str) -> str:
    """What a command prints, blanks and lines as one blank."""
    result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == 0, (command, result.output)
    return " ".join(result.stdout.split())


def answers(commands: list[str], home: Path) -> list[str]:
    """What commands print that all ask one system, so that it is not opened for each of them."""
    settings = with_token(load_settings(home=home / "var"))
    system = open_system(settings, home_clock(settings.home))
    kept = locally(system.app(lambda: {}))
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("api.local.locally", lambda _: kept)
            patched.setattr("quotawatt.app.system.open_system", lambda *_: _Kept())
            return [run(command) for command in commands]
    finally:
        system.close()


class _Kept:
    """A system that somebody else closes."""

    def app(self, _: object) -> None:
        """Not needed: what is asked is kept."""

    def close(self) -> None:
        """Nothing is closed."""


def test_the_commands_work_one_after_the_other(home: Path) -> None:
    contracts = "对象,电价,起始日,户号\nBLD-1,demo-water,2023-01-01,3701\n"
    (home / "contracts.csv").write_text(contracts, encoding="gb18030")
    (home / "bill.json").write_text(json.dumps(BILL), encoding="utf-8")
    assert len(COMMANDS) == 15
    analysed = next(n for n, command in enumerate(COMMANDS) if command.startswith("analyse"))
    said = iter(
        [
            *answers(COMMANDS[:analysed], home),
            *map(run, COMMANDS[analysed : analysed + 1]),
            *answers(COMMANDS[analysed + 1 :], home),
        ]
    )
    assert "虚构" in next(said)
    assert "供能合同第 1 号" in next(said)
    assert "可登记 1 份" in next(said)
    assert "已登记 1 份" in next(said)
    assert "合同需量 60 kW" in next(said)
    next(said)  # analyse
    costs = next(said)
    assert all(figure in costs for figure in ("4,140.36", "2,520.00", "6,660.36"))
    billed = next(said)
    assert "6,660.36" in billed
    assert "实际可能更高" in billed  # read by the hour
    for _ in range(2):  # entered, and asked again: 104.16 more of 1041.60 in peak, so in the total
        checked = next(said)
        assert "不符" in checked
        assert "104.16" in checked
        assert "数量不同" in checked
    next(said)  # a budget was set
    assert "6,660" in next(said)
    # demo-agent of May: 7.5 h at 0.57, 8.5 h at 0.38, 8 h at 0.19 and 24 h of 0.23: 14.545 a kW and day.
    assert "4,508.95" in next(said)
    # 5 kW of 5 h of peak leave 0.882 for 0.378: 12.6 a day, 390.60 in all.
    assert "少 390.60 元" in next(said)
    actions = [e.action for e in Ledger(open_records("sqlite", home / "var")).entries()]
    assert actions.count("contract_added") == 2
    assert {"bill_entered", "budget_set"} <= set(actions)


def test_a_file_with_mistakes_is_refused_whole_with_every_mistake(home: Path) -> None:
    rows = ["subject,tariff,valid_from,kw", "BLD-1,demo-tou,2023-13-01,", "NOBODY,none,2023-01-01,"]
    (home / "contracts.csv").write_text("\n".join(rows), encoding="utf-8")
    result = CliRunner().invoke(app, shlex.split("money contracts-import contracts.csv --json"))
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert (answer["applied"], len(answer["problems"])) == (False, 3)
    assert answer["problems"][0].startswith("contracts.csv:2 valid_from")
