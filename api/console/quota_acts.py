"""The forms on the page of an account: explanations of an overrun, written, handed in and decided."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.console.drawing import SignedForm, words_of
from api.console.forms import REFUSALS, filled, lead_back, refusal_of
from api.console.quota_account import account_path, draw_account
from api.console.quota_asof import AsOf, as_of
from api.console.quota_pages import AssetPath, QuotaPath
from api.explanation_schemas import CommentIn, DecisionIn, ExplanationIn
from api.params import Given
from api.routes import explanations as desk
from api.services import Services
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False, prefix="/quota/{asset}/{quota}/explanations")

Officer = Annotated[Permit, needs(Permission.QUOTAS_WRITE)]
Decider = Annotated[Permit, needs(Permission.QUOTAS_DECIDE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Deed = Callable[[], Any]
_TEXTS = ("reason", "measures", "amount", "year")


@router.post("", response_model=None)
def write(
    request: Request,
    services: Given,
    permit: Officer,
    asset: AssetPath,
    quota: QuotaPath,
    form: SignedForm,
) -> Response:
    """Write an explanation, and hand it in at once where the form says so."""

    def deed() -> None:
        made = desk.write_explanation(services, permit, _body(asset, quota, form))
        if form.get("submit") == "on":
            desk.submit_explanation(services, permit, made["number"], CommentIn())

    return _done(request, services, permit, (asset, quota), form, deed)


@router.post("/{number}/change", response_model=None)
def change(
    request: Request,
    services: Given,
    permit: Officer,
    asset: AssetPath,
    quota: QuotaPath,
    number: Number,
    form: SignedForm,
) -> Response:
    """Another text for a draft, or for one that was returned."""

    def deed() -> None:
        desk.change_explanation(services, permit, number, _body(asset, quota, form))

    return _done(request, services, permit, (asset, quota), form, deed)


@router.post("/{number}/{act}", response_model=None)
def hand_on(
    request: Request,
    services: Given,
    permit: Officer,
    asset: AssetPath,
    quota: QuotaPath,
    number: Number,
    act: Literal["submit", "withdraw"],
    form: SignedForm,
) -> Response:
    """Hand an explanation in, or take it back."""
    step = {"submit": desk.submit_explanation, "withdraw": desk.withdraw_explanation}[act]

    def deed() -> None:
        step(services, permit, number, filled(CommentIn, _comment(form)))

    return _done(request, services, permit, (asset, quota), form, deed)


@router.post("/{number}/decide/{decision}", response_model=None)
def decide(
    request: Request,
    services: Given,
    permit: Decider,
    asset: AssetPath,
    quota: QuotaPath,
    number: Number,
    decision: Literal["approve", "return", "reject"],
    form: SignedForm,
) -> Response:
    """Approve, return or reject what somebody else wrote."""

    def deed() -> None:
        body = filled(DecisionIn, {"decision": decision, **_comment(form)})
        desk.decide_explanation(services, permit, number, body)

    return _done(request, services, permit, (asset, quota), form, deed)


def _body(asset: str, quota: str, form: Mapping[str, str]) -> ExplanationIn:
    fields = {name: form.get(name, "").strip() for name in _TEXTS}
    return filled(ExplanationIn, {**fields, "asset": asset, "quota": quota})


def _comment(form: Mapping[str, str]) -> dict[str, str]:
    return {"comment": form.get("comment", "").strip()[:2000]}


def _done(
    request: Request,
    services: Services,
    permit: Permit,
    account: tuple[str, str],
    form: Mapping[str, str],
    deed: Deed,
) -> Response:
    """Do it and lead back, or draw the page again with why it was refused."""
    try:
        deed()
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        reader = permit_of(request, permit.principal, Permission.RESULTS_READ)
        return draw_account(request, reader, account, _shown(services, form), None, refusal, form)
    return lead_back(account_path(*account), form, "#explanations")


def _shown(services: Services, form: Mapping[str, str]) -> AsOf:
    """The day that the page showed when the form was sent."""
    chosen = dict(parse_qsl(form.get("back", ""))).get("day", "")
    try:
        return as_of(services, date.fromisoformat(chosen))
    except ValueError:
        return as_of(services, None)
