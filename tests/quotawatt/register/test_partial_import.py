"""Whatever is imported, the stored register is as it was or wholly the plan; never anything between."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from benchmarks.register_fuzz import wild_workbook
from quotawatt.errors import RegisterError
from quotawatt.ledger import Ledger
from quotawatt.register.imports import import_register
from quotawatt.register.model import Register
from quotawatt.register.planning import Options, Plan, plan_import
from quotawatt.register.repository import load_register
from quotawatt.register.rows import KINDS, records_of
from quotawatt.register.uploads import read_upload
from tests.quotawatt.register.books import BUILDINGS, book, whole

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2024, 7, 1, tzinfo=UTC)


def contents(register: Register) -> dict[str, set[object]]:
    return {kind: set(records) for kind, records in records_of(register).items()}


def entries(records: Engine) -> int:
    return len(list(Ledger(records).entries()))


def run(records: Engine, data: bytes, options: Options) -> bool:
    """Import; whether it was done. What is stored afterwards is what was or what was planned."""
    before, count = load_register(records), entries(records)
    found = read_upload("wild.xlsx", data)
    plan = plan_import(before, found, options, ZONE)
    try:
        import_register(records, found, "cli", AT, ZONE, options)
    except RegisterError:
        assert contents(load_register(records)) == contents(before)
        assert entries(records) == count
        return False
    assert plan.after is not None
    assert contents(load_register(records)) == contents(plan.after)
    assert entries(records) == count + bool(plan.difference)
    return True


@pytest.mark.parametrize("seed", range(12))
def test_a_wild_workbook_is_imported_wholly_or_not_at_all(records: Engine, seed: int) -> None:
    assert run(records, book(whole()), Options())
    run(records, wild_workbook(seed, 400), Options(remove=seed % 2 == 1, prune=seed % 3 == 0))


def test_one_wrong_cell_among_right_ones_stops_all_of_them(records: Engine) -> None:
    many = [[f"BLD-{n}", f"楼{n}", f"B {n}", "SITE-1", "ORG-1", 10 + n] for n in range(300)]
    many[150][5] = "约十"
    assert not run(records, book(whole(建筑=[BUILDINGS[0], *many])), Options())
    many[150][5] = 10
    assert run(records, book(whole(建筑=[BUILDINGS[0], *many])), Options())
    assert run(records, book(whole(建筑=[BUILDINGS[0], *many[:200]])), Options(remove=True))


def test_what_fails_after_planning_leaves_nothing(records: Engine) -> None:
    assert run(records, book(whole()), Options())
    before = contents(load_register(records))

    def fail(_: Plan) -> None:
        raise RegisterError(["stopped"])

    more = read_upload("x.xlsx", book(whole(建筑=[*BUILDINGS, ["BLD-2", *BUILDINGS[1][1:]]])))
    with pytest.raises(RegisterError, match="stopped"):
        import_register(records, more, "cli", AT, ZONE, planned=fail)
    assert contents(load_register(records)) == before
    assert set(before) == set(KINDS)
