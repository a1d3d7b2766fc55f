"""Exceptions: callers' mistakes and I/O. Problems in data are findings, not exceptions.

QuotawattError
├── InputError          something handed in breaks a rule; the message states rule, then value
│   ├── SettingError    a setting is missing or wrong
│   ├── DecodeError     a payload cannot be decoded; carries a reason code
│   ├── RegisterError   rows of the register are wrong; carries all of them at once
│   ├── RulebookError   a pack is wrong; carries all errors with file:line at once
│   └── TemplateError   templates of messages are wrong; carries all errors with file:line at once
├── NotFoundError       a code, rule or case that does not exist
├── StateError          the operation does not fit the present state (a closed case, a frozen period)
├── ChannelError        a message could not be delivered; says whether to try again
└── StoreError          a store or broker does not answer or refuses; safe to try again
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quotawatt.register.problems import Problem
    from quotawatt.settings import Language


class QuotawattError(Exception):
    """Root of everything this project raises on purpose."""


class InputError(QuotawattError):
    """Something handed in breaks a rule; the message states the rule, then the offending value."""


class SettingError(InputError):
    """A setting is missing or out of its range."""


class DecodeError(InputError):
    """A payload cannot become readings.

    ``reason`` is a stable code (``not_json``, ``no_profile``, ...) under which it is counted.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class RegisterError(InputError):
    """Rows of the register are wrong. ``problems`` lists every one, with sheet and row, in English.

    ``found`` are the same as they were given: values that know their place, or plain texts. ``said``: what
    the error says in the place of them, in the reader's language.
    """

    def __init__(
        self, problems: "Sequence[str | Problem]", said: "Sequence[str] | None" = None
    ) -> None:
        self.found = tuple(problems)
        self.problems = tuple(str(problem) for problem in problems)
        super().__init__("\n".join(said or self.problems))

    def texts(self, language: "Language") -> tuple[str, ...]:
        """Every problem in this language; one that was given as a text stays as it is."""
        return tuple(p if isinstance(p, str) else p.text(language) for p in self.found)


class RulebookError(InputError):
    """A rulebook pack is wrong. ``problems`` lists every one, with file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class TemplateError(InputError):
    """Templates of messages are wrong. ``problems`` lists every one, with file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NotFoundError(QuotawattError):
    """Nothing goes by that code, rule or number."""


class StateError(QuotawattError):
    """The operation does not fit the present state of its subject."""


class ChannelError(QuotawattError):
    """A channel could not deliver a message.

    ``retryable``: another try may help, after ``retry_after_s`` where the receiver says so.
    ``whole_channel``: what stands in the way does so for every message of the channel.
    """

    def __init__(
        self,
        message: str,
        *,
        retryable: bool,
        retry_after_s: float | None = None,
        whole_channel: bool = False,
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.retry_after_s = retry_after_s
        self.whole_channel = whole_channel


class StoreError(QuotawattError):
    """A store or the broker does not answer, or refuses. Trying again later is safe."""
