"""Against a server that checks and answers like the platform's documentation says."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.dingtalk import DingTalkNotices, DingTalkRobot, NoticeApp
from alerts.channels.http import Place
from quotawatt.errors import ChannelError
from tests.alerts.channels.bodies import SENT_AT, delivery
from tests.alerts.channels.platform import Answer, Asked, make_authority, run_platform

TOKEN, SECRET = "t0ken", "SECs3cret"
OK = Answer({"errcode": 0, "errmsg": "ok"})


def robot(asked: Asked) -> Answer:
    """The robot's side: token and signature as the documentation computes it."""
    if asked.query.get("access_token") != TOKEN:
        return Answer({"errcode": 300001, "errmsg": f"token {asked.query} is not exist"})
    text = f"{asked.query['timestamp']}\n{SECRET}"
    digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
    if asked.query["sign"] != base64.b64encode(digest).decode():
        return Answer({"errcode": 310000, "errmsg": "sign not match"})
    return OK


def test_a_robot_posts_markdown_with_its_signature() -> None:
    with run_platform(robot) as platform:
        DingTalkRobot(Place(platform.url), SecretStr(TOKEN), SecretStr(SECRET)).send(delivery())
    (asked,) = platform.asked
    assert asked.path == "/robot/send"
    assert asked.query["timestamp"] == "1685577600000"
    assert asked.json == {
        "msgtype": "markdown",
        "markdown": {"title": "［告警］主楼用电超定额", "text": "**对象**：主楼\n\n用量：104 kgce"},
    }


@pytest.mark.parametrize(("token", "secret"), [(TOKEN, "wrong"), ("wrong-token", SECRET)])
def test_a_wrong_secret_stops_the_channel_until_it_is_put_right(token: str, secret: str) -> None:
    with run_platform(robot) as platform, pytest.raises(ChannelError) as caught:
        DingTalkRobot(Place(platform.url), SecretStr(token), SecretStr(secret)).send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (True, True)
    assert "errcode 0, it says 3" in str(caught.value)
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "retryable", "whole", "wait_s"),
    [
        (Answer({"errcode": 130101, "errmsg": "send too fast"}), True, True, 600),
        (Answer({"errcode": 430104, "errmsg": "unsafe content"}), False, False, None),
        (Answer({"errcode": -1, "errmsg": "busy"}), True, False, None),
        (Answer(b"<html>please sign in</html>"), True, True, None),
        (Answer(b"[]"), True, True, None),
        (Answer(b"x" * 70_000), True, True, None),
        (Answer(status=503), True, True, None),
    ],
)
def test_what_the_answers_mean(
    answer: Answer, retryable: bool, whole: bool, wait_s: float | None
) -> None:
    with run_platform(lambda _: answer) as platform, pytest.raises(ChannelError) as caught:
        DingTalkRobot(Place(platform.url), SecretStr(TOKEN)).send(delivery())
    found = caught.value
    assert (found.retryable, found.whole_channel, found.retry_after_s) == (retryable, whole, wait_s)


def test_a_private_dingtalk_is_known_by_its_ca(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    with run_platform(robot, authority.server) as platform:
        place = Place(platform.url, authority.ca_file)
        DingTalkRobot(place, SecretStr(TOKEN), SecretStr(SECRET)).send(delivery())
    assert len(platform.asked) == 1


def test_a_long_digest_goes_in_parts_and_on_where_it_broke_off() -> None:
    lines = [f"{number} 主楼用电超定额，请于本周内处理" for number in range(700)]
    answers = [OK, Answer(status=503)]
    with run_platform(lambda _: answers.pop(0) if answers else OK) as platform:
        channel = DingTalkRobot(Place(platform.url), SecretStr(TOKEN))
        long = delivery(markdown="\n".join(lines))
        with pytest.raises(ChannelError, match="503"):
            channel.send(long)
        channel.send(long)
    titles = [asked.json["markdown"]["title"][-5:] for asked in platform.asked]
    assert titles == ["(1/3)", "(2/3)", "(2/3)", "(3/3)"]
    said = [platform.asked[n].json["markdown"]["text"] for n in (0, 2, 3)]
    assert "\n".join(said).split("\n") == lines
    assert all(len(asked.body) <= 20_000 for asked in platform.asked)


def notices(tokens: list[str], valid: Callable[[str], bool]) -> Callable[[Asked], Answer]:
    """The side of work notices: hands out the tokens in turn."""

    def answer(asked: Asked) -> Answer:
        if asked.path == "/gettoken":
            if asked.query != {"appkey": "app", "appsecret": SECRET}:
                return Answer({"errcode": 40089, "errmsg": f"bad {asked.query['appsecret']}"})
            return Answer({"errcode": 0, "access_token": tokens.pop(0), "expires_in": 7200})
        if not valid(asked.query["access_token"]):
            return Answer({"errcode": 40014, "errmsg": "invalid access_token"})
        if asked.json["userid_list"] != "user-1":
            return Answer({"errcode": 33012, "errmsg": "invalid userid"})
        return Answer({"errcode": 0, "task_id": 256271667526})

    return answer


def _app(secret: str = SECRET) -> NoticeApp:
    return NoticeApp("app", SecretStr(secret), 1234)


def test_a_work_notice_goes_to_the_persons_user_id_and_the_token_is_kept() -> None:
    with run_platform(notices(["t1", "t2"], lambda _: True)) as platform:
        channel = DingTalkNotices(Place(platform.url), _app())
        channel.send(delivery())
        channel.send(delivery())
        later = SENT_AT + timedelta(hours=2)
        channel.send(Delivery("k-2", delivery().body, later, delivery().recipient))
    paths = [asked.path.rpartition("/")[2] for asked in platform.asked]
    assert paths == ["gettoken", *["asyncsend_v2"] * 2, "gettoken", "asyncsend_v2"]
    sent = platform.asked[1].json
    assert (sent["agent_id"], sent["userid_list"]) == (1234, "user-1")
    assert sent["msg"]["msgtype"] == "markdown"
    assert len(platform.asked[1].body) < 2048


def test_a_token_that_counts_no_more_is_fetched_anew() -> None:
    with run_platform(notices(["old", "new"], lambda token: token == "new")) as platform:
        DingTalkNotices(Place(platform.url), _app()).send(delivery())
    assert len(platform.asked) == 4


def test_a_platform_that_refuses_every_token_is_no_endless_loop() -> None:
    with (
        run_platform(notices(["a", "b"], lambda _: False)) as platform,
        pytest.raises(ChannelError, match="a fresh access token must count"),
    ):
        DingTalkNotices(Place(platform.url), _app()).send(delivery())
    assert len(platform.asked) == 4


def test_a_wrong_app_secret_is_told_and_not_shown() -> None:
    with (
        run_platform(notices([], lambda _: True)) as platform,
        pytest.raises(ChannelError, match=r"it says 40089 \(bad \*\*\*\)") as caught,
    ):
        DingTalkNotices(Place(platform.url), _app("n0t-it")).send(delivery())
    assert caught.value.whole_channel


def test_somebody_unknown_and_somebody_without_a_user_id_are_final() -> None:
    from dataclasses import replace

    from tests.alerts.channels.bodies import OFFICER

    with run_platform(notices(["t"], lambda _: True)) as platform:
        channel = DingTalkNotices(Place(platform.url), _app())
        for chat in ("nobody", ""):
            with pytest.raises(ChannelError) as caught:
                channel.send(delivery(replace(OFFICER, chat=chat)))
            assert not caught.value.retryable
