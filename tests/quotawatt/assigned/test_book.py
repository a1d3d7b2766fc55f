"""Versions in the record store: added whole or not at all, told to the ledger, in force by their days."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from quotawatt.assigned.book import (
    add_versions,
    assigned_targets,
    month_budgets_set,
    problems_of,
    quota_revisions,
)
from quotawatt.assigned.values import in_force
from quotawatt.assigned.wishes import Wish
from quotawatt.errors import RegisterError
from quotawatt.ledger import Ledger
from tests.quotawatt.assigned.world import AT, months, revision, setting, target

ANYONE = setting(everywhere=True)
JUNE = date(2026, 6, 1)


def add(records: Engine, *wishes: Wish) -> None:
    with records.begin() as conn:
        add_versions(conn, wishes, ANYONE, "manager", AT)


def revised(amount: float, day: date = JUNE, **changes: object) -> Wish:
    return target("EDU", amount, effective_from=day, note="a hall was opened", **changes)


def test_a_target_counts_from_new_year_until_its_next_version(records: Engine) -> None:
    add(records, target("EDU", 100.0), target("TAX", 50.0))
    add(records, revised(120.0))
    with records.connect() as conn:
        known = assigned_targets(conn, 2026)
        assert assigned_targets(conn, 2025) == []
    assert [(t.asset, t.version, t.amount) for t in known] == [
        ("EDU", 1, 100.0),
        ("EDU", 2, 120.0),
        ("TAX", 1, 50.0),
    ]
    assert known[0].effective_from == date(2026, 1, 1)
    assert known[0].account == "assigned-electricity_kwh"
    assert (known[1].decision.note, known[1].decision.entered_by) == (
        "a hall was opened",
        "manager",
    )
    assert [t.amount for t in in_force(known, date(2026, 5, 31))] == [100.0, 50.0]
    assert [t.amount for t in in_force(known, JUNE)] == [120.0, 50.0]
    assert in_force(known, date(2025, 12, 31)) == []


def test_a_target_that_is_lifted_counts_no_more(records: Engine) -> None:
    add(records, target("EDU", 100.0))
    add(records, revised(1.0, lifted=True))
    with records.connect() as conn:
        known = assigned_targets(conn, 2026)
    assert [t.amount for t in known] == [100.0, 100.0]
    assert [len(in_force(known, day)) for day in (date(2026, 5, 31), JUNE)] == [1, 0]


def test_revised_quotas_and_months_are_kept_beside(records: Engine) -> None:
    add(records, revision(80.0), months(*range(1, 13)))
    with records.connect() as conn:
        (revised_quota,) = quota_revisions(conn, 2026)
        (set_months,) = month_budgets_set(conn, 2026)
        assert assigned_targets(conn, 2026) == []
    assert (revised_quota.key, revised_quota.value) == (("B-EDU", "q-1", 2026), 80.0)
    assert set_months.months == tuple(range(1, 13))


def test_every_version_is_in_the_ledger(records: Engine) -> None:
    add(records, target("EDU", 100.0))
    add(records, revised(120.0))
    first, second = Ledger(records).entries()
    assert (first.action, first.subject, first.actor) == ("target_assigned", "EDU", "manager")
    detail = Ledger(records).detail_of(second)
    assert detail["before"] == {"amounts": [100.0], "effective_from": "2026-01-01"}
    assert detail["after"] == {"amounts": [120.0], "effective_from": "2026-06-01"}
    assert (detail["note"], detail["rule"]) == ("a hall was opened", "2026-12")
    assert Ledger(records).verify() == []


def rules(records: Engine, *wishes: Wish) -> list[tuple[str, str]]:
    with records.connect() as conn:
        found = problems_of(conn, wishes, ANYONE)
    return [(problem.where.column, problem.rule.code) for problem in found]


def test_a_version_needs_a_later_day_and_a_reason(records: Engine) -> None:
    add(records, target("EDU", 100.0))
    add(records, revised(120.0))
    assert rules(records, revised(130.0)) == [("effective_from", "effective_from_later")]
    same_day_without_reason = replace(revised(130.0, date(2026, 7, 1)), note=" ")
    assert rules(records, same_day_without_reason) == [("note", "reason")]
    assert rules(records, target("EDU", 130.0)) == [
        ("effective_from", "effective_from_missing"),
        ("note", "reason"),
    ]


def test_what_others_assigned_is_revised_by_whoever_reaches_them(records: Engine) -> None:
    add(records, target("OFFICE", 100.0), target("EDU", 500.0, assigner=""))
    looser = target("OFFICE", 900.0, assigner="EDU", effective_from=JUNE, note="more")
    whole = target("EDU", 900.0, effective_from=JUNE, note="more")
    with records.connect() as conn:
        of_edu = problems_of(conn, [looser], setting("EDU", "OFFICE"))
        of_city = problems_of(conn, [looser, whole], setting("CITY", "EDU", "OFFICE"))
    assert "must be within reach of CITY" in str(of_edu[0])
    assert "由 CITY 下达" in of_edu[0].text("zh")
    assert "must be within reach of one outside the register" in str(of_city[0])
    assert (len(of_edu), len(of_city)) == (1, 1)
    add(records, replace(revised(1.0, lifted=True), asset="OFFICE"))
    again = replace(looser, effective_from=date(2026, 7, 1))
    with records.connect() as conn:  # what is lifted is nobody's any more
        assert problems_of(conn, [again], setting("EDU", "OFFICE")) == []


def test_nothing_is_added_where_one_is_wrong(records: Engine) -> None:
    with pytest.raises(RegisterError) as refused:
        add(records, target("EDU", 100.0), target("NOBODY", 1.0), target("TAX", -1.0))
    assert [p.split(",")[0].strip() for p in refused.value.problems] == [
        "asset: must be a code of the register",
        "amount: must be a number above 0",
    ]
    with records.connect() as conn:
        assert assigned_targets(conn, 2026) == []
    assert Ledger(records).entries() == []


def test_one_call_sets_one_thing_once(records: Engine) -> None:
    assert rules(records, target("EDU", 1.0), target("EDU", 2.0)) == [("asset", "twice")]


def test_only_what_stands_is_lifted(records: Engine) -> None:
    gone = replace(target("EDU", 1.0), lifted=True, note="by mistake")
    assert rules(records, gone) == [("asset", "nothing_to_lift")]
    add(records, target("EDU", 100.0))
    add(records, revised(1.0, lifted=True))
    again = revised(1.0, date(2026, 7, 1), lifted=True)
    assert rules(records, again) == [("asset", "nothing_to_lift")]
