"""Which quotas count which building and organisation: what the books must know for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analytics.yearly.eligibility import matching_quotas
from quotawatt.register.model import Register
from quotawatt.rulebook.indicators import GROSS_AREA, HEADCOUNT, Indicator
from quotawatt.rulebook.model import Quota, Rulebook


@dataclass(frozen=True)
class Needs:
    """The quotas that are for each organisation and building, and for whom each of them is counted.

    of_building
        Quotas that count the building: its own, and those of its organisation and of all above it.
    indicators
        Those of the rulebook, by id.
    own
        Quotas that are for an organisation or building itself.
    in_force
        Ids of all quotas in force.
    of_people
        Quotas by head that count the organisation's people: its own and those of all above it by region.
    """

    of_building: Mapping[str, tuple[Quota, ...]]
    of_people: Mapping[str, tuple[Quota, ...]]
    indicators: Mapping[str, Indicator]
    own: Mapping[str, tuple[Quota, ...]]
    in_force: frozenset[str]

    def area(self, building: str) -> tuple[Quota, ...]:
        """Those by the building's gross area."""
        quotas = self.of_building.get(building, ())
        return tuple(q for q in quotas if self.indicators[q.indicator].denominator == GROSS_AREA)

    def electricity(self, building: str) -> tuple[Quota, ...]:
        """Those that count the building's electricity."""
        return self._counting(building, "electricity_import_kwh")

    def water(self, building: str) -> tuple[Quota, ...]:
        """Those that count the building's water."""
        return self._counting(building, "water_m3")

    def _counting(self, building: str, measure: str) -> tuple[Quota, ...]:
        quotas = self.of_building.get(building, ())
        return tuple(q for q in quotas if measure in self.indicators[q.indicator].carriers)


def needs_of(register: Register, rulebook: Rulebook, day: date) -> Needs:
    """What the quotas in force on a day need to know of a register."""
    own = {
        code: matching_quotas(code, register, rulebook, day)
        for code in (*register.organisations, *register.buildings)
    }
    book = rulebook.as_of(day)
    indicators = book.indicators
    # Top down, so that each organisation takes over what counts the one above it.
    above: dict[str, dict[str, Quota]] = {}
    for code in register.organisations:
        _gather(code, register, own, above)
    of_building = {
        code: tuple({**above.get(b.organisation, {}), **_by_id(own[code])}.values())
        for code, b in register.buildings.items()
    }
    of_people = {
        code: tuple(q for q in quotas.values() if indicators[q.indicator].denominator == HEADCOUNT)
        for code, quotas in above.items()
    }
    return Needs(of_building, of_people, indicators, own, frozenset(book.quotas))


def _gather(
    code: str,
    register: Register,
    own: Mapping[str, tuple[Quota, ...]],
    done: dict[str, dict[str, Quota]],
) -> None:
    """Enter the quotas that count an organisation: its own and those of all above it."""
    path: list[str] = []
    step: str | None = code
    while step is not None and step in register.organisations and step not in path:
        if step in done:
            break
        path.append(step)
        step = register.organisations[step].region_parent
    inherited = dict(done.get(step or "", {}))
    for organisation in reversed(path):
        inherited = {**inherited, **_by_id(own[organisation])}
        done[organisation] = inherited


def _by_id(quotas: tuple[Quota, ...]) -> dict[str, Quota]:
    return {quota.id: quota for quota in quotas}
