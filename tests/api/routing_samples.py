"""What the access matrix asks of the question whom a case is told to."""

from tests.api.sample import Sample, over

_PLACE = "/api/v1/routing"

ROUTING_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _PLACE): over(
        f"{_PLACE}?asset=MTR-2&rule=meter-silent", f"{_PLACE}?asset=MTR-1&rule=meter-silent"
    ),
}
