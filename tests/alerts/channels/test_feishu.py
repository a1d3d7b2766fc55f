"""Against a server that checks and answers like the platform's documentation says."""

import base64
import hashlib
import hmac

import pytest
from pydantic import SecretStr

from alerts.channels.feishu import FeishuRobot
from alerts.channels.http import Place
from quotawatt.errors import ChannelError
from tests.alerts.channels.bodies import delivery
from tests.alerts.channels.platform import Answer, Asked, run_platform

SECRET = "s3cret"


def robot(asked: Asked) -> Answer:
    if asked.path != "/open-apis/bot/v2/hook/t0ken":
        return Answer(
            {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
        )
    key = f"{asked.json['timestamp']}\n{SECRET}".encode()
    expected = base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()
    if asked.json["sign"] != expected:
        return Answer({"code": 19021, "msg": "sign match fail or timestamp is not within one hour"})
    return Answer({"StatusCode": 0, "StatusMessage": "success", "code": 0, "msg": "success"})


def test_a_robot_posts_a_card_with_its_signature() -> None:
    with run_platform(robot) as platform:
        FeishuRobot(Place(platform.url), SecretStr("t0ken"), SecretStr(SECRET)).send(delivery())
    (asked,) = platform.asked
    assert asked.json["timestamp"] == "1685577600"
    card = asked.json["card"]
    assert card["header"]["title"]["content"] == "［告警］主楼用电超定额"
    assert card["elements"][0]["content"].startswith("**对象**")


@pytest.mark.parametrize(
    ("token", "secret", "code"), [("t0ken", "wrong", 19021), ("wr0ng", SECRET, 19001)]
)
def test_a_wrong_secret_stops_the_channel(token: str, secret: str, code: int) -> None:
    with run_platform(robot) as platform, pytest.raises(ChannelError, match=str(code)) as caught:
        FeishuRobot(Place(platform.url), SecretStr(token), SecretStr(secret)).send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (True, True)
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "retryable", "whole"),
    [
        ({"code": 11232, "msg": "frequency limited"}, True, True),
        ({"code": 9499, "msg": "Bad Request", "data": {}}, False, False),
        ({"StatusCode": 1, "StatusMessage": "?"}, True, False),
        ({}, True, False),
    ],
)
def test_what_the_answers_mean(answer: dict[str, object], retryable: bool, whole: bool) -> None:
    with run_platform(lambda _: Answer(answer)) as platform, pytest.raises(ChannelError) as caught:
        FeishuRobot(Place(platform.url), SecretStr("t0ken")).send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (retryable, whole)


def test_the_answer_of_an_older_version_is_understood() -> None:
    with run_platform(lambda _: Answer({"StatusCode": 0, "StatusMessage": "success"})) as platform:
        FeishuRobot(Place(platform.url), SecretStr("t0ken")).send(delivery())
    assert "sign" not in platform.asked[0].json
