"""What the access matrix asks of the pages of vehicles and dispatch."""

from datetime import UTC, datetime, timedelta

from quotawatt.explanations.values import Act
from quotawatt.fleet import deviations_book, deviations_kept
from quotawatt.fleet.book import replace_within
from quotawatt.fleet.trips import Deviation, DistanceBy, Place, Trip
from quotawatt.spans import Span
from tests.api.dispatch_samples import _order as make_order
from tests.api.sample import INSIDE, Sample, World, listing, over, shared
from tests.api.scene import NOW

TRIP_START = datetime(2023, 12, 12, 11, 0, tzinfo=UTC)
_PATH = "2023-12-12T11:00:00Z"
_RULE = "vehicle-no-order"


def trip_of(code: str) -> Trip:
    """A trip of half an hour and 15 km."""
    return Trip(
        vehicle=code,
        start=TRIP_START,
        end=TRIP_START + timedelta(minutes=30),
        distance_km=15.0,
        distance_by=DistanceBy.ODOMETER,
        odometer_start_km=1000.0,
        odometer_end_km=1015.0,
        gnss_km=14.8,
        start_place=Place(36.2, 117.1),
        end_place=Place(36.25, 117.1),
        max_speed_kmh=52.0,
        fuel_l=1.5,
        coverage=1.0,
        messages=61,
    )


def _trip(world: World, _: str, where: str) -> int:
    code = _car(where)
    around = Span(TRIP_START, TRIP_START + timedelta(hours=1))
    with world.scene.records.begin() as conn:
        replace_within(conn, code, around, [trip_of(code)], [])
    return 0


def _open(world: World, _: str, where: str) -> int:
    """A deviation that nobody explained yet, made anew."""
    made: list[int] = world.__dict__.setdefault("deviations", [])
    made.append(1)
    start = NOW - timedelta(days=20) + timedelta(minutes=len(made))
    code = _car(where)
    one = Deviation(_RULE, code, start, start + timedelta(minutes=30))
    with world.scene.records.begin() as conn:
        span = Span(start, start + timedelta(seconds=1))
        deviations_book.enter(conn, code, span, [_RULE], [one], NOW)
        (kept,) = deviations_kept.deviations_within(conn, span, [code])
    return kept.number


def _explained(world: World, name: str, where: str) -> int:
    number = _open(world, name, where)
    with world.scene.records.begin() as conn:
        deviations_book.explain(conn, number, Act("somebody", NOW, "errand"))
    return number


def _car(where: str) -> str:
    return "CAR-2" if where == INSIDE else "CAR-1"


def _acted(verb: str, **form: str) -> Sample:
    address = f"/dispatch/{{made}}/{verb}"
    return over(address, address, make=make_order, form=form, outside_form=form)


_DEVIATION = "/fleet/deviations/{made}"

FLEET_PAGE_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", "/fleet"): listing("/fleet?month=2023-12"),
    ("GET", "/fleet/deviations"): listing("/fleet/deviations"),
    ("GET", "/fleet/{vehicle}"): over("/fleet/CAR-2", "/fleet/CAR-1"),
    ("GET", "/fleet/{vehicle}/trips/{start}"): over(
        f"/fleet/CAR-2/trips/{_PATH}", f"/fleet/CAR-1/trips/{_PATH}", make=_trip
    ),
    ("POST", "/fleet/deviations/{number}/explain"): over(
        f"{_DEVIATION}/explain",
        f"{_DEVIATION}/explain",
        make=_open,
        form={"explanation": "errand"},
        outside_form={"explanation": "errand"},
    ),
    ("POST", "/fleet/deviations/{number}/decide"): over(
        f"{_DEVIATION}/decide",
        f"{_DEVIATION}/decide",
        make=_explained,
        form={"decision": "accept"},
        outside_form={"decision": "accept"},
    ),
    ("GET", "/dispatch"): listing("/dispatch?view=all"),
    ("GET", "/dispatch/new"): shared("/dispatch/new"),
    # Without its fields an order is refused with the form.
    ("POST", "/dispatch"): shared("/dispatch", form={}),
    ("GET", "/dispatch/{number}"): over("/dispatch/{made}", "/dispatch/{made}", make=make_order),
    ("POST", "/dispatch/{number}/approve"): _acted("approve", note=""),
    ("POST", "/dispatch/{number}/reject"): _acted("reject", note="none free"),
    ("POST", "/dispatch/{number}/assign"): _acted("assign", vehicle="CAR-2", driver="DRV-2"),
    ("POST", "/dispatch/{number}/leave"): _acted("leave"),
    ("POST", "/dispatch/{number}/return"): _acted("return"),
    ("POST", "/dispatch/{number}/rate"): _acted("rate", rating="5"),
    ("POST", "/dispatch/{number}/cancel"): _acted("cancel"),
}
