"""The register as a workbook, its areas as GeoJSON: taken in, given out, and the empty one to fill."""

from dataclasses import asdict, replace
from hashlib import sha256
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.access import Permit, needs
from api.import_reach import reached
from api.import_schemas import ImportAnswer
from api.importing import Upload, carried_out, plan_token, wished, worked_out
from api.operation_schemas import recomputation_item
from api.params import Given
from api.register_keys import cells_of
from api.register_lists import parse_day
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.geography.geojson import Datum, geojson_of
from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.register.planning import Options, Plan
from quotawatt.register.workbook_out import template_workbook, workbook_of
from quotawatt.settings import Language

router = APIRouter(prefix="/register", tags=["register"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.REGISTER_WRITE)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEOJSON = "application/geo+json"
COLUMNS_SHOWN = 200
"""So many changed columns an answer lists; it says how many there are."""

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
_WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A workbook",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_AREAS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A FeatureCollection (RFC 7946)",
        "content": {
            GEOJSON: {
                "schema": {"type": "object"},
                "example": {"type": "FeatureCollection", "features": []},
            }
        },
    }
}


async def _uploaded(request: Request, permit: Writer) -> Upload:
    """The form's file. It is read only for somebody who may write; the size is limited on the way."""
    async with request.form(max_files=1, max_fields=0) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InputError("a form must have a file by the name of 'file', got none")
        return Upload(file.filename or "", await file.read())


LanguageParam = Annotated[
    Language | None, Query(alias="lang", description="Of words for people; default: the setting's")
]
DatumParam = Annotated[
    Datum, Query(description="Of positions in a file of GeoJSON: `wgs84` or `gcj02`")
]


@router.post("/import", response_model=ImportAnswer, openapi_extra=_FORM)
def import_workbook(
    services: Given,
    permit: Writer,
    upload: Annotated[Upload, Depends(_uploaded)],
    dry_run: Annotated[bool, Query(description="Only work out what would be done")] = True,
    plan: Annotated[
        str | None, Query(max_length=64, description="Of the dry run that is to be carried out")
    ] = None,
    remove: Annotated[
        bool, Query(description="Whether records that a sheet lacks are removed")
    ] = False,
    prune: Annotated[
        bool, Query(description="Whether adopted bindings that the sheet lacks are removed too")
    ] = False,
    from_: Annotated[
        str | None,
        Query(alias="from", description="Day from which changed columns hold; default: always"),
    ] = None,
    datum: DatumParam = "wgs84",
    language: LanguageParam = None,
) -> dict[str, Any]:
    """A workbook (.xlsx), a sheet a kind: first what it would do, then, with the `plan` of that, done.

    A file of GeoJSON is taken for the sheet of geofences.

    A sheet that is absent stays as it is stored. All of it is done or nothing; 409 where the register has
    changed in between so that something else would be done.
    """
    options = Options(remove, prune, None if from_ is None else parse_day(from_, "from"))
    wish = wished(services, permit, replace(upload, datum=datum), options)
    words = language or services.settings.language
    if dry_run:
        return _answer(worked_out(services, permit, wish), services, words, applied=False)
    if plan is None:
        raise InputError("plan must be that of the dry run that is carried out, got none")
    return _answer(carried_out(services, permit, wish, plan), services, words, applied=True)


def _answer(plan: Plan, services: Services, language: Language, *, applied: bool) -> dict[str, Any]:
    zone = ZoneInfo(services.settings.timezone)
    anew = plan.recomputation
    return {
        "applied": applied,
        "plan": None if plan.after is None or applied else plan_token(plan),
        "problems": [plan.found.plain(problem, language) for problem in plan.problems],
        "notes": [note.text(language) for note in plan.notes],
        "difference": {kind: change.counts() for kind, change in plan.difference.items()},
        "columns": [asdict(column) for column in plan.columns[:COLUMNS_SHOWN]],
        "columns_total": len(plan.columns),
        "kept": [cells_of(binding) for binding in plan.kept],
        "recomputation": None if anew is None else recomputation_item(anew, language, zone),
    }


@router.get("/export.xlsx", response_class=Response, responses=_WORKBOOK)
def export_register(services: Given, permit: Reader, language: LanguageParam = None) -> Response:
    """The register within reach as a workbook, which an import takes back. The ledger notes who took it."""
    register = reached(services.register_source(), permit)
    words = language or services.settings.language
    data = workbook_of(register, words, ZoneInfo(services.settings.timezone))
    _note_export(services, permit, register, data)
    return _file(data, "register.xlsx", XLSX)


@router.get("/export.geojson", response_class=Response, responses=_AREAS)
def export_geofences(services: Given, permit: Reader, datum: DatumParam = "wgs84") -> Response:
    """The geofences within reach as GeoJSON, which an import takes back. The ledger notes who took it."""
    register = reached(services.register_source(), permit)
    data = geojson_of(register.geofences.values(), datum)
    _note_export(services, permit, register, data)
    return _file(data, "geofences.geojson", GEOJSON)


def _note_export(services: Services, permit: Permit, register: Register, data: bytes) -> None:
    with services.records.begin() as conn:
        Ledger(services.records).append(
            conn,
            at=services.wall_clock(),
            actor=permit.actor,
            action="register_exported",
            subject="register",
            detail={"assets": len(register.assets), "sha256": sha256(data).hexdigest()},
        )


@router.get("/template.xlsx", response_class=Response, responses=_WORKBOOK)
def register_template(services: Given, permit: Reader, language: LanguageParam = None) -> Response:
    """The empty workbook to fill, with drop-downs and notes."""
    words = language or services.settings.language
    return _file(template_workbook(words), "register-template.xlsx", XLSX)


def _file(data: bytes, name: str, media_type: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})
