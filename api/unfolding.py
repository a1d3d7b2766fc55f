"""What a quota figure is made of, for the routes: reads what stands below it and puts clauses beside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from analytics.grid import Key
from analytics.totals.relations import Relations
from analytics.totals.segments import Segment, segments, total_books
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.formulae import in_numbers
from analytics.yearly.quotas import QuotaPart, QuotaStatus
from analytics.yearly.unfolding import Line, Node, by_months, node_of, nodes_in, unfolded
from api.accounts import judged_book, quota_item
from api.citations import both, cited_clause
from api.services import Services
from api.unfolddenominator import denominator_rows
from quotawatt.errors import InputError
from quotawatt.hand.book import own_series, standing_entries
from quotawatt.hand.entries import Stored
from quotawatt.measures import measure
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span, year_span

Sees = Callable[[str], bool]
Entries = Mapping[tuple[str, str], Sequence[Stored]]


@dataclass(frozen=True)
class Unfolding:
    """One account with the lines of its parts, and the entries by hand that they rest on."""

    status: QuotaStatus
    lines: Sequence[Line]
    entries: Entries


def read_unfolded(
    services: Services, register: Register, status: QuotaStatus, depth: int, month: date | None
) -> Unfolding:
    """Read what an account is made of, ``depth`` levels down; see ``analytics.yearly.unfolding``."""
    first = status.first or date(status.year, 1, 1)
    pieces = segments(total_books(register), first, first + status.days * DAY)
    with services.records.connect() as conn:
        own = frozenset(Key(*pair) for pair in own_series(conn))
    relations = cache(lambda piece: _relations(piece, own))
    nodes = [node_of(part, pieces, lambda p: relations(p), depth) for part in status.parts]
    use = _read_use(services, register, nodes, status)
    lines = unfolded(status, nodes, use, month)
    pairs = {
        (n.key.subject.removesuffix("/hand"), n.key.measure) for x in nodes for n in nodes_in(x)
    }
    return Unfolding(status, lines, _entries(services, pairs, use, status))


def unfolded_item(
    found: Unfolding, register: Register, newest: Rulebook, sees: Sees
) -> dict[str, Any]:
    """An unfolded account as the api answers it."""
    status = found.status
    rulebook = judged_book(newest, status)
    indicator = rulebook.indicators[status.indicator]
    return {
        "account": quota_item(status, rulebook),
        "formula": both(indicator.formula),
        "in_numbers": both(in_numbers(status, rulebook)),
        "parts": [
            _part(part, line, found, rulebook, sees)
            for part, line in zip(status.parts, found.lines, strict=True)
        ],
        "denominator": list(denominator_rows(status, register, rulebook)),
        "adjustments": status.adjustments,
        "months": by_months(found.lines),
    }


def _relations(piece: Segment, own: frozenset[Key]) -> Relations:
    return Relations(piece.register, piece.first, own)


def _read_use(
    services: Services, register: Register, nodes: Sequence[Node], status: QuotaStatus
) -> DailyUse:
    """Daily use of all that stands in the tree, over the account's days."""
    zone = ZoneInfo(services.settings.timezone)
    first = status.first or date(status.year, 1, 1)
    last = first + (status.days - 1) * DAY
    span = Span(year_span(first.year, zone).start - DAY, year_span(last.year, zone).end + DAY)
    keys = {one.key for node in nodes for one in nodes_in(node)}
    subjects = sorted({key.subject for key in keys})
    measures = sorted({key.measure for key in keys})
    daily = services.series.read_results(Grain.DAY, subjects, measures, span)
    return DailyUse(daily.to_pandas(), register, zone)


def _entries(
    services: Services, pairs: set[tuple[str, str]], use: DailyUse, status: QuotaStatus
) -> Entries:
    """The entries by hand of these points that touch the account's days."""
    first = status.first or date(status.year, 1, 1)
    until = first + status.days * DAY
    with services.records.connect() as conn:
        stored = standing_entries(conn, pairs)
    found: dict[tuple[str, str], list[Stored]] = {}
    for one in stored:
        zone = use.zone_of(one.entry.asset)
        if one.entry.start.astimezone(zone).date() < until and (
            one.entry.end.astimezone(zone).date() >= first
        ):
            found.setdefault((one.entry.asset, one.entry.quantity), []).append(one)
    return found


def _part(
    part: QuotaPart, line: Line, found: Unfolding, rulebook: Rulebook, sees: Sees
) -> dict[str, Any]:
    factors = rulebook.factor_sets.get(part.factor_set or found.status.factor_set)
    converted = part.factor_unit != "1" and factors is not None
    return {
        "measure": part.measure,
        "role": part.role,
        "purpose": part.purpose,
        "factor": {
            "value": part.factor,
            "unit": part.factor_unit,
            "trust": part.factor_trust,
            "factor_set": factors.id if converted and factors else "",
            "clause": cited_clause(rulebook, factors.cites) if converted and factors else None,
        },
        "line": _line(line, found.entries, sees),
    }


def _line(line: Line, entries: Entries, sees: Sees) -> dict[str, Any]:
    """A line as a row; one whose asset the asker does not see stands without its name."""
    hidden = line.kind != "rest" and not sees(line.subject.partition("/")[0])
    own = [] if hidden else list(_entry_rows(line, entries))
    return {
        "subject": "" if hidden else line.subject,
        "kind": "hidden" if hidden else line.kind,
        "measure": line.measure,
        "unit": measure(line.measure).unit,
        "amount": line.amount,
        "value": line.value,
        "coverage": line.coverage,
        "estimated": line.estimated,
        "billed_by_area": any(row["gj_per_m2"] is not None for row in own),
        "entries": own,
        "months": [asdict(one) for one in line.months],
        "days": [asdict(one) for one in line.days],
        "explain": None if hidden else _explain(line),
        "below": [] if hidden else [_line(one, entries, sees) for one in line.below],
    }


def _entry_rows(line: Line, entries: Entries) -> Iterator[dict[str, Any]]:
    for one in entries.get((line.subject, line.measure), ()):
        entry = one.entry
        yield {
            "number": one.number,
            "kind": entry.kind,
            "start": entry.start,
            "end": entry.end,
            "amount": entry.amount,
            "gj_per_m2": entry.gj_per_m2,
            "document": entry.document,
        }


def _explain(line: Line) -> str | None:
    if line.kind == "rest":
        return None
    subject = f"{line.subject}/hand" if line.kind == "hand" else line.subject
    return f"/api/v1/consumption/explain?subject={subject}&measure={line.measure}"


def parse_month(text: str | None) -> date | None:
    """The first day of a month ``YYYY-MM``; None for none. Raises InputError for what is no month."""
    try:
        return None if text is None else date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InputError(f"month must be YYYY-MM, got {text!r}") from None
