"""Which routes a case takes, and why. Pure.

Routes of packs of one's own are looked at first, then those that come with the program, each in the order in
which they stand. The first for people that fits counts; those after it only where it says ``continue``.
Routes that name channels alone count wherever they fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from quotawatt.register.model import Register
from quotawatt.register.rows import kind_of
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.routes import Route
from quotawatt.rulebook.shipped import shipped_files
from quotawatt.rulebook.versions import place_of


@dataclass(frozen=True, slots=True)
class About:
    """What of a case a route looks at. ``organisation`` is empty where the register does not say."""

    rule: str
    severity: str
    asset: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at a route.

    differs
        What of the case it does not fit (``rules``, ``severities``, ``kinds``, ``organisations``); empty:
        it fits.
    reached
        Whether it was looked at: none for people after the last that counts is.
    """

    route: Route
    differs: str
    reached: bool

    @property
    def counts(self) -> bool:
        """Whether the case takes this route."""
        return self.reached and not self.differs


class RouteChoice:
    """The routes of a rulebook over a register."""

    def __init__(self, rulebook: Rulebook, register: Register) -> None:
        self._rulebook = rulebook
        self._register = register
        self._known: dict[tuple[str, str, str, str], tuple[Route, ...]] = {}

    def routes_of(self, about: About) -> tuple[Route, ...]:
        """The routes that a case takes, in order; those of cases alike are found once."""
        key = (about.rule, about.severity, about.organisation, self._kind(about.asset))
        if key not in self._known:
            self._known[key] = tuple(look.route for look in self.looks(about) if look.counts)
        return self._known[key]

    def looks(self, about: About) -> Iterator[Look]:
        """All routes in turn, and what came of looking at each."""
        reached = True
        for route in self._in_turn:
            look = Look(route, self._differs(route, about), reached or not route.tells_people)
            yield look
            if look.counts and route.tells_people and not route.continue_:
                reached = False

    @cached_property
    def _in_turn(self) -> tuple[Route, ...]:
        return tuple(sorted(self._rulebook.routes.values(), key=self._is_shipped))

    def _is_shipped(self, route: Route) -> bool:
        file, _, _ = place_of(self._rulebook.versions, "routes", route.id).rpartition(":")
        return file in shipped_files()

    def _differs(self, route: Route, about: About) -> str:
        if route.rules and about.rule not in route.rules:
            return "rules"
        if route.severities and about.severity not in route.severities:
            return "severities"
        if route.kinds and self._kind(about.asset) not in route.kinds:
            return "kinds"
        if route.organisations and not self._over(about.organisation) & set(route.organisations):
            return "organisations"
        return ""

    def _over(self, organisation: str) -> set[str]:
        """The organisation and all above it, by region and by sector system."""
        path = self._register.path_of
        return {*path(organisation), *path(organisation, "system")}

    def _kind(self, asset: str) -> str:
        found = self._register.assets.get(asset)
        return "" if found is None else kind_of(found)
