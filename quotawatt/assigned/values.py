"""What authorities set for a unit and a year: values, as they were decided.

Three kinds, each with its document and each in versions. A version counts from its day until the next one's;
the older ones stay, so a past day is judged by what was in force then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

YEARS = range(2000, 2101)
"""Years for which anything can be set."""

ACCOUNT = "assigned-"
"""What the account of a target is called by, before the indicator."""

LONGEST_TEXT = 2000
"""Characters of a note or reason."""


@dataclass(frozen=True, slots=True)
class Decision:
    """By which document something was decided, and who entered it.

    document
        Number of the document, as it bears it. Never empty.
    decided_on
        Day of the document.
    approved_by
        Person or body that approved it, as the document says; may be empty.
    note
        Why; never empty for a version after the first.
    entered_by, entered_at
        Actor of the ledger, and when (UTC).
    """

    document: str
    decided_on: date
    approved_by: str
    note: str
    entered_by: str
    entered_at: datetime


class Versioned(Protocol):
    """What has versions: the same ``key``, later ``effective_from``."""

    @property
    def key(self) -> tuple[str, str, int]:
        """Asset, what is set of it, and the year."""

    @property
    def version(self) -> int:
        """From 1 on."""

    @property
    def effective_from(self) -> date:
        """The first day on which it counts, of the asset's own calendar."""

    @property
    def lifted(self) -> bool:
        """Whether nothing is set any more from that day on; the amount is then the former one."""


@dataclass(frozen=True, slots=True)
class AssignedTarget:
    """A yearly target (下达指标) that a unit above assigned to an organisation or building.

    indicator
        Id of an indicator of the rulebook; it says whether the amount is absolute, or per m² or head.
    amount
        In the indicator's unit; more than 0.
    assigner
        The organisation that assigned it.
    tree
        By which parent it lies above: ``region`` or ``system``.
    """

    asset: str
    indicator: str
    year: int
    amount: float
    assigner: str
    tree: str
    version: int
    effective_from: date
    lifted: bool
    decision: Decision

    @property
    def key(self) -> tuple[str, str, int]:
        """Asset, indicator and year."""
        return self.asset, self.indicator, self.year

    @property
    def account(self) -> str:
        """What its account goes by beside the asset: ``assigned-INDICATOR``."""
        return f"{ACCOUNT}{self.indicator}"


@dataclass(frozen=True, slots=True)
class QuotaRevision:
    """The constraint value of a quota, revised for one asset and year by a decision (核定调整).

    value
        In the quota's own unit, e.g. kWh/m²; more than 0.
    """

    asset: str
    quota: str
    year: int
    value: float
    version: int
    effective_from: date
    lifted: bool
    decision: Decision

    @property
    def key(self) -> tuple[str, str, int]:
        """Asset, quota and year."""
        return self.asset, self.quota, self.year


@dataclass(frozen=True, slots=True)
class MonthBudgets:
    """Budgets of the twelve months that an officer set in the place of those from history.

    months
        Twelve amounts in the account's unit, January first; their shares of the sum count.
    """

    asset: str
    quota: str
    year: int
    months: tuple[float, ...]
    version: int
    effective_from: date
    lifted: bool
    decision: Decision

    @property
    def key(self) -> tuple[str, str, int]:
        """Asset, quota and year."""
        return self.asset, self.quota, self.year


_V = TypeVar("_V", bound=Versioned)


def in_force(versions: Iterable[_V], day: date) -> list[_V]:
    """Of each key the version that counts on ``day``, sorted by key; none where it is lifted then."""
    found: dict[tuple[str, str, int], _V] = {}
    for one in sorted(versions, key=lambda v: (v.key, v.effective_from, v.version)):
        if one.effective_from <= day:
            found[one.key] = one
    return [one for one in found.values() if not one.lifted]
