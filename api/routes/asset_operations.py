"""What people do with assets over their life: operations with a form, dated and in the ledger."""

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query

from api.access import Permit, needs
from api.operation_schemas import (
    Dispose,
    Move,
    OperationAnswer,
    ReplaceMeter,
    SetStatus,
    Transfer,
    recomputation_item,
)
from api.params import Given
from api.register_reach import require_reach
from api.register_writes import Outcome, commit
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.register import operations
from quotawatt.register.account import account_of
from quotawatt.register.changes import changes_between
from quotawatt.register.editing import judged
from quotawatt.register.model import Register
from quotawatt.register.recomputation import describe_recomputation
from quotawatt.register.repository import Deed
from quotawatt.register.swap import Swap, replace_meter, save_replacement

router = APIRouter(prefix="/assets/{code}", tags=["operations on assets"])

Writer = Annotated[Permit, needs(Permission.REGISTER_WRITE)]
CodePath = Annotated[str, Path(examples=["VEH-7"], description="Asset's code")]
DryRun = Annotated[bool, Query(description="Only say what would change and be computed anew")]


@router.post("/replace-meter", response_model=OperationAnswer)
def replace_a_meter(
    services: Given, permit: Writer, code: CodePath, body: ReplaceMeter, dry_run: DryRun = False
) -> dict[str, Any]:
    """End what feeds a meter, begin anew with another device, and take in both readings at the swap."""
    permit.require(code)
    swap = Swap(**body.model_dump())
    now = services.clock()
    before = services.register_source()
    after = judged(before, replace_meter(before, code, swap, now).register)
    require_reach(permit, before, after)
    if not dry_run:
        actor, near = permit.actor, services.near
        save_replacement(services.records, services.series, code, swap, actor, now, near)
        services.register_changed()
    return operation_answer(services, Outcome(before, after), applied=not dry_run)


@router.post("/move", response_model=OperationAnswer)
def move_a_room(
    services: Given, permit: Writer, code: CodePath, body: Move, dry_run: DryRun = False
) -> dict[str, Any]:
    """A room goes to another organisation; who works in it is unknown unless it is said."""

    def moved(register: Register) -> Register:
        return operations.move_space(
            register,
            code,
            body.organisation,
            body.from_,
            post=body.post,
            occupants=body.occupants,
        )

    return _done(services, permit, code, "room_moved", moved, dry_run)


@router.post("/transfer", response_model=OperationAnswer)
def transfer_an_asset(
    services: Given, permit: Writer, code: CodePath, body: Transfer, dry_run: DryRun = False
) -> dict[str, Any]:
    """A vehicle, a piece of equipment or a building goes to another organisation."""

    def transferred(register: Register) -> Register:
        return operations.transfer(
            register,
            code,
            body.organisation,
            body.from_,
            building=body.building,
            space=body.space,
        )

    return _done(services, permit, code, "asset_transferred", transferred, dry_run)


@router.post("/status", response_model=OperationAnswer)
def set_a_status(
    services: Given, permit: Writer, code: CodePath, body: SetStatus, dry_run: DryRun = False
) -> dict[str, Any]:
    """An asset goes on to another stage of its life."""

    def set_to(register: Register) -> Register:
        return operations.set_status(register, code, body.status, body.from_)

    return _done(services, permit, code, "status_set", set_to, dry_run)


@router.post("/dispose", response_model=OperationAnswer)
def dispose_of_an_asset(
    services: Given, permit: Writer, code: CodePath, body: Dispose, dry_run: DryRun = False
) -> dict[str, Any]:
    """An asset is disposed of, and what feeds it ends; it stays in the register."""
    zone = ZoneInfo(services.settings.timezone)

    def disposed(register: Register) -> Register:
        return operations.dispose(register, code, body.from_, zone, end_bindings=body.end_bindings)

    return _done(services, permit, code, "asset_disposed", disposed, dry_run)


def _done(
    services: Services,
    permit: Permit,
    code: str,
    action: str,
    operation: Callable[[Register], Register],
    dry_run: bool,
) -> dict[str, Any]:
    permit.require(code)
    outcome = commit(services, permit, operation, Deed(action, code, {}), dry_run=dry_run)
    return operation_answer(services, outcome, applied=not dry_run)


def operation_answer(services: Services, outcome: Outcome, *, applied: bool) -> dict[str, Any]:
    """What a change did, or would do, as ``OperationAnswer`` has it."""
    told = account_of(changes_between(outcome.before, outcome.after))
    anew = describe_recomputation(outcome.before, outcome.after)
    settings = services.settings
    return {
        "applied": applied,
        "before": told.before,
        "after": told.after,
        "recomputation": recomputation_item(anew, settings.language, ZoneInfo(settings.timezone)),
    }
