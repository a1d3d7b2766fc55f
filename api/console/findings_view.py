"""The findings page's content: what differs, by who answers for it, with the way to what helps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field

from api.access import Permit
from api.console.forms import Choice, Refusal, organisation_choices
from api.console.navigation import holds_everywhere
from api.console.texts import Words
from api.finding_schemas import Severity, State
from api.routes.findings import list_findings
from api.services import Services
from quotawatt.access.principal import Tree
from quotawatt.access.roles import Permission
from quotawatt.register.finding_texts import SEVERITIES, finding_texts

PAGE = 200
"""Findings of one page."""

_ALL = 10_000

OF_DEVICES = frozenset({"device_unregistered", "channel_unbound"})
"""Codes whose subject is a device: it is adopted on the devices page."""
OF_IDLE = frozenset({"idle_asset"})
"""Codes whose subject may be offered to the pool."""


class FindingFilter(BaseModel):
    """What the reader chose in the address; empty: any. ``done`` says what was just done."""

    state: State = "open"
    organisation: str = Field(default="", max_length=64)
    tree: Tree = "region"
    code: str = Field(default="", max_length=64)
    severity: Literal["", Severity] = ""
    page: int = Field(default=1, ge=1, le=100_000)
    done: Literal["", "accepted", "reopened", "checked"] = ""
    number: int = Field(default=0, ge=0, le=2**63 - 1)
    opened: int = Field(default=0, ge=0, le=10**9)
    standing: int = Field(default=0, ge=0, le=10**9)
    cleared: int = Field(default=0, ge=0, le=10**9)

    def query(self, **changes: object) -> str:
        """The address's part behind ``?``, of what is not as it is by default."""
        chosen = {**self.model_dump(include=_FILTERS), **changes}
        defaults = FindingFilter().model_dump()
        return urlencode({k: v for k, v in chosen.items() if v != defaults[k]})


_FILTERS = {"state", "organisation", "tree", "code", "severity", "page"}


@dataclass(frozen=True)
class FindingRow:
    """One finding as the page shows it.

    asset
        Code of the asset that it is about, where the reader may see it.
    help_href, help_text
        Where that is done which helps, and the key of what it is called; None: nowhere in particular.
    may_act
        Whether the reader may accept or reopen it.
    """

    item: Mapping[str, Any]
    asset: str | None
    help_href: str | None
    help_text: str | None
    may_act: bool


@dataclass(frozen=True)
class FindingGroup:
    """What one organisation answers for, the gravest first; None: nobody answers for it yet."""

    organisation: str | None
    name: Mapping[str, str] | None
    rows: Sequence[FindingRow]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class FindingsPage:
    """All that the page shows. ``counts`` are of all pages, by severity."""

    chosen: FindingFilter
    groups: Sequence[FindingGroup]
    total: int
    counts: Mapping[str, int]
    pages: int
    organisations: Sequence[Choice]
    codes: Sequence[Choice]
    may_check: bool
    refusal: Refusal | None


def findings_page(
    services: Services,
    permit: Permit,
    acting: Permit | None,
    chosen: FindingFilter,
    words: Words,
    refusal: Refusal | None = None,
) -> FindingsPage:
    """The page, of what the permit holds over; ``acting`` is the permit to accept, None where there is none.

    Raises NotFoundError for an organisation out of reach.
    """
    counts = {severity: _listed(services, permit, chosen, severity)[0] for severity in SEVERITIES}
    severities = [chosen.severity] if chosen.severity else list(SEVERITIES)
    total, items = _listed(services, permit, chosen, *severities, limit=PAGE)
    rows = [_row(item, permit, acting) for item in items]
    return FindingsPage(
        chosen=chosen,
        groups=_groups(rows),
        total=total,
        counts=counts,
        pages=-(-total // PAGE),
        organisations=organisation_choices(permit.register, words),
        codes=_code_choices(services, permit, chosen, words),
        may_check=acting is not None,
        refusal=refusal,
    )


def _code_choices(
    services: Services, permit: Permit, chosen: FindingFilter, words: Words
) -> list[Choice]:
    """The kinds that occur among what the reader sees in this state, and the one that is chosen."""
    anything = FindingFilter(state=chosen.state)
    codes = {item["code"] for item in _listed(services, permit, anything, limit=_ALL)[1]}
    known = finding_texts()
    named = (code for code in codes | {chosen.code} if code in known)
    found = (Choice(code, known[code].title[words.language]) for code in named)
    return sorted(found, key=lambda choice: choice.label)


def _listed(
    services: Services, permit: Permit, chosen: FindingFilter, *severities: Any, limit: int = 0
) -> tuple[int, list[Mapping[str, Any]]]:
    """How many there are of these severities, and a page of them, by the function of the API's route."""
    answer = list_findings(
        services,
        permit,
        state=[chosen.state],
        code=[chosen.code] if chosen.code else None,
        severity=list(severities),
        organisation=chosen.organisation or None,
        tree=chosen.tree,
        limit=limit,
        offset=(chosen.page - 1) * limit,
    )
    return answer["total"], answer["items"]


def _row(item: Mapping[str, Any], permit: Permit, acting: Permit | None) -> FindingRow:
    code = item["subject"].partition("/")[0]
    asset = code if code in permit.register.assets else None
    href, text = _help(item, asset, permit)
    organisation = item["organisation"]
    may_act = acting is not None and (
        acting.everywhere or organisation in acting.register.organisations
    )
    return FindingRow(item, asset, href, text, may_act)


def _help(
    item: Mapping[str, Any], asset: str | None, permit: Permit
) -> tuple[str | None, str | None]:
    """Where that can be done which helps, as far as the reader may go there."""
    principal = permit.principal
    if item["code"] in OF_DEVICES and holds_everywhere(principal, Permission.INTAKE_READ):
        device = item["subject"].partition("/")[0]
        return f"/devices#device-{quote(device, safe='')}", "finding_help_device"
    if item["code"] in OF_IDLE and asset is not None and principal.may(Permission.POOL_ACT):
        return f"/pool/candidates#candidate-{quote(asset, safe='')}", "finding_help_pool"
    return None, None


def _groups(rows: Sequence[FindingRow]) -> list[FindingGroup]:
    """The rows by organisation, who has the gravest first; each keeps the order of importance."""
    mine: dict[str | None, list[FindingRow]] = {}
    for row in rows:
        mine.setdefault(row.item["organisation"], []).append(row)
    return sorted((_group(organisation, found) for organisation, found in mine.items()), key=_rank)


def _group(organisation: str | None, rows: Sequence[FindingRow]) -> FindingGroup:
    severities = [row.item["severity"] for row in rows]
    counts = {name: severities.count(name) for name in SEVERITIES}
    return FindingGroup(organisation, rows[0].item["organisation_name"], rows, counts)


def _rank(group: FindingGroup) -> tuple[int, bool, str]:
    """By its gravest finding; what nobody answers for after the others."""
    gravest = next(n for n, name in enumerate((*SEVERITIES, "")) if not name or group.counts[name])
    return gravest, group.organisation is None, group.organisation or ""
