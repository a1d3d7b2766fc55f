"""WeCom: a robot in a group, or an application's messages to persons; government WeCom by its address.

Robot (developer.work.weixin.qq.com, document 91770): ``POST /cgi-bin/webhook/send?key=``, Markdown of 4096
bytes at most, 20 messages a minute. Application (90236): a token by ``GET /cgi-bin/gettoken``, then ``POST
/cgi-bin/message/send`` with Markdown of 2048 bytes at most; ``enable_duplicate_check`` makes the platform
drop a repetition. Both say their result as ``errcode`` in a 200; ``invaliduser`` names whom it does not know.
"""

from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.chat import Codes, InParts, Token, require_ok
from alerts.channels.http import Caller, Place
from alerts.channels.said import clipped, said
from quotawatt.errors import ChannelError

ADDRESS = "https://qyapi.weixin.qq.com"

_TITLE_BYTES = 200
_ROBOT_BYTES = 4096 - _TITLE_BYTES - 8
_MESSAGE_BYTES = 2048 - _TITLE_BYTES - 8
_CHECKED_FOR_S = 14_400
"""How long the platform remembers a message, in order to drop a repetition; it takes no longer time."""

_CODES = Codes(
    field="errcode",
    too_many=(45009, 45033, 45011),
    set_up=(93000, 40013, 40056, 48002, 60011, 60020, 301002),
    refused=(81013, 60111, 40003, 40008, 44004, 40058, 45002),
    token=(40014, 42001, 41001),
)
_FETCHING = Codes(
    field="errcode",
    too_many=_CODES.too_many,
    set_up=(*_CODES.set_up, *_CODES.token, 40001, 40091, 41004),
    refused=(),
)


class WeComRobot:
    """A robot of a group chat; nobody's own."""

    def __init__(self, place: Place, key: SecretStr) -> None:
        self._caller = Caller("WeCom", place)
        self._key = key
        self._parts = InParts(_ROBOT_BYTES)

    def send(self, delivery: Delivery) -> None:
        """Post it to the group, in parts where it is long. Raises ChannelError."""
        self._parts.send(
            delivery.key,
            said(delivery.body),
            lambda title, text: self._post(title, text, delivery.sent_at),
        )

    def _post(self, title: str, text: str, sent_at: datetime) -> None:
        query = {"key": self._key.get_secret_value()}
        body = {"msgtype": "markdown", "markdown": {"content": _content(title, text)}}
        answer = self._caller.ask("POST", "/cgi-bin/webhook/send", sent_at, query=query, body=body)
        require_ok(answer, _CODES, "WeCom", [self._key])


@dataclass(frozen=True, slots=True)
class MessageApp:
    """The application that sends: its corporation's id, its secret, and ``agent``, its AgentId."""

    corporation: str
    secret: SecretStr
    agent: int


class WeComMessages:
    """An application's messages to persons by their WeCom user id (``Recipient.chat``)."""

    def __init__(self, place: Place, app: MessageApp) -> None:
        self._caller = Caller("WeCom", place)
        self._app = app
        self._token = Token(self._fetch)
        self._parts = InParts(_MESSAGE_BYTES)

    def send(self, delivery: Delivery) -> None:
        """Send it to the recipient, in parts where it is long. Raises ChannelError."""
        user = delivery.recipient.chat if delivery.recipient else ""
        if not user:
            raise ChannelError("a recipient must have a WeCom user id, got none", retryable=False)
        self._parts.send(
            delivery.key,
            said(delivery.body),
            lambda title, text: self._token.use(
                lambda token: self._message(token, user, _content(title, text), delivery.sent_at),
                delivery.sent_at,
            ),
        )

    def _message(self, token: str, user: str, content: str, sent_at: datetime) -> None:
        body = {
            "touser": user,
            "msgtype": "markdown",
            "agentid": self._app.agent,
            "markdown": {"content": content},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _CHECKED_FOR_S,
        }
        query = {"access_token": token}
        answer = self._caller.ask("POST", "/cgi-bin/message/send", sent_at, query=query, body=body)
        require_ok(answer, _CODES, "WeCom", [self._app.secret, SecretStr(token)])
        if answer.get("invaliduser"):
            raise ChannelError("a recipient must be known to WeCom, it says no", retryable=False)

    def _fetch(self, now: datetime) -> tuple[str, float]:
        secret = self._app.secret.get_secret_value()
        query = {"corpid": self._app.corporation, "corpsecret": secret}
        answer = self._caller.ask("GET", "/cgi-bin/gettoken", now, query=query)
        require_ok(answer, _FETCHING, "WeCom", [self._app.secret])
        return str(answer.get("access_token", "")), float(answer.get("expires_in", 0))


def _content(title: str, text: str) -> str:
    return f"**{clipped(title, _TITLE_BYTES)}**\n\n{text}"
