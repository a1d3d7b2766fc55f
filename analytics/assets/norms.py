"""Holdings against norms: office area by post, vehicles, equipment by people in post.

Judged is what an organisation itself holds, in use or idle, on one day; not what those below it hold. The
arithmetic stands in the status, so that a finding can show it. What is not known (a post, an area, the
number of staff) is a finding of its own kind, one an organisation and norm, never taken for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quotawatt.findings import Finding
from quotawatt.register.model import Equipment, Organisation, Register, Space, Vehicle
from quotawatt.rulebook.model import Citation, Rulebook, Trust
from quotawatt.rulebook.norms import Holding, Norm

Evidence = dict[str, str | float | int | None]

HELD = ("in_use", "idle")
"""An asset's status while its organisation holds it."""

OVER = {
    Holding.OFFICE_AREA: "norm_office_area_over",
    Holding.VEHICLES: "norm_vehicles_over",
    Holding.EQUIPMENT: "norm_equipment_over",
}
UNKNOWN = {
    Holding.OFFICE_AREA: "norm_office_posts_unknown",
    Holding.VEHICLES: "norm_vehicle_quota_unknown",
    Holding.EQUIPMENT: "norm_staff_unknown",
}
UNITS = {Holding.OFFICE_AREA: "m2", Holding.VEHICLES: "vehicles", Holding.EQUIPMENT: "pieces"}

_MARKS = {
    Trust.SOURCE: ("", ""),
    Trust.SECONDARY: ("〔二手〕", " (secondary)"),
    Trust.UNVERIFIED: ("〔未核实〕", " (unverified)"),
    Trust.INVENTED: ("〔虚构〕", " (invented)"),
}

# The area of rooms is drawn and measured to the decimetre; less than that is no excess.
_TOLERANCE = {Holding.OFFICE_AREA: 0.1, Holding.VEHICLES: 0.0, Holding.EQUIPMENT: 0.0}


@dataclass(frozen=True, slots=True)
class NormStatus:
    """One holding against one norm.

    subject
        The room, or the organisation where a number is limited.
    held, allowed
        In m², vehicles or pieces. ``people`` and ``per_person`` say how ``allowed`` came about, where
        people have a part in it; ``post`` is theirs.
    """

    organisation: str
    subject: str
    norm: str
    holding: Holding
    held: float
    allowed: float
    people: float | None = None
    per_person: float | None = None
    post: str = ""

    @property
    def excess(self) -> float:
        """What is held above the norm; 0 where it is within."""
        return max(self.held - self.allowed, 0.0)

    @property
    def over(self) -> bool:
        """Whether more is held than allowed."""
        return self.excess > _TOLERANCE[self.holding]


@dataclass(frozen=True)
class NormAccounts:
    """What could be judged, and findings of what could not or is above its norm."""

    statuses: tuple[NormStatus, ...]
    findings: tuple[Finding, ...]


def norm_accounts(register: Register, rulebook: Rulebook, day: date) -> NormAccounts:
    """Every organisation's holdings on ``day`` against the norms that are for it.

    register
        As it stood on that day (``Register.as_of``).
    day
        Local; norms of instruments in force and head-counts of that day.
    """
    holdings = _Holdings(register, day)
    statuses: list[NormStatus] = []
    unknown: list[Finding] = []
    for organisation in register.organisations.values():
        for norm in norms_for(organisation, rulebook, day):
            judged, missing = holdings.judge(organisation, norm)
            statuses += judged
            unknown += missing
    held = rulebook.as_of(day)
    over = (_over(status, held) for status in statuses if status.over)
    return NormAccounts(tuple(statuses), (*over, *unknown))


def norms_for(organisation: Organisation, rulebook: Rulebook, day: date) -> list[Norm]:
    """The norms for an organisation, by its kind and level, in force on ``day``."""
    return [
        norm
        for norm in rulebook.as_of(day).norms.values()
        if norm.kind in (None, organisation.kind)
        and (not norm.levels or organisation.level in norm.levels)
    ]


def cited(rulebook: Rulebook, cites: Citation, trust: Trust) -> Evidence:
    """The clause as the evidence of a finding has it: ids, and words with the trust mark in each language."""
    instrument, clause = rulebook.clause(cites)
    zh, en = _MARKS[trust]
    return {
        "instrument": cites.instrument,
        "clause": cites.clause,
        "trust": trust.value,
        "cites_zh": f"{instrument.number} {clause.name.zh}{zh}",
        "cites_en": f"{instrument.number}, {clause.name.en}{en}",
    }


