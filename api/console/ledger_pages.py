"""The ledger's pages: who did what, one entry with what it changed, the chain, and the evidence pack."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs
from api.chain import heads_state, last_verification, verify_and_note
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import REFUSALS, Refusal, filled, refusal_of
from api.console.ledger_view import (
    PAGE,
    LedgerFilter,
    action_choices,
    chain_state,
    entry_page,
    entry_row,
    head_faults,
)
from api.console.register_words import Reader
from api.ledger_schemas import ExportOrder
from api.params import Given, services_of
from api.routes import ledger as desk
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError

router = APIRouter(include_in_schema=False, prefix="/ledger")

Auditor = Annotated[Permit, needs(Permission.LEDGER_READ)]


@router.get("", response_model=None)
def show_ledger(
    request: Request, permit: Auditor, chosen: Annotated[LedgerFilter, Query()]
) -> Response:
    """Entries, the latest first, and how the chain stands."""
    return _draw_list(request, permit, chosen)


@router.post("/verify", response_model=None)
def verify(services: Given, permit: Auditor, form: SignedForm) -> Response:
    """Walk the whole chain now; who did so and what came of it is an entry, too."""
    verify_and_note(services, permit.actor, services.wall_clock())
    return RedirectResponse("/ledger#chain", 303)


@router.post("/export", response_model=None)
def export(request: Request, services: Given, permit: Auditor, form: SignedForm) -> Response:
    """Download the evidence pack of the entries that were chosen."""
    names = ("from", "until", "actor", "action", "subject")
    fields: dict[str, Any] = {name: form.get(name, "").strip() for name in names}
    try:
        order = filled(ExportOrder, {**fields, "readings": form.get("readings") == "on"})
        return desk.export_pack(services, permit, order)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw_list(request, permit, LedgerFilter(), refusal)


@router.get("/heads", response_model=None)
def show_heads(request: Request, services: Given, permit: Auditor) -> Response:
    """The heads that were signed, each held against the chain as it is now."""
    state = heads_state(services, services.wall_clock())
    faults = head_faults(words_of(request, services), state)
    return _draw(request, "ledger_heads.html", state=state, faults=faults)


@router.get("/{seq}", response_model=None)
def show_entry(
    request: Request,
    services: Given,
    permit: Auditor,
    seq: Annotated[int, Path(ge=1, le=2**63 - 1)],
) -> Response:
    """One entry with what was before and after."""
    item = desk.read_entry(services, permit, seq)
    return _draw(request, "ledger_entry.html", page=entry_page(_reader(request, permit), item))


def _draw_list(
    request: Request, permit: Permit, chosen: LedgerFilter, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    reader = _reader(request, permit)
    found: dict[str, Any] = {"items": [], "next": None}
    try:
        found = desk.list_entries(
            services,
            permit,
            start=chosen.start or None,
            until=chosen.until or None,
            actor=chosen.actor.strip(),
            action=chosen.action,
            subject=chosen.subject.strip(),
            before=chosen.before,
            limit=PAGE,
        )
    except InputError as error:
        refusal = refusal_of(error, reader.words)
    return _draw(
        request,
        "ledger.html",
        refusal.status if refusal else 200,
        refusal=refusal,
        chosen=chosen,
        rows=[entry_row(reader, item) for item in found["items"]],
        following=found["next"],
        actions=action_choices(reader.words),
        chain=chain_state(reader.words, last_verification(services)),
        may_export=permit.everywhere,
    )


def _reader(request: Request, permit: Permit) -> Reader:
    services = services_of(request)
    zone = ZoneInfo(services.settings.timezone)
    return Reader(words_of(request, services), permit.register, zone)


def _draw(request: Request, name: str, status: int = 200, **context: Any) -> Response:
    zone = ZoneInfo(services_of(request).settings.timezone)
    return draw(request, name, status, zone=zone, **context)
