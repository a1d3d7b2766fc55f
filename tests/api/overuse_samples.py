"""What the access matrix asks of the route and page of overuse."""

from tests.api.sample import Sample, over

_V1 = "/api/v1/overuse"
_SPAN = "from=2023-12-18&until=2023-12-25"

OVERUSE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", _V1): over(f"{_V1}?asset=BLD-2&{_SPAN}", f"{_V1}?asset=BLD-1&{_SPAN}"),
}

OVERUSE_PAGE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", "/overuse/{asset}"): over("/overuse/BLD-2", "/overuse/BLD-1"),
}
