"""What the access matrix asks of the routes of orders and of the vehicles' books."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from quotawatt.dispatch import book, duty, seals, services
from quotawatt.dispatch.carddrafting import CARD_FORM
from quotawatt.dispatch.cards import take_cards
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.dispatch.records import Seal, Service, ServiceKind
from quotawatt.hand.setting import Setting
from quotawatt.register.found import Found
from quotawatt.register.problems import Where
from quotawatt.register.rows import Row
from quotawatt.storage.fleet_tables import fuel_card_rows
from tests.api.access_world import WORLD
from tests.api.sample import INSIDE, Make, Sample, World, body_over, listing, over, shared
from tests.api.scene import NOW, ZONE

_V1 = "/api/v1/dispatch"
_FLEET = "/api/v1/fleet"
_SPAN = "from=2023-12-01&until=2024-01-01"


def _n(where: str) -> int:
    return 2 if where == INSIDE else 1


def _order(world: World, _: str, where: str) -> int:
    """An order of ORG-2 or of ORG-1 that somebody asked for, made anew."""
    wanted = Order(
        number=0,
        state=OrderState.REQUESTED,
        organisation=f"ORG-{_n(where)}",
        applicant="somebody",
        purpose="甲机关" if where != INSIDE else "errand",
        from_place="",
        to_places="archive",
        planned_start=NOW + timedelta(hours=1),
        planned_end=NOW + timedelta(hours=3),
        requested_at=NOW,
    )
    with world.scene.records.begin() as conn:
        return book.add_order(conn, wanted).number


def _duty(world: World, _: str, where: str) -> int:
    with world.scene.records.begin() as conn:
        first = NOW.date()
        code = f"CAR-{_n(where)}"
        return duty.add_duty(
            conn, code, first, first + timedelta(days=7), "holiday", "test", NOW
        ).id


def _service(world: World, _: str, where: str) -> int:
    code, kind = f"CAR-{_n(where)}", ServiceKind.REPAIR
    with world.scene.records.begin() as conn:
        return services.add_service(conn, Service(0, code, NOW.date(), kind, "test", NOW)).id


def _seal(world: World, _: str, where: str) -> int:
    """A seal on the vehicle, so that it can be taken off."""
    code = f"CAR-{_n(where)}"
    with world.scene.records.begin() as conn:
        found = seals.seal_of(conn, code)
        return (found or seals.add_seal(conn, Seal(0, code, NOW, "test"), NOW)).id


def _card(world: World, _: str, where: str) -> int:
    made: list[int] = world.__dict__.setdefault("cards", [])
    made.append(1)
    cells = {
        "vehicle": f"CAR-{_n(where)}",
        "time": datetime(2023, 6, 1, tzinfo=UTC) + timedelta(minutes=len(made)),
        "litres": 30.0,
    }
    found = Found(rows={CARD_FORM: [Row(Where("t"), cells)]})
    with world.scene.records.begin() as conn:
        take_cards(conn, found, "test", Setting(WORLD, ZONE, NOW), "")
        return int(conn.execute(select(func.max(fuel_card_rows.c.id))).scalar_one())


def _wish(n: int) -> dict[str, Any]:
    return {
        "organisation": f"ORG-{n}",
        "purpose": "errand",
        "to_places": "archive",
        "planned_start": (NOW + timedelta(hours=1)).isoformat(),
        "planned_end": (NOW + timedelta(hours=2)).isoformat(),
    }


def _foreign(n: int) -> dict[str, Any]:
    start, end = "2023-12-10 09:00", "2023-12-10 11:00"
    return {"organisation": f"ORG-{n}", "planned_start": start, "planned_end": end}


def _acted(action: str, body: dict[str, Any]) -> Sample:
    address = f"{_V1}/orders/{{made}}/{action}"
    return over(address, address, make=_order, body=body, outside_body=body)


def _of(address: str, make: Make, body: dict[str, Any] | None = None) -> Sample:
    return over(address, address, make=make, body=body, outside_body=body)


def _driver(n: int) -> dict[str, Any]:
    return {"name": "Zhao", "organisation": f"ORG-{n}"}


def _for_car(**more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"vehicle": "CAR-2", **more}, {"vehicle": "CAR-1", **more}


_SERVICE = {"day": "2023-12-01", "kind": "repair"}
_DUTY = {"first_day": "2024-02-10", "until": "2024-02-18", "reason": "holiday"}
_FILL = {"time": "2023-12-01 10:00", "litres": 30.0}

DISPATCH_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", f"{_V1}/orders"): listing(f"{_V1}/orders"),
    ("POST", f"{_V1}/orders"): body_over(f"{_V1}/orders", _wish(2), _wish(1)),
    ("GET", f"{_V1}/orders/{{number}}"): _of(f"{_V1}/orders/{{made}}", _order),
    ("POST", f"{_V1}/orders/{{number}}/approve"): _acted("approve", {"note": ""}),
    ("POST", f"{_V1}/orders/{{number}}/reject"): _acted("reject", {"note": "none free"}),
    # It takes an approved order; the permission and the reach come before.
    ("POST", f"{_V1}/orders/{{number}}/assign"): _acted(
        "assign", {"vehicle": "CAR-2", "driver": "DRV-2"}
    ),
    ("POST", f"{_V1}/orders/{{number}}/leave"): _acted("leave", {}),
    ("POST", f"{_V1}/orders/{{number}}/return"): _acted("return", {}),
    ("POST", f"{_V1}/orders/{{number}}/rate"): _acted("rate", {"rating": 5}),
    ("POST", f"{_V1}/orders/{{number}}/cancel"): _acted("cancel", {}),
    ("PUT", f"{_V1}/sources/{{source}}/orders/{{source_number}}"): over(
        f"{_V1}/sources/oa/orders/7",
        f"{_V1}/sources/oa/orders/8",
        body=_foreign(2),
        outside_body=_foreign(1),
    ),
    ("GET", f"{_V1}/matches"): over(
        f"{_V1}/matches?{_SPAN}&vehicle=CAR-2", f"{_V1}/matches?{_SPAN}&vehicle=CAR-1"
    ),
    # The same empty form for everybody; without a file an import ends there.
    ("GET", f"{_V1}/template.xlsx"): shared(f"{_V1}/template.xlsx"),
    ("POST", f"{_V1}/import"): shared(f"{_V1}/import"),
    ("GET", f"{_FLEET}/drivers"): listing(f"{_FLEET}/drivers"),
    ("PUT", f"{_FLEET}/drivers/{{code}}"): over(
        f"{_FLEET}/drivers/DRV-2",
        f"{_FLEET}/drivers/DRV-1",
        body=_driver(2),
        outside_body=_driver(1),
    ),
    ("GET", f"{_FLEET}/duty"): listing(f"{_FLEET}/duty"),
    ("POST", f"{_FLEET}/duty"): body_over(f"{_FLEET}/duty", *_for_car(**_DUTY)),
    ("POST", f"{_FLEET}/duty/{{number}}/withdraw"): _of(f"{_FLEET}/duty/{{made}}/withdraw", _duty),
    ("GET", f"{_FLEET}/seals"): listing(f"{_FLEET}/seals"),
    ("POST", f"{_FLEET}/seals"): body_over(f"{_FLEET}/seals", *_for_car()),
    ("POST", f"{_FLEET}/seals/{{vehicle}}/unseal"): over(
        f"{_FLEET}/seals/CAR-2/unseal",
        f"{_FLEET}/seals/CAR-1/unseal",
        make=_seal,
        body={},
        outside_body={},
    ),
    ("GET", f"{_FLEET}/services"): listing(f"{_FLEET}/services"),
    ("POST", f"{_FLEET}/services"): body_over(f"{_FLEET}/services", *_for_car(**_SERVICE)),
    ("POST", f"{_FLEET}/services/{{number}}/withdraw"): _of(
        f"{_FLEET}/services/{{made}}/withdraw", _service
    ),
    ("GET", f"{_FLEET}/cards"): listing(f"{_FLEET}/cards"),
    # What is wrong with a row, a vehicle out of reach included, is refused all at once.
    ("POST", f"{_FLEET}/cards"): shared(f"{_FLEET}/cards", body={"vehicle": "CAR-2", **_FILL}),
    ("POST", f"{_FLEET}/cards/import"): shared(f"{_FLEET}/cards/import"),
    ("GET", f"{_FLEET}/cards/template.xlsx"): shared(f"{_FLEET}/cards/template.xlsx"),
    ("POST", f"{_FLEET}/cards/{{number}}/remove"): _of(
        f"{_FLEET}/cards/{{made}}/remove", _card, {"note": "mistyped"}
    ),
}
