"""DingTalk: a robot in a group, or work notices to persons; public, or private by its own address.

Robot (open.dingtalk.com, "Custom bot access"): ``POST /robot/send?access_token=``, signed by ``timestamp``
(ms) and ``sign``, the Base64 of HMAC-SHA256 over ``timestamp\\nSECRET``; 20 messages a minute. Work notices
("Send work notifications"): a token by ``GET /gettoken``, then ``POST
/topapi/message/corpconversation/asyncsend_v2``; a message has 2048 bytes at most, and one with the same
content reaches a person once a day, so that a repetition is dropped there. Both say their result as
``errcode`` in a 200.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.chat import Codes, InParts, Token, require_ok
from alerts.channels.http import Caller, Place
from alerts.channels.said import clipped, said
from quotawatt.clock import require_utc
from quotawatt.errors import ChannelError

ADDRESS = "https://oapi.dingtalk.com"

_ROBOT_BYTES = 16_000
_NOTICE_BYTES = 1_700
_TITLE_BYTES = 128
_CODES = Codes(
    field="errcode",
    too_many=(130101, 410100),
    set_up=(300001, 310000, 40035, 40056, 40089, 60011, 60020),
    refused=(430101, 430102, 430103, 430104, 460101, 33012, 60121),
    token=(40001, 40014, 42001),
    pause_s=600.0,  # so long a robot that said too much is not heard
)


class DingTalkRobot:
    """A robot of a group chat; nobody's own."""

    def __init__(self, place: Place, token: SecretStr, secret: SecretStr | None = None) -> None:
        self._caller = Caller("DingTalk", place)
        self._token, self._secret = token, secret
        self._parts = InParts(_ROBOT_BYTES)

    def send(self, delivery: Delivery) -> None:
        """Post it to the group, in parts where it is long. Raises ChannelError."""
        words = said(delivery.body)
        self._parts.send(
            delivery.key, words, lambda title, text: self._post(title, text, delivery.sent_at)
        )

    def _post(self, title: str, text: str, sent_at: datetime) -> None:
        query = {"access_token": self._token.get_secret_value()}
        if self._secret is not None:
            timestamp = str(int(require_utc(sent_at).timestamp() * 1000))
            query |= {"timestamp": timestamp, "sign": robot_sign(self._secret, timestamp)}
        answer = self._caller.ask(
            "POST", "/robot/send", sent_at, query=query, body=_markdown(title, text)
        )
        secrets = [self._token] if self._secret is None else [self._token, self._secret]
        require_ok(answer, _CODES, "DingTalk", secrets)


@dataclass(frozen=True, slots=True)
class NoticeApp:
    """The application that sends work notices: its key and secret, and ``agent``, its AgentId."""

    key: str
    secret: SecretStr
    agent: int


class DingTalkNotices:
    """Work notices to persons by their DingTalk user id (``Recipient.chat``)."""

    def __init__(self, place: Place, app: NoticeApp) -> None:
        self._caller = Caller("DingTalk", place)
        self._app = app
        self._token = Token(self._fetch)
        self._parts = InParts(_NOTICE_BYTES)

    def send(self, delivery: Delivery) -> None:
        """Send it to the recipient, in parts where it is long. Raises ChannelError."""
        user = delivery.recipient.chat if delivery.recipient else ""
        if not user:
            raise ChannelError(
                "a recipient must have a DingTalk user id, got none", retryable=False
            )
        self._parts.send(
            delivery.key,
            said(delivery.body),
            lambda title, text: self._token.use(
                lambda token: self._notify(token, user, _markdown(title, text), delivery.sent_at),
                delivery.sent_at,
            ),
        )

    def _notify(self, token: str, user: str, message: dict[str, Any], sent_at: datetime) -> None:
        body = {"agent_id": self._app.agent, "userid_list": user, "msg": message}
        path = "/topapi/message/corpconversation/asyncsend_v2"
        answer = self._caller.ask("POST", path, sent_at, query={"access_token": token}, body=body)
        require_ok(answer, _CODES, "DingTalk", [self._app.secret, SecretStr(token)])

    def _fetch(self, now: datetime) -> tuple[str, float]:
        query = {"appkey": self._app.key, "appsecret": self._app.secret.get_secret_value()}
        answer = self._caller.ask("GET", "/gettoken", now, query=query)
        # Here 40001 and 40014 say that the secret is wrong, and no other token would help.
        require_ok(answer, _FETCHING, "DingTalk", [self._app.secret])
        return str(answer.get("access_token", "")), float(answer.get("expires_in", 0))


_FETCHING = Codes(
    field="errcode",
    too_many=_CODES.too_many,
    set_up=(*_CODES.set_up, *_CODES.token),
    refused=(),
)


def robot_sign(secret: SecretStr, timestamp_ms: str) -> str:
    """The signature of a robot's call: Base64 of HMAC-SHA256 by the secret over ``timestamp\\nsecret``."""
    key = secret.get_secret_value()
    digest = hmac.new(key.encode(), f"{timestamp_ms}\n{key}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _markdown(title: str, text: str) -> dict[str, Any]:
    return {
        "msgtype": "markdown",
        "markdown": {"title": clipped(title, _TITLE_BYTES), "text": text},
    }
