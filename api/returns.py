"""Statistics returns for the routes: filled from the stores, shown with titles and doubts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from analytics.jobs.returnfacts import read_facts
from analytics.returns.fill import fill
from api.access import Permit
from api.citations import both, cited_clause
from api.params import today_of
from api.services import Services
from quotawatt.errors import NotFoundError
from quotawatt.issued import Issued, issued_list, latest
from quotawatt.register.model import Organisation, Register
from quotawatt.returns import process, states
from quotawatt.returns.book import Act, Return, list_returns, read_return, steps_of
from quotawatt.returns.cells import Cell, cells_to_json, figures, form_cells
from quotawatt.returns.checks import Doubt, Material, check
from quotawatt.returns.deriving import derived
from quotawatt.returns.layout import Face
from quotawatt.returns.periods import Period
from quotawatt.returns.sums import Figures, respondents
from quotawatt.rulebook.forms import Form
from quotawatt.settings import Language
from quotawatt.storage.returns_tables import returns

Row = dict[str, Any]


def act_of(services: Services, permit: Permit, comment: str = "") -> Act:
    """Who does something, and when."""
    return Act(permit.actor, services.clock(), comment)


def form_of(services: Services, form: str, period: Period) -> Form:
    """The form of a period."""
    return process.form_for(services.rulebook, form, period)


def own_form(services: Services, kept: Return) -> Form:
    """The form of a return in the version that it was filled on."""
    listed = services.rulebook.versions.get("forms", {}).get(kept.form, ())
    found = [one.value for one in listed if one.value.version == kept.version]
    if not found:
        said = f"{kept.form} {kept.version}"
        raise NotFoundError(f"a form must be one of the rulebook, got {said}")
    form: Form = found[-1]
    return form


def organisation_of(services: Services, kept: Return) -> Organisation:
    """Whose a return is, as it was on the period's last day. Raises NotFoundError where it is gone."""
    register = services.register_source().as_of(kept.period.last)
    found = register.organisations.get(kept.organisation)
    if found is None:
        code = kept.organisation
        raise NotFoundError(f"a code must be an organisation's of the register, got {code!r}")
    return found


def cells_for(
    services: Services, organisations: Collection[str], form: Form, period: Period
) -> dict[str, dict[str, Cell]]:
    """The cells of these institutions as the data have them now."""
    zone = ZoneInfo(services.settings.timezone)
    facts = read_facts(
        services.series,
        services.records,
        services.register_source(),
        organisations,
        form,
        period,
        zone,
    )
    return {code: fill(form, period, known) for code, known in facts.items()}


def within_reach(conn: Connection, permit: Permit, number: int) -> Return:
    """A return that one sees. Raises NotFoundError where there is none."""
    kept = read_return(conn, number)
    if not permit.sees(kept.organisation):
        raise NotFoundError(f"a return must exist by its number, got {number}")
    return kept


def doubts_of(conn: Connection, services: Services, kept: Return, form: Form) -> list[Doubt]:
    """What the form's checks do not find in order."""
    before = latest(conn, form.id, kept.organisation, str(kept.period.year_before))
    quarters = [latest(conn, form.id, kept.organisation, str(q)) for q in kept.period.quarters]
    return check(
        Material(
            form=form,
            period=kept.period,
            cells=derived(form, kept.period, kept.cells, kept.overrides),
            filled=kept.cells,
            before={} if before is None else numbers_of(before),
            quarters=[numbers_of(one) for one in quarters if one is not None],
        )
    )


def numbers_of(snapshot: Issued) -> Figures:
    """The figures of a snapshot that are numbers, by cell."""
    values = {cell: figure["value"] for cell, figure in snapshot.figures.items()}
    return {c: v for c, v in values.items() if not isinstance(v, str)}


def item(kept: Return, register: Register, day: date) -> Row:
    """A return as a row of a list."""
    return {
        "number": kept.id,
        "form": kept.form,
        "version": kept.version,
        "organisation": kept.organisation,
        "name": name_of(register, kept.organisation),
        "period": str(kept.period),
        "state": kept.state,
        "due": kept.due,
        "overdue": kept.overdue(day),
        "sender": kept.sender,
        "filled_at": kept.filled_at,
        "submitted_at": kept.submitted_at,
        "submitted_by": kept.submitted_by,
        "decided_at": kept.decided_at,
        "decided_by": kept.decided_by,
        "comment": kept.comment,
        "issued": kept.issued,
    }


