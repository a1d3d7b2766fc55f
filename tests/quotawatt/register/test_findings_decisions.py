"""What people decide about findings."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.register.findings_book import OPEN
from quotawatt.register.findings_decisions import accept, reopen
from quotawatt.storage.records import open_records
from tests.quotawatt.register.test_findings_book import SILENT, T0, report, rows

DAY = timedelta(days=1)


@pytest.fixture
def records(tmp_path: Path) -> Engine:
    return open_records("sqlite", tmp_path)


def test_acceptance_and_its_end_stand_in_the_ledger(records: Engine) -> None:
    report(records, [SILENT], T0)
    number = rows(records)[0]["id"]
    accept(records, number, "li", "spare", T0)
    assert reopen(records, number, "wang", T0 + DAY)["state"] == OPEN
    entries = Ledger(records).entries()
    assert [(e.actor, e.action, e.subject) for e in entries] == [
        ("li", "finding_accepted", "M-1"),
        ("wang", "finding_reopened", "M-1"),
    ]
    assert '"after":{"reason":"spare","state":"accepted"}' in entries[0].detail
    assert '"before":{"reason":"spare","state":"accepted"}' in entries[1].detail
    assert Ledger(records).verify() == []


def test_decisions_that_do_not_fit_are_refused(records: Engine) -> None:
    report(records, [SILENT], T0)
    number = rows(records)[0]["id"]
    with pytest.raises(NotFoundError, match="must exist"):
        accept(records, number + 1, "li", "spare", T0)
    with pytest.raises(InputError, match="with a reason"):
        accept(records, number, "li", "  ", T0)
    with pytest.raises(StateError, match="must be accepted"):
        reopen(records, number, "li", T0)
    accept(records, number, "li", "spare", T0)
    with pytest.raises(StateError, match="must be open"):
        accept(records, number, "li", "spare", T0)
    assert len(Ledger(records).entries()) == 1
