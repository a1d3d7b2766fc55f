"""The import page: a workbook is handed in, what it would do is shown, and exactly that is done."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.access import Permit, needs
from api.auth import require_csrf
from api.console.drawing import SignedForm, draw, words_of
from api.console.kept_uploads import KeptUploads
from api.console.register_difference import plan_kinds, problem_lines, record_name
from api.console.register_view import reader_of, recompute_text
from api.importing import Upload, carried_out, plan_token, wished, worked_out
from api.operation_schemas import recomputation_item
from api.params import Given
from api.register_lists import parse_day
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError, RegisterError, StateError
from quotawatt.register.planning import Options, Plan

router = APIRouter(include_in_schema=False)

Writer = Annotated[Permit, needs(Permission.REGISTER_WRITE)]
_FIELDS = 8


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A form with a file; ``upload`` is None where none was chosen."""

    upload: Upload | None
    fields: dict[str, str]


async def _handed_in(request: Request, permit: Writer) -> HandedIn:
    """The form, read only for somebody who may write. Answers 403 where it is not of this session."""
    async with request.form(max_files=1, max_fields=_FIELDS) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        require_csrf(request, fields.get("csrf", ""))
        file = form.get("file")
        chosen = isinstance(file, UploadFile) and file.filename
        upload = Upload(file.filename or "", await file.read()) if chosen else None  # type: ignore[union-attr]
        if upload is not None and fields.get("datum") == "gcj02":
            upload = replace(upload, datum="gcj02")
        return HandedIn(upload, fields)


def uploads_of(request: Request) -> KeptUploads:
    """The application's kept uploads."""
    kept: KeptUploads = request.app.state.kept_uploads
    return kept


Kept = Annotated[KeptUploads, Depends(uploads_of)]


@router.get("/register/import", response_model=None)
def show_import(
    request: Request,
    services: Given,
    permit: Writer,
    done: Annotated[bool, Query()] = False,
) -> Response:
    """The form that takes a workbook, and how to get one."""
    return _draw(request, services, done=done)


@router.post("/register/import", response_model=None)
def show_plan(
    request: Request,
    services: Given,
    permit: Writer,
    handed_in: Annotated[HandedIn, Depends(_handed_in)],
    kept: Kept,
) -> Response:
    """What a workbook would do; nothing is written."""
    if handed_in.upload is None:
        return _draw(request, services, wrong="import_no_file", status=422)
    return _draw_plan(request, services, permit, kept, handed_in.upload, handed_in.fields)


@router.post("/register/import/confirm", response_model=None)
def carry_out(
    request: Request, services: Given, permit: Writer, form: SignedForm, kept: Kept
) -> Response:
    """Do what the page has shown; where that is not what would be done by now, show this."""
    name = form.get("upload", "")
    upload = kept.find(permit.actor, name, services.wall_clock())
    if upload is None:
        return _draw(request, services, wrong="import_gone", status=409)
    try:
        wish = wished(services, permit, upload, _options(form))
        carried_out(services, permit, wish, form.get("plan", ""))
    except (StateError, RegisterError):
        return _draw_plan(request, services, permit, kept, upload, form, changed=True)
    kept.drop(name)
    return RedirectResponse("/register/import?done=true", 303)


def _draw_plan(
    request: Request,
    services: Services,
    permit: Permit,
    kept: KeptUploads,
    upload: Upload,
    fields: dict[str, str],
    *,
    changed: bool = False,
) -> Response:
    try:
        options = _options(fields)
    except InputError:
        return _draw(request, services, wrong="import_day", status=422, fields=fields)
    try:
        plan = worked_out(services, permit, wished(services, permit, upload, options))
    except NotFoundError:
        return _draw(request, services, wrong="import_reach", status=404, fields=fields)
    name = ""
    if plan.after is not None and plan.difference:
        name = kept.keep(permit.actor, upload, services.wall_clock())
    status = 409 if changed else 422 if plan.problems else 200
    return _draw(
        request,
        services,
        status=status,
        fields=fields,
        changed=changed,
        plan=_shown(request, services, plan, upload.name, name),
    )


def _options(fields: dict[str, str]) -> Options:
    day = fields.get("from", "").strip()
    return Options(
        remove=fields.get("remove") == "true",
        changed_from=parse_day(day, "from") if day else None,
    )


def _shown(
    request: Request, services: Services, plan: Plan, source: str, upload: str
) -> dict[str, Any]:
    """The plan in the reader's words."""
    words = words_of(request, services)
    reader = reader_of(request, services, plan.stored if plan.after is None else plan.after)
    anew = plan.recomputation
    item = anew and recomputation_item(anew, words.language, reader.zone)
    return {
        "source": source,
        "upload": upload,
        "token": plan_token(plan) if plan.after is not None else "",
        "problems": problem_lines(reader, plan),
        "problems_total": len(plan.problems),
        "notes": [note.text(words.language) for note in plan.notes],
        "kinds": plan_kinds(reader, plan),
        "kept": [record_name(reader, "bindings", binding) for binding in plan.kept],
        "recomputation": recompute_text(words, reader.zone, item) if item else "",
        "reader": reader,
    }


def _draw(
    request: Request,
    services: Services,
    *,
    status: int = 200,
    fields: dict[str, str] | None = None,
    wrong: str = "",
    done: bool = False,
    changed: bool = False,
    plan: dict[str, Any] | None = None,
) -> Response:
    return draw(
        request,
        "register_import.html",
        status,
        fields=fields or {},
        wrong=wrong,
        done=done,
        changed=changed,
        plan=plan,
    )
