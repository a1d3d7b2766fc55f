"""Whether what a unit assigned to those below it fits into what was assigned to it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quotawatt.assigned.values import AssignedTarget
from quotawatt.assigned.wishes import TREES
from quotawatt.findings import Finding
from quotawatt.register.model import Register

OVER_PARENT = "assigned_over_parent"
"""Code of the finding."""

SLACK = 1e-9
"""Relative: sums of decimals that are equal on paper are equal here."""

Amount = Callable[[AssignedTarget], float | None]
"""The target as an absolute amount of the year; None: area or people are not known."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit below was assigned, as an absolute amount; None: not known."""

    target: AssignedTarget
    amount: float | None


@dataclass(frozen=True, slots=True)
class Cascade:
    """What a unit has, and what of it was passed on, in the indicator's unit of amounts.

    own
        Its own target; None: it has none, so there is nothing to exceed.
    own_amount
        The same as an amount; None where there is none or it is not known.
    shares
        What it assigned, without units that lie below another one in the list.
    assigned
        Sum of the shares that are known.
    remainder
        ``own_amount`` less ``assigned``: not yet assigned; below 0: too much. None where it is not known.
    """

    assigner: str
    indicator: str
    year: int
    own: AssignedTarget | None
    own_amount: float | None
    shares: tuple[Share, ...]
    assigned: float
    remainder: float | None

    @property
    def is_over(self) -> bool:
        """Whether more was passed on than the unit has."""
        if self.remainder is None or self.own_amount is None:
            return False
        return self.remainder < -SLACK * self.own_amount


def cascades(
    targets: Iterable[AssignedTarget], register: Register, amount: Amount
) -> list[Cascade]:
    """Of every organisation that assigned anything, by year and indicator: what it has and passed on.

    ``targets`` are those in force on one day (``values.in_force``). Sorted by assigner, indicator, year.
    """
    standing = list(targets)
    own = {target.key: target for target in standing}
    groups: dict[tuple[str, str, int], list[AssignedTarget]] = {}
    for target in standing:
        if target.assigner:
            key = (target.assigner, target.indicator, target.year)
            groups.setdefault(key, []).append(target)
    return [_cascade(key, own.get(key), groups[key], register, amount) for key in sorted(groups)]


def cascade_findings(found: Iterable[Cascade]) -> list[Finding]:
    """``assigned_over_parent`` for each that passed on more than it has."""
    return [
        Finding(
            OVER_PARENT,
            one.assigner,
            {
                "target": f"assigned-{one.indicator}",
                "year": one.year,
                "own": one.own_amount,
                "assigned": one.assigned,
                "over": one.assigned - (one.own_amount or 0.0),
                "units": len(one.shares),
            },
        )
        for one in found
        if one.is_over
    ]


def _cascade(
    key: tuple[str, str, int],
    own: AssignedTarget | None,
    passed_on: Sequence[AssignedTarget],
    register: Register,
    amount: Amount,
) -> Cascade:
    shares = tuple(Share(t, amount(t)) for t in _tops(passed_on, register))
    assigned = sum(share.amount or 0.0 for share in shares)
    own_amount = None if own is None else amount(own)
    known = all(share.amount is not None for share in shares)
    # A sum that is too large without what is not known stays too large with it.
    too_large = own_amount is not None and assigned > own_amount
    judged = own_amount is not None and (known or too_large)
    remainder = own_amount - assigned if judged and own_amount is not None else None
    return Cascade(*key, own, own_amount, shares, assigned, remainder)


def _tops(passed_on: Sequence[AssignedTarget], register: Register) -> list[AssignedTarget]:
    """Those that do not lie below another one: its part is in that one's."""
    units = {
        tree: {t.asset for t in passed_on if t.tree == tree and t.asset in register.organisations}
        for tree in TREES
    }

    def lies_below(target: AssignedTarget) -> bool:
        place = register.organisation_of(target.asset)
        return any(
            code in others and code != target.asset
            for tree, others in units.items()
            for code in register.path_of(place, tree)
        )

    return [target for target in passed_on if not lies_below(target)]
