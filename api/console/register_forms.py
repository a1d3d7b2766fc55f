"""The forms of the register: what is done with an asset, shown first and then done; and a new asset."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.access import Permit, needs
from api.console.drawing import SignedForm, draw
from api.console.register_acts import (
    ACTS,
    READINGS,
    Answer,
    Asked,
    acts_of,
    fields_of,
    invalid_fields,
    read_form,
    start_values,
    with_errors,
)
from api.console.register_difference import answer_lines
from api.console.register_fields import Field, Filled, Wanted, cell_text, column_field, read_columns
from api.console.register_view import reader_of, recompute_text
from api.console.register_words import Reader
from api.params import Given, require_asset
from api.register_keys import record_etag
from api.register_writes import created_record
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError, RegisterError, StateError
from quotawatt.register.kinds import Asset
from quotawatt.register.problems import Problem
from quotawatt.register.rows import CODED, columns, format_cell, kind_of

router = APIRouter(include_in_schema=False)

Writer = Annotated[Permit, needs(Permission.REGISTER_WRITE)]
# Where a problem of the former value that a change leaves behind belongs in its form.
_FIELD_OF = {"valid_until": "from", "valid_from": "at"}


@dataclass(frozen=True, slots=True)
class _Form:
    """A form for one asset, and for whom it is drawn."""

    request: Request
    asked: Asked
    reader: Reader
    act: str

    @property
    def asset(self) -> Asset:
        return self.asked.asset


@router.get("/register/new/{kind}", response_model=None)
def show_new(request: Request, services: Given, permit: Writer, kind: str) -> Response:
    """The form that adds an asset of a kind."""
    reader = reader_of(request, services, services.register_source())
    _require_kind(kind)
    texts = {column.name: format_cell(column.default) for column in columns(kind)}
    return _draw_new(request, reader, permit, kind, texts, {})


@router.post("/register/new/{kind}", response_model=None)
def add(request: Request, services: Given, permit: Writer, kind: str, form: SignedForm) -> Response:
    """Add an asset, or say at each field what is wrong with it."""
    reader = reader_of(request, services, services.register_source())
    _require_kind(kind)
    filled = read_columns(reader, permit, _wanted(kind), {**_empty(kind), **form})
    if not filled.errors:
        errors = _refused(
            reader, kind, lambda: created_record(services, permit, kind, filled.values)
        )
        if not errors:
            return RedirectResponse(_address(request, str(filled.values["code"]), "new"), 303)
        filled.errors.update(errors)
    return _draw_new(request, reader, permit, kind, form, filled.errors, 422)


@router.get("/register/{code}/{act}", response_model=None)
def show_form(request: Request, services: Given, permit: Writer, code: str, act: str) -> Response:
    """The form of something that is done with an asset."""
    form = _form(request, services, permit, code, act)
    texts = start_values(act, form.asset, form.asked, form.reader)
    return _draw_form(form, texts, {})


@router.post("/register/{code}/{act}", response_model=None)
def do(
    request: Request, services: Given, permit: Writer, code: str, act: str, form: SignedForm
) -> Response:
    """Show what would be done, or, where that was shown, do it."""
    drawn = _form(request, services, permit, code, act)
    filled = read_form(act, drawn.asset, drawn.asked, drawn.reader, form)
    if filled.errors or form.get("step") == "edit":
        status = 422 if filled.errors else 200
        return _draw_form(drawn, form, filled.errors, status)
    changed = form.get("etag") not in (None, "", record_etag(drawn.asset))
    confirmed = form.get("step") == "confirm" and not changed
    answers: list[Answer] = []
    asked = Asked(services, permit, drawn.asset, filled.values)
    errors = _refused(
        drawn.reader,
        kind_of(drawn.asset),
        lambda: answers.append(ACTS[act].run(asked, not confirmed)),
    )
    if errors:
        return _draw_form(drawn, form, errors, 422)
    if confirmed:
        return RedirectResponse(_address(request, code, act), 303)
    return _draw_preview(drawn, form, filled, answers[0], changed=changed)


def _form(request: Request, services: Services, permit: Permit, code: str, act: str) -> _Form:
    """The form asked for. Raises NotFoundError for what is out of reach, or cannot be done with it."""
    register = services.register_source()
    asset = require_asset(register, code)
    permit.require(code)
    if act not in acts_of(asset):
        raise NotFoundError(f"what is done must be something for {code}, got {act!r}")
    reader = reader_of(request, services, register, code)
    return _Form(request, Asked(services, permit, asset, {}), reader, act)


def _require_kind(kind: str) -> None:
    if kind not in CODED:
        raise NotFoundError(f"a kind must be one whose records have a code, got {kind!r}")


def _wanted(kind: str) -> list[Wanted]:
    return [Wanted(kind, column.name) for column in columns(kind)]


def _empty(kind: str) -> dict[str, str]:
    """A field that a form lacks counts as empty."""
    return {column.name: "" for column in columns(kind)}


def _refused(reader: Reader, kind: str, done: Any) -> dict[str, str]:
    """Do it; what stands against it by field, empty where it was done."""
    try:
        done()
    except ValidationError as error:
        return {_field_name(name): reader.words("field_wrong") for name in invalid_fields(error)}
    except RegisterError as error:
        return _problem_errors(reader, kind, error)
    except HTTPException as error:
        if error.status_code != 412:
            raise
        return {"": reader.words("changed_meanwhile")}
    except NotFoundError:
        return {"": reader.words("beyond_reach")}
    except (InputError, StateError) as error:
        return {"": reader.words("stands_against", reason=error)}
    return {}


def _problem_errors(reader: Reader, kind: str, error: RegisterError) -> dict[str, str]:
    """The broken rules at the fields of their columns; those of other records at the form."""
    found: dict[str, list[str]] = {}
    for problem in error.found:
        if not isinstance(problem, Problem):
            found.setdefault("", []).append(problem)
            continue
        of_kind, _, _ = problem.where.sheet.partition(" ")
        column = problem.where.column
        at_field = column if of_kind in (kind, "bindings") else _FIELD_OF.get(column, "")
        text = reader.rule(problem)
        if not at_field:
            text = reader.words("at_record", place=reader.place(problem), text=text)
        found.setdefault(at_field, []).append(text)
    return {name: " ".join(texts[:5]) for name, texts in found.items()}


def _field_name(name: str) -> str:
    return "from" if name == "from_" else name


def _address(request: Request, code: str, done: str) -> str:
    return f"{request.url_for('show_asset', code=code).path}?done={done}"


def _draw_new(
    request: Request,
    reader: Reader,
    permit: Permit,
    kind: str,
    texts: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
) -> Response:
    drawn = [
        column_field(reader, permit, wanted, texts.get(wanted.column, ""))
        for wanted in _wanted(kind)
    ]
    return draw(
        request,
        "register_new.html",
        status,
        kind=kind,
        kinds=CODED,
        reader=reader,
        fields=with_errors(drawn, errors),
        error=_form_error(drawn, errors),
    )


def _draw_form(
    form: _Form, texts: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Response:
    drawn = fields_of(form.act, form.asset, form.asked, form.reader, texts)
    return draw(
        form.request,
        "register_form.html",
        status,
        act=form.act,
        asset=form.asset,
        reader=form.reader,
        fields=with_errors(drawn, errors),
        error=_form_error(drawn, errors),
        etag=record_etag(form.asset),
    )


def _form_error(drawn: list[Field], errors: Mapping[str, str]) -> str:
    """What is wrong and belongs to no field that there is."""
    names = {field.name for field in drawn}
    return " ".join(text for name, text in errors.items() if name not in names)


def _draw_preview(
    form: _Form, texts: Mapping[str, str], filled: Filled, answer: Answer, *, changed: bool
) -> Response:
    drawn = fields_of(form.act, form.asset, form.asked, form.reader, texts)
    return draw(
        form.request,
        "register_preview.html",
        act=form.act,
        asset=form.asset,
        reader=form.reader,
        lines=answer_lines(form.reader, answer),
        readings=[(f.label, cell_text(filled.values[f.name])) for f in drawn if f.name in READINGS],
        day=texts.get("from", ""),
        recomputation=recompute_text(form.reader.words, form.reader.zone, answer["recomputation"]),
        sent={field.name: texts.get(field.name, "") for field in drawn},
        etag=record_etag(form.asset),
        changed=changed,
    )
