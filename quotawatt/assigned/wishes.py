"""What somebody wants to set, and whether it may be: alone, and beside the version that stands."""

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from quotawatt.assigned import rules
from quotawatt.assigned.values import ACCOUNT, LONGEST_TEXT, YEARS, AssignedTarget, Versioned
from quotawatt.errors import RegisterError
from quotawatt.register.belonging import Tree
from quotawatt.register.model import Building, Organisation, Register
from quotawatt.register.problems import Problem, Rule, Where

TARGET, REVISION, MONTHS = "target", "revision", "months"
KINDS = (TARGET, REVISION, MONTHS)

REGION: Tree = "region"
SYSTEM: Tree = "system"
TREES = (REGION, SYSTEM)
_NAMES = {REGION: ("region", "属地"), SYSTEM: ("system", "主管部门")}
_LENGTHS = {"document": 256, "approved_by": 256, "note": LONGEST_TEXT}
_MONTHS_OF_YEAR = 12
_NOWHERE = Where("")
_MONTHS_SLACK = 1e-3
"""Relative: months are rounded by whoever sets them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A version that somebody wants to add.

    kind
        ``target``, ``revision`` or ``months``; ``name`` is the indicator of a target, else the quota.
    amounts
        One; of months twelve. Not looked at where ``lifted``.
    effective_from
        None: 1 January of the year, for a first version alone.
    assigner, tree
        Of a target, as in ``AssignedTarget``; empty assigner: an authority outside the register.
    where
        Where it stands, for what is said against it.
    """

    kind: str
    asset: str
    name: str
    year: int
    amounts: tuple[float, ...]
    document: str
    decided_on: date
    effective_from: date | None = None
    approved_by: str = ""
    note: str = ""
    assigner: str = ""
    tree: str = REGION
    lifted: bool = False
    where: Where = _NOWHERE

    @property
    def key(self) -> tuple[str, str, int]:
        """Asset, name and year."""
        return self.asset, self.name, self.year


@dataclass(frozen=True)
class Setting:
    """What wishes are judged by.

    indicators, quotas
        Ids of the rulebook.
    sees
        Whether whoever asks may act for the asset of this code.
    everywhere
        Whether they act for the whole installation: needed where an authority outside assigns.
    """

    register: Register
    indicators: Collection[str]
    quotas: Collection[str]
    sees: Callable[[str], bool]
    everywhere: bool


def problems_alone(wish: Wish, setting: Setting) -> Iterator[Problem]:
    """What is wrong with a wish whatever stands already."""
    yield from _of_names(wish, setting)
    yield from _of_figures(wish)
    yield from _of_texts(wish)
    if wish.kind == TARGET:
        yield from _of_assigner(wish, setting)
    if wish.kind == REVISION and not _is_decided_above(wish.asset, setting):
        yield _problem(wish, "asset", rules.FROM_ABOVE, wish.asset)


def problems_beside(wish: Wish, latest: Versioned | None, setting: Setting) -> Iterator[Problem]:
    """What is wrong with a wish beside the latest version of its key."""
    if latest is None:
        if wish.lifted:
            yield _problem(wish, "asset", rules.NOTHING_TO_LIFT, wish.asset)
        return
    if wish.lifted and latest.lifted:
        yield _problem(wish, "asset", rules.NOTHING_TO_LIFT, wish.asset)
    if wish.effective_from is None:
        yield _problem(wish, "effective_from", rules.DAY_MISSING)
    elif wish.effective_from <= latest.effective_from:
        rule = rules.DAY_LATER.of(day=latest.effective_from.isoformat())
        yield _problem(wish, "effective_from", rule, wish.effective_from)
    if not wish.note.strip():
        yield _problem(wish, "note", rules.NOTE, wish.note)
    if (
        isinstance(latest, AssignedTarget)
        and not latest.lifted
        and not _may_revise(latest, setting)
    ):
        by = latest.assigner
        given = rules.ASSIGNED_BY.of(
            assigner=(by or "one outside the register", by or "登记范围以外的单位")
        )
        yield _problem(wish, "assigner", given, wish.assigner)


