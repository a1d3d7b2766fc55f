"""Against a server that checks and answers like the platform's documentation says."""

import pytest
from pydantic import SecretStr

from alerts.channels.http import Place
from alerts.channels.wecom import MessageApp, WeComMessages, WeComRobot
from quotawatt.errors import ChannelError
from tests.alerts.channels.bodies import delivery
from tests.alerts.channels.platform import Answer, Asked, run_platform

KEY = "73febdcb"


def robot(asked: Asked) -> Answer:
    if asked.query.get("key") != KEY:
        return Answer({"errcode": 93000, "errmsg": "invalid webhook url"})
    content = asked.json["markdown"]["content"]
    if len(content.encode()) > 4096:
        return Answer({"errcode": 40058, "errmsg": "content exceed max length 4096"})
    return Answer({"errcode": 0, "errmsg": "ok"})


def application(asked: Asked) -> Answer:
    if asked.path == "/cgi-bin/gettoken":
        if asked.query != {"corpid": "ww1", "corpsecret": "s3cret"}:
            return Answer({"errcode": 40001, "errmsg": "invalid credential"})
        return Answer({"errcode": 0, "access_token": "t1", "expires_in": 7200})
    if asked.query["access_token"] != "t1":
        return Answer({"errcode": 40014, "errmsg": "invalid access_token"})
    if len(asked.json["markdown"]["content"].encode()) > 2048:
        return Answer({"errcode": 40058, "errmsg": "content exceed max length 2048"})
    if asked.json["touser"] != "user-1":
        return Answer({"errcode": 0, "errmsg": "ok", "invaliduser": asked.json["touser"]})
    return Answer({"errcode": 0, "errmsg": "ok", "msgid": "m"})


def test_a_robot_posts_markdown() -> None:
    with run_platform(robot) as platform:
        WeComRobot(Place(platform.url), SecretStr(KEY)).send(delivery())
    (asked,) = platform.asked
    assert asked.path == "/cgi-bin/webhook/send"
    assert asked.json["msgtype"] == "markdown"
    assert asked.json["markdown"]["content"].startswith("**［告警］主楼用电超定额**\n\n**对象**")


def test_a_long_digest_fits_the_platforms_limits_and_names_what_is_left_out() -> None:
    lines = [f"{number} 主楼用电超定额，请于本周内处理" for number in range(700)]
    with run_platform(robot) as platform:
        WeComRobot(Place(platform.url), SecretStr(KEY)).send(delivery(markdown="\n".join(lines)))
    assert len(platform.asked) == 4
    last = platform.asked[-1].json["markdown"]["content"].split("\n")[-1]
    shown = sum(
        "请于" in line for a in platform.asked for line in a.json["markdown"]["content"].split("\n")
    )
    assert last == f"……其余 {700 - shown} 行见平台 https://quotawatt.example.org/cases/7"


def test_a_robot_that_was_removed_stops_the_channel() -> None:
    with (
        run_platform(robot) as platform,
        pytest.raises(ChannelError, match="it says 93000") as caught,
    ):
        WeComRobot(Place(platform.url), SecretStr("other")).send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (True, True)


def test_too_many_messages_wait() -> None:
    busy = Answer({"errcode": 45009, "errmsg": "api freq out of limit"})
    with run_platform(lambda _: busy) as platform, pytest.raises(ChannelError) as caught:
        WeComRobot(Place(platform.url), SecretStr(KEY)).send(delivery())
    assert (caught.value.retryable, caught.value.retry_after_s) == (True, 60)


def _messages(url: str, secret: str = "s3cret") -> WeComMessages:
    return WeComMessages(Place(url), MessageApp("ww1", SecretStr(secret), 1000002))


def test_an_applications_message_goes_to_a_person_and_asks_for_the_check_of_duplicates() -> None:
    with run_platform(application) as platform:
        channel = _messages(platform.url)
        channel.send(delivery())
        channel.send(delivery(markdown="超定额\n" * 400))
    paths = [asked.path.rpartition("/")[2] for asked in platform.asked]
    assert paths == ["gettoken", *["send"] * 4]
    sent = platform.asked[1].json
    assert (sent["touser"], sent["agentid"]) == ("user-1", 1000002)
    assert sent["enable_duplicate_check"] == 1


def test_a_wrong_secret_stops_the_channel() -> None:
    with (
        run_platform(application) as platform,
        pytest.raises(ChannelError, match="it says 40001") as caught,
    ):
        _messages(platform.url, "wrong").send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (True, True)
    assert "wrong" not in str(caught.value)


def test_whom_the_platform_does_not_know_is_final() -> None:
    from dataclasses import replace

    from tests.alerts.channels.bodies import OFFICER

    with run_platform(application) as platform:
        for chat in ("gone", ""):
            with pytest.raises(ChannelError) as caught:
                _messages(platform.url).send(delivery(replace(OFFICER, chat=chat)))
            assert not caught.value.retryable
