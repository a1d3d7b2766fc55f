"""Cases as routes and pages show them: the row, the rule's words, the clause, steps, evidence, notices."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from alerts.cases.acts import evidence_of
from alerts.cases.book import read_case, steps_of
from alerts.cases.model import Act, Case, Step
from alerts.cases.of_alerts import acknowledge_alert
from alerts.cases.policy import FINDING_PREFIX
from alerts.delivery.listing import states_by_key
from alerts.wording import Context, account_of
from api.access import Permit
from api.alertlist import words_of_rule
from api.citations import both
from api.params import today_of
from api.services import Services
from quotawatt.errors import NotFoundError
from quotawatt.explanations.book import explanation_of
from quotawatt.register.finding_texts import finding_texts
from quotawatt.register.model import Register, Site
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_date
from quotawatt.storage.assigned_tables import overrun_explanations
from quotawatt.storage.case_tables import cases, notices

_NOTICE = ("id", "event", "at", "recipient", "channel", "state", "reason", "held_until", "message")
_MOST_NAMED = 1000


def case_context(services: Services) -> Context:
    """What cases are judged by now."""
    zone = ZoneInfo(services.settings.timezone)
    return Context(services.register_source(), services.rulebook, zone, today_of(services))


def take_up_alert(services: Services, permit: Permit, alert_id: int, comment: str) -> None:
    """Take up the case of an alert that is within reach. Raises like ``acknowledge_alert``."""
    act = Act(permit.actor, services.clock(), comment)
    with services.records.begin() as conn:
        step = acknowledge_alert(conn, alert_id, act, case_context(services))
        services.alerts.tell(conn, [step], act.at)


def within_reach(permit: Permit) -> list[ColumnElement[bool]]:
    """The condition for cases that a permit holds over: by the organisation that answers for them.

    A case of a site that is accounted to nobody is seen by whoever sees the site. None where it holds over
    the whole.
    """
    if permit.everywhere:
        return []
    register = permit.register
    sites = and_(cases.c.organisation == "", cases.c.asset.in_(list(register.sites)))
    return [or_(cases.c.organisation.in_(list(register.organisations)), sites)]


def case_within_reach(conn: Connection, permit: Permit, number: int, *, lock: bool = False) -> Case:
    """The case of this number. Raises NotFoundError where there is none within reach."""
    case = read_case(conn, number, lock=lock)
    if not is_within_reach(permit, case.organisation, case.asset):
        raise NotFoundError(f"a case must exist by its number, got {number}")
    return case


def is_within_reach(permit: Permit, organisation: str, asset: str) -> bool:
    """Whether a permit holds over a case of this organisation and asset, as ``within_reach`` says it."""
    if permit.everywhere or organisation in permit.register.organisations:
        return True
    return not organisation and isinstance(permit.register.assets.get(asset), Site)


def case_item(case: Case, register: Register, services: Services) -> dict[str, Any]:
    """One case, in the words and by the clauses that were in force when it began."""
    row = asdict(case)
    asset = register.assets.get(case.asset)
    code = case.asset
    name = both(Text(asset.name_zh, asset.name_en) if asset else Text(code, code))
    return {
        **row,
        "number": row.pop("id"),
        "name": name,
        "overdue": case.is_open and case.due_on is not None and case.due_on < today_of(services),
        **_words(case, services),
    }


def case_detail(
    conn: Connection, case: Case, register: Register, services: Services
) -> dict[str, Any]:
    """One case with all its steps, documents, notices, and explanations of its account."""
    return {
        **case_item(case, register, services),
        "steps": [step_item(step) for step in steps_of(conn, case)],
        "evidence": evidence_of(conn, case.id),
        "notices": _notices(conn, case.id),
        "explanations": _explanations(conn, case),
    }


def step_item(step: Step) -> dict[str, Any]:
    """One step, without its case."""
    return {
        "id": step.id,
        "at": step.at,
        "actor": step.actor,
        "event": step.event.value,
        "comment": step.comment,
        "detail": dict(step.detail),
    }


def named_like(register: Register, words: str) -> list[str]:
    """Codes of the assets whose names hold the words, ``_MOST_NAMED`` at most."""
    wanted = words.casefold()
    found: Iterable[str] = (
        code
        for code, asset in register.assets.items()
        if wanted in asset.name_zh.casefold() or wanted in asset.name_en.casefold()
    )
    return [code for _, code in zip(range(_MOST_NAMED), found, strict=False)]


def rules_like(rulebook: Rulebook, words: str) -> list[str]:
    """Ids of the rules whose titles hold the words: by these people know them."""
    wanted = words.casefold()
    return [
        rule.id
        for rule in rulebook.rules.values()
        if wanted in rule.title.zh.casefold() or wanted in rule.title.en.casefold()
    ]


def _words(case: Case, services: Services) -> dict[str, Any]:
    began = local_date(case.began_at, ZoneInfo(services.settings.timezone))
    book = services.rulebook.as_of(began)
    words = words_of_rule(case.rule, case.subject, book)
    if case.rule.startswith(FINDING_PREFIX):
        text = finding_texts().get(case.rule.removeprefix(FINDING_PREFIX))
        if text is not None:
            words |= {"title": dict(text.title), "advice": dict(text.action)}
    return words


def _notices(conn: Connection, number: int) -> list[dict[str, Any]]:
    columns = [notices.c[name] for name in _NOTICE]
    query = select(*columns).where(notices.c.case == number).order_by(notices.c.id)
    found = [dict(row) for row in conn.execute(query).mappings()]
    states = states_by_key(conn, {row["message"] for row in found if row["message"]})
    for row in found:
        row["delivery"], row["delivery_error"] = states.get(row["message"], (None, ""))
    return found


def _explanations(conn: Connection, case: Case) -> list[dict[str, Any]]:
    account, year = account_of(case.subject)
    t = overrun_explanations.c
    of_account = (
        and_(t.asset == case.asset, t.quota == account, t.year == int(year))
        if account and year.isdecimal()
        else false()
    )
    rows = conn.execute(select(overrun_explanations).where(of_account).order_by(t.id)).mappings()
    found = [explanation_of(dict(row)) for row in rows]
    return [
        {
            "number": one.id,
            "state": one.state,
            "reason": one.overrun.reason,
            "measures": one.overrun.measures,
            "amount": one.overrun.amount,
            "unit": one.overrun.unit,
            "written_by": one.written_by,
            "written_at": one.written_at,
        }
        for one in found
    ]
