"""The pages of yearly accounts: the list, and one account unfolded down to its hours."""

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access import Permit, needs
from api.console.drawing import draw, words_of
from api.console.forms import organisation_choices
from api.console.quota_account import draw_account
from api.console.quota_asof import DayParam, as_of
from api.console.quota_sentences import amount, chance
from api.console.quota_view import Filters, account_page
from api.params import Given
from api.routes import accounts as desk
from api.routes import explain
from quotawatt.access.roles import Permission
from quotawatt.register.finding_texts import finding_words
from quotawatt.spans import DAY

router = APIRouter(include_in_schema=False, prefix="/quota")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
AssetPath = Annotated[str, Path(max_length=64)]
QuotaPath = Annotated[str, Path(max_length=128)]
Code = Annotated[str, Query(max_length=128)]
Group = Literal["", "over", "amber", "fine", "unknown"]


@router.get("", response_model=None)
def show_accounts(
    request: Request,
    services: Given,
    permit: Reader,
    day: DayParam = None,
    organisation: Code = "",
    indicator: Code = "",
    group: Group = "",
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
) -> Response:
    """Every account within reach, the worst first, and those that cannot be drawn up."""
    words, when = words_of(request, services), as_of(services, day)
    found = desk.list_quota(services, permit, when.text)
    filters = Filters(organisation, indicator, group)
    register = permit.register
    findings = [
        finding_words(
            f["code"],
            words.name(register.assets[f["subject"].partition("/")[0]]),
            f["detail"],
            words.language,
            when.zone,
        )
        for f in found["findings"]
    ]
    return draw(
        request,
        "quota.html",
        when=when,
        filters=filters,
        found=account_page(found["items"], register, filters, page),
        findings=findings,
        choices=organisation_choices(register, words),
        register=register,
        amount=amount,
        chance=chance,
    )


@router.get("/hours", response_model=None)
def show_hours(
    request: Request,
    services: Given,
    permit: Reader,
    subject: Code,
    measure: Code,
    day: date,
) -> Response:
    """The hours of one series on one day, with the readings or parts that make them."""
    found = explain.explain_consumption(
        services, permit, subject, day.isoformat(), measure, (day + DAY).isoformat()
    )
    return draw(
        request,
        "quota_hours.html",
        found=found,
        day=day,
        today=as_of(services, None).day,
        step=DAY,
        zone=ZoneInfo(found["timezone"]),
        register=permit.register,
    )


@router.get("/{asset}/{quota}", response_model=None)
def show_account(
    request: Request,
    services: Given,
    permit: Reader,
    asset: AssetPath,
    quota: QuotaPath,
    day: DayParam = None,
    month: Annotated[str | None, Query(max_length=10)] = None,
) -> Response:
    """One account with all that it is made of, and what people said and decided of it."""
    return draw_account(request, permit, (asset, quota), as_of(services, day), month or None)
