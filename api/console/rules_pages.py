"""The pages of proposed rule packs: what each would change, and a second person's decision."""

from collections.abc import Callable
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.console.changes_view import rule_changes
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import REFUSALS, Refusal, filled, refusal_of
from api.console.navigation import holds_everywhere
from api.console.register_words import Reader
from api.ledger_schemas import DecisionIn
from api.params import Given, services_of
from api.routes import rules as desk
from api.routes.rules import State
from quotawatt.access.principal import Principal
from quotawatt.access.roles import Permission
from quotawatt.register.model import Register
from quotawatt.rulebook.proposal import PROPOSED, STATES, person_of

router = APIRouter(include_in_schema=False, prefix="/rules/proposals")

Viewer = Annotated[Permit, needs(Permission.RULES_READ)]
Proposer = Annotated[Permit, needs(Permission.RULES_PROPOSE)]
Approver = Annotated[Permit, needs(Permission.RULES_APPROVE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]

PAGE = 50
"""Proposals of one page."""


@router.get("", response_model=None)
def show_proposals(
    request: Request,
    services: Given,
    permit: Viewer,
    state: Literal["", State] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Proposed packs, the latest first, and the packs that count."""
    found = desk.list_proposals(services, permit, state or None, PAGE, (page - 1) * PAGE)
    return draw(
        request,
        "rules.html",
        proposals=found["items"],
        total=found["total"],
        states=STATES,
        state=state,
        page=page,
        pages=-(-found["total"] // PAGE),
        packs=desk.list_packs(services, permit),
        zone=ZoneInfo(services.settings.timezone),
    )


@router.get("/{number}", response_model=None)
def show_proposal(request: Request, permit: Viewer, number: Number) -> Response:
    """One proposal: what it would change, and the forms that decide about it."""
    return _draw(request, permit, number)


@router.post("/{number}/approve", response_model=None)
def approve(
    request: Request, services: Given, permit: Approver, number: Number, form: SignedForm
) -> Response:
    """Approve a proposal of somebody else."""
    return _do(request, permit, number, lambda: desk.approve(services, permit, number, _said(form)))


@router.post("/{number}/reject", response_model=None)
def reject(
    request: Request, services: Given, permit: Approver, number: Number, form: SignedForm
) -> Response:
    """Turn a proposal down, with a reason."""
    return _do(request, permit, number, lambda: desk.reject(services, permit, number, _said(form)))


@router.post("/{number}/withdraw", response_model=None)
def withdraw(
    request: Request, services: Given, permit: Proposer, number: Number, form: SignedForm
) -> Response:
    """Take one's own proposal back."""
    return _do(
        request, permit, number, lambda: desk.withdraw(services, permit, number, _said(form))
    )


def _said(form: dict[str, str]) -> DecisionIn:
    return filled(DecisionIn, {"reason": form.get("reason", "").strip()})


def _do(request: Request, permit: Permit, number: int, deed: Callable[[], object]) -> Response:
    """Decide about a proposal and show it again, with the reason where that was refused."""
    try:
        deed()
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services_of(request)))
        return _draw(request, permit, number, refusal)
    return RedirectResponse(f"/rules/proposals/{number}", 303)


def _draw(
    request: Request, permit: Permit, number: int, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    viewer = permit_of(request, permit.principal, Permission.RULES_READ)
    item = desk.read_proposal(services, viewer, number)
    zone = ZoneInfo(services.settings.timezone)
    reader = Reader(words_of(request, services), Register(), zone)
    return draw(
        request,
        "rules_proposal.html",
        refusal.status if refusal else 200,
        item=item,
        changes=rule_changes(reader, item["changes"]),
        can=_deeds(item["state"], item["proposed_by"], permit.principal),
        refusal=refusal,
        zone=zone,
    )


def _deeds(state: str, proposed_by: str, principal: Principal) -> frozenset[str]:
    """What the reader may do with it: approve and reject another's, withdraw one's own."""
    if state != PROPOSED:
        return frozenset()
    if person_of(principal.name) == person_of(proposed_by):
        may_withdraw = holds_everywhere(principal, Permission.RULES_PROPOSE)
        return frozenset({"withdraw"} if may_withdraw else ())
    may_decide = holds_everywhere(principal, Permission.RULES_APPROVE)
    return frozenset({"approve", "reject"} if may_decide else ())
