"""Delivery by HTTP POST, signed where a secret is set.

Headers: ``Idempotency-Key`` (percent-encoded, the same for every try), ``X-Quotawatt-Timestamp`` (Unix
seconds) and, with a secret, ``X-Quotawatt-Signature: sha256=HEX``, the HMAC-SHA256 over timestamp, a full
stop and the body as sent; while a secret is changed, ``X-Quotawatt-Signature-Previous`` by the one before.
The body is described by ``webhook.schema.json``; ``docs/channels.md`` holds a receiver that checks all of it.
"""

import hashlib
import hmac
import json
from urllib.parse import quote

import httpx
from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.http import TIMEOUT_S, Caller, Place
from quotawatt.clock import require_utc
from quotawatt.errors import SettingError

KEY_HEADER = "Idempotency-Key"
TIMESTAMP_HEADER = "X-Quotawatt-Timestamp"
SIGNATURE_HEADERS = ("X-Quotawatt-Signature", "X-Quotawatt-Signature-Previous")


class WebhookChannel:
    """Posts each message to an address as JSON. Any 2xx is success; redirects are not followed."""

    def __init__(
        self,
        place: Place,
        secret: SecretStr | None = None,
        previous_secret: SecretStr | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Raises SettingError where the certificates cannot be read."""
        given = (secret, previous_secret)
        self._secrets = [s.get_secret_value().encode() if s else b"" for s in given]
        self._caller = Caller("the webhook", place, timeout_s)

    def send(self, delivery: Delivery) -> None:
        """Post once. Raises ChannelError; retryable unless the receiver refuses the request itself."""
        body = json.dumps(delivery.body, ensure_ascii=False).encode()
        sent_at = require_utc(delivery.sent_at)
        timestamp = str(int(sent_at.timestamp()))
        headers = {
            "Content-Type": "application/json",
            KEY_HEADER: quote(delivery.key, safe="/:+.-_"),
            TIMESTAMP_HEADER: timestamp,
        }
        for name, secret in zip(SIGNATURE_HEADERS, self._secrets, strict=True):
            if secret:
                headers[name] = f"sha256={signature(secret, timestamp, body)}"
        self._caller.post(body, headers, sent_at)


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 (hex) over ``timestamp``, a full stop and ``body``."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def checked_url(url: str, what: str) -> str:
    """The address itself. Raises SettingError where it is not http(s); no more than its scheme is shown."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise SettingError(f"{what} must be an http(s) address, got scheme {parsed.scheme!r}")
    return url
