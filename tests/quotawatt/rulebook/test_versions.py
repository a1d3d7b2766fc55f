"""What was in force when: periods of entries, versions, instruments that supersede others."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.difference import differences, plain_book
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook, Tier
from quotawatt.rulebook.versions import Version
from tests.quotawatt.rulebook.test_loader import GOOD, INSTRUMENT, RULE, pack, problems_of

NEW = (
    INSTRUMENT.replace("local-1", "local-2")
    .replace("effective_from: 2020-01-01", "effective_from: 2024-01-01")
    .replace("DBXX/T 1", "DBXX/T 2")
    + "    supersedes:\n      - {instrument: local-1, from: 2024-01-01}\n"
)
"""A standard that ends the one of GOOD."""

NEW_FACTORS_AND_QUOTA = (
    GOOD.removeprefix(INSTRUMENT).split("indicators:")[0].replace("local-1", "local-2")
    + "quotas:"
    + GOOD.split("quotas:")[1]
    .split("rules:")[0]
    .replace("local-1", "local-2")
    .replace("20,", "18,")
)


def book_of(folder: Path, *texts: str) -> Rulebook:
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        pack(folder, text, f"pack-{number}.yaml")
    return load_rulebook([folder], builtin=False)


def test_one_file_amends_the_law_and_the_past_is_judged_by_the_old(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD, NEW + NEW_FACTORS_AND_QUOTA)
    before, after = book.as_of(date(2023, 12, 31)), book.as_of(date(2024, 1, 1))
    assert before.quotas["local-quota"].tiers[Tier.CONSTRAINT] == 20
    assert after.quotas["local-quota"].tiers[Tier.CONSTRAINT] == 18
    assert book.quotas["local-quota"].tiers[Tier.CONSTRAINT] == 18  # the newest
    assert list(before.instruments) == ["local-1"]
    assert list(after.instruments) == ["local-2"]
    # What cited the old one and was not given anew ended with it.
    assert (list(before.rules), list(after.rules)) == (["local-rule"], [])
    # Before the law was in force nothing of it was.
    assert not book.as_of(date(2019, 12, 31)).quotas
    assert book.instruments["local-1"].superseded_by == "local-2"
    assert book.instruments["local-1"].effective_until == date(2024, 1, 1)


def test_versions_of_an_entry_say_when_they_hold(tmp_path: Path) -> None:
    second = RULE.replace("above: 100", "above: 90")
    text = GOOD.replace("above: 100", "above: 100\n    effective_until: 2023-01-01")
    book = book_of(
        tmp_path, text, second.replace("for: 3d", "for: 3d\n    effective_from: 2023-01-01")
    )
    assert book.as_of(date(2022, 12, 31)).rules["local-rule"].threshold == 100
    assert book.as_of(date(2023, 1, 1)).rules["local-rule"].threshold == 90
    listed = book.versions["rules"]["local-rule"]
    assert [(v.effective_from, v.effective_until) for v in listed] == [
        (date(2020, 1, 1), date(2023, 1, 1)),  # from when the law is in force
        (date(2023, 1, 1), None),
    ]
    assert listed[1].place.endswith("pack-1.yaml:2")


def test_versions_that_overlap_are_named_with_both_places(tmp_path: Path) -> None:
    again = RULE.replace("for: 3d", "for: 3d\n    effective_from: 2023-01-01")
    problems = problems_of(tmp_path, GOOD + again.replace("rules:\n", ""))
    first = GOOD[: GOOD.index("  - id: local-rule")].count("\n") + 1
    last = (GOOD).count("\n") + 1
    assert problems == [
        f"local.yaml:{last}: an id must be given once, or for times that do not overlap, "
        f"got local-rule again (first: {tmp_path}/local.yaml:{first})"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "instrument: local-1, from",
            "instrument: local-9, from",
            "supersedes must name an instrument of the rulebook, got local-9",
        ),
        (
            "instrument: local-1, from",
            "instrument: local-2, from",
            "instruments must not supersede in a circle, got local-2",
        ),
        (
            "local-1, from: 2024-01-01",
            "local-1, from: 2019-01-01",
            "supersedes must begin after the instrument that it ends, got local-1 from 2019-01-01",
        ),
        (
            "local-1, from: 2024-01-01",
            "local-1, from: 2023-07-01",
            "an instrument must not supersede another before it is in force itself, got local-1 from "
            "2023-07-01 (in force from 2024-01-01)",
        ),
        ("local-1, from: 2024-01-01", "local-1, from: soon", "from must be a date YYYY-MM-DD"),
        ("local-1, from: 2024-01-01", "local-1, from: null", "from must be a date YYYY-MM-DD"),
        ("{instrument: local-1, from: 2024-01-01}", "local-1", "must be a mapping, got 'local-1'"),
    ],
)
def test_supersessions_that_cannot_be_are_load_errors(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in NEW
    problems = problems_of(
        tmp_path, INSTRUMENT + NEW.replace(old, new).removeprefix("instruments:\n")
    )
    assert any(expected in problem for problem in problems), problems


def test_two_that_supersede_each_other_are_a_circle(tmp_path: Path) -> None:
    back = "    supersedes: [{instrument: local-2, from: 2025-01-01}]\n"
    problems = problems_of(tmp_path, INSTRUMENT + back + NEW.removeprefix("instruments:\n"))
    assert [p.partition(": ")[2] for p in problems] == [
        "instruments must not supersede in a circle, got local-1",
        "instruments must not supersede in a circle, got local-2",
    ]


@pytest.mark.parametrize("name", ["effective_from", "effective_until"])
def test_dates_of_entries_are_checked_like_those_of_instruments(tmp_path: Path, name: str) -> None:
    problems = problems_of(tmp_path, GOOD.replace("for: 3d", f"for: 3d\n    {name}: 2024-13-01"))
    assert any(f"{name} must be a date YYYY-MM-DD or null" in p for p in problems), problems


def test_dates_that_run_backwards_are_refused(tmp_path: Path) -> None:
    days = "for: 3d\n    effective_from: 2024-01-01\n    effective_until: 2023-01-01"
    problems = problems_of(tmp_path, GOOD.replace("for: 3d", days))
    assert any(
        "effective_until must be after effective_from, got 2023-01-01" in p for p in problems
    )


def test_a_day_given_twice_is_refused(tmp_path: Path) -> None:
    days = "for: 3d\n    effective_from: 2024-01-01\n    effective_from: 2023-01-01"
    problems = problems_of(tmp_path, GOOD.replace("for: 3d", days))
    assert any("an entry must have each key once, got effective_from" in p for p in problems), (
        problems
    )


def test_a_quota_outlives_no_factor_set(tmp_path: Path) -> None:
    text = GOOD.replace(
        "    electricity_basis", "    effective_until: 2022-01-01\n    electricity_basis"
    )
    problems = problems_of(tmp_path, text)
    assert any(
        "the factor set of a quota must be in force as long as the quota, "
        "got local-factors until 2022-01-01" in p
        for p in problems
    ), problems


def test_a_clause_must_be_there_as_long_as_it_is_cited(tmp_path: Path) -> None:
    later = (
        INSTRUMENT.removeprefix("instruments:\n")
        .replace("effective_from: 2020-01-01", "effective_from: 2022-01-01")
        .replace("number: 4,", "number: 5,")
    )
    ended = INSTRUMENT.replace("effective_until: null", "effective_until: 2022-01-01")
    problems = problems_of(tmp_path, ended + later + GOOD.removeprefix(INSTRUMENT))
    assert len([p for p in problems if "a citation must name a clause" in p]) == 3


def test_grid_factors_stay_whatever_the_day_and_so_does_what_they_cite(tmp_path: Path) -> None:
    table = (
        "grid_factors:\n"
        "  - year: 2018\n"
        '    cites: {instrument: local-1, clause: "4"}\n'
        "    kgco2_per_kwh:\n"
        "      north: {value: 0.5, trust: unverified}\n"
    )
    book = book_of(tmp_path, INSTRUMENT + table).as_of(date(2019, 1, 1))
    factor = book.grid_factor("north", 2018)
    assert book.clause(factor.cites)[0].id == "local-1"


def test_a_book_made_by_hand_holds_at_all_times() -> None:
    book = Rulebook()
    assert book.as_of(date(1999, 1, 1)) is book


def test_a_snapshot_is_made_once_and_is_the_same_again(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD, NEW + NEW_FACTORS_AND_QUOTA)
    snapshot = book.as_of(date(2022, 5, 1))
    assert book.as_of(date(2021, 5, 1)) is snapshot
    assert snapshot.as_of(date(2022, 5, 1)).quotas == snapshot.quotas
    with pytest.raises(NotFoundError):
        snapshot.clause(book.quotas["local-quota"].cites)


DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@given(edges=st.lists(DAYS, min_size=1, max_size=6, unique=True), day=DAYS)
def test_of_versions_end_to_end_exactly_one_holds(edges: list[date], day: date) -> None:
    ordered = sorted(edges)
    bounds = [None, *ordered, None]
    versions = [
        Version(number, bounds[number], bounds[number + 1], "x:1")
        for number in range(len(ordered) + 1)
    ]
    book = Rulebook(versions={"rules": {"r": versions}})
    held = [v.value for v in versions if v.in_force(day)]
    assert [book.as_of(day).rules["r"]] == held


def test_differences_name_older_versions_by_the_day_they_ended(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD, NEW + NEW_FACTORS_AND_QUOTA)
    assert set(plain_book(book)["quotas"]) == {"local-quota", "local-quota until 2024-01-01"}
    before, after = (plain_book(book.as_of(day)) for day in (date(2023, 1, 1), date(2025, 1, 1)))
    changes = {(c.section, c.id): c for c in differences(before, after)}
    assert changes["quotas", "local-quota"].after["tiers"]["constraint"] == 18
    assert changes["rules", "local-rule"].change == "removed"
    assert changes["instruments", "local-2"].change == "added"


@pytest.mark.parametrize("name", ["nothing", "local-factors"])
def test_a_set_falls_back_to_another_one_that_exists(tmp_path: Path, name: str) -> None:
    text = GOOD.replace(
        "    electricity_basis", f"    falls_back_to: {name}\n    electricity_basis"
    )
    problems = problems_of(tmp_path, text)
    assert any("falls_back_to must name another factor set" in p for p in problems), problems


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("months: [7, 7]", "months must name at least one month, each once"),
        ("months: []", "months must name at least one month, each once"),
        ("months: [13]", "a month must lie in 1 to 12, got '13'"),
        ("months: [7]\n    least: 26\n    most: 20", "most must be at least 26, got 20"),
        ("months: [7]", "a set point must have least or most, got neither"),
        ("months: [7]\n    least: .nan", "least must be a decimal number, got '.nan'"),
    ],
)
def test_limits_of_rooms_that_cannot_be_are_load_errors(
    tmp_path: Path, line: str, expected: str
) -> None:
    text = (
        "set_points:\n  - id: room\n    title: {zh: 室温, en: room}\n"
        '    cites: {instrument: local-1, clause: "4"}\n'
        f"    quantity: indoor_temperature_c\n    trust: unverified\n    {line}\n"
    )
    problems = problems_of(tmp_path, INSTRUMENT + text)
    assert any(expected in problem for problem in problems), problems


def test_a_quota_of_an_indicator_that_does_not_exist_is_named(tmp_path: Path) -> None:
    text = GOOD.replace("indicator: non_heating_kgce_per_m2", "indicator: use_per_desk")
    problems = problems_of(tmp_path, text)
    assert any(
        "indicator must be one of non_heating_kgce_per_m2, got use_per_desk" in p for p in problems
    ), problems


@pytest.mark.parametrize("status", ["repealed", "superseded"])
def test_what_no_longer_holds_says_since_when(tmp_path: Path, status: str) -> None:
    ended = GOOD.replace("status: in_force", f"status: {status}")
    (problem,) = problems_of(tmp_path, ended)
    assert f"an instrument that is {status} must have effective_until, got null" in problem
    dated = ended.replace("effective_until: null", "effective_until: 2023-01-01")
    book = book_of(tmp_path / "dated", dated)
    assert not book.as_of(date(2023, 1, 1)).quotas
    # Another file that supersedes it says since when, too.
    book = book_of(tmp_path / "amended", ended, NEW + NEW_FACTORS_AND_QUOTA)
    assert book.instruments["local-1"].effective_until == date(2024, 1, 1)


def test_a_template_holds_nobody_to_anything_before_it_is_filled_in(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, GOOD.replace("status: in_force", "status: template"))
    assert [p.partition(": ")[2] for p in problems] == [
        f"an entry of {section} must not cite a template (set its status to in_force once it is "
        "filled in), got local-1"
        for section in ("quotas", "rules")
    ]
