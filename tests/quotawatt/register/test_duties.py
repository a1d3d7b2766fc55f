"""Who holds a duty, as records of the register."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quotawatt.ledger import Ledger
from quotawatt.register.check import check_rows
from quotawatt.register.contact_privacy import masked
from quotawatt.register.editing import rows_of
from quotawatt.register.kinds import Duty
from quotawatt.register.model import Register
from quotawatt.register.repository import load_register, save_register
from quotawatt.storage.records import open_records
from tests.quotawatt.register.estate import ESTATE, with_records

AT = datetime(2026, 1, 1, tzinfo=UTC)
DUTY = Duty(
    "CITY",
    "owner",
    "能源管理员",
    date(2024, 1, 1),
    email="energy@example.org",
    mobile="+8613800000000",
    chat="user-1",
)
LATER = replace(DUTY, valid_from=date(2025, 1, 1))


def estate(*duties: Duty) -> Register:
    return with_records(ESTATE, duties=duties)


def problems(*duties: Duty) -> list[str]:
    return [str(problem) for problem in check_rows(rows_of(estate(*duties)))]


def test_a_duty_over_any_asset_is_right() -> None:
    assert problems(DUTY, replace(DUTY, asset="M0"), replace(DUTY, duty="deputy", rank=2)) == []


def test_a_successor_begins_where_the_other_ends() -> None:
    assert problems(replace(DUTY, valid_until=LATER.valid_from), LATER) == []
    (said,) = problems(DUTY, LATER)
    assert "must not overlap" in said


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        (replace(DUTY, asset="NOWHERE"), "asset: must be a code of"),
        (replace(DUTY, duty="boss"), "duty: must be one of owner, deputy, supervisor, manager"),
        (replace(DUTY, rank=0), "rank: must be 1 to 99, got 0"),
        (replace(DUTY, language="fr"), "language: must be one of zh, en"),
        (replace(DUTY, email="energy"), "email: must be an e-mail address"),
        (replace(DUTY, email="a@b.org, c@d.org"), "email: must be an e-mail address"),
        (replace(DUTY, mobile="138 0000"), "mobile: must be a number of 6 to 15 digits"),
        (replace(DUTY, account="Li Wang"), "account: must be an account's name"),
        (replace(DUTY, chat="a b"), "chat: must be an id without blanks and asterisks"),
        (replace(DUTY, valid_until=date(2023, 1, 1)), "valid_until: must be after valid_from"),
    ],
)
def test_what_is_wrong_is_said_once(duty: Duty, words: str) -> None:
    (said,) = problems(duty)
    assert words in said


def test_what_was_cut_is_refused_when_it_comes_back() -> None:
    cut = masked(DUTY)
    assert (cut.email, cut.mobile, cut.chat) == ("e***", "+86***", "u***")
    assert {p.split(": ")[0].split()[-1] for p in problems(cut)} == {"email", "mobile", "chat"}


def test_what_is_not_there_is_not_cut() -> None:
    plain = replace(DUTY, email="", mobile="", chat="")
    assert masked(plain) == plain
    hall = ESTATE.organisations["CITY"]
    assert masked(hall) is hall


def test_the_store_keeps_it_and_the_ledger_no_address(tmp_path: Path) -> None:
    engine = open_records("sqlite", tmp_path)
    save_register(engine, estate(DUTY), "li", AT)
    save_register(engine, estate(replace(DUTY, email="other@example.org")), "li", AT)
    assert load_register(engine).duties_of("CITY")[0].email == "other@example.org"
    ledger = Ledger(engine)
    details = [ledger.detail_of(entry) for entry in ledger.entries()]
    engine.dispose()
    assert details[1]["before"]["duties"][0]["email"] == "e***"
    assert details[1]["duties"] == {"added": 0, "changed": 1, "removed": 0}
    assert "example.org" not in str(details)
    assert "13800000000" not in str(details)


def test_duties_are_found_by_asset_and_by_account() -> None:
    second = replace(DUTY, rank=2, account="li")
    register = estate(second, DUTY, replace(DUTY, duty="deputy", account="li"))
    assert [(d.duty, d.rank) for d in register.duties_of("CITY")] == [
        ("deputy", 1),
        ("owner", 1),
        ("owner", 2),
    ]
    assert len(register.duties_by_account["li"]) == 2
    assert register.duties_of("HALL") == ()
