"""The yearly score of how an organisation cares for its assets, by a scheme of the rulebook.

Each part is 0 to 100 with the numbers it rests on. A part of which nothing is known has no points: it is
left out of the total, and the share of weight that is known is said. Judged is the organisation's own, not
what those below it have.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from analytics.assets.norms import HELD, NormAccounts
from quotawatt.register.model import (
    Asset,
    Building,
    Equipment,
    Meter,
    Organisation,
    Register,
    Space,
)
from quotawatt.register.rows import CODED
from quotawatt.rulebook.norms import ScorePart, ScoreScheme

Evidence = Mapping[str, float | int]


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that was open at the time of judging."""

    organisation: str
    subject: str
    since: datetime


@dataclass(frozen=True)
class Facts:
    """What the scores of a year rest on.

    register
        As it stood on ``day``, the last local day that is judged; ``as_of`` is the instant it ends.
    coverage
        Share (0..1) of the year so far that each meter was heard; a meter that is not in it: never.
    idle
        Assets that stand idle. ``pooled``: those that were offered in the year, by who offered them.
    """

    register: Register
    day: date
    as_of: datetime
    norms: NormAccounts
    coverage: Mapping[str, float]
    idle: frozenset[str]
    findings: Sequence[OpenFinding]
    pooled: Mapping[str, frozenset[str]]

    @cached_property
    def assets_of(self) -> Mapping[str, Sequence[Asset]]:
        """What each organisation answers for, itself included, as far as it holds it."""
        found: dict[str, list[Asset]] = {}
        for code, asset in self.register.assets.items():
            owner = self.register.organisation_of(code)
            if owner is not None and asset.status in HELD:
                found.setdefault(owner, []).append(asset)
        return found

    @cached_property
    def served(self) -> frozenset[str]:
        """What a meter serves."""
        return frozenset(m.serves for m in self.register.meters.values() if m.serves is not None)

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The kind of record of each asset, by code."""
        return {code: kind for kind in CODED for code in getattr(self.register, kind)}


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part: its points (None: not known), weight, and the numbers behind it."""

    basis: str
    weight: float
    points: float | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Score:
    """An organisation's score. ``points`` is None where less is known than the scheme asks for."""

    organisation: str
    scheme: str
    points: float | None
    known_pct: float
    parts: tuple[PartScore, ...]


def score_organisations(scheme: ScoreScheme, facts: Facts) -> tuple[Score, ...]:
    """The score of every organisation in use, by code."""
    return tuple(
        _score(scheme, facts, organisation)
        for _, organisation in sorted(facts.register.organisations.items())
        if organisation.status in HELD
    )


def _score(scheme: ScoreScheme, facts: Facts, organisation: Organisation) -> Score:
    parts = []
    for part in scheme.parts:
        points, evidence = _PARTS[part.basis](part, facts, organisation.code)
        rounded = None if points is None else round(points, 2)
        parts.append(PartScore(part.basis, part.weight, rounded, evidence))
    whole = sum(part.weight for part in parts)
    known = [(p.weight, p.points) for p in parts if p.points is not None]
    weight = sum(w for w, _ in known)
    known_pct = 100 * weight / whole if whole else 0.0
    enough = bool(known) and known_pct >= scheme.least_known_pct
    total = round(sum(w * p for w, p in known) / weight, 2) if enough else None
    return Score(organisation.code, scheme.id, total, round(known_pct, 2), tuple(parts))


Judged = tuple[float | None, Evidence]


def _register_complete(part: ScorePart, facts: Facts, code: str) -> Judged:
    """Cells that are filled of those that are needed, people of the organisation among them."""
    needed, filled = 1, int(_has_people(facts, code))
    for asset in facts.assets_of.get(code, ()):
        for column in part.needed.get(facts.kinds[asset.code], ()):
            needed += 1
            filled += getattr(asset, column) not in (None, "")
    return 100 * filled / needed, {"needed": needed, "filled": filled}


def _has_people(facts: Facts, code: str) -> bool:
    day = facts.day
    return any(
        h.organisation == code
        and h.valid_from <= day
        and (h.valid_until is None or day < h.valid_until)
        for h in facts.register.headcounts
    )


def _metering_coverage(part: ScorePart, facts: Facts, code: str) -> Judged:
    """Mean over meters of the share that was heard; a building without a meter counts as one never heard."""
    assets = facts.assets_of.get(code, ())
    meters = [a for a in assets if isinstance(a, Meter)]
    metered = {meter.building for meter in meters}
    bare = sum(isinstance(a, Building) and a.code not in metered for a in assets)
    evidence = {"meters": len(meters), "buildings_without_meter": bare}
    if not meters and not bare:
        return None, evidence
    heard = sum(facts.coverage.get(meter.code, 0.0) for meter in meters)
    return 100 * heard / (len(meters) + bare), evidence


def _idle_share(part: ScorePart, facts: Facts, code: str) -> Judged:
    """Of the equipment and rooms that are held, those that do not stand idle.

    Not known where telemetry watches none of them and none is said to be idle. Held are all, watched or not:
    who says of one in a hundred that it is idle has not lost a half.
    """
    held = [a.code for a in facts.assets_of.get(code, ()) if isinstance(a, Equipment | Space)]
    idle = sum(asset in facts.idle for asset in held)
    watched = sum(a in facts.served or bool(facts.register.bindings_of(a)) for a in held)
    evidence = {"held": len(held), "watched": watched, "idle": idle}
    return (100 * (1 - idle / len(held)) if watched or idle else None), evidence


def _within_norms(part: ScorePart, facts: Facts, code: str) -> Judged:
    mine = [status for status in facts.norms.statuses if status.organisation == code]
    over = sum(status.over for status in mine)
    evidence = {"judged": len(mine), "over": over}
    return (100 * (1 - over / len(mine)) if mine else None), evidence


def _open_findings(part: ScorePart, facts: Facts, code: str) -> Judged:
    """Of what the organisation answers for, that about which no finding has been open for long."""
    assets = len(facts.assets_of.get(code, ()))
    before = facts.as_of - part.older_than
    old = {f.subject for f in facts.findings if f.organisation == code and f.since < before}
    evidence = {"assets": assets, "subjects_with_old_findings": len(old)}
    return (100 * max(1 - len(old) / assets, 0.0) if assets else None), evidence


def _pool_use(part: ScorePart, facts: Facts, code: str) -> Judged:
    """Of what stood idle, or was offered, that which was offered to the pool in the year."""
    pooled = facts.pooled.get(code, frozenset())
    idle = {a.code for a in facts.assets_of.get(code, ()) if a.code in facts.idle}
    both = len(pooled | idle)
    evidence = {"idle_or_offered": both, "offered": len(pooled)}
    return (100 * len(pooled) / both if both else None), evidence


_PARTS: Mapping[str, Callable[[ScorePart, Facts, str], Judged]] = {
    "register_complete": _register_complete,
    "metering_coverage": _metering_coverage,
    "idle_share": _idle_share,
    "within_norms": _within_norms,
    "open_findings": _open_findings,
    "pool_use": _pool_use,
}
