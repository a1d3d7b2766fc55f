"""Which cases keep people from being told of others."""

from pathlib import Path

import pytest

from alerts.people.inhibition import inhibited, read_sources, shared
from alerts.people.notices import Matter
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.inhibitions import Inhibition, Side
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.storage.records import open_records
from tests.alerts.people.case_rows import add_cases
from tests.alerts.people.notice_samples import matter

OFFLINE = matter(1, rule="site-offline", subject="S1")


def inhibition(source: Side, target: Side, *equal: str) -> Inhibition:
    return Inhibition("i", Text("抑制", "inhibition"), source, target, equal)


BY_SITE = inhibition(Side(rules=["site-offline"]), Side(rules=["meter-silent"]), "site")


def test_a_site_off_line_silences_its_meters_and_no_others() -> None:
    here, elsewhere = matter(2), matter(3, site="S2")
    assert inhibited([BY_SITE], [OFFLINE], [here, elsewhere]) == {2: 1}


def test_what_a_case_lacks_it_shares_with_nobody() -> None:
    nowhere = matter(2, site="")
    source = matter(1, rule="site-offline", site="")
    assert inhibited([BY_SITE], [source], [nowhere]) == {}
    assert shared(("account",), matter(1, subject="ORG/q/2026")) == ("ORG/q/2026",)
    assert shared(("account",), matter(1, subject="ORG")) == ()


def test_every_equal_word_must_be_shared() -> None:
    both = inhibition(BY_SITE.source, BY_SITE.target, "site", "organisation")
    other = matter(2, organisation="OTHER")
    assert inhibited([both], [OFFLINE], [other, matter(3)]) == {3: 1}


def test_no_case_silences_itself_nor_two_each_other() -> None:
    any_other = inhibition(Side(rules=["meter-silent"]), Side(rules=["meter-silent"]), "site")
    first, second = matter(1), matter(2, subject="M2")
    assert inhibited([any_other], [first, second], [first, second]) == {}
    # A source that is no target itself does hold one that is both.
    wider = inhibition(Side(severities=["critical"]), Side(rules=["meter-silent"]), "site")
    critical = matter(3, rule="other", severity="critical")
    both = matter(4, severity="critical")
    assert inhibited([wider], [critical, both], [both]) == {4: 3}


def test_the_oldest_of_several_sources_is_named() -> None:
    later = matter(5, rule="site-offline", subject="S1")
    assert inhibited([BY_SITE], [OFFLINE, later], [matter(6)]) == {6: 1}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (OFFLINE, matter(2)),
        (
            matter(1, rule="quota-exhausted", subject="ORG/q/2026", severity="critical"),
            matter(2, rule="quota-projected-over", subject="ORG/q/2026"),
        ),
        (matter(1, rule="a", severity="critical"), matter(2, rule="b", severity="info")),
    ],
)
def test_the_shipped_inhibitions_hold(source: Matter, target: Matter) -> None:
    shipped = load_rulebook().inhibitions.values()
    assert inhibited(shipped, [source], [target]) == {2: 1}


def test_only_open_cases_that_fire_are_sources(tmp_path: Path) -> None:
    with open_records("sqlite", tmp_path).begin() as conn:
        numbers = add_cases(
            conn,
            [
                {"rule": "site-offline", "subject": "S1"},
                {"rule": "site-offline", "subject": "S2", "firing": False},
                {"rule": "site-offline", "subject": "S3", "state": "closed"},
                {"rule": "meter-silent", "subject": "M1"},
            ],
        )
        assert [m.case for m in read_sources(conn, [BY_SITE])] == numbers[:1]
        assert read_sources(conn, []) == []
