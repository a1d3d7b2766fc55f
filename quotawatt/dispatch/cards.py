"""Fuel-card rows (加油卡流水) in the record store, and their way in by file; every write is in the ledger."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from quotawatt.dispatch import rules
from quotawatt.dispatch.carddrafting import CARD_FORM, CardDraft, card_drafted
from quotawatt.dispatch.drafting import plates_of
from quotawatt.dispatch.rowbook import lock_books
from quotawatt.dispatch.telling import plain, tell_import
from quotawatt.errors import NotFoundError, RegisterError
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.hand.setting import Setting
from quotawatt.register.found import Found, Note
from quotawatt.register.problems import Problem
from quotawatt.storage.fleet_tables import fuel_card_rows

_FIELDS = tuple(field.name for field in fields(FuelCard))
_AT_ONCE = 500


class Kept(NamedTuple):
    """A row as it is kept, with its number, and who entered it when (UTC)."""

    id: int
    row: FuelCard
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True)
class CardPlan:
    """What an import does; nothing where there are problems.

    corrected
        What is kept, and what it becomes: of one card, time and amount the cost, odometer or station.
    """

    added: tuple[FuelCard, ...] = ()
    corrected: tuple[tuple[Kept, FuelCard], ...] = ()
    unchanged: tuple[FuelCard, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()


def fuel_cards(
    conn: Connection, start: datetime, end: datetime, vehicles: Collection[str] | None = None
) -> list[FuelCard]:
    """Card rows of ``[start, end)`` by time; ``vehicles`` None: of all."""
    t = fuel_card_rows.c
    chosen = select(fuel_card_rows).where(t.time >= start, t.time < end)
    found = _read(conn, chosen.order_by(t.time, t.id))
    wanted = None if vehicles is None else frozenset(vehicles)
    return [kept.row for kept in found if wanted is None or kept.row.vehicle in wanted]


def read_card(conn: Connection, number: int) -> Kept:
    """The row of this number. Raises NotFoundError where there is none."""
    for kept in _read(conn, select(fuel_card_rows).where(fuel_card_rows.c.id == number)):
        return kept
    raise NotFoundError(f"a fuel-card row must exist by its number, got {number}")


def remove_card(conn: Connection, number: int, note: str, actor: str, now: datetime) -> Kept:
    """Take a row back that is wrong; the ledger has what it was. Raises NotFoundError."""
    lock_books(conn)
    kept = read_card(conn, number)
    conn.execute(delete(fuel_card_rows).where(fuel_card_rows.c.id == number))
    touch_vehicles(conn, {kept.row.vehicle: kept.row.time})
    changes = [(plain(kept.row), None)]
    detail = {"number": number, "note": note}
    tell_import(conn, "fuel_card_removed", changes, [kept.row.vehicle], detail, actor, now)
    return kept


def plan_cards(conn: Connection, found: Found, setting: Setting) -> CardPlan:
    """What would be done with the rows of a statement."""
    plates = plates_of(setting.register)
    problems, drafts = list(found.problems), []
    for row in found.rows.get(CARD_FORM, ()):
        made = card_drafted(row, setting, plates)
        if isinstance(made, CardDraft):
            drafts.append(made)
        else:
            problems += made
    single, twice = _each_once(drafts)
    known = _known(conn, {draft.card.vehicle for draft in drafts})
    problems += [*twice, *_otherwise(single.values(), known)]
    if problems:
        return CardPlan(problems=tuple(problems))
    return _sorted_out([draft.card for draft in single.values()], known)


def take_cards(
    conn: Connection, found: Found, actor: str, setting: Setting, source: str
) -> CardPlan:
    """Keep the rows of a statement; all or nothing. Raises RegisterError with all that stands against it.

    source
        Name of the file, for the ledger; empty: it came by none.
    """
    lock_books(conn)
    plan = plan_cards(conn, found, setting)
    if plan.problems:
        raise RegisterError(plan.problems)
    entered = {"entered_by": actor, "entered_at": setting.now}
    if plan.added:
        conn.execute(insert(fuel_card_rows), [{**asdict(card), **entered} for card in plan.added])
    for kept, card in plan.corrected:
        one = fuel_card_rows.c.id == kept.id
        conn.execute(update(fuel_card_rows).where(one).values(**asdict(card), **entered))
    touch_vehicles(conn, _since(plan))
    changes: list[tuple[dict[str, Any] | None, dict[str, Any] | None]]
    changes = [(None, plain(card)) for card in plan.added]
    changes += [(plain(kept.row), plain(card)) for kept, card in plan.corrected]
    if changes:
        codes = [card.vehicle for card in (*plan.added, *(card for _, card in plan.corrected))]
        detail = {"source": source} if source else {}
        tell_import(conn, "fuel_cards_entered", changes, codes, detail, actor, setting.now)
    return plan


def _since(plan: CardPlan) -> dict[str, datetime]:
    """From when on the vehicles of what changes are to be computed anew."""
    since: dict[str, datetime] = {}
    for card in (*plan.added, *(card for _, card in plan.corrected)):
        since[card.vehicle] = min(card.time, since.get(card.vehicle, card.time))
    return since


def _read(conn: Connection, chosen: Any) -> list[Kept]:
    return [
        Kept(
            row["id"],
            FuelCard(**{name: row[name] for name in _FIELDS}),
            row["entered_by"],
            row["entered_at"],
        )
        for row in conn.execute(chosen).mappings()
    ]


_Key = tuple[str, datetime, str]


def _key(card: FuelCard) -> _Key:
    return card.vehicle, card.time, card.card


def _known(conn: Connection, vehicles: Collection[str]) -> Mapping[_Key, Sequence[Kept]]:
    """What is kept of these vehicles, by vehicle, time and card."""
    wanted, t = sorted(vehicles), fuel_card_rows.c
    found: dict[_Key, list[Kept]] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        some = t.vehicle.in_(wanted[at : at + _AT_ONCE])
        for kept in _read(conn, select(fuel_card_rows).where(some)):
            found.setdefault(_key(kept.row), []).append(kept)
    return found


def _each_once(
    drafts: Iterable[CardDraft],
) -> tuple[Mapping[tuple[_Key, float], CardDraft], list[Problem]]:
    """The same row of a file again is one; the same card, time and amount with another cost is wrong."""
    single: dict[tuple[_Key, float], CardDraft] = {}
    problems = []
    for draft in drafts:
        first = single.setdefault((_key(draft.card), draft.card.litres), draft)
        if first.card != draft.card:
            rule = rules.TWICE.of(other=str(first.where))
            problems.append(Problem(draft.where, rule, draft.card.vehicle))
    return single, problems


def _otherwise(
    drafts: Iterable[CardDraft], known: Mapping[_Key, Sequence[Kept]]
) -> Iterable[Problem]:
    """A kept row of the same card and time with another amount would count twice."""
    for draft in drafts:
        kept = known.get(_key(draft.card), ())
        if kept and all(one.row.litres != draft.card.litres for one in kept):
            rule = rules.CARD_OTHERWISE.of(litres=kept[0].row.litres, number=kept[0].id)
            yield Problem(draft.where.at("litres"), rule, draft.card.litres)


def _sorted_out(cards: Iterable[FuelCard], known: Mapping[_Key, Sequence[Kept]]) -> CardPlan:
    added, corrected, unchanged = [], [], []
    for card in cards:
        same = [one for one in known.get(_key(card), ()) if one.row.litres == card.litres]
        if not same:
            added.append(card)
        elif same[0].row == card:
            unchanged.append(card)
        else:
            corrected.append((same[0], card))
    return CardPlan(tuple(added), tuple(corrected), tuple(unchanged))
