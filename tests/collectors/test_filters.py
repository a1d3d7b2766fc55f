"""Filters cover what they match: held against the client library's own matching."""

from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from collectors.filters import covered, covers, widest

LEVELS = st.lists(st.sampled_from(["a", "b", "+"]), min_size=1, max_size=4)
FILTERS = st.builds(
    lambda levels, rest: "/".join([*levels, *rest]), LEVELS, st.sampled_from([(), ("#",)])
)
TOPICS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=5).map("/".join)


@given(wide=FILTERS, narrow=FILTERS, topic=TOPICS)
def test_what_a_covered_filter_lets_through_the_covering_one_does(
    wide: str, narrow: str, topic: str
) -> None:
    if covers(wide, narrow) and topic_matches_sub(narrow, topic):
        assert topic_matches_sub(wide, topic)


def test_which_filter_covers_which() -> None:
    assert covers("#", "a/+/#")
    assert covers("a/#", "a")
    assert covers("a/+", "a/b")
    assert covers("a/+/#", "a/b/#")
    assert not covers("a/b", "a/+")
    assert not covers("a/+", "a/#")
    assert not covers("a/+", "a")
    assert not covers("a", "a/b")


@given(filters=st.sets(FILTERS, max_size=6), topic=TOPICS)
def test_the_widest_let_through_what_all_do(filters: set[str], topic: str) -> None:
    kept = widest(filters)
    assert kept <= filters
    assert not any(covered(one, kept - {one}) for one in kept)
    before = any(topic_matches_sub(one, topic) for one in filters)
    assert any(topic_matches_sub(one, topic) for one in kept) is before
