"""The pool in the record store, on both databases: every deed with its ledger entry and its register."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, select

from quotawatt.errors import InputError, NotFoundError, QuotawattError, StateError
from quotawatt.ledger import Ledger
from quotawatt.register import pool
from quotawatt.register.model import Register
from quotawatt.register.pool import Terms
from quotawatt.register.pool_book import offered_assets, read_offer, requests_of, steps_of
from quotawatt.register.repository import load_register, save_register
from quotawatt.register.rows import records_of
from quotawatt.storage.pool_tables import pool_offers
from tests.quotawatt.register.pool_world import AT, DAY, FOR_GOOD, LENT, WORLD, act


@pytest.fixture
def stored(records: Engine) -> Engine:
    save_register(records, WORLD, "test", AT)
    return records


def ask(stored: Engine, offer: int, organisation: str) -> int:
    return int(pool.ask_for(stored, WORLD, offer, organisation, "", act())["id"])


def reserved(stored: Engine, terms: Terms = LENT, asset: str = "P-1") -> int:
    """An offer of A that B's request was accepted for."""
    offer = int(pool.offer_asset(stored, WORLD, asset, terms, act())["id"])
    pool.decide(stored, ask(stored, offer, "B"), True, act())
    return offer


def holder_on(stored: Engine, code: str, day: date) -> str | None:
    return load_register(stored).as_of(day).organisation_of(code)


def test_a_loan_from_offer_to_return_with_register_and_ledger(stored: Engine) -> None:
    offer = reserved(stored)
    pool.hand_over(stored, offer, act("giver", "完好"))
    assert holder_on(stored, "P-1", date(2024, 3, 3)) == "A"
    lent = load_register(stored).equipment["P-1"]
    assert (lent.organisation, lent.status, lent.building, lent.space) == (
        "B",
        "in_use",
        None,
        None,
    )
    pool.receive(stored, offer, act("taker", "有划痕"))
    back = pool.give_back(stored, offer, act("giver", day=date(2024, 6, 3)))
    assert (back["state"], back["open_asset"]) == ("returned", None)
    held = [holder_on(stored, "P-1", day) for day in (DAY, date(2024, 6, 2), date(2024, 6, 3))]
    assert held == ["B", "B", "A"]
    home = load_register(stored).equipment["P-1"]
    assert (home.status, home.building, home.space) == ("idle", "BLD-A", "R-2")
    with stored.connect() as conn:
        steps = steps_of(conn, offer)
        (request,) = requests_of(conn, offer)
    assert [s["action"] for s in steps] == [
        "offer", "request", "accept", "hand_over", "receive", "return",
    ]  # fmt: skip
    assert (steps[4]["actor"], steps[4]["organisation"], steps[4]["note"]) == (
        "taker",
        "B",
        "有划痕",
    )
    assert request["state"] == "fulfilled"
    entries = [e for e in Ledger(stored).entries() if e.subject == "P-1"]
    assert [e.action for e in entries] == [
        "pool_offered", "pool_requested", "pool_request_accepted",
        "asset_transferred", "pool_handed_over", "pool_received",
        "asset_transferred", "pool_returned",
    ]  # fmt: skip
    handed = json.loads(entries[4].detail)
    assert handed["before"] == {"state": "reserved", "taker": "B"}
    assert handed["after"] == {"state": "handed_over", "taker": "B"}
    assert Ledger(stored).verify() == []


def test_what_is_passed_on_for_good_is_closed_when_it_is_received(stored: Engine) -> None:
    offer = reserved(stored, FOR_GOOD)
    pool.hand_over(stored, offer, act())
    closed = pool.receive(stored, offer, act())
    assert (closed["state"], closed["open_asset"]) == ("received", None)
    with pytest.raises(StateError, match="only what was lent"):
        pool.give_back(stored, offer, act())
    with stored.connect() as conn:
        assert offered_assets(conn) == frozenset()


def test_a_room_goes_without_its_people(stored: Engine) -> None:
    offer = reserved(stored, asset="R-2")
    pool.hand_over(stored, offer, act())
    room = load_register(stored).spaces["R-2"]
    assert (room.organisation, room.building, room.post, room.occupants) == ("B", "BLD-A", "", None)
    pool.receive(stored, offer, act())
    pool.give_back(stored, offer, act(day=date(2024, 5, 1)))
    room = load_register(stored).spaces["R-2"]
    assert (room.organisation, room.post, room.occupants) == (None, "staff", 3)
    assert holder_on(stored, "R-2", date(2024, 5, 1)) == "A"


def test_a_vehicle_goes_without_its_home_and_comes_back_to_it(stored: Engine) -> None:
    offer = reserved(stored, asset="V-1")
    pool.hand_over(stored, offer, act())
    lent = load_register(stored).vehicles["V-1"]
    assert (lent.organisation, lent.home_site, lent.driver_pool) == ("B", None, "")
    assert lent.status == "in_use"
    pool.receive(stored, offer, act())
    pool.give_back(stored, offer, act(day=date(2024, 5, 1)))
    home = load_register(stored).vehicles["V-1"]
    assert (home.organisation, home.home_site, home.driver_pool) == ("A", "SITE", "day shift")
    assert home.status == "idle"


def test_an_asset_is_offered_once_at_a_time(stored: Engine) -> None:
    offer = pool.offer_asset(stored, WORLD, "P-1", LENT, act())["id"]
    with pytest.raises(StateError, match="once at a time, got P-1"):
        pool.offer_asset(stored, WORLD, "P-1", LENT, act())
    pool.withdraw_offer(stored, offer, act())
    assert pool.offer_asset(stored, WORLD, "P-1", LENT, act())["id"] != offer


