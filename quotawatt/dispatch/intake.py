"""The way in of orders by file or from another system: worked out row by row, then all kept or nothing.

The same number of one source is one order: what comes again as it is changes nothing, what comes otherwise
corrects it, as far as the order can have gone from the state in which it is kept to the one that is told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import Connection

from quotawatt.dispatch import book, checks, rules
from quotawatt.dispatch.drafting import Books, Draft, drafted, plates_of
from quotawatt.dispatch.drivers import read_drivers
from quotawatt.dispatch.holding import Held
from quotawatt.dispatch.order import DRIVEN, OCCUPYING, Order, OrderState
from quotawatt.dispatch.telling import plain, tell_import
from quotawatt.errors import InputError, RegisterError
from quotawatt.hand.setting import Setting
from quotawatt.register.found import Found, Note
from quotawatt.register.problems import Problem
from quotawatt.register.rows import Row
from quotawatt.rulebook.proposal import person_of

FORM = checks.FORM
FILE_SOURCE = "file"
"""The source of orders that come by file, where no other is named."""
_SOURCE_LENGTH = 64


@dataclass(frozen=True)
class Plan:
    """What an import does; nothing where there are problems.

    corrected
        What is kept, and what it becomes.
    unchanged
        Orders that came again as they are kept.
    """

    added: tuple[Order, ...] = ()
    corrected: tuple[tuple[Order, Order], ...] = ()
    unchanged: tuple[Order, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()


def plan_orders(conn: Connection, found: Found, source: str, actor: str, setting: Setting) -> Plan:
    """What would be done with the orders of a file. Raises InputError for a source that is none."""
    rows: Sequence[Row] = found.rows.get(FORM, ())
    books = _books(conn, rows, source, actor, setting)
    problems = list(found.problems)
    drafts: dict[str, Draft] = {}
    for row in rows:
        draft = drafted(row, books)
        if not isinstance(draft, Draft):
            problems += draft
            continue
        first = drafts.setdefault(str(draft.order.source_number), draft)
        if first.order != draft.order:
            rule = rules.TWICE.of(other=str(first.where))
            problems.append(
                Problem(draft.where.at("source_number"), rule, row.cells["source_number"])
            )
    problems += _taken(conn, drafts.values(), setting)
    if problems:
        return Plan(problems=tuple(problems))
    return _sorted_out(drafts, tuple(_notes(conn, drafts.values(), setting)))


def take_orders(conn: Connection, found: Found, source: str, actor: str, setting: Setting) -> Plan:
    """Keep the orders of a file, with their numbers. Raises RegisterError with all that stands against it."""
    book.lock_orders(conn)
    plan = plan_orders(conn, found, source, actor, setting)
    if plan.problems:
        raise RegisterError(plan.problems)
    added = tuple(book.add_orders(conn, plan.added))
    for _, after in plan.corrected:
        book.put_order(conn, after)
    changes = [(None, plain(order)) for order in added]
    told = [*changes, *((plain(before), plain(after)) for before, after in plan.corrected)]
    if told:
        touched = [*added, *(after for _, after in plan.corrected)]
        codes = [code for one in touched for code in (one.vehicle or "", one.organisation)]
        tell_import(conn, "orders_imported", told, codes, {"source": source}, actor, setting.now)
    return replace(plan, added=added)


def _books(
    conn: Connection, rows: Iterable[Row], source: str, actor: str, setting: Setting
) -> Books:
    if not source.strip() or len(source) > _SOURCE_LENGTH:
        rule = f"a source must be a name of at most {_SOURCE_LENGTH} signs"
        raise InputError(f"{rule}, got {source!r}")
    numbers = {str(row.cells["source_number"]) for row in rows if "source_number" in row.cells}
    return Books(
        setting=setting,
        source=source,
        actor=actor,
        drivers={driver.code: driver for driver in read_drivers(conn)},
        plates=plates_of(setting.register),
        kept=book.orders_of_source(conn, source, numbers),
    )


def _taken(conn: Connection, drafts: Iterable[Draft], setting: Setting) -> list[Problem]:
    """Vehicles and drivers that two orders would have at a time, as far as they have not been driven."""
    some = [draft for draft in drafts if draft.order.state in OCCUPYING]
    if not some:
        return []
    others, now = _others(conn, some, OCCUPYING, setting), setting.now
    problems = [
        Problem(draft.where.at(column), checks.taken(other, setting), code)
        for column in ("vehicle", "driver")
        for held in [Held(others, column, now)]
        for draft in some
        if (code := getattr(draft.order, column))
        for other in held.during(code, draft.order.start, draft.order.end_by(now))
    ]
    return problems + _taken_within(some, setting)


def _others(
    conn: Connection, drafts: Sequence[Draft], states: Collection[OrderState], setting: Setting
) -> list[Order]:
    """The kept orders of these states in the time of the drafts, without those that drafts correct."""
    own = {draft.kept.number for draft in drafts if draft.kept is not None}
    first = min(draft.order.start for draft in drafts)
    last = max(draft.order.end_by(setting.now) for draft in drafts)
    found = book.orders_between(conn, first, last, states=states)
    return [order for order in found if order.number not in own]


def _taken_within(drafts: Sequence[Draft], setting: Setting) -> list[Problem]:
    """The same among the rows of the file."""
    problems = []
    for column in ("vehicle", "driver"):
        held: dict[str, list[Draft]] = {}
        for draft in drafts:
            code = getattr(draft.order, column)
            if code:
                held.setdefault(code, []).append(draft)
        for code, some in held.items():
            some.sort(key=lambda draft: draft.order.start)
            for first, second in pairwise(some):
                if first.order.end_by(setting.now) > second.order.start:
                    rule = rules.TAKEN_WITHIN.of(other=str(first.where))
                    problems.append(Problem(second.where.at(column), rule, code))
    return problems


def _notes(conn: Connection, drafts: Iterable[Draft], setting: Setting) -> Iterable[Note]:
    """What may be a mistake and is taken all the same."""
    given = list(drafts)
    for where, order, _ in given:
        if order.decided_by and person_of(order.decided_by) == person_of(order.applicant):
            yield Note(where.at("decided_by"), rules.SELF_DECIDED)
    driven = [draft for draft in given if draft.order.state in DRIVEN]
    if not driven:
        return
    held = Held(_others(conn, driven, DRIVEN, setting), "vehicle", setting.now)
    for where, order, _ in driven:
        zone, end = checks.zone_of(order, setting), order.end_by(setting.now)
        for other in held.during(str(order.vehicle), order.start, end):
            shown = (f"{t.astimezone(zone):%Y-%m-%d %H:%M}" for t in (other.start, other.end))
            terms = dict(zip(("start", "end"), shown, strict=True))
            yield Note(where, rules.OVERLAPS.of(number=other.number, **terms))


def _sorted_out(drafts: Mapping[str, Draft], notes: tuple[Note, ...]) -> Plan:
    added, corrected, unchanged = [], [], []
    for draft in drafts.values():
        if draft.kept is None:
            added.append(draft.order)
        elif draft.kept == draft.order:
            unchanged.append(draft.kept)
        else:
            corrected.append((draft.kept, draft.order))
    return Plan(tuple(added), tuple(corrected), tuple(unchanged), (), notes)
