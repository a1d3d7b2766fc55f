"""The yearly account of one asset under one quota, as a value and as results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from analytics.yearly.terms import CARRIER, NEGATIVE, Adjustment
from analytics.yearly.tiers import Standing
from quotawatt.findings import Finding
from quotawatt.rulebook.model import Tier, Trust


@dataclass(frozen=True, slots=True)
class QuotaPart:
    """One series' share of the use: ``amount`` [``unit``] times ``factor`` gives ``value``.

    ``value`` is in the account's unit, corrected; ``factor`` is 1 where nothing is converted. What is left
    out counts negatively, in ``amount`` and ``value``.

    subject
        Whose results: the asset itself, or an item of a building.
    role
        As of ``terms.Term``.
    purpose
        Of an item; empty for a carrier.
    factor_set
        Where the factor stands in from another set than the quota's; else empty.
    first, until
        The days on which it counts where these are not all; None: all.
    weight
        How much of the series is the account's, 0..1; ``amount`` is after it.
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
    weight: float = 1.0


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
        What was left out with its area, and what was corrected or could not be.
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
    """What a unit of a part's use counts in the account: corrected, and negative for what is left out.

    The part's use is its series' use times ``weight``.
    """
    sign = -1 if part.role in NEGATIVE else 1
    return sign * part.factor * status.correction


class QuotaAccounts(NamedTuple):
    """All accounts that could be drawn up, and why others could not. Sorted by asset, then quota."""

    statuses: tuple[QuotaStatus, ...]
    findings: tuple[Finding, ...]
