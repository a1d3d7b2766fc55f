"""A small register and daily results for the tests of the yearly accounts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from quotawatt.register.model import BaseValue, Building, Headcount, Organisation, Register, Site

ZONE = ZoneInfo("Asia/Shanghai")


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    """An instant of the local clock, in UTC."""
    return datetime(year, month, day, hour, tzinfo=ZONE).astimezone(UTC)


def register(
    *,
    area_m2: float | None = 10_000,
    people: float | None = 100,
    zone: str = "B",
    province: str = "shandong",
    base_kgco2_per_m2: float | None = 60,
) -> Register:
    """ORG-1 with the building BLD-1, below it by region ORG-2 with BLD-2 (5,000 m², 50 people)."""
    headcounts = [Headcount("ORG-2", "in_post", 50, date(2020, 1, 1))]
    if people is not None:
        headcounts.append(Headcount("ORG-1", "in_post", people, date(2020, 1, 1)))
    bases = []
    if base_kgco2_per_m2 is not None:
        bases = [
            BaseValue(code, "carbon_kgco2_per_m2", 2020, base_kgco2_per_m2, "invented")
            for code in ("ORG-1", "BLD-1")
        ]
    return Register(
        organisations=[
            Organisation("ORG-1", "甲局", "Bureau A", "party_government", "city"),
            Organisation("ORG-2", "乙局", "Bureau B", "party_government", "city", "ORG-1"),
        ],
        headcounts=headcounts,
        sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", province, zone)],
        buildings=[
            Building("BLD-1", "甲楼", "House A", "SITE-1", "ORG-1", area_m2),
            Building("BLD-2", "乙楼", "House B", "SITE-1", "ORG-2", 5_000),
        ],
        base_values=bases,
    )


def daily(
    use: Mapping[tuple[str, str], float], first: date, until: date, coverage: float = 1.0
) -> pd.DataFrame:
    """Daily results: for each (subject, measure) the same use on every day of ``[first, until)``."""
    days = pd.date_range(first, until, inclusive="left", tz=ZONE).tz_convert("UTC")
    frames = [
        pd.DataFrame(
            {
                "subject": subject,
                "measure": name,
                "start": days,
                "value": float(value),
                "coverage": coverage,
            }
        )
        for (subject, name), value in use.items()
    ]
    return pd.concat(frames, ignore_index=True)
