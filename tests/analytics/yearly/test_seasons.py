"""The days of heating at a site."""

from datetime import date

import pytest

from analytics.yearly.seasons import season_windows, seasons_of
from quotawatt.register.model import Site
from quotawatt.rulebook.loader import load_rulebook

BOOK = load_rulebook()


def site(city: str, province: str = "shandong") -> Site:
    return Site(f"SITE-{city}", "", "", "Asia/Shanghai", province, "B", city=city)


def test_a_calendar_year_has_the_end_of_one_season_and_the_beginning_of_the_next() -> None:
    # Jinan, 15 November to 15 March: 31 + 28 + 15 days, and 16 + 31.
    windows = season_windows(site("jinan"), BOOK, date(2023, 1, 1), date(2024, 1, 1))
    assert windows == (
        (date(2023, 1, 1), date(2023, 3, 16)),
        (date(2023, 11, 15), date(2024, 1, 1)),
    )
    assert sum((until - first).days for first, until in windows) == 74 + 47


def test_a_summer_has_none_and_a_warm_place_never_any() -> None:
    assert season_windows(site("jinan"), BOOK, date(2023, 5, 1), date(2023, 9, 1)) == ()
    assert season_windows(site("", "guangdong"), BOOK, date(2023, 1, 1), date(2024, 1, 1)) == ()


@pytest.mark.parametrize(
    ("sites", "followed"),
    [
        ([site("jinan")], "jinan"),
        ([site("")], "shandong"),
        ([site("jinan"), site("qingdao")], None),
        ([site("", "guangdong")], None),
        ([], None),
    ],
)
def test_the_city_goes_before_its_province_and_several_are_none(
    sites: list[Site], followed: str | None
) -> None:
    found = seasons_of(sites, BOOK)
    assert (None if found is None else found.id) == followed
