"""What a scorecard is filled in from: accounts, ledgers and evidence, read from the stores."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.carbon.courses import target_statuses
from analytics.carbon.emissions import SCOPES
from analytics.carbon.scorecard import CardScore, QuotaFigure, ScorecardFacts, score
from analytics.carbon.tree import net_grid_kwh
from analytics.carbon.uses import carbon_use
from analytics.totals.segments import carbon_books, segments
from analytics.yearly.accounts import mean_area_m2
from analytics.yearly.dailyuse import year_to_date, zone_of
from analytics.yearly.quotas import QuotaStatus, quota_statuses
from api.accounts import read_decided, read_use
from api.carbon import CarbonView, read_view
from api.services import Services
from quotawatt.carbon.evidence import evidence_of
from quotawatt.readings import Grain
from quotawatt.register.model import Organisation, Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.scorecards import Scorecard
from quotawatt.spans import DAY, Span, judged_year, local_midnight, year_span

YEAR_DAYS = 365


def fill_in(services: Services, asset: str, card: Scorecard, as_of: datetime) -> CardScore:
    """The scorecard of an organisation or a building at an instant."""
    register = services.register_source()
    view = read_view(services, asset, as_of)
    year = view.tree.year
    with services.records.connect() as conn:
        evidence = evidence_of(conn, asset, card.id, year)
    years = max((item.years for item in card.items), default=1)
    facts = ScorecardFacts(
        asset=asset,
        kind=_kind(asset, register),
        year=year,
        quotas=_quotas(services, asset, as_of, years),
        fixed_kgco2_per_m2=_fixed(services, asset, view, years),
        green_kwh=view.tree.memo["pv_self_use_kwh"] + view.tree.memo["certificates_kwh"],
        electricity_kwh=math.fsum(net_grid_kwh(view.use)) + view.tree.memo["pv_self_use_kwh"],
        targets=_targets(services, asset, as_of),
        energy_tce=_tce(last_year_amounts(services, asset, as_of), card, services.rulebook),
        evidence=evidence,
    )
    return score(card, facts)


def last_year_amounts(services: Services, asset: str, as_of: datetime) -> dict[str, float]:
    """Use of the 365 days before an instant, by measure; what has no result is not there."""
    span = Span(as_of - YEAR_DAYS * DAY, as_of)
    table = services.series.sum_results(Grain.DAY, [asset], sorted(SCOPES), span)
    return {row["measure"]: float(row["value"]) for row in table.to_pylist() if row["value"]}


def answered_for(
    services: Services, asset: str, register: Register, as_of: datetime
) -> dict[str, float]:
    """Use of the 365 days that are over, by measure; electricity as the tree of scopes counts it."""
    use = read_use(services, register, as_of, asset)
    to_date = year_to_date(as_of, use.zone_of(asset))
    new_year = date(to_date.year, 1, 1)
    today = new_year + to_date.complete_days * DAY
    begin = today - YEAR_DAYS * DAY
    amounts: dict[str, float] = {}
    for first, until in ((begin, new_year), (max(new_year, begin), today)):
        if first < until:
            found = carbon_use(asset, use, segments(carbon_books(register), first, until))
            for name, amount in found.amounts.items():
                amounts[name] = amounts.get(name, 0.0) + amount
    return amounts


def quotas_of(services: Services, asset: str, as_of: datetime) -> Sequence[QuotaStatus]:
    """The accounts of one asset under quotas at an instant."""
    register, zone = services.register_source(), ZoneInfo(services.settings.timezone)
    use = read_use(services, register, as_of, asset)
    decided = read_decided(services, as_of)
    found = quota_statuses(use, register, services.rulebook, as_of, zone, {asset}, decided=decided)
    return found.statuses


def _kind(asset: str, register: Register) -> str:
    """The kind of the organisation, or of the one that the building is accounted to."""
    building = register.buildings.get(asset)
    code = asset if building is None else building.organisation
    found = register.assets.get(code)
    return found.kind if isinstance(found, Organisation) else ""


def _quotas(
    services: Services, asset: str, as_of: datetime, years: int
) -> dict[int, list[QuotaFigure]]:
    """Accounts of energy by year: of a year that is not over what it is likely to come to."""
    zone = ZoneInfo(services.settings.timezone)
    year = judged_year(as_of, zone)
    found: dict[int, list[QuotaFigure]] = {}
    for past in range(years):
        at = as_of if past == 0 else year_span(year - past, zone).end
        found[year - past] = [
            QuotaFigure(status.quota, _year_end(status) / status.denominator, quota.tiers)
            for status in quotas_of(services, asset, at)
            if status.unit != "m³"
            and (quota := services.rulebook.quotas.get(status.quota)) is not None
            and status.denominator
        ]
    return found


def _year_end(status: QuotaStatus) -> float:
    return status.used if status.projected is None else status.projected


def _fixed(services: Services, asset: str, view: CarbonView, years: int) -> dict[int, float]:
    """Carbon per m² with a fixed grid factor: of each year the same days as of the one judged."""
    register = services.register_source()
    zone = zone_of(asset, register, ZoneInfo(services.settings.timezone))
    last = view.until - timedelta(days=1)
    found: dict[int, float] = {}
    for past in range(years + 1):
        until = _same_day(last, last.year - past) + timedelta(days=1)
        one = view if past == 0 else read_view(services, asset, local_midnight(until, zone))
        area = mean_area_m2(asset, segments(register, date(one.tree.year, 1, 1), until))
        if one.fixed is not None and one.use.days and area:
            intensity = one.fixed.kgco2 / area
            if not math.isnan(intensity):
                found[one.tree.year] = intensity
    return found


def _same_day(day: date, year: int) -> date:
    """The day of another year; the 28th for a 29th of February that it does not have."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _targets(services: Services, asset: str, as_of: datetime) -> dict[str, float]:
    """What each target's account is likely to come to, in % of its limit."""
    register, zone = services.register_source(), ZoneInfo(services.settings.timezone)
    use = read_use(services, register, as_of, asset)
    found = target_statuses(use, register, services.rulebook, as_of, zone, {asset})
    return {
        status.target: 100 * status.projected / status.limit
        for status in found.statuses
        if status.projected is not None
    }


def _tce(amounts: Mapping[str, float], card: Scorecard, rulebook: Rulebook) -> float | None:
    """Tons of coal equivalent; None where the set lacks a carrier, or nothing was used."""
    factor_set = rulebook.factor_sets.get(card.factor_set)
    if factor_set is None or not amounts or set(amounts) - set(factor_set.coal_equivalent):
        return None
    factors = factor_set.coal_equivalent
    return math.fsum(amount * factors[name].value for name, amount in amounts.items()) / 1000
