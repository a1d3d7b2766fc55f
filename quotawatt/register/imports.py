"""Importing a register: all of it or nothing, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from quotawatt.errors import RegisterError
from quotawatt.register.found import Found
from quotawatt.register.model import Binding, Register
from quotawatt.register.planning import Options, Plan, plan_import
from quotawatt.register.repository import IMPORT, Change, Deed, RegisterSource, change_register
from quotawatt.register.retired import read_retired


@dataclass(frozen=True)
class Import:
    """What an import did: the plan that was carried out, and what came of it (see ``repository``)."""

    plan: Plan
    change: Change

    @property
    def kept(self) -> tuple[Binding, ...]:
        """Bindings that an adoption made or ended, and that are kept so though no sheet says it."""
        return self.plan.kept


def import_register(
    engine: Engine,
    found: Found,
    actor: str,
    at: datetime,
    zone: ZoneInfo,
    options: Options = Options(),
    *,
    source: str = "",
    planned: Callable[[Plan], None] = lambda _: None,
    near: RegisterSource | None = None,
) -> Import:
    """Make of the stored register what the import says; see ``planning``.

    source
        What it was read of, for the ledger.
    planned
        Told the plan before anything is written; what it raises undoes everything.
    near
        As in ``change_register``.

    Raises RegisterError where anything stands against the import; then nothing is written.
    """
    plans: list[Plan] = []
    with engine.connect() as conn:
        retired = read_retired(conn)

    def edit(stored: Register) -> Register:
        plan = plan_import(stored, found, options, zone, retired)
        planned(plan)
        if plan.after is None:
            raise RegisterError([found.placed(problem) for problem in plan.problems])
        plans.append(plan)
        return plan.after

    deed = Deed(IMPORT.action, IMPORT.subject, _detail(source, options))
    change = change_register(engine, edit, actor, at, deed, near)
    return Import(plans[-1], change)


def _detail(source: str, options: Options) -> dict[str, str]:
    """What the ledger's entry says besides: where it was read, and the day from which changes hold."""
    day = options.changed_from
    return {
        **({"source": source} if source else {}),
        **({} if day is None else {"from": day.isoformat()}),
    }
