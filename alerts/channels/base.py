"""What a channel is: something that takes a message or says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way.

    key
        The same for every try, so that a receiver can tell a repetition.
    body
        Plain JSON, as ``alerts.outbox.message_body`` makes it: ``event``, ``rule``, ``subject``, figures,
        and under ``zh`` and ``en`` a ``title`` and a ``text``.
    sent_at
        The instant of this try, UTC.
    """

    key: str
    body: Mapping[str, Any]
    sent_at: datetime


class Channel(Protocol):
    """A way to people or other systems. Delivery is at least once."""

    def send(self, delivery: Delivery) -> None:
        """Deliver; on return it has arrived.

        Raises ChannelError, which says whether another try may help; nothing else.
        """
