"""Explanations of overruns (超定额说明): written and handed in by officers, decided by managers."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from alerts.cases.acts import explain
from api.access import Permit, needs
from api.accounts import require_account_holder
from api.assigned import name_of
from api.budgets import instant_in, read_budget
from api.citations import both
from api.explanation_schemas import (
    CommentIn,
    DecisionIn,
    ExplanationIn,
    ExplanationOut,
    ExplanationPage,
    State,
)
from api.importing import Upload
from api.params import Given, LimitParam, OffsetParam, today_of
from api.queries import page_of_seen_rows
from api.services import Services
from api.uploading import FORM, uploaded_file
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.explanations import book
from quotawatt.explanations.states import APPROVE
from quotawatt.explanations.values import Act, Explanation, Overrun
from quotawatt.hand.documents import document_of, keep_document, read_document
from quotawatt.rulebook.effects import note_accepted
from quotawatt.storage.assigned_tables import overrun_explanations

router = APIRouter(prefix="/explanations", tags=["quotas"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.QUOTAS_WRITE)]
Decider = Annotated[Permit, needs(Permission.QUOTAS_DECIDE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the explanation")]
Deed = Callable[[Connection, Act], Explanation]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_MEDIA = ("image/jpeg", "image/png", "application/pdf")
_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document as it was handed in",
        "content": dict.fromkeys(_MEDIA, _BINARY),
    }
}


async def _uploaded(request: Request, permit: Officer) -> Upload:
    return await uploaded_file(request)


@router.get("", response_model=ExplanationPage)
def list_explanations(
    services: Given,
    permit: Reader,
    year: Annotated[int | None, Query(ge=2000, le=2100, description="Default: any")] = None,
    asset: Annotated[str | None, Query(max_length=64)] = None,
    quota: Annotated[str | None, Query(max_length=128)] = None,
    state: Annotated[list[State] | None, Query(description="May be repeated; default any")] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Explanations, the latest first."""
    t = overrun_explanations.c
    wanted = {t.year: year, t.asset: asset, t.quota: quota}
    conditions = [column == value for column, value in wanted.items() if value is not None]
    conditions += [t.state.in_(state)] if state else []
    total, rows = page_of_seen_rows(
        services.records,
        overrun_explanations,
        t.asset,
        permit.sees,
        conditions,
        [t.id.desc()],
        limit,
        offset,
    )
    items = [_item(book.explanation_of(row), services) for row in rows]
    return {"total": total, "items": items}


@router.post("", response_model=ExplanationOut, status_code=201)
def write_explanation(services: Given, permit: Officer, body: ExplanationIn) -> dict[str, Any]:
    """Write an explanation; it stays a draft until it is submitted."""
    permit.require(body.asset)
    overrun = _overrun(body, services)
    return _do(services, permit, lambda conn, act: book.write(conn, overrun, act))


@router.get("/{number}", response_model=ExplanationOut)
def show_explanation(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One explanation with its steps."""
    return _item(_within_reach(services, permit, number), services)


@router.put("/{number}", response_model=ExplanationOut)
def change_explanation(
    services: Given, permit: Officer, number: Number, body: ExplanationIn
) -> dict[str, Any]:
    """Another text for a draft, or for one that was returned; its account stays."""
    _within_reach(services, permit, number)
    permit.require(body.asset)
    overrun = _overrun(body, services)
    return _do(services, permit, lambda conn, act: book.change(conn, number, overrun, act))


@router.post("/{number}/submit", response_model=ExplanationOut)
def submit_explanation(
    services: Given, permit: Officer, number: Number, body: CommentIn
) -> dict[str, Any]:
    """Hand an explanation in to be decided."""
    _within_reach(services, permit, number)
    return _do(services, permit, lambda conn, act: book.submit(conn, number, act), body.comment)


@router.post("/{number}/withdraw", response_model=ExplanationOut)
def withdraw_explanation(
    services: Given, permit: Officer, number: Number, body: CommentIn
) -> dict[str, Any]:
    """Take an explanation back; it stays listed."""
    _within_reach(services, permit, number)
    return _do(services, permit, lambda conn, act: book.withdraw(conn, number, act), body.comment)


@router.post("/{number}/decide", response_model=ExplanationOut)
def decide_explanation(
    services: Given, permit: Decider, number: Number, body: DecisionIn
) -> dict[str, Any]:
    """Approve, return or reject an explanation that somebody else wrote."""
    _within_reach(services, permit, number)
    day = today_of(services)

    def decide(conn: Connection, act: Act) -> Explanation:
        done = book.decide(conn, number, body.decision, act)
        if body.decision == APPROVE:
            note_accepted(conn, services.rulebook, day)
            # Cases go by the clock that their alerts are judged by.
            now = services.clock()
            steps = explain(conn, done, Act(act.actor, now, act.comment))
            services.alerts.tell(conn, steps, now)
        return done

    return _do(services, permit, decide, body.comment)


@router.post("/{number}/document", response_model=ExplanationOut, openapi_extra=FORM)
def attach_evidence(
    services: Given,
    permit: Officer,
    number: Number,
    upload: Annotated[Upload, Depends(_uploaded)],
) -> dict[str, Any]:
    """Attach evidence (JPEG, PNG, PDF) in the place of the one that it has."""
    _within_reach(services, permit, number)
    document = document_of(upload.name, upload.data)

    def attach(conn: Connection, act: Act) -> Explanation:
        keep_document(conn, document, act.actor, act.at)
        return book.attach(conn, number, document.sha256, act)

    return _do(services, permit, attach, document.name)


@router.get("/{number}/document", response_class=Response, responses=_DOCUMENT)
def show_evidence(services: Given, permit: Reader, number: Number) -> Response:
    """The evidence of an explanation."""
    digest = _within_reach(services, permit, number).document
    if not digest:
        raise NotFoundError(f"an explanation must have a document, got {number} without one")
    with services.records.connect() as conn:
        document = read_document(conn, digest)
    suffix = {"image/jpeg": "jpg", "image/png": "png"}.get(document.media_type, "pdf")
    name = f'attachment; filename="explanation-{number}.{suffix}"'
    headers = {"Content-Disposition": name}
    return Response(document.content, media_type=document.media_type, headers=headers)


def _do(services: Services, permit: Permit, deed: Deed, comment: str = "") -> dict[str, Any]:
    act = Act(permit.actor, services.wall_clock(), comment)
    with services.records.begin() as conn:
        done = deed(conn, act)
    return _item(done, services)


def _within_reach(services: Services, permit: Permit, number: int) -> Explanation:
    with services.records.connect() as conn:
        found = book.read(conn, number)
    permit.require(found.overrun.asset)
    return found


def _overrun(body: ExplanationIn, services: Services) -> Overrun:
    """What is explained, in the unit of its account. Raises NotFoundError where there is no such account."""
    require_account_holder(services.register_source(), body.asset)
    at = instant_in(body.year, services)
    account = read_budget(services, body.asset, body.quota, at).draft.yardstick
    return Overrun(unit=account.indicator.amount_unit, **body.model_dump())


def _item(one: Explanation, services: Services) -> dict[str, Any]:
    row = asdict(one)
    quota = services.rulebook.quotas.get(one.overrun.quota)
    return {
        **row,
        **row.pop("overrun"),
        "number": one.id,
        "name": name_of(one.overrun.asset, services),
        "title": {} if quota is None else both(quota.title),
    }
