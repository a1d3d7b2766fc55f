"""Calls of HTTP receivers: one try, bounded in time and size, with what their answers mean for another try.

No proxy of the environment is used and no redirect followed: a message goes where the file says, or nowhere.
No error shows more of an address than its host: path and query often are the secret.
"""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

from quotawatt.errors import ChannelError, SettingError

TIMEOUT_S = 10.0
LONGEST_CALL_S = 20.0
"""A receiver that drips its answer is left after so long."""

MOST_ANSWER_BYTES = 65_536
LONGEST_RETRY_AFTER_S = 86_400.0

# "Not in time" and "too many" pass. So does a wrong secret, once somebody has put it right.
_RETRYABLE_4XX = frozenset({401, 403, 407, 408, 425, 429})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a receiver is.

    url
        Address, http or https.
    ca_file
        Certificates (PEM) by which it is known; None: those of the machine.
    """

    url: str
    ca_file: Path | None = None


class Caller:
    """Calls one receiver; ``what`` is what errors call it."""

    def __init__(self, what: str, place: Place, timeout_s: float = TIMEOUT_S) -> None:
        """Raises SettingError where the certificates cannot be read."""
        self._what = what
        self._base = httpx.URL(place.url)
        self._client = httpx.Client(
            timeout=timeout_s, trust_env=False, verify=tls_context(place.ca_file)
        )

    @property
    def host(self) -> str:
        """All that is ever shown of the address."""
        return self._base.host

    def post(self, content: bytes, headers: Mapping[str, str], sent_at: datetime) -> None:
        """Post to the address itself; any 2xx is success, and the answer's body is never read.

        Raises ChannelError.
        """
        try:
            with self._client.stream(
                "POST", self._base, content=content, headers=dict(headers)
            ) as response:
                self._require_success(response, sent_at)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None

    def ask(
        self,
        method: str,
        path: str,
        sent_at: datetime,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """Call ``path`` below the address with a JSON body and return the JSON object that it answers.

        Raises ChannelError.
        """
        url = httpx.URL(str(self._base).rstrip("/") + path)
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if body is None else {"Content-Type": "application/json; charset=utf-8"}
        text = self.send(method, url, headers, content, sent_at, query)
        return self.object_of(text)

    def send(
        self,
        method: str,
        url: httpx.URL,
        headers: Mapping[str, str],
        content: bytes | None,
        sent_at: datetime,
        query: Mapping[str, str] | None = None,
    ) -> bytes:
        """One request; the answer's body, bounded. Raises ChannelError."""
        try:
            with self._client.stream(
                method, url, params=dict(query or {}), content=content, headers=dict(headers)
            ) as response:
                self._require_success(response, sent_at)
                return self._bounded(response)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None

    def object_of(self, answer: bytes) -> dict[str, Any]:
        """An answer as a JSON object. Raises ChannelError where it is none."""
        try:
            found = json.loads(answer)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ChannelError(
                f"{self._what} must answer a JSON object, {self.host} says something else",
                retryable=True,
                whole_channel=True,
            )
        return found

    def _bounded(self, response: httpx.Response) -> bytes:
        ends_s = time.monotonic() + LONGEST_CALL_S
        found = bytearray()
        for chunk in response.iter_bytes():
            found += chunk
            if len(found) > MOST_ANSWER_BYTES or time.monotonic() > ends_s:
                raise ChannelError(
                    f"{self._what} must answer {MOST_ANSWER_BYTES} bytes at most within"
                    f" {LONGEST_CALL_S:.0f} s, {self.host} goes on",
                    retryable=True,
                    whole_channel=True,
                )
        return bytes(found)

    def _require_success(self, response: httpx.Response, sent_at: datetime) -> None:
        status = response.status_code
        if 200 <= status < 300:
            return
        refused = 400 <= status < 500 and status not in _RETRYABLE_4XX
        raise ChannelError(
            f"{self._what} must answer 2xx, {self.host} says {status}",
            retryable=not refused,
            retry_after_s=retry_after(response.headers.get("Retry-After"), sent_at),
            whole_channel=not refused,
        )

    def _unreachable(self, error: httpx.HTTPError) -> ChannelError:
        return ChannelError(
            f"{self._what} must answer, {self.host} says: {type(error).__name__}: {error}",
            retryable=True,
            whole_channel=True,
        )


def retry_after(value: str | None, sent_at: datetime) -> float | None:
    """What a header ``Retry-After`` asks for in seconds (RFC 9110, 10.2.3); None where it says nothing."""
    if not value:
        return None
    if value.strip().isdecimal():
        return min(float(value), LONGEST_RETRY_AFTER_S)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - sent_at
    return min(max(wait.total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """TLS that knows the receiver by ``ca_file``, else by the machine's certificates.

    Raises SettingError where the file cannot be read or holds none.
    """
    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except OSError as error:  # ssl.SSLError is one
        raise SettingError(
            f"a ca_file must hold certificates (PEM), got {ca_file} ({error.strerror or error})"
        ) from None
