"""Trying a channel: a message that says that it is one, sent now, and what came of it."""

from datetime import datetime
from typing import Any

from alerts.channels.base import Address, Channels, Delivery
from alerts.people.recipients import Recipient
from quotawatt.errors import ChannelError, InputError, NotFoundError
from quotawatt.rulebook.basics import Text

_TITLE = Text("［测试］消息通道可用", "[Test] This channel works")
_TEXT = Text(
    "这是一条测试消息，无需处理。", "This is a message to try the channel. There is nothing to do."
)


def try_channel(channels: Channels, name: str, to: str, language: str, now: datetime) -> str:
    """Send a test message; returns why it did not arrive, empty where it did.

    ``to`` is an address of the kind that the channel needs, empty for one that is nobody's own. Raises
    NotFoundError for an unknown channel, InputError where an address is missing or one too many.
    """
    spec = channels.specs.get(name)
    if spec is None:
        raise NotFoundError(f"a channel must be one that is set up, got {name!r}")
    if spec.personal is not bool(to):
        rule = f"with an address ({spec.address.value})" if spec.personal else "without an address"
        raise InputError(f"channel {name} must be tried {rule}, got {'one' if to else 'none'}")
    recipient = _recipient(spec.address, to) if spec.personal else None
    key = f"test:{name}:{now.isoformat()}"
    try:
        channels.by_name[name].send(Delivery(key, _body(key, language), now, recipient))
    except ChannelError as error:
        return str(error)
    return ""


def _recipient(address: Address, to: str) -> Recipient:
    return Recipient(key="test", name=Text(to, to), **{address.value: to})


def _body(key: str, language: str) -> dict[str, Any]:
    text = _TEXT.in_language("en" if language == "en" else "zh")
    return {
        "version": 2,
        "key": key,
        "language": language,
        "kind": "test",
        "title": _TITLE.in_language("en" if language == "en" else "zh"),
        "text": text,
        "html": "",
        "markdown": text,
        "short": text,
        "link": "",
        "cases": [],
    }
