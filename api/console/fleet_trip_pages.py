"""The page of a trip with its map, and what people say of a deviation: explain, accept, reject."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.console.drawing import SignedForm, draw, words_of
from api.console.fleet_data import deviations_page
from api.console.fleet_deviation_view import trip_href
from api.console.fleet_trip_view import difference_words, trip_page
from api.console.forms import REFUSALS, filled, lead_back, refusal_of
from api.console.trip_map import SPEED_CLASSES_KMH
from api.fleet_deviations import require_deviation
from api.fleet_schemas import DecideIn, ExplainIn
from api.fleet_tracks import require_trip
from api.params import Given, services_of
from api.routes.fleet_deviations import decide_deviation, explain_deviation
from api.routes.fleet_tracks import show_track
from api.services import Services
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False, prefix="/fleet")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.FLEET_EXPLAIN)]
Decider = Annotated[Permit, needs(Permission.FLEET_DECIDE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
_WHY = "console"


@router.get("/{vehicle}/trips/{start}", response_model=None)
def show_trip(
    request: Request,
    services: Given,
    permit: Reader,
    vehicle: Annotated[str, Path(max_length=64)],
    start: Annotated[str, Path(max_length=64)],
    done: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """A trip: its map for who may see tracks, times, order, and what needs an explanation.

    That the track was looked at goes to the ledger, as with the API's own route.
    """
    trip = require_trip(services, permit, vehicle, start)
    track: Mapping[str, Any] | None = None
    if permit.may_also(Permission.TRACKS_READ, vehicle):
        seer = permit_of(request, permit.principal, Permission.TRACKS_READ)
        track = show_track(services, seer, vehicle, start, why=_WHY)
    words = words_of(request, services)
    return draw(
        request,
        "fleet_trip.html",
        page=trip_page(services, permit, trip, track),
        rulebook=services.rulebook,
        classes=SPEED_CLASSES_KMH,
        difference_words=difference_words,
        done=words.known(f"fleet_done_{done}", "") if done else "",
    )


@router.post("/deviations/{number}/explain", response_model=None)
def explain(
    request: Request, services: Given, permit: Officer, number: Number, form: SignedForm
) -> Response:
    """Say why it was."""

    def deed() -> None:
        body = filled(ExplainIn, {"text": form.get("explanation", "").strip()})
        explain_deviation(services, permit, number, body)

    return _answered(request, services, permit, number, deed, "explained")


@router.post("/deviations/{number}/decide", response_model=None)
def decide(
    request: Request, services: Given, permit: Decider, number: Number, form: SignedForm
) -> Response:
    """Accept or reject what somebody else explained."""

    def deed() -> None:
        accept = form.get("decision", "") == "accept"
        said = {"accept": accept, "comment": form.get("comment", "").strip()}
        decide_deviation(services, permit, number, filled(DecideIn, said))

    return _answered(request, services, permit, number, deed, "decided")


def _answered(
    request: Request,
    services: Services,
    permit: Permit,
    number: int,
    deed: Callable[[], None],
    done: str,
) -> Response:
    """Do it and lead to the trip it is about; where it is refused, the list with why."""
    one = require_deviation(services, permit, number).deviation
    try:
        deed()
    except REFUSALS as error:
        services = services_of(request)
        reader = permit_of(request, permit.principal, Permission.RESULTS_READ)
        refusal = refusal_of(error, words_of(request, services))
        return draw(
            request,
            "fleet_deviations.html",
            refusal.status,
            page=deviations_page(services, reader),
            refusal=refusal,
            done="",
            rulebook=services.rulebook,
        )
    path = "/fleet/deviations" if one.trip is None else trip_href(one.vehicle, one.trip)
    return lead_back(path, {}, done=done)