@pytest.mark.parametrize(
    ("code", "terms", "error", "words"),
    [
        ("P-9", LENT, NotFoundError, "got 'P-9'"),
        ("BLD-A", LENT, InputError, "equipment or a room, got BLD-A"),
        ("X-1", LENT, InputError, "X-1 which is disposed"),
        ("P-1", Terms("rent"), InputError, "got 'rent'"),
        ("P-1", Terms("transfer", date(2025, 1, 1)), InputError, "lend_until is for what is lent"),
        ("P-1", Terms("lend", date(2024, 3, 1)), InputError, "must lie ahead, got 2024-03-01"),
    ],
)
def test_what_cannot_be_offered(
    stored: Engine, code: str, terms: Terms, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        pool.offer_asset(stored, WORLD, code, terms, act())
    with stored.connect() as conn:
        assert conn.execute(select(pool_offers.c.id)).all() == []


def test_who_may_not_ask(stored: Engine) -> None:
    offer = pool.offer_asset(stored, WORLD, "P-1", LENT, act())["id"]
    with pytest.raises(StateError, match="its own, got A"):
        ask(stored, offer, "A")
    with pytest.raises(NotFoundError, match="got 'Z'"):
        ask(stored, offer, "Z")
    first = ask(stored, offer, "B")
    with pytest.raises(StateError, match="once for an offer, got B again"):
        ask(stored, offer, "B")
    pool.take_back(stored, first, act())
    assert ask(stored, offer, "B") != first
    with pytest.raises(NotFoundError, match="got 99"):
        ask(stored, 99, "B")


def test_another_waits_and_lapses_only_when_it_is_gone(stored: Engine) -> None:
    offer = pool.offer_asset(stored, WORLD, "P-1", LENT, act())["id"]
    first, second = ask(stored, offer, "B"), ask(stored, offer, "C")
    pool.decide(stored, first, True, act())
    with pytest.raises(StateError, match="offered for 'accept', got reserved"):
        pool.decide(stored, second, True, act())
    pool.take_back(stored, first, act(note="不再需要"))
    pool.decide(stored, second, True, act())
    third = ask(stored, offer, "TOP")
    pool.hand_over(stored, offer, act())
    with stored.connect() as conn:
        states = {r["id"]: r["state"] for r in requests_of(conn, offer)}
        assert read_offer(conn, offer)["taker"] == "C"
    assert states == {first: "taken_back", second: "accepted", third: "lapsed"}


def test_declining_what_was_accepted_frees_the_offer(stored: Engine) -> None:
    offer = reserved(stored)
    with stored.connect() as conn:
        (request,) = requests_of(conn, offer)
    declined = pool.decide(stored, request["id"], False, act(note="另有急用"))
    assert (declined["state"], declined["reason"]) == ("declined", "另有急用")
    with stored.connect() as conn:
        assert (read_offer(conn, offer)["state"], read_offer(conn, offer)["taker"]) == (
            "offered",
            None,
        )


def test_a_deed_out_of_turn_changes_nothing(stored: Engine) -> None:
    offer = pool.offer_asset(stored, WORLD, "P-1", LENT, act())["id"]
    before = Ledger(stored).head()
    for deed in (pool.hand_over, pool.receive, pool.give_back):
        with pytest.raises(StateError, match="got offered"):
            deed(stored, offer, act())
    assert Ledger(stored).head() == before


def test_an_asset_that_has_gone_elsewhere_is_not_handed_over(stored: Engine) -> None:
    offer = reserved(stored)
    pieces = [e for e in WORLD.equipment.values() if e.code != "P-1"]
    gone = replace(WORLD.equipment["P-1"], organisation="C")
    kinds: dict[str, Any] = {**records_of(WORLD), "equipment": [*pieces, gone]}
    other = Register(**kinds)
    save_register(stored, other, "test", AT)
    with pytest.raises(StateError, match="P-1 must be held by A to be handed over, got C"):
        pool.hand_over(stored, offer, act())
    with stored.connect() as conn:
        assert read_offer(conn, offer)["state"] == "reserved"
        assert [s["action"] for s in steps_of(conn, offer)][-1] == "accept"


def test_of_two_requests_accepted_at_once_one_wins(stored: Engine) -> None:
    offer = pool.offer_asset(stored, WORLD, "P-1", LENT, act())["id"]
    asked = [ask(stored, offer, organisation) for organisation in ("B", "C", "TOP")]
    outcome = at_once([partial(pool.decide, stored, n, True, act()) for n in asked])
    assert sorted(outcome) == ["StateError", "StateError", "done"]
    with stored.connect() as conn:
        states = [r["state"] for r in requests_of(conn, offer)]
    assert sorted(states) == ["accepted", "asked", "asked"]


def test_of_two_offers_of_one_asset_at_once_one_stands(stored: Engine) -> None:
    deeds = [lambda: pool.offer_asset(stored, WORLD, "P-1", LENT, act())] * 3
    assert sorted(at_once(deeds)) == ["StateError", "StateError", "done"]


def at_once(deeds: Sequence[Callable[[], object]]) -> list[str]:
    """Start the deeds together; ``done``, or the name of what each raised."""
    barrier = threading.Barrier(len(deeds))
    outcome: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            deed()
            outcome.append("done")
        except QuotawattError as error:
            outcome.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome
