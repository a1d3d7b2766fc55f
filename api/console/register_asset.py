"""The page of one asset: what the register says of it, what it was before, what feeds it, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow.compute as pc
from sqlalchemy import or_, select

from api.access import Permit
from api.asset_views import detail
from api.console.register_words import Reader, Shown
from api.findinglist import by_importance, finding_item
from api.fleet_looks import PLACES
from api.queries import page_of_rows
from api.services import Services
from quotawatt.ledger import Ledger, LedgerEntry
from quotawatt.ledger.selection import Selection
from quotawatt.readings import SeriesKey
from quotawatt.register.belonging import Tree as Parentage
from quotawatt.register.model import Binding, Register
from quotawatt.register.purposes import main_quantity
from quotawatt.register.rows import columns, kind_of
from quotawatt.spans import Span
from quotawatt.storage.pool_tables import pool_offers
from quotawatt.storage.tables import findings

LOOKED_BACK = timedelta(days=7)
"""A reading that is older is not looked for; the finding of a silent meter says since when it is."""

FINDINGS_SHOWN = 20
ENTRIES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column of the asset in words."""

    title: str
    value: Shown


@dataclass(frozen=True, slots=True)
class Step:
    """What a column held over ``[start, end)``, local days; None: always before, still after."""

    title: str
    value: Shown
    start: date | None
    end: date | None
    ahead: bool


@dataclass(frozen=True, slots=True)
class LastReading:
    """What a device showed last, before the multiplier; None: nothing within ``LOOKED_BACK``."""

    value: float | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A binding of the asset in words, and the last reading of one that holds now."""

    binding: Binding
    quantity: str
    holds: bool
    last: LastReading | None


@dataclass(frozen=True)
class AssetPage:
    """All that the page shows.

    path
        What it hangs under within reach, the top first, itself last.
    headcounts, base_values, duties
        Its own records beside its row, each as attributes.
    offer
        The state of its open offer in the pool; empty: none.
    entries
        Of the ledger, latest first; None where they are not for the reader.
    """

    code: str
    kind: str
    name: str
    status: str
    day: date
    organisation: Shown | None
    path: list[Shown]
    attributes: list[Attribute]
    headcounts: list[list[Attribute]]
    base_values: list[list[Attribute]]
    duties: list[list[Attribute]]
    history: list[Step]
    feeds: list[Feed]
    findings: list[Mapping[str, Any]]
    findings_total: int
    offer: str
    entries: Sequence[LedgerEntry] | None


def asset_page(
    services: Services,
    permit: Permit,
    reader: Reader,
    code: str,
    day: date,
    tree: Parentage,
    *,
    with_ledger: bool,
) -> AssetPage:
    """The page, with the asset as it is on a day. The code must be one of the register within reach."""
    register = reader.register
    said = detail(register, permit, code, day, tree)
    kind = kind_of(register.assets[code])
    total, rows = _findings(services, code)
    owner = said["organisation"]
    return AssetPage(
        code=code,
        kind=kind,
        name=reader.name_of(register.assets[code]),
        status=said["status"],
        day=day,
        organisation=Shown(reader.name(owner), owner) if owner and permit.sees(owner) else None,
        path=[Shown(reader.name(step), step) for step in said["path"]],
        attributes=_attributes(reader, kind, said["attributes"]),
        headcounts=[_attributes(reader, "headcounts", row) for row in said["headcounts"]],
        base_values=[_attributes(reader, "base_values", row) for row in said["base_values"]],
        duties=[_attributes(reader, "duties", row) for row in said["duties"]],
        history=_history(reader, code, kind, day),
        feeds=[_feed(services, register, b, reader) for b in _newest_first(register, code)],
        findings=[finding_item(row, register, reader.zone) for row in rows],
        findings_total=total,
        offer=_offer(services, code),
        entries=_entries(services, code) if with_ledger else None,
    )


_OWNERS = {"headcounts": "organisation", "base_values": "asset", "duties": "asset"}


def _attributes(reader: Reader, kind: str, cells: Mapping[str, Any]) -> list[Attribute]:
    """The columns of a record, but for the asset that the page is about, and that one's names."""
    left_out = {_OWNERS[kind]} if kind in _OWNERS else {"code", "name_zh", "name_en"}
    return [
        Attribute(reader.title(kind, column.name), _value(reader, kind, column.name, cells))
        for column in columns(kind)
        if column.name not in left_out
    ]


def _value(reader: Reader, kind: str, name: str, cells: Mapping[str, Any]) -> Shown:
    value = cells[name]
    return (
        reader.cell(kind, name, value)
        if isinstance(value, str)
        else reader.value(kind, name, value)
    )


def _history(reader: Reader, code: str, kind: str, today: date) -> list[Step]:
    """Every value that a column was changed from or to, the newest first."""
    steps = [
        Step(
            title=reader.title(kind, name),
            value=reader.value(kind, name, held.value),
            start=held.valid_from,
            end=held.valid_until,
            ahead=held.valid_from is not None and held.valid_from > today,
        )
        for name, held_values in reader.register.history_of(code).items()
        for held in held_values
    ]
    return sorted(steps, key=lambda step: (step.start or date.min, step.title), reverse=True)


def _newest_first(register: Register, code: str) -> list[Binding]:
    return sorted(register.bindings_of(code), key=lambda b: b.valid_from, reverse=True)


def _feed(services: Services, register: Register, binding: Binding, reader: Reader) -> Feed:
    now = services.clock()
    quantity = binding.quantity or main_quantity(register.assets[binding.asset])
    shown = (
        quantity and quantity not in PLACES
    )  # who looks at these is kept: on the page of the trip
    holds = binding.valid_from <= now and (binding.valid_until is None or now < binding.valid_until)
    return Feed(
        binding=binding,
        quantity=reader.value("bindings", "quantity", quantity).text if quantity else "",
        holds=holds,
        last=_last(services, binding, quantity, now) if holds and shown else None,
    )


def _last(services: Services, binding: Binding, quantity: str, now: datetime) -> LastReading:
    key = SeriesKey(binding.device, binding.channel, quantity)
    span = Span(max(now - LOOKED_BACK, binding.valid_from), now)
    table = services.series.read_readings([key], span) if span.start < span.end else None
    if table is None or not table.num_rows:
        return LastReading(None, None)
    newest = pc.index(table["time"], pc.max(table["time"])).as_py()
    return LastReading(table["value"][newest].as_py(), table["time"][newest].as_py())


def _findings(services: Services, code: str) -> tuple[int, list[dict[str, Any]]]:
    """The open ones about the asset or one of its accounts."""
    about = or_(
        findings.c.subject == code, findings.c.subject.startswith(f"{code}/", autoescape=True)
    )
    conditions = [findings.c.state == "open", about]
    order = by_importance()
    return page_of_rows(services.records, findings, conditions, order, FINDINGS_SHOWN, 0)


def _offer(services: Services, code: str) -> str:
    chosen = select(pool_offers.c.state).where(pool_offers.c.open_asset == code)
    with services.records.connect() as conn:
        return conn.execute(chosen).scalar() or ""


def _entries(services: Services, code: str) -> Sequence[LedgerEntry]:
    return Ledger(services.records).latest(Selection(subject=code), ENTRIES_SHOWN, None)
