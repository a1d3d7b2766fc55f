"""Routes as values: who is told of a case, by which channel, how often (pack section ``routes``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from types import MappingProxyType

from quotawatt.rulebook.basics import Text

OFFICES: Mapping[str, str] = MappingProxyType(
    {"owner": "owner", "deputies": "deputy", "supervisor": "supervisor", "manager": "manager"}
)
"""What ``to`` may name, and the duty of the register that it is; ``deputies`` are all of them."""

CHANNEL = "channel:"
"""Begins the name of a channel where a duty could stand."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours at the site in which nobody is told: ``[from_, until)``, over midnight where it ends earlier.

    non_working_days
        Whether days that are none of work are quiet from end to end, too.
    """

    from_: time
    until: time
    non_working_days: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """So many messages to one person by one channel within a time; what is more waits together."""

    messages: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Escalation:
    """A step of the ladder: who else is told where nobody has acknowledged.

    after
        Wait since the step before; of the first, since the case was told of.
    """

    after: timedelta
    to: Sequence[str]


@dataclass(frozen=True, slots=True)
class Route:
    """Whom a case is told to. What is empty matches all.

    rules, severities
        Ids of rules (``finding:CODE`` for a case made of a finding) and words of severity.
    organisations
        Codes; each stands for its whole subtree, by region or by sector system.
    kinds
        Kinds of the case's asset, as the register names them: ``meters``.
    to
        Of ``OFFICES``, and ``channel:NAME`` for a channel that is nobody's own, by its name or kind.
    by
        Names or kinds of channels; those that are not set up are skipped. Empty: all that are set up.
    digest_every
        After a message everything else waits so long for one digest; zero: nothing waits.
    repeat_every
        How often a case is brought up again while nobody acknowledges it or it is overdue; zero: never.
    quiet, limit
        None: there is none.
    continue_
        Whether routes for people after this one are looked at, too.
    """

    id: str
    title: Text
    to: Sequence[str]
    rules: Sequence[str] = ()
    severities: Sequence[str] = ()
    organisations: Sequence[str] = ()
    kinds: Sequence[str] = ()
    by: Sequence[str] = ()
    digest_every: timedelta = timedelta(0)
    repeat_every: timedelta = timedelta(0)
    quiet: Quiet | None = None
    limit: Limit | None = None
    escalate: Sequence[Escalation] = ()
    continue_: bool = False

    @property
    def tells_people(self) -> bool:
        """Whether it names people, and not channels alone."""
        return any(name in OFFICES for name in self.to)

    def wait_for(self, rung: int) -> timedelta:
        """How long after the case was told of this step of the ladder is due; 1 is the first."""
        return sum((step.after for step in self.escalate[:rung]), timedelta(0))

    def rung_at(self, waited: timedelta) -> int:
        """How many steps of the ladder are due after so long a wait since the case was told of."""
        return sum(waited >= self.wait_for(n + 1) for n in range(len(self.escalate)))

    def escalated_to(self, rung: int) -> tuple[str, ...]:
        """Everybody of the first so many steps of the ladder, each once."""
        return tuple(dict.fromkeys(to for step in self.escalate[:rung] for to in step.to))
