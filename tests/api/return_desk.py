"""The small world with a desk for returns: one application for a module, its returns gone after each test."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import delete

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.storage.facts import lock_fact, put_fact
from quotawatt.storage.issued_tables import issued
from quotawatt.storage.returns_tables import exchange_inbox, exchange_outbox, return_steps, returns
from tests.api.asking import answer_as, answer_as_asked
from tests.api.scene import Client, Scene, build_scene

V1 = "/api/v1/returns"
BY_HAND = {"base.gross_area": 2000, "base.people": 80, "use.water": 310, "use.electricity": 18_400}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The small world."""
    return build_scene(tmp_path_factory.mktemp("returns"))


class Desk(Client):
    """A program that carries the token, with a manager beside it."""

    def __init__(self, office: Scene) -> None:
        super().__init__(office.app, office.bearer)
        self._app = office.app

    def accept(self, number: int) -> httpx.Response:
        """The manager, who handed nothing in, accepts a return."""
        manager = Principal("wang", (Grant(Role.MANAGER, ""),))
        answer_as(self._app, manager)
        try:
            return self.post(f"{V1}/{number}/accept", json={"comment": "in order"})
        finally:
            answer_as_asked(self._app)


@pytest.fixture
def desk(office: Scene) -> Iterator[Desk]:
    """A program that carries the token."""
    yield Desk(office)
    with office.records.begin() as conn:
        for table in (returns, return_steps, issued, exchange_inbox, exchange_outbox):
            conn.execute(delete(table))
        lock_fact(conn, "exchange_queued", 0)
        put_fact(conn, "exchange_queued", 0)


def ok(answer: httpx.Response) -> Any:
    """What a request was answered, which must have gone well."""
    assert answer.is_success, answer.text
    return answer.json()


def filled(desk: Client, organisation: str = "ORG-2", period: str = "2023-Q4") -> Any:
    """A return that was just filled."""
    return ok(desk.post(f"{V1}/fill", json={"organisation": organisation, "period": period}))


def cells(detail: Any) -> dict[str, Any]:
    """The cells of a return by id."""
    return {cell["cell"]: cell for cell in detail["cells"]}


def accepted(
    desk: Desk, organisation: str = "ORG-2", period: str = "2023-Q4", **written: float
) -> Any:
    """A return, of the last quarter, what is missing written in, that was accepted."""
    made = filled(desk, organisation, period)
    number, known = made["number"], cells(made)
    missing = {name: value for name, value in BY_HAND.items() if known[name]["value"] is None}
    body = {"values": {**missing, **written}, "reason": "bills"}
    ok(desk.post(f"{V1}/{number}/cells", json=body))
    ok(desk.post(f"{V1}/{number}/submit", json={}))
    return ok(desk.accept(number))
