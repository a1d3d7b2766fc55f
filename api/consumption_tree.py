"""Use down the tree: from an organisation or a building to meters and rooms, and the gap of each parent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from analytics.totals.groups import ITEM_MEASURE, building_of_item, item_subject
from analytics.totals.segments import counts, followed_tree
from api.tree import KINDS
from quotawatt.errors import InputError
from quotawatt.hand.entries import asset_of, subject_of
from quotawatt.readings import Grain
from quotawatt.register.belonging import Tree as Parentage
from quotawatt.register.formulas import VIRTUAL_QUANTITIES, measures
from quotawatt.register.model import Building, Meter, Organisation, Register
from quotawatt.spans import DAY, Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

MAX_NODES = 20_000
"""Of one answer."""

_PV = "pv_generation_kwh"

BY_HAND = "by_hand"
"""The kind of what was entered by hand of a building or an organisation itself."""

_BY_HAND_NAMES = ("手工录入", "Entered by hand")

_ITEMS: Mapping[str, tuple[str, str]] = {
    "A": ("照明插座用电", "Lighting and sockets"),
    "B": ("空调用电", "Air conditioning"),
    "C": ("动力用电", "Power"),
    "D": ("特殊用电", "Special uses"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree. ``adds_up``: it is part of its parent's sum, rather than another view of it."""

    subject: str
    kind: str
    name_zh: str
    name_en: str
    parent: str | None
    depth: int
    adds_up: bool


def nodes_under(
    register: Register, subject: str, measure: str, deepest: int, sees: Callable[[str], bool]
) -> list[Node]:
    """The subject and all below it that is in use and within reach, a parent before its children.

    Raises InputError for a measure that meters do not count, and where there is too much below it.
    """
    if measure not in VIRTUAL_QUANTITIES:
        raise InputError(
            f"a tree of use must be of one of {', '.join(VIRTUAL_QUANTITIES)}, got {measure!r}"
        )
    walk = _Walk(register, measure, followed_tree(register, subject))
    waiting = [walk.node(subject, None, 0, adds_up=True)]
    found: list[Node] = []
    while waiting:
        node = waiting.pop()
        found.append(node)
        if len(found) > MAX_NODES:
            raise InputError(
                f"a tree of use must have at most {MAX_NODES} lines (ask for fewer levels or a part),"
                f" got more under {subject!r}"
            )
        if node.depth < deepest:
            below = [n for n in walk.below(node) if sees(n.subject.partition("/")[0])]
            waiting.extend(reversed(below))
    return found


