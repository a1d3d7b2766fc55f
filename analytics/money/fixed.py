"""What contracts cost by the month, and whose that is: basic charge, power factor, steps, heat by area."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from analytics.grid import Key
from analytics.money.supply import COST_OF, Supply
from analytics.totals.tree import Tree
from quotawatt.hand.entries import asset_of
from quotawatt.money.contracts import SupplyContract
from quotawatt.register.model import Register
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.spans import Span

FIXED = "cost_fixed_cny"
FIXED_OF: Mapping[str, str] = {carrier: f"{carrier}_{FIXED}" for carrier in COST_OF}
"""By carrier the measure of its cost by the month."""


@dataclass(frozen=True, slots=True)
class FixedCharge:
    """What one contract costs by the month in some days of one, and the part of it that is whose.

    cny
        None: nothing is charged so, or it could not be worked out.
    shares
        By asset its part, 0..1.
    """

    carrier: str
    cny: float | None
    shares: Mapping[str, float]


def fixed_totals(charges: Iterable[FixedCharge], register: Register) -> dict[Key, float]:
    """CNY of each asset, over all carriers, and by carrier for buildings and organisations."""
    found: dict[Key, float] = {}
    for charge in charges:
        for subject, share in charge.shares.items() if charge.cny is not None else ():
            several = subject in register.buildings or subject in register.organisations
            for name in (FIXED, FIXED_OF[charge.carrier]) if several else (FIXED,):
                key = Key(subject, name)
                found[key] = found.get(key, 0.0) + share * (charge.cny or 0.0)
    return found


def fixed_shares(
    contract: SupplyContract, supply: Supply, span: Span, used: Mapping[Key, float]
) -> dict[str, float]:
    """Whose the monthly charges of a contract over local days are, each with its part.

    used
        The use of the points that it prices. Of an organisation's contract each building has the part that
        it has of the use, each vehicle too; without any use all of it stays with the organisation.

    The contract's own subject has all of it, and so have those above it. Each day goes by the register of
    that day, so what is transferred within the month is shared by days.
    """
    found: dict[str, float] = {}
    for piece, register in supply.tree.snapshots(contract.subject, span):
        part = (piece.end - piece.start) / (span.end - span.start)
        for subject, share in _shares(contract, supply.tree, register, piece.start, used).items():
            found[subject] = found.get(subject, 0.0) + part * share
    return found


def _shares(
    contract: SupplyContract,
    tree: Tree,
    register: Register,
    at: datetime,
    used: Mapping[Key, float],
) -> dict[str, float]:
    own = _with_those_above(contract.subject, tree, register, at)
    found = dict.fromkeys(own, 1.0)
    total = sum(used.values())
    if contract.subject in register.organisations and total > 0:
        for point, amount in used.items():
            for code in _with_those_above(asset_of(point.subject), tree, register, at):
                if code not in own and code not in register.meters:
                    found[code] = found.get(code, 0.0) + amount / total
    return found


def _with_those_above(code: str, tree: Tree, register: Register, at: datetime) -> tuple[str, ...]:
    """An asset, its building, and the organisations in whose totals it is."""
    building = getattr(register.assets.get(code), "building", None)
    organisation = register.organisation_of(code)
    heads = () if organisation is None else tree.heads(organisation, at)
    inside = (building,) if building in register.buildings else ()
    return tuple(dict.fromkeys((code, *inside, *heads)))


def carrier_of(contract: SupplyContract) -> str:
    """The carrier that a contract is for."""
    return CARRIER_OF[contract.measure]