class _Holdings:
    """What each organisation holds on a day."""

    def __init__(self, register: Register, day: date) -> None:
        self._offices: dict[str, list[Space]] = {}
        self._equipment: dict[str, list[Equipment]] = {}
        self._vehicles: dict[str, list[Vehicle]] = {}
        self._people: dict[str, dict[str, float]] = {}
        for space in register.spaces.values():
            holder = register.organisation_of(space.code)
            if holder is not None and space.use == "office" and space.status in HELD:
                self._offices.setdefault(holder, []).append(space)
        for piece in register.equipment.values():
            if piece.status in HELD:
                self._equipment.setdefault(piece.organisation, []).append(piece)
        for vehicle in register.vehicles.values():
            if vehicle.status in HELD:
                self._vehicles.setdefault(vehicle.organisation, []).append(vehicle)
        for h in register.headcounts:
            if h.valid_from <= day and (h.valid_until is None or day < h.valid_until):
                self._people.setdefault(h.organisation, {})[h.component] = h.people

    def judge(
        self, organisation: Organisation, norm: Norm
    ) -> tuple[Sequence[NormStatus], Sequence[Finding]]:
        """The holdings that the norm is about, and what is not known of them."""
        if norm.holding is Holding.OFFICE_AREA:
            return self._rooms(organisation.code, norm)
        if norm.holding is Holding.VEHICLES:
            return self._fleet(organisation, norm)
        return self._pieces(organisation.code, norm)

    def _rooms(self, code: str, norm: Norm) -> tuple[list[NormStatus], list[Finding]]:
        """An office that nobody works in is no excess of somebody's: it may be idle."""
        judged: list[NormStatus] = []
        missing = {"rooms_without_post": 0, "rooms_without_occupants": 0, "rooms_without_area": 0}
        offices = [room for room in self._offices.get(code, ()) if room.occupants != 0]
        for room in offices:
            post = norm.post(room.post)
            missing["rooms_without_post"] += post is None
            missing["rooms_without_occupants"] += room.occupants is None
            missing["rooms_without_area"] += room.area_m2 is None
            if post is not None and room.occupants is not None and room.area_m2 is not None:
                allowed = post.m2_per_person * room.occupants
                judged.append(
                    NormStatus(
                        code,
                        room.code,
                        norm.id,
                        norm.holding,
                        room.area_m2,
                        allowed,
                        room.occupants,
                        post.m2_per_person,
                        post.post,
                    )
                )
        if len(judged) == len(offices):
            return judged, []
        detail: Evidence = {
            "norm": norm.id,
            "rooms": len(offices),
            "rooms_judged": len(judged),
            **missing,
        }
        return judged, [Finding(UNKNOWN[norm.holding], code, detail)]

    def _fleet(
        self, organisation: Organisation, norm: Norm
    ) -> tuple[list[NormStatus], list[Finding]]:
        vehicles = len(self._vehicles.get(organisation.code, ()))
        quota, code = organisation.vehicle_quota, organisation.code
        if not vehicles:
            return [], []
        if quota is None:
            detail: Evidence = {"norm": norm.id, "vehicles": vehicles}
            return [], [Finding(UNKNOWN[norm.holding], code, detail)]
        return [NormStatus(code, code, norm.id, norm.holding, vehicles, quota)], []

    def _pieces(self, code: str, norm: Norm) -> tuple[list[NormStatus], list[Finding]]:
        held = sum(piece.kind in norm.equipment for piece in self._equipment.get(code, ()))
        known = self._people.get(code, {})
        if not held:
            return [], []
        counted = [known[c] for c in norm.headcount_components if c in known]
        if not counted:
            return [], [Finding(UNKNOWN[norm.holding], code, {"norm": norm.id, "pieces": held})]
        people = sum(counted)
        allowed = norm.pieces(people)
        return [NormStatus(code, code, norm.id, norm.holding, held, allowed, people)], []


def _over(status: NormStatus, rulebook: Rulebook) -> Finding:
    norm = rulebook.norms[status.norm]
    unit = UNITS[status.holding]
    arithmetic: Evidence = {
        "post": status.post or None,
        "people": status.people,
        "m2_per_person": status.per_person,
    }
    detail: Evidence = {
        "norm": norm.id,
        **cited(rulebook, norm.cites, norm.trust),
        f"held_{unit}": status.held,
        f"allowed_{unit}": status.allowed,
        f"excess_{unit}": round(status.excess, 3),
        **{name: value for name, value in arithmetic.items() if value is not None},
    }
    return Finding(OVER[status.holding], status.subject, detail)
