"""What the page of delivery shows: channels, a page of the outbox, and what was just done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from alerts.delivery.listing import MessageState
from api.console.texts import Words

PAGE = 50
"""Messages of one page."""

CASES_SHOWN = 5
"""Cases that a row of the outbox names; a digest may be about thousands."""

Row = Mapping[str, Any]


class OutboxFilter(BaseModel):
    """What the reader chose in the address; ``done`` says what was just done, and ``count`` how often."""

    state: MessageState = MessageState.GIVEN_UP
    channel: str = Field(default="", max_length=64)
    page: int = Field(default=1, ge=1, le=100_000)
    done: Literal["", "retried", "tried"] = ""
    count: int = Field(default=0, ge=0, le=10**9)
    by: str = Field(default="", max_length=64)

    def query(self, **changes: object) -> str:
        """The address's part behind ``?``, of what is not as it is by default."""
        chosen = {**self.model_dump(mode="json", include={"state", "channel", "page"}), **changes}
        defaults = OutboxFilter().model_dump(mode="json")
        return urlencode({k: v for k, v in chosen.items() if v != defaults[k]})


@dataclass(frozen=True)
class DeliveryPage:
    """All that the page shows.

    messages
        A page of the outbox as the API shows it, the newest first; ``total`` of all pages.
    may_act
        Whether the reader may try channels and have messages sent again.
    """

    chosen: OutboxFilter
    channels: Sequence[Row]
    messages: Sequence[Row]
    total: int
    may_act: bool

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // PAGE)


@dataclass(frozen=True)
class Trial:
    """A test message that did not arrive, and what the receiver said."""

    channel: str
    error: str


def recipient_words(key: str, words: Words) -> str:
    """Whom a key of a recipient means: an account's name, a contact's place, or nobody in particular."""
    kind, _, name = key.partition(":")
    if kind == "account":
        return name
    if kind == "contact":
        return words("outbox_contact", place=name.partition("/")[0])
    return words("outbox_nobody")
