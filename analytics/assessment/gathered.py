"""What reports of a period rest on, as values: read once, then everything is computed from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analytics.assessment.figures import Amounts, Books
from analytics.assessment.periods import Period
from analytics.assessment.ranking import PeerRanking
from analytics.assessment.scoring import SchemeScore
from analytics.carbon.statuses import CarbonStatus
from analytics.totals.segments import counts, followed_tree
from analytics.yearly.quotas import QuotaStatus
from quotawatt.register.model import Register


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that was open at the end of the period."""

    code: str
    subject: str
    organisation: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class AlertCount:
    """Of one asset and rule: whether it began to fire in the period, and whether it fired at its end."""

    asset: str
    rule: str
    raised: bool
    firing: bool


@dataclass(frozen=True)
class Gathered:
    """Everything about a period that reports are drawn from.

    held, held_before
        The books of the period and of the same days a year before; ``amounts`` and ``before`` the use.
    months
        Use of each month of a year, by subject and measure, January first; None: not known.
    """

    held: Books
    held_before: Books
    amounts: Amounts
    before: Amounts
    rankings: Sequence[PeerRanking] = ()
    quotas: Sequence[QuotaStatus] = ()
    carbon: Sequence[CarbonStatus] = ()
    scores: Sequence[SchemeScore] = ()
    findings: Sequence[OpenFinding] = ()
    alerts: Sequence[AlertCount] = ()
    months: Mapping[tuple[str, str], Sequence[float | None]] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The period."""
        return self.held.period

    @property
    def register(self) -> Register:
        """The register of the period's last day."""
        return self.held.register


def members_of(subject: str, register: Register) -> list[str]:
    """The organisation and all below it that are in use, in the tree that its totals follow."""
    below = register.sub_organisations(subject, followed_tree(register, subject))
    return [code for code in below if counts(register, code)]
