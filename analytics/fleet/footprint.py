"""What a litre or a kilowatt-hour of a vehicle emits, and what coal it stands for, by the rulebook.

Fuel counts by the factor set of emissions, electricity by the factor of the grid where the vehicle has its
home; coal equivalent by the national set.
"""

from dataclasses import dataclass

from analytics.carbon.emissions import ELECTRICITY, FACTOR_SET, emission_factor
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.coalequivalent import national_set
from quotawatt.rulebook.model import Rulebook


@dataclass(frozen=True, slots=True)
class Footprint:
    """For one L or kWh of a measure in a year; None: there is no factor.

    sources
        Factor sets and instruments, and the year and region of a grid's factor.
    """

    measure: str
    kgco2: float | None
    kgce: float | None
    sources: tuple[str, ...]

    def carbon(self, amount: float | None) -> float | None:
        """kgCO2 of an amount."""
        return None if amount is None or self.kgco2 is None else amount * self.kgco2

    def coal(self, amount: float | None) -> float | None:
        """kgce of an amount."""
        return None if amount is None or self.kgce is None else amount * self.kgce


def footprint_of(vehicle: Vehicle, year: int, register: Register, rulebook: Rulebook) -> Footprint:
    """The factors of what a vehicle drives by, in a calendar year."""
    electric = vehicle.energy == "electric"
    measure = ELECTRICITY if electric else f"{vehicle.energy}_l"
    kgco2, source = (
        _grid(vehicle, year, register, rulebook) if electric else _fuel(measure, rulebook)
    )
    coal = national_set(rulebook)
    factor = None if coal is None else coal.coal_equivalent.get(measure)
    sources = [source, coal.id if coal is not None and factor is not None else ""]
    kgce = None if factor is None else factor.value
    return Footprint(measure, kgco2, kgce, tuple(filter(None, sources)))


def _fuel(measure: str, rulebook: Rulebook) -> tuple[float | None, str]:
    if FACTOR_SET not in rulebook.factor_sets:
        return None, ""
    factor = rulebook.factor_sets[FACTOR_SET].carbon.get(measure)
    return (None, "") if factor is None else (factor.value, FACTOR_SET)


def _grid(
    vehicle: Vehicle, year: int, register: Register, rulebook: Rulebook
) -> tuple[float | None, str]:
    """Of the province of its home site; else of where its organisation's buildings are."""
    site = register.sites.get(vehicle.home_site or "")
    if site is not None:
        try:
            grid = rulebook.grid_factor(site.province, year)
        except NotFoundError:
            return None, ""
        return grid.kgco2_per_kwh, f"{grid.cites.instrument} {grid.region} {grid.year}"
    found = emission_factor(
        ELECTRICITY, vehicle.organisation, year, [register], rulebook, FACTOR_SET
    )
    if isinstance(found, Finding) or found.grid is None:
        return None, ""
    own = found.grid
    return own.kgco2_per_kwh, f"{own.cites.instrument} {own.region} {own.year}"
