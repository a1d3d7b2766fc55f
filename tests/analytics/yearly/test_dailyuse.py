"""Daily use as a matrix."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from analytics.yearly.dailyuse import DailyUse, YearToDate, year_to_date
from quotawatt.errors import InputError
from quotawatt.register.model import Building, Organisation, Register, Site
from tests.analytics.accounts_example import ZONE, daily, local, register

ELECTRICITY = ("electricity_import_kwh",)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (local(2023, 1, 2), YearToDate(2023, 1, 1, 365)),
        (local(2023, 1, 1, 1), YearToDate(2023, 1, 0, 365)),
        (local(2023, 3, 1, 12), YearToDate(2023, 60, 59, 365)),
        (local(2024, 1, 1), YearToDate(2023, 365, 365, 365)),
        (local(2025, 1, 1), YearToDate(2024, 366, 366, 366)),
        (local(2024, 3, 1), YearToDate(2024, 60, 60, 366)),
    ],
)
def test_year_to_date(as_of: datetime, expected: YearToDate) -> None:
    assert year_to_date(as_of, ZONE) == expected


def test_amounts_run_from_new_year_to_as_of() -> None:
    frame = daily({("BLD-1", "electricity_import_kwh"): 2}, date(2022, 12, 30), date(2023, 2, 1))
    use = DailyUse(frame, register(), ZONE)
    account = use.account("BLD-1", ELECTRICITY, year_to_date(local(2023, 1, 11), ZONE))
    assert account is not None
    assert account.amounts.tolist() == [20]
    assert account.coverage == 1.0


def test_nothing_known_is_none() -> None:
    frame = daily({("BLD-1", "electricity_import_kwh"): 2}, date(2023, 5, 1), date(2023, 5, 2))
    use = DailyUse(frame, register(), ZONE)
    assert use.account("BLD-2", ELECTRICITY, year_to_date(local(2023, 6, 1), ZONE)) is None
    assert use.account("BLD-1", ("heat_gj",), year_to_date(local(2023, 6, 1), ZONE)) is None
    # Known, but only after the instant.
    assert use.account("BLD-1", ELECTRICITY, year_to_date(local(2023, 4, 1), ZONE)) is None


def test_no_rows_at_all() -> None:
    frame = daily({("BLD-1", "heat_gj"): 1}, date(2023, 1, 1), date(2023, 1, 2)).iloc[:0]
    use = DailyUse(frame, register(), ZONE)
    assert use.account("BLD-1", ELECTRICITY, year_to_date(local(2023, 6, 1), ZONE)) is None


def test_a_result_without_value_is_not_zero_and_not_covered() -> None:
    frame = daily({("BLD-1", "electricity_import_kwh"): 2}, date(2023, 1, 1), date(2023, 1, 5))
    frame.loc[1, "value"] = None
    use = DailyUse(frame, register(), ZONE)
    account = use.account("BLD-1", ELECTRICITY, year_to_date(local(2023, 1, 5), ZONE))
    assert account is not None
    assert account.amounts.tolist() == [6]
    assert account.coverage == pytest.approx(0.75)


def test_a_measure_that_fell_silent_since_last_year_lowers_the_coverage() -> None:
    both = daily(
        {("BLD-1", "electricity_import_kwh"): 2, ("BLD-1", "gas_m3"): 1},
        date(2022, 1, 1),
        date(2023, 1, 1),
    )
    one = daily({("BLD-1", "electricity_import_kwh"): 2}, date(2023, 1, 1), date(2023, 2, 1))
    use = DailyUse(pd.concat([both, one]), register(), ZONE)
    account = use.account(
        "BLD-1", ("electricity_import_kwh", "gas_m3"), year_to_date(local(2023, 2, 1), ZONE)
    )
    assert account is not None
    assert account.measures == ("electricity_import_kwh", "gas_m3")
    assert account.amounts.tolist() == [62, 0]
    assert account.coverage == pytest.approx(0.5)


def test_of_several_rows_of_a_day_the_last_counts() -> None:
    frame = daily({("BLD-1", "electricity_import_kwh"): 2}, date(2023, 1, 1), date(2023, 1, 2))
    use = DailyUse(pd.concat([frame, frame.assign(value=5.0)]), register(), ZONE)
    account = use.account("BLD-1", ELECTRICITY, year_to_date(local(2023, 1, 2), ZONE))
    assert account is not None
    assert account.amounts.tolist() == [5]


def test_days_are_those_of_the_buildings_site() -> None:
    new_york = ZoneInfo("America/New_York")
    far = Register(
        organisations=[Organisation("ORG", "局", "Bureau", "party_government", "city")],
        sites=[Site("SITE", "院", "Court", "America/New_York", "", "")],
        buildings=[Building("BLD", "楼", "House", "SITE", "ORG", 1000)],
    )
    # A year of local days, with the 23 and 25 hours of its clock changes.
    starts = pd.date_range("2023-01-01", "2023-12-31", tz=new_york).tz_convert("UTC")
    frame = pd.DataFrame(
        {
            "subject": "BLD",
            "measure": "electricity_import_kwh",
            "start": starts,
            "value": np.arange(1.0, 366.0),
            "coverage": 1.0,
        }
    )
    use = DailyUse(frame, far, ZONE)
    assert use.zone_of("BLD") == new_york
    as_of = datetime(2023, 4, 1, tzinfo=new_york)
    account = use.account("BLD", ELECTRICITY, year_to_date(as_of, new_york))
    assert account is not None
    assert account.amounts.tolist() == [sum(range(1, 91))]


def test_a_missing_column_is_named() -> None:
    frame = daily({("BLD-1", "heat_gj"): 1}, date(2023, 1, 1), date(2023, 1, 2))
    with pytest.raises(InputError, match=r"must have the columns .*, got none of \['coverage'\]"):
        DailyUse(frame.drop(columns="coverage"), register(), ZONE)
