"""From the offices that a route names to people, and by which channels each can be told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.channels.base import ChannelKind, ChannelSpec
from alerts.people.holders import Found, find_holders
from alerts.people.recipients import Recipient, of_channel, recipient_by_key
from alerts.people.telling import Telling
from quotawatt.rulebook.routes import CHANNEL, OFFICES, Route

LAST_RESORT = frozenset({ChannelKind.LOG, ChannelKind.WEBHOOK})
"""Kinds of channels that take what nobody can be told."""


@dataclass(frozen=True, slots=True)
class Way:
    """That somebody is told by a channel."""

    recipient: Recipient
    channel: str


class Addressing:
    """Whom routes reach at ``now``; what was found of an asset is found once."""

    def __init__(self, telling: Telling, now: datetime) -> None:
        self._telling = telling
        self._now = now
        self._found: dict[tuple[str, str, tuple[str, ...]], Found] = {}

    def holders(self, asset: str, route: Route, office: str) -> Found:
        """Who is told on a route for one of ``OFFICES``, and who was passed over.

        Who can be reached by none of the route's channels is passed over. An inbox alone reaches accounts
        only: where no other channel of one's own is set up, the lack of an address is nobody's.
        """
        personal = [spec for spec in self.channels_of(route) if spec.personal]
        names = tuple(spec.name for spec in personal)
        key = (asset, office, names)
        if key not in self._found:
            only_inbox = all(spec.kind is ChannelKind.INBOX for spec in personal)
            self._found[key] = find_holders(
                self._telling.staff,
                asset,
                OFFICES[office],
                self._now,
                lambda recipient: only_inbox or any(_reaches(s, recipient) for s in personal),
            )
        return self._found[key]

    def channels_of(self, route: Route) -> list[ChannelSpec]:
        """The channels of a route that are set up, as it names them or their kinds."""
        specs = self._telling.channels.values()
        return [s for s in specs if not route.by or s.name in route.by or s.kind in route.by]

    def ways_to(self, recipients: Sequence[Recipient], route: Route) -> Iterator[Way]:
        """By which channels of a route these people are told; nobody's own channels once."""
        for spec in self.channels_of(route):
            if not spec.personal:
                yield Way(of_channel(spec.name), spec.name)
                continue
            for recipient in recipients:
                if _reaches(spec, recipient):
                    yield Way(recipient, spec.name)

    def still_reaches(self, way: Way) -> bool:
        """Whether a way on which somebody was told before leads to them now: they may have left.

        A channel that is not set up any more may be again.
        """
        spec = self._telling.channels.get(way.channel)
        if spec is None or not spec.personal:
            return True
        present = recipient_by_key(self._telling.staff, way.recipient.key, self._now)
        return present is not None and _reaches(spec, present)

    def named_channels(self, to: Sequence[str]) -> Iterator[Way]:
        """The channels that ``to`` names by name or kind, as far as they are set up and nobody's own."""
        wanted = {name.removeprefix(CHANNEL) for name in to if name.startswith(CHANNEL)}
        for spec in self._telling.channels.values():
            if not spec.personal and (spec.name in wanted or spec.kind in wanted):
                yield Way(of_channel(spec.name), spec.name)

    def last_resort(self) -> Iterator[Way]:
        """The channels that take what nobody can be told."""
        for spec in self._telling.channels.values():
            if spec.kind in LAST_RESORT:
                yield Way(of_channel(spec.name), spec.name)


def _reaches(spec: ChannelSpec, recipient: Recipient) -> bool:
    return bool(getattr(recipient, spec.address.value))
