"""A request of the access matrix, within ORG-2 and outside it, and what differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.api.access_world import INSIDE, OUTSIDE, World

__all__ = [
    "INSIDE",
    "OUTSIDE",
    "Make",
    "Sample",
    "World",
    "body_over",
    "listing",
    "nobodys",
    "over",
    "shared",
]

Kind = Literal["over", "listing", "nobodys", "shared"]
Make = Callable[[World, str, str], int]
"""Makes the object that a request is about: from the world, who asks, and INSIDE or OUTSIDE."""


@dataclass(frozen=True)
class Sample:
    """A request. ``{made}`` in an address is the number that ``make`` gives."""

    kind: Kind
    inside: str
    outside: str = ""
    body: Mapping[str, Any] | None = None
    outside_body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    outside_form: Mapping[str, str] | None = None
    make: Make | None = None
    # A shared route may have nothing by the number that is asked for.
    may_be_missing: bool = False


def over(inside: str, outside: str, **more: Any) -> Sample:
    """About one object: outside ORG-2 it is as if it were not there."""
    return Sample("over", inside, outside, **more)


def body_over(address: str, inside: Mapping[str, Any], outside: Mapping[str, Any]) -> Sample:
    """About an object that the body names."""
    return Sample("over", address, address, inside, outside)


def listing(address: str) -> Sample:
    """A list, in which what is outside ORG-2 is not listed."""
    return Sample("listing", address)


def nobodys(address: str, **more: Any) -> Sample:
    """What belongs to no organisation takes the permission over the whole."""
    return Sample("nobodys", address, **more)


def shared(address: str, **more: Any) -> Sample:
    """The same for everybody who has the permission anywhere."""
    return Sample("shared", address, **more)
