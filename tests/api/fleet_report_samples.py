"""What the access matrix asks of the routes of vehicles' accounts, reports and drivers' scores."""

from tests.api.sample import Sample, listing, over

_V1 = "/api/v1/fleet"
_SPAN = "from=2023-12-01&until=2024-01-01"

FLEET_REPORT_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", f"{_V1}/accounts"): listing(f"{_V1}/accounts?year=2023&month=12"),
    ("GET", f"{_V1}/accounts/{{vehicle}}"): over(
        f"{_V1}/accounts/CAR-2?year=2023", f"{_V1}/accounts/CAR-1?year=2023"
    ),
    ("GET", f"{_V1}/utilisation"): listing(f"{_V1}/utilisation?year=2023"),
    ("GET", f"{_V1}/surplus"): listing(f"{_V1}/surplus?year=2023"),
    ("GET", f"{_V1}/public-uses"): listing(f"{_V1}/public-uses?{_SPAN}"),
    ("GET", f"{_V1}/public-uses.csv"): over(
        f"{_V1}/public-uses.csv?{_SPAN}&organisation=ORG-2",
        f"{_V1}/public-uses.csv?{_SPAN}&organisation=ORG-1",
    ),
    ("GET", f"{_V1}/public-uses.xlsx"): listing(f"{_V1}/public-uses.xlsx?{_SPAN}"),
    ("GET", f"{_V1}/report.xlsx"): listing(f"{_V1}/report.xlsx?year=2023"),
    ("GET", f"{_V1}/driver-scores"): listing(f"{_V1}/driver-scores?year=2023"),
}
