"""The yearly score of an organisation by a scheme of the rulebook: points, grade, and what they rest on.

    score = full points x (points had / points of the items of which something is known)

An item of which nothing is known is left out and said; where less is known than the scheme asks for there is
no score. Who misses a binding item has the last grade, whatever the points; one that is not known leaves
the grade open, unless another one is missed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from quotawatt.rulebook.assessment import Grade, Scheme, SchemeItem

ANY = "any"
"""An item about any indicator of quotas."""

Evidence = Mapping[str, float | int | str | None]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one organisation for a year; what is not in a mapping is not known.

    standings
        Of each indicator of quotas the standing at the year's end, or the projected one.
    targets
        ``carbon`` and ``assigned``: whether each of these targets is met, by its id.
    changes_pct
        Of each ranking the change against the year before.
    coverage
        Share (0..1) of the year that results stand for.
    returns_due, returns_on_time
        How many returns were due, and how many of them came in time.
    answered_for, findings_days
        Assets that it answers for; how many days a finding has been open about each of those that have one.
    confirmed
        Share (0..1) of an item's points that somebody confirmed, by item.
    """

    standings: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    changes_pct: Mapping[str, float] = field(default_factory=dict)
    coverage: float | None = None
    returns_due: int = 0
    returns_on_time: int = 0
    answered_for: int = 0
    findings_days: Mapping[str, float] = field(default_factory=dict)
    confirmed: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item: its points (None: nothing known), whether it was missed, and the numbers behind it."""

    item: str
    basis: str
    full: float
    points: float | None
    missed: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class SchemeScore:
    """An organisation's score. ``points`` and ``grade`` are None where too little is known.

    missed
        Binding items that were missed. ``open_binding``: those of which nothing is known.
    """

    organisation: str
    scheme: str
    points: float | None
    grade: Grade | None
    known_pct: float
    missed: tuple[str, ...]
    open_binding: tuple[str, ...]
    items: tuple[ItemScore, ...]


def score(scheme: Scheme, organisation: str, facts: Facts) -> SchemeScore:
    """The organisation's score by the scheme."""
    items = tuple(_item_score(item, facts) for item in scheme.items)
    binding = {item.id for item in scheme.items if item.binding}
    missed = tuple(i.item for i in items if i.missed and i.item in binding)
    unknown = tuple(i.item for i in items if i.points is None and i.item in binding)
    known = [(i.full, i.points) for i in items if i.points is not None]
    weight = sum(full for full, _ in known)
    known_pct = 100 * weight / scheme.full_points
    points = None
    if known and known_pct >= scheme.least_known_pct:
        points = round(scheme.full_points * sum(had for _, had in known) / weight, 2)
    return SchemeScore(
        organisation,
        scheme.id,
        points,
        grade_of(scheme, points, missed, unknown),
        round(known_pct, 2),
        missed,
        unknown,
        items,
    )


def grade_of(
    scheme: Scheme, points: float | None, missed: Sequence[str], open_binding: Sequence[str]
) -> Grade | None:
    """The grade; the last one where a binding item is missed, None where it cannot be said."""
    if missed:
        return scheme.grades[-1]
    if points is None or open_binding:
        return None
    return next(grade for grade in scheme.grades if points >= grade.least)


def _item_score(item: SchemeItem, facts: Facts) -> ItemScore:
    share, evidence = _BASES[item.basis](item, facts)
    points = None if share is None else round(item.points * share, 2)
    return ItemScore(item.id, item.basis, item.points, points, share == 0, evidence)


Judged = tuple[float | None, Evidence]


def _quota_standing(item: SchemeItem, facts: Facts) -> Judged:
    """The worst standing of all quotas, or that of the indicator that the item names, decides."""
    judged = {
        name: item.shares[standing]
        for name, standing in facts.standings.items()
        if item.about in (ANY, name)
    }
    if not judged:
        return None, {"quotas": 0}
    worst = min(judged, key=lambda name: (judged[name], name))
    return judged[worst], {"quotas": len(judged), "worst": worst, "at": facts.standings[worst]}


def _target_met(item: SchemeItem, facts: Facts) -> Judged:
    """All or nothing: every target of this kind must be met."""
    targets = facts.targets.get(item.about, {})
    met = sum(targets.values())
    share = None if not targets else float(met == len(targets))
    return share, {"targets": len(targets), "met": met}


def _reduction(item: SchemeItem, facts: Facts) -> Judged:
    change = facts.changes_pct.get(item.about)
    share = None if change is None else _grown(item, -change)
    return share, {"change_pct": None if change is None else round(change, 2)}


def _data_quality(item: SchemeItem, facts: Facts) -> Judged:
    if facts.coverage is None:
        return None, {"coverage_pct": None}
    percent = 100 * facts.coverage
    return _grown(item, percent), {"coverage_pct": round(percent, 2)}


def _returns_on_time(item: SchemeItem, facts: Facts) -> Judged:
    due, on_time = facts.returns_due, facts.returns_on_time
    return (on_time / due if due else None), {"due": due, "on_time": on_time}


def _findings_dealt_with(item: SchemeItem, facts: Facts) -> Judged:
    """Of what the organisation answers for, that about which nothing has been open for long."""
    assets = facts.answered_for
    old = sum(days >= item.older_than_days for days in facts.findings_days.values())
    evidence = {"assets": assets, "with_old_findings": old}
    share = None if not assets else _grown(item, 100 * max(1 - old / assets, 0.0))
    return share, evidence


def _confirmed(item: SchemeItem, facts: Facts) -> Judged:
    share = facts.confirmed.get(item.id)
    return share, {"confirmed_pct": None if share is None else round(100 * share, 2)}


def _grown(item: SchemeItem, value: float) -> float:
    """Share of the points: none at ``none_at``, all at ``full_at``, straight in between."""
    grown = (value - item.none_at) / (item.full_at - item.none_at)
    return min(max(grown, 0.0), 1.0)


_BASES: Mapping[str, Callable[[SchemeItem, Facts], Judged]] = {
    "quota_standing": _quota_standing,
    "target_met": _target_met,
    "reduction": _reduction,
    "data_quality": _data_quality,
    "returns_on_time": _returns_on_time,
    "findings_dealt_with": _findings_dealt_with,
    "confirmed": _confirmed,
}
