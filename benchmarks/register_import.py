"""Importing a large register by the real command, as a workbook and as a folder of CSV files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.register_rig import POSTGRESQL, SQLITE, Command, Home, Homes, run_command
from benchmarks.report import Figure
from quotawatt.register.csvfolder import write_csv_folder
from quotawatt.register.model import Register
from quotawatt.register.repository import load_register
from quotawatt.register.workbook_out import workbook_of
from quotawatt.storage.records import open_records

_BAR_S = 60.0
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Sources:
    """The same register twice: as a workbook and as a folder."""

    workbook: Path
    folder: Path


def write_sources(register: Register, folder: Path) -> Sources:
    """Write the register in both forms."""
    found = Sources(folder / "register.xlsx", folder / "register")
    found.workbook.write_bytes(workbook_of(register, "zh", _ZONE))
    write_csv_folder(register, found.folder)
    return found


def import_figures(homes: Homes, register: Register, sources: Sources) -> Iterator[Figure]:
    """Both forms into empty stores; the workbook once more and as a dry run."""
    size = f"{len(register.assets):,} assets"
    for store in (SQLITE, POSTGRESQL):
        home = homes.fresh(store)
        name = f"import of {size}, workbook into {store}"
        yield from _first(name, run_command(home, "register", "import", str(sources.workbook)))
        yield Figure(
            f"{name}: records that are not as they were", _lost(home, register), "", at_most=0
        )
        again = run_command(home, "register", "import", str(sources.workbook))
        yield Figure(f"{name}, again", again.seconds, "s")
        yield Figure(f"{name}, again: kinds changed", _changed(again), "", at_most=0)
        dry = run_command(home, "register", "import", str(sources.workbook), "--dry-run")
        yield Figure(f"{name}, dry run", dry.seconds, "s")
        other = homes.fresh(store)
        name = f"import of {size}, CSV folder into {store}"
        yield from _first(name, run_command(other, "register", "import", str(sources.folder)))
        yield Figure(
            f"{name}: records that are not as they were", _lost(other, register), "", at_most=0
        )


def _first(name: str, done: Command) -> Iterator[Figure]:
    yield Figure(name, done.seconds, "s", at_most=_BAR_S)
    yield Figure(f"{name}: peak memory", done.peak_mb, "MB")


def _lost(home: Home, register: Register) -> int:
    """How many assets and bindings the store has otherwise than the register."""
    records = open_records(home.url, home.folder)
    try:
        stored = load_register(records)
    finally:
        records.dispose()
    assets = sum(stored.assets.get(code) != asset for code, asset in register.assets.items())
    return assets + len({*register.bindings} ^ {*stored.bindings})


def _changed(done: Command) -> int:
    """How many kinds an import said that it changes."""
    return sum(len(said["difference"]) for said in done.said)  # type: ignore[arg-type, misc]
