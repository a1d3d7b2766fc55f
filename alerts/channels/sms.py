"""Short messages through a gateway's HTTP interface, described as data: nearly every gateway has its own.

Address, headers and fields are templates with ``{mobile}``, ``{text}``, ``{key}``, ``{timestamp}`` (Unix
seconds), ``{timestamp_ms}``, ``{secret}`` and ``{signature}``. What the gateway answers counts as taken where
one field of its JSON has the value that the file names.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.chat import redacted
from alerts.channels.http import Caller, Place
from alerts.channels.said import clipped, said
from quotawatt.clock import require_utc
from quotawatt.errors import ChannelError

PLACEHOLDERS = ("mobile", "text", "key", "timestamp", "timestamp_ms", "secret", "signature")

MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")
"""A mobile number of the mainland, with or without the country's code."""

_TEXT_BYTES = 420
_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")


class Sent(StrEnum):
    """How the fields travel: as a JSON object, as a form, or in the address."""

    JSON = "json"
    FORM = "form"
    QUERY = "query"


class Signing(StrEnum):
    """How ``{signature}`` is made of the text to be signed: a keyed hash, or a plain one (hex)."""

    HMAC_SHA256 = "hmac-sha256"
    SHA256 = "sha256"
    MD5 = "md5"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway's interface.

    fields, headers
        Names and templates.
    signing, signed
        How the signature is made, and the template of what is signed; empty: there is none.
    success
        Path of the field of the answer by names behind full stops, and the value that it must have;
        empty: any 2xx will do.
    """

    place: Place
    fields: Mapping[str, str]
    sent: Sent = Sent.JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: SecretStr | None = None
    signing: Signing = Signing.HMAC_SHA256
    signed: str = ""
    success: tuple[str, str] = ("", "")


class SmsChannel:
    """Sends the short form of a message to the recipient's mobile number."""

    def __init__(self, gateway: Gateway) -> None:
        """Raises SettingError where the certificates cannot be read."""
        self._gateway = gateway
        self._caller = Caller("the SMS gateway", gateway.place)

    def send(self, delivery: Delivery) -> None:
        """Hand it to the gateway. Raises ChannelError; final for a number that is none."""
        mobile = delivery.recipient.mobile if delivery.recipient else ""
        if not MOBILE.fullmatch(mobile):
            raise ChannelError(
                "a recipient must have a mobile number of 11 digits, got"
                f" {'another' if mobile else 'none'}",
                retryable=False,
            )
        values = self._values(delivery, mobile)
        gateway = self._gateway
        filled = {name: fill(template, values) for name, template in gateway.fields.items()}
        headers = {name: fill(template, values) for name, template in gateway.headers.items()}
        url = httpx.URL(fill(gateway.place.url, {n: quote(v, safe="") for n, v in values.items()}))
        sent_at = require_utc(delivery.sent_at)
        if gateway.sent is Sent.QUERY:
            answer = self._caller.send("GET", url, headers, None, sent_at, filled)
        else:
            kind, content = _content(gateway.sent, filled)
            answer = self._caller.send(
                "POST", url, {"Content-Type": kind, **headers}, content, sent_at
            )
        self._require_taken(answer)

    def _values(self, delivery: Delivery, mobile: str) -> dict[str, str]:
        words = said(delivery.body)
        seconds = require_utc(delivery.sent_at).timestamp()
        secret = self._gateway.secret.get_secret_value() if self._gateway.secret else ""
        values = {
            "mobile": mobile,
            "text": clipped(words.short, _TEXT_BYTES),
            "key": hashlib.sha256(delivery.key.encode()).hexdigest()[:32],
            "timestamp": str(int(seconds)),
            "timestamp_ms": str(int(seconds * 1000)),
            "secret": secret,
            "signature": "",
        }
        text = fill(self._gateway.signed, values)
        return {**values, "signature": _signature(self._gateway.signing, secret, text)}

    def _require_taken(self, answer: bytes) -> None:
        path, wanted = self._gateway.success
        if not path:
            return
        said_ = _at(self._caller.object_of(answer), path)
        if said_ != wanted:
            shown = redacted(said_, [self._gateway.secret] if self._gateway.secret else [])
            raise ChannelError(
                f"the SMS gateway must answer {path} {wanted}, {self._caller.host} says {shown}",
                retryable=True,
            )


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its placeholders filled; other braces stay as they are."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def unknown_placeholders(template: str) -> list[str]:
    """Words in braces that are no placeholders."""
    return [word for word in _PLACEHOLDER.findall(template) if word not in PLACEHOLDERS]


def _content(sent: Sent, fields: Mapping[str, str]) -> tuple[str, bytes]:
    if sent is Sent.FORM:
        return "application/x-www-form-urlencoded; charset=utf-8", urlencode(fields).encode()
    return "application/json; charset=utf-8", json.dumps(fields, ensure_ascii=False).encode()


def _signature(signing: Signing, secret: str, text: str) -> str:
    if signing is Signing.HMAC_SHA256:
        return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hashlib.new(signing.value, text.encode(), usedforsecurity=False).hexdigest()


def _at(answer: Mapping[str, Any], path: str) -> str:
    found: Any = answer
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, bool) or found is None:
        return json.dumps(found)
    return str(found)
