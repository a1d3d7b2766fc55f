"""What anybody may read without signing in: publications that were issued, and nothing else.

Off unless the setting ``public_view`` says otherwise: then every path answers as if it were not there. A
publication that names a unit which has become classified since is withheld until it is corrected.
"""

from hashlib import sha256
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from analytics.assessment.visible import classified_codes
from api.assessment_schemas import Publication, Publications
from api.auth import require_public_rate
from api.params import Given, services_of
from api.public_page import draw_public
from api.reporting import issued_document
from api.services import Services
from quotawatt.documents.html import to_html
from quotawatt.documents.model import Language
from quotawatt.errors import NotFoundError
from quotawatt.issued import Issued, issued_list
from quotawatt.spans import local_date

CACHE = {"Cache-Control": "public, max-age=300"}
_KIND = "publication"


def _open(request: Request) -> None:
    """Answer 404 where nothing is public, and 429 to an address that asks too often."""
    require_public_rate(request)
    if not services_of(request).settings.public_view:
        raise HTTPException(404, f"a path must be one of the api, got {request.url.path}")


router = APIRouter(tags=["public"], dependencies=[Depends(_open)])
"""JSON, under the api's prefix."""
pages = APIRouter(dependencies=[Depends(_open)], include_in_schema=False)
"""Pages for people."""

LanguageParam = Annotated[Language | None, Query(alias="lang", description="Default: as set")]
NumberPath = Annotated[str, Path(max_length=160, examples=["publication-2023-Q1-ORG-2-1"])]


@router.get("/public/publications", response_model=Publications)
def list_publications(request: Request, services: Given) -> Response:
    """The publications that stand, the latest first."""
    found = [_item(services, report) for report in _shown(services)]
    answer = Publications.model_validate({"items": found}).model_dump(mode="json")
    return _kept(request, JSONResponse(answer, headers=CACHE))


@router.get("/public/publications/{number}", response_model=Publication)
def read_publication(request: Request, services: Given, number: NumberPath) -> Response:
    """One publication."""
    item = _item(services, _one(services, number))
    answer = Publication.model_validate(item).model_dump(mode="json")
    return _kept(request, JSONResponse(answer, headers=CACHE))


@pages.get("/public")
def public_page(request: Request, services: Given, language: LanguageParam = None) -> Response:
    """The list of publications as a page."""
    chosen = language or services.settings.language
    page = draw_public([_item(services, report) for report in _shown(services)], chosen)
    return _kept(request, HTMLResponse(page, headers=CACHE))


@pages.get("/public/{number}")
def publication_page(
    request: Request, services: Given, number: NumberPath, language: LanguageParam = None
) -> Response:
    """One publication as a page that prints."""
    chosen = language or services.settings.language
    page = to_html(issued_document(services, _one(services, number), chosen))
    return _kept(request, HTMLResponse(page, headers=CACHE))


def _shown(services: Services) -> list[Issued]:
    """Publications that stand, without those that name a unit which is hidden now, or gone."""
    register = services.register_source()
    hidden = classified_codes([register])
    with services.records.connect() as conn:
        standing = issued_list(conn, _KIND, standing=True)
    return [
        report
        for report in standing
        if all(
            row["code"] in register.organisations and row["code"] not in hidden
            for row in report.content["organisations"]
        )
    ]


def _one(services: Services, number: str) -> Issued:
    for report in _shown(services):
        if report.number == number:
            return report
    raise NotFoundError(f"a publication must exist by its number, got {number!r}")


def _item(services: Services, report: Issued) -> dict[str, Any]:
    zone = ZoneInfo(services.settings.timezone)
    return {
        "number": report.number,
        "period": report.period,
        "issuer": report.content["issuer"],
        "issued_on": local_date(report.issued_at, zone),
        "content": report.content,
    }


def _kept(request: Request, response: Response) -> Response:
    """The answer with its tag; 304 where the one who asks has it already."""
    tag = f'"{sha256(bytes(response.body)).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={**CACHE, "ETag": tag})
    response.headers["ETag"] = tag
    return response
