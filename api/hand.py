"""Entries by hand for the routes: from what was asked to wishes, from what is kept to rows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from api.access import Permit
from api.hand_schemas import BillIn, PurchaseIn, ReadingIn
from api.queries import page_of_seen_rows
from api.services import Services
from quotawatt.errors import RegisterError
from quotawatt.hand import book
from quotawatt.hand.drafting import drafted
from quotawatt.hand.entries import FORM_OF, Stored
from quotawatt.hand.intake import Act, Wish
from quotawatt.hand.planning import Plan
from quotawatt.hand.setting import Setting
from quotawatt.quantities import QUANTITIES
from quotawatt.register.found import Found, Note
from quotawatt.register.headings import headings
from quotawatt.register.model import Register
from quotawatt.register.problems import CellError, Problem, Where
from quotawatt.register.reading import reader_of
from quotawatt.register.rows import Row, columns
from quotawatt.settings import Language
from quotawatt.spans import INSTANT, local_date
from quotawatt.storage.hand_tables import hand_entries

_PLACE = "entry"


def setting_of(services: Services, permit: Permit) -> Setting:
    """What entries of this asker are judged by, now."""
    return Setting(
        services.register_source(),
        ZoneInfo(services.settings.timezone),
        services.clock(),
        sees=permit.sees,
    )


def act_of(services: Services, permit: Permit, **detail: Any) -> Act:
    """Who enters, and when: by the machine's clock, like all that the ledger says."""
    return Act(permit.actor, services.wall_clock(), detail)


def wish_of_body(body: ReadingIn | BillIn | PurchaseIn, setting: Setting) -> Wish:
    """A body as what is to be entered; its cells are read by the rules of a workbook's."""
    form = FORM_OF[body.kind]
    where, cells, problems = Where(_PLACE), {}, []
    for column in columns(form):
        raw = getattr(body, column.name)
        try:
            cells[column.name] = reader_of(form, column)(raw)
        except CellError as error:
            problems.append(Problem(where.at(column.name), error.rule, raw))
    drafts, wrong = drafted({form: [Row(where, cells)]}, setting)
    return Wish(drafts, (*problems, *wrong))


@contextmanager
def refused_in(language: Language, kind: str) -> Iterator[None]:
    """Say what stands against an entry in the reader's language, its columns by their headings."""
    try:
        yield
    except RegisterError as error:
        titles = headings(FORM_OF[kind])
        said = []
        for problem in error.found:
            assert isinstance(problem, Problem)
            title = titles.get(problem.where.column)
            where = problem.where if title is None or language == "en" else Where(title.zh)
            said.append(replace(problem, where=where).text(language))
        raise RegisterError(error.found, said) from None


def entry_page(
    services: Services,
    permit: Permit,
    conditions: list[ColumnElement[bool]],
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """How many of the latest revisions meet the conditions, and a page of them, latest first."""
    t = hand_entries.c
    total, rows = page_of_seen_rows(
        services.records,
        hand_entries,
        t.asset,
        permit.sees,
        [t.latest, *conditions],
        [t.start.desc(), t.number.desc()],
        limit,
        offset,
    )
    register, zone = services.register_source(), ZoneInfo(services.settings.timezone)
    items = [entry_item(book.stored_of(row), register, zone) for row in rows]
    return {"total": total, "items": items}


def entry_revisions(services: Services, permit: Permit, number: int) -> list[Stored]:
    """All revisions of an entry within reach. Raises NotFoundError where there is none."""
    with services.records.connect() as conn:
        found = book.revisions_of(conn, number)
    permit.require(found[-1].entry.asset)
    return found


def entry_item(stored: Stored, register: Register, zone: ZoneInfo) -> dict[str, Any]:
    """A revision with its asset's name, its unit and its local days."""
    entry = stored.entry
    asset = register.assets.get(entry.asset)
    there = register.zone_of_asset(entry.asset) or zone
    kept = {k: v for k, v in asdict(stored).items() if k not in ("entry", "subject")}
    return {
        **kept,
        **asdict(entry),
        "name": {} if asset is None else {"zh": asset.name_zh, "en": asset.name_en},
        "organisation": register.organisation_of(entry.asset),
        "unit": QUANTITIES[entry.quantity].unit,
        "first_day": local_date(entry.start, there),
        "last_day": local_date(max(entry.start, entry.end - INSTANT), there),
    }


def made(stored: Stored, plan: Plan, services: Services, language: Language) -> dict[str, Any]:
    """An entry that was just made, with the notes of its plan."""
    register, zone = services.register_source(), ZoneInfo(services.settings.timezone)
    return {
        **entry_item(stored, register, zone),
        "notes": [_said(note, language) for note in plan.notes],
    }


def import_answer(
    plan: Plan, found: Found, language: Language, *, applied: bool
) -> Mapping[str, Any]:
    """What an import does, or would do."""
    problems = found.in_order(plan.problems)
    return {
        "applied": applied,
        "added": len(plan.added),
        "corrected": len(plan.corrected),
        "unchanged": len(plan.unchanged),
        "problems": [found.plain(problem, language) for problem in problems],
        "notes": [note.text(language) for note in (*found.notes, *plan.notes)],
    }


def _said(note: Note, language: Language) -> str:
    return note.said.zh if language == "zh" else note.said.en


def overlapping(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """The condition that an entry is of any time of ``[since, until)``; None: open."""
    t = hand_entries.c
    after = [] if since is None else [t.end >= since]
    return [*after, *([] if until is None else [t.start < until])]
