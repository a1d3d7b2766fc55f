"""An import of readings from its file to the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.keeping.importing import FileOfReadings, ImportReport, Target, check_file, write_file
from quotawatt.keeping.kinds import FileKind
from quotawatt.keeping.problems import Rules
from quotawatt.ledger import Ledger
from quotawatt.register.exempt import exempt_devices
from quotawatt.register.findings_book import note_findings
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.horizon import raw_horizon

SOURCE = "intake"
"""What findings of readings as they come in go by."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be taken in.

    zone
        Of times without an offset from UTC; None: they are refused.
    name
        What the file is called, as the ledger notes it.
    dry_run
        Only check it.
    """

    path: Path
    kind: FileKind
    zone: ZoneInfo | None
    actor: str
    name: str
    dry_run: bool


def import_readings(
    order: Order, target: Target, register: Register, settings: Settings
) -> ImportReport:
    """Check a file of readings and, where no line is wrong and it is no dry run, write it.

    Raises InputError where it is no such file, StoreError where a store fails: then do it again.
    """
    with target.records.connect() as conn:
        horizon = raw_horizon(conn)
    now = target.clock()
    rules = Rules(
        assets=register.assets,
        zone=order.zone,
        now=now,
        clock_from=settings.clock_from,
        clock_ahead_limit_s=settings.clock_ahead_limit_s,
        horizon=horizon,
        exempt=exempt_devices(register, ZoneInfo(settings.timezone)),
    )
    file = FileOfReadings(order.path, order.kind, rules)
    report, marks = check_file(file, target.progress)
    if report.problems.count or order.dry_run:
        return report
    write_file(file, report, marks, target)
    with order.path.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    with target.records.begin() as conn:
        note_findings(conn, SOURCE, report.conflicts, register, now)
        Ledger(target.records).append(
            conn,
            at=target.clock(),
            actor=order.actor,
            action="readings_imported",
            subject="readings",
            detail={"file": order.name, "sha256": digest, **_figures(report)},
        )
    return report


def _figures(report: ImportReport) -> Mapping[str, Any]:
    return {
        "lines": report.lines,
        "written": report.written,
        "duplicates": report.duplicates,
        "conflicts": report.conflicts_found,
        "suspect": report.suspect,
        "series": len(report.keys),
        "from": None if report.first is None else report.first.isoformat(),
        "until": None if report.last is None else report.last.isoformat(),
    }
