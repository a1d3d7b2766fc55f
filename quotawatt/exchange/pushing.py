"""Sending to the platform above: HTTP POST of each document, as JSON, until it is taken.

Headers: ``Authorization: Bearer TOKEN`` where a token is set, ``Idempotency-Key`` (the snapshot's number,
percent-encoded, the same for every try) and ``X-Quotawatt-Schema``. Any 2xx is success; what the platform
answers is kept as its receipt. Redirects are not followed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import httpx
from pydantic import SecretStr
from sqlalchemy import Engine

from quotawatt.errors import ChannelError, SettingError
from quotawatt.exchange.documents import RETURN_1
from quotawatt.exchange.making import return_document
from quotawatt.exchange.outbox import Waiting, due, note_failure, note_sent, queue_returns
from quotawatt.issued import Issued
from quotawatt.rulebook.forms import Form
from quotawatt.rulebook.model import Rulebook

TIMEOUT_S = 20.0
_RECEIPT_BYTES = 4000
"""So much of an answer is kept; what comes after it is not read."""

# "Not in time" and "too many" pass; every other refusal of the request itself will be refused again.
_RETRYABLE_4XX = frozenset({408, 429})


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a turn did: documents that were new, sent, put off and given up."""

    queued: int = 0
    sent: int = 0
    put_off: int = 0
    given_up: int = 0


class Pusher:
    """Sends accepted returns to ``url``. Without one it does nothing, and nothing is written down.

    rulebook_source
        Returns the present rulebook: its forms say which snapshots are returns.
    """

    def __init__(
        self,
        records: Engine,
        rulebook_source: Callable[[], Rulebook],
        url: str,
        token: SecretStr,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Raises SettingError where ``url`` is set and no http(s) address."""
        self._records = records
        self._rulebook_source = rulebook_source
        self._url = _checked(url) if url else None
        self._token = token.get_secret_value()
        self._timeout_s = timeout_s

    def run(self, now: datetime) -> PushReport:
        """Write down what is new and send what is due. After a failure the rest waits for its turn."""
        if self._url is None:
            return PushReport()
        book = self._rulebook_source()
        with self._records.begin() as conn:
            queued = queue_returns(conn, list(book.forms), lambda one: _made(one, book), now)
        with self._records.connect() as conn:
            waiting = due(conn, now)
        sent = put_off = given_up = 0
        with httpx.Client(timeout=self._timeout_s) as client:
            for item in waiting:
                outcome = self._send(client, item, now)
                sent += outcome == "sent"
                put_off += outcome == "put_off"
                given_up += outcome == "given_up"
                if outcome == "put_off":
                    break  # it does not answer: no use in waiting as long for each of the others
        return PushReport(queued, sent, put_off, given_up)

    def _send(self, client: httpx.Client, item: Waiting, now: datetime) -> str:
        try:
            receipt = self._post(client, item)
        except ChannelError as error:
            with self._records.begin() as conn:
                return "given_up" if note_failure(conn, item, error, now) else "put_off"
        with self._records.begin() as conn:
            note_sent(conn, item, receipt, now)
        return "sent"

    def _post(self, client: httpx.Client, item: Waiting) -> str:
        assert self._url is not None
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": quote(item.key, safe="-._"),
            "X-Quotawatt-Schema": RETURN_1,
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = json.dumps(item.body, ensure_ascii=False).encode()
        try:
            with client.stream("POST", self._url, content=body, headers=headers) as response:
                status, said = response.status_code, _read(response)
        except httpx.HTTPError as error:
            raise ChannelError(
                f"the platform above must answer, {self._url.host} says: "
                f"{type(error).__name__}: {error}",
                retryable=True,
            ) from None
        if not 200 <= status < 300:
            refused = 400 <= status < 500 and status not in _RETRYABLE_4XX
            raise ChannelError(
                f"the platform above must answer 2xx, {self._url.host} says {status}: {said}",
                retryable=not refused,
            )
        return said


def _made(snapshot: Issued, book: Rulebook) -> dict[str, object]:
    return return_document(snapshot, form_of_snapshot(snapshot, book))


def form_of_snapshot(snapshot: Issued, book: Rulebook) -> Form | None:
    """The form that a snapshot of a return is on; None where the rulebook has it no more."""
    said = snapshot.content["form"]
    listed = book.versions.get("forms", {}).get(said["id"], ())
    found = [one.value for one in listed if one.value.version == said["version"]]
    return found[-1] if found else None


def _read(response: httpx.Response) -> str:
    """The beginning of an answer, which may have no end."""
    kept = b""
    for piece in response.iter_bytes():
        kept += piece
        if len(kept) >= _RECEIPT_BYTES:
            break
    return kept[:_RECEIPT_BYTES].decode(errors="replace").replace("\0", "")


def _checked(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise SettingError(
            "setting QUOTAWATT_EXCHANGE_URL must be an http(s) address, "
            f"got scheme {parsed.scheme!r}"
        )
    return parsed
