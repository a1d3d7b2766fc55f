"""What docs/dispatch.md shows can be done, in its order."""

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.dispatch import book
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.ledger import Ledger
from quotawatt.register.model import Organisation, Register, Vehicle
from quotawatt.register.repository import save_register
from quotawatt.storage.records import open_records
from tests.app.serving import serving

NOW = datetime(2024, 5, 16, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "dispatch.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)

REGISTER = Register(
    organisations=[Organisation("ORG-1", "甲机关", "First", "party_government", "city")],
    vehicles=[
        Vehicle(f"CAR-{n}", f"{n}号车", f"Car {n}", "ORG-1", f"鲁A0000{n}", "car", "petrol")
        for n in (1, 2)
    ],
)
ORDERS = """派车单号,用车单位,计划出车时间,计划收车时间,事由,车牌号,实际出车时间,实际收车时间
A-1,ORG-1,2024-05-01 09:00,2024-05-01 12:00,送文件,鲁A·00001,2024-05-01 09:05,2024-05-01 11:40
"""
CARDS = """车牌号,加油时间,加油量(L),卡号,金额(元),油品
鲁A00001,2024-05-01 10:12,42.3,6688,338.4,92#
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a register in its ``var``."""
    monkeypatch.chdir(tmp_path)
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", datetime(2024, 1, 1, tzinfo=UTC))
    records.dispose()
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="gb18030")
    (tmp_path / "cards.csv").write_text(CARDS, encoding="utf-8")
    return tmp_path


def _as_others(home: Path) -> None:
    """The order that the command line asked for is somebody else's, so that it may approve it."""
    records = open_records("sqlite", home / "var")
    with records.begin() as conn:
        conn.exec_driver_sql("UPDATE dispatch_orders SET applicant = 'somebody'")
    records.dispose()


def _kept(records: Engine) -> list[Order]:
    with records.connect() as conn:
        return [book.read_order(conn, number) for number in (1, 2)]


def test_the_commands_work_one_after_the_other(home: Path) -> None:
    assert len(COMMANDS) == 21
    outputs = {}
    with serving(home / "var", lambda: NOW):
        for command in COMMANDS:
            result = CliRunner().invoke(app, shlex.split(command))
            assert result.exit_code == 0, (command, result.output, result.exception)
            outputs[command] = result.stdout
            if " request " in command:
                _as_others(home)
    (driven,) = (json.loads(out) for cmd, out in outputs.items() if cmd.endswith("CAR-1 --json"))
    assert (driven["state"], driven["driven_km"], driven["rating"]) == ("rated", 36.0, 5)
    assert "未写入" in outputs["dispatch import orders.csv --dry-run"]
    assert "新增 1" in outputs["dispatch import orders.csv"]
    assert "42.30" in outputs["fleet cards list --vehicle CAR-1"]
    assert "无行程记录" in outputs["dispatch matches --from 2024-05-01 --until 2024-06-01"]
    records = open_records("sqlite", home / "var")
    first, second = _kept(records)
    said = [entry.action for entry in Ledger(records).entries() if "order" in entry.action]
    records.dispose()
    assert first.state is OrderState.RATED
    assert (second.state, second.vehicle, second.source_number) == (
        OrderState.RETURNED,
        "CAR-1",
        "A-1",
    )
    assert said == [
        *("order_requested", "order_approved", "order_assigned", "order_left"),
        *("order_returned", "order_rated", "orders_imported"),
    ]
