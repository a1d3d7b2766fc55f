"""Whose working days an asset has: the country of its site, refused where there is no such country."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quotawatt.register.check_cells import broken_by
from quotawatt.register.csvfolder import read_csv_folder, write_csv_folder
from quotawatt.register.model import Building, Organisation, Register, Site
from quotawatt.register.repository import load_register, save_register
from quotawatt.storage.records import open_records


def register(*countries: str) -> Register:
    """A site of each country, its building the office's."""
    names = [f"S-{n}" for n in range(len(countries))]
    return Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        sites=[
            Site(name, "院", "Court", "Europe/London", "p", "A", country=country)
            for name, country in zip(names, countries, strict=True)
        ],
        buildings=[Building(f"B-{name}", "楼", "House", name, "ORG") for name in names],
    )


@pytest.mark.parametrize(
    ("countries", "of_first_building", "of_organisation"),
    [
        (("",), "CN", "CN"),
        (("GB-ENG",), "GB-ENG", "GB-ENG"),
        (("GB-ENG", "GB-ENG"), "GB-ENG", "GB-ENG"),
        (("GB-ENG", ""), "GB-ENG", "CN"),  # of two countries: nobody can tell
        (("US-CO", "GB"), "US-CO", "CN"),
    ],
)
def test_the_country_of_a_building_and_of_its_organisation(
    countries: tuple[str, ...], of_first_building: str, of_organisation: str
) -> None:
    found = register(*countries)
    assert found.country_of_asset("B-S-0") == of_first_building
    assert found.country_of_asset("S-0") == of_first_building
    assert found.country_of_asset("ORG") == of_organisation
    assert found.country_of_asset("NOBODY") == "CN"


def test_it_goes_out_and_in_again_and_is_stored(tmp_path: Path) -> None:
    first = register("GB-ENG", "")
    write_csv_folder(first, tmp_path / "csv")
    again = read_csv_folder(tmp_path / "csv")
    assert again.sites == first.sites
    records = open_records("sqlite", tmp_path)
    save_register(records, again, "tester", datetime(2024, 1, 1, tzinfo=UTC))
    assert load_register(records).sites == first.sites
    records.dispose()


@pytest.mark.parametrize("code", ["ZZ", "England", "GB-XX", "gb"])
def test_what_is_no_country_is_refused(code: str) -> None:
    rule = broken_by("sites", "country", code)
    assert rule is not None
    assert rule.en == "must be an ISO 3166 code such as CN, GB-ENG or US-CO"
    assert broken_by("sites", "country", "GB-ENG") is None
