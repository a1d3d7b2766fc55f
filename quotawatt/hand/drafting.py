"""From the cells of a form to an entry: assets, quantities, local days and the amount that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.hand import rules
from quotawatt.hand.carriers import KINDS_OF, quantities_of
from quotawatt.hand.entries import (
    BILL,
    CONFIRMATIONS,
    KIND_OF,
    PURCHASE,
    READING,
    Entry,
)
from quotawatt.hand.setting import Draft, Setting
from quotawatt.hand.units import in_own_units
from quotawatt.quantities import COUNTERS
from quotawatt.register.kinds import Asset
from quotawatt.register.model import Register
from quotawatt.register.problems import CellError, Problem, Rule
from quotawatt.register.purposes import main_quantity
from quotawatt.register.rows import Row
from quotawatt.spans import DAY, local_date, local_midnight

EARLIEST_YEAR = 2010
"""No reading is taken from before: see ``analytics.jobs.analyser``."""
LONGEST = timedelta(days=731)

_KIND_NAMES = {
    READING: ("reading", "抄表"),
    BILL: ("bill", "账单"),
    PURCHASE: ("purchase", "燃料购入"),
}


def drafted(
    rows: Mapping[str, Sequence[Row]], setting: Setting
) -> tuple[list[Draft], list[Problem]]:
    """Entries of the rows of forms, and what keeps the others from becoming one.

    rows
        By form (``FORMS``). A row of which a cell could not be read is passed over: that was said already.
    """
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for form, of_form in rows.items():
        for row in of_form:
            found = _drafted(KIND_OF[form], row, setting)
            if isinstance(found, Draft):
                drafts.append(found)
            else:
                problems += found
    return drafts, problems


def _drafted(kind: str, row: Row, setting: Setting) -> Draft | list[Problem]:
    cells = row.cells
    said = str(cells.get("asset") or "")
    asset = asset_said(said, setting.register)
    if asset is None or not setting.sees(asset.code):
        return [Problem(row.where.at("asset"), rules.ASSET, said)] if "asset" in cells else []
    quantity = cells.get("quantity") or main_quantity(asset)
    problems = _of_asset(kind, row, asset) or _of_quantity(row, asset, quantity)
    if cells.get("confirm", "") not in CONFIRMATIONS:
        problems.append(Problem(row.where.at("confirm"), rules.CONFIRM, cells["confirm"]))
    if problems or quantity is None:
        return problems
    cells, problems = in_own_units(row, quantity)
    if problems:
        return problems
    try:
        return Draft(row.where, _ENTRIES[kind](_Filled(cells, asset, quantity, setting)))
    except KeyError:  # a cell that could not be read
        return []
    except _Wrong as wrong:
        return [Problem(row.where.at(wrong.column), wrong.rule, cells.get(wrong.column))]


def asset_said(said: str, register: Register) -> Asset | None:
    """The asset of a code, which a name may follow as the template's lists have it; None: there is none."""
    return register.assets.get(said) or register.assets.get(said.partition(" ")[0])


@dataclass(frozen=True, slots=True)
class _Filled:
    cells: Mapping[str, Any]
    asset: Asset
    quantity: str
    setting: Setting

    @property
    def zone(self) -> ZoneInfo:
        return self.setting.zone_of(self.asset.code)

    def require_within(self, column: str, day: date) -> None:
        """Raise _Wrong where the day is none that a reading can be of."""
        if day.year < EARLIEST_YEAR:
            raise _Wrong(column, rules.TOO_EARLY)
        today = local_date(self.setting.now, self.zone)
        if day > today:
            raise _Wrong(column, rules.FUTURE.of(now=today))


class _Wrong(CellError):
    """A rule that a column breaks in its row."""

    def __init__(self, column: str, rule: Rule) -> None:
        super().__init__(rule)
        self.column = column


def _of_asset(kind: str, row: Row, asset: Asset) -> list[Problem]:
    classes, (english, chinese) = KINDS_OF[kind]
    if isinstance(asset, classes):
        return []
    rule = rules.ASSET_KIND.of(kinds=(english, chinese), kind=_KIND_NAMES[kind])
    return [Problem(row.where.at("asset"), rule, asset.code)]


