"""What an account is judged by: a quota of the rulebook, an assigned target, or a vehicle's own limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from analytics.yearly.eligibility import Eligible, eligible, quotas_for
from analytics.yearly.needed import limit_of
from quotawatt.assigned.values import AssignedTarget, MonthBudgets, QuotaRevision, in_force
from quotawatt.register.model import Register
from quotawatt.rulebook.coalequivalent import national_set
from quotawatt.rulebook.indicators import HEADCOUNT, Indicator
from quotawatt.rulebook.model import Quota, Rulebook, Tier, Trust

QUOTA, ASSIGNED, OWN = "quota", "assigned", "own"

STAFF = ("in_post", "non_establishment")
"""Who counts per head where no quota of the asset says so: in post and off the establishment."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What authorities set for units and years beside the rulebook, in all versions."""

    targets: Sequence[AssignedTarget] = ()
    revisions: Sequence[QuotaRevision] = ()
    months: Sequence[MonthBudgets] = ()


NOTHING_DECIDED = Decided()


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What one account is judged by.

    account
        What it goes by beside the asset: the quota's id, ``assigned-INDICATOR``, or the indicator's own id.
    kind
        ``quota``, ``assigned`` (下达指标) or ``own`` (the register's column).
    tiers
        Values in the indicator's unit, the constraint's always.
    document
        Number of the document by which it was assigned or revised; empty: the instrument alone.
    months
        Budgets of the twelve months that somebody has set; empty: from history.
    """

    account: str
    kind: str
    indicator: Indicator
    tiers: Mapping[Tier, float]
    factor_set: str
    components: Sequence[str]
    trust: Trust
    document: str = ""
    months: Sequence[float] = field(default=())


class Yardsticks:
    """Finds whose accounts are judged by what, on a day; remembers what many assets share."""

    def __init__(self, rulebook: Rulebook, decided: Decided, day: date) -> None:
        self._book = rulebook
        self._day = day
        self._matching: dict[Eligible, tuple[Quota, ...]] = {}
        self._targets: dict[str, list[AssignedTarget]] = {}
        for target in in_force([t for t in decided.targets if t.year == day.year], day):
            self._targets.setdefault(target.asset, []).append(target)
        self._revised = {
            (r.asset, r.quota): r
            for r in in_force([r for r in decided.revisions if r.year == day.year], day)
        }
        self._months = {
            (m.asset, m.quota): m.months
            for m in in_force([m for m in decided.months if m.year == day.year], day)
        }

    @property
    def basis(self) -> tuple[object, ...]:
        """What all answers rest on beside the register; equal on days between which nothing changes."""
        book = self._book.as_of(self._day)
        in_force = tuple(i.id for i in book.instruments.values() if i.in_force(self._day))
        return book, in_force, self._day.year, self._targets, self._revised, self._months

    def of(self, asset: str, register: Register) -> tuple[Yardstick, ...]:
        """All that an organisation, building or vehicle of a snapshot is judged by."""
        vehicle = register.vehicles.get(asset)
        if vehicle is not None:
            limits = ((i, limit_of(vehicle, i)) for i in self._book.indicators.values())
            return tuple(_own(i, limit) for i, limit in limits if limit is not None)
        quotas = self._quotas(asset, register)
        return (
            *(self._by_quota(asset, quota) for quota in quotas),
            *self._assigned(asset, quotas),
        )

    def _quotas(self, asset: str, register: Register) -> tuple[Quota, ...]:
        by = eligible(asset, register)
        if by is None:
            return ()
        if by not in self._matching:
            self._matching[by] = quotas_for(by, self._book, self._day)
        return self._matching[by]

    def _by_quota(self, asset: str, quota: Quota) -> Yardstick:
        revision = self._revised.get((asset, quota.id))
        tiers = dict(quota.tiers)
        if revision is not None:
            # A revised constraint leaves no room for tiers above it.
            tiers = {t: v for t, v in tiers.items() if v < revision.value}
            tiers |= {Tier.CONSTRAINT: revision.value}
        return Yardstick(
            account=quota.id,
            kind=QUOTA,
            indicator=self._book.indicators[quota.indicator],
            tiers=tiers,
            factor_set=quota.factor_set,
            components=quota.headcount_components,
            trust=quota.trust,
            document="" if revision is None else revision.decision.document,
            months=self._months.get((asset, quota.id), ()),
        )

    def _assigned(self, asset: str, quotas: Sequence[Quota]) -> list[Yardstick]:
        found = []
        for target in self._targets.get(asset, ()):
            indicator = self._book.indicators.get(target.indicator)
            if indicator is not None:
                found.append(
                    Yardstick(
                        account=target.account,
                        kind=ASSIGNED,
                        indicator=indicator,
                        tiers={Tier.CONSTRAINT: target.amount},
                        factor_set=self._factor_set(quotas),
                        components=_components(quotas)
                        if indicator.denominator == HEADCOUNT
                        else (),
                        trust=Trust.SOURCE,
                        document=target.decision.document,
                        months=self._months.get((asset, target.account), ()),
                    )
                )
        return found

    def _factor_set(self, quotas: Sequence[Quota]) -> str:
        """The set of the asset's own quotas, else the national one."""
        sets = [q.factor_set for q in quotas if q.factor_set]
        national = national_set(self._book)
        return next(iter(sets), national.id if national else "")


def _own(indicator: Indicator, limit: float) -> Yardstick:
    tiers = {Tier.CONSTRAINT: limit}
    return Yardstick(indicator.id, OWN, indicator, tiers, "", (), Trust.SOURCE)


def _components(quotas: Sequence[Quota]) -> Sequence[str]:
    return next((q.headcount_components for q in quotas if q.headcount_components), STAFF)
