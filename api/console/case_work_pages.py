"""What managers do on the page of a case, explanations of its account, and commands to devices."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.access import Permit, needs
from api.case_schemas import AccountExplanationIn, AssignmentIn, DueIn, WordsIn
from api.command_schemas import CommandIn, CommandWords
from api.console.case_pages import answered
from api.console.drawing import SignedForm
from api.console.forms import filled
from api.params import Given
from api.routes import case_work as desk
from api.routes import commands as command_desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False)

Officer = Annotated[Permit, needs(Permission.ALERTS_ACT)]
Decider = Annotated[Permit, needs(Permission.CASES_DECIDE)]
Explainer = Annotated[Permit, needs(Permission.QUOTAS_WRITE)]
Confirmer = Annotated[Permit, needs(Permission.COMMANDS_CONFIRM)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post("/cases/{number}/assign", response_model=None)
def assign(
    request: Request, services: Given, permit: Decider, number: Number, form: SignedForm
) -> Response:
    """Give the case to somebody: chosen from the register's duties, or typed."""
    typed = form.get("other", "").strip() or form.get("assignee", "")

    def act() -> None:
        body = filled(AssignmentIn, {"assignee": typed, "comment": _said(form)})
        desk.assign_case(services, permit, number, body, _seen(form))

    return answered(request, permit, number, form, "assign", act)


@router.post("/cases/{number}/due", response_model=None)
def set_due(
    request: Request, services: Given, permit: Decider, number: Number, form: SignedForm
) -> Response:
    """Name the day until which it has to be put right."""

    def act() -> None:
        body = filled(DueIn, {"due_on": form.get("due_on", ""), "comment": _said(form)})
        desk.set_due(services, permit, number, body, _seen(form))

    return answered(request, permit, number, form, "due", act)


@router.post("/cases/{number}/send-back", response_model=None)
def send_back(
    request: Request, services: Given, permit: Decider, number: Number, form: SignedForm
) -> Response:
    """Turn a proposal to close down."""

    def act() -> None:
        desk.send_back(services, permit, number, _words(form), _seen(form))

    return answered(request, permit, number, form, "send-back", act)


@router.post("/cases/{number}/close", response_model=None)
def close(
    request: Request, services: Given, permit: Decider, number: Number, form: SignedForm
) -> Response:
    """Close the case."""

    def act() -> None:
        desk.close_case(services, permit, number, _words(form), _seen(form))

    return answered(request, permit, number, form, "close", act)


@router.post("/cases/{number}/reopen", response_model=None)
def reopen(
    request: Request, services: Given, permit: Decider, number: Number, form: SignedForm
) -> Response:
    """Open a closed case again."""

    def act() -> None:
        desk.reopen_case(services, permit, number, _words(form), _seen(form))

    return answered(request, permit, number, form, "reopen", act)


@router.post("/cases/{number}/explain", response_model=None)
def explain(
    request: Request, services: Given, permit: Explainer, number: Number, form: SignedForm
) -> Response:
    """Hand in an explanation of the overrun that the case is about."""

    def act() -> None:
        given = {name: form.get(name, "").strip() for name in ("reason", "measures", "amount")}
        body = filled(AccountExplanationIn, given)
        desk.explain_case(services, permit, number, body, _seen(form))

    return answered(request, permit, number, form, "explain", act)


@router.post("/cases/{number}/commands", response_model=None)
def ask_for_command(
    request: Request, services: Given, permit: Officer, number: Number, form: SignedForm
) -> Response:
    """Ask for a command that the case offers; somebody else confirms it."""

    def act() -> None:
        names = ("command", "device", "channel", "value", "comment")
        body = filled(CommandIn, {name: form.get(name, "").strip() for name in names})
        command_desk.ask_for_command(services, permit, number, body)

    return answered(request, permit, number, form, "command", act)


@router.post("/commands/{number}/confirm", response_model=None)
def confirm(
    request: Request, services: Given, permit: Confirmer, number: Number, form: SignedForm
) -> Response:
    """Have a command sent."""
    return _command(request, services, permit, number, form, "confirm")


@router.post("/commands/{number}/refuse", response_model=None)
def refuse(
    request: Request, services: Given, permit: Confirmer, number: Number, form: SignedForm
) -> Response:
    """Say no to a command."""
    return _command(request, services, permit, number, form, "refuse")


@router.post("/commands/{number}/withdraw", response_model=None)
def withdraw(
    request: Request, services: Given, permit: Officer, number: Number, form: SignedForm
) -> Response:
    """Take a command back before it is sent."""
    return _command(request, services, permit, number, form, "withdraw")


@router.post("/commands/{number}/undo", response_model=None)
def undo(
    request: Request, services: Given, permit: Officer, number: Number, form: SignedForm
) -> Response:
    """Ask for what takes a command back that was sent."""
    return _command(request, services, permit, number, form, "undo")


_COMMAND_DESK: Mapping[str, Any] = {
    "confirm": command_desk.confirm_command,
    "refuse": command_desk.refuse_command,
    "withdraw": command_desk.withdraw_command,
    "undo": command_desk.undo_command,
}


def _command(
    request: Request, services: Given, permit: Permit, number: int, form: SignedForm, verb: str
) -> Response:
    """Do something to a command, and lead to its case."""
    case = command_desk.show_command(services, permit, number)["case"]

    def act() -> None:
        body = filled(CommandWords, {"comment": _said(form)})
        _COMMAND_DESK[verb](services, permit, number, body)

    return answered(request, permit, case, form, f"command_{verb}", act)


def _said(form: Mapping[str, str]) -> str:
    return form.get("comment", "").strip()


def _words(form: Mapping[str, str]) -> WordsIn:
    # That there must be words is the act's own rule, which says for what.
    return filled(WordsIn, {"comment": _said(form) or " "})


def _seen(form: Mapping[str, str]) -> str:
    return f'"{form.get("version", "")}"'
