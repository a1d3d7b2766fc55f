"""The year's quota that a series counts towards, in its own unit, from the accounts that are stored."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from analytics.grid import Key
from analytics.totals.groups import building_of_item
from analytics.yearly.yardsticks import ASSIGNED
from quotawatt.hand.entries import asset_of
from quotawatt.measures import AMOUNT_UNITS, measure
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.rulebook.coalequivalent import national_set
from quotawatt.rulebook.indicators import KGCE_IN, YEAR, Indicator
from quotawatt.rulebook.model import FactorSet, Rulebook
from quotawatt.spans import DAY, Span
from quotawatt.storage.port import SeriesStore

_LIMITS = {f"quota_limit_{suffix}": unit for unit, suffix in AMOUNT_UNITS.items()}
_LATELY = 40 * DAY
"""How far back the last limit of an account is looked for: accounts are drawn up daily."""


class Limit(NamedTuple):
    """What an account may use in its year, in its own unit."""

    account: str
    unit: str
    value: float


class YearQuotas:
    """Finds quotas of series among the limits of accounts as they stand at one instant."""

    def __init__(
        self, limits: Mapping[str, Iterable[Limit]], register: Register, rulebook: Rulebook
    ) -> None:
        self._limits = limits
        self._register = register
        self._book = rulebook

    @classmethod
    def read(
        cls,
        series: SeriesStore,
        register: Register,
        rulebook: Rulebook,
        now: datetime,
        assets: Iterable[str] | None = None,
    ) -> "YearQuotas":
        """From the newest stored results before ``now``, of all assets or of some.

        assets
            Of these, their buildings and organisations the accounts are read; None: of everybody.
        """
        span = Span(now - _LATELY, now)
        known = series.sum_results(Grain.DAY, None, list(_LIMITS), span).to_pylist()
        wanted = None if assets is None else {c for a in assets for c in _holders(register, a)}
        subjects = sorted(
            {r["subject"] for r in known if wanted is None or _asset(r["subject"]) in wanted}
        )
        if not subjects:
            return cls({}, register, rulebook)
        rows = series.read_results(Grain.DAY, subjects, list(_LIMITS), span).to_pylist()
        newest = {row["subject"]: row for row in rows if row["value"]}
        found: dict[str, list[Limit]] = {}
        for subject, row in newest.items():
            account = subject.partition("/")[2]
            limit = Limit(account, _LIMITS[row["measure"]], float(row["value"]))
            found.setdefault(_asset(subject), []).append(limit)
        return cls(found, register, rulebook)

    def quota_of(self, key: Key) -> float | None:
        """The year's quota in the measure's unit; None where no account holds the measure.

        That of the nearest holder: the meter's building, else its organisation. Of several the one of the
        fewest carriers. A quota in coal equivalent comes back as what of this measure alone would fill it.
        """
        for holder in _holders(self._register, key.subject):
            found = [
                (len(indicator.carriers), value)
                for limit in self._limits.get(holder, ())
                if (indicator := self._indicator(limit.account)) is not None
                and (value := self._in_unit(limit, indicator, key.measure)) is not None
            ]
            if found:
                return min(found)[1]
        return None

    def _indicator(self, account: str) -> Indicator | None:
        quota = self._book.quotas.get(account)
        name = account.removeprefix(f"{ASSIGNED}-") if quota is None else quota.indicator
        indicator = self._book.indicators.get(name)
        return indicator if indicator is not None and indicator.season == YEAR else None

    def _in_unit(self, limit: Limit, indicator: Indicator, name: str) -> float | None:
        if name not in indicator.carriers:
            return None
        if limit.unit == measure(name).unit:
            return limit.value
        kgce = KGCE_IN.get(limit.unit)
        factors = self._factors(limit.account)
        factor = None if factors is None else factors.coal_equivalent.get(name)
        if kgce is None or factor is None or factor.value <= 0:
            return None
        return limit.value * kgce / factor.value

    def _factors(self, account: str) -> FactorSet | None:
        quota = self._book.quotas.get(account)
        if quota is None:
            return national_set(self._book)
        return self._book.factor_sets.get(quota.factor_set)


def _asset(account: str) -> str:
    """Whose account it is."""
    return account.partition("/")[0]


def _holders(register: Register, subject: str) -> tuple[str, ...]:
    """Whose accounts a subject's use counts in, the nearest first."""
    code = building_of_item(subject) or asset_of(subject)
    building = getattr(register.assets.get(code), "building", None) or code
    asset = register.buildings.get(building)
    return (building,) if asset is None else (building, asset.organisation)
