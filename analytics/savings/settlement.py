"""What savings are worth, and who gets what of it under a contract.

All is reckoned for the days of a period; terms of a year that is covered in part count by its days. Where the
money is not known, neither is any part of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analytics.savings.result import Savings
from quotawatt.errors import InputError
from quotawatt.performance.values import ContractKind, PerformanceContract, YearTerms

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Worth:
    """Money of a period, CNY; None where a price is not known for some of it.

    saved, used, adjusted
        Of the savings, the use and the adjusted baseline, interval by interval at its price.
    per_unit
        Mean price of the adjusted baseline.
    """

    saved: float
    used: float
    adjusted: float
    per_unit: float


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who gets what for a period, CNY; None where the worth is not known.

    guaranteed_use, shortfall_use
        Savings that the contract guarantees for the counted days, and what is missing from them, in the unit.
    fee_cny
        Custody fee of these days.
    compensation_cny
        What the provider pays for the shortfall.
    provider_cny, client_cny
        What each side has in the end: of the savings' worth; of custody fee less cost, and baseline's cost
        less fee.
    """

    kind: ContractKind
    worth: Worth | None
    guaranteed_use: float
    shortfall_use: float
    fee_cny: float
    compensation_cny: float | None
    provider_cny: float | None
    client_cny: float | None


def worth_of(found: Savings, price: Floats) -> Worth | None:
    """What all costs at the price (CNY a unit) of each interval; None where one (NaN) is not known."""
    known = found.frame["savings"].notna().to_numpy()
    if not known.any() or not np.isfinite(price[known]).all():
        return None
    saved, used, adjusted = (
        float((found.frame[name].to_numpy(float)[known] * price[known]).sum())
        for name in ("savings", "actual", "adjusted")
    )
    energy = found.total.adjusted
    return Worth(saved, used, adjusted, adjusted / energy if energy else float(price[known].mean()))


def settle(
    contract: PerformanceContract, first: date, until: date, found: Savings, worth: Worth | None
) -> Settlement:
    """The settlement of a period of local days, half-open.

    Raises InputError for days outside the contract or in more than one of its years.
    """
    terms, year_days = year_of(contract, first, until)
    guaranteed = terms.guaranteed_use * found.total.days / year_days
    shortfall = max(0.0, guaranteed - found.total.savings)
    fee = terms.fee_cny * (until - first).days / year_days
    sides = None
    if worth is not None:
        over = max(0.0, found.total.savings - guaranteed)
        sides = _SIDES[contract.kind](terms, worth, shortfall, over, fee)
    compensation, provider, client = sides or (None, None, None)
    return Settlement(
        contract.kind, worth, guaranteed, shortfall, fee, compensation, provider, client
    )


def year_of(contract: PerformanceContract, first: date, until: date) -> tuple[YearTerms, int]:
    """The terms of the contract's year that the days lie in, and how many days that year has.

    Raises InputError like ``settle``.
    """
    if not contract.valid_from <= first < until <= contract.valid_until:
        raise InputError(
            f"a period must lie within the contract, {contract.valid_from} to "
            f"{contract.valid_until}, got {first} to {until}"
        )
    for number, (start, end) in enumerate(pairwise(contract.year_starts())):
        if start <= first and until <= end:
            return contract.terms[number], (end - start).days
    raise InputError(f"a period must lie within one year of the contract, got {first} to {until}")


_Sides = tuple[float, float, float]
"""Compensation, and what the provider and the client have."""


def _shared(terms: YearTerms, worth: Worth, shortfall: float, over: float, fee: float) -> _Sides:
    """The provider has a share of what was saved, and nothing where more was used."""
    provider = max(0.0, worth.saved) * terms.provider_share_pct / 100
    return 0.0, provider, worth.saved - provider


def _guaranteed(
    terms: YearTerms, worth: Worth, shortfall: float, over: float, fee: float
) -> _Sides:
    """What is missing is paid at the mean price; of what lies above the provider has a share."""
    compensation = shortfall * worth.per_unit
    provider = over * worth.per_unit * terms.provider_share_pct / 100 - compensation
    return compensation, provider, worth.saved - provider


def _custody(terms: YearTerms, worth: Worth, shortfall: float, over: float, fee: float) -> _Sides:
    """The provider has the fee and pays for all energy; the client saves the baseline's cost."""
    return 0.0, fee - worth.used, worth.adjusted - fee


_SIDES: Mapping[ContractKind, Callable[[YearTerms, Worth, float, float, float], _Sides]] = (
    MappingProxyType(
        {
            ContractKind.SHARED: _shared,
            ContractKind.GUARANTEED: _guaranteed,
            ContractKind.CUSTODY: _custody,
        }
    )
)
