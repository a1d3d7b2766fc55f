"""Who owes a return, and who was in time: nobody before returns are collected, everybody from then on."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from quotawatt.register.model import Headcount, Organisation, Register
from quotawatt.returns.book import HandedIn
from quotawatt.returns.duties import Duty, duties, returns_in_time
from quotawatt.rulebook.loader import load_rulebook

ZONE = ZoneInfo("Asia/Shanghai")
BOOK = load_rulebook()
FORM = "energy-statistics"
REGISTER = Register(
    organisations=[
        Organisation("A", "甲", "A", "party_government", "city"),
        Organisation("B", "乙", "B", "party_government", "city"),
        Organisation("EMPTY", "空", "Empty", "party_government", "city"),
    ],
    headcounts=[Headcount(code, "in_post", 40, date(2020, 1, 1)) for code in "AB"],
)
IN_2023 = (date(2023, 1, 1), date(2024, 1, 1))


def at(month: int, day: int, hour: int = 4) -> datetime:
    return datetime(2023, month, day, hour, tzinfo=UTC)


def owed(known: dict[tuple[str, str, str], HandedIn]) -> list[Duty]:
    return duties(known, REGISTER, BOOK, *IN_2023, ZONE)


def test_who_never_hands_in_is_worse_than_who_is_late() -> None:
    """Q1 is due on 15 April, Q2 on 15 July, Q3 on 15 October; A is in time once, B never hands in."""
    found = owed(
        {
            (FORM, "A", "2023-Q1"): HandedIn(at(4, 15), stands=True),
            (FORM, "A", "2023-Q2"): HandedIn(at(7, 16), stands=True),
        }
    )
    assert [(str(d.period), d.organisation, d.in_time) for d in found] == [
        ("2023-Q1", "A", True),
        ("2023-Q1", "B", False),
        ("2023-Q2", "A", False),
        ("2023-Q2", "B", False),
        ("2023-Q3", "A", False),
        ("2023-Q3", "B", False),
    ]
    assert returns_in_time(found) == {"A": (3, 1), "B": (3, 0)}


def test_where_nobody_hands_in_nobody_owes() -> None:
    assert owed({}) == []


def test_years_are_owed_from_the_first_year_that_came_in() -> None:
    """The year 2022 is due on 31 March 2023; quarters are another matter."""
    found = owed({(FORM, "B", "2022"): HandedIn(at(3, 31), stands=True)})
    assert [(str(d.period), d.organisation, d.due, d.in_time) for d in found] == [
        ("2022", "A", date(2023, 3, 31), False),
        ("2022", "B", date(2023, 3, 31), True),
    ]


def test_the_day_is_the_local_one() -> None:
    """15 April, 17:00 UTC, is the 16th in Shanghai: late."""
    (mine, _) = owed({(FORM, "A", "2023-Q1"): HandedIn(at(4, 15, 17), stands=True)})[:2]
    assert (mine.handed_in, mine.in_time) == (date(2023, 4, 16), False)
