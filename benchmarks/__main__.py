"""Run one benchmark, or ``all``: prints each figure beside its bar; status 1 where one falls short.

A full run puts its part of ``RESULTS.md`` in the place of the older one.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    alerts,
    anomalies,
    baselines,
    collectors,
    consumption,
    forecast,
    main_job,
    quotas,
    register,
    stores,
    vehicles,
)
from benchmarks.report import Report

BENCHMARKS: dict[str, Callable[[bool], Report]] = {
    "main_job": main_job.run,
    "collectors": collectors.run,
    "register": register.run,
    "consumption": consumption.run,
    "stores": stores.run,
    "quotas": quotas.run,
    "forecast": forecast.run,
    "alerts": alerts.run,
    "baselines": baselines.run,
    "anomalies": anomalies.run,
    "vehicles": vehicles.run,
}
RESULTS = Path(__file__).parent / "RESULTS.md"
_HEAD = """# Results of the last full runs

Made by `make bench` or `python -m benchmarks NAME`; what falls short is said so.

"""


def main(arguments: list[str]) -> int:
    """Parse, run, print; a full run is kept in RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("name", choices=[*BENCHMARKS, "all"])
    parser.add_argument("--quick", action="store_true", help="less work, under a minute")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    names = list(BENCHMARKS) if options.name == "all" else [options.name]
    reports = [BENCHMARKS[name](options.quick) for name in names]
    for report in reports:
        shown = json.dumps(report.as_json(), ensure_ascii=False) if options.json else None
        sys.stdout.write((shown or report.as_markdown()) + "\n")
        if not options.quick:
            _keep(report)
    return 0 if all(r.passed for r in reports) else 1


def _keep(report: Report) -> None:
    """Put a report into RESULTS.md, the others staying as they are."""
    kept = dict.fromkeys(BENCHMARKS, "")
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    for part in text.split("\n## ")[1:]:
        name, _, rest = part.partition("\n")
        kept[name] = f"## {name}\n{rest.rstrip()}\n"
    kept[report.benchmark] = report.as_markdown().rstrip() + "\n"
    RESULTS.write_text(_HEAD + "\n".join(filter(None, kept.values())), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
