"""The page of one yearly account, gathered from what the API answers of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from api import budgets
from api.access import Permit
from api.console.drawing import draw, words_of
from api.console.forms import Refusal, acting_permit
from api.console.quota_asof import AsOf
from api.console.quota_course import Course, account_course
from api.console.quota_sentences import account_sentences, amount, chance
from api.console.quota_view import AccountRow, account_row
from api.params import services_of
from api.routes import accounts as desk
from api.routes import assigned, explanations
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.explanations.states import CHANGE, DECISIONS, MOVES
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.quantity_words import quantity_word
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Tier

_DEPTH = 3
_EXPLANATIONS = 100

Row = Mapping[str, Any]


@dataclass(frozen=True)
class AccountFigures:
    """One account: its row, unfolded, its budget and course, and the asset's other accounts."""

    row: AccountRow
    unfolded: Row
    budget: Row
    course: Course
    others: Sequence[AccountRow]


@dataclass(frozen=True)
class Said:
    """What people decided and said of an account, and what the reader may do about it.

    may_explain, may_decide
        Whether the reader may write and hand in explanations, or decide those of others.
    overrun
        What is to be explained: above the constraint now, or else likely to be; None: nothing.
    """

    revisions: Sequence[Row]
    targets: Sequence[Row]
    explanations: Sequence[Row]
    may_explain: bool
    may_decide: bool
    overrun: float | None


def account_figures(
    services: Services, permit: Permit, account: tuple[str, str], when: AsOf, month: str | None
) -> AccountFigures:
    """Everything about one account at an instant. Raises NotFoundError where there is none."""
    asset, quota = account
    unfolded = desk.unfold_quota(services, permit, asset, quota, when.text, _DEPTH, month)
    rows = [account_row(i) for i in desk.read_quota(services, permit, asset, when.text)["items"]]
    days = budgets.read_budget(services, asset, quota, when.at)
    budget = budgets.budget_item(days, services)
    row = next(one for one in rows if one.item["quota"] == quota)
    calendar = budgets.calendar_item(days, services)["items"]
    return AccountFigures(
        row=row,
        unfolded=unfolded,
        budget=budget,
        course=account_course(row.item, budget, calendar),
        others=[one for one in rows if one is not row],
    )


def said_of(request: Request, services: Services, permit: Permit, item: Row, when: AsOf) -> Said:
    """Revisions, assigned targets and explanations of an account of the list."""
    asset, quota, year = item["asset"], item["quota"], item["year"]
    page = explanations.list_explanations(
        services, permit, year, asset, quota, None, _EXPLANATIONS, 0
    )
    return Said(
        revisions=assigned.list_revisions(services, permit, asset, quota, year)["items"],
        targets=assigned.list_targets(services, permit, year, when.text, asset)["items"],
        explanations=page["items"],
        may_explain=_may(request, permit, Permission.QUOTAS_WRITE, asset),
        may_decide=_may(request, permit, Permission.QUOTAS_DECIDE, asset),
        overrun=_overrun(item),
    )


def moves(explanation: Row, said: Said, actor: str) -> list[str]:
    """What the reader may do with an explanation next; its own writer cannot decide it."""
    fitting = [action for state, action in MOVES if state == explanation["state"]]
    deciding = said.may_decide and explanation["written_by"] != actor
    return [action for action in fitting if (deciding if action in DECISIONS else said.may_explain)]


def draw_account(
    request: Request,
    permit: Permit,
    account: tuple[str, str],
    when: AsOf,
    month: str | None = None,
    refusal: Refusal | None = None,
    form: Mapping[str, str] | None = None,
) -> Response:
    """The page of one account; ``form`` is what was sent where it was refused."""
    services = services_of(request)
    words = words_of(request, services)
    figures = account_figures(services, permit, account, when, month)
    said = said_of(request, services, permit, figures.row.item, when)
    return draw(
        request,
        "quota_account.html",
        refusal.status if refusal else 200,
        account_path=account_path(*account),
        row=figures.row,
        item=figures.row.item,
        unfolded=figures.unfolded,
        budget=figures.budget,
        course=figures.course,
        others=figures.others,
        said=said,
        moves={e["number"]: moves(e, said, permit.actor) for e in said.explanations},
        change=CHANGE,
        sentences=account_sentences(figures.row.item, figures.row.standing, when.day, words),
        factor_set=_factor_set(services, figures.row.item),
        when=when,
        month=month,
        register=permit.register,
        refusal=refusal,
        form=form or {},
        quantity_word=quantity_word,
        measures_else=measures_else,
        amount=amount,
        chance=chance,
    )


def _factor_set(services: Services, item: Row) -> str:
    """What people call the set of the account's coal equivalents: its instrument's number."""
    rulebook = services.rulebook
    found = rulebook.factor_sets.get(item["factor_set"])
    return item["factor_set"] if found is None else rulebook.clause(found.cites)[0].number


def measures_else(line: Row, register: Register) -> bool:
    """Whether a line is that of a meter which is there for something else, and has nothing of this."""
    meter = register.meters.get(line["subject"])
    return (
        meter is not None
        and line["measure"] in MAIN_QUANTITIES.values()
        and MAIN_QUANTITIES.get(meter.carrier) != line["measure"]
        and line["coverage"] == 0
        and not line["entries"]
    )


def account_path(asset: str, quota: str) -> str:
    """Where the page of an account is."""
    return f"/quota/{quote(asset, safe='')}/{quote(quota, safe='')}"


def _may(request: Request, permit: Permit, permission: Permission, asset: str) -> bool:
    acting = acting_permit(request, permit, permission)
    return acting is not None and acting.sees(asset)


def _overrun(item: Row) -> float | None:
    limit = item["limits"][Tier.CONSTRAINT]
    over = max(item["used"], item["projected"] or 0.0) - limit
    return over if over > 0 else None
