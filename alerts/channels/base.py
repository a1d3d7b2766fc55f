"""What a channel is: something that takes a message or says why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from alerts.people.recipients import Recipient


class ChannelKind(StrEnum):
    """What channels there are; each is a module of this folder."""

    APPRISE = "apprise"
    DINGTALK = "dingtalk"
    EMAIL = "email"
    FEISHU = "feishu"
    INBOX = "inbox"
    LOG = "log"
    MQTT = "mqtt"
    SMS = "sms"
    WEBHOOK = "webhook"
    WECOM = "wecom"


class Address(StrEnum):
    """What of a recipient a channel has to know; the values are fields of ``Recipient``."""

    NONE = ""
    ACCOUNT = "account"
    CHAT = "chat"
    EMAIL = "email"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel that is set up.

    name
        Under which routes and the outbox know it.
    address
        What of a recipient it needs; ``NONE`` for one that is nobody's own: a robot, a webhook.
    """

    name: str
    kind: ChannelKind
    address: Address = Address.NONE

    @property
    def personal(self) -> bool:
        """Whether a message goes to one person."""
        return self.address is not Address.NONE


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way.

    key
        The same for every try, so that a receiver can tell a repetition.
    body
        Plain JSON as ``alerts.messages`` renders it (version 2: ``title``, ``text``, ``html``,
        ``markdown``, ``short``, ``link``, ``cases``), or as an older version left it (version 1:
        ``title`` and ``text`` under ``zh`` and ``en``).
    sent_at
        The instant of this try, UTC.
    recipient
        Who it is for; None: nobody in particular.
    """

    key: str
    body: Mapping[str, Any]
    sent_at: datetime
    recipient: Recipient | None = None


class Channel(Protocol):
    """A way to people or other systems. Delivery is at least once."""

    def send(self, delivery: Delivery) -> None:
        """Deliver; on return it has arrived.

        Raises ChannelError, which says whether another try may help, when, and whether the whole
        channel is concerned; nothing else.
        """


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of a process, by name. Every one has its spec."""

    specs: Mapping[str, ChannelSpec] = field(default_factory=dict)
    by_name: Mapping[str, Channel] = field(default_factory=dict)
