"""The pages of carbon: accounts on the path to targets, and one asset in both ledgers."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from analytics.carbon.certificates import Period
from api.access import Permit, needs
from api.console.carbon_view import scope_lines, shown_words, target_course, target_rows
from api.console.drawing import draw, words_of
from api.console.forms import organisation_choices
from api.console.quota_asof import DayParam, as_of
from api.console.quota_course import month_marks
from api.console.quota_sentences import amount, chance
from api.console.quota_view import under
from api.params import Given
from api.routes import carbon as desk
from quotawatt.access.roles import Permission
from quotawatt.quantity_words import quantity_word
from quotawatt.register.finding_texts import finding_words
from quotawatt.register.model import Building, Organisation

router = APIRouter(include_in_schema=False, prefix="/carbon")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Code = Annotated[str, Query(max_length=128)]


@router.get("", response_model=None)
def show_targets(
    request: Request,
    services: Given,
    permit: Reader,
    day: DayParam = None,
    organisation: Code = "",
    target: Code = "",
) -> Response:
    """Every account on the path to a target within reach, the worst first."""
    words, when = words_of(request, services), as_of(services, day)
    found = desk.list_targets(services, permit, when.text)
    register = permit.register
    within = under(register, organisation)
    items = [
        item
        for item in found["items"]
        if (within is None or item["asset"] in within) and target in ("", item["target"])
    ]
    had = {item["asset"] for item in found["items"]}
    holders: list[Organisation | Building] = [
        *register.organisations.values(),
        *register.buildings.values(),
    ]
    return draw(
        request,
        "carbon.html",
        when=when,
        organisation=organisation,
        target=target,
        targets={item["target"]: item["title"] for item in found["items"]},
        rows=target_rows(items),
        without=[one for one in holders if one.code not in had],
        findings=[
            finding_words(
                f["code"],
                words.name(register.assets[f["subject"].partition("/")[0]]),
                f["detail"],
                words.language,
                when.zone,
            )
            for f in found["findings"]
        ],
        choices=organisation_choices(register, words),
        register=register,
        amount=amount,
        chance=chance,
    )


@router.get("/{asset}", response_model=None)
def show_carbon(
    request: Request,
    services: Given,
    permit: Reader,
    asset: Annotated[str, Path(max_length=64)],
    day: DayParam = None,
) -> Response:
    """One asset: the tree of scopes in both ledgers, its targets with their courses, its scorecards."""
    words, when = words_of(request, services), as_of(services, day)
    ledgers = desk.read_ledgers(services, permit, asset, when.text, Period.YEAR)
    targets = desk.list_targets(services, permit, when.text, asset)["items"]
    cards = desk.read_scorecards(services, permit, asset, when.text)["items"]
    months = tuple(month_marks(_days_of(ledgers["year"])))
    rulebook = services.rulebook
    return draw(
        request,
        "carbon_asset.html",
        when=when,
        asset=asset,
        ledgers=ledgers,
        lines=scope_lines(ledgers["location"], ledgers["market"]),
        last=ledgers["until"] - timedelta(days=1),
        targets=[(row, target_course(row.item, months)) for row in target_rows(targets)],
        cards=[
            (card, [shown_words(i["shown"], words, rulebook) for i in card["items"]])
            for card in cards
        ],
        register=permit.register,
        quantity_word=quantity_word,
        amount=amount,
        chance=chance,
    )


def _days_of(year: int) -> list[dict[str, date]]:
    first = date(year, 1, 1)
    return [{"day": first + timedelta(days=n)} for n in range((date(year + 1, 1, 1) - first).days)]
