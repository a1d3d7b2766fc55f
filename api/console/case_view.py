"""What the page of cases shows: counts, a page of them, and what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from sqlalchemy import select

from alerts.cases.model import OPEN_STATES
from alerts.cases.policy import FINDING_PREFIX
from api.access import Permit
from api.case_schemas import Severity, State
from api.cases import within_reach
from api.console.case_people import People
from api.console.forms import Choice, organisation_choices
from api.console.texts import Words
from api.params import today_of
from api.routes.cases import read_cases
from api.services import Services
from quotawatt.access.principal import Tree
from quotawatt.register.finding_texts import finding_texts
from quotawatt.storage.case_tables import cases

PAGE = 50
"""Cases of one page."""

GRAVITY: tuple[Severity, ...] = ("critical", "warning", "info")
STATES: tuple[State, ...] = ("open", "acknowledged", "proposed_closed", "closed", "retracted")


class CaseFilter(BaseModel):
    """What the reader chose in the address; empty: any, of ``state``: those that are open."""

    state: Literal["", "all", State] = ""
    severity: Literal["", Severity] = ""
    organisation: str = Field(default="", max_length=64)
    tree: Tree = "region"
    rule: str = Field(default="", max_length=64)
    mine: bool = False
    overdue: bool = False
    q: str = Field(default="", max_length=64)
    page: int = Field(default=1, ge=1, le=100_000)

    def query(self, **changes: object) -> str:
        """The address's part behind ``?``, of what is not as it is by default."""
        chosen = {**self.model_dump(), **changes}
        defaults = CaseFilter().model_dump()
        said = {k: v for k, v in chosen.items() if v != defaults[k]}
        return urlencode({k: str(v).lower() if v is True else v for k, v in said.items()})


@dataclass(frozen=True)
class CasesPage:
    """All that the page shows. ``counts`` are of all pages, by severity; ``overdue`` of those that are open.

    mine_is_known
        Whether the reader has an account, so that cases can be theirs.
    """

    chosen: CaseFilter
    items: Sequence[Mapping[str, Any]]
    total: int
    counts: Mapping[str, int]
    overdue: int
    pages: int
    organisations: Sequence[Choice]
    rules: Sequence[Choice]
    people: People
    mine_is_known: bool


def cases_page(services: Services, permit: Permit, chosen: CaseFilter, words: Words) -> CasesPage:
    """The page, of what the permit holds over. Raises NotFoundError for an organisation out of reach."""
    counts: dict[str, int] = {
        name: _listed(services, permit, chosen.model_copy(update={"severity": name}), 0)["total"]
        for name in GRAVITY
    }
    found = _listed(services, permit, chosen, PAGE)
    overdue = chosen.model_copy(update={"overdue": True, "state": "", "severity": ""})
    return CasesPage(
        chosen=chosen,
        items=found["items"],
        total=found["total"],
        counts=counts,
        overdue=_listed(services, permit, overdue, 0)["total"],
        pages=-(-found["total"] // PAGE),
        organisations=organisation_choices(permit.register, words),
        rules=_rule_choices(services, permit, words),
        people=People(services, words),
        mine_is_known=bool(permit.principal.user),
    )


def _listed(services: Services, permit: Permit, chosen: CaseFilter, limit: int) -> dict[str, Any]:
    """How many there are, and a page of them, by the function of the API's route."""
    states: dict[str, list[State]] = {"": _open_states(), "all": list(STATES)}
    return read_cases(
        services,
        permit,
        state=states.get(chosen.state) or [one for one in STATES if one == chosen.state],
        rule=[chosen.rule] if chosen.rule else None,
        severity=[chosen.severity] if chosen.severity else None,
        organisation=chosen.organisation or None,
        tree=chosen.tree,
        asset=None,
        firing=None,
        overdue=chosen.overdue,
        mine=chosen.mine,
        q=chosen.q.strip() or None,
        limit=limit,
        offset=(chosen.page - 1) * limit,
    )


def _open_states() -> list[State]:
    return [one for one in STATES if one in OPEN_STATES]


def _rule_choices(services: Services, permit: Permit, words: Words) -> list[Choice]:
    """The rules that have cases within reach, by what they are called today."""
    query = select(cases.c.rule).where(*within_reach(permit)).distinct()
    with services.records.connect() as conn:
        rules = list(conn.execute(query).scalars())
    known = services.rulebook.as_of(today_of(services)).rules
    findings = finding_texts()
    found = []
    for rule in rules:
        finding = findings.get(rule.removeprefix(FINDING_PREFIX))
        if rule in known:
            title = known[rule].title.in_language(words.language)
        else:
            title = finding.title[words.language] if finding else rule
        found.append(Choice(rule, title))
    return sorted(found, key=lambda choice: choice.label)
