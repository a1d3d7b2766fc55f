"""The forms of statistics returns, and accepted returns added up level by level."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from api import returns as desk
from api.access import Permit, needs
from api.citations import both, cited_clause
from api.params import Given, today_of
from api.returns_schemas import FORM, Forms, Levels
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.issued import issued_list
from quotawatt.register.model import Register
from quotawatt.returns.periods import Period, parse_period
from quotawatt.returns.sums import Figures, Level, by_class, by_tree
from quotawatt.rulebook.forms import Form, FormRow

router = APIRouter(prefix="/returns", tags=["returns"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
By = Literal["region", "system", "class"]


@router.get("/forms", response_model=Forms)
def list_forms(
    services: Given,
    permit: Reader,
    as_of: Annotated[date | None, Query(description="Local day; default today")] = None,
) -> dict[str, Any]:
    """The forms in force on a day: their rows, where each comes from, and when returns are due."""
    day = as_of or today_of(services)
    forms = services.rulebook.as_of(day).forms.values()
    return {"day": day, "items": [_form_item(form, services, day) for form in forms]}


@router.get("/sum", response_model=Levels)
def add_up(
    services: Given,
    permit: Reader,
    period: Annotated[str, Query(description="YYYY or YYYY-Qn", examples=["2023-Q4"])],
    by: Annotated[By, Query(description="By region, sector system or class of institution")] = (
        "region"
    ),
    form: Annotated[str, Query(max_length=64)] = FORM,
) -> dict[str, Any]:
    """Accepted returns of a period added up, with who is missing. Of those within one's reach."""
    asked = parse_period(period)
    found = desk.form_of(services, form, asked)
    with services.records.connect() as conn:
        closed = issued_list(conn, found.id, period=str(asked), standing=True)
    own = {one.subject: desk.numbers_of(one) for one in closed if permit.sees(one.subject)}
    register = (services.register_source() if permit.everywhere else permit.register).as_of(
        asked.last
    )
    levels = _levels(by, register, own, found, asked)
    items = [_level_item(level, register, found) for level in levels]
    return {
        "form": found.id,
        "version": found.version,
        "period": str(asked),
        "by": by,
        "items": items,
    }


def _levels(
    by: By, register: Register, own: dict[str, Figures], form: Form, period: Period
) -> list[Level]:
    if by == "class":
        return by_class(register, own, form, period)
    return by_tree(register, by, own, form, period)


def _level_item(level: Level, register: Register, form: Form) -> dict[str, Any]:
    rows = {name: row for name, _, row in form.rows()}
    return {
        "code": level.code,
        "name": desk.name_of(register, level.code),
        "counted": list(level.counted),
        "missing": list(level.missing),
        "figures": [
            {
                "cell": cell,
                "title": both(rows[cell].title),
                "unit": rows[cell].unit,
                "value": value,
                "known": level.known[cell],
            }
            for cell, value in level.figures.items()
            if cell in rows  # the whole period; months are in the returns
        ],
    }


def _form_item(form: Form, services: Services, day: date) -> dict[str, Any]:
    return {
        "id": form.id,
        "version": form.version,
        "title": both(form.title),
        "code": form.code,
        "trust": form.trust.value,
        "clause": cited_clause(services.rulebook.as_of(day), form.cites),
        "quarter_due_days": form.quarter_due_days,
        "year_due": "{:02d}-{:02d}".format(*form.year_due),
        "due_trust": form.due_trust.value,
        "sheets": [
            {
                "id": sheet.id,
                "title": both(sheet.title),
                "by_month": sheet.by_month,
                "rows": [_row_item(f"{sheet.id}.{row.id}", row) for row in sheet.rows],
            }
            for sheet in form.sheets
        ],
    }


def _row_item(name: str, row: FormRow) -> dict[str, Any]:
    return {
        "id": name,
        "title": both(row.title),
        "unit": row.unit,
        "decimals": row.decimals,
        "origin": row.source.origin.value,
        "source": list(row.source.names),
        "required": row.required,
        "trust": row.trust.value,
    }
