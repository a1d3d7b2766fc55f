"""What the access matrix asks of the routes of forecasts."""

from tests.api.sample import Sample, body_over, over

_V1 = "/api/v1/forecast"

FORECAST_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _V1): over(f"{_V1}?subject=BLD-2", f"{_V1}?subject=BLD-1"),
    ("GET", f"{_V1}/year"): over(f"{_V1}/year?subject=BLD-2", f"{_V1}/year?subject=BLD-1"),
    ("POST", _V1): body_over(
        _V1, {"subject": "BLD-2", "weather": []}, {"subject": "BLD-1", "weather": []}
    ),
}
