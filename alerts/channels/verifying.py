"""What a receiver of the webhook does before it believes a message: signature, age, repetition."""

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from alerts.channels.webhook import KEY_HEADER, SIGNATURE_HEADERS, TIMESTAMP_HEADER, signature
from quotawatt.clock import require_utc
from quotawatt.errors import InputError

OLDEST = timedelta(minutes=5)
"""A message that was signed longer ago, or as much ahead, is a replay or comes from a wrong clock."""


def require_genuine(
    headers: Mapping[str, str], body: bytes, secrets: Collection[str], now: datetime
) -> str:
    """The message's key, once it is sure that it is genuine and fresh.

    Whoever has seen the key before answers 2xx and does nothing. ``headers`` in any case of letters,
    ``body`` as it came; ``secrets`` are those that count, two while one is changed. Raises InputError for a
    wrong or missing signature and for a timestamp that is too old.
    """
    given = {name.lower(): value for name, value in headers.items()}
    timestamp = given.get(TIMESTAMP_HEADER.lower(), "")
    signed = [given[name.lower()] for name in SIGNATURE_HEADERS if name.lower() in given]
    expected = [f"sha256={signature(secret.encode(), timestamp, body)}" for secret in secrets]
    if not any(
        hmac.compare_digest(mine.encode(), theirs.encode())
        for mine in expected
        for theirs in signed
    ):
        raise InputError("a message must be signed with the shared secret, got another signature")
    age_s = require_utc(now).timestamp() - int(timestamp)
    if abs(age_s) > OLDEST.total_seconds():
        raise InputError(
            f"a message must be signed within {OLDEST.total_seconds():.0f} s, got {age_s:.0f} s ago"
        )
    return given.get(KEY_HEADER.lower(), "")
