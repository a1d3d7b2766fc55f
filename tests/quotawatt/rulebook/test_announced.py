"""The section ``calendars``: days that were announced after the program was made."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from quotawatt.calendars import announce, is_working_day, working_calendar_known
from quotawatt.errors import RulebookError
from quotawatt.rulebook.announced import announced_years
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.source import RulebookSource
from quotawatt.storage.records import open_records
from tests.quotawatt.rulebook.test_loader import INSTRUMENT

PACK = (
    INSTRUMENT
    + """\
calendars:
  - id: cn-2031
    cites: {instrument: local-1, clause: "4"}
    country: COUNTRY
    year: 2031
    holidays: [2031-01-01, OFF]
    working_weekends: [WORKED]
    trust: invented
"""
)
GOOD = {"COUNTRY": "CN", "OFF": "2031-01-24", "WORKED": "2031-01-18"}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    announce([])


def _pack(folder: Path, **changed: str) -> Path:
    text = PACK
    for name, value in (GOOD | changed).items():
        text = text.replace(name, value)
    (folder / "own.yaml").write_text(text)
    return folder


def test_a_pack_gives_the_days_of_a_year(tmp_path: Path) -> None:
    book = load_rulebook([_pack(tmp_path)], builtin=False)
    (year,) = announced_years(book.calendars.values())
    assert (year.country, year.year) == ("CN", 2031)
    assert year.holidays == {date(2031, 1, 1), date(2031, 1, 24)}
    assert year.working_weekends == {date(2031, 1, 18)}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"COUNTRY": "ZZ"},
            "country must be an ISO 3166 code such as CN, GB, GB-ENG or US-CO, got 'ZZ'",
        ),
        ({"OFF": "2030-12-31"}, "a day of holidays must be of 2031, got '2030-12-31'"),
        ({"OFF": "2031-02-30"}, "a day of holidays must be a date YYYY-MM-DD or null"),
        ({"OFF": "null"}, "a day of holidays must be of 2031, got 'null'"),
        ({"OFF": "2031-01-01"}, "a day of holidays must stand there once, got 2031-01-01"),
        (
            {"WORKED": "2031-01-20"},
            "a day of working_weekends must be of a weekend, got 2031-01-20",
        ),
        ({"OFF": "2031-01-18"}, "a day must not be both a holiday and worked, got 2031-01-18"),
    ],
)
def test_a_wrong_day_is_refused_with_its_line(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(RulebookError) as error:
        load_rulebook([_pack(tmp_path, **changed)], builtin=False)
    (line,) = [line for line in error.value.problems if said in line]
    assert re.search(r"own.yaml:(1[4-9]|2\d): ", line)  # the calendar begins in line 14


def test_a_year_has_one_calendar(tmp_path: Path) -> None:
    pack = _pack(tmp_path) / "own.yaml"
    again = pack.read_text().split("calendars:\n")[1].replace("id: cn-2031", "id: again")
    pack.write_text(pack.read_text() + again)
    with pytest.raises(RulebookError, match="a country's year must have one calendar") as error:
        load_rulebook([tmp_path], builtin=False)
    assert "got CN 2031" in str(error.value)


def test_the_running_system_works_by_it_at_once(tmp_path: Path) -> None:
    engine = open_records(f"sqlite:///{tmp_path}/records.sqlite", tmp_path)
    saturday = date(2031, 1, 18)
    assert not is_working_day(saturday)
    (tmp_path / "packs").mkdir()
    folder = _pack(tmp_path / "packs")
    RulebookSource(engine, [folder], need_approval=False)()
    assert is_working_day(saturday)
    assert working_calendar_known(saturday)
    assert not working_calendar_known(date(2032, 1, 1))
    engine.dispose()
