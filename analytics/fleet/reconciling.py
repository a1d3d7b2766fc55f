"""The same charging as the vehicle and as the charger's meter saw it: matched, with what was lost between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analytics.fleet.charger import ChargerSession
from analytics.fleet.pairing import PAIRING_DEFAULTS, PairingParameters, paired
from quotawatt.findings import Finding
from quotawatt.fleet.trips import Place, VehicleEvent
from quotawatt.geography.distance import haversine_km
from quotawatt.spans import Span


class ChargedAt(StrEnum):
    """Where a vehicle charged: at one's own chargers, whose meters are within the building's, or not."""

    OWN = "own"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OwnCharger:
    """A charger of one's own.

    place
        Of its site; None: not known, so it may be anywhere.
    metered
        When its meter told; empty: it has none.
    """

    code: str
    place: Place | None
    metered: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ChargeMatch:
    """One charging by both sides, or by the one that saw it.

    vehicle
        None: somebody else's car at one's own charger.
    charger
        From the first to the last of the charger's sessions in it; None: the charger's meter saw none.
    charger_kwh
        The part of the charger's energy that is this vehicle's: by what each of several put into its battery.
    loss_kwh, loss_share_pct
        Between meter and battery, and that in % of what the meter showed; None: one side is not known.
    """

    vehicle: VehicleEvent | None
    charger: ChargerSession | None
    charger_kwh: float | None
    loss_kwh: float | None
    loss_share_pct: float | None
    place: ChargedAt

    @property
    def elsewhere_kwh(self) -> float | None:
        """What the vehicle charged elsewhere, into the battery; None: not known whether or how much."""
        if self.place is ChargedAt.OWN:
            return 0.0
        known = self.vehicle is not None and self.place is ChargedAt.ELSEWHERE
        return self.vehicle.amount if known and self.vehicle is not None else None


def reconcile(
    vehicles: Sequence[VehicleEvent],
    sessions: Sequence[ChargerSession],
    chargers: Sequence[OwnCharger],
    parameters: PairingParameters = PAIRING_DEFAULTS,
) -> list[ChargeMatch]:
    """Match both sides' sessions; each is in exactly one match, but a charger's may be shared by vehicles.

    A vehicle's session without a charger's was elsewhere, where the vehicle was far from all of one's own
    chargers, or the meters of all that it may have been at told all the while; else it is not known where.

    Parameters
    ----------
    vehicles
        Events of kind ``charging``, of any vehicles.
    sessions
        Of the chargers' meters over the same time.
    chargers
        All chargers of one's own, those without a meter too.
    """
    places = {charger.code: charger.place for charger in chargers}

    def may_be(vehicle: VehicleEvent, session: ChargerSession) -> bool:
        return _near(vehicle.place, places.get(session.charger), parameters)

    found: list[ChargeMatch] = []
    matched: set[int] = set()
    for own, parts in paired(vehicles, sessions, may_be, parameters):
        matched |= set(own)
        charger = _as_one([sessions[c] for c in parts])
        found += _matches([vehicles[v] for v in own], charger)
    for v, vehicle in enumerate(vehicles):
        if v not in matched:
            place = _place(vehicle, chargers, parameters)
            found.append(ChargeMatch(vehicle, None, None, None, None, place))
    return sorted(found, key=_start)


def loss_findings(
    matches: Iterable[ChargeMatch], parameters: PairingParameters = PAIRING_DEFAULTS
) -> list[Finding]:
    """Losses that can't be: more in the battery than at the meter, or more lost than chargers lose."""
    return [
        Finding(
            "charge_loss",
            match.vehicle.vehicle,
            {
                "at": match.vehicle.start.isoformat(),
                "since": match.vehicle.start.isoformat(),
                "until": match.vehicle.end.isoformat(),
                "other": match.charger.charger,
                "battery_kwh": match.vehicle.amount,
                "charger_kwh": match.charger_kwh,
                "loss_pct": match.loss_share_pct,
            },
        )
        for match in matches
        if match.vehicle is not None
        and match.charger is not None
        and match.loss_share_pct is not None
        and not 0 <= match.loss_share_pct <= parameters.greatest_loss_pct
    ]


def _matches(vehicles: Sequence[VehicleEvent], charger: ChargerSession) -> list[ChargeMatch]:
    if not vehicles:
        return [ChargeMatch(None, charger, charger.kwh, None, None, ChargedAt.OWN)]
    amounts = [vehicle.amount for vehicle in vehicles]
    whole = sum(amount for amount in amounts if amount is not None)
    found = []
    for vehicle, amount in zip(vehicles, amounts, strict=True):
        if len(vehicles) == 1:
            part = charger.kwh
        elif amount is None or None in amounts or whole <= 0:
            found.append(ChargeMatch(vehicle, charger, None, None, None, ChargedAt.OWN))
            continue
        else:
            part = charger.kwh * amount / whole
        found.append(_match(vehicle, charger, part))
    return found


def _match(vehicle: VehicleEvent, charger: ChargerSession, part: float) -> ChargeMatch:
    loss = None if vehicle.amount is None else round(part - vehicle.amount, 3)
    share = None if loss is None or part <= 0 else round(100 * loss / part, 1)
    return ChargeMatch(vehicle, charger, round(part, 3), loss, share, ChargedAt.OWN)


def _as_one(sessions: Sequence[ChargerSession]) -> ChargerSession:
    return ChargerSession(
        sessions[0].charger,
        min(s.start for s in sessions),
        max(s.end for s in sessions),
        round(sum(s.kwh for s in sessions), 3),
    )


def _place(
    vehicle: VehicleEvent, chargers: Sequence[OwnCharger], parameters: PairingParameters
) -> ChargedAt:
    possible = [c for c in chargers if _near(vehicle.place, c.place, parameters)]
    told = all(
        any(span.start <= vehicle.start and vehicle.end <= span.end for span in c.metered)
        for c in possible
    )
    return ChargedAt.ELSEWHERE if told else ChargedAt.UNKNOWN


def _near(one: Place | None, other: Place | None, parameters: PairingParameters) -> bool:
    """Whether they may be the same place: where one is not known, they may."""
    if one is None or other is None:
        return True
    km = haversine_km(one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg)
    return float(km) <= parameters.near_km


def _start(match: ChargeMatch) -> tuple[float, str]:
    seen = match.vehicle or match.charger
    return (
        0.0 if seen is None else seen.start.timestamp(),
        "" if match.vehicle is None else match.vehicle.vehicle,
    )
