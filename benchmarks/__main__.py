"""Run one benchmark, or ``all``: prints each figure beside its bar; status 1 where one falls short."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import collectors, main_job
from benchmarks.report import Report

BENCHMARKS: dict[str, Callable[[bool], Report]] = {
    "main_job": main_job.run,
    "collectors": collectors.run,
}
RESULTS = Path(__file__).parent / "RESULTS.md"
_HEAD = "# Results of the last full run\n\nMade by `make bench`; what falls short is said so.\n\n"


def main(arguments: list[str]) -> int:
    """Parse, run, print; a full run of all writes RESULTS.md."""
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
    if options.name == "all" and not options.quick:
        RESULTS.write_text(_HEAD + "\n".join(r.as_markdown() for r in reports))
    return 0 if all(r.passed for r in reports) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
