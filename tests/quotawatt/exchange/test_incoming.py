"""Returns that come from platforms below."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from quotawatt.errors import InputError, StateError
from quotawatt.exchange.documents import read_return_document
from quotawatt.exchange.incoming import Receipt, receive
from quotawatt.exchange.making import return_document
from quotawatt.ledger import Ledger
from quotawatt.register.model import Organisation
from quotawatt.returns import process
from quotawatt.returns.book import Act, read_return
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import Form
from tests.quotawatt.exchange.documents import NOW, snapshot
from tests.quotawatt.returns.forms import form

ORG = Organisation("ORG-1", "局", "Bureau", "school", "city")
TODAY = date(2024, 4, 20)


def document(number: int = 1, power: float = 300.0, **changes: Any) -> dict[str, Any]:
    raw = return_document(snapshot(number), form())
    figures = [{**f, "unit": "kWh"} for f in raw["figures"]]
    figures[0]["value"] = power
    return {**raw, "figures": figures, **changes}


def take(
    conn: Connection,
    raw: dict[str, Any],
    sender: str = "below",
    on: Form | None = None,
    at: datetime = NOW,
) -> Receipt:
    act = Act(sender, at)
    return receive(conn, read_return_document(raw), on or form(), ORG, sender, act, TODAY)


def test_it_is_submitted_and_decided_on_like_any_other(records: Engine) -> None:
    with records.begin() as conn:
        receipt = take(conn, document())
        kept = read_return(conn, receipt.return_number)
        assert (kept.state, kept.sender, kept.cells["use.power"].value) == (
            "submitted", "below", 300.0,
        )  # fmt: skip
        done = process.accept(conn, kept.id, form(), ORG, Act("wang", NOW))
    assert done.issued == "small-2024-Q1-ORG-1-1"


def test_the_same_document_again_changes_nothing(records: Engine) -> None:
    with records.begin() as conn:
        first = take(conn, document())
        again = take(conn, document(), at=datetime(2024, 5, 1, tzinfo=NOW.tzinfo))
    assert again == replace(first, again=True)
    assert [e.action for e in Ledger(records).entries()] == ["return_receive"]


def test_one_number_has_one_content(records: Engine) -> None:
    with records.begin() as conn:
        take(conn, document())
        with pytest.raises(StateError, match="a correction have a number of its own"):
            take(conn, document(sha256="f" * 64))


def test_a_correction_takes_the_place_of_what_is_not_accepted(records: Engine) -> None:
    with records.begin() as conn:
        first = take(conn, document())
        second = take(conn, document(2, power=310.0))
        assert second.return_number == first.return_number
        assert read_return(conn, first.return_number).cells["use.power"].value == 310.0
        process.accept(conn, first.return_number, form(), ORG, Act("wang", NOW))
        with pytest.raises(StateError, match="for 'receive', got accepted"):
            take(conn, document(3, power=320.0))


def test_what_was_drawn_up_here_is_not_overwritten(records: Engine) -> None:
    with records.begin() as conn:
        process.fill_return(conn, form(), "ORG-1", Period(2024, 1), {}, Act("li", NOW))
        with pytest.raises(StateError, match="who sent it first, this platform, got below"):
            take(conn, document())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"form": {"id": "small", "version": "7"}}, "must be on version 1 of the form, got '7'"),
        ({"period": "2024-Q3"}, "a period must have begun, got 2024-Q3"),
        (
            {"organisation": {**snapshot().content["organisation"], "kind": "hospital"}},
            "must be that of the register, school, got 'hospital'",
        ),
    ],
)
def test_what_does_not_fit_is_refused(records: Engine, changes: dict[str, Any], said: str) -> None:
    with records.begin() as conn, pytest.raises(InputError, match=said):
        take(conn, document(**changes))
