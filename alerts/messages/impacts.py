"""What cases come to: coal equivalent, share, money and carbon of what is too much, for many cases at once.

A yearly account: what was used beyond its limit, else what the projection goes beyond it. Use above what is
expected: what was used beyond expectation since the condition began. Any other use of an interval: what is
beyond the rule's threshold. Money is that amount at the average price of the span (cost over use), carbon of
an account its share of what was emitted in the span, else amount times the factor of the emission. What no
result and no factor tells stays unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from alerts.cases.model import Case
from alerts.messages.figures import account_kind, account_unit, value_of
from alerts.messages.impact import NOTHING_KNOWN, Impact
from alerts.messages.impact_parts import (
    CARBON,
    WATER_COSTS,
    Scene,
    costs_of,
    of_account,
    of_use,
)
from alerts.messages.sums import Sums, Wanted, read_sums
from alerts.messages.writing import Impacts
from alerts.wording import account_of
from analytics.money.supply import COST_OF
from quotawatt.measures import MEASURES
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Direction, Rule, Source
from quotawatt.rulebook.coalequivalent import ELECTRICITY
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.spans import DAY, Span, local_date, local_midnight, year_span
from quotawatt.storage.port import SeriesStore

EXCESS = "electricity_excess_kwh"
EXCESS_SHARE = "electricity_excess_pct"

LONGEST = timedelta(days=366)
"""How far back use above what is expected is summed."""


def impact_of(
    series: SeriesStore,
    cases: Iterable[Case],
    register: Register,
    rulebook: Rulebook,
    now: datetime,
    zone: ZoneInfo,
) -> dict[int, Impact]:
    """The impact of each case by its number; results are read once for all of them.

    rulebook
        The whole book; an account is judged by that of its year.
    zone
        Of assets without a site.

    Raises StoreError where the store fails.
    """
    scene = Scene(register, lambda case: _book_of(case, rulebook, now, zone), zone, now)
    pairs = [(case, rule) for case in cases if (rule := scene.book(case).rules.get(case.rule))]
    wanted = {case.id: _wanted(case, rule, scene) for case, rule in pairs}
    sums = read_sums(series, [one for one in wanted.values() if one is not None])
    return {
        case.id: _impact(case, rule, _sums_of(wanted[case.id], sums), scene) for case, rule in pairs
    }


def impacts_from(
    series: SeriesStore, register: Register, rulebook: Rulebook, now: datetime, zone: ZoneInfo
) -> Impacts:
    """``impact_of`` for whatever cases a run writes about."""
    return partial(_impact_of, series, register, rulebook, now, zone)


def _impact_of(
    series: SeriesStore,
    register: Register,
    rulebook: Rulebook,
    now: datetime,
    zone: ZoneInfo,
    cases: Sequence[Case],
) -> Mapping[int, Impact]:
    return impact_of(series, cases, register, rulebook, now, zone)


def _sums_of(wanted: Wanted | None, sums: Mapping[Wanted, Sums]) -> Sums:
    return {} if wanted is None else sums.get(wanted, {})


def _book_of(case: Case, rulebook: Rulebook, now: datetime, zone: ZoneInfo) -> Rulebook:
    today = local_date(now, zone)
    _, year = account_of(case.subject)
    return rulebook.as_of(min(today, date(int(year), 12, 31)) if _is_year(year) else today)


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4 and text != "0000"


def _wanted(case: Case, rule: Rule, scene: Scene) -> Wanted | None:
    """The sums that a case's impact takes; None: none."""
    zone = scene.zone_of(case)
    if kind := account_kind(case, rule):
        _, year = account_of(case.subject)
        costs = costs_of(account_unit(kind, case.figures))
        if not _is_year(year) or kind == "carbon" or not costs:
            return None
        whole = year_span(int(year), zone)
        carbon = () if costs == WATER_COSTS else (CARBON,)
        # What the figures say was used was used until then: cost over use of one span is a price.
        end = min(whole.end, scene.now, _day_after(case, zone) or scene.now)
        return _over(case.asset, (*costs, *carbon), whole.start, end)
    measure = _used(rule)
    if measure is None:
        return None
    first = local_midnight(local_date(case.began_at, zone), zone)
    carrier = CARRIER_OF.get(measure)
    costs = (COST_OF[carrier],) if carrier else ()
    excess = (EXCESS,) if rule.input == EXCESS_SHARE else ()
    begin = max(min(first, _day_of(case, zone) or first), scene.now - LONGEST)
    return _over(case.asset, (measure, *excess, *costs), begin, scene.now)


def _over(asset: str, measures: Sequence[str], begin: datetime, end: datetime) -> Wanted | None:
    return Wanted(asset, tuple(measures), Span(begin, end)) if begin < end else None


def _day_of(case: Case, zone: ZoneInfo) -> datetime | None:
    """Start of the day that the evidence is of."""
    day = _evidence_day(case)
    return None if day is None else local_midnight(day, zone)


def _day_after(case: Case, zone: ZoneInfo) -> datetime | None:
    """End of the day that the evidence is of."""
    day = _evidence_day(case)
    return None if day is None else local_midnight(day + DAY, zone)


def _evidence_day(case: Case) -> date | None:
    try:
        return date.fromisoformat(str(case.figures["day"]))
    except (KeyError, ValueError):
        return None


def _used(rule: Rule) -> str | None:
    """The measure of which there is too much use; None where the rule watches no amount of use."""
    if rule.input == EXCESS_SHARE:
        return ELECTRICITY
    amount = rule.input in MEASURES and MEASURES[rule.input].additive and not rule.per
    watched = rule.source is Source.RESULTS and rule.direction is Direction.ABOVE
    return rule.input if amount and watched else None


def _impact(case: Case, rule: Rule, sums: Sums, scene: Scene) -> Impact:
    if kind := account_kind(case, rule):
        return of_account(kind, case, sums, scene.book(case))
    measure = _used(rule)
    if measure is None:
        return NOTHING_KNOWN
    if rule.input == EXCESS_SHARE:
        return of_use(case, measure, sums.get(EXCESS), sums, scene)
    value = value_of(case, rule)
    beyond = None if value is None else value - rule.threshold
    return of_use(case, measure, beyond, sums, scene)
