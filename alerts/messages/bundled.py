"""What messages need to know of notices and of their bundles (``alerts.people.bundling``)."""

from collections.abc import Sequence
from typing import Protocol


class Told(Protocol):
    """What a message needs to know of a notice."""

    @property
    def case(self) -> int:
        """Number of the case."""

    @property
    def event(self) -> str:
        """What there is to tell of it (``CaseEvent``)."""


class Bundled(Protocol):
    """What a message needs to know of a bundle."""

    @property
    def key(self) -> str:
        """The message's key."""

    @property
    def notices(self) -> Sequence[Told]:
        """At least one."""
