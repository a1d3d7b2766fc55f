"""What the API says of a case beside its row: people by name, and what it costs."""

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from alerts.cases.model import Case
from alerts.messages.impact import NOTHING_KNOWN, Impact
from alerts.messages.impacts import impacts_from
from alerts.people.accounts import read_accounts
from alerts.people.recipients import Staff, recipient_by_key
from api.cases import case_detail, case_item
from api.citations import both
from api.services import Services
from quotawatt.errors import StoreError
from quotawatt.rulebook.basics import Text


def case_answer(conn: Connection, case: Case, services: Services) -> dict[str, Any]:
    """One case with all that belongs to it; ``impact`` is None where the store of results fails."""
    impact = impact_of_case(case, services)
    return {
        **case_detail(conn, case, services.register_source(), services),
        **_people(names_of(conn, {case.owner, case.assignee}, services), case),
        "impact": None if impact is None else impact.as_json(),
    }


def case_items(
    conn: Connection, found: Collection[Case], services: Services
) -> list[dict[str, Any]]:
    """Cases as lists show them."""
    register = services.register_source()
    names = names_of(conn, {key for c in found for key in (c.owner, c.assignee)}, services)
    return [{**case_item(case, register, services), **_people(names, case)} for case in found]


def names_of(conn: Connection, keys: Collection[str], services: Services) -> dict[str, Text]:
    """Names as of now by key of the recipient; without those that nobody goes by any more."""
    zone = ZoneInfo(services.settings.timezone)
    staff = Staff(services.register_source(), read_accounts(conn), zone)
    now = services.clock()
    found = {key: recipient_by_key(staff, key, now) for key in keys if key}
    return {key: one.name for key, one in found.items() if one is not None}


def impact_of_case(case: Case, services: Services) -> Impact | None:
    """What a case costs, by the results; None where their store fails."""
    zone, now = ZoneInfo(services.settings.timezone), services.clock()
    impacts = impacts_from(
        services.series, services.register_source(), services.rulebook, now, zone
    )
    try:
        return impacts([case]).get(case.id, NOTHING_KNOWN)
    except StoreError:
        return None


def _people(names: dict[str, Text], case: Case) -> dict[str, Any]:
    named = {"owner_name": names.get(case.owner), "assignee_name": names.get(case.assignee)}
    return {field: None if name is None else both(name) for field, name in named.items()}
