"""Entries as lists and pages show them: clause, trust, period, versions, and what uses them."""

import json
from datetime import date

import pytest

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.sections import SECTIONS
from quotawatt.rulebook.views import (
    entry_rows,
    entry_view,
    find_entry,
    instrument_view,
    section_entries,
    trust_of,
)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def test_every_entry_of_every_section_can_be_shown_as_json(book: Rulebook) -> None:
    rows = entry_rows(book, [s.name for s in SECTIONS])
    assert len(rows) == sum(len(section_entries(book, s.name)) for s in SECTIONS)
    for row in rows:
        view = entry_view(book, row["section"], row["id"], book)
        json.dumps(view, allow_nan=False)
        assert all(view["title"].values())
        assert view["trust"] in {t.value for t in Trust}


def test_a_quota_shows_its_clause_and_how_well_it_is_known(book: Rulebook) -> None:
    view = entry_view(book, "quotas", "db37t2672-city-b-electricity", book)
    assert view["values"]["tiers"] == {"constraint": 80.0, "baseline": 51.5, "guidance": 31.9}
    assert (view["trust"], view["cited"]["number"]) == ("secondary", "DB37/T 2672-2019")
    assert view["cited"]["clause"] == "电耗定额"


def test_unverified_numbers_are_listed_as_such(book: Rulebook) -> None:
    rows = entry_rows(book, ["quotas"], Trust.UNVERIFIED)
    assert {row["id"] for row in rows} >= {"gbt51161-a-government-cold"}
    assert all(row["trust"] == "unverified" for row in rows)
    assert "db37t2672-city-b-electricity" not in {row["id"] for row in rows}


def test_a_factor_set_is_as_sure_as_its_weakest_factor(book: Rulebook) -> None:
    assert trust_of(book.factor_sets["gbt2589-equivalent"]) is Trust.UNVERIFIED
    # Its own factors are second-hand; gas of the set that it falls back to is not among them.
    own = {f.trust for f in book.factor_sets["db37t2672-2019"].coal_equivalent.values()}
    assert own == {Trust.SECONDARY}
    assert trust_of(book.factor_sets["db37t2672-2019"]) is Trust.SECONDARY


def test_what_uses_an_instrument_a_factor_set_and_an_indicator_is_named(book: Rulebook) -> None:
    cites = instrument_view(book, "db37t4452-2021", book)["used_by"]
    assert cites == [{"section": "quotas", "id": "db37t4452-water"}]
    uses = entry_view(book, "factor_sets", "gbt2589-2020", book)["used_by"]
    assert {"section": "factor_sets", "id": "db37t2672-2019"} in uses
    uses = entry_view(book, "indicators", "data_centre_eue", book)["used_by"]
    assert uses == [{"section": "quotas", "id": "db37t2672-data-centre-eue"}]


def test_a_past_day_shows_its_version_and_all_that_there_are(book: Rulebook) -> None:
    past = book.as_of(date(2021, 5, 1))
    view = entry_view(past, "factor_sets", "gbt2589-equivalent", book)
    assert view["values"]["coal_equivalent"]["electricity_import_kwh"]["value"] == 0.3025
    assert (view["effective_from"], view["effective_until"]) == ("2021-01-01", "2022-01-01")
    assert len(view["versions"]) == 3


def test_an_id_is_found_in_its_section(book: Rulebook) -> None:
    assert find_entry(book, "db37t4452-water") == ("quotas", "db37t4452-water")
    assert find_entry(book, "shandong 2023") == ("grid_factors", "shandong 2023")
    # A standard lends its id to its factor set: the standard is meant.
    assert find_entry(book, "jst303-2026") == ("instruments", "jst303-2026")
    with pytest.raises(NotFoundError, match="an id must be one of the rulebook, got nothing"):
        find_entry(book, "nothing")


def test_what_is_not_there_says_so(book: Rulebook) -> None:
    with pytest.raises(NotFoundError, match="a section must be one of instruments"):
        section_entries(book, "laws")
    with pytest.raises(NotFoundError, match="must be in force on the day, got x"):
        entry_view(book, "quotas", "x", book)
    later = book.as_of(date(2026, 1, 1))
    with pytest.raises(NotFoundError, match="in force from ever until before 2026-01-01"):
        entry_view(later, "targets", "national-2025-carbon", book)
