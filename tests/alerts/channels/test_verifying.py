"""What a receiver refuses: altered, unsigned, old; what it takes while a secret is changed."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from alerts.channels.http import Place
from alerts.channels.verifying import OLDEST, require_genuine
from alerts.channels.webhook import WebhookChannel
from quotawatt.errors import InputError
from tests.alerts.channels.bodies import SENT_AT, delivery
from tests.alerts.channels.platform import Answer, Asked, run_platform


def _sent(secret: str, previous: str = "") -> Asked:
    with run_platform(lambda _: Answer()) as platform:
        channel = WebhookChannel(Place(platform.url), SecretStr(secret), SecretStr(previous))
        channel.send(delivery())
    return platform.asked[0]


def test_a_genuine_message_has_its_key() -> None:
    asked = _sent("s1")
    assert require_genuine(asked.headers, asked.body, ["s1"], SENT_AT) == "k-1"


def test_altered_unsigned_and_by_another_secret() -> None:
    asked = _sent("s1")
    unsigned = {k: v for k, v in asked.headers.items() if k != "x-quotawatt-signature"}
    redated = {**asked.headers, "x-quotawatt-timestamp": "1685577601"}
    for headers, body, secret in [
        (asked.headers, asked.body + b" ", "s1"),
        (unsigned, asked.body, "s1"),
        (redated, asked.body, "s1"),
        (asked.headers, asked.body, "s2"),
    ]:
        with pytest.raises(InputError, match="must be signed with the shared secret"):
            require_genuine(headers, body, [secret], SENT_AT)


@pytest.mark.parametrize("late", [OLDEST + timedelta(seconds=1), -OLDEST - timedelta(seconds=1)])
def test_what_was_signed_too_long_ago_is_a_replay(late: timedelta) -> None:
    asked = _sent("s1")
    with pytest.raises(InputError, match="must be signed within 300 s"):
        require_genuine(asked.headers, asked.body, ["s1"], SENT_AT + late)


def test_while_the_secret_is_changed_receivers_may_know_the_old_the_new_or_both() -> None:
    asked = _sent("new", previous="old")
    for known in (["old"], ["new"], ["new", "old"]):
        assert require_genuine(asked.headers, asked.body, known, SENT_AT) == "k-1"
