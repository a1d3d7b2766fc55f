"""The grid factors that years were reckoned with, kept so that a newly published one is told, and once."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from quotawatt.storage.carbon_tables import carbon_factors_used
from quotawatt.storage.records import upsert


@dataclass(frozen=True, slots=True)
class FactorOfYear:
    """The factor [kgCO2/kWh] that a region's calendar year is reckoned with; ``factor_year`` is its own."""

    region: str
    year: int
    factor_year: int
    kgco2_per_kwh: float


def factors_used(conn: Connection) -> dict[tuple[str, int], FactorOfYear]:
    """All that are kept, by region and year."""
    t = carbon_factors_used.c
    rows = conn.execute(select(t.region, t.year, t.factor_year, t.kgco2_per_kwh))
    return {(row.region, row.year): FactorOfYear(*row) for row in rows}


def note_factors(conn: Connection, factors: Iterable[FactorOfYear], at: datetime) -> None:
    """Keep these in the place of what was kept for their regions and years."""
    rows = [asdict(factor) | {"noted_at": at} for factor in factors]
    upsert(
        conn,
        carbon_factors_used,
        rows,
        keys=("region", "year"),
        update=("factor_year", "kgco2_per_kwh", "noted_at"),
    )
