"""An asset that targets, contracts, certificates or returns name is disposed of, never removed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from quotawatt.errors import RegisterError
from quotawatt.register.held_codes import HOLDERS, Holder
from quotawatt.register.repository import load_register, save_register
from quotawatt.register.rows import KINDS
from quotawatt.storage.records import open_records
from quotawatt.storage.schema import metadata
from tests.quotawatt.any_rows import any_row
from tests.quotawatt.register.estate import ESTATE, with_records

AT = datetime(2024, 1, 1, tzinfo=UTC)
WITHOUT = with_records(ESTATE, chargers=[])
NAMES = {"asset", "organisation", "assigner", "subject", "vehicle"}
# What is computed, sent, granted or told of an asset goes on without it; the register looks after its own.
ELSEWHERE = {
    "alerts", "anomalies", "baselines", "cases", "device_commands", "exchange_outbox", "findings", "grants",
    "fleet_touched", "hand_entries", "ledger", "pool_offers", "pool_requests", "pool_searches", "pool_steps",
    "result_marks", "tokens", "vehicle_deviations", "vehicle_events", "vehicle_trips",
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Engine:
    return open_records(f"sqlite:///{tmp_path}/records.sqlite", tmp_path)


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda h: str(h.column))
def test_what_is_named_is_not_removed(store: Engine, holder: Holder) -> None:
    save_register(store, ESTATE, "a", AT)
    with store.begin() as conn:
        row = any_row(holder.column.table, 1, **{holder.column.name: "CH"})
        conn.execute(insert(holder.column.table).values(row))
    with pytest.raises(RegisterError) as caught:
        save_register(store, WITHOUT, "a", AT)
    english, chinese = holder.rows
    assert f"must stay, for there are {english} of it" in caught.value.problems[0]
    assert f"还有{chinese}" in caught.value.texts("zh")[0]
    assert "CH" in load_register(store).chargers


def test_what_others_name_stands_in_no_way(store: Engine) -> None:
    save_register(store, ESTATE, "a", AT)
    with store.begin() as conn:
        for column, _ in HOLDERS[1:]:
            conn.execute(insert(column.table).values(any_row(column.table, len(column.name))))
    save_register(store, WITHOUT, "a", AT)
    assert load_register(store).chargers == {}


def test_every_column_with_codes_is_looked_at() -> None:
    naming = {
        str(column)
        for table in metadata.tables.values()
        if table.name not in ELSEWHERE | set(KINDS)
        for column in table.columns
        if column.name in NAMES
    }
    assert naming == {str(holder.column) for holder in HOLDERS}
