"""A code comes back for the same asset and for no other."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from quotawatt.errors import RegisterError
from quotawatt.register.editing import rows_of
from quotawatt.register.model import Charger, Register
from quotawatt.register.repository import load_register, save_register
from quotawatt.register.retired import read_retired, reused_codes
from quotawatt.storage.register_tables import retired_codes
from tests.quotawatt.register.estate import ESTATE, changed, with_records

AT = datetime(2024, 1, 1, tzinfo=UTC)
WITHOUT = with_records(ESTATE, chargers=[])


def _save(records: Engine, *registers: Register) -> None:
    for register in registers:
        save_register(records, register, "a", AT)


def _retired(records: Engine) -> list[tuple[str, str]]:
    with records.connect() as conn:
        found = conn.execute(select(retired_codes.c.code, retired_codes.c.kind))
        return [(row.code, row.kind) for row in found]


def test_a_code_retires_with_its_asset_and_comes_back_with_it(records: Engine) -> None:
    _save(records, ESTATE, WITHOUT)
    assert _retired(records) == [("CH", "chargers")]
    _save(records, ESTATE)
    assert _retired(records) == []
    assert "CH" in load_register(records).chargers


def test_another_asset_does_not_get_it(records: Engine) -> None:
    _save(records, ESTATE, WITHOUT)
    other = with_records(ESTATE, chargers=[Charger("CH", "新桩", "New charger", "HALL")])
    with pytest.raises(RegisterError) as caught:
        _save(records, other)
    assert caught.value.problems == (
        "chargers code: a code must never be reused, and this one was that of chargers Charger, got 'CH'",
    )
    assert "它曾属于充电桩“充电桩”" in caught.value.texts("zh")[0]
    assert load_register(records).chargers == {}
    assert _retired(records) == [("CH", "chargers")]


def test_another_kind_does_not_get_it_even_at_once(records: Engine) -> None:
    _save(records, ESTATE)
    meter = replace(ESTATE.meters["M2"], code="CH")
    moved = with_records(WITHOUT, meters=[*WITHOUT.meters.values(), meter])
    with pytest.raises(RegisterError, match="was that of chargers Charger, got 'CH'"):
        _save(records, moved)
    assert _retired(records) == []


def test_a_renamed_asset_keeps_its_code_and_retires_with_its_last_name(records: Engine) -> None:
    renamed = changed(ESTATE, "CH", name_zh="快充桩", name_en="Fast charger")
    _save(records, ESTATE, renamed, WITHOUT)
    with pytest.raises(RegisterError, match="was that of chargers Fast charger"):
        _save(records, ESTATE)
    _save(records, renamed)
    assert _retired(records) == []


def test_a_plan_says_beforehand_what_would_be_refused(records: Engine) -> None:
    _save(records, ESTATE, WITHOUT)
    with records.connect() as conn:
        retired = read_retired(conn)
    asked = with_records(ESTATE, chargers=[Charger("CH", "新桩", "New charger", "HALL")])
    (problem,) = reused_codes(rows_of(asked), WITHOUT, retired)
    assert str(problem).startswith("chargers CH code: a code must never be reused")
    assert not list(reused_codes(rows_of(ESTATE), WITHOUT, retired))
    meter = replace(ESTATE.meters["M2"], code="CH")
    moved = with_records(WITHOUT, meters=[*WITHOUT.meters.values(), meter])
    (problem,) = reused_codes(rows_of(moved), ESTATE, {})
    assert str(problem).startswith("meters CH code: a code must never be reused")