def detail(conn: Connection, services: Services, kept: Return, form: Form) -> Row:
    """A return with its cells, steps, snapshots, and what can be done with it next."""
    snapshots = issued_list(conn, form.id, kept.organisation, str(kept.period))
    return {
        **item(kept, services.register_source(), today_of(services)),
        "title": both(form.title),
        "code": form.code,
        "trust": form.trust.value,
        "clause": cited_clause(services.rulebook, form.cites),
        "cells": list(_cell_rows(form, kept)),
        "steps": steps_of(conn, kept.id),
        "actions": [name for state, name in states.MOVES if state == kept.state],
        "snapshots": [
            {
                name: getattr(one, name)
                for name in ("number", "issued_at", "issued_by", "sha256", "corrects", "note")
            }
            for one in snapshots
        ],
    }


def doubt_row(doubt: Doubt) -> Row:
    """A doubt as the API shows it."""
    return {
        "check": doubt.check.id,
        "title": both(doubt.check.title),
        "blocks": doubt.check.blocks,
        "trust": doubt.check.trust.value,
        "cell": doubt.cell,
        "value": doubt.value,
        "expected": doubt.expected,
    }


def figures_of(kept: Return, form: Form) -> Mapping[str, Mapping[str, Any]]:
    """The figures of a return as they print."""
    cells = derived(form, kept.period, kept.cells, kept.overrides)
    return figures(form, kept.period, cells)


def face_of(kept: Return, register: Register, language: Language) -> Face:
    """What stands on a return beside its cells."""
    name = name_of(register, kept.organisation).get(language, kept.organisation)
    return Face(name, kept.issued, kept.submitted_by, kept.submitted_at)


def name_of(register: Register, code: str) -> dict[str, str]:
    """An organisation's name by language; empty: it is gone."""
    organisation = register.organisations.get(code)
    return {} if organisation is None else {"zh": organisation.name_zh, "en": organisation.name_en}


def standing(
    conn: Connection, services: Services, permit: Permit, form: Form, period: Period
) -> Iterator[Row]:
    """Everybody who makes a return of a period, with how it stands; ``not_begun`` where there is none."""
    register, day = services.register_source(), today_of(services)
    of_period = returns.c.form == form.id, returns.c.period == str(period)
    begun = {one.organisation: one for one in list_returns(conn, *of_period)}
    for code in respondents(register.as_of(period.last)):
        if permit.sees(code):
            kept = begun.get(code)
            yield (
                item(kept, register, day) if kept else _not_begun(code, form, period, day, register)
            )


def listed(conn: Connection, permit: Permit, wanted: Mapping[str, str | None]) -> Iterable[Return]:
    """The returns within reach that meet the conditions, by column; None: any."""
    conditions = [returns.c[name] == value for name, value in wanted.items() if value is not None]
    return (one for one in list_returns(conn, *conditions) if permit.sees(one.organisation))


def _not_begun(code: str, form: Form, period: Period, day: date, register: Register) -> Row:
    due = period.due(form)
    blank = dict.fromkeys(("filled_at", "submitted_at", "decided_at", "number"))
    said = dict.fromkeys(("sender", "submitted_by", "decided_by", "comment", "issued"), "")
    return {
        **blank,
        **said,
        "form": form.id,
        "version": form.version,
        "organisation": code,
        "name": name_of(register, code),
        "period": str(period),
        "state": "not_begun",
        "due": due,
        "overdue": day > due,
    }


def _cell_rows(form: Form, kept: Return) -> Iterator[Row]:
    cells = derived(form, kept.period, kept.cells, kept.overrides)
    shown = figures(form, kept.period, cells)
    written = cells_to_json(kept.overrides)
    filled = {name: asdict(cell) for name, cell in kept.cells.items()}
    for name, row_id, month, row in form_cells(form, kept.period):
        yield {
            "cell": name,
            "row": row_id,
            "month": month,
            "title": both(row.title),
            **shown[name],
            "filled": filled.get(name, {}).get("value"),
            "override": written.get(name),
            "origin": row.source.origin.value,
            "required": row.required,
            "trust": row.trust.value,
        }
