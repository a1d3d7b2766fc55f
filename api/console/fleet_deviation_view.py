"""What rules for vehicles found, as the pages show it: with its rule, its age and what the reader may do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.access import Permit
from api.params import zone_of_subject
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.fleet import deviation_states as states
from quotawatt.fleet.deviations_kept import KeptDeviation
from quotawatt.formatting import days_between
from quotawatt.register.model import Vehicle
from quotawatt.rulebook.proposal import person_of
from quotawatt.rulebook.vehicle_rules import Check, VehicleRule
from quotawatt.spans import DAY

_GROUPS = {
    states.OPEN: "over",
    states.REJECTED: "over",
    states.EXPLAINED: "amber",
    states.ACCEPTED: "fine",
}


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """A deviation as a page lists it.

    rule
        None: the rulebook has it no more.
    group
        ``over``, ``amber``, ``fine`` or ``unknown``: the state's mark.
    href
        Where it is on a map or in its month.
    """

    kept: KeptDeviation
    vehicle: Vehicle
    rule: VehicleRule | None
    title: Mapping[str, str]
    group: str
    age_days: int
    href: str
    zone: ZoneInfo
    may_explain: bool
    may_decide: bool

    @property
    def at_least(self) -> bool:
        """Whether the limit is the least that is right; of most rules it is the most."""
        return self.rule is not None and self.rule.check is Check.UNDER_USED

    @property
    def long(self) -> bool:
        """Whether it is about more than a day: of no single trip, whatever falls into its time."""
        return self.kept.deviation.end - self.kept.deviation.start > DAY


def deviation_rows(
    services: Services, permit: Permit, kept: Iterable[KeptDeviation]
) -> list[DeviationRow]:
    """Those of vehicles within reach that may be followed, in the given order."""
    vehicles = permit.register.vehicles
    return [
        _row(services, permit, one, vehicles[one.deviation.vehicle])
        for one in kept
        if one.deviation.vehicle in vehicles and not vehicles[one.deviation.vehicle].tracking_exempt
    ]


def trip_href(vehicle: str, start: datetime) -> str:
    """The page of a trip."""
    return f"/fleet/{vehicle}/trips/{start.isoformat().replace('+00:00', 'Z')}"


def _row(services: Services, permit: Permit, kept: KeptDeviation, vehicle: Vehicle) -> DeviationRow:
    one = kept.deviation
    rule = services.rulebook.vehicle_rules.get(one.rule)
    zone = zone_of_subject(services.register_source(), vehicle.code, services.settings)
    own = kept.explained_by is not None and person_of(kept.explained_by) == person_of(permit.actor)
    explicable = (kept.state, states.EXPLAIN) in states.MOVES
    decidable = (kept.state, states.ACCEPT) in states.MOVES and not own
    return DeviationRow(
        kept=kept,
        vehicle=vehicle,
        rule=rule,
        title=dict.fromkeys(("zh", "en"), one.rule) if rule is None else _title(rule),
        group=_GROUPS.get(kept.state, "unknown"),
        age_days=max(days_between(kept.found_at, services.clock()), 0),
        href=_href(kept, zone),
        zone=zone,
        may_explain=explicable and permit.may_also(Permission.FLEET_EXPLAIN, vehicle.code),
        may_decide=decidable and permit.may_also(Permission.FLEET_DECIDE, vehicle.code),
    )


def _title(rule: VehicleRule) -> Mapping[str, str]:
    return {"zh": rule.title.zh, "en": rule.title.en}


def _href(kept: KeptDeviation, zone: ZoneInfo) -> str:
    one = kept.deviation
    if one.trip is not None:
        return trip_href(one.vehicle, one.trip)
    month = f"{one.start.astimezone(zone):%Y-%m}"
    return f"/fleet/{one.vehicle}?month={month}#deviation-{kept.number}"
