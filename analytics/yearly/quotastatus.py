"""The yearly account of one asset under one quota, as a value and as results."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import pyarrow as pa

from analytics.yearly.accounts import AccountRow, account_results
from analytics.yearly.terms import CARRIER, LEAVES_OUT, Adjustment
from analytics.yearly.tiers import Standing
from quotawatt.findings import Finding
from quotawatt.measures import AMOUNT_UNITS
from quotawatt.rulebook.model import Tier, Trust


@dataclass(frozen=True, slots=True)
class QuotaPart:
    """One series' share of the use: ``amount`` [``unit``] times ``factor`` gives ``value``.

    ``value`` is in the account's unit, corrected; ``factor`` is 1 where nothing is converted. What is left
    out counts negatively, in ``amount`` and ``value``.

    subject
        Whose results: the asset itself, or an item of a building.
    role
        ``carrier``, ``takes_in`` or ``leaves_out``.
    purpose
        Of an item; empty for a carrier.
    factor_set
        Where the factor stands in from another set than the quota's; else empty.
    first, until
        The days on which it counts where these are not all; None: all.
    """

    measure: str
    amount: float
    unit: str
    factor: float
    factor_unit: str
    factor_trust: Trust
    value: float
    subject: str = ""
    role: str = CARRIER
    purpose: str = ""
    factor_set: str = ""
    first: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """The account of one asset under one quota at one instant.

    quota, kind
        What the account goes by beside the asset, and what it is judged by: ``quota`` of the rulebook (then
        its id), ``assigned`` for a yearly target (``assigned-INDICATOR``), ``own`` for a vehicle's limit of
        the register (the indicator's id). ``document`` is that of an assigned or revised value.
    year
        The calendar year; of a heating season that in which it began. ``first`` and ``until`` are its days.
    unit
        Unit of ``used``, ``limits`` and ``projected``: ``kWh``, ``kgce``, ``tce``, ``m³`` or ``L``.
    denominator
        Area in m², people (daily means of the period to date), hundreds of kilometres, or 1 for none, as
        ``denominator_name`` says.
    intensity
        ``used`` / ``denominator``, in the quota's own unit (e.g. kWh/m²).
    limits
        Allowed use of the whole period for each tier of the quota.
    standing, projected_standing
        Where the use so far, and the projected use of the period, stand among the tiers.
    share_pct, projected_share_pct
        Percent of the constraint value.
    projected, projected_low, projected_high
        Likely use of the whole period, and the ends of the 80 % interval; None (like what rests on it): too
        early to say, and where the denominator grows like the use (kilometres).
    over_probability
        By tier how likely the period ends above it, 0..1; no entry: not known.
    budget_to_date, ahead
        What of the constraint was meant for the time that is over, and the use less that.
    exhaustion_day
        Day on which the constraint is, or is likely to be, passed; None: not in this period, or not known.
    allowance_per_day
        What each day left may use so that the period ends on the constraint; 0 where that is used up.
    days
        Days judged, from the first to the judged one included.
    coverage
        Share of those days that rests on measurements, 0..1.
    kgce, tce, factor_set, basis
        The use in coal equivalent by that set; basis 当量 or 等价. None and empty for what is no energy, and
        where no set converts it.
    parts
        What adds up to ``used``.
    adjustments
        What was left out with its area, and what was corrected.
    metered_area_share
        Of an organisation the share of its area whose buildings are metered, 0..1; None: not to be told.
    """

    asset: str
    quota: str
    indicator: str
    year: int
    unit: str
    denominator_name: str
    denominator: float
    used: float
    intensity: float
    limits: Mapping[Tier, float]
    standing: Standing
    share_pct: float
    projected: float | None
    projected_standing: Standing | None
    projected_share_pct: float | None
    days: int
    days_in_year: int
    coverage: float
    parts: tuple[QuotaPart, ...]
    kind: str = "quota"
    document: str = ""
    first: date | None = None
    until: date | None = None
    projected_low: float | None = None
    projected_high: float | None = None
    over_probability: Mapping[Tier, float] = field(default_factory=dict)
    budget_to_date: float | None = None
    ahead: float | None = None
    exhaustion_day: date | None = None
    allowance_per_day: float | None = None
    kgce: float | None = None
    tce: float | None = None
    factor_set: str = ""
    basis: str = ""
    correction: float = 1.0
    adjustments: tuple[Adjustment, ...] = ()
    metered_area_share: float | None = None


def counted_factor(status: QuotaStatus, part: QuotaPart) -> float:
    """What a unit of a part's series counts in the account: corrected, and negative for what is left out."""
    sign = -1 if part.role == LEAVES_OUT else 1
    return sign * part.factor * status.correction


class QuotaAccounts(NamedTuple):
    """All accounts that could be drawn up, and why others could not. Sorted by asset, then quota."""

    statuses: tuple[QuotaStatus, ...]
    findings: tuple[Finding, ...]


def quota_results(statuses: Iterable[QuotaStatus], day_start: datetime) -> pa.Table:
    """The accounts as results of grain day (schema RESULTS), subject ``ASSET/QUOTA``.

    ``day_start`` is the local midnight (UTC) at which the judged day began. Where there is no projection
    its measures are withdrawn, so that an earlier one does not outlive what it rested on. The day of
    exhaustion is that of the account's period, from 1.
    """
    rows = [AccountRow(f"{s.asset}/{s.quota}", _figures(s), s.coverage) for s in statuses]
    return account_results(rows, day_start)


def _figures(s: QuotaStatus) -> dict[str, float | None]:
    suffix = AMOUNT_UNITS[s.unit]
    probability = s.over_probability.get(Tier.CONSTRAINT)
    return {
        f"quota_used_{suffix}": s.used,
        f"quota_limit_{suffix}": s.limits[Tier.CONSTRAINT],
        f"quota_projected_{suffix}": s.projected,
        f"quota_projected_low_{suffix}": s.projected_low,
        f"quota_projected_high_{suffix}": s.projected_high,
        f"quota_budget_{suffix}": s.budget_to_date,
        f"quota_ahead_{suffix}": s.ahead,
        f"quota_allowance_{suffix}": s.allowance_per_day,
        "quota_share_pct": s.share_pct,
        "quota_projected_share_pct": s.projected_share_pct,
        "quota_over_probability_pct": None if probability is None else 100 * probability,
        "quota_exhaustion_day": _day_of_period(s),
    }


def _day_of_period(s: QuotaStatus) -> float | None:
    if s.exhaustion_day is None or s.first is None:
        return None
    return float((s.exhaustion_day - s.first).days + 1)
