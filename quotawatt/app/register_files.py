"""The work of ``register template|validate|import|export``: files in and out, with what is said of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Engine

from quotawatt.app.client import user_name
from quotawatt.app.console import printable, show_json, stderr, stdout
from quotawatt.app.home import has_records, prepare_home, require_no_demo
from quotawatt.app.import_report import note_lines, plan_json, plan_lines, problem_texts
from quotawatt.app.joblink import wait_for_job
from quotawatt.app.texts_register import register_text
from quotawatt.clock import system_clock
from quotawatt.errors import RegisterError, StoreError
from quotawatt.geography.geojson import Datum, geojson_of
from quotawatt.ledger import Ledger
from quotawatt.register.csvfolder import write_csv_folder
from quotawatt.register.found import Found
from quotawatt.register.imports import Import, import_register
from quotawatt.register.model import Register
from quotawatt.register.planning import Options, Plan, plan_import
from quotawatt.register.repository import load_register
from quotawatt.register.retired import read_retired
from quotawatt.register.rows import CODED
from quotawatt.register.uploads import read_path
from quotawatt.register.workbook_out import template_workbook, workbook_of
from quotawatt.settings import Settings
from quotawatt.storage.records import open_records

_GEOJSON = (".geojson", ".json")

Far = Callable[[str, int], None]
"""Is told what is being done, and how many rows are done."""


def write_template(file: Path, settings: Settings) -> None:
    """Write the empty workbook. Raises StoreError where the file cannot be written."""
    _write(file, template_workbook(settings.language))
    _say("template", settings, path=file)


def validate(source: Path, settings: Settings, as_json: bool, datum: Datum = "wgs84") -> None:
    """Read and check; raises RegisterError with what is wrong, or ends with status 1 after JSON."""
    with _progress(settings) as far:
        found = _read(source, far, datum)
        far("checking", 0)
        options = Options(remove=True)
        plan = _planned(found, options, settings)
    if as_json:
        _show_json(plan, settings, applied=False)
        return
    for line in note_lines(found, settings.language):
        _print(line)
    _require_no_problems(plan, settings)
    rows = {kind: len(of_kind) for kind, of_kind in found.rows.items()}
    assets = sum(count for kind, count in rows.items() if kind in CODED)
    key = "valid" if any(rows.values()) else "valid_empty"
    _say(key, settings, assets=assets, bindings=rows.get("bindings", 0))


def take_in(
    source: Path,
    options: Options,
    settings: Settings,
    *,
    dry_run: bool,
    as_json: bool,
    datum: Datum = "wgs84",
) -> None:
    """Import, or show what an import would do; raises or ends like ``validate``."""
    with _progress(settings) as far:
        found = _read(source, far, datum)
        if dry_run or found.problems:
            far("checking", 0)
            plan = _planned(found, options, settings)
            _show_plan(plan, settings, as_json, applied=False)
            return
        done = _import(source, found, options, settings, far, as_json)
    if done.change.replay is not None:
        result = wait_for_job(settings, done.change.replay)["result"]
        if not as_json:
            _say("replayed", settings, count=result.get("replayed", 0))


def give_out(target: Path, settings: Settings, datum: Datum = "wgs84") -> None:
    """Write the stored register, or its geofences where the target is a file of GeoJSON.

    The ledger notes who took it, before they have it.
    Raises StoreError where the target cannot be written.
    """
    with _records(settings) as records:
        found = load_register(records)
        _note_export(records, found, target)
    if target.suffix.lower() == ".xlsx":
        _write(target, workbook_of(found, settings.language, ZoneInfo(settings.timezone)))
    elif target.suffix.lower() in _GEOJSON:
        _write(target, geojson_of(found.geofences.values(), datum))
    else:
        write_csv_folder(found, target)
    _say("exported", settings, path=target)


def _note_export(records: Engine, register: Register, target: Path) -> None:
    with records.begin() as conn:
        Ledger(records).append(
            conn,
            at=system_clock(),
            actor=f"cli:{user_name()}",
            action="register_exported",
            subject="register",
            detail={"assets": len(register.assets), "target": target.name},
        )


def _read(source: Path, far: Far, datum: Datum) -> Found:
    rows = 0

    def step(count: int) -> None:
        nonlocal rows
        rows += count
        far("reading", rows)

    return read_path(source, step, datum)


def _import(
    source: Path, found: Found, options: Options, settings: Settings, far: Far, as_json: bool
) -> Import:
    home = prepare_home(settings.home)
    require_no_demo(home)
    far("checking", 0)

    def planned(plan: Plan) -> None:
        if plan.problems or not as_json:
            _show_plan(plan, settings, as_json, applied=True)
        far("writing", 0)

    with _records(settings) as records:
        done = import_register(
            records,
            found,
            f"cli:{user_name()}",
            system_clock(),
            ZoneInfo(settings.timezone),
            options,
            source=source.name,
            planned=planned,
        )
    if as_json:
        _show_plan(done.plan, settings, as_json, applied=True)
    elif done.change.kinds:
        _say("done", settings)
    return done


def _show_plan(plan: Plan, settings: Settings, as_json: bool, *, applied: bool) -> None:
    """Print the plan; where something stands against it that, and end with status 1."""
    if as_json:
        _show_json(plan, settings, applied=applied)
        return
    _require_no_problems(plan, settings)
    for line in plan_lines(plan, settings):
        _print(line)
    if not applied:
        _say("dry_run", settings)


def _show_json(plan: Plan, settings: Settings, *, applied: bool) -> None:
    show_json([plan_json(plan, settings, applied=applied and not plan.problems)])
    if plan.problems:
        raise typer.Exit(1)


def _require_no_problems(plan: Plan, settings: Settings) -> None:
    """Raise RegisterError with the problems in the reader's language, the first of many."""
    if plan.problems:
        texts = problem_texts(plan.found, plan.problems, settings.language)
        said = register_text("problems", settings.language, count=len(plan.problems))
        stderr.print(said, markup=False, highlight=False, soft_wrap=True)
        raise RegisterError(texts)


def _planned(found: Found, options: Options, settings: Settings) -> Plan:
    """The plan over what is stored; that is nothing where the home folder has no record store yet."""
    zone = ZoneInfo(settings.timezone)
    if not has_records(settings):
        return plan_import(Register(), found, options, zone)
    with _records(settings) as records, records.connect() as conn:
        retired = read_retired(conn)
        stored = load_register(records)
    return plan_import(stored, found, options, zone, retired)


@contextmanager
def _records(settings: Settings) -> Iterator[Engine]:
    records = open_records(settings.records_url, prepare_home(settings.home))
    try:
        yield records
    finally:
        records.dispose()


@contextmanager
def _progress(settings: Settings) -> Iterator[Far]:
    """Shows on the terminal how far the work is."""
    with stderr.status("") as status:

        def far(what: str, rows: int) -> None:
            status.update(register_text(what, settings.language, rows=f"{rows:,}"))

        yield far


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise StoreError(f"the file must be writable, got {file} ({error.strerror})") from None


def _print(line: str) -> None:
    stdout.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def _say(key: str, settings: Settings, **values: object) -> None:
    _print(register_text(key, settings.language, **values))
