"""Findings of what organisations hold, from the stores: above its norm, not used, too cold or too warm."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.assets.idle import idle_assets, said_idle
from analytics.assets.norms import norm_accounts
from analytics.jobs.setpoints import room_findings
from analytics.jobs.signs import read_signs
from quotawatt.findings import Finding
from quotawatt.register.model import Register
from quotawatt.register.pool_book import offered_assets
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_date
from quotawatt.storage.port import SeriesStore


def holding_findings(
    series: SeriesStore,
    records: Engine,
    register: Register,
    rulebook: Rulebook,
    now: datetime,
    default_zone: ZoneInfo,
) -> list[Finding]:
    """Holdings above their norms, what cannot be judged, idle assets that nobody has offered, and rooms
    beyond the limits of their temperature.

    Not those that the register itself calls idle: that is no finding, but they can be offered. Judged by what
    of ``rulebook`` is in force on the day.
    """
    day = local_date(now, default_zone)
    held = rulebook.as_of(day)
    today = register.as_of(day)
    with records.connect() as conn:
        offered = offered_assets(conn)
    signs = read_signs(series, today, held, now, default_zone)
    idle = idle_assets(today, held, signs, now, default_zone)
    known = offered.union(said_idle(today))
    return [
        *norm_accounts(today, rulebook, day).findings,
        *(asset.finding(held) for asset in idle if asset.asset not in known),
        *room_findings(series, today, rulebook, now, default_zone),
    ]
