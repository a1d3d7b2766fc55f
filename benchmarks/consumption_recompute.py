"""Recomputes a home folder as ``quotawatt analyse --from --until`` does, measured from within.

``python -m benchmarks.consumption_recompute HOME FROM UNTIL`` prints one JSON line.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from analytics.jobs.yearly import YearlyAccounts
from benchmarks.consumption_rig import system_at
from quotawatt.app.memory import PeakMemory
from quotawatt.spans import Span


def main(home: Path, span: Span) -> None:
    """Compute all results of the span anew; ``accounts_s`` of it for the yearly accounts of each day."""
    with PeakMemory() as memory, _accounts_timed() as accounts_s:
        began = time.perf_counter()
        system = system_at(home, span.end)
        opened_s = time.perf_counter() - began
        # Starting the program, imports and rulebook, is no part of it, as it is none of the script's time.
        analyser = system.analyser
        began = time.perf_counter()
        try:
            report = analyser.recompute(span, span.end)
        finally:
            system.close()
        figures = {
            "seconds": opened_s + time.perf_counter() - began,
            "accounts_s": sum(accounts_s),
            "peak_mb": memory.peak_mb(),
            "results": report.hours + report.days + report.months,
        }
    sys.stdout.write(json.dumps(figures) + "\n")


@contextmanager
def _accounts_timed() -> Iterator[list[float]]:
    """The seconds that each drawing up of accounts takes within the body."""
    taken: list[float] = []
    draw_up = YearlyAccounts.draw_up

    def timed(self: YearlyAccounts, as_of: datetime) -> Any:
        began = time.perf_counter()
        try:
            return draw_up(self, as_of)
        finally:
            taken.append(time.perf_counter() - began)

    with patch.object(YearlyAccounts, "draw_up", timed):
        yield taken


if __name__ == "__main__":
    first, until = (datetime.fromisoformat(text) for text in sys.argv[2:4])
    main(Path(sys.argv[1]), Span(first, until))
