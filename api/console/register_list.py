"""The register's first page: the tree of what hangs under what, and one page of the assets below it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.access import Permit
from api.asset_views import Wanted, line, matching
from api.console.register_words import Reader, Shown
from api.tree import Tree, parent_of
from quotawatt.register.belonging import Tree as Parentage
from quotawatt.register.model import Register
from quotawatt.register.rows import CODED, kind_of

PAGE_ROWS = 50
BRANCHES_SHOWN = 60
"""So many of what hangs directly under something the tree lists."""

COLUMNS = {
    "organisations": ("kind", "level", "vehicle_quota"),
    "sites": ("province", "quota_zone", "timezone"),
    "buildings": ("site", "gross_area_m2", "year_built"),
    "spaces": ("building", "use", "area_m2", "occupants"),
    "equipment": ("kind", "building", "value_cny", "acquired"),
    "meters": ("building", "carrier", "item", "rated_power_kw"),
    "virtual_meters": ("building", "quantity", "formula"),
    "pv_plants": ("building", "peak_power_kw"),
    "chargers": ("building", "rated_power_kw"),
    "vehicles": ("plate", "kind", "energy", "acquired"),
    "geofences": ("use", "radius_m", "speed_limit_kmh"),
}
"""What the table shows of each kind beside name, organisation and status."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for. ``at``: the asset whose subtree is shown, empty: all; ``page`` from 1."""

    tree: Parentage = "region"
    at: str = ""
    kind: str = ""
    status: str = ""
    search: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of the tree; ``count`` assets are below it."""

    code: str
    name: str
    kind: str
    depth: int
    count: int
    here: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """A line of the table."""

    code: str
    name: str
    kind: str
    status: str
    organisation: Shown | None
    cells: list[Shown]


@dataclass(frozen=True)
class ListPage:
    """All that the page shows.

    kinds
        By kind how many assets fit, whichever kind was asked for; ``total`` of that one.
    more
        Branches of the tree that are not listed.
    """

    choice: Choice
    day: date
    branches: list[Branch]
    more: int
    kinds: dict[str, int]
    columns: tuple[str, ...]
    rows: list[ListRow]
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_ROWS))


def list_page(tree: Tree, permit: Permit, reader: Reader, choice: Choice, day: date) -> ListPage:
    """The page. ``reader.register`` is the register of the day, ``tree`` is made of it."""
    register = reader.register
    codes = tree.under(choice.at) if choice.at else tree.all()
    wanted = Wanted(None, None, choice.status or None, choice.search)
    found = [c for c in matching(register, codes, wanted, choice.tree) if permit.sees(c)]
    counted = Counter(kind_of(register.assets[code]) for code in found)
    if choice.kind:
        found = [c for c in found if kind_of(register.assets[c]) == choice.kind]
    columns = COLUMNS.get(choice.kind, ())
    start = (choice.page - 1) * PAGE_ROWS
    branches, more = _branches(tree, permit, reader, choice)
    return ListPage(
        choice=choice,
        day=day,
        branches=branches,
        more=more,
        kinds={kind: counted[kind] for kind in CODED if counted[kind]},
        columns=columns,
        rows=[_row(tree, permit, reader, c, columns) for c in found[start : start + PAGE_ROWS]],
        total=len(found),
    )


def _row(tree: Tree, permit: Permit, reader: Reader, code: str, columns: Sequence[str]) -> ListRow:
    asset = reader.register.assets[code]
    kind = kind_of(asset)
    organisation = line(tree, permit, code)["organisation"]
    seen = organisation is not None and permit.sees(organisation)
    return ListRow(
        code=code,
        name=reader.name_of(asset),
        kind=kind,
        status=asset.status,
        organisation=Shown(reader.name(organisation), organisation) if seen else None,
        cells=[reader.value(kind, column, getattr(asset, column)) for column in columns],
    )


def _branches(
    tree: Tree, permit: Permit, reader: Reader, choice: Choice
) -> tuple[list[Branch], int]:
    """What is above the chosen asset, itself, and what is directly below it."""
    register = reader.register
    above = _above(register, permit, choice)
    below = tree.children(choice.at) if choice.at else _tops(tree, register, permit, choice.tree)
    below = sorted(
        (code for code in below if permit.sees(code)),
        key=lambda code: (CODED.index(kind_of(register.assets[code])), code),
    )
    listed = [(code, depth) for depth, code in enumerate(above)]
    listed += [(code, len(above)) for code in below[:BRANCHES_SHOWN]]
    branches = [
        Branch(
            code=code,
            name=reader.name(code),
            kind=kind_of(register.assets[code]),
            depth=min(depth, 6),
            count=_count(tree, permit, code),
            here=code == choice.at,
        )
        for code, depth in listed
    ]
    return branches, max(0, len(below) - BRANCHES_SHOWN)


def _above(register: Register, permit: Permit, choice: Choice) -> list[str]:
    """The chosen asset and what is above it within reach, the top first."""
    above: list[str] = []
    code: str | None = choice.at or None
    while code is not None and code in register.assets and permit.sees(code):
        above.append(code)
        code = parent_of(register.assets[code], choice.tree)
    return above[::-1]


def _tops(tree: Tree, register: Register, permit: Permit, by: Parentage) -> list[str]:
    """What hangs under nothing that is within reach."""
    if permit.everywhere:
        return tree.children(None)
    seen = [code for code in tree.all() if permit.sees(code)]
    parents = ((code, parent_of(register.assets[code], by)) for code in seen)
    return [code for code, parent in parents if parent is None or not permit.sees(parent)]


def _count(tree: Tree, permit: Permit, code: str) -> int:
    """How many assets within reach are below one."""
    under = tree.under(code)
    return len(under) - 1 if permit.everywhere else sum(map(permit.sees, under)) - 1
