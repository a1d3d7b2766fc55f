"""Wild workbooks imported for good, and the API asked what it does and does not expect."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from sqlalchemy import Engine

from api.register_examples import EXAMPLES
from benchmarks.register_estate import estate
from benchmarks.register_fuzz import damaged, wild_workbook
from benchmarks.register_rig import SQLITE, Homes
from benchmarks.report import Figure
from quotawatt.errors import RegisterError
from quotawatt.register.changes import changes_between
from quotawatt.register.imports import import_register
from quotawatt.register.model import Register
from quotawatt.register.planning import Options
from quotawatt.register.repository import load_register, save_register
from quotawatt.register.rows import KINDS, records_of
from quotawatt.register.uploads import read_upload
from quotawatt.register.workbook_out import workbook_of
from quotawatt.storage.records import open_records
from tests.api.register_scene import stored_scene
from tests.api.scene import REGISTER, TOKEN, Client

_CELLS_A_BOOK = 2_000
_ASSETS = 500
_NONSENSE = 0.01
_AT = datetime(2025, 1, 1, tzinfo=UTC)
_ZONE = ZoneInfo("Asia/Shanghai")
_ORIGIN = "http://quotawatt.test"
_REDIRECT = 300
_SERVER_ERROR = 500


def import_fuzz_figures(homes: Homes, cells: int, seed: int) -> Iterator[Figure]:
    """Import wild, damaged and changed workbooks into one store, one after the other."""
    home = homes.fresh(SQLITE)
    records = open_records(home.url, home.folder)
    kept = estate(_ASSETS)
    count = -(-cells // _CELLS_A_BOOK)
    books = [wild_workbook(seed + n, _CELLS_A_BOOK) for n in range(count)]
    broken = [damaged(seed + n, books[n]) for n in range(count)]
    changed = [_changed(seed + n, kept) for n in range(count // 2)]
    ends: Counter[str] = Counter()
    try:
        save_register(records, kept, "benchmark", _AT)
        for data in [*books, *broken, *changed]:
            ends[_import(records, data)] += 1
    finally:
        records.dispose()
    name = f"{count * _CELLS_A_BOOK:,} fuzzed cells, {len(broken) + len(changed)} workbooks more"
    yield Figure(f"{name}: crashes", ends["crash"], "", at_most=0)
    yield Figure(f"{name}: partial imports", ends["partial"], "", at_most=0)
    yield Figure(f"{name}: refused whole", ends["refused"], "workbooks")
    yield Figure(f"{name}: taken whole", ends["taken"], "workbooks")


def _changed(seed: int, register: Register) -> bytes:
    """The register as a workbook, some areas and names of buildings changed, now and then to nonsense."""
    chance = Random(seed)
    buildings = [
        replace(
            building,
            name_en=chance.choice((building.name_en, "Annex", "楼", "'=1+1")),
            gross_area_m2=chance.choice((building.gross_area_m2, 1500.0, 1e308)),
            year_built=3000 if chance.random() < _NONSENSE else 1999,
        )
        for building in register.buildings.values()
    ]
    records = {**records_of(register), "buildings": buildings}
    return workbook_of(Register(**records), "zh", _ZONE)  # type: ignore[arg-type]


def _import(records: Engine, data: bytes) -> str:
    """How the import ended: ``taken``, ``refused``, ``partial`` or ``crash``."""
    before = load_register(records)
    try:
        found = read_upload("wild.xlsx", data)
        done = import_register(records, found, "benchmark", _AT, _ZONE, Options(remove=True))
        end, expected = "taken", done.plan.after
    except RegisterError:
        end, expected = "refused", before
    except Exception:  # noqa: BLE001 - whatever it is, it is what is counted here
        return "crash"
    assert expected is not None  # only a plan without problems is carried out
    return "partial" if changes_between(expected, load_register(records)) else end


def api_fuzz_figures(folder: Path, questions: int, every: int = 1) -> Iterator[Figure]:
    """Ask operations so many questions of either sort, by the API's own description.

    ``every``: 1 for all of them, 2 for each second one, ...
    """
    records = records_of(REGISTER)
    register = Register(**{kind: [*records[kind], EXAMPLES[kind]] for kind in KINDS})  # type: ignore[arg-type]
    client = Client(stored_scene(folder, register=register).app)
    schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    operations = operations[::every]
    answers: Counter[tuple[str, int]] = Counter()
    for mode in GenerationMode:
        for operation in operations:
            _ask(client, operation, mode, questions, answers)
    taken = sum(count for (_, status), count in answers.items() if status < _REDIRECT)
    faults = {label: n for (label, status), n in answers.items() if status >= _SERVER_ERROR}
    name = "questions by schemathesis"
    yield Figure(f"{name}: operations", len(operations), "")
    yield Figure(f"{name}: asked", answers.total(), "questions")
    yield Figure(f"{name}: taken (2xx)", taken, "questions")
    yield Figure(f"{name}: server errors", sum(faults.values()), "", at_most=0)
    for label, count in faults.items():
        yield Figure(f"{name}: server errors of {label}", count, "")


def _ask(
    client: Client,
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    questions: int,
    answers: Counter[tuple[str, int]],
) -> None:
    """Ask one operation, and count the answers by its name and their status."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=questions,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case[Any]) -> None:
        answers[operation.label, _send(client, case).status_code] += 1

    try:
        ask()
    except Unsatisfiable:
        # An operation that takes nothing cannot be asked wrongly.
        assert mode is GenerationMode.NEGATIVE


def _send(client: Client, case: Case[Any]) -> httpx.Response:
    made = requests.Request(**case.as_transport_kwargs(base_url=_ORIGIN)).prepare()
    headers = {name: value for name, value in made.headers.items() if name != "Content-Length"}
    # Unless an asset's version is named nothing would ever be changed.
    headers |= {"Authorization": f"Bearer {TOKEN}", "If-Match": "*"}
    return client.send(str(made.method), str(made.url), content=made.body, headers=headers)
