"""Which kinds of messages a topic may have: the index finds what trying all patterns would."""

import tracemalloc
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from collectors.decode import Decoder
from collectors.kinds import Kind, Kinds, compile_kind
from collectors.profile import load_profiles
from collectors.topics import ANY
from tests.collectors.test_decode import TOPICS

PROFILES = load_profiles()
KINDS = Kinds(PROFILES)
ALL = [compile_kind(p, n) for p in PROFILES for n in range(len(p.messages))]


def one_by_one(topic: str) -> list[tuple[str, int]]:
    """Profile and number of the kinds that fit, in the order in which they must be tried."""
    found: list[Kind] = []
    for kind in ALL:
        if any(p.text != ANY and p.match(topic) for p in kind.patterns):
            found.append(kind)
            if not kind.shape:
                return [(kind.profile.id, kind.number) for kind in found]
    found += [kind for kind in ALL for p in kind.patterns if p.text == ANY]
    return [(kind.profile.id, kind.number) for kind in found]


levels = st.sampled_from(sorted({level for topic in TOPICS for level in topic.split("/")}))


@given(st.sampled_from(TOPICS) | st.lists(levels | st.text(max_size=3), max_size=6).map("/".join))
@example("")
@example("/")
@example("homie/5/d/n/m")  # fits two patterns of one kind
def test_a_topic_has_the_kinds_that_its_patterns_fit(topic: str) -> None:
    found = [(route.kind.profile.id, route.kind.number) for route in KINDS.routes(topic)]
    assert found == one_by_one(topic)


def test_topics_that_fit_nothing_cost_no_memory() -> None:
    assert KINDS.routes("nobody/knows/1") is KINDS.routes("nobody/knows/2")


def test_long_topics_are_not_remembered() -> None:
    decoder = Decoder(PROFILES, ZoneInfo("UTC"))
    topics = [f"{i}/{'电' * 1000}" for i in range(500)]
    tracemalloc.start()
    assert {decoder.profile_of(topic) for topic in topics} == {decoder.profile_of("x/y")}
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 300_000
