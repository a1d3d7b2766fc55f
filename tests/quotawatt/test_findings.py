"""What tells findings apart, and the time that they are about."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from quotawatt.findings import Finding, finding_key, finding_span
from quotawatt.spans import Span

MAY = datetime(2024, 5, 1, tzinfo=UTC)
JUNE = datetime(2024, 6, 1, tzinfo=UTC)


def test_findings_of_two_instants_are_two() -> None:
    keys = {finding_key(Finding("c", "s", {"device": "d", "at": a})) for a in ("1", "2")}
    assert len(keys) == 2
    assert finding_key(Finding("c", "s", {"value": 3})) == ""
    assert len(finding_key(Finding("c", "s", {"measures": "x" * 999}))) == 256


def test_the_time_is_taken_from_the_evidence() -> None:
    both = Finding("c", "s", {"since": MAY.isoformat(), "until": JUNE.isoformat()})
    assert finding_span(both) == Span(MAY, JUNE)
    assert finding_span(Finding("c", "s", {"at": MAY.isoformat()})) == Span(MAY, MAY)
    assert finding_span(Finding("c", "s", {"since": None, "at": "2024-05-01"})) is None
    assert finding_span(Finding("c", "s")) is None


@given(since=st.text(max_size=30), until=st.text(max_size=30))
def test_no_text_is_too_strange_for_a_time(since: str, until: str) -> None:
    span = finding_span(Finding("c", "s", {"since": since, "until": until}))
    assert span is None or span.start <= span.end
