"""Silences as the api shows and takes them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.people.matching import Matchers, check_matchers
from alerts.people.preview import preview, zone_shown
from alerts.people.silences import Silence, SilenceKind, draft
from alerts.people.windows import Recurrence, as_json
from api.access import Permit
from api.params import parse_instant, today_of
from api.services import Services
from api.silence_schemas import RecurrenceIn, SilenceIn
from quotawatt.register.belonging import Tree
from quotawatt.register.model import Register
from quotawatt.spans import Span

_SHOWN = 200
_OF_ASSETS = ("assets", "organisations", "sites")


def drafted(body: SilenceIn, services: Services, permit: Permit, now: datetime) -> Silence:
    """The silence that a body asks for. Raises InputError where it must not be, and as ``require_reach``."""
    matchers = Matchers(**{name: tuple(words) for name, words in body.matchers})
    register = services.register_source()
    require_reach(permit, matchers, register)
    check_matchers(matchers, register, services.rulebook.as_of(today_of(services)))
    zone = ZoneInfo(services.settings.timezone)
    begin = None if body.starts_at is None else parse_instant(body.starts_at, "starts_at", zone)
    return draft(
        kind=SilenceKind(body.kind),
        matchers=matchers,
        starts_at=begin,
        ends_at=parse_instant(body.ends_at, "ends_at", zone),
        comment=body.comment,
        actor=permit.actor,
        now=now,
        recurrence=None if body.recurrence is None else _recurrence(body.recurrence),
    )


def require_reach(permit: Permit, matchers: Matchers, register: Register) -> None:
    """Refuse what would keep others from hearing of their own cases.

    Whoever acts over a part must name assets or organisations, all of them with all below within reach. A
    site belongs to nobody, so that it narrows a silence and does not carry one. Raises NotFoundError for what
    is out of reach, and answers 403 where nothing of one's own is named.
    """
    if permit.everywhere:
        return
    carrying = [code for code in matchers.assets if code not in register.sites]
    if not carrying and not matchers.organisations:
        permit.require_everywhere()
    for code in (*matchers.assets, *matchers.organisations, *matchers.sites):
        permit.require(code)
    for code in matchers.organisations:
        for below in _below(register, code):
            permit.require(below)


def _below(register: Register, code: str) -> Iterator[str]:
    trees: tuple[Tree, ...] = ("region", "system")
    return (below for tree in trees for below in register.sub_organisations(code, tree))


def is_shown(silence: Silence, permit: Permit) -> bool:
    """Whether a reader sees it: one that names nobody, or somebody within reach."""
    named = _named(silence.matchers)
    return not named or any(permit.sees(code) for code in named)


def silence_item(silence: Silence, permit: Permit, now: datetime) -> dict[str, Any]:
    """A silence as JSON."""
    kept = {
        name: [word for word in words if name not in _OF_ASSETS or permit.sees(word)]
        for name, words in silence.matchers.as_json().items()
    }
    return {
        "id": silence.id,
        "kind": silence.kind.value,
        "state": silence.state(now).value,
        "matchers": kept,
        "starts_at": silence.starts_at,
        "ends_at": silence.ends_at,
        "recurrence": _recurrence_item(silence.recurrence),
        "comment": silence.comment,
        "created_at": silence.created_at,
        "created_by": silence.created_by,
        "ended_at": silence.ended_at,
        "ended_by": silence.ended_by,
    }


def preview_item(
    silence: Silence, services: Services, permit: Permit, now: datetime
) -> dict[str, Any]:
    """What it will do, as JSON: cases within reach only."""
    register = services.register_source()
    zone = zone_shown(silence.matchers, register, ZoneInfo(services.settings.timezone))
    with services.records.connect() as conn:
        found = preview(conn, silence, register, zone, now)
    seen = [matter for matter in found.matters if permit.sees(matter.asset)]
    return {
        "zone": zone.key,
        "windows": [_window(window) for window in found.windows],
        "total": len(seen),
        "cases": [
            {
                "number": matter.case,
                "rule": matter.rule,
                "subject": matter.subject,
                "severity": matter.severity,
                "state": matter.state.value,
                "organisation": matter.organisation,
                "site": matter.site,
            }
            for matter in seen[:_SHOWN]
        ],
    }


def _named(matchers: Matchers) -> list[str]:
    return [*matchers.assets, *matchers.organisations, *matchers.sites]


def _window(window: Span) -> Mapping[str, datetime]:
    return {"start": window.start, "end": window.end}


def _recurrence(given: RecurrenceIn) -> Recurrence:
    return Recurrence(
        days=given.days,
        weekdays=tuple(given.weekdays),
        month_days=tuple(given.month_days),
        working_days=tuple(given.working_days),
        from_=given.from_.replace(second=0, microsecond=0, tzinfo=None),
        until=given.until.replace(second=0, microsecond=0, tzinfo=None),
    )


def _recurrence_item(recurrence: Recurrence | None) -> dict[str, Any] | None:
    item = as_json(recurrence)
    return {**item, "from": item.pop("from_")} if item else None
