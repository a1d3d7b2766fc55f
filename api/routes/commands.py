"""Commands to devices: what a case offers, asked for by one person, confirmed by another, taken back."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import ColumnElement, Connection

from alerts.cases.model import Act, Step
from alerts.commanding import acts
from alerts.commanding.book import command_of, read_command
from alerts.commanding.model import Command, Offered
from alerts.commanding.offering import Ground, offers_of
from api.access import Permit, needs
from api.assigned import name_of
from api.cases import case_within_reach
from api.command_schemas import (
    CommandIn,
    CommandOut,
    CommandPage,
    CommandWords,
    Offers,
    State,
)
from api.params import Given, LimitParam, OffsetParam, today_of
from api.queries import page_of_seen_rows
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.devicecommands import KINDS
from quotawatt.errors import NotFoundError, StateError
from quotawatt.storage.case_tables import device_commands

router = APIRouter(tags=["commands"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.ALERTS_ACT)]
Confirmer = Annotated[Permit, needs(Permission.COMMANDS_CONFIRM)]
Case = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the case")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the command")]
Deed = Callable[[Connection, Act], tuple[Command, Step]]


@router.get("/cases/{case}/offers", response_model=Offers)
def list_offers(services: Given, permit: Reader, case: Case) -> dict[str, Any]:
    """The commands that a case offers now, for devices within reach; none while they are not enabled."""
    with services.records.connect() as conn:
        found = case_within_reach(conn, permit, case)
        offers: list[Offered] = []
        if services.settings.commands_enabled:
            offers = offers_of(conn, found, _ground(services), services.clock())
    items = [_offer(one, services) for one in offers if permit.sees(one.asset)]
    return {"total": len(items), "items": items}


@router.post("/cases/{case}/commands", status_code=201, response_model=CommandOut)
def ask_for_command(
    services: Given, permit: Officer, case: Case, body: CommandIn
) -> dict[str, Any]:
    """Ask for a command that the case offers. Nothing is sent before somebody else confirms it."""
    wanted = acts.Wanted(body.command, body.device, body.channel, body.value)
    act = Act(permit.actor, services.clock(), body.comment)
    with services.records.begin() as conn:
        case_within_reach(conn, permit, case)
        _require_enabled(services)
        made, step = acts.ask(conn, case, wanted, _ground(services), act)
        permit.require(made.asset)
        services.alerts.tell(conn, [step], act.at)
    return _item(made, services)


@router.get("/commands", response_model=CommandPage)
def list_commands(
    services: Given,
    permit: Reader,
    state: Annotated[list[State] | None, Query(description="May be repeated; default any")] = None,
    case: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Commands to devices within reach, the latest first."""
    t = device_commands.c
    conditions: list[ColumnElement[bool]] = [t.state.in_(state)] if state else []
    if case is not None:
        conditions.append(t.case == case)
    total, rows = page_of_seen_rows(
        services.records,
        device_commands,
        t.asset,
        permit.sees,
        conditions,
        [t.id.desc()],
        limit,
        offset,
    )
    return {"total": total, "items": [_item(command_of(row), services) for row in rows]}


@router.get("/commands/{number}", response_model=CommandOut)
def show_command(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One command."""
    with services.records.connect() as conn:
        return _item(_within_reach(conn, permit, number), services)


@router.post("/commands/{number}/confirm", response_model=CommandOut)
def confirm_command(
    services: Given, permit: Confirmer, number: Number, body: CommandWords
) -> dict[str, Any]:
    """Have a command sent that somebody else has asked for."""

    def confirm(conn: Connection, act: Act) -> tuple[Command, Step]:
        return acts.confirm(conn, number, _ground(services), act)

    return _do(services, permit, number, confirm, body.comment)


@router.post("/commands/{number}/refuse", response_model=CommandOut)
def refuse_command(
    services: Given, permit: Confirmer, number: Number, body: CommandWords
) -> dict[str, Any]:
    """Say no to a command that is asked for; takes a comment."""
    return _do(
        services, permit, number, lambda conn, act: acts.refuse(conn, number, act), body.comment
    )


@router.post("/commands/{number}/withdraw", response_model=CommandOut)
def withdraw_command(
    services: Given, permit: Officer, number: Number, body: CommandWords
) -> dict[str, Any]:
    """Take a command back before it is sent."""
    return _do(
        services, permit, number, lambda conn, act: acts.withdraw(conn, number, act), body.comment
    )


@router.post("/commands/{number}/undo", status_code=201, response_model=CommandOut)
def undo_command(
    services: Given, permit: Officer, number: Number, body: CommandWords
) -> dict[str, Any]:
    """Ask for what takes a command back that was sent. Somebody else confirms that too."""

    def undo(conn: Connection, act: Act) -> tuple[Command, Step]:
        return acts.undo(conn, number, _ground(services), act)

    return _do(services, permit, number, undo, body.comment)


def _do(
    services: Services, permit: Permit, number: int, deed: Deed, comment: str
) -> dict[str, Any]:
    """Do something to a command within reach; the command that comes of it."""
    act = Act(permit.actor, services.clock(), comment)
    with services.records.begin() as conn:
        _within_reach(conn, permit, number)
        _require_enabled(services)
        done, step = deed(conn, act)
        services.alerts.tell(conn, [step], act.at)
    return _item(done, services)


def _require_enabled(services: Services) -> None:
    if not services.settings.commands_enabled:
        raise StateError(
            "setting QUOTAWATT_COMMANDS_ENABLED: must be true to tell devices anything, got false"
        )


def _ground(services: Services) -> Ground:
    return Ground(
        register=services.register_source(),
        rulebook=services.rulebook.as_of(today_of(services)),
        catalogue=services.commands(),
        series=services.series,
    )


def _within_reach(conn: Connection, permit: Permit, number: int) -> Command:
    command = read_command(conn, number)
    if not permit.sees(command.asset):
        raise NotFoundError(f"a command must exist by its number, got {number}")
    return command


def _offer(one: Offered, services: Services) -> dict[str, Any]:
    kind = KINDS[one.command]
    return {
        **asdict(one),
        "name": name_of(one.asset, services),
        "title": {"zh": kind.title_zh, "en": kind.title_en},
        "quantity": kind.quantity,
    }


def _item(one: Command, services: Services) -> dict[str, Any]:
    kind = KINDS[one.command]
    row = asdict(one)
    return {
        **row,
        "number": row.pop("id"),
        "name": name_of(one.asset, services),
        "title": {"zh": kind.title_zh, "en": kind.title_en},
        "state": one.state.value,
    }
