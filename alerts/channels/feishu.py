"""Feishu (Lark): a robot in a group; a deployment of one's own by its address.

"Custom bot usage guide" (open.feishu.cn): ``POST /open-apis/bot/v2/hook/TOKEN`` with ``timestamp`` (s) and
``sign`` in the body, the Base64 of HMAC-SHA256 over nothing with ``timestamp\\nSECRET`` as the key; a body of
20 KB at most, 100 messages a minute and 5 a second. The result is ``code`` in a 200.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.chat import Codes, InParts, require_ok
from alerts.channels.http import Caller, Place
from alerts.channels.said import clipped, said
from quotawatt.clock import require_utc

ADDRESS = "https://open.feishu.cn"

_BODY_BYTES = 16_000
_TITLE_BYTES = 300
_CODES = Codes(
    field="code",
    too_many=(11232, 11233, 99991400),
    set_up=(19001, 19021, 19022, 19024),
    refused=(9499,),
)


class FeishuRobot:
    """A robot of a group chat; nobody's own."""

    def __init__(self, place: Place, token: SecretStr, secret: SecretStr | None = None) -> None:
        self._caller = Caller("Feishu", place)
        self._token, self._secret = token, secret
        self._parts = InParts(_BODY_BYTES)

    def send(self, delivery: Delivery) -> None:
        """Post it to the group as a card, in parts where it is long. Raises ChannelError."""
        self._parts.send(
            delivery.key,
            said(delivery.body),
            lambda title, text: self._post(title, text, delivery.sent_at),
        )

    def _post(self, title: str, text: str, sent_at: datetime) -> None:
        body = _card(title, text)
        if self._secret is not None:
            timestamp = str(int(require_utc(sent_at).timestamp()))
            body |= {"timestamp": timestamp, "sign": robot_sign(self._secret, timestamp)}
        path = f"/open-apis/bot/v2/hook/{self._token.get_secret_value()}"
        answer = self._caller.ask("POST", path, sent_at, body=body)
        secrets = [self._token] if self._secret is None else [self._token, self._secret]
        require_ok({"code": answer.get("StatusCode"), **answer}, _CODES, "Feishu", secrets)


def robot_sign(secret: SecretStr, timestamp_s: str) -> str:
    """The signature of a call: Base64 of HMAC-SHA256 over nothing, ``timestamp\\nsecret`` being the key."""
    key = f"{timestamp_s}\n{secret.get_secret_value()}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def _card(title: str, text: str) -> dict[str, Any]:
    words = clipped(title, _TITLE_BYTES)
    return {
        "msg_type": "interactive",
        "card": {
            "header": {"title": {"tag": "plain_text", "content": words}},
            "elements": [{"tag": "markdown", "content": text}],
        },
    }
