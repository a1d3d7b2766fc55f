"""Whom a case would be told to, by which channel, and why."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from alerts.cases.policy import FINDING_PREFIX
from alerts.people.holders import Gone
from alerts.people.route_choice import Look
from alerts.people.tracing import Call
from api.access import Permit, needs
from api.params import Given, today_of
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError
from quotawatt.rulebook.alert_rules import SEVERITIES
from quotawatt.rulebook.model import Rulebook

router = APIRouter(tags=["alerts"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


class RouteLook(BaseModel):
    """What came of looking at a route."""

    route: str = Field(examples=["warnings"])
    title_zh: str
    title_en: str
    counts: bool
    why: str = Field(
        description="fits; else what of the case differs: rules, severities, organisations, kinds; or "
        "not_reached behind the last one that counts",
        examples=["fits"],
    )


class RouteCall(BaseModel):
    """That somebody would be told. Addresses are not shown."""

    after_s: float = Field(description="Wait since the case was told of; 0: at first")
    route: str
    recipient: str = Field(examples=["contact:ORG-1/owner/1"])
    name_zh: str
    name_en: str
    duty: str = Field(description="owner, deputy, supervisor, manager; empty for a channel")
    channel: str = Field(examples=["email"])


class RouteGone(BaseModel):
    """A holder of a duty who would be passed over."""

    recipient: str
    name_zh: str
    name_en: str
    duty: str
    why: str = Field(description="left, blocked, unknown_account, no_address, nobody")


class RouteTrace(BaseModel):
    """Who would be told of a case that opens now and that nobody acknowledges."""

    asset: str
    rule: str
    severity: str
    at: datetime
    routes: list[RouteLook]
    told: list[RouteCall]
    gone: list[RouteGone]


@router.get("/routing", response_model=RouteTrace)
def read_routing(
    services: Given,
    permit: Reader,
    asset: Annotated[str, Query(max_length=64, description="Code of the asset")],
    rule: Annotated[str, Query(max_length=64, description="Id of the rule, or `finding:CODE`")],
    severity: Annotated[
        str | None, Query(description="info, warning, critical; default: that of the rule")
    ] = None,
) -> dict[str, Any]:
    """All routes in turn and why each counts or not, then everybody who would be told, step by step."""
    if asset not in permit.register.assets:
        raise NotFoundError(f"a code must be one of the register, got {asset!r}")
    words = _severity(services.rulebook.as_of(today_of(services)), rule, severity)
    now = services.clock()
    found = services.alerts.trace(asset, rule, words, now)
    return {
        "asset": asset,
        "rule": rule,
        "severity": words,
        "at": now,
        "routes": [_look(look) for look in found.looks],
        "told": [_call(call) for call in found.calls],
        "gone": [_gone(gone) for gone in found.gone],
    }


def _severity(book: Rulebook, rule: str, wanted: str | None) -> str:
    """The severity that is asked about. Raises NotFoundError for no rule, InputError for no severity."""
    known = book.rules.get(rule)
    if known is None and not rule.startswith(FINDING_PREFIX):
        raise NotFoundError(f"a rule must be one of the rulebook, got {rule!r}")
    severity = wanted or ("warning" if known is None else known.severity)
    if severity not in SEVERITIES:
        raise InputError(f"severity must be one of {', '.join(SEVERITIES)}, got {severity!r}")
    return severity


def _look(look: Look) -> dict[str, Any]:
    why = "fits" if look.counts else look.differs or "not_reached"
    return {
        "route": look.route.id,
        "title_zh": look.route.title.zh,
        "title_en": look.route.title.en,
        "counts": look.counts,
        "why": why if look.reached else "not_reached",
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "after_s": call.after.total_seconds(),
        "route": call.route,
        "recipient": call.recipient.key,
        "name_zh": call.recipient.name.zh,
        "name_en": call.recipient.name.en,
        "duty": call.recipient.duty,
        "channel": call.channel,
    }


def _gone(gone: Gone) -> dict[str, Any]:
    return {
        "recipient": gone.key,
        "name_zh": gone.name.zh,
        "name_en": gone.name.en,
        "duty": gone.duty,
        "why": gone.why,
    }
