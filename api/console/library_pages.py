"""The pages of the rulebook's instruments: the list, and one with its clauses and all that rests on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.access import Permit, needs
from api.console.drawing import draw
from api.console.quota_asof import DayParam, as_of
from api.params import Given, today_of
from api.routes import rulebook as desk
from quotawatt.access.roles import Permission
from quotawatt.rulebook.basics import Text, Tier
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.sections import SECTIONS
from quotawatt.rulebook.templates import template_book
from quotawatt.rulebook.views import entry_rows

router = APIRouter(include_in_schema=False, prefix="/rules/library")

Reader = Annotated[Permit, needs(Permission.RULES_READ)]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on an instrument in one section, with what an entry of it is called.

    entries
        Rows of the API, each with the ``tiers`` of a quota: their values and unit.
    """

    title: Text
    entries: Sequence[Row]


@router.get("", response_model=None)
def show_library(
    request: Request, services: Given, permit: Reader, day: DayParam = None, templates: bool = False
) -> Response:
    """The instruments in force on a day, or the templates that need their standard."""
    when = as_of(services, day)
    rows = desk.list_instruments(services, permit, when.day, templates)["items"]
    book = template_book() if templates else services.rulebook.as_of(when.day)
    return draw(
        request,
        "library.html",
        when=when,
        templates=templates,
        rows=[(row, book.instruments[row["id"]]) for row in rows],
    )


@router.get("/{id_}", response_model=None)
def show_instrument(
    request: Request,
    services: Given,
    permit: Reader,
    id_: Annotated[str, Path(max_length=128)],
    day: DayParam = None,
) -> Response:
    """An instrument: clauses, versions, what rests on it, and what its rules did."""
    when = as_of(services, day)
    found = desk.read_instrument(services, permit, id_, when.day)
    book = services.rulebook.as_of(when.day)
    rules = {used["id"] for used in found["used_by"] if used["section"] == "rules"}
    effects = desk.list_effects(services, permit)["items"]
    return draw(
        request,
        "library_instrument.html",
        when=when,
        found=found,
        resting=list(_resting(found, book)),
        supersedes=[
            (book.instruments.get(s["instrument"]), s) for s in found["values"]["supersedes"]
        ],
        has_rules=bool(rules),
        effects=[one for one in effects if one["rule"] in rules],
        today=today_of(services),
    )


def _resting(found: Row, book: Rulebook) -> Iterator[Resting]:
    """By section, in the rulebook's order, the entries that cite the instrument."""
    used = {(one["section"], one["id"]) for one in found["used_by"]}
    for section in SECTIONS:
        entries = [
            {**row, "tiers": _tiers(book, section.name, row["id"])}
            for row in entry_rows(book, [section.name])
            if (section.name, row["id"]) in used
        ]
        if entries:
            yield Resting(section.title, entries)


def _tiers(book: Rulebook, section: str, key: str) -> dict[str, Any]:
    """Values of a quota's tiers and their unit; nothing for other entries."""
    if section != "quotas":
        return {}
    quota = book.quotas[key]
    values = {tier.value: quota.tiers[tier] for tier in Tier if tier in quota.tiers}
    return {"values": values, "unit": quota.unit}
