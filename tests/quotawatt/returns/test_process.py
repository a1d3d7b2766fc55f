"""A return from draft to snapshot and correction, in the record store."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from quotawatt.errors import InputError, NotFoundError, QuotawattError, StateError
from quotawatt.issued import issued_list, latest
from quotawatt.ledger import Ledger
from quotawatt.register.model import Organisation
from quotawatt.returns import process, states
from quotawatt.returns.book import Act, Return, move, read_return, steps_of
from quotawatt.returns.cells import UNKNOWN, Cell, form_cells
from quotawatt.returns.checks import Doubt
from quotawatt.returns.periods import Period
from tests.quotawatt.returns.forms import check, form

NOW = datetime(2024, 4, 2, tzinfo=UTC)
Q1 = Period(2024, 1)
FORM = form(check("missing"))
ORG = Organisation("ORG-1", "局", "Bureau", "school", "city")
LI, WANG = Act("li", NOW), Act("wang", NOW, "looked through")


def cells(power: float = 300.0) -> Mapping[str, Cell]:
    known = {"base.name": Cell("局"), "use.power": Cell(power)}
    return {name: known.get(name, UNKNOWN) for name, _, _, _ in form_cells(FORM, Q1)}


def filled(conn: Connection, power: float = 300.0) -> Return:
    return process.fill_return(conn, FORM, "ORG-1", Q1, cells(power), LI)


def accepted(conn: Connection) -> Return:
    kept = filled(conn)
    process.submit(conn, kept.id, [], LI)
    return process.accept(conn, kept.id, FORM, ORG, WANG)


def test_from_data_to_a_snapshot(records: Engine) -> None:
    with records.begin() as conn:
        draft = filled(conn)
        assert (draft.state, draft.due) == ("draft", date(2024, 4, 15))
        assert process.submit(conn, draft.id, [], LI).state == "submitted"
        kept = process.accept(conn, draft.id, FORM, ORG, WANG)
        snapshot = latest(conn, "small", "ORG-1", "2024-Q1")
    assert (kept.state, kept.issued) == ("accepted", "small-2024-Q1-ORG-1-1")
    assert snapshot is not None
    assert snapshot.content["figures"]["use.power"] == {
        "value": 300.0, "decimals": 0, "unit": "kWh", "quality": "measured", "coverage": 1.0,
    }  # fmt: skip
    assert snapshot.content["form"] == {"id": "small", "version": "1", "code": ""}
    assert snapshot.content["organisation"]["name_en"] == "Bureau"


def test_every_step_is_kept_and_in_the_ledger(records: Engine) -> None:
    with records.begin() as conn:
        kept = accepted(conn)
        steps = steps_of(conn, kept.id)
    assert [(s["action"], s["actor"]) for s in steps] == [
        ("fill", "li"), ("submit", "li"), ("accept", "wang"),
    ]  # fmt: skip
    book = Ledger(records)
    assert [e.action for e in book.entries()] == [
        "return_fill", "return_submit", "issued", "return_accept",
    ]  # fmt: skip
    assert book.verify() == []


def test_what_people_wrote_outlives_a_new_filling(records: Engine) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        act = Act("li", NOW, "bill of March")
        process.set_cells(conn, kept.id, FORM, {"use.water_cost": 12.345}, act)
        again = filled(conn, power=310.0)
    assert again.id == kept.id
    assert again.cells["use.power"].value == 310.0
    assert again.overrides["use.water_cost"].value == 12.345
    assert again.overrides["use.water_cost"].reason == "bill of March"


def test_a_cell_that_an_amended_form_dropped_is_dropped_and_said(records: Engine) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        process.set_cells(conn, kept.id, FORM, {"base.note": 3.0}, Act("li", NOW, "seen"))
        short = replace(FORM, version="2", sheets=FORM.sheets[1:])
        again = process.fill_return(conn, short, "ORG-1", Q1, {}, LI)
    assert (again.version, again.overrides) == ("2", {})
    ledger = Ledger(records)
    assert ledger.detail_of(ledger.entries()[-1])["dropped"] == ["base.note"]


@pytest.mark.parametrize(
    ("values", "reason", "said"),
    [
        ({"use.coal": 1.0}, "x", "a cell must be one of the form, got 'use.coal'"),
        ({"use.power": "many"}, "x", "use.power must be a number of at least 0 in kWh"),
        ({"use.power": -1.0}, "x", "got -1.0"),
        ({"use.power": float("nan")}, "x", "got nan"),
        ({"use.power": float("inf")}, "x", "got inf"),
        ({"use.power": True}, "x", "got True"),
        ({"base.name": 7.0}, "x", "base.name must be a text, got 7.0"),
        ({"use.power": 1.0}, " ", "must be written with a reason"),
        ({}, "x", "at least one cell"),
    ],
)
def test_what_is_no_value_is_refused(
    records: Engine, values: dict[str, float | str], reason: str, said: str
) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        with pytest.raises(InputError, match=said):
            process.set_cells(conn, kept.id, FORM, values, Act("li", NOW, reason))
        assert read_return(conn, kept.id).overrides == {}


def test_all_faults_come_at_once(records: Engine) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        wrong = {"a": 1.0, "use.power": -1.0}
        with pytest.raises(InputError) as caught:
            process.set_cells(conn, kept.id, FORM, wrong, Act("li", NOW))
    assert len(str(caught.value).splitlines()) == 3


def test_what_was_written_can_be_taken_back(records: Engine) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        process.set_cells(conn, kept.id, FORM, {"use.power": 1.0}, Act("li", NOW, "slip"))
        cleared = process.clear_cells(conn, kept.id, ["use.power"], LI)
        assert cleared.overrides == {}
        with pytest.raises(InputError, match=r"must have been written over, got use\.power"):
            process.clear_cells(conn, kept.id, ["use.power"], LI)


def test_a_check_that_blocks_stops_it(records: Engine) -> None:
    doubt = Doubt(FORM.checks[0], "use.power")
    with records.begin() as conn:
        kept = filled(conn)
        with pytest.raises(InputError, match=r"use\.power: check 'missing' must hold, got nothing"):
            process.submit(conn, kept.id, [doubt], LI)
        assert read_return(conn, kept.id).state == "draft"
        mild = Doubt(replace(FORM.checks[0], blocks=False), "use.power")
        assert process.submit(conn, kept.id, [mild], LI).state == "submitted"


def test_handing_in_twice_does_nothing_twice(records: Engine) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        first = process.submit(conn, kept.id, [], LI)
        second = process.submit(conn, kept.id, [], Act("wang", datetime(2024, 5, 1, tzinfo=UTC)))
        assert second == first
        assert [s["action"] for s in steps_of(conn, kept.id)] == ["fill", "submit"]
    assert len(Ledger(records).entries()) == 2


def test_sent_back_with_a_comment_and_handed_in_again(records: Engine) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        process.submit(conn, kept.id, [], LI)
        with pytest.raises(InputError, match="with a comment, got none"):
            process.send_back(conn, kept.id, Act("wang", NOW))
        back = process.send_back(conn, kept.id, Act("wang", NOW, "water is missing"))
        assert (back.state, back.comment, back.submitted_at) == (
            "sent_back", "water is missing", None,
        )  # fmt: skip
        assert process.submit(conn, kept.id, [], LI).state == "submitted"


def test_a_correction_is_another_snapshot_and_the_first_stays(records: Engine) -> None:
    with records.begin() as conn:
        kept = accepted(conn)
        process.reopen(conn, kept.id, Act("wang", NOW, "late bill"))
        filled(conn, power=333.0)
        process.submit(conn, kept.id, [], LI)
        again = process.accept(conn, kept.id, FORM, ORG, WANG)
        second, first = issued_list(conn, "small")
    assert again.issued == second.number == "small-2024-Q1-ORG-1-2"
    assert second.corrects == first.number
    assert first.content["figures"]["use.power"]["value"] == 300.0
    assert second.content["figures"]["use.power"]["value"] == 333.0


def test_reopened_and_unchanged_it_keeps_its_snapshot(records: Engine) -> None:
    with records.begin() as conn:
        kept = accepted(conn)
        process.reopen(conn, kept.id, Act("wang", NOW, "to be sure"))
        process.submit(conn, kept.id, [], LI)
        again = process.accept(conn, kept.id, FORM, ORG, WANG)
        assert again.issued == kept.issued
        assert len(issued_list(conn)) == 1


def test_a_return_on_a_form_of_yesterday_is_filled_anew() -> None:
    kept = Return(
        1, "small", "1", "ORG-1", Q1, "draft", date(2024, 4, 15), {}, {}, "", None, None, "", None,
        "", "", "",
    )  # fmt: skip
    process.require_form(kept, FORM)
    with pytest.raises(StateError, match="the form in force, 2, and be filled anew, got 1"):
        process.require_form(kept, replace(FORM, version="2"))


def test_it_is_overdue_from_the_day_after_until_it_is_in(records: Engine) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        assert [kept.overdue(date(2024, 4, day)) for day in (15, 16)] == [False, True]
        done = process.submit(conn, kept.id, [], LI)
    assert not done.overdue(date(2024, 4, 16))


@pytest.mark.parametrize("again", ["li", "cli:li", "li/token", "zhao"])
def test_who_handed_it_in_or_wrote_in_it_does_not_accept_it(records: Engine, again: str) -> None:
    with records.begin() as conn:
        kept = filled(conn)
        process.set_cells(conn, kept.id, FORM, {"base.note": 1.0}, Act("zhao", NOW, "bill"))
        process.submit(conn, kept.id, [], LI)
        with pytest.raises(StateError, match=f"nor wrote in it, got {again}"):
            process.accept(conn, kept.id, FORM, ORG, Act(again, NOW))
        assert process.accept(conn, kept.id, FORM, ORG, WANG).state == "accepted"


def test_an_unknown_number_is_not_found(records: Engine) -> None:
    with records.connect() as conn, pytest.raises(NotFoundError, match="by its number, got 9"):
        read_return(conn, 9)


def _do(conn: Connection, number: int, action: str) -> None:
    said = Act("li", NOW, "because")
    if action == states.FILL:
        filled(conn)
    elif action == states.SET:
        process.set_cells(conn, number, FORM, {"base.note": 1.0}, said)
    elif action == states.SUBMIT:
        process.submit(conn, number, [], said)
    elif action == states.SEND_BACK:
        process.send_back(conn, number, said)
    elif action == states.ACCEPT:
        process.accept(conn, number, FORM, ORG, WANG)
    elif action == states.REOPEN:
        process.reopen(conn, number, said)
    else:
        move(conn, read_return(conn, number), states.RECEIVE, said, {})


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(states.ACTIONS), max_size=8))
def test_whatever_is_tried_it_moves_as_the_table_says(records: Engine, tried: list[str]) -> None:
    with records.connect() as conn, conn.begin() as whole:
        kept = filled(conn)
        for action in tried:
            before = read_return(conn, kept.id).state
            expected = states.MOVES.get((before, action), before)
            try:
                _do(conn, kept.id, action)
            except QuotawattError:
                assert (before, action) not in states.MOVES
            assert read_return(conn, kept.id).state == expected
        whole.rollback()
