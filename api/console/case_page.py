"""What the page of one case shows: what happens and how much, what was done, what the reader may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request

from alerts.cases.model import Case
from alerts.messages.impact_texts import impact_texts
from alerts.messages.impacts import impacts_from
from alerts.messages.summarising import summarise
from alerts.messages.writing import Writing, no_impacts
from alerts.people.telling import Telling
from api.access import Permit, permit_of
from api.cases import case_detail, case_within_reach
from api.console.case_acts import CommandReader, Deeds, command_acts, deeds_of, may
from api.console.case_people import People
from api.console.case_steps import StepWords
from api.console.forms import Choice, acting_permit
from api.console.texts import Words
from api.params import today_of, zone_of_subject
from api.routes import commands as command_desk
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import StoreError
from quotawatt.spans import local_date

_MOST_COMMANDS = 50
_PERMISSIONS = (Permission.ALERTS_ACT, Permission.CASES_DECIDE)
_PICTURES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class CommandRow:
    """A command of the case; ``can``: confirm, refuse, withdraw, undo."""

    item: Mapping[str, Any]
    can: tuple[str, ...]


@dataclass(frozen=True)
class CasePage:
    """All that the page shows.

    item
        The case as the API says it, with steps, evidence, notices and explanations.
    figures, impact
        What is too much, and what that costs, each in a sentence; empty: not known.
    knows_figures
        False where the store of results does not answer.
    newest
        Number of the newest step that is shown.
    """

    item: Mapping[str, Any]
    figures: str
    impact: str
    knows_figures: bool
    newest: int
    people: People
    steps: StepWords
    zone: ZoneInfo
    today: date
    asset_is_seen: bool
    deeds: Deeds
    assignees: Sequence[Choice]
    offers: Sequence[Mapping[str, Any]]
    may_ask: bool
    commands: Sequence[CommandRow]
    may_explain: bool

    def is_picture(self, name: str) -> bool:
        """Whether a document of this name can be drawn."""
        return name.lower().endswith(_PICTURES)


def case_page(
    request: Request, services: Services, reader: Permit, number: int, words: Words
) -> CasePage:
    """The page of a case within reach. Raises NotFoundError where there is none."""
    with services.records.connect() as conn:
        case = case_within_reach(conn, reader, number)
        item = case_detail(conn, case, services.register_source(), services)
    people = People(services, words)
    permits = {p: acting_permit(request, reader, p) for p in _PERMISSIONS}
    figures, impact, knows = _sentences(services, people, case, words)
    zone = zone_of_subject(services.register_source(), case.subject, services.settings)
    officer = may(case, permits[Permission.ALERTS_ACT])
    deeds = deeds_of(case, permits)
    return CasePage(
        item=item,
        figures=figures,
        impact=impact,
        knows_figures=knows,
        newest=max((step["id"] for step in item["steps"]), default=0),
        people=people,
        steps=StepWords(words, people),
        zone=zone,
        today=local_date(services.clock(), zone),
        asset_is_seen=case.asset in reader.register.assets,
        deeds=deeds,
        assignees=people.assignees(case.asset),
        offers=_offers(services, reader, case),
        may_ask=officer,
        commands=_commands(request, services, reader, case, officer=officer),
        may_explain=_may_explain(request, reader, case, item),
    )


def _sentences(
    services: Services, people: People, case: Case, words: Words
) -> tuple[str, str, bool]:
    """What is too much and what that costs, and whether the store of results could be asked."""
    register, book = services.register_source(), services.rulebook
    zone, now = ZoneInfo(services.settings.timezone), services.clock()
    today = book.as_of(today_of(services))
    impacts = impacts_from(services.series, register, book, now, zone)
    knows = True
    try:
        known = impacts([case])
    except StoreError:
        known, knows = no_impacts([case]), False
    writing = Writing(rulebook=book, impacts=lambda _: known)
    telling = Telling(register, today, people.accounts, {}, zone, writing)
    summary = summarise([case], telling, now)[case.id]
    impact = impact_texts(summary.impact, words.language).sentence
    return summary.figures.in_language(words.language), impact, knows


def _offers(services: Services, reader: Permit, case: Case) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = command_desk.list_offers(services, reader, case.id)["items"]
    return found


def _commands(
    request: Request, services: Services, reader: Permit, case: Case, *, officer: bool
) -> list[CommandRow]:
    found = command_desk.list_commands(
        services, reader, state=None, case=case.id, limit=_MOST_COMMANDS, offset=0
    )
    items = found["items"]
    if not services.settings.commands_enabled:
        return [CommandRow(item, ()) for item in items]
    confirms = may(case, acting_permit(request, reader, Permission.COMMANDS_CONFIRM))
    reading = CommandReader(reader.actor, officer=officer, confirms=confirms)
    return [CommandRow(item, command_acts(item, items, reading)) for item in items]


def _may_explain(request: Request, reader: Permit, case: Case, item: Mapping[str, Any]) -> bool:
    if not case.is_open or item["account"] is None or item["year"] is None:
        return False
    return may(case, acting_permit(request, reader, Permission.QUOTAS_WRITE))


def reading_permit(request: Request, permit: Permit) -> Permit:
    """The permit to read of somebody who acts: what they may act on is no more than what they may read."""
    return permit_of(request, permit.principal, Permission.RESULTS_READ)
