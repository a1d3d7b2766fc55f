"""Which of the kinds of message that a topic may have a message is, by the shape of its payload."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.conditions import Condition
from collectors.content import read_content
from collectors.kinds import Route
from collectors.values import shown
from quotawatt.errors import DecodeError


@dataclass(frozen=True, slots=True)
class Attempt:
    """A kind that was tried.

    content
        Of the payload, where the kind was taken.
    failed
        The first condition of its shape that doesn't hold.
    refused
        Why the payload is not of its format.
    """

    route: Route
    content: object = None
    failed: Condition | None = None
    refused: DecodeError | None = None

    @property
    def taken(self) -> bool:
        """Whether the message is of this kind."""
        return self.failed is None and self.refused is None


def choose(routes: Sequence[Route], topic: str, payload: bytes) -> tuple[Route, object]:
    """The first kind that fits, and the content of the payload.

    Raises DecodeError: where the topic alone decides, that of the content; else ``not_json`` where only
    kinds in JSON were left and the payload is none, or ``no_profile``.
    """
    first = routes[0]
    if not first.kind.shape:  # the ordinary case
        return first, read_content(first.kind.spec, payload)
    tried: list[Attempt] = []
    for attempt in attempts(routes, payload):
        if attempt.taken:
            return attempt.route, attempt.content
        tried.append(attempt)
    raise _no_kind(tried, topic, payload)


def attempts(routes: Sequence[Route], payload: bytes) -> Iterator[Attempt]:
    """The kinds one after the other, until one fits. Raises DecodeError where one that has no shape can't."""
    contents: dict[str, Any] = {}
    for route in routes:
        attempt = _attempt(route, payload, contents)
        if attempt.refused is not None and not route.kind.shape:
            raise attempt.refused
        yield attempt
        if attempt.taken:
            return


def _attempt(route: Route, payload: bytes, contents: dict[str, Any]) -> Attempt:
    kind = route.kind
    for condition in kind.shape:
        if condition.prefix is not None and not condition.holds(None, payload):
            return Attempt(route, failed=condition)
    form = kind.spec.format if kind.spec.csv is None else f"{kind.profile.id} {kind.number}"
    if form not in contents:
        try:
            contents[form] = read_content(kind.spec, payload)
        except DecodeError as error:
            contents[form] = error
    content = contents[form]
    if isinstance(content, DecodeError):
        return Attempt(route, refused=content)
    for condition in kind.shape:
        if not condition.holds(content, payload):
            return Attempt(route, failed=condition)
    return Attempt(route, content)


def _no_kind(tried: Sequence[Attempt], topic: str, payload: bytes) -> DecodeError:
    refused = [attempt.refused for attempt in tried if attempt.refused is not None]
    by_value = any(attempt.failed and attempt.failed.prefix is None for attempt in tried)
    if refused and not by_value and all(error.reason == "not_json" for error in refused):
        return refused[0]
    rule = "a message must fit a profile by topic and shape"
    return DecodeError("no_profile", f"{rule}, got {shown(topic)} with {shown(payload[:60])}")
