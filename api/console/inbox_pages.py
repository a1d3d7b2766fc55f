"""The inbox: what one was told, whatever else it went by, and what of it one has read."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs
from api.console.drawing import SignedForm, draw
from api.console.forms import filled, lead_back
from api.console.inbox_view import CASES_SHOWN, PAGE, InboxView
from api.notification_schemas import ReadUpTo
from api.params import Given, services_of
from api.routes import notifications as desk
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError

router = APIRouter(include_in_schema=False, prefix="/inbox")

Own = Annotated[Permit, needs(Permission.OWN)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", response_model=None)
def show_inbox(
    request: Request,
    permit: Own,
    unread: bool = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """One's messages, the newest first."""
    services = services_of(request)
    found = desk.read_inbox(services, permit, unread=unread, limit=PAGE, offset=(page - 1) * PAGE)
    return draw(
        request,
        "inbox.html",
        page=InboxView(found["items"], found["total"], found["unread"], unread, page),
        cases_shown=CASES_SHOWN,
        zone=ZoneInfo(services.settings.timezone),
    )


@router.post("/read", response_model=None)
def read_all(services: Given, permit: Own, form: SignedForm) -> Response:
    """All have been read, up to the newest that the page showed."""
    try:
        body = filled(ReadUpTo, {"up_to": form.get("up_to", "")})
    except InputError:
        # Only a form that was not drawn here: there is nothing to be read.
        return RedirectResponse("/inbox", 303)
    desk.read_up_to(services, permit, body)
    return lead_back("/inbox", form)


@router.post("/{number}/read", response_model=None)
def read_one(services: Given, permit: Own, number: Number, form: SignedForm) -> Response:
    """One has been read; where the form names one of its cases, on to that."""
    message = desk.read_message_of_mine(services, permit, number)
    case = form.get("case", "")
    if case in {str(one) for one in message["cases"]}:
        return RedirectResponse(f"/cases/{case}", 303)
    return lead_back("/inbox", form)
