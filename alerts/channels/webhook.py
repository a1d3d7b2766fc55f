"""Delivery by HTTP POST, signed where a secret is set.

Headers: ``Idempotency-Key`` (percent-encoded, the same for every try), ``X-Quotawatt-Timestamp`` (Unix
seconds) and, with a secret, ``X-Quotawatt-Signature: sha256=HEX``, the HMAC-SHA256 over timestamp, a full
stop and the body as sent. A receiver recomputes it and refuses old timestamps.
"""

import hashlib
import hmac
import json
from urllib.parse import quote

import httpx
from pydantic import SecretStr

from alerts.channels.base import Delivery
from quotawatt.clock import require_utc
from quotawatt.errors import ChannelError, SettingError

TIMEOUT_S = 10.0

# "Not in time" and "too many" pass; every other refusal of the request itself will be refused again.
_RETRYABLE_4XX = frozenset({408, 429})


class WebhookChannel:
    """Posts each message to ``url`` as JSON. Any 2xx is success; redirects are not followed."""

    def __init__(
        self, url: str, secret: SecretStr | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        """Raises SettingError where ``url`` is no http(s) address."""
        self._url = _checked(url)
        self._secret = secret.get_secret_value().encode() if secret else b""
        self._client = httpx.Client(timeout=timeout_s)

    def send(self, delivery: Delivery) -> None:
        """Post once. Raises ChannelError; retryable unless the receiver refuses the request (4xx)."""
        body = json.dumps(delivery.body, ensure_ascii=False).encode()
        timestamp = str(int(require_utc(delivery.sent_at).timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": quote(delivery.key, safe="/:+.-_"),
            "X-Quotawatt-Timestamp": timestamp,
        }
        if self._secret:
            headers["X-Quotawatt-Signature"] = f"sha256={signature(self._secret, timestamp, body)}"
        try:
            # The answer's body is never read: it says nothing to us and may have no end.
            with self._client.stream("POST", self._url, content=body, headers=headers) as response:
                status = response.status_code
        except httpx.HTTPError as error:
            raise ChannelError(
                f"the webhook must answer, {self._host()} says: {type(error).__name__}: {error}",
                retryable=True,
            ) from None
        if not 200 <= status < 300:
            refused = 400 <= status < 500 and status not in _RETRYABLE_4XX
            raise ChannelError(
                f"the webhook must answer 2xx, {self._host()} says {status}", retryable=not refused
            )

    def _host(self) -> str:
        # A webhook's path or user name often is its secret.
        return self._url.host


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 (hex) over ``timestamp``, a full stop and ``body``."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _checked(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise SettingError(
            f"setting QUOTAWATT_WEBHOOK_URL must be an http(s) address, got scheme {parsed.scheme!r}"
        )
    return parsed
