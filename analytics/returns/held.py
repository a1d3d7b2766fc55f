"""What an institution holds for itself over a period, and what the register says of it on a day. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.returns.fill import Wanted
from analytics.totals.groups import item_subject
from analytics.totals.segments import books, counts, segments
from quotawatt.hand.entries import subject_of
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.register.model import Building, Register, Vehicle
from quotawatt.returns.cells import Value
from quotawatt.returns.periods import month_days

_FUEL = "fuel_used_l"
_NEW_ENERGY = ("electric", "hybrid")


@dataclass(frozen=True, slots=True)
class Part:
    """A series that is an institution's own over local days ``[first, until)``.

    asset
        Whose days they are.
    expected
        Whether the register has something that measures it: then its silence is a gap.
    """

    organisation: str
    wanted: Wanted
    asset: str
    subject: str
    measure: str
    first: date
    until: date
    expected: bool = False

    @property
    def series(self) -> tuple[str, str]:
        """Subject and measure of its results."""
        return self.subject, self.measure

    def within(self, month: str) -> tuple[date, date]:
        """Its days ``[first, until)`` within a month."""
        first, until = month_days(month)
        return max(first, self.first), min(until, self.until)

    def days_in(self, month: str) -> int:
        """How many of its days lie in a month."""
        first, until = self.within(month)
        return max((until - first).days, 0)

    def touches(self, month: str) -> bool:
        """Whether any of its days lies in a month."""
        return self.days_in(month) > 0


def held_parts(
    register: Register,
    organisations: Collection[str],
    wanted: Sequence[Wanted],
    first: date,
    until: date,
) -> list[Part]:
    """The own parts of these institutions: their buildings, vehicles, and what was entered of themselves.

    Without what organisations below them hold: each answers for its own.
    """
    asked = frozenset(organisations)
    found: list[Part] = []
    for piece in segments(books(register), first, until):
        for code in sorted(asked):
            found += _of_itself(piece.register, code, wanted, piece.first, piece.until)
        for building in piece.register.buildings.values():
            if building.organisation in asked and counts(piece.register, building.code):
                found += _of_building(piece.register, building, wanted, piece.first, piece.until)
        for vehicle in piece.register.vehicles.values():
            if vehicle.organisation in asked and counts(piece.register, vehicle.code):
                found += _of_vehicle(vehicle, wanted, piece.first, piece.until)
    return found


def _of_itself(
    register: Register, code: str, wanted: Sequence[Wanted], first: date, until: date
) -> Iterator[Part]:
    subject = subject_of(code, register)
    for want in wanted:
        if not want.item:
            yield Part(code, want, code, subject, want.measure, first, until)


def _of_building(
    register: Register, building: Building, wanted: Sequence[Wanted], first: date, until: date
) -> Iterator[Part]:
    meters = [m for m in register.meters_of(building.code) if counts(register, m.code)]
    main = {(MAIN_QUANTITIES.get(m.carrier, ""), "") for m in meters}
    main |= {(MAIN_QUANTITIES.get(m.carrier, ""), m.item) for m in meters}
    for want in wanted:
        subject = item_subject(building.code, want.item) if want.item else building.code
        yield Part(
            organisation=building.organisation,
            wanted=want,
            asset=building.code,
            subject=subject,
            measure=want.measure,
            first=first,
            until=until,
            expected=(want.measure, want.item) in main,
        )


def _of_vehicle(
    vehicle: Vehicle, wanted: Sequence[Wanted], first: date, until: date
) -> Iterator[Part]:
    """Fuel; what a vehicle charges is in the electricity of a building already."""
    for want in wanted:
        if want.measure == f"{vehicle.energy}_l" and not want.item:
            code = vehicle.code
            yield Part(vehicle.organisation, want, code, code, _FUEL, first, until)


def register_fields(register: Register, code: str) -> dict[str, Value]:
    """What a snapshot says of an institution itself; None: not known. People are not among them."""
    organisation = register.organisations[code]
    buildings = [
        b
        for b in register.buildings.values()
        if b.organisation == code and counts(register, b.code)
    ]
    within = {b.code for b in buildings}
    vehicles = [
        v for v in register.vehicles.values() if v.organisation == code and counts(register, v.code)
    ]
    chargers = [
        c for c in register.chargers.values() if c.building in within and counts(register, c.code)
    ]
    return {
        "name": organisation.name_zh,
        "kind": organisation.kind,
        "level": organisation.level,
        "gross_area_m2": _whole([b.gross_area_m2 for b in buildings]),
        "heated_area_m2": _known([b.heated_area_m2 for b in buildings]),
        "data_centre_area_m2": _known([b.data_centre_area_m2 for b in buildings]),
        "charging_points": float(len(chargers)),
        "vehicles": float(len(vehicles)),
        "new_energy_vehicles": float(sum(v.energy in _NEW_ENERGY for v in vehicles)),
    }


def people_mean(
    register: Register, code: str, components: Sequence[str], first: date, until: date
) -> float | None:
    """Daily mean of an institution's own people of these components over ``[first, until)``.

    None where none of them is known, or one that it has is not known on every day.
    """
    days = (until - first).days
    covered: dict[str, int] = {}
    people_days = 0.0
    for one in register.headcounts_of(code):
        if one.component in components:
            start, end = max(first, one.valid_from), min(until, one.valid_until or until)
            held = max((end - start).days, 0)
            covered[one.component] = covered.get(one.component, 0) + held
            people_days += one.people * held
    covered = {component: held for component, held in covered.items() if held}
    if not covered or any(held != days for held in covered.values()):
        return None
    return people_days / days


def _whole(areas: Sequence[float | None]) -> float | None:
    """The sum; None where any is unknown, and where there is none: a part is not the whole."""
    known = [area for area in areas if area is not None]
    return sum(known) if known and len(known) == len(areas) else None


def _known(areas: Sequence[float | None]) -> float | None:
    """The sum of those that are known; None where none is: not every building is heated."""
    known = [area for area in areas if area is not None]
    return sum(known) if known else None
