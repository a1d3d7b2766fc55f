"""The rulebook to read: instruments, entries of all sections, what changed, and what rules did."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.access import Permit, needs
from api.citations import both
from api.params import Given, today_of
from api.rulebook_schemas import (
    RulebookDifference,
    RulebookEntry,
    RulebookRows,
    RuleEffectsList,
    Trusted,
)
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.difference import differences, plain_book
from quotawatt.rulebook.effects import effects_between
from quotawatt.rulebook.sections import INSTRUMENTS
from quotawatt.rulebook.templates import template_book
from quotawatt.rulebook.views import entry_rows, entry_view, instrument_view

router = APIRouter(prefix="/rules", tags=["rules"])

Reader = Annotated[Permit, needs(Permission.RULES_READ)]
DayParam = Annotated[
    date | None, Query(alias="as_of", description="Local day that is asked about; default today")
]
IdPath = Annotated[str, Path(alias="id", max_length=128)]


@router.get("/instruments", response_model=RulebookRows)
def list_instruments(
    services: Given,
    _: Reader,
    as_of: DayParam = None,
    templates: Annotated[bool, Query(description="Those that need their standard instead")] = False,
) -> dict[str, Any]:
    """Laws, standards and policies in force on a day, with their trust marks."""
    day = as_of or today_of(services)
    book = template_book() if templates else services.rulebook.as_of(day)
    return {"as_of": day, "items": entry_rows(book, [INSTRUMENTS])}


@router.get("/instruments/{id}", response_model=RulebookEntry)
def read_instrument(
    services: Given, _: Reader, id_: IdPath, as_of: DayParam = None
) -> dict[str, Any]:
    """One instrument with the texts of its clauses, and everything that cites it."""
    book = services.rulebook
    return instrument_view(book.as_of(as_of or today_of(services)), id_, book)


@router.get("/entries", response_model=RulebookRows)
def list_entries(
    services: Given,
    _: Reader,
    section: Annotated[list[str] | None, Query(description="Default: all but instruments")] = None,
    trust: Annotated[Trusted | None, Query(description="Only of this mark")] = None,
    as_of: DayParam = None,
) -> dict[str, Any]:
    """Quotas, factor sets, targets, rules, tariffs and all else that was in force on a day."""
    day = as_of or today_of(services)
    mark = Trust(trust) if trust else None
    return {"as_of": day, "items": entry_rows(services.rulebook.as_of(day), section, mark)}


@router.get("/entries/{section}/{id}", response_model=RulebookEntry)
def read_entry(
    services: Given,
    _: Reader,
    section: Annotated[str, Path(max_length=64)],
    id_: IdPath,
    as_of: DayParam = None,
) -> dict[str, Any]:
    """One entry as it was in force on a day: values, clause, versions, and what uses it."""
    book = services.rulebook
    return entry_view(book.as_of(as_of or today_of(services)), section, id_, book)


@router.get("/diff", response_model=RulebookDifference)
def read_difference(
    services: Given,
    _: Reader,
    from_: Annotated[date, Query(alias="from", examples=["2024-01-01"])],
    until: Annotated[date | None, Query(description="Default today")] = None,
) -> dict[str, Any]:
    """What tells the rulebook in force on one day from that on another, entry by entry."""
    last = until or today_of(services)
    book = services.rulebook
    found = differences(plain_book(book.as_of(from_)), plain_book(book.as_of(last)))
    return {"from_day": from_, "until_day": last, "items": [asdict(x) for x in found]}


@router.get("/effects", response_model=RuleEffectsList)
def list_effects(
    services: Given,
    _: Reader,
    from_: Annotated[date | None, Query(alias="from", description="First local day")] = None,
    until: Annotated[date | None, Query(description="End, not included")] = None,
) -> dict[str, Any]:
    """What each version of each rule did: evaluated, fired, resolved, taken up, explained, closed."""
    if from_ and until and until <= from_:
        raise InputError(f"from must lie before until, got {from_} and {until}")
    with services.records.connect() as conn:
        found = effects_between(conn, from_, until)
    rules = services.rulebook.rules
    return {
        "items": [
            {
                "rule": x.rule,
                "version": x.version,
                "title": both(rules[x.rule].title) if x.rule in rules else None,
                "first": x.first,
                "last": x.last,
                **asdict(x.effects),
            }
            for x in found
        ]
    }
