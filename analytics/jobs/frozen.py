"""What the register asks to be computed anew where readings are gone."""

from collections.abc import Iterable
from datetime import datetime

from analytics.jobs.bookkeeping import Request
from quotawatt.findings import Finding


def limited_requests(requests: Iterable[Request], frozen: datetime | None) -> list[Finding]:
    """A finding ``recompute_limited`` for each request that reaches before ``frozen``; None: none does.

    It is met from then on; what lies before stays as it was computed with the register of its day.
    """
    return [
        Finding(
            "recompute_limited",
            request.device.removeprefix("asset:"),
            {
                "channel": request.channel,
                "since": request.start.isoformat(),
                "until": frozen.isoformat(),
            },
        )
        for request in requests
        if frozen is not None and request.start < frozen and request.device
    ]
