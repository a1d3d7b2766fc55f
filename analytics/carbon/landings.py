"""Where quotas, targets and ledgers would land with a plan.

The year judged has its part of the effect, by the days that are left; the year after has the whole of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.carbon.whatif import Changes


@dataclass(frozen=True)
class Account:
    """An account that a plan is held against.

    projected
        Likely amount of the year judged, in the account's unit; None: too early to say.
    limit, next_limit
        Allowed in the year judged and in the year after; None: nothing limits it.
    factors
        What a unit of each measure adds to the amount.
    """

    kind: str
    id: str
    unit: str
    projected: float | None
    limit: float | None
    next_limit: float | None
    factors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """An account without and with the plan, in the year judged and the year after; shares in percent."""

    kind: str
    id: str
    unit: str
    limit: float | None
    without: float | None
    with_plan: float | None
    next_limit: float | None
    next_without: float | None
    next_with_plan: float | None


def effects(accounts: Sequence[Account], changed: Changes, share_left: float) -> list[Effect]:
    """Where the accounts would land; ``share_left`` is the part of the year judged still to come, 0..1.

    The year after is taken to use what this year is likely to.
    """

    def moved(account: Account, part: float) -> float | None:
        if account.projected is None:
            return None
        delta = sum(changed.of(name) * factor for name, factor in account.factors.items())
        return account.projected + part * delta

    return [
        Effect(
            kind=account.kind,
            id=account.id,
            unit=account.unit,
            limit=account.limit,
            without=account.projected,
            with_plan=moved(account, share_left),
            next_limit=account.next_limit,
            next_without=account.projected,
            next_with_plan=moved(account, 1.0),
        )
        for account in accounts
    ]
