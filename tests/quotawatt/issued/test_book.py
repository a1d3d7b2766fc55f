"""Closed snapshots: issued once, corrected by another edition, never changed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.issued import Draft, issue, issued_list, issued_of, latest
from quotawatt.ledger import Ledger
from quotawatt.ledger.entry import canonical_json, sha256_of

NOW = datetime(2025, 4, 1, tzinfo=UTC)


def draft(value: float = 12.5, **others: Any) -> Draft:
    content = {"figures": {"electricity": {"value": value, "decimals": 1}}}
    return replace(Draft("return", "ORG-1", "2025-Q1", content), **others)


def test_what_is_issued_is_kept_with_its_hash(records: Engine) -> None:
    with records.begin() as conn:
        made = issue(conn, draft(), "li", NOW)
    with records.connect() as conn:
        kept = latest(conn, "return", "ORG-1", "2025-Q1")
    assert kept == made
    assert kept.number == "return-2025-Q1-ORG-1-1"
    assert kept.content == draft().content
    assert kept.sha256 == sha256_of(canonical_json(draft().content))
    assert (kept.edition, kept.corrects) == (1, "")


def test_a_correction_names_what_it_corrects(records: Engine) -> None:
    with records.begin() as conn:
        first = issue(conn, draft(), "li", NOW)
        second = issue(conn, draft(13.0, corrects=first.number, note="late bill"), "li", NOW)
        assert issued_of(conn, first.number) == first  # as it was
        assert latest(conn, "return", "ORG-1", "2025-Q1") == second
        assert (second.edition, second.corrects) == (2, first.number)
        assert issued_list(conn, kind="return") == [second, first]
        assert issued_list(conn, standing=True) == [second]


@pytest.mark.parametrize("corrects", ["", "return-2025-Q1-ORG-1-7"])
def test_another_edition_must_name_the_one_that_stands(records: Engine, corrects: str) -> None:
    with records.begin() as conn:
        issue(conn, draft(), "li", NOW)
        with pytest.raises(StateError, match="must name the edition that it corrects"):
            issue(conn, draft(13.0, corrects=corrects), "li", NOW)


def test_a_correction_that_says_the_same_is_refused(records: Engine) -> None:
    with records.begin() as conn:
        first = issue(conn, draft(), "li", NOW)
        with pytest.raises(StateError, match="must differ"):
            issue(conn, draft(corrects=first.number), "li", NOW)


@pytest.mark.parametrize(
    "wrong", [{"subject": ""}, {"period": "x" * 17}, {"content": {"a": set()}}]
)
def test_what_cannot_be_kept_is_refused(records: Engine, wrong: dict[str, Any]) -> None:
    with records.begin() as conn, pytest.raises(InputError):
        issue(conn, draft(**wrong), "li", NOW)
    with records.connect() as conn:
        assert issued_list(conn) == []


def test_an_unknown_number_is_not_found(records: Engine) -> None:
    with records.connect() as conn, pytest.raises(NotFoundError, match="got 'return-1'"):
        issued_of(conn, "return-1")


def test_every_edition_is_in_the_ledger(records: Engine) -> None:
    with records.begin() as conn:
        first = issue(conn, draft(), "li", NOW)
        issue(conn, draft(13.0, corrects=first.number), "wang", NOW)
    book = Ledger(records)
    entries = book.entries()
    assert [(e.action, e.actor) for e in entries] == [
        ("issued", "li"),
        ("issued_correction", "wang"),
    ]
    assert book.detail_of(entries[1])["corrects"] == first.number
    assert book.verify() == []
