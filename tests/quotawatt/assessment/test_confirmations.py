"""Confirmations: kept, replaced by later ones, in the ledger."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from quotawatt.assessment import Confirmation, confirm, confirmations
from quotawatt.errors import InputError, NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.rulebook.loader import load_rulebook

NOW = datetime(2024, 1, 10, tzinfo=UTC)
SCHEME = load_rulebook().schemes["annual-targets"]
GIVEN = Confirmation("ORG-1", 2023, SCHEME.id, "training", 0.5, "Minutes of 2023-09")


def test_the_latest_stands_and_each_is_in_the_ledger(records: Engine) -> None:
    with records.begin() as conn:
        confirm(conn, SCHEME, GIVEN, "li", NOW)
        confirm(conn, SCHEME, replace(GIVEN, share=1.0), "wang", NOW + timedelta(days=1))
        confirm(conn, SCHEME, replace(GIVEN, organisation="ORG-2", year=2022), "li", NOW)
    with records.connect() as conn:
        (row,) = confirmations(conn, SCHEME.id, 2023)
        assert (row["organisation"], row["share"], row["confirmed_by"]) == ("ORG-1", 1.0, "wang")
        assert confirmations(conn, SCHEME.id, 2023, "ORG-2") == []
    told = [e for e in Ledger(records).entries() if e.action == "assessment_confirmed"]
    assert [(e.actor, e.subject, json.loads(e.detail)["share"]) for e in told][:2] == [
        ("li", "ORG-1", 0.5),
        ("wang", "ORG-1", 1.0),
    ]


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        (
            {"item": "nothing"},
            NotFoundError,
            "an item must be one of annual-targets, got 'nothing'",
        ),
        ({"item": "quotas"}, InputError, "must be one that people confirm, got quotas"),
        ({"share": 1.2}, InputError, "a share must lie in 0 to 1, got 1.2"),
        ({"share": float("nan")}, InputError, "a share must lie in 0 to 1, got nan"),
        ({"evidence": "  "}, InputError, "evidence must have 1 to 2000 characters, got 2"),
    ],
)
def test_what_breaks_a_rule_is_refused(
    records: Engine, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    with records.begin() as conn, pytest.raises(error, match=words):
        confirm(conn, SCHEME, replace(GIVEN, **changes), "li", NOW)  # type: ignore[arg-type]
