"""What the list of yearly accounts shows: filtered, the worst first, each with its bar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.console.standing import GROUPS, Standing, judge_figures
from api.tree import Tree
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Tier

PAGE = 50
_SCALE_PCT = 115.0
"""Percent of the constraint at the right end of a bar, unless something lies beyond."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class YearBar:
    """Geometry of an account's bar in percent of its width; None: not known."""

    used: float
    limit: float
    budget: float | None
    projected: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as the API lists it, how it stands, and its bar."""

    item: Row
    standing: Standing
    bar: YearBar


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader chose; empty: all. ``organisation`` includes all below it."""

    organisation: str = ""
    indicator: str = ""
    group: str = ""

    def query(self, **changes: str) -> str:
        """The choice as a query, with changes."""
        own = {
            "organisation": self.organisation,
            "indicator": self.indicator,
            "group": self.group,
            **changes,
        }
        return urlencode({name: value for name, value in own.items() if value})


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A page of the list. ``counts`` are by group, of all that the other filters leave."""

    rows: Sequence[AccountRow]
    total: int
    pages: int
    page: int
    counts: Mapping[str, int]
    indicators: Mapping[str, Mapping[str, str]]


def account_row(item: Row) -> AccountRow:
    """A row for one account of the API's list."""
    standing = judge_figures(item["standing"], item["projected_standing"], item["limits"])
    return AccountRow(item, standing, year_bar(item, item["limits"][Tier.CONSTRAINT]))


def year_bar(item: Row, limit: float, budget: str = "budget_to_date") -> YearBar:
    """The bar of a year's amounts against its limit; ``budget`` names what was meant to date."""
    amounts = (item["used"], item["projected_high"] or 0.0, item[budget] or 0.0)
    whole = max(_SCALE_PCT * limit / 100, 1.04 * max(amounts))

    def place(amount: float | None) -> float | None:
        return None if amount is None else 100 * amount / whole

    return YearBar(
        used=100 * item["used"] / whole,
        limit=100 * limit / whole,
        budget=place(item[budget]),
        projected=place(item["projected"]),
        low=place(item["projected_low"]),
        high=place(item["projected_high"]),
    )


def account_page(
    items: Iterable[Row], register: Register, filters: Filters, page: int
) -> AccountPage:
    """The accounts that the filters leave, the worst first."""
    listed = list(items)
    within = under(register, filters.organisation)
    rows = [
        account_row(item)
        for item in listed
        if (within is None or item["asset"] in within)
        and filters.indicator in ("", item["indicator"])
    ]
    counts = dict.fromkeys(reversed(GROUPS), 0)
    for row in rows:
        counts[row.standing.group] += 1
    shown = [row for row in rows if filters.group in ("", row.standing.group)]
    shown.sort(key=_worst_first)
    pages = max(1, -(-len(shown) // PAGE))
    page = min(page, pages)
    return AccountPage(
        rows=shown[(page - 1) * PAGE : page * PAGE],
        total=len(shown),
        pages=pages,
        page=page,
        counts=counts,
        indicators={i["indicator"]: i["indicator_title"] for i in listed},
    )


def under(register: Register, organisation: str) -> set[str] | None:
    """Codes of an organisation and all below it; None: everything. Nothing for one out of reach."""
    if not organisation:
        return None
    if organisation not in register.organisations:
        return set()
    return set(Tree(register).under(organisation))


def _worst_first(row: AccountRow) -> tuple[int, float, str, str]:
    item = row.item
    tightness = max(item["share_pct"], item["projected_share_pct"] or 0.0)
    return (-row.standing.rank, -tightness, item["asset"], item["quota"])
