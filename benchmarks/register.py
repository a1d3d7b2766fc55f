"""The register at 50,000 assets, its ledger and its doors: ``benchmarks register``.

In one process but the imports, which are the real command. Both databases are real ones.
"""

import logging
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.register_access import access_figures
from benchmarks.register_asof import asof_figures
from benchmarks.register_check import check_figures
from benchmarks.register_estate import estate, with_changes
from benchmarks.register_fuzzed import api_fuzz_figures, import_fuzz_figures
from benchmarks.register_import import import_figures, write_sources
from benchmarks.register_ledger import ledger_figures
from benchmarks.register_rig import Homes, open_homes
from benchmarks.report import Figure, Report


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done."""

    assets: int
    changes: int
    questions: int
    edits: int
    meters: int
    days: int
    influx_days: int
    cells: int
    api_questions: int
    every_operation: int
    appended: int
    verified: int
    requests: int
    rounds: int


FULL = Size(
    assets=50_000,
    changes=200_000,
    questions=1_000,
    edits=3,
    meters=10_000,
    days=32,
    influx_days=5,
    cells=100_000,
    api_questions=7,
    every_operation=1,
    appended=1_000,
    verified=1_000_000,
    requests=500,
    rounds=5,
)
QUICK = Size(
    assets=2_000,
    changes=5_000,
    questions=100,
    edits=2,
    meters=500,
    days=7,
    influx_days=4,
    cells=6_000,
    api_questions=1,
    every_operation=10,
    appended=100,
    verified=20_000,
    requests=100,
    rounds=1,
)


def run(quick: bool) -> Report:
    """All of it: about a minute (quick) or eight."""
    size = QUICK if quick else FULL
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name, open_homes(Path(name)) as homes:
        # What is refused on purpose is logged in thousands.
        logging.disable(logging.ERROR)
        try:
            figures = tuple(_figures(size, homes, Path(name)))
        finally:
            logging.disable(logging.NOTSET)
    whole = Figure("this benchmark, wall clock", time.monotonic() - began, "s")
    return Report("register", quick, (*figures, whole), _notes(size))


def _figures(size: Size, homes: Homes, folder: Path) -> Iterator[Figure]:
    # Verifying first: its memory is measured in this process.
    yield from ledger_figures(homes, size.appended, size.verified)
    yield from access_figures(homes, size.requests, size.rounds)
    register = estate(size.assets)
    changed = with_changes(register, size.changes, seed=1)
    yield from asof_figures(homes, changed, size.questions, size.edits)
    yield from import_figures(homes, register, write_sources(register, folder))
    yield from check_figures(homes, folder, size.meters, size.days, size.influx_days)
    yield from import_fuzz_figures(homes, size.cells, seed=1)
    yield from api_fuzz_figures(folder, size.api_questions, size.every_operation)


def _notes(size: Size) -> tuple[str, ...]:
    return (
        f"As of a day: {size.questions:,} questions, each of another asset and day, at random, over"
        f" {size.assets:,} assets with {size.changes:,} former values in ten years. The function asks the"
        " database by its indexes; the API answers from the register that it keeps in memory, over TCP on"
        " one connection that stays, client and server in one process. What it is compared with loads the"
        " whole register from the same database and looks in its snapshot of the day.",
        "Imports are the real command in a process of its own, its start included, into an empty store;"
        " afterwards every asset and binding is compared with what was written.",
        f"A check counts assets of the register as subjects; hourly readings of {size.days} days in DuckDB"
        f" and of {size.influx_days} in InfluxDB, every 50th meter with a fault.",
        "Fuzzed workbooks are imported for good, one after the other into a store with 500 assets: wild ones,"
        " damaged ones, and the stored register with some values changed at random. A partial import would be"
        " one after which the store holds neither what it held nor what the import said.",
        "Questions are asked of every operation (of each tenth in a quick run), valid and invalid ones by its"
        " own description; what the answers must look like is a matter of the tests.",
        "An entry of the ledger is appended in a transaction of its own; the PostgreSQL of the benchmark does"
        " not wait for the disk. The long chain is made beforehand and verified entry by entry.",
    )
