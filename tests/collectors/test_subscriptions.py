"""What a session is subscribed to is remembered by client id, on SQLite and PostgreSQL."""

import pytest
from sqlalchemy import Engine

from collectors.subscriptions import Subscriptions, topic_filters
from quotawatt.errors import SettingError
from quotawatt.settings import Settings


def test_a_filter_is_asked_for_granted_and_removed(records: Engine) -> None:
    own, other = Subscriptions(records, "one"), Subscriptions(records, "two")
    assert own.all() == {}
    own.asked(["a/#", "b"])
    other.asked(["a/#"])
    assert own.all() == {"a/#": False, "b": False}
    own.granted(["a/#"])
    own.asked(["a/#", "c"])  # what is granted stays so
    assert own.all() == {"a/#": True, "b": False, "c": False}
    own.removed(["b", "c"])
    own.removed([])
    assert (own.all(), other.all()) == ({"a/#": True}, {"a/#": False})


def test_filters_of_a_shared_group() -> None:
    settings = Settings(mqtt_topics=("a/#", "+/b"), mqtt_share_group="pair")
    assert topic_filters(settings) == ["$share/pair/a/#", "$share/pair/+/b"]
    assert topic_filters(Settings(mqtt_topics=("#",))) == ["#"]


@pytest.mark.parametrize("group", ["a/b", "a+", "#"])
def test_a_group_that_is_none_is_refused(group: str) -> None:
    with pytest.raises(SettingError, match="SHARE_GROUP"):
        topic_filters(Settings(mqtt_share_group=group))