def tree_lines(
    series: SeriesStore, nodes: Sequence[Node], measure: str, span: Span, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """The nodes with what they used in the days that start within the span, summed in the store.

    ``use``: None where nothing is known. ``coverage``: share of all these days that rests on measurements.
    ``gap``: the node's use less that of its children that add up to it, where all of these are known.
    What nobody entered anything for by hand has no such line.
    """
    subjects = [node.subject for node in nodes]
    sums = series.sum_results(Grain.DAY, subjects, [measure], span)
    known = {row["subject"]: row for row in sums.to_pylist() if row["value"] is not None}
    nodes = [node for node in nodes if node.kind != BY_HAND or node.subject in known]
    days = max(1, _days(span, zone))
    children: dict[str, list[str]] = {}
    for node in nodes:
        if node.parent is not None and node.adds_up:
            children.setdefault(node.parent, []).append(node.subject)
    return [_line(node, known, children.get(node.subject, ()), days) for node in nodes]


def _line(
    node: Node, known: Mapping[str, Mapping[str, Any]], children: Sequence[str], days: int
) -> dict[str, Any]:
    own = known.get(node.subject)
    gap = None
    if own is not None and children and all(child in known for child in children):
        gap = own["value"] - sum(known[child]["value"] for child in children)
    return {
        "subject": node.subject,
        "kind": node.kind,
        "name_zh": node.name_zh,
        "name_en": node.name_en,
        "parent": node.parent,
        "depth": node.depth,
        "adds_up": node.adds_up,
        "use": None if own is None else own["value"],
        "coverage": 0.0 if own is None else min(1.0, own["coverage"] * own["intervals"] / days),
        "estimated": None if own is None else own["estimated"],
        "gap": gap,
        "gap_pct": 100 * gap / own["value"] if gap is not None and own and own["value"] else None,
    }


def _days(span: Span, zone: ZoneInfo) -> int:
    """How many local days start within the span."""
    first, last = (local_date(instant, zone) for instant in (span.start, span.end))
    begins = 0 if local_midnight(first, zone) == span.start else 1
    ends = 0 if local_midnight(last, zone) == span.end else 1
    return (last - first) // DAY + ends - begins


class _Walk:
    """What is directly below what, for one measure."""

    def __init__(self, register: Register, measure: str, tree: Parentage) -> None:
        self._register = register
        self._measure = measure
        self._tree = tree

    def node(self, subject: str, parent: str | None, depth: int, *, adds_up: bool) -> Node:
        asset = self._register.assets.get(subject)
        if asset_of(subject) != subject:
            return Node(subject, BY_HAND, *_BY_HAND_NAMES, parent, depth, adds_up)
        if asset is None:
            item = subject.rpartition(":")[2]
            chinese, english = _ITEMS[item[0]]
            names = (f"{chinese} {item}", f"{english} {item}")
            return Node(subject, "item", *names, parent, depth, adds_up)
        names = (asset.name_zh, asset.name_en)
        return Node(subject, KINDS[type(asset)], *names, parent, depth, adds_up)

    def below(self, node: Node) -> list[Node]:
        """The children of a node, those that add up to it first."""
        asset = self._register.assets.get(node.subject)
        sums: Sequence[str] = ()
        views: Sequence[str] = ()
        if isinstance(asset, Organisation):
            sums = self._of_organisation(asset)
        elif isinstance(asset, Building):
            sums, views = self._of_building(asset), self._views(asset)
        elif isinstance(asset, Meter):
            sums = self._meters(asset.building, asset.code)
        elif building := building_of_item(node.subject):
            views = [i for i in self._items(building) if i[:-1] == node.subject]
        deeper = node.depth + 1
        return [
            *(self.node(code, node.subject, deeper, adds_up=True) for code in sums),
            *(self.node(code, node.subject, deeper, adds_up=False) for code in views),
        ]

    def _of_organisation(self, organisation: Organisation) -> list[str]:
        parent = "region_parent" if self._tree == "region" else "system_parent"
        organisations = self._register.organisations.values()
        lower = [o.code for o in organisations if getattr(o, parent) == organisation.code]
        houses = [
            b.code for b in self._register.buildings.values() if b.organisation == organisation.code
        ]
        own = subject_of(organisation.code, self._register)
        return [*sorted(lower), *self._in_use(houses), own]

    def _of_building(self, building: Building) -> list[str]:
        plants = self._register.pv_plants.values() if self._measure == _PV else ()
        own = [plant.code for plant in plants if plant.building == building.code]
        by_hand = subject_of(building.code, self._register)
        return [*self._meters(building.code, None), *self._in_use(own), by_hand]

    def _meters(self, building: str, parent: str | None) -> list[str]:
        meters = self._register.meters_of(building)
        return self._in_use(
            m.code for m in meters if m.parent == parent and measures(m.carrier, self._measure)
        )

    def _views(self, building: Building) -> list[str]:
        """Virtual meters, items and rooms with a meter."""
        virtual = [
            v
            for v in self._register.virtual_meters_of(building.code)
            if v.quantity == self._measure
        ]
        computed = self._in_use(v.code for v in virtual)
        meters = [
            m for m in self._register.meters_of(building.code) if measures(m.carrier, self._measure)
        ]
        served = {*(m.serves for m in meters), *(v.serves for v in virtual)}
        rooms = [code for code in served if code in self._register.spaces]
        items = [i for i in self._items(building.code) if len(i.rpartition(":")[2]) == 1]
        return [*computed, *items, *sorted(str(room) for room in rooms)]

    def _items(self, building: str) -> list[str]:
        """The items of a building that there are, those within them too."""
        if self._measure != ITEM_MEASURE:
            return []
        meters = self._register.meters_of(building)
        items = {m.item[:n] for m in meters for n in range(1, len(m.item) + 1)}
        return [item_subject(building, item) for item in sorted(items)]

    def _in_use(self, codes: Iterator[str] | Sequence[str]) -> list[str]:
        return sorted(code for code in codes if counts(self._register, code))
