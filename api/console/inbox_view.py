"""What the inbox shows: one's messages, and how many are unread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.channels.inbox_reading import count_unread
from api.services import Services
from quotawatt.access.principal import Principal

PAGE = 50
"""Messages of one page."""

CASES_SHOWN = 20
"""Cases that a message leads to; a digest of more says how many more there are."""


@dataclass(frozen=True)
class InboxView:
    """A page of the inbox, the newest first.

    items
        Messages as the API shows them.
    total
        Of all pages: all messages, or those that are unread where ``only_unread``.
    newest
        Number of the newest message of the page; 0 where there is none.
    """

    items: Sequence[Mapping[str, Any]]
    total: int
    unread: int
    only_unread: bool
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // PAGE)

    @property
    def newest(self) -> int:
        """What "all" is up to: not what came in after the page was drawn."""
        return max((item["id"] for item in self.items), default=0)


def unread_of(services: Services, who: Principal | None) -> int:
    """How many messages of somebody are unread; 0 for those who have no account."""
    if who is None or not who.user or who.must_change_password:
        return 0
    with services.records.connect() as conn:
        return count_unread(conn, who.user)
