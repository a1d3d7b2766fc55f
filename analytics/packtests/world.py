"""The asset that a pack's test is tried on: one organisation with one building, made up to fit the quota."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.totals.groups import ITEM_MEASURE, item_subject
from quotawatt.register.model import (
    BaseValue,
    Building,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
    Space,
)
from quotawatt.rulebook.indicators import (
    CARBON_PER_AREA,
    GROSS_AREA,
    HEADCOUNT,
    HEATED_AREA,
    HEATING,
)
from quotawatt.rulebook.model import Quota, Rulebook, Selector

ZONE = ZoneInfo("Asia/Shanghai")

ORGANISATION, BUILDING = "ORG", "BLD"

_HOURS_OF_USE = "hours_of_use"
_DATA_CENTRE = "data_centre_area_m2"
_ITEM = "item:"
_OF_THE_REGISTER = (
    *(GROSS_AREA, HEATED_AREA, HEADCOUNT, CARBON_PER_AREA),
    *(_HOURS_OF_USE, _DATA_CENTRE),
)


def made_use(
    given: Mapping[str, float], year: int, asset: str, quota: Quota | None, rulebook: Rulebook
) -> pd.DataFrame:
    """The year's use as daily results: all of it on 1 January, or on 1 December for a heating season.

    ``item:D1`` is the electricity of the building's item of that code; any other name is a measure of
    ``asset``.
    """
    use = {name: value for name, value in given.items() if name not in _OF_THE_REGISTER}
    heating = quota is not None and rulebook.indicators[quota.indicator].season == HEATING
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31", tz=ZONE)
    of_use = days == pd.Timestamp(year, 12 if heating else 1, 1, tz=ZONE)
    each = np.tile(np.arange(len(days)), len(use))
    return pd.DataFrame(
        {
            "subject": np.repeat([_subject(name, asset) for name in use], len(days)),
            "measure": np.repeat([_measure(name) for name in use], len(days)),
            "start": days.tz_convert("UTC").take(each),
            "value": np.repeat(np.array(list(use.values()), dtype=float), len(days)) * of_use[each],
            "coverage": 1.0,
        }
    )


def made_register(
    given: Mapping[str, float], year: int, region: str, quota: Quota | None
) -> Register:
    """One organisation with one building, such as the quota's first selector selects.

    ``given`` has areas, people, hours of use and the base value of a target; ``region`` is the province
    where it is not that of the selector.
    """
    wanted = quota.selectors[0] if quota else Selector("building")
    component = quota.headcount_components[0] if quota and quota.headcount_components else ""
    begin = date(year, 1, 1)
    people, base = given.get(HEADCOUNT), given.get(CARBON_PER_AREA)
    items = [name.removeprefix(_ITEM) for name in given if name.startswith(_ITEM)]
    return Register(
        organisations=[
            Organisation(ORGANISATION, "", "", kind=wanted.kind or "", level=wanted.level or "")
        ],
        headcounts=[]
        if people is None
        else [Headcount(ORGANISATION, component or "in_post", people, begin)],
        sites=[_site(wanted, region)],
        buildings=[_building(wanted, given)],
        spaces=[]
        if people is None
        else [Space("SPC", "", "", BUILDING, "office", occupants=round(people))],
        meters=[Meter(f"MTR-{item}", "", "", BUILDING, "electricity", item=item) for item in items],
        base_values=[]
        if base is None
        else [BaseValue(BUILDING, CARBON_PER_AREA, 2020, base, "given by the test")],
    )


def _subject(name: str, asset: str) -> str:
    return item_subject(BUILDING, name.removeprefix(_ITEM)) if name.startswith(_ITEM) else asset


def _measure(name: str) -> str:
    return ITEM_MEASURE if name.startswith(_ITEM) else name


def _site(wanted: Selector, region: str) -> Site:
    province = region or wanted.province or ""
    climate = wanted.climate or ""
    return Site("SITE", "", "", str(ZONE), province, wanted.zone or "", climate_zone=climate)


def _building(wanted: Selector, given: Mapping[str, float]) -> Building:
    return Building(
        BUILDING,
        "",
        "",
        "SITE",
        ORGANISATION,
        given.get(GROSS_AREA),
        heated_area_m2=given.get(HEATED_AREA),
        data_centre_area_m2=given.get(_DATA_CENTRE),
        comfort_class=wanted.comfort_class or "",
        heating=wanted.heating or "",
        hours_of_use=given.get(_HOURS_OF_USE),
    )