def _is_decided_above(code: str, setting: Setting) -> bool:
    """Whether whoever asks is over a unit above this one; a building's own unit is above it."""
    register = setting.register
    if setting.everywhere or code not in register.organisations:
        return True
    above = {*register.path_of(code, REGION), *register.path_of(code, SYSTEM)} - {code}
    return any(setting.sees(unit) for unit in above)


def _may_revise(target: AssignedTarget, setting: Setting) -> bool:
    """Whether whoever asks may act for whom a target came from: nobody loosens what others set."""
    return setting.sees(target.assigner) if target.assigner else setting.everywhere


def require_months_sum(wish: Wish, limit: float) -> None:
    """Raise RegisterError where budgets of months do not sum to the year's limit."""
    total = sum(wish.amounts)
    if abs(total - limit) > _MONTHS_SLACK * limit:
        rule = rules.MONTHS_SUM.of(limit=f"{limit:.10g}")
        raise RegisterError([_problem(wish, "months", rule, total)])


def _of_names(wish: Wish, setting: Setting) -> Iterator[Problem]:
    asset = setting.register.assets.get(wish.asset)
    within = setting.sees(wish.asset) or (wish.kind == TARGET and setting.sees(wish.assigner))
    if asset is None or not within:
        yield _problem(wish, "asset", rules.ASSET, wish.asset)
    elif not isinstance(asset, Organisation | Building):
        yield _problem(wish, "asset", rules.ASSET_KIND, wish.asset)
    if wish.kind == TARGET and wish.name not in setting.indicators:
        yield _problem(wish, "indicator", rules.INDICATOR, wish.name)
    of_target = wish.kind == MONTHS and wish.name.removeprefix(ACCOUNT) in setting.indicators
    if wish.kind != TARGET and wish.name not in setting.quotas and not of_target:
        yield _problem(wish, "quota", rules.QUOTA, wish.name)


def _of_figures(wish: Wish) -> Iterator[Problem]:
    if wish.year not in YEARS:
        yield _problem(wish, "year", rules.YEAR, wish.year)
    elif wish.effective_from is not None and wish.effective_from.year != wish.year:
        rule = rules.DAY.of(year=wish.year)
        yield _problem(wish, "effective_from", rule, wish.effective_from)
    if wish.lifted:
        return
    if wish.kind == MONTHS:
        if not _are_months(wish.amounts):
            yield _problem(wish, "months", rules.MONTHS, str(list(wish.amounts)))
    elif len(wish.amounts) != 1 or not 0 < wish.amounts[0] < math.inf:
        yield _problem(wish, "amount", rules.POSITIVE, wish.amounts[0] if wish.amounts else None)


def _are_months(amounts: tuple[float, ...]) -> bool:
    fine = all(0 <= amount < math.inf for amount in amounts)
    return fine and len(amounts) == _MONTHS_OF_YEAR and sum(amounts) > 0


def _of_texts(wish: Wish) -> Iterator[Problem]:
    if not wish.document.strip():
        yield _problem(wish, "document", rules.DOCUMENT, wish.document)
    for name, most in _LENGTHS.items():
        if len(getattr(wish, name)) > most:
            yield _problem(wish, name, rules.LENGTH.of(most=most), getattr(wish, name))


def _of_assigner(wish: Wish, setting: Setting) -> Iterator[Problem]:
    register = setting.register
    if wish.tree not in TREES:
        yield _problem(wish, "tree", rules.TREE, wish.tree)
        return
    if not wish.assigner:
        if not setting.everywhere:
            yield _problem(wish, "assigner", rules.ASSIGNER, wish.assigner)
        return
    if wish.assigner not in register.organisations or not setting.sees(wish.assigner):
        yield _problem(wish, "assigner", rules.ASSIGNER, wish.assigner)
        return
    if wish.asset not in register.assets:
        return
    place = register.organisation_of(wish.asset)
    above = register.path_of(place, SYSTEM if wish.tree == SYSTEM else REGION)
    if wish.asset == wish.assigner or wish.assigner not in above:
        rule = rules.BELOW.of(assigner=wish.assigner, tree=_NAMES[wish.tree])
        yield _problem(wish, "asset", rule, wish.asset)


def _problem(wish: Wish, column: str, rule: Rule, value: object = None) -> Problem:
    return Problem(wish.where.at(column), rule, value)
