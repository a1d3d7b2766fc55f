"""What savings are worth, and who gets what of it under a contract.

All is reckoned for the days of a period; terms of a year that is covered in part count by its days. Where the
money is not known, neither is any part of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analytics.savings.result import Savings
from quotawatt.errors import InputError
from quotawatt.performance.values import ContractKind, PerformanceContract, YearTerms

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Worth:
    """Money of a period, CNY; None where a price is not known for some of it.

    saved
        Of the savings, interval by interval at its price.
    used, adjusted
        Of the use, and of the adjusted baseline.
    """

    saved: float | None
    used: float | None
    adjusted: float | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who gets what for a period.

    guaranteed_use, shortfall_use
        Savings that the contract guarantees for these days, and what is missing from them, in the unit.
    provider_cny, client_cny
        What each side has of the savings' worth; of custody: fee less cost, and baseline's cost less fee.
    compensation_cny
        What the provider pays for the shortfall.
    fee_cny
        Custody fee of these days.
    """

    kind: ContractKind
    worth: Worth
    guaranteed_use: float
    shortfall_use: float
    provider_cny: float | None
    client_cny: float | None
    compensation_cny: float | None
    fee_cny: float


def worth_of(found: Savings, price: Floats) -> Worth:
    """What use, baseline and savings cost, at the price (CNY a unit) of each interval; NaN: not known."""
    known = found.frame["savings"].notna().to_numpy()
    if not known.any() or not np.isfinite(price[known]).all():
        return Worth(None, None, None)
    sums = [
        float((found.frame[name].to_numpy(float)[known] * price[known]).sum())
        for name in ("savings", "actual", "adjusted")
    ]
    return Worth(*sums)


def settle(
    contract: PerformanceContract, first: date, until: date, found: Savings, worth: Worth
) -> Settlement:
    """The settlement of a period of local days, half-open, within the contract.

    Raises InputError for days outside the contract or in more than one of its years.
    """
    terms, share = year_of(contract, first, until)
    guaranteed = terms.guaranteed_use * share
    shortfall = max(0.0, guaranteed - found.total.savings)
    fee = terms.fee_cny * share
    provider, client, compensation = _SIDES[contract.kind](
        terms, worth, found.total.savings, guaranteed, fee
    )
    return Settlement(
        contract.kind, worth, guaranteed, shortfall, provider, client, compensation, fee
    )


def year_of(contract: PerformanceContract, first: date, until: date) -> tuple[YearTerms, float]:
    """The terms of the contract's year that the days lie in, and the share of that year that they are.

    Raises InputError like ``settle``.
    """
    if not contract.valid_from <= first < until <= contract.valid_until:
        raise InputError(
            f"a period must lie within the contract, {contract.valid_from} to "
            f"{contract.valid_until}, got {first} to {until}"
        )
    for number, (start, end) in enumerate(pairwise(contract.year_starts())):
        if start <= first and until <= end:
            return contract.terms[number], (until - first).days / (end - start).days
    raise InputError(
        f"a period must lie within one year of the contract, got {first} to {until}"
    )


_Sides = tuple[float | None, float | None, float | None]


def _shared(
    terms: YearTerms, worth: Worth, savings: float, guaranteed: float, fee: float
) -> _Sides:
    """The provider has a share of what was saved, and nothing where more was used."""
    if worth.saved is None:
        return None, None, None
    provider = max(0.0, worth.saved) * terms.provider_share_pct / 100
    return provider, worth.saved - provider, 0.0


def _guaranteed(
    terms: YearTerms, worth: Worth, savings: float, guaranteed: float, fee: float
) -> _Sides:
    """What is missing is paid at the period's mean price; what lies above is shared."""
    if worth.saved is None or worth.adjusted is None or worth.used is None:
        return None, None, None
    baseline = worth.adjusted
    price = _mean_price(worth, savings)
    if price is None:
        return None, None, None
    compensation = max(0.0, guaranteed - savings) * price
    provider = max(0.0, savings - guaranteed) * price * terms.provider_share_pct / 100
    return provider - compensation, worth.saved - provider + compensation, compensation


def _custody(
    terms: YearTerms, worth: Worth, savings: float, guaranteed: float, fee: float
) -> _Sides:
    """The provider has the fee and pays for all energy; the client no longer pays the baseline's cost."""
    if worth.used is None or worth.adjusted is None:
        return None, None, None
    return fee - worth.used, worth.adjusted - fee, 0.0
