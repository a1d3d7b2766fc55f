"""The pages of vehicles: the month of each, one vehicle's trips, what needs an explanation."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access import Permit, needs
from api.console.drawing import draw, words_of
from api.console.fleet_data import deviations_page, fleet_page, vehicle_page
from api.console.fleet_filter import FleetFilter, MonthFilter
from api.params import Given
from quotawatt.access.roles import Permission
from quotawatt.fleet.deviation_states import STATES

router = APIRouter(include_in_schema=False, prefix="/fleet")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
StateParam = Annotated[str, Query(pattern=f"^({'|'.join(STATES)})?$")]
Code = Annotated[str, Path(max_length=64)]


@router.get("", response_model=None)
def show_fleet(
    request: Request, services: Given, permit: Reader, chosen: Annotated[FleetFilter, Query()]
) -> Response:
    """The month of each vehicle within reach."""
    page = fleet_page(services, permit, chosen, words_of(request, services))
    return draw(request, "fleet.html", page=page)


@router.get("/deviations", response_model=None)
def show_deviations(
    request: Request, services: Given, permit: Reader, state: StateParam = "", done: str = ""
) -> Response:
    """What somebody still has to act on, the oldest first; or what is in a state."""
    words = words_of(request, services)
    return draw(
        request,
        "fleet_deviations.html",
        page=deviations_page(services, permit, state),
        refusal=None,
        done=words.known(f"fleet_done_{done}", "") if done else "",
        rulebook=services.rulebook,
    )


@router.get("/{vehicle}", response_model=None)
def show_vehicle(
    request: Request,
    services: Given,
    permit: Reader,
    vehicle: Code,
    chosen: Annotated[MonthFilter, Query()],
) -> Response:
    """One vehicle's month: its trips day by day, events, deviations, maintenance."""
    page = vehicle_page(services, permit, vehicle, chosen)
    return draw(request, "fleet_vehicle.html", page=page, rulebook=services.rulebook)
