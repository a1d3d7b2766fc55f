"""The main job: the demo's year, from the first message to the table, in a process of its own."""

import json
import subprocess
import sys
import tempfile
from statistics import median

from benchmarks.report import Figure, Report

RUNS = 3


def run(quick: bool) -> Report:
    """Run the demo once (quick) or three times and take medians."""
    runs = [_run_once() for _ in range(1 if quick else RUNS)]
    middle = {name: median(r[name] for r in runs) for name in runs[0]}
    stages = {n.removeprefix("s_"): v for n, v in middle.items() if n.startswith("s_")}
    dominant = max(stages, key=lambda name: stages[name])
    return Report(
        "main_job",
        quick,
        (
            Figure("quotawatt demo --once, wall clock", middle["wall_s"], "s", at_most=120),
            Figure("peak memory of the process tree", middle["peak_mb"], "MB", at_most=1500),
            Figure("readings taken in", middle["readings"], "readings", at_least=800_000),
            Figure("messages taken in", middle["messages"], "messages"),
            Figure(
                "readings a second over the whole run", middle["readings"] / middle["wall_s"], "1/s"
            ),
            *(Figure(f"stage: {name}", seconds, "s") for name, seconds in stages.items()),
        ),
        (
            f"Medians of {len(runs)} run(s). What dominates: {dominant}. Publishing and collecting of "
            "the next week go on while a week is analysed, on the same cores and in part under the same "
            "interpreter lock; `waiting` is what the analysis could not hide of them.",
        ),
    )


def _run_once() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "benchmarks.main_job_run", home]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
