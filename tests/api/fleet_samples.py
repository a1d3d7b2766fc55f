"""What the access matrix asks of the routes of trips, tracks and deviations."""

from dataclasses import replace
from datetime import timedelta

from quotawatt.explanations.values import Act
from quotawatt.fleet.book import replace_within
from quotawatt.fleet.deviations_book import enter, explain
from quotawatt.fleet.deviations_kept import standing_deviations
from quotawatt.fleet.trips import Deviation, DistanceBy, Place, Trip
from quotawatt.spans import Span
from tests.api.sample import INSIDE, Sample, World, listing, over
from tests.api.scene import NOW

_V1 = "/api/v1/fleet"
START = NOW - timedelta(days=2)
_AT = START.strftime("%Y-%m-%dT%H:%M:%SZ")

TRIP = Trip(
    vehicle="CAR-2",
    start=START,
    end=START + timedelta(minutes=30),
    distance_km=20.0,
    distance_by=DistanceBy.ODOMETER,
    start_place=Place(36.6, 117.0),
    end_place=Place(36.7, 117.1),
)


def kept_trip(world: World, actor: str, where: str) -> int:
    """A trip of the vehicle there."""
    vehicle = "CAR-2" if where == INSIDE else "CAR-1"
    with world.scene.records.begin() as conn:
        whole = Span(START, NOW)
        replace_within(conn, vehicle, whole, [replace(TRIP, vehicle=vehicle)], [])
    return 1


def found(world: World, actor: str, where: str) -> int:
    """A deviation of the vehicle there, found anew; its number."""
    return _found(world, actor, where, explained=False)


def explained(world: World, actor: str, where: str) -> int:
    """One that somebody else has explained."""
    return _found(world, actor, where, explained=True)


def _found(world: World, actor: str, where: str, *, explained: bool) -> int:
    vehicle, rule = ("CAR-2" if where == INSIDE else "CAR-1"), f"test-{actor}-{explained}"
    one = Deviation(rule, vehicle, START, START + timedelta(minutes=20), unit="min", value=20.0)
    with world.scene.records.begin() as conn:
        # Gone and found again it is open, whatever was decided of it before.
        for found in ([], [one]):
            enter(conn, vehicle, Span(START, NOW), {rule}, found, NOW)
        (kept,) = [k for k in standing_deviations(conn) if k.deviation == one]
        if explained and kept.state != "explained":
            explain(conn, kept.number, Act("somebody.else", NOW, "flood control"))
    return kept.number


def _listings() -> dict[tuple[str, str], Sample]:
    names = ("trips", "events", "charging", "deviations", "positions")
    return {("GET", f"{_V1}/{name}"): listing(f"{_V1}/{name}") for name in names}


def _of_trip(more: str = "") -> Sample:
    inside, outside = (f"{_V1}/trips/{code}/{_AT}{more}" for code in ("CAR-2", "CAR-1"))
    return over(inside, outside, make=kept_trip)


_ONE = f"{_V1}/deviations/{{made}}"

FLEET_SAMPLES: dict[tuple[str, str], Sample] = {
    **_listings(),
    ("GET", f"{_V1}/trips/{{vehicle}}/{{start}}"): _of_trip(),
    ("GET", f"{_V1}/trips/{{vehicle}}/{{start}}/track"): _of_trip("/track?why=case%2017"),
    ("GET", f"{_V1}/deviations/{{number}}"): over(_ONE, _ONE, make=found),
    ("POST", f"{_V1}/deviations/{{number}}/explain"): over(
        f"{_ONE}/explain",
        f"{_ONE}/explain",
        body={"text": "flood control"},
        outside_body={"text": "flood control"},
        make=found,
    ),
    ("POST", f"{_V1}/deviations/{{number}}/decide"): over(
        f"{_ONE}/decide",
        f"{_ONE}/decide",
        body={"accept": True},
        outside_body={"accept": True},
        make=explained,
    ),
}
