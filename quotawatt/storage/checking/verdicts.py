"""What a check of a store comes to: which thing was looked at, whether it is right, why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was checked.

    check
        What was looked at: ``address``, ``version``, ``clock``, ``token``, ...
    ok
        Whether it is right. Where it is not, what hangs on it was not looked at.
    cause
        A stable code: why it is not right, or what there is to say of what is.
    facts
        What the texts of the cause name. Never a secret.
    """

    check: str
    ok: bool
    cause: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def right(check: str, cause: str = "", **facts: object) -> Verdict:
    """A verdict that something is right."""
    return Verdict(check, True, cause, facts)


def wrong(check: str, cause: str, **facts: object) -> Verdict:
    """A verdict that something is not right."""
    return Verdict(check, False, cause, facts)
