"""Documents, their committed schemas, code tables and catalogue."""

import re
from pathlib import Path
from typing import Any

import pytest

from quotawatt import exchange
from quotawatt.errors import InputError
from quotawatt.exchange.documents import MODELS, read_return_document, schema_text
from quotawatt.exchange.making import cells_of, return_document
from quotawatt.exchange.tables import catalogue, code_tables, energy_codes
from quotawatt.measures import MEASURES
from quotawatt.returns.cells import Cell
from tests.quotawatt.exchange.documents import figure, snapshot
from tests.quotawatt.returns.forms import form


@pytest.mark.parametrize("name", MODELS)
def test_the_committed_schema_is_that_of_the_model(name: str) -> None:
    file = f"{name.removeprefix('quotawatt.').replace('/', '-')}.json"
    committed = Path(exchange.__path__[0], "schemas", file)
    assert committed.read_text(encoding="utf-8") == schema_text(name)


def test_a_snapshot_goes_out_and_comes_back_the_same() -> None:
    raw = return_document(snapshot(), form())
    document = read_return_document(raw)
    assert document.number == "small-2024-Q1-ORG-1-1"
    assert {f.cell: f.energy for f in document.figures} == {"use.power": "01", "base.name": ""}
    expected = {"use.power": Cell(300.0), "base.name": Cell("局")}
    raw["figures"] = [{**f, "unit": "kWh"} for f in raw["figures"]]
    assert cells_of(read_return_document(raw), form()) == expected


def test_a_form_that_is_gone_says_no_energies() -> None:
    raw = return_document(snapshot(), None)
    assert {f["energy"] for f in raw["figures"]} == {""}


def test_every_fault_of_a_document_is_told() -> None:
    raw: dict[str, Any] = return_document(snapshot(), form())
    raw |= {"period": "soon", "sha256": "x", "more": 1, "issued_at": "2024-04-20T00:00:00"}
    raw["figures"][0]["value"] = -1
    raw["figures"][1]["coverage"] = 1.5
    with pytest.raises(InputError) as caught:
        read_return_document(raw)
    said = str(caught.value)
    for place in ("period:", "sha256:", "more:", "issued_at:", "figures.0.value", "figures.1.cov"):
        assert place in said
    assert "got 'soon'" in said


@pytest.mark.parametrize(
    ("cell", "value", "unit", "said"),
    [
        ("use.coal", 1.0, "kWh", r"a cell must be one of the form, got 'use\.coal'"),
        ("use.power", 1.0, "MWh", r"use\.power must be in kWh, got 'MWh'"),
        ("use.power", "much", "kWh", r"use\.power must be a number, got 'much'"),
        ("base.name", 4.0, "kWh", r"base\.name must be a text, got 4\.0"),
    ],
)
def test_what_fits_no_cell_is_refused(cell: str, value: Any, unit: str, said: str) -> None:
    raw = return_document(snapshot(), form())
    raw["figures"] = [{"cell": cell, **figure(value, unit), "energy": ""}]
    with pytest.raises(InputError, match=said):
        cells_of(read_return_document(raw), form())


def test_a_cell_comes_once() -> None:
    raw = return_document(snapshot(), form())
    raw["figures"] = [raw["figures"][0]] * 2
    with pytest.raises(InputError, match="must come once"):
        cells_of(read_return_document(raw), form())


def test_code_tables_are_whole_and_carry_their_mark() -> None:
    tables = code_tables()
    assert [entry.code for entry in tables["energy"].codes] == [f"{n:02d}" for n in range(1, 14)]
    assert all(re.fullmatch(r"\d{6}", entry.code) for entry in tables["region"].codes)
    assert {table.trust for table in tables.values()} == {"unverified"}
    assert set(energy_codes()) <= set(MEASURES)
    assert (energy_codes()["electricity_import_kwh"], energy_codes()["heat_gj"]) == ("01", "04")


def test_every_data_set_has_owner_class_and_schema() -> None:
    for one in catalogue():
        assert one.schema in MODELS
        assert one.owner["zh"]
        assert one.owner["en"]
        assert one.classification in ("public", "internal", "sensitive")
