"""Profiles written in a test, and what they make of messages."""

import json
from datetime import UTC, datetime
from textwrap import dedent, indent
from zoneinfo import ZoneInfo

import pytest

from collectors.announced import Announced
from collectors.decode import Decoder
from collectors.profile import parse_profile
from quotawatt.errors import DecodeError

ARRIVED = datetime(2023, 7, 1, 12, tzinfo=UTC)

Found = list[tuple[str, str, float]]


def decoder_of(messages: str, announced: Announced | None = None, head: str = "") -> Decoder:
    """A decoder with one profile, ``mine``, of these messages (YAML)."""
    text = f"id: mine\ntitle_zh: 我的\ntitle_en: Mine\n{head}\nmessages:\n"
    profile = parse_profile(text + indent(dedent(messages), "  "), "mine.yaml")
    return Decoder([profile], ZoneInfo("Asia/Shanghai"), announced=announced)


def found(decoder: Decoder, payload: object, topic: str = "x/dev") -> tuple[Found, list[str]]:
    """(channel, quantity, value) of the readings, in an order of their own, and the problems' reasons."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    decoded = decoder.decode(topic, content, ARRIVED)
    readings = [(b.channel, b.quantity, round(b.values[0], 9)) for b in decoded.blocks]
    return sorted(readings), [problem.reason for problem in decoded.problems]


def refusal(decoder: Decoder, payload: object, topic: str = "x/dev") -> str:
    """The reason for which a message is refused."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    with pytest.raises(DecodeError) as error:
        decoder.decode(topic, content, ARRIVED)
    return error.value.reason
