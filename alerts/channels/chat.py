"""What chat platforms have in common: codes in their answers, tokens that run out, messages in parts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from alerts.channels.said import Said, clipped, parts
from quotawatt.errors import ChannelError

_RENEWED_BEFORE = timedelta(minutes=5)
_ERROR_BYTES = 300


@dataclass(frozen=True, slots=True)
class Codes:
    """What a platform's codes other than 0 mean; one that is not listed may pass.

    too_many
        Its limit is reached: the channel is left alone for ``pause_s``.
    set_up
        Secret, address or permission is wrong: all messages wait until somebody has put it right.
    token
        The access token counts no more: another is fetched.
    refused
        The message or its recipient: it will be refused again.
    """

    field: str
    too_many: Collection[int]
    set_up: Collection[int]
    refused: Collection[int]
    token: Collection[int] = ()
    pause_s: float = 60.0


class TokenExpired(Exception):
    """The platform does not know the access token any more; never leaves the channels."""


def require_ok(
    answer: Mapping[str, Any], codes: Codes, what: str, secrets: Collection[SecretStr] = ()
) -> None:
    """Return where the platform says 0. Raises ChannelError with its code and words, none of the secrets.

    Raises TokenExpired where another token would do.
    """
    code = answer.get(codes.field)
    if code == 0:
        return
    if code in codes.token:
        raise TokenExpired
    words = str(answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or "")
    whole = code in codes.too_many or code in codes.set_up
    raise ChannelError(
        f"{what} must answer {codes.field} 0, it says {code} ({redacted(words, secrets)})",
        retryable=code not in codes.refused,
        retry_after_s=codes.pause_s if code in codes.too_many else None,
        whole_channel=whole,
    )


def redacted(words: str, secrets: Collection[SecretStr]) -> str:
    """A platform's words without the secrets, cut to a line's length."""
    for secret in secrets:
        words = words.replace(secret.get_secret_value() or "\0", "***")
    return clipped(words, _ERROR_BYTES)


class Token:
    """An access token that is fetched when it is needed and kept until shortly before it runs out."""

    def __init__(self, fetch: Callable[[datetime], tuple[str, float]]) -> None:
        """``fetch(now)`` answers the token and how many seconds it lasts."""
        self._fetch = fetch
        self._value = ""
        self._until: datetime | None = None

    def use(self, call: Callable[[str], None], now: datetime) -> None:
        """Call with the token, once more with a fresh one where it counts no more. Raises ChannelError."""
        try:
            call(self._present(now))
        except TokenExpired:
            self._until = None
            try:
                call(self._present(now))
            except TokenExpired:
                raise ChannelError(
                    "a fresh access token must count, the platform refuses it",
                    retryable=True,
                    whole_channel=True,
                ) from None

    def _present(self, now: datetime) -> str:
        if self._until is None or now >= self._until:
            self._value, lasts_s = self._fetch(now)
            self._until = now + max(timedelta(seconds=lasts_s) - _RENEWED_BEFORE, timedelta(0))
        return self._value


class InParts:
    """Sends a message in parts, and goes on where a try broke off, as long as the process lives."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._sent: dict[str, int] = {}

    def send(self, key: str, words: Said, send_one: Callable[[str, str], None]) -> None:
        """Call ``send_one(title, text)`` for each part. Raises what it raises."""
        pieces = parts(words.markdown, self._limit_bytes, words)
        for number in range(self._sent.pop(key, 0), len(pieces)):
            place = f" ({number + 1}/{len(pieces)})" if len(pieces) > 1 else ""
            try:
                send_one(words.title + place, pieces[number])
            except ChannelError as error:
                if error.retryable and number:
                    self._sent[key] = number
                raise