def _of_quantity(row: Row, asset: Asset, quantity: str | None) -> list[Problem]:
    where = row.where.at("quantity")
    if "quantity" not in row.cells:  # it could not be read, or stands in no column
        return [] if quantity else [Problem(where, rules.QUANTITY_MISSING)]
    if quantity is None:
        return [Problem(where, rules.QUANTITY_MISSING)]
    if quantity not in COUNTERS:
        return [Problem(where, rules.QUANTITY, quantity)]
    possible = quantities_of(asset)
    if possible and quantity not in possible:
        rule = rules.QUANTITY_OF_ASSET.of(quantities=", ".join(possible))
        return [Problem(where, rule, quantity)]
    return []


def _reading(filled: _Filled) -> Entry:
    time: datetime = filled.cells["time"]
    local = time if time.tzinfo is not None else time.replace(tzinfo=filled.zone)
    filled.require_within("time", local.date())
    instant = local.astimezone(UTC)
    if instant > filled.setting.now:
        raise _Wrong(
            "time", rules.FUTURE.of(now=f"{filled.setting.now.astimezone(filled.zone):%F %R}")
        )
    return Entry(
        READING,
        filled.asset.code,
        filled.quantity,
        instant,
        instant,
        value=filled.cells["value"],
        **_besides(filled),
    )


def _bill(filled: _Filled) -> Entry:
    start, end = _days(filled)
    amount, rate = filled.cells.get("amount"), filled.cells.get("gj_per_m2")
    if amount is None and rate is None:
        raise _Wrong("amount", rules.AMOUNT_MISSING)
    if rate is not None:
        amount = rate * _heated_area(filled)
    return Entry(
        BILL,
        filled.asset.code,
        filled.quantity,
        start,
        end,
        amount=amount,
        gj_per_m2=rate,
        cost_cny=filled.cells.get("cost_cny"),
        **_besides(filled),
    )


def _heated_area(filled: _Filled) -> float:
    """In m²: of the building's heated part, of all of it where that is not known, as of the first day."""
    if filled.cells.get("amount") is not None:
        raise _Wrong("amount", rules.AMOUNT_TWICE)
    if filled.quantity != "heat_gj":
        raise _Wrong("gj_per_m2", rules.RATE_OF_HEAT)
    then = filled.setting.register.as_of(filled.cells["first_day"])
    code = getattr(filled.asset, "building", filled.asset.code)
    building = then.buildings.get(code)
    area = None if building is None else building.heated_area_m2 or building.gross_area_m2
    if area is None:
        raise _Wrong("asset", rules.AREA_UNKNOWN)
    return area


def _purchase(filled: _Filled) -> Entry:
    start, end = _days(filled)
    cells = filled.cells
    opening, bought, closing = cells.get("opening", 0.0), cells["bought"], cells.get("closing", 0.0)
    if opening + bought < closing:
        raise _Wrong("closing", rules.NEGATIVE_USE.of(sum=opening + bought))
    return Entry(
        PURCHASE,
        filled.asset.code,
        filled.quantity,
        start,
        end,
        amount=opening + bought - closing,
        opening=opening,
        bought=bought,
        closing=closing,
        cost_cny=cells.get("cost_cny"),
        **_besides(filled),
    )


def _days(filled: _Filled) -> tuple[datetime, datetime]:
    """``[start, end)`` of the local days, both of which are included."""
    first: date = filled.cells["first_day"]
    last: date = filled.cells["last_day"]
    for column, day in (("first_day", first), ("last_day", last)):
        filled.require_within(column, day)
    if last < first:
        raise _Wrong("last_day", rules.DAYS.of(first=first))
    if last - first > LONGEST:
        raise _Wrong("last_day", rules.TOO_LONG)
    return local_midnight(first, filled.zone), local_midnight(last + DAY, filled.zone)


def _besides(filled: _Filled) -> dict[str, Any]:
    cells = filled.cells
    return {"confirm": cells.get("confirm", ""), "note": cells.get("note", "")}


_ENTRIES = {READING: _reading, BILL: _bill, PURCHASE: _purchase}
