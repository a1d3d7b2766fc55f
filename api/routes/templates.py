"""Templates of messages: which count, what they can name, and what they make of a case."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from alerts.cases.book import read_case
from alerts.cases.model import CaseEvent
from alerts.messages.checking import load_templates
from alerts.messages.fields import known_fields
from alerts.messages.impacts import impacts_from
from alerts.messages.rendering import made_in
from alerts.messages.summarising import summarise
from alerts.messages.templates import MACROS, NAMES, Templates
from alerts.messages.trials import samples_of
from alerts.messages.viewing import Entry, Page
from alerts.messages.writing import Writing
from alerts.people.accounts import read_accounts
from alerts.people.telling import Telling
from api.access import Permit, needs
from api.params import Given
from api.services import Services
from api.template_schemas import Form, Language, MessagePreview, TemplateList, TemplateSource
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.rulebook.basics import Text
from quotawatt.spans import local_date

router = APIRouter(prefix="/templates", tags=["messages"])


@router.get("", response_model=TemplateList)
def list_templates(
    services: Given, _: Annotated[Permit, needs(Permission.RULES_READ)]
) -> dict[str, Any]:
    """The templates that count, and every field that they can name."""
    templates = load_templates(services.settings.templates)
    items = [_item(templates, name) for name in (*NAMES, *MACROS)]
    return {"items": items, "fields": known_fields()}


@router.get("/preview", response_model=MessagePreview)
def preview(
    services: Given,
    permit: Annotated[Permit, needs(Permission.RESULTS_READ)],
    case: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Default: a sample")] = None,
    form: Form = "text",
    language: Language = "zh",
) -> dict[str, Any]:
    """A message of a case as it would be written now; nothing is sent."""
    templates = load_templates(services.settings.templates)
    entries, page = _sample(templates) if case is None else _case(services, permit, case, templates)
    made = made_in((form,), language, entries, page, templates)
    return {
        "form": form,
        "language": language,
        "title": made.view.title,
        "text": made.texts[form],
        "case": case,
    }


@router.get("/{name}", response_model=TemplateSource)
def read_template(
    services: Given, _: Annotated[Permit, needs(Permission.RULES_READ)], name: str
) -> dict[str, Any]:
    """One template as it stands."""
    if name not in {*NAMES, *MACROS}:
        raise NotFoundError(f"a template must be one of GET /templates, got {name!r}")
    templates = load_templates(services.settings.templates)
    return {**_item(templates, name), "source": templates.source(name)[0]}


def _item(templates: Templates, name: str) -> dict[str, Any]:
    form, language = ("", "") if name in MACROS else name.split(".")[:2]
    _, path = templates.source(name)
    own = templates.own is not None and path.parent == templates.own
    return {"name": name, "form": form, "language": language, "own": own}


def _sample(templates: Templates) -> tuple[list[Entry], Page]:
    trial = samples_of(templates)[0]
    return trial.entries(), trial.page()


def _case(
    services: Services, permit: Permit, number: int, templates: Templates
) -> tuple[list[Entry], Page]:
    """A case that has just been opened, to nobody in particular. Raises NotFoundError out of reach."""
    now, zone = services.clock(), ZoneInfo(services.settings.timezone)
    register, book = services.register_source(), services.rulebook
    with services.records.connect() as conn:
        case = read_case(conn, number)
        accounts = read_accounts(conn)
    if not permit.sees(case.asset):
        raise NotFoundError(f"a case must exist by its number, got {number}")
    impacts = impacts_from(services.series, register, book, now, zone)
    writing = Writing(book, templates, services.settings.public_url, impacts)
    today = book.as_of(local_date(now, zone))
    telling = Telling(register, today, accounts, {}, zone, writing)
    summary = summarise([case], telling, now)[number]
    page = Page(Text("", ""), now, zone, writing.link_to("/cases"))
    return [Entry(summary, (CaseEvent.OPENED.value,))], page
