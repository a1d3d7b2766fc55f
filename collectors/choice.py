"""Which of the kinds of message that a topic may have a message is, by the shape of its payload."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.conditions import Condition
from collectors.content import read_content
from collectors.kinds import Kind, Route
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
    contents: dict[str, Any] = {}
    for route in routes:
        kind = route.kind
        if not payload.startswith(kind.prefix):
            continue
        known = contents.get("json")
        if kind.key is not None and isinstance(known, dict) and kind.key not in known:
            continue
        content = _content(kind, payload, contents)
        if not isinstance(content, DecodeError) and _failing(kind, content, payload) is None:
            return route, content
    raise _no_kind(list(attempts(routes, payload)), topic, payload)


def attempts(routes: Sequence[Route], payload: bytes) -> Iterator[Attempt]:
    """The kinds one after the other, until one fits."""
    contents: dict[str, Any] = {}
    for route in routes:
        attempt = _attempt(route, payload, contents)
        yield attempt
        if attempt.taken:
            return


def _attempt(route: Route, payload: bytes, contents: dict[str, Any]) -> Attempt:
    kind = route.kind
    for condition in kind.shape:
        if condition.of_bytes and not condition.holds(None, payload):
            return Attempt(route, failed=condition)
    content = _content(kind, payload, contents)
    if isinstance(content, DecodeError):
        return Attempt(route, refused=content)
    return Attempt(route, content, _failing(kind, content, payload))


def _content(kind: Kind, payload: bytes, contents: dict[str, Any]) -> object:
    """The content by the kind's format, or why it has none; ``contents`` keeps it by format.

    Raises DecodeError where it has none and the kind is had whatever the payload.
    """
    if kind.form not in contents:
        try:
            contents[kind.form] = read_content(kind.spec, payload)
        except DecodeError as error:
            contents[kind.form] = error
    content = contents[kind.form]
    if isinstance(content, DecodeError) and not kind.shape:
        raise content
    return content


def _failing(kind: Kind, content: object, payload: bytes) -> Condition | None:
    """The first condition of its shape that doesn't hold."""
    for condition in kind.shape:
        if not condition.holds(content, payload):
            return condition
    return None


def _no_kind(tried: Sequence[Attempt], topic: str, payload: bytes) -> DecodeError:
    refused = [attempt.refused for attempt in tried if attempt.refused is not None]
    by_value = any(attempt.failed and not attempt.failed.of_bytes for attempt in tried)
    if refused and not by_value and all(error.reason == "not_json" for error in refused):
        return refused[0]
    rule = "a message must fit a profile by topic and shape"
    return DecodeError("no_profile", f"{rule}, got {shown(topic)} with {shown(payload[:60])}")
