"""Certificates in the record store: counted once, told in the ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select

from quotawatt.carbon.certificates import (
    Certificate,
    add_certificate,
    cancel_certificate,
    list_certificates,
    read_certificate,
    withdraw_certificate,
)
from quotawatt.carbon.evidence import Evidence, confirm, evidence_of
from quotawatt.carbon.factors_used import FactorOfYear, factors_used, note_factors
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.storage.tables import ledger

AT = datetime(2024, 1, 5, tzinfo=UTC)
ONE = Certificate("GEC-1", "gec", "ORG-1", 50.0, date(2023, 1, 1), date(2024, 1, 1))


def actions(records: Engine) -> list[str]:
    with records.connect() as conn:
        return list(conn.execute(select(ledger.c.action).order_by(ledger.c.seq)).scalars())


def test_a_certificate_is_entered_cancelled_and_told(records: Engine) -> None:
    with records.begin() as conn:
        entry = add_certificate(conn, replace(ONE, number="  GEC-1 "), "li", AT)
    assert entry.certificate == ONE
    with records.begin() as conn:
        done = cancel_certificate(conn, entry.id, date(2023, 12, 1), "No. 7", "li", AT)
    assert (done.certificate.cancelled_on, done.certificate.document) == (
        date(2023, 12, 1),
        "No. 7",
    )
    assert actions(records) == ["certificate_added", "certificate_cancelled"]


def test_no_number_counts_twice(records: Engine) -> None:
    with records.begin() as conn:
        first = add_certificate(conn, ONE, "li", AT)
        with pytest.raises(StateError, match="entered once, got 'GEC-1'"):
            add_certificate(conn, replace(ONE, organisation="ORG-2"), "li", AT)
        withdraw_certificate(conn, first.id, "wrong office", "li", AT)
        again = add_certificate(conn, replace(ONE, organisation="ORG-2"), "li", AT)
    with records.connect() as conn:
        assert [e.id for e in list_certificates(conn)] == [again.id]
        assert [e.id for e in list_certificates(conn, withdrawn=True)] == [first.id, again.id]
        assert list_certificates(conn, ["ORG-1"]) == []


def test_a_deed_that_does_not_fit_is_refused(records: Engine) -> None:
    with records.begin() as conn:
        entry = add_certificate(conn, replace(ONE, cancelled_on=date(2023, 5, 1)), "li", AT)
        with pytest.raises(StateError, match="cancelled once"):
            cancel_certificate(conn, entry.id, date(2023, 6, 1), "", "li", AT)
        withdraw_certificate(conn, entry.id, "", "li", AT)
        with pytest.raises(StateError, match="must not have been withdrawn"):
            withdraw_certificate(conn, entry.id, "", "li", AT)
        with pytest.raises(NotFoundError, match="got 99"):
            read_certificate(conn, 99)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"number": " "}, "must have a number, got none"),
        ({"kind": "rec"}, "kind must be one of gec, green_power, got 'rec'"),
        ({"energy_mwh": 0.0}, "energy_mwh must lie above 0"),
        ({"energy_mwh": float("nan")}, "energy_mwh must lie above 0"),
        ({"generated_until": date(2023, 1, 1)}, "generated_from must lie before"),
        ({"cancelled_on": date(2022, 12, 31)}, "cancelled_on must not lie before"),
    ],
)
def test_bad_input_states_the_rule(records: Engine, changed: dict[str, object], said: str) -> None:
    with records.begin() as conn, pytest.raises(InputError, match=said):
        add_certificate(conn, replace(ONE, **changed), "li", AT)


def test_the_latest_evidence_counts(records: Engine) -> None:
    given = Evidence("ORG-1", "card", "offset", 2023, 0.5, "Statement 1")
    with records.begin() as conn:
        confirm(conn, given, "li", AT)
        confirm(conn, replace(given, met=1.0, document="Statement 2"), "wang", AT)
        found = evidence_of(conn, "ORG-1", "card", 2023)
        assert evidence_of(conn, "ORG-1", "card", 2022) == {}
    kept = found["offset"]
    assert (kept.met, kept.document, kept.confirmed_by) == (1.0, "Statement 2", "wang")
    assert actions(records) == ["scorecard_confirmed"] * 2
    with records.begin() as conn, pytest.raises(InputError, match="met must lie in 0 to 1, got 2"):
        confirm(conn, replace(given, met=2.0), "li", AT)
    with records.begin() as conn, pytest.raises(InputError, match="must name its document"):
        confirm(conn, replace(given, document=" "), "li", AT)


def test_factors_are_kept_by_region_and_year(records: Engine) -> None:
    old = FactorOfYear("shandong", 2024, 2023, 0.6191)
    new = replace(old, factor_year=2024, kgco2_per_kwh=0.6)
    with records.begin() as conn:
        note_factors(conn, [old], AT)
        note_factors(conn, [new], AT)
        assert factors_used(conn) == {("shandong", 2024): new}
